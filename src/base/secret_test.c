/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/mman.h>

#include "base/dies_priv.h"
#include "base/secret.h"

static void
a_secret_is_a_zeroed_copy_of_its_own(void **state)
{
	char text[] = "hush";
	SECRET(s);
	SECRET(empty);
	(void)state;

	s = secret_copy(BLOB(text, 4));
	wipe(text, 4);
	assert_int_equal(text[0] | text[1] | text[2] | text[3], 0);
	assert_true(blob_eq(secret_blob(s), BLOB("hush", 4)));
	empty = secret_new(0);
	assert_non_null(empty->p);
	assert_int_equal(empty->n, 0);
	assert_null(secret_free(NULL));
}

static void
cutting_wipes_what_is_cut(void **state)
{
	SECRET(s);
	(void)state;

	s = secret_copy(BLOB("abcdef", 6));
	secret_cut(s, 2);
	assert_int_equal(s->n, 2);
	assert_true(blob_eq(BLOB(s->p, 6), BLOB("ab\0\0\0\0", 6)));
}

static void
cutting_gives_whole_pages_back(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char seen;
	SECRET(s);
	(void)state;

	s = secret_new(page + 16);
	memset(s->p, 'a', s->n);
	secret_cut(s, page - 1);
	assert_int_equal(s->n, page - 1);
	assert_true(s->p[page - 2] == 'a' && s->p[page - 1] == 0);
	assert_int_not_equal(mincore(s->p + page, 1, &seen), 0);
}

static void
freed_memory_is_gone(void **state)
{
	struct secret *s = secret_new(100);
	void *p = s->p;
	unsigned char seen;
	(void)state;

	assert_null(secret_free(s));
	assert_int_not_equal(mincore(p, 1, &seen), 0);
}

static void
a_forked_child_reads_zeros(void **state)
{
	SECRET(s);
	int status = -1;
	pid_t pid;
	(void)state;

	s = secret_copy(BLOB("hush", 4));
	pid = fork();
	if (pid == 0)
		_exit(s->p[0] | s->p[1] | s->p[2] | s->p[3]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
grown_by_cutting(void)
{
	secret_cut(secret_new(4), 5);
}

static void
cutting_makes_nothing_longer(void **state)
{
	(void)state;
	assert_true(dies(grown_by_cutting));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_secret_is_a_zeroed_copy_of_its_own),
		cmocka_unit_test(cutting_wipes_what_is_cut),
		cmocka_unit_test(cutting_gives_whole_pages_back),
		cmocka_unit_test(freed_memory_is_gone),
		cmocka_unit_test(a_forked_child_reads_zeros),
		cmocka_unit_test(cutting_makes_nothing_longer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
