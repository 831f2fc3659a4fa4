/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/secret.h"
#include "daemon/core.h"
#include "daemon/data.h"
#include "daemon/listen.h"
#include "daemon/perspective.h"
#include "os/control.h"
#include "os/fd.h"
#include "os/sandbox.h"
#include "os/signals.h"
#include "os/supervise.h"

/* The core finishes what it took within 10 s; making an RSA key may take the signer as long. */
#define DRAIN_MS 30000
#define HANDED_OVER "admin.json"

extern char **environ;

struct supervisor {
	struct config *c;
	struct arena *a;
	int argc;
	char **argv;
	struct again *taken, *asked; /* a configuration that was read again: in use; sent to the core */
	struct data data;
	struct core_listener *listeners;
	unsigned n_listeners;
	int signer_program; /* descriptor */
	bool sandbox;
};

/* -- the signer's program: installed beside us, or where the build leaves it */

/* The folder that our own program is in. */
static int
own_folder(char *self /* PATH_MAX */, struct err *e)
{
	ssize_t n = readlink("/proc/self/exe", self, PATH_MAX - 1);

	if (n <= 0)
		return err_errno(e, E_IO, errno, "could not read /proc/self/exe");
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	return 0;
}

static int
find_signer(struct supervisor *s, struct err *e)
{
	static const char *const places[] = {
		"../libexec/signet/signet-signer", "signet-signer", "../signer/signet-signer"};
	char self[PATH_MAX], path[PATH_MAX + 64];
	int r = own_folder(self, e);

	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		snprintf(path, sizeof(path), "%s/%s", self, places[i]);
		s->signer_program = open(path, O_RDONLY | O_CLOEXEC);
		if (s->signer_program >= 0)
			return 0;
	}
	err_set(e, E_CONFIG,
		"the program signet-signer is neither beside signetd nor in ../libexec/signet");
	err_hint(e, "Install it together with signetd.");
	return e->code;
}

/* The folder with `signet`, for what the person at the terminal is told to try; NULL: it is wherever PATH leads. */
static const char *
find_cli(struct arena *a)
{
	static const char *const places[] = {"../..", "../cli", "."};
	char self[PATH_MAX], path[PATH_MAX + 64], *real;
	const char *ret = NULL;
	ERR(e);

	if (own_folder(self, &e) < 0 || str_starts(str_c(self), STR("/usr/")))
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(places) && !ret; i++) {
		snprintf(path, sizeof(path), "%s/%s/signet", self, places[i]);
		if (access(path, X_OK) != 0)
			continue;
		*strrchr(path, '/') = '\0';
		real = realpath(path, NULL);
		if (real)
			ret = arena_cstr(a, str_c(real));
		free(real);
	}
	return ret;
}

/* It takes nothing of our environment but the time zone and, in testing builds, what tests say. */
static char **
signer_environment(struct arena *a)
{
	static const char *const kept[] = {
		"TZ=",
#ifdef SIGNET_TESTING
		"SIGNET_TEST_",
		"ASAN_OPTIONS=",
		"UBSAN_OPTIONS=",
		"TSAN_OPTIONS=",
		"LSAN_OPTIONS=",
#endif
	};
	size_t n = 0;
	char **out;

	while (environ[n])
		n++;
	out = arena_new_n(a, n + 1, char *);
	n = 0;
	for (char **at = environ; *at; at++) {
		for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
			if (str_starts(str_c(*at), str_c(kept[i])))
				out[n++] = *at;
		}
	}
	return out;
}

static int
child_failed(const char *role, const struct err *e)
{
	log_err(LOG_ERROR, role, e);
	return err_info(e->code)->exit;
}

static int
run_signer(void *arg, int control_fd, pid_t parent)
{
	struct supervisor *s = arg;
	char *argv[] = {(char *)"signet-signer",
		(char *)arena_printf(s->a, "control=%d", control_fd).p,
		(char *)arena_printf(s->a, "dir=%d", s->data.signer).p,
		(char *)arena_printf(s->a, "parent=%d", (int)parent).p,
		(char *)arena_printf(s->a, "uid=%u", (unsigned)s->data.signer_uid).p,
		(char *)arena_printf(s->a, "insecure=%d", !s->sandbox).p, NULL};
	ERR(e);

	if (fd_cloexec(control_fd, false, &e) < 0 || fd_cloexec(s->data.signer, false, &e) < 0)
		return child_failed("signer.start.failed", &e);
	fexecve(s->signer_program, argv, signer_environment(s->a));
	err_errno(&e, E_INTERNAL, errno, "could not execute signet-signer");
	return child_failed("signer.start.failed", &e);
}

/* -- the core */

static int
confine_core(struct supervisor *s, pid_t parent, struct err *e)
{
	const struct sandbox_path paths[] = {
		{.fd = s->data.db, .write = true},
		{.fd = s->data.ca, .write = true},
		{.fd = s->data.handover, .write = true},
		{.path = "/dev/null", .write = true},
		{.path = "/dev/urandom"},
		/* resolver, time zones, trust stores, name services, and the libraries that these
		   load */
		{.path = "/etc"},
		{.path = "/usr"},
		{.path = "/lib"},
		{.path = "/lib64"},
		{.path = "/run/systemd/resolve"},
		{.path = "/proc/sys"},
		{.path = "/sys/devices/system/cpu"},
		{.path = getenv("PGPASSFILE") ? getenv("PGPASSFILE") : "/nonexistent"},
	};
	const struct sandbox_conf conf = {
		.role = SANDBOX_CORE,
		.paths = paths,
		.n_paths = ARRAY_LEN(paths),
		.uid = s->data.core_uid,
		.parent = parent,
		.off = !s->sandbox,
	};
	struct sandbox_report rep;
	int r = sandbox_confine(&conf, &rep, e);

	if (r == 0)
		log_event(LOG_DEBUG, "core.sandbox", F_INT("landlock", rep.landlock),
			F_INT("own_uid", rep.own_uid));
	return r;
}

static int
run_core(void *arg, int control_fd, pid_t parent)
{
	struct supervisor *s = arg;
	struct core_start start = {
		.conf = s->c,
		.argc = s->argc,
		.argv = s->argv,
		.listeners = s->listeners,
		.n_listeners = s->n_listeners,
		.control_fd = control_fd,
		.data_dirfd = s->data.handover,
		.ca_dirfd = s->data.ca,
		.data_path = s->data.path,
		.cli_path = find_cli(s->a),
		.announce = true,
	};
	ERR(e);

	/* temporary files of libraries go where the core may write */
	setenv("TMPDIR", arena_printf(s->a, "%s/db", s->data.path).p, 1);
	if (strcmp(s->c->db, "sqlite") == 0)
		start.db_url = arena_printf(s->a, "sqlite:%s/db/signet.db", s->data.path).p;
	else
		start.db_url = s->c->db;
	fd_close(&s->signer_program);
	fd_close(&s->data.signer);
	fd_close(&s->data.dir);
	if (config_files_open(s->c, start.files, &e) < 0 || signals_open(&start.signal_fd, &e) < 0 ||
		confine_core(s, parent, &e) < 0)
		return child_failed("core.start.failed", &e);
	return core_main(&start);
}

/* -- reading the configuration again */

struct again {
	struct arena arena;
	struct config c;
};

static struct again *
again_free(struct again *g)
{
	if (!g)
		return NULL;
	wipe(g->c.perspectives, sizeof(g->c.perspectives));
	arena_done(&g->arena);
	free(g);
	return NULL;
}

static int
read_keys(struct config *c, struct err *e)
{
	int r = 0;

	for (unsigned i = 0; r == 0 && i < c->n_perspectives; i++)
		r = perspective_key_read(AT_FDCWD, c->perspectives[i].key_file, c->perspectives[i].key, e);
	return r;
}

/* What a restart alone can change keeps its value. */
static int
read_again(struct supervisor *s, struct again *g, struct err *e)
{
	const char *names[CONFIG_PARAMS_MAX];
	enum config_wish wish;
	unsigned n;
	int r = config_read(s->argc, s->argv, &g->arena, &g->c, &wish, e);

	if (r == 0)
		r = read_keys(&g->c, e);
	if (r < 0)
		return r;
	n = config_settle(&g->c, s->c, &s->listeners[s->c->n_https].addr, &g->arena, names);
	for (unsigned i = 0; i < n; i++)
		log_event(LOG_WARN, "config.needs_restart", F_STR("parameter", names[i]));
	return 0;
}

static int
send_again(const struct config *c, int control_fd, struct err *e)
{
	BUF(b, CONTROL_BODY_MAX);
	int files[CONFIG_FILES], r = config_files_open(c, files, e);

	if (r < 0)
		return r;
	for (unsigned i = 0; r == 0 && i < CONFIG_FILES; i++) {
		if (files[i] >= 0)
			r = ipc_send(control_fd, CONTROL_FILE, i, (struct blob){0}, files[i], e);
	}
	config_files_close(files);
	buf_put_u8(&b, (uint8_t)c->n_perspectives);
	for (unsigned i = 0; i < c->n_perspectives; i++)
		buf_put(&b, c->perspectives[i].key, CONFIG_KEY_LEN);
	buf_put_str(&b, c->text);
	if (r == 0)
		r = ipc_send(control_fd, CONTROL_RELOAD, 0, buf_blob(&b), -1, e);
	wipe(b.p, b.n);
	return r;
}

/* The core has it: its successors will, too. */
static void
take(struct supervisor *s)
{
	again_free(s->taken);
	s->taken = s->asked;
	s->asked = NULL;
	s->c = &s->taken->c;
	log_least(s->c->log_level);
}

static bool
reload_heard(struct supervisor *s, struct str word)
{
	bool taken = str_eq_c(word, CORE_TAKEN);

	if (!taken && !str_eq_c(word, CORE_REFUSED))
		return false;
	if (taken && s->asked)
		take(s);
	s->asked = again_free(s->asked);
	return true;
}

/* The core decides: it alone reads what the files hold. Where none runs, the next one starts with it. */
static void
reload(void *arg, int control_fd)
{
	struct supervisor *s = arg;
	struct again *g = calloc(1, sizeof(*g));
	ERR(e);
	int r;

	BUG_ON(!g);
	arena_init(&g->arena, 0);
	g->arena.wipe = true; /* passwords may be in the text */
	again_free(s->asked);
	s->asked = g;
	r = read_again(s, g, &e);
	if (r == 0 && control_fd >= 0)
		r = send_again(&g->c, control_fd, &e);
	else if (r == 0)
		take(s);
	if (r == 0)
		return;
	s->asked = again_free(s->asked);
	log_event(LOG_ERROR, "config.refused", F_STR("why", e.msg), F_STR("hint", err_hint_text(&e)));
}

/* -- what happens to the roles */

static void
report(void *arg, const char *role, enum supervise_event ev, int64_t value, struct str text)
{
	(void)arg;
	switch (ev) {
	case SUPERVISE_STARTED:
		log_event(LOG_INFO, "role.started", F_STR("role", role), F_INT("pid", value));
		break;
	case SUPERVISE_READY:
		log_event(LOG_INFO, "role.ready", F_STR("role", role), F_INT("ms", value));
		break;
	case SUPERVISE_EXITED:
		log_event(value ? LOG_ERROR : LOG_INFO, "role.exited", F_STR("role", role),
			F_INT("code", value));
		break;
	case SUPERVISE_KILLED:
		log_event(LOG_ERROR, "role.killed", F_STR("role", role), F_INT("signal", value),
			F_S("name", text));
		break;
	case SUPERVISE_WAITS:
		log_event(LOG_WARN, "role.restarts", F_STR("role", role), F_INT("in_ms", value));
		break;
	case SUPERVISE_STOPPING:
		log_event(
			LOG_INFO, "role.stopping", F_STR("role", role), F_INT("within_ms", value));
		break;
	case SUPERVISE_FAULT:
		log_event(LOG_ERROR, "role.fault", F_STR("role", role), F_S("message", text));
		break;
	}
}

static int
answer(void *arg, const char *role, const struct ipc_msg *m, struct err *e)
{
	struct supervisor *s = arg;
	int r;

	if (strcmp(role, "core") == 0 && reload_heard(s, str_of(m->body)))
		return 0;
	if (strcmp(role, "core") != 0 || !str_eq_c(str_of(m->body), HANDED_OVER))
		return err_set(e, E_UNSUPPORTED, "the supervisor takes nothing of this name");
	r = data_take_over(&s->data, HANDED_OVER, e);
	if (r < 0)
		log_err(LOG_ERROR, "handover.failed", e);
	return r;
}

/* -- setting up */

static int
check_walls(struct supervisor *s, struct err *e)
{
	if (!s->sandbox) {
		log_event(LOG_WARN, "sandbox.off", F_STR("why", "--insecure-no-sandbox"));
		return 0;
	}
	if (s->data.core_is_root)
		log_event(LOG_WARN, "sandbox.core_is_root",
			F_STR("why",
				"a folder above the data directory lets no other user through"));
	if (sandbox_landlock() > 0)
		return 0;
	if (s->data.core_uid && s->data.signer_uid) {
		log_event(LOG_WARN, "sandbox.no_landlock");
		return 0;
	}
#ifndef SIGNET_SANITIZED
	return err_set(e, E_SANDBOX,
		"the kernel has no landlock, and signetd is not root and cannot give uids to its "
		"roles");
#else
	(void)e;
	return 0;
#endif
}

/* What may be read and run is left open, for the roles' own programs; what may be written is DIR.
 */
static int
confine_self(struct supervisor *s, struct err *e)
{
	const struct sandbox_path paths[] = {
		{.path = "/", .execute = true},
		{.fd = s->data.dir, .write = true},
		{.path = "/dev/null", .write = true},
	};
	const struct sandbox_conf conf = {
		.role = SANDBOX_SUPERVISOR,
		.paths = paths,
		.n_paths = ARRAY_LEN(paths),
		.keep_capabilities = true,
		.off = !s->sandbox,
	};
	struct sandbox_report rep;
	int r = sandbox_confine(&conf, &rep, e);

	return r < 0 || !s->sandbox ? r : sandbox_seal(SANDBOX_SUPERVISOR, e);
}

static int
set_up(struct supervisor *s, struct err *e)
{
	const struct addr *http;
	int r = find_signer(s, e);

	if (r == 0)
		r = read_keys(s->c, e);
	if (r == 0)
		r = data_open(s->c->data, s->sandbox, s->a, &s->data, e);
	if (r == 0)
		r = check_walls(s, e);
	if (r == 0)
		r = listen_all(s->c, s->a, &s->listeners, &s->n_listeners, e);
	if (r < 0)
		return r;
	http = &s->listeners[s->c->n_https].addr;
	config_bound(s->c, http, s->a);
	/* a start that was killed between the two steps of handing over */
	if (data_take_over(&s->data, HANDED_OVER, e) < 0 && e->code != E_NOT_FOUND)
		return e->code;
	return confine_self(s, e);
}

/* Tests that kill roles again and again do not wait for the back-off to run its course; 0: the usual bound. */
static int
backoff_max_ms(void)
{
#ifdef SIGNET_TESTING
	const char *ms = getenv("SIGNET_TEST_BACKOFF_MAX_MS");

	return ms ? (int)strtol(ms, NULL, 10) : 0;
#else
	return 0;
#endif
}

int
supervisor_run(struct config *c, int argc, char **argv, struct arena *a, struct err *e)
{
	struct supervisor s = {
		.c = c, .a = a, .argc = argc, .argv = argv, .signer_program = -1, .sandbox = !c->insecure_no_sandbox};
	const struct supervise_conf conf = {
		.roles = {{"core", run_core, &s}, {"signer", run_signer, &s}},
		.event = report,
		.ask = answer,
		.hangup = reload,
		.arg = &s,
		.drain_ms = DRAIN_MS,
		.backoff_max_ms = backoff_max_ms(),
	};
	FD(signal_fd);
	int r = signals_open(&signal_fd, e);

	if (r == 0)
		r = set_up(&s, e);
	if (r < 0)
		return r;
	r = supervise_run(&conf, signal_fd);
	log_event(LOG_INFO, "supervisor.stopped", F_INT("code", r));
	again_free(s.asked);
	again_free(s.taken);
	data_close(&s.data);
	return r;
}
