/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/signer_codec.h"

#include <stdio.h>

void
signer_put_bytes(struct buf *b, struct blob bytes)
{
	buf_put_u32(b, (uint32_t)bytes.n);
	buf_put_blob(b, bytes);
}

void
signer_put_str(struct buf *b, struct str s)
{
	signer_put_bytes(b, blob_of(s));
}

struct str
signer_get_str(struct cursor *c, size_t max)
{
	return str_of(cursor_blob(c, max));
}

void
signer_put_limits(struct buf *b, const struct signer_limits *l)
{
	buf_put_u8(b, l->ca);
	buf_put_u8(b, l->leaves);
	buf_put_u64(b, (uint64_t)l->max_validity_ms);
	buf_put_u32(b, l->key_usages);
	buf_put_u8(b, l->any_name);
}

static bool
get_bool(struct cursor *c)
{
	uint8_t v = cursor_u8(c);

	c->bad |= v > 1;
	return v == 1;
}

void
signer_get_limits(struct cursor *c, struct signer_limits *ret)
{
	ret->ca = get_bool(c);
	ret->leaves = get_bool(c);
	ret->max_validity_ms = (int64_t)cursor_u64(c);
	ret->key_usages = cursor_u32(c);
	ret->any_name = get_bool(c);
}

void
signer_put_name(struct buf *b, const struct seal_name *n)
{
	buf_put_u32(b, n->class);
	buf_put_u64(b, (uint64_t)n->account);
	buf_put(b, n->id, sizeof(n->id));
}

void
signer_get_name(struct cursor *c, struct seal_name *ret)
{
	struct blob id;

	ret->class = (enum seal_class)cursor_u32(c);
	ret->account = (int64_t)cursor_u64(c);
	id = cursor_take(c, sizeof(ret->id));
	if (id.n == sizeof(ret->id))
		memcpy(ret->id, id.p, sizeof(ret->id));
}

void
signer_put_key(struct buf *b, const struct signer_key *k)
{
	signer_put_name(b, &k->name);
	buf_put_u16(b, (uint16_t)k->alg);
	signer_put_bytes(b, k->sealed);
	signer_put_bytes(b, k->spki);
}

void
signer_get_key(struct cursor *c, struct signer_key *ret)
{
	signer_get_name(c, &ret->name);
	ret->alg = (enum key_alg)cursor_u16(c);
	ret->sealed = cursor_blob(c, SIGNER_SEALED_MAX);
	ret->spki = cursor_blob(c, SIGNER_SPKI_MAX);
}

void
signer_put_failure(struct buf *b, const struct err *e)
{
	buf_put_u32(b, (uint32_t)-e->code);
	signer_put_str(b, str_c(e->msg));
	signer_put_str(b, str_c(e->field));
}

int
signer_get_result(struct cursor *c, struct err *e)
{
	uint32_t code = cursor_u32(c);
	struct str msg, field;
	char name[ERR_FIELD_MAX];

	if (code == 0 && cursor_ok(c, false))
		return 0;
	msg = signer_get_str(c, ERR_TEXT_MAX);
	field = signer_get_str(c, ERR_FIELD_MAX);
	if (!cursor_ok(c, true) || code > ERR_CODE_LAST)
		return err_set(e, E_IPC, "the signer's answer is malformed");
	snprintf(name, sizeof(name), "%.*s", STRF(field));
	return err_field(e, -(int)code, name, "%.*s", STRF(msg));
}
