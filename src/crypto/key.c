/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key.h"

#include <openssl/core_names.h>
#include <stdlib.h>

#include "crypto/key_priv.h"

static const struct {
	enum key_alg alg;
	const char *name;
} names[] = {
	{KEY_RSA_2048, "RSA_2048"},
	{KEY_RSA_3072, "RSA_3072"},
	{KEY_RSA_4096, "RSA_4096"},
	{KEY_EC_P256, "EC_P256"},
	{KEY_EC_P384, "EC_P384"},
	{KEY_SM2, "SM2"},
	{KEY_OTHER, "OTHER"},
};

const char *
key_alg_name(enum key_alg alg)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (names[i].alg == alg)
			return names[i].name;
	}
	return "NONE";
}

enum key_alg
key_alg_by_name(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (names[i].alg != KEY_OTHER && str_eq_c(name, names[i].name))
			return names[i].alg;
	}
	return KEY_NONE;
}

/* -- life */

struct key *
key_free(struct key *k)
{
	if (!k)
		return NULL;
	for (size_t i = 0; i < KEY_SPARES; i++)
		EVP_PKEY_CTX_free(atomic_load(&k->spare[i]));
	EVP_PKEY_free(k->pkey);
	free(k->der);
	free(k);
	return NULL;
}

void
key_freep(struct key **k)
{
	*k = key_free(*k);
}

/* Early SM2 software wrote the curve as algorithm; what we hand on is the regular form of GM/T 0015. */
static void
regular_form(const struct spki *info, struct blob spki, struct buf *out)
{
	if (info->kind == KIND_RSA || info->kind == KIND_EDWARDS)
		buf_put_blob(out, spki);
	else
		spki_put_ec(out, info->group, info->point);
}

int
key_wrap(EVP_PKEY *pkey, bool private, struct blob spki, struct key **ret, struct err *e)
{
	KEY(k);
	BUF(der, 4096);
	struct spki info;
	int r;

	k = calloc(1, sizeof(*k));
	BUG_ON(!k);
	k->pkey = pkey;
	k->private = private;
	r = spki_parse_any(spki, &info, e);
	if (r < 0)
		return r;
	regular_form(&info, spki, &der);
	BUG_ON(der.over);
	k->der = malloc(der.n);
	BUG_ON(!k->der);
	memcpy(k->der, der.p, der.n);
	k->der_n = der.n;
	r = spki_parse_any((struct blob){k->der, k->der_n}, &k->info, e);
	if (r < 0)
		return r;
	if (k->info.kind == KIND_SM2)
		sig_sm2_za(k->info.point, k->za);
	*ret = TAKE(k);
	return 0;
}

enum key_alg
key_alg(const struct key *k)
{
	return k->info.alg;
}

unsigned
key_bits(const struct key *k)
{
	return k->info.bits;
}

struct str
key_name(const struct key *k, struct arena *a)
{
	const struct spki *s = &k->info;

	if (s->alg != KEY_OTHER)
		return str_c(key_alg_name(s->alg));
	if (s->kind == KIND_EDWARDS)
		return str_eq_c(STR("ED448"), s->group) ? STR("Ed448") : STR("Ed25519");
	if (s->kind == KIND_RSA)
		return arena_printf(a, "%s of %u bits", s->pss ? "RSA-PSS" : "RSA", s->bits);
	return arena_printf(a, "EC on %s", s->group);
}

bool
key_is_of(const struct key *k, struct blob spki)
{
	struct spki s;
	ERR(ignored);

	if (spki_parse_any(spki, &s, &ignored) < 0 || s.kind != k->info.kind)
		return false;
	if (s.kind == KIND_RSA)
		return blob_eq(s.n, k->info.n) && blob_eq(s.e, k->info.e) && (s.pss || !k->info.pss);
	return strcmp(s.group, k->info.group) == 0 && blob_eq(s.point, k->info.point);
}

int
key_spki(const struct key *k, struct arena *a, struct blob *ret, struct err *e)
{
	(void)e;
	*ret = arena_blob(a, (struct blob){k->der, k->der_n});
	return 0;
}

/* -- from the public key */

EVP_PKEY *
key_from_params(const struct spki *s, int selection, OSSL_PARAM *params)
{
	static const char *const type[] = {[KIND_RSA] = "RSA", [KIND_EC] = "EC", [KIND_SM2] = "SM2"};
	EVP_PKEY *pkey = NULL;
	OSSL_PKEY_CTX(c);

	c = EVP_PKEY_CTX_new_from_name(NULL, s->pss ? "RSA-PSS" : type[s->kind], NULL);
	if (!c || EVP_PKEY_fromdata_init(c) != 1 || EVP_PKEY_fromdata(c, &pkey, selection, params) != 1)
		return NULL;
	return pkey;
}

/* The library takes integers in the machine's order. */
static OSSL_PARAM
param_unsigned(const char *name, struct blob magnitude, uint8_t *room)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	for (size_t i = 0; i < magnitude.n; i++)
		room[i] = magnitude.p[magnitude.n - 1 - i];
#else
	memcpy(room, magnitude.p, magnitude.n);
#endif
	return OSSL_PARAM_construct_BN(name, room, magnitude.n);
}

static EVP_PKEY *
rsa_from_spki(const struct spki *s)
{
	uint8_t n[2048], e[8];
	OSSL_PARAM params[3];

	BUG_ON(s->n.n > sizeof(n) || s->e.n > sizeof(e));
	params[0] = param_unsigned(OSSL_PKEY_PARAM_RSA_N, s->n, n);
	params[1] = param_unsigned(OSSL_PKEY_PARAM_RSA_E, s->e, e);
	params[2] = OSSL_PARAM_construct_end();
	return key_from_params(s, EVP_PKEY_PUBLIC_KEY, params);
}

/* Decoding the point, the library checks that its coordinates are field elements and that it lies on the curve. */
static EVP_PKEY *
ec_from_spki(const struct spki *s)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)s->group, 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)s->point.p, s->point.n),
		OSSL_PARAM_construct_end(),
	};

	return key_from_params(s, EVP_PKEY_PUBLIC_KEY, params);
}

int
key_from_spki(struct blob spki, struct key **ret, struct err *e)
{
	struct spki info;
	EVP_PKEY *pkey;
	int r = spki_parse(spki, &info, e);

	if (r < 0)
		return r;
	pkey = info.kind == KIND_RSA	   ? rsa_from_spki(&info)
	       : info.kind == KIND_EDWARDS ? edwards_from_spki(&info)
					   : ec_from_spki(&info);
	if (!pkey && info.kind != KIND_RSA)
		return ossl_err(e, E_KEY_WEAK, "the public key is no point of its curve");
	if (!pkey)
		return ossl_fault(e, "EVP_PKEY_fromdata");
	return key_wrap(pkey, false, spki, ret, e);
}

/* -- from the library's generator */

static bool
put_rsa(struct buf *b, const EVP_PKEY *pkey)
{
	OSSL_BN(n);
	OSSL_BN(e);
	uint8_t nb[1024], eb[64];

	if (EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_N, &n) != 1 ||
		EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_E, &e) != 1 ||
		BN_num_bytes(n) > (int)sizeof(nb) || BN_num_bytes(e) > (int)sizeof(eb))
		return false;
	spki_put_rsa(b, BLOB(nb, (size_t)BN_bn2bin(n, nb)), BLOB(eb, (size_t)BN_bn2bin(e, eb)), false,
		(struct blob){NULL, 0});
	return true;
}

static bool
put_ec(struct buf *b, const EVP_PKEY *pkey, const char *group)
{
	uint8_t point[256];
	size_t n;

	if (EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point), &n) != 1)
		return false;
	spki_put_ec(b, group, BLOB(point, n));
	return true;
}

static EVP_PKEY *
generate(enum key_alg alg, const char **ret_group)
{
	*ret_group = NULL;
	switch (alg) {
	case KEY_RSA_2048:
		return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	case KEY_RSA_3072:
		return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)3072);
	case KEY_RSA_4096:
		return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)4096);
	case KEY_EC_P256:
		return EVP_PKEY_Q_keygen(NULL, NULL, "EC", *ret_group = "P-256");
	case KEY_EC_P384:
		return EVP_PKEY_Q_keygen(NULL, NULL, "EC", *ret_group = "P-384");
	case KEY_SM2:
		*ret_group = "SM2";
		return EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
	case KEY_NONE:
	case KEY_OTHER:
		break;
	}
	BUG("no such key can be made");
}

int
key_generate(enum key_alg alg, struct key **ret, struct err *e)
{
	BUF(spki, 4096);
	const char *group;
	EVP_PKEY *pkey;

	ossl_algs();
	pkey = generate(alg, &group);
	if (!pkey)
		return ossl_fault(e, "EVP_PKEY_Q_keygen");
	if (!(group ? put_ec(&spki, pkey, group) : put_rsa(&spki, pkey))) {
		EVP_PKEY_free(pkey);
		return ossl_fault(e, "EVP_PKEY_get_params");
	}
	return key_wrap(pkey, true, buf_blob(&spki), ret, e);
}
