/* SPDX-License-Identifier: Apache-2.0 */
/* What TLS clients are told about a certificate: asked at the public addresses that stand in it. */
#include <fcntl.h>
#include <stdio.h>

#include "base/hex.h"
#include "base/rfc3339.h"
#include "cli/cli.h"
#include "cli/status_read.h"
#include "os/file.h"

/* RFC 5280 5.3.1 */
static const char *const reasons[] = {"unspecified", "keyCompromise", "cACompromise", "affiliationChanged",
	"superseded", "cessationOfOperation", "certificateHold", "7", "removeFromCRL", "privilegeWithdrawn",
	"aACompromise"};

struct question {
	int64_t id;
	struct str url;
	struct blob serial;
	struct status_issuer issuer;
};

/* The certificate's serial and address, and its issuer's certificate. */
static int
prepare(struct cli *c, const char *url_member, struct question *ret, struct err *e)
{
	struct http_rest_answer answer;
	const struct json *v;
	struct str issuer;
	int r;

	r = arg_id(c, 0, &ret->id, e);
	if (r == 0)
		r = rest_call(c, "GET", arena_printf(c->arena, "/api/v1/certificates/%lld", (long long)ret->id), NULL,
			&v, e);
	if (r < 0)
		return r;
	ret->url = json_str(json_at(v, url_member));
	issuer = json_str(json_at(v, "issuer_url"));
	if (!ret->url.n || !issuer.n || !hex_decode(c->arena, json_str(json_at(v, "serial")), &ret->serial))
		return err_set(e, E_UNSUPPORTED,
			"certificate %lld was not issued by this service: it has no such address",
			(long long)ret->id);
	r = rest_public(c, "GET", issuer, NULL, (struct blob){NULL, 0}, &answer, e);
	return r < 0 ? r : status_issuer_read(answer.body, c->arena, &ret->issuer, e);
}

static void
put_time(const char *what, int64_t ms)
{
	char text[RFC3339_MAX];

	if (ms)
		printf("%-12s %s\n", what, rfc3339_put(ms, text));
}

static void
put_json(const struct question *q, const struct status *s, bool revoked)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;

	jsonw_init(&w, &b);
	jsonw_object(&w);
	jsonw_kv_int(&w, "certificate", q->id);
	jsonw_kv_hex(&w, "serial", q->serial);
	jsonw_kv_str(&w, "url", q->url);
	jsonw_kv_c(&w, "status", s->word);
	jsonw_kv_time(&w, "revoked", s->revoked_ms);
	jsonw_kv_c(&w, "reason", revoked ? reasons[MIN((size_t)s->reason, ARRAY_LEN(reasons) - 1)] : NULL);
	jsonw_kv_time(&w, "this_update", s->this_update_ms);
	jsonw_kv_time(&w, "next_update", s->next_update_ms);
	jsonw_object_end(&w);
	printf("%.*s\n", STRF(buf_str(&b)));
}

/* Exit 0: not revoked; 1: revoked or unknown. */
static int
tell(struct cli *c, const struct question *q, const struct status *s)
{
	bool revoked = s->revoked_ms != 0;

	if (c->json) {
		put_json(q, s, revoked);
	} else {
		printf("%-12s %s\n", "status", s->word);
		put_time("revoked", s->revoked_ms);
		if (revoked)
			printf("%-12s %s\n", "reason", reasons[MIN((size_t)s->reason, ARRAY_LEN(reasons) - 1)]);
		put_time("this update", s->this_update_ms);
		put_time("next update", s->next_update_ms);
		printf("%-12s %.*s (signature verified)\n", "from", STRF(q->url));
	}
	return strcmp(s->word, "good") == 0 || strcmp(s->word, "not listed") == 0 ? 0 : 1;
}

static int
ocsp(struct cli *c, struct err *e)
{
	struct http_rest_answer answer;
	struct question q = {0};
	struct status s;
	int r;

	r = prepare(c, "ocsp_url", &q, e);
	if (r == 0)
		r = rest_public(c, "POST", q.url, "application/ocsp-request",
			ocsp_question(&q.issuer, q.serial, c->arena), &answer, e);
	if (r == 0)
		r = ocsp_answer_read(answer.body, &q.issuer, q.serial, &s, e);
	return r < 0 ? r : tell(c, &q, &s);
}

static int
crl(struct cli *c, struct err *e)
{
	const char *out = opt_value(c, "out");
	struct http_rest_answer answer;
	struct question q = {0};
	struct status s;
	int r;

	r = prepare(c, "crl_url", &q, e);
	if (r == 0)
		r = rest_public(c, "GET", q.url, NULL, (struct blob){NULL, 0}, &answer, e);
	if (r == 0)
		r = crl_read(answer.body, &q.issuer, q.serial, &s, e);
	if (r == 0 && out)
		r = file_write_atomic(AT_FDCWD, out, answer.body, 0644, e);
	return r < 0 ? r : tell(c, &q, &s);
}

const struct cmd cmds_status[] = {
	{"ocsp", NULL, "CERTIFICATE-ID", 1, 1, "ask the OCSP responder about a certificate",
		"Asks at the address that stands in the certificate and verifies the answer's signature. Exit 0: "
		"good.",
		"  signet ocsp 9", {CMD_NONE}, ocsp, NULL, NULL},
	{"crl", NULL, "CERTIFICATE-ID", 1, 1, "look a certificate up in its revocation list",
		"Fetches the list that the certificate names and verifies its signature. Exit 0: not listed.",
		"  signet crl 9\n  signet crl 9 --out issuer.crl", {{"out", "FILE", "keep the list (DER)"}}, crl,
		NULL, NULL},
	{0},
};
