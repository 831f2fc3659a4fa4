/* SPDX-License-Identifier: Apache-2.0 */
/* Stored signing requests. */
#include <stdio.h>

#include "base/b64.h"
#include "base/utf8.h"
#include "cli/offline.h"

#define FILE_MAX (45 * 1000) /* of which 60,000 characters come in base64 */

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
	{"used by applications", "n_applications", COL_TEXT},
	{"certificates with its key", "n_certificates", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_facts[] = {
	{"IT SAYS", "name", COL_TEXT},
	{"", "value", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_uses[] = {
	{"USED BY APPLICATION", "application", COL_RIGHT},
	{"STATE", "state", COL_TEXT},
	{"MADE", "created", COL_DAY},
	{"ISSUED", "issued", COL_DAY},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_certificates[] = {
	{"CERTIFICATE WITH ITS KEY", "id", COL_RIGHT},
	{"NAME", "name", COL_TEXT},
	{"STATUS", "status", COL_TEXT},
	{"SOURCE", "source", COL_TEXT},
	{"NOT AFTER", "not_after", COL_DAY},
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

/* A file of any form as a field of JSON has it: text as it is, all else in base64. The caller wipes it: it may be a key. */
static int
file_text(struct cli *c, const char *path, struct str *ret, struct err *e)
{
	struct blob bytes;
	int r = offline_file(c, path, &bytes, e);

	if (r < 0)
		return r;
	if (bytes.n > FILE_MAX)
		return err_set(e, E_TOO_LARGE, "%s has %zu bytes; at most %d are taken", path, bytes.n, FILE_MAX);
	*ret = utf8_printable(str_of(bytes), true) ? str_of(bytes) : b64_encode(c->arena, bytes);
	return 0;
}

/* The option --password opens the key. */
static int
put_passphrase(struct cli *c, struct jsonw *w, struct err *e)
{
	struct str password;
	int r = offline_password(c, "password", &password, e);

	if (r == 0 && password.p)
		jsonw_kv_str(w, "passphrase", password);
	return r;
}

static int
upload(struct cli *c, struct err *e)
{
	CLEANUP(buf_done_secret) struct buf b = {.max = 2 * CLI_BODY_MAX};
	const char *key = opt_value(c, "key");
	struct str csr, text = {NULL, 0};
	struct jsonw w;
	int r = file_text(c, c->args[0], &csr, e);

	if (r == 0 && key)
		r = file_text(c, key, &text, e);
	if (r < 0)
		return r;
	body_begin(&w, &b);
	body_opt(c, &w, "name", "name");
	jsonw_kv_str(&w, "csr", csr);
	wipe((void *)csr.p, csr.n);
	if (text.p) {
		jsonw_kv_str(&w, "key", text);
		wipe((void *)text.p, text.n);
	}
	r = put_passphrase(c, &w, e);
	body_end(&w);
	return r < 0 ? r : rest_show(c, "POST", STR("/api/v1/csrs:upload"), &b, cols_one, e);
}

static int
add_key(struct cli *c, struct err *e)
{
	CLEANUP(buf_done_secret) struct buf b = {.max = 2 * CLI_BODY_MAX};
	struct str path, text;
	struct jsonw w;
	int r = path_of(c, &path, e);

	if (r == 0)
		r = file_text(c, c->args[1], &text, e);
	if (r < 0)
		return r;
	body_begin(&w, &b);
	jsonw_kv_str(&w, "key", text);
	wipe((void *)text.p, text.n);
	r = put_passphrase(c, &w, e);
	body_end(&w);
	return r < 0 ? r : rest_show(c, "POST", path, &b, cols_one, e);
}

static int
pem(struct cli *c, struct err *e)
{
	struct http_rest_answer answer;
	struct str path;
	int r = path_of(c, &path, e);

	if (r == 0)
		r = rest_raw(c, "GET", path, NULL, NULL, &answer, e);
	if (r == 0)
		fwrite(answer.body.p, 1, answer.body.n, stdout);
	return r;
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
	out_part(NULL, json_at(v, "facts"), cols_facts, c->arena);
	out_part(NULL, json_at(v, "applications"), cols_uses, c->arena);
	out_part(NULL, json_at(v, "certificates"), cols_certificates, c->arena);
	pem = json_str(json_at(v, "pem"));
	printf("%.*s", STRF(pem));
	return 0;
}

const struct cmd cmds_csr[] = {
	{"csrs", "list", "", 0, 0, "list the stored signing requests", NULL,
		"  signet csrs list\n  signet csrs list --search www.example --unused",
		{CMD_LIMIT, CMD_CURSOR, {"search", "TEXT", "beginning of its name, common name or a name that it asks for"},
			{"key-alg", "ALG", "only those with a key of this algorithm"},
			{"key-held", "true|false", "only those whose private key is here, or is not"},
			{"unused", NULL, "only those that nothing has come of"}},
		run_list, "/api/v1/csrs", cols_list},
	{"csrs", "show", "ID", 1, 1, "show a stored signing request, what it says, and what uses it", NULL,
		"  signet csrs show 4", {CMD_NONE}, show, "/api/v1/csrs/{id}", NULL},
	{"csrs", "create", "NAME...", 1, CMD_ARGS_MAX, "make a key and a signing request for these names",
		"The private key is wrapped; it leaves only inside the packages of certificates.",
		"  signet csrs create www.example.com example.com --key EC_P256\n"
		"  signet apply www.example.com --product geotrust-dv-single --stored-csr 4 ...",
		{{"name", "NAME", "what it is called (the first name)"},
			{"key", "ALG", "RSA_2048, RSA_3072, RSA_4096, EC_P256, EC_P384 or SM2 (EC_P256)"}},
		create, NULL, NULL},
	{"csrs", "upload", "FILE", 1, 1, "store a signing request that was made elsewhere",
		"Its key stays with you, unless you give it, in the same file or with --key;\n"
		"it may come later (csrs add-key). "
		"Files may be PEM or DER, a key also PKCS#12 or a Java keystore.",
		"  signet csrs upload www.csr\n  signet csrs upload www.csr --key www.key --password -",
		{{"name", "NAME", "what it is called (its first name)"}, {"key", "FILE", "its private key"},
			{"password", "P", "opens the key; - asks for it"}},
		upload, NULL, NULL},
	{"csrs", "add-key", "ID KEY", 2, 2, "bring the private key of a stored signing request",
		"It must be that of the request. Certificates that were issued from it have their key from then on.",
		"  signet csrs add-key 4 www.key --password -", {{"password", "P", "opens the key; - asks for it"}},
		add_key, "/api/v1/csrs/{id}:add_key", NULL},
	{"csrs", "pem", "ID", 1, 1, "print a stored signing request in PEM", NULL, "  signet csrs pem 4 > www.csr",
		{CMD_NONE}, pem, "/api/v1/csrs/{id}/pem", NULL},
	{"csrs", "applications", "ID", 1, 1, "list the applications that have used a signing request or its key", NULL,
		"  signet csrs applications 4", {CMD_LIMIT, CMD_CURSOR}, run_list,
		"/api/v1/csrs/{id}/applications", cols_uses},
	{"csrs", "certificates", "ID", 1, 1, "list the certificates that have its key", NULL,
		"  signet csrs certificates 4", {CMD_LIMIT, CMD_CURSOR}, run_list,
		"/api/v1/csrs/{id}/certificates", cols_certificates},
	{"csrs", "delete", "ID", 1, 1, "delete a stored signing request that no open application needs", NULL,
		"  signet csrs delete 4", {CMD_NONE}, run_delete, "/api/v1/csrs/{id}", NULL},
	{0},
};
