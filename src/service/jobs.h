/* SPDX-License-Identifier: Apache-2.0 */
/* Long work as rows with leases (DESIGN 3): a crash lets the lease run out and the step runs again. */
#pragma once

#include "service/svc.h"
#include "store/store_sql.h"

/* Queues in the transaction; at most one alive per (kind, object): an earlier run_at wins. */
int jobs_add(struct db_tx *tx, const struct svc *s, int64_t account, enum work kind, int64_t object, int64_t run_at_ms,
	struct err *e) CHECKED;
/* Starts the loop's threads (before the sandbox) and stops them. */
int jobs_start(struct svc *s, unsigned threads, struct err *e) CHECKED;
void jobs_stop(struct svc *s);
/* From when on jobs are taken (first start has finished). */
void jobs_release(struct svc *s);

/* account 0: the caller's own; staff may name another. */
int job_show(struct svc *s, const struct caller *c, int64_t account, int64_t id, struct arena *a, struct row_job *ret,
	struct err *e) CHECKED;
int job_show_list(struct svc *s, const struct caller *c, int64_t account, const struct page *page, struct arena *a,
	struct row_job **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;
