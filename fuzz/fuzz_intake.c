/* SPDX-License-Identifier: Apache-2.0 */
/* What people hand in: taken apart in any form; what is taken reads again. */
#include "base/buf.h"
#include "crypto/cert.h"
#include "crypto/digest.h"
#include "inspect/check.h"

#define SUM 20

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A keystore's sum over its passphrase and bytes is put right, or nothing behind it would ever be
 * read. */
static void
sum_mend(uint8_t *p, size_t n)
{
	static const char front[] = "\0xMighty Aphrodite";
	BUF(b, 1 << 22);

	buf_put(&b, front, sizeof(front) - 1);
	buf_put(&b, p, n - SUM);
	digest_sha1(buf_blob(&b), p + n - SUM);
}

/* The check of the same: an error or a leaf. */
static void
judge(struct blob bytes)
{
	const struct check_field field = {"file", bytes};
	const struct check_in in = {.fields = &field,
		.n_fields = 1,
		.purpose = CHECK_DEPLOY,
		.now_ms = INT64_C(1800000000000),
		.passphrase = STR("x")};
	struct check *out;
	ARENA(a);
	ERR(e);

	out = arena_new(&a, struct check);
	if (check_run(&in, &a, out, &e) == 0)
		BUG_ON(!out->leaf && !out->n_errors);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct intake in;
	uint8_t *copy;
	ARENA(a);
	ERR(e);

	copy = arena_copy(&a, data, size);
	if (size > 4 + SUM && (copy[0] == 0xfe || copy[0] == 0xce))
		sum_mend(copy, size);
	intake_init(&in, &a);
	intake_add(&in, "file", BLOB(copy, size), STR("x"), &e);
	for (unsigned i = 0; i < in.n; i++) {
		struct cert_info info;
		ERR(ignored);

		BUG_ON(!in.v[i].der.p);
		if (in.v[i].kind == ITEM_CERT)
			BUG_ON(cert_read(in.v[i].der, &a, &info, &ignored) < 0);
		BUG_ON((in.v[i].kind == ITEM_KEY) != (in.v[i].key != NULL));
	}
	BUG_ON(!in.n && err_faults(&e) == 0);
	judge(BLOB(copy, size));
	return 0;
}
