/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/core.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api/api.h"
#include "base/clock.h"
#include "base/log.h"
#include "ca/safety.h"
#include "ca/signer_client.h"
#include "crypto/crypto.h"
#include "daemon/announce.h"
#include "daemon/data.h"
#include "db/db.h"
#include "net/dns.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "net/smtp.h"
#include "os/control.h"
#include "os/file.h"
#include "os/ipc.h"
#include "os/lane.h"
#include "os/sandbox.h"
#include "os/signals.h"
#include "service/birth.h"
#include "service/jobs.h"
#include "service/policy.h"
#include "store/store.h"
#include "text/psl.h"
#include "validate/peer.h"

#define SLOW_MS 10000
#define IDLE_MS 60000
#define DRAIN_MS 10000
#define CONNECTIONS_MAX 2000
#define JOB_THREADS 16 /* most of the time they wait: for the network, for the disk */
#define OWN_CHECK_MS 10000
#define STACK (256 * 1024)
#define STACK_DEEP (1024 * 1024)

struct core {
	const struct core_start *start;
	struct ipc_client *ipc;
	struct signer_client *signer;
	struct db *db;
	struct dns *dns;
	struct blocked_keys *blocked_keys;
	struct svc *svc;
	struct api *api;
	struct lane *fast, *password, *status, *validate;
	struct http_server *http;
	struct addr listeners[2 * CONFIG_LISTENERS_MAX];
	struct peer peers[CONFIG_PERSPECTIVES_MAX];
	struct perspective perspectives[CONFIG_PERSPECTIVES_MAX];
	struct secret *keys[CONFIG_PERSPECTIVES_MAX];
	struct arena arena;
	struct smtp_server mail; /* its texts: arena and configuration */
	struct birth_conf birth;
	char url[128];
	atomic_bool ready;
	bool drain, lost;
};

/* -- setting up, before the seal */

static int
open_lanes(struct core *c, struct err *e)
{
	const struct {
		struct lane **lane;
		struct lane_conf conf;
	} lanes[] = {
		{&c->fast, {"fast", 64, STACK, 1024}},
		{&c->password, {"password", 2, STACK_DEEP, 64}},
		{&c->status, {"status", 4, STACK, 1024}},
		{&c->validate, {"validate", 8, STACK_DEEP, 256}},
	};

	for (size_t i = 0; i < ARRAY_LEN(lanes); i++) {
		int r = lane_new(&lanes[i].conf, lanes[i].lane, e);

		if (r < 0)
			return r;
	}
	return 0;
}

static int
open_store(struct core *c, struct err *e)
{
	struct db_conf conf = {.url = c->start->db_url, .readers = 8, .writers = 16};
	int r = db_open(&conf, &c->db, e);

	return r < 0 ? r : db_migrate(c->db, store_migrations, store_migrations_n, e);
}

static bool
is_ready(void *arg)
{
	struct core *c = arg;

	return atomic_load(&c->ready);
}

/* The operator's list is held against every key that somebody brings. */
static int
load_blocked_keys(struct core *c, struct err *e)
{
	const char *path = c->start->conf->blocked_keys;
	struct blob text;
	ARENA(a);
	int r;

	if (!path)
		return 0;
	r = file_read(AT_FDCWD, path, BLOCKED_FILE_MAX, &a, &text, e);
	if (r == 0)
		r = blocked_keys_new(text, &c->blocked_keys, e);
	if (r == 0)
		log_event(LOG_INFO, "core.blocked_keys", F_STR("file", path),
			F_INT("keys", (int64_t)blocked_keys_count(c->blocked_keys)));
	return r;
}

/* Those that the operator runs elsewhere in the network. */
static void
open_perspectives(struct core *c)
{
	const struct config *cf = c->start->conf;

	for (unsigned i = 0; i < cf->n_perspectives; i++) {
		const struct config_perspective *p = &cf->perspectives[i];

		c->keys[i] = secret_copy(BLOB(p->key, sizeof(p->key)));
		c->peers[i] = (struct peer){p->address, c->keys[i], "perspective"};
		c->perspectives[i] = (struct perspective){p->name, p->region, peer_ask, &c->peers[i]};
	}
}

static void
set_mail(struct core *c)
{
	const struct config *cf = c->start->conf;

	if (!cf->mail_server)
		return;
	BUG_ON(!smtp_server_read(str_c(cf->mail_server), &c->arena, &c->mail));
	c->mail.clear = cf->mail_clear;
	c->mail.ca_file = cf->mail_ca;
	c->mail.user = cf->mail_user;
	c->mail.password = cf->mail_password;
}

static int
open_service(struct core *c, struct err *e)
{
	const struct config *cf = c->start->conf;
	struct dns_conf dns = {.resolver = cf->resolver, .trust_anchor = cf->trust_anchor, .fresh_max = 16};
	struct svc_conf conf = {
		.db = c->db,
		.signer = c->signer,
		.status_url = cf->status_url,
		.validation_http_port = cf->validation_http_port,
		.validation_https_port = cf->validation_https_port,
		.validation_allow = cf->validation_allow,
		.n_validation_allow = cf->n_validation_allow,
		.caa_identities = cf->caa_identities,
		.n_caa_identities = cf->n_caa_identities,
		.blocked_keys = c->blocked_keys,
		.four_eyes = cf->four_eyes,
		.perspectives = c->perspectives,
		.n_perspectives = cf->n_perspectives,
		.node_name = "node-1",
		.public_url = cf->public_url ? cf->public_url : c->url,
		.mail = cf->mail_server ? &c->mail : NULL,
		.mail_from = cf->mail_from,
		.listeners = c->listeners,
		.n_listeners = c->start->n_listeners,
	};
	struct api_conf api = {.ready = is_ready, .arg = c, .url = c->url};
	int r = dns_open(&dns, &c->dns, e);

	open_perspectives(c);
	set_mail(c);
	conf.dns = c->dns;
	if (r == 0)
		r = svc_new(&conf, &c->svc, e);
	if (r == 0)
		r = jobs_start(c->svc, JOB_THREADS, e);
	if (r == 0)
		r = open_lanes(c, e);
	api.svc = c->svc;
	api.fast = c->fast;
	api.password = c->password;
	api.status = c->status;
	api.validate = c->validate;
	return r < 0 ? r : api_new(&api, &c->api, e);
}

static int
open_http(struct core *c, struct err *e)
{
	struct http_listener listeners[2 * CONFIG_LISTENERS_MAX];
	struct http_server_conf conf = {
		.listeners = listeners,
		.n_listeners = c->start->n_listeners,
		.loop_threads = 2,
		.connections_max = CONNECTIONS_MAX,
		.slow_ms = SLOW_MS,
		.idle_ms = IDLE_MS,
		.lane = c->fast,
		.fast = api_fast,
		.handle = api_handle,
		.body_max = api_body_max,
		.pick_lane = api_pick_lane,
		.arg = c->api,
	};

	for (unsigned i = 0; i < c->start->n_listeners; i++)
		listeners[i] = (struct http_listener){c->start->listeners[i].fd, c->start->listeners[i].tls};
	return http_server_start(&conf, &c->http, e);
}

/* The address that people open: the first HTTPS listener. */
static void
pick_url(struct core *c)
{
	ARENA(a);

	for (unsigned i = 0; i < c->start->n_listeners; i++)
		c->listeners[i] = c->start->listeners[i].addr;
	for (unsigned i = 0; i < c->start->n_listeners; i++) {
		const struct core_listener *l = &c->start->listeners[i];
		static const uint8_t zero[16];
		bool any = memcmp(l->addr.ip, zero, sizeof(zero)) == 0;

		if (!l->tls)
			continue;
		if (any)
			snprintf(c->url, sizeof(c->url), "https://localhost:%u", l->addr.port);
		else
			snprintf(c->url, sizeof(c->url), "https://%.*s", STRF(addr_text(&a, &l->addr, true)));
		return;
	}
}

static int
set_up(struct core *c, struct err *e)
{
	int r = crypto_init(e);

	if (r == 0)
		r = http_client_init(e);
	if (r == 0)
		r = psl_init(e);
	if (r < 0)
		return r;
	pick_url(c);
	c->ipc = ipc_client_new(-1);
	c->lost = true; /* the first channel comes by itself */
	c->signer = signer_client_over_ipc(c->ipc);
	r = load_blocked_keys(c, e);
	if (r == 0)
		r = open_store(c, e);
	if (r == 0)
		r = open_service(c, e);
	if (r == 0)
		r = open_http(c, e);
	return r < 0 || c->start->conf->insecure_no_sandbox ? r : sandbox_seal(SANDBOX_CORE, e);
}

static void
take_down(struct core *c)
{
	if (c->svc)
		svc_stop(c->svc);
	c->http = http_server_stop(c->http, DRAIN_MS);
	c->fast = lane_drain(c->fast);
	c->password = lane_drain(c->password);
	c->status = lane_drain(c->status);
	c->validate = lane_drain(c->validate);
	c->api = api_free(c->api);
	c->svc = svc_free(c->svc);
	c->blocked_keys = blocked_keys_free(c->blocked_keys);
	c->signer = signer_client_free(c->signer);
	c->ipc = ipc_client_free(c->ipc);
	c->dns = dns_close(c->dns);
	for (unsigned i = 0; i < CONFIG_PERSPECTIVES_MAX; i++)
		c->keys[i] = secret_free(c->keys[i]);
	c->db = db_close(c->db);
	arena_done(&c->arena);
}

/* -- the supervisor's messages, and signals */

/* Serves both for the time given. */
static int
attend(struct core *c, int timeout_ms, struct err *e)
{
	struct pollfd fds[] = {{c->start->control_fd, POLLIN, 0}, {c->start->signal_fd, POLLIN, 0}};
	int fd, sig, r;

	if (poll(fds, ARRAY_LEN(fds), timeout_ms) <= 0)
		return 0;
	while ((sig = signals_next(c->start->signal_fd)) != 0)
		c->drain |= sig == SIGTERM || sig == SIGINT;
	if (!fds[0].revents)
		return 0;
	r = control_next_channel(c->start->control_fd, 0, &fd, e);
	if (r == E_TIMEOUT)
		return 0;
	if (r == 0)
		ipc_client_attach(c->ipc, fd);
	return r;
}

/* A channel that has ended is told to the supervisor, which gives both sides a new one. */
static void
watch_channel(struct core *c)
{
	ERR(e);

	if (!c->lost && !ipc_client_connected(c->ipc)) {
		c->lost = true;
		if (control_lost(c->start->control_fd, &e) < 0)
			log_err(LOG_WARN, "core.control", &e);
	} else if (ipc_client_connected(c->ipc)) {
		c->lost = false;
	}
}

/* While the first start runs on a thread of its own, its signer may be restarted: the control socket is served. */
struct first {
	struct core *core;
	atomic_bool done;
	int result;
	struct err e;
};

static int
own_certificate(struct core *c, struct err *e)
{
	ARENA(a);
	struct str chain;
	SECRET(key);
	int r = birth_own_certificate(c->svc, &c->birth, &a, &chain, &key, e);

	return r < 0 ? r : http_server_set_tls(c->http, chain, key, e);
}

static int
give_birth(struct core *c, struct err *e)
{
	int r = birth_hierarchies(c->svc, &c->birth, e);

	if (r == 0)
		r = birth_accounts(c->svc, &c->birth, e);
	if (r == 0)
		r = birth_recover(c->svc, e);
	if (r == 0)
		r = own_certificate(c, e);
	if (r == 0)
		r = birth_admin_file(c->svc, &c->birth, e);
	/* the core cannot write DIR itself */
	if (r == 0)
		r = data_hand_over(c->start->data_dirfd, c->start->control_fd, "admin.json", e);
	return r;
}

static void
first_main(void *arg)
{
	struct first *f = arg;

	err_clear(&f->e);
	f->result = give_birth(f->core, &f->e);
	atomic_store(&f->done, true);
}

static int
first_start(struct core *c, struct err *e)
{
	struct first f = {.core = c};
	int r = 0;

	if (!lane_post(c->validate, first_main, &f))
		return err_set(e, E_BUSY, "the first start finds no thread");
	while (!atomic_load(&f.done)) {
		ERR(ce);

		if (attend(c, 50, &ce) < 0)
			log_err(LOG_ERROR, "core.control", &ce);
		watch_channel(c);
	}
	r = f.result;
	if (r < 0)
		*e = f.e;
	return r;
}

/* Another node may have set figures. */
static void
take_policies(struct core *c)
{
	ERR(e);

	if (policy_load(c->svc, &e) < 0)
		log_err(LOG_WARN, "policy.load", &e);
}

/* Past two thirds of its life the own certificate is renewed, through the same pipeline. */
static void
renew_own(struct core *c)
{
	bool due = false;
	ERR(e);
	int r = birth_own_due(c->svc, &due, &e);

	if (r == 0 && due)
		r = own_certificate(c, &e);
	if (r < 0)
		log_err(LOG_WARN, "own_certificate.renewal", &e);
}

static int
serve(struct core *c, struct err *e)
{
	int64_t checked = clock_mono_ms();
	int r = first_start(c, e);

	if (r < 0 || c->drain)
		return r;
	atomic_store(&c->ready, true);
	jobs_release(c->svc);
	log_event(LOG_INFO, "core.ready", F_STR("url", c->url));
	r = control_ready(c->start->control_fd, str_c(c->url), e);
	if (r == 0 && c->start->announce)
		announce_ready(c->url, c->start->data_path, c->start->cli_path);
	while (r == 0 && !c->drain) {
		r = attend(c, 500, e);
		watch_channel(c);
		if (clock_mono_ms() - checked > OWN_CHECK_MS) {
			renew_own(c);
			take_policies(c);
			checked = clock_mono_ms();
		}
	}
	atomic_store(&c->ready, false);
	return r;
}

int
core_main(const struct core_start *start)
{
	struct core c = {.start = start};
	int r;
	ERR(e);

	log_init("core", STDERR_FILENO, LOG_INFO);
	c.birth = (struct birth_conf){start->ca_dirfd, start->data_dirfd, c.url, announce_step, NULL};
	r = set_up(&c, &e);
	if (r == 0)
		r = serve(&c, &e);
	if (r < 0) {
		log_err(LOG_ERROR, "core.stopped", &e);
		if (start->announce)
			announce_failure(&e);
	}
	take_down(&c);
	return r < 0 ? err_info(r)->exit : 0;
}
