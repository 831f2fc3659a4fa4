/* SPDX-License-Identifier: Apache-2.0 */
/* Statements that nobody waits for, and what may be remembered from one transaction to the next. */
#include "db_contract_later.h"

enum { MANY = 150 }; /* more than travel together */

/* What one write does, in this order. */
struct later {
	int add; /* keys, from "0" on */
	const char *twice; /* a key that is there already */
	int64_t old; /* "0" must have this value; -1: not asked */
	bool wait; /* asks something in the end, which has to be waited for */
};

static int
body_later(struct db_tx *tx, void *arg, struct err *e)
{
	const struct later *l = arg;
	int64_t n;
	int r = 0;

	for (int i = 0; r == 0 && i < l->add; i++)
		r = q_thing_unique_later(tx, arena_printf(tx->arena, "%d", i), 1, e);
	if (r == 0 && l->twice)
		r = q_thing_unique_later(tx, str_c(l->twice), 1, e);
	if (r == 0 && l->old >= 0)
		r = q_thing_key_must(tx, STR("0"), l->old, l->old + 1, e);
	if (r == 0 && l->wait)
		r = q_thing_key_count(tx, &n, e);
	return r;
}

void
what_nobody_waits_for_stands_or_falls_with_its_transaction(struct env *v)
{
	static const struct {
		struct later what;
		int want;
	} rows[] = {
		{{.add = 1, .twice = "0", .old = -1}, E_DB_CONSTRAINT},
		{{.add = 1, .twice = "0", .old = -1, .wait = true}, E_DB_CONSTRAINT},
		{{.add = MANY, .twice = "7", .old = -1}, E_DB_CONSTRAINT},
		{{.add = 1, .old = 5}, E_CONFLICT},
		{{.add = 1, .old = 5, .wait = true}, E_CONFLICT},
		{{.add = MANY, .old = 1}, 0},
		{{.old = 1}, E_CONFLICT},
		{{.old = 2, .wait = true}, 0},
		{{.old = -1, .twice = "149"}, E_DB_CONSTRAINT},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct later l = rows[i].what;
		ERR(e);

		assert_code(db_write(v->db, body_later, &l, &e), rows[i].want);
		assert_int_equal(env_int(v->db, q_thing_key_count), i < 5 ? 0 : MANY);
	}
}

struct memory {
	uint64_t epoch;
	unsigned lane;
	bool refuse;
};

static int
body_memory(struct db_tx *tx, void *arg, struct err *e)
{
	struct memory *m = arg;
	int64_t id;
	int r = q_thing_add(tx, 1, STR("x"), (struct blob){NULL, 0}, &id, e);

	m->epoch = tx->epoch;
	m->lane = tx->lane;
	return r >= 0 && m->refuse ? err_set(e, E_STATE_REFUSED, "taken back") : r;
}

void
an_epoch_ends_when_something_is_taken_back(struct env *v)
{
	struct memory first = {0}, second = {0}, refused = {.refuse = true}, after = {0};
	ERR(e);

	/* one after the other: all on the same connection */
	env_write(v->db, body_memory, &first);
	env_write(v->db, body_memory, &second);
	assert_code(db_write(v->db, body_memory, &refused, &e), E_STATE_REFUSED);
	env_write(v->db, body_memory, &after);
	assert_int_equal(first.lane, after.lane);
	assert_int_not_equal(first.epoch, 0);
	assert_int_equal(first.epoch, second.epoch);
	assert_int_not_equal(after.epoch, refused.epoch);
	assert_int_not_equal(after.epoch, first.epoch);
}
