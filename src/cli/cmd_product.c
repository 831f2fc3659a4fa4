/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue. */
#include <stdio.h>

#include "cli/cli.h"

static const struct col cols_products[] = {
	{"CODE", "code", COL_TEXT},
	{"BRAND", "brand", COL_TEXT},
	{"TYPE", "type", COL_TEXT},
	{"NAMES", "kind", COL_TEXT},
	{"RANK", "rank", COL_RIGHT},
	{"YEAR", "price_year", COL_MONEY},
	{"MONTHS", "months", COL_WORDS},
	{"ALGORITHMS", "algorithms", COL_WORDS},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_product[] = {
	{"id", "id", COL_TEXT},
	{"code", "code", COL_TEXT},
	{"brand", "brand", COL_TEXT},
	{"type", "type", COL_TEXT},
	{"names", "kind", COL_TEXT},
	{"most names", "names_max", COL_TEXT},
	{"rank", "rank", COL_TEXT},
	{"price of a year", "price_year", COL_MONEY},
	{"months", "months", COL_WORDS},
	{"algorithms", "algorithms", COL_WORDS},
	{"profile", "profile", COL_TEXT},
	{"test", "test", COL_YES},
	{"IP addresses", "ip", COL_YES},
	{"professional", "professional", COL_YES},
	{"internal", "internal", COL_YES},
	{"for sale", "sold", COL_YES},
	{"on the list", "active", COL_YES},
	{"guidance", "guidance", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_advice[] = {
	{"CODE", "product.code", COL_TEXT},
	{"YEAR", "product.price_year", COL_MONEY},
	{"WHY", "reason", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

/* "6,12" as a list of texts. */
static void
body_list(const struct cli *c, struct jsonw *w, const char *option, const char *member)
{
	struct str rest = str_c(opt_value(c, option));

	if (!rest.p)
		return;
	jsonw_key(w, member);
	jsonw_array(w);
	while (rest.p)
		jsonw_str(w, str_trim(str_cut(&rest, ',')));
	jsonw_array_end(w);
}

static int
body_terms(struct cli *c, struct jsonw *w, struct err *e)
{
	int r;

	body_list(c, w, "key", "algorithms");
	body_list(c, w, "months", "months");
	body_opt(c, w, "guidance", "guidance");
	if ((r = body_int(c, w, "price", "price_year", e)) < 0 || (r = body_int(c, w, "names", "names_max", e)) < 0)
		return r;
	return body_int(c, w, "rank", "rank", e);
}

static int
create(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int r;

	body_begin(&w, &b);
	jsonw_kv_c(&w, "code", c->args[0]);
	body_opt(c, &w, "brand", "brand");
	body_opt(c, &w, "type", "type");
	body_opt(c, &w, "kind", "kind");
	body_opt(c, &w, "profile", "profile");
	body_flag(c, &w, "test", "test");
	body_flag(c, &w, "ip", "ip");
	body_flag(c, &w, "professional", "professional");
	r = body_terms(c, &w, e);
	if (r < 0)
		return r;
	body_end(&w);
	return rest_show(c, "POST", STR("/api/v1/products"), &b, cols_product, e);
}

static int
change(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int64_t id;
	int r;

	r = arg_id(c, 0, &id, e);
	if (r < 0)
		return r;
	if (opt_given(c, "off") && opt_given(c, "on"))
		return err_set(e, E_USAGE, "--off and --on exclude each other");
	body_begin(&w, &b);
	if (opt_given(c, "off") || opt_given(c, "on"))
		jsonw_kv_bool(&w, "active", opt_given(c, "on"));
	r = body_terms(c, &w, e);
	if (r < 0)
		return r;
	body_end(&w);
	return rest_show(c, "PATCH", arena_printf(c->arena, "/api/v1/products/%lld", (long long)id), &b, cols_product, e);
}

static int
advise(struct cli *c, struct err *e)
{
	const struct json *v;
	struct str purpose = url_encode(c->arena, str_c(c->args[0]));
	struct str path = arena_printf(c->arena, "/api/v1/recommendations?purpose=%.*s", STRF(purpose));
	int r = rest_call(c, "GET", path, NULL, &v, e);

	if (r < 0)
		return r;
	if (c->json)
		out_json(v, c->arena);
	else
		out_table(json_at(v, "items"), cols_advice, c->arena);
	return 0;
}

#define TERMS                                                                                      \
	{"key", "ALG,...", "key algorithms"}, {"months", "N,...", "periods sold: 6, 12, 24, 36"},      \
		{"price", "N", "of one name for a year, in the smallest unit"},                                \
		{"names", "N", "most names in one certificate"}, {"rank", "N", "compatibility, 1 is the best"}, \
		{"guidance", "TEXT", "what it is good for"}

const struct cmd cmds_product[] = {
	{"products", "list", "", 0, 0, "list what can be bought", NULL, "  signet products list",
		{CMD_LIMIT, CMD_CURSOR}, run_list, "/api/v1/products", cols_products},
	{"products", "show", "ID", 1, 1, "show a product and what it is good for", NULL,
		"  signet products show 3 --json", {CMD_NONE}, run_show, "/api/v1/products/{id}", cols_product},
	{"products", "advise", "PURPOSE", 1, 1, "list the products that are good for a purpose, the best first",
		"Purposes: business interface finance mobile mail server_ip address bucket test private",
		"  signet products advise finance", {CMD_NONE}, advise, NULL, NULL},
	{"products", "create", "CODE", 1, 1, "add a product to the catalogue (staff)", NULL,
		"  signet products create acme-dv-single --brand Acme --type DV --kind single --key EC_P256 \\\n"
		"    --price 50000 --names 1 --months 6,12 --rank 10 --profile public-tls-dv",
		{{"brand", "NAME", "brand"}, {"type", "TYPE", "DV, OV or EV"},
			{"kind", "KIND", "single, multi, wildcard or hybrid"}, {"profile", "NAME", "certificate profile"},
			{"test", NULL, "free of charge, a yearly number per owner"}, {"ip", NULL, "takes IP addresses"},
			{"professional", NULL, "may merge into a hybrid"}, TERMS},
		create, NULL, NULL},
	{"products", "change", "ID", 1, 1, "change a product, or take it off the list (staff)",
		"Subscriptions keep what they were bought with.",
		"  signet products change 3 --price 55000\n  signet products change 3 --off",
		{{"off", NULL, "take it off the list"}, {"on", NULL, "put it back"}, TERMS}, change, NULL, NULL},
	{0},
};
