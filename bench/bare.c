/* SPDX-License-Identifier: Apache-2.0 */
#include "bare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "service/svc_priv.h"
#include "crypto/cert.h"
#include "world.h"

#define NODE 99 /* its audit rows have a lane of their own */
#define I(value) {.i = (value)}
#define T(s) {.p = (s).p, .n = (s).n, .text = true}
#define B(bytes, len) {.p = (bytes), .n = (len)}
#define RUN_FOR(ret, stmt, ...)                                                        \
	self->db->run(self->db, (stmt), (const struct bare_value[]){__VA_ARGS__}, \
		sizeof((const struct bare_value[]){__VA_ARGS__}) / sizeof(struct bare_value), (ret))
#define RUN(...) RUN_FOR(NULL, __VA_ARGS__)

const char *const bare_sql[BARE_STMTS] = {
	[BARE_RESERVE] = "INSERT INTO certificate (account, application, subscription, product, role, state, source, name, cn,"
		" issuer, serial, profile, profile_version, tbs, der, envelope, spki_sha256, sha256, alg, key_id,"
		" not_before_ms, not_after_ms, reserved_ms, issued_ms, revoked_ms, reason, revocation_number, replace_wanted,"
		" hosted, deployed, deleted_ms, shard) VALUES ($1, $2, $3, $4, 0, 0, 0, $5, '', $6, $7, 'private-tls', 1, $8,"
		" NULL, NULL, $9, NULL, 4, NULL, $10, $11, $12, 0, 0, 0, 0, 0, 0, 0, 0, 0) RETURNING id",
	[BARE_SAVE] = "UPDATE certificate SET der = $1, sha256 = $2, issued_ms = $3, state = 1, tbs = NULL WHERE id = $4",
	[BARE_NAME] = "INSERT INTO certificate_name (account, name, reversed, certificate) VALUES ($1, $2, $3, $4)",
	[BARE_APPLICATION] = "UPDATE application SET certificate = $1, issued_ms = $2, changed_ms = $3, state = 5,"
		" state_before = 4, deadline_ms = 0, version = version + 1 WHERE id = $4",
	[BARE_SUBSCRIPTION] = "UPDATE subscription SET first_issued_ms = $1, paid_until_ms = $2, changed_ms = $3, state = 3,"
		" state_before = 2, application = $4, status = 6 WHERE id = $5",
	[BARE_COUNTER] = "INSERT INTO counter (account, name, lane, value) VALUES ($1, 'certificate.1', 99, 1),"
		" ($1, 'application.4', 99, -1), ($1, 'application.5', 99, 1), ($1, 'subscription.2', 99, -1),"
		" ($1, 'subscription.3', 99, 1)"
		" ON CONFLICT (account, name, lane) DO UPDATE SET value = counter.value + excluded.value",
	[BARE_EXPIRY] = "INSERT INTO expiry_day (account, state, day, lane, value) VALUES ($1, 1, $2, 99, $3)"
		" ON CONFLICT (account, state, day, lane) DO UPDATE SET value = expiry_day.value + excluded.value",
	[BARE_AUDIT] = "INSERT INTO audit (node, lane, seq, at_ms, account, user_id, act, object, object_id, detail, hash)"
		" VALUES (99, 0, $1, $2, $3, 0, $4, 'certificates', $5, $6, $7)",
	[BARE_NOTICE] = "INSERT INTO notice (account, kind, object_id, mark, name, code, detail, due_ms, created_ms, read_ms,"
		" digest) VALUES ($1, $2, $3, $4, $5, '', '', $6, $4, 0, -1)",
};

/* One certificate on its way. */
struct row {
	struct row_application app;
	struct str name, reversed;
	uint8_t serial[SERIAL_LEN], spki_sha256[32];
	int64_t id, not_before_ms, not_after_ms;
	struct blob tbs;
};

struct bare {
	struct world *w;
	struct arena a;
	const int64_t *ids;
	size_t n;
	struct row *rows;
	const struct ca_issuer *is;
	struct key_signer *signer;
	struct bare_db *db;
	int64_t seq;
	uint8_t head[32];
};

/* -- before the clock starts: what the service would read, and the bytes to sign */

static void
build(struct bare *b, struct row *r, int64_t now)
{
	struct ca_request rq = {.profile = profile_find(STR("private-tls"), 0), .dns = &r->name, .n_dns = 1,
		.spki = r->app.spki};
	char *back = arena_alloc(&b->a, r->name.n);
	ERR(e);

	serial_new(now, r->serial);
	ca_validity(rq.profile, b->is, now, 0, 0, &rq.not_before_ms, &rq.not_after_ms);
	r->not_before_ms = rq.not_before_ms;
	r->not_after_ms = rq.not_after_ms;
	world_need(ca_tbs_build(b->is, &rq, r->serial, &b->a, &r->tbs, &e), &e, "tbs");
	digest_sha256(r->app.spki, r->spki_sha256);
	for (size_t i = 0; i < r->name.n; i++)
		back[i] = r->name.p[r->name.n - 1 - i];
	r->reversed = (struct str){back, r->name.n};
}

static int
load_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct bare *b = arg;
	int r = 1;

	for (size_t i = 0; r > 0 && i < b->n; i++) {
		struct row_application_name *names;
		size_t n = 0;

		r = q_application_get(tx, b->w->staff.account, b->ids[i], &b->a, &b->rows[i].app, e);
		if (r > 0 && q_application_names(tx, b->w->staff.account, b->ids[i], &b->a, &names, &n, e) == 0 && n == 1)
			b->rows[i].name = names[0].ascii;
		else
			abort();
	}
	return MIN(r, 0);
}

/* -- the loop */

static struct bare *self; /* one thread, one loop */

static void
audit(struct bare *b, const struct row *r, struct str act, struct str detail)
{
	BUF(text, 4096);
	int64_t now = clock_wall_ms();

	buf_put(&text, b->head, sizeof(b->head));
	buf_printf(&text, "%lld %lld %lld %lld %.*s certificates %.*s", (long long)++b->seq, (long long)now,
		(long long)r->app.account, (long long)r->id, STRF(act), STRF(detail));
	digest_sha256(buf_blob(&text), b->head);
	RUN(BARE_AUDIT, I(b->seq), I(now), I(r->app.account), T(act), I(r->id), T(detail), B(b->head, 32));
}

static void
reserve(struct bare *b, struct row *rows, size_t n)
{
	b->db->begin(b->db);
	for (size_t i = 0; i < n; i++) {
		struct row *r = &rows[i];

		RUN_FOR(&r->id, BARE_RESERVE, I(r->app.account), I(r->app.id), I(r->app.subscription), I(r->app.product),
			T(r->app.name), I(b->is->id), B(r->serial, SERIAL_LEN), B(r->tbs.p, r->tbs.n),
			B(r->spki_sha256, 32), I(r->not_before_ms), I(r->not_after_ms), I(clock_wall_ms()));
	}
	b->db->settle(b->db);
	for (size_t i = 0; i < n; i++)
		audit(b, &rows[i], STR("certificate.reserve"), STR("{}"));
	b->db->commit(b->db);
}

static void
save_one(struct bare *b, const struct row *r, struct blob der)
{
	ARENA(a);
	uint8_t sha256[32];
	int64_t now = clock_wall_ms();

	digest_sha256(der, sha256);
	RUN(BARE_SAVE, B(der.p, der.n), B(sha256, 32), I(now), I(r->id));
	RUN(BARE_NAME, I(r->app.account), T(r->name), T(r->reversed), I(r->id));
	RUN(BARE_APPLICATION, I(r->id), I(now), I(now), I(r->app.id));
	RUN(BARE_SUBSCRIPTION, I(now), I(r->not_after_ms), I(now), I(r->app.id), I(r->app.subscription));
	RUN(BARE_COUNTER, I(b->w->staff.account));
	RUN(BARE_EXPIRY, I(b->w->staff.account), I(r->not_after_ms / MS_DAY), I(1));
	RUN(BARE_NOTICE, I(r->app.account), I(NOTICE_APPLICATION_ISSUED), I(r->id), I(now), T(r->name), I(r->not_after_ms));
	audit(b, r, STR("subscription.move"), STR("{\"from\":\"assigned\",\"to\":\"active\"}"));
	audit(b, r, STR("certificate.issue"), arena_printf(&a, "{\"name\":\"%.*s\"}", STRF(r->name)));
}

static void
save(struct bare *b, struct row *rows, const struct blob *ders, size_t n)
{
	b->db->begin(b->db);
	for (size_t i = 0; i < n; i++)
		save_one(b, &rows[i], ders[i]);
	b->db->commit(b->db);
}

static void
group(struct bare *b, struct row *rows, size_t n)
{
	struct blob ders[BARE_GROUP];
	ARENA(a);
	ERR(e);

	reserve(b, rows, n);
	for (size_t i = 0; i < n; i++) {
		struct blob sig;

		world_need(key_signer_sign(b->signer, rows[i].tbs, &a, &sig, &e), &e, "sign");
		ders[i] = cert_assemble(rows[i].tbs, KEY_EC_P256, sig, &a);
	}
	save(b, rows, ders, n);
}

static int
head_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct bare *b = arg;
	struct row_audit_head_get head = {0};
	int r = q_audit_head_get(tx, NODE, 0, &b->a, &head, e);

	if (r > 0) {
		b->seq = head.seq;
		memcpy(b->head, head.hash.p, sizeof(b->head));
	}
	return MIN(r, 0);
}

void
bare_issue(struct world *w, const char *url, const int64_t *applications, size_t n, double *took_s, double *cpu)
{
	struct bare b = {.w = w, .ids = applications, .n = n, .is = issuer_for(w->svc, KEY_EC_P256)};
	int64_t now = clock_wall_ms();
	KEY(k);
	ERR(e);

	b.rows = calloc(n, sizeof(*b.rows));
	if (!b.rows)
		abort();
	world_need(db_read(w->db, load_body, &b, &e), &e, "load");
	world_need(db_read(w->db, head_body, &b, &e), &e, "head");
	for (size_t i = 0; i < n; i++)
		build(&b, &b.rows[i], now);
	world_need(key_generate(KEY_EC_P256, &k, &e), &e, "key");
	world_need(key_signer_new(k, &b.signer, &e), &e, "signer");
	b.db = strncmp(url, "sqlite:", 7) == 0 ? bare_sqlite_open(url + 7) : bare_pgsql_open(url);
	self = &b;
	*took_s -= now_s();
	*cpu -= cpu_s();
	for (size_t i = 0; i < n; i += BARE_GROUP)
		group(&b, b.rows + i, MIN((size_t)BARE_GROUP, n - i));
	*took_s += now_s();
	*cpu += cpu_s();
	b.db->close(b.db);
	key_signer_free(b.signer);
	free(b.rows);
	arena_done(&b.a);
}
