/* SPDX-License-Identifier: Apache-2.0 */
/* Automatic certificates of domains. */
#include "cli/cli.h"

static const struct col cols_one[] = {
	{"domain", "name", COL_TEXT},
	{"automatic", "on", COL_YES},
	{"product", "product_code", COL_TEXT},
	{"names", "names", COL_WORDS},
	{"application", "application", COL_TEXT},
	{"which is", "application_state", COL_TEXT},
	{"certificate", "certificate", COL_TEXT},
	{"lacks", "missing", COL_WORDS},
	{"to do", "advice", COL_TEXT},
	{"refused with", "code", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static int
automate(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int64_t id;
	int r;

	if (!opt_given(c, "product"))
		return err_set(e, E_USAGE, "automate needs --product");
	r = arg_id(c, 0, &id, e);
	if (r < 0)
		return r;
	body_begin(&w, &b);
	body_opt(c, &w, "product", "product");
	body_end(&w);
	/* path_of() would take --product for a parameter of the address */
	return rest_show(c, "POST", arena_printf(c->arena, "/api/v1/domains/%lld:automate", (long long)id), &b, cols_one, e);
}

const struct cmd cmds_domain_auto[] = {
	{"domains", "automate", "ID", 1, 1, "let Signet get the domain's certificate by itself",
		"It takes quota of the product, or a test certificate, applies with the default contact, proves and issues.",
		"  signet domains automate 3 --product geotrust-dv-single", {{"product", "CODE", "a DV product"}}, automate,
		NULL, NULL},
	{"domains", "automatic", "ID", 1, 1, "show what the automatic certificate lacks, or its application", NULL,
		"  signet domains automatic 3", {CMD_NONE}, run_show, "/api/v1/domains/{id}/automatic", cols_one},
	{"domains", "stop-automatic", "ID", 1, 1, "switch the automatic certificate off; what was issued stays", NULL,
		"  signet domains stop-automatic 3", {CMD_NONE}, run_post, "/api/v1/domains/{id}:stop_automatic", cols_one},
	{0},
};
