/* SPDX-License-Identifier: Apache-2.0 */
/* A whole message as a server sends it, and its signature. */
#include "net/dns_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct dns_tsig_key key = {
		{"key", 3}, DNS_HMAC_SHA512, {(const uint8_t *)"0123456789abcdef", 16}};
	struct dns_mac asked = {.n = 64};
	struct dns_message m;
	ARENA(a);
	ERR(e);

	/* nobody guesses a signature */
	BUG_ON(dns_tsig_verify(BLOB(data, size), &key, &asked, 1700000000, &e) >= 0);
	if (!dns_message_read(BLOB(data, size), &a, &m))
		return 0;
	for (unsigned i = 0; i < m.n; i++) {
		const struct dns_item *r = &m.items[i];

		BUG_ON(r->at < DNS_HEADER_LEN || r->at >= size || r->name.n > 4 * 255);
		BUG_ON(r->rdata.n && (r->rdata.p < data || r->rdata.p + r->rdata.n > data + size));
	}
	return 0;
}
