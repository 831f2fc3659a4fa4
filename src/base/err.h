/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors. A function that can fail returns int (0 done, < 0 one of enum err_code, > 0 as documented) and takes
 * `struct err *e` as its very last parameter, never NULL. On failure it has filled *e; on success it leaves *e alone.
 *
 * Message style: lower case, no full stop; says what is wrong and why, with the value quoted. The hint is a
 * sentence that tells the user what to do; where none is set, the registry's stands. Secrets never go in.
 */
#pragma once

#include <stdarg.h>

#include "base/str.h"
#include "base/codes.h"

#define ERR_TEXT_MAX 288
#define ERR_FIELD_MAX 64
#define ERR_CAUSES_MAX 16

struct err_info {
	const char *name; /* as users meet it: NAME_SYNTAX */
	int http, exit;
	const char *text, *hint;
};
extern const struct err_info err_table[];

/* One fault among several of the same input. */
struct err_cause {
	int code;
	char field[ERR_FIELD_MAX];
	char msg[ERR_TEXT_MAX];
};

struct err {
	int code; /* 0: nothing happened */
	unsigned n_causes;
	bool more_causes; /* there were more than fit */
	int retry_after_s; /* 0: not said */
	char field[ERR_FIELD_MAX]; /* the input's field, as a path: "contact.email"; "" for none */
	char msg[ERR_TEXT_MAX];
	char detail[ERR_TEXT_MAX]; /* for the operator's log, not for the user */
	char hint[ERR_TEXT_MAX]; /* "": the registry's */
	struct err_cause causes[ERR_CAUSES_MAX];
};

/* Cheap: does not touch the causes. */
void err_clear(struct err *e);
#define ERR(name) struct err name; err_clear(&name)

/* The row of a code (0 or negative); an unknown code is a bug. */
const struct err_info *err_info(int code);
/* The code with this name, or 0. */
int err_by_name(struct str name);

/* Fills *e and returns code: `return err_set(e, E_NAME_SYNTAX, "name \"%s\" ...", ...)`. */
int err_set(struct err *e, int code, const char *fmt, ...) PRINTF(3, 4);
/* The same for a fault of one field. */
int err_field(struct err *e, int code, const char *field, const char *fmt, ...) PRINTF(4, 5);
/* With the text of errno appended. ENOSPC and EDQUOT become E_DISK_FULL when code is E_IO. */
int err_errno(struct err *e, int code, int errnum, const char *fmt, ...) PRINTF(4, 5);
/* Puts context before the message of an error that is set; keeps and returns its code. */
int err_wrap(struct err *e, const char *fmt, ...) PRINTF(2, 3);
void err_hint(struct err *e, const char *fmt, ...) PRINTF(2, 3);
void err_detail(struct err *e, const char *fmt, ...) PRINTF(2, 3);

/*
 * All faults of an input at once: each is noted, and err_faults() at the end returns 0 when there was none, the
 * fault itself when there was one, else E_SEVERAL_FAULTS with the faults as causes.
 */
void err_note(struct err *e, int code, const char *field, const char *fmt, ...) PRINTF(4, 5);
int err_faults(struct err *e) CHECKED;

/* What the user should read as hint. */
const char *err_hint_text(const struct err *e);
