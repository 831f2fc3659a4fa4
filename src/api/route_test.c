/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

#include "api/route.h"

/* "/api/v1/bills/{id}:pay" with 7 in the place of {id} */
static struct str
path_of(struct arena *a, const struct route *rt)
{
	const char *at = strstr(rt->path, "{id}");

	if (!at)
		return str_c(rt->path);
	return arena_printf(a, "%.*s7%s", (int)(at - rt->path), rt->path, at + 4);
}

static void
every_route_is_found_by_its_own_path_and_no_other(void **state)
{
	ARENA(a);

	(void)state;
	for (unsigned i = 0; i < api_n_routes; i++) {
		const struct route *rt = NULL;
		struct str allow = {NULL, 0};
		int64_t id = -1;
		ERR(e);

		assert_int_equal(
			route_find(api_routes[i].method, path_of(&a, &api_routes[i]), &a, &rt, &id, &allow, &e), 0);
		assert_string_equal(rt->name, api_routes[i].name);
		assert_int_equal(id, strstr(rt->path, "{id}") ? 7 : 0);
		assert_ptr_equal(route_peek(api_routes[i].method, path_of(&a, &api_routes[i])), rt);
	}
}

static void
head_finds_get_and_a_wrong_method_is_told_the_right_ones(void **state)
{
	const struct route *rt = NULL;
	struct str allow = {NULL, 0};
	int64_t id;
	ARENA(a);
	ERR(e);

	(void)state;
	assert_int_equal(route_find(HTTP_HEAD, STR("/api/v1/bills/7"), &a, &rt, &id, &allow, &e), 0);
	assert_string_equal(rt->name, "bill_show");
	assert_int_equal(
		route_find(HTTP_PUT, STR("/api/v1/users/7"), &a, &rt, &id, &allow, &e), E_METHOD_NOT_ALLOWED);
	assert_true(str_eq_c(allow, "GET, HEAD, PATCH"));
	assert_null(route_peek(HTTP_PUT, STR("/api/v1/users/7")));
}

static const struct {
	const char *path;
	int code;
} odd[] = {
	{"/api/v1/bills/7", 0},
	{"/api/v1/bill%73/7", 0}, /* RFC 3986 6.2.2.2: the same letter */
	{"/api/v1/bills/%37", 0},
	{"/api/v1/bills/", E_NOT_FOUND},
	{"/api/v1/bills/7/", E_NOT_FOUND},
	{"/api/v1/bills//7", E_NOT_FOUND},
	{"//api/v1/bills/7", E_NOT_FOUND},
	{"/api/v1/bills%2F7", E_NOT_FOUND}, /* an encoded slash separates nothing */
	{"/api%2Fv1/bills/7", E_NOT_FOUND},
	{"/api/v1/bills/7%2F", E_FIELD_FORM},
	{"/api/v1/bills/7:", E_NOT_FOUND},
	{"/api/v1/bills/7:burn", E_NOT_FOUND},
	{"/api/v1/bills/7:pay", E_METHOD_NOT_ALLOWED},
	{"/api/v1/bills/7:8:pay", E_NOT_FOUND},
	{"/api/v1/bills/:pay", E_NOT_FOUND},
	{"/api/v1/bills/7%3Apay", E_METHOD_NOT_ALLOWED},
	{"/api/v1/bills/..", E_FIELD_FORM},
	{"/api/v1/bills/%zz", E_NOT_FOUND},
	{"/api/v1/bills/%3", E_NOT_FOUND},
	{"/api/v1/BILLS/7", E_NOT_FOUND},
	{"/api/v2/bills/7", E_NOT_FOUND},
	{"/api/v1", E_NOT_FOUND},
	{"/", E_NOT_FOUND},
	{"", E_NOT_FOUND},
	{"/api/v1/bills/0", E_FIELD_RANGE},
	{"/api/v1/bills/-1", E_FIELD_FORM},
	{"/api/v1/bills/+1", E_FIELD_FORM},
	{"/api/v1/bills/1.0", E_FIELD_FORM},
	{"/api/v1/bills/0x1", E_FIELD_FORM},
	{"/api/v1/bills/1e3", E_FIELD_FORM},
	{"/api/v1/bills/007", E_FIELD_FORM},
	{"/api/v1/bills/%207", E_FIELD_FORM},
	{"/api/v1/bills/9007199254740991", 0},
	{"/api/v1/bills/9007199254740992", E_FIELD_RANGE},
	{"/api/v1/bills/9223372036854775808", E_FIELD_RANGE},
	{"/api/v1/bills/18446744073709551617", E_FIELD_RANGE},
	{"/api/v1/bills/99999999999999999999999999999999999999", E_FIELD_RANGE},
};

static void
odd_paths_and_ids_are_refused_for_their_own_reason(void **state)
{
	ARENA(a);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		const struct route *rt = NULL;
		struct str allow = {NULL, 0};
		int64_t id = 0;
		ERR(e);
		int r = route_find(HTTP_GET, str_c(odd[i].path), &a, &rt, &id, &allow, &e);

		if (r != odd[i].code)
			fail_msg("%s: %s instead of %s", odd[i].path, err_info(r)->name, err_info(odd[i].code)->name);
		if (r == E_FIELD_FORM || r == E_FIELD_RANGE)
			assert_string_equal(e.field, "id");
		if (r < 0)
			assert_string_not_equal(err_hint_text(&e), "");
	}
}

static void
a_path_longer_than_any_of_ours_is_nothing(void **state)
{
	char path[4096];
	struct str allow = {NULL, 0};
	const struct route *rt;
	int64_t id;
	ARENA(a);
	ERR(e);

	(void)state;
	memset(path, '7', sizeof(path));
	memcpy(path, "/api/v1/bills/", 14);
	assert_int_equal(
		route_find(HTTP_GET, (struct str){path, sizeof(path)}, &a, &rt, &id, &allow, &e), E_NOT_FOUND);
	assert_null(route_peek(HTTP_GET, (struct str){path, sizeof(path)}));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_route_is_found_by_its_own_path_and_no_other),
		cmocka_unit_test(head_finds_get_and_a_wrong_method_is_told_the_right_ones),
		cmocka_unit_test(odd_paths_and_ids_are_refused_for_their_own_reason),
		cmocka_unit_test(a_path_longer_than_any_of_ours_is_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
