/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http_server.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/http_server_priv.h"

#define LOOP_STACK ((size_t)256 * 1024)
/* A peer that takes nothing of its answer for so long is given up. */
#define STALLED_S 30
/* So long a connection that has sent nothing yet may still begin when the server drains. */
#define DRAIN_FRESH_MS 100

static void
panic(void *cls, const char *file, unsigned line, const char *reason)
{
	(void)cls;
	bug(file, (int)line, reason ? reason : "the HTTP library gives up");
}

static void
quiet(void *cls, const char *fmt, va_list ap)
{
	(void)cls;
	(void)fmt;
	(void)ap;
}

/* The library must not decode the target: %2F and '/' differ, and %00 would cut it. */
static size_t
leave_as_is(void *cls, struct MHD_Connection *c, char *s)
{
	(void)cls;
	(void)c;
	return strlen(s);
}

/* Header and body go out in one piece each; Nagle against delayed ACK would cost 40 ms. Accepted sockets inherit it. */
static int
set_nodelay(int fd, struct err *e)
{
	int on = 1;

	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0)
		return err_errno(e, E_IO, errno, "cannot set TCP_NODELAY on the listening socket");
	return 0;
}

static int
start_listener(struct http_server *s, struct listener *l, int fd, struct err *e)
{
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | (l->tls ? MHD_USE_TLS : 0);
	unsigned threads = MAX(s->conf.loop_threads, 1U);
	struct MHD_OptionItem more[8];
	unsigned n = 0;
	int r = set_nodelay(fd, e);

	if (r < 0)
		return r;
	if (threads > 1)
		more[n++] = (struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)threads, NULL};
	if (l->tls) {
		more[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)tls_priorities};
		more[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)(uintptr_t)tls_retrieve};
	}
	if (MHD_VERSION >= 0x01000000)
		more[n++] = (struct MHD_OptionItem){MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL};
	more[n] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
	/* The limit of the library only stands behind ours: it is split among threads that share unevenly. */
	l->daemon = MHD_start_daemon(flags, 0, conn_accept, l, exchange_step, l, MHD_OPTION_EXTERNAL_LOGGER, quiet, NULL,
		MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, (s->conf.connections_max + 64) * threads,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, l->pool, MHD_OPTION_CONNECTION_TIMEOUT,
		(unsigned)MAX(STALLED_S, MAX(s->conf.idle_ms, s->conf.slow_ms) / 1000 + 1),
		MHD_OPTION_THREAD_STACK_SIZE, LOOP_STACK, MHD_OPTION_URI_LOG_CALLBACK, exchange_begin, l,
		MHD_OPTION_UNESCAPE_CALLBACK, leave_as_is, NULL, MHD_OPTION_NOTIFY_COMPLETED, exchange_end, l,
		MHD_OPTION_NOTIFY_CONNECTION, conn_notify, l, MHD_OPTION_ARRAY, more, MHD_OPTION_END);
	if (!l->daemon)
		return err_errno(e, E_IO, errno, "cannot start the HTTP server");
	return 0;
}

static struct http_server *
server_new(const struct http_server_conf *conf)
{
	struct http_server *s = calloc(1, sizeof(*s));
	pthread_condattr_t attr;

	if (!s)
		BUG("out of memory");
	s->conf = *conf;
	s->conf.listeners = NULL;
	s->refs = 1;
	s->listeners = calloc(MAX(conf->n_listeners, 1U), sizeof(*s->listeners));
	if (!s->listeners)
		BUG("out of memory");
	s->n_listeners = conf->n_listeners;
	pthread_mutex_init(&s->mutex, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&s->changed, &attr);
	pthread_condattr_destroy(&attr);
	return s;
}

/* Called with the mutex held; gives it back. */
void
server_unref_unlock(struct http_server *s)
{
	bool last = --s->refs == 0;

	pthread_mutex_unlock(&s->mutex);
	if (!last)
		return;
	tls_forget(s, true);
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->mutex);
	free(s->listeners);
	free(s);
}

int
http_server_start(const struct http_server_conf *conf, struct http_server **ret, struct err *e)
{
	struct http_server *s;
	int r;

	BUG_ON(!conf->handle || !conf->body_max || !conf->lane || !conf->connections_max);
	MHD_set_panic_func(panic, NULL);
	s = server_new(conf);
	r = conn_sweeper_start(s, e);
	for (unsigned i = 0; r == 0 && i < conf->n_listeners; i++) {
		struct listener *l = &s->listeners[i];

		l->server = s;
		l->index = i;
		l->tls = conf->listeners[i].tls;
		l->pool = l->tls ? POOL_TLS : POOL_PLAIN;
		r = start_listener(s, l, conf->listeners[i].fd, e);
	}
	if (r < 0) {
		http_server_stop(s, 0);
		return r;
	}
	*ret = s;
	return 0;
}

static bool
drained(const struct http_server *s, int64_t waited_ms)
{
	return s->n_exchanges == 0 && (!s->lists[CONN_FRESH].first || waited_ms >= DRAIN_FRESH_MS);
}

static void
wait_drained(struct http_server *s, int drain_ms)
{
	int64_t start = clock_mono_ms(), now = start;

	pthread_mutex_lock(&s->mutex);
	while (!drained(s, now - start) && now - start < drain_ms) {
		struct timespec at = {(now + 10) / 1000, (now + 10) % 1000 * 1000000};

		pthread_cond_timedwait(&s->changed, &s->mutex, &at);
		now = clock_mono_ms();
	}
	pthread_mutex_unlock(&s->mutex);
}

struct http_server *
http_server_stop(struct http_server *s, int drain_ms)
{
	if (!s)
		return NULL;
	pthread_mutex_lock(&s->mutex);
	s->draining = true;
	pthread_mutex_unlock(&s->mutex);
	for (unsigned i = 0; i < s->n_listeners; i++) {
		if (s->listeners[i].daemon)
			close(MHD_quiesce_daemon(s->listeners[i].daemon));
	}
	conn_shut_all(s, CONN_IDLE);
	wait_drained(s, drain_ms);
	pthread_mutex_lock(&s->mutex);
	s->stopping = true;
	exchange_abandon_all(s);
	pthread_mutex_unlock(&s->mutex);
	for (unsigned i = 0; i < s->n_listeners; i++) {
		if (s->listeners[i].daemon)
			MHD_stop_daemon(s->listeners[i].daemon);
	}
	conn_sweeper_stop(s);
	pthread_mutex_lock(&s->mutex);
	server_unref_unlock(s);
	return NULL;
}
