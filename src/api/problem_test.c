/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "api/problem.h"
#include "text/json.h"

static struct str
header(const struct http_response *rs, const char *name)
{
	for (unsigned i = 0; i < rs->n_headers; i++) {
		if (str_eq_c(rs->headers[i].name, name))
			return rs->headers[i].value;
	}
	return (struct str){NULL, 0};
}

static const struct json *
told(struct http_response *rs, struct arena *a, const struct err *problem)
{
	const struct json *v = NULL;
	ERR(e);

	problem_reply(rs, a, problem, STR("r1"));
	assert_string_equal(rs->content_type, "application/problem+json");
	assert_int_equal(json_parse(buf_str(&rs->body), a, &v, &e), 0);
	return v;
}

static void
a_problem_has_code_detail_hint_field_and_request(void **state)
{
	struct http_response rs = {.status = 200, .body = {.max = 65536}};
	const struct json *v;
	int64_t status;
	ARENA(a);
	ERR(e);

	(void)state;
	buf_put_c(&rs.body, "half an answer");
	http_reply_header(&rs, "ETag", STR("\"1\""));
	err_field(&e, E_NAME_SYNTAX, "names[0]", "the name \"a\"b\" is no \x01 domain \xff name");
	v = told(&rs, &a, &e);
	assert_int_equal(rs.status, 422);
	assert_true(json_int(json_at(v, "status"), &status) && status == 422);
	assert_true(str_eq_c(json_str(json_at(v, "code")), "NAME_SYNTAX"));
	assert_true(str_eq_c(json_str(json_at(v, "type")), "/api/v1/errors#NAME_SYNTAX"));
	assert_true(str_eq_c(json_str(json_at(v, "field")), "names[0]"));
	assert_true(str_eq_c(json_str(json_at(v, "request_id")), "r1"));
	assert_true(str_eq_c(json_str(json_at(v, "hint")), err_info(E_NAME_SYNTAX)->hint));
	assert_int_equal(json_count(json_at(v, "causes")), 0);
	assert_null(header(&rs, "ETag").p);
	assert_true(str_eq_c(header(&rs, "Cache-Control"), "no-store"));
	buf_done(&rs.body);
}

static void
several_faults_are_causes(void **state)
{
	struct http_response rs = {.body = {.max = 65536}};
	const struct json *causes;
	ARENA(a);
	ERR(e);

	(void)state;
	err_note(&e, E_FIELD_MISSING, "a", "the field is required");
	err_note(&e, E_FIELD_RANGE, "b", "too big");
	assert_int_equal(err_faults(&e), E_SEVERAL_FAULTS);
	causes = json_at(told(&rs, &a, &e), "causes");
	assert_int_equal(json_count(causes), 2);
	assert_true(str_eq_c(json_str(json_at(json_item(causes, 1), "field")), "b"));
	assert_true(str_eq_c(json_str(json_at(json_item(causes, 1), "code")), "FIELD_RANGE"));
	buf_done(&rs.body);
}

static void
every_code_can_be_told_and_busy_ones_say_when_to_come_back(void **state)
{
	(void)state;
	for (int i = 1; i <= ERR_CODE_LAST; i++) {
		struct http_response rs = {.body = {.max = 65536}};
		ARENA(a);
		ERR(e);

		err_set(&e, -i, "x");
		told(&rs, &a, &e);
		assert_int_equal(rs.status, err_info(-i)->http);
		assert_int_equal(header(&rs, "Retry-After").p != NULL, rs.status == 503 || rs.status == 429);
		assert_int_equal(header(&rs, "WWW-Authenticate").p != NULL, rs.status == 401);
		buf_done(&rs.body);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_problem_has_code_detail_hint_field_and_request),
		cmocka_unit_test(several_faults_are_causes),
		cmocka_unit_test(every_code_can_be_told_and_busy_ones_say_when_to_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
