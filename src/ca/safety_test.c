/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "ca/safety_priv.h"

static void
labels_are_compared_whole(void **state)
{
	(void)state;
	assert_true(high_risk_label(STR("paypal")));
	assert_false(high_risk_label(STR("paypa")));
	assert_false(high_risk_label(STR("mypaypal")));
	assert_false(high_risk_label(STR("")));
	for (size_t i = 0; i < high_risk_count; i++)
		assert_true(high_risk_label(str_c(high_risk_table[i])));
}

static void
each_compiled_key_is_found(void **state)
{
	uint8_t hash[32] = {0};

	(void)state;
	assert_true(blocked_count >= 250);
	assert_null(blocked_keys_find(NULL, hash));
	for (size_t i = 0; i < blocked_count; i++) {
		memcpy(hash, blocked_table[i].id, BLOCKED_ID_LEN);
		assert_string_equal(blocked_keys_find(NULL, hash), blocked_table[i].source);
		hash[BLOCKED_ID_LEN - 1] ^= 1;
		assert_null(blocked_keys_find(NULL, hash));
	}
}

#define A32 "00112233445566778899aAbBcCdDeEfF"
#define B32 "ff112233445566778899aabbccddeeff"

static void
the_operators_list_is_searched(void **state)
{
	static const char text[] = "# ours\r\n\n" B32 " | Debian 2008\r\n" A32 A32 "\n" B32 "\tagain";
	uint8_t hash[32] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};
	struct blocked_keys *l;
	ERR(e);

	(void)state;
	assert_int_equal(blocked_keys_new(BLOB((const uint8_t *)text, sizeof(text) - 1), &l, &e), 0);
	assert_int_equal(blocked_keys_count(l), blocked_count + 3);
	assert_string_equal(blocked_keys_find(l, hash), "the operator's list");
	hash[0] = 0xff;
	assert_non_null(blocked_keys_find(l, hash));
	hash[0] = 0xfe;
	assert_null(blocked_keys_find(l, hash));
	assert_null(blocked_keys_free(l));
}

static void
a_wrong_line_is_named(void **state)
{
	static const char *const bad[] = {"x", A32 "0", A32 "x", "00", "zz112233445566778899aabbccddeeff"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		BUF(b, 1000);
		struct blocked_keys *l = NULL;
		ERR(e);

		buf_put_str(&b, STR(A32 "\n# c\n"));
		buf_put_str(&b, str_c(bad[i]));
		assert_int_equal(blocked_keys_new(buf_blob(&b), &l, &e), E_CONFIG);
		assert_non_null(strstr(e.msg, "line 3"));
		assert_null(l);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_are_compared_whole),
		cmocka_unit_test(each_compiled_key_is_found),
		cmocka_unit_test(the_operators_list_is_searched),
		cmocka_unit_test(a_wrong_line_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
