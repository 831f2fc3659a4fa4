/* SPDX-License-Identifier: Apache-2.0 */
#include "os/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "os/control.h"
#include "os/fd.h"
#include "os/signals.h"

#define BACKOFF_FIRST_MS 100
#define BACKOFF_MAX_MS 10000
/* A role that has served so long starts its back-off anew. */
#define STEADY_MS 60000
/* Between two new channels that were asked for: a role that loses each one must not spin. */
#define CHANNEL_PAUSE_MS 200
#define TURN_MESSAGES 16

struct child {
	const struct supervise_role *role;
	pid_t pid; /* 0: not running */
	int control;
	bool ready, ever_ready, asked_to_stop;
	int64_t started_ms, start_at_ms, kill_at_ms; /* monotonic; 0: not planned */
	int backoff_ms;
};

struct supervisor {
	const struct supervise_conf *conf;
	struct child children[SUPERVISE_ROLES];
	int signal_fd;
	bool stopping, connected;
	int64_t connect_at_ms; /* 0: no new channel is planned */
	int exit_code;
};

static void
tell(struct supervisor *s, struct child *c, enum supervise_event ev, int64_t value, struct str text)
{
	if (s->conf->event)
		s->conf->event(s->conf->arg, c->role->name, ev, value, text);
}

static void
fault(struct supervisor *s, struct child *c, const struct err *e)
{
	tell(s, c, SUPERVISE_FAULT, e->code, str_c(e->msg));
}

/* -- starting */

static void
plan_restart(struct supervisor *s, struct child *c, int64_t now)
{
	int first = s->conf->backoff_first_ms ? s->conf->backoff_first_ms : BACKOFF_FIRST_MS;
	int max = s->conf->backoff_max_ms ? s->conf->backoff_max_ms : BACKOFF_MAX_MS;

	if (c->ready && now - c->started_ms > STEADY_MS)
		c->backoff_ms = 0;
	c->backoff_ms = c->backoff_ms ? MIN(c->backoff_ms * 2, max) : first;
	c->start_at_ms = now + c->backoff_ms;
	tell(s, c, SUPERVISE_WAITS, c->backoff_ms, (struct str){0});
}

/* In the child: what it must not hold is the supervisor's other descriptors. */
static _Noreturn void
be_child(struct supervisor *s, struct child *me, int control, pid_t parent)
{
	for (unsigned i = 0; i < SUPERVISE_ROLES; i++)
		fd_close(&s->children[i].control);
	fd_close(&s->signal_fd);
	/* what a terminal sends to its group comes to the supervisor alone: it stops the roles in their order */
	(void)setsid();
	signals_reset();
	_exit(me->role->run(me->role->arg, control, parent));
}

static void
start(struct supervisor *s, struct child *c, int64_t now)
{
	int pair[2];
	pid_t parent = getpid(), pid;
	ERR(e);

	c->start_at_ms = 0;
	if (ipc_pair(pair, &e) < 0) {
		fault(s, c, &e);
		plan_restart(s, c, now);
		return;
	}
	pid = fork();
	if (pid == 0) {
		fd_close(&pair[0]);
		be_child(s, c, pair[1], parent);
	}
	fd_close(&pair[1]);
	/* a role that does not listen must not hold the supervisor */
	(void)fcntl(pair[0], F_SETFL, O_NONBLOCK);
	if (pid < 0) {
		err_errno(&e, E_INTERNAL, errno, "could not start a process");
		fault(s, c, &e);
		fd_close(&pair[0]);
		plan_restart(s, c, now);
		return;
	}
	c->pid = pid;
	c->control = pair[0];
	c->ready = c->asked_to_stop = false;
	c->started_ms = now;
	s->connected = false;
	tell(s, c, SUPERVISE_STARTED, pid, (struct str){0});
}

/* Both run: each gets an end of a new channel. What cannot be sent is seen as the role's death
 * soon. */
static void
connect_roles(struct supervisor *s, int64_t now)
{
	struct child *a = &s->children[0], *b = &s->children[1];
	int pair[2];
	ERR(e);

	s->connect_at_ms = 0;
	if (!a->pid || !b->pid || s->stopping)
		return;
	if (ipc_pair(pair, &e) < 0 ||
		ipc_send(a->control, CONTROL_CHANNEL, 0, (struct blob){0}, pair[0], &e) < 0 ||
		ipc_send(b->control, CONTROL_CHANNEL, 0, (struct blob){0}, pair[1], &e) < 0) {
		fault(s, a, &e);
		s->connect_at_ms = now + CHANNEL_PAUSE_MS;
	} else {
		s->connected = true;
	}
	fd_close(&pair[0]);
	fd_close(&pair[1]);
}

/* -- ending */

static void
ask_to_stop(struct supervisor *s, struct child *c, int64_t now)
{
	if (!c->pid || c->asked_to_stop)
		return;
	c->asked_to_stop = true;
	c->kill_at_ms = now + s->conf->drain_ms;
	tell(s, c, SUPERVISE_STOPPING, s->conf->drain_ms, (struct str){0});
	kill(c->pid, SIGTERM);
}

static void
ended(struct supervisor *s, struct child *c, int status, int64_t now)
{
	bool failed = WIFEXITED(status) && WEXITSTATUS(status) != 0;

	c->pid = 0;
	c->kill_at_ms = 0;
	fd_close(&c->control);
	s->connected = false;
	if (WIFSIGNALED(status))
		tell(s, c, SUPERVISE_KILLED, WTERMSIG(status), str_c(strsignal(WTERMSIG(status))));
	else
		tell(s, c, SUPERVISE_EXITED, WEXITSTATUS(status), (struct str){0});
	if (s->stopping)
		return;
	/* it has said on its standard error why it cannot start, and will say it again each time */
	if (failed && !c->ever_ready) {
		s->stopping = true;
		s->exit_code = WEXITSTATUS(status);
		return;
	}
	plan_restart(s, c, now);
}

static void hear(struct supervisor *s, struct child *c, int64_t now);

static void
reap(struct supervisor *s, int64_t now)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (unsigned i = 0; i < SUPERVISE_ROLES; i++) {
			if (s->children[i].pid != pid)
				continue;
			/* what it said before it ended counts: it may have become ready */
			hear(s, &s->children[i], now);
			ended(s, &s->children[i], status, now);
		}
	}
}

/* -- messages of a role */

/* A role without a control socket cannot be led: it is ended, and SIGCHLD follows. */
static void
give_up(struct supervisor *s, struct child *c, int64_t now)
{
	fd_close(&c->control);
	if (c->pid && !c->kill_at_ms)
		c->kill_at_ms = now + s->conf->drain_ms;
}

static void
answer(struct supervisor *s, struct child *c, const struct ipc_msg *m, int64_t now)
{
	BUF(b, CONTROL_BODY_MAX);
	ERR(e);
	int r = s->conf->ask ? s->conf->ask(s->conf->arg, c->role->name, m, &e)
			     : err_set(&e, E_UNSUPPORTED, "the supervisor answers no questions");

	buf_put_u32(&b, (uint32_t)-r);
	buf_put_c(&b, r < 0 ? e.msg : "");
	err_clear(&e);
	if (ipc_send(c->control, CONTROL_ANSWER, m->id, buf_blob(&b), -1, &e) < 0) {
		fault(s, c, &e);
		give_up(s, c, now);
	}
}

static void
take(struct supervisor *s, struct child *c, const struct ipc_msg *m, int64_t now)
{
	if (m->type == CONTROL_READY) {
		c->ready = c->ever_ready = true;
		tell(s, c, SUPERVISE_READY, now - c->started_ms, str_of(m->body));
	} else if (m->type == CONTROL_LOST) {
		s->connected = false;
		s->connect_at_ms = now + CHANNEL_PAUSE_MS;
	} else if (m->type == CONTROL_ASK) {
		answer(s, c, m, now);
	}
}

static void
hear(struct supervisor *s, struct child *c, int64_t now)
{
	for (unsigned i = 0; i < TURN_MESSAGES && c->control >= 0; i++) {
		ARENA(a);
		struct ipc_msg m;
		ERR(e);
		int r = ipc_recv(c->control, CONTROL_BODY_MAX, 0, &a, &m, &e);

		if (r == E_TIMEOUT)
			return;
		if (r <= 0) {
			if (r < 0)
				fault(s, c, &e);
			give_up(s, c, now);
			return;
		}
		take(s, c, &m, now);
		if (m.fd >= 0)
			close(m.fd);
	}
}

/* -- the loop */

static void
handle_signal(struct supervisor *s, int sig, int64_t now)
{
	if (sig == SIGCHLD)
		reap(s, now);
	if (sig == SIGTERM || sig == SIGINT)
		s->stopping = true;
	if (sig == SIGHUP && s->conf->hangup)
		s->conf->hangup(s->conf->arg, s->children[0].pid ? s->children[0].control : -1);
	for (unsigned i = 0; sig == SIGHUP && !s->conf->hangup && i < SUPERVISE_ROLES; i++) {
		if (s->children[i].pid)
			kill(s->children[i].pid, SIGHUP);
	}
}

/* It is wanted and does not run; before its first time all behind it must be ready. */
static bool
may_start(const struct supervisor *s, unsigned i)
{
	const struct child *c = &s->children[i];
	bool behind_ready = true;

	for (unsigned k = i + 1; k < SUPERVISE_ROLES; k++)
		behind_ready = behind_ready && s->children[k].ready;
	return !s->stopping && !c->pid && (behind_ready || c->ever_ready);
}

/* What is due; returns true when all has ended. */
static bool
step(struct supervisor *s, int64_t now)
{
	for (unsigned i = 0; i < SUPERVISE_ROLES; i++) {
		struct child *c = &s->children[i];

		if (c->pid && c->kill_at_ms && now >= c->kill_at_ms) {
			c->kill_at_ms = now + s->conf->drain_ms;
			kill(c->pid, SIGKILL);
		}
		/* the first one still running is the next to stop */
		if (s->stopping && c->pid) {
			ask_to_stop(s, c, now);
			return false;
		}
	}
	if (s->stopping)
		return true;
	for (unsigned i = SUPERVISE_ROLES; i-- > 0;) {
		if (may_start(s, i) && now >= s->children[i].start_at_ms)
			start(s, &s->children[i], now);
	}
	if (!s->connected && (!s->connect_at_ms || now >= s->connect_at_ms))
		connect_roles(s, now);
	return false;
}

/* Until the next step that can be made: what another role's end or word has to come before wakes by itself. */
static int
wait_ms(struct supervisor *s, int64_t now)
{
	int64_t next = now + 60000;

	for (unsigned i = 0; i < SUPERVISE_ROLES; i++) {
		struct child *c = &s->children[i];

		if (may_start(s, i))
			next = MIN(next, c->start_at_ms);
		if (c->pid && c->kill_at_ms)
			next = MIN(next, c->kill_at_ms);
	}
	if (s->connect_at_ms && !s->stopping)
		next = MIN(next, s->connect_at_ms);
	return (int)MAX(next - now, (int64_t)0);
}

static void
turn(struct supervisor *s)
{
	struct pollfd p[1 + SUPERVISE_ROLES] = {{.fd = s->signal_fd, .events = POLLIN}};
	int64_t now;
	int sig;

	for (unsigned i = 0; i < SUPERVISE_ROLES; i++)
		p[1 + i] = (struct pollfd){.fd = s->children[i].control, .events = POLLIN};
	(void)poll(p, ARRAY_LEN(p), wait_ms(s, clock_mono_ms()));
	now = clock_mono_ms();
	for (unsigned i = 0; i < SUPERVISE_ROLES; i++) {
		if (p[1 + i].revents)
			hear(s, &s->children[i], now);
	}
	while ((sig = signals_next(s->signal_fd)))
		handle_signal(s, sig, now);
}

int
supervise_run(const struct supervise_conf *conf, int signal_fd)
{
	struct supervisor s = {.conf = conf, .signal_fd = signal_fd};

	for (unsigned i = 0; i < SUPERVISE_ROLES; i++)
		s.children[i] = (struct child){.role = &conf->roles[i], .control = -1};
	while (!step(&s, clock_mono_ms()))
		turn(&s);
	return s.exit_code;
}
