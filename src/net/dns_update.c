/* SPDX-License-Identifier: Apache-2.0 */
#include "net/dns_update.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/cursor.h"
#include "base/quote.h"
#include "base/rand.h"
#include "net/dns_priv.h"
#include "os/fd.h"

#define UDP_ANSWER_MAX 4096
#define UDP_TRIES 2
#define UDP_TRY_MS 1500
#define TXT_TTL_S 60
/* How soon a waiting one sees dns_stop(). */
#define SLICE_MS 100

/* One message on its way to a server and back. */
struct exchange {
	struct dns *dns;
	const struct addr *server;
	struct blob question;
	int64_t deadline_ms;
	struct arena *arena;
	struct blob answer;
};

/* > 0: ready; 0: the time is over or the service stops. */
static int
wait_until(const struct exchange *x, int fd, short events, int64_t until_ms)
{
	while (!atomic_load(&x->dns->setup.stopped)) {
		struct pollfd p = {.fd = fd, .events = events};
		int64_t left = MIN(until_ms, x->deadline_ms) - clock_mono_ms();
		int r;

		if (left <= 0)
			return 0;
		r = poll(&p, 1, (int)MIN(left, SLICE_MS));
		if (r > 0)
			return 1;
		if (r < 0 && errno != EINTR)
			return -1;
	}
	return 0;
}

static int
refused(const struct exchange *x, int error, struct err *e)
{
	return err_errno(e, E_NET, error, "the DNS server %.*s cannot be reached",
		STRF(addr_text(x->arena, x->server, true)));
}

static int
late(const struct exchange *x, struct err *e)
{
	return err_set(e, E_DNS_TIMEOUT, "the DNS server %.*s did not answer in time",
		STRF(addr_text(x->arena, x->server, true)));
}

/* A connected socket, so that the kernel drops what others send. */
static int
open_socket(const struct exchange *x, int kind, int *ret, struct err *e)
{
	struct sockaddr_storage ss;
	socklen_t len = addr_sockaddr(x->server, &ss), n = sizeof(int);
	FD(fd);
	int error = 0;

	fd = socket(x->server->family, kind | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_errno(e, E_NET, errno, "cannot open a socket");
	if (connect(fd, (struct sockaddr *)&ss, len) < 0) {
		if (errno != EINPROGRESS)
			return refused(x, errno, e);
		if (wait_until(x, fd, POLLOUT, INT64_MAX) <= 0)
			return late(x, e);
		if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n) < 0 || error)
			return refused(x, error ? error : errno, e);
	}
	*ret = fd_take(&fd);
	return 0;
}

/* An answer to our question and not to another's. */
static bool
is_answer(const struct exchange *x, struct blob got)
{
	return got.n >= DNS_HEADER_LEN && got.p[0] == x->question.p[0] &&
	       got.p[1] == x->question.p[1] && (got.p[2] & 0x80);
}

/* 1: answered; 0: nothing came. */
static int
try_udp(struct exchange *x, struct err *e)
{
	int64_t until = clock_mono_ms() + UDP_TRY_MS;
	uint8_t *room = arena_alloc(x->arena, UDP_ANSWER_MAX);
	FD(fd);
	int r = open_socket(x, SOCK_DGRAM, &fd, e);

	if (r < 0)
		return r;
	if (send(fd, x->question.p, x->question.n, 0) < 0)
		return errno == EAGAIN ? 0 : refused(x, errno, e);
	while ((r = wait_until(x, fd, POLLIN, until)) > 0) {
		ssize_t n = recv(fd, room, UDP_ANSWER_MAX, 0);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return refused(x, errno, e);
		if (n > 0 && is_answer(x, BLOB(room, (size_t)n))) {
			x->answer = BLOB(room, (size_t)n);
			return 1;
		}
	}
	return 0;
}

static int
tcp_move(const struct exchange *x, int fd, bool out, uint8_t *p, size_t n, struct err *e)
{
	while (n) {
		ssize_t got;

		if (wait_until(x, fd, out ? POLLOUT : POLLIN, INT64_MAX) <= 0)
			return late(x, e);
		got = out ? send(fd, p, n, MSG_NOSIGNAL) : recv(fd, p, n, 0);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (got <= 0)
			return refused(x, got < 0 ? errno : ECONNRESET, e);
		p += got;
		n -= (size_t)got;
	}
	return 0;
}

static int
try_tcp(struct exchange *x, struct err *e)
{
	uint8_t *out = arena_alloc(x->arena, x->question.n + 2), head[2];
	size_t n;
	FD(fd);
	int r = open_socket(x, SOCK_STREAM, &fd, e);

	if (r < 0)
		return r;
	out[0] = (uint8_t)(x->question.n >> 8);
	out[1] = (uint8_t)x->question.n;
	memcpy(out + 2, x->question.p, x->question.n);
	r = tcp_move(x, fd, true, out, x->question.n + 2, e);
	if (r == 0)
		r = tcp_move(x, fd, false, head, 2, e);
	if (r < 0)
		return r;
	n = (size_t)head[0] << 8 | head[1];
	out = arena_alloc(x->arena, n);
	r = tcp_move(x, fd, false, out, n, e);
	if (r == 0 && !is_answer(x, BLOB(out, n)))
		return err_set(e, E_DNS_SERVFAIL, "the DNS server %.*s answered another question",
			STRF(addr_text(x->arena, x->server, true)));
	x->answer = BLOB(out, n);
	return r;
}

/* UDP twice, then TCP: where an answer does not fit (RFC 7766 5) or UDP is lost on the way. */
static int
exchange(struct exchange *x, struct err *e)
{
	int r = 0;

	for (int i = 0; i < UDP_TRIES && r == 0 && clock_mono_ms() < x->deadline_ms; i++)
		r = try_udp(x, e);
	if (r < 0)
		return r;
	if (r > 0 && !(x->answer.p[2] & 0x02))
		return 0;
	return clock_mono_ms() < x->deadline_ms && !atomic_load(&x->dns->setup.stopped)
		       ? try_tcp(x, e)
		       : late(x, e);
}

/* -- questions */

static int
read_answer(const struct exchange *x, struct str name, enum dns_type type, struct dns_message *ret,
	struct err *e)
{
	struct str who = addr_text(x->arena, x->server, true);
	struct dns_message m;

	if (!dns_message_read(x->answer, x->arena, &m) || !str_eq_nocase(m.name, name) ||
		m.type != type)
		return err_set(e, E_DNS_SERVFAIL, "the DNS server %.*s sent a malformed answer",
			STRF(who));
	if (m.rcode != 0 && m.rcode != DNS_RCODE_NXDOMAIN)
		return err_set(e, m.rcode == DNS_RCODE_REFUSED ? E_DNS_ZONE : E_DNS_SERVFAIL,
			"the DNS server %.*s answered %s for %.*s", STRF(who),
			dns_rcode_name(m.rcode), STRF(name));
	if (!m.authoritative)
		return err_set(e, E_DNS_ZONE, "the DNS server %.*s is not authoritative for %.*s",
			STRF(who), STRF(name));
	*ret = m;
	return 0;
}

int
dns_ask_server(struct dns *d, const struct addr *server, struct str name, enum dns_type type,
	int timeout_ms, struct arena *a, struct dns_message *ret, struct err *e)
{
	static const struct blob none;
	struct exchange x = {.dns = d,
		.server = server,
		.deadline_ms = clock_mono_ms() + timeout_ms,
		.arena = a};
	BUF(b, 1024);
	int r;

	dns_put_header(&b, (uint16_t)rand_u64(), DNS_OP_QUERY, name, type);
	/* EDNS (RFC 6891): the class is the size that we take; 1232 arrives unfragmented */
	dns_put_record(&b, DNS_ADDITIONAL, STR(""), DNS_TYPE_OPT, 1232, 0, none);
	if (b.over)
		return err_set(e, E_DNS_SERVFAIL, "the name \"%.*s\" cannot be asked for",
			STRF(quote_text(name, 100, a)));
	x.question = buf_blob(&b);
	r = exchange(&x, e);
	return r < 0 ? r : read_answer(&x, name, type, ret, e);
}

bool
dns_shows_txt(const struct dns_message *m, struct str text, struct arena *a)
{
	struct str got;

	for (unsigned i = 0; i < m->n; i++) {
		const struct dns_item *r = &m->items[i];

		if (r->section == DNS_ANSWER && r->type == DNS_TXT && str_eq(r->name, m->name) &&
			dns_txt(r->rdata, a, &got) && str_eq(got, text))
			return true;
	}
	return false;
}

/* -- updates */

static int
judge(const struct exchange *x, struct str zone, struct err *e)
{
	struct str who = addr_text(x->arena, x->server, true);
	struct dns_message m;

	if (!dns_message_read(x->answer, x->arena, &m) || m.opcode != DNS_OP_UPDATE)
		return err_set(e, E_DNS_SERVFAIL, "the DNS server %.*s sent a malformed answer",
			STRF(who));
	switch (m.rcode) {
	case 0:
		return 0;
	case DNS_RCODE_NOTAUTH:
	case DNS_RCODE_NOTZONE:
		return err_set(e, E_DNS_ZONE,
			"the DNS server %.*s has no zone %.*s that can be updated (%s)", STRF(who),
			STRF(zone), dns_rcode_name(m.rcode));
	case 2:
		return err_set(e, E_DNS_SERVFAIL,
			"the DNS server %.*s could not update %.*s (SERVFAIL)", STRF(who),
			STRF(zone));
	default:
		return err_set(e, E_DNS_UPDATE_REFUSED,
			"the DNS server %.*s answered %s to the update of %.*s", STRF(who),
			dns_rcode_name(m.rcode), STRF(zone));
	}
}

/* Whether the server serves the zone, as it says without a signature. */
static bool
has_zone(const struct exchange *x, struct str zone)
{
	int64_t left_ms = x->deadline_ms - clock_mono_ms();
	struct dns_message m;
	ERR(ignored);

	if (left_ms <= 0 || dns_ask_server(x->dns, x->server, zone, DNS_SOA, (int)left_ms, x->arena, &m, &ignored) < 0)
		return false;
	for (unsigned i = 0; i < m.n; i++) {
		if (m.items[i].section == DNS_ANSWER && m.items[i].type == DNS_SOA && str_eq(m.items[i].name, m.name))
			return true;
	}
	return false;
}

/* NOTAUTH without a signature says "no such zone" (RFC 2136 3.1.1) or "no such key" (RFC 8945 5.2.1, of servers that
 * leave the TSIG record out): which one, the zone's own data tell. */
static int
unsigned_notauth(const struct exchange *x, struct str zone, const struct dns_tsig_key *key, struct err *e)
{
	if (!has_zone(x, zone))
		return e->code;
	return err_set(e, E_DNS_KEY_REFUSED,
		"the DNS server %.*s has the zone %.*s and does not take the key \"%.*s\": its name, its secret or its "
		"rights (NOTAUTH without a signature)",
		STRF(addr_text(x->arena, x->server, true)), STRF(zone), STRF(quote_text(key->name, 100, x->arena)));
}

int
dns_update_txt(struct dns *d, const struct addr *server, struct str zone,
	const struct dns_tsig_key *key, enum dns_update_act act, struct str name, struct str text,
	int timeout_ms, struct err *e)
{
	bool add = act == DNS_UPDATE_ADD;
	ARENA(a);
	struct exchange x = {.dns = d,
		.server = server,
		.deadline_ms = clock_mono_ms() + timeout_ms,
		.arena = &a};
	/* the machine's own time, which the server shares */
	int64_t now_s = (clock_wall_ms() - clock_shift_ms()) / MS_SECOND;
	struct dns_mac mac;
	BUF(b, DNS_MESSAGE_MAX);
	BUF(rdata, 4096);
	int r;

	dns_put_txt(&rdata, text);
	dns_put_header(&b, (uint16_t)rand_u64(), DNS_OP_UPDATE, zone, DNS_SOA);
	/* RFC 2136 2.5.1 and 2.5.4: class NONE removes this one record */
	dns_put_record(&b, DNS_AUTHORITY, name, DNS_TXT, add ? DNS_CLASS_IN : DNS_CLASS_NONE,
		add ? TXT_TTL_S : 0, buf_blob(&rdata));
	dns_tsig_sign(&b, key, now_s, &mac);
	if (b.over || rdata.over)
		return err_set(e, E_DNS_SERVFAIL, "the record \"%.*s\" does not fit in an update",
			STRF(quote_text(name, 100, &a)));
	x.question = buf_blob(&b);
	r = exchange(&x, e);
	if (r == 0)
		r = dns_tsig_verify(
			x.answer, key, &mac, (clock_wall_ms() - clock_shift_ms()) / MS_SECOND, e);
	if (r == E_DNS_ZONE)
		return unsigned_notauth(&x, zone, key, e);
	return r < 0 ? r : judge(&x, zone, e);
}
