/* SPDX-License-Identifier: Apache-2.0 */
/* Who stands behind an account. */
#include <stdio.h>

#include "cli/cli.h"

static const struct col cols_owner[] = {
	{"account", "account", COL_TEXT},
	{"account's name", "account_name", COL_TEXT},
	{"site", "site", COL_TEXT},
	{"owner is", "kind", COL_TEXT},
	{"name", "name", COL_TEXT},
	{"number", "number", COL_TEXT},
	{"state", "state", COL_TEXT},
	{"staff say", "note", COL_TEXT},
	{"submitted", "submitted", COL_TIME},
	{"decided", "decided", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_documents[] = {
	{"FILE", "id", COL_RIGHT},
	{"NAME", "name", COL_TEXT},
	{"TYPE", "media", COL_TEXT},
	{"BYTES", "size", COL_RIGHT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_twins[] = {
	{"SAME NUMBER", "account", COL_RIGHT},
	{"ACCOUNT", "account_name", COL_TEXT},
	{"SITE", "site", COL_TEXT},
	{"NAME", "name", COL_TEXT},
	{"STATE", "state", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_queue[] = {
	{"ACCOUNT", "account", COL_RIGHT},
	{"SITE", "site", COL_TEXT},
	{"KIND", "kind", COL_TEXT},
	{"NAME", "name", COL_TEXT},
	{"NUMBER", "number", COL_TEXT},
	{"SINCE", "submitted", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static void
out_owner(const struct cli *c, const struct json *v)
{
	const struct json *documents = json_at(v, "documents"), *twins = json_at(v, "twins");

	out_answer(c, v, cols_owner);
	if (c->json)
		return;
	if (json_count(documents))
		out_table(documents, cols_documents, c->arena);
	if (json_count(twins))
		out_table(twins, cols_twins, c->arena);
}

/* The account that is meant: the first argument, or one's own. */
static int
account_of(struct cli *c, int64_t *ret, struct err *e)
{
	const struct json *me;
	int r;

	if (c->n_args)
		return arg_id(c, 0, ret, e);
	r = rest_call(c, "GET", STR("/api/v1/me"), NULL, &me, e);
	if (r == 0 && !json_int(json_at(json_at(me, "account"), "id"), ret))
		r = err_set(e, E_NET, "the service does not say which account this is");
	return r;
}

static int
send(struct cli *c, const char *method, const char *act, int64_t account, const struct buf *b, struct err *e)
{
	const struct json *v;
	int r = rest_call(c, method, arena_printf(c->arena, "/api/v1/accounts/%lld%s", (long long)account, act), b, &v, e);

	if (r == 0)
		out_owner(c, v);
	return r;
}

static int
show(struct cli *c, struct err *e)
{
	int64_t account = 0;
	int r = account_of(c, &account, e);

	return r < 0 ? r : send(c, "GET", "/owner", account, NULL, e);
}

/* Uploads each --document and names them all. */
static int
put_documents(struct cli *c, struct jsonw *w, struct err *e)
{
	jsonw_key(w, "documents");
	jsonw_array(w);
	for (unsigned i = 0; i < c->n_options; i++) {
		const struct json *file;
		int64_t id = 0;

		if (strcmp(c->options[i].opt->name, "document") != 0)
			continue;
		if (attachment_send(c, c->options[i].value, &file, e) < 0)
			return e->code;
		if (json_int(json_at(file, "id"), &id))
			jsonw_int(w, id);
	}
	jsonw_array_end(w);
	return 0;
}

static int
submit(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int64_t account = 0;
	int r = account_of(c, &account, e);

	if (r < 0)
		return r;
	body_begin(&w, &b);
	body_opt(c, &w, "kind", "kind");
	body_opt(c, &w, "name", "name");
	body_opt(c, &w, "number", "number");
	if (opt_given(c, "document"))
		r = put_documents(c, &w, e);
	body_end(&w);
	return r < 0 ? r : send(c, "POST", ":submit_owner", account, &b, e);
}

static int
decide(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int64_t account;
	int r = arg_id(c, 0, &account, e);

	if (r < 0)
		return r;
	body_begin(&w, &b);
	jsonw_kv_bool(&w, "verified", !opt_given(c, "refuse"));
	body_opt(c, &w, "refuse", "note");
	body_end(&w);
	return send(c, "POST", ":verify_owner", account, &b, e);
}

const struct cmd cmds_owner[] = {
	{"owner", "show", "[ACCOUNT]", 0, 1, "show who stands behind your account, and whether staff verified it",
		"Staff may name another account.", "  signet owner show", {CMD_NONE}, show, NULL, NULL},
	{"owner", "submit", "", 0, 0, "say who stands behind your account, for staff to verify",
		"What is left out stays as it is. Other data of a verified owner are verified anew.",
		"  signet owner submit --kind enterprise --name \"Acme Ltd\" --number 91310000MA1FL0000X \\\n"
		"      --document licence.png --document register.pdf",
		{{"kind", "KIND", "individual or enterprise"},
			{"name", "NAME", "the legal name, exactly as in the document or register"},
			{"number", "N", "number of the document, or of registration"},
			{"document", "FILE", "a picture or PDF; may be given five times"}},
		submit, NULL, NULL},
	{"owner", "list", "", 0, 0, "staff: list the owners that wait for a decision", NULL, "  signet owner list",
		{CMD_LIMIT, CMD_CURSOR}, run_list, "/api/v1/accounts:owners", cols_queue},
	{"owner", "verify", "ACCOUNT", 1, 1, "staff: say that the owner is who the account says, or not", NULL,
		"  signet owner verify 2\n  signet owner verify 2 --refuse \"the register has another number\"",
		{{"refuse", "WHY", "it is not; the account reads why"}}, decide, NULL, NULL},
	{0},
};
