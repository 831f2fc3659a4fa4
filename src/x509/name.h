/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Distinguished names, as spans over the DER they came in. A name is handed about as its whole
 * encoding (SEQUENCE). Compared as RFC 5280 7.1 says: letters without case, runs of blanks as one,
 * the string's type without weight, the attributes of one RDN in any order. What is no text
 * compares octet by octet.
 */
#pragma once

#include "base/cursor.h"

#define X509_NAME_RDNS_MAX 64
#define X509_RDN_ATTRS_MAX 16

struct x509_attr {
	struct blob oid; /* content octets */
	uint8_t tag;
	struct blob value;
};

/* Strict in form: RDNs that are not empty, texts that are what their type says. */
bool x509_name_ok(struct blob name);
/* The same for the contents of one RDN. */
bool x509_rdn_ok(struct blob set);
/* The attributes one by one, in the order they stand; *it begins as x509_name_walk(name). */
struct x509_name_walk {
	struct cursor rdns, rdn;
};
struct x509_name_walk x509_name_walk(struct blob name);
bool x509_name_next(struct x509_name_walk *it, struct x509_attr *ret);

/* The following take names that x509_name_ok() has passed. */
bool x509_name_empty(struct blob name);
bool x509_name_eq(struct blob a, struct blob b);
/* Equal names have equal hashes. Not keyed: a match is to be confirmed by x509_name_eq(). */
uint64_t x509_name_hash(struct blob name);
/* name lies in the subtree of base: begins with its RDNs (RFC 5280 4.2.1.10). */
bool x509_name_within(struct blob name, struct blob base);
/* The RDNs of base followed by one more (a distribution point's nameRelativeToCRLIssuer, contents
 * of the SET) are name. */
bool x509_name_eq_relative(struct blob name, struct blob base, struct blob rdn);
/* Two RDNs, contents of the SETs. */
bool x509_rdn_eq(struct blob a, struct blob b);
/* A text is of a type for new names, PrintableString or UTF8String (IA5String where it is asked for), and a
 * PrintableString holds its few characters (RFC 5280 4.1.2.4; X.680 41.4). */
bool x509_attr_regular(const struct x509_attr *a);
/* The text of an attribute as UTF-8: false when it is no text or longer than size. */
bool x509_attr_text(const struct x509_attr *a, char *out, size_t size, size_t *ret_n);
