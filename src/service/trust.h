/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom checks of foreign certificates believe: the system's roots and the roots of this service; and the issuers that may
 * complete a chain: those of this service, and what the account has stored above other certificates (SPEC 3.8).
 */
#pragma once

#include "inspect/path.h"
#include "service/svc_priv.h"

#define TRUST_SYSTEM_ROOTS "/etc/ssl/certs/ca-certificates.crt"

struct trust {
	const struct path_cert **anchors, **known;
	size_t n_anchors, n_known;
};

/* Read anew each time, so that a change of the system's roots counts at once: some milliseconds. Where the system has no
 * roots, those of this service stand alone. Everything lives in the arena. */
int trust_load(const struct svc *s, struct arena *a, struct trust *ret, struct err *e) CHECKED;
/* These and no other roots: the field "roots". E_FIELD_FORM and others of intake.h, or when there is no certificate in it. */
int trust_given(struct trust *t, struct blob file, struct arena *a, struct err *e) CHECKED;
/* One more that may complete a chain; what cannot be read is left out. */
void trust_add(struct trust *t, struct blob der, struct arena *a);
/* Adds the account's stored issuers that stand above these certificates (DER), level by level. In a read transaction. */
int trust_add_stored(struct db_tx *tx, int64_t account, const struct blob *certs, size_t n, struct arena *a,
	struct trust *t, struct err *e) CHECKED;
