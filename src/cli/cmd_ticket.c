/* SPDX-License-Identifier: Apache-2.0 */
/* Tickets: the account's side, and the queue of staff. */
#include <stdio.h>

#include "cli/cli.h"

#define FILES_MAX 10

static const struct col cols_list[] = {
	{"ID", "id", COL_RIGHT},
	{"STATE", "state", COL_TEXT},
	{"URGENT", "urgent", COL_YES},
	{"KIND", "kind", COL_TEXT},
	{"SUBJECT", "subject", COL_TEXT},
	{"ABOUT", "object", COL_TEXT},
	{"ID", "object_id", COL_RIGHT},
	{"SINCE", "since", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_queue[] = {
	{"ID", "id", COL_RIGHT},
	{"URGENT", "urgent", COL_YES},
	{"SINCE", "since", COL_TIME},
	{"KIND", "kind", COL_TEXT},
	{"SUBJECT", "subject", COL_TEXT},
	{"ACCOUNT", "account", COL_RIGHT},
	{"NAME", "account_name", COL_TEXT},
	{"ABOUT", "object", COL_TEXT},
	{"ID", "object_id", COL_RIGHT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_ticket[] = {
	{"ticket", "id", COL_TEXT},
	{"account", "account", COL_TEXT},
	{"name", "account_name", COL_TEXT},
	{"state", "state", COL_TEXT},
	{"since", "since", COL_TIME},
	{"urgent", "urgent", COL_YES},
	{"kind", "kind", COL_TEXT},
	{"about", "object", COL_TEXT},
	{"number", "object_id", COL_TEXT},
	{"subject", "subject", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_messages[] = {
	{"AT", "at", COL_TIME},
	{"STAFF", "from_staff", COL_YES},
	{"BY", "user", COL_TEXT},
	{"TEXT", "text", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_acts[] = {
	{"AT", "at", COL_TIME},
	{"BY", "user", COL_TEXT},
	{"DONE", "act", COL_TEXT},
	{"TO", "object", COL_TEXT},
	{"ID", "object_id", COL_RIGHT},
	{"NOTE", "note", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_files[] = {
	{"FILE", "id", COL_RIGHT},
	{"NAME", "name", COL_TEXT},
	{"TYPE", "media", COL_TEXT},
	{"BYTES", "size", COL_RIGHT},
	{NULL, NULL, COL_TEXT},
};

static void
put(struct cli *c, const struct json *v)
{
	if (c->json) {
		out_json(v, c->arena);
		return;
	}
	out_details(v, cols_ticket, c->arena);
	out_part(NULL, json_at(v, "messages"), cols_messages, c->arena);
	out_part(NULL, json_at(v, "acts"), cols_acts, c->arena);
	out_part(NULL, json_at(v, "attachments"), cols_files, c->arena);
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

/* Files behind the other arguments are sent first. */
static int
put_files(struct cli *c, unsigned from, struct jsonw *w, struct err *e)
{
	const struct json *v;
	int64_t id = 0;
	int r = 0;

	if (c->n_args <= from)
		return 0;
	jsonw_key(w, "attachments");
	jsonw_array(w);
	for (unsigned i = from; r == 0 && i < c->n_args; i++) {
		r = attachment_send(c, c->args[i], &v, e);
		if (r == 0) {
			json_int(json_at(v, "id"), &id);
			jsonw_int(w, id);
		}
	}
	jsonw_array_end(w);
	return r;
}

/* What it is about: --about bill --id 5 */
static int
put_about(struct cli *c, struct jsonw *w, struct err *e)
{
	body_opt(c, w, "about", "object");
	return body_int(c, w, "id", "object_id", e);
}

static int
open_ticket(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int r;

	body_begin(&w, &b);
	jsonw_kv_c(&w, "kind", c->args[0]);
	jsonw_kv_c(&w, "subject", c->args[1]);
	jsonw_kv_c(&w, "text", c->args[2]);
	body_flag(c, &w, "urgent", "urgent");
	r = put_about(c, &w, e);
	if (r == 0)
		r = put_files(c, 3, &w, e);
	body_end(&w);
	return r < 0 ? r : rest_act(c, "POST", &b, put, e);
}

static int
say(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int r;

	body_begin(&w, &b);
	jsonw_kv_c(&w, "text", c->args[1]);
	r = put_files(c, 2, &w, e);
	body_end(&w);
	return r < 0 ? r : rest_act(c, "POST", &b, put, e);
}

static int
record(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int r;

	body_begin(&w, &b);
	jsonw_kv_c(&w, "act", c->args[1]);
	r = put_about(c, &w, e);
	body_opt(c, &w, "note", "note");
	body_end(&w);
	return r < 0 ? r : rest_act(c, "POST", &b, put, e);
}

#define ABOUT {"about", "KIND", "subscription, application, certificate or bill"}, {"id", "ID", "its number"}
#define KINDS "merge, reopen (a closed order), correct (what was submitted), refund, other."

const struct cmd cmds_ticket[] = {
	{"tickets", "list", "", 0, 0, "list your account's tickets", NULL, "  signet tickets list --state answered",
		{CMD_LIMIT, CMD_CURSOR, {"state", "STATE", "open, answered or closed"}}, run_list, "/api/v1/tickets",
		cols_list},
	{"tickets", "open", "KIND SUBJECT TEXT [FILE...]", 3, 3 + FILES_MAX, "ask staff for something", "Kinds: " KINDS,
		"  signet tickets open reopen 'Closed by mistake' 'Please open it again.' --about subscription --id 8",
		{{"urgent", NULL, "before others that wait"}, ABOUT}, open_ticket, "/api/v1/tickets", NULL},
	{"tickets", "show", "ID", 1, 1, "show a ticket with its thread", NULL, "  signet tickets show 3", {CMD_NONE},
		show, "/api/v1/tickets/{id}", NULL},
	{"tickets", "reply", "ID TEXT [FILE...]", 2, 2 + FILES_MAX, "write into a ticket", NULL,
		"  signet tickets reply 3 'Yes, that one.'", {CMD_NONE}, say, "/api/v1/tickets/{id}:reply", NULL},
	{"tickets", "close", "ID", 1, 1, "close a ticket: nothing more is wanted", NULL, "  signet tickets close 3",
		{CMD_NONE}, act, "/api/v1/tickets/{id}:close", NULL},
	{"ticket-queue", "list", "", 0, 0, "list what accounts ask for: urgent first, then those that wait longest (staff)",
		NULL, "  signet ticket-queue list",
		{CMD_LIMIT, CMD_CURSOR, {"state", "STATE", "open (default), answered or closed"}}, run_list,
		"/api/v1/ticket-queue", cols_queue},
	{"ticket-queue", "show", "ID", 1, 1, "show any account's ticket (staff)", NULL, "  signet ticket-queue show 3",
		{CMD_NONE}, show, "/api/v1/ticket-queue/{id}", NULL},
	{"ticket-queue", "answer", "ID TEXT [FILE...]", 2, 2 + FILES_MAX, "answer a ticket (staff)", NULL,
		"  signet ticket-queue answer 3 'Your order is open again.'", {CMD_NONE}, say,
		"/api/v1/ticket-queue/{id}:answer", NULL},
	{"ticket-queue", "close", "ID", 1, 1, "close a ticket (staff)", NULL, "  signet ticket-queue close 3", {CMD_NONE},
		act, "/api/v1/ticket-queue/{id}:close", NULL},
	{"ticket-queue", "record", "ID ACT", 2, 2, "note with a ticket what was done by another command (staff)",
		"Acts: merge, reopen, correct, refund, other. Commands with --ticket note it by themselves.",
		"  signet ticket-queue record 3 refund --about bill --id 5", {ABOUT, {"note", "TEXT", "more about it"}},
		record, "/api/v1/ticket-queue/{id}:record", NULL},
	{0},
};
