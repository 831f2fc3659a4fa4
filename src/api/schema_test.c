/* SPDX-License-Identifier: Apache-2.0 */
/* Every field of every request: left out, of a wrong type, out of its bounds, with a NUL, not UTF-8. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "api/route.h"
#include "base/jsonw.h"
#include "model/state.h"

#define BODY_MAX (8 * 1024 * 1024)

/* What is done to one field of an otherwise good body. */
struct harm {
	const struct schema_field *field;
	enum { NONE, LEAVE_OUT, RAW } how;
	struct str raw; /* JSON in its place */
};

static const struct schema *
find(const char *name)
{
	for (const struct schema *s = api_schemas; s->name; s++) {
		if (strcmp(s->name, name) == 0)
			return s;
	}
	fail_msg("no schema %s", name);
	return NULL;
}

static const char *const *
words(const char *name)
{
	for (const struct api_words *w = api_words_all; w->name; w++) {
		if (strcmp(w->name, name) == 0)
			return w->used;
	}
	fail_msg("no words %s", name);
	return NULL;
}

static struct str
text_of(struct arena *a, int64_t n)
{
	char *p = arena_alloc(a, (size_t)n + 1);

	memset(p, 'a', (size_t)n);
	return (struct str){p, (size_t)n};
}

static void put_good(struct jsonw *w, const struct schema *s, const struct harm *h, struct arena *a);

static void
put_value(struct jsonw *w, const struct schema_field *f, const struct harm *h, struct arena *a)
{
	if (strcmp(f->type, "str") == 0 || strcmp(f->type, "text") == 0)
		jsonw_str(w, text_of(a, f->min));
	else if (strcmp(f->type, "int") == 0 || strcmp(f->type, "id") == 0)
		jsonw_int(w, f->min);
	else if (strcmp(f->type, "bool") == 0)
		jsonw_bool(w, true);
	else if (strcmp(f->type, "word") == 0)
		jsonw_str(w, str_c(words(f->sub)[0]));
	else if (strcmp(f->type, "time") == 0)
		jsonw_str(w, STR("2030-01-31T00:00:00Z"));
	else if (strcmp(f->type, "strs") == 0)
		jsonw_raw(w, STR("[\"a\"]"));
	else if (strcmp(f->type, "ids") == 0)
		jsonw_raw(w, STR("[1]"));
	else if (strcmp(f->type, "object") == 0)
		put_good(w, find(f->sub), h, a);
	else
		fail_msg("a request has a field of type %s", f->type);
}

static void
put_good(struct jsonw *w, const struct schema *s, const struct harm *h, struct arena *a)
{
	jsonw_object(w);
	for (const struct schema_field *f = s->fields; f->name; f++) {
		if (h->field == f && h->how == LEAVE_OUT)
			continue;
		jsonw_key(w, f->name);
		if (h->field == f && h->how == RAW)
			jsonw_raw(w, h->raw);
		else
			put_value(w, f, h, a);
	}
	jsonw_object_end(w);
}

static int
decode(const struct schema *s, struct str body, struct arena *a, struct err *e)
{
	const struct json *object;
	struct json_in in;
	int r = json_parse(body, a, &object, e);

	if (r < 0)
		return r;
	json_in_init(&in, object, a, e);
	s->read(&in, arena_alloc(a, s->size));
	return err_faults(e);
}

/* The body of `top` with the harm done gives `code` for the field `path`. */
static void
expect(const struct schema *top, const struct harm *h, const char *path, int code)
{
	BUF(b, BODY_MAX);
	struct jsonw w;
	ARENA(a);
	ERR(e);
	int r;

	jsonw_init(&w, &b);
	put_good(&w, top, h, &a);
	assert_false(b.over);
	r = decode(top, buf_str(&b), &a, &e);
	if (r != code || (code && strcmp(e.field, path) != 0))
		fail_msg("%s.%s: %s (%s) at \"%s\" instead of %s", top->name, path, err_info(r)->name, e.msg, e.field,
			err_info(code)->name);
}

static void
expect_raw(const struct schema *top, const struct schema_field *f, const char *path, struct str raw, int code)
{
	expect(top, &(struct harm){f, RAW, raw}, path, code);
}

static struct str
quoted(struct arena *a, struct str s)
{
	return arena_printf(a, "\"%.*s\"", STRF(s));
}

static void
try_text(const struct schema *top, const struct schema_field *f, const char *path, struct arena *a)
{
	expect_raw(top, f, path, quoted(a, text_of(a, f->max)), 0);
	expect_raw(top, f, path, quoted(a, text_of(a, f->max + 1)), E_FIELD_LENGTH);
	if (f->min > 0)
		expect_raw(top, f, path, quoted(a, text_of(a, f->min - 1)), E_FIELD_LENGTH);
	expect_raw(top, f, path, STR("\"aaa\\u0000aaaaaaaaaaa\""), E_FIELD_UTF8);
	expect_raw(top, f, path, STR("\"aaa\\u0007aaaaaaaaaaa\""), E_FIELD_UTF8);
	expect_raw(top, f, path, STR("7"), E_FIELD_TYPE);
	expect_raw(top, f, path, STR("{}"), E_FIELD_TYPE);
}

static void
try_int(const struct schema *top, const struct schema_field *f, const char *path, struct arena *a)
{
	expect_raw(top, f, path, arena_printf(a, "%lld", (long long)f->max), 0);
	expect_raw(top, f, path, arena_printf(a, "%lld", (long long)f->max + 1), E_FIELD_RANGE);
	expect_raw(top, f, path, arena_printf(a, "%lld", (long long)f->min - 1), E_FIELD_RANGE);
	expect_raw(top, f, path, STR("9007199254740992"), E_FIELD_RANGE);
	expect_raw(top, f, path, STR("-9223372036854775808"), E_FIELD_RANGE);
	expect_raw(top, f, path, STR("\"7\""), E_FIELD_TYPE);
	expect_raw(top, f, path, STR("1.5"), E_FIELD_TYPE);
	expect_raw(top, f, path, STR("1e2"), E_FIELD_TYPE);
	expect_raw(top, f, path, STR("true"), E_FIELD_TYPE);
}

static void
try_field(const struct schema *top, const struct schema_field *f, const char *path, struct arena *a)
{
	bool required = strcmp(f->need, "required") == 0;

	expect(top, &(struct harm){f, LEAVE_OUT, {NULL, 0}}, path, required ? E_FIELD_MISSING : 0);
	expect_raw(top, f, path, STR("null"), required ? E_FIELD_MISSING : 0);
	if (strcmp(f->type, "str") == 0 || strcmp(f->type, "text") == 0) {
		try_text(top, f, path, a);
	} else if (strcmp(f->type, "int") == 0 || strcmp(f->type, "id") == 0) {
		try_int(top, f, path, a);
	} else if (strcmp(f->type, "bool") == 0) {
		expect_raw(top, f, path, STR("\"true\""), E_FIELD_TYPE);
		expect_raw(top, f, path, STR("1"), E_FIELD_TYPE);
	} else if (strcmp(f->type, "word") == 0) {
		expect_raw(top, f, path, STR("\"nonsense\""), E_FIELD_FORM);
		expect_raw(top, f, path, STR("\"\""), E_FIELD_FORM);
		expect_raw(top, f, path, STR("0"), E_FIELD_TYPE);
	} else if (strcmp(f->type, "time") == 0) {
		expect_raw(top, f, path, STR("\"2030-02-30T00:00:00Z\""), E_FIELD_FORM);
		expect_raw(top, f, path, STR("1900000000000"), E_FIELD_TYPE);
	} else if (strcmp(f->type, "strs") == 0) {
		expect_raw(top, f, path, STR("\"a\""), E_FIELD_TYPE);
		expect_raw(top, f, path, STR("[]"), E_FIELD_LENGTH);
		expect_raw(top, f, arena_printf(a, "%s[1]", path).p, STR("[\"a\",7]"), E_FIELD_TYPE);
		expect_raw(top, f, arena_printf(a, "%s[0]", path).p, STR("[\"\"]"), E_FIELD_LENGTH);
		expect_raw(top, f, arena_printf(a, "%s[0]", path).p, STR("[\"a\\u0000\"]"), E_FIELD_UTF8);
	} else if (strcmp(f->type, "ids") == 0) {
		expect_raw(top, f, path, STR("1"), E_FIELD_TYPE);
		expect_raw(top, f, path, STR("[]"), E_FIELD_LENGTH);
		expect_raw(top, f, arena_printf(a, "%s[1]", path).p, STR("[1,\"2\"]"), E_FIELD_TYPE);
		expect_raw(top, f, arena_printf(a, "%s[0]", path).p, STR("[0]"), E_FIELD_RANGE);
	} else {
		expect_raw(top, f, path, STR("[]"), E_FIELD_TYPE);
		expect_raw(top, f, path, STR("\"{}\""), E_FIELD_TYPE);
	}
}

static void
try_schema(const struct schema *top, const struct schema *s, const char *prefix, struct arena *a)
{
	for (const struct schema_field *f = s->fields; f->name; f++) {
		const char *path = arena_printf(a, "%s%s", prefix, f->name).p;

		try_field(top, f, path, a);
		if (strcmp(f->type, "object") == 0)
			try_schema(top, find(f->sub), arena_printf(a, "%s.", path).p, a);
	}
}

static void
every_field_keeps_its_type_and_bounds_and_is_named_when_it_does_not(void **state)
{
	ARENA(a);

	(void)state;
	for (const struct schema *s = api_schemas; s->name; s++) {
		if (!s->in)
			continue;
		expect(s, &(struct harm){NULL, NONE, {NULL, 0}}, "", 0);
		try_schema(s, s, "", &a);
	}
}

static void
an_unknown_field_is_refused_by_name_in_every_request(void **state)
{
	(void)state;
	for (const struct schema *s = api_schemas; s->name; s++) {
		BUF(b, BODY_MAX);
		struct jsonw w;
		ARENA(a);
		ERR(e);

		if (!s->in)
			continue;
		jsonw_init(&w, &b);
		put_good(&w, s, &(struct harm){NULL, NONE, {NULL, 0}}, &a);
		b.n--; /* the closing brace */
		buf_put_c(&b, s->fields->name ? ",\"colour\":1}" : "\"colour\":1}");
		assert_int_equal(decode(s, buf_str(&b), &a, &e), E_FIELD_UNKNOWN);
		assert_string_equal(e.field, "colour");
	}
}

static void
all_faults_of_a_body_are_told_at_once(void **state)
{
	ARENA(a);
	ERR(e);

	(void)state;
	assert_int_equal(
		decode(find("contact"), STR("{\"name\":7,\"phone\":\"\",\"colour\":1}"), &a, &e), E_SEVERAL_FAULTS);
	assert_int_equal(e.n_causes, 4);
	assert_string_equal(e.causes[0].field, "name");
	assert_string_equal(e.causes[1].field, "email");
	assert_string_equal(e.causes[2].field, "phone");
	assert_string_equal(e.causes[3].field, "colour");
}

static void
vocabularies_are_those_that_the_program_uses(void **state)
{
	static const struct {
		const char *words;
		const struct sm *machine;
	} machines[] = {
		{"subscription_state", &sm_subscription},
		{"application_state", &sm_application},
		{"certificate_state", &sm_certificate},
		{"authz_state", &sm_authz},
		{"bill_state", &sm_bill},
		{"work_state", &sm_work},
		{"owner_state", &sm_owner},
	};

	(void)state;
	for (const struct api_words *w = api_words_all; w->name; w++) {
		int i;

		for (i = 0; w->listed[i] && w->used[i]; i++)
			assert_string_equal(w->listed[i], w->used[i]);
		assert_true(!w->listed[i] && !w->used[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(machines); i++) {
		const char *const *list = words(machines[i].words);
		int n;

		for (n = 0; list[n]; n++)
			assert_int_equal(sm_by_name(machines[i].machine, str_c(list[n])), n);
		assert_int_equal(n, machines[i].machine->n);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_keeps_its_type_and_bounds_and_is_named_when_it_does_not),
		cmocka_unit_test(an_unknown_field_is_refused_by_name_in_every_request),
		cmocka_unit_test(all_faults_of_a_body_are_told_at_once),
		cmocka_unit_test(vocabularies_are_those_that_the_program_uses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
