/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of webhooks: what is taken has a host and a target that go into a request as they are. */
#include "net/url.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct url u;

	if (!url_read((struct str){(const char *)data, size}, &u))
		return 0;
	BUG_ON(u.host.n == 0 || u.host.n > 253 || u.port == 0 || u.target.n == 0 || u.target.p[0] != '/');
	BUG_ON(memchr(u.host.p, '@', u.host.n) || memchr(u.host.p, '/', u.host.n));
	for (size_t i = 0; i < u.target.n; i++)
		BUG_ON(u.target.p[i] <= ' ' || u.target.p[i] == 0x7f);
	return 0;
}
