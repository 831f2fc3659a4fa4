/* SPDX-License-Identifier: Apache-2.0 */
/* A signing request as it comes from outside: text or DER. */
#include "crypto/csr.h"
#include "inspect/facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_one(struct blob der)
{
	struct facts facts;
	struct csr c;
	ARENA(a);
	ERR(e);

	/* Those that a request says are read before its key and signature count. */
	(void)!facts_read(FACT_CSR, der, (struct str){NULL, 0}, &a, &facts, &e);
	err_clear(&e);
	if (csr_read(der, &a, &c, &e) < 0)
		return;
	/* What was accepted holds together. */
	BUG_ON(c.n_dns + c.n_ip + c.n_other > CSR_NAMES_MAX || c.alg == KEY_NONE || !c.spki.n);
	for (unsigned i = 0; i < c.n_dns; i++)
		BUG_ON(c.dns[i].p < (const char *)der.p || c.dns[i].p + c.dns[i].n > (const char *)der.p + der.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct blob der;
	ARENA(a);
	ERR(e);

	read_one(BLOB(data, size));
	if (csr_from_text(BLOB(data, size), &a, &der, &e) == 0)
		read_one(der);
	return 0;
}
