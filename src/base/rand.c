/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rand.h"

#include <errno.h>
#include <sys/random.h>

void
rand_bytes(void *p, size_t n)
{
	uint8_t *to = p;

	while (n) {
		ssize_t got = getrandom(to, n, 0);

		if (got < 0) {
			BUG_ON(errno != EINTR);
			continue;
		}
		to += got;
		n -= (size_t)got;
	}
}

uint64_t
rand_u64(void)
{
	uint64_t v;

	rand_bytes(&v, sizeof(v));
	return v;
}

uint64_t
rand_below(uint64_t n)
{
	uint64_t limit, v;

	BUG_ON(n == 0);
	limit = UINT64_MAX - UINT64_MAX % n;
	do {
		v = rand_u64();
	} while (v >= limit);
	return v % n;
}
