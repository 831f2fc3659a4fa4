/* SPDX-License-Identifier: Apache-2.0 */
/* What is never certified, or only after a person has looked (SPEC 3.5): blocked keys, high-risk names. */
#pragma once

#include "ca/profile.h"
#include "service/svc_priv.h"

/* E_KEY_BLOCKED when the key's private half is published (ca/safety.h). */
int safety_key_published(const struct svc *s, struct blob spki_sha256, struct err *e) CHECKED;
/* That too, or when the key was reported as compromised here. */
int safety_key(struct db_tx *tx, const struct svc *s, struct blob spki_sha256, struct err *e) CHECKED;
/* Why a person looks at the names first: those with a high-risk label, as text; "" when there is none, and for profiles
 * that are not public. */
struct str safety_names(const struct profile *p, const struct row_application_name *names, size_t n, struct arena *a);
