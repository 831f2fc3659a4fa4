/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/rand.h"
#include "net/probe_priv.h"

enum { RECORD_ALERT = 21, RECORD_HANDSHAKE = 22 };
enum { HELLO_CLIENT = 1, HELLO_SERVER = 2, CERTIFICATE = 11 };

struct suite {
	unsigned id;
	const char *name;
};

/* GB/T 38636-2020 6.4.5.2.1 */
static const struct suite tlcp[] = {{0xe013, "ECC_SM4_CBC_SM3"}, {0xe053, "ECC_SM4_GCM_SM3"},
	{0xe011, "ECDHE_SM4_CBC_SM3"}, {0xe051, "ECDHE_SM4_GCM_SM3"}};
/* RFC 6101 A.6, and what servers take under its version besides (RFC 3268 5, RFC 4492 6); by their later names. */
static const struct suite ssl3[] = {{0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"},
	{0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"}, {0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"},
	{0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"}, {0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA"},
	{0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"}, {0x0038, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA"},
	{0x0032, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA"}, {0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA"},
	{0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA"}, {0xc012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"},
	{0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA"}, {0x0013, "TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA"},
	{0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA"}, {0x0005, "TLS_RSA_WITH_RC4_128_SHA"},
	{0x0004, "TLS_RSA_WITH_RC4_128_MD5"}, {0x0015, "TLS_DHE_RSA_WITH_DES_CBC_SHA"},
	{0x0009, "TLS_RSA_WITH_DES_CBC_SHA"}, {0x0008, "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA"},
	{0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5"}};

static const struct {
	unsigned version;
	const struct suite *suites;
	unsigned n;
} protocols[] = {
	[PLAIN_TLCP] = {0x0101, tlcp, ARRAY_LEN(tlcp)}, [PLAIN_SSL3] = {0x0300, ssl3, ARRAY_LEN(ssl3)}};

static unsigned
u24(struct cursor *c)
{
	unsigned high = cursor_u8(c);

	return high << 16 | cursor_u16(c);
}

static bool
read_hello(enum plain p, struct blob body, struct plain_answer *ret)
{
	struct cursor c = cursor_of(body);

	if (cursor_u16(&c) != protocols[p].version)
		return false;
	cursor_take(&c, 32);
	cursor_take(&c, cursor_u8(&c));
	ret->suite = cursor_u16(&c);
	return cursor_ok(&c, false);
}

static bool
read_certificates(struct blob body, struct plain_answer *ret)
{
	struct cursor c = cursor_of(body), list;

	list = cursor_of(cursor_take(&c, u24(&c)));
	while (cursor_left(&list) > 0) {
		struct blob der = cursor_take(&list, u24(&list));

		ret->chain_cut = ret->n_chain == PROBE_CHAIN_MAX;
		if (list.bad || ret->chain_cut)
			break;
		ret->chain[ret->n_chain++] = der;
	}
	return cursor_ok(&c, true) && !list.bad;
}

static enum plain_end
read_messages(enum plain p, struct blob joined, struct plain_answer *ret)
{
	struct cursor c = cursor_of(joined);
	bool hello = false;

	*ret = (struct plain_answer){0};
	for (;;) {
		unsigned type = cursor_u8(&c);
		struct blob body = cursor_take(&c, u24(&c));

		if (c.bad)
			return PLAIN_MORE;
		if (!hello) {
			hello = type == HELLO_SERVER && read_hello(p, body, ret);
			if (!hello)
				return PLAIN_FOREIGN;
		} else {
			/* ServerHello is followed by the certificates in every suite that was offered. */
			return type == CERTIFICATE && read_certificates(body, ret) ? PLAIN_SHOWN : PLAIN_FOREIGN;
		}
	}
}

/* The handshake's bytes of one record after another, joined; what stands behind the certificates is not looked at. */
enum plain_end
plain_read(enum plain p, struct blob seen, struct arena *a, struct plain_answer *ret)
{
	struct cursor c = cursor_of(seen);
	uint8_t *joined = arena_alloc(a, seen.n);
	enum plain_end how = PLAIN_MORE;
	size_t n = 0;

	while (how == PLAIN_MORE && cursor_left(&c) >= 5) {
		unsigned type = cursor_u8(&c), version = cursor_u16(&c);
		struct blob body = cursor_take(&c, cursor_u16(&c));

		if (version != protocols[p].version || (type != RECORD_HANDSHAKE && type != RECORD_ALERT))
			return PLAIN_FOREIGN;
		if (type == RECORD_ALERT)
			return PLAIN_ALERTED;
		if (c.bad)
			break;
		if (body.n)
			memcpy(joined + n, body.p, body.n);
		n += body.n;
		how = read_messages(p, BLOB(joined, n), ret);
	}
	return how;
}

static void
put_hello(struct buf *b, enum plain p)
{
	size_t suites_n = 2 * protocols[p].n, n = 2 + 32 + 1 + 2 + suites_n + 2;
	uint8_t random[32];

	rand_bytes(random, sizeof(random));
	buf_put_u8(b, RECORD_HANDSHAKE);
	buf_put_u16(b, (uint16_t)protocols[p].version);
	buf_put_u16(b, (uint16_t)(n + 4));
	buf_put_u8(b, HELLO_CLIENT);
	buf_put_u8(b, 0);
	buf_put_u16(b, (uint16_t)n);
	buf_put_u16(b, (uint16_t)protocols[p].version);
	buf_put(b, random, sizeof(random));
	buf_put_u8(b, 0); /* no session */
	buf_put_u16(b, (uint16_t)suites_n);
	for (size_t i = 0; i < protocols[p].n; i++)
		buf_put_u16(b, (uint16_t)protocols[p].suites[i].id);
	buf_put_u8(b, 1); /* no compression */
	buf_put_u8(b, 0);
}

static void
show(enum plain p, const struct plain_answer *t, struct probe *ret)
{
	for (size_t i = 0; i < protocols[p].n; i++) {
		if (protocols[p].suites[i].id == t->suite)
			snprintf(ret->suite, sizeof(ret->suite), "%s", protocols[p].suites[i].name);
	}
	memcpy(ret->chain, t->chain, sizeof(ret->chain));
	ret->n_chain = t->n_chain;
	ret->chain_cut = t->chain_cut;
}

enum plain_end
plain_ask(struct wire *w, enum plain p, struct arena *a, struct probe *ret)
{
	BUF(hello, 256);
	struct plain_answer answer;
	uint8_t *seen = arena_alloc(a, PLAIN_ANSWER_MAX);
	size_t n = 0;
	enum plain_end how = PLAIN_MORE;

	put_hello(&hello, p);
	if (wire_write(w, buf_blob(&hello)) < 0)
		return PLAIN_MORE;
	while (how == PLAIN_MORE && n < PLAIN_ANSWER_MAX) {
		ptrdiff_t got = wire_read(w, seen + n, PLAIN_ANSWER_MAX - n);

		if (got <= 0)
			break;
		n += (size_t)got;
		ARENA(scratch);
		how = plain_read(p, BLOB(seen, n), &scratch, &answer);
	}
	if (how == PLAIN_SHOWN) {
		how = plain_read(p, BLOB(seen, n), a, &answer);
		show(p, &answer, ret);
	}
	return how;
}
