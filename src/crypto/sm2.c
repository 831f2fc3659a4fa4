/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SM2EnvelopedKey ::= SEQUENCE {
 *   symAlgID               AlgorithmIdentifier,  -- SM4-ECB
 *   symEncryptedKey        SM2Cipher,            -- the SM4 key, encrypted to the signing public key
 *   sm2PublicKey           BIT STRING,           -- 04 || X || Y of the encryption key
 *   sm2EncryptedPrivateKey BIT STRING }          -- d under the SM4 key
 */
#include "crypto/sm2.h"

#include "base/der.h"
#include "base/rand.h"
#include "crypto/key_priv.h"
#include "crypto/oid_priv.h"

#define ENVELOPE_MAX 1024
#define SM4_KEY 16
#define D_BYTES 32

static int
unreadable(struct err *e, const char *what)
{
	return ossl_err(e, E_KEY_UNREADABLE, "the SM2 envelope does not open: %s", what);
}

/* SM4-ECB without padding over whole blocks; the same length comes out. */
static bool
sm4(const struct secret *key, bool encrypt, struct blob in, uint8_t *out)
{
	OSSL_CIPHER_CTX(c);
	int n;

	c = EVP_CIPHER_CTX_new();
	return c && EVP_CipherInit_ex2(c, ossl_algs()->sm4_ecb, key->p, NULL, encrypt, NULL) == 1 &&
		EVP_CIPHER_CTX_set_padding(c, 0) == 1 && EVP_CipherUpdate(c, out, &n, in.p, (int)in.n) == 1 &&
		(size_t)n == in.n && EVP_CipherFinal_ex(c, out + n, &n) == 1 && n == 0;
}

/* -- making */

/* SM2Cipher ::= SEQUENCE { x, y INTEGER, hash, cipher OCTET STRING }, as the library writes it. */
static int
put_encrypted_key(struct buf *b, const struct key *to, const struct secret *sm4_key, struct err *e)
{
	OSSL_PKEY_CTX(c);
	uint8_t *room;
	size_t n = 0;

	c = EVP_PKEY_CTX_new_from_pkey(NULL, to->pkey, NULL);
	if (!c || EVP_PKEY_encrypt_init(c) != 1 || EVP_PKEY_encrypt(c, NULL, &n, sm4_key->p, sm4_key->n) != 1)
		return ossl_fault(e, "EVP_PKEY_encrypt");
	room = buf_reserve(b, n);
	BUG_ON(!room);
	if (EVP_PKEY_encrypt(c, room, &n, sm4_key->p, sm4_key->n) != 1)
		return ossl_fault(e, "EVP_PKEY_encrypt");
	buf_added(b, n);
	return 0;
}

static void
put_alg(struct buf *b)
{
	size_t seq = der_begin(b, DER_SEQUENCE);

	der_put(b, DER_OID, OID(OID_SM4_ECB));
	der_put_null(b);
	der_end(b, seq);
}

int
sm2_envelope(const struct key *enc, const struct key *sign_pub, struct arena *a, struct blob *ret, struct err *e)
{
	uint8_t hidden[D_BYTES];
	BUF(b, ENVELOPE_MAX);
	SECRET(sm4_key);
	SECRET(d);
	size_t seq;
	int r;

	BUG_ON(enc->info.kind != KIND_SM2 || sign_pub->info.kind != KIND_SM2);
	r = key_ec_private(enc, &d, e);
	if (r < 0)
		return r;
	BUG_ON(d->n != D_BYTES);
	sm4_key = secret_new(SM4_KEY);
	rand_bytes(sm4_key->p, SM4_KEY);
	if (!sm4(sm4_key, true, secret_blob(d), hidden))
		return ossl_fault(e, "SM4-ECB");
	seq = der_begin(&b, DER_SEQUENCE);
	put_alg(&b);
	r = put_encrypted_key(&b, sign_pub, sm4_key, e);
	if (r < 0)
		return r;
	der_put_bits(&b, enc->info.point, 0);
	der_put_bits(&b, BLOB(hidden, D_BYTES), 0);
	der_end(&b, seq);
	BUG_ON(b.over);
	*ret = arena_blob(a, buf_blob(&b));
	return 0;
}

/* -- opening */

struct envelope {
	struct blob key, point, hidden;
};

static bool
envelope_parse(struct blob der, struct envelope *ret)
{
	struct cursor outer = cursor_of(der), c, alg;
	struct blob oid, body, null;
	uint8_t tag;

	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer) || !der_open(&c, DER_SEQUENCE, &alg) ||
		!der_get(&alg, DER_OID, &oid) || !blob_eq(oid, OID(OID_SM4_ECB)))
		return false;
	der_optional(&alg, DER_NULL, &null);
	return der_done(&alg) && der_peek(&c) == DER_SEQUENCE && der_next(&c, &tag, &body, &ret->key) &&
		der_get_bits(&c, &ret->point) && der_get_bits(&c, &ret->hidden) && der_done(&c) &&
		(ret->hidden.n == D_BYTES || ret->hidden.n == 2 * D_BYTES);
}

static int
open_key(const struct key *sign, struct blob cipher, struct secret **ret, struct err *e)
{
	OSSL_PKEY_CTX(c);
	SECRET(out);
	size_t n = 0;

	c = EVP_PKEY_CTX_new_from_pkey(NULL, sign->pkey, NULL);
	if (!c || EVP_PKEY_decrypt_init(c) != 1)
		return ossl_fault(e, "EVP_PKEY_decrypt_init");
	if (EVP_PKEY_decrypt(c, NULL, &n, cipher.p, cipher.n) != 1 || n > ENVELOPE_MAX)
		return unreadable(e, "its key is malformed");
	/* At least a key's room: the length told beforehand depends on the version of the library. */
	out = secret_new(MAX(n, (size_t)SM4_KEY));
	n = out->n;
	if (EVP_PKEY_decrypt(c, out->p, &n, cipher.p, cipher.n) != 1)
		return unreadable(e, "it is for another signing key");
	if (n != SM4_KEY)
		return unreadable(e, "its key has a wrong length");
	secret_cut(out, n);
	*ret = TAKE(out);
	return 0;
}

int
sm2_envelope_open(struct blob der, const struct key *sign, struct key **ret_enc, struct err *e)
{
	static const uint8_t zeros[D_BYTES];
	struct envelope env;
	SECRET(sm4_key);
	SECRET(plain);
	struct blob d;
	int r;

	BUG_ON(!sign->private);
	if (sign->info.kind != KIND_SM2)
		return err_set(e, E_KEY_MISMATCH, "the envelope is for an SM2 key, and this is none");
	if (der.n > ENVELOPE_MAX || !envelope_parse(der, &env))
		return unreadable(e, "it is no SM2EnvelopedKey with SM4-ECB");
	r = open_key(sign, env.key, &sm4_key, e);
	if (r < 0)
		return r;
	plain = secret_new(env.hidden.n);
	if (!sm4(sm4_key, false, env.hidden, plain->p))
		return ossl_fault(e, "SM4-ECB");
	d = secret_blob(plain);
	/* Some write d as GM/T 0016 stores it: 64 bytes, the value at the end. */
	if (d.n == 2 * D_BYTES) {
		if (!blob_eq_secret((struct blob){d.p, D_BYTES}, BLOB(zeros, D_BYTES)))
			return unreadable(e, "the private value is too long");
		d = (struct blob){d.p + D_BYTES, D_BYTES};
	}
	return key_from_ec_private("SM2", d, env.point, ret_enc, e);
}
