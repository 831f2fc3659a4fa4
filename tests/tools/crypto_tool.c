/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drives src/crypto from tests written in other languages. Everything goes in and out as hexadecimal; what comes out
 * is one "name hex" a line. Exit 0: done; 1: refused, the error's name on standard error; 2: usage.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"
#include "crypto/cert.h"
#include "crypto/crypto.h"
#include "crypto/csr.h"
#include "crypto/p12.h"
#include "crypto/sm2.h"

static struct arena arena;

static struct blob
arg_hex(const char *text)
{
	struct blob b;

	if (!hex_decode(&arena, str_c(text), &b)) {
		fprintf(stderr, "no hexadecimal: %s\n", text);
		exit(2);
	}
	return b;
}

static void
out(const char *name, struct blob b)
{
	printf("%s %.*s\n", name, STRF(hex_encode(&arena, b)));
}

static int
out_pkcs8(const char *name, const struct key *k, struct err *e)
{
	SECRET(der);
	int r = key_to_pkcs8(k, &der, e);

	if (r == 0)
		out(name, secret_blob(der));
	return r;
}

/* generate ALG: pkcs8, spki, and a request for a name with its parts */
static int
generate(char **args, struct err *e)
{
	struct str name = STR("www.example.com");
	struct blob spki, tbs, sig, der;
	KEY(k);
	int r = key_generate(key_alg_by_name(str_c(args[0])), &k, e);

	if (r == 0)
		r = key_spki(k, &arena, &spki, e);
	if (r == 0)
		r = csr_build_tbs(name, &name, 1, spki, &arena, &tbs, e);
	if (r == 0)
		r = key_sign(k, tbs, &arena, &sig, e);
	if (r == 0)
		r = csr_finish(tbs, key_alg(k), sig, &arena, &der, e);
	if (r == 0)
		r = out_pkcs8("pkcs8", k, e);
	if (r < 0)
		return r;
	out("spki", spki);
	out("tbs", tbs);
	out("sig", sig);
	out("csr", der);
	return 0;
}

/* verify SPKI TBS SIG */
static int
verify(char **args, struct err *e)
{
	KEY(k);
	int r = key_from_spki(arg_hex(args[0]), &k, e);

	return r < 0 ? r : key_verify(k, arg_hex(args[1]), arg_hex(args[2]), e);
}

/* csr DER: what was read */
static int
csr(char **args, struct err *e)
{
	struct csr c;
	int r = csr_read(arg_hex(args[0]), &arena, &c, e);

	if (r < 0)
		return r;
	printf("alg %s\nbits %u\ncn %.*s\nmust_staple %d\n", key_alg_name(c.alg), c.bits, STRF(c.cn), c.must_staple);
	for (unsigned i = 0; i < c.n_dns; i++)
		printf("dns %.*s\n", STRF(c.dns[i]));
	return 0;
}

/* envelope PKCS8-OF-THE-ENCRYPTION-KEY SPKI-OF-THE-SIGNING-KEY */
static int
envelope(char **args, struct err *e)
{
	struct blob der;
	KEY(enc);
	KEY(sign);
	int r = key_from_pkcs8(arg_hex(args[0]), &enc, e);

	if (r == 0)
		r = key_from_spki(arg_hex(args[1]), &sign, e);
	if (r == 0)
		r = sm2_envelope(enc, sign, &arena, &der, e);
	if (r == 0)
		out("envelope", der);
	return r;
}

/* open PKCS8-OF-THE-SIGNING-KEY ENVELOPE */
static int
open_envelope(char **args, struct err *e)
{
	KEY(sign);
	KEY(enc);
	int r = key_from_pkcs8(arg_hex(args[0]), &sign, e);

	if (r == 0)
		r = sm2_envelope_open(arg_hex(args[1]), sign, &enc, e);
	return r < 0 ? r : out_pkcs8("pkcs8", enc, e);
}

/* p12 PKCS8 LEAF PASSWORD */
static int
p12(char **args, struct err *e)
{
	struct blob der;
	KEY(k);
	int r = key_from_pkcs8(arg_hex(args[0]), &k, e);

	if (r == 0)
		r = p12_build(STR("test"), str_c(args[2]), k, arg_hex(args[1]), NULL, 0, &arena, &der, e);
	if (r == 0)
		out("p12", der);
	return r;
}

static const struct {
	const char *name;
	int args;
	int (*run)(char **args, struct err *e);
} verbs[] = {
	{"generate", 1, generate}, {"verify", 3, verify}, {"csr", 1, csr},
	{"envelope", 2, envelope}, {"open", 2, open_envelope}, {"p12", 3, p12},
};

int
main(int argc, char **argv)
{
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		if (argc < 2 || strcmp(argv[1], verbs[i].name) != 0 || argc != 2 + verbs[i].args)
			continue;
		if (crypto_init(&e) < 0 || verbs[i].run(argv + 2, &e) < 0)
			fprintf(stderr, "%s: %s\n", err_info(e.code)->name, e.msg);
		arena_done(&arena);
		return e.code ? 1 : 0;
	}
	fprintf(stderr, "usage: crypto_tool generate|verify|csr|envelope|open|p12 ARGUMENTS\n");
	return 2;
}
