/* SPDX-License-Identifier: Apache-2.0 */
/* The service about itself. */
#include <stdio.h>

#include "cli/cli.h"

static const struct col cols_overview[] = {
	{"total", "total", COL_RIGHT},
	{"issued", "issued", COL_RIGHT},
	{"pending application", "pending_application", COL_RIGHT},
	{"will expire", "will_expire", COL_RIGHT},
	{"check failed", "check_failed", COL_RIGHT},
	{"expired", "expired", COL_RIGHT},
	{"revoked", "revoked", COL_RIGHT},
	{"quota", "quota", COL_RIGHT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_issuers[] = {
	{"NAME", "name", COL_TEXT},
	{"ISSUED BY", "parent", COL_TEXT},
	{"KEY", "key_alg", COL_TEXT},
	{"SUBJECT", "subject", COL_TEXT},
	{"VALID TO", "not_after", COL_DAY},
	{"LISTS", "shards", COL_RIGHT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_profiles[] = {
	{"NAME", "name", COL_TEXT},
	{"VERSION", "version", COL_RIGHT},
	{"USE", "use", COL_TEXT},
	{"PUBLIC RULES", "public_rules", COL_YES},
	{"ANY NAME", "any_name", COL_YES},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_audit[] = {
	{"AT", "at", COL_TIME},
	{"ACCOUNT", "account", COL_RIGHT},
	{"USER", "user", COL_RIGHT},
	{"ACT", "act", COL_TEXT},
	{"OBJECT", "object", COL_TEXT},
	{"ID", "object_id", COL_RIGHT},
	{"LANE", "lane", COL_RIGHT},
	{"ROW", "seq", COL_RIGHT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_verified[] = {
	{"rows that fit", "rows", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_mails[] = {
	{"ID", "id", COL_RIGHT},
	{"KIND", "kind", COL_TEXT},
	{"TO", "to", COL_TEXT},
	{"STATE", "state", COL_TEXT},
	{"ATTEMPTS", "attempts", COL_RIGHT},
	{"CREATED", "created", COL_TIME},
	{"SENT", "sent", COL_TIME},
	{"LAST FAULT", "message", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_jobs[] = {
	{"ID", "id", COL_RIGHT},
	{"KIND", "kind", COL_TEXT},
	{"OBJECT", "object", COL_RIGHT},
	{"STATE", "state", COL_TEXT},
	{"ATTEMPTS", "attempts", COL_RIGHT},
	{"NEXT", "run_at", COL_TIME},
	{"LAST FAULT", "message", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_job[] = {
	{"id", "id", COL_TEXT},
	{"kind", "kind", COL_TEXT},
	{"object", "object", COL_TEXT},
	{"state", "state", COL_TEXT},
	{"attempts", "attempts", COL_TEXT},
	{"next", "run_at", COL_TIME},
	{"last fault", "message", COL_TEXT},
	{"created", "created", COL_TIME},
	{"done", "done", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_errors[] = {
	{"CODE", "code", COL_TEXT},
	{"HTTP", "status", COL_RIGHT},
	{"EXIT", "exit", COL_RIGHT},
	{"MEANING", "meaning", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

const struct cmd cmds_service[] = {
	{"overview", NULL, "", 0, 0, "show the counters: what needs attention", NULL, "  signet overview", {CMD_NONE},
		run_show, "/api/v1/overview", cols_overview},
	{"issuers", "list", "", 0, 0, "list the certificate authorities of the service", NULL,
		"  signet issuers list --json | jq -r '.items[].pem'", {CMD_NONE}, run_list, "/api/v1/issuers",
		cols_issuers},
	{"profiles", "list", "", 0, 0, "list the certificate profiles", NULL, "  signet profiles list", {CMD_NONE},
		run_list, "/api/v1/profiles", cols_profiles},
	{"audit", "list", "", 0, 0, "list acts, newest first", NULL, "  signet audit list --limit 20",
		{CMD_LIMIT, CMD_CURSOR, {"account", "ID", "another account (staff)"}}, run_list, "/api/v1/audit",
		cols_audit},
	{"audit", "verify", "", 0, 0, "walk the audit chain and its signed checkpoints (staff)", NULL,
		"  signet audit verify", {CMD_NONE}, run_post, "/api/v1/audit:verify", cols_verified},
	{"mails", "list", "", 0, 0, "list the mails that the service sends, newest first", NULL, "  signet mails list",
		{CMD_LIMIT, CMD_CURSOR, {"account", "ID", "another account (staff)"}}, run_list, "/api/v1/mails",
		cols_mails},
	{"jobs", "list", "", 0, 0, "list the service's long work", NULL, "  signet jobs list",
		{CMD_LIMIT, CMD_CURSOR, {"account", "ID", "another account, for staff"}}, run_list,
		"/api/v1/jobs", cols_jobs},
	{"jobs", "show", "ID", 1, 1, "show a job", NULL, "  signet jobs show 12",
		{{"account", "ID", "another account, for staff"}}, run_show,
		"/api/v1/jobs/{id}", cols_job},
	{"errors", "list", "", 0, 0, "list every error code and what it means", NULL, "  signet errors list",
		{CMD_NONE}, run_list, "/api/v1/errors", cols_errors},
	{0},
};
