/* SPDX-License-Identifier: Apache-2.0 */
/* What the remote perspectives see of a name, held against the rule of the day (BR 3.2.2.9). */
#pragma once

#include "service/svc_priv.h"
#include "validate/quorum.h"

struct outlook {
	struct perspective_view *views; /* one of each perspective that is configured */
	unsigned n;
	int code; /* 0: enough of them corroborate, or none are required */
	struct err why;
};

/* Asks all at once; blocks for the looks. Its value is ret->code: 0 or E_PERSPECTIVE_QUORUM. */
int outlook_take(struct svc *s, const struct validate_question *q, struct arena *a, struct outlook *ret);
/* A validation record of each view; what is the same for all stands in `like`. */
int outlook_keep(struct db_tx *tx, const struct outlook *o, const struct in_validation_record_insert *like, struct err *e)
	CHECKED;
/* [{what, result}, …] of what this server saw, and, with perspective and region, of what the others did (far: may be
 * NULL). */
struct str seen_json(const struct validate_result *v, const struct outlook *far, struct arena *a);
