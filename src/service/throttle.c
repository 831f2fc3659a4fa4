/* SPDX-License-Identifier: Apache-2.0 */
#include "service/throttle.h"

#include "service/svc_priv.h"

#define FIRST_MS (2 * MS_SECOND)

int
throttle_wait(struct db_tx *tx, struct str name, int64_t *ret_ms, struct err *e)
{
	struct row_throttle th;
	int r = q_throttle_get(tx, name, tx->arena, &th, e);

	*ret_ms = r > 0 && th.until_ms > tx->now_ms ? th.until_ms - tx->now_ms : 0;
	return MIN(r, 0);
}

int
throttle_fail(struct db_tx *tx, struct str name, int64_t free_failures, struct err *e)
{
	int64_t wait = FIRST_MS, longest = policy_value("sign-in-wait", tx->now_ms), failures = 0;
	int r = q_throttle_count(
		tx, name, tx->now_ms - policy_value("sign-in-window", tx->now_ms), tx->now_ms, &failures, e);

	if (r < 0)
		return r;
	for (int64_t k = free_failures; k < failures && wait < longest; k++)
		wait *= 2;
	r = q_throttle_until(tx, name, failures < free_failures ? 0 : tx->now_ms + MIN(wait, longest), e);
	return MIN(r, 0);
}
