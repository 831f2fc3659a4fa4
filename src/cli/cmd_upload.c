/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates of other issuers: handed in to be checked by the service, and stored there. */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "cli/cli.h"
#include "cli/offline.h"
#include "crypto/pem.h"

#define UPLOAD_BODY_MAX (8 * 1024 * 1024)

static const struct col cols_stored[] = {
	{"certificate", "id", COL_TEXT},
	{"name", "name", COL_TEXT},
	{"status", "status", COL_TEXT},
	{"serial", "serial", COL_TEXT},
	{"key", "content.key_alg", COL_TEXT},
	{"valid to", "content.not_after", COL_TIME},
	{"pair", "content.pair", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

/* PEM goes as it is, everything else in base64. */
static struct str
as_text(struct cli *c, struct blob file)
{
	struct str text = str_of(file), line, out;

	if (memmem(file.p, file.n, "-----BEGIN", 10) && utf8_ok(text) && !memchr(file.p, 0, file.n))
		return text;
	out = pem_encode(c->arena, "FILE", file);
	line = str_cut(&out, '\n');
	(void)line;
	return (struct str){out.p, out.n - strlen("-----END FILE-----\n")};
}

static int
put_file(struct cli *c, struct jsonw *w, const char *member, const char *path, struct err *e)
{
	struct blob file;
	int r = path ? offline_file(c, path, &file, e) : 0;

	if (r == 0 && path)
		jsonw_kv_str(w, member, as_text(c, file));
	return r;
}

static int
put_files(struct cli *c, struct jsonw *w, struct err *e)
{
	static const char *const members[][2] = {{"chain", "chain"}, {"key", "key"},
		{"encryption_certificate", "encryption-cert"}, {"encryption_key", "encryption-key"}};
	struct str passphrase;
	int r = put_file(c, w, "certificate", c->args[0], e);

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(members); i++)
		r = put_file(c, w, members[i][0], opt_value(c, members[i][1]), e);
	if (r == 0)
		r = offline_password(c, "password", &passphrase, e);
	if (r == 0 && passphrase.p)
		jsonw_kv_str(w, "passphrase", passphrase);
	return r < 0 ? r : body_int(c, w, "csr", "csr", e);
}

static void
put_findings(const struct json *list)
{
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *f = json_item(list, i);
		struct str field = json_str(json_at(f, "field")), found = json_str(json_at(f, "found"));
		struct str cure = json_str(json_at(f, "cure"));

		printf("%.*s: %.*s (%.*s)\n", STRF(json_str(json_at(f, "severity"))), STRF(json_str(json_at(f, "message"))),
			STRF(json_str(json_at(f, "code"))));
		if (field.n)
			printf("  place: %.*s\n", STRF(field));
		if (found.n)
			printf("  found: %.*s\n", STRF(found));
		if (cure.n)
			printf("  do: %.*s\n", STRF(cure));
	}
}

/* What was found is told also when nothing is stored. */
static int
send(struct cli *c, struct str path, const struct buf *body, const struct json **ret, struct err *e)
{
	struct http_rest_answer answer = {0};
	const struct json *problem;
	ERR(ignored);
	int r = rest_raw(c, "POST", path, body, NULL, &answer, e);

	if (r == 0)
		return json_parse_any(str_of(answer.body), c->arena, ret, e);
	if (r == E_CHECK_FAILED && !c->json && json_parse_any(str_of(answer.body), c->arena, &problem, &ignored) == 0)
		put_findings(json_at(problem, "findings"));
	return r;
}

static int
run_upload(struct cli *c, struct err *e)
{
	struct buf b = {.max = UPLOAD_BODY_MAX};
	const struct json *v;
	struct jsonw w;
	int r;

	body_begin(&w, &b);
	body_opt(c, &w, "name", "name");
	r = put_files(c, &w, e);
	body_end(&w);
	if (r == 0)
		r = send(c, STR("/api/v1/certificates"), &b, &v, e);
	buf_done_secret(&b);
	if (r < 0)
		return r;
	out_answer(c, v, cols_stored);
	if (!c->json)
		put_findings(json_at(v, "findings"));
	return 0;
}

static int
run_check(struct cli *c, struct err *e)
{
	struct buf b = {.max = UPLOAD_BODY_MAX};
	const struct json *v;
	struct jsonw w;
	int r;

	body_begin(&w, &b);
	body_opt(c, &w, "purpose", "purpose");
	body_opt(c, &w, "target", "target");
	r = put_files(c, &w, e);
	body_end(&w);
	if (r == 0)
		r = send(c, STR("/api/v1/certificates:check"), &b, &v, e);
	buf_done_secret(&b);
	if (r < 0)
		return r;
	if (c->json)
		out_answer(c, v, NULL);
	else
		put_findings(json_at(v, "findings"));
	return json_bool(json_at(v, "ok")) ? 0 : 1;
}

#define FILES \
	{"key", "FILE", "the private key, when it has a file of its own"}, \
	{"chain", "FILE", "the chain, when it has a file of its own"}, \
	{"encryption-cert", "FILE", "of an SM2 pair: the certificate for encryption"}, \
	{"encryption-key", "FILE", "of an SM2 pair: its key"}, \
	{"password", "P", "opens what is protected; - asks for it"}, \
	{"csr", "ID", "the stored signing request whose key it is (found by itself)"}

const struct cmd cmds_upload[] = {
	{"certificates", "upload", "FILE", 1, 1, "store a certificate of another issuer with its key",
		"PEM, DER, PKCS#7, PKCS#12 and Java keystores; all in one file, or in several. What is missing in the\n"
		"chain is added from issuers that are known. The key never leaves the service again through any download.",
		"  signet certificates upload www.pem --key www.key --chain chain.pem --name www-2026\n"
		"  signet certificates upload www.pfx --password -",
		{{"name", "NAME", "what it is called (its first name)"}, FILES}, run_upload, NULL, NULL},
	{"certificates", "check", "FILE", 1, 1, "have the service check a certificate, its key and chain; nothing is stored",
		"As `signet inspect FILE` does without a service; here the account's issuers and signing requests count,\n"
		"and the service knows which keys are blocked. Exit code 1: an error was found.",
		"  signet certificates check www.pem --key www.key --purpose deploy --target www.example.com",
		{{"purpose", "WORD", "store, deploy or mail (store)"},
			{"target", "NAME", "the host name or address that it shall serve"}, FILES},
		run_check, NULL, NULL},
	{0},
};
