/* SPDX-License-Identifier: Apache-2.0 */
#include "os/ipc.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "os/fd.h"

/* As a hostile peer writes it. */
struct raw_head {
	uint32_t magic;
	uint16_t type, flags;
	uint64_t id, body_n;
};
#define MAGIC 0x51474e31U

static unsigned
open_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static void
send_raw(int fd, struct raw_head h, size_t inline_n, const int *fds, unsigned n_fds)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * 200)];
	} ctl = {0};
	uint8_t *body = calloc(1, inline_n + 1);
	struct iovec iov[2] = {{&h, sizeof(h)}, {body, inline_n}};
	struct msghdr m = {.msg_iov = iov, .msg_iovlen = 2};

	if (n_fds) {
		struct cmsghdr *c;

		m.msg_control = &ctl;
		m.msg_controllen = CMSG_SPACE(sizeof(int) * n_fds);
		c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int) * n_fds);
		memcpy(CMSG_DATA(c), fds, sizeof(int) * n_fds);
	}
	assert_int_equal(sendmsg(fd, &m, 0), sizeof(h) + inline_n);
	free(body);
}

static int
memfd(size_t n, int seals)
{
	int fd = memfd_create("t", MFD_ALLOW_SEALING | MFD_CLOEXEC);

	assert_int_equal(ftruncate(fd, (off_t)n), 0);
	if (seals)
		assert_int_equal(fcntl(fd, F_ADD_SEALS, seals), 0);
	return fd;
}

static void
messages_of_all_sizes_arrive_whole(void **state)
{
	static const size_t sizes[] = {0, 1, 100, IPC_INLINE_MAX, IPC_INLINE_MAX + 1, 5000000};
	int p[2];
	ERR(e);

	(void)state;
	assert_int_equal(ipc_pair(p, &e), 0);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		ARENA(a);
		uint8_t *body = malloc(sizes[i] + 1);
		struct ipc_msg m;

		for (size_t k = 0; k < sizes[i]; k++)
			body[k] = (uint8_t)(k * 7 + i);
		assert_int_equal(
			ipc_send(p[0], (uint16_t)i, i << 40, BLOB(body, sizes[i]), -1, &e), 0);
		assert_int_equal(ipc_recv(p[1], sizes[i], 1000, &a, &m, &e), 1);
		assert_int_equal(m.type, i);
		assert_int_equal(m.id, i << 40);
		assert_int_equal(m.fd, -1);
		assert_int_equal(m.body.n, sizes[i]);
		assert_memory_equal(m.body.p ? m.body.p : body, body, sizes[i]);
		free(body);
	}
	close(p[0]);
	close(p[1]);
}

static void
a_descriptor_travels_beside_a_small_and_a_large_body(void **state)
{
	int p[2];
	ERR(e);
	static uint8_t body[IPC_INLINE_MAX + 9];
	unsigned before;

	(void)state;
	assert_int_equal(ipc_pair(p, &e), 0);
	before = open_fds();
	for (size_t n = 3; n <= sizeof(body); n += sizeof(body) - 3) {
		ARENA(a);
		struct ipc_msg m;
		FD(pipe_end);
		int q[2];
		char c;

		assert_int_equal(pipe2(q, O_CLOEXEC), 0);
		assert_int_equal(ipc_send(p[0], 1, 2, BLOB(body, n), q[1], &e), 0);
		close(q[1]);
		pipe_end = q[0];
		assert_int_equal(ipc_recv(p[1], n, 1000, &a, &m, &e), 1);
		assert_true(m.fd >= 0);
		assert_int_equal(m.body.n, n);
		assert_true(fcntl(m.fd, F_GETFD) & FD_CLOEXEC);
		assert_int_equal(write(m.fd, "x", 1), 1);
		assert_int_equal(read(pipe_end, &c, 1), 1);
		close(m.fd);
	}
	assert_int_equal(open_fds(), before);
	close(p[0]);
	close(p[1]);
}

static void
silence_ends_with_the_timeout_and_a_closed_peer_with_zero(void **state)
{
	int p[2];
	ERR(e);
	ARENA(a);
	struct ipc_msg m;

	(void)state;
	assert_int_equal(ipc_pair(p, &e), 0);
	assert_int_equal(ipc_recv(p[1], 10, 5, &a, &m, &e), E_TIMEOUT);
	assert_int_equal(ipc_recv(p[1], 10, 0, &a, &m, &e), E_TIMEOUT);
	close(p[0]);
	assert_int_equal(ipc_recv(p[1], 10, -1, &a, &m, &e), 0);
	assert_int_equal(ipc_send(p[1], 1, 1, BLOB("x", 1), -1, &e), E_SIGNER_GONE);
	close(p[1]);
}

static void
a_body_over_the_receivers_cap_is_dropped_and_the_next_one_arrives(void **state)
{
	static uint8_t body[IPC_INLINE_MAX + 9];
	int p[2];
	ERR(e);
	unsigned before;

	(void)state;
	assert_int_equal(ipc_pair(p, &e), 0);
	before = open_fds();
	for (size_t n = 11; n <= sizeof(body); n += sizeof(body) - 11) {
		ARENA(a);
		struct ipc_msg m;

		assert_int_equal(ipc_send(p[0], 5, 77, BLOB(body, n), p[0], &e), 0);
		assert_int_equal(ipc_send(p[0], 6, 78, BLOB(body, 10), -1, &e), 0);
		assert_int_equal(ipc_recv(p[1], 10, 1000, &a, &m, &e), E_TOO_LARGE);
		assert_int_equal(m.id, 77);
		assert_int_equal(ipc_recv(p[1], 10, 1000, &a, &m, &e), 1);
		assert_int_equal(m.id, 78);
	}
	assert_int_equal(open_fds(), before);
	close(p[0]);
	close(p[1]);
}

#define SEALED (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK)

struct hostile {
	const char *what;
	struct raw_head head;
	size_t inline_n;
	unsigned n_fds;
	size_t mem_n;
	int seals;
};

static const struct hostile hostiles[] = {
	{"no magic", {1, 1, 0, 1, 4}, 4, 0, 0, 0},
	{"unknown flag", {MAGIC, 1, 4, 1, 4}, 4, 0, 0, 0},
	{"shorter than stated", {MAGIC, 1, 0, 1, 5}, 4, 0, 0, 0},
	{"longer than stated", {MAGIC, 1, 0, 1, 3}, 4, 0, 0, 0},
	{"inline over the cap", {MAGIC, 1, 0, 1, IPC_INLINE_MAX + 1}, IPC_INLINE_MAX + 1, 0, 0, 0},
	{"huge size, nothing there", {MAGIC, 1, 0, 1, UINT64_MAX}, 0, 0, 0, 0},
	{"memfd and inline body", {MAGIC, 1, 1, 1, 4}, 4, 1, 4, SEALED},
	{"memfd flag without descriptor", {MAGIC, 1, 1, 1, 4}, 0, 0, 0, 0},
	{"memfd not sealed", {MAGIC, 1, 1, 1, 4}, 0, 1, 4, 0},
	{"memfd may still be written", {MAGIC, 1, 1, 1, 4}, 0, 1, 4, F_SEAL_GROW | F_SEAL_SHRINK},
	{"memfd may still shrink", {MAGIC, 1, 1, 1, 4}, 0, 1, 4, F_SEAL_GROW | F_SEAL_WRITE},
	{"memfd smaller than stated", {MAGIC, 1, 1, 1, 5}, 0, 1, 4, SEALED},
	{"memfd larger than stated", {MAGIC, 1, 1, 1, 3}, 0, 1, 4, SEALED},
	{"one descriptor unannounced", {MAGIC, 1, 0, 1, 4}, 4, 1, 4, 0},
	{"two descriptors for one", {MAGIC, 1, 2, 1, 4}, 4, 2, 4, 0},
	{"descriptor missing", {MAGIC, 1, 2, 1, 4}, 4, 0, 4, 0},
	{"more descriptors than room", {MAGIC, 1, 2, 1, 4}, 4, 100, 4, 0},
	{"as many as room", {MAGIC, 1, 3, 1, 4}, 0, 16, 4, SEALED},
};

static void
a_hostile_message_is_refused_and_leaves_no_descriptor(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hostiles); i++) {
		const struct hostile *h = &hostiles[i];
		int p[2], fds[200], mem = h->n_fds ? memfd(h->mem_n, h->seals) : -1;
		unsigned before;
		ARENA(a);
		ERR(e);
		struct ipc_msg m;

		arena_init(&a, 1 << 20);
		assert_int_equal(ipc_pair(p, &e), 0);
		for (unsigned k = 0; k < h->n_fds; k++)
			fds[k] = mem;
		before = open_fds();
		send_raw(p[0], h->head, h->inline_n, fds, h->n_fds);
		if (ipc_recv(p[1], IPC_BODY_MAX, 1000, &a, &m, &e) != E_IPC)
			fail_msg("%s: not refused", h->what);
		close(p[0]);
		close(p[1]);
		if (open_fds() != before - 2)
			fail_msg("%s: a descriptor was left", h->what);
		if (mem >= 0)
			close(mem);
	}
}

static void
a_memfd_that_is_no_memfd_is_refused(void **state)
{
	int p[2], fd = open("/etc/hostname", O_RDONLY | O_CLOEXEC);
	ARENA(a);
	ERR(e);
	struct ipc_msg m;

	(void)state;
	if (fd < 0)
		fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	assert_int_equal(ipc_pair(p, &e), 0);
	send_raw(p[0], (struct raw_head){MAGIC, 1, 1, 1, 4}, 0, &fd, 1);
	assert_int_equal(ipc_recv(p[1], 100, 1000, &a, &m, &e), E_IPC);
	close(fd);
	close(p[0]);
	close(p[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_of_all_sizes_arrive_whole),
		cmocka_unit_test(a_descriptor_travels_beside_a_small_and_a_large_body),
		cmocka_unit_test(silence_ends_with_the_timeout_and_a_closed_peer_with_zero),
		cmocka_unit_test(a_body_over_the_receivers_cap_is_dropped_and_the_next_one_arrives),
		cmocka_unit_test(a_hostile_message_is_refused_and_leaves_no_descriptor),
		cmocka_unit_test(a_memfd_that_is_no_memfd_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
