/* SPDX-License-Identifier: Apache-2.0 */
/* Notices, and who gets which. */
#include <stdio.h>

#include "cli/cli.h"

static const struct col cols_notices[] = {
	{"ID", "id", COL_RIGHT},
	{"AT", "created", COL_TIME},
	{"KIND", "kind", COL_TEXT},
	{"TITLE", "title", COL_TEXT},
	{"READ", "read", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_notice[] = {
	{"id", "id", COL_TEXT},
	{"kind", "kind", COL_TEXT},
	{"title", "title", COL_TEXT},
	{"text", "text", COL_TEXT},
	{"about", "object", COL_TEXT},
	{"its id", "object_id", COL_TEXT},
	{"due", "due", COL_TIME},
	{"created", "created", COL_TIME},
	{"read", "read", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_kinds[] = {
	{"KIND", "kind", COL_TEXT},
	{"DAILY MAIL", "daily", COL_YES},
	{"ABOUT", "object", COL_TEXT},
	{"TITLE", "title", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_settings[] = {
	{"id", "id", COL_TEXT},
	{"e-mail", "email", COL_TEXT},
	{"confirmed", "confirmed", COL_TIME},
	{"mails", "mail", COL_YES},
	{"language", "language", COL_TEXT},
	{"switched off", "off", COL_WORDS},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_switch[] = {
	{"certificate", "certificate", COL_TEXT},
	{"notices", "on", COL_YES},
	{NULL, NULL, COL_TEXT},
};

static int
send(struct cli *c, const char *method, const struct buf *body, struct err *e)
{
	const struct json *v;
	int64_t id;
	int r = arg_id(c, 0, &id, e);
	struct str at = str_c(c->cmd->path), head = str_cut(&at, '{');

	/* path_of() would take --off for a parameter of the address */
	str_cut(&at, '}');
	if (r == 0)
		r = rest_call(c, method, arena_printf(c->arena, "%.*s%lld%.*s", STRF(head), (long long)id, STRF(at)), body,
			&v, e);
	if (r == 0)
		out_answer(c, v, c->cmd->cols);
	return r;
}

static int
read_it(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;

	body_begin(&w, &b);
	body_flag(c, &w, "earlier", "earlier");
	body_end(&w);
	return send(c, "POST", &b, e);
}

/* Without options it is shown. */
static int
settings(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int r;

	if (!opt_given(c, "mail") && !opt_given(c, "language") && !opt_given(c, "off") && !opt_given(c, "on"))
		return send(c, "GET", NULL, e);
	body_begin(&w, &b);
	r = body_yes(c, &w, "mail", "mail", e);
	body_opt(c, &w, "language", "language");
	body_words(c, &w, "off");
	body_words(c, &w, "on");
	body_end(&w);
	return r < 0 ? r : send(c, "PATCH", &b, e);
}

static int
of_certificate(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int r;

	if (!opt_given(c, "switch"))
		return send(c, "GET", NULL, e);
	body_begin(&w, &b);
	r = body_yes(c, &w, "switch", "on", e);
	body_end(&w);
	return r < 0 ? r : send(c, "PATCH", &b, e);
}

#define SETTINGS_OPTS                                                                              \
	{"mail", "YES", "yes or no: gets mails at all"}, {"language", "L", "en or zh"},            \
		{"off", "KIND,KIND", "kinds to switch off"},                                       \
	{                                                                                          \
		"on", "KIND,KIND", "kinds to switch on"                                            \
	}

const struct cmd cmds_notice[] = {
	{"notices", "list", "", 0, 0, "list what the service tells your account, newest first", NULL,
		"  signet notices list --state unread", {CMD_LIMIT, CMD_CURSOR, {"state", "STATE", "unread or read"}},
		run_list, "/api/v1/notices", cols_notices},
	{"notices", "show", "ID", 1, 1, "show a notice", NULL, "  signet notices show 12", {CMD_NONE}, run_show,
		"/api/v1/notices/{id}", cols_notice},
	{"notices", "read", "ID", 1, 1, "mark a notice as read", NULL, "  signet notices read 12 --earlier",
		{{"earlier", NULL, "and all before it"}}, read_it, "/api/v1/notices/{id}:read", cols_notice},
	{"notices", "kinds", "", 0, 0, "list the kinds of notices", NULL, "  signet notices kinds", {CMD_NONE}, run_list,
		"/api/v1/notice-kinds", cols_kinds},
	{"notices", "of-user", "ID", 1, 1, "show or change which notices a user gets by mail", NULL,
		"  signet notices of-user 3 --language zh --off certificate_expires", {SETTINGS_OPTS}, settings,
		"/api/v1/users/{id}/notices", cols_settings},
	{"notices", "of-contact", "ID", 1, 1, "show or change which notices a contact gets by mail", NULL,
		"  signet notices of-contact 3 --mail no", {SETTINGS_OPTS}, settings, "/api/v1/contacts/{id}/notices",
		cols_settings},
	{"notices", "of-certificate", "ID", 1, 1, "show or change whether a certificate's end is told", NULL,
		"  signet notices of-certificate 9 --switch no", {{"switch", "YES", "yes or no"}}, of_certificate,
		"/api/v1/certificates/{id}/notices", cols_switch},
	{0},
};
