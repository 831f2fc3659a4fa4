/* SPDX-License-Identifier: Apache-2.0 */
/* What reading certificates and revocation lists share. */
#pragma once

#include "base/der.h"
#include "x509/cert.h"

/* The next Extension ::= SEQUENCE { extnID, critical DEFAULT FALSE, extnValue OCTET STRING }.
 * *sloppy is set (never cleared) when the default is written. */
bool ext_next(struct cursor *c, struct blob *ret_oid, bool *ret_critical, struct blob *ret_value,
	bool *sloppy);
/* The OID stands among the extensions of list before the one that begins at `before`. */
bool ext_seen(struct blob list, const uint8_t *before, struct blob oid);
/* A BIT STRING of named bits (X.690 11.2.2: no zero bits at the end), bit n as 1 << n; at most 32.
 */
bool named_bits(struct blob content, uint32_t *ret);
/* The same, zero bits at the end being noted in *loose (never cleared) instead of refused. */
bool named_bits_loose(struct blob content, uint32_t *ret, bool *loose);
/* An element with its head. */
bool element_get(struct cursor *c, uint8_t tag, struct blob *ret_whole);
/* DistributionPointName, the contents of its [0]. */
bool point_name(struct blob body, struct x509_point *ret);
bool aki_read(struct blob value, struct x509_aki *ret);
/* Some known extension of certificates: its value is read into *c. */
bool ext_known(struct blob oid, enum x509_ext *ret);
bool ext_read(enum x509_ext x, struct blob value, struct x509_cert *c);
