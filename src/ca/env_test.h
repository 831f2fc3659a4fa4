/* SPDX-License-Identifier: Apache-2.0 */
/* What the unit tests of this folder share: issuers with throw-away keys. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/der.h"
#include "base/hex.h"
#include "base/rfc3339.h"
#include "ca/issue.h"
#include "crypto/cert.h"

struct env_issuer {
	struct ca_issuer is;
	struct key *private;
};

int64_t env_time(const char *rfc3339);
/* A serial of that second. */
void env_serial(int64_t ms, uint8_t ret[SERIAL_LEN]);
/* Makes a root (parent NULL) or an intermediate, born at now_ms. Freed by env_issuer_done(). */
void env_issuer_make(struct env_issuer *in, const char *name, enum key_alg alg, const struct env_issuer *parent,
	unsigned shards, int64_t now_ms, struct arena *a);
void env_issuer_done(struct env_issuer *in);
/* A fresh key's SubjectPublicKeyInfo. */
struct blob env_spki(enum key_alg alg, struct arena *a);
struct blob env_hex(const char *hex, struct arena *a);
