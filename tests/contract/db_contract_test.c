/* SPDX-License-Identifier: Apache-2.0 */
/* What db.h promises, on both engines from one table of cases. */
#include "db_contract_later.h"
#include "db_env.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#include "base/clock.h"

#define THREADS 64

/* -- types */

struct things {
	struct arena *a;
	struct row_thing *rows;
	size_t n;
	int64_t id;
};

static const struct row_thing samples[] = {
	{.num = 0, .name = {NULL, 0}, .data = {NULL, 0}},
	{.num = INT64_MAX, .name = {"", 0}, .data = {(const uint8_t *)"", 0}},
	{.num = INT64_MIN,
		.name = {"z\xc3\xbcrich \xe5\x8c\x97\xe4\xba\xac \xf0\x9f\x94\x92", 19},
		.data = {(const uint8_t *)"a\0b\xff", 4}},
	{.num = -1, .name = {"it's \"quoted\" \\ :x $1 ?", 23}, .data = {(const uint8_t *)"\0", 1}},
};

static int
body_samples(struct db_tx *tx, UNUSED void *arg, struct err *e)
{
	int64_t id;

	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		int r = q_thing_add(tx, samples[i].num, samples[i].name, samples[i].data, &id, e);

		if (r < 0)
			return r;
		assert_int_equal(r, 1);
		assert_int_equal(id, i + 1);
	}
	return 0;
}

static int
body_list(struct db_tx *tx, void *arg, struct err *e)
{
	struct things *t = arg;

	return q_thing_list(tx, t->a, &t->rows, &t->n, e);
}

static void
rows_are_samples(const struct row_thing *rows, size_t n)
{
	assert_int_equal(n, ARRAY_LEN(samples));
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(rows[i].id, i + 1);
		assert_int_equal(rows[i].num, samples[i].num);
		assert_int_equal(!rows[i].name.p, !samples[i].name.p);
		assert_int_equal(!rows[i].data.p, !samples[i].data.p);
		assert_true(str_eq(rows[i].name, samples[i].name));
		assert_true(blob_eq(rows[i].data, samples[i].data));
	}
}

static void
values_come_back_as_they_went(struct env *v)
{
	ARENA(a);
	struct things t = {.a = &a};

	env_write(v->db, body_samples, NULL);
	env_read(v->db, body_list, &t);
	rows_are_samples(t.rows, t.n);
}

static int
body_get_none(struct db_tx *tx, void *arg, struct err *e)
{
	struct row_thing row;
	int64_t n = 7;
	int r = q_thing_get(tx, 99, tx->arena, &row, e);

	assert_int_equal(r, 0);
	r = q_counter_get(tx, 99, &n, e);
	assert_int_equal(r, 0);
	assert_int_equal(n, 7);
	r = q_thing_sum(tx, &n, e);
	assert_int_equal(r, 1);
	assert_int_equal(n, 0);
	r = q_thing_list(tx, tx->arena, &(struct row_thing *){NULL}, arg, e);
	assert_int_equal(*(size_t *)arg, 0);
	return r;
}

static void
no_row_is_no_error_and_a_null_number_is_zero(struct env *v)
{
	size_t n = 1;

	env_read(v->db, body_get_none, &n);
}

static int
body_literal(struct db_tx *tx, void *arg, struct err *e)
{
	struct row_literal row;
	int r = q_literal(tx, 41, tx->arena, &row, e);

	if (r < 0)
		return r;
	assert_int_equal(row.a, 41);
	assert_true(str_eq_c(row.b, ":x '?1 $1"));
	assert_int_equal(row.c, 42);
	assert_true(str_eq_c(row.d, arg));
	return 0;
}

static void
each_engine_gets_its_twin_and_literals_stay(struct env *v)
{
	env_read(v->db, body_literal, (void *)(uintptr_t)db_engine(v->db));
}

static int
body_order(struct db_tx *tx, UNUSED void *arg, struct err *e)
{
	static const char *const names[] = {"nb", "nB", "n_", "n-"};
	static const int order[] = {4, 2, 3, 1};
	struct row_thing_by_name *rows;
	int64_t id;
	size_t n;
	int r;

	for (size_t i = 0; i < 4; i++) {
		r = q_thing_add(tx, 0, str_c(names[i]), (struct blob){0}, &id, e);
		if (r < 0)
			return r;
	}
	r = q_thing_by_name(tx, STR("n"), tx->arena, &rows, &n, e);
	if (r < 0)
		return r;
	assert_int_equal(n, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(rows[i].id, order[i]);
	assert_true(str_eq_c(rows[3].upper, "NB"));
	return 0;
}

static void
text_is_ordered_by_its_bytes(struct env *v)
{
	env_write(v->db, body_order, NULL);
}

static int
body_bad_text(struct db_tx *tx, void *arg, struct err *e)
{
	int64_t id;

	return q_thing_add(tx, 1, *(struct str *)arg, (struct blob){0}, &id, e);
}

static void
text_that_is_not_utf8_is_refused(struct env *v)
{
	struct str bad[] = {STR("a\xff"), STR("a\0b"), STR("\xed\xa0\x80")};
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_code(db_write(v->db, body_bad_text, &bad[i], &e), E_DB_ERROR);
	assert_int_equal(env_int(v->db, q_thing_count), 0);
}

/* -- statements */

static int
body_moves(struct db_tx *tx, UNUSED void *arg, struct err *e)
{
	int64_t id;
	int r = q_thing_add(tx, 1, STR("m"), (struct blob){0}, &id, e);

	if (r < 0)
		return r;
	assert_int_equal(q_thing_move(tx, id, 2, 3, e), 0);
	assert_int_equal(q_thing_move(tx, id, 1, 2, e), 1);
	assert_int_equal(q_thing_move(tx, id, 1, 2, e), 0);
	assert_int_equal(q_thing_upsert(tx, STR("k"), 1, e), 1);
	assert_int_equal(q_thing_upsert(tx, STR("k"), 2, e), 0);
	assert_int_equal(q_thing_fill(tx, 1200, STR("f"), e), 1200);
	return 0;
}

static void
a_conditional_update_says_how_many_rows_it_changed(struct env *v)
{
	env_write(v->db, body_moves, NULL);
	assert_int_equal(env_int(v->db, q_thing_count), 1201);
}

struct walk {
	struct db_tx *tx;
	int64_t seen, sum, stop_at;
};

static int
each_thing(void *arg, const struct row_thing *row, struct err *e)
{
	struct walk *w = arg;
	struct row_thing again;
	int r;

	assert_true(str_eq_c(row->name, "f"));
	w->sum += row->num;
	if (row->num == w->stop_at)
		return 1;
	if (row->num == -w->stop_at)
		return err_set(e, E_CONFLICT, "enough");
	/* other statements, and the same one, run while the walk is under way */
	if (++w->seen % 300 == 0) {
		struct walk inner = {.tx = w->tx, .stop_at = 3};

		r = q_thing_get(w->tx, row->id, w->tx->arena, &again, e);
		assert_int_equal(r, 1);
		assert_int_equal(again.num, row->num);
		r = q_thing_walk(w->tx, 0, each_thing, &inner, e);
		assert_int_equal(r, 3);
		assert_int_equal(inner.sum, 6);
	}
	return 0;
}

static int
body_walk(struct db_tx *tx, void *arg, struct err *e)
{
	struct walk *w = arg;

	w->tx = tx;
	return q_thing_walk(tx, 1, each_thing, w, e);
}

static int
body_fill(struct db_tx *tx, void *arg, struct err *e)
{
	return q_thing_fill(tx, *(int64_t *)arg, STR("f"), e);
}

static void
a_walk_streams_and_other_statements_run_inside(struct env *v)
{
	struct walk all = {0}, some = {.stop_at = 700}, bad = {.stop_at = -900};
	int64_t n = 1500;
	ERR(e);

	env_write(v->db, body_fill, &n);
	env_read(v->db, body_walk, &all);
	assert_int_equal(all.seen, 1500);
	assert_int_equal(all.sum, 1500 * 1501 / 2);
	env_read(v->db, body_walk, &some);
	assert_int_equal(some.sum, 700 * 701 / 2);
	assert_code(db_read(v->db, body_walk, &bad, &e), E_CONFLICT);
	env_write(v->db, body_walk, &(struct walk){0});
}

static int
body_wrong_type(struct db_tx *tx, UNUSED void *arg, struct err *e)
{
	int64_t n;
	int r = q_thing_fill(tx, 1, STR("text"), e);

	return r < 0 ? r : q_wrong_type(tx, &n, e);
}

static void
a_column_of_another_type_is_an_error(struct env *v)
{
	ERR(e);

	assert_code(db_write(v->db, body_wrong_type, NULL, &e), E_DB_ERROR);
	assert_non_null(strstr(e.msg, "wrong_type"));
}

/* -- transactions */

static int
body_refuse(struct db_tx *tx, void *arg, struct err *e)
{
	int r = q_thing_unique(tx, STR("refused"), 1, e);

	if (r < 0)
		return r;
	db_after_commit(tx, arg, NULL);
	return err_set(e, E_STATE_REFUSED, "the body says no");
}

static void
effect_never(UNUSED void *arg)
{
	fail_msg("an effect of a transaction that was rolled back");
}

static void
a_body_that_refuses_leaves_nothing_and_no_effects(struct env *v)
{
	ERR(e);

	assert_code(db_write(v->db, body_refuse, effect_never, &e), E_STATE_REFUSED);
	assert_string_equal(e.msg, "the body says no");
	assert_int_equal(env_int(v->db, q_thing_key_count), 0);
}

static int
body_twice(struct db_tx *tx, void *arg, struct err *e)
{
	ERR(swallowed);
	int r = q_thing_unique(tx, STR("one"), 1, e);

	if (r < 0)
		return r;
	r = q_thing_unique(tx, STR("one"), 2, &swallowed);
	assert_code(r, E_DB_CONSTRAINT);
	assert_true(tx->poisoned);
	/* whatever comes now fails too, and the transaction with it, though the body says that all is well */
	err_clear(&swallowed);
	r = q_thing_unique(tx, STR("two"), 2, &swallowed);
	assert_code(r, E_DB_CONSTRAINT);
	db_after_commit(tx, arg, NULL);
	return 0;
}

static void
any_error_poisons_the_transaction(struct env *v)
{
	ERR(e);

	assert_code(db_write(v->db, body_twice, effect_never, &e), E_DB_CONSTRAINT);
	assert_true(e.detail[0]);
	assert_int_equal(env_int(v->db, q_thing_key_count), 0);
}

static int
body_broken(struct db_tx *tx, UNUSED void *arg, struct err *e)
{
	return q_broken(tx, e);
}

static int
body_key(struct db_tx *tx, UNUSED void *arg, struct err *e)
{
	return q_thing_unique(tx, STR("after"), 1, e);
}

static void
a_broken_statement_spoils_its_own_transaction_only(struct env *v)
{
	ERR(e);

	assert_code(db_write(v->db, body_broken, NULL, &e), E_DB_ERROR);
	assert_non_null(strstr(e.msg, "broken"));
	env_write(v->db, body_key, NULL);
	assert_code(db_read(v->db, body_key, NULL, &e), E_DB_ERROR);
	assert_int_equal(env_int(v->db, q_thing_key_count), 1);
}

static int
body_child(struct db_tx *tx, void *arg, struct err *e)
{
	return q_child_add(tx, *(int64_t *)arg, e);
}

static void
what_only_the_commit_refuses_is_the_writers_own_error(struct env *v)
{
	int64_t none = 0, wrong = 77;
	ERR(e);

	env_write(v->db, body_child, &none);
	assert_code(db_write(v->db, body_child, &wrong, &e), E_DB_CONSTRAINT);
	assert_int_equal(env_int(v->db, q_child_count), 1);
}

/* -- effects */

struct effects {
	struct db *db;
	pthread_t caller;
	char order[8];
	size_t n;
};

static void
effect_note(struct effects *f, char c)
{
	assert_true(pthread_equal(f->caller, pthread_self()));
	assert_int_equal(env_int(f->db, q_thing_key_count), 1);
	f->order[f->n++] = c;
}

static void
effect_a(void *arg)
{
	effect_note(arg, 'a');
}

static void
effect_b(void *arg)
{
	effect_note(arg, 'b');
	env_counter_set(((struct effects *)arg)->db, 1, 1); /* an effect may write */
}

static int
body_effects(struct db_tx *tx, void *arg, struct err *e)
{
	struct effects *f = arg;

	assert_int_equal(f->n, 0);
	db_after_commit(tx, effect_a, arg);
	db_after_commit(tx, effect_b, arg);
	return q_thing_unique(tx, STR("e"), 1, e);
}

static void
effects_come_in_order_on_the_callers_thread_after_the_commit(struct env *v)
{
	struct effects f = {.db = v->db, .caller = pthread_self()};

	env_write(v->db, body_effects, &f);
	assert_string_equal(f.order, "ab");
	assert_int_equal(env_counter(v->db, 1), 1);
}

/* -- time */

static int
body_now(struct db_tx *tx, void *arg, UNUSED struct err *e)
{
	*(int64_t *)arg = tx->now_ms;
	return 0;
}

static void
domain_time_is_the_present_and_never_goes_back(struct env *v)
{
	int64_t last = 0, now;

	for (int i = 0; i < 50; i++) {
		(i % 2 ? env_read : env_write)(v->db, body_now, &now);
		assert_true(now >= last);
		last = now;
	}
	assert_true(llabs(now - clock_wall_ms()) < 5000);
}

/* -- many at once */

struct writer {
	struct db *db;
	pthread_t thread;
	int64_t me;
	int n, refused, failed;
};

static int
body_add(struct db_tx *tx, void *arg, struct err *e)
{
	struct writer *w = arg;
	char key[32];
	int r = q_counter_add(tx, w->me % 4, 1, e);

	assert_true(tx->lane < 8);
	if (r >= 0)
		r = q_counter_add(tx, 10 + w->me, 1, e);
	if (r >= 0 && w->n % 5 == 4)
		return err_set(e, E_STATE_REFUSED, "thread %lld refuses at %d", (long long)w->me, w->n);
	snprintf(key, sizeof(key), "%lld-%d", (long long)w->me, w->n % 7 == 6 ? 0 : w->n);
	return r < 0 ? r : q_thing_unique(tx, str_c(key), 1, e);
}

/* Every fifth write refuses, every seventh breaks a constraint: each thread must see its own fate and text. */
static void *
writer_run(void *arg)
{
	struct writer *w = arg;
	char text[64];

	for (; w->n < 40; w->n++) {
		ERR(e);
		int r = db_write(w->db, body_add, w, &e), want = w->n % 5 == 4 ? E_STATE_REFUSED :
			w->n % 7 == 6 ? E_DB_CONSTRAINT : 0;

		snprintf(text, sizeof(text), "thread %lld refuses at %d", (long long)w->me, w->n);
		w->failed += r != want || (r == E_STATE_REFUSED && strcmp(e.msg, text) != 0);
		w->refused += r < 0;
	}
	return NULL;
}

static void
many_writers_each_see_their_own_result(struct env *v)
{
	struct writer ws[THREADS] = {0};
	int64_t done = 0, sum = 0;

	for (int i = 0; i < 10 + THREADS; i++)
		env_counter_set(v->db, i, 0);
	for (int i = 0; i < THREADS; i++) {
		ws[i] = (struct writer){.db = v->db, .me = i};
		assert_int_equal(pthread_create(&ws[i].thread, NULL, writer_run, &ws[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(ws[i].thread, NULL);
		assert_int_equal(ws[i].failed, 0);
		assert_int_equal(env_counter(v->db, 10 + i), ws[i].n - ws[i].refused);
		done += ws[i].n - ws[i].refused;
	}
	for (int i = 0; i < 4; i++)
		sum += env_counter(v->db, i);
	assert_int_equal(sum, done);
	assert_int_equal(env_int(v->db, q_thing_key_count), done);
}

struct seesaw {
	struct db *db;
	_Atomic bool stop;
	int bad;
};

static int
body_seesaw(struct db_tx *tx, UNUSED void *arg, struct err *e)
{
	int r = q_counter_add(tx, 1, 1, e);

	return r < 0 ? r : q_counter_add(tx, 2, -1, e);
}

static int
body_balance(struct db_tx *tx, void *arg, struct err *e)
{
	int64_t a = 0, b = 0;
	int r = q_counter_get(tx, 1, &a, e);

	if (r >= 0)
		r = q_counter_get(tx, 2, &b, e);
	*(int64_t *)arg = a + b;
	return r;
}

static void *
seesaw_run(void *arg)
{
	struct seesaw *s = arg;
	int64_t sum;

	while (!atomic_load(&s->stop)) {
		ERR(e);

		s->bad += db_read(s->db, body_balance, &sum, &e) != 0 || sum != 0;
	}
	return NULL;
}

static void
readers_see_whole_transactions_in_one_snapshot(struct env *v)
{
	struct seesaw s[3] = {{.db = v->db}, {.db = v->db}, {.db = v->db}};
	pthread_t threads[3];

	env_counter_set(v->db, 1, 0);
	env_counter_set(v->db, 2, 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, seesaw_run, &s[i]), 0);
	for (int i = 0; i < 150; i++)
		env_write(v->db, body_seesaw, NULL);
	for (int i = 0; i < 3; i++) {
		atomic_store(&s[i].stop, true);
		pthread_join(threads[i], NULL);
		assert_int_equal(s[i].bad, 0);
	}
	assert_int_equal(env_counter(v->db, 1), 150);
}

static int
body_read_inside(struct db_tx *tx, void *arg, struct err *e)
{
	struct env *v = arg;
	int r = q_thing_unique(tx, STR("inside"), 1, e);

	assert_int_equal(env_int(v->db, q_thing_key_count), 0);
	return r;
}

static int
body_read_nested(UNUSED struct db_tx *tx, void *arg, UNUSED struct err *e)
{
	struct env *v = arg;

	assert_int_equal(env_int(v->db, q_thing_key_count), 0);
	return 0;
}

static void
reads_nest_and_do_not_see_an_open_write(struct env *v)
{
	env_read(v->db, body_read_nested, v);
	env_write(v->db, body_read_inside, v);
	assert_int_equal(env_int(v->db, q_thing_key_count), 1);
}

static const struct env_case cases[] = {
	ENV_CASE(values_come_back_as_they_went),
	ENV_CASE(no_row_is_no_error_and_a_null_number_is_zero),
	ENV_CASE(each_engine_gets_its_twin_and_literals_stay),
	ENV_CASE(text_is_ordered_by_its_bytes),
	ENV_CASE(text_that_is_not_utf8_is_refused),
	ENV_CASE(a_conditional_update_says_how_many_rows_it_changed),
	ENV_CASE(a_walk_streams_and_other_statements_run_inside),
	ENV_CASE(a_column_of_another_type_is_an_error),
	ENV_CASE(a_body_that_refuses_leaves_nothing_and_no_effects),
	ENV_CASE(any_error_poisons_the_transaction),
	ENV_CASE(a_broken_statement_spoils_its_own_transaction_only),
	ENV_CASE(what_only_the_commit_refuses_is_the_writers_own_error),
	ENV_CASE(effects_come_in_order_on_the_callers_thread_after_the_commit),
	ENV_CASE(what_nobody_waits_for_stands_or_falls_with_its_transaction),
	ENV_CASE(an_epoch_ends_when_something_is_taken_back),
	ENV_CASE(domain_time_is_the_present_and_never_goes_back),
	ENV_CASE(many_writers_each_see_their_own_result),
	ENV_CASE(readers_see_whole_transactions_in_one_snapshot),
	ENV_CASE(reads_nest_and_do_not_see_an_open_write),
};

int
main(void)
{
	return env_run(cases, ARRAY_LEN(cases));
}
