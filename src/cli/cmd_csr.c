/* SPDX-License-Identifier: Apache-2.0 */
/* Stored signing requests. */
#include <fcntl.h>
#include <stdio.h>

#include "cli/cli.h"
#include "os/file.h"

#define CSR_MAX (60 * 1024)

static const struct col cols_list[] = {
	{"ID", "id", COL_RIGHT},
	{"NAME", "name", COL_TEXT},
	{"KEY", "key_alg", COL_TEXT},
	{"KEY HERE", "key_held", COL_YES},
	{"NAMES", "names", COL_WORDS},
	{"STORED", "created", COL_DAY},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_one[] = {
	{"id", "id", COL_TEXT},
	{"name", "name", COL_TEXT},
	{"common name", "cn", COL_TEXT},
	{"names", "names", COL_WORDS},
	{"key", "key_alg", COL_TEXT},
	{"key held here", "key_held", COL_YES},
	{"stored", "created", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_uses[] = {
	{"USED BY APPLICATION", "application", COL_RIGHT},
	{"STATE", "state", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static int
create(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;

	body_begin(&w, &b);
	body_opt(c, &w, "name", "name");
	body_opt(c, &w, "key", "key_alg");
	jsonw_key(&w, "names");
	jsonw_array(&w);
	for (unsigned i = 0; i < c->n_args; i++)
		jsonw_str(&w, str_c(c->args[i]));
	jsonw_array_end(&w);
	body_end(&w);
	return rest_show(c, "POST", STR("/api/v1/csrs"), &b, cols_one, e);
}

static int
upload(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct blob text;
	struct jsonw w;
	int r = file_read(AT_FDCWD, c->args[0], CSR_MAX, c->arena, &text, e);

	if (r < 0)
		return err_wrap(e, "%s", c->args[0]);
	body_begin(&w, &b);
	body_opt(c, &w, "name", "name");
	jsonw_kv_str(&w, "csr", str_of(text));
	body_end(&w);
	return rest_show(c, "POST", STR("/api/v1/csrs:upload"), &b, cols_one, e);
}

static int
show(struct cli *c, struct err *e)
{
	const struct json *v;
	struct str path, pem;
	int r = path_of(c, &path, e);

	if (r == 0)
		r = rest_call(c, "GET", path, NULL, &v, e);
	if (r < 0)
		return r;
	out_answer(c, v, cols_one);
	if (c->json)
		return 0;
	if (json_count(json_at(v, "applications")))
		out_table(json_at(v, "applications"), cols_uses, c->arena);
	pem = json_str(json_at(v, "pem"));
	printf("%.*s", STRF(pem));
	return 0;
}

const struct cmd cmds_csr[] = {
	{"csrs", "list", "", 0, 0, "list the stored signing requests", NULL, "  signet csrs list", {CMD_LIMIT, CMD_CURSOR},
		run_list, "/api/v1/csrs", cols_list},
	{"csrs", "show", "ID", 1, 1, "show a stored signing request, and what uses it", NULL, "  signet csrs show 4",
		{CMD_NONE}, show, "/api/v1/csrs/{id}", NULL},
	{"csrs", "create", "NAME...", 1, CMD_ARGS_MAX, "make a key and a signing request for these names",
		"The private key is wrapped; it leaves only inside the packages of certificates.",
		"  signet csrs create www.example.com example.com --key EC_P256\n"
		"  signet apply www.example.com --product geotrust-dv-single --stored-csr 4 ...",
		{{"name", "NAME", "what it is called (the first name)"},
			{"key", "ALG", "RSA_2048, RSA_3072, RSA_4096, EC_P256, EC_P384 or SM2 (EC_P256)"}},
		create, NULL, NULL},
	{"csrs", "upload", "FILE", 1, 1, "store a signing request that was made elsewhere", "Its key stays with you.",
		"  signet csrs upload www.csr", {{"name", "NAME", "what it is called (its first name)"}}, upload, NULL, NULL},
	{"csrs", "delete", "ID", 1, 1, "delete a stored signing request that no open application needs", NULL,
		"  signet csrs delete 4", {CMD_NONE}, run_delete, "/api/v1/csrs/{id}", NULL},
	{0},
};
