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
#include "ca/signer_client.h"
#include "crypto/crypto.h"
#include "crypto/unlock.h"
#include "daemon/announce.h"
#include "daemon/data.h"
#include "daemon/settings.h"
#include "db/db.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "os/control.h"
#include "os/fd.h"
#include "os/ipc.h"
#include "os/lane.h"
#include "os/sandbox.h"
#include "os/signals.h"
#include "service/birth.h"
#include "service/jobs.h"
#include "service/policy.h"
#include "store/store.h"
#include "text/psl.h"

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
	struct settings *settings; /* newest first */
	int files[CONFIG_FILES]; /* of a configuration that is on its way */
	struct svc *svc;
	struct api *api;
	struct lane *fast, *password, *status, *validate;
	struct http_server *http;
	struct addr listeners[2 * CONFIG_LISTENERS_MAX];
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

static int
open_service(struct core *c, struct err *e)
{
	struct svc_conf conf = {
		.db = c->db,
		.signer = c->signer,
		.status_url = c->start->conf->status_url,
		.node_name = "node-1",
		.settings = settings_svc(c->settings),
		.listeners = c->listeners,
		.n_listeners = c->start->n_listeners,
	};
	struct api_conf api = {.ready = is_ready, .arg = c, .url = c->url};
	int r = svc_new(&conf, &c->svc, e);

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
	unlock_init();
	pick_url(c);
	c->ipc = ipc_client_new(-1);
	c->lost = true; /* the first channel comes by itself */
	c->signer = signer_client_over_ipc(c->ipc);
	r = settings_new(c->start->conf, c->start->files, c->url, &c->settings, e);
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
	settings_stop_all(c->settings);
	c->http = http_server_stop(c->http, DRAIN_MS);
	c->fast = lane_drain(c->fast);
	c->password = lane_drain(c->password);
	c->status = lane_drain(c->status);
	c->validate = lane_drain(c->validate);
	c->api = api_free(c->api);
	c->svc = svc_free(c->svc);
	c->signer = signer_client_free(c->signer);
	c->ipc = ipc_client_free(c->ipc);
	settings_free_all(&c->settings);
	config_files_close(c->files);
	c->db = db_close(c->db);
}

/* -- the supervisor's messages, and signals */

/* What the supervisor has read again is taken into use as a whole or not at all. */
static void
reload(struct core *c, const struct ipc_msg *m)
{
	const struct core_start *start = c->start;
	struct settings *fresh = NULL;
	ERR(e);
	int r = settings_again(start, m->body, c->files, c->url, c->settings, &fresh, &e);

	config_files_close(c->files);
	if (r == 0) {
		settings_push(&c->settings, fresh);
		if (svc_set(c->svc, settings_svc(fresh), &e) < 0)
			log_err(LOG_WARN, "mail.hurry", &e);
		log_event(LOG_INFO, "config.taken");
	} else {
		log_event(LOG_ERROR, "config.refused", F_STR("why", e.msg), F_STR("hint", err_hint_text(&e)));
	}
	err_clear(&e);
	if (ipc_send(start->control_fd, CONTROL_ASK, 0, blob_of(str_c(r == 0 ? CORE_TAKEN : CORE_REFUSED)), -1, &e) < 0)
		log_err(LOG_ERROR, "core.control", &e);
}

/* What was passed and nobody has taken is closed. */
static void
hear(struct core *c, struct ipc_msg *m)
{
	if (m->type == CONTROL_CHANNEL && m->fd >= 0) {
		ipc_client_attach(c->ipc, fd_take(&m->fd));
	} else if (m->type == CONTROL_FILE && m->id < CONFIG_FILES) {
		fd_close(&c->files[m->id]);
		c->files[m->id] = fd_take(&m->fd);
	} else if (m->type == CONTROL_RELOAD) {
		reload(c, m);
	}
	fd_close(&m->fd);
}

/* Serves both for the time given. */
static int
attend(struct core *c, int timeout_ms, struct err *e)
{
	struct pollfd fds[] = {{c->start->control_fd, POLLIN, 0}, {c->start->signal_fd, POLLIN, 0}};
	ARENA(a);
	struct ipc_msg m;
	int sig, r;

	if (poll(fds, ARRAY_LEN(fds), timeout_ms) <= 0)
		return 0;
	while ((sig = signals_next(c->start->signal_fd)) != 0)
		c->drain |= sig == SIGTERM || sig == SIGINT;
	if (!fds[0].revents)
		return 0;
	r = control_next(c->start->control_fd, 0, &a, &m, e);
	if (r == E_TIMEOUT)
		return 0;
	if (r == 0)
		hear(c, &m);
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
			settings_forget(&c->settings);
			checked = clock_mono_ms();
		}
	}
	atomic_store(&c->ready, false);
	return r;
}

int
core_main(const struct core_start *start)
{
	struct core c = {.start = start, .files = {[0 ... CONFIG_FILES - 1] = -1}};
	int r;
	ERR(e);

	log_init("core", STDERR_FILENO, start->conf->log_level);
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
