/* SPDX-License-Identifier: Apache-2.0 */
#include "service/safety.h"

#include "ca/safety.h"

#define HELD_MAX 400

int
safety_key_published(const struct svc *s, struct blob spki_sha256, struct err *e)
{
	const char *source = blocked_keys_find(settings_of(s)->blocked_keys, spki_sha256.p);

	if (source)
		return err_set(e, E_KEY_BLOCKED, "the key is blocked: its private half is published (%s)", source);
	return 0;
}

int
safety_key(struct db_tx *tx, const struct svc *s, struct blob spki_sha256, struct err *e)
{
	int64_t since;
	int r = safety_key_published(s, spki_sha256, e);

	if (r < 0)
		return r;
	r = q_blocked_key_get(tx, spki_sha256, &since, e);
	if (r > 0)
		return err_set(e, E_KEY_BLOCKED, "the key is blocked: it was reported as compromised");
	return r;
}

static bool
is_high_risk(struct str name, struct str *ret_label)
{
	while (name.p) {
		*ret_label = str_cut(&name, '.');
		if (high_risk_label(*ret_label))
			return true;
	}
	return false;
}

struct str
safety_names(const struct profile *p, const struct row_application_name *names, size_t n, struct arena *a)
{
	struct str out = STR(""), label;

	if (!p || !p->public_rules)
		return out;
	for (size_t i = 0; i < n && out.n < HELD_MAX; i++) {
		if (is_high_risk(names[i].base, &label))
			out = arena_printf(a, "%.*s%s\"%.*s\" in %.*s", STRF(out), out.n ? ", " : "", STRF(label),
				STRF(names[i].ascii));
	}
	return out;
}
