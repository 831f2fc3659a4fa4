/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/application_out.h"

static const struct col cols_list[] = {
	{"ID", "id", COL_RIGHT},
	{"NAME", "name", COL_TEXT},
	{"STATE", "state", COL_TEXT},
	{"NAMES", "n_names", COL_RIGHT},
	{"KEY", "key_alg", COL_TEXT},
	{"PROOF", "method", COL_TEXT},
	{"CERTIFICATE", "certificate", COL_RIGHT},
	{"CREATED", "created", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_records[] = {
	{"AT", "at", COL_TIME},
	{"ASKED", "name_asked", COL_TEXT},
	{"PROVEN", "name_proven", COL_TEXT},
	{"METHOD", "method", COL_TEXT},
	{"OK", "ok", COL_YES},
	{"CODE", "code", COL_TEXT},
	{"MESSAGE", "message", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static void
put(struct cli *c, const struct json *app)
{
	if (c->json)
		out_json(app, c->arena);
	else
		application_put(app, c->arena);
}

static int
ask(struct cli *c, const char *method, const struct json **ret, struct err *e)
{
	struct str path;
	int r;

	r = path_of(c, &path, e);
	return r < 0 ? r : rest_call(c, method, path, NULL, ret, e);
}

static int
show(struct cli *c, struct err *e)
{
	const struct json *app;
	int r = ask(c, "GET", &app, e);

	if (r == 0)
		put(c, app);
	return r;
}

static int
act(struct cli *c, struct err *e)
{
	const struct json *app;
	int r = ask(c, "POST", &app, e);

	if (r == 0)
		put(c, app);
	return r;
}

/* Exit 1 while a proof is missing: a script asks again later. */
static int
verify(struct cli *c, struct err *e)
{
	const struct json *v, *app;
	struct str state;
	int r = ask(c, "POST", &v, e);

	if (r < 0)
		return r;
	app = json_at(v, "application");
	if (c->json) {
		out_json(v, c->arena);
	} else {
		verified_put(json_at(v, "names"), c->arena);
		printf("\n");
		application_put(app, c->arena);
	}
	state = json_str(json_at(app, "state"));
	return str_eq_c(state, "validating") || str_eq_c(state, "failed") ? 1 : 0;
}

static int
await(struct cli *c, struct err *e)
{
	int64_t id, seconds = 300;
	const struct json *app = NULL;
	int r;

	r = arg_id(c, 0, &id, e);
	if (r == 0)
		r = opt_int(c, "timeout", &seconds, e);
	if (r >= 0)
		r = application_wait(c, id, seconds, &app, e);
	if (r < 0)
		return r;
	put(c, app);
	return str_eq_c(json_str(json_at(app, "state")), "issued") ? 0 : 1;
}

static int
set_method(struct cli *c, struct err *e)
{
	const struct json *app;
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int64_t id;
	int r = arg_id(c, 0, &id, e);

	if (r < 0)
		return r;
	body_begin(&w, &b);
	jsonw_kv_c(&w, "method", c->args[1]);
	body_end(&w);
	r = rest_call(c, "POST", arena_printf(c->arena, "/api/v1/applications/%lld:method", (long long)id), &b, &app, e);
	if (r == 0)
		put(c, app);
	return r;
}

const struct cmd cmds_application[] = {
	{"applications", "list", "", 0, 0, "list applications", NULL, "  signet applications list --state validating",
		{CMD_LIMIT, CMD_CURSOR, {"state", "STATE", "only those in this state"}}, run_list,
		"/api/v1/applications", cols_list},
	{"applications", "show", "ID", 1, 1, "show an application: what to publish, what to do next", NULL,
		"  signet applications show 7", {CMD_NONE}, show, "/api/v1/applications/{id}", NULL},
	{"applications", "submit", "ID", 1, 1, "submit a draft", NULL, "  signet applications submit 7", {CMD_NONE},
		act, "/api/v1/applications/{id}:submit", NULL},
	{"applications", "send-confirmation", "ID", 1, 1, "OV, EV: mail the contact the link to confirm again", NULL,
		"  signet applications send-confirmation 7", {CMD_NONE}, act,
		"/api/v1/applications/{id}:send_confirmation", NULL},
	{"applications", "verify", "ID", 1, 1, "look for the missing proofs now, and issue when all are there",
		"Tells for each name what was seen. Exit 1 while a proof is missing.",
		"  signet applications verify 7", {CMD_NONE}, verify, "/api/v1/applications/{id}:verify", NULL},
	{"applications", "wait", "ID", 1, 1, "wait until an application is issued (exit 0) or failed (exit 1)", NULL,
		"  signet applications wait 7 --timeout 60", {{"timeout", "SECONDS", "longest wait (300)"}}, await,
		NULL, NULL},
	{"applications", "method", "ID METHOD", 2, 2, "prove control in another way while an application is validating", NULL,
		"  signet applications method 7 file", {CMD_NONE}, set_method, NULL, NULL},
	{"applications", "cancel", "ID", 1, 1, "withdraw a submitted application", NULL,
		"  signet applications cancel 7", {CMD_NONE}, act, "/api/v1/applications/{id}:cancel", NULL},
	{"applications", "delete", "ID", 1, 1, "delete a draft, failed or cancelled application", NULL,
		"  signet applications delete 7", {CMD_NONE}, run_delete, "/api/v1/applications/{id}", NULL},
	{"applications", "records", "ID", 1, 1, "list every look at an application's proofs", NULL,
		"  signet applications records 7 --json", {CMD_NONE}, run_list, "/api/v1/applications/{id}/records",
		cols_records},
	{0},
};
