/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/quote.h"
#include "net/probe_priv.h"

void
wire_done(struct wire *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}

static bool
wire_wait(struct wire *w, short events)
{
	struct pollfd p = {.fd = w->fd, .events = events};
	int64_t left_ms;
	int r;

	do {
		left_ms = w->until_ms - clock_mono_ms();
		r = left_ms > 0 ? poll(&p, 1, (int)MIN(left_ms, MS_HOUR)) : 0;
	} while (r < 0 && errno == EINTR);
	w->late = r == 0;
	w->closed = r < 0;
	return r > 0;
}

static void
first_note(struct wire *w, const void *p, size_t n)
{
	size_t take = MIN(n, sizeof(w->first) - w->n_first);

	memcpy(w->first + w->n_first, p, take);
	w->n_first += take;
}

void
wire_first_fill(struct wire *w)
{
	ssize_t got = recv(w->fd, w->first + w->n_first, sizeof(w->first) - w->n_first, MSG_DONTWAIT);

	w->n_first += (size_t)MAX(got, 0);
}

ptrdiff_t
wire_read(struct wire *w, void *p, size_t n)
{
	ssize_t got;

	w->cut = w->left == 0;
	if (w->cut || !wire_wait(w, POLLIN))
		return -1;
	got = recv(w->fd, p, MIN(n, w->left), 0);
	w->closed = got <= 0;
	if (got <= 0)
		return got;
	w->left -= (size_t)got;
	first_note(w, p, (size_t)got);
	return got;
}

int
wire_write(struct wire *w, struct blob b)
{
	while (b.n > 0) {
		ssize_t put;

		if (!wire_wait(w, POLLOUT))
			return -1;
		put = send(w->fd, b.p, b.n, MSG_NOSIGNAL);
		w->closed = put < 0 && errno != EAGAIN;
		if (w->closed)
			return -1;
		b = BLOB(b.p + MAX(put, 0), b.n - (size_t)MAX(put, 0));
	}
	return 0;
}

/* -- how it ends */

enum probe_outcome
probe_ends(struct probe_end *end, enum probe_outcome o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(end->why, sizeof(end->why), fmt, ap);
	va_end(ap);
	end->outcome = o;
	return o;
}

enum probe_outcome
probe_broke(struct probe_end *end, const struct wire *w)
{
	static const char *const doing[] = {[PROBE_AT_CONNECT] = "the connection",
		[PROBE_AT_STARTTLS] = "STARTTLS",
		[PROBE_AT_HANDSHAKE] = "the handshake",
		[PROBE_AT_MORE] = "a further handshake"};

	if (w->late)
		return probe_ends(end, PROBE_TIMEOUT, "the time was over in %s", doing[end->step]);
	if (w->cut)
		return probe_ends(end, PROBE_BROKEN, "the server sends without end in %s", doing[end->step]);
	return probe_ends(end, PROBE_CLOSED, "the server closed the connection in %s", doing[end->step]);
}

/* -- dialling */

static enum probe_outcome
not_connected(struct probe_end *end, int fault)
{
	const char *text = strerrordesc_np(fault);
	enum probe_outcome o = fault == ECONNREFUSED ? PROBE_REFUSED : fault == ETIMEDOUT ? PROBE_TIMEOUT : PROBE_UNREACHABLE;

	return probe_ends(end, o, "no connection: %s", text ? text : "unknown error");
}

static enum probe_outcome
connected(struct wire *w, struct probe_end *end)
{
	socklen_t n = sizeof(int);
	int fault = 0;

	if (!wire_wait(w, POLLOUT))
		return probe_broke(end, w);
	if (getsockopt(w->fd, SOL_SOCKET, SO_ERROR, &fault, &n) < 0)
		fault = errno;
	return fault ? not_connected(end, fault) : PROBE_SEEN;
}

static int
dial_tcp(const struct addr *to, struct wire *w, struct probe_end *end, struct err *e)
{
	struct sockaddr_storage sa;
	socklen_t n = addr_sockaddr(to, &sa);

	w->fd = socket(sa.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (w->fd < 0)
		return err_errno(e, E_NET, errno, "no socket for a probe");
	if (connect(w->fd, (struct sockaddr *)&sa, n) == 0 || errno == EINPROGRESS)
		connected(w, end);
	else
		not_connected(end, errno);
	return 0;
}

static enum probe_outcome
starttls_failed(const struct starttls_talk *t, enum starttls_next how, struct arena *a, struct probe_end *end)
{
	struct str said = quote_text((struct str){t->words, t->n_words}, 120, a);
	const char *kind = starttls_word(t->kind);

	if (how == STARTTLS_REFUSED && t->offered)
		return probe_ends(end, PROBE_STARTTLS, "the server refuses STARTTLS (%s): \"%.*s\"", kind, STRF(said));
	if (how == STARTTLS_REFUSED)
		return probe_ends(
			end, PROBE_STARTTLS, "the server offers no STARTTLS (%s); it says \"%.*s\"", kind, STRF(said));
	if (how == STARTTLS_SURPLUS)
		return probe_ends(
			end, PROBE_STARTTLS, "plain bytes came behind the answer to STARTTLS: \"%.*s\"", STRF(said));
	return probe_ends(end, PROBE_STARTTLS, "the server does not speak %s; it says \"%.*s\"", kind, STRF(said));
}

static enum probe_outcome
dial_starttls(enum starttls kind, struct arena *a, struct wire *w, struct probe_end *end)
{
	struct starttls_talk t = {.kind = kind};
	uint8_t seen[STARTTLS_ANSWER_MAX];
	size_t n = 0;

	for (;;) {
		struct blob out = {0};
		enum starttls_next next = starttls_step(&t, BLOB(seen, n), &out);
		ptrdiff_t got;

		if (next == STARTTLS_READY)
			return PROBE_SEEN;
		if (next != STARTTLS_WAIT && next != STARTTLS_SEND)
			return starttls_failed(&t, next, a, end);
		if (next == STARTTLS_SEND) {
			if (wire_write(w, out) < 0)
				return probe_broke(end, w);
			continue;
		}
		w->cut = n == sizeof(seen);
		got = w->cut ? -1 : wire_read(w, seen + n, sizeof(seen) - n);
		if (got <= 0)
			return probe_broke(end, w);
		n += (size_t)got;
	}
}

int
probe_dial(const struct probe_call *call, int64_t until_ms, struct arena *a, struct wire *w, struct probe_end *end,
	int64_t *ret_connect_us, struct err *e)
{
	int64_t began_us = clock_mono_us();
	int r;

	*w = (struct wire){.fd = -1, .until_ms = until_ms, .left = WIRE_MAX};
	r = dial_tcp(&call->address, w, end, e);
	if (r < 0 || end->outcome != PROBE_SEEN)
		return r;
	*ret_connect_us = clock_mono_us() - began_us;
	if (call->starttls != STARTTLS_NONE) {
		end->step = PROBE_AT_STARTTLS;
		dial_starttls(call->starttls, a, w, end);
	}
	w->n_first = 0;
	return 0;
}
