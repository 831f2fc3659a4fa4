/* SPDX-License-Identifier: Apache-2.0 */
/* Acts on orders as a whole. */
#include "play.h"

#include "service/order.h"
#include "service/purchase.h"
#include "service/svc_priv.h"

/* A subscription, rather one in the states; sometimes asked for by another account, sometimes none. */
static int64_t
pick(struct play *p, unsigned states, int *ret_account, int *ret_sub)
{
	int sub = p->m.n_subs ? (int)play_below(p, p->m.n_subs) : -1;
	int64_t id = 999999999;

	for (int i = 0; i < 40 && sub >= 0 && !(states & 1U << p->m.subs[sub].state); i++)
		sub = (int)play_below(p, p->m.n_subs);
	*ret_account = sub >= 0 && !play_chance(p, 5) ? p->m.subs[sub].account : (int)play_below(p, M_ACCOUNTS);
	if (sub >= 0 && !play_chance(p, 3))
		id = p->m.subs[sub].id;
	*ret_sub = m_sub_find(&p->m, *ret_account, id);
	return id;
}

/* The application under it, whose proofs are compared. */
static void
touch(struct play *p, int sub)
{
	for (size_t i = p->m.n_apps; i > 0 && p->touched < 0 && sub >= 0; i--) {
		if (p->m.apps[i - 1].sub == sub && p->m.apps[i - 1].state != MA_DELETED)
			p->touched = (int)i - 1;
	}
}

void
play_adopt_draft(struct play *p, int sub)
{
	const struct m_sub *s = &p->m.subs[sub];
	struct order o;
	ERR(e);

	world_need(order_show(p->w.svc, &p->callers[s->account], s->id, &p->arena, &o, &e), &e, "order");
	if (!o.row.application)
		play_fail(p, "subscription %lld can be used and has no draft", (long long)s->id);
	(void)m_app_inherit(&p->m, sub, o.row.application);
}

void
play_sweep(struct play *p)
{
	ERR(e);

	world_need(sweep_run(p->w.svc, &e), &e, "sweep");
	m_sweep(&p->m, play_now(p));
	for (size_t i = 0; i < p->m.n_subs; i++) {
		bool any = false;

		if (!p->m.subs[i].follows || p->m.subs[i].state != MS_ASSIGNED)
			continue;
		for (size_t k = 0; k < p->m.n_apps; k++)
			any = any || (p->m.apps[k].sub == (int)i && p->m.apps[k].state != MA_DELETED);
		if (!any)
			play_adopt_draft(p, (int)i);
	}
}

static void
close(struct play *p)
{
	struct row_subscription row;
	int account, sub;
	int64_t id = pick(p, 1U << MS_ASSIGNED, &account, &sub);
	ERR(e);

	play_tell(p, "account %d closes order %lld", account, (long long)id);
	if (!play_result(p, m_close(&p->m, sub), order_close(p->w.svc, &p->callers[account], id, &p->arena, &row, &e), &e))
		return;
	if (row.state != SUBSCRIPTION_CLOSED)
		play_fail(p, "the answer shows state %lld", (long long)row.state);
	touch(p, sub);
}

static void
reopen(struct play *p)
{
	struct order_act in = {.reason = STR("play")};
	struct row_subscription row;
	struct application_view v;
	int account, sub;
	int64_t id = pick(p, 1U << MS_CLOSED, &account, &sub), from = play_now(p);
	ERR(e);

	in.account = p->callers[account].account;
	play_tell(p, "staff open order %lld of account %d again", (long long)id, account);
	if (!play_result(p, m_reopen(&p->m, sub, from), order_reopen(p->w.svc, &p->w.staff, id, &in, &p->arena, &row, &e), &e))
		return;
	touch(p, sub);
	if (p->touched < 0)
		return;
	world_need(apply_show(p->w.svc, &p->callers[account], p->m.apps[p->touched].id, &p->arena, &v, &e), &e, "application");
	play_adopt_times(p, p->touched, &v, from);
}

static void
correct(struct play *p)
{
	struct order_act in = {.reason = STR("another name, please")};
	struct application_view v;
	int account, app = p->m.n_apps ? (int)play_below(p, p->m.n_apps) : -1;
	int64_t id;
	ERR(e);

	for (int i = 0; i < 40 && app >= 0 && p->m.apps[app].state != MA_VALIDATING; i++)
		app = (int)play_below(p, p->m.n_apps);
	if (app < 0)
		return;
	id = p->m.apps[app].id;
	account = play_chance(p, 5) ? (int)play_below(p, M_ACCOUNTS) : p->m.apps[app].account;
	app = p->touched = m_app_find(&p->m, account, id);
	in.account = p->callers[account].account;
	play_tell(p, "staff send application %lld of account %d back", (long long)id, account);
	if (play_result(p, m_correct(&p->m, app), order_correct(p->w.svc, &p->w.staff, id, &in, &p->arena, &v, &e), &e) &&
		!str_eq(v.row.failure_text, in.reason))
		play_fail(p, "the reason is \"%.*s\"", STRF(v.row.failure_text));
}

struct act acts_order[] = {
	{"close order", 5, close, 0, 0},
	{"open order again", 6, reopen, 0, 0},
	{"send back", 2, correct, 0, 0},
	{NULL, 0, NULL, 0, 0},
};
