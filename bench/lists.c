/* SPDX-License-Identifier: Apache-2.0 */
/* Pages and counts of an account with many orders, through the service floor. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "bench.h"
#include "service/certificate.h"
#include "service/order.h"
#include "service/purchase.h"
#include "service/svc_priv.h"
#include "world.h"

#define USUAL 1000000
#define RUNS 50
#define PAGE 50
#define SPAN_MS (200 * MS_DAY)

/* Of the last 200 days; a tenth is quota, one in a hundred and one is of another product. Numbers stand for
 * parameters in the order in which they appear: SQLite counts them so. */
#define SUBS_SQL \
	"INSERT INTO subscription (account, instance_id, product, bill, state, state_before, months, n_common, n_wildcard," \
	" price, predecessor, merged_into, window_end_ms, first_issued_ms, paid_until_ms, created_ms, changed_ms)" \
	" WITH RECURSIVE k(i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i - 1 FROM k WHERE i > 1)" \
	" SELECT CAST($2 AS BIGINT), 'cas-' || CAST(i AS TEXT), (SELECT p.id FROM product p WHERE" \
	" p.code = CASE WHEN i % 101 = 0 THEN 'cfca-dv-single' ELSE 'digicert-dv-single' END), 0," \
	" CASE WHEN i % 10 = 0 THEN 0 ELSE 2 END, 0, 12, 1, 0, 0, 0, 0, CAST($3 AS BIGINT), 0, 0," \
	" CAST($3 AS BIGINT) - i * $4, CAST($3 AS BIGINT) - i * $4 FROM k"
/* seven of ten are issued, one in seventy failed, the others are in the states of a way */
#define APPS_SQL \
	"INSERT INTO application (account, subscription, product, state, state_before, failure_code, failure_text, name, method," \
	" key_source, key_alg, cn, contact_name, contact_email, contact_phone, company, profile, profile_version, must_staple," \
	" n_names, certificate, created_ms, changed_ms, submitted_ms, issued_ms, deadline_ms, version)" \
	" SELECT account, id, product, CASE WHEN id % 70 = 2 THEN 6 WHEN id % 10 < 8 THEN 5 WHEN id % 10 = 8 THEN 1 ELSE 0 END," \
	" 0, '', '', 'n', 1, 0, 4, '', 'Li', 'li@example.com', '1', '', 'public-tls-dv', 1, 0, 1, 0, created_ms, created_ms," \
	" created_ms, 0, 0, 1 FROM subscription WHERE account = $1 AND state = 2"
#define NAMES_SQL \
	"INSERT INTO application_name (application, account, ord, kind, ascii, unicode, base, registered, companion)" \
	" SELECT id, account, 0, 0, 'www' || CAST(id AS TEXT) || '.bench.example', '', '', 'bench.example', 0" \
	" FROM application WHERE account = $1"
/* valid for 90 days; one in a thousand is revoked */
#define CERTS_SQL(bytes) \
	"INSERT INTO certificate (account, application, subscription, product, role, state, source, name, cn, issuer, serial," \
	" profile, profile_version, tbs, der, envelope, spki_sha256, sha256, alg, key_id, not_before_ms, not_after_ms," \
	" reserved_ms, issued_ms, revoked_ms, reason, revocation_number, replace_wanted, hosted, deployed, deleted_ms, shard)" \
	" SELECT account, id, subscription, product, 0, CASE WHEN id % 1000 = 2 THEN 4 ELSE 1 END, 0, 'n', '', 1, " bytes "," \
	" 'public-tls-dv', 1, NULL, " bytes ", NULL, " bytes ", " bytes ", 4, NULL, created_ms, created_ms + 7776000000," \
	" created_ms, created_ms, 0, 0, 0, 0, 0, 0, 0, 0 FROM application WHERE account = $1 AND state = 5"
#define CERT_NAMES_SQL \
	"INSERT INTO certificate_name (account, name, reversed, certificate) SELECT c.account, n.ascii," \
	" 'elpmaxe.hcneb.' || CAST(c.id AS TEXT) || 'www', c.id FROM certificate c" \
	" JOIN application_name n ON n.application = c.application WHERE c.account = $1"
#define SETTLE_SQL \
	"UPDATE subscription SET application = coalesce((SELECT max(a.id) FROM application a WHERE" \
	" a.subscription = subscription.id), 0), status = CASE state WHEN 0 THEN 0 ELSE coalesce((SELECT CASE a.state" \
	" WHEN 5 THEN 6 WHEN 6 THEN 5 WHEN 1 THEN 3 ELSE 2 END FROM application a WHERE" \
	" a.subscription = subscription.id), 2) END WHERE account = $1"
/* brought along: valid for 90 days, each below the same issuer */
#define STORED_SQL(bytes, der) \
	"INSERT INTO certificate (account, application, subscription, product, role, state, source, name, cn, issuer, serial," \
	" profile, profile_version, tbs, der, envelope, spki_sha256, sha256, alg, key_id, not_before_ms, not_after_ms," \
	" reserved_ms, issued_ms, revoked_ms, reason, revocation_number, replace_wanted, hosted, deployed, deleted_ms, shard)" \
	" WITH RECURSIVE k(i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i - 1 FROM k WHERE i > 1)" \
	" SELECT CAST($2 AS BIGINT), 0, 0, 0, 0, 5, 2, 'n' || CAST(i AS TEXT), '', 0, " bytes ", '', 0, NULL, " der ", NULL, " \
	bytes ", " bytes ", 4, NULL, CAST($3 AS BIGINT) - i * $4, CAST($3 AS BIGINT) - i * $4 + 7776000000," \
	" CAST($3 AS BIGINT), CAST($3 AS BIGINT) - i * $4, 0, 0, 0, 0, 0, 0, 0, 0 FROM k"
#define STORED_NAMES_SQL \
	"INSERT INTO certificate_name (account, name, reversed, certificate) SELECT account, 'www' || substr(name, 2) ||" \
	" '.bench.example', 'elpmaxe.hcneb.' || substr(name, 2) || 'www', id FROM certificate WHERE account = $1 AND state = 5"
#define ISSUER_SQL(bytes) \
	"INSERT INTO chain_certificate (account, sha256, subject_sha256, der) VALUES ($1, " bytes ", " bytes ", " bytes ")"
#define LINKS_SQL \
	"INSERT INTO certificate_chain (certificate, place, account, link) SELECT c.id, 1, c.account, (SELECT max(l.id) FROM" \
	" chain_certificate l) FROM certificate c WHERE c.account = $1 AND c.state = 5"
#define COUNT_SQL(noun) \
	"INSERT INTO counter (account, name, lane, value) SELECT account, '" noun ".' || CAST(state AS TEXT), 0, count(*)" \
	" FROM " noun " WHERE account = $1 GROUP BY account, state"
#define DAYS_SQL \
	"INSERT INTO expiry_day (account, state, day, lane, value) SELECT account, state, not_after_ms / 86400000, 0, count(*)" \
	" FROM certificate WHERE account = $1 GROUP BY account, state, not_after_ms / 86400000"

#define STMT(name_, lite, pg, n, ...)                                                              \
	static const struct db_stmt name_ = {.name = #name_, .sqlite = lite, .pgsql = pg, .n_params = n,   \
		.params = {__VA_ARGS__}, .writes = true}
#define OF_ACCOUNT(name_, sql) STMT(name_, sql, sql, 1, DB_INT)
STMT(bench_subs, SUBS_SQL, SUBS_SQL, 4, DB_INT, DB_INT, DB_INT, DB_INT);
OF_ACCOUNT(bench_apps, APPS_SQL);
OF_ACCOUNT(bench_names, NAMES_SQL);
STMT(bench_certs, CERTS_SQL("CAST(CAST(id AS TEXT) AS BLOB)"), CERTS_SQL("convert_to(CAST(id AS TEXT), 'UTF8')"), 1, DB_INT);
OF_ACCOUNT(bench_cert_names, CERT_NAMES_SQL);
STMT(bench_stored, STORED_SQL("CAST(CAST(i AS TEXT) AS BLOB)", "zeroblob(1200)"),
	STORED_SQL("convert_to(CAST(i AS TEXT), 'UTF8')", "convert_to(repeat(md5(CAST(i AS TEXT)), 37), 'UTF8')"), 4, DB_INT, DB_INT,
	DB_INT, DB_INT);
OF_ACCOUNT(bench_stored_names, STORED_NAMES_SQL);
STMT(bench_issuer, ISSUER_SQL("zeroblob(1200)"), ISSUER_SQL("convert_to(repeat('x', 1200), 'UTF8')"), 1, DB_INT);
OF_ACCOUNT(bench_links, LINKS_SQL);
OF_ACCOUNT(bench_settle, SETTLE_SQL);
OF_ACCOUNT(bench_count_subs, COUNT_SQL("subscription"));
OF_ACCOUNT(bench_count_apps, COUNT_SQL("application"));
OF_ACCOUNT(bench_count_certs, COUNT_SQL("certificate"));
OF_ACCOUNT(bench_days, DAYS_SQL);
/* what the server's own upkeep does sooner or later; SQLite has none */
static const struct db_stmt bench_analyze = {.name = "bench_analyze", .sqlite = "", .pgsql = "ANALYZE", .writes = true};

struct fill {
	int64_t account;
	size_t n;
};

static int
fill_body(struct db_tx *tx, void *arg, struct err *e)
{
	const struct db_stmt *const rest[] = {&bench_apps, &bench_names, &bench_certs, &bench_cert_names, &bench_settle,
		&bench_count_subs, &bench_count_apps, &bench_count_certs, &bench_days};
	const struct fill *f = arg;
	const struct db_value account = {DB_INT, f->account, {NULL, 0}};
	const struct db_value values[] = {{DB_INT, (int64_t)f->n, {NULL, 0}}, account,
		{DB_INT, tx->now_ms, {NULL, 0}}, {DB_INT, SPAN_MS / (int64_t)f->n, {NULL, 0}}};
	int r = db_exec(tx, &bench_subs, values, NULL, NULL, e);

	for (size_t i = 0; r >= 0 && i < ARRAY_LEN(rest); i++)
		r = db_exec(tx, rest[i], &account, NULL, NULL, e);
	return MIN(r, 0);
}

static int
stored_body(struct db_tx *tx, void *arg, struct err *e)
{
	const struct db_stmt *const rest[] = {&bench_stored_names, &bench_issuer, &bench_links, &bench_count_certs, &bench_days};
	const struct fill *f = arg;
	const struct db_value account = {DB_INT, f->account, {NULL, 0}};
	const struct db_value values[] = {{DB_INT, (int64_t)f->n, {NULL, 0}}, account,
		{DB_INT, tx->now_ms, {NULL, 0}}, {DB_INT, SPAN_MS / (int64_t)f->n, {NULL, 0}}};
	int r = db_exec(tx, &bench_stored, values, NULL, NULL, e);

	for (size_t i = 0; r >= 0 && i < ARRAY_LEN(rest); i++)
		r = db_exec(tx, rest[i], &account, NULL, NULL, e);
	return MIN(r, 0);
}

static int
analyze_body(struct db_tx *tx, void *arg, struct err *e)
{
	(void)arg;
	return MIN(db_exec(tx, &bench_analyze, NULL, NULL, NULL, e), 0);
}

/* -- what is measured: each look returns the number of rows it found */

struct look {
	struct world *w;
	struct order_filter order;
	struct certificate_filter certificate;
	int state; /* of applications, subscriptions; -1: all */
	struct page page;
};

static size_t
look_orders(struct look *l, struct arena *a)
{
	struct order *rows;
	size_t n;
	bool more;
	ERR(e);

	world_need(order_list(l->w->svc, &l->w->owner, &l->order, &l->page, a, &rows, &n, &more, &e), &e, "orders");
	return n;
}

static size_t
look_certificates(struct look *l, struct arena *a)
{
	struct row_certificate_line *rows;
	int64_t total;
	size_t n;
	bool more;
	ERR(e);

	world_need(certificate_show_list(l->w->svc, &l->w->owner, &l->certificate, &l->page, a, &rows, &n, &more, &total, &e), &e,
		"certificates");
	return n;
}

static size_t
look_applications(struct look *l, struct arena *a)
{
	struct row_application *rows;
	size_t n;
	bool more;
	ERR(e);

	world_need(apply_show_list(l->w->svc, &l->w->owner, l->state, &l->page, a, &rows, &n, &more, &e), &e, "applications");
	return n;
}

static size_t
look_subscriptions(struct look *l, struct arena *a)
{
	struct row_subscription *rows;
	size_t n;
	bool more;
	ERR(e);

	world_need(subscription_show_list(l->w->svc, &l->w->owner, l->state, &l->page, a, &rows, &n, &more, &e), &e,
		"subscriptions");
	return n;
}

static size_t
look_overview(struct look *l, struct arena *a)
{
	struct overview o;
	ERR(e);

	world_need(overview_show(l->w->svc, &l->w->owner, a, &o, &e), &e, "overview");
	return (size_t)o.total;
}

static long
memory_peak_mb(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return u.ru_maxrss / 1024;
}

static void
measure(struct look *l, const char *engine, const char *what, size_t (*fn)(struct look *l, struct arena *a))
{
	double took[RUNS];
	char name[120];
	size_t n = 0;

	for (size_t i = 0; i < RUNS; i++) {
		ARENA(a);
		double start = now_s();

		n = fn(l, &a);
		took[i] = (now_s() - start) * 1000;
	}
	if (n == 0) {
		fprintf(stderr, "%s: nothing was found\n", what);
		abort();
	}
	snprintf(name, sizeof(name), "%s: %zu, %s", what, n, engine);
	figure(name, percentile(took, RUNS, 50), "ms", "99 of 100", percentile(took, RUNS, 99), "< 10");
}

static void
measure_orders(struct world *w, const char *engine, int64_t n)
{
	const struct order_filter all = {.status = -1, .until_ms = INT64_MAX};
	const int64_t now = svc_now(w->svc);
	const struct {
		const char *what;
		struct order_filter f;
		int64_t cursor;
	} looks[] = {
		{"newest", all, 0},
		{"in the middle", all, n / 2},
		{"by status", {.status = ORDER_FAILED, .until_ms = INT64_MAX}, 0},
		{"by product", {.status = -1, .until_ms = INT64_MAX, .product = STR("cfca-dv-single")}, 0},
		{"by status and product", {.status = ORDER_FAILED, .until_ms = INT64_MAX, .product = STR("cfca-dv-single")}, n / 2},
		{"of an hour", {.status = -1, .since_ms = now - SPAN_MS / 2, .until_ms = now - SPAN_MS / 2 + MS_HOUR}, 0},
		{"by name", {.status = -1, .until_ms = INT64_MAX, .name = STR("www4242.bench.example")}, 0},
		{"search, all fit", {.status = -1, .until_ms = INT64_MAX, .search = STR("www")}, 0},
		{"search, some fit", {.status = -1, .until_ms = INT64_MAX, .search = STR("www424")}, 0},
		{"search, one fits", {.status = -1, .until_ms = INT64_MAX, .search = STR("www4242.")}, 0},
		{"search, its own name", {.status = -1, .until_ms = INT64_MAX, .search = STR("cas-4242")}, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(looks); i++) {
		struct look l = {.w = w, .order = looks[i].f, .page = {.cursor = looks[i].cursor, .limit = PAGE}};
		char what[60];

		snprintf(what, sizeof(what), "orders, %s", looks[i].what);
		measure(&l, engine, what, look_orders);
	}
}

struct certificate_look {
	const char *what;
	struct certificate_filter f;
	int64_t cursor;
};

static void
measure_certificates(struct world *w, const char *engine, const struct certificate_look *looks, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct look l = {.w = w, .certificate = looks[i].f, .page = {.cursor = looks[i].cursor, .limit = PAGE}};
		char what[60];

		snprintf(what, sizeof(what), "certificates, %s", looks[i].what);
		measure(&l, engine, what, look_certificates);
	}
}

static void
measure_issued(struct world *w, const char *engine, int64_t n)
{
	const struct certificate_look looks[] = {
		{"newest", {0}, 0},
		{"in the middle", {0}, n / 3},
		{"issued", {.status = "issued"}, 0},
		{"about to expire", {.status = "about_to_expire"}, 0},
		{"expired", {.status = "expired"}, 0},
		{"revoked", {.status = "revoked"}, 0},
		{"by name", {.name = STR("www4242.bench.example")}, 0},
		{"by suffix, all fit", {.name = STR(".bench.example")}, 0},
	};

	measure_certificates(w, engine, looks, ARRAY_LEN(looks));
}

static void
measure_stored(struct world *w, const char *engine, size_t n)
{
	const struct certificate_look looks[] = {
		{"newest", {0}, 0},
		{"in the middle", {0}, (int64_t)n / 2},
		{"uploaded", {.source = STR("uploaded")}, 0},
		{"uploaded, in the middle", {.source = STR("uploaded")}, (int64_t)n / 2},
		{"issued", {.status = "issued"}, 0},
		{"about to expire", {.status = "about_to_expire"}, 0},
		{"expired", {.status = "expired"}, 0},
		{"uploaded and expired", {.source = STR("uploaded"), .status = "expired"}, 0},
		{"by name", {.name = STR("www4242.bench.example")}, 0},
		{"by suffix, all fit", {.name = STR(".bench.example")}, 0},
	};
	struct look l = {.w = w};

	measure_certificates(w, engine, looks, ARRAY_LEN(looks));
	measure(&l, engine, "counts of the overview", look_overview);
}

static void
measure_all(struct world *w, const char *engine, size_t n)
{
	struct look l = {.w = w, .state = -1, .page = {.limit = PAGE}};

	measure_orders(w, engine, (int64_t)n);
	measure_issued(w, engine, (int64_t)n);
	measure(&l, engine, "counts of the overview", look_overview);
	measure(&l, engine, "applications, newest", look_applications);
	measure(&l, engine, "subscriptions, newest", look_subscriptions);
	l.state = APPLICATION_FAILED;
	measure(&l, engine, "applications, failed", look_applications);
	l.state = SUBSCRIPTION_UNASSIGNED;
	measure(&l, engine, "subscriptions, quota", look_subscriptions);
}

static int
run(int argc, char **argv, const char *what, db_body *write, void (*look)(struct world *w, const char *engine, size_t n))
{
	static struct world w;
	uint64_t n = USUAL;
	struct fill fill;
	double start;
	ERR(e);

	if (argc < 1 || (argc > 1 && !str_u64(str_c(argv[1]), 10000000, &n)))
		return 2;
	if (!world_open(&w, argv[0])) {
		fact("skipped", "lists on %s: no such server is installed", argv[0]);
		return 0;
	}
	fill = (struct fill){w.owner.account, (size_t)n};
	start = now_s();
	world_need(db_write(w.db, write, &fill, &e), &e, "fill");
	fact("lists", "%zu %s on %s, written in %.0f s", (size_t)n, what, argv[0], now_s() - start);
	look(&w, w.pg ? "postgresql without statistics" : argv[0], (size_t)n);
	if (w.pg) {
		world_need(db_write(w.db, analyze_body, NULL, &e), &e, "analyze");
		look(&w, "postgresql", (size_t)n);
	}
	fact("lists", "%s: this process took %ld MB at the most", argv[0], memory_peak_mb());
	world_close(&w);
	return 0;
}

int
lists_main(int argc, char **argv)
{
	return run(argc, argv, "orders", fill_body, measure_all);
}

int
stored_main(int argc, char **argv)
{
	return run(argc, argv, "uploaded certificates", stored_body, measure_stored);
}
