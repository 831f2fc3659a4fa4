/* SPDX-License-Identifier: Apache-2.0 */
/* Stored signing requests on the service floor, on the engine named by the first argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/hex.h"
#include "crypto/pem.h"
#include "service/apply.h"
#include "service/csr_store.h"
#include "service/svc_priv.h"
#include "world.h"

static struct world w;
static const struct str none;

static struct csr_view
made(enum key_alg alg, const char *one, const char *two)
{
	struct str names[] = {str_c(one), two ? str_c(two) : STR("")};
	struct csr_new in = {.names = names, .n_names = two ? 2 : 1, .alg = alg};
	struct csr_view v;
	ERR(e);

	world_need(csr_create(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "csr");
	return v;
}

/* The application's input with this stored request; one more subscription is bought for it. */
static struct apply
with_csr(int64_t csr, const struct str *names, size_t n)
{
	world_buy(&w, "private-multi", 1, 4, 0);
	return (struct apply){.product = STR("private-multi"), .names = names, .n_names = n, .method = METHOD_DNS,
		.key_source = KEY_SOURCE_STORED, .csr_id = csr, .no_companions = true,
		.contact = {STR("Li Wei"), STR("li@example.com"), STR("+86 21 5555")}};
}

/* What others would bring: a key made elsewhere. */
static struct str
request_by(const struct key *k, struct str cn)
{
	struct blob spki, tbs, sig, der;
	ERR(e);

	world_need(key_spki(k, &w.arena, &spki, &e), &e, "spki");
	world_need(csr_build_tbs(cn, NULL, 0, spki, &w.arena, &tbs, &e), &e, "request");
	world_need(key_sign(k, tbs, &w.arena, &sig, &e), &e, "sign");
	world_need(csr_finish(tbs, key_alg(k), sig, &w.arena, &der, &e), &e, "request");
	return pem_encode(&w.arena, "CERTIFICATE REQUEST", der);
}

static struct str
request_of(enum key_alg alg, struct str cn)
{
	KEY(k);
	ERR(e);

	world_need(key_generate(alg, &k, &e), &e, "key");
	return request_by(k, cn);
}

static struct str
pem_of_key(const struct key *k)
{
	SECRET(der);
	ERR(e);

	world_need(key_to_pkcs8(k, &der, &e), &e, "key");
	return pem_encode(&w.arena, "PRIVATE KEY", secret_blob(der));
}

static int
upload(const struct caller *c, struct str name, struct str csr, struct str key, struct csr_view *ret, struct err *e)
{
	struct csr_brought in = {.name = name, .csr = csr, .key = key};

	err_clear(e);
	return csr_upload(w.svc, c, &in, &w.arena, ret, e);
}

static void
a_request_made_here_is_signed_and_its_key_is_held(void **state UNUSED)
{
	static const enum key_alg algs[] = {KEY_RSA_2048, KEY_EC_P256, KEY_EC_P384, KEY_SM2};

	for (size_t i = 0; i < ARRAY_LEN(algs); i++) {
		struct csr_view v = made(algs[i], " B\u00fccher.example.com.", "*.example.org");
		struct csr csr;
		ERR(e);

		world_need(csr_read(v.row.der, &w.arena, &csr, &e), &e, "read");
		assert_int_equal(csr.alg, algs[i]);
		assert_true(str_eq_c(csr.cn, "xn--bcher-kva.example.com"));
		assert_int_equal(csr.n_dns, 2);
		assert_true(str_eq_c(v.row.names, "xn--bcher-kva.example.com *.example.org"));
		assert_true(str_eq_c(v.row.name, "xn--bcher-kva.example.com"));
		assert_true(v.row.key_id.n == 16 && v.row.made_here);
	}
}

static void
all_faults_of_the_names_are_told_before_a_key_is_made(void **state UNUSED)
{
	struct str names[] = {STR("a_b.example.com"), STR("8.8.8.8")};
	struct csr_new in = {.names = names, .n_names = 2, .alg = KEY_EC_P256};
	struct csr_view v;
	ERR(e);

	assert_int_equal(csr_create(w.svc, &w.owner, &in, &w.arena, &v, &e), E_SEVERAL_FAULTS);
	in.n_names = 0;
	err_clear(&e);
	assert_int_equal(csr_create(w.svc, &w.owner, &in, &w.arena, &v, &e), E_FIELD_MISSING);
}

static void
a_request_brought_along_is_stored_once_for_each_key(void **state UNUSED)
{
	struct str text = request_of(KEY_EC_P256, STR("brought.example.com"));
	struct csr_view v, again;
	ERR(e);

	world_need(upload(&w.owner, STR("mine"), text, none, &v, &e), &e, "upload");
	assert_true(str_eq_c(v.row.name, "mine") && !v.row.key_id.n && !v.row.made_here);
	assert_int_equal(upload(&w.owner, none, text, none, &again, &e), E_CSR_STORED);
	assert_int_equal(upload(&w.owner, none, STR("nonsense"), none, &again, &e), E_CSR_UNREADABLE);
	/* another account may have it, too: what counts is who applies with it first */
	world_need(upload(&w.staff, none, text, none, &again, &e), &e, "another account");
	assert_int_equal(csr_show(w.svc, &w.staff, v.row.id, &w.arena, &again, &e), E_NOT_FOUND);
}

static void
an_application_takes_a_stored_request_and_holds_it(void **state UNUSED)
{
	struct str names[] = {STR("held.example.com"), STR("other.example.com")};
	struct csr_view v = made(KEY_EC_P256, "held.example.com", NULL);
	struct apply in = with_csr(v.row.id, names, 2);
	struct application_view app;
	struct csr_view seen;
	ERR(e);

	world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &app, &e), &e, "apply");
	assert_int_equal(app.row.key_source, KEY_SOURCE_STORED);
	assert_int_equal(app.row.key_alg, KEY_EC_P256);
	assert_int_equal(app.csr, v.row.id);
	world_need(csr_show(w.svc, &w.owner, v.row.id, &w.arena, &seen, &e), &e, "show");
	assert_true(seen.n_applications == 1 && seen.applications[0].application == app.row.id);
	assert_true(seen.uses.applications == 1 && seen.uses.certificates == 0);
	assert_int_equal(csr_remove(w.svc, &w.owner, v.row.id, &e), E_STATE_REFUSED);
	assert_non_null(strstr(e.msg, "which may yet be issued"));
	err_clear(&e);
	/* another subscription may not have it; the same application may be edited */
	in = with_csr(v.row.id, names, 1);
	assert_int_equal(apply_create(w.svc, &w.owner, &in, &w.arena, &(struct application_view){0}, &e), E_CSR_USED);
	err_clear(&e);
	{
		struct apply_patch fewer = {.has = APPLY_NAMES, .set = {.names = names, .n_names = 1}};

		world_need(apply_change(w.svc, &w.owner, app.row.id, 0, &fewer, &w.arena, &app, &e), &e, "change");
		assert_true(app.row.key_source == KEY_SOURCE_STORED && app.csr == v.row.id);
	}
	world_need(apply_delete(w.svc, &w.owner, app.row.id, &e), &e, "delete application");
	world_need(csr_remove(w.svc, &w.owner, v.row.id, &e), &e, "delete request");
	assert_int_equal(csr_show(w.svc, &w.owner, v.row.id, &w.arena, &seen, &e), E_NOT_FOUND);
}

static void
the_private_key_goes_with_its_request(void **state UNUSED)
{
	struct csr_view v = made(KEY_EC_P256, "gone.example.com", NULL);
	struct signer_key key;
	ERR(e);

	world_need(subscriber_key_load(w.svc, w.owner.account, v.row.key_id, &w.arena, &key, &e), &e, "key");
	world_need(csr_remove(w.svc, &w.owner, v.row.id, &e), &e, "remove");
	assert_int_equal(subscriber_key_load(w.svc, w.owner.account, v.row.key_id, &w.arena, &key, &e), E_KEY_NONE);
}

struct keyed {
	int64_t application;
	const struct csr_view *csr;
	struct blob spki;
};

static int
set_key_body(struct db_tx *tx, void *arg, struct err *e)
{
	const struct keyed *k = arg;
	int r = q_application_set_key(
		tx, w.owner.account, k->application, k->csr->row.key_id, (struct blob){NULL, 0}, k->spki, e);

	return r == 1 ? 0 : -1;
}

static void
an_application_that_goes_leaves_the_key_of_its_request(void **state UNUSED)
{
	struct str names[] = {STR("stays.example.com")};
	struct csr_view v = made(KEY_EC_P256, "stays.example.com", NULL);
	struct apply in = with_csr(v.row.id, names, 1);
	struct apply_patch generate = {.has = APPLY_KEY_SOURCE | APPLY_KEY_ALG,
		.set = {.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_EC_P256}};
	struct application_view app;
	struct signer_key key;
	struct keyed k = {.csr = &v};
	ERR(e);

	/* as issuing leaves it when it fails after its keys are there */
	world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &app, &e), &e, "apply");
	k.application = app.row.id;
	k.spki = app.row.spki;
	world_need(db_write(w.db, set_key_body, &k, &e), &e, "set key");
	world_need(apply_change(w.svc, &w.owner, app.row.id, 0, &generate, &w.arena, &app, &e), &e, "another key");
	assert_int_equal(app.row.key_id.n, 0);
	world_need(subscriber_key_load(w.svc, w.owner.account, v.row.key_id, &w.arena, &key, &e), &e, "key");
	world_need(apply_delete(w.svc, &w.owner, app.row.id, &e), &e, "delete");
	world_need(subscriber_key_load(w.svc, w.owner.account, v.row.key_id, &w.arena, &key, &e), &e, "key");
}

static void
what_does_not_fit_a_stored_request_is_refused(void **state UNUSED)
{
	struct str names[] = {STR("rsa.example.com")}, others[] = {STR("else.example.com")};
	struct csr_view rsa = made(KEY_RSA_2048, "rsa.example.com", NULL);
	struct apply in = with_csr(rsa.row.id, names, 1);
	struct application_view app;
	ERR(e);

	in.key_alg = KEY_SM2;
	assert_int_equal(apply_create(w.svc, &w.owner, &in, &w.arena, &app, &e), E_KEY_ALGORITHM);
	assert_non_null(strstr(e.msg, "none of SM2 comes from it"));
	assert_string_equal(e.field, "key_alg");
	err_clear(&e);
	in.key_alg = KEY_NONE;
	in.names = others;
	assert_int_equal(apply_create(w.svc, &w.owner, &in, &w.arena, &app, &e), E_SEVERAL_FAULTS); /* CN and SAN */
	err_clear(&e);
	in.names = names;
	in.csr_id = ID_MAX;
	assert_int_equal(apply_create(w.svc, &w.owner, &in, &w.arena, &app, &e), E_NOT_FOUND);
	assert_string_equal(e.field, "csr_id");
	err_clear(&e);
	in.csr_id = 0;
	assert_int_equal(apply_create(w.svc, &w.owner, &in, &w.arena, &app, &e), E_FIELD_MISSING);
	err_clear(&e);
	in.csr_id = rsa.row.id;
	assert_int_equal(apply_create(w.svc, &w.staff, &in, &w.arena, &app, &e), E_NOT_FOUND); /* another account's */
	err_clear(&e);
	world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &app, &e), &e, "apply");
}

static void
the_key_of_a_draft_changes_from_made_to_stored_and_back(void **state UNUSED)
{
	struct str names[] = {STR("turn.example.com")};
	struct csr_view v = made(KEY_EC_P384, "turn.example.com", NULL);
	struct apply in = with_csr(0, names, 1);
	struct apply_patch stored = {.has = APPLY_KEY_SOURCE | APPLY_CSR_ID,
		.set = {.key_source = KEY_SOURCE_STORED, .csr_id = v.row.id}};
	struct apply_patch generate = {.has = APPLY_KEY_SOURCE | APPLY_KEY_ALG,
		.set = {.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_EC_P256}};
	struct apply_patch nothing = {.has = APPLY_KEY_SOURCE, .set = {.key_source = KEY_SOURCE_STORED}};
	struct application_view app;
	ERR(e);

	in.key_source = KEY_SOURCE_GENERATE;
	in.key_alg = KEY_EC_P256;
	world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &app, &e), &e, "apply");
	assert_int_equal(apply_change(w.svc, &w.owner, app.row.id, 0, &nothing, &w.arena, &app, &e), E_FIELD_MISSING);
	err_clear(&e);
	world_need(apply_change(w.svc, &w.owner, app.row.id, 0, &stored, &w.arena, &app, &e), &e, "stored");
	assert_true(app.row.key_alg == KEY_EC_P384 && app.csr == v.row.id);
	world_need(apply_change(w.svc, &w.owner, app.row.id, 0, &generate, &w.arena, &app, &e), &e, "generate");
	assert_true(app.row.key_alg == KEY_EC_P256 && app.csr == 0 && app.row.csr.n == 0);
}

static int
add_key(int64_t id, struct str key, struct csr_view *ret, struct err *e)
{
	err_clear(e);
	return csr_key_add(w.svc, &w.owner, id, key, none, &w.arena, ret, e);
}

static void
a_request_may_come_with_its_key_in_the_same_text_or_beside(void **state UNUSED)
{
	struct str text, key;
	struct csr_view v;
	struct signer_key held;
	ERR(e);

	for (int beside = 0; beside < 2; beside++) {
		SECRET(out);
		KEY(k);

		world_need(key_generate(beside ? KEY_SM2 : KEY_EC_P384, &k, &e), &e, "key");
		text = request_by(k, STR("with.example.com"));
		key = pem_of_key(k);
		world_need(upload(&w.owner, none, beside ? text : arena_printf(&w.arena, "%.*s%.*s", STRF(key), STRF(text)),
				   beside ? key : none, &v, &e),
			&e, "upload");
		assert_true(v.row.key_id.n == 16 && !v.row.made_here);
		world_need(subscriber_key_load(w.svc, w.owner.account, v.row.key_id, &w.arena, &held, &e), &e, "load");
		world_need(signer_key_export(w.svc->conf.signer, &held, &out, &e), &e, "export");
		assert_true(str_eq(pem_encode(&w.arena, "PRIVATE KEY", secret_blob(out)), key));
		world_need(csr_remove(w.svc, &w.owner, v.row.id, &e), &e, "remove");
		assert_int_equal(
			subscriber_key_load(w.svc, w.owner.account, v.row.key_id, &w.arena, &held, &e), E_KEY_NONE);
		err_clear(&e);
	}
}

static void
a_key_comes_later_once_and_only_the_right_one(void **state UNUSED)
{
	struct csr_view v, again;
	KEY(k);
	KEY(other);
	ERR(e);

	world_need(key_generate(KEY_RSA_2048, &k, &e), &e, "key");
	world_need(key_generate(KEY_RSA_2048, &other, &e), &e, "key");
	assert_int_equal(upload(&w.owner, none, request_by(k, STR("later.example.com")), pem_of_key(other), &v, &e),
		E_KEY_MISMATCH);
	assert_string_equal(e.field, "key");
	world_need(upload(&w.owner, none, request_by(k, STR("later.example.com")), none, &v, &e), &e, "upload");
	assert_int_equal(add_key(v.row.id, pem_of_key(other), &again, &e), E_KEY_MISMATCH);
	assert_non_null(strstr(e.msg, arena_cstr(&w.arena, hex_encode(&w.arena, v.row.spki_sha256))));
	assert_int_equal(add_key(v.row.id, STR("nothing"), &again, &e), E_FIELD_FORM);
	assert_int_equal(add_key(v.row.id, request_by(k, STR("later.example.com")), &again, &e), E_FIELD_MISSING);
	assert_int_equal(csr_key_add(w.svc, &w.staff, v.row.id, pem_of_key(k), none, &w.arena, &again, &e), E_NOT_FOUND);
	world_need(add_key(v.row.id, arena_printf(&w.arena, "%.*s%.*s", STRF(pem_of_key(other)), STRF(pem_of_key(k))),
			   &again, &e),
		&e, "of two the one that matches");
	assert_true(again.row.key_id.n == 16);
	assert_int_equal(add_key(v.row.id, pem_of_key(k), &again, &e), E_STATE_REFUSED);
}

static size_t
found(struct csr_filter f, int64_t *ret_first)
{
	struct page page = {.limit = 10};
	struct row_csr *rows;
	bool more;
	size_t n;
	ERR(e);

	world_need(csr_show_list(w.svc, &w.owner, &f, &page, &w.arena, &rows, &n, &more, &e), &e, "list");
	assert_false(more);
	*ret_first = n ? rows[0].id : 0;
	return n;
}

static void
requests_are_found_by_words_key_and_use(void **state UNUSED)
{
	struct csr_view sm2 = made(KEY_SM2, "findable.net", "*.wild.findable.net"), brought;
	struct csr_filter f = {.search = STR("FINDABLE.n"), .held = -1};
	int64_t id;
	ERR(e);

	world_need(upload(&w.owner, STR("Findable.net by hand"), request_of(KEY_EC_P256, STR("hand.findable.net")), none,
			   &brought, &e),
		&e, "upload");
	assert_int_equal(found(f, &id), 2);
	assert_int_equal(id, brought.row.id); /* newest first, each once */
	f.alg = KEY_SM2;
	assert_int_equal(found(f, &id), 1);
	assert_int_equal(id, sm2.row.id);
	f = (struct csr_filter){.search = STR("wild.findable"), .held = -1};
	assert_int_equal(found(f, &id), 1);
	f.held = 0;
	assert_int_equal(found(f, &id), 0);
	f = (struct csr_filter){.search = STR("hand.findable.net"), .held = 0, .unused = true};
	assert_int_equal(found(f, &id), 1);
	f.search = STR("findable%");
	assert_int_equal(found(f, &id), 0);
	/* without words, by the other indexes: all of them hold what the account has of it */
	f = (struct csr_filter){.alg = KEY_SM2, .held = 1, .unused = true};
	assert_true(found(f, &id) > 0);
	f = (struct csr_filter){.held = 0};
	assert_true(found(f, &id) > 0 && id == brought.row.id);
	f = (struct csr_filter){.held = 1};
	assert_true(found(f, &id) > 0 && id != brought.row.id);
	world_need(csr_remove(w.svc, &w.owner, brought.row.id, &e), &e, "remove");
	f = (struct csr_filter){.search = STR("hand.findable.net"), .held = -1};
	assert_int_equal(found(f, &id), 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_made_here_is_signed_and_its_key_is_held),
		cmocka_unit_test(all_faults_of_the_names_are_told_before_a_key_is_made),
		cmocka_unit_test(a_request_brought_along_is_stored_once_for_each_key),
		cmocka_unit_test(an_application_takes_a_stored_request_and_holds_it),
		cmocka_unit_test(the_private_key_goes_with_its_request),
		cmocka_unit_test(an_application_that_goes_leaves_the_key_of_its_request),
		cmocka_unit_test(what_does_not_fit_a_stored_request_is_refused),
		cmocka_unit_test(the_key_of_a_draft_changes_from_made_to_stored_and_back),
		cmocka_unit_test(a_request_may_come_with_its_key_in_the_same_text_or_beside),
		cmocka_unit_test(a_key_comes_later_once_and_only_the_right_one),
		cmocka_unit_test(requests_are_found_by_words_key_and_use),
	};
	int r;

	if (argc != 2)
		return 1;
	if (!world_open(&w, argv[1]))
		return 77;
	r = cmocka_run_group_tests(tests, NULL, NULL);
	world_close(&w);
	return r;
}
