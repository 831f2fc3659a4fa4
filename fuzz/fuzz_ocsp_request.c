/* SPDX-License-Identifier: Apache-2.0 */
/* An OCSP request; what was accepted can be answered, and the answer is strict DER. */
#include "base/der.h"
#include "ca/ocsp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
answer_all(const struct ocsp_request *rq)
{
	static const struct ca_issuer is = {.alg = KEY_EC_P256};
	struct ocsp_answer an[OCSP_CERTS_MAX] = {0};
	struct blob tbs, whole, der;
	struct cursor c;
	ARENA(a);
	ERR(e);

	for (unsigned i = 0; i < rq->n; i++)
		an[i] = (struct ocsp_answer){.id = rq->certs[i], .status = OCSP_REVOKED, .reason = (int)(i % 2)};
	BUG_ON(ocsp_tbs(&is, an, rq->n, rq->nonce, 0, &a, &tbs, &e) < 0);
	der = ocsp_response(&is, tbs, BLOB("s", 1), &a);
	c = cursor_of(der);
	BUG_ON(!der_next(&c, NULL, NULL, &whole) || !der_done(&c) || whole.n != der.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ocsp_request rq;

	if (!ocsp_request_read(BLOB(data, size), &rq))
		return 0;
	BUG_ON(rq.n < 1 || rq.n > OCSP_CERTS_MAX || rq.nonce.n > 128 || size > OCSP_REQUEST_MAX);
	for (unsigned i = 0; i < rq.n; i++) {
		const struct ocsp_cert_id *id = &rq.certs[i];

		BUG_ON(id->whole.p < data || id->whole.p + id->whole.n > data + size || !id->serial.n);
	}
	answer_all(&rq);
	return 0;
}
