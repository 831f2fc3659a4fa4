/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts, money and allowances: the operator's side. */
#include <stdio.h>

#include "cli/cli.h"

static const struct col cols_list[] = {
	{"ID", "id", COL_RIGHT},
	{"NAME", "name", COL_TEXT},
	{"SITE", "site", COL_TEXT},
	{"OWNER", "owner_name", COL_TEXT},
	{"VERIFIED", "owner_state", COL_TEXT},
	{"BALANCE", "balance", COL_MONEY},
	{"CREATED", "created", COL_DAY},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_account[] = {
	{"id", "id", COL_TEXT},
	{"name", "name", COL_TEXT},
	{"site", "site", COL_TEXT},
	{"operator's own", "operator", COL_YES},
	{"owner", "owner_name", COL_TEXT},
	{"owner kind", "owner_kind", COL_TEXT},
	{"owner number", "owner_number", COL_TEXT},
	{"owner state", "owner_state", COL_TEXT},
	{"balance", "balance", COL_MONEY},
	{"created", "created", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_created[] = {
	{"account id", "account.id", COL_TEXT},
	{"account", "account.name", COL_TEXT},
	{"user", "user_name", COL_TEXT},
	{"password", "password", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static int
create(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;

	body_begin(&w, &b);
	jsonw_kv_c(&w, "name", c->args[0]);
	body_opt(c, &w, "site", "site");
	body_opt(c, &w, "owner-kind", "owner_kind");
	body_opt(c, &w, "owner", "owner_name");
	body_opt(c, &w, "owner-number", "owner_number");
	body_opt(c, &w, "currency", "currency");
	body_opt(c, &w, "user", "user_name");
	body_opt(c, &w, "email", "user_email");
	body_end(&w);
	return rest_show(c, "POST", STR("/api/v1/accounts"), &b, cols_created, e);
}

/* "1000", "1000.5" or "1000.50" in units of the currency, as its smallest unit. */
static int
amount_read(const char *text, int64_t *ret, struct err *e)
{
	struct str rest = str_c(text), whole = str_cut(&rest, '.');
	uint64_t units, part = 0;
	bool ok = str_u64(whole, (uint64_t)ID_MAX / 100, &units);

	if (ok && rest.p) {
		ok = rest.n == 1 || rest.n == 2;
		for (size_t i = 0; ok && i < 2; i++) {
			char d = i < rest.n ? rest.p[i] : '0';

			ok = d >= '0' && d <= '9';
			part = part * 10 + (uint64_t)(d - '0');
		}
	}
	if (!ok)
		return err_set(e, E_USAGE, "\"%s\" is no amount like 1000 or 1000.50", text);
	*ret = (int64_t)(units * 100 + part);
	return 0;
}

static int
top_up(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	int64_t id, amount = 0;
	struct jsonw w;
	int r;

	r = arg_id(c, 0, &id, e);
	if (r == 0)
		r = amount_read(c->args[1], &amount, e);
	if (r < 0)
		return r;
	body_begin(&w, &b);
	jsonw_kv_int(&w, "amount", amount);
	body_opt(c, &w, "note", "note");
	body_end(&w);
	return rest_show(c, "POST", arena_printf(c->arena, "/api/v1/accounts/%lld:top_up", (long long)id), &b, cols_account,
		e);
}

static int
allow(struct cli *c, struct err *e)
{
	const struct json *v;
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int64_t id;
	int r;

	r = arg_id(c, 0, &id, e);
	if (r < 0)
		return r;
	body_begin(&w, &b);
	jsonw_kv_c(&w, "product", c->args[1]);
	if ((r = body_int(c, &w, "names", "names_max", e)) < 0 ||
		(r = body_int(c, &w, "certificates", "certificates", e)) < 0 ||
		(r = body_int(c, &w, "months", "months", e)) < 0)
		return r;
	body_end(&w);
	r = rest_call(c, "POST", arena_printf(c->arena, "/api/v1/accounts/%lld:allow", (long long)id), &b, &v, e);
	if (r == 0 && !c->json)
		printf("account %lld may now use %s\n", (long long)id, c->args[1]);
	return r;
}

const struct cmd cmds_account[] = {
	{"accounts", "list", "", 0, 0, "list all accounts (staff)", NULL, "  signet accounts list",
		{CMD_LIMIT, CMD_CURSOR}, run_list, "/api/v1/accounts", cols_list},
	{"accounts", "show", "ID", 1, 1, "show an account", NULL, "  signet accounts show 2", {CMD_NONE}, run_show,
		"/api/v1/accounts/{id}", cols_account},
	{"accounts", "create", "NAME", 1, 1, "open an account with its first owner (staff)",
		"The owner's random password is shown once.",
		"  signet accounts create acme --owner \"Acme Ltd\" --user alice --email alice@example.com",
		{{"owner", "NAME", "the owner's legal name"},
			{"owner-kind", "KIND", "individual or enterprise (enterprise)"},
			{"owner-number", "N", "registration or document number"},
			{"user", "NAME", "sign-in name of the first owner"},
			{"email", "ADDRESS", "e-mail address of the first owner"},
			{"site", "cn|intl", "partition (intl)"}, {"currency", "CODE", "ISO 4217 (CNY)"}},
		create, NULL, NULL},
	{"accounts", "top-up", "ID AMOUNT", 2, 2, "put money into an account (staff)", NULL,
		"  signet accounts top-up 2 1000.00 --note \"bank transfer 4711\"",
		{{"note", "TEXT", "why, for the ledger"}}, top_up, NULL, NULL},
	{"accounts", "allow", "ID PRODUCT", 2, 2, "give an account certificates without money (staff)", NULL,
		"  signet accounts allow 2 geotrust-dv-single --names 1 --certificates 100",
		{{"names", "N", "names per certificate"}, {"certificates", "N", "certificates in each period"},
			{"months", "N", "length of a period (12)"}},
		allow, NULL, NULL},
	{0},
};
