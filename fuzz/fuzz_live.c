/* SPDX-License-Identifier: Apache-2.0 */
/* A server's chain and stapled response as it sends them, judged. Input: one byte of choices, then the staple and certificates,
 * each behind a 16-bit length. */
#include "base/cursor.h"
#include "inspect/live.h"
#include "text/psl.h"

#define CHAIN_MAX 6
#define NOW INT64_C(1795000000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool ready;
	struct cursor c = cursor_of(BLOB(data, size));
	uint8_t choices = cursor_u8(&c);
	struct blob chain[CHAIN_MAX];
	struct live_in in = {.shown = (enum live_shown)(choices & 3),
		.why = "x",
		.chain = chain,
		.chain_cut = choices & 4,
		.suite = choices & 8 ? "TLS_RSA_WITH_RC4_128_MD5" : "TLS_AES_128_GCM_SHA256",
		.versions = choices >> 4,
		.versions_tried = 15,
		.bare_tried = choices & 8,
		.target = STR("www.example.com"),
		.now_ms = NOW,
		.soon_ms = 1000,
		.status_wanted = choices & 4};
	struct live l;
	unsigned errors = 0;
	ARENA(a);
	ERR(e);

	if (!ready)
		BUG_ON(psl_init(&e) < 0);
	ready = true;
	in.staple = cursor_take(&c, cursor_u16(&c));
	while (in.n_chain < CHAIN_MAX && cursor_left(&c) > 0 && !c.bad)
		chain[in.n_chain++] = cursor_take(&c, cursor_u16(&c));
	if (c.bad || live_judge(&in, &a, &l, &e) < 0)
		return 0;
	for (unsigned i = 0; i < l.check.n; i++)
		errors += l.check.v[i].severity == CHECK_ERROR;
	BUG_ON(errors != l.check.n_errors || l.ok != (errors == 0));
	/* Nobody is trusted here, and who shows no certificate at all is no server to be content with. */
	BUG_ON(l.check.trusted || (l.ok && in.n_chain));
	BUG_ON(in.shown != LIVE_SHOWN && l.ok);
	return 0;
}
