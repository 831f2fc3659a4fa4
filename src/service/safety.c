/* SPDX-License-Identifier: Apache-2.0 */
#include "service/safety.h"

#include "ca/safety.h"

int
safety_key(struct db_tx *tx, const struct svc *s, struct blob spki_sha256, struct err *e)
{
	const char *source = blocked_keys_find(s->conf.blocked_keys, spki_sha256.p);
	int64_t since;
	int r;

	if (source)
		return err_set(e, E_KEY_BLOCKED, "the key is blocked: its private half is published (%s)", source);
	r = q_blocked_key_get(tx, spki_sha256, &since, e);
	if (r > 0)
		return err_set(e, E_KEY_BLOCKED, "the key is blocked: it was reported as compromised");
	return r;
}
