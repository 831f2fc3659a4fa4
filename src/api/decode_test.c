/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "api/decode.h"

static const struct route *
route(const char *name)
{
	for (unsigned i = 0; i < api_n_routes; i++) {
		if (strcmp(api_routes[i].name, name) == 0)
			return &api_routes[i];
	}
	fail_msg("no route %s", name);
	return NULL;
}

static struct http_request
request(struct arena *a, enum http_method m, const char *query)
{
	return (struct http_request){
		.arena = a, .method = m, .target = STR("/t"), .query = str_c(query), .tls = true};
}

static void
add_header(struct http_request *rq, const char *name, const char *value)
{
	rq->headers[rq->n_headers++] = (struct http_header){str_c(name), str_c(value)};
}

static const struct {
	const char *route, *query;
	int code;
	const char *field;
} queries[] = {
	{"bill_list", NULL, 0, ""},
	{"bill_list", "", 0, ""},
	{"bill_list", "limit=1&cursor=9007199254740991", 0, ""},
	{"bill_list", "limit=200", 0, ""},
	{"bill_list", "limit=201", E_FIELD_RANGE, "limit"},
	{"bill_list", "limit=0", E_FIELD_RANGE, "limit"},
	{"bill_list", "limit=-1", E_FIELD_FORM, "limit"},
	{"bill_list", "limit=", E_FIELD_FORM, "limit"},
	{"bill_list", "limit", E_FIELD_FORM, "limit"},
	{"bill_list", "limit=1&limit=1", E_FIELD_FORM, "limit"},
	{"bill_list", "cursor=9007199254740992", E_FIELD_RANGE, "cursor"},
	{"bill_list", "cursor=99999999999999999999", E_FIELD_FORM, "cursor"},
	{"bill_list", "offset=5", E_FIELD_UNKNOWN, "offset"},
	{"bill_list", "state=paid", E_FIELD_UNKNOWN, "state"},
	{"bill_list", "li%6dit=5", 0, ""},
	{"bill_list", "limit=%35", 0, ""},
	{"bill_list", "limit=%3", E_BAD_REQUEST, ""},
	{"bill_list", "limit=5%00", E_BAD_REQUEST, ""},
	{"bill_list", "limit=x&cursor=y", E_SEVERAL_FAULTS, ""},
	{"bill_show", "limit=5", E_FIELD_UNKNOWN, "limit"},
	{"subscription_list", "state=unassigned", 0, ""},
	{"subscription_list", "state=UNASSIGNED", E_FIELD_FORM, "state"},
	{"subscription_list", "state=", E_FIELD_FORM, "state"},
	{"certificate_list", "status=revoked&name=.example.com", 0, ""},
	{"certificate_list", "status=quota", E_FIELD_FORM, "status"},
	{"certificate_list", "name=", E_FIELD_LENGTH, "name"},
	{"certificate_list", "name=a%0ab", E_FIELD_UTF8, "name"},
	{"certificate_list", "name=%ff", E_FIELD_UTF8, "name"},
	{"certificate_delete", "confirmed=true", 0, ""},
	{"share_list", "direction=received&state=ended", 0, ""},
	{"share_list", "direction=both", E_FIELD_FORM, "direction"},
	{"certificate_delete", "confirmed=yes", E_FIELD_FORM, "confirmed"},
	{"audit_list", "account=0", E_FIELD_RANGE, "account"},
};

static void
parameters_are_checked_and_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
		struct call_query q;
		ARENA(a);
		ERR(e);
		struct http_request rq = request(&a, HTTP_GET, queries[i].query);
		int r = decode_query(route(queries[i].route), &rq, &q, &e);

		if (r != queries[i].code || strcmp(e.field, queries[i].field) != 0)
			fail_msg("%s?%s: %s at \"%s\"", queries[i].route, queries[i].query, err_info(r)->name,
				e.field);
	}
}

static void
what_parameters_say_arrives(void **state)
{
	struct call_query q;
	ARENA(a);
	ERR(e);
	struct http_request rq = request(&a, HTTP_GET, "cursor=7&status=about_to_expire&name=x+y");

	(void)state;
	assert_int_equal(decode_query(route("certificate_list"), &rq, &q, &e), 0);
	assert_int_equal(q.page.limit, DECODE_LIMIT_DEFAULT);
	assert_int_equal(q.page.cursor, 7);
	assert_string_equal(q.status, "about_to_expire");
	assert_true(str_eq_c(q.name, "x y"));
	assert_int_equal(q.state, -1);
}

static const struct {
	const char *route, *type, *body;
	int code;
	const char *field;
} bodies[] = {
	{"bill_pay", NULL, "", 0, ""},
	{"bill_pay", "application/json", "{}", 0, ""},
	{"bill_pay", "application/json; charset=utf-8", "{}", 0, ""},
	{"bill_pay", "Application/JSON", "{}", 0, ""},
	{"bill_pay", NULL, "{}", E_MEDIA_TYPE, ""},
	{"bill_pay", "text/plain", "{}", E_MEDIA_TYPE, ""},
	{"bill_pay", "application/x-www-form-urlencoded", "a=b", E_MEDIA_TYPE, ""},
	{"bill_pay", "application/jsonx", "{}", E_MEDIA_TYPE, ""},
	{"bill_pay", "application/json", "{\"a\":1}", E_FIELD_UNKNOWN, "a"},
	{"bill_pay", "application/json", "[]", E_BAD_JSON, ""},
	{"bill_pay", "application/json", "null", E_BAD_JSON, ""},
	{"bill_pay", "application/json", "{", E_BAD_JSON, ""},
	{"bill_pay", "application/json", "{}{}", E_BAD_JSON, ""},
	{"bill_pay", "application/json", "{\"a\":1,\"a\":1}", E_BAD_JSON, NULL},
	{"bill_show", NULL, "", 0, ""},
	{"bill_show", "application/json", "{}", E_BAD_REQUEST, ""},
	{"account_top_up", NULL, "", E_FIELD_MISSING, "amount"},
	{"account_top_up", "application/json", "{\"amount\":5,\"note\":\"\xff\"}", E_FIELD_UTF8, NULL},
};

static void
bodies_are_json_objects_of_the_right_media_type(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		const void *in;
		ARENA(a);
		ERR(e);
		struct http_request rq = request(&a, HTTP_POST, NULL);
		int r;

		rq.body = blob_of(str_c(bodies[i].body));
		if (bodies[i].type)
			add_header(&rq, "Content-Type", bodies[i].type);
		r = decode_body(route(bodies[i].route), &rq, &in, &e);
		if (r != bodies[i].code || (bodies[i].field && strcmp(e.field, bodies[i].field) != 0))
			fail_msg("%s %s: %s at \"%s\"", bodies[i].route, bodies[i].body, err_info(r)->name, e.field);
	}
}

static void
if_match_takes_what_this_service_gives_as_etag(void **state)
{
	static const struct {
		const char *value;
		int64_t version;
	} table[] = {{"\"7\"", 7}, {"*", 0}, {"7", -1}, {"W/\"7\"", -1}, {"\"x\"", -1}, {"\"\"", -1}, {"\"0\"", -1},
		{"\"07\"", -1}, {"\"9007199254740992\"", -1}, {"", -1}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		ARENA(a);
		ERR(e);
		struct http_request rq = request(&a, HTTP_PATCH, NULL);
		int64_t version = -1;
		int r;

		add_header(&rq, "If-Match", table[i].value);
		r = decode_if_match(&rq, &version, &e);
		assert_int_equal(r, table[i].version < 0 ? E_PRECONDITION : 0);
		if (r == 0)
			assert_int_equal(version, table[i].version);
	}
}

static void
an_idempotency_key_is_printable_and_bound_to_its_request(void **state)
{
	char longest[IDEM_KEY_MAX + 2];
	struct idem one, two;
	ARENA(a);
	ERR(e);
	struct http_request rq = request(&a, HTTP_POST, NULL);

	(void)state;
	assert_int_equal(decode_key(&rq, &one, &e), 0);
	assert_null(one.key.p);
	add_header(&rq, "Idempotency-Key", "abc-1");
	assert_int_equal(decode_key(&rq, &one, &e), 0);
	assert_true(str_eq_c(one.key, "abc-1"));
	rq.body = blob_of(STR("{}"));
	assert_int_equal(decode_key(&rq, &two, &e), 0);
	assert_memory_not_equal(one.request_sha256, two.request_sha256, 32);
	rq.headers[0].value = STR("a b");
	assert_int_equal(decode_key(&rq, &two, &e), E_FIELD_FORM);
	rq.headers[0].value = STR("");
	assert_int_equal(decode_key(&rq, &two, &e), E_FIELD_LENGTH);
	memset(longest, 'k', sizeof(longest));
	rq.headers[0].value = (struct str){longest, IDEM_KEY_MAX + 1};
	assert_int_equal(decode_key(&rq, &two, &e), E_FIELD_LENGTH);
	rq.headers[0].value.n = IDEM_KEY_MAX;
	assert_int_equal(decode_key(&rq, &two, &e), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameters_are_checked_and_named),
		cmocka_unit_test(what_parameters_say_arrives),
		cmocka_unit_test(bodies_are_json_objects_of_the_right_media_type),
		cmocka_unit_test(if_match_takes_what_this_service_gives_as_etag),
		cmocka_unit_test(an_idempotency_key_is_printable_and_bound_to_its_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
