/* SPDX-License-Identifier: Apache-2.0 */
/* Elements in elements: what the reader takes, the writer writes again byte for byte. */
#include "base/der.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DEPTH_MAX 32

static void
same(const struct buf *b, struct blob whole)
{
	BUG_ON(b->over || !blob_eq(buf_blob(b), whole));
}

static void
again_oid(struct blob body, struct blob whole)
{
	char text[256];
	BUF(b, 1024);

	if (body.n > 60 || !der_oid_text(body, text, sizeof(text)))
		return;
	BUG_ON(!der_oid_is(body, text));
	der_put_oid(&b, text);
	same(&b, whole);
}

static void
again_scalar(uint8_t tag, struct blob whole)
{
	struct cursor c = cursor_of(whole);
	struct blob bytes;
	int64_t v;
	bool yes;
	BUF(b, whole.n + 64);

	if (tag == DER_BOOLEAN && der_get_bool(&c, &yes))
		der_put_bool(&b, yes);
	else if (tag == DER_INTEGER && der_get_int(&c, &v))
		der_put_int(&b, v);
	else if (tag == DER_BIT_STRING && der_get_bits(&c, &bytes))
		der_put_bits(&b, bytes, 0);
	else if (tag == DER_UTC_TIME && der_get_time(&c, &v))
		der_put_time(&b, v);
	else if (tag == DER_GENERALIZED_TIME && der_get_time(&c, &v))
		der_put_generalized_time(&b, v);
	else
		return;
	BUG_ON(!der_done(&c));
	same(&b, whole);
}

static void
walk(struct blob in, unsigned depth)
{
	struct cursor c = cursor_of(in);
	struct blob body, whole;
	uint8_t tag;

	while (depth < DEPTH_MAX && der_peek(&c) && der_next(&c, &tag, &body, &whole)) {
		BUF(b, whole.n + 64);
		size_t mark = der_begin(&b, tag);

		buf_put_blob(&b, body);
		der_end(&b, mark);
		same(&b, whole);
		again_scalar(tag, whole);
		if (tag == DER_OID)
			again_oid(body, whole);
		if (tag & 0x20 || tag == DER_OCTET_STRING)
			walk(body, depth + 1);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	walk(BLOB(data, size), 0);
	return 0;
}
