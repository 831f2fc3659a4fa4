/* SPDX-License-Identifier: Apache-2.0 */
/* A command of `signet` as a row: what it is called, takes, says and does. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct json;
struct cli;

#define CMD_OPTS_MAX 24
#define CMD_ARGS_MAX 1000

struct cmd_opt {
	const char *name; /* without "--"; NULL ends a list */
	const char *arg; /* what its value is called; NULL: takes none */
	const char *help;
};

/* Options of all lists; no options at all. */
#define CMD_LIMIT {"limit", "N", "rows in the answer (50)"}
#define CMD_CURSOR {"cursor", "C", "go on where the list before ended"}
#define CMD_NONE {NULL, NULL, NULL}

/* How a member of an answer is shown. */
enum col_form { COL_TEXT, COL_RIGHT, COL_TIME, COL_DAY, COL_MONEY, COL_YES, COL_WORDS, COL_STEP };
struct col {
	const char *head; /* NULL ends a list */
	const char *path; /* "content.key_alg" */
	enum col_form form;
};

struct cmd {
	const char *noun; /* NULL ends a list */
	const char *verb; /* NULL: the noun is the whole command */
	const char *args; /* "ID", "NAME..."; "" for none */
	unsigned min_args, max_args;
	const char *summary; /* one line */
	const char *text; /* more lines, or NULL */
	const char *examples; /* lines */
	struct cmd_opt opts[CMD_OPTS_MAX];
	int (*run)(struct cli *c, struct err *e);
	/* for run_*(): {id} is the first argument, options named as parameters become those */
	const char *path;
	const struct col *cols;
};

/* All commands, by file; NULL-terminated. */
extern const struct cmd *const cmd_all[];
extern const struct cmd cmds_session[];
extern const struct cmd cmds_account[];
extern const struct cmd cmds_user[];
extern const struct cmd cmds_product[];
extern const struct cmd cmds_purchase[];
extern const struct cmd cmds_subscription[];
extern const struct cmd cmds_apply[];
extern const struct cmd cmds_application[];
extern const struct cmd cmds_authorization[];
extern const struct cmd cmds_order[];
extern const struct cmd cmds_ticket[];
extern const struct cmd cmds_attachment[];
extern const struct cmd cmds_certificate[];
extern const struct cmd cmds_csr[];
extern const struct cmd cmds_upload[];
extern const struct cmd cmds_domain[];
extern const struct cmd cmds_domain_auto[];
extern const struct cmd cmds_company[];
extern const struct cmd cmds_convert[];
extern const struct cmd cmds_envelope[];
extern const struct cmd cmds_inspect[];
extern const struct cmd cmds_parse[];
extern const struct cmd cmds_owner[];
extern const struct cmd cmds_review[];
extern const struct cmd cmds_status[];
extern const struct cmd cmds_notice[];
extern const struct cmd cmds_policy[];
extern const struct cmd cmds_single[];
extern const struct cmd cmds_verify[];
extern const struct cmd cmds_webhook[];
extern const struct cmd cmds_scan[];
extern const struct cmd cmds_service[];
extern const struct cmd cmds_share[];
extern const struct cmd cmds_lint[];
extern const struct cmd cmds_completion[];
extern const struct cmd_opt cmd_global_opts[];
