/* SPDX-License-Identifier: Apache-2.0 */
/* Servers of the network: scans for them, their inventory, those that are watched. */
#include <stdio.h>

#include "cli/cli.h"

/* -- scans */

static const struct col cols_scans[] = {
	{"ID", "id", COL_RIGHT},
	{"NAME", "name", COL_TEXT},
	{"STATE", "state", COL_TEXT},
	{"DONE", "done", COL_RIGHT},
	{"OF", "total", COL_RIGHT},
	{"FOUND", "found", COL_RIGHT},
	{"FAILED", "failed", COL_RIGHT},
	{"CREATED", "created", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_scan[] = {
	{"id", "id", COL_TEXT},
	{"name", "name", COL_TEXT},
	{"targets", "targets", COL_WORDS},
	{"ports", "ports", COL_WORDS},
	{"starttls", "starttls", COL_TEXT},
	{"rate", "rate", COL_TEXT},
	{"state", "state", COL_TEXT},
	{"places", "total", COL_TEXT},
	{"looked at", "done", COL_TEXT},
	{"found", "found", COL_TEXT},
	{"failed", "failed", COL_TEXT},
	{"created", "created", COL_TIME},
	{"started", "started", COL_TIME},
	{"finished", "finished", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_faults[] = {
	{"FAILED", "target", COL_TEXT},
	{"CODE", "code", COL_TEXT},
	{"WHY", "message", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

/* "443,8443" */
static int
body_ports(struct cli *c, struct jsonw *w, struct err *e)
{
	struct str rest = str_c(opt_value(c, "ports"));
	uint64_t port;

	if (!rest.p)
		return 0;
	jsonw_key(w, "ports");
	jsonw_array(w);
	while (rest.p) {
		struct str one = str_cut(&rest, ',');

		if (!str_u64(one, UINT16_MAX, &port) || !port)
			return err_set(e, E_USAGE, "--ports: \"%.*s\" is no port", STRF(one));
		jsonw_int(w, (int64_t)port);
	}
	jsonw_array_end(w);
	return 0;
}

static int
scan_create(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int r;

	body_begin(&w, &b);
	body_opt(c, &w, "name", "name");
	jsonw_key(&w, "targets");
	jsonw_array(&w);
	for (unsigned i = 0; i < c->n_args; i++)
		jsonw_str(&w, str_c(c->args[i]));
	jsonw_array_end(&w);
	r = body_ports(c, &w, e);
	if (r < 0)
		return r;
	body_opt(c, &w, "starttls", "starttls");
	r = body_int(c, &w, "rate", "rate", e);
	body_end(&w);
	return r < 0 ? r : rest_show(c, "POST", STR("/api/v1/scans"), &b, cols_scan, e);
}

static void
put_scan(struct cli *c, const struct json *v)
{
	out_answer(c, v, cols_scan);
	if (!c->json)
		out_part(NULL, json_at(v, "faults"), cols_faults, c->arena);
}

static int
scan_show(struct cli *c, struct err *e)
{
	return rest_act(c, "GET", NULL, put_scan, e);
}

/* -- the inventory */

static const struct col cols_hosts[] = {
	{"ID", "id", COL_RIGHT},
	{"SERVER", "name", COL_TEXT},
	{"PORT", "port", COL_RIGHT},
	{"STATUS", "status", COL_TEXT},
	{"NAMES", "names", COL_WORDS},
	{"ISSUER", "issuer", COL_TEXT},
	{"ENDS", "not_after", COL_DAY},
	{"SEEN", "last_seen", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_host[] = {
	{"id", "id", COL_TEXT},
	{"server", "name", COL_TEXT},
	{"port", "port", COL_TEXT},
	{"starttls", "starttls", COL_TEXT},
	{"address", "address", COL_TEXT},
	{"status", "status", COL_TEXT},
	{"trusted", "trusted", COL_YES},
	{"protocol", "protocol", COL_TEXT},
	{"suite", "suite", COL_TEXT},
	{"subject", "subject", COL_TEXT},
	{"issuer", "issuer", COL_TEXT},
	{"serial", "serial", COL_TEXT},
	{"names", "names", COL_WORDS},
	{"key", "key_alg", COL_TEXT},
	{"sha256", "sha256", COL_TEXT},
	{"valid from", "not_before", COL_TIME},
	{"valid until", "not_after", COL_TIME},
	{"own certificate", "certificate", COL_TEXT},
	{"monitor", "monitor", COL_TEXT},
	{"first seen", "first_seen", COL_TIME},
	{"last seen", "last_seen", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_findings[] = {
	{"FOUND", "severity", COL_TEXT},
	{"WHAT", "message", COL_TEXT},
	{"EXACTLY", "found", COL_TEXT},
	{"CURE", "cure", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static void
put_host(struct cli *c, const struct json *v)
{
	out_answer(c, v, cols_host);
	if (!c->json)
		out_part(NULL, json_at(v, "findings"), cols_findings, c->arena);
}

static int
host_show(struct cli *c, struct err *e)
{
	return rest_act(c, "GET", NULL, put_host, e);
}

/* -- inspections */

static const struct col cols_inspection[] = {
	{"server", "name", COL_TEXT},
	{"port", "port", COL_TEXT},
	{"address", "address", COL_TEXT},
	{"outcome", "outcome", COL_TEXT},
	{"why", "message", COL_TEXT},
	{"status", "status", COL_TEXT},
	{"trusted", "trusted", COL_YES},
	{"protocol", "protocol", COL_TEXT},
	{"suite", "suite", COL_TEXT},
	{"versions", "versions", COL_WORDS},
	{"weak suites", "weak", COL_WORDS},
	{"stapled", "staple", COL_TEXT},
	{"Chrome says", "browsers.chrome", COL_TEXT},
	{"Firefox says", "browsers.firefox", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_chain[] = {
	{"CERTIFICATE", "subject", COL_TEXT},
	{"ISSUER", "issuer", COL_TEXT},
	{"KEY", "key_alg", COL_TEXT},
	{"ENDS", "not_after", COL_DAY},
	{NULL, NULL, COL_TEXT},
};

/* Exit 1 when clients would refuse it, or nobody answers. */
static int
inspect(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	const struct json *v;
	struct jsonw w;
	struct str status;
	int r;

	body_begin(&w, &b);
	jsonw_kv_c(&w, "target", c->args[0]);
	body_opt(c, &w, "starttls", "starttls");
	body_opt(c, &w, "name", "name");
	body_end(&w);
	r = rest_call(c, "POST", STR("/api/v1/inspections"), &b, &v, e);
	if (r < 0)
		return r;
	out_answer(c, v, cols_inspection);
	if (!c->json) {
		out_part(NULL, json_at(v, "chain"), cols_chain, c->arena);
		out_part(NULL, json_at(v, "findings"), cols_findings, c->arena);
	}
	status = json_str(json_at(v, "status"));
	return str_eq_c(status, "good") || str_eq_c(status, "about_to_expire") ? 0 : 1;
}

/* -- monitors */

static const struct col cols_monitors[] = {
	{"ID", "id", COL_RIGHT},
	{"SERVER", "name", COL_TEXT},
	{"PORT", "port", COL_RIGHT},
	{"STATUS", "status", COL_TEXT},
	{"FAILURES", "failures", COL_RIGHT},
	{"LOOKED", "looked", COL_TIME},
	{"NEXT", "next", COL_TIME},
	{"LAST FAULT", "message", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_monitor[] = {
	{"id", "id", COL_TEXT},
	{"server", "name", COL_TEXT},
	{"port", "port", COL_TEXT},
	{"starttls", "starttls", COL_TEXT},
	{"in the inventory", "host", COL_TEXT},
	{"interval (seconds)", "interval", COL_TEXT},
	{"status", "status", COL_TEXT},
	{"failures", "failures", COL_TEXT},
	{"last fault", "message", COL_TEXT},
	{"looked", "looked", COL_TIME},
	{"next", "next", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_events[] = {
	{"AT", "at", COL_TIME},
	{"WHAT", "kind", COL_TEXT},
	{"STATUS", "status", COL_TEXT},
	{"ENDS", "not_after", COL_DAY},
	{"DETAIL", "detail", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static void
put_monitor(struct cli *c, const struct json *v)
{
	out_answer(c, v, cols_monitor);
	if (!c->json)
		out_part(NULL, json_at(v, "history"), cols_events, c->arena);
}

static int
monitor_show(struct cli *c, struct err *e)
{
	return rest_act(c, "GET", NULL, put_monitor, e);
}

static int
monitor_add(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	uint64_t host;
	struct jsonw w;
	int r;

	body_begin(&w, &b);
	if (str_u64(str_c(c->args[0]), INT64_MAX, &host))
		jsonw_kv_int(&w, "host", (int64_t)host);
	else
		jsonw_kv_c(&w, "target", c->args[0]);
	body_opt(c, &w, "starttls", "starttls");
	r = body_int(c, &w, "interval", "interval", e);
	body_end(&w);
	return r < 0 ? r : rest_show(c, "POST", STR("/api/v1/monitors"), &b, cols_monitor, e);
}

static int
monitor_set(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int r;

	body_begin(&w, &b);
	r = body_int(c, &w, "interval", "interval", e);
	body_end(&w);
	return r < 0 ? r : rest_act(c, "PATCH", &b, put_monitor, e);
}

#define OPT_STARTTLS {"starttls", "P", "none, smtp, imap, pop3, ldap or postgresql; as is custom at the port when left out"}

const struct cmd cmds_scan[] = {
	{"scans", "list", "", 0, 0, "list the scans with how far they have got", NULL, "  signet scans list",
		{CMD_LIMIT, CMD_CURSOR}, run_list, "/api/v1/scans", cols_scans},
	{"scans", "show", "ID", 1, 1, "show a scan and what has failed", NULL, "  signet scans show 3", {CMD_NONE},
		scan_show, "/api/v1/scans/{id}", NULL},
	{"scans", "create", "TARGET...", 1, 256, "look for servers",
		"TARGET is a host name, an address, a network (192.0.2.0/24), or a name or address with its port.",
		"  signet scans create 10.0.0.0/28 www.example.com:8443 --ports 443,25",
		{{"name", "NAME", "what people call it"}, {"ports", "N,N", "where to look (443)"}, OPT_STARTTLS,
			{"rate", "N", "new connections within a second (20)"}},
		scan_create, NULL, NULL},
	{"scans", "stop", "ID", 1, 1, "stop a scan for good", NULL, "  signet scans stop 3", {CMD_NONE}, run_post,
		"/api/v1/scans/{id}:stop", cols_scan},
	{"scans", "delete", "ID", 1, 1, "delete a scan that is over; what it has found stays", NULL,
		"  signet scans delete 3", {CMD_NONE}, run_delete, "/api/v1/scans/{id}", NULL},
	{"hosts", "list", "", 0, 0, "list the inventory of servers", NULL, "  signet hosts list --status expired",
		{{"status", "S", "unseen, revoked, expired, untrusted, wrong_name, faulty, about_to_expire or good"},
			{"name", "NAME", "of this name, or below it: .example.com"},
			{"scan", "ID", "that this scan has found"}, CMD_LIMIT, CMD_CURSOR},
		run_list, "/api/v1/hosts", cols_hosts},
	{"hosts", "show", "ID", 1, 1, "show a server with its certificate and all findings", NULL, "  signet hosts show 12",
		{CMD_NONE}, host_show, "/api/v1/hosts/{id}", NULL},
	{"hosts", "delete", "ID", 1, 1, "take a server out of the inventory", NULL, "  signet hosts delete 12", {CMD_NONE},
		run_delete, "/api/v1/hosts/{id}", NULL},
	{"hosts", "inspect", "TARGET", 1, 1, "have the service look at a server now; exit 1 when clients would refuse it",
		NULL, "  signet hosts inspect www.example.com:8443",
		{OPT_STARTTLS, {"name", "NAME", "the name to ask for, where it is another than the target"}}, inspect, NULL,
		NULL},
	{"monitors", "list", "", 0, 0, "list the servers that are watched", NULL, "  signet monitors list",
		{CMD_LIMIT, CMD_CURSOR}, run_list, "/api/v1/monitors", cols_monitors},
	{"monitors", "show", "ID", 1, 1, "show a monitor with what happened", NULL, "  signet monitors show 4", {CMD_NONE},
		monitor_show, "/api/v1/monitors/{id}", NULL},
	{"monitors", "add", "SERVER", 1, 1, "have a server watched",
		"SERVER is the number of one in the inventory, or a name or address, with a port where it is not 443.",
		"  signet monitors add www.example.com --interval 3600",
		{{"interval", "SECONDS", "time between two looks (a day)"}, OPT_STARTTLS}, monitor_add, NULL, NULL},
	{"monitors", "set", "ID", 1, 1, "change how often a server is looked at", NULL,
		"  signet monitors set 4 --interval 86400", {{"interval", "SECONDS", "time between two looks"}}, monitor_set,
		"/api/v1/monitors/{id}", NULL},
	{"monitors", "delete", "ID", 1, 1, "end watching a server", NULL, "  signet monitors delete 4", {CMD_NONE},
		run_delete, "/api/v1/monitors/{id}", NULL},
	{0},
};
