/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rand.h"
#include "ca/issue.h"

/* The layout of what follows: this octet, seconds since 1970 in 32 bits, 96 random bits. */
#define SERIAL_PREFIX 0x01

void
serial_new(int64_t now_ms, uint8_t ret[SERIAL_LEN])
{
	uint32_t s = (uint32_t)(now_ms / 1000);

	BUG_ON(now_ms < 0 || now_ms / 1000 > UINT32_MAX);
	ret[0] = SERIAL_PREFIX;
	for (unsigned i = 0; i < 4; i++)
		ret[1 + i] = (uint8_t)(s >> (8 * (3 - i)));
	/* BR 7.1: at least 64 bits from a CSPRNG */
	rand_bytes(ret + 5, SERIAL_LEN - 5);
}

int64_t
serial_time_ms(const uint8_t serial[SERIAL_LEN])
{
	uint32_t s = 0;

	for (unsigned i = 0; i < 4; i++)
		s = s << 8 | serial[1 + i];
	return (int64_t)s * 1000;
}

unsigned
serial_shard(struct blob serial, unsigned shards)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	BUG_ON(shards == 0);
	while (serial.n && serial.p[0] == 0) {
		serial.p++;
		serial.n--;
	}
	/* FNV-1a: fixed for ever, for the shard stands in the certificate */
	for (size_t i = 0; i < serial.n; i++)
		h = (h ^ serial.p[i]) * UINT64_C(0x100000001b3);
	return (unsigned)((h ^ h >> 32) % shards);
}
