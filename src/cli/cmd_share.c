/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates shared with other accounts of the same owner. */
#include "cli/cli.h"

static const struct col cols_list[] = {
	{"ID", "id", COL_RIGHT},
	{"DIRECTION", "direction", COL_TEXT},
	{"ACCOUNT", "account", COL_RIGHT},
	{"ITS NAME", "account_name", COL_TEXT},
	{"CERTIFICATE", "certificate", COL_RIGHT},
	{"NAME", "name", COL_TEXT},
	{"TO", "grade", COL_TEXT},
	{"UNTIL", "ends", COL_DAY},
	{"STATE", "state", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_one[] = {
	{"share", "id", COL_TEXT},
	{"direction", "direction", COL_TEXT},
	{"other account", "account", COL_TEXT},
	{"its name", "account_name", COL_TEXT},
	{"certificate", "certificate", COL_TEXT},
	{"name", "name", COL_TEXT},
	{"to", "grade", COL_TEXT},
	{"until", "ends", COL_TIME},
	{"state", "state", COL_TEXT},
	{"ended", "ended", COL_TIME},
	{"by", "ended_by", COL_TEXT},
	{"shared", "created", COL_TIME},
	{"last downloaded", "downloaded", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static void
put_end(struct cli *c, struct jsonw *w)
{
	const char *end = opt_value(c, "ends");

	if (end)
		jsonw_kv_str(w, "ends", strlen(end) == 10 ? arena_printf(c->arena, "%sT00:00:00Z", end) : str_c(end));
}

static int
create(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int64_t id;
	int r = arg_id(c, 0, &id, e);

	if (r < 0)
		return r;
	body_begin(&w, &b);
	jsonw_kv_int(&w, "certificate", id);
	r = body_int(c, &w, "with", "account", e);
	body_opt(c, &w, "grade", "grade");
	put_end(c, &w);
	body_end(&w);
	return r < 0 ? r : rest_show(c, "POST", STR("/api/v1/shares"), &b, cols_one, e);
}

static int
change(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct str path;
	struct jsonw w;
	int r = path_of(c, &path, e);

	if (r < 0)
		return r;
	body_begin(&w, &b);
	body_opt(c, &w, "grade", "grade");
	put_end(c, &w);
	body_flag(c, &w, "endless", "endless");
	body_end(&w);
	return rest_show(c, "PATCH", path, &b, cols_one, e);
}

#define GRADE {"grade", "GRADE", "see, deploy or download (deploy)"}
#define STATE {"state", "STATE", "active or ended"}

const struct cmd cmds_share[] = {
	{"shares", "list", "", 0, 0, "list what is shared with other accounts, or by them", NULL,
		"  signet shares list\n  signet shares list --direction received --state active",
		{CMD_LIMIT, CMD_CURSOR, {"direction", "WORD", "given or received (given)"}, STATE}, run_list,
		"/api/v1/shares", cols_list},
	{"shares", "of-certificate", "ID", 1, 1, "list with whom a certificate is and was shared", NULL,
		"  signet shares of-certificate 9", {CMD_LIMIT, CMD_CURSOR, STATE}, run_list,
		"/api/v1/certificates/{id}/shares", cols_list},
	{"shares", "show", "ID", 1, 1, "show a share", NULL, "  signet shares show 3", {CMD_NONE}, run_show,
		"/api/v1/shares/{id}", cols_one},
	{"shares", "create", "CERTIFICATE", 1, 1, "share a certificate with another account of the same owner",
		"Shared again with the same account it is the same share, with what is given changed.",
		"  signet shares create 9 --with 12 --grade download --ends 2030-01-31",
		{{"with", "ACCOUNT", "number of the other account"}, GRADE,
			{"ends", "DAY", "when the share ends by itself (never)"}},
		create, NULL, NULL},
	{"shares", "change", "ID", 1, 1, "change what a share opens, or when it ends", NULL,
		"  signet shares change 3 --grade see --endless",
		{{"grade", "GRADE", "see, deploy or download"}, {"ends", "DAY", "when the share ends by itself"},
			{"endless", NULL, "it has no end any more"}},
		change, "/api/v1/shares/{id}", NULL},
	{"shares", "withdraw", "ID", 1, 1, "end a share: the copy's content closes at once", NULL,
		"  signet shares withdraw 3", {CMD_NONE}, run_post, "/api/v1/shares/{id}:withdraw", cols_one},
	{0},
};
