/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/env_test.h"

int64_t
env_time(const char *text)
{
	int64_t ms;

	assert_true(rfc3339_get(str_c(text), &ms));
	return ms;
}

void
env_serial(int64_t ms, uint8_t ret[SERIAL_LEN])
{
	serial_new(ms, ret);
}

void
env_issuer_make(struct env_issuer *in, const char *name, enum key_alg alg, const struct env_issuer *parent,
	unsigned shards, int64_t now_ms, struct arena *a)
{
	const struct profile *p = profile_find(parent ? STR("intermediate") : STR("root"), 0);
	struct ca_birth birth = {.profile = p, .alg = alg, .parent = parent ? &parent->is : NULL,
		.subject = {.c = STR("CN"), .o = STR("Signet"), .cn = str_c(name)}};
	const struct env_issuer *by = parent ? parent : in;
	uint8_t serial[SERIAL_LEN];
	struct blob tbs, sig;
	ERR(e);

	*in = (struct env_issuer){.is = {.id = 1, .name = str_c(name), .shards = shards,
				      .status_url = STR("http://status.example.com"),
				      .parent = parent ? (struct ca_issuer *)&parent->is : NULL}};
	env_serial(now_ms, serial);
	ca_validity(p, birth.parent, now_ms, 0, 0, &birth.not_before_ms, &birth.not_after_ms);
	if (key_generate(alg, &in->private, &e) < 0 || key_spki(in->private, a, &birth.spki, &e) < 0 ||
		ca_birth_tbs(&birth, serial, a, &tbs, &e) < 0 || key_sign(by->private, tbs, a, &sig, &e) < 0 ||
		ca_issuer_load(&in->is, cert_assemble(tbs, key_alg(by->private), sig, a), a, &e) < 0)
		fail_msg("%s", e.msg);
}

void
env_issuer_done(struct env_issuer *in)
{
	in->private = key_free(in->private);
}

struct blob
env_spki(enum key_alg alg, struct arena *a)
{
	KEY(k);
	struct blob spki = {NULL, 0};
	ERR(e);

	if (key_generate(alg, &k, &e) < 0 || key_spki(k, a, &spki, &e) < 0)
		fail_msg("%s", e.msg);
	return spki;
}

struct blob
env_hex(const char *hex, struct arena *a)
{
	struct blob b;

	assert_true(hex_decode(a, str_c(hex), &b));
	return b;
}
