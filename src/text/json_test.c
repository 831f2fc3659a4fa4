/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdlib.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/buf.h"
#include "text/json.h"

/* Reads the request that the tables below vary: every kind of field once. */
static int
read_request(struct str text, struct arena *a, struct err *e)
{
	static const char *const kinds[] = {"dv", "ov", "ev", NULL};
	const struct json *v;
	struct json_in in, contact, *items;
	struct str s, *names;
	int64_t *files;
	size_t n;
	int64_t i;
	int word;
	bool b;
	int r = json_parse(text, a, &v, e);

	if (r < 0)
		return r;
	json_in_init(&in, v, a, e);
	json_get_str(&in, "name", JSON_REQUIRED, 1, 5, &s);
	json_get_text(&in, "note", JSON_OPTIONAL, 0, 20, &s);
	json_get_int(&in, "id", JSON_OPTIONAL, 1, ID_MAX, &i);
	json_get_bool(&in, "ca", JSON_OPTIONAL, &b);
	json_get_time(&in, "at", JSON_OPTIONAL, &i);
	json_get_strs(&in, "names", JSON_OPTIONAL, 3, 4, &names, &n);
	json_get_ints(&in, "files", JSON_OPTIONAL, 2, 1, ID_MAX, &files, &n);
	json_get_word(&in, "kind", JSON_OPTIONAL, kinds, &word);
	if (json_get_object(&in, "contact", JSON_OPTIONAL, &contact)) {
		json_get_str(&contact, "email", JSON_REQUIRED, 3, 20, &s);
		json_in_done(&contact);
	}
	if (json_get_objects(&in, "items", JSON_OPTIONAL, 2, &items, &n)) {
		for (size_t k = 0; k < n; k++) {
			json_get_int(&items[k], "n", JSON_REQUIRED, 0, 9, &i);
			json_in_done(&items[k]);
		}
	}
	json_in_done(&in);
	return err_faults(e);
}

static const struct {
	const char *text;
	int code;
	const char *field;
} bad_inputs[] = {
	{"", E_FIELD_MISSING, "name"},
	{"{}", E_FIELD_MISSING, "name"},
	{"{\"name\":null}", E_FIELD_MISSING, "name"},
	{"{\"name\":7}", E_FIELD_TYPE, "name"},
	{"{\"name\":[\"a\"]}", E_FIELD_TYPE, "name"},
	{"{\"name\":\"\"}", E_FIELD_LENGTH, "name"},
	{"{\"name\":\"123456\"}", E_FIELD_LENGTH, "name"},
	{"{\"name\":\"a\\u0000b\"}", E_FIELD_UTF8, "name"},
	{"{\"name\":\"a\",\"files\":7}", E_FIELD_TYPE, "files"},
	{"{\"name\":\"a\",\"files\":[1,\"2\"]}", E_FIELD_TYPE, "files[1]"},
	{"{\"name\":\"a\",\"files\":[1,0]}", E_FIELD_RANGE, "files[1]"},
	{"{\"name\":\"a\",\"files\":[1,2,3]}", E_FIELD_LENGTH, "files"},
	{"{\"name\":\"a\\nb\"}", E_FIELD_UTF8, "name"},
	{"{\"name\":\"a\\u007fb\"}", E_FIELD_UTF8, "name"},
	{"{\"name\":\"a\xff\"}", E_FIELD_UTF8, "name"},
	{"{\"name\":\"a\xc0\x80\"}", E_FIELD_UTF8, "name"},
	{"{\"name\":\"\xed\xa0\x80\"}", E_FIELD_UTF8, "name"},
	{"{\"name\":\"a\\\xff\"}", E_FIELD_UTF8, "name"},
	{"{\"name\":\"a\",\"contact\":{\"email\":\"a@\xfe\"}}", E_FIELD_UTF8, "contact.email"},
	{"{\"name\":\"a\",\"names\":[\"b\",\"\xfe\"]}", E_FIELD_UTF8, "names[1]"},
	{"{\"name\":\"a\",\"note\":\"a\\u0001\"}", E_FIELD_UTF8, "note"},
	{"{\"name\":\"a\",\"id\":9007199254740992}", E_FIELD_RANGE, "id"},
	{"{\"name\":\"a\",\"id\":0}", E_FIELD_RANGE, "id"},
	{"{\"name\":\"a\",\"id\":-1}", E_FIELD_RANGE, "id"},
	{"{\"name\":\"a\",\"id\":1.0}", E_FIELD_TYPE, "id"},
	{"{\"name\":\"a\",\"id\":1e3}", E_FIELD_TYPE, "id"},
	{"{\"name\":\"a\",\"id\":\"1\"}", E_FIELD_TYPE, "id"},
	{"{\"name\":\"a\",\"id\":99999999999999999999}", E_BAD_JSON, ""},
	{"{\"name\":\"a\",\"id\":1e999}", E_BAD_JSON, ""},
	{"{\"name\":\"a\",\"ca\":1}", E_FIELD_TYPE, "ca"},
	{"{\"name\":\"a\",\"ca\":\"true\"}", E_FIELD_TYPE, "ca"},
	{"{\"name\":\"a\",\"at\":\"2026-02-30T00:00:00Z\"}", E_FIELD_FORM, "at"},
	{"{\"name\":\"a\",\"at\":1}", E_FIELD_TYPE, "at"},
	{"{\"name\":\"a\",\"names\":\"b\"}", E_FIELD_TYPE, "names"},
	{"{\"name\":\"a\",\"names\":[\"1\",\"2\",\"3\",\"4\"]}", E_FIELD_LENGTH, "names"},
	{"{\"name\":\"a\",\"names\":[\"1\",\"\"]}", E_FIELD_LENGTH, "names[1]"},
	{"{\"name\":\"a\",\"names\":[\"12345\"]}", E_FIELD_LENGTH, "names[0]"},
	{"{\"name\":\"a\",\"names\":[null]}", E_FIELD_TYPE, "names[0]"},
	{"{\"name\":\"a\",\"kind\":\"DV\"}", E_FIELD_FORM, "kind"},
	{"{\"name\":\"a\",\"contact\":[]}", E_FIELD_TYPE, "contact"},
	{"{\"name\":\"a\",\"contact\":{}}", E_FIELD_MISSING, "contact.email"},
	{"{\"name\":\"a\",\"contact\":{\"email\":\"a@b\",\"x\":1}}", E_FIELD_UNKNOWN, "contact.x"},
	{"{\"name\":\"a\",\"items\":[{\"n\":1},{\"n\":10}]}", E_FIELD_RANGE, "items[1].n"},
	{"{\"name\":\"a\",\"items\":[{\"n\":1},2]}", E_FIELD_TYPE, "items[1]"},
	{"{\"name\":\"a\",\"more\":null}", E_FIELD_UNKNOWN, "more"},
	{"{\"name\":\"a\",\"name\":\"b\"}", E_BAD_JSON, ""},
	{"{\"name\":\"a\",\"contact\":{\"email\":\"a@b\",\"email\":\"a@b\"}}", E_BAD_JSON, ""},
	{"{\"na\\u0000me\":1}", E_BAD_JSON, ""},
	{"{\"name\":\"a\"}x", E_BAD_JSON, ""},
	{"{\"name\":\"a\"}{}", E_BAD_JSON, ""},
	{"{\"name\":\"a\"", E_BAD_JSON, ""},
	{"{\"name\":\"a", E_BAD_JSON, ""},
	{"{\"name\":\"a\\", E_BAD_JSON, ""},
	{"{\"name\":\"a\tb\"}", E_BAD_JSON, ""},
	{"{\"name\":\"\\ud800\"}", E_BAD_JSON, ""},
	{"{'name':1}", E_BAD_JSON, ""},
	{"{\"name\":01}", E_BAD_JSON, ""},
	{"{\"name\":NaN}", E_BAD_JSON, ""},
	{"{,}", E_BAD_JSON, ""},
	{"{\"name\":\"a\",}", E_BAD_JSON, ""},
	{"[]", E_BAD_JSON, ""},
	{"\"a\"", E_BAD_JSON, ""},
	{"null", E_BAD_JSON, ""},
	{" ", E_BAD_JSON, ""},
	{"}", E_BAD_JSON, ""},
	{"\xef\xbb\xbf{}", E_BAD_JSON, ""},
	{"\xff{}", E_BAD_JSON, ""},
};

static void
every_bad_input_is_refused_with_code_and_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad_inputs); i++) {
		ARENA(a);
		ERR(e);
		int r = read_request(str_c(bad_inputs[i].text), &a, &e);

		if (r != bad_inputs[i].code || strcmp(e.field, bad_inputs[i].field) != 0)
			fail_msg("%s: %s, field \"%s\": %s", bad_inputs[i].text, r ? err_info(r)->name : "taken",
				e.field, e.msg);
		assert_true(e.msg[0] != '\0');
		assert_true(err_hint_text(&e)[0] != '\0');
	}
}

static void
a_good_input_is_read_whole(void **state)
{
	static const char text[] = "{\"name\":\"\xc3\xa4\xc3\xb6\xc3\xbc\xe4\xb8\xad\xf0\x9f\x98\x80\",\"note\":\"a\\nb\\t\","
				   "\"id\":9007199254740991,\"ca\":true,\"at\":\"2026-11-21T08:48:14Z\","
				   "\"names\":[\"a\",\"b\"],\"kind\":\"ev\",\"contact\":{\"email\":\"a@b\"},"
				   "\"items\":[{\"n\":0}]}";
	ARENA(a);
	ERR(e);

	(void)state;
	if (read_request(STR(text), &a, &e) != 0)
		fail_msg("%s %s", e.field, e.msg);
}

static void
all_faults_are_told_at_once(void **state)
{
	ARENA(a);
	ERR(e);

	(void)state;
	assert_int_equal(read_request(STR("{\"id\":0,\"ca\":1,\"more\":2}"), &a, &e), E_SEVERAL_FAULTS);
	assert_int_equal(e.n_causes, 4);
	assert_string_equal(e.causes[0].field, "name");
	assert_string_equal(e.causes[3].field, "more");
}

static void
a_secret_is_not_quoted_in_the_message(void **state)
{
	static const char *const texts[] = {"{\"name\":\"hunter2\"}", "{\"name\":\"hunter2\\u0000\"}",
		"{\"name\":hunter2}", "{\"name\":\"hunter2\xff\"}", "{\"name\":\"hunter2\" \"hunter2\"}"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		ARENA(a);
		ERR(e);

		assert_true(read_request(str_c(texts[i]), &a, &e) < 0);
		assert_null(strstr(e.msg, "hunter"));
		assert_null(strstr(e.detail, "hunter"));
	}
}

static void
nesting_is_capped(void **state)
{
	ARENA(a);
	ERR(e);
	BUF(b, 4096);
	const struct json *v;

	(void)state;
	for (int depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
		buf_clear(&b);
		for (int i = 0; i < depth; i++)
			buf_put_u8(&b, '[');
		for (int i = 0; i < depth; i++)
			buf_put_u8(&b, ']');
		assert_int_equal(json_parse_any(buf_str(&b), &a, &v, &e), depth > JSON_DEPTH_MAX ? E_BAD_JSON : 0);
	}
	/* Brackets within a string do not nest. */
	assert_int_equal(json_parse_any(STR("\"[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[\""), &a, &v, &e), 0);
}

static void
the_number_of_values_is_capped(void **state)
{
	ARENA(a);
	ERR(e);
	BUF(b, 1 << 20);
	const struct json *v;

	(void)state;
	buf_put_c(&b, "{\"a\":[0");
	for (int i = 0; i < 70000; i++)
		buf_put_c(&b, ",0");
	buf_put_c(&b, "]}");
	assert_int_equal(json_parse(buf_str(&b), &a, &v, &e), E_TOO_LARGE);
	assert_int_equal(json_parse_any(buf_str(&b), &a, &v, &e), 0);
	assert_int_equal(json_count(json_at(v, "a")), 70001);
}

static void
an_absent_optional_field_leaves_the_default(void **state)
{
	ARENA(a);
	ERR(e);
	const struct json *v;
	struct json_in in;
	int64_t n = 7;

	(void)state;
	assert_int_equal(json_parse(STR("{\"b\":null}"), &a, &v, &e), 0);
	json_in_init(&in, v, &a, &e);
	assert_false(json_get_int(&in, "a", JSON_OPTIONAL, 0, 9, &n));
	assert_false(json_get_int(&in, "b", JSON_OPTIONAL, 0, 9, &n));
	json_in_done(&in);
	assert_int_equal(n, 7);
	assert_int_equal(err_faults(&e), 0);
}

static void
plain_access_takes_absence_and_wrong_types(void **state)
{
	ARENA(a);
	ERR(e);
	const struct json *v;
	int64_t n = 5;

	(void)state;
	assert_int_equal(json_parse_any(STR("{\"a\":[1,\"x\",true,{\"b\":2}]}"), &a, &v, &e), 0);
	assert_int_equal(json_count(v), 1);
	assert_int_equal(json_count(NULL), 0);
	assert_null(json_at(NULL, "a"));
	assert_null(json_at(json_at(v, "a"), "b"));
	assert_null(json_item(v, 0));
	assert_null(json_item(json_at(v, "a"), 4));
	assert_null(json_str(json_item(json_at(v, "a"), 0)).p);
	assert_false(json_int(json_item(json_at(v, "a"), 1), &n));
	assert_int_equal(n, 5);
	assert_true(json_int(json_at(json_item(json_at(v, "a"), 3), "b"), &n));
	assert_int_equal(n, 2);
	assert_true(json_bool(json_item(json_at(v, "a"), 2)));
	assert_false(json_bool(NULL));
	assert_string_equal(json_dump(json_item(json_at(v, "a"), 3), &a).p, "{\n  \"b\": 2\n}");
	assert_int_equal(json_dump(NULL, &a).n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_bad_input_is_refused_with_code_and_field),
		cmocka_unit_test(a_good_input_is_read_whole),
		cmocka_unit_test(all_faults_are_told_at_once),
		cmocka_unit_test(a_secret_is_not_quoted_in_the_message),
		cmocka_unit_test(nesting_is_capped),
		cmocka_unit_test(the_number_of_values_is_capped),
		cmocka_unit_test(an_absent_optional_field_leaves_the_default),
		cmocka_unit_test(plain_access_takes_absence_and_wrong_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
