/* SPDX-License-Identifier: Apache-2.0 */
#include "api/accept.h"

/* How a range meets a media type: the narrower one decides (RFC 9110 12.5.1). */
enum fit { FIT_MALFORMED, FIT_NONE, FIT_ANY, FIT_TYPE, FIT_EXACT };

static enum fit
range_fit(struct str range, struct str media)
{
	struct str sub = range, media_sub = media;
	struct str type = str_cut(&sub, '/'), media_type = str_cut(&media_sub, '/');

	if (!sub.p || type.n == 0 || sub.n == 0)
		return FIT_MALFORMED;
	if (str_eq_c(type, "*"))
		return str_eq_c(sub, "*") ? FIT_ANY : FIT_MALFORMED;
	if (!str_eq_nocase(type, media_type))
		return FIT_NONE;
	if (str_eq_c(sub, "*"))
		return FIT_TYPE;
	return str_eq_nocase(sub, media_sub) ? FIT_EXACT : FIT_NONE;
}

/* "0", "0.", "0.0" … "0.000" (RFC 9110 12.4.2): all that matters here. */
static bool
is_zero(struct str q)
{
	if (q.n == 0 || q.p[0] != '0')
		return false;
	for (size_t i = 1; i < q.n; i++) {
		if (q.p[i] != (i == 1 ? '.' : '0'))
			return false;
	}
	return true;
}

static bool
refused(struct str params)
{
	while (params.p) {
		struct str value = str_trim(str_cut(&params, ';')), name = str_cut(&value, '=');

		if (str_eq_nocase(str_trim(name), STR("q")) && value.p)
			return is_zero(str_trim(value));
	}
	return false;
}

struct best {
	enum fit fit;
	bool takes, read; /* read: there was a range at all */
};

static void
look(struct str list, struct str media, struct best *b)
{
	while (list.p) {
		struct str params = str_cut(&list, ','), range = str_trim(str_cut(&params, ';'));
		enum fit fit = range_fit(range, media);

		b->read |= fit != FIT_MALFORMED;
		if (fit <= FIT_NONE || fit < b->fit)
			continue;
		/* of two as narrow, the one that takes it wins: parameters of other forms tell them apart */
		b->takes = (fit == b->fit && b->takes) || !refused(params);
		b->fit = fit;
	}
}

bool
accept_takes(const struct http_request *rq, const char *media)
{
	struct best b = {.fit = FIT_NONE};

	for (unsigned i = 0; i < rq->n_headers; i++) {
		if (str_eq_nocase(rq->headers[i].name, STR("accept")))
			look(rq->headers[i].value, str_c(media), &b);
	}
	return !b.read || b.takes;
}
