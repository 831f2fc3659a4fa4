/* SPDX-License-Identifier: Apache-2.0 */
/* Acts on tickets, by accounts and by staff. */
#include "play.h"

#include "service/ticket.h"

static int64_t
pick(struct play *p, int *ret_account, int *ret_ticket)
{
	int ticket = p->m.n_tickets ? (int)play_below(p, p->m.n_tickets) : -1;
	int64_t id = 999999999;

	for (int i = 0; i < 40 && ticket >= 0 && p->m.tickets[ticket].state == MT_CLOSED; i++)
		ticket = (int)play_below(p, p->m.n_tickets);
	*ret_account = ticket >= 0 && !play_chance(p, 5) ? p->m.tickets[ticket].account : (int)play_below(p, M_ACCOUNTS);
	if (ticket >= 0 && !play_chance(p, 3))
		id = p->m.tickets[ticket].id;
	*ret_ticket = m_ticket_find(&p->m, *ret_account, id);
	return id;
}

/* For staff the number alone names it. */
static int
by_number(const struct play *p, int64_t id)
{
	int ticket = -1;

	for (int account = 0; account < M_ACCOUNTS && ticket < 0; account++)
		ticket = m_ticket_find(&p->m, account, id);
	return ticket;
}

/* Nothing, or some order: the account's own or not. */
static int64_t
think_of_object(struct play *p, int account, enum ticket_object *ret, bool *ret_mine)
{
	const struct m_sub *s = p->m.n_subs ? &p->m.subs[play_below(p, p->m.n_subs)] : NULL;

	*ret = TICKET_OF_NOTHING;
	*ret_mine = true;
	if (!s || play_chance(p, 50))
		return 0;
	*ret = TICKET_OF_SUBSCRIPTION;
	*ret_mine = s->account == account;
	return s->id;
}

static void
shown(const struct play *p, int ticket, const struct ticket_view *v)
{
	static const int states[] = {[MT_OPEN] = TICKET_OPEN, [MT_ANSWERED] = TICKET_ANSWERED, [MT_CLOSED] = TICKET_CLOSED};
	const struct m_ticket *t = &p->m.tickets[ticket];

	if (v->row.state != states[t->state] || v->n_messages != (size_t)t->words || v->n_acts != (size_t)t->acts)
		play_fail(p, "ticket %lld is %lld with %zu messages and %zu acts; the model says %d, %d and %d", (long long)t->id,
			(long long)v->row.state, v->n_messages, v->n_acts, (int)t->state, t->words, t->acts);
}

static void
open(struct play *p)
{
	int account = (int)play_below(p, M_ACCOUNTS), ticket;
	struct ticket_new in = {.kind = (enum ticket_kind)play_below(p, 5), .urgent = play_chance(p, 20), .subject = STR("s"),
		.word = {.text = STR("please")}};
	struct ticket_view v;
	bool mine;
	ERR(e);

	in.object_id = think_of_object(p, account, &in.object, &mine);
	play_tell(p, "account %d opens a ticket about %lld, urgent %d", account, (long long)in.object_id, in.urgent);
	if (!play_result(p, m_ticket_open(&p->m, account, mine),
		    ticket_open(p->w.svc, &p->callers[account], &in, &p->arena, &v, &e), &e))
		return;
	ticket = m_ticket_add(&p->m, account, v.row.id, in.urgent);
	shown(p, ticket, &v);
}

static void
reply(struct play *p)
{
	struct ticket_word in = {.text = STR("and this")};
	struct ticket_view v;
	int account, ticket;
	int64_t id = pick(p, &account, &ticket);
	ERR(e);

	play_tell(p, "account %d writes into ticket %lld", account, (long long)id);
	if (play_result(p, m_ticket_say(&p->m, ticket, false),
		    ticket_reply(p->w.svc, &p->callers[account], id, &in, &p->arena, &v, &e), &e))
		shown(p, ticket, &v);
}

static void
answer(struct play *p)
{
	struct ticket_word in = {.text = STR("done")};
	struct ticket_view v;
	int account, ticket;
	int64_t id = pick(p, &account, &ticket);
	ERR(e);

	ticket = by_number(p, id);
	play_tell(p, "staff answer ticket %lld", (long long)id);
	if (play_result(p, m_ticket_say(&p->m, ticket, true), ticket_answer(p->w.svc, &p->w.staff, id, &in, &p->arena, &v, &e),
		    &e))
		shown(p, ticket, &v);
}

static void
close(struct play *p)
{
	bool staff = play_chance(p, 50);
	struct ticket_view v;
	int account, ticket, r;
	int64_t id = pick(p, &account, &ticket);
	ERR(e);

	ticket = staff ? by_number(p, id) : ticket;
	play_tell(p, "%s %d closes ticket %lld", staff ? "staff for" : "account", account, (long long)id);
	r = staff ? ticket_end(p->w.svc, &p->w.staff, id, &p->arena, &v, &e)
		  : ticket_close(p->w.svc, &p->callers[account], id, &p->arena, &v, &e);
	if (play_result(p, m_ticket_close(&p->m, ticket), r, &e))
		shown(p, ticket, &v);
}

static void
record(struct play *p)
{
	struct ticket_done in = {.act = (enum ticket_act)play_below(p, 5), .note = STR("so")};
	struct ticket_view v;
	int account, ticket;
	int64_t id = pick(p, &account, &ticket);
	bool mine;
	ERR(e);

	ticket = by_number(p, id);
	account = ticket < 0 ? account : p->m.tickets[ticket].account;
	in.object_id = think_of_object(p, account, &in.object, &mine);
	play_tell(p, "staff note an act on %lld with ticket %lld", (long long)in.object_id, (long long)id);
	if (play_result(p, m_ticket_record(&p->m, ticket, mine),
		    ticket_record(p->w.svc, &p->w.staff, id, &in, &p->arena, &v, &e), &e))
		shown(p, ticket, &v);
}

struct act acts_ticket[] = {
	{"open ticket", 4, open, 0, 0},
	{"write into ticket", 3, reply, 0, 0},
	{"answer ticket", 4, answer, 0, 0},
	{"close ticket", 3, close, 0, 0},
	{"note act", 2, record, 0, 0},
	{NULL, 0, NULL, 0, 0},
};
