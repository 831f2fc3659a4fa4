/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs by e-mail: where the links may go, and sending them. */
#include "cli/application_out.h"
#include "cli/cli.h"

static const struct col cols_addresses[] = {
	{"ADDRESS", "address", COL_TEXT},
	{"PROVES", "proves", COL_TEXT},
	{"SOURCE", "source", COL_TEXT},
	{"MAILED", "mailed", COL_YES},
	{NULL, NULL, COL_TEXT},
};

static int
addresses(struct cli *c, struct err *e)
{
	const struct json *v;
	struct str path;
	int r = path_of(c, &path, e);

	if (r == 0)
		r = rest_call(c, "GET", path, NULL, &v, e);
	if (r < 0)
		return r;
	if (c->json)
		out_json(v, c->arena);
	else
		out_table(json_at(v, "addresses"), cols_addresses, c->arena);
	return 0;
}

static int
send_mail(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	const struct json *app;
	struct str path;
	struct jsonw w;
	int r = path_of(c, &path, e);

	body_begin(&w, &b);
	body_opt(c, &w, "address", "address");
	body_end(&w);
	if (r == 0)
		r = rest_call(c, "POST", path, &b, &app, e);
	if (r < 0)
		return r;
	if (c->json)
		out_json(app, c->arena);
	else
		application_put(app, c->arena);
	return 0;
}

const struct cmd cmds_authorization[] = {
	{"authorizations", "addresses", "ID", 1, 1, "list where the mail that proves a name may go",
		"The numbers stand in `signet applications show`. DNS is asked for contacts that the domain names.",
		"  signet authorizations addresses 12", {CMD_NONE}, addresses, "/api/v1/authorizations/{id}/addresses", NULL},
	{"authorizations", "send-mail", "ID", 1, 1, "mail the link that proves a name once more, or elsewhere",
		"The link that was mailed before is void.",
		"  signet authorizations send-mail 12 --address hostmaster@example.com",
		{{"address", "ADDRESS", "one that `signet authorizations addresses` lists"}}, send_mail,
		"/api/v1/authorizations/{id}:send_mail", NULL},
	{0},
};
