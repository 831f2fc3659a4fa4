/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/settings.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/cursor.h"
#include "base/log.h"
#include "ca/safety.h"
#include "net/dns.h"
#include "net/smtp.h"
#include "os/file.h"
#include "validate/peer.h"

#define SMALL_FILE_MAX (1024 * 1024)
#define FRESH_CONTEXTS 16
#define LOOK_MS 10000

struct settings {
	struct settings *next; /* the one before it */
	int64_t replaced_ms; /* monotonic; 0: in use */
	struct arena arena;
	struct config conf;
	struct dns *dns;
	struct blocked_keys *blocked_keys;
	struct smtp_server mail;
	const char *mail_ca, *webhook_ca; /* our copies: the library opens them by their paths each time */
	struct peer peers[CONFIG_PERSPECTIVES_MAX];
	struct perspective perspectives[CONFIG_PERSPECTIVES_MAX];
	struct secret *keys[CONFIG_PERSPECTIVES_MAX];
	struct svc_settings svc;
};

static struct settings *
settings_free(struct settings *s)
{
	if (!s)
		return NULL;
	s->dns = dns_close(s->dns);
	s->blocked_keys = blocked_keys_free(s->blocked_keys);
	for (unsigned i = 0; i < CONFIG_PERSPECTIVES_MAX; i++)
		s->keys[i] = secret_free(s->keys[i]);
	if (s->mail_ca)
		unlink(s->mail_ca);
	if (s->webhook_ca)
		unlink(s->webhook_ca);
	arena_done(&s->arena);
	wipe(s->conf.perspectives, sizeof(s->conf.perspectives));
	free(s);
	return NULL;
}

static void
settings_freep(struct settings **s)
{
	settings_free(*s);
}

/* {NULL, 0}: no such file was named. */
static int
read_file(const struct settings *s, enum config_file file, const int files[CONFIG_FILES], size_t max, struct arena *a,
	struct blob *ret, struct err *e)
{
	const char *path = config_file_path(&s->conf, file);
	int r = 0;

	*ret = (struct blob){NULL, 0};
	if (path)
		r = file_read_open(files[file], path, max, a, ret, e);
	if (r == 0 && path && !ret->p)
		*ret = blob_of(STR(""));
	return r;
}

/* The operator's list is held against every key that somebody brings. */
static int
load_blocked_keys(struct settings *s, const int files[CONFIG_FILES], struct err *e)
{
	const char *path = s->conf.blocked_keys;
	struct blob text;
	ARENA(a);
	int r = read_file(s, CONFIG_BLOCKED_KEYS, files, BLOCKED_FILE_MAX, &a, &text, e);

	if (r < 0 || !text.p)
		return r;
	r = blocked_keys_new(text, &s->blocked_keys, e);
	if (r < 0)
		return err_wrap(e, "%s", path);
	log_event(LOG_INFO, "core.blocked_keys", F_STR("file", path),
		F_INT("keys", (int64_t)blocked_keys_count(s->blocked_keys)));
	return 0;
}

static int
open_dns(struct settings *s, const int files[CONFIG_FILES], struct err *e)
{
	struct dns_conf conf = {
		.resolver = s->conf.resolver, .trust_anchor = s->conf.trust_anchor, .fresh_max = FRESH_CONTEXTS};
	struct blob text;
	ARENA(a);
	int r = read_file(s, CONFIG_TRUST_ANCHOR, files, SMALL_FILE_MAX, &a, &text, e);

	conf.anchor_text = str_of(text);
	return r < 0 ? r : dns_open(&conf, &s->dns, e);
}

/* Those that the operator runs elsewhere in the network. */
static void
open_perspectives(struct settings *s)
{
	for (unsigned i = 0; i < s->conf.n_perspectives; i++) {
		const struct config_perspective *p = &s->conf.perspectives[i];

		s->keys[i] = secret_copy(BLOB(p->key, sizeof(p->key)));
		s->peers[i] = (struct peer){p->address, s->keys[i], "perspective"};
		s->perspectives[i] = (struct perspective){p->name, p->region, peer_ask, &s->peers[i]};
	}
}

/* The file may be one that the core cannot open: a copy lies where temporary files do. */
static int
copy_ca(struct settings *s, enum config_file file, const int files[CONFIG_FILES], const char **ret, struct err *e)
{
	static unsigned number;
	const char *folder = getenv("TMPDIR"), *path;
	struct blob text;
	int r = read_file(s, file, files, SMALL_FILE_MAX, &s->arena, &text, e);

	if (r < 0 || !text.p)
		return r;
	path = arena_printf(&s->arena, "%s/ca.%u.pem", folder ? folder : "/tmp",
		number++).p;
	r = file_write_atomic(AT_FDCWD, path, text, 0600, e);
	if (r == 0)
		*ret = path;
	return r;
}

static int
set_mail(struct settings *s, const int files[CONFIG_FILES], struct err *e)
{
	const struct config *c = &s->conf;
	int r = copy_ca(s, CONFIG_MAIL_CA, files, &s->mail_ca, e);

	if (r < 0 || !c->mail_server)
		return r;
	BUG_ON(!smtp_server_read(str_c(c->mail_server), &s->arena, &s->mail));
	s->mail.clear = c->mail_clear;
	s->mail.ca_file = s->mail_ca;
	s->mail.user = c->mail_user;
	s->mail.password = c->mail_password;
	return 0;
}

static void
fill(struct settings *s, const char *url)
{
	const struct config *c = &s->conf;

	s->svc = (struct svc_settings){
		.validate = {.dns = s->dns, .http_port = c->validation_http_port, .https_port = c->validation_https_port,
			.allow = c->validation_allow, .n_allow = c->n_validation_allow, .caa_identities = c->caa_identities,
			.n_caa_identities = c->n_caa_identities, .timeout_ms = LOOK_MS},
		.public_url = c->public_url ? c->public_url : url,
		.mail = c->mail_server ? &s->mail : NULL,
		.mail_from = c->mail_from,
		.blocked_keys = s->blocked_keys,
		.four_eyes = c->four_eyes,
		.perspectives = s->perspectives,
		.n_perspectives = c->n_perspectives,
		.webhook_allow = c->webhook_allow,
		.n_webhook_allow = c->n_webhook_allow,
		.fetch_allow = c->fetch_allow,
		.n_fetch_allow = c->n_fetch_allow,
		.webhook_ca = s->webhook_ca,
		.scan_allow = c->scan_allow,
		.n_scan_allow = c->n_scan_allow,
	};
}

static int
open_all(struct settings *s, const int files[CONFIG_FILES], const char *url, struct err *e)
{
	int r = load_blocked_keys(s, files, e);

	if (r == 0)
		r = open_dns(s, files, e);
	if (r == 0)
		r = set_mail(s, files, e);
	if (r == 0)
		r = copy_ca(s, CONFIG_WEBHOOK_CA, files, &s->webhook_ca, e);
	open_perspectives(s);
	fill(s, url);
	return r;
}

static struct settings *
settings_blank(void)
{
	struct settings *s = calloc(1, sizeof(*s));

	BUG_ON(!s);
	arena_init(&s->arena, 0);
	s->arena.wipe = true; /* the mail server's password is in the text */
	return s;
}

int
settings_new(const struct config *c, const int files[CONFIG_FILES], const char *url, struct settings **ret, struct err *e)
{
	CLEANUP(settings_freep) struct settings *s = settings_blank();
	int r;

	s->conf = *c;
	r = open_all(s, files, url, e);
	if (r < 0)
		return r;
	*ret = s;
	s = NULL;
	return 0;
}

/* -- again */

static int
check_lingering(const struct settings *newest, struct err *e)
{
	unsigned n = 0;

	for (const struct settings *s = newest->next; s; s = s->next)
		n++;
	if (n < SETTINGS_LINGERING_MAX)
		return 0;
	err_set(e, E_BUSY, "the configuration was read again %u times within %d minutes", n, SVC_SETTINGS_LINGER_MS / 60000);
	err_hint(e, "Wait some minutes, then send SIGHUP again.");
	return e->code;
}

static int
read_body(struct settings *s, const struct core_start *start, struct blob body, struct err *e)
{
	struct config *c = &s->conf;
	const char *names[CONFIG_PARAMS_MAX];
	struct cursor cur = cursor_of(body);
	struct blob keys;
	struct str text;
	unsigned n = cursor_u8(&cur);
	int r;

	keys = cursor_take(&cur, n * (size_t)CONFIG_KEY_LEN);
	text = arena_str(&s->arena, str_of(cursor_take(&cur, cursor_left(&cur))));
	BUG_ON(!cursor_ok(&cur, true));
	r = config_read_text(start->argc, start->argv, text, &s->arena, c, e);
	if (r < 0)
		return r;
	/* the supervisor has read the same text and told what needs a restart */
	(void)config_settle(c, start->conf, &start->listeners[start->conf->n_https].addr, &s->arena, names);
	BUG_ON(c->n_perspectives != n);
	for (unsigned i = 0; i < n; i++)
		memcpy(c->perspectives[i].key, keys.p + i * CONFIG_KEY_LEN, CONFIG_KEY_LEN);
	return 0;
}

int
settings_again(const struct core_start *start, struct blob body, const int files[CONFIG_FILES], const char *url,
	const struct settings *newest, struct settings **ret, struct err *e)
{
	CLEANUP(settings_freep) struct settings *s = settings_blank();
	int r = check_lingering(newest, e);

	if (r == 0)
		r = read_body(s, start, body, e);
	if (r == 0)
		r = open_all(s, files, url, e);
	if (r < 0)
		return r;
	log_least(s->conf.log_level);
	*ret = s;
	s = NULL;
	return 0;
}

/* -- the list */

const struct svc_settings *
settings_svc(const struct settings *s)
{
	return &s->svc;
}

void
settings_push(struct settings **list, struct settings *s)
{
	if (*list)
		(*list)->replaced_ms = clock_mono_ms();
	s->next = *list;
	*list = s;
}

void
settings_forget(struct settings **list)
{
	int64_t before = clock_mono_ms() - SVC_SETTINGS_LINGER_MS;
	struct settings **at = list;

	while (*at && (!(*at)->replaced_ms || (*at)->replaced_ms > before))
		at = &(*at)->next;
	/* behind it all are older */
	settings_free_all(at);
}

void
settings_stop_all(struct settings *list)
{
	for (; list; list = list->next)
		dns_stop(list->dns);
}

void
settings_free_all(struct settings **list)
{
	while (*list) {
		struct settings *next = (*list)->next;

		settings_free(*list);
		*list = next;
	}
}
