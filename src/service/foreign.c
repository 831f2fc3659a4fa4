/* SPDX-License-Identifier: Apache-2.0 */
#include "service/foreign.h"

#include "service/outside.h"

/* Asks one address; NULL bytes when nothing came: for what is missing a check has its own words. */
static struct blob
fetched(struct svc *s, const struct source *src, int64_t deadline_us, struct arena *a)
{
	struct blob got = {NULL, 0};
	ERR(ignored);

	return outside_fetch(s, src, deadline_us, a, &got, &ignored) == 0 ? got : (struct blob){NULL, 0};
}

/* Of one kind and certificate until one answers. */
static bool
ask_one(struct svc *s, const struct source *v, unsigned n, unsigned at, enum source_kind kind, int64_t deadline_us,
	struct arena *a, struct check_field *ret)
{
	for (unsigned i = 0; i < n; i++) {
		if (v[i].at != at || v[i].kind != kind)
			continue;
		ret->bytes = fetched(s, &v[i], deadline_us, a);
		ret->name = arena_cstr(a, v[i].url);
		if (ret->bytes.p)
			return true;
	}
	return false;
}

void
foreign_status_ask(struct svc *s, const struct blob *chain, unsigned n, int64_t deadline_us, struct arena *a,
	struct foreign_status *ret)
{
	struct source *v = arena_new_n(a, FOREIGN_ASKED_MAX, struct source);
	unsigned n_v = sources_of_chain(chain, n, a, v, FOREIGN_ASKED_MAX);

	*ret = (struct foreign_status){0};
	for (unsigned at = 0; at < n && at < FOREIGN_ASKED_MAX; at++) {
		if (ask_one(s, v, n_v, at, SOURCE_OCSP, deadline_us, a, &ret->ocsp[ret->n_ocsp]))
			ret->n_ocsp++;
		else if (ask_one(s, v, n_v, at, SOURCE_CRL, deadline_us, a, &ret->crls[ret->n_crls]))
			ret->n_crls++;
	}
}

unsigned
foreign_issuer_ask(struct svc *s, const struct blob *chain, unsigned n, int64_t deadline_us, struct arena *a,
	struct blob *ret, unsigned max)
{
	struct source *v = arena_new_n(a, FOREIGN_ASKED_MAX, struct source);
	unsigned n_v = sources_of_chain(chain, n, a, v, FOREIGN_ASKED_MAX), found = 0;

	for (unsigned i = 0; i < n_v && !found; i++) {
		struct intake items;
		struct blob got = {NULL, 0};
		ERR(ignored);

		if (v[i].kind == SOURCE_ISSUER)
			got = fetched(s, &v[i], deadline_us, a);
		if (!got.p)
			continue;
		intake_init(&items, a);
		intake_add(&items, "issuer", got, (struct str){NULL, 0}, &ignored);
		for (const struct item *it = intake_find(&items, ITEM_CERT, 0); it && found < max;
			it = intake_find(&items, ITEM_CERT, (unsigned)(it - items.v) + 1))
			ret[found++] = it->der;
	}
	return found;
}
