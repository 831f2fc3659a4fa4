/* SPDX-License-Identifier: Apache-2.0 */
/* Companies that OV and EV applications name, stored for use again. The one used or edited last is
 * the account's default. */
#pragma once

#include "model/company.h"
#include "service/svc.h"
#include "store/store_sql.h"

#define LICENCE_MAX (500 * 1024)

/* in->licence: an upload of the caller's that nothing uses yet (attachment.h), 0: none so far. All
 * faults at once. */
int company_create(struct svc *s, const struct caller *c, const struct company *in, struct arena *a,
	struct row_company *ret, struct err *e) CHECKED;
int company_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a,
	struct row_company *ret, struct err *e) CHECKED;
int company_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a,
	struct row_company **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;
/* What is left out (model/company.h) stays; version from If-Match, 0: any. Applications keep what
 * they say, and the picture of the licence that they were submitted with. */
int company_change(struct svc *s, const struct caller *c, int64_t id, int64_t version,
	const struct company *in, struct arena *a, struct row_company *ret, struct err *e) CHECKED;
int company_delete(struct svc *s, const struct caller *c, int64_t id, struct err *e) CHECKED;

struct company company_of(const struct row_company *r);
/* What an application keeps of it. */
struct company company_kept(const struct row_application_company *r);
