/* SPDX-License-Identifier: Apache-2.0 */
/* The status of a certificate by a revocation list or an OCSP response in a file. Needs no service. */
#include <stdio.h>

#include "base/clock.h"
#include "base/rfc3339.h"
#include "cli/cert_files.h"
#include "cli/cli.h"
#include "inspect/single.h"

#define OUT_MAX 4096

struct question {
	struct cert_list leaf, issuers;
	struct left_out left_out;
	bool no_leaf; /* none is given */
	int64_t now_ms;
};

static int
file_of(const struct cli *c, const char *option, const char **ret, struct err *e)
{
	*ret = opt_value(c, option);
	return *ret ? 0 : err_set(e, E_USAGE, "--%s FILE is missing", option);
}

static int
question_read(struct cli *c, struct question *q, struct err *e)
{
	const char *t = opt_value(c, "time"), *leaf = opt_value(c, "leaf"), *issuer;
	int r = file_of(c, "issuer", &issuer, e);

	q->no_leaf = !leaf;
	if (r == 0 && leaf)
		r = cert_file_read(leaf, c->arena, &q->leaf, &q->left_out, e);
	if (r == 0)
		r = cert_file_read(issuer, c->arena, &q->issuers, &q->left_out, e);
	q->now_ms = clock_wall_ms();
	if (r == 0 && t && !rfc3339_get(str_c(t), &q->now_ms))
		return err_field(e, E_USAGE, "time", "--time %s is no RFC 3339 time like 2026-11-21T08:00:00Z", t);
	return r;
}

/* What is missing to judge at all. */
static bool
incomplete(const struct question *q, bool answered, struct single_answer *ret)
{
	if ((q->leaf.n || q->no_leaf) && q->issuers.n && answered)
		return false;
	*ret = (struct single_answer){.word = SINGLE_UNKNOWN, .next_update_ms = INT64_MAX};
	if (q->left_out.n)
		snprintf(ret->why, sizeof(ret->why), "%.*s", (int)MIN(q->left_out.v[0].n, sizeof(ret->why) - 1),
			q->left_out.v[0].p);
	else
		snprintf(ret->why, sizeof(ret->why), "a file holds nothing of the kind that is asked for");
	return true;
}

static void
put_time(const char *what, int64_t ms)
{
	char text[RFC3339_MAX];

	if (ms && ms != INT64_MAX)
		printf("%-12s %s\n", what, rfc3339_put(ms, text));
}

static void
put_json(const struct single_answer *r, const char *word)
{
	BUF(b, OUT_MAX);
	struct jsonw w;

	jsonw_init(&w, &b);
	jsonw_object(&w);
	jsonw_kv_c(&w, "status", word);
	jsonw_kv_c(&w, "why", r->why[0] ? r->why : NULL);
	jsonw_kv_time(&w, "revoked", r->revoked_ms);
	if (r->word == SINGLE_REVOKED)
		jsonw_kv_int(&w, "reason", r->reason);
	jsonw_kv_time(&w, "this_update", r->this_update_ms);
	jsonw_kv_time(&w, "next_update", r->next_update_ms == INT64_MAX ? 0 : r->next_update_ms);
	jsonw_object_end(&w);
	printf("%.*s\n", STRF(buf_str(&b)));
}

/* Exit 0: good; 1: revoked or unknown. */
static int
tell(const struct cli *c, const struct single_answer *r)
{
	static const char *const words[] = {
		[SINGLE_UNKNOWN] = "unknown", [SINGLE_GOOD] = "good", [SINGLE_REVOKED] = "revoked"};

	if (c->json) {
		put_json(r, words[r->word]);
	} else {
		printf("%s\n", words[r->word]);
		if (r->why[0])
			printf("%-12s %s\n", "why", r->why);
		put_time("revoked", r->revoked_ms);
		if (r->word == SINGLE_REVOKED)
			printf("%-12s %d\n", "reason", r->reason);
		put_time("this update", r->this_update_ms);
		put_time("next update", r->next_update_ms);
	}
	return r->word == SINGLE_GOOD ? 0 : 1;
}

/* Of all that stand in the file revoked wins, then good: the order does not decide. */
static void
take_answer(struct single_answer *best, const struct single_answer *one)
{
	bool better = one->word == SINGLE_REVOKED ? best->word != SINGLE_REVOKED
						  : one->word == SINGLE_GOOD && best->word == SINGLE_UNKNOWN;

	if (better)
		*best = *one;
}

static int
crl_check(struct cli *c, struct err *e)
{
	struct question q = {.now_ms = 0};
	struct crl_list lists = {NULL, 0, 0};
	struct single_answer answer, one;
	const char *path;
	int r = file_of(c, "leaf", &path, e);

	if (r == 0)
		r = question_read(c, &q, e);
	if (r == 0)
		r = file_of(c, "crl", &path, e);
	if (r == 0)
		r = crl_file_read(path, c->arena, &lists, &q.left_out, e);
	if (r < 0)
		return r;
	if (!incomplete(&q, lists.n > 0, &answer))
		single_by_crl(q.leaf.v[0], q.issuers.v, q.issuers.n, &lists.v[0], q.now_ms, &answer);
	for (size_t i = 1; q.leaf.n && q.issuers.n && i < lists.n; i++) {
		single_by_crl(q.leaf.v[0], q.issuers.v, q.issuers.n, &lists.v[i], q.now_ms, &one);
		take_answer(&answer, &one);
	}
	return tell(c, &answer);
}

static int
ocsp_check(struct cli *c, struct err *e)
{
	struct question q = {.now_ms = 0};
	struct ocsp_list responses = {NULL, 0, 0};
	struct single_answer answer, one;
	const char *path;
	int r = question_read(c, &q, e);

	if (r == 0)
		r = file_of(c, "response", &path, e);
	if (r == 0)
		r = ocsp_file_read(path, c->arena, &responses, &q.left_out, e);
	if (r < 0)
		return r;
	if (!incomplete(&q, responses.n > 0, &answer))
		single_by_ocsp(q.no_leaf ? NULL : q.leaf.v[0], q.issuers.v, q.issuers.n, &responses.v[0], q.now_ms, &answer);
	for (size_t i = 1; (q.no_leaf || q.leaf.n) && q.issuers.n && i < responses.n; i++) {
		single_by_ocsp(q.no_leaf ? NULL : q.leaf.v[0], q.issuers.v, q.issuers.n, &responses.v[i], q.now_ms, &one);
		take_answer(&answer, &one);
	}
	return tell(c, &answer);
}

#define LEAF {"leaf", "FILE", "the certificate that is asked about"}
#define ISSUER {"issuer", "FILE", "its issuer's certificate; several after a change of keys"}
#define TIME {"time", "RFC3339", "judge at this time (now)"}
#define TEXT \
	"Prints good, revoked or unknown, and why. Needs no service and asks no network. Files hold PEM or DER.\n" \
	"Exit 0: good; 1: revoked or unknown; 2: usage."

const struct cmd cmds_single[] = {
	{"crl-check", NULL, "", 0, 0, "a certificate's status by a revocation list in a file", TEXT,
		"  signet crl-check --leaf server.pem --issuer issuer.pem --crl issuer.crl",
		{LEAF, ISSUER, {"crl", "FILE", "the revocation list"}, TIME, CMD_NONE}, crl_check, NULL, NULL},
	{"ocsp-check", NULL, "", 0, 0, "a certificate's status by an OCSP response in a file", TEXT,
		"  signet ocsp-check --leaf server.pem --issuer issuer.pem --response answer.der",
		{{"leaf", "FILE", "the certificate that is asked about (the one that the response speaks of)"}, ISSUER,
			 {"response", "FILE", "the OCSP response"}, TIME, CMD_NONE}, ocsp_check, NULL, NULL},
	{0},
};
