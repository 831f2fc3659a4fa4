/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/rfc3339.h"
#include "base/utf8.h"

#define LINE_MAX_BYTES 4096
#define EVENTS_MAX 256

static struct {
	const char *role;
	int fd;
	_Atomic(enum log_level) least;
	pthread_mutex_t lock; /* of the counters' names */
	struct {
		_Atomic(const char *) event;
		_Atomic uint64_t n;
	} counters[EVENTS_MAX];
} lg = {.role = "signet", .fd = 2, .least = LOG_INFO, .lock = PTHREAD_MUTEX_INITIALIZER};

void
log_init(const char *role, int fd, enum log_level least)
{
	lg.role = role;
	lg.fd = fd;
	lg.least = least;
}

void
log_least(enum log_level least)
{
	lg.least = least;
}

/* Events are string literals of the program: there are few, and the first to come gets the first place. */
static void
count(const char *event)
{
	size_t i;

	for (i = 0; i < EVENTS_MAX && lg.counters[i].event; i++) {
		if (strcmp(lg.counters[i].event, event) == 0) {
			lg.counters[i].n++;
			return;
		}
	}
	pthread_mutex_lock(&lg.lock);
	for (i = 0; i < EVENTS_MAX && lg.counters[i].event; i++) {
		if (strcmp(lg.counters[i].event, event) == 0)
			break;
	}
	if (i < EVENTS_MAX) {
		lg.counters[i].n++;
		lg.counters[i].event = event;
	}
	pthread_mutex_unlock(&lg.lock);
}

bool
log_counter_next(size_t *it, const char **ret_event, uint64_t *ret_n)
{
	if (*it >= EVENTS_MAX || !lg.counters[*it].event)
		return false;
	*ret_event = lg.counters[*it].event;
	*ret_n = lg.counters[*it].n;
	(*it)++;
	return true;
}

/* Whether a code point could end a line, move a terminal's cursor or turn the reading direction. */
static bool
garbles(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f || c == 0x2028 ||
		c == 0x2029 || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
		c == UINT32_MAX;
}

/* Text from outside may hold anything: what could forge or garble a line is written as \xNN, byte by byte. */
static void
put_text(struct buf *b, struct str s)
{
	bool quote = s.n == 0;

	for (size_t i = 0; i < s.n; i++)
		quote |= s.p[i] == ' ' || s.p[i] == '"' || s.p[i] == '=';
	if (quote)
		buf_put_u8(b, '"');
	while (s.n) {
		const char *at = s.p;
		uint32_t c = utf8_next(&s);

		if (c == UINT32_MAX)
			s = (struct str){s.p + 1, s.n - 1};
		if (c == '"' || c == '\\')
			buf_put_u8(b, '\\');
		for (; at < s.p; at++) {
			if (garbles(c))
				buf_printf(b, "\\x%02x", (unsigned char)*at);
			else
				buf_put_u8(b, (uint8_t)*at);
		}
	}
	if (quote)
		buf_put_u8(b, '"');
}

static void
put_field(struct buf *b, const struct log_field *f)
{
	buf_printf(b, " %s=", f->key);
	switch (f->kind) {
	case LOG_K_STR:
		put_text(b, f->s);
		break;
	case LOG_K_INT:
		buf_printf(b, "%lld", (long long)f->i);
		break;
	case LOG_K_HEX:
		for (size_t i = 0; i < f->s.n; i++)
			buf_printf(b, "%02x", (unsigned char)f->s.p[i]);
		break;
	case LOG_K_END:
		break;
	}
}

void
log_fields(enum log_level l, const char *event, const struct log_field *fields)
{
	static const char *const level[] = {"debug", "info", "warn", "error"};
	BUF(b, LINE_MAX_BYTES);
	char when[RFC3339_MAX];

	count(event);
	if (l < lg.least)
		return;
	buf_printf(&b, "%s %s %s %s", rfc3339_put(clock_wall_ms(), when), level[l], lg.role, event);
	for (; fields->kind != LOG_K_END; fields++)
		put_field(&b, fields);
	if (b.over)
		b.n = MIN(b.n, (size_t)LINE_MAX_BYTES - 1);
	b.over = false;
	buf_put_u8(&b, '\n');
	/* Nobody can be told when the log itself cannot be written. */
	if (write(lg.fd, b.p, b.n) < 0)
		return;
}

void
log_err(enum log_level l, const char *event, const struct err *e)
{
	log_event(l, event, F_STR("code", err_info(e->code)->name), F_STR("message", e->msg),
		F_STR("field", e->field), F_STR("detail", e->detail));
}
