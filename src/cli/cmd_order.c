/* SPDX-License-Identifier: Apache-2.0 */
/* Orders as a whole: close, open again, send back. */
#include "cli/application_out.h"
#include "cli/cli.h"

static const struct col cols_subscription[] = {
	{"subscription", "id", COL_TEXT},
	{"instance", "instance_id", COL_TEXT},
	{"state", "state", COL_TEXT},
	{"use by", "window_end", COL_TIME},
	{"paid until", "paid_until", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_orders[] = {
	{"ID", "id", COL_RIGHT},
	{"STATUS", "status", COL_TEXT},
	{"PRODUCT", "product_code", COL_TEXT},
	{"NAME", "name", COL_TEXT},
	{"APPLICATION", "application", COL_RIGHT},
	{"EXPECTED", "expected", COL_TIME},
	{"REFUNDABLE UNTIL", "refundable_until", COL_DAY},
	{"NEXT STEP", "next_step", COL_STEP},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_order[] = {
	{"order", "id", COL_TEXT},
	{"instance", "instance_id", COL_TEXT},
	{"status", "status", COL_TEXT},
	{"next step", "next_step", COL_STEP},
	{"expected", "expected", COL_TIME},
	{"deadline", "deadline", COL_TIME},
	{"to correct", "failure.message", COL_TEXT},
	{"how", "failure.hint", COL_TEXT},
	{"product", "product_code", COL_TEXT},
	{"name", "name", COL_TEXT},
	{"application", "application", COL_TEXT},
	{"certificate", "certificate", COL_TEXT},
	{"bill", "bill", COL_TEXT},
	{"refundable until", "refundable_until", COL_TIME},
	{"use by", "window_end", COL_TIME},
	{"paid until", "paid_until", COL_TIME},
	{"follows", "predecessor", COL_TEXT},
	{"followed by", "successor", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

/* A staff act in a customer's account, which has to be named. */
static int
in_account(struct cli *c, const char *reason, const struct json **ret, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	struct str path;
	int r;

	if (!opt_given(c, "account"))
		return err_set(e, E_USAGE, "--account is missing: whose %s is it?", c->cmd->noun);
	body_begin(&w, &b);
	r = body_int(c, &w, "account", "account", e);
	if (r == 0)
		r = body_int(c, &w, "ticket", "ticket", e);
	if (reason)
		jsonw_kv_c(&w, "reason", reason);
	else
		body_opt(c, &w, "reason", "reason");
	body_end(&w);
	if (r == 0)
		r = path_of(c, &path, e);
	/* the account stands in the body */
	return r < 0 ? r : rest_call(c, "POST", str_cut(&path, '?'), &b, ret, e);
}

static int
reopen(struct cli *c, struct err *e)
{
	const struct json *v;
	int r = in_account(c, NULL, &v, e);

	if (r == 0)
		out_answer(c, v, cols_subscription);
	return r;
}

static int
correct(struct cli *c, struct err *e)
{
	const struct json *v;
	int r = in_account(c, c->args[1], &v, e);

	if (r < 0)
		return r;
	if (c->json)
		out_json(v, c->arena);
	else
		application_put(v, c->arena);
	return 0;
}

const struct cmd cmds_order[] = {
	{"orders", "list", "", 0, 0, "list orders: where each stands, what comes next, and when", NULL,
		"  signet orders list --status failed\n  signet orders list --search www.ex",
		{CMD_LIMIT, CMD_CURSOR,
			{"status", "STATUS",
				"quota, not_activated, pending_application, validating, verifying, failed, issued, ..."},
			{"product", "CODE", "only those of this product"}, {"name", "NAME", "only those with this name"},
			{"search", "TEXT", "only those whose names, or whose cas-... name, begin so"},
			{"since", "TIME", "bought then or later"}, {"until", "TIME", "bought then or before"}},
		run_list, "/api/v1/orders", cols_orders},
	{"orders", "show", "ID", 1, 1, "show an order", NULL, "  signet orders show 8", {CMD_NONE}, run_show,
		"/api/v1/orders/{id}", cols_order},
	{"subscriptions", "close", "ID", 1, 1, "close an order: the subscription, and its open application with it",
		"Only staff can open it again.", "  signet subscriptions close 8", {CMD_NONE}, run_post,
		"/api/v1/subscriptions/{id}:close", cols_subscription},
	{"subscriptions", "reopen", "ID", 1, 1, "open a customer's closed order again as it was (staff)", NULL,
		"  signet subscriptions reopen 8 --account 2 --reason 'closed by mistake'",
		{{"account", "ID", "account that it belongs to"}, {"reason", "TEXT", "why, for the record"},
			{"ticket", "ID", "ticket that asks for it"}}, reopen,
		"/api/v1/subscriptions/{id}:reopen", NULL},
	{"applications", "correct", "ID REASON", 2, 2, "send a submitted application back for correction (staff)",
		"The applicant reads the reason. Proofs stay.",
		"  signet applications correct 7 'The company is Beispiel GmbH.' --account 2",
		{{"account", "ID", "account that it belongs to"}, {"ticket", "ID", "ticket that asks for it"}},
		correct, "/api/v1/applications/{id}:correct", NULL},
	{0},
};
