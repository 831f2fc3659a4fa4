/* SPDX-License-Identifier: Apache-2.0 */
/* What a server answers to the hello of TLCP: records, a hello, certificates. */
#include "net/probe_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tlcp_answer whole, part;
	size_t sum = 0;
	enum tlcp how, before;
	ARENA(a);

	if (size > TLCP_ANSWER_MAX)
		return 0;
	how = tlcp_read(BLOB(data, size), &a, &whole);
	BUG_ON(how == TLCP_SHOWN && whole.n_chain > PROBE_CHAIN_MAX);
	for (unsigned i = 0; how == TLCP_SHOWN && i < whole.n_chain; i++)
		sum += whole.chain[i].n;
	BUG_ON(sum > size);
	/* What was enough stays enough; what came before it was no other end. */
	before = tlcp_read(BLOB(data, size / 2), &a, &part);
	BUG_ON(before != TLCP_MORE && before != how);
	return 0;
}
