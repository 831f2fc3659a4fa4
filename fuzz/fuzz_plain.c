/* SPDX-License-Identifier: Apache-2.0 */
/* What a server answers to the hello of TLCP or SSL 3.0: records, a hello, certificates. */
#include "net/probe_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct plain_answer whole, part;
	enum plain p = size > 1 && data[1] == 3 ? PLAIN_SSL3 : PLAIN_TLCP;
	size_t sum = 0;
	enum plain_end how, before;
	ARENA(a);

	if (size > PLAIN_ANSWER_MAX)
		return 0;
	how = plain_read(p, BLOB(data, size), &a, &whole);
	BUG_ON(how == PLAIN_SHOWN && whole.n_chain > PROBE_CHAIN_MAX);
	for (unsigned i = 0; how == PLAIN_SHOWN && i < whole.n_chain; i++)
		sum += whole.chain[i].n;
	BUG_ON(sum > size);
	/* What was enough stays enough; what came before it was no other end. */
	before = plain_read(p, BLOB(data, size / 2), &a, &part);
	BUG_ON(before != PLAIN_MORE && before != how);
	return 0;
}
