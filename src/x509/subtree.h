/* SPDX-License-Identifier: Apache-2.0 */
/* Name constraints (RFC 5280 4.2.1.10): whether a name lies in a subtree. */
#pragma once

#include "x509/general.h"

enum x509_fit {
	X509_FIT_NO,
	X509_FIT_YES,
	X509_FIT_UNCLEAR, /* of the same kind, but one of them cannot be compared: constraints of
			     that kind refuse it */
};

/* Both of one kind. excluding: a wildcard name fits already when some name that it stands for does;
 * else only when all do. */
enum x509_fit x509_subtree_fit(
	const struct x509_general *name, const struct x509_general *base, bool excluding);
/* The base is written as RFC 5280 4.2.1.10 wants it: no wildcard, no leading period in a dNSName, a
 * mailbox, host or domain for rfc822Name, a host or domain for a URI; kinds that must not be
 * constrained are not ok. */
bool x509_subtree_base_ok(const struct x509_general *base);
