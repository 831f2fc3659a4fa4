/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode.h"

#include "base/clock.h"

void
put_text(struct jsonw *w, const char *key, struct str s)
{
	jsonw_kv_str(w, key, s.p ? s : STR(""));
}

void
put_id_or_null(struct jsonw *w, const char *key, int64_t id)
{
	jsonw_key(w, key);
	if (id)
		jsonw_int(w, id);
	else
		jsonw_null(w);
}

void
put_text_or_null(struct jsonw *w, const char *key, struct str s)
{
	jsonw_kv_str(w, key, s.n ? s : (struct str){NULL, 0});
}

void
put_json(struct jsonw *w, const char *key, struct str json)
{
	jsonw_key(w, key);
	if (json.n)
		jsonw_raw(w, json);
	else
		jsonw_null(w);
}

/* The next word of a list written with commas or blanks; false at its end. */
static bool
next_word(struct str *rest, struct str *ret)
{
	size_t n = 0;

	while (rest->n && (rest->p[0] == ' ' || rest->p[0] == ','))
		rest->p++, rest->n--;
	while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != ',')
		n++;
	*ret = (struct str){rest->p, n};
	rest->p += n;
	rest->n -= n;
	return n > 0;
}

void
put_words(struct jsonw *w, const char *key, struct str words)
{
	struct str one;

	jsonw_key(w, key);
	jsonw_array(w);
	while (next_word(&words, &one))
		jsonw_str(w, one);
	jsonw_array_end(w);
}

void
put_numbers(struct jsonw *w, const char *key, struct str words)
{
	struct str one;
	uint64_t n;

	jsonw_key(w, key);
	jsonw_array(w);
	while (next_word(&words, &one)) {
		if (str_u64(one, (uint64_t)ID_MAX, &n))
			jsonw_int(w, (int64_t)n);
	}
	jsonw_array_end(w);
}

int64_t
days_left(int64_t until_ms, int64_t now_ms)
{
	int64_t left = until_ms - now_ms;

	return left >= 0 ? left / MS_DAY : -((-left + MS_DAY - 1) / MS_DAY);
}
