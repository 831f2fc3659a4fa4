/* SPDX-License-Identifier: Apache-2.0 */
/* The hard limits, applied to what was read of the bytes to sign. No I/O, no keys. */
#pragma once

#include "ca/signer_proto.h"
#include "signer/tbs.h"

/* All return 0 or E_LIMIT_REFUSED, which names what was refused and the limit; E_SERIAL_STALE comes
 * before. */

/* For every certificate: serial form, algorithm, validity. */
int rules_common(const struct tbs_cert *t, struct blob sig_alg, const struct signer_limits *l,
	int64_t now_ms, struct err *e) CHECKED;
/* For what an issuer of leaves signs. */
int rules_leaf(const struct tbs_cert *t, const struct signer_limits *l, struct err *e) CHECKED;
/* For what an issuer of CAs signs. self: the subject key is the issuer's own; child: the limits of
 * the issuer whose key it is, NULL for a foreign key. */
int rules_ca(const struct tbs_cert *t, const struct signer_limits *l, bool self,
	const struct signer_limits *child, struct err *e) CHECKED;
