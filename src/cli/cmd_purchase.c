/* SPDX-License-Identifier: Apache-2.0 */
/* Purchases, bills, money, quota. */
#include <stdio.h>

#include "cli/cli.h"

static const struct col cols_bills[] = {
	{"ID", "id", COL_RIGHT},
	{"STATE", "state", COL_TEXT},
	{"PRODUCT", "product", COL_RIGHT},
	{"QUANTITY", "quantity", COL_RIGHT},
	{"MONTHS", "months", COL_RIGHT},
	{"AMOUNT", "amount", COL_MONEY},
	{"REFUNDED", "refunded", COL_MONEY},
	{"CREATED", "created", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_bill[] = {
	{"id", "id", COL_TEXT},
	{"state", "state", COL_TEXT},
	{"product", "product", COL_TEXT},
	{"quantity", "quantity", COL_TEXT},
	{"months", "months", COL_TEXT},
	{"names", "names", COL_WORDS},
	{"renews", "predecessor", COL_TEXT},
	{"amount", "amount", COL_MONEY},
	{"refunded", "refunded", COL_MONEY},
	{"created", "created", COL_TIME},
	{"due", "due", COL_TIME},
	{"paid", "paid", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_ledger[] = {
	{"ID", "id", COL_RIGHT},
	{"WHEN", "created", COL_TIME},
	{"KIND", "kind", COL_TEXT},
	{"AMOUNT", "amount", COL_MONEY},
	{"BALANCE", "balance", COL_MONEY},
	{"BILL", "bill", COL_RIGHT},
	{"NOTE", "note", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_allowances[] = {
	{"ID", "id", COL_RIGHT},
	{"PRODUCT", "product", COL_RIGHT},
	{"NAMES", "names_max", COL_RIGHT},
	{"CERTIFICATES", "certificates", COL_RIGHT},
	{"USED", "used", COL_RIGHT},
	{"NEXT PERIOD", "period_end", COL_DAY},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_secret[] = {
	{"id", "id", COL_TEXT},
	{"secret", "secret", COL_TEXT},
	{"created", "created", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

/* The answer to what was bought. */
static int
buy(struct cli *c, const struct buf *b, struct err *e)
{
	const struct json *v;
	int64_t id = 0;
	int r = rest_call(c, "POST", STR("/api/v1/purchases"), b, &v, e);

	if (r < 0)
		return r;
	if (c->json) {
		out_json(v, c->arena);
		return 0;
	}
	out_details(json_at(v, "bill"), cols_bill, c->arena);
	if (json_count(json_at(v, "subscriptions"))) {
		printf("\n");
		out_table(json_at(v, "subscriptions"), cols_subscriptions, c->arena);
		return 0;
	}
	json_int(json_at(json_at(v, "bill"), "id"), &id);
	printf("\nnot paid yet: signet bills pay %lld\n", (long long)id);
	return 0;
}

static int
purchase(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int r;

	body_begin(&w, &b);
	jsonw_kv_c(&w, "product", c->args[0]);
	if ((r = body_int(c, &w, "quantity", "quantity", e)) < 0 ||
		(r = body_int(c, &w, "months", "months", e)) < 0 ||
		(r = body_int(c, &w, "names", "n_common", e)) < 0 ||
		(r = body_int(c, &w, "wildcards", "n_wildcard", e)) < 0)
		return r;
	if (c->n_args > 1) {
		jsonw_key(&w, "names");
		jsonw_array(&w);
		for (unsigned i = 1; i < c->n_args; i++)
			jsonw_str(&w, str_c(c->args[i]));
		jsonw_array_end(&w);
	}
	if (opt_given(c, "no-pay"))
		jsonw_kv_bool(&w, "pay", false);
	body_end(&w);
	return buy(c, &b, e);
}

static int
renew(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int64_t id;
	int r = arg_id(c, 0, &id, e);

	body_begin(&w, &b);
	jsonw_kv_int(&w, "predecessor", id);
	if (r < 0 || (r = body_int(c, &w, "months", "months", e)) < 0)
		return r;
	if (opt_given(c, "no-pay"))
		jsonw_kv_bool(&w, "pay", false);
	body_end(&w);
	return buy(c, &b, e);
}

const struct cmd cmds_purchase[] = {
	{"purchase", NULL, "PRODUCT [NAME...]", 1, 251, "buy subscriptions: rights to a certificate for a period",
		"An allowance is used first; otherwise the account is charged. What was bought is quota\n"
		"until it is applied for; with names it is assigned to them at once.",
		"  signet purchase geotrust-dv-single --months 12\n  signet purchase geotrust-dv-multi --names 5 "
		"--no-pay",
		{{"quantity", "N", "subscriptions (1)"}, {"months", "N", "period of each (12)"},
			{"names", "N", "common names of each"}, {"wildcards", "N", "wildcard names of each"},
			{"no-pay", NULL, "leave an unpaid bill"}},
		purchase, NULL, NULL},
	{"renew", NULL, "SUBSCRIPTION", 1, 1, "buy the subscription that follows this one",
		"The same product for as many names, for as many months if not said otherwise. Names and applicant are "
		"taken over into\na draft of its application: at once, or when the one before has 30 days left; until "
		"then it is not_activated.\nWhat is left then of the one before is added.",
		"  signet renew 8\n  signet renew 8 --months 24",
		{{"months", "N", "its period (that of the one before)"}, {"no-pay", NULL, "leave an unpaid bill"}}, renew,
		NULL, NULL},
	{"bills", "list", "", 0, 0, "list bills", NULL, "  signet bills list", {CMD_LIMIT, CMD_CURSOR}, run_list,
		"/api/v1/bills", cols_bills},
	{"bills", "show", "ID", 1, 1, "show a bill", NULL, "  signet bills show 5", {CMD_NONE}, run_show,
		"/api/v1/bills/{id}", cols_bill},
	{"bills", "pay", "ID", 1, 1, "pay an unpaid bill from the balance", NULL, "  signet bills pay 5", {CMD_NONE},
		run_post, "/api/v1/bills/{id}:pay", cols_bill},
	{"bills", "cancel", "ID", 1, 1, "cancel an unpaid bill", NULL, "  signet bills cancel 5", {CMD_NONE},
		run_post, "/api/v1/bills/{id}:cancel", cols_bill},
	{"ledger", "list", "", 0, 0, "list the movements of money", NULL, "  signet ledger list",
		{CMD_LIMIT, CMD_CURSOR, {"account", "ID", "another account (staff)"}}, run_list, "/api/v1/ledger",
		cols_ledger},
	{"allowances", "list", "", 0, 0, "list the certificates that need no money", NULL, "  signet allowances list",
		{CMD_LIMIT, CMD_CURSOR, {"account", "ID", "another account (staff)"}}, run_list, "/api/v1/allowances",
		cols_allowances},
	{"payments", "set-secret", "", 0, 0, "make the secret that payment callbacks are signed with (staff)",
		"It is shown once; the one before is void at once.", "  signet payments set-secret", {CMD_NONE}, run_post,
		"/api/v1/payment-secrets", cols_secret},
	{0},
};
