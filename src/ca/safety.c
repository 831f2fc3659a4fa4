/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/safety.h"

#include <stdlib.h>

#include "ca/safety_priv.h"

struct blocked_keys {
	uint8_t (*ids)[BLOCKED_ID_LEN]; /* sorted */
	size_t n;
};

static int
by_id(const void *a, const void *b)
{
	return memcmp(a, b, BLOCKED_ID_LEN);
}

static int
by_label(const void *key, const void *row)
{
	return str_cmp(*(const struct str *)key, str_c(*(const char *const *)row));
}

bool
high_risk_label(struct str label)
{
	return bsearch(&label, high_risk_table, high_risk_count, sizeof(high_risk_table[0]), by_label) != NULL;
}

/* -- the operator's list */

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int
read_line(struct str line, size_t number, uint8_t ret[BLOCKED_ID_LEN], struct err *e)
{
	size_t n = 0;

	while (n < line.n && digit(line.p[n]) >= 0)
		n++;
	if ((n != 2 * BLOCKED_ID_LEN && n != 64) ||
		(n < line.n && line.p[n] != ' ' && line.p[n] != '\t' && line.p[n] != '|'))
		return err_field(e, E_CONFIG, "blocked-keys",
			"line %zu of the list of blocked keys does not begin with 32 or 64 hex digits", number);
	for (size_t i = 0; i < BLOCKED_ID_LEN; i++)
		ret[i] = (uint8_t)(digit(line.p[2 * i]) << 4 | digit(line.p[2 * i + 1]));
	return 0;
}

static int
read_lines(struct str text, struct blocked_keys *l, struct err *e)
{
	for (size_t number = 1; text.p && text.n; number++) {
		struct str line = str_trim(str_cut(&text, '\n'));
		int r;

		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (l->n == BLOCKED_KEYS_MAX)
			return err_field(e, E_TOO_LARGE, "blocked-keys", "the list of blocked keys has more than %d keys",
				BLOCKED_KEYS_MAX);
		r = read_line(line, number, l->ids[l->n], e);
		if (r < 0)
			return r;
		l->n++;
	}
	return 0;
}

static size_t
count_lines(struct blob text)
{
	size_t n = 1;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	return MIN(n, (size_t)BLOCKED_KEYS_MAX);
}

int
blocked_keys_new(struct blob text, struct blocked_keys **ret, struct err *e)
{
	struct blocked_keys *l = calloc(1, sizeof(*l));
	int r;

	if (!l)
		BUG("out of memory");
	l->ids = calloc(count_lines(text), BLOCKED_ID_LEN);
	if (!l->ids)
		BUG("out of memory");
	r = read_lines(str_of(text), l, e);
	if (r < 0) {
		blocked_keys_free(l);
		return r;
	}
	qsort(l->ids, l->n, BLOCKED_ID_LEN, by_id);
	*ret = l;
	return 0;
}

struct blocked_keys *
blocked_keys_free(struct blocked_keys *l)
{
	if (l)
		free(l->ids);
	free(l);
	return NULL;
}

size_t
blocked_keys_count(const struct blocked_keys *l)
{
	return blocked_count + (l ? l->n : 0);
}

const char *
blocked_keys_find(const struct blocked_keys *l, const uint8_t spki_sha256[32])
{
	const struct blocked_row *row =
		bsearch(spki_sha256, blocked_table, blocked_count, sizeof(blocked_table[0]), by_id);

	if (row)
		return row->source;
	if (l && bsearch(spki_sha256, l->ids, l->n, BLOCKED_ID_LEN, by_id))
		return "the operator's list";
	return NULL;
}
