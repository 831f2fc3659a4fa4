/* SPDX-License-Identifier: Apache-2.0 */
/* The doors and the service behind them, on the engine named by the first argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "api/route.h"
#include "rest_env.h"
#include "service/svc_priv.h"

#define CONTACT "\"contact\":{\"name\":\"Li Wei\",\"email\":\"li@example.com\",\"phone\":\"+86 21 5555\"}"

static struct env v;
static unsigned customers;

struct customer {
	int64_t account;
	const char *name, *password, *key;
};

static struct told
ask(const char *method, const char *path, const char *key, const char *body)
{
	return env_ask(&v, &(struct ask){.method = method, .path = path, .key = key, .body = body});
}

static struct told
must(const char *method, const char *path, const char *key, const char *body)
{
	struct told t = ask(method, path, key, body);

	if (t.status >= 300)
		fail_msg("%s %s: %d %.*s", method, path, t.status, STRF(t.body));
	return t;
}

static void
refused(const char *method, const char *path, const char *key, const char *body, const char *code)
{
	struct told t = ask(method, path, key, body);

	if (strcmp(told_code(&t), code) != 0)
		fail_msg("%s %s: %d %.*s instead of %s", method, path, t.status, STRF(t.body), code);
}

static const char *PRINTF(1, 2)
text(const char *fmt, ...)
{
	struct str s;
	va_list ap;

	va_start(ap, fmt);
	s = arena_vprintf(&v.arena, fmt, ap);
	va_end(ap);
	return s.p;
}

static const char *
cookie_of(const struct customer *c, const char *user, const char *password)
{
	struct told t = must("POST", "/api/v1/sessions", NULL,
		text("{\"account\":\"%s\",\"user\":\"%s\",\"password\":\"%s\"}", c->name, user, password));
	struct str set = told_header(&t, "Set-Cookie");

	return arena_cstr(&v.arena, str_cut(&set, ';'));
}

static const char *
key_of(const char *cookie)
{
	struct told t = env_ask(&v, &(struct ask){.method = "POST",
					    .path = "/api/v1/access-keys",
					    .cookie = cookie,
					    .origin = "https://localhost",
					    .body = "{}"});

	assert_int_equal(t.status, 201);
	return text("%.*s.%.*s", STRF(told_str(&t, "access_key_id")), STRF(told_str(&t, "access_key_secret")));
}

static struct customer
a_customer(int64_t money)
{
	struct customer c = {.name = text("customer%u", ++customers)};
	struct told t = must("POST", "/api/v1/accounts", v.admin,
		text("{\"name\":\"%s\",\"owner_name\":\"Ltd\",\"user_name\":"
		     "\"owner\",\"user_email\":\"o@example.com\"}",
			c.name));

	c.account = told_int(&t, "account.id");
	c.password = arena_cstr(&v.arena, told_str(&t, "password"));
	if (money)
		must("POST", text("/api/v1/accounts/%lld:top_up", (long long)c.account), v.admin,
			text("{\"amount\":%lld}", (long long)money));
	c.key = key_of(cookie_of(&c, "owner", c.password));
	return c;
}

/* -- the way of a customer */

static void
a_customer_buys_drafts_edits_and_withdraws(void **state)
{
	struct customer c = a_customer(10000000);
	struct told t;
	int64_t id;

	(void)state;
	t = must("POST", "/api/v1/purchases", c.key, "{\"product\":\"private-multi\",\"n_common\":4}");
	assert_int_equal(t.status, 201);
	assert_true(str_eq_c(told_str(&t, "subscriptions.0.state"), "unassigned"));
	t = must("POST", "/api/v1/applications", c.key,
		"{\"product\":\"private-multi\",\"names\":[\"www.example.com\"],\"method\":\"dns\"," CONTACT "}");
	id = told_int(&t, "id");
	assert_true(str_eq_c(told_str(&t, "state"), "draft"));
	assert_true(str_eq_c(told_header(&t, "Location"), text("/api/v1/applications/%lld", (long long)id)));
	t = must("PATCH", text("/api/v1/applications/%lld", (long long)id), c.key,
		"{\"names\":[\"a.example.com\",\"b.example.com\"],\"method\":\"file\"}");
	assert_true(str_eq_c(told_str(&t, "method"), "file"));
	assert_true(str_eq_c(told_str(&t, "names.1.name"), "b.example.com"));
	assert_true(str_eq_c(told_str(&t, "contact.name"), "Li Wei"));
	t = must("POST", text("/api/v1/applications/%lld:submit", (long long)id), c.key, NULL);
	assert_true(str_eq_c(told_str(&t, "state"), "validating"));
	assert_true(str_eq_c(told_str(&t, "authorizations.0.publish.type"), "FILE"));
	assert_true(told_str(&t, "authorizations.0.publish.value").n >= 32);
	t = must("POST", text("/api/v1/applications/%lld:cancel", (long long)id), c.key, "{}");
	assert_true(str_eq_c(told_str(&t, "state"), "cancelled"));
	t = must("DELETE", text("/api/v1/applications/%lld", (long long)id), c.key, NULL);
	assert_int_equal(t.status, 204);
	refused("GET", text("/api/v1/applications/%lld", (long long)id), c.key, NULL, "NOT_FOUND");
	t = must("GET", "/api/v1/subscriptions?state=unassigned", c.key, NULL);
	assert_int_equal(json_count(json_at(t.json, "items")), 1);
}

/* Signet's own name: issued without DNS. */
static int64_t
an_issued_certificate(void)
{
	struct told t;
	int64_t id;
	ERR(e);

	must("POST", "/api/v1/purchases", v.admin, "{\"product\":\"internal\",\"n_common\":2}");
	t = must("POST", "/api/v1/applications", v.admin,
		"{\"product\":\"internal\",\"names\":[\"localhost\"],\"method\":\"internal\",\"submit\":true}");
	id = told_int(&t, "id");
	v.w.owner.account = v.w.staff.account;
	world_prove(&v.w, id);
	world_need(issue_application(v.w.svc, v.w.staff.account, id, &e), &e, "issue");
	t = must("GET", text("/api/v1/applications/%lld", (long long)id), v.admin, NULL);
	assert_true(str_eq_c(told_str(&t, "state"), "issued"));
	return told_int(&t, "certificates.0.id");
}

static void
a_certificate_is_shown_downloaded_revoked_and_deleted(void **state)
{
	long long id = an_issued_certificate();
	struct told t, crl;

	(void)state;
	t = must("GET", text("/api/v1/certificates/%lld", id), v.admin, NULL);
	assert_true(str_eq_c(told_str(&t, "status"), "issued"));
	assert_true(str_eq_c(told_str(&t, "content.names.0.name"), "localhost"));
	assert_true(told_int(&t, "content.chain.0.days_left") > 300);
	crl = env_ask(
		&v, &(struct ask){.method = "GET",
			    .plain = true,
			    .path = arena_cstr(&v.arena, told_str(&t, "crl_url")) + strlen("http://127.0.0.1:8080")});
	assert_int_equal(crl.status, 200);
	assert_true(str_eq_c(crl.content_type, "application/pkix-crl"));
	assert_true(str_starts(told_header(&crl, "Cache-Control"), STR("max-age=")));
	t = must("GET", text("/api/v1/certificates/%lld/package?format=nginx", id), v.admin, NULL);
	assert_true(str_eq_c(t.content_type, "application/zip") && memcmp(t.body.p, "PK", 2) == 0);
	t = must("GET", text("/api/v1/certificates/%lld/pem", id), v.admin, NULL);
	assert_true(str_starts(t.body, STR("-----BEGIN CERTIFICATE-----")));
	refused("GET", text("/api/v1/certificates/%lld/package?format=zip", id), v.admin, NULL, "FORMAT_UNKNOWN");
	refused("DELETE", text("/api/v1/certificates/%lld", id), v.admin, NULL, "DELETE_VALID");
	t = must("GET", "/api/v1/certificates?status=issued&name=localhost", v.admin, NULL);
	assert_int_equal(told_int(&t, "items.0.id"), id);
	t = must("POST", text("/api/v1/certificates/%lld:revoke", id), v.admin, "{\"reason\":\"superseded\"}");
	assert_true(str_eq_c(told_str(&t, "status"), "revoked"));
	assert_true(str_eq_c(told_str(&t, "reason"), "superseded"));
	refused("GET", text("/api/v1/certificates/%lld/package", id), v.admin, NULL, "CONTENT_CLOSED");
	refused("GET", text("/api/v1/certificates/%lld/pem", id), v.admin, NULL, "CONTENT_CLOSED");
	assert_int_equal(must("DELETE", text("/api/v1/certificates/%lld", id), v.admin, NULL).status, 204);
	refused("GET", text("/api/v1/certificates/%lld", id), v.admin, NULL, "NOT_FOUND");
}

/* -- once */

static void
a_repeated_key_does_nothing_again_and_shows_what_was_made(void **state)
{
	struct customer c = a_customer(10000000);
	struct ask buy = {.method = "POST",
		.path = "/api/v1/purchases",
		.key = c.key,
		.idem = "k-1",
		.body = "{\"product\":\"private-multi\",\"n_common\":1,\"quantity\":3}"};
	struct ask user = {.method = "POST",
		.path = "/api/v1/users",
		.key = c.key,
		.idem = "k-2",
		.body = "{\"name\":\"bob\",\"email\":\"b@example.com\",\"role\":\"viewer\"}"};
	struct told one = env_ask(&v, &buy), two = env_ask(&v, &buy);

	(void)state;
	assert_int_equal(one.status, 201);
	assert_int_equal(two.status, 201);
	assert_true(str_eq_c(told_header(&two, "Idempotency-Replayed"), "true"));
	assert_int_equal(told_int(&one, "bill.id"), told_int(&two, "bill.id"));
	assert_int_equal(json_count(json_at(two.json, "subscriptions")), 3);
	assert_int_equal(json_count(json_at(must("GET", "/api/v1/bills", c.key, NULL).json, "items")), 1);
	buy.body = "{\"product\":\"private-multi\",\"n_common\":2}";
	two = env_ask(&v, &buy);
	assert_string_equal(told_code(&two), "IDEMPOTENCY_MISMATCH");
	one = env_ask(&v, &user);
	two = env_ask(&v, &user);
	assert_true(told_str(&one, "password").n > 0);
	assert_null(told_str(&two, "password").p);
	assert_int_equal(told_int(&one, "user.id"), told_int(&two, "user.id"));
	/* a refused act leaves its key free */
	buy.idem = "k-3";
	buy.body = "{\"product\":\"nothing\"}";
	assert_true(env_ask(&v, &buy).status >= 400);
	buy.body = "{\"product\":\"private-multi\",\"n_common\":1}";
	assert_int_equal(env_ask(&v, &buy).status, 201);
}

static void
an_edit_of_an_old_version_is_refused(void **state)
{
	struct customer c = a_customer(0);
	struct told made = must(
		"POST", "/api/v1/users", c.key, "{\"name\":\"bob\",\"email\":\"b@example.com\",\"role\":\"viewer\"}");
	const char *path = text("/api/v1/users/%lld", (long long)told_int(&made, "user.id"));
	struct told t = must("GET", path, c.key, NULL);
	struct ask patch = {.method = "PATCH",
		.path = path,
		.key = c.key,
		.body = "{\"email\":\"c@example.com\"}",
		.if_match = arena_cstr(&v.arena, told_header(&t, "ETag"))};

	(void)state;
	assert_true(told_header(&t, "ETag").n >= 3);
	t = env_ask(&v, &patch);
	assert_int_equal(t.status, 200);
	assert_false(str_eq_c(told_header(&t, "ETag"), patch.if_match));
	t = env_ask(&v, &patch);
	assert_string_equal(told_code(&t), "PRECONDITION");
	patch.if_match = "*";
	assert_int_equal(env_ask(&v, &patch).status, 200);
	patch.if_match = NULL;
	assert_int_equal(env_ask(&v, &patch).status, 200);
}

/* -- who */

static void
a_session_writes_only_from_its_own_origin_and_ends(void **state)
{
	struct customer c = a_customer(0);
	const char *cookie = cookie_of(&c, "owner", c.password);
	struct ask q = {.method = "POST", .path = "/api/v1/access-keys", .cookie = cookie, .body = "{}"};
	struct told t = env_ask(&v, &q);

	(void)state;
	assert_string_equal(told_code(&t), "ORIGIN_REFUSED");
	q.origin = "https://evil.example";
	t = env_ask(&v, &q);
	assert_string_equal(told_code(&t), "ORIGIN_REFUSED");
	q.origin = "http://localhost";
	t = env_ask(&v, &q);
	assert_string_equal(told_code(&t), "ORIGIN_REFUSED");
	q.origin = "https://localhost:443";
	assert_int_equal(env_ask(&v, &q).status, 201);
	/* reading needs none */
	assert_int_equal(
		env_ask(&v, &(struct ask){.method = "GET", .path = "/api/v1/me", .cookie = cookie}).status, 200);
	q = (struct ask){.method = "DELETE",
		.path = "/api/v1/sessions/current",
		.cookie = cookie,
		.origin = "https://localhost"};
	t = env_ask(&v, &q);
	assert_int_equal(t.status, 204);
	assert_true(str_starts(told_header(&t, "Set-Cookie"), STR("__Host-session=;")));
	t = env_ask(&v, &(struct ask){.method = "GET", .path = "/api/v1/me", .cookie = cookie});
	assert_string_equal(told_code(&t), "UNAUTHENTICATED");
	q = (struct ask){.method = "POST",
		.path = "/api/v1/sessions",
		.origin = "https://evil.example",
		.body = text("{\"account\":\"%s\",\"user\":\"owner\",\"password\":\"%s\"}", c.name, c.password)};
	t = env_ask(&v, &q);
	assert_string_equal(told_code(&t), "ORIGIN_REFUSED");
}

static void
a_user_touches_his_own_keys_and_an_owner_all(void **state)
{
	struct customer c = a_customer(0);
	struct told t = must(
		"POST", "/api/v1/users", c.key, "{\"name\":\"bob\",\"email\":\"b@example.com\",\"role\":\"viewer\"}");
	const char *bob = key_of(cookie_of(&c, "bob", arena_cstr(&v.arena, told_str(&t, "password"))));
	int64_t bob_id = told_int(&t, "user.id"), owner_key, bob_key;

	(void)state;
	t = must("GET", "/api/v1/access-keys", bob, NULL);
	owner_key = told_int(&t, "items.0.id");
	bob_key = told_int(&t, "items.1.id");
	refused("DELETE", text("/api/v1/access-keys/%lld", (long long)owner_key), bob, NULL, "FORBIDDEN");
	refused("POST", "/api/v1/access-keys", bob, text("{\"user\":%lld}", (long long)told_int(&t, "items.0.user")),
		"FORBIDDEN");
	must("POST", "/api/v1/access-keys", bob, text("{\"user\":%lld}", (long long)bob_id));
	must("POST", "/api/v1/access-keys", c.key, text("{\"user\":%lld}", (long long)bob_id));
	must("DELETE", text("/api/v1/access-keys/%lld", (long long)bob_key), bob, NULL);
	refused("GET", "/api/v1/me", bob, NULL, "UNAUTHENTICATED");
}

/* -- every route */

static const char *
filled(const char *path, int64_t id)
{
	const char *at = strstr(path, "{id}");

	return at ? text("%.*s%lld%s", (int)(at - path), path, (long long)id, at + 4) : path;
}

static void
no_route_but_the_public_ones_answers_nobody_and_none_in_the_clear(void **state)
{
	static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};

	(void)state;
	for (unsigned i = 0; i < api_n_routes; i++) {
		const struct route *rt = &api_routes[i];
		struct ask q = {
			.method = methods[rt->method], .path = filled(rt->path, 1), .key = v.admin, .plain = true};
		struct told t = env_ask(&v, &q);

		assert_string_equal(told_code(&t), "TLS_REQUIRED");
		q.plain = false;
		q.key = NULL;
		t = env_ask(&v, &q);
		if (rt->right == RIGHT_PUBLIC)
			assert_int_not_equal(t.status, 401);
		else
			assert_string_equal(told_code(&t), "UNAUTHENTICATED");
		q.key = "AKIDxxxxxxxxxxxxxxxx.wrong";
		t = env_ask(&v, &q);
		if (rt->right != RIGHT_PUBLIC)
			assert_string_equal(told_code(&t), "UNAUTHENTICATED");
	}
}

static void
what_every_get_route_says_is_json_and_not_to_be_kept(void **state)
{
	(void)state;
	for (unsigned i = 0; i < api_n_routes; i++) {
		const struct route *rt = &api_routes[i];
		struct told t;

		if (rt->method != HTTP_GET)
			continue;
		t = ask("GET", filled(rt->path, 1), v.admin, NULL);
		if (t.status != 200 && strcmp(told_code(&t), "NOT_FOUND") != 0 &&
			strcmp(told_code(&t), "FIELD_MISSING") != 0) /* a parameter that a list needs */
			fail_msg("%s: %d %.*s", rt->path, t.status, STRF(t.body));
		assert_true(str_eq_c(told_header(&t, "Cache-Control"), "no-store"));
		assert_true(told_header(&t, "Request-Id").n > 0);
	}
}

static void
other_paths_lead_somewhere_clear(void **state)
{
	struct told t;

	(void)state;
	t = ask("GET", "/", NULL, NULL);
	assert_int_equal(t.status, 308);
	t = env_ask(&v, &(struct ask){.method = "GET", .path = "/console/", .plain = true});
	assert_true(str_eq_c(told_header(&t, "Location"), "https://localhost/console/"));
	t = ask("GET", "/console/", NULL, NULL);
	assert_true(t.status == 200 && str_starts(t.body, STR("<!DOCTYPE html>")));
	assert_non_null(told_header(&t, "Content-Security-Policy").p);
	assert_int_equal(ask("GET", "/healthz", NULL, NULL).status, 200);
	refused("GET", "/nowhere", NULL, NULL, "NOT_FOUND");
	refused("GET", "/api/v1/nowhere", v.admin, NULL, "NOT_FOUND");
	refused("GET", "/api", v.admin, NULL, "NOT_FOUND");
	t = ask("PUT", "/api/v1/users", v.admin, NULL);
	assert_true(t.status == 405 && str_eq_c(told_header(&t, "Allow"), "GET, HEAD, POST"));
	refused("GET", "/metrics", NULL, NULL, "UNAUTHENTICATED");
	t = ask("GET", "/metrics", v.admin, NULL);
	assert_non_null(memmem(t.body.p, t.body.n, "signet_events_total{event=\"http.done\"}", 38));
	refused("GET", "/.well-known/pki-validation/fileauth.txt", NULL, NULL, "NOT_FOUND");
}

static void
status_doors_answer_over_plain_http(void **state)
{
	struct told issuers = must("GET", "/api/v1/issuers", v.admin, NULL), t;
	struct ask q = {.method = "GET", .plain = true};

	(void)state;
	for (size_t i = 0; i < json_count(json_at(issuers.json, "items")); i++) {
		struct str name = told_str(&issuers, text("items.%zu.name", i));

		q.path = text("/aia/%.*s.cer", STRF(name));
		t = env_ask(&v, &q);
		assert_true(t.status == 200 && str_eq_c(t.content_type, "application/pkix-cert"));
		q.path = text("/crl/%.*s/0.crl", STRF(name));
		t = env_ask(&v, &q);
		assert_true(t.status == 200 && told_header(&t, "ETag").n > 2 && told_header(&t, "Expires").n > 20);
		q.path = text("/crl/%.*s/7777.crl", STRF(name));
		assert_int_equal(env_ask(&v, &q).status, 404);
		q.path = text("/ocsp/%.*s/AAAA", STRF(name));
		t = env_ask(&v, &q);
		assert_true(
			t.status == 200 && str_eq_c(t.content_type, "application/ocsp-response") && t.body.n == 5);
	}
	q.path = "/ocsp/nobody";
	assert_int_equal(env_ask(&v, &q).status, 404);
	q.path = "/aia/nobody.cer";
	assert_int_equal(env_ask(&v, &q).status, 404);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_customer_buys_drafts_edits_and_withdraws),
		cmocka_unit_test(a_certificate_is_shown_downloaded_revoked_and_deleted),
		cmocka_unit_test(a_repeated_key_does_nothing_again_and_shows_what_was_made),
		cmocka_unit_test(an_edit_of_an_old_version_is_refused),
		cmocka_unit_test(a_session_writes_only_from_its_own_origin_and_ends),
		cmocka_unit_test(a_user_touches_his_own_keys_and_an_owner_all),
		cmocka_unit_test(no_route_but_the_public_ones_answers_nobody_and_none_in_the_clear),
		cmocka_unit_test(what_every_get_route_says_is_json_and_not_to_be_kept),
		cmocka_unit_test(other_paths_lead_somewhere_clear),
		cmocka_unit_test(status_doors_answer_over_plain_http),
	};
	int r;

	if (!env_open(&v, argc > 1 ? argv[1] : "sqlite")) {
		printf("%s is not installed\n", argv[1]);
		return 77;
	}
	r = cmocka_run_group_tests(tests, NULL, NULL);
	env_close(&v);
	return r;
}
