/* SPDX-License-Identifier: Apache-2.0 */
#include "os/ipc_priv.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/clock.h"
#include "os/fd.h"
#include "os/thread.h"

#define BUCKETS 256
#define SEND_TIMEOUT_S 20

/* One connection to the peer. Its descriptor stays open while a sender or the reader uses it. */
struct channel {
	int fd;
	unsigned refs;
};

enum call_state { CALL_WAITING, CALL_FILLING, CALL_DONE };

/* One call in flight, on its asker's stack. */
struct call {
	struct call *next; /* in its bucket */
	uint64_t id;
	struct channel *ch;
	enum call_state state;
	struct arena *a;
	struct ipc_msg *ret;
	int result;
	struct err *e;
	pthread_cond_t done;
};

struct ipc_client {
	pthread_mutex_t lock; /* all below, channels and calls */
	pthread_cond_t attached;
	struct channel *ch; /* NULL: none stands */
	uint64_t last_id;
	struct call *buckets[BUCKETS];
	bool stopping;
	pthread_t reader;
};

static void
unref(struct channel *ch)
{
	if (--ch->refs == 0) {
		fd_close(&ch->fd);
		free(ch);
	}
}

static struct call **
find(struct ipc_client *c, uint64_t id)
{
	struct call **at = &c->buckets[id % BUCKETS];

	while (*at && (*at)->id != id)
		at = &(*at)->next;
	return at;
}

static void
forget(struct ipc_client *c, struct call *call)
{
	struct call **at = find(c, call->id);

	BUG_ON(*at != call);
	*at = call->next;
}

/* Every call in flight on the channel fails. */
static void
fail_calls(struct ipc_client *c, struct channel *ch)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		for (struct call *call = c->buckets[i]; call; call = call->next) {
			if (call->ch != ch || call->state != CALL_WAITING)
				continue;
			call->state = CALL_DONE;
			call->result = err_set(
				call->e, E_SIGNER_GONE, "the process at the other end is gone");
			pthread_cond_signal(&call->done);
		}
	}
}

/*
 * Hands the message to its asker. It is read into the asker's arena: while the call is CALL_FILLING
 * the asker waits, whatever its deadline. False when the channel is to be given up.
 */
static bool
deliver(struct ipc_client *c, struct channel *ch, const struct ipc_head *h)
{
	struct ipc_msg dropped;
	struct call *call;
	ERR(e);
	int r;

	pthread_mutex_lock(&c->lock);
	call = *find(c, h->id);
	if (call && (call->ch != ch || call->state != CALL_WAITING))
		call = NULL;
	if (call)
		call->state = CALL_FILLING;
	pthread_mutex_unlock(&c->lock);
	if (!call) /* its asker has gone away */
		return ipc_take(ch->fd, h, 0, NULL, &dropped, &e) == 0;
	r = ipc_take(ch->fd, h, IPC_BODY_MAX, call->a, call->ret, call->e);
	pthread_mutex_lock(&c->lock);
	call->state = CALL_DONE;
	call->result = r;
	pthread_cond_signal(&call->done);
	pthread_mutex_unlock(&c->lock);
	return r == 0;
}

static void
read_channel(struct ipc_client *c, struct channel *ch)
{
	for (;;) {
		struct ipc_head h;
		ERR(e);

		if (ipc_peek(ch->fd, true, &h, &e) <= 0 || !deliver(c, ch, &h))
			return;
	}
}

static void *
reader(void *arg)
{
	struct ipc_client *c = arg;

	pthread_mutex_lock(&c->lock);
	while (!c->stopping) {
		struct channel *ch = c->ch;

		if (!ch) {
			pthread_cond_wait(&c->attached, &c->lock);
			continue;
		}
		ch->refs++;
		pthread_mutex_unlock(&c->lock);
		read_channel(c, ch);
		pthread_mutex_lock(&c->lock);
		if (c->ch == ch) {
			c->ch = NULL;
			unref(ch);
		}
		fail_calls(c, ch);
		unref(ch);
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

struct ipc_client *
ipc_client_new(int fd)
{
	struct ipc_client *c = calloc(1, sizeof(*c));
	ERR(e);

	BUG_ON(!c);
	pthread_mutex_init(&c->lock, NULL);
	thread_cond_init(&c->attached);
	if (fd >= 0)
		ipc_client_attach(c, fd);
	if (thread_start(&c->reader, "ipc", 0, reader, c, &e) < 0)
		BUG(e.msg);
	return c;
}

/* The old channel is shut down, which wakes the reader; its calls fail there. */
static void
replace(struct ipc_client *c, struct channel *ch)
{
	struct channel *old = c->ch;

	c->ch = ch;
	if (old) {
		shutdown(old->fd, SHUT_RDWR);
		fail_calls(c, old);
		unref(old);
	}
	pthread_cond_broadcast(&c->attached);
}

void
ipc_client_attach(struct ipc_client *c, int fd)
{
	struct channel *ch = calloc(1, sizeof(*ch));

	BUG_ON(!ch);
	*ch = (struct channel){.fd = fd, .refs = 1};
	/* a peer that stands still must not hold its askers for ever */
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &(struct timeval){.tv_sec = SEND_TIMEOUT_S},
		sizeof(struct timeval));
	pthread_mutex_lock(&c->lock);
	replace(c, ch);
	pthread_mutex_unlock(&c->lock);
}

bool
ipc_client_connected(struct ipc_client *c)
{
	bool yes;

	pthread_mutex_lock(&c->lock);
	yes = c->ch != NULL;
	pthread_mutex_unlock(&c->lock);
	return yes;
}

struct ipc_client *
ipc_client_free(struct ipc_client *c)
{
	if (!c)
		return NULL;
	pthread_mutex_lock(&c->lock);
	c->stopping = true;
	replace(c, NULL);
	pthread_mutex_unlock(&c->lock);
	pthread_join(c->reader, NULL);
	for (size_t i = 0; i < BUCKETS; i++)
		BUG_ON(c->buckets[i]);
	pthread_cond_destroy(&c->attached);
	pthread_mutex_destroy(&c->lock);
	free(c);
	return NULL;
}

/* Sends without the lock: a full socket must not stop the others, nor the reader. */
static int
send_locked(struct ipc_client *c, struct call *call, uint16_t type, struct blob body, struct err *e)
{
	struct channel *ch = call->ch;
	int r;

	ch->refs++;
	pthread_mutex_unlock(&c->lock);
	r = ipc_send(ch->fd, type, call->id, body, -1, e);
	pthread_mutex_lock(&c->lock);
	unref(ch);
	return r;
}

static int
wait_locked(
	struct ipc_client *c, struct call *call, int64_t deadline, int timeout_ms, struct err *e)
{
	while (call->state != CALL_DONE) {
		if (timeout_ms < 0 || call->state == CALL_FILLING)
			pthread_cond_wait(&call->done, &c->lock);
		else if (!thread_cond_until(&call->done, &c->lock, deadline) &&
			 call->state == CALL_WAITING)
			return err_set(e, E_TIMEOUT, "no answer came within %d ms", timeout_ms);
	}
	return call->result;
}

static int
wait_channel(struct ipc_client *c, int64_t deadline, int timeout_ms, struct err *e)
{
	while (!c->ch && !c->stopping) {
		if (timeout_ms < 0)
			pthread_cond_wait(&c->attached, &c->lock);
		else if (!thread_cond_until(&c->attached, &c->lock, deadline))
			break;
	}
	if (!c->ch)
		return err_set(e, E_SIGNER_GONE, "there is no process at the other end");
	return 0;
}

static int
call_locked(struct ipc_client *c, struct call *call, uint16_t type, struct blob body,
	int timeout_ms, struct err *e)
{
	int64_t deadline = clock_mono_ms() + timeout_ms;
	struct call **at;
	ERR(send_e);
	int r = wait_channel(c, deadline, timeout_ms, e);

	if (r < 0)
		return r;
	call->ch = c->ch;
	call->id = ++c->last_id;
	at = &c->buckets[call->id % BUCKETS];
	call->next = *at;
	*at = call;
	r = send_locked(c, call, type, body, &send_e);
	/* the answer, or the end of the channel, may have come before the sending returned */
	if (r < 0 && call->state == CALL_WAITING) {
		*e = send_e;
		forget(c, call);
		return r;
	}
	r = wait_locked(c, call, deadline, timeout_ms, e);
	forget(c, call);
	return r;
}

int
ipc_call(struct ipc_client *c, uint16_t type, struct blob body, int timeout_ms, struct arena *a,
	struct ipc_msg *ret, struct err *e)
{
	struct call call = {.a = a, .ret = ret, .e = e};
	int r;

	thread_cond_init(&call.done);
	pthread_mutex_lock(&c->lock);
	r = call_locked(c, &call, type, body, timeout_ms, e);
	pthread_mutex_unlock(&c->lock);
	pthread_cond_destroy(&call.done);
	return r;
}
