/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/cli.h"
#include "os/file.h"
#include "pack/unzip.h"

#define PROOF_MAX 60000

#define WIDTH 17 /* of the longest head below */

static const struct col cols_list[] = {
	{"ID", "id", COL_RIGHT},
	{"NAME", "name", COL_TEXT},
	{"STATUS", "status", COL_TEXT},
	{"KEY", "key_alg", COL_TEXT},
	{"VALID TO", "not_after", COL_DAY},
	{"DAYS", "days_left", COL_RIGHT},
	{"SOURCE", "source", COL_TEXT},
	{"SERIAL", "serial", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_head[] = {
	{"certificate", "id", COL_TEXT},
	{"name", "name", COL_TEXT},
	{"status", "status", COL_TEXT},
	{"serial", "serial", COL_TEXT},
	{"issued", "issued", COL_TIME},
	{"revoked", "revoked", COL_TIME},
	{"reason", "reason", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_waiting[] = {
	{"asked for", "asked", COL_TIME},
	{"waits until", "until", COL_TIME},
	{"link mailed to", "mailed_to", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_share[] = {
	{"shared by account", "account", COL_TEXT},
	{"its name", "account_name", COL_TEXT},
	{"to", "grade", COL_TEXT},
	{"until", "ends", COL_TIME},
	{"share", "state", COL_TEXT},
	{"warning", "warning", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_content[] = {
	{"names", "names", COL_WORDS},
	{"subject", "subject", COL_TEXT},
	{"issuer", "issuer", COL_TEXT},
	{"profile", "profile", COL_TEXT},
	{"key", "key_alg", COL_TEXT},
	{"key bits", "key_bits", COL_TEXT},
	{"key kept here", "has_key", COL_YES},
	{"signing request", "csr", COL_TEXT},
	{"role", "role", COL_TEXT},
	{"pair", "pair", COL_TEXT},
	{"valid from", "not_before", COL_TIME},
	{"valid to", "not_after", COL_TIME},
	{"days left", "days_left", COL_TEXT},
	{"SHA-256", "sha256", COL_TEXT},
	{"SHA-1", "sha1", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_chain[] = {
	{"CHAIN", "name", COL_TEXT},
	{"SUBJECT", "subject", COL_TEXT},
	{"KEY", "key_alg", COL_TEXT},
	{"DAYS", "days_left", COL_RIGHT},
	{NULL, NULL, COL_TEXT},
};

static void
put(struct cli *c, const struct json *v)
{
	const struct json *content = json_at(v, "content");

	if (c->json) {
		out_json(v, c->arena);
		return;
	}
	out_details_at(v, cols_head, WIDTH, c->arena);
	if (json_count(json_at(v, "confirmation")))
		out_details_at(json_at(v, "confirmation"), cols_waiting, WIDTH, c->arena);
	if (json_count(json_at(v, "share")))
		out_details_at(json_at(v, "share"), cols_share, WIDTH, c->arena);
	if (json_bool(json_at(v, "content_closed"))) {
		printf("its content is closed\n");
		return;
	}
	out_details_at(content, cols_content, WIDTH, c->arena);
	if (json_count(json_at(content, "chain"))) {
		printf("\n");
		out_table(json_at(content, "chain"), cols_chain, c->arena);
	}
}

static int
show(struct cli *c, struct err *e)
{
	const struct json *v;
	struct str path;
	int r;

	r = path_of(c, &path, e);
	if (r == 0)
		r = rest_call(c, "GET", path, NULL, &v, e);
	if (r == 0)
		put(c, v);
	return r;
}

static int
act(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	const struct json *v;
	struct str path;
	struct jsonw w;
	int r;

	r = path_of(c, &path, e);
	body_begin(&w, &b);
	body_end(&w);
	if (r == 0)
		r = rest_call(c, "POST", path, &b, &v, e);
	if (r == 0)
		put(c, v);
	return r;
}

static int
put_proof(struct cli *c, struct jsonw *w, struct err *e)
{
	struct blob text;
	int r;

	if (!opt_given(c, "proof"))
		return 0;
	r = file_read(AT_FDCWD, opt_value(c, "proof"), PROOF_MAX, c->arena, &text, e);
	if (r == 0)
		jsonw_kv_str(w, "proof", str_of(text));
	return r;
}

static int
revoke_one(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	const struct json *v;
	struct str path;
	struct jsonw w;
	int r;

	r = path_of(c, &path, e);
	if (r < 0)
		return r;
	body_begin(&w, &b);
	body_opt(c, &w, "reason", "reason");
	body_flag(c, &w, "replace", "replace");
	r = put_proof(c, &w, e);
	body_end(&w);
	if (r < 0)
		return r;
	r = rest_call(c, "POST", path, &b, &v, e);
	if (r == 0)
		put(c, v);
	return r;
}

static int
delete_one(struct cli *c, struct err *e)
{
	const struct json *v;
	struct str path;
	int r;

	r = path_of(c, &path, e);
	if (r == 0 && opt_given(c, "confirmed"))
		path = arena_printf(c->arena, "%.*s?confirmed=true", STRF(path));
	return r < 0 ? r : rest_call(c, "DELETE", path, NULL, &v, e);
}

/* -- downloads */

/* attachment; filename="name.zip": only what is a plain file name is taken over. */
static struct str
file_name(struct str disposition, struct arena *a, int64_t id)
{
	static const char key[] = "filename=\"";
	const char *at = disposition.p ? memmem(disposition.p, disposition.n, key, sizeof(key) - 1) : NULL;
	struct str name = {NULL, 0};

	if (at) {
		at += sizeof(key) - 1;
		name = (struct str){at, disposition.n - (size_t)(at - disposition.p)};
		name = str_cut(&name, '"');
	}
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
			    c == '_' || (c == '.' && i > 0)))
			name.n = 0;
	}
	return name.n ? name : arena_printf(a, "certificate_%lld.zip", (long long)id);
}

/* With --json the written files are one array, printed by download() at the end. */
static int
save(struct cli *c, struct jsonw *w, int dir, const char *dir_name, const char *name, struct blob content,
	bool secret, struct err *e)
{
	int r = file_write_atomic(dir, name, content, secret ? 0600 : 0644, e);

	if (r < 0)
		return r;
	if (!c->json)
		printf("%s/%s%s\n", dir_name, name, secret ? "  (mode 0600)" : "");
	jsonw_str(w, arena_printf(c->arena, "%s/%s", dir_name, name));
	return 0;
}

static int
extract(struct cli *c, struct jsonw *w, int dir, const char *dir_name, struct blob zip, struct err *e)
{
	struct zip_file *files;
	size_t n;
	int r;

	r = unzip_read(zip, c->arena, &files, &n, e);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = save(c, w, dir, dir_name, files[i].name, files[i].content, files[i].secret, e);
	return r;
}

static int
out_dir(struct cli *c, const char **ret_name, int *ret_fd, struct err *e)
{
	const char *name = opt_value(c, "out") ? opt_value(c, "out") : ".";
	int r = strcmp(name, ".") == 0 ? 0 : file_mkdir(AT_FDCWD, name, 0755, e);

	if (r < 0)
		return r;
	*ret_name = name;
	*ret_fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *ret_fd < 0 ? err_errno(e, E_IO, errno, "the folder %s cannot be opened", name) : 0;
}

static int
download(struct cli *c, struct err *e)
{
	struct http_rest_answer answer;
	const char *dir_name = NULL;
	BUF(b, CLI_BODY_MAX);
	struct str path, name;
	struct jsonw w;
	int r, dir = -1;
	int64_t id;

	r = path_of(c, &path, e);
	if (r == 0)
		r = arg_id(c, 0, &id, e);
	if (r == 0)
		r = rest_raw(c, "GET", path, NULL, NULL, &answer, e);
	if (r == 0)
		r = out_dir(c, &dir_name, &dir, e);
	if (r < 0)
		return r;
	name = file_name(answer.disposition, c->arena, id);
	jsonw_init(&w, &b);
	jsonw_array(&w);
	/* an archive may hold the key: closed to others as the key itself */
	if (opt_given(c, "extract"))
		r = extract(c, &w, dir, dir_name, answer.body, e);
	else
		r = save(c, &w, dir, dir_name, arena_cstr(c->arena, name), answer.body, true, e);
	close(dir);
	jsonw_array_end(&w);
	if (r == 0 && c->json)
		printf("%.*s\n", STRF(buf_str(&b)));
	return r;
}

static int
pem(struct cli *c, struct err *e)
{
	struct http_rest_answer answer;
	struct str path;
	int r;

	r = path_of(c, &path, e);
	if (r == 0)
		r = rest_raw(c, "GET", path, NULL, NULL, &answer, e);
	if (r == 0)
		fwrite(answer.body.p, 1, answer.body.n, stdout);
	return r;
}

const struct cmd cmds_certificate[] = {
	{"certificates", "list", "", 0, 0, "list certificates", NULL,
		"  signet certificates list --status about_to_expire\n  signet certificates list --name .example.com",
		{CMD_LIMIT, CMD_CURSOR, {"status", "STATUS", "issued, about_to_expire, expired, revoking, revoked or ended"},
			{"source", "SOURCE", "official, test, uploaded or shared"},
			{"name", "NAME", "an exact name, or .suffix for all below it"}},
		run_list, "/api/v1/certificates", cols_list},
	{"certificates", "show", "ID", 1, 1, "show a certificate and its chain", NULL, "  signet certificates show 9",
		{CMD_NONE}, show, "/api/v1/certificates/{id}", NULL},
	{"certificates", "download", "ID", 1, 1,
		"download the files that a server needs, with the key when it is kept here",
		"Files are printed as they are written; private keys are readable by you alone.",
		"  signet certificates download 9 --format nginx --extract --out /etc/nginx/tls",
		{{"format", "FORMAT", "nginx, apache, tomcat, iis, jks, other, root or tlcp (nginx)"},
			{"out", "DIR", "folder (.)"}, {"extract", NULL, "write the files instead of the archive"}},
		download, "/api/v1/certificates/{id}/package", NULL},
	{"certificates", "pem", "ID", 1, 1, "print certificate and chain in PEM", NULL,
		"  signet certificates pem 9 > fullchain.pem", {CMD_NONE}, pem, "/api/v1/certificates/{id}/pem",
		NULL},
	{"certificates", "revoke", "ID", 1, 1, "revoke a certificate; it cannot be undone",
		"OV and EV certificates wait until the application's contact has used the link of a mail.",
		"  signet certificates revoke 9 --reason superseded",
		{{"reason", "REASON",
			 "unspecified, keyCompromise, affiliationChanged, superseded or cessationOfOperation"},
			{"replace", NULL, "keep the subscription for a replacement instead of a refund"},
			{"proof", "FILE", "for keyCompromise: a signing request by the key, named revoke-SERIAL"}},
		revoke_one, "/api/v1/certificates/{id}:revoke", NULL},
	{"certificates", "send-confirmation", "ID", 1, 1, "mail the link that confirms a revocation once more", NULL,
		"  signet certificates send-confirmation 9", {CMD_NONE}, act,
		"/api/v1/certificates/{id}:send_confirmation", NULL},
	{"certificates", "withdraw-revocation", "ID", 1, 1, "take back a revocation that waits for its confirmation",
		NULL, "  signet certificates withdraw-revocation 9", {CMD_NONE}, act,
		"/api/v1/certificates/{id}:withdraw_revocation", NULL},
	{"certificates", "revoke-any", "ID", 1, 1, "staff: revoke a certificate of any account at once", NULL,
		"  signet certificates revoke-any 9 --reason privilegeWithdrawn",
		{{"reason", "REASON", "as for revoke, and privilegeWithdrawn"},
			{"replace", NULL, "keep the subscription for a replacement instead of a refund"}},
		revoke_one, "/api/v1/certificates/{id}:revoke_any", NULL},
	{"certificates", "delete", "ID", 1, 1, "delete a revoked or expired certificate with its key, or a shared copy", NULL,
		"  signet certificates delete 9", {{"confirmed", NULL, "also when it is deployed or hosted"}},
		delete_one, "/api/v1/certificates/{id}", NULL},
	{0},
};
