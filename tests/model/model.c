/* SPDX-License-Identifier: Apache-2.0 */
/* Money and time of the reference model, and what both halves use. */
#include "model.h"

#include <stdlib.h>
#include <string.h>

const struct m_product m_products[] = {
	{"private-multi", M_COMMON, 1000, 100, true, false, false},
	{"model-ov", M_COMMON, 2000, 100, true, true, false},
	{"geotrust-dv-single", M_COMMON, 60000, 1, false, false, false},
	{"geotrust-dv-wildcard", M_WILDCARD, 300000, 1, false, false, false},
	{"cfca-ov-multi-pro", M_COMMON, 360000, 250, false, true, true},
	{"cfca-ov-wildcard-pro", M_WILDCARD, 1800000, 1, false, true, true},
	[M_HYBRID] = {"cfca-ov-hybrid", M_COMMON, 0, 250, false, true, false},
};
const size_t m_products_n = M_HYBRID;

/* Days from the civil date and back, by the well-known arithmetic of 400-year eras. */
static int64_t
days_of(int64_t y, int64_t m, int64_t d)
{
	int64_t era, yoe, doy;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void
date_of(int64_t days, int64_t *y, int64_t *m, int64_t *d)
{
	int64_t era, doe, yoe, doy, mp;

	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	doe = days - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	*d = doy - (153 * mp + 2) / 5 + 1;
	*m = mp < 10 ? mp + 3 : mp - 9;
	*y = yoe + era * 400 + (*m <= 2);
}

int64_t
m_add_months(int64_t at, int64_t months)
{
	int64_t y, m, d, days = at / M_DAY, rest = at % M_DAY, last;

	date_of(days, &y, &m, &d);
	m += months - 1;
	y += m / 12;
	m = m % 12 + 1;
	last = m == 12 ? 31 : days_of(y, m + 1, 1) - days_of(y, m, 1);
	return days_of(y, m, d < last ? d : last) * M_DAY + rest;
}

#define FIND(noun, list, n_list)                                                                   \
	int m_##noun##_find(const struct model *m, int account, int64_t id)                        \
	{                                                                                          \
		for (size_t i = 0; i < m->n_list; i++) {                                           \
			if (m->list[i].id == id && m->list[i].account == account)                  \
				return (int)i;                                                     \
		}                                                                                  \
		return -1;                                                                         \
	}
FIND(bill, bills, n_bills)
FIND(sub, subs, n_subs)
FIND(app, apps, n_apps)
FIND(cert, certs, n_certs)
FIND(ticket, tickets, n_tickets)

/* -- money */

unsigned
m_top_up(struct model *m, int account, int64_t amount)
{
	if (amount <= 0)
		return WANT_INPUT;
	m->accounts[account].balance += amount;
	return WANT_OK;
}

int64_t
m_price(const struct m_purchase *p)
{
	return m_products[p->product].price * p->months / 12 * (p->common + p->wildcards) * p->quantity;
}

unsigned
m_buy(const struct model *m, const struct m_purchase *p)
{
	const struct m_product *product = p->product < 0 ? NULL : &m_products[p->product];
	int64_t names = p->common + p->wildcards;

	if (!product || p->quantity < 1 || (p->months != 6 && p->months != 12 && p->months != 24))
		return WANT_INPUT;
	if ((p->common && p->wildcards) || (product->kind == M_COMMON ? p->wildcards : p->common))
		return WANT_INPUT;
	if (names < 1 || names > product->names_max)
		return WANT_INPUT;
	return p->pay && m_price(p) > m->accounts[p->account].balance ? WANT_MONEY : WANT_OK;
}

int
m_bill_add(struct model *m, const struct m_purchase *p, int64_t id, int64_t due)
{
	if (m->n_bills == M_ROWS)
		abort();
	m->bills[m->n_bills] = (struct m_bill){.id = id, .account = p->account, .product = p->product,
		.amount = m_price(p), .due = due, .follows = p->follows, .quantity = p->quantity, .months = p->months, .common = p->common,
		.wildcards = p->wildcards};
	return (int)m->n_bills++;
}

unsigned
m_pay(struct model *m, int account, int bill, int64_t now)
{
	struct m_bill *b = bill < 0 ? NULL : &m->bills[bill];

	if (!b)
		return WANT_NOT_FOUND;
	if (b->state != MB_UNPAID)
		return WANT_STATE;
	if (b->follows && !m_may_follow(m, b->follows - 1, now))
		return WANT_STATE;
	if (b->amount > m->accounts[account].balance)
		return WANT_MONEY;
	m->accounts[account].balance -= b->amount;
	b->state = MB_PAID;
	return WANT_OK;
}

int
m_sub_add(struct model *m, int bill, int64_t id, int64_t paid, int64_t window_end)
{
	const struct m_bill *b = &m->bills[bill];

	if (m->n_subs == M_ROWS)
		abort();
	m->subs[m->n_subs] = (struct m_sub){.id = id, .account = b->account, .product = b->product, .bill = bill,
		.price = b->amount / b->quantity, .months = b->months, .common = b->common, .wildcards = b->wildcards,
		.paid = paid, .window_end = window_end, .follows = b->follows};
	if (b->follows) {
		struct m_sub *s = &m->subs[m->n_subs];

		s->activates = m_usable_from(m, b->follows - 1, paid);
		s->state = s->activates ? MS_NOT_ACTIVATED : MS_ASSIGNED;
	}
	return (int)m->n_subs++;
}

unsigned
m_cancel_bill(struct model *m, int bill)
{
	if (bill < 0)
		return WANT_NOT_FOUND;
	if (m->bills[bill].state != MB_UNPAID)
		return WANT_STATE;
	m->bills[bill].state = MB_CANCELLED;
	return WANT_OK;
}

/* -- giving back (SPEC 3.9) */

/* What could still come to something goes with its subscription; not while a certificate is on its way. */
static bool
close_all(struct model *m, int sub)
{
	int open = m_sub_open(m, sub);

	if (open >= 0 && (m->apps[open].state == MA_ISSUING || m->apps[open].state == MA_READY))
		return false;
	for (size_t i = 0; i < m->n_apps; i++) {
		struct m_app *a = &m->apps[i];

		if (a->sub == sub && (m_app_open(a) || a->state == MA_FAILED || a->state == MA_CANCELLED))
			m_close_app(a);
	}
	return true;
}

static unsigned
give_back(struct model *m, int sub)
{
	struct m_sub *s = &m->subs[sub];
	struct m_bill *b = &m->bills[s->bill];

	if (!close_all(m, sub))
		return WANT_STATE;
	if (s->state == MS_ACTIVE)
		m_wake(m, sub);
	s->state = MS_REFUNDED;
	m->accounts[s->account].balance += s->price;
	b->refunded += s->price;
	b->state = b->refunded >= b->amount ? MB_REFUNDED : MB_PARTLY_REFUNDED;
	return WANT_OK;
}

static bool
was_sent(const struct model *m, int sub)
{
	for (size_t i = 0; i < m->n_apps; i++) {
		if (m->apps[i].sub == sub && m->apps[i].sent)
			return true;
	}
	return false;
}

/* All revoked, the last of them within 30 days of the first issue, and its form did not ask for a replacement. */
static bool
revoked_in_time(const struct model *m, int sub, bool replaced_too)
{
	const struct m_cert *last = NULL;
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < m->n_certs; i++) {
		const struct m_cert *c = &m->certs[i];

		if (c->sub != sub)
			continue;
		if (!c->was_revoked)
			return false;
		first = c->issued < first ? c->issued : first;
		last = !last || c->revoked >= last->revoked ? c : last;
	}
	return last && (!last->replace || replaced_too) && last->revoked <= first + M_REFUND_WINDOW;
}

int64_t
m_refundable(const struct model *m, int sub)
{
	const struct m_sub *s = &m->subs[sub];

	if (s->merged)
		return 0;
	if (s->state == MS_ACTIVE)
		return s->first_issued + M_REFUND_WINDOW;
	if (s->state == MS_EXPIRED || s->state == MS_MERGED || s->state == MS_REFUNDED || was_sent(m, sub))
		return 0;
	return s->paid + M_REFUND_UNUSED;
}

unsigned
m_give_back(struct model *m, int sub, bool by_staff, int64_t now)
{
	if (sub < 0)
		return WANT_NOT_FOUND;
	if (m->subs[sub].state == MS_ACTIVE)
		return revoked_in_time(m, sub, by_staff) ? give_back(m, sub) : WANT_STATE;
	return now <= m_refundable(m, sub) ? give_back(m, sub) : WANT_STATE;
}

/* -- certificates */

static void
revoked(struct model *m, struct m_cert *c, int64_t now)
{
	c->state = MC_REVOKED;
	c->was_revoked = true;
	c->revoked = now;
	if (m->subs[c->sub].state == MS_ACTIVE && revoked_in_time(m, c->sub, false))
		(void)give_back(m, c->sub);
}

/* That of OV waits for the contact, no longer than the certificate lives. */
unsigned
m_revoke(struct model *m, int cert, int64_t now, bool replace, bool compromised)
{
	struct m_cert *c = cert < 0 ? NULL : &m->certs[cert];

	if (!c || c->state == MC_DELETED)
		return WANT_NOT_FOUND;
	if (c->not_after < now || !(c->state == MC_ISSUED || (c->state == MC_CONFIRMING && compromised)))
		return WANT_STATE;
	c->replace = replace;
	if (compromised || !m->apps[c->app].ov) {
		revoked(m, c, now);
		return WANT_OK;
	}
	c->state = MC_CONFIRMING;
	c->confirm_until = now + M_CONFIRM < c->not_after ? now + M_CONFIRM : c->not_after;
	return WANT_OK;
}

unsigned
m_withdraw_revocation(struct model *m, int cert)
{
	struct m_cert *c = cert < 0 ? NULL : &m->certs[cert];

	if (!c || c->state == MC_DELETED)
		return WANT_NOT_FOUND;
	if (c->state != MC_CONFIRMING)
		return WANT_STATE;
	c->state = MC_ISSUED;
	c->replace = false;
	return WANT_OK;
}

bool
m_confirm_revocation(struct model *m, int cert, int64_t now)
{
	struct m_cert *c = &m->certs[cert];

	if (c->state != MC_CONFIRMING || c->confirm_until < now)
		return false;
	revoked(m, c, now);
	return true;
}

unsigned
m_delete_cert(struct model *m, int cert, int64_t now)
{
	struct m_cert *c = cert < 0 ? NULL : &m->certs[cert];

	if (!c || c->state == MC_DELETED)
		return WANT_NOT_FOUND;
	if (c->state == MC_CONFIRMING || (c->state == MC_ISSUED && c->not_after >= now))
		return WANT_STATE;
	c->state = MC_DELETED;
	return WANT_OK;
}

/* -- time */

static void
sweep_sub(struct model *m, int sub, int64_t now)
{
	struct m_sub *s = &m->subs[sub];
	int open = m_sub_open(m, sub);
	bool on_its_way = open >= 0 && m->apps[open].state != MA_DRAFT; /* used in time */

	if (s->state == MS_ACTIVE && s->paid_until < now)
		s->state = MS_EXPIRED;
	if (s->state <= MS_ASSIGNED && s->window_end < now && !on_its_way)
		s->state = MS_EXPIRED;
}

void
m_sweep(struct model *m, int64_t now)
{
	for (size_t i = 0; i < m->n_bills; i++) {
		if (m->bills[i].state == MB_UNPAID && m->bills[i].due < now)
			m->bills[i].state = MB_EXPIRED;
	}
	for (size_t i = 0; i < m->n_apps; i++) {
		struct m_app *a = &m->apps[i];

		if ((a->state == MA_VALIDATING || a->state == MA_ISSUING) && a->deadline < now)
			a->state = MA_FAILED;
		m_word_lapse(a, now);
	}
	for (size_t i = 0; i < m->n_certs; i++) {
		struct m_cert *c = &m->certs[i];

		if (c->state == MC_CONFIRMING && c->confirm_until < now)
			(void)m_withdraw_revocation(m, (int)i);
	}
	for (size_t i = 0; i < m->n_subs; i++)
		m_activate(m, (int)i, now);
	for (size_t i = 0; i < m->n_subs; i++)
		sweep_sub(m, (int)i, now);
}

static void
nearer(int64_t at, int64_t now, int64_t *list, size_t *n, size_t max)
{
	size_t i = *n;

	if (at <= now)
		return;
	for (; i > 0 && list[i - 1] > at; i--) {
		if (i < max)
			list[i] = list[i - 1];
	}
	if (i < max)
		list[i] = at;
	*n += *n < max;
}

int64_t
m_next_end(const struct model *m, int64_t now, unsigned skip)
{
	int64_t list[8];
	size_t n = 0;

	for (size_t i = 0; i < m->n_bills; i++) {
		if (m->bills[i].state == MB_UNPAID)
			nearer(m->bills[i].due, now, list, &n, 8);
	}
	for (size_t i = 0; i < m->n_subs; i++) {
		if (m->subs[i].state <= MS_ASSIGNED) {
			nearer(m->subs[i].window_end, now, list, &n, 8);
			nearer(m->subs[i].paid + M_REFUND_UNUSED, now, list, &n, 8);
		}
		if (m->subs[i].state == MS_NOT_ACTIVATED)
			nearer(m->subs[i].activates, now, list, &n, 8);
		if (m->subs[i].state == MS_ACTIVE || m->subs[i].state == MS_EXPIRED)
			nearer(m->subs[i].paid_until + M_RENEW, now, list, &n, 8);
		if (m->subs[i].state == MS_ACTIVE) {
			nearer(m->subs[i].paid_until - M_RENEW, now, list, &n, 8);
			nearer(m->subs[i].paid_until, now, list, &n, 8);
			nearer(m->subs[i].first_issued + M_REFUND_WINDOW, now, list, &n, 8);
		}
	}
	for (size_t i = 0; i < m->n_apps; i++) {
		if (m->apps[i].state == MA_VALIDATING)
			nearer(m->apps[i].deadline, now, list, &n, 8);
		if (m->apps[i].state == MA_VALIDATING || m->apps[i].state == MA_REVIEWING)
			nearer(m->apps[i].names[0].until, now, list, &n, 8);
		if (m->apps[i].word == MW_ASKED)
			nearer(m->apps[i].word_until, now, list, &n, 8);
	}
	for (size_t i = 0; i < m->n_proofs; i++)
		nearer(m->proofs[i].at + M_REUSE, now, list, &n, 8);
	for (size_t i = 0; i < m->n_certs; i++) {
		if (m->certs[i].state == MC_ISSUED) {
			nearer(m->certs[i].not_after, now, list, &n, 8);
			nearer(m->certs[i].not_after - M_SOON, now, list, &n, 8);
		}
		if (m->certs[i].state == MC_CONFIRMING)
			nearer(m->certs[i].confirm_until, now, list, &n, 8);
	}
	return skip < n ? list[skip] : INT64_MAX;
}

/* -- the overview */

struct m_overview
m_overview(const struct model *m, int account, int64_t now)
{
	struct m_overview o = {0};
	int64_t confirming = 0;

	for (size_t i = 0; i < m->n_subs; i++)
		o.quota += m->subs[i].account == account && m->subs[i].state == MS_UNASSIGNED;
	for (size_t i = 0; i < m->n_apps; i++) {
		const struct m_app *a = &m->apps[i];

		if (a->account != account)
			continue;
		o.failed += a->state == MA_FAILED;
		o.pending += a->state < MA_ISSUED || a->state == MA_CANCELLED;
	}
	for (size_t i = 0; i < m->n_certs; i++) {
		const struct m_cert *c = &m->certs[i];

		if (c->account != account || c->state == MC_DELETED)
			continue;
		if (c->state == MC_CONFIRMING)
			confirming++;
		else if (c->state == MC_REVOKED)
			o.revoked++;
		else if (c->not_after < now)
			o.expired++;
		else if (c->not_after - now <= M_SOON)
			o.will_expire++;
		else
			o.issued++;
	}
	o.total = o.issued + o.will_expire + o.expired + o.revoked + o.pending + o.failed + confirming;
	return o;
}
