/* SPDX-License-Identifier: Apache-2.0 */
/* Apart from the hashes: who only makes passwords needs no libcrypt. */
#include "base/rand.h"
#include "crypto/password.h"

struct str
password_random(struct arena *a)
{
	static const char alphabet[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
	char *p = arena_alloc(a, 21);

	/* 57^20: 116 bits. */
	for (int i = 0; i < 20; i++)
		p[i] = alphabet[rand_below(sizeof(alphabet) - 1)];
	return (struct str){p, 20};
}
