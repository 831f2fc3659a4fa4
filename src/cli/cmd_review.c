/* SPDX-License-Identifier: Apache-2.0 */
/* The reviewers' queue, and the applicant's side of the thread. */
#include <stdio.h>

#include "cli/application_out.h"
#include "cli/cli.h"

#define WIDTH 16 /* of the longest head of a review */

static const struct col cols_reviews[] = {
	{"ID", "id", COL_RIGHT},
	{"WAITS S", "wait_s", COL_RIGHT},
	{"OVERDUE", "overdue", COL_YES},
	{"TYPE", "type", COL_TEXT},
	{"NAME", "name", COL_TEXT},
	{"NAMES", "n_names", COL_RIGHT},
	{"ACCOUNT", "account_name", COL_TEXT},
	{"CLAIMED BY", "claimed_by", COL_TEXT},
	{"APPROVED ONCE", "approved_once", COL_YES},
	{"HELD FOR", "held", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_review[] = {
	{"review", "id", COL_TEXT},
	{"state", "state", COL_TEXT},
	{"held for", "held", COL_TEXT},
	{"waits since", "since", COL_TIME},
	{"average wait, s", "average_wait_s", COL_TEXT},
	{"claimed by", "claimed_by", COL_TEXT},
	{"approved by", "approved_by", COL_TEXT},
	{"decided by", "decided_by", COL_TEXT},
	{"reason", "reason", COL_TEXT},
	{"note", "note", COL_TEXT},
	{"names unproven", "unproven", COL_TEXT},
	{"company verified", "company_verified", COL_TIME},
	{"counts until", "company_until", COL_TIME},
	{"by application", "company_application", COL_TEXT},
	{"account", "account.name", COL_TEXT},
	{"owner", "account.owner_name", COL_TEXT},
	{"owner's number", "account.owner_number", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

/* What the reviewer compares with registers and calls (SPEC 3.5). */
static const struct col cols_company[] = {
	{"company", "name", COL_TEXT},
	{"its number", "number", COL_TEXT},
	{"type", "type", COL_TEXT},
	{"phone", "phone", COL_TEXT},
	{"country", "country", COL_TEXT},
	{"province", "province", COL_TEXT},
	{"city", "city", COL_TEXT},
	{"address", "address", COL_TEXT},
	{"postcode", "postcode", COL_TEXT},
	{"department", "department", COL_TEXT},
	{"licence's file", "licence", COL_TEXT},
	{"category", "business_category", COL_TEXT},
	{"registered in", "jurisdiction_country", COL_TEXT},
	{"its province", "jurisdiction_province", COL_TEXT},
	{"its place", "jurisdiction_locality", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_evidence[] = {
	{"AT", "at", COL_TIME},
	{"WHAT", "purpose", COL_TEXT},
	{"ASKED", "name_asked", COL_TEXT},
	{"PROVEN", "name_proven", COL_TEXT},
	{"OK", "ok", COL_YES},
	{"MESSAGE", "message", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_caa[] = {
	{"AT", "at", COL_TIME},
	{"NAME", "name", COL_TEXT},
	{"ALLOWED", "allowed", COL_YES},
	{"FRESH", "fresh", COL_YES},
	{"MESSAGE", "message", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_calls[] = {
	{"CALLED", "called", COL_TIME},
	{"BY", "user", COL_TEXT},
	{"WHOM", "callee", COL_TEXT},
	{"NUMBER", "number", COL_TEXT},
	{"FOUND IN", "source", COL_TEXT},
	{"RESULT", "result", COL_TEXT},
	{"NOTE", "note", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_messages[] = {
	{"AT", "at", COL_TIME},
	{"FROM REVIEWER", "from_reviewer", COL_YES},
	{"BY", "user", COL_TEXT},
	{"TEXT", "text", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static void
put(struct cli *c, const struct json *v)
{
	if (c->json) {
		out_json(v, c->arena);
		return;
	}
	out_details(v, cols_review, c->arena);
	if (json_count(json_at(json_at(v, "application"), "company"))) {
		printf("\n");
		out_details_at(json_at(json_at(v, "application"), "company"), cols_company, WIDTH, c->arena);
	}
	printf("\n");
	application_put(json_at(v, "application"), c->arena);
	out_part("CAA records", json_at(v, "caa"), cols_caa, c->arena);
	out_part("evidence", json_at(v, "records"), cols_evidence, c->arena);
	out_part("calls", json_at(v, "calls"), cols_calls, c->arena);
	out_part("messages", json_at(v, "messages"), cols_messages, c->arena);
}

static int
show(struct cli *c, struct err *e)
{
	return rest_act(c, "GET", NULL, put, e);
}

static int
act(struct cli *c, struct err *e)
{
	return rest_act(c, "POST", NULL, put, e);
}

static int
queue(struct cli *c, struct err *e)
{
	static const struct col cols[] = {
		{"waiting", "waiting", COL_TEXT},
		{"average wait, s", "average_wait_s", COL_TEXT},
		{NULL, NULL, COL_TEXT},
	};
	const struct json *v;
	int r = rest_call(c, "GET", STR("/api/v1/review-queue"), NULL, &v, e);

	if (r == 0)
		out_answer(c, v, cols);
	return r;
}

static int
approve(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;

	body_begin(&w, &b);
	body_opt(c, &w, "note", "note");
	body_end(&w);
	return rest_act(c, "POST", &b, put, e);
}

static int
reject(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;

	body_begin(&w, &b);
	jsonw_kv_c(&w, "reason", c->args[1]);
	jsonw_kv_c(&w, "text", c->args[2]);
	body_end(&w);
	return rest_act(c, "POST", &b, put, e);
}

static int
say(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;

	body_begin(&w, &b);
	jsonw_kv_c(&w, "text", c->args[1]);
	body_end(&w);
	return rest_act(c, "POST", &b, put, e);
}

static int
log_call(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int r;

	body_begin(&w, &b);
	jsonw_kv_c(&w, "callee", c->args[1]);
	jsonw_kv_c(&w, "number", c->args[2]);
	jsonw_kv_c(&w, "result", c->args[3]);
	body_opt(c, &w, "source", "source");
	body_opt(c, &w, "note", "note");
	r = body_int(c, &w, "minutes-ago", "minutes_ago", e);
	body_end(&w);
	return r < 0 ? r : rest_act(c, "POST", &b, put, e);
}

const struct cmd cmds_review[] = {
	{"reviews", "queue", "", 0, 0, "how many applications wait for a reviewer, and how long they do", NULL,
		"  signet reviews queue", {CMD_NONE}, queue, NULL, NULL},
	{"reviews", "list", "", 0, 0, "list what waits for a reviewer, longest first", NULL, "  signet reviews list",
		{CMD_LIMIT, CMD_CURSOR, {"state", "STATE", "waiting (default), approved, rejected, returned, withdrawn"}},
		run_list, "/api/v1/reviews", cols_reviews},
	{"reviews", "show", "ID", 1, 1, "show a review with all evidence", NULL, "  signet reviews show 3", {CMD_NONE}, show,
		"/api/v1/reviews/{id}", NULL},
	{"reviews", "claim", "ID", 1, 1, "work on a review: nobody else acts on it", NULL, "  signet reviews claim 3",
		{CMD_NONE}, act, "/api/v1/reviews/{id}:claim", NULL},
	{"reviews", "check-caa", "ID", 1, 1, "look at the CAA records of all names anew", NULL,
		"  signet reviews check-caa 3", {CMD_NONE}, act, "/api/v1/reviews/{id}:check_caa", NULL},
	{"reviews", "release", "ID", 1, 1, "give a claimed review back", NULL, "  signet reviews release 3", {CMD_NONE}, act,
		"/api/v1/reviews/{id}:release", NULL},
	{"reviews", "approve", "ID", 1, 1, "approve: the certificate is issued", NULL, "  signet reviews approve 3",
		{{"note", "TEXT", "what it rests on"}}, approve, "/api/v1/reviews/{id}:approve", NULL},
	{"reviews", "reject", "ID REASON TEXT", 3, 3, "reject: the application fails with reason, cure and text",
		"Reasons: company_unknown, company_differs, licence_unreadable, phone_unreachable, contact_unknown,\n"
		"name_high_risk, no_answer, other.",
		"  signet reviews reject 3 company_differs 'The register says Beispiel GmbH.'", {CMD_NONE}, reject,
		"/api/v1/reviews/{id}:reject", NULL},
	{"reviews", "ask", "ID TEXT", 2, 2, "ask the applicant", NULL, "  signet reviews ask 3 'Which department is it?'",
		{CMD_NONE}, say, "/api/v1/reviews/{id}:ask", NULL},
	{"reviews", "call", "ID WHOM NUMBER RESULT", 4, 4, "note a telephone call",
		"Results: confirmed, denied, no_answer, other.",
		"  signet reviews call 3 'Li Wei' '+86 21 5555 0000' confirmed --source 'public register'",
		{{"source", "TEXT", "where the number was found"}, {"note", "TEXT", "what was said"},
			{"minutes-ago", "N", "when the call was"}},
		log_call,
		"/api/v1/reviews/{id}:log_call", NULL},
	{"applications", "messages", "ID", 1, 1, "read the thread with the reviewers", NULL,
		"  signet applications messages 7",
		{CMD_NONE}, run_list, "/api/v1/applications/{id}/messages", cols_messages},
	{"applications", "message", "ID TEXT", 2, 2, "write to the reviewers", NULL,
		"  signet applications message 7 'The licence is uploaded anew.'", {CMD_NONE}, say,
		"/api/v1/applications/{id}:message", NULL},
	{0},
};
