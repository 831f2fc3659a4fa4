/* SPDX-License-Identifier: Apache-2.0 */
#include "validate/quorum.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "os/thread.h"

#define STACK (512 * 1024)
#define FEW_MAX 5 /* BR 3.2.2.9: the table's first row ends here */

/* One question under way. The thread has an arena of its own. */
struct asking {
	pthread_t thread;
	bool started;
	const struct perspective *who;
	const struct validate_question *q;
	int timeout_ms;
	struct arena arena;
	struct perspective_view view;
};

static void *
ask_one(void *arg)
{
	struct asking *t = arg;
	struct perspective_view *v = &t->view;
	ERR(e);
	int r = t->who->ask(t->who->arg, t->q, t->timeout_ms, &t->arena, &v->result, &v->code, &v->why, &e);

	if (r < 0) {
		v->code = r;
		v->silent = true;
		v->result = (struct validate_result){0};
		err_set(&v->why, r, "no answer: %.200s", e.msg);
	}
	return NULL;
}

/* Out of the thread's arena into the caller's. */
static struct perspective_view
keep(const struct perspective_view *v, struct arena *a)
{
	struct perspective_view out = *v;

	out.result.name_proven = arena_str(a, v->result.name_proven);
	out.result.seen = arena_new_n(a, v->result.n_seen, struct validate_seen);
	for (unsigned i = 0; i < v->result.n_seen; i++)
		out.result.seen[i] = (struct validate_seen){arena_str(a, v->result.seen[i].what),
			arena_str(a, v->result.seen[i].result)};
	return out;
}

void
perspectives_ask(const struct perspective *list, unsigned n, const struct validate_question *q, int timeout_ms,
	struct arena *a, struct perspective_view *ret)
{
	struct asking *all = arena_new_n(a, n, struct asking);

	for (unsigned i = 0; i < n; i++) {
		ERR(e);

		all[i].who = all[i].view.who = &list[i];
		all[i].q = q;
		all[i].timeout_ms = timeout_ms;
		err_clear(&all[i].view.why);
		all[i].started = thread_start(&all[i].thread, "perspective", STACK, ask_one, &all[i], &e) == 0;
		if (!all[i].started)
			all[i].view.code = err_set(&all[i].view.why, E_BUSY, "not asked: %.200s", e.msg);
	}
	for (unsigned i = 0; i < n; i++) {
		if (all[i].started)
			pthread_join(all[i].thread, NULL);
		ret[i] = keep(&all[i].view, a);
		arena_done(&all[i].arena);
	}
}

/* Different regions among those who corroborate. */
static int64_t
regions_of(const struct perspective_view *views, unsigned n)
{
	int64_t found = 0;

	for (unsigned i = 0; i < n; i++) {
		bool before = false;

		for (unsigned k = 0; k < i; k++)
			before |= views[k].code == 0 && strcmp(views[k].who->region, views[i].who->region) == 0;
		found += views[i].code == 0 && !before;
	}
	return found;
}

static int64_t
spare_of(unsigned n, const struct quorum_rule *rule)
{
	if (n < 2)
		return 0;
	return n <= FEW_MAX ? rule->spare_few : rule->spare_many;
}

static int
refuse(const struct perspective_view *views, unsigned n, unsigned against, struct err *e)
{
	BUF(b, 1024);

	for (unsigned i = 0; i < n; i++) {
		if (views[i].code < 0)
			buf_printf(&b, "%s%s (%s): %.120s", b.n ? "; " : "", views[i].who->name, views[i].who->region,
				views[i].why.msg);
	}
	return err_set(e, E_PERSPECTIVE_QUORUM, "%u of %u perspectives do not see it: %.*s", against, n,
		(int)MIN(b.n, (size_t)300), b.p);
}

int
quorum_decide(const struct perspective_view *views, unsigned n, const struct quorum_rule *rule, struct err *e)
{
	unsigned against = 0;
	int64_t regions;

	if (n < rule->min) {
		err_set(e, E_PERSPECTIVE_QUORUM, "%u perspectives are configured; %lld are required", n,
			(long long)rule->min);
		err_hint(e, "The operator adds perspectives (parameter perspective).");
		return e->code;
	}
	for (unsigned i = 0; i < n; i++)
		against += views[i].code < 0;
	if (against > spare_of(n, rule))
		return refuse(views, n, against, e);
	regions = regions_of(views, n);
	if (regions < MIN(rule->regions, (int64_t)n))
		return err_set(e, E_PERSPECTIVE_QUORUM, "those that see it are of %lld region%s; %lld are required",
			(long long)regions, regions == 1 ? "" : "s", (long long)rule->regions);
	return 0;
}
