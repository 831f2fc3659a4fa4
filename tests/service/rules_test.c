/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of applications and of what time does by itself, on the engine named by the first argument. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/pem.h"
#include "service/account.h"
#include "service/apply_priv.h"
#include "service/policy.h"
#include "service/purchase.h"
#include "world.h"

#define CONTACT {STR("Li Wei"), STR("li@example.com"), STR("+86 21 5555")}

static struct world w;

/* -- signing requests (SPEC 3.3) */

/* P-256, CN and DNS:a.example.com, IP:192.0.2.1, email:x@example.com. */
static const char odd_names[] =
	"-----BEGIN CERTIFICATE REQUEST-----\n"
	"MIIBEzCBugIBADAYMRYwFAYDVQQDDA1hLmV4YW1wbGUuY29tMFkwEwYHKoZIzj0C\n"
	"AQYIKoZIzj0DAQcDQgAEkff2M5TJ+sJkhtKudDm6Jr8WZHSDq/dai2tbdIaAeGjg\n"
	"Y7D2QLOC95jmOyHmmv3OW7PbHpoXMXWI+6UTzNpEYaBAMD4GCSqGSIb3DQEJDjEx\n"
	"MC8wLQYDVR0RBCYwJIINYS5leGFtcGxlLmNvbYcEwAACAYENeEBleGFtcGxlLmNv\n"
	"bTAKBggqhkjOPQQDAgNIADBFAiBqaNJ6TOzjXsSV1NM8mkAXB2K6zhR4GJPC/a24\n"
	"Y10BgwIhAOklcLqYKJ+oQ5Y/SYlDuaYG9PZXJ60jdKxI5NZDR2wB\n"
	"-----END CERTIFICATE REQUEST-----\n";

static struct str
request_of(enum key_alg alg, struct str cn, const struct str *dns, unsigned n)
{
	struct blob spki, tbs, sig, der;
	KEY(k);
	ERR(e);

	world_need(key_generate(alg, &k, &e), &e, "key");
	world_need(key_spki(k, &w.arena, &spki, &e), &e, "spki");
	world_need(csr_build_tbs(cn, dns, n, spki, &w.arena, &tbs, &e), &e, "request");
	world_need(key_sign(k, tbs, &w.arena, &sig, &e), &e, "sign");
	world_need(csr_finish(tbs, alg, sig, &w.arena, &der, &e), &e, "request");
	return pem_encode(&w.arena, "CERTIFICATE REQUEST", der);
}

struct requested {
	enum product_kind kind;
	bool ip;
	const char *names[3], *cn, *san;
	int code;
	const char *text; /* part of the message */
};

#define LABEL63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"

static const struct requested requested[] = {
	{KIND_MULTI, false, {"a.example.com", "b.example.com"}, "b.example.com", "a.example.com", 0, ""},
	{KIND_MULTI, false, {"a.example.com"}, "A.Example.COM", NULL, 0, ""},
	{KIND_MULTI, false, {"a.example.com"}, NULL, "a.example.com", E_CSR_NAMES, "has no common name"},
	{KIND_MULTI, false, {LABEL63 ".example.com"}, NULL, LABEL63 ".example.com", 0, ""},
	{KIND_SINGLE, true, {"8.8.8.8"}, NULL, NULL, 0, ""},
	{KIND_SINGLE, true, {"8.8.8.8"}, "8.8.8.8", NULL, 0, ""},
	{KIND_MULTI, false, {"a.example.com"}, "b.example.com", NULL, E_CSR_NAMES,
		"common name \"b.example.com\" is not among the names"},
	{KIND_MULTI, false, {"a.example.com"}, "a.example.com", "c.example.com", E_CSR_NAMES,
		"name \"c.example.com\" is not among the names"},
	{KIND_WILDCARD, false, {"*.example.com"}, "*.example.com", NULL, 0, ""},
	{KIND_WILDCARD, false, {"*.example.com"}, "*.example.com", "example.com", 0, ""},
	{KIND_HYBRID, false, {"a.example.com", "*.b.example.com"}, "*.b.example.com", NULL, E_CSR_NAMES,
		"\"*.b.example.com\" is a wildcard, and there is a common name"},
	{KIND_HYBRID, false, {"a.example.com", "*.b.example.com"}, "a.example.com", "*.b.example.com", 0, ""},
	{KIND_HYBRID, false, {"a.example.com", "c.example.com", "*.b.example.com"}, "c.example.com", NULL, E_CSR_NAMES,
		"\"c.example.com\" is not the first name, \"a.example.com\""},
};

static struct row_product
a_product(enum product_kind kind, bool ip)
{
	return (struct row_product){.code = STR("p"), .type = TYPE_DV, .kind = kind, .ip = ip,
		.algorithms = STR("RSA_2048 EC_P256"), .profile = STR("public-tls-dv")};
}

static int
read_form(const struct str *names, size_t n, const struct row_product *p, struct str csr, struct err *e)
{
	struct apply in = {.names = names, .n_names = n, .method = p->ip ? METHOD_FILE : METHOD_DNS,
		.key_source = KEY_SOURCE_CSR, .csr = csr, .contact = CONTACT};
	struct form f;

	return form_read(&in, p, &w.arena, &f, e);
}

static void
a_signing_request_names_what_the_form_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(requested); i++) {
		const struct requested *t = &requested[i];
		struct row_product p = a_product(t->kind, t->ip);
		struct str names[3], san = str_c(t->san);
		size_t n = 0;
		ERR(e);

		while (n < ARRAY_LEN(names) && t->names[n])
			names[n] = str_c(t->names[n]), n++;
		if (read_form(names, n, &p, request_of(KEY_EC_P256, str_c(t->cn), &san, t->san ? 1 : 0), &e) != t->code ||
			!strstr(e.msg, t->text))
			fail_msg("row %zu: %s at \"%s\": %s", i, e.code ? err_info(e.code)->name : "OK", e.field, e.msg);
		if (t->code)
			assert_string_equal(e.field, "csr");
	}
}

static void
addresses_and_other_names_of_a_request_must_be_asked_for_too(void **state)
{
	struct row_product p = a_product(KIND_SINGLE, false);
	struct str name = STR("a.example.com");
	ERR(e);

	(void)state;
	assert_int_equal(read_form(&name, 1, &p, str_c(odd_names), &e), E_SEVERAL_FAULTS);
	assert_int_equal(e.n_causes, 2);
	assert_int_equal(e.causes[0].code, E_CSR_NAMES);
	assert_non_null(strstr(e.causes[0].msg, "name \"192.0.2.1\" is not among the names"));
	assert_non_null(strstr(e.causes[1].msg, "neither host names nor addresses"));
}

static void
a_request_that_is_broken_or_of_another_algorithm_is_refused(void **state)
{
	struct row_product p = a_product(KIND_SINGLE, false);
	struct str name = STR("a.example.com"), pem = request_of(KEY_EC_P256, name, NULL, 0), sm2;
	struct blob der;
	uint8_t *bad;

	(void)state;
	{
		ERR(e);

		assert_int_equal(read_form(&name, 1, &p, STR("no request"), &e), E_CSR_UNREADABLE);
	}
	{
		ERR(e);

		world_need(csr_from_text(blob_of(pem), &w.arena, &der, &e), &e, "der");
		bad = arena_copy(&w.arena, der.p, der.n);
		bad[der.n - 1] ^= 1;
		assert_int_equal(
			read_form(&name, 1, &p, pem_encode(&w.arena, "CERTIFICATE REQUEST", BLOB(bad, der.n)), &e),
			E_CSR_SIGNATURE);
	}
	{
		ERR(e);

		sm2 = request_of(KEY_SM2, name, NULL, 0);
		assert_int_equal(read_form(&name, 1, &p, sm2, &e), E_KEY_ALGORITHM);
		assert_string_equal(e.field, "csr");
	}
	{
		ERR(e);

		assert_int_equal(read_form(&name, 1, &p, (struct str){NULL, 0}, &e), E_FIELD_MISSING);
	}
}

static struct caller
another_customer(void)
{
	static int n;
	struct account_new in = {.site = STR("cn"), .name = arena_printf(&w.arena, "other%d", ++n),
		.owner_name = STR("Other Ltd"), .owner_number = STR("92"), .currency = STR("CNY"), .user_name = STR("owner"),
		.user_email = STR("o@example.com"), .user_password = STR("correct horse battery")};
	struct row_account account;
	struct str password;
	ERR(e);

	world_need(account_create(w.svc, &w.staff, &in, &w.arena, &account, &password, &e), &e, "account");
	return (struct caller){.account = account.id, .role = ROLE_OWNER, .peer = STR("")};
}

static int
apply_with(struct str csr, int64_t subscription, struct application_view *v, struct err *e)
{
	struct str name = STR("used.example.com");
	struct apply in = {.product = STR("private-multi"), .subscription = subscription, .names = &name, .n_names = 1,
		.method = METHOD_DNS, .key_source = KEY_SOURCE_CSR, .csr = csr, .contact = CONTACT};

	return apply_create(w.svc, &w.owner, &in, &w.arena, v, e);
}

static void
a_request_serves_one_subscription_and_no_other_account(void **state)
{
	struct str name = STR("used.example.com"), csr = request_of(KEY_EC_P256, name, &name, 1);
	struct caller was = w.owner;
	struct application_view v, next;

	(void)state;
	world_buy(&w, "private-multi", 2, 4, 0);
	{
		ERR(e);

		world_need(apply_with(csr, 0, &v, &e), &e, "apply");
		assert_int_equal(apply_with(csr, 0, &next, &e), E_CSR_USED);
		assert_string_equal(e.field, "csr");
	}
	{
		ERR(e);

		/* an earlier submission of the same application */
		world_need(apply_delete(w.svc, &w.owner, v.row.id, &e), &e, "delete");
		world_need(apply_with(csr, v.row.subscription, &v, &e), &e, "apply again");
	}
	w.owner = another_customer();
	world_buy(&w, "private-multi", 1, 4, 0);
	{
		ERR(e);

		assert_int_equal(apply_with(csr, 0, &next, &e), E_CSR_USED);
	}
	w.owner = was;
}

/* Obeyed by testing builds alone. */
static char faults[] = "/tmp/signet-rules-XXXXXX";

static void
inject(const char *point, const char *what)
{
	char path[sizeof(faults) + 64];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", faults, point);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(what, f);
	fclose(f);
}

static void
clear_faults(void)
{
	static const char *const left[] = {"passed", "csr.claimed"};
	char path[sizeof(faults) + 64];

	for (size_t i = 0; i < ARRAY_LEN(left); i++) {
		snprintf(path, sizeof(path), "%s/%s", faults, left[i]);
		unlink(path);
	}
	rmdir(faults);
}

#define CLAIMERS 8

struct claim {
	pthread_t thread;
	struct caller c;
	struct str csr;
	int result;
};

static void *
claim_main(void *arg)
{
	struct claim *t = arg;
	struct str name = STR("race.example.com");
	struct apply in = {.product = STR("private-multi"), .names = &name, .n_names = 1, .method = METHOD_DNS,
		.key_source = KEY_SOURCE_CSR, .csr = t->csr, .contact = CONTACT};
	struct application_view v;
	ARENA(a);
	ERR(e);

	t->result = apply_create(w.svc, &t->c, &in, &a, &v, &e);
	return NULL;
}

static void
of_accounts_that_claim_one_request_at_the_same_moment_one_gets_it(void **state)
{
	struct str name = STR("race.example.com"), csr = request_of(KEY_EC_P256, name, &name, 1);
	struct caller was = w.owner;
	struct claim claims[CLAIMERS];
	int won = 0;

	(void)state;
	for (size_t i = 0; i < CLAIMERS; i++) {
		w.owner = another_customer();
		world_buy(&w, "private-multi", 1, 1, 0);
		claims[i] = (struct claim){.c = w.owner, .csr = csr};
	}
	w.owner = was;
	/* the first one stands between its look and its word for so long that the others would pass it by */
	inject("csr.claimed", "sleep:500");
	for (size_t i = 0; i < CLAIMERS; i++)
		assert_int_equal(pthread_create(&claims[i].thread, NULL, claim_main, &claims[i]), 0);
	for (size_t i = 0; i < CLAIMERS; i++) {
		pthread_join(claims[i].thread, NULL);
		assert_true(claims[i].result == 0 || claims[i].result == E_CSR_USED);
		won += claims[i].result == 0;
	}
	assert_int_equal(won, 1);
}

/* -- changes */

static void
a_change_leaves_alone_what_it_does_not_name(void **state)
{
	struct str names[] = {STR("www.example.com"), STR("b.example.com")};
	struct apply in = {.product = STR("private-multi"), .names = names, .n_names = 2, .method = METHOD_DNS,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_EC_P384, .no_companions = true, .contact = CONTACT};
	struct apply_patch mail = {.has = APPLY_CONTACT,
		.set = {.contact = {STR("Wang Fang"), STR("w@example.com"), STR("+1 555 0102")}}};
	struct apply_patch one = {.has = APPLY_NAMES, .set = {.names = names, .n_names = 1}};
	struct application_view v;
	int64_t version;

	(void)state;
	world_buy(&w, "private-multi", 1, 4, 0);
	{
		ERR(e);

		world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "apply");
		version = v.row.version;
		world_need(apply_change(w.svc, &w.owner, v.row.id, 0, &mail, &w.arena, &v, &e), &e, "change");
		assert_int_equal(v.n_names, 2);
		assert_int_equal(v.row.key_alg, KEY_EC_P384);
		assert_true(str_eq_c(v.row.contact_name, "Wang Fang"));
		assert_int_equal(apply_change(w.svc, &w.owner, v.row.id, version, &one, &w.arena, &v, &e), E_PRECONDITION);
	}
	{
		ERR(e);

		world_need(apply_change(w.svc, &w.owner, v.row.id, v.row.version, &one, &w.arena, &v, &e), &e, "names");
		assert_int_equal(v.n_names, 2); /* www.example.com, and its companion again */
		assert_true(v.names[1].companion);
		assert_true(str_eq_c(v.row.contact_name, "Wang Fang"));
	}
}

/* -- keys that were made for an application whose issuing failed */

struct keyed {
	int64_t application;
	struct signer_key key;
};

static int
set_key_body(struct db_tx *tx, void *arg, struct err *e)
{
	const struct keyed *k = arg;
	int r = subscriber_key_insert(tx, w.owner.account, &k->key, e);

	if (r > 0)
		r = q_application_set_key(tx, w.owner.account, k->application, BLOB(k->key.name.id, 16),
			(struct blob){NULL, 0}, k->key.spki, e);

	return r == 1 ? 0 : -1;
}

static void
give_key(struct keyed *k)
{
	ERR(e);

	world_need(subscriber_key_make(w.svc, w.owner.account, KEY_EC_P256, true, &w.arena, &k->key, &e), &e, "key");
	world_need(db_write(w.db, set_key_body, k, &e), &e, "set key");
}

static bool
is_held(const struct keyed *k)
{
	struct signer_key found;
	ERR(e);
	int r = subscriber_key_load(w.svc, w.owner.account, BLOB(k->key.name.id, 16), &w.arena, &found, &e);

	assert_true(r == 0 || r == E_KEY_NONE);
	return r == 0;
}

static void
a_key_made_for_an_application_is_kept_or_destroyed_and_never_forgotten(void **state)
{
	struct str names[] = {STR("keys.example.com")};
	struct apply in = {.product = STR("private-multi"), .names = names, .n_names = 1, .method = METHOD_DNS,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_EC_P256, .contact = CONTACT};
	struct apply_patch name = {.has = APPLY_NAME, .set = {.certificate_name = STR("renamed")}};
	struct apply_patch alg = {.has = APPLY_KEY_ALG, .set = {.key_alg = KEY_EC_P384}};
	struct apply_patch back = {.has = APPLY_KEY_ALG, .set = {.key_alg = KEY_EC_P256}};
	struct application_view v;
	struct keyed first = {0}, second = {0};
	ERR(e);

	(void)state;
	world_buy(&w, "private-multi", 1, 4, 0);
	world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "apply");
	first.application = second.application = v.row.id;
	give_key(&first);
	world_need(apply_change(w.svc, &w.owner, v.row.id, 0, &name, &w.arena, &v, &e), &e, "rename");
	assert_true(is_held(&first) && blob_eq(v.row.key_id, BLOB(first.key.name.id, 16)) && v.row.spki.n);
	world_need(apply_change(w.svc, &w.owner, v.row.id, 0, &alg, &w.arena, &v, &e), &e, "another key");
	assert_true(!is_held(&first) && !v.row.key_id.n && !v.row.spki.n);
	world_need(apply_change(w.svc, &w.owner, v.row.id, 0, &back, &w.arena, &v, &e), &e, "back");
	give_key(&second);
	world_need(apply_delete(w.svc, &w.owner, v.row.id, &e), &e, "delete");
	assert_false(is_held(&second));
}

static void
changed_companions(struct application_view *v, struct apply_patch patch, size_t want)
{
	ERR(e);

	world_need(apply_change(w.svc, &w.owner, v->row.id, 0, &patch, &w.arena, v, &e), &e, "change");
	assert_int_equal(v->n_names, want);
}

static void
companions_are_switched_by_the_applicant_alone(void **state UNUSED)
{
	struct str names[] = {STR("www.example.com"), STR("example.com"), STR("www.example.org")};
	struct apply in = {.product = STR("private-multi"), .names = names, .n_names = 3, .method = METHOD_DNS,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_EC_P384, .no_companions = true, .contact = CONTACT};
	struct apply_patch contact = {.has = APPLY_CONTACT, .set = {.contact = CONTACT}};
	struct apply_patch off = {.has = APPLY_COMPANIONS, .set = {.no_companions = true}};
	struct apply_patch on = {.has = APPLY_COMPANIONS};
	struct application_view v;
	ERR(e);

	world_buy(&w, "private-multi", 1, 2, 0);
	world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "apply");
	assert_int_equal(v.n_names, 3);
	assert_true(v.names[1].companion); /* typed, it is the same companion: not counted */
	changed_companions(&v, contact, 3);
	assert_true(v.names[1].companion);
	changed_companions(&v, off, 2);
	changed_companions(&v, contact, 2);
	changed_companions(&v, on, 4);
	changed_companions(&v, contact, 4);
}

/* -- what time does (SPEC 2) */

struct states {
	struct caller c;
	int64_t rows[SUBSCRIPTION_STATES], counted[SUBSCRIPTION_STATES], moves;
};

static int
states_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct row_counter_sums *sums;
	struct row_subscription *subs;
	struct states *t = arg;
	size_t n;
	int r = q_subscription_list(tx, t->c.account, ID_MAX, 10000, tx->arena, &subs, &n, e);

	for (size_t i = 0; r >= 0 && i < n; i++)
		t->rows[subs[i].state]++;
	if (r >= 0)
		r = q_counter_sums(tx, t->c.account, tx->arena, &sums, &n, e);
	for (size_t i = 0; r >= 0 && i < n; i++) {
		int state;

		if (sscanf(arena_cstr(tx->arena, sums[i].name), "subscription.%d", &state) == 1)
			t->counted[state] = sums[i].value;
	}
	return MIN(r, 0);
}

/* How many subscriptions are in each state, once counters and rows agree. */
static struct states
states_of(const struct caller *c)
{
	struct states t = {.c = *c};
	struct page page = {.limit = 10000};
	struct row_audit *rows;
	bool more;
	size_t n;
	ERR(e);

	world_need(svc_read(w.svc, states_body, &t, &e), &e, "states");
	assert_memory_equal(t.rows, t.counted, sizeof(t.rows));
	world_need(audit_show_list(w.svc, &w.staff, c->account, &page, &w.arena, &rows, &n, &more, &e), &e, "audit");
	for (size_t i = 0; i < n; i++)
		t.moves += str_eq_c(rows[i].act, "subscription.move") && str_starts(rows[i].detail, STR("{\"from\":")) &&
			   memmem(rows[i].detail.p, rows[i].detail.n, "\"to\":\"expired\"", 14);
	return t;
}

static int64_t
an_active_subscription(void)
{
	struct str name = STR("gate.internal");
	struct apply in = {.product = STR("internal"), .names = &name, .n_names = 1, .method = METHOD_INTERNAL,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_EC_P256, .submit = true};
	struct purchase buy = {.product = STR("internal"), .quantity = 1, .months = 12, .n_common = 1, .pay = true};
	struct row_subscription *subs;
	struct application_view v;
	struct row_bill bill;
	struct caller was = w.owner;
	size_t n;
	ERR(e);

	world_need(purchase_make(w.svc, &w.staff, &buy, &w.arena, &bill, &subs, &n, &e), &e, "purchase");
	world_need(apply_create(w.svc, &w.staff, &in, &w.arena, &v, &e), &e, "apply");
	w.owner = w.staff;
	world_prove(&w, v.row.id);
	w.owner = was;
	world_need(issue_application(w.svc, w.staff.account, v.row.id, &e), &e, "issue");
	return v.row.subscription;
}

static struct application_view
a_late_application(bool submit)
{
	struct str name = STR("late.example.com");
	struct apply in = {.product = STR("private-multi"), .names = &name, .n_names = 1, .method = METHOD_DNS,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_EC_P256, .contact = CONTACT, .submit = submit};
	struct application_view v;
	ERR(e);

	world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "apply");
	return v;
}

static void
sweep(int64_t days)
{
	ERR(e);

	world_shift(&w, days * MS_DAY);
	world_need(sweep_run(w.svc, &e), &e, "sweep");
}

static int64_t
subscription_state(const struct caller *c, int64_t id)
{
	struct row_subscription sub;
	ERR(e);

	world_need(subscription_show(w.svc, c, id, &w.arena, &sub, &e), &e, "subscription");
	return sub.state;
}

static void
what_time_moves_is_audited_and_counted_row_by_row(void **state)
{
	struct states before, after;
	struct application_view draft, sent;
	int64_t active;
	ERR(e);

	(void)state;
	if (w.clock < 0)
		skip();
	active = an_active_subscription();
	world_buy(&w, "private-multi", 230, 1, 0); /* more than go into one transaction */
	draft = a_late_application(false);
	world_shift(&w, 364 * MS_DAY);
	sent = a_late_application(true);
	before = states_of(&w.owner);
	assert_true(before.rows[SUBSCRIPTION_UNASSIGNED] > 200 && before.moves == 0);

	sweep(370);
	after = states_of(&w.owner);
	assert_int_equal(after.rows[SUBSCRIPTION_UNASSIGNED], 0);
	assert_int_equal(after.moves, after.rows[SUBSCRIPTION_EXPIRED]);
	assert_int_equal(subscription_state(&w.owner, draft.row.subscription), SUBSCRIPTION_EXPIRED);
	assert_int_equal(apply_submit(w.svc, &w.owner, draft.row.id, &w.arena, &draft, &e), E_STATE_REFUSED);
	/* used in time: it may still be finished, until validating has taken too long */
	assert_int_equal(subscription_state(&w.owner, sent.row.subscription), SUBSCRIPTION_ASSIGNED);
	assert_int_equal(subscription_state(&w.staff, active), SUBSCRIPTION_EXPIRED);
	assert_int_equal(states_of(&w.staff).moves, 1);

	sweep(400);
	assert_int_equal(subscription_state(&w.owner, sent.row.subscription), SUBSCRIPTION_EXPIRED);
	assert_int_equal(states_of(&w.owner).moves, after.moves + 1);
}

static void
an_unpaid_bill_expires_with_its_audit_row(void **state)
{
	struct purchase buy = {.product = STR("private-multi"), .quantity = 1, .months = 12, .n_common = 1};
	struct row_subscription *subs;
	struct page page = {.limit = 1};
	struct row_audit *rows;
	struct row_bill bill;
	bool more;
	size_t n;
	ERR(e);

	(void)state;
	if (w.clock < 0)
		skip();
	world_need(purchase_make(w.svc, &w.owner, &buy, &w.arena, &bill, &subs, &n, &e), &e, "purchase");
	sweep(400 + 8);
	world_need(bill_show(w.svc, &w.owner, bill.id, &w.arena, &bill, &e), &e, "bill");
	assert_int_equal(bill.state, BILL_EXPIRED);
	world_need(audit_show_list(w.svc, &w.owner, 0, &page, &w.arena, &rows, &n, &more, &e), &e, "audit");
	assert_true(str_eq_c(rows[0].act, "bill.expire") && rows[0].object_id == bill.id);
}

/* -- own values of policy rows (DESIGN 6) */

static void
an_own_value_counts_at_once_and_is_audited(void **state)
{
	struct caller admin = w.staff;
	struct page page = {.limit = 1};
	struct policy_view v;
	struct row_audit *rows;
	bool more;
	size_t n;
	ERR(e);

	(void)state;
	admin.user = 1;
	world_need(policy_set(w.svc, &admin, STR("bill-timeout"), STR("3 d"), 0, &w.arena, &v, &e), &e, "set");
	assert_true(v.active && v.id && v.effective == 3 * MS_DAY && v.by_user == 1);
	assert_int_equal(policy_value("bill-timeout", svc_now(w.svc)), 3 * MS_DAY);
	world_need(audit_show_list(w.svc, &w.staff, 0, &page, &w.arena, &rows, &n, &more, &e), &e, "audit");
	assert_true(str_eq_c(rows[0].act, "policy.set") && rows[0].user_id == 1);
	policy_use(NULL, 0);
	world_restart(&w); /* the database remembers */
	assert_int_equal(policy_value("bill-timeout", svc_now(w.svc)), 3 * MS_DAY);
	world_need(policy_unset(w.svc, &admin, STR("bill-timeout"), &w.arena, &v, &e), &e, "unset");
	assert_true(v.active && !v.id && v.effective == 7 * MS_DAY);
	assert_int_equal(policy_value("bill-timeout", svc_now(w.svc)), 7 * MS_DAY);
	assert_int_equal(policy_unset(w.svc, &admin, STR("bill-timeout"), &w.arena, &v, &e), E_NOT_FOUND);
}

static void
what_the_schedule_limits_is_tightened_and_never_loosened(void **state)
{
	static const struct {
		const char *name, *value;
		int code;
		const char *field;
	} table[] = {
		{"leaf-validity-max", "399 d", E_POLICY_BOUND, "value"},
		{"leaf-validity-max", "0 d", E_POLICY_BOUND, "value"},
		{"leaf-validity-max", "90", E_FIELD_FORM, "value"},
		{"leaf-validity-max", "90 d", 0, ""},
		{"crl-validity", "8 d", E_POLICY_BOUND, "value"},
		{"issuing-timeout", "23 h", E_POLICY_BOUND, "value"},
		{"issuing-timeout", "25 h", 0, ""},
		{"recovery-window", "1 h", E_POLICY_BOUND, "name"},
		{"ca-root-validity-max", "1 d", E_POLICY_BOUND, "name"},
		{"nonsense", "1 d", E_NOT_FOUND, "name"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct policy_view v;
		ERR(e);

		if (policy_set(w.svc, &w.staff, str_c(table[i].name), str_c(table[i].value), 0, &w.arena, &v, &e) !=
				table[i].code ||
			strcmp(e.field, table[i].field) != 0)
			fail_msg("%s = %s: %s", table[i].name, table[i].value, e.msg);
	}
	{
		struct policy_view v;
		ERR(e);

		assert_int_equal(policy_set(w.svc, &w.staff, STR("bill-timeout"), STR("1 d"), 1, &w.arena, &v, &e),
			E_FIELD_RANGE);
		/* what begins later does not count yet */
		world_need(policy_set(w.svc, &w.staff, STR("token-life"), STR("1 d"), svc_now(w.svc) + MS_DAY, &w.arena,
				   &v, &e),
			&e, "later");
		assert_true(v.active && !v.id);
		assert_int_equal(policy_value("token-life", svc_now(w.svc) + 2 * MS_DAY), MS_DAY);
	}
}

/* -- jobs */

struct wanted {
	bool meanwhile;
	struct row_job job;
	int64_t now_ms, later_ms;
};

/* Queued, taken, perhaps wanted once more, and put off by its run. */
static int
wanted_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct wanted *t = arg;
	int64_t object = t->meanwhile ? 900002 : 900001, account = w.owner.account, id;
	int r = q_job_put(tx, w.svc->node, account, WORK_DNS_CLEAN, object, tx->now_ms, tx->now_ms, &id, e);

	t->now_ms = tx->now_ms;
	t->later_ms = tx->now_ms + MS_HOUR;
	if (r > 0)
		r = q_job_take(tx, id, WORK_WAITING, 0, w.svc->node, tx->now_ms + MS_MINUTE, e);
	if (r > 0 && t->meanwhile)
		r = q_job_put(tx, w.svc->node, account, WORK_DNS_CLEAN, object, tx->now_ms, tx->now_ms, &id, e);
	if (r > 0)
		r = q_job_again(tx, id, t->later_ms, STR("BUSY"), STR(""), e);
	if (r > 0)
		r = q_job_get(tx, account, id, &w.arena, &t->job, e);
	/* it is nobody's to run */
	return r < 0 ? r : MIN(q_job_end_for(tx, WORK_DNS_CLEAN, object, tx->now_ms, e), 0);
}

static void
what_is_wanted_once_more_while_it_runs_does_not_wait(void **state)
{
	struct wanted put_off = {.meanwhile = false}, wanted = {.meanwhile = true};
	ERR(e);

	(void)state;
	world_need(svc_write(w.svc, wanted_body, &put_off, &e), &e, "put off");
	assert_int_equal(put_off.job.run_at_ms, put_off.later_ms);
	assert_int_equal(put_off.job.attempts, 1);
	world_need(svc_write(w.svc, wanted_body, &wanted, &e), &e, "wanted");
	assert_int_equal(wanted.job.state, WORK_WAITING);
	assert_true(wanted.job.run_at_ms <= wanted.now_ms);
	assert_int_equal(wanted.job.attempts, 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_wanted_once_more_while_it_runs_does_not_wait),
		cmocka_unit_test(a_signing_request_names_what_the_form_names),
		cmocka_unit_test(addresses_and_other_names_of_a_request_must_be_asked_for_too),
		cmocka_unit_test(a_request_that_is_broken_or_of_another_algorithm_is_refused),
		cmocka_unit_test(a_request_serves_one_subscription_and_no_other_account),
		cmocka_unit_test(of_accounts_that_claim_one_request_at_the_same_moment_one_gets_it),
		cmocka_unit_test(a_change_leaves_alone_what_it_does_not_name),
		cmocka_unit_test(a_key_made_for_an_application_is_kept_or_destroyed_and_never_forgotten),
		cmocka_unit_test(companions_are_switched_by_the_applicant_alone),
		cmocka_unit_test(an_own_value_counts_at_once_and_is_audited),
		cmocka_unit_test(what_the_schedule_limits_is_tightened_and_never_loosened),
		cmocka_unit_test(what_time_moves_is_audited_and_counted_row_by_row), /* from here on it is next year */
		cmocka_unit_test(an_unpaid_bill_expires_with_its_audit_row),
	};
	int failed;

	if (argc != 2)
		return 2;
	if (!mkdtemp(faults) || setenv("SIGNET_TEST_INJECT_DIR", faults, 1) != 0)
		return 2;
	if (!world_open(&w, argv[1])) {
		rmdir(faults);
		return 77; /* skipped: the engine is not installed */
	}
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	world_close(&w);
	clear_faults();
	return failed;
}
