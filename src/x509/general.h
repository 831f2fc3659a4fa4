/* SPDX-License-Identifier: Apache-2.0 */
/* GeneralName (RFC 5280 4.2.1.6) and what its texts must look like. */
#pragma once

#include "base/cursor.h"

/* The numbers are the context tags. */
enum x509_general_kind {
	X509_OTHER_NAME,
	X509_EMAIL,
	X509_DNS,
	X509_X400,
	X509_DIRECTORY,
	X509_EDI_PARTY,
	X509_URI,
	X509_IP,
	X509_REGISTERED_ID,
	X509_GENERAL_KINDS,
};

struct x509_general {
	enum x509_general_kind kind;
	struct blob value; /* contents; of a directory name the whole Name */
};

/* The next one; false at the end and at a fault, which c->bad tells. Strict in form, not in what
 * the texts say. */
bool x509_general_next(struct cursor *c, struct x509_general *ret);
/* One or more, up to the end of c. */
bool x509_generals_ok(struct blob list);
/* Some name of list equals g: directory names by RFC 5280 7.1, all others octet by octet. */
bool x509_generals_have(struct blob list, const struct x509_general *g);

/* "preferred name syntax" (RFC 1034 3.5, RFC 1123 2.1) within the lengths of RFC 1035; wildcard:
 * the leftmost label may be "*". No final dot; a name that could be taken for an IPv4 address is
 * none. */
bool x509_dns_ok(struct str name, bool wildcard);
/* Local-part@host, in ASCII (RFC 5280 4.2.1.6). */
bool x509_email_ok(struct str address);
/* An absolute URI with a scheme and something behind it (RFC 5280 4.2.1.6). */
bool x509_uri_ok(struct str uri);
/* The host of a URI with an authority; none ({NULL, 0}) without. */
struct str x509_uri_host(struct str uri);
