/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/server.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/inject.h"
#include "base/log.h"
#include "base/secret.h"
#include "ca/signer_codec.h"
#include "os/control.h"
#include "os/fd.h"
#include "os/ipc.h"
#include "os/lane.h"
#include "os/signals.h"
#include "signer/ledger.h"
#include "signer/signer.h"

#define JOBS_MAX 1024
/* Of questions at work: a CRL of the largest size fits beside the rest. */
#define BYTES_MAX ((size_t)IPC_BODY_MAX + 64 * 1024 * 1024)
#define TURN_MESSAGES 64
#define SEND_TIMEOUT_S 10
#define KEY_THREADS 2
#define KEY_NICE 10

/* One connection to the core: open while a job may still answer on it. */
struct channel {
	int fd;
	atomic_uint refs;
};

struct server {
	struct signer *signer;
	int control_fd, signal_fd;
	struct channel *channel; /* the loop's */
	struct lane *lanes[SIGNER_LANE_BULK + 1];
	struct lane *replies;
	atomic_uint jobs;
	atomic_size_t bytes;
};

struct job {
	struct ledger_waiter w; /* first */
	struct server *s;
	struct channel *ch;
	struct arena a;
	struct ipc_msg q;
	struct buf reply;
	struct str record;
};

/* -- channels */

static struct channel *
channel_new(int fd)
{
	struct channel *ch = calloc(1, sizeof(*ch));
	struct timeval tv = {.tv_sec = SEND_TIMEOUT_S};

	BUG_ON(!ch);
	ch->fd = fd;
	atomic_init(&ch->refs, 1);
	/* a core that stands still must not hold the signer's end for ever */
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
	return ch;
}

static struct channel *
channel_ref(struct channel *ch)
{
	atomic_fetch_add(&ch->refs, 1);
	return ch;
}

static void
channel_unref(struct channel *ch)
{
	if (ch && atomic_fetch_sub(&ch->refs, 1) == 1) {
		fd_close(&ch->fd);
		free(ch);
	}
}

/* -- jobs */

static struct job *
job_new(struct server *s)
{
	struct job *j = calloc(1, sizeof(*j));

	BUG_ON(!j);
	j->s = s;
	j->ch = channel_ref(s->channel);
	buf_init(&j->reply, IPC_BODY_MAX);
	return j;
}

static void
job_free(struct job *j)
{
	/* it may hold what was to be sealed */
	if (j->q.body.n)
		wipe((void *)j->q.body.p, MIN(j->q.body.n, (size_t)SIGNER_BODY_MAX));
	if (j->q.fd >= 0)
		fd_close(&j->q.fd);
	buf_done_secret(&j->reply);
	arena_done(&j->a);
	channel_unref(j->ch);
	free(j);
}

/* Sends the reply and ends the job. A peer that has gone asks again over its next channel. */
static void
job_send(void *arg)
{
	struct job *j = arg;
	struct server *s = j->s;
	size_t n = j->q.body.n;
	ERR(e);

	if (ipc_send(j->ch->fd, j->q.type, j->q.id, buf_blob(&j->reply), -1, &e) < 0)
		log_err(LOG_DEBUG, "signer.answer.lost", &e);
	job_free(j);
	atomic_fetch_sub(&s->bytes, n);
	atomic_fetch_sub(&s->jobs, 1);
}

static void
job_fail(struct job *j, const struct err *e)
{
	struct buf reply = {.max = SIGNER_BODY_MAX};

	buf_done_secret(&j->reply);
	signer_put_failure(&reply, e);
	j->reply = reply;
}

/* On the ledger's thread, which must go on: another one sends. */
static void
job_logged(struct ledger_waiter *w, int code)
{
	struct job *j = (struct job *)w;
	ERR(e);

	if (code == 0 && INJECT("signer.logged"))
		code = E_IO;
	if (code < 0) {
		err_set(&e, code, "the signer's log could not be written");
		log_err(LOG_ERROR, "signer.log.failed", &e);
		job_fail(j, &e);
	}
	if (!lane_post(j->s->replies, job_send, j))
		BUG("more answers than questions");
}

static void
job_run(void *arg)
{
	struct job *j = arg;
	ERR(e);
	int r = signer_begin(j->s->signer, j->q.type, j->q.body, &j->a, &j->reply, &j->record, &e);

	if (r < 0) {
		log_err(r == E_IPC || r == E_LIMIT_REFUSED || r == E_SERIAL_REUSED ? LOG_WARN
										   : LOG_INFO,
			"signer.refused", &e);
		job_fail(j, &e);
		job_send(j);
	} else if (j->record.n) {
		j->w.done = job_logged;
		ledger_add(signer_ledger(j->s->signer), j->record, &j->w);
	} else {
		job_send(j);
	}
}

static void
job_post(struct server *s, struct job *j)
{
	ERR(e);

	atomic_fetch_add(&s->jobs, 1);
	atomic_fetch_add(&s->bytes, j->q.body.n);
	if (lane_post(s->lanes[signer_lane_of(j->q.type, j->q.body)], job_run, j))
		return;
	err_set(&e, E_BUSY, "the signer has too much to do");
	job_fail(j, &e);
	if (!lane_post(s->replies, job_send, j))
		job_send(j);
}

/* -- the loop */

static void
channel_lost(struct server *s)
{
	ERR(e);

	channel_unref(s->channel);
	s->channel = NULL;
	if (control_lost(s->control_fd, &e) < 0)
		log_err(LOG_WARN, "signer.control.failed", &e);
}

static bool
may_take(struct server *s)
{
	return atomic_load(&s->jobs) < JOBS_MAX / 2 && atomic_load(&s->bytes) < BYTES_MAX;
}

static void
read_channel(struct server *s)
{
	for (unsigned i = 0; i < TURN_MESSAGES && may_take(s); i++) {
		struct job *j = job_new(s);
		ERR(e);
		int r;

		j->q.fd = -1;
		r = ipc_recv(s->channel->fd, IPC_BODY_MAX, 0, &j->a, &j->q, &e);
		if (r == 1) {
			job_post(s, j);
			continue;
		}
		job_free(j);
		if (r == E_TIMEOUT)
			return;
		if (r < 0)
			log_err(LOG_ERROR, "signer.channel.malformed", &e);
		channel_lost(s);
		return;
	}
}

/* False when the supervisor is gone. */
static bool
read_control(struct server *s)
{
	int fd;
	ERR(e);
	int r = control_next_channel(s->control_fd, 0, &fd, &e);

	if (r < 0)
		return r == E_TIMEOUT;
	channel_unref(s->channel);
	s->channel = channel_new(fd);
	log_event(LOG_DEBUG, "signer.channel");
	return true;
}

int
server_run(struct server *s)
{
	for (;;) {
		bool take = s->channel && may_take(s);
		struct pollfd p[] = {
			{.fd = s->signal_fd, .events = POLLIN},
			{.fd = s->control_fd, .events = POLLIN},
			{.fd = take ? s->channel->fd : -1, .events = POLLIN},
		};
		int sig;

		if (poll(p, ARRAY_LEN(p), s->channel && !take ? 2 : 1000) < 0 && errno != EINTR)
			BUG("poll");
		while ((sig = signals_next(s->signal_fd))) {
			if (sig == SIGTERM)
				return 0;
		}
		if (p[2].revents)
			read_channel(s);
		if (p[1].revents && !read_control(s))
			return 0;
		if (ledger_broken(signer_ledger(s->signer))) {
			log_event(LOG_ERROR, "signer.log.broken");
			return 1;
		}
	}
}

/* -- start and end */

static int
start_lanes(struct server *s, struct err *e)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	const struct lane_conf sign = {"sign", (unsigned)MIN(MAX(cpus, 2), 8), 0, JOBS_MAX};
	const struct lane_conf keys = {"keys", KEY_THREADS, 0, JOBS_MAX, KEY_NICE};
	const struct lane_conf bulk = {"bulk", 1, 0, 64};
	const struct lane_conf replies = {"replies", 1, 0, JOBS_MAX};
	int r = lane_new(&replies, &s->replies, e);

	if (r == 0)
		r = lane_new(&sign, &s->lanes[SIGNER_LANE_SIGN], e);
	if (r == 0)
		r = lane_new(&keys, &s->lanes[SIGNER_LANE_KEYS], e);
	if (r == 0)
		r = lane_new(&bulk, &s->lanes[SIGNER_LANE_BULK], e);
	return r;
}

int
server_new(struct signer *signer, int control_fd, int signal_fd, struct server **ret, struct err *e)
{
	struct server *s = calloc(1, sizeof(*s));
	int r;

	BUG_ON(!s);
	s->signer = signer;
	s->control_fd = control_fd;
	s->signal_fd = signal_fd;
	r = start_lanes(s, e);
	if (r < 0) {
		server_free(s);
		return r;
	}
	*ret = s;
	return 0;
}

struct server *
server_free(struct server *s)
{
	if (!s)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(s->lanes); i++)
		s->lanes[i] = lane_drain(s->lanes[i]);
	/* what waits for the disk is written, and only then answered */
	s->signer = signer_close(s->signer);
	s->replies = lane_drain(s->replies);
	channel_unref(s->channel);
	free(s);
	return NULL;
}
