/* SPDX-License-Identifier: Apache-2.0 */
#include "validate/validate.h"

#include <stdio.h>

#include "base/b64.h"
#include "base/hex.h"
#include "base/rand.h"
#include "crypto/digest.h"

void
challenge_new(char ret[CHALLENGE_LEN + 1])
{
	ARENA(a);
	uint8_t random[32];
	struct str s;

	rand_bytes(random, sizeof(random));
	s = b64url_encode(&a, BLOB(random, sizeof(random)));
	BUG_ON(s.n != CHALLENGE_LEN);
	memcpy(ret, s.p, s.n);
	ret[s.n] = '\0';
}

bool
challenge_equal(struct str expected, struct str seen)
{
	return expected.n > 0 && blob_eq_secret(blob_of(expected), blob_of(seen));
}

const char *
file_which(struct str value, char ret[FILE_WHICH_LEN + 1])
{
	uint8_t digest[32];

	digest_sha256(blob_of(value), digest);
	for (size_t i = 0; i < FILE_WHICH_LEN / 2; i++)
		snprintf(ret + 2 * i, 3, "%02x", digest[i]);
	return ret;
}

struct str
validate_cname_target(struct str value, struct str registered, struct arena *a)
{
	uint8_t digest[32];
	struct str hex;

	digest_sha256(blob_of(value), digest);
	hex = hex_encode(a, BLOB(digest, sizeof(digest)));
	return arena_printf(a, "%.32s.%.32s.dcv.%.*s", hex.p, hex.p + 32, STRF(registered));
}
