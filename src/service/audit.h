/* SPDX-License-Identifier: Apache-2.0 */
/* The audit chain: each row hashes its predecessor in its lane; signed checkpoints tie the lanes together. */
#pragma once

#include "service/svc.h"
#include "store/store_sql.h"

/* Appends in the transaction of the act: an act whose audit row cannot be written does not happen. detail: JSON. */
int audit_add(struct db_tx *tx, const struct svc *s, const struct caller *c, const char *act, const char *object,
	int64_t object_id, struct str detail, struct err *e) CHECKED;
/* Newest first. cursor is a time in ms: rows before it. Rows of one millisecond stand on one page, which may so be shorter
 * than its limit, or longer where they alone are more. Staff may ask for another account's. */
int audit_show_list(struct svc *s, const struct caller *c, int64_t account, const struct page *page, struct arena *a,
	struct row_audit **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;
/* Walks the whole chain and all checkpoints. *ret_rows: rows seen. E_SIGNATURE_BAD names the first row that does not fit. */
int audit_verify(struct svc *s, int64_t *ret_rows, struct err *e) CHECKED;
/* Signs a checkpoint of all heads (job). */
int audit_checkpoint(struct svc *s, struct err *e) CHECKED;
