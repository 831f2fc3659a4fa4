/* SPDX-License-Identifier: Apache-2.0 */
#include "service/slow.h"

int
slow_begin(struct svc *s, bool call, struct err *e)
{
	atomic_uint *n = call ? &s->slow_calls : &s->slow_jobs;

	if (atomic_fetch_add(n, 1) < (call ? SLOW_CALLS_MAX : SLOW_JOBS_MAX))
		return 0;
	atomic_fetch_sub(n, 1);
	return err_set(e, E_BUSY, "others wait for slow work already, such as making RSA keys");
}

void
slow_end(struct svc *s, bool call)
{
	atomic_fetch_sub(call ? &s->slow_calls : &s->slow_jobs, 1);
}
