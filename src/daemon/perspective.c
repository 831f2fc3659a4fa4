/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/perspective.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hex.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/secret.h"
#include "crypto/crypto.h"
#include "daemon/core.h"
#include "daemon/listen.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/sandbox.h"
#include "os/signals.h"
#include "validate/question.h"

#define LOOKS 16 /* questions at once */
#define WAITING 64
#define STACK (1024 * 1024)
#define CONNECTIONS_MAX 256
#define SLOW_MS 10000
#define IDLE_MS 10000
#define DRAIN_MS 10000
#define LOOK_MS 10000

struct perspective_role {
	struct config *c;
	struct arena *a;
	int dir, lock;
	struct secret *key;
	struct core_listener *listeners;
	unsigned n_listeners;
	struct dns *dns;
	struct validate_conf validate;
	struct lane *lane;
	struct http_server *http;
};

/* -- the one door */

static size_t
body_max(void *arg, enum http_method m, struct str path)
{
	(void)arg;
	return m == HTTP_POST && str_eq_c(path, QUESTION_PATH) ? QUESTION_MAX : 0;
}

/* Nobody without the key learns more than that it was refused. */
static int
look(struct perspective_role *p, struct http_request *rq, struct blob *ret, struct err *e)
{
	struct validate_result result = {0};
	struct validate_question q;
	struct question_bond bond;
	int code, r = question_open(secret_blob(p->key), rq->body, clock_wall_ms(), rq->arena, &q, &bond, e);
	ERR(why);

	if (r < 0)
		return r;
	code = question_check(&p->validate, &q, rq->arena, &result, &why);
	log_event(LOG_INFO, "perspective.looked", F_S("name", q.base), F_STR("result", code ? err_info(code)->name : "ok"));
	return answer_seal(secret_blob(p->key), &bond, &result, code, &why, rq->arena, ret, e);
}

static void
handle(void *arg, struct http_request *rq, struct http_response *rs)
{
	struct perspective_role *p = arg;
	struct blob answer;
	ERR(e);

	rs->content_type = "text/plain";
	if (str_eq_c(rq->path, "/healthz") && rq->method == HTTP_GET) {
		rs->status = 200;
		buf_put_c(&rs->body, "ok\n");
		return;
	}
	if (rq->method != HTTP_POST || !str_eq_c(rq->path, QUESTION_PATH)) {
		rs->status = 404;
		return;
	}
	if (look(p, rq, &answer, &e) < 0) {
		rs->status = e.code == E_UNAUTHENTICATED ? 401 : 400;
		log_event(LOG_WARN, "perspective.refused", F_S("peer", rq->peer), F_STR("why", e.msg));
		return;
	}
	rs->status = 200;
	rs->content_type = "application/octet-stream";
	buf_put_blob(&rs->body, answer);
}

/* -- setting up */

/* The key is made at the first start and never leaves DIR by itself. */
static int
make_key(int dir, struct err *e)
{
	uint8_t key[CONFIG_KEY_LEN];
	ARENA(a);
	struct str text;
	int r;

	rand_bytes(key, sizeof(key));
	text = arena_printf(&a, "%.*s\n", STRF(hex_encode(&a, BLOB(key, sizeof(key)))));
	r = file_create_atomic(dir, PERSPECTIVE_KEY, blob_of(text), 0600, e);
	wipe(key, sizeof(key));
	wipe((void *)text.p, text.n);
	return r;
}

static int
open_data(struct perspective_role *p, struct err *e)
{
	uint8_t key[CONFIG_KEY_LEN];
	int r = file_mkdir(AT_FDCWD, p->c->data, 0700, e);

	if (r < 0)
		return err_wrap(e, "--data");
	p->dir = open(p->c->data, O_DIRECTORY | O_CLOEXEC);
	if (p->dir < 0)
		return err_errno(e, E_IO, errno, "could not open \"%s\"", p->c->data);
	r = file_lock(p->dir, "lock", &p->lock, e);
	if (r < 0)
		return err_wrap(e, "the data directory \"%s\" is in use", p->c->data);
	r = perspective_key_read(p->dir, PERSPECTIVE_KEY, key, e);
	if (r == E_NOT_FOUND)
		r = make_key(p->dir, e) < 0 ? e->code : perspective_key_read(p->dir, PERSPECTIVE_KEY, key, e);
	if (r == 0)
		p->key = secret_copy(BLOB(key, sizeof(key)));
	wipe(key, sizeof(key));
	return r;
}

static int
confine(struct perspective_role *p, struct err *e)
{
	const struct sandbox_path paths[] = {
		{.path = "/dev/null", .write = true},
		{.path = "/dev/urandom"},
		{.path = "/etc"},
		{.path = "/usr"},
		{.path = "/lib"},
		{.path = "/lib64"},
		{.path = "/proc/sys"},
		{.path = "/sys/devices/system/cpu"},
		{.path = p->c->trust_anchor ? p->c->trust_anchor : "/nonexistent"},
	};
	const struct sandbox_conf conf = {.role = SANDBOX_PERSPECTIVE, .paths = paths, .n_paths = ARRAY_LEN(paths),
		.uid = sandbox_can_take(SANDBOX_UID_CORE) ? SANDBOX_UID_CORE : 0, .off = p->c->insecure_no_sandbox};
	struct sandbox_report rep;
	int r = sandbox_confine(&conf, &rep, e);

	if (r < 0 || p->c->insecure_no_sandbox || rep.landlock || rep.own_uid)
		return r;
#ifndef SIGNET_SANITIZED
	return err_set(e, E_SANDBOX, "the kernel has no landlock, and signetd is not root and cannot take another uid");
#else
	return 0;
#endif
}

static int
open_door(struct perspective_role *p, struct err *e)
{
	struct http_listener *listeners = arena_new_n(p->a, p->n_listeners, struct http_listener);
	struct dns_conf dns = {.resolver = p->c->resolver, .trust_anchor = p->c->trust_anchor, .fresh_max = LOOKS};
	struct lane_conf lane = {"look", LOOKS, STACK, WAITING};
	struct http_server_conf http = {.listeners = listeners, .n_listeners = p->n_listeners, .loop_threads = 1,
		.connections_max = CONNECTIONS_MAX, .slow_ms = SLOW_MS, .idle_ms = IDLE_MS, .handle = handle,
		.body_max = body_max, .arg = p};
	int r = dns_open(&dns, &p->dns, e);

	p->validate = (struct validate_conf){.dns = p->dns, .http_port = p->c->validation_http_port,
		.https_port = p->c->validation_https_port, .allow = p->c->validation_allow,
		.n_allow = p->c->n_validation_allow, .timeout_ms = LOOK_MS};
	for (unsigned i = 0; i < p->n_listeners; i++)
		listeners[i] = (struct http_listener){p->listeners[i].fd, false};
	if (r == 0)
		r = lane_new(&lane, &p->lane, e);
	http.lane = p->lane;
	if (r == 0)
		r = http_server_start(&http, &p->http, e);
	return r < 0 || p->c->insecure_no_sandbox ? r : sandbox_seal(SANDBOX_PERSPECTIVE, e);
}

static int
set_up(struct perspective_role *p, struct err *e)
{
	int r = open_data(p, e);

	/* what it hears and says is sealed: its listeners are the plain ones */
	p->c->n_https = 0;
	if (r == 0)
		r = listen_all(p->c, p->a, &p->listeners, &p->n_listeners, e);
	if (r == 0)
		r = confine(p, e);
	if (r == 0)
		r = crypto_init(e);
	if (r == 0)
		r = http_client_init(e);
	return r < 0 ? r : open_door(p, e);
}

static void
take_down(struct perspective_role *p)
{
	if (p->dns)
		dns_stop(p->dns);
	p->http = http_server_stop(p->http, DRAIN_MS);
	p->lane = lane_drain(p->lane);
	p->dns = dns_close(p->dns);
	p->key = secret_free(p->key);
	fd_close(&p->lock);
	fd_close(&p->dir);
}

static void
announce(const struct perspective_role *p)
{
	struct str at = addr_text(p->a, &p->listeners[0].addr, true);

	log_event(LOG_INFO, "perspective.ready", F_S("address", at));
	printf("\nThis perspective listens on %.*s. Its key is %s/" PERSPECTIVE_KEY ".\n\n"
	       "Copy that file to the machine of the core (mode 0600), and give signetd there the parameter\n\n"
	       "  perspective = NAME,REGION,%.*s,FILE\n\n",
		STRF(at), p->c->data, STRF(at));
	fflush(stdout);
}

int
perspective_run(struct config *c, struct arena *a, struct err *e)
{
	struct perspective_role p = {.c = c, .a = a, .dir = -1, .lock = -1};
	FD(signal_fd);
	int sig = 0, r = signals_open(&signal_fd, e);

	log_init("perspective", STDERR_FILENO, c->log_level);
	if (r == 0)
		r = set_up(&p, e);
	if (r == 0)
		announce(&p);
	while (r == 0 && sig != SIGTERM && sig != SIGINT) {
		sig = signals_wait(signal_fd, -1);
		if (sig == SIGHUP)
			log_event(LOG_WARN, "config.needs_restart",
				F_STR("why", "a perspective reads its configuration once"));
	}
	take_down(&p);
	return r;
}
