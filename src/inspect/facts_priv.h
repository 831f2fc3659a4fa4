/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of facts share. */
#pragma once

#include "crypto/key.h"
#include "inspect/facts.h"

struct facts_reading {
	struct facts *to;
	unsigned item;
	struct str passphrase;
};

/* What is more than FACTS_MAX is left out. */
void fact_put(const struct facts_reading *t, const char *name, struct str value);
void fact_put_hex(const struct facts_reading *t, const char *name, struct blob value);
void fact_put_sha256(const struct facts_reading *t, const char *name, struct blob of);
void fact_put_ip(const struct facts_reading *t, struct blob ip);
void fact_put_key(const struct facts_reading *t, enum key_alg alg, unsigned bits, struct blob spki);

/* facts_csr.c */
int facts_csr(const struct facts_reading *t, struct blob der, struct err *e) CHECKED;
