/* SPDX-License-Identifier: Apache-2.0 */
/* Domains and zones. */
#include <fcntl.h>
#include <stdio.h>

#include "base/secret.h"
#include "cli/cli.h"
#include "os/file.h"

#define SECRET_FILE_MAX 1024

static const struct col cols_list[] = {
	{"ID", "id", COL_RIGHT},
	{"NAME", "unicode", COL_TEXT},
	{"HOLDER", "holder_state", COL_TEXT},
	{"EXPIRES", "expires", COL_DAY},
	{"ZONE", "zone_name", COL_TEXT},
	{"AUTOMATIC DNS", "automatic_dns", COL_YES},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_domain[] = {
	{"id", "id", COL_TEXT},
	{"name", "name", COL_TEXT},
	{"holder", "holder", COL_TEXT},
	{"holder is", "holder_state", COL_TEXT},
	{"staff say", "holder_note", COL_TEXT},
	{"expires", "expires", COL_TIME},
	{"zone", "zone_name", COL_TEXT},
	{"automatic dns", "automatic_dns", COL_YES},
	{"lacks", "missing", COL_WORDS},
	{"to do", "advice", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_review[] = {
	{"ID", "id", COL_RIGHT},
	{"ACCOUNT", "account", COL_RIGHT},
	{"NAME", "name", COL_TEXT},
	{"HOLDER", "holder", COL_TEXT},
	{"SINCE", "changed", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_zones[] = {
	{"ID", "id", COL_RIGHT},
	{"NAME", "name", COL_TEXT},
	{"SERVERS", "servers", COL_WORDS},
	{"KEY", "key_name", COL_TEXT},
	{"CHECKED", "checked", COL_TIME},
	{"FOUND", "check_code", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_zone[] = {
	{"id", "id", COL_TEXT},
	{"name", "name", COL_TEXT},
	{"servers", "servers", COL_WORDS},
	{"key", "key_name", COL_TEXT},
	{"algorithm", "key_alg", COL_TEXT},
	{"checked", "checked", COL_TIME},
	{"found", "check_message", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static int
send(struct cli *c, const char *method, const char *noun, const struct buf *b,
	const struct col *cols, struct err *e)
{
	struct str path = arena_printf(c->arena, "/api/v1/%s", noun);
	int64_t id;
	int r = 0;

	if (strcmp(method, "PATCH") == 0) {
		r = arg_id(c, 0, &id, e);
		path = arena_printf(c->arena, "%.*s/%lld", STRF(path), (long long)id);
	}
	return r < 0 ? r : rest_show(c, method, path, b, cols, e);
}

static int
put_domain(struct cli *c, struct jsonw *w, struct err *e)
{
	const char *expires = opt_value(c, "expires");

	body_opt(c, w, "holder", "holder");
	if (expires)
		jsonw_kv_str(w, "expires",
			strlen(expires) == 10 ? arena_printf(c->arena, "%sT00:00:00Z", expires)
					      : str_c(expires));
	return body_int(c, w, "zone", "zone", e);
}

static int
domain_create(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int r;

	body_begin(&w, &b);
	jsonw_kv_c(&w, "name", c->args[0]);
	r = put_domain(c, &w, e);
	body_end(&w);
	return r < 0 ? r : send(c, "POST", "domains", &b, cols_domain, e);
}

static int
domain_change(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int r;

	body_begin(&w, &b);
	r = put_domain(c, &w, e);
	body_end(&w);
	return r < 0 ? r : send(c, "PATCH", "domains", &b, cols_domain, e);
}

static int
verify_holder(struct cli *c, struct err *e)
{
	const struct json *v;
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int64_t id;
	int r = arg_id(c, 0, &id, e);

	if (r < 0)
		return r;
	body_begin(&w, &b);
	jsonw_kv_bool(&w, "verified", !opt_given(c, "refuse"));
	if (opt_given(c, "refuse"))
		body_opt(c, &w, "refuse", "note");
	body_end(&w);
	r = rest_call(c, "POST",
		arena_printf(c->arena, "/api/v1/domains/%lld:verify_holder", (long long)id), &b, &v,
		e);
	if (r == 0)
		out_answer(c, v, cols_domain);
	return r;
}

/* From a file: a secret has no place among the arguments, which everybody on the machine can read.
 */
static int
put_zone(struct cli *c, struct jsonw *w, struct err *e)
{
	const char *servers = opt_value(c, "servers"), *file = opt_value(c, "secret-file");
	struct str rest = str_c(servers);
	struct blob text;
	int r;

	if (servers) {
		jsonw_key(w, "servers");
		jsonw_array(w);
		while (rest.n)
			jsonw_str(w, str_trim(str_cut(&rest, ',')));
		jsonw_array_end(w);
	}
	body_opt(c, w, "key-name", "key_name");
	body_opt(c, w, "key-alg", "key_alg");
	if (!file)
		return 0;
	r = file_read(AT_FDCWD, file, SECRET_FILE_MAX, c->arena, &text, e);
	if (r < 0)
		return err_wrap(e, "%s", file);
	jsonw_kv_str(w, "secret", str_trim(str_of(text)));
	wipe((void *)text.p, text.n);
	return 0;
}

static int
zone_create(struct cli *c, struct err *e)
{
	CLEANUP(buf_done_secret) struct buf b = {.max = CLI_BODY_MAX};
	struct jsonw w;
	int r;

	body_begin(&w, &b);
	jsonw_kv_c(&w, "name", c->args[0]);
	r = put_zone(c, &w, e);
	body_end(&w);
	return r < 0 ? r : send(c, "POST", "zones", &b, cols_zone, e);
}

static int
zone_change(struct cli *c, struct err *e)
{
	CLEANUP(buf_done_secret) struct buf b = {.max = CLI_BODY_MAX};
	struct jsonw w;
	int r;

	body_begin(&w, &b);
	r = put_zone(c, &w, e);
	body_end(&w);
	return r < 0 ? r : send(c, "PATCH", "zones", &b, cols_zone, e);
}

static int
zone_check(struct cli *c, struct err *e)
{
	const struct json *v, *looks;
	struct str path;
	int r = path_of(c, &path, e);

	if (r == 0)
		r = rest_call(c, "POST", path, NULL, &v, e);
	if (r < 0)
		return r;
	looks = json_at(v, "looks");
	if (c->json)
		out_json(v, c->arena);
	for (size_t i = 0; !c->json && i < json_count(looks); i++) {
		const struct json *l = json_item(looks, i);
		struct str server = json_str(json_at(l, "server")),
			   what = json_str(json_at(l, "what"));
		struct str msg = json_str(json_at(l, "message")),
			   hint = json_str(json_at(l, "hint"));

		printf("%s  %.*s  %.*s\n", json_bool(json_at(l, "ok")) ? "ok    " : "failed",
			STRF(server), STRF(what));
		if (msg.n)
			printf("        %.*s\n        %.*s\n", STRF(msg), STRF(hint));
	}
	return json_bool(json_at(v, "ok")) ? 0 : 1;
}

#define ZONE_OPTS                                                                          \
	{"servers", "A,B", "addresses, port 53 unless said; the first takes the updates"}, \
		{"key-name", "NAME", "name of the TSIG key"},                              \
		{"key-alg", "ALG", "hmac-sha256 or hmac-sha512"},                          \
	{                                                                                  \
		"secret-file", "FILE", "the key in base64, alone in a file"                \
	}

const struct cmd cmds_domain[] = {
	{"domains", "list", "", 0, 0, "list the domains of your account", NULL,
		"  signet domains list", {CMD_LIMIT, CMD_CURSOR}, run_list, "/api/v1/domains",
		cols_list},
	{"domains", "show", "ID", 1, 1, "show a domain, and what automatic DNS lacks for it", NULL,
		"  signet domains show 3", {CMD_NONE}, run_show, "/api/v1/domains/{id}",
		cols_domain},
	{"domains", "create", "NAME", 1, 1, "add a domain", NULL,
		"  signet domains create example.com --holder \"Example Ltd\" --expires 2030-01-31 "
		"--zone 2",
		{{"holder", "NAME", "who holds it, as registered; staff verify it"},
			{"expires", "DATE", "until when it is registered"},
			{"zone", "ID", "the zone managed here that holds it"}},
		domain_create, NULL, NULL},
	{"domains", "change", "ID", 1, 1, "change a domain's holder, date or zone", NULL,
		"  signet domains change 3 --expires 2031-01-31\n  signet domains change 3 --zone "
		"0",
		{{"holder", "NAME", "another holder, or the same after a refusal: verified anew"},
			{"expires", "DATE", "until when it is registered"},
			{"zone", "ID", "its zone; 0 for none"}},
		domain_change, NULL, NULL},
	{"domains", "remove", "ID", 1, 1, "take a domain out of your account", NULL,
		"  signet domains remove 3", {CMD_NONE}, run_delete, "/api/v1/domains/{id}", NULL},
	{"domains", "review", "", 0, 0, "staff: list the domains whose holder waits for a decision",
		NULL, "  signet domains review", {CMD_LIMIT, CMD_CURSOR}, run_list,
		"/api/v1/domains:review", cols_review},
	{"domains", "verify-holder", "ID", 1, 1,
		"staff: say that the account's owner holds the domain, or not", NULL,
		"  signet domains verify-holder 3\n  signet domains verify-holder 3 --refuse "
		"\"another company holds it\"",
		{{"refuse", "WHY", "the holder is not the account's owner"}}, verify_holder, NULL,
		NULL},
	{"zones", "list", "", 0, 0, "list the zones that are managed here", NULL,
		"  signet zones list", {CMD_LIMIT, CMD_CURSOR}, run_list, "/api/v1/zones",
		cols_zones},
	{"zones", "show", "ID", 1, 1, "show a zone", NULL, "  signet zones show 2", {CMD_NONE},
		run_show, "/api/v1/zones/{id}", cols_zone},
	{"zones", "create", "NAME", 1, 1, "add a zone whose server takes our updates", NULL,
		"  signet zones create example.com --servers 198.51.100.53 --key-name signet.key "
		"--secret-file key.b64",
		{ZONE_OPTS}, zone_create, NULL, NULL},
	{"zones", "change", "ID", 1, 1, "change a zone's servers or key", NULL,
		"  signet zones change 2 --secret-file new.b64", {ZONE_OPTS}, zone_change, NULL,
		NULL},
	{"zones", "check", "ID", 1, 1,
		"try an update that changes nothing, and ask every name server", NULL,
		"  signet zones check 2", {CMD_NONE}, zone_check, "/api/v1/zones/{id}:check", NULL},
	{"zones", "remove", "ID", 1, 1, "remove a zone that no domain names", NULL,
		"  signet zones remove 2", {CMD_NONE}, run_delete, "/api/v1/zones/{id}", NULL},
	{0},
};
