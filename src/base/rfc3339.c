/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rfc3339.h"

#include <stdio.h>

#include "base/clock.h"

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

/* What floor_div() leaves, 0 … b - 1; does not overflow. */
static int64_t
floor_mod(int64_t a, int64_t b)
{
	return a % b < 0 ? a % b + b : a % b;
}

static bool
leap(int y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int
month_days(int y, int m)
{
	static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return m == 2 && leap(y) ? 29 : days[m - 1];
}

/* Days since 1970-01-01, counting in years that begin in March so that the leap day comes last. */
static int64_t
day_number(int y, int m, int d)
{
	int64_t yy = y - (m <= 2), era = floor_div(yy, 400), yoe = yy - era * 400;
	int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

void
civil_of_ms(int64_t ms, struct civil *ret)
{
	int64_t day = floor_div(ms, MS_DAY), sec = floor_mod(ms, MS_DAY) / 1000;
	int64_t z = day + 719468, era = floor_div(z, 146097), doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

	ret->day = (int)(doy - (153 * mp + 2) / 5 + 1);
	ret->month = (int)(mp < 10 ? mp + 3 : mp - 9);
	ret->year = (int)(yoe + era * 400 + (ret->month <= 2));
	ret->hour = (int)(sec / 3600);
	ret->minute = (int)(sec / 60 % 60);
	ret->second = (int)(sec % 60);
}

int64_t
civil_to_ms(const struct civil *c)
{
	return (day_number(c->year, c->month, c->day) * 86400 + c->hour * 3600 + c->minute * 60 +
		       c->second) *
		1000;
}

int64_t
civil_add_months_ms(int64_t ms, int n)
{
	struct civil c;
	int64_t months, rest = floor_mod(ms, 1000);

	civil_of_ms(ms, &c);
	months = (int64_t)c.year * 12 + c.month - 1 + n;
	c.year = (int)floor_div(months, 12);
	c.month = (int)(months - (int64_t)c.year * 12) + 1;
	c.day = MIN(c.day, month_days(c.year, c.month));
	return civil_to_ms(&c) + rest;
}

const char *
rfc3339_put(int64_t ms, char out[RFC3339_MAX])
{
	struct civil c;
	int64_t frac;
	int n;

	ms = MIN(MAX(ms, RFC3339_FIRST_MS), RFC3339_LAST_MS);
	frac = floor_mod(ms, 1000);
	civil_of_ms(ms, &c);
	n = snprintf(out, RFC3339_MAX, "%04d-%02d-%02dT%02d:%02d:%02d", c.year, c.month, c.day,
		c.hour, c.minute, c.second);
	if (frac)
		n += snprintf(out + n, (size_t)(RFC3339_MAX - n), ".%03d", (int)frac);
	snprintf(out + n, (size_t)(RFC3339_MAX - n), "Z");
	return out;
}

static bool
digits(struct str *s, size_t n, int *ret)
{
	int v = 0;

	if (s->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		v = v * 10 + (s->p[i] - '0');
	}
	s->p += n;
	s->n -= n;
	*ret = v;
	return true;
}

static bool
mark(struct str *s, const char *any)
{
	if (s->n == 0 || s->p[0] == '\0' || !strchr(any, s->p[0]))
		return false;
	s->p++;
	s->n--;
	return true;
}

static bool
fraction(struct str *s, int64_t *ret_ms)
{
	int64_t ms = 0, unit = 100;
	size_t n = 0;

	for (; s->n && s->p[0] >= '0' && s->p[0] <= '9'; s->p++, s->n--, n++) {
		ms += (s->p[0] - '0') * unit;
		unit /= 10;
	}
	*ret_ms = ms;
	return n > 0;
}

static bool
offset(struct str *s, int64_t *ret_min)
{
	bool minus = s->n && s->p[0] == '-';
	int h, m;

	*ret_min = 0;
	if (mark(s, "Zz"))
		return true;
	if (!mark(s, "+-") || !digits(s, 2, &h) || !mark(s, ":") || !digits(s, 2, &m) || h > 23 || m > 59)
		return false;
	*ret_min = (minus ? -1 : 1) * (h * 60 + m);
	return true;
}

bool
rfc3339_get(struct str s, int64_t *ret_ms)
{
	struct civil c;
	int64_t ms = 0, off;

	if (!digits(&s, 4, &c.year) || !mark(&s, "-") || !digits(&s, 2, &c.month) || !mark(&s, "-") ||
		!digits(&s, 2, &c.day) || !mark(&s, "Tt ") || !digits(&s, 2, &c.hour) ||
		!mark(&s, ":") || !digits(&s, 2, &c.minute) || !mark(&s, ":") ||
		!digits(&s, 2, &c.second))
		return false;
	if (mark(&s, ".") && !fraction(&s, &ms))
		return false;
	if (!offset(&s, &off) || s.n)
		return false;
	if (c.month < 1 || c.month > 12 || c.day < 1 || c.day > month_days(c.year, c.month) ||
		c.hour > 23 || c.minute > 59 || c.second > 60)
		return false;
	*ret_ms = civil_to_ms(&c) + ms - off * MS_MINUTE;
	return true;
}
