/* SPDX-License-Identifier: Apache-2.0 */
/* Webhooks. */
#include <fcntl.h>
#include <stdio.h>

#include "base/secret.h"
#include "cli/cli.h"
#include "os/file.h"

#define FILE_MAX 4096

static const struct col cols_webhooks[] = {
	{"ID", "id", COL_RIGHT},
	{"TYPE", "type", COL_TEXT},
	{"NAME", "name", COL_TEXT},
	{"HOST", "host", COL_TEXT},
	{"ACTIVE", "active", COL_YES},
	{"WAITING", "waiting", COL_RIGHT},
	{"LAST FAULT", "last_error", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_webhook[] = {
	{"id", "id", COL_TEXT},
	{"type", "type", COL_TEXT},
	{"name", "name", COL_TEXT},
	{"host", "host", COL_TEXT},
	{"signed", "signed", COL_YES},
	{"secret (shown once)", "secret", COL_TEXT},
	{"active", "active", COL_YES},
	{"language", "language", COL_TEXT},
	{"switched off", "off", COL_WORDS},
	{"waiting", "waiting", COL_TEXT},
	{"last fault", "last_error", COL_TEXT},
	{"created", "created", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_deliveries[] = {
	{"ID", "id", COL_RIGHT},
	{"NOTICE", "notice", COL_RIGHT},
	{"STATE", "state", COL_TEXT},
	{"ATTEMPTS", "attempts", COL_RIGHT},
	{"STATUS", "status", COL_RIGHT},
	{"CREATED", "created", COL_TIME},
	{"DONE", "done", COL_TIME},
	{"LAST FAULT", "message", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_delivery[] = {
	{"state", "state", COL_TEXT},
	{"status", "status", COL_TEXT},
	{"fault", "message", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

/* From a file: address and secret have no place among the arguments, which everybody on the machine can read. */
static int
put_file(struct cli *c, struct jsonw *w, struct err *e)
{
	struct blob text;
	struct str rest, url, secret;
	int r = file_read(AT_FDCWD, c->args[2], FILE_MAX, c->arena, &text, e);

	if (r < 0)
		return err_wrap(e, "%s", c->args[2]);
	rest = str_of(text);
	url = str_trim(str_cut(&rest, '\n'));
	secret = str_trim(str_cut(&rest, '\n'));
	jsonw_kv_str(w, "url", url);
	if (secret.n)
		jsonw_kv_str(w, "secret", secret);
	wipe((void *)text.p, text.n);
	return 0;
}

static int
create(struct cli *c, struct err *e)
{
	CLEANUP(buf_done_secret) struct buf b = {.max = CLI_BODY_MAX};
	struct jsonw w;
	int r;

	body_begin(&w, &b);
	jsonw_kv_c(&w, "type", c->args[0]);
	jsonw_kv_c(&w, "name", c->args[1]);
	r = put_file(c, &w, e);
	body_opt(c, &w, "language", "language");
	body_words(c, &w, "off");
	body_end(&w);
	return r < 0 ? r : rest_show(c, "POST", STR("/api/v1/webhooks"), &b, cols_webhook, e);
}

static int
change(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int64_t id;
	int r = arg_id(c, 0, &id, e);

	body_begin(&w, &b);
	body_opt(c, &w, "name", "name");
	if (r == 0)
		r = body_yes(c, &w, "active", "active", e);
	body_opt(c, &w, "language", "language");
	body_words(c, &w, "off");
	body_words(c, &w, "on");
	body_end(&w);
	if (r < 0)
		return r;
	return rest_show(c, "PATCH", arena_printf(c->arena, "/api/v1/webhooks/%lld", (long long)id), &b, cols_webhook, e);
}

/* Exit 1 when the message was not taken. */
static int
test(struct cli *c, struct err *e)
{
	const struct json *v;
	struct str path;
	int r = path_of(c, &path, e);

	if (r == 0)
		r = rest_call(c, "POST", path, NULL, &v, e);
	if (r < 0)
		return r;
	out_answer(c, v, cols_delivery);
	return str_eq_c(json_str(json_at(v, "state")), "delivered") ? 0 : 1;
}

const struct cmd cmds_webhook[] = {
	{"webhooks", "list", "", 0, 0, "list where notices go over HTTPS", NULL, "  signet webhooks list",
		{CMD_LIMIT, CMD_CURSOR}, run_list, "/api/v1/webhooks", cols_webhooks},
	{"webhooks", "show", "ID", 1, 1, "show a webhook", NULL, "  signet webhooks show 2", {CMD_NONE}, run_show,
		"/api/v1/webhooks/{id}", cols_webhook},
	{"webhooks", "create", "TYPE NAME FILE", 3, 3, "send notices to an address, too",
		"TYPE is generic, dingtalk, wecom, lark or slack. FILE holds the address in its first line and the\n"
		"secret in its second, where there is one.",
		"  signet webhooks create slack operations address.txt --off application_issued",
		{{"language", "L", "en or zh"}, {"off", "KIND,KIND", "kinds that do not go there"}}, create, NULL, NULL},
	{"webhooks", "change", "ID", 1, 1, "edit a webhook", NULL, "  signet webhooks change 2 --active no",
		{{"name", "NAME", "what people call it"}, {"active", "YES", "yes or no"}, {"language", "L", "en or zh"},
			{"off", "KIND,KIND", "kinds to switch off"}, {"on", "KIND,KIND", "kinds to switch on"}},
		change, NULL, NULL},
	{"webhooks", "test", "ID", 1, 1, "send a test message; exit 1 when it is not taken", NULL, "  signet webhooks test 2",
		{CMD_NONE}, test, "/api/v1/webhooks/{id}:test", NULL},
	{"webhooks", "deliveries", "ID", 1, 1, "list the messages to a webhook, with their faults", NULL,
		"  signet webhooks deliveries 2", {CMD_LIMIT, CMD_CURSOR}, run_list, "/api/v1/webhooks/{id}/deliveries",
		cols_deliveries},
	{"webhooks", "remove", "ID", 1, 1, "remove a webhook", NULL, "  signet webhooks remove 2", {CMD_NONE}, run_delete,
		"/api/v1/webhooks/{id}", NULL},
	{0},
};
