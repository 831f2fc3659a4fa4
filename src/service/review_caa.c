/* SPDX-License-Identifier: Apache-2.0 */
/* Before a reviewer decides, the CAA records of all names are looked at anew: what they say stands in the evidence. */
#include <stdlib.h>

#include "base/clock.h"
#include "service/caa_priv.h"
#include "service/review_priv.h"

/* Names with servers that do not answer may wait: the oldest looks come first, so a repetition gets on. */
#define LOOKS_MS (30 * MS_SECOND)

struct looks {
	struct row_review row;
	struct row_application app;
	struct arena *a;
	struct row_caa_last *rows;
	size_t n;
};

static int
load_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct looks *t = arg;
	int r = q_application_get(tx, t->row.account, t->row.application, t->a, &t->app, e);

	t->n = 0;
	/* names of the service itself are fetched from its own listeners: no DNS */
	if (r <= 0 || t->app.method == METHOD_INTERNAL)
		return MIN(r, 0);
	return caa_last_looks(tx, t->row.account, t->row.application, t->a, &t->rows, &t->n, e);
}

static int
older(const void *a, const void *b)
{
	const struct row_caa_last *x = a, *y = b;

	return (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms);
}

int
review_look_at_caa(struct svc *s, const struct row_review *row, bool all, struct err *e)
{
	ARENA(a);
	struct looks t = {.row = *row, .a = &a};
	int64_t until = clock_mono_ms() + LOOKS_MS, now = svc_now(s);
	int r = svc_read(s, load_body, &t, e), bad = 0;
	ERR(first);

	if (r == 0 && t.n)
		qsort(t.rows, t.n, sizeof(*t.rows), older);
	for (size_t i = 0; r == 0 && i < t.n; i++) {
		const struct row_caa_last *l = &t.rows[i];
		struct caa_ask q = {s, row->account, row->application, (enum method)t.app.method, l->name, l->base,
			(enum name_kind)l->kind, true};
		int code = 0;
		ERR(why);

		if (!all && caa_stands(l, now))
			continue;
		if (clock_mono_ms() > until)
			return err_set(e, E_BUSY, "looking at the CAA records of %zu names takes too long; %zu are left", t.n,
				t.n - i);
		r = caa_look(&q, &a, &code, &why, e);
		if (r == 0 && code < 0 && bad == 0) {
			bad = code;
			first = why;
		}
	}
	if (r == 0 && bad < 0)
		*e = first;
	return r < 0 ? r : bad;
}
