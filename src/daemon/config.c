/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/config_priv.h"

#include <fcntl.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "net/smtp.h"
#include "os/file.h"

#define SETTINGS_MAX 512
#define FILE_MAX (64 * 1024)

/* One value as it was given. */
struct setting {
	const struct param *p;
	const char *value, *where;
};

struct reading {
	struct arena *a;
	const char *config_file;
	struct str text; /* of it */
	enum config_wish wish;
	struct setting settings[SETTINGS_MAX];
	unsigned n, n_line; /* the first n_line are the command line's */
};

static const struct param *
find(struct str name)
{
	for (unsigned i = 0; i < param_count; i++) {
		if (str_eq_c(name, param_table[i].name))
			return &param_table[i];
	}
	return NULL;
}

static int
add(struct reading *rd, const struct param *p, const char *value, const char *where, struct err *e)
{
	if (rd->n == SETTINGS_MAX)
		return err_set(
			e, E_CONFIG, "%s: there are more than %d settings", where, SETTINGS_MAX);
	rd->settings[rd->n++] = (struct setting){p, value, where};
	return 0;
}

/* -- the command line */

static int
unknown(struct str name, const char *where, int code, struct err *e)
{
	err_set(e, code, "%s: there is no parameter \"%.*s\"", where, (int)MIN(name.n, (size_t)64),
		name.p ? name.p : "");
	err_hint(e, "signetd --help lists them.");
	return e->code;
}

/* A secret on the command line is readable by every process of the machine. */
static int
check_secret(const struct param *p, const char *value, struct err *e)
{
	struct str host = str_c(value), user;

	if (p->secret && p->kind != PARAM_DB) {
		err_field(e, E_CONFIG, p->name, "--%s: a password on the command line is seen by every process here",
			p->name);
		err_hint(e, "Write the line %s = … into the file of --config.", p->name);
		return e->code;
	}
	if (!p->secret || !str_starts(host, STR("postgresql://")))
		return 0;
	host.p += strlen("postgresql://");
	host.n -= strlen("postgresql://");
	user = str_cut(&host, '@');
	if ((host.p && str_find(user, ':') >= 0) || strstr(value, "password=")) {
		err_field(e, E_CONFIG, p->name,
			"--%s: a password on the command line is seen by every process here",
			p->name);
		err_hint(e, "Put it into the file that PGPASSFILE names, or the whole line into "
			    "the file of --config.");
		return e->code;
	}
	return 0;
}

static int
read_arg(struct reading *rd, char **argv, int argc, int *i, struct err *e)
{
	struct str value = str_c(argv[*i]), name;
	const struct param *p;
	const char *text, *where = arena_printf(rd->a, "%s", argv[*i]).p;
	int r;

	if (!str_starts(value, STR("--")) || value.n == 2)
		return unknown(value, "the command line", E_USAGE, e);
	value.p += 2;
	value.n -= 2;
	name = str_cut(&value, '=');
	where = arena_printf(rd->a, "--%.*s", STRF(name)).p;
	text = value.p;
	p = find(name);
	if (!p && !str_eq_c(name, "config"))
		return unknown(name, "the command line", E_USAGE, e);
	if (p && p->kind == PARAM_FLAG && !text)
		text = "yes";
	if (!text && *i + 1 < argc)
		text = argv[++*i];
	if (!text)
		return err_set(e, E_USAGE, "%s needs a value", where);
	if (!p) {
		rd->config_file = text;
		return 0;
	}
	r = check_secret(p, text, e);
	return r < 0 ? r : add(rd, p, text, where, e);
}

static int
read_line(struct reading *rd, int argc, char **argv, struct err *e)
{
	for (int i = 1; i < argc; i++) {
		int r;

		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			rd->wish = CONFIG_HELP;
			return 0;
		}
		if (strcmp(argv[i], "--version") == 0) {
			rd->wish = CONFIG_VERSION;
			return 0;
		}
		r = read_arg(rd, argv, argc, &i, e);
		if (r < 0)
			return r;
	}
	rd->n_line = rd->n;
	return 0;
}

/* -- the file */

static bool
on_line(const struct reading *rd, const struct param *p)
{
	for (unsigned i = 0; i < rd->n_line; i++) {
		if (rd->settings[i].p == p)
			return true;
	}
	return false;
}

static int
read_file_line(struct reading *rd, struct str line, unsigned number, struct err *e)
{
	struct str value = str_trim(line), name;
	const char *where = arena_printf(rd->a, "%s:%u", rd->config_file, number).p;
	const struct param *p;

	if (value.n == 0 || value.p[0] == '#')
		return 0;
	name = str_trim(str_cut(&value, '='));
	if (!value.p)
		return err_set(e, E_CONFIG, "%s: a line reads NAME = VALUE", where);
	p = find(name);
	if (!p)
		return unknown(name, where, E_CONFIG, e);
	/* the command line goes before the file, for lists as a whole */
	if (on_line(rd, p))
		return 0;
	return add(rd, p, arena_cstr(rd->a, str_trim(value)), where, e);
}

static int
read_file(struct reading *rd, struct err *e)
{
	struct blob text;
	int r = file_read(AT_FDCWD, rd->config_file, FILE_MAX, rd->a, &text, e);

	if (r < 0)
		return err_wrap(e, "--config");
	rd->text = text.n ? str_of(text) : STR("");
	return 0;
}

static int
read_text(struct reading *rd, struct err *e)
{
	struct str rest = rd->text;
	unsigned number = 0;
	int r = 0;

	if (!utf8_printable(rest, true))
		return err_set(e, E_CONFIG, "%s: is no text in UTF-8", rd->config_file);
	while (r == 0 && rest.p)
		r = read_file_line(rd, str_cut(&rest, '\n'), ++number, e);
	return r;
}

/* -- the whole */

static bool
was_set(const struct reading *rd, const struct param *p)
{
	for (unsigned i = 0; i < rd->n; i++) {
		if (rd->settings[i].p == p)
			return true;
	}
	return false;
}

static int
apply(struct reading *rd, struct config *c, struct err *e)
{
	int r = 0;

	for (unsigned i = 0; r == 0 && i < rd->n; i++)
		r = config_set(
			c, rd->settings[i].p, rd->settings[i].value, rd->settings[i].where, rd->a, e);
	for (unsigned i = 0; r == 0 && i < param_count; i++) {
		const struct param *p = &param_table[i];

		if (p->fallback && !was_set(rd, p))
			r = config_set(c, p, p->fallback, p->name, rd->a, e);
	}
	return r;
}

static bool
is_loopback(const struct addr *a)
{
	static const uint8_t one6[16] = {[15] = 1};

	return a->family == AF_INET ? a->ip[0] == 127 : memcmp(a->ip, one6, sizeof(one6)) == 0;
}

static bool
all_loopback(const struct config *c)
{
	for (unsigned i = 0; i < c->n_https; i++) {
		if (!is_loopback(&c->listen_https[i]))
			return false;
	}
	for (unsigned i = 0; i < c->n_http; i++) {
		if (!is_loopback(&c->listen_http[i]))
			return false;
	}
	return true;
}

static int
check_mail(const struct config *c, struct err *e)
{
	ARENA(a);
	struct smtp_server s;

	if (!c->mail_server)
		return 0;
	if (!c->mail_from)
		return err_field(e, E_CONFIG, "mail-from",
			"--mail-from is missing: with --mail-server the sender's address is needed");
	if (!c->mail_user != !c->mail_password)
		return err_field(e, E_CONFIG, c->mail_user ? "mail-password" : "mail-user",
			"mail-user and mail-password need each other");
	BUG_ON(!smtp_server_read(str_c(c->mail_server), &a, &s));
	if (c->mail_clear && c->mail_password && !s.tls && !smtp_is_local(&s))
		return err_field(e, E_CONFIG, "mail-clear",
			"--mail-clear: the password would go to \"%s\" in the clear", c->mail_server);
	return 0;
}

static int
check(const struct config *c, struct err *e)
{
	if (!c->data)
		return err_field(
			e, E_CONFIG, "data", "--data DIR is missing: where keys and database live");
	if (!c->status_url && !all_loopback(c) && c->role == CONFIG_SERVICE) {
		err_field(e, E_CONFIG, "status-url",
			"--status-url is missing, and a listener is reachable from outside");
		err_hint(e, "Give the address at which clients reach --listen-http, like "
			    "http://ca.example.com.");
		return e->code;
	}
	return check_mail(c, e);
}

static int
finish(struct reading *rd, struct config *ret, struct err *e)
{
	struct config c = {.text = rd->text};
	int r = rd->text.p ? read_text(rd, e) : 0;

	if (r == 0)
		r = apply(rd, &c, e);
	if (r == 0)
		r = check(&c, e);
	if (r == 0)
		*ret = c;
	return r;
}

int
config_read(int argc, char **argv, struct arena *a, struct config *ret, enum config_wish *ret_wish,
	struct err *e)
{
	struct reading *rd = arena_new(a, struct reading);
	int r;

	rd->a = a;
	r = read_line(rd, argc, argv, e);
	*ret_wish = rd->wish;
	if (r < 0 || rd->wish != CONFIG_RUN)
		return r;
	if (rd->config_file)
		r = read_file(rd, e);
	return r < 0 ? r : finish(rd, ret, e);
}

int
config_read_text(int argc, char **argv, struct str text, struct arena *a, struct config *ret, struct err *e)
{
	struct reading *rd = arena_new(a, struct reading);
	int r;

	rd->a = a;
	r = read_line(rd, argc, argv, e);
	if (rd->config_file)
		rd->text = text;
	return r < 0 ? r : finish(rd, ret, e);
}

/* The host of http://HOST[:PORT][/…] when it is a name: CAA records name no addresses. */
static struct str
host_name(struct str url)
{
	struct str host;
	struct addr a;

	url.p += strlen("http://");
	url.n -= strlen("http://");
	host = str_cut(&url, '/');
	if (host.n && host.p[0] == '[')
		return (struct str){0};
	host = str_cut(&host, ':');
	return addr_parse_ip(host, &a) ? (struct str){0} : host;
}

void
config_bound(struct config *c, const struct addr *first_http, struct arena *a)
{
	struct str host;

	if (!c->status_url)
		c->status_url =
			arena_printf(a, "http://%.*s", STRF(addr_text(a, first_http, true))).p;
	host = host_name(str_c(c->status_url));
	if (c->n_caa_identities == 0 && host.n)
		c->caa_identities[c->n_caa_identities++] = host;
}

struct str
config_help(struct arena *a)
{
	BUF(b, 64 * 1024);

	buf_put_c(&b, "signetd, the certificate management service\n\n"
		      "    signetd --data DIR [--config FILE] [--NAME VALUE]...\n\n"
		      "    --config FILE\n        lines NAME = VALUE with the names below; the "
		      "command line goes before it\n");
	for (unsigned i = 0; i < param_count; i++) {
		const struct param *p = &param_table[i];

		buf_printf(&b, "    --%s%s%s\n        %s", p->name, p->arg[0] ? " " : "", p->arg,
			p->help);
		if (p->fallback && p->kind != PARAM_FLAG)
			buf_printf(&b, " (default: %s)", p->fallback);
		buf_put_c(&b, "\n");
	}
	buf_put_c(&b,
		"    --help, --version\n\n"
		"Example, for a first look on this machine:\n    signetd --data ./signet-data\n"
		"SIGTERM finishes what is at work and stops; SIGHUP reads the configuration again. Exit codes:\n"
		"0 stopped, 2 usage or\n"
		"configuration, 5 the data directory is in use, 7 a fault that the message "
		"names.\n");
	return arena_str(a, buf_str(&b));
}
