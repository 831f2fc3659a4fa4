/* SPDX-License-Identifier: Apache-2.0 */
#include "os/ipc_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/inject.h"
#include "os/fd.h"

#define IPC_MAGIC 0x51474e31U
#define FLAG_MEMFD (1 << 0) /* the first descriptor holds the body */
#define FLAG_FD (1 << 1)    /* the last descriptor is the message's */
/* Room for more than a fair peer sends, so that an unfair one's are seen and closed. */
#define FDS_ROOM 16
#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int) * FDS_ROOM)];
};

int
ipc_pair(int ret_fds[2], struct err *e)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ret_fds) != 0)
		return err_errno(e, E_IPC, errno, "could not make a socket pair");
	return 0;
}

/* -- sending */

static int
memfd_of(struct blob body, int *ret_fd, struct err *e)
{
	FD(fd);
	int r;

	fd = memfd_create("signet-ipc", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
	if (fd < 0 && errno == EINVAL) /* before Linux 6.3 */
		fd = memfd_create("signet-ipc", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return err_errno(e, E_IPC, errno, "could not make a memory file for a message");
	r = fd_write(fd, body, "a message", e);
	if (r < 0)
		return r;
	if (fcntl(fd, F_ADD_SEALS, SEALS | F_SEAL_SEAL) != 0)
		return err_errno(e, E_IPC, errno, "could not seal a message");
	*ret_fd = fd_take(&fd);
	return 0;
}

static int
send_failed(int errnum, struct err *e)
{
	if (errnum == EPIPE || errnum == ECONNRESET || errnum == ENOTCONN || errnum == EBADF)
		return err_set(e, E_SIGNER_GONE, "the process at the other end is gone");
	if (errnum == EAGAIN)
		return err_set(e, E_TIMEOUT, "the process at the other end takes no messages");
	return err_errno(e, E_IPC, errnum, "could not send a message");
}

static int
send_parts(int fd, const struct ipc_head *h, struct blob inline_body, const int *fds,
	unsigned n_fds, struct err *e)
{
	union control ctl = {0};
	struct iovec iov[2] = {
		{.iov_base = (void *)h, .iov_len = sizeof(*h)},
		{.iov_base = (void *)inline_body.p, .iov_len = inline_body.n},
	};
	struct msghdr m = {.msg_iov = iov, .msg_iovlen = inline_body.n ? 2 : 1};
	ssize_t n;

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
	if (INJECT("ipc.send"))
		return send_failed(EPIPE, e);
	do
		n = sendmsg(fd, &m, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? send_failed(errno, e) : 0;
}

int
ipc_send(int fd, uint16_t type, uint64_t id, struct blob body, int pass_fd, struct err *e)
{
	FD(mem);
	struct ipc_head h = {.magic = IPC_MAGIC, .type = type, .id = id, .body_n = body.n};
	int fds[2];
	unsigned n_fds = 0;

	if (body.n > IPC_BODY_MAX)
		return err_set(e, E_TOO_LARGE, "a message of %zu bytes is over the cap of %d",
			body.n, IPC_BODY_MAX);
	if (body.n > IPC_INLINE_MAX) {
		int r = memfd_of(body, &mem, e);

		if (r < 0)
			return r;
		h.flags |= FLAG_MEMFD;
		fds[n_fds++] = mem;
		body = (struct blob){0};
	}
	if (pass_fd >= 0) {
		h.flags |= FLAG_FD;
		fds[n_fds++] = pass_fd;
	}
	return send_parts(fd, &h, body, fds, n_fds, e);
}

/* -- receiving */

static int
malformed(struct err *e, const char *what)
{
	return err_set(e, E_IPC, "a message is malformed: %s", what);
}

/* Nothing of a connection that the peer has left counts as an error. */
static int
recv_failed(int errnum, struct err *e)
{
	if (errnum == ECONNRESET || errnum == ENOTCONN)
		return 0;
	if (errnum == EAGAIN)
		return err_set(e, E_TIMEOUT, "no message came");
	return err_errno(e, E_IPC, errnum, "could not receive a message");
}

int
ipc_peek(int fd, bool wait, struct ipc_head *ret, struct err *e)
{
	struct ipc_head h;
	ssize_t n;
	uint64_t inline_n;
	unsigned resets = 0;

	/* a peer that ended with questions unread shows as ECONNRESET once; what it sent before is
	 * still there */
	do
		n = recv(fd, &h, sizeof(h), MSG_PEEK | MSG_TRUNC | (wait ? 0 : MSG_DONTWAIT));
	while (n < 0 && (errno == EINTR || (errno == ECONNRESET && resets++ < 2)));
	if (n < 0)
		return recv_failed(errno, e);
	if (n == 0)
		return 0;
	if ((size_t)n < sizeof(h) || h.magic != IPC_MAGIC)
		return malformed(e, "it has no head");
	if (h.flags & ~(FLAG_MEMFD | FLAG_FD))
		return malformed(e, "unknown flags");
	inline_n = (uint64_t)n - sizeof(h);
	if (h.flags & FLAG_MEMFD ? inline_n != 0
				 : inline_n != h.body_n || inline_n > IPC_INLINE_MAX)
		return malformed(e, "its length is not the one it states");
	*ret = h;
	return 1;
}

/* All descriptors that came along; more than FDS_ROOM are closed by the kernel and show as
 * MSG_CTRUNC. */
static unsigned
collect_fds(struct msghdr *m, int fds[FDS_ROOM])
{
	unsigned n = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		size_t bytes = c->cmsg_len - CMSG_LEN(0);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		BUG_ON(n + bytes / sizeof(int) > FDS_ROOM);
		memcpy(fds + n, CMSG_DATA(c), bytes);
		n += (unsigned)(bytes / sizeof(int));
	}
	return n;
}

static void
close_all(int *fds, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		fd_close(&fds[i]);
}

/* The body of a memory file that nobody can change any more, of exactly the stated size. */
static int
read_memfd(int fd, uint64_t size, struct arena *a, struct blob *ret, struct err *e)
{
	struct stat st;
	int seals = fcntl(fd, F_GET_SEALS);
	uint8_t *p;
	size_t have = 0;

	if (seals < 0 || (seals & SEALS) != SEALS)
		return malformed(e, "its memory file is not sealed");
	if (fstat(fd, &st) != 0 || (uint64_t)st.st_size != size)
		return malformed(e, "its memory file has not the stated size");
	p = arena_alloc(a, size);
	while (have < size) {
		ssize_t n = pread(fd, p + have, size - have, (off_t)have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return malformed(e, "its memory file cannot be read");
		have += (size_t)n;
	}
	*ret = BLOB(p, size);
	return 0;
}

/* Takes the message from the socket: the inline body into buf, descriptors into fds. */
static int
take_parts(int fd, const struct ipc_head *h, uint8_t *body, size_t body_n, int fds[FDS_ROOM],
	unsigned *ret_n, struct err *e)
{
	struct ipc_head again;
	union control ctl = {0};
	struct iovec iov[2] = {{&again, sizeof(again)}, {body, body_n}};
	struct msghdr m = {
		.msg_iov = iov,
		.msg_iovlen = body_n ? 2 : 1,
		.msg_control = &ctl,
		.msg_controllen = sizeof(ctl.bytes),
	};
	ssize_t n;

	do
		n = recvmsg(fd, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_errno(e, E_IPC, errno, "could not receive a message");
	*ret_n = collect_fds(&m, fds);
	if (m.msg_flags & (MSG_TRUNC | MSG_CTRUNC) || (size_t)n != sizeof(again) + body_n ||
		memcmp(&again, h, sizeof(again)) != 0)
		return malformed(e, "it carries more than it states");
	return 0;
}

static int
drop(int fd, struct err *e)
{
	union control ctl = {0};
	int fds[FDS_ROOM];
	char byte;
	struct iovec iov = {&byte, 1};
	struct msghdr m = {.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &ctl,
		.msg_controllen = sizeof(ctl.bytes)};

	if (recvmsg(fd, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT) < 0)
		return err_errno(e, E_IPC, errno, "could not receive a message");
	close_all(fds, collect_fds(&m, fds));
	return 0;
}

int
ipc_take(int fd, const struct ipc_head *h, size_t max, struct arena *a, struct ipc_msg *ret,
	struct err *e)
{
	bool mem = h->flags & FLAG_MEMFD;
	unsigned want = (mem ? 1U : 0U) + (h->flags & FLAG_FD ? 1U : 0U), n = 0;
	int fds[FDS_ROOM], r;
	struct blob body = {0};

	*ret = (struct ipc_msg){.type = h->type, .id = h->id, .fd = -1};
	if (!a)
		return drop(fd, e);
	if (h->body_n > MIN(max, (size_t)IPC_BODY_MAX)) {
		r = drop(fd, e);
		return r < 0 ? r
			     : err_set(e, E_TOO_LARGE,
				       "a message of %llu bytes is over the cap of %zu",
				       (unsigned long long)h->body_n, max);
	}
	if (!mem && h->body_n)
		body = BLOB(arena_alloc(a, h->body_n), h->body_n);
	r = take_parts(fd, h, (uint8_t *)body.p, body.n, fds, &n, e);
	if (r == 0 && n != want)
		r = malformed(e, "it carries other descriptors than it states");
	if (r == 0 && mem)
		r = read_memfd(fds[0], h->body_n, a, &body, e);
	if (r == 0) {
		ret->body = body;
		if (h->flags & FLAG_FD)
			ret->fd = fd_take(&fds[n - 1]);
	}
	close_all(fds, n);
	return r;
}

int
ipc_recv(int fd, size_t max, int timeout_ms, struct arena *a, struct ipc_msg *ret, struct err *e)
{
	struct ipc_head h;
	int r;

	if (timeout_ms >= 0) {
		int64_t until = clock_mono_ms() + timeout_ms;
		struct pollfd p = {.fd = fd, .events = POLLIN};

		do {
			int64_t left = MAX(until - clock_mono_ms(), (int64_t)0);

			r = poll(&p, 1, (int)left);
		} while (r < 0 && errno == EINTR);
		if (r == 0)
			return err_set(e, E_TIMEOUT, "no message came within %d ms", timeout_ms);
	}
	r = ipc_peek(fd, timeout_ms < 0, &h, e);
	if (r <= 0)
		return r;
	r = ipc_take(fd, &h, max, a, ret, e);
	return r < 0 ? r : 1;
}
