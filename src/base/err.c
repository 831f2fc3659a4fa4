/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <errno.h>
#include <stdio.h>

void
err_clear(struct err *e)
{
	e->code = 0;
	e->n_causes = 0;
	e->more_causes = false;
	e->retry_after_s = 0;
	e->field[0] = e->msg[0] = e->detail[0] = e->hint[0] = '\0';
}

const struct err_info *
err_info(int code)
{
	BUG_ON(code > 0 || code < -ERR_CODE_LAST);
	return &err_table[-code];
}

int
err_by_name(struct str name)
{
	for (int i = 1; i <= ERR_CODE_LAST; i++) {
		if (str_eq_c(name, err_table[i].name))
			return -i;
	}
	return 0;
}

PRINTF(4, 0) static int
set(struct err *e, int code, const char *field, const char *fmt, va_list ap)
{
	char msg[ERR_TEXT_MAX], name[ERR_FIELD_MAX];

	BUG_ON(code >= 0 || code < -ERR_CODE_LAST);
	/* The arguments may be texts of this same error. */
	vsnprintf(msg, sizeof(msg), fmt, ap);
	snprintf(name, sizeof(name), "%s", field);
	err_clear(e);
	e->code = code;
	memcpy(e->field, name, sizeof(name));
	memcpy(e->msg, msg, sizeof(msg));
	return code;
}

int
err_set(struct err *e, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(e, code, "", fmt, ap);
	va_end(ap);
	return code;
}

int
err_field(struct err *e, int code, const char *field, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(e, code, field, fmt, ap);
	va_end(ap);
	return code;
}

int
err_errno(struct err *e, int code, int errnum, const char *fmt, ...)
{
	const char *why = strerrordesc_np(errnum);
	va_list ap;
	size_t n;

	if (code == E_IO && (errnum == ENOSPC || errnum == EDQUOT))
		code = E_DISK_FULL;
	va_start(ap, fmt);
	set(e, code, "", fmt, ap);
	va_end(ap);
	n = strlen(e->msg);
	if (why)
		snprintf(e->msg + n, sizeof(e->msg) - n, ": %s", why);
	else
		snprintf(e->msg + n, sizeof(e->msg) - n, ": error %d", errnum);
	if (code == E_NOT_FOUND) /* the registry's hint speaks of objects of an account */
		err_hint(e, "Check the path: what it names, or a folder on its way, is not there.");
	return code;
}

int
err_wrap(struct err *e, const char *fmt, ...)
{
	char old[ERR_TEXT_MAX];
	va_list ap;
	size_t n;

	BUG_ON(!e->code);
	memcpy(old, e->msg, sizeof(old));
	va_start(ap, fmt);
	vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	n = strlen(e->msg);
	snprintf(e->msg + n, sizeof(e->msg) - n, ": %s", old);
	return e->code;
}

void
err_hint(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->hint, sizeof(e->hint), fmt, ap);
	va_end(ap);
}

void
err_detail(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->detail, sizeof(e->detail), fmt, ap);
	va_end(ap);
}

void
err_note(struct err *e, int code, const char *field, const char *fmt, ...)
{
	struct err_cause *c;
	va_list ap;

	BUG_ON(code >= 0 || code < -ERR_CODE_LAST);
	if (e->n_causes == ERR_CAUSES_MAX) {
		e->more_causes = true;
		return;
	}
	c = &e->causes[e->n_causes++];
	c->code = code;
	snprintf(c->field, sizeof(c->field), "%s", field);
	va_start(ap, fmt);
	vsnprintf(c->msg, sizeof(c->msg), fmt, ap);
	va_end(ap);
}

int
err_faults(struct err *e)
{
	const struct err_cause *c = &e->causes[0];

	if (e->n_causes == 0)
		return 0;
	if (e->n_causes == 1) {
		e->code = c->code;
		memcpy(e->field, c->field, sizeof(e->field));
		memcpy(e->msg, c->msg, sizeof(e->msg));
		e->n_causes = 0;
		return e->code;
	}
	e->code = E_SEVERAL_FAULTS;
	e->field[0] = '\0';
	snprintf(e->msg, sizeof(e->msg), "the input has %u%s faults", e->n_causes,
		e->more_causes ? " or more" : "");
	return e->code;
}

const char *
err_hint_text(const struct err *e)
{
	return e->hint[0] ? e->hint : err_info(e->code)->hint;
}
