/* SPDX-License-Identifier: Apache-2.0 */
/* The servers signed in to, and which of them a run means. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "os/file.h"

#define CONFIG_MAX (256 * 1024)
#define SERVERS_MAX 100
#define ROOTS_MAX (1024 * 1024)

static const char *
env(const char *name)
{
	const char *v = getenv(name);

	return v && v[0] ? v : NULL;
}

/* ~/.config/signet, as the XDG base directory specification has it. */
static const char *
dir_name(struct arena *a, struct err *e)
{
	const char *xdg = env("XDG_CONFIG_HOME"), *home = env("HOME");

	if (xdg)
		return arena_printf(a, "%s/signet", xdg).p;
	if (home)
		return arena_printf(a, "%s/.config/signet", home).p;
	err_set(e, E_CONFIG, "neither XDG_CONFIG_HOME nor HOME is set: there is no place for the configuration");
	return NULL;
}

static bool
is_missing(const char *path)
{
	struct stat st;

	return stat(path, &st) != 0;
}

/* Each missing folder above it, too: a fresh account has no ~/.config. */
static int
make_dirs(struct arena *a, const char *path, struct err *e)
{
	for (size_t i = 1;; i++) {
		const char *part;
		int r;

		if (path[i] && path[i] != '/')
			continue;
		part = arena_printf(a, "%.*s", (int)i, path).p;
		if (is_missing(part)) {
			r = file_mkdir(AT_FDCWD, part, 0700, e);
			if (r < 0)
				return r;
		}
		if (!path[i])
			return 0;
	}
}

int
config_dir(struct arena *a, const char **ret, struct err *e)
{
	const char *path = dir_name(a, e);
	int r;

	if (!path)
		return E_CONFIG;
	r = make_dirs(a, path, e);
	if (r == 0)
		*ret = path;
	return r;
}

/* Keys stand in the file: it is not read while others could have. */
static int
check_mode(const char *path, struct err *e)
{
	struct stat st;

	if (stat(path, &st) != 0 || (st.st_mode & 077) == 0)
		return 0;
	err_set(e, E_CONFIG, "%s can be read by others, and it holds access keys", path);
	err_hint(e, "chmod 600 %s, and replace the keys if somebody else uses this machine.", path);
	return E_CONFIG;
}

static void
take_line(struct server *s, struct str line)
{
	struct str value = line, name = str_trim(str_cut(&value, '='));

	value = str_trim(value);
	if (str_eq_c(name, "url"))
		s->url = value;
	else if (str_eq_c(name, "key"))
		s->key = value;
	else if (str_eq_c(name, "ca"))
		s->ca = value;
}

/* "name = value" lines under "[server]" heads; '#' begins a comment. */
int
config_read(struct arena *a, struct server **ret, size_t *ret_n, struct str *ret_default, struct err *e)
{
	struct server *all = arena_new_n(a, SERVERS_MAX, struct server);
	const char *dir = dir_name(a, e), *path;
	struct blob text;
	struct str rest;
	size_t n = 0;
	int r;

	*ret = all;
	*ret_n = 0;
	*ret_default = (struct str){NULL, 0};
	if (!dir)
		return E_CONFIG;
	path = arena_printf(a, "%s/config", dir).p;
	if (is_missing(path))
		return 0;
	r = check_mode(path, e);
	if (r == 0)
		r = file_read(AT_FDCWD, path, CONFIG_MAX, a, &text, e);
	if (r < 0)
		return r;
	rest = str_of(text);
	while (rest.p) {
		struct str line = str_trim(str_cut(&rest, '\n'));

		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (line.p[0] == '[' && line.p[line.n - 1] == ']') {
			if (n == SERVERS_MAX)
				return err_set(e, E_CONFIG, "%s names more than %d servers", path, SERVERS_MAX);
			all[n++].name = (struct str){line.p + 1, line.n - 2};
		} else if (n) {
			take_line(&all[n - 1], line);
		} else if (str_starts(line, STR("default"))) {
			str_cut(&line, '=');
			*ret_default = str_trim(line);
		}
	}
	*ret_n = n;
	return 0;
}

static int
write_all(const struct server *all, size_t n, struct str dflt, struct arena *a, struct err *e)
{
	BUF(b, CONFIG_MAX);
	const char *dir;
	int r;

	r = config_dir(a, &dir, e);
	if (r < 0)
		return r;
	buf_put_c(&b, "# Servers of the command `signet`; written by `signet login`. Keep it to yourself: keys stand "
		      "in it.\n");
	buf_printf(&b, "default = %.*s\n", STRF(dflt));
	for (size_t i = 0; i < n; i++) {
		buf_printf(&b, "\n[%.*s]\nurl = %.*s\n", STRF(all[i].name), STRF(all[i].url));
		if (all[i].key.n)
			buf_printf(&b, "key = %.*s\n", STRF(all[i].key));
		if (all[i].ca.n)
			buf_printf(&b, "ca = %.*s\n", STRF(all[i].ca));
	}
	if (b.over)
		return err_set(e, E_TOO_LARGE, "the configuration would be larger than %d bytes", CONFIG_MAX);
	return file_write_atomic(AT_FDCWD, arena_printf(a, "%s/config", dir).p, buf_blob(&b), 0600, e);
}

static size_t
index_of(const struct server *all, size_t n, struct str name)
{
	size_t i = 0;

	while (i < n && !str_eq(all[i].name, name))
		i++;
	return i;
}

int
config_put(const struct server *server, bool make_default, struct arena *a, struct err *e)
{
	struct server *all;
	struct str dflt;
	size_t n, i;
	int r;

	r = config_read(a, &all, &n, &dflt, e);
	if (r < 0)
		return r;
	i = index_of(all, n, server->name);
	if (i == SERVERS_MAX)
		return err_set(e, E_CONFIG, "there are %d servers already", SERVERS_MAX);
	all[i] = *server;
	n = MAX(n, i + 1);
	return write_all(all, n, make_default || !dflt.n ? server->name : dflt, a, e);
}

int
config_remove(struct str name, struct arena *a, struct err *e)
{
	struct server *all;
	struct str dflt;
	size_t n, i;
	int r;

	r = config_read(a, &all, &n, &dflt, e);
	if (r < 0)
		return r;
	i = index_of(all, n, name);
	if (i == n)
		return err_set(e, E_NOT_FOUND, "there is no server \"%.*s\" in the configuration", STRF(name));
	memmove(&all[i], &all[i + 1], (n - i - 1) * sizeof(*all));
	n--;
	if (str_eq(dflt, name))
		dflt = n ? all[0].name : STR("");
	return write_all(all, n, dflt, a, e);
}

/* -- which server is meant */

static int
from_config(struct cli *c, struct server *ret, struct err *e)
{
	const char *name = opt_value(c, "server");
	struct server *all;
	struct str want;
	size_t n, i;
	int r;

	r = config_read(c->arena, &all, &n, &want, e);
	if (r < 0)
		return r;
	if (!name)
		name = env("SIGNET_SERVER");
	if (name)
		want = str_c(name);
	if (!want.n)
		return 0;
	i = index_of(all, n, want);
	if (i == n) {
		err_set(e, E_CONFIG, "there is no server \"%.*s\" in the configuration", STRF(want));
		err_hint(e, "signet servers list shows those that are there.");
		return E_CONFIG;
	}
	*ret = all[i];
	return 0;
}

static int
memory_file(struct str text, int *ret_fd, struct err *e)
{
	int fd = memfd_create("signet-ca", MFD_CLOEXEC);

	if (fd < 0 || write(fd, text.p, text.n) != (ssize_t)text.n)
		return err_errno(e, E_IO, errno, "the root certificates cannot be put into memory");
	*ret_fd = fd;
	return 0;
}

/* What the TLS library cannot use is left out; what it gets is a file without a name. */
static int
usable_roots(struct cli *c, struct str pem, const char *origin, const char **ret, struct err *e)
{
	BUF(b, ROOTS_MAX);
	int r, fd = -1;

	roots_for_tls(pem, false, c->arena, &b);
	if (b.n == 0 || b.over)
		return err_set(e, E_CONFIG, "%s holds no certificate in PEM that TLS can use", origin);
	r = memory_file(buf_str(&b), &fd, e);
	if (r == 0)
		*ret = arena_printf(c->arena, "/proc/self/fd/%d", fd).p;
	return r;
}

static int
from_admin_file(struct cli *c, const char *path, struct server *ret, struct err *e)
{
	struct str bundle;
	int r;

	r = admin_file_read(path, c->arena, ret, &bundle, e);
	if (r == 0 && bundle.n)
		r = usable_roots(c, bundle, path, &c->ca_file, e);
	return r;
}

static int
load_roots(struct cli *c, struct str path, struct err *e)
{
	const char *name = arena_cstr(c->arena, path);
	struct blob text;
	int r;

	r = file_read(AT_FDCWD, name, ROOTS_MAX, c->arena, &text, e);
	if (r < 0)
		return err_wrap(e, "the root certificates %s", name);
	return usable_roots(c, str_of(text), name, &c->ca_file, e);
}

/* An address given by itself takes no key from elsewhere: a key goes only where it was stored with. */
static void
override(struct server *s, const char *url, const char *key, const char *ca)
{
	if (url && !str_eq_c(s->url, url))
		*s = (struct server){.url = str_c(url)};
	if (key)
		s->key = str_c(key);
	if (ca)
		s->ca = str_c(ca);
}

static int
check_url(struct server *s, struct err *e)
{
	if (!s->url.n) {
		err_set(e, E_CONFIG, "no service is named");
		err_hint(e, "signet login --admin-file DIR/admin.json on its machine, or signet login --url URL "
			    "--account A --user U.");
		return E_CONFIG;
	}
	while (s->url.n && s->url.p[s->url.n - 1] == '/')
		s->url.n--;
	if (str_ends(s->url, STR("/console")))
		s->url.n -= 8;
	if (!str_starts(s->url, STR("https://")))
		return err_set(e, E_CONFIG,
			"the address \"%.*s\" does not begin with https://: keys never travel in the clear",
			STRF(s->url));
	return 0;
}

int
config_server(struct cli *c, struct err *e)
{
	const char *admin = opt_value(c, "admin-file") ? opt_value(c, "admin-file") : env("SIGNET_ADMIN_FILE");
	struct server s = {0};
	int r;

	if (c->url.p)
		return 0;
	if (opt_value(c, "server") || !admin)
		r = from_config(c, &s, e);
	else
		r = from_admin_file(c, admin, &s, e);
	if (r < 0)
		return r;
	override(&s, env("SIGNET_URL"), env("SIGNET_KEY"), env("SIGNET_CA"));
	override(&s, opt_value(c, "url"), opt_value(c, "access-key"), opt_value(c, "ca"));
	r = check_url(&s, e);
	if (r < 0)
		return r;
	c->url = s.url;
	c->key = s.key;
	return s.ca.n ? load_roots(c, s.ca, e) : 0;
}
