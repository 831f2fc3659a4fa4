/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's list of blocked keys: what was read is found again. */
#include "ca/safety.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t hash[32];
	struct blocked_keys *l;
	ERR(e);

	if (blocked_keys_new(BLOB(data, size), &l, &e) < 0)
		return 0;
	BUG_ON(blocked_keys_count(l) < blocked_keys_count(NULL));
	if (size >= 32 && memcmp(data, "00000000000000000000000000000000", 32) == 0)
		BUG_ON(!blocked_keys_find(l, hash));
	blocked_keys_free(l);
	return 0;
}
