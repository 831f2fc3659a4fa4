/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "net/http_server_priv.h"
#include "os/thread.h"

static void
list_remove(struct http_server *s, struct conn *c)
{
	struct conn_queue *q = &s->lists[c->list];

	if (c->list == CONN_OFF)
		return;
	*(c->prev ? &c->prev->next : &q->first) = c->next;
	*(c->next ? &c->next->prev : &q->last) = c->prev;
	c->next = c->prev = NULL;
	q->n--;
	c->list = CONN_OFF;
}

static void
list_append(struct http_server *s, struct conn *c, enum conn_list to)
{
	struct conn_queue *q = &s->lists[to];

	c->list = to;
	if (to == CONN_OFF)
		return;
	c->prev = q->last;
	*(q->last ? &q->last->next : &q->first) = c;
	q->last = c;
	q->n++;
}

void
conn_move_locked(struct conn *c, enum conn_list to)
{
	struct http_server *s = c->listener->server;

	if (c->gone)
		return;
	list_remove(s, c);
	c->since_ms = clock_mono_ms();
	list_append(s, c, to);
}

void
conn_move(struct conn *c, enum conn_list to)
{
	struct http_server *s = c->listener->server;

	pthread_mutex_lock(&s->mutex);
	conn_move_locked(c, to);
	pthread_mutex_unlock(&s->mutex);
}

void
conn_speaks(struct conn *c)
{
	struct http_server *s = c->listener->server;

	pthread_mutex_lock(&s->mutex);
	if (c->list == CONN_FRESH || c->list == CONN_IDLE)
		conn_move_locked(c, CONN_RECEIVING);
	pthread_mutex_unlock(&s->mutex);
}

static void
unkeep(struct http_server *s, struct conn *c)
{
	if (c->kept)
		s->kept_bytes -= c->listener->pool;
	c->kept = false;
}

/* The library learns it as the end of the stream, in its own thread, and closes. The descriptor is ours to use until
 * conn_closed(), which takes the mutex. */
static void
shut(struct http_server *s, struct conn *c)
{
	list_remove(s, c);
	unkeep(s, c);
	c->gone = true;
	s->n_gone++;
	shutdown(c->fd, SHUT_RDWR);
}

/*
 * Of the connections that wait for their peer, the oldest of the most numerous kind: a flood is of one kind and ends
 * itself, while a client that is quick passes through the other kinds untouched. Those that read an answer only when
 * there are no others.
 */
static struct conn *
to_evict(struct http_server *s)
{
	static const enum conn_list waiting[] = {CONN_IDLE, CONN_FRESH, CONN_RECEIVING};
	const struct conn_queue *most = &s->lists[CONN_IDLE];

	for (size_t i = 0; i < ARRAY_LEN(waiting); i++) {
		if (s->lists[waiting[i]].n > most->n)
			most = &s->lists[waiting[i]];
	}
	return most->first ? most->first : s->lists[CONN_ANSWERING].first;
}

/* At 80 % of the limit each newcomer costs the oldest. */
static void
make_room(struct http_server *s)
{
	while (s->n_conns - s->n_gone > s->conf.connections_max / 5 * 4) {
		struct conn *c = to_evict(s);

		if (!c)
			return;
		shut(s, c);
	}
}

static void
conn_started(struct listener *l, struct MHD_Connection *mc, void **socket_context)
{
	struct http_server *s = l->server;
	const union MHD_ConnectionInfo *info;
	struct conn *c = calloc(1, sizeof(*c));
	struct addr peer;
	struct sockaddr_storage ss = {0};
	socklen_t len = sizeof(ss);

	if (!c)
		BUG("out of memory");
	info = MHD_get_connection_info(mc, MHD_CONNECTION_INFO_CONNECTION_FD);
	BUG_ON(!info);
	c->fd = info->connect_fd;
	c->listener = l;
	if (getpeername(c->fd, (struct sockaddr *)&ss, &len) == 0 && addr_of_sockaddr((struct sockaddr *)&ss, &peer)) {
		peer = addr_unmapped(&peer);
		inet_ntop(peer.family, peer.ip, c->peer, sizeof(c->peer));
	}
	*socket_context = c;
	pthread_mutex_lock(&s->mutex);
	s->n_conns++;
	make_room(s);
	conn_move_locked(c, CONN_FRESH);
	pthread_mutex_unlock(&s->mutex);
}

static void
conn_closed(struct conn *c)
{
	struct http_server *s = c->listener->server;

	pthread_mutex_lock(&s->mutex);
	list_remove(s, c);
	unkeep(s, c);
	s->n_conns--;
	s->n_gone -= c->gone;
	pthread_mutex_unlock(&s->mutex);
	free(c);
}

void
conn_notify(void *cls, struct MHD_Connection *c, void **socket_context, enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		conn_started(cls, c, socket_context);
	else
		conn_closed(*socket_context);
}

enum MHD_Result
conn_accept(void *cls, const struct sockaddr *sa, socklen_t len)
{
	struct listener *l = cls;
	struct http_server *s = l->server;
	bool room;

	(void)sa;
	(void)len;
	pthread_mutex_lock(&s->mutex);
	/* Those told to go need their loop thread's next turn, which may be milliseconds away. */
	room = s->n_conns - s->n_gone < s->conf.connections_max && s->n_conns < 2 * s->conf.connections_max;
	pthread_mutex_unlock(&s->mutex);
	return room ? MHD_YES : MHD_NO;
}

struct conn *
conn_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	BUG_ON(!info || !info->socket_context);
	return info->socket_context;
}

bool
conn_keep(struct conn *c)
{
	struct http_server *s = c->listener->server;
	bool keep;

	pthread_mutex_lock(&s->mutex);
	if (!c->kept && s->kept_bytes + c->listener->pool > KEPT_BYTES_MAX && s->lists[CONN_IDLE].first)
		shut(s, s->lists[CONN_IDLE].first);
	keep = !s->draining && !c->gone && (c->kept || s->kept_bytes + c->listener->pool <= KEPT_BYTES_MAX);
	if (keep && !c->kept) {
		c->kept = true;
		s->kept_bytes += c->listener->pool;
	}
	pthread_mutex_unlock(&s->mutex);
	return keep;
}

void
conn_shut_all(struct http_server *s, enum conn_list list)
{
	struct conn *c, *next;

	pthread_mutex_lock(&s->mutex);
	for (c = s->lists[list].first; c; c = next) {
		next = c->next;
		if (!c->exchange)
			shut(s, c);
	}
	pthread_mutex_unlock(&s->mutex);
}

static void
shut_older(struct http_server *s, enum conn_list list, int64_t before_ms)
{
	struct conn *c;

	while ((c = s->lists[list].first) && c->since_ms < before_ms)
		shut(s, c);
}

static void *
sweep(void *arg)
{
	struct http_server *s = arg;
	int64_t step_ms = MAX(MIN(MIN(s->conf.slow_ms, s->conf.idle_ms) / 10, 500), 10);
	struct timespec at;

	pthread_mutex_lock(&s->mutex);
	while (!s->stop_sweeper) {
		int64_t now = clock_mono_ms();

		shut_older(s, CONN_FRESH, now - s->conf.slow_ms);
		shut_older(s, CONN_RECEIVING, now - s->conf.slow_ms);
		shut_older(s, CONN_IDLE, now - s->conf.idle_ms);
		tls_forget(s, false);
		now += step_ms;
		at = (struct timespec){now / 1000, now % 1000 * 1000000};
		pthread_cond_timedwait(&s->changed, &s->mutex, &at);
	}
	pthread_mutex_unlock(&s->mutex);
	return NULL;
}

int
conn_sweeper_start(struct http_server *s, struct err *e)
{
	int r = thread_start(&s->sweeper, "http-sweeper", (size_t)128 * 1024, sweep, s, e);

	if (r < 0)
		return r;
	s->sweeping = true;
	return 0;
}

void
conn_sweeper_stop(struct http_server *s)
{
	if (!s->sweeping)
		return;
	pthread_mutex_lock(&s->mutex);
	s->stop_sweeper = true;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->mutex);
	pthread_join(s->sweeper, NULL);
	s->sweeping = false;
}
