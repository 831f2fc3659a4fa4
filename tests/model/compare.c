/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that the service shows against everything that the model knows. */
#include "play.h"

#include <string.h>

#include "service/apply.h"
#include "service/certificate.h"
#include "service/order.h"
#include "service/purchase.h"
#include "service/refund.h"
#include "service/svc_priv.h"
#include "service/ticket.h"

static const struct page everything = {0, M_ROWS};

static void
same(const struct play *p, const char *noun, int64_t id, const char *what, int64_t have, int64_t want)
{
	if (have != want)
		play_fail(p, "%s %lld: %s is %lld; the model says %lld", noun, (long long)id, what, (long long)have,
			(long long)want);
}

static void
same_state(const struct play *p, const struct sm *sm, int64_t id, int64_t have, const char *want)
{
	if (have < 0 || have >= sm->n || strcmp(sm_name(sm, (int)have), want) != 0)
		play_fail(p, "%s %lld is %s; the model says %s", sm->noun, (long long)id,
			have >= 0 && have < sm->n ? sm_name(sm, (int)have) : "nothing", want);
}

static void
compare_bills(struct play *p, int account)
{
	static const char *const states[] = {"unpaid", "paid", "cancelled", "expired", "partly_refunded", "refunded"};
	struct row_bill *rows;
	size_t n, mine = 0;
	bool more;
	ERR(e);

	world_need(bill_show_list(p->w.svc, &p->callers[account], &everything, &p->arena, &rows, &n, &more, &e), &e, "bills");
	for (size_t i = 0; i < n; i++) {
		int bill = m_bill_find(&p->m, account, rows[i].id);

		if (bill < 0)
			play_fail(p, "bill %lld is unknown to the model", (long long)rows[i].id);
		same_state(p, &sm_bill, rows[i].id, rows[i].state, states[p->m.bills[bill].state]);
		same(p, "bill", rows[i].id, "amount", rows[i].amount, p->m.bills[bill].amount);
		same(p, "bill", rows[i].id, "refunded", rows[i].refunded, p->m.bills[bill].refunded);
	}
	for (size_t i = 0; i < p->m.n_bills; i++)
		mine += p->m.bills[i].account == account;
	same(p, "account", account, "number of bills", (int64_t)n, (int64_t)mine);
}

static void
compare_subs(struct play *p, int account)
{
	static const char *const states[] = {
		"unassigned", "not_activated", "assigned", "active", "expired", "merged", "refunded", "closed"};
	struct row_subscription *rows;
	size_t n, mine = 0;
	bool more;
	ERR(e);

	world_need(subscription_show_list(p->w.svc, &p->callers[account], -1, &everything, &p->arena, &rows, &n, &more, &e), &e,
		"subscriptions");
	for (size_t i = 0; i < n; i++) {
		int sub = m_sub_find(&p->m, account, rows[i].id);
		const struct m_sub *s = &p->m.subs[sub];

		if (sub < 0)
			play_fail(p, "subscription %lld is unknown to the model", (long long)rows[i].id);
		same_state(p, &sm_subscription, rows[i].id, rows[i].state, states[s->state]);
		same(p, "subscription", s->id, "common names", rows[i].n_common, s->common);
		same(p, "subscription", s->id, "wildcards", rows[i].n_wildcard, s->wildcards);
		same(p, "subscription", s->id, "price", rows[i].price, s->price);
		same(p, "subscription", s->id, "predecessor", rows[i].predecessor, s->follows ? p->m.subs[s->follows - 1].id : 0);
		same(p, "subscription", s->id, "successor", rows[i].successor,
			m_successor(&p->m, sub) < 0 ? 0 : p->m.subs[m_successor(&p->m, sub)].id);
		same(p, "subscription", s->id, "merged", rows[i].n_merged > 0, s->merged);
		same(p, "subscription", s->id, "paid_until", rows[i].paid_until_ms, s->paid_until);
		same(p, "subscription", s->id, "refundable_until", refund_until(&rows[i]), m_refundable(&p->m, sub));
	}
	for (size_t i = 0; i < p->m.n_subs; i++)
		mine += p->m.subs[i].account == account;
	same(p, "account", account, "number of subscriptions", (int64_t)n, (int64_t)mine);
}

static const char *const app_states[] = {
	"draft", "validating", "ready", "reviewing", "issuing", "issued", "failed", "cancelled", "closed", "deleted"};

static void
compare_apps(struct play *p, int account)
{
	struct row_application *rows;
	size_t n, mine = 0;
	bool more;
	ERR(e);

	world_need(apply_show_list(p->w.svc, &p->callers[account], -1, &everything, &p->arena, &rows, &n, &more, &e), &e,
		"applications");
	for (size_t i = 0; i < n; i++) {
		int app = m_app_find(&p->m, account, rows[i].id);

		if (app < 0)
			play_fail(p, "application %lld is unknown to the model", (long long)rows[i].id);
		same_state(p, &sm_application, rows[i].id, rows[i].state, app_states[p->m.apps[app].state]);
		same(p, "application", rows[i].id, "subscription", rows[i].subscription, p->m.subs[p->m.apps[app].sub].id);
	}
	for (size_t i = 0; i < p->m.n_apps; i++)
		mine += p->m.apps[i].account == account && p->m.apps[i].state != MA_DELETED;
	same(p, "account", account, "number of applications", (int64_t)n, (int64_t)mine);
}

static const char *const cert_states[] = {"issued", "confirming", "revoked", "deleted"};

static void
compare_certs(struct play *p, int account)
{
	struct certificate_filter f = {0};
	struct row_certificate_line *rows;
	int64_t total;
	size_t n, mine = 0;
	bool more;
	ERR(e);

	world_need(certificate_show_list(p->w.svc, &p->callers[account], &f, &everything, &p->arena, &rows, &n, &more, &total,
			   &e), &e, "certificates");
	for (size_t i = 0; i < n; i++) {
		int cert = m_cert_find(&p->m, account, rows[i].id);

		if (cert < 0)
			play_fail(p, "certificate %lld is unknown to the model", (long long)rows[i].id);
		same_state(p, &sm_certificate, rows[i].id, rows[i].state,
			cert_states[p->m.certs[cert].state]);
		same(p, "certificate", rows[i].id, "notAfter", rows[i].not_after_ms, p->m.certs[cert].not_after);
	}
	for (size_t i = 0; i < p->m.n_certs; i++)
		mine += p->m.certs[i].account == account && p->m.certs[i].state != MC_DELETED;
	same(p, "account", account, "number of certificates", (int64_t)n, (int64_t)mine);
	same(p, "account", account, "total of certificates", total, (int64_t)mine);
}

static void
compare_overview(struct play *p, int account)
{
	struct m_overview want = m_overview(&p->m, account, play_now(p));
	struct overview have;
	ERR(e);

	world_need(overview_show(p->w.svc, &p->callers[account], &p->arena, &have, &e), &e, "overview");
	same(p, "account", account, "counter total", have.total, want.total);
	same(p, "account", account, "counter issued", have.issued, want.issued);
	same(p, "account", account, "counter pending application", have.pending_application, want.pending);
	same(p, "account", account, "counter will expire", have.will_expire, want.will_expire);
	same(p, "account", account, "counter check failed", have.check_failed, want.failed);
	same(p, "account", account, "counter expired", have.expired, want.expired);
	same(p, "account", account, "counter revoked", have.revoked, want.revoked);
	same(p, "account", account, "quota", have.quota, want.quota);
}

struct money {
	int64_t account, balance, uneven;
};

static int
money_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct money *t = arg;
	struct row_account row;
	int r = q_account_get(tx, t->account, tx->arena, &row, e);

	t->balance = row.balance;
	return r < 0 ? r : q_ledger_check(tx, &t->uneven, e);
}

static void
compare_money(struct play *p, int account)
{
	struct money t = {.account = p->callers[account].account};
	ERR(e);

	world_need(db_read(p->w.db, money_body, &t, &e), &e, "money");
	same(p, "account", account, "balance", t.balance, p->m.accounts[account].balance);
	same(p, "account", account, "number of ledger entries that do not add up", t.uneven, 0);
}

void
compare_application(struct play *p, int app)
{
	const struct m_app *a = &p->m.apps[app];
	struct application_view v;
	int64_t now = play_now(p);
	ERR(e);

	world_need(apply_show(p->w.svc, &p->callers[a->account], a->id, &p->arena, &v, &e), &e, "application");
	same_state(p, &sm_application, a->id, v.row.state, app_states[a->state]);
	same(p, "application", a->id, "asked for the contact's word", v.confirmation.application != 0, a->word != MW_NONE);
	same(p, "application", a->id, "the contact's word", v.confirmation.confirmed_ms != 0, a->word == MW_GIVEN);
	same(p, "application", a->id, "number of names", (int64_t)v.n_names, (int64_t)a->n);
	for (size_t i = 0; i < a->n && a->state != MA_DRAFT; i++) {
		const struct m_authz *z = &a->names[i];
		bool found = false, valid = false;

		for (size_t k = 0; k < v.n_authzs; k++) {
			if (!str_eq_c(v.authzs[k].name, z->name))
				continue;
			found = true;
			valid = v.authzs[k].state == AUTHZ_VALID && v.authzs[k].proof_until_ms > now;
		}
		same(p, z->name, a->id, "authorization there", found, z->asked);
		same(p, z->name, a->id, "proof valid", valid, z->valid && z->until > now);
	}
}

/* What the orders page shows of a subscription: its end, else its newest application. */
static const char *
order_status(const struct play *p, int sub)
{
	static const char *const ends[] = {
		"quota", "not_activated", NULL, NULL, "expired", "closed", "refunded", "closed"};
	const struct m_sub *s = &p->m.subs[sub];
	const struct m_app *a = NULL;

	if (ends[s->state])
		return ends[s->state];
	for (size_t i = 0; i < p->m.n_apps; i++) {
		if (p->m.apps[i].sub == sub && p->m.apps[i].state != MA_DELETED)
			a = &p->m.apps[i];
	}
	if (a && a->state == MA_VALIDATING)
		return "validating";
	if (a && (a->state == MA_REVIEWING || a->state == MA_ISSUING))
		return "verifying";
	if (a && a->state == MA_FAILED)
		return "failed";
	return s->state == MS_ACTIVE ? "issued" : "pending_application";
}

static void
compare_orders(struct play *p, int account)
{
	struct order_filter f = {.status = -1, .until_ms = INT64_MAX};
	struct page page = {.limit = 200};
	struct order *orders;
	bool more = true;
	size_t n = 0;

	while (more) {
		size_t part;
		ERR(e);

		world_need(order_list(p->w.svc, &p->callers[account], &f, &page, &p->arena, &orders, &part, &more, &e), &e,
			"orders");
		for (size_t i = 0; i < part; i++) {
			int sub = m_sub_find(&p->m, account, orders[i].row.id);
			const char *want = sub < 0 ? "nothing" : order_status(p, sub);

			if (strcmp(want, word_name(words_order_status, orders[i].row.status)) != 0)
				play_fail(p, "order %lld is %s; the model says %s", (long long)orders[i].row.id,
					word_name(words_order_status, orders[i].row.status), want);
			page.cursor = orders[i].row.id;
		}
		n += part;
	}
	for (size_t i = 0; i < p->m.n_subs; i++)
		n -= p->m.subs[i].account == account;
	same(p, "account", account, "number of orders that nobody knows", (int64_t)n, 0);
}

/* The queue of each state, from its first to its last. */
static void
compare_tickets(struct play *p)
{
	for (int state = 0; state < TICKET_STATES; state++) {
		struct row_ticket *rows;
		int64_t total;
		bool more;
		size_t n;
		ERR(e);

		if (state == TICKET_CLOSED)
			continue;
		world_need(ticket_queue_list(p->w.svc, state, &everything, &p->arena, &rows, &n, &more, &total, &e), &e,
			"tickets");
		same(p, "state", state, "number of tickets", total, (int64_t)n);
		for (size_t i = 0; i <= n; i++) {
			int ticket = m_ticket_at(&p->m, (enum m_ticket_state)state, i);

			same(p, "place of the queue", (int64_t)i, "ticket", i < n ? rows[i].id : 0,
				ticket < 0 ? 0 : p->m.tickets[ticket].id);
		}
	}
}

void
compare_all(struct play *p)
{
	for (int account = 0; account < M_ACCOUNTS; account++) {
		compare_money(p, account);
		compare_bills(p, account);
		compare_subs(p, account);
		compare_apps(p, account);
		compare_certs(p, account);
		compare_overview(p, account);
		compare_orders(p, account);
	}
	compare_tickets(p);
}
