/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "share_world.h"

#include "service/apply.h"
#include "service/owner.h"
#include "service/purchase.h"

struct world w;
struct caller taker;

/* -- accounts */

struct caller
an_account(const char *site, const char *name)
{
	struct account_new in = {.site = str_c(site), .name = str_c(name), .owner_kind = OWNER_ENTERPRISE,
		.owner_name = STR("Ltd"), .owner_number = STR("1"), .currency = STR("CNY"), .user_name = STR("owner"),
		.user_email = STR("o@example.com"), .user_password = STR("correct horse battery")};
	struct row_account account;
	struct str password;
	ERR(e);

	world_need(account_create(w.svc, &w.staff, &in, &w.arena, &account, &password, &e), &e, "account");
	return (struct caller){.account = account.id, .user = 1, .role = ROLE_OWNER, .peer = STR("")};
}

void
give_owner(const struct caller *c, const char *number, bool verified)
{
	enum owner_kind kind = OWNER_ENTERPRISE;
	struct owner_submit in = {.kind = &kind, .name = STR("Acme Ltd"), .number = str_c(number)};
	struct owner_view v;
	ERR(e);

	world_need(owner_submit(w.svc, c, c->account, 0, &in, &w.arena, &v, &e), &e, "submit");
	if (verified)
		world_need(owner_decide(w.svc, &w.staff, c->account, true, STR(""), &w.arena, &v, &e), &e, "verify");
}

struct caller
a_taker(const char *name)
{
	struct caller c = an_account("cn", name);

	give_owner(&c, "91 ACME", true);
	return c;
}

/* -- certificates */

struct certificate_view
see(const struct caller *c, int64_t id)
{
	struct certificate_view v;
	ERR(e);

	world_need(certificate_show(w.svc, c, id, &w.arena, &v, &e), &e, "certificate");
	return v;
}

/* An address: CAA has nothing to say about it. */
int64_t
certificate(void)
{
	static int names;
	struct purchase buy = {.product = STR("private-multi"), .quantity = 1, .months = 12, .n_common = 1, .pay = true};
	struct str name = arena_printf(&w.arena, "127.19.0.%d", ++names);
	struct apply in = {.names = &name, .n_names = 1, .method = METHOD_FILE, .key_source = KEY_SOURCE_GENERATE,
		.key_alg = KEY_EC_P256, .submit = true,
		.contact = {STR("Li Wei"), STR("li@example.com"), STR("+86 21 5555")}};
	struct application_view v;
	struct row_subscription *subs;
	struct row_bill bill;
	size_t n;
	ERR(e);

	world_need(purchase_make(w.svc, &w.owner, &buy, &w.arena, &bill, &subs, &n, &e), &e, "purchase");
	in.subscription = subs[0].id;
	world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "apply");
	world_prove(&w, v.row.id);
	world_need(issue_application(w.svc, w.owner.account, v.row.id, &e), &e, "issue");
	world_need(apply_show(w.svc, &w.owner, v.row.id, &w.arena, &v, &e), &e, "application");
	return v.certificates[0].id;
}

int
revoke_as(const struct caller *c, int64_t id, struct err *e)
{
	struct revoke in = {.id = id, .reason = REASON_SUPERSEDED, .replace = true};
	struct certificate_view v;
	ARENA(a);

	err_clear(e);
	return certificate_revoke(w.svc, c, &in, &a, &v, e);
}

void
revoke(int64_t id)
{
	ERR(e);

	world_need(revoke_as(&w.owner, id, &e), &e, "revoke");
}

static int
run_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct {
		const struct db_stmt *stmt;
		int64_t id;
	} *t = arg;
	struct db_value id = {.type = DB_INT, .i = t->id};

	return MIN(db_exec(tx, t->stmt, &id, NULL, NULL, e), 0);
}

#define SET(what)                                                                                  \
	{                                                                                          \
		.name = "test_set", .sqlite = "UPDATE certificate SET " what " WHERE id = ?1",              \
		.pgsql = "UPDATE certificate SET " what " WHERE id = $1::bigint", .n_params = 1,            \
		.params = {DB_INT}, .writes = true                                                         \
	}
const struct db_stmt deployed = SET("deployed = 1"), uploaded = SET("source = 2"), official = SET("source = 0");

void
set(const struct db_stmt *stmt, int64_t id)
{
	struct {
		const struct db_stmt *stmt;
		int64_t id;
	} t = {stmt, id};
	ERR(e);

	world_need(db_write(w.db, run_body, &t, &e), &e, "set");
}

/* -- shares */

int
try_share(const struct caller *c, int64_t id, int64_t account, struct row_share *ret, struct err *e)
{
	struct share_new in = {.certificate = id, .receiver = account};
	int r;

	err_clear(e);
	r = share_create(w.svc, c, &in, &w.arena, ret, e);
	if (r < 0)
		assert_true(e->msg[0] && err_hint_text(e)[0]);
	return r;
}

struct row_share
share_until(int64_t id, enum share_grade grade, int64_t ends_ms)
{
	struct share_new in = {.certificate = id, .receiver = taker.account, .grade = &grade,
		.ends_ms = ends_ms ? &ends_ms : NULL};
	struct row_share sh;
	ERR(e);

	world_need(share_create(w.svc, &w.owner, &in, &w.arena, &sh, &e), &e, "share");
	return sh;
}

struct row_share
share(int64_t id, enum share_grade grade)
{
	return share_until(id, grade, 0);
}

struct row_share
find(const struct caller *c, int64_t id)
{
	struct row_share sh;
	ERR(e);

	world_need(share_show(w.svc, c, id, &w.arena, &sh, &e), &e, "share");
	return sh;
}

int
withdraw(const struct caller *c, int64_t id)
{
	struct row_share sh;
	ARENA(a);
	ERR(e);

	return share_withdraw(w.svc, c, id, &a, &sh, &e);
}

int
download(const struct caller *c, int64_t id, const char *format)
{
	struct package p;
	ARENA(a);
	ERR(e);
	int r = certificate_package(w.svc, c, id, str_c(format), &a, &p, &e);

	if (r == 0)
		buf_done_secret(&p.zip);
	return r;
}

int
delete(const struct caller *c, int64_t id, bool confirmed)
{
	ERR(e);

	return certificate_delete(w.svc, c, id, confirmed, &e);
}

size_t
listed(const struct caller *c, const char *status, int64_t id, int64_t *ret_total)
{
	struct certificate_filter f = {.status = status};
	struct page page = {.limit = 1000};
	struct row_certificate_line *rows;
	size_t n, found = 0;
	bool more;
	ERR(e);

	world_need(certificate_show_list(w.svc, c, &f, &page, &w.arena, &rows, &n, &more, ret_total, &e), &e, "list");
	for (size_t i = 0; i < n; i++)
		found += rows[i].id == id;
	return found;
}

size_t
history(const struct caller *c, const char *act, int64_t id)
{
	struct page page = {.limit = 1000};
	struct row_audit *rows;
	size_t n, found = 0;
	bool more;
	ERR(e);

	world_need(audit_show_list(w.svc, c, 0, &page, &w.arena, &rows, &n, &more, &e), &e, "audit");
	for (size_t i = 0; i < n; i++)
		found += str_eq_c(rows[i].act, act) && str_eq_c(rows[i].object, "shares") && rows[i].object_id == id;
	return found;
}

bool
shares_open(const char *engine, bool owned)
{
	if (!world_open(&w, engine))
		return false;
	world_buy(&w, "private-multi", 1, 1, 0); /* money */
	if (owned)
		give_owner(&w.owner, "91-Acme", true);
	taker = a_taker("taker");
	return true;
}
