/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/rand.h"
#include "net/probe_priv.h"

enum { RECORD_ALERT = 21, RECORD_HANDSHAKE = 22 };
enum { HELLO_CLIENT = 1, HELLO_SERVER = 2, CERTIFICATE = 11 };

/* GB/T 38636-2020 6.4.5.2.1 */
static const struct {
	unsigned id;
	const char *name;
} suites[] = {{0xe013, "ECC_SM4_CBC_SM3"}, {0xe053, "ECC_SM4_GCM_SM3"}, {0xe011, "ECDHE_SM4_CBC_SM3"},
	{0xe051, "ECDHE_SM4_GCM_SM3"}};

static unsigned
u24(struct cursor *c)
{
	unsigned high = cursor_u8(c);

	return high << 16 | cursor_u16(c);
}

static bool
read_hello(struct blob body, struct tlcp_answer *ret)
{
	struct cursor c = cursor_of(body);

	if (cursor_u16(&c) != TLCP_VERSION)
		return false;
	cursor_take(&c, 32);
	cursor_take(&c, cursor_u8(&c));
	ret->suite = cursor_u16(&c);
	return cursor_ok(&c, false);
}

static bool
read_certificates(struct blob body, struct tlcp_answer *ret)
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

static enum tlcp
read_messages(struct blob joined, struct tlcp_answer *ret)
{
	struct cursor c = cursor_of(joined);
	bool hello = false;

	*ret = (struct tlcp_answer){0};
	for (;;) {
		unsigned type = cursor_u8(&c);
		struct blob body = cursor_take(&c, u24(&c));

		if (c.bad)
			return TLCP_MORE;
		if (!hello) {
			hello = type == HELLO_SERVER && read_hello(body, ret);
			if (!hello)
				return TLCP_FOREIGN;
		} else {
			/* ServerHello is followed by the certificates in every suite that was offered. */
			return type == CERTIFICATE && read_certificates(body, ret) ? TLCP_SHOWN : TLCP_FOREIGN;
		}
	}
}

/* The handshake's bytes of one record after another, joined; what stands behind the certificates is not looked at. */
enum tlcp
tlcp_read(struct blob seen, struct arena *a, struct tlcp_answer *ret)
{
	struct cursor c = cursor_of(seen);
	uint8_t *joined = arena_alloc(a, seen.n);
	enum tlcp how = TLCP_MORE;
	size_t n = 0;

	while (how == TLCP_MORE && cursor_left(&c) >= 5) {
		unsigned type = cursor_u8(&c), version = cursor_u16(&c);
		struct blob body = cursor_take(&c, cursor_u16(&c));

		if (version != TLCP_VERSION || (type != RECORD_HANDSHAKE && type != RECORD_ALERT))
			return TLCP_FOREIGN;
		if (type == RECORD_ALERT)
			return TLCP_ALERTED;
		if (c.bad)
			break;
		if (body.n)
			memcpy(joined + n, body.p, body.n);
		n += body.n;
		how = read_messages(BLOB(joined, n), ret);
	}
	return how;
}

static void
put_hello(struct buf *b)
{
	size_t suites_n = 2 * ARRAY_LEN(suites), n = 2 + 32 + 1 + 2 + suites_n + 2;
	uint8_t random[32];

	rand_bytes(random, sizeof(random));
	buf_put_u8(b, RECORD_HANDSHAKE);
	buf_put_u16(b, TLCP_VERSION);
	buf_put_u16(b, (uint16_t)(n + 4));
	buf_put_u8(b, HELLO_CLIENT);
	buf_put_u8(b, 0);
	buf_put_u16(b, (uint16_t)n);
	buf_put_u16(b, TLCP_VERSION);
	buf_put(b, random, sizeof(random));
	buf_put_u8(b, 0); /* no session */
	buf_put_u16(b, (uint16_t)suites_n);
	for (size_t i = 0; i < ARRAY_LEN(suites); i++)
		buf_put_u16(b, (uint16_t)suites[i].id);
	buf_put_u8(b, 1); /* no compression */
	buf_put_u8(b, 0);
}

static void
tell(const struct tlcp_answer *t, enum tlcp how, struct probe *ret, struct probe_end *end)
{
	for (size_t i = 0; how == TLCP_SHOWN && i < ARRAY_LEN(suites); i++) {
		if (suites[i].id == t->suite)
			snprintf(ret->suite, sizeof(ret->suite), "%s", suites[i].name);
	}
	if (how == TLCP_SHOWN) {
		memcpy(ret->chain, t->chain, sizeof(ret->chain));
		ret->n_chain = t->n_chain;
		ret->chain_cut = t->chain_cut;
	}
	probe_ends(end, PROBE_TLCP, "the server speaks TLCP (GB/T 38636) and no TLS that is known here%s",
		how == TLCP_SHOWN ? "" : "; it showed no certificates");
}

bool
tlcp_probe(struct wire *w, struct arena *a, struct probe *ret, struct probe_end *end)
{
	BUF(hello, 256);
	struct tlcp_answer answer;
	uint8_t *seen = arena_alloc(a, TLCP_ANSWER_MAX);
	size_t n = 0;
	enum tlcp how = TLCP_MORE;

	put_hello(&hello);
	if (wire_write(w, buf_blob(&hello)) < 0)
		return false;
	while (how == TLCP_MORE && n < TLCP_ANSWER_MAX) {
		ptrdiff_t got = wire_read(w, seen + n, TLCP_ANSWER_MAX - n);

		if (got <= 0)
			break;
		n += (size_t)got;
		ARENA(scratch);
		how = tlcp_read(BLOB(seen, n), &scratch, &answer);
	}
	if (how == TLCP_SHOWN)
		how = tlcp_read(BLOB(seen, n), a, &answer);
	if (how == TLCP_SHOWN || how == TLCP_ALERTED)
		tell(&answer, how, ret, end);
	return how == TLCP_SHOWN || how == TLCP_ALERTED;
}
