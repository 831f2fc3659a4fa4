/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/right.h"
#include "model/state.h"
#include "model/words.h"

/* Every state is reached from the first one, or is the first of a second way in (named here). */
static void
every_state_is_reachable(void **state)
{
	(void)state;
	for (size_t m = 0; sm_all[m]; m++) {
		const struct sm *sm = sm_all[m];
		bool seen[32] = {true};

		if (sm == &sm_certificate)
			seen[CERTIFICATE_UPLOADED] = true; /* comes from outside */
		for (int round = 0; round < sm->n; round++) {
			for (int from = 0; from < sm->n; from++) {
				for (int to = 0; to < sm->n && seen[from]; to++)
					seen[to] |= sm_legal(sm, from, to, SM_SYSTEM | SM_USER | SM_STAFF);
			}
		}
		for (int s = 0; s < sm->n; s++) {
			if (!seen[s])
				fail_msg("%s is never %s", sm->noun, sm_name(sm, s));
		}
	}
}

/* A timeout leads along a move that the system may make, or reminds in place. */
static void
every_timeout_leads_somewhere_legal(void **state)
{
	(void)state;
	for (size_t m = 0; sm_all[m]; m++) {
		const struct sm *sm = sm_all[m];

		for (int s = 0; s < sm->n; s++) {
			if (sm->states[s].timeout && sm->states[s].timeout_to != s)
				assert_true(sm_legal(sm, s, sm->states[s].timeout_to, SM_SYSTEM));
		}
	}
}

static void
names_of_states_are_unique_within_their_machine(void **state)
{
	(void)state;
	for (size_t m = 0; sm_all[m]; m++) {
		for (int s = 0; s < sm_all[m]->n; s++)
			assert_int_equal(sm_by_name(sm_all[m], str_c(sm_name(sm_all[m], s))), s);
	}
	assert_int_equal(sm_by_name(&sm_application, STR("nonsense")), -1);
}

static void
moves_that_the_specification_does_not_draw_are_refused(void **state)
{
	static const struct {
		const struct sm *sm;
		int from, to;
		enum sm_who who;
		bool legal;
	} rows[] = {
		{&sm_application, APPLICATION_VALIDATING, APPLICATION_ISSUED, SM_SYSTEM, false},
		{&sm_application, APPLICATION_ISSUED, APPLICATION_DRAFT, SM_STAFF, false},
		{&sm_application, APPLICATION_REVIEWING, APPLICATION_ISSUING, SM_USER, false},
		{&sm_application, APPLICATION_REVIEWING, APPLICATION_ISSUING, SM_STAFF, true},
		{&sm_application, APPLICATION_CLOSED, APPLICATION_DRAFT, SM_USER, false},
		{&sm_certificate, CERTIFICATE_REVOKED, CERTIFICATE_ISSUED, SM_STAFF, false},
		{&sm_certificate, CERTIFICATE_RESERVED, CERTIFICATE_REVOKING, SM_USER, false},
		{&sm_certificate, CERTIFICATE_UPLOADED, CERTIFICATE_REVOKING, SM_USER, false},
		{&sm_subscription, SUBSCRIPTION_MERGED, SUBSCRIPTION_REFUNDED, SM_STAFF, false},
		{&sm_subscription, SUBSCRIPTION_CLOSED, SUBSCRIPTION_ASSIGNED, SM_USER, false},
		{&sm_subscription, SUBSCRIPTION_CLOSED, SUBSCRIPTION_ASSIGNED, SM_STAFF, true},
		{&sm_bill, BILL_REFUNDED, BILL_PAID, SM_STAFF, false},
		{&sm_owner, OWNER_PENDING, OWNER_VERIFIED, SM_USER, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(sm_legal(rows[i].sm, rows[i].from, rows[i].to, rows[i].who), rows[i].legal);
}

/*
 * SPEC section 2 as it is written there, "from -> to to -> …": what follows an arrow may be reached from what stands before
 * it. The extra lines are drawn by the clauses that they name.
 */
static const struct drawn {
	const struct sm *sm;
	const char *lines[12];
} drawn[] = {
	{&sm_subscription,
		{"unassigned -> assigned -> active -> expired", "assigned -> unassigned", "not_activated -> assigned",
			"unassigned -> merged", "unassigned assigned not_activated -> expired refunded closed",
			"closed -> refunded unassigned assigned not_activated", "active -> refunded",
			"unassigned -> not_activated" /* 3.14 */}},
	{&sm_bill, {"unpaid -> paid cancelled expired", "paid -> partly_refunded -> refunded", "paid -> refunded"}},
	{&sm_application,
		{"draft -> validating -> reviewing -> issuing -> issued", "validating -> ready -> reviewing",
			"validating ready reviewing issuing -> failed", "validating reviewing -> cancelled",
			"failed cancelled -> draft", "validating reviewing -> draft", "reviewing -> validating",
			"draft failed cancelled -> deleted", "draft validating reviewing failed cancelled -> closed",
			"closed -> draft validating"}},
	{&sm_authz, {"pending -> valid -> expired deactivated revoked", "pending -> invalid expired deactivated"}},
	{&sm_certificate,
		{"reserved -> issued -> confirming -> revoking -> revoked", "issued -> revoking", "confirming -> issued",
			"reserved -> void", "issued revoked uploaded -> deleted", "issued confirming revoking revoked -> ended -> deleted" /* a copy, 3.12 */}},
	{&sm_share, {"active -> ended"}},
	{&sm_copy, {"active -> ended -> deleted", "active -> deleted"}},
	{&sm_hosting,
		{"off -> waiting_data -> armed -> applying -> deploying -> armed", "off -> armed",
			"applying deploying -> blocked -> applying",
			"waiting_data armed applying deploying blocked -> off"}},
	{&sm_deploy, {"editing -> pending -> processing -> success error", "pending -> editing"}},
	{&sm_task,
		{"pending -> processing -> success error", "processing error -> pending",
			"success error -> rollback -> rollback_success rollback_error", "pending -> error" /* 3.13 */}},
	{&sm_owner, {"unverified -> pending -> verified refused", "refused -> pending", "verified -> unverified"}},
	{&sm_ticket, {"open -> answered -> open closed", "open -> closed" /* its question is withdrawn */}},
};

static uint32_t
states_of(const struct sm *sm, struct str words)
{
	uint32_t set = 0;

	while (words.p) {
		struct str word = str_cut(&words, ' ');
		int state = word.n ? sm_by_name(sm, word) : -1;

		if (word.n && state < 0)
			fail_msg("%s is never \"%.*s\"", sm->noun, STRF(word));
		if (word.n)
			set |= UINT32_C(1) << state;
	}
	return set;
}

static void
draw(const struct sm *sm, struct str line, uint32_t *next)
{
	uint32_t from = 0;

	while (line.p) {
		uint32_t to = states_of(sm, str_cut(&line, '-'));

		for (int s = 0; s < sm->n; s++) {
			if (from & UINT32_C(1) << s)
				next[s] |= to;
		}
		from = to;
		if (line.p)
			str_cut(&line, '>');
	}
}

static void
the_tables_are_what_the_specification_draws(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(drawn); i++) {
		const struct sm *sm = drawn[i].sm;
		uint32_t next[32] = {0};

		for (size_t k = 0; k < ARRAY_LEN(drawn[i].lines) && drawn[i].lines[k]; k++)
			draw(sm, str_c(drawn[i].lines[k]), next);
		for (int from = 0; from < sm->n; from++) {
			for (int to = 0; to < sm->n; to++) {
				bool want = next[from] & UINT32_C(1) << to;

				if (sm_legal(sm, from, to, SM_SYSTEM | SM_USER | SM_STAFF) != want)
					fail_msg("%s: %s -> %s is %s by the specification", sm->noun, sm_name(sm, from),
						sm_name(sm, to), want ? "drawn" : "not drawn");
			}
		}
	}
}

static void
a_refused_move_names_the_states_that_allow_it(void **state)
{
	ERR(e);

	(void)state;
	assert_int_equal(sm_move(&sm_certificate, CERTIFICATE_REVOKED, CERTIFICATE_REVOKING, SM_USER, &e), E_STATE_REFUSED);
	assert_string_equal(e.msg, "the certificate is revoked and cannot become revoking");
	assert_string_equal(e.hint, "This is possible only when it is issued, confirming.");
}

static void
customers_have_no_right_of_staff(void **state)
{
	(void)state;
	for (int role = 0; role < ROLES; role++) {
		for (int right = RIGHT_STAFF_READ; right < RIGHTS && !role_is_staff((enum role)role); right++)
			assert_false(role_has((enum role)role, (enum right)right));
	}
	assert_false(role_has(ROLE_VIEWER, RIGHT_OPERATE));
	assert_false(role_has(ROLE_OPERATOR, RIGHT_BUY));
	assert_false(role_has(ROLE_SUPPORT, RIGHT_STAFF_ADMIN));
}

static void
only_staff_say_privilege_withdrawn(void **state)
{
	(void)state;
	assert_int_equal(reason_find(STR("privilegeWithdrawn"), false), -1);
	assert_int_equal(reason_find(STR("privilegeWithdrawn"), true), REASON_PRIVILEGE_WITHDRAWN);
	assert_int_equal(reason_find(STR("superseded"), false), REASON_SUPERSEDED);
	assert_int_equal(reason_find(STR("certificateHold"), true), -1);
	assert_int_equal(reason_find(STR(""), true), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_state_is_reachable),
		cmocka_unit_test(every_timeout_leads_somewhere_legal),
		cmocka_unit_test(names_of_states_are_unique_within_their_machine),
		cmocka_unit_test(moves_that_the_specification_does_not_draw_are_refused),
		cmocka_unit_test(the_tables_are_what_the_specification_draws),
		cmocka_unit_test(a_refused_move_names_the_states_that_allow_it),
		cmocka_unit_test(customers_have_no_right_of_staff),
		cmocka_unit_test(only_staff_say_privilege_withdrawn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
