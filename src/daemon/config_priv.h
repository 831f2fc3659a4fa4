/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "daemon/config.h"

enum param_kind {
	PARAM_TEXT,
	PARAM_PATH,
	PARAM_URL,
	PARAM_DB,
	PARAM_SERVER,
	PARAM_FILE,
	PARAM_NAMES,
	PARAM_PORT,
	PARAM_NETS,
	PARAM_LISTEN,
	PARAM_FLAG,
	PARAM_ROLE,
	PARAM_PERSPECTIVES,
	PARAM_MAIL,
	PARAM_ADDRESS,
	PARAM_BASE,
	PARAM_LEVEL,
};

/* A row of params.def. */
struct param {
	const char *name;
	enum param_kind kind;
	size_t field, count;  /* offsets in struct config; count: of those that may be repeated */
	const char *fallback; /* NULL: none */
	const char *arg;
	bool secret;
	bool reload; /* SIGHUP takes a new value into use */
	const char *help;
};
extern const struct param param_table[];
extern const unsigned param_count;

/* Sets or appends one value. where: for the message, "--db" or "FILE:3". E_CONFIG. */
int config_set(struct config *c, const struct param *p, const char *value, const char *where,
	struct arena *a, struct err *e) CHECKED;
