/* SPDX-License-Identifier: Apache-2.0 */
/* A purchase that names its names: they are read as an application's would be, and kept by the bill. */
#pragma once

#include "service/apply_priv.h"

/* Reads the names for the product; all faults at once. *ret lives as long as the arena and *ret_apply. */
int purchase_names_read(const struct row_product *p, const struct str *names, size_t n, struct arena *a,
	struct apply *ret_apply, struct form *ret, struct err *e) CHECKED;
/* Names that count, by kind. */
void purchase_names_count(const struct form *f, int64_t *ret_common, int64_t *ret_wildcard);
/* As the bill keeps them: A-labels, separated by blanks, companions left out. */
struct str purchase_names_text(const struct form *f, struct arena *a);
/* unassigned -> assigned, with a draft that has the names and waits for the rest. */
int purchase_names_bind(struct db_tx *tx, struct svc *s, const struct caller *c, const struct row_product *p,
	const struct row_subscription *sub, struct str text, struct err *e) CHECKED;
