/* SPDX-License-Identifier: Apache-2.0 */
/* The figures that change by date. */
#include "cli/cli.h"

static const struct col cols_list[] = {
	{"NAME", "name", COL_TEXT},
	{"FROM", "from", COL_DAY},
	{"VALUE", "text", COL_RIGHT},
	{"COUNTS", "active", COL_YES},
	{"CHANGE", "rule", COL_TEXT},
	{"SOURCE", "source", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_policy[] = {
	{"name", "name", COL_TEXT},
	{"value", "text", COL_TEXT},
	{"from", "from", COL_TIME},
	{"source", "source", COL_TEXT},
	{"set at", "set_at", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static int
post(struct cli *c, const char *path, const char *value, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;

	body_begin(&w, &b);
	jsonw_kv_c(&w, "name", c->args[0]);
	if (value)
		jsonw_kv_c(&w, "value", value);
	body_opt(c, &w, "from", "from");
	body_end(&w);
	return rest_show(c, "POST", str_c(path), &b, cols_policy, e);
}

static int
set(struct cli *c, struct err *e)
{
	return post(c, "/api/v1/policies", c->args[1], e);
}

static int
unset(struct cli *c, struct err *e)
{
	return post(c, "/api/v1/policies:unset", NULL, e);
}

const struct cmd cmds_policy[] = {
	{"policy", "list", "", 0, 0, "list the figures that change by date", NULL, "  signet policy list", {CMD_NONE},
		run_list, "/api/v1/policies", cols_list},
	{"policy", "set", "NAME VALUE", 2, 2, "set an own value beside the schedule (staff)",
		"  A value is written like \"90 d\", \"12 h\", \"6 months\" or \"5\". CHANGE in `signet policy list` says\n"
		"  whether a figure may be lowered (down), raised (up), both (free) or not at all (fixed). What the\n"
		"  CA/Browser rules limit may be tightened, never loosened. It counts at once, without a restart.",
		"  signet policy set leaf-validity \"45 d\"\n"
		"  signet policy set bill-timeout \"3 d\" --from 2027-01-01T00:00:00Z",
		{{"from", "TIME", "since when (RFC 3339); now when left out"}, CMD_NONE}, set, NULL, NULL},
	{"policy", "unset", "NAME", 1, 1, "take the own values of a figure away (staff)", NULL,
		"  signet policy unset leaf-validity", {CMD_NONE}, unset, NULL, NULL},
	{0},
};
