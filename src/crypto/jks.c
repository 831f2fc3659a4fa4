/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Java's own keystores. All numbers are big endian; texts have a 16-bit length and are "modified
 * UTF-8". At the end stands SHA-1 over the passphrase (UTF-16), a fixed phrase and all before it.
 * Keys are PrivateKeyInfo, protected in JKS by a stream of chained SHA-1, in JCEKS by triple DES
 * with a key made by MD5: what there is to be read, old as it is.
 */
#include <openssl/evp.h>

#include "base/cursor.h"
#include "base/der.h"
#include "base/rand.h"
#include "base/utf8.h"
#include "crypto/container_priv.h"
#include "crypto/key_priv.h"
#include "crypto/oid_priv.h"
#include "crypto/unlock_priv.h"

#define MAGIC_JKS 0xfeedfeedU
#define MAGIC_JCEKS 0xcecececeU
#define PHRASE "Mighty Aphrodite"
#define SHA1_N 20
#define PASSPHRASE_MAX 256
#define ALIAS_MAX 128

enum tag { TAG_KEY = 1, TAG_CERT = 2, TAG_SECRET = 3 };

OSSL_CLEANUP_TYPE(cipher_p, EVP_CIPHER, EVP_CIPHER_free)
OSSL_CLEANUP_TYPE(md_p, EVP_MD, EVP_MD_free)

static int
damaged(struct err *e, const char *what)
{
	return ossl_err(e, E_STORE_UNREADABLE, "the Java keystore cannot be read: %s", what);
}

/* The passphrase as Java's characters, two bytes each. */
static int
java_text(struct str passphrase, struct secret **ret, struct err *e)
{
	struct str rest = passphrase;
	size_t n = 0;

	if (passphrase.n > PASSPHRASE_MAX || (passphrase.n && !utf8_ok(passphrase)))
		return err_set(e, E_PASSPHRASE_WRONG,
			"the passphrase has more than %d bytes or is no UTF-8", PASSPHRASE_MAX);
	*ret = secret_new(2 * passphrase.n);
	while (rest.n) {
		uint32_t c = utf8_next(&rest);
		uint32_t units[2] = {c, 0};

		if (c >= 0x10000) {
			units[0] = 0xd800 + ((c - 0x10000) >> 10);
			units[1] = 0xdc00 + ((c - 0x10000) & 0x3ff);
		}
		for (int i = 0; i < 2 && units[i]; i++) {
			(*ret)->p[n++] = (uint8_t)(units[i] >> 8);
			(*ret)->p[n++] = (uint8_t)units[i];
		}
	}
	secret_cut(*ret, n);
	return 0;
}

static bool
sha1_of(const struct blob *parts, unsigned n, uint8_t ret[SHA1_N])
{
	OSSL_MD_CTX(ctx);

	ctx = EVP_MD_CTX_new();
	if (!ctx || EVP_DigestInit_ex2(ctx, ossl_algs()->sha1, NULL) != 1)
		return false;
	for (unsigned i = 0; i < n; i++) {
		if (EVP_DigestUpdate(ctx, parts[i].p, parts[i].n) != 1)
			return false;
	}
	return EVP_DigestFinal_ex(ctx, ret, NULL) == 1;
}

/* text XOR the stream that begins with the salt: each block is SHA-1 of passphrase and the block
 * before. */
static bool
stream_xor(struct blob passphrase, const uint8_t salt[SHA1_N], struct blob text, uint8_t *out)
{
	uint8_t block[SHA1_N];

	memcpy(block, salt, SHA1_N);
	for (size_t at = 0; at < text.n; at += SHA1_N) {
		const struct blob parts[] = {passphrase, BLOB(block, SHA1_N)};

		if (!sha1_of(parts, 2, block))
			return false;
		for (size_t i = 0; i < MIN(text.n - at, (size_t)SHA1_N); i++)
			out[at + i] = text.p[at + i] ^ block[i];
	}
	wipe(block, sizeof(block));
	return true;
}

/* The sum has shown that the store's is right. */
static int
other_passphrase(struct err *e)
{
	return damaged(e, "a key in it has a passphrase of its own; give it the store's with "
			  "keytool -keypasswd");
}

/* salt, text, SHA-1 of passphrase and clear text */
static int
jks_key_open(struct blob sealed, struct blob passphrase, struct arena *a, struct blob *ret,
	struct err *e)
{
	uint8_t sum[SHA1_N];
	struct secret *open;
	struct blob text;

	if (sealed.n <= 2 * SHA1_N)
		return damaged(e, "a key in it is too short");
	text = BLOB(sealed.p + SHA1_N, sealed.n - 2 * SHA1_N);
	open = arena_secret(a, text.n);
	if (!stream_xor(passphrase, sealed.p, text, open->p))
		return ossl_fault(e, "EVP_Digest");
	if (!sha1_of((const struct blob[]){passphrase, secret_blob(open)}, 2, sum))
		return ossl_fault(e, "EVP_Digest");
	if (!blob_eq_secret(BLOB(sum, SHA1_N), BLOB(sealed.p + SHA1_N + text.n, SHA1_N)))
		return other_passphrase(e);
	*ret = secret_blob(open);
	return 0;
}

/* MD5 of each half of the salt, chained with the passphrase so many times: 32 bytes, of which 24
 * are the key and 8 the IV. Of two equal halves the first is turned round. The passphrase is taken
 * as bytes here. */
static bool
jceks_derive(const uint8_t salt[8], int64_t rounds, struct str passphrase, uint8_t ret[32])
{
	/* by itself the library looks for it again in each round, which takes longer than the round */
	CLEANUP(md_p) EVP_MD *md5 = EVP_MD_fetch(unlock_ctx(), "MD5", NULL);
	uint8_t halves[8], block[16];
	OSSL_MD_CTX(ctx);
	bool ok;

	memcpy(halves, salt, 8);
	if (memcmp(halves, halves + 4, 4) == 0) {
		for (int i = 0; i < 4; i++)
			halves[i] = salt[3 - i];
	}
	ctx = EVP_MD_CTX_new();
	ok = md5 && ctx;
	for (int half = 0; ok && half < 2; half++) {
		size_t n = 4;

		memcpy(block, halves + 4 * half, 4);
		for (int64_t i = 0; ok && i < rounds; i++) {
			ok = EVP_DigestInit_ex2(ctx, md5, NULL) == 1 && EVP_DigestUpdate(ctx, block, n) == 1 &&
			     EVP_DigestUpdate(ctx, passphrase.p, passphrase.n) == 1 &&
			     EVP_DigestFinal_ex(ctx, block, NULL) == 1;
			n = sizeof(block);
		}
		memcpy(ret + 16 * half, block, sizeof(block));
	}
	wipe(block, sizeof(block));
	return ok;
}

static int
jceks_params(struct cursor *alg, struct opener *o, struct blob *ret_salt, int64_t *ret_rounds, struct err *e)
{
	struct cursor params;

	if (!der_open(alg, DER_SEQUENCE, &params) ||
		!der_get(&params, DER_OCTET_STRING, ret_salt) || ret_salt->n != 8 ||
		!der_get_int(&params, ret_rounds) || !der_done(&params))
		return damaged(e, "a key's encryption has no parameters that can be read");
	return unlock_rounds_take(o, *ret_rounds, e);
}

static int
jceks_key_open(struct cursor *alg, struct blob sealed, struct opener *o, struct arena *a,
	struct blob *ret, struct err *e)
{
	CLEANUP(cipher_p) EVP_CIPHER *des = EVP_CIPHER_fetch(unlock_ctx(), "DES-EDE3-CBC", NULL);
	uint8_t key[32];
	struct secret *open;
	OSSL_CIPHER_CTX(ctx);
	struct blob salt;
	int64_t rounds;
	int n = 0, last = 0, r = jceks_params(alg, o, &salt, &rounds, e);

	if (r < 0)
		return r;
	ctx = EVP_CIPHER_CTX_new();
	if (!des || !ctx || !jceks_derive(salt.p, rounds, o->passphrase, key))
		return ossl_fault(e, "EVP_CIPHER_fetch");
	open = arena_secret(a, sealed.n + EVP_MAX_BLOCK_LENGTH);
	r = EVP_DecryptInit_ex2(ctx, des, key, key + 24, NULL) == 1 &&
			    EVP_DecryptUpdate(ctx, open->p, &n, sealed.p, (int)sealed.n) == 1 &&
			    EVP_DecryptFinal_ex(ctx, open->p + n, &last) == 1
		    ? 0
		    : other_passphrase(e);
	wipe(key, sizeof(key));
	*ret = BLOB(open->p, (size_t)(n + last));
	return r;
}

struct reading {
	struct cursor c;
	uint32_t version;
	struct opener *opener;
	struct blob passphrase16;
	struct arena *a;
	struct contents *to;
};

static int
key_open(const struct reading *t, struct blob der, struct blob *ret, struct err *e)
{
	struct cursor outer = cursor_of(der), c, alg;
	struct blob oid, sealed;

	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer) ||
		!der_open(&c, DER_SEQUENCE, &alg) || !der_get(&alg, DER_OID, &oid) ||
		!der_get(&c, DER_OCTET_STRING, &sealed) || !der_done(&c))
		return damaged(e, "a key in it is damaged");
	if (blob_eq(oid, OID(OID_JKS_KEY)))
		return jks_key_open(sealed, t->passphrase16, t->a, ret, e);
	if (blob_eq(oid, OID(OID_JCEKS_KEY)))
		return jceks_key_open(&alg, sealed, t->opener, t->a, ret, e);
	return damaged(e, "a key in it is protected in a way that is not known");
}

static struct str
text_get(struct cursor *c)
{
	return str_of(cursor_take(c, cursor_u16(c)));
}

static int
cert_get(struct reading *t, struct str name, struct err *e)
{
	struct str type = t->version > 1 ? text_get(&t->c) : STR("X.509");
	struct blob der = cursor_take(&t->c, cursor_u32(&t->c));

	if (!cursor_ok(&t->c, false))
		return damaged(e, "it ends within a certificate");
	if (!str_eq_c(type, "X.509"))
		return damaged(e, "a certificate in it is not of X.509");
	return contents_add(t->to, CONTENT_CERT, name, arena_blob(t->a, der), e);
}

static int
key_get(struct reading *t, struct str name, struct err *e)
{
	struct blob der = cursor_take(&t->c, cursor_u32(&t->c)), key;
	uint32_t n = cursor_u32(&t->c);
	int r;

	if (!cursor_ok(&t->c, false))
		return damaged(e, "it ends within a key");
	r = key_open(t, der, &key, e);
	if (r == 0)
		r = contents_add(t->to, CONTENT_KEY, name, key, e);
	for (uint32_t i = 0; i < n && r == 0; i++)
		r = cert_get(t, name, e);
	return r;
}

static int
entry_get(struct reading *t, struct err *e)
{
	uint32_t tag = cursor_u32(&t->c);
	struct str alias = text_get(&t->c), name;

	cursor_u64(&t->c); /* when it was made */
	if (!cursor_ok(&t->c, false))
		return damaged(e, "it ends within an entry");
	name = utf8_printable(alias, false) ? arena_str(t->a, alias) : (struct str){NULL, 0};
	switch (tag) {
	case TAG_KEY:
		return key_get(t, name, e);
	case TAG_CERT:
		return cert_get(t, name, e);
	case TAG_SECRET:
		return damaged(e, "it holds a secret key (as Java writes objects); take that entry "
				  "out with keytool -delete");
	default:
		return damaged(e, "an entry in it is of a kind that is not known");
	}
}

/* The sum at the end, over all before it. */
static int
sum_check(struct blob file, struct blob passphrase16, struct err *e)
{
	struct blob before = {file.p, file.n - SHA1_N};
	uint8_t sum[SHA1_N];

	if (!sha1_of((const struct blob[]){passphrase16, blob_of(STR(PHRASE)), before}, 3, sum))
		return ossl_fault(e, "EVP_Digest");
	return blob_eq_secret(BLOB(sum, SHA1_N), BLOB(before.p + before.n, SHA1_N))
		       ? 0
		       : unlock_wrong(e);
}

int
jks_open(struct blob file, struct opener *o, struct arena *a, struct contents *ret,
	struct err *e)
{
	struct reading t = {.opener = o, .a = a, .to = ret};
	uint32_t magic, n;
	SECRET(text);
	int r;

	if (file.n > CONTAINER_MAX || file.n < 12 + SHA1_N)
		return damaged(e, "it is too short or too long");
	t.c = cursor_of(BLOB(file.p, file.n - SHA1_N));
	magic = cursor_u32(&t.c);
	t.version = cursor_u32(&t.c);
	n = cursor_u32(&t.c);
	if ((magic != MAGIC_JKS && magic != MAGIC_JCEKS) || t.version < 1 || t.version > 2)
		return damaged(e, "it is no such file");
	r = java_text(o->passphrase, &text, e);
	if (r < 0)
		return r;
	t.passphrase16 = secret_blob(text);
	r = sum_check(file, t.passphrase16, e);
	if (r == E_PASSPHRASE_WRONG && !o->passphrase.p)
		return err_set(e, E_KEY_LOCKED,
			"the Java keystore needs its passphrase and none is given");
	for (uint32_t i = 0; i < n && r == 0; i++)
		r = entry_get(&t, e);
	return r == 0 && !cursor_ok(&t.c, true)
		       ? damaged(e, "something stands behind its last entry")
		       : r;
}

/* -- writing */

static void
text_put(struct buf *b, struct str s)
{
	buf_put_u16(b, (uint16_t)s.n);
	buf_put_str(b, s);
}

static int
key_put(struct buf *b, const struct key *key, struct blob passphrase16, struct err *e)
{
	uint8_t salt[SHA1_N], sum[SHA1_N];
	size_t seq, alg;
	SECRET(clear);
	SECRET(sealed);
	int r = key_to_pkcs8(key, &clear, e);

	if (r < 0)
		return r;
	rand_bytes(salt, sizeof(salt));
	sealed = secret_new(clear->n + 2 * SHA1_N);
	if (!stream_xor(passphrase16, salt, secret_blob(clear), sealed->p + SHA1_N) ||
		!sha1_of((const struct blob[]){passphrase16, secret_blob(clear)}, 2, sum))
		return ossl_fault(e, "EVP_Digest");
	memcpy(sealed->p, salt, SHA1_N);
	memcpy(sealed->p + SHA1_N + clear->n, sum, SHA1_N);
	seq = der_begin(b, DER_SEQUENCE);
	alg = der_begin(b, DER_SEQUENCE);
	der_put(b, DER_OID, OID(OID_JKS_KEY));
	der_put_null(b);
	der_end(b, alg);
	der_put(b, DER_OCTET_STRING, secret_blob(sealed));
	der_end(b, seq);
	return 0;
}

static int
build_check(struct str alias, struct str passphrase, struct err *e)
{
	if (!alias.n || alias.n > ALIAS_MAX || !utf8_printable(alias, false))
		return err_set(e, E_FIELD_LENGTH,
			"the alias has no or more than %d bytes, or control characters", ALIAS_MAX);
	if (passphrase.n < 6 || passphrase.n > PASSPHRASE_MAX)
		return err_set(e, E_FIELD_LENGTH,
			"the passphrase of a Java keystore has 6 to %d characters", PASSPHRASE_MAX);
	for (size_t i = 0; i < passphrase.n; i++) {
		if (passphrase.p[i] < ' ' || passphrase.p[i] > '~')
			return err_set(e, E_FIELD_FORM,
				"the passphrase of a Java keystore is of ASCII characters");
	}
	return 0;
}

int
jks_build(struct str alias, struct str passphrase, const struct key *key, const struct blob *chain,
	unsigned n_chain, int64_t now_ms, struct arena *a, struct blob *ret, struct err *e)
{
	CLEANUP(buf_done) struct buf b = {.max = CONTAINER_MAX}, sealed = {.max = CONTAINER_MAX};
	uint8_t sum[SHA1_N];
	SECRET(text);
	int r = build_check(alias, passphrase, e);

	if (r == 0)
		r = java_text(passphrase, &text, e);
	if (r == 0)
		r = key_put(&sealed, key, secret_blob(text), e);
	if (r < 0)
		return r;
	buf_put_u32(&b, MAGIC_JKS);
	buf_put_u32(&b, 2);
	buf_put_u32(&b, 1);
	buf_put_u32(&b, TAG_KEY);
	text_put(&b, alias);
	buf_put_u64(&b, (uint64_t)now_ms);
	buf_put_u32(&b, (uint32_t)sealed.n);
	buf_put_blob(&b, buf_blob(&sealed));
	buf_put_u32(&b, n_chain);
	for (unsigned i = 0; i < n_chain; i++) {
		text_put(&b, STR("X.509"));
		buf_put_u32(&b, (uint32_t)chain[i].n);
		buf_put_blob(&b, chain[i]);
	}
	if (!sha1_of((const struct blob[]){secret_blob(text), blob_of(STR(PHRASE)), buf_blob(&b)},
		    3, sum))
		return ossl_fault(e, "EVP_Digest");
	buf_put(&b, sum, sizeof(sum));
	if (b.over)
		return err_set(e, E_TOO_LARGE, "the chain is too long for a Java keystore");
	*ret = arena_blob(a, buf_blob(&b));
	return 0;
}
