/* SPDX-License-Identifier: Apache-2.0 */
/* Signing in, and the servers signed in to. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "base/secret.h"
#include "cli/cli.h"
#include "os/file.h"

/* "__Host-session=TOKEN; Path=/; …" -> "__Host-session=TOKEN" */
static struct str
cookie_of(struct str set_cookie)
{
	return str_cut(&set_cookie, ';');
}

static int
sign_in(struct cli *c, const char *headers[3], struct err *e)
{
	struct http_rest_answer answer;
	BUF(b, CLI_BODY_MAX);
	struct str password, cookie;
	struct jsonw w;
	int r;

	if (!opt_value(c, "account") || !opt_value(c, "user"))
		return err_set(e, E_USAGE, "signing in needs --account and --user, or --admin-file");
	r = ask_password(c->arena, "Password", &password, e);
	if (r < 0)
		return r;
	body_begin(&w, &b);
	body_opt(c, &w, "site", "site");
	body_opt(c, &w, "account", "account");
	body_opt(c, &w, "user", "user");
	jsonw_kv_str(&w, "password", password);
	body_end(&w);
	r = rest_raw(c, "POST", STR("/api/v1/sessions"), &b, NULL, &answer, e);
	wipe(b.p, b.n);
	if (r < 0)
		return r;
	cookie = cookie_of(answer.set_cookie);
	headers[0] = arena_printf(c->arena, "Cookie: %.*s", STRF(cookie)).p;
	headers[1] = arena_printf(c->arena, "Origin: %.*s", STRF(c->url)).p;
	headers[2] = NULL;
	return 0;
}

/* A session of a person for a moment, to make the key that is kept. */
static int
make_key(struct cli *c, struct str *ret, struct err *e)
{
	struct http_rest_answer answer;
	const char *headers[3];
	const struct json *v;
	struct str id, secret;
	BUF(b, 16);
	int r;

	c->key = (struct str){NULL, 0};
	r = sign_in(c, headers, e);
	if (r < 0)
		return r;
	buf_put_c(&b, "{}");
	r = rest_raw(c, "POST", STR("/api/v1/access-keys"), &b, headers, &answer, e);
	if (r == 0)
		r = json_parse(str_of(answer.body), c->arena, &v, e);
	if (r == 0)
		r = rest_raw(c, "DELETE", STR("/api/v1/sessions/current"), NULL, headers, &answer, e);
	if (r < 0)
		return r;
	id = json_str(json_at(v, "access_key_id"));
	secret = json_str(json_at(v, "access_key_secret"));
	*ret = arena_printf(c->arena, "%.*s.%.*s", STRF(id), STRF(secret));
	return 0;
}

/* Roots are copied beside the configuration: the place they came from may go. */
static int
keep_roots(struct cli *c, struct server *s, struct str bundle, struct err *e)
{
	const char *dir, *path;
	struct blob text = blob_of(bundle);
	int r;

	if (!bundle.n && !c->ca_file)
		return 0;
	r = config_dir(c->arena, &dir, e);
	if (r == 0 && !bundle.n)
		r = file_read(AT_FDCWD, c->ca_file, CLI_BODY_MAX * 16, c->arena, &text, e);
	if (r < 0)
		return r;
	path = arena_printf(c->arena, "%s/%.*s.pem", dir, STRF(s->name)).p;
	s->ca = str_c(path);
	return file_write_atomic(AT_FDCWD, path, text, 0600, e);
}

static bool
name_ok(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
			    c == '_'))
			return false;
	}
	return name.n > 0 && name.n <= 64;
}

/* The server as it will be kept; *ret_bundle: roots from an admin file. */
static int
find_out(struct cli *c, struct server *s, struct str *ret_bundle, struct err *e)
{
	const char *admin = opt_value(c, "admin-file");
	int r = 0;

	*ret_bundle = (struct str){NULL, 0};
	if (admin)
		r = admin_file_read(admin, c->arena, s, ret_bundle, e);
	if (r == 0)
		r = config_server(c, e);
	if (r < 0)
		return r;
	s->url = c->url;
	s->key = c->key;
	if (!admin)
		r = make_key(c, &s->key, e);
	return r;
}

static int
login(struct cli *c, struct err *e)
{
	struct str name = str_c(c->n_args ? c->args[0] : "main"), bundle;
	struct server s = {0};
	const struct json *me;
	int r;

	if (!name_ok(name))
		return err_set(e, E_USAGE, "\"%.*s\" is no name for a server: letters, digits, - and _", STRF(name));
	if (!opt_value(c, "admin-file") && !opt_value(c, "url") && !getenv("SIGNET_URL"))
		return err_set(e, E_USAGE, "signing in needs --url, --account and --user, or --admin-file");
	r = find_out(c, &s, &bundle, e);
	if (r < 0)
		return r;
	s.name = name;
	c->key = s.key;
	r = rest_call(c, "GET", STR("/api/v1/me"), NULL, &me, e);
	if (r == 0)
		r = keep_roots(c, &s, bundle, e);
	if (r == 0)
		r = config_put(&s, true, c->arena, e);
	if (r < 0)
		return r;
	if (c->json) {
		out_json(me, c->arena);
	} else {
		struct str account = json_str(json_at(json_at(me, "account"), "name")),
			   role = json_str(json_at(me, "role"));

		printf("signed in to %.*s as %.*s of account %.*s; kept as \"%.*s\"\n", STRF(s.url), STRF(role),
			STRF(account), STRF(name));
	}
	return 0;
}

static int
logout(struct cli *c, struct err *e)
{
	struct server *all;
	struct str name, dflt;
	size_t n;
	int r;

	r = config_read(c->arena, &all, &n, &dflt, e);
	if (r < 0)
		return r;
	name = c->n_args ? str_c(c->args[0]) : dflt;
	if (!name.n)
		return err_set(e, E_USAGE, "no server is signed in to");
	r = config_remove(name, c->arena, e);
	if (r == 0)
		printf("forgot \"%.*s\"; its access key still stands: signet keys list\n", STRF(name));
	return r;
}

static int
servers(struct cli *c, struct err *e)
{
	struct server *all;
	struct str dflt;
	size_t n;
	BUF(b, CLI_BODY_MAX * 16);
	struct jsonw w;
	int r;

	r = config_read(c->arena, &all, &n, &dflt, e);
	if (r < 0)
		return r;
	jsonw_init(&w, &b);
	jsonw_array(&w);
	for (size_t i = 0; i < n; i++) {
		if (!c->json)
			printf("%s %-16.*s %.*s\n", str_eq(all[i].name, dflt) ? "*" : " ", STRF(all[i].name),
				STRF(all[i].url));
		jsonw_object(&w);
		jsonw_kv_str(&w, "name", all[i].name);
		jsonw_kv_str(&w, "url", all[i].url);
		jsonw_kv_bool(&w, "default", str_eq(all[i].name, dflt));
		jsonw_object_end(&w);
	}
	jsonw_array_end(&w);
	if (c->json)
		printf("%.*s\n", STRF(buf_str(&b)));
	else if (n == 0)
		fprintf(stderr, "none; see signet login --help\n");
	return 0;
}

static const struct col cols_me[] = {
	{"account", "account.name", COL_TEXT},
	{"account id", "account.id", COL_TEXT},
	{"user id", "user", COL_TEXT},
	{"role", "role", COL_TEXT},
	{"rights", "rights", COL_WORDS},
	{NULL, NULL, COL_TEXT},
};

const struct cmd cmds_session[] = {
	{"login", NULL, "[NAME]", 0, 1, "sign in to a service and remember it as NAME (main)",
		"With --admin-file the access key of the first administrator is taken over. Otherwise the password "
		"is asked\n"
		"for (or read from standard input), an access key is made for this machine, and the password is "
		"forgotten.\n"
		"The key is kept in ~/.config/signet/config, which others cannot read.",
		"  signet login --admin-file ./signet-data/admin.json\n"
		"  signet login prod --url https://signet.example.com --account acme --user alice --ca root.pem",
		{{"account", "NAME", "account"}, {"user", "NAME", "user"}, {"site", "cn|intl", "partition (intl)"}},
		login, NULL, NULL},
	{"logout", NULL, "[NAME]", 0, 1, "forget a server", NULL, "  signet logout prod", {CMD_NONE}, logout, NULL,
		NULL},
	{"servers", "list", "", 0, 0, "list the servers signed in to; * is the default", NULL,
		"  signet servers list", {CMD_NONE}, servers, NULL, NULL},
	{"me", NULL, "", 0, 0, "show who you are and what you may do", NULL, "  signet me", {CMD_NONE}, run_show,
		"/api/v1/me", cols_me},
	{0},
};
