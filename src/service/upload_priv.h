/* SPDX-License-Identifier: Apache-2.0 */
/* An upload on its way from the check into the database. */
#pragma once

#include "service/svc_priv.h"
#include "service/upload.h"

/* What the check leaves to be stored. */
struct upload_checked {
	struct check check;
	struct row_csr csr; /* whose key the certificate has; id 0: none */
};
int upload_judge(struct svc *s, const struct caller *c, const struct upload *in, bool key_needed, struct arena *a,
	struct upload_checked *ret, struct err *e) CHECKED;
