/* SPDX-License-Identifier: Apache-2.0 */
#include "validate/quorum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/rand.h"
#include "crypto/crypto.h"

static const struct quorum_rule rule = {.min = 2, .regions = 2, .spare_few = 1, .spare_many = 2};

/* "ab-C": perspectives in regions a, b and c; a capital letter does not corroborate. */
static int
decide(const char *text, const struct quorum_rule *r, struct err *e)
{
	static struct perspective who[PERSPECTIVES_MAX];
	static char regions[PERSPECTIVES_MAX][2];
	struct perspective_view views[PERSPECTIVES_MAX];
	unsigned n = 0;

	for (; text[n]; n++) {
		bool against = text[n] >= 'A' && text[n] <= 'Z';

		regions[n][0] = (char)(against ? text[n] + 32 : text[n]);
		who[n] = (struct perspective){.name = "p", .region = regions[n]};
		views[n] = (struct perspective_view){.who = &who[n], .code = against ? E_DNS_NO_RECORD : 0};
		err_clear(&views[n].why);
		if (against)
			err_set(&views[n].why, E_DNS_NO_RECORD, "nothing there");
	}
	return quorum_decide(views, n, r, e);
}

static void
the_table_of_the_rule_holds(void **state UNUSED)
{
	static const struct {
		const char *views;
		bool enough;
	} rows[] = {{"ab", true}, {"aB", false}, {"aBc", true}, {"aBC", false}, {"abcd", true}, {"abcD", true},
		{"abCD", false}, {"abcdE", true}, {"abcDE", false}, {"abcdEF", true}, {"abcDEF", false},
		{"abcdefgHI", true}, {"abcdefGHI", false}, /* regions */ {"aa", false}, {"aab", true}, {"aaB", false},
		{"aaaaB", false}, {"aaaab", true}, {"a", false}, {"", false}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		ERR(e);
		int r = decide(rows[i].views, &rule, &e);

		if (r != (rows[i].enough ? 0 : E_PERSPECTIVE_QUORUM))
			fail_msg("%s: %d %s", rows[i].views, r, e.msg);
	}
}

static void
none_are_needed_where_the_rule_says_so(void **state UNUSED)
{
	static const struct quorum_rule off = {.regions = 2, .spare_few = 1, .spare_many = 2};
	ERR(e);

	assert_int_equal(decide("", &off, &e), 0);
	assert_int_equal(decide("a", &off, &e), 0);
	/* but the one that there is must see it */
	assert_int_equal(decide("A", &off, &e), E_PERSPECTIVE_QUORUM);
}

static void
who_does_not_corroborate_is_named_with_the_reason(void **state UNUSED)
{
	ERR(e);

	assert_int_equal(decide("aBC", &rule, &e), E_PERSPECTIVE_QUORUM);
	assert_non_null(strstr(e.msg, "p (b): nothing there"));
	assert_non_null(strstr(e.msg, "2 of 3"));
}

/* -- questions and answers on the way */

struct wire {
	uint8_t key[QUESTION_KEY_LEN];
	struct arena a;
	struct blob question, answer;
	struct question_bond bond;
};

static const struct str identities[] = {{"ca.test", 7}};
static const struct validate_question asked = {.kind = QUESTION_CAA, .base = {"www.example.com", 15},
	.registered = {"example.com", 11}, .value = {"v", 1}, .wildcard = true, .method = VALIDATE_FILE,
	.identities = identities, .n_identities = 1};
#define NOW INT64_C(1800000000000)

static void
wire_open(struct wire *w)
{
	struct validate_seen seen = {STR("CAA example.com"), STR("NXDOMAIN")};
	struct validate_result result = {.name_proven = STR("example.com"), .n_seen = 1, .seen = &seen};
	ERR(why);
	ERR(e);

	memset(w, 0, sizeof(*w));
	rand_bytes(w->key, sizeof(w->key));
	err_set(&why, E_CAA_FORBIDS, "it names another CA");
	assert_int_equal(question_seal(BLOB(w->key, 32), &asked, NOW, &w->a, &w->question, &w->bond, &e), 0);
	assert_int_equal(answer_seal(BLOB(w->key, 32), &w->bond, &result, why.code, &why, &w->a, &w->answer, &e), 0);
}

static void
what_was_asked_and_answered_arrives_whole(void **state UNUSED)
{
	struct validate_question q;
	struct validate_result result;
	struct question_bond bond;
	struct wire w;
	int code;
	ERR(why);
	ERR(e);

	wire_open(&w);
	assert_int_equal(question_open(BLOB(w.key, 32), w.question, NOW, &w.a, &q, &bond, &e), 0);
	assert_int_equal(q.kind, QUESTION_CAA);
	assert_true(str_eq(q.base, asked.base) && str_eq(q.identities[0], identities[0]) && q.wildcard);
	assert_memory_equal(&bond, &w.bond, sizeof(bond));
	assert_int_equal(answer_open(BLOB(w.key, 32), &w.bond, w.answer, &w.a, &result, &code, &why, &e), 0);
	assert_int_equal(code, E_CAA_FORBIDS);
	assert_string_equal(why.msg, "it names another CA");
	assert_true(result.n_seen == 1 && str_eq_c(result.seen[0].result, "NXDOMAIN"));
	arena_done(&w.a);
}

static void
nobody_in_between_can_change_forge_or_replay(void **state UNUSED)
{
	struct validate_question q;
	struct validate_result result;
	struct question_bond bond;
	struct wire w, other;
	int code;
	ERR(why);
	ERR(e);

	wire_open(&w);
	wire_open(&other);
	for (size_t i = 0; i < w.question.n; i++) {
		struct blob bad = arena_blob(&w.a, w.question);

		((uint8_t *)bad.p)[i] ^= 1;
		assert_int_equal(question_open(BLOB(w.key, 32), bad, NOW, &w.a, &q, &bond, &e), E_UNAUTHENTICATED);
	}
	for (size_t i = 0; i < w.answer.n; i++) {
		struct blob bad = {arena_blob(&w.a, w.answer).p, w.answer.n};

		((uint8_t *)bad.p)[i] ^= 1;
		assert_int_equal(answer_open(BLOB(w.key, 32), &w.bond, bad, &w.a, &result, &code, &why, &e),
			E_UNAUTHENTICATED);
		bad.n = i;
		assert_int_equal(answer_open(BLOB(w.key, 32), &w.bond, bad, &w.a, &result, &code, &why, &e),
			E_UNAUTHENTICATED);
	}
	/* another key; the answer to another question; a question as its own answer; an old question */
	assert_int_equal(question_open(BLOB(other.key, 32), w.question, NOW, &w.a, &q, &bond, &e), E_UNAUTHENTICATED);
	assert_int_equal(answer_open(BLOB(w.key, 32), &other.bond, w.answer, &w.a, &result, &code, &why, &e), E_UNAUTHENTICATED);
	assert_int_equal(answer_open(BLOB(w.key, 32), &w.bond, w.question, &w.a, &result, &code, &why, &e), E_UNAUTHENTICATED);
	assert_int_equal(question_open(BLOB(w.key, 32), w.question, NOW + QUESTION_AGE_MS + 1, &w.a, &q, &bond, &e),
		E_UNAUTHENTICATED);
	arena_done(&w.a);
	arena_done(&other.a);
}

static int
set_up(void **state UNUSED)
{
	ERR(e);

	return crypto_init(&e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_of_the_rule_holds),
		cmocka_unit_test(none_are_needed_where_the_rule_says_so),
		cmocka_unit_test(who_does_not_corroborate_is_named_with_the_reason),
		cmocka_unit_test(what_was_asked_and_answered_arrives_whole),
		cmocka_unit_test(nobody_in_between_can_change_forge_or_replay),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
