/* SPDX-License-Identifier: Apache-2.0 */
#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "os/fd.h"

struct tmp {
	char path[64];
	int fd;
};

static int
setup(void **state)
{
	struct tmp *t = calloc(1, sizeof(*t));

	snprintf(t->path, sizeof(t->path), "/tmp/signet-file-XXXXXX");
	assert_non_null(mkdtemp(t->path));
	t->fd = open(t->path, O_DIRECTORY | O_CLOEXEC);
	*state = t;
	return 0;
}

static int
teardown(void **state)
{
	struct tmp *t = *state;
	char cmd[96];

	close(t->fd);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", t->path);
	assert_int_equal(system(cmd), 0);
	free(t);
	return 0;
}

static void
what_is_written_is_read_and_has_its_mode(void **state)
{
	struct tmp *t = *state;
	ARENA(a);
	ERR(e);
	struct blob b;
	struct stat st;
	mode_t old = umask(077);

	assert_int_equal(file_write_atomic(t->fd, "x", BLOB("one", 3), 0644, &e), 0);
	assert_int_equal(file_write_atomic(t->fd, "x", BLOB("second", 6), 0644, &e), 0);
	umask(old);
	assert_int_equal(file_read(t->fd, "x", 6, &a, &b, &e), 0);
	assert_true(blob_eq(b, BLOB("second", 6)));
	assert_int_equal(fstatat(t->fd, "x", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
}

static void
a_file_over_the_cap_is_refused(void **state)
{
	struct tmp *t = *state;
	ARENA(a);
	SECRET(s);
	ERR(e);
	struct blob b;

	assert_int_equal(file_write_atomic(t->fd, "x", BLOB("12345", 5), 0600, &e), 0);
	assert_int_equal(file_read(t->fd, "x", 4, &a, &b, &e), E_TOO_LARGE);
	assert_int_equal(file_read_secret(t->fd, "x", 4, &s, &e), E_TOO_LARGE);
	assert_int_equal(file_read_secret(t->fd, "x", 5, &s, &e), 0);
	assert_int_equal(s->n, 5);
	/* one without a size of its own, like those of /proc */
	assert_int_equal(file_read(AT_FDCWD, "/proc/self/maps", 16, &a, &b, &e), E_TOO_LARGE);
	assert_int_equal(file_read(AT_FDCWD, "/proc/self/stat", 65536, &a, &b, &e), 0);
	assert_true(b.n > 16);
}

static void
a_secret_of_a_whole_page_is_read(void **state)
{
	struct tmp *t = *state;
	SECRET(s);
	ERR(e);
	static uint8_t page[4096] = {7};

	assert_int_equal(file_write_atomic(t->fd, "x", BLOB(page, sizeof(page)), 0600, &e), 0);
	assert_int_equal(file_read_secret(t->fd, "x", 8192, &s, &e), 0);
	assert_int_equal(s->n, 4096);
	assert_int_equal(s->p[0], 7);
}

static void
a_pipe_is_read_to_its_end_as_a_secret(UNUSED void **state)
{
	static const size_t sizes[] = {0, 1, 5000, 65535, 65536, 65537};

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		int ends[2];
		SECRET(s);
		SECRET(refused);
		ERR(e);
		static uint8_t bytes[70000];

		memset(bytes, 7, sizeof(bytes));
		for (size_t max = sizes[i] ? sizes[i] - 1 : 0; max <= sizes[i]; max++) {
			bool fits = max == sizes[i];

			assert_int_equal(pipe(ends), 0);
			assert_true(fcntl(ends[1], F_SETPIPE_SZ, 1 << 17) > 0);
			assert_int_equal(write(ends[1], bytes, sizes[i]), sizes[i]);
			close(ends[1]);
			assert_int_equal(file_read_secret_open(ends[0], "pipe", max, fits ? &s : &refused, &e),
				fits ? 0 : E_TOO_LARGE);
			close(ends[0]);
		}
		assert_null(refused);
		assert_int_equal(s->n, sizes[i]);
		assert_memory_equal(s->p, bytes, sizes[i]);
	}
}

static void
what_is_no_regular_file_is_refused(void **state)
{
	struct tmp *t = *state;
	ARENA(a);
	ERR(e);
	struct blob b;

	assert_int_equal(mkfifoat(t->fd, "fifo", 0600), 0);
	assert_int_equal(file_read(t->fd, "fifo", 9, &a, &b, &e), E_IO);
	assert_int_equal(file_read(t->fd, ".", 9, &a, &b, &e), E_IO);
	assert_int_equal(file_read(t->fd, "none", 9, &a, &b, &e), E_NOT_FOUND);
	assert_int_equal(file_mkdir(t->fd, "fifo", 0700, &e), E_IO);
	assert_int_equal(file_mkdir(t->fd, "a/b", 0700, &e), E_NOT_FOUND);
	assert_int_equal(file_mkdir(t->fd, "a", 0700, &e), 0);
	assert_int_equal(file_mkdir(t->fd, "a", 0700, &e), 0);
	assert_int_equal(file_mkdir(t->fd, "a/b", 0700, &e), 0);
}

static void
creating_never_replaces(void **state)
{
	struct tmp *t = *state;
	ARENA(a);
	ERR(e);
	struct blob b;

	assert_int_equal(file_create_atomic(t->fd, "x", BLOB("1", 1), 0600, &e), 0);
	assert_int_equal(file_create_atomic(t->fd, "x", BLOB("2", 1), 0600, &e), E_CONFLICT);
	assert_int_equal(file_read(t->fd, "x", 9, &a, &b, &e), 0);
	assert_true(blob_eq(b, BLOB("1", 1)));
}

static void
sweeping_removes_only_the_leftovers_of_writers(void **state)
{
	struct tmp *t = *state;
	ERR(e);
	static const char *const keep[] = {
		"x", ".x.new", ".x.0123456789abcdeg.new", "x.0123456789abcdef.new"};

	for (size_t i = 0; i < ARRAY_LEN(keep); i++)
		assert_int_equal(file_write_atomic(t->fd, keep[i], BLOB("1", 1), 0600, &e), 0);
	assert_int_equal(
		file_write_atomic(t->fd, ".x.0123456789abcdef.new", BLOB("1", 1), 0600, &e), 0);
	assert_int_equal(file_sweep(t->fd, &e), 0);
	for (size_t i = 0; i < ARRAY_LEN(keep); i++)
		assert_int_equal(faccessat(t->fd, keep[i], F_OK, 0), 0);
	assert_int_equal(faccessat(t->fd, ".x.0123456789abcdef.new", F_OK, 0), -1);
	assert_int_equal(file_remove(t->fd, "x", &e), 0);
	assert_int_equal(file_remove(t->fd, "x", &e), E_NOT_FOUND);
}

static void
a_lock_names_its_holder_and_ends_with_its_descriptor(void **state)
{
	struct tmp *t = *state;
	ERR(e);
	int fd, other;
	char want[64];

	assert_int_equal(file_lock(t->fd, "lock", &fd, &e), 0);
	assert_int_equal(file_lock(t->fd, "lock", &other, &e), E_LOCKED);
	snprintf(want, sizeof(want), "process %d", (int)getpid());
	assert_non_null(strstr(e.msg, want));
	close(fd);
	assert_int_equal(file_lock(t->fd, "lock", &fd, &e), 0);
	close(fd);
}

static void
a_full_disk_is_named_and_leaves_the_old_file(void **state)
{
	struct tmp *t = *state;
	ARENA(a);
	ERR(e);
	FD(full);
	struct blob b;

	full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	assert_true(full >= 0);
	assert_int_equal(fd_write(full, BLOB("x", 1), "x", &e), E_DISK_FULL);
	assert_int_equal(file_write_atomic(t->fd, "x", BLOB("1", 1), 0600, &e), 0);
	assert_true(file_write_atomic(t->fd, "none/x", BLOB("2", 1), 0600, &e) < 0);
	assert_int_equal(file_read(t->fd, "x", 9, &a, &b, &e), 0);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(what_is_written_is_read_and_has_its_mode),
		T(a_file_over_the_cap_is_refused),
		T(a_secret_of_a_whole_page_is_read),
		cmocka_unit_test(a_pipe_is_read_to_its_end_as_a_secret),
		T(what_is_no_regular_file_is_refused),
		T(creating_never_replaces),
		T(sweeping_removes_only_the_leftovers_of_writers),
		T(a_lock_names_its_holder_and_ends_with_its_descriptor),
		T(a_full_disk_is_named_and_leaves_the_old_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
