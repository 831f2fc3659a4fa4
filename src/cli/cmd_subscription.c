/* SPDX-License-Identifier: Apache-2.0 */
/* Subscriptions, and what becomes of them; support acts in the account that --account names. */
#include "cli/cli.h"

const struct col cols_subscriptions[] = {
	{"ID", "id", COL_RIGHT},
	{"INSTANCE", "instance_id", COL_TEXT},
	{"STATE", "state", COL_TEXT},
	{"PRODUCT", "product", COL_RIGHT},
	{"MONTHS", "months", COL_RIGHT},
	{"NAMES", "n_common", COL_RIGHT},
	{"WILDCARDS", "n_wildcard", COL_RIGHT},
	{"USE BY", "window_end", COL_DAY},
	{"PAID UNTIL", "paid_until", COL_DAY},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_subscription[] = {
	{"id", "id", COL_TEXT},
	{"instance", "instance_id", COL_TEXT},
	{"state", "state", COL_TEXT},
	{"product", "product", COL_TEXT},
	{"bill", "bill", COL_TEXT},
	{"months", "months", COL_TEXT},
	{"common names", "n_common", COL_TEXT},
	{"wildcard names", "n_wildcard", COL_TEXT},
	{"follows", "predecessor", COL_TEXT},
	{"usable from", "activates", COL_TIME},
	{"followed by", "successor", COL_TEXT},
	{"use by", "window_end", COL_TIME},
	{"merged of", "merged", COL_TEXT},
	{"merged into", "merged_into", COL_TEXT},
	{"first issued", "first_issued", COL_TIME},
	{"paid until", "paid_until", COL_TIME},
	{"refundable until", "refundable_until", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

/* In the own account by the subscription's own path, in another one by the account's. */
static struct str
path_in(const struct cli *c, int64_t account, int64_t id, const char *act)
{
	return account ? arena_printf(c->arena, "/api/v1/accounts/%lld:%s", (long long)account, act)
		       : arena_printf(c->arena, "/api/v1/subscriptions/%lld:%s", (long long)id, act);
}

#define OPTS_STAFF \
	{"account", "ID", "of this account (staff)"}, {"reason", "TEXT", "why, for the record (staff)"}, \
		{"ticket", "ID", "ticket that asks for it (staff)"}

/* What staff say about an act in another account. */
static int
body_for_ticket(struct cli *c, struct jsonw *w, int64_t account, struct err *e)
{
	if (!account && (opt_given(c, "ticket") || opt_given(c, "reason")))
		return err_set(e, E_USAGE, "--ticket and --reason go with --account");
	body_opt(c, w, "reason", "reason");
	return body_int(c, w, "ticket", "ticket", e);
}

static int
merge(struct cli *c, struct err *e)
{
	int64_t id, account = 0;
	const char *names = opt_value(c, "names");
	struct str rest = str_c(names);
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int r = MIN(opt_int(c, "account", &account, e), 0);

	body_begin(&w, &b);
	jsonw_key(&w, "subscriptions");
	jsonw_array(&w);
	for (unsigned i = 0; r == 0 && i < c->n_args; i++) {
		r = arg_id(c, i, &id, e);
		if (r == 0)
			jsonw_int(&w, id);
	}
	jsonw_array_end(&w);
	if (names) {
		jsonw_key(&w, "names");
		jsonw_array(&w);
		while (rest.p)
			jsonw_str(&w, str_cut(&rest, ','));
		jsonw_array_end(&w);
	}
	if (r == 0)
		r = body_for_ticket(c, &w, account, e);
	body_end(&w);
	if (r < 0)
		return r;
	return rest_show(c, "POST", account ? path_in(c, account, 0, "merge") : STR("/api/v1/merges"), &b, cols_subscription,
		e);
}

static int
refund(struct cli *c, struct err *e)
{
	int64_t id, account = 0;
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int r = arg_id(c, 0, &id, e);

	if (r == 0)
		r = MIN(opt_int(c, "account", &account, e), 0);
	body_begin(&w, &b);
	jsonw_kv_int(&w, "subscription", id);
	if (r == 0)
		r = body_for_ticket(c, &w, account, e);
	body_end(&w);
	return r < 0 ? r : rest_show(c, "POST", path_in(c, account, id, "refund"), account ? &b : NULL, cols_subscription, e);
}

const struct cmd cmds_subscription[] = {
	{"subscriptions", "list", "", 0, 0, "list subscriptions; unassigned ones are quota", NULL,
		"  signet subscriptions list --state unassigned",
		{CMD_LIMIT, CMD_CURSOR, {"state", "STATE", "only those in this state"}}, run_list,
		"/api/v1/subscriptions", cols_subscriptions},
	{"subscriptions", "show", "ID", 1, 1, "show a subscription", NULL, "  signet subscriptions show 8",
		{CMD_NONE}, run_show, "/api/v1/subscriptions/{id}", cols_subscription},
	{"subscriptions", "merge", "ID...", 2, 250, "merge OV Professional subscriptions into a hybrid",
		"Unassigned ones of one brand and period, with a common name and a wildcard at least. The one with\n"
		"the lowest ID survives with all names; the others are merged for good, and nothing of it is\n"
		"refunded afterwards.",
		"  signet subscriptions merge 8 9 --names 'www.example.com,*.shop.example.com'",
		{{"names", "NAME,NAME", "assign it to these at once, a common name first"},
			OPTS_STAFF},
		merge, NULL, NULL},
	{"subscriptions", "refund", "ID", 1, 1, "give a subscription back: its price returns to the balance",
		"Until what `refundable until` shows, and only while no application of it was ever submitted. After that\n"
		"its price comes back when all its certificates are revoked in time.",
		"  signet subscriptions refund 8", {OPTS_STAFF}, refund, NULL, NULL},
	{0},
};
