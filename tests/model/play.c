/* SPDX-License-Identifier: Apache-2.0 */
#include "play.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* splitmix64: the same seed gives the same play everywhere. */
static uint64_t
draw(struct play *p)
{
	uint64_t z = (p->rand += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t
play_below(struct play *p, uint64_t n)
{
	return draw(p) % n;
}

bool
play_chance(struct play *p, unsigned percent)
{
	return draw(p) % 100 < percent;
}

int64_t
play_now(const struct play *p)
{
	return svc_now(p->w.svc);
}

void
play_tell(struct play *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(p->told, sizeof(p->told), fmt, ap);
	va_end(ap);
}

void
play_fail(const struct play *p, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "\nSEED=%llu, step %u: %s\n  ", (unsigned long long)p->seed, p->step, p->told);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nbefore it:\n");
	for (unsigned i = 1; i <= ARRAY_LEN(p->log) && i <= p->step; i++)
		fprintf(stderr, "  %u: %s\n", p->step - i, p->log[(p->step - i) % ARRAY_LEN(p->log)]);
	fprintf(stderr, "EVERY=1 compares after each step.\n");
	exit(1);
}

static unsigned
class_of(int r)
{
	/* a constraint of the database is no answer for a person */
	if (r == E_DB_CONSTRAINT)
		return 0;
	if (r >= 0)
		return WANT_OK;
	switch (err_info(r)->http) {
	case 400:
	case 422:
		return WANT_INPUT;
	case 409:
	case 412:
		return WANT_STATE;
	case 404:
		return WANT_NOT_FOUND;
	case 402:
		return WANT_MONEY;
	default:
		return 0;
	}
}

static const char *
wanted(unsigned want, char ret[64])
{
	static const char *const words[] = {"ok", "input", "state", "not found", "money"};

	size_t n = 0;

	for (unsigned i = 0; i < ARRAY_LEN(words); i++) {
		if (want & 1U << i)
			n += (size_t)snprintf(ret + n, 64 - n, "%s%s", n ? " or " : "", words[i]);
	}
	return ret;
}

bool
play_result(struct play *p, unsigned want, int r, const struct err *e)
{
	char words[64];

	p->refused_act = r < 0;
	if (!(class_of(r) & want))
		play_fail(p, "the model says %s, the service %s: %s", wanted(want, words),
			r < 0 ? err_info(r)->name : "ok", r < 0 ? e->msg : "");
	return r >= 0;
}

void
play_between(const struct play *p, const char *what, int64_t value, int64_t from, int64_t to)
{
	if (value < from - PLAY_SLACK_MS || value > to + PLAY_SLACK_MS)
		play_fail(p, "%s is %lld; the model says %lld to %lld", what, (long long)value, (long long)from,
			(long long)to);
}
