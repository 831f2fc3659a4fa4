/* SPDX-License-Identifier: Apache-2.0 */
/* People whom applications name, stored for use again. The one used or edited last is the account's
 * default. */
#pragma once

#include "model/contact.h"
#include "service/svc.h"
#include "store/store_sql.h"

int contact_create(struct svc *s, const struct caller *c, const struct contact *in, struct arena *a,
	struct row_contact *ret, struct err *e) CHECKED;
int contact_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a,
	struct row_contact *ret, struct err *e) CHECKED;
int contact_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a,
	struct row_contact **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;
/* {NULL, 0} stays as it is; version from If-Match, 0: any. Applications keep what they say. */
int contact_change(struct svc *s, const struct caller *c, int64_t id, int64_t version,
	const struct contact *in, struct arena *a, struct row_contact *ret, struct err *e) CHECKED;
int contact_delete(struct svc *s, const struct caller *c, int64_t id, struct err *e) CHECKED;
