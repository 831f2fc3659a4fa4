/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <pthread.h>

#include "base/der.h"
#include "base/hex.h"
#include "crypto/oid_priv.h"
#include "crypto/unlock_priv.h"

#define SEALED_MAX (64 * 1024)
#define ROUNDS_MAX 5000000	  /* about two seconds; password managers ask for 600,000 */
#define SCRYPT_WORK_MAX (1 << 22) /* N * r * p, each as dear as a round; OpenSSL writes 2^17 */
#define CIPHER_NAME_MAX 32
#define PEM_SALT 8

OSSL_CLEANUP_TYPE(x509_sig_p, X509_SIG, X509_SIG_free)
OSSL_CLEANUP_TYPE(cipher_p, EVP_CIPHER, EVP_CIPHER_free)

static OSSL_LIB_CTX *foreign;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
load(void)
{
	foreign = OSSL_LIB_CTX_new();
	if (!foreign || !OSSL_PROVIDER_load(foreign, "default"))
		BUG("the OpenSSL library lacks its default provider");
	/* A module file of its own; some systems leave it out. */
	(void)OSSL_PROVIDER_load(foreign, "legacy");
}

OSSL_LIB_CTX *
unlock_ctx(void)
{
	ossl_algs();
	pthread_once(&once, load);
	return foreign;
}

void
unlock_init(void)
{
	(void)unlock_ctx();
}

static int
needs(const struct opener *o, struct err *e)
{
	return o->passphrase.p ? 0
			    : err_set(e, E_KEY_LOCKED,
				      "the private key is encrypted and no passphrase is given");
}

int
unlock_wrong(struct err *e)
{
	return ossl_err(e, E_PASSPHRASE_WRONG, "the passphrase does not open it");
}

int
unlock_rounds_take(struct opener *o, int64_t rounds, struct err *e)
{
	if (rounds < 1 || rounds > ROUNDS_MAX)
		return err_set(e, E_KEY_UNREADABLE,
			"its encryption asks for %lld rounds (1 to %d are taken)",
			(long long)rounds, ROUNDS_MAX);
	if (rounds > o->work)
		return err_set(e, E_KEY_UNREADABLE,
			"its encryption and what was opened before it ask for more than %d rounds",
			OPENER_WORK);
	o->work -= rounds;
	return 0;
}

static int
scrypt_take(struct opener *o, struct cursor *c, struct err *e)
{
	int64_t n, r, p;

	if (!der_get_int(c, &n) || !der_get_int(c, &r) || !der_get_int(c, &p) || n < 1 || r < 1 ||
		p < 1 || n > SCRYPT_WORK_MAX || r > SCRYPT_WORK_MAX / n ||
		p > SCRYPT_WORK_MAX / (n * r))
		return err_set(
			e, E_KEY_UNREADABLE, "its encryption asks for too much work of scrypt");
	return unlock_rounds_take(o, n * r * p, e);
}

static int
work_take(struct opener *o, struct blob alg, struct err *e)
{
	struct cursor outer = cursor_of(alg), c, params, kdf;
	struct blob oid, salt;
	int64_t rounds;

	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_get(&c, DER_OID, &oid) ||
		!der_open(&c, DER_SEQUENCE, &params))
		return err_set(
			e, E_KEY_UNREADABLE, "its encryption has no parameters that can be read");
	if (blob_eq(oid, OID(OID_PBES2))) {
		/* RFC 8018 A.4: the derivation function stands first. */
		if (!der_open(&params, DER_SEQUENCE, &kdf) || !der_get(&kdf, DER_OID, &oid) ||
			!der_open(&kdf, DER_SEQUENCE, &params))
			return err_set(e, E_KEY_UNREADABLE,
				"its encryption does not name its derivation function");
	}
	if (!der_get(&params, DER_OCTET_STRING, &salt))
		return err_set(e, E_KEY_UNREADABLE, "its encryption has no salt");
	if (blob_eq(oid, OID(OID_SCRYPT)))
		return scrypt_take(o, &params, e);
	if (!der_get_int(&params, &rounds))
		return err_set(e, E_KEY_UNREADABLE, "its encryption names no number of rounds");
	return unlock_rounds_take(o, rounds, e);
}

static bool
is_one_sequence(struct blob der)
{
	struct cursor c = cursor_of(der);

	return der_get(&c, DER_SEQUENCE, NULL) && der_done(&c);
}

int
unlock_alg_take(struct opener *o, const X509_ALGOR *alg, struct err *e)
{
	unsigned char *der = NULL;
	int n = i2d_X509_ALGOR(alg, &der), r;

	if (n <= 0)
		return ossl_fault(e, "i2d_X509_ALGOR");
	r = work_take(o, BLOB(der, (size_t)n), e);
	OPENSSL_free(der);
	return r;
}

int
unlock_by(const X509_ALGOR *alg, struct blob sealed, struct opener *o, struct secret **ret,
	struct err *e)
{
	unsigned char *open = NULL;
	int n = 0, r = unlock_alg_take(o, alg, e);

	if (r < 0)
		return r;
	if (sealed.n > SEALED_MAX)
		return err_set(e, E_KEY_UNREADABLE, "%zu encrypted bytes are too many (at most %d)",
			sealed.n, SEALED_MAX);
	if (!PKCS12_pbe_crypt_ex(alg, o->passphrase.p, (int)o->passphrase.n, sealed.p, (int)sealed.n,
		    &open, &n, 0, unlock_ctx(), NULL))
		return unlock_wrong(e);
	*ret = secret_copy(BLOB(open, (size_t)n));
	OPENSSL_clear_free(open, (size_t)n);
	return 0;
}

static int
open_pkcs8(struct blob der, struct opener *o, struct secret **ret, struct err *e)
{
	CLEANUP(x509_sig_p) X509_SIG *sig = NULL;
	const unsigned char *p = der.p;
	const ASN1_OCTET_STRING *sealed;
	const X509_ALGOR *alg;
	SECRET(open);
	int r;

	if (der.n <= SEALED_MAX)
		sig = d2i_X509_SIG(NULL, &p, (long)der.n);
	if (!sig || p != der.p + der.n)
		return ossl_err(e, E_KEY_UNREADABLE, "it is no EncryptedPrivateKeyInfo");
	r = needs(o, e);
	if (r < 0)
		return r;
	X509_SIG_get0(sig, &alg, &sealed);
	r = unlock_by(alg, BLOB(ASN1_STRING_get0_data(sealed), (size_t)ASN1_STRING_length(sealed)),
		o, &open, e);
	if (r < 0)
		return r;
	/* Padding alone lets one wrong passphrase in 256 through. */
	if (!is_one_sequence(secret_blob(open)))
		return unlock_wrong(e);
	*ret = TAKE(open);
	return 0;
}

/* "AES-256-CBC,00112233…": the cipher, and its IV, whose first bytes are the salt. */
static int
dek_read(struct str dek, struct arena *a, EVP_CIPHER **ret, struct blob *ret_iv, struct err *e)
{
	struct str name = str_cut(&dek, ',');
	struct blob iv;

	if (name.n && name.n <= CIPHER_NAME_MAX)
		*ret = EVP_CIPHER_fetch(unlock_ctx(), arena_cstr(a, name), NULL);
	if (!*ret || EVP_CIPHER_get_mode(*ret) != EVP_CIPH_CBC_MODE)
		return ossl_err(e, E_KEY_UNREADABLE, "its cipher \"%.*s\" is not known",
			(int)MIN(name.n, (size_t)40), name.p);
	if (!hex_decode(a, str_trim(dek), &iv) || iv.n != (size_t)EVP_CIPHER_get_iv_length(*ret) ||
		iv.n < PEM_SALT)
		return err_set(e, E_KEY_UNREADABLE,
			"the DEK-Info has no initialisation vector of its cipher");
	*ret_iv = iv;
	return 0;
}

static bool
cbc_open(const EVP_CIPHER *cipher, const uint8_t *key, const uint8_t *iv, struct blob sealed,
	struct secret *out)
{
	OSSL_CIPHER_CTX(ctx);
	int n = 0, last = 0;

	ctx = EVP_CIPHER_CTX_new();
	if (!ctx || EVP_DecryptInit_ex2(ctx, cipher, key, iv, NULL) != 1 ||
		EVP_DecryptUpdate(ctx, out->p, &n, sealed.p, (int)sealed.n) != 1 ||
		EVP_DecryptFinal_ex(ctx, out->p + n, &last) != 1)
		return false;
	secret_cut(out, (size_t)(n + last));
	return true;
}

static int
open_pem(
	struct blob body, struct str dek, struct opener *o, struct secret **ret, struct err *e)
{
	CLEANUP(cipher_p) EVP_CIPHER *cipher = NULL;
	uint8_t key[EVP_MAX_KEY_LENGTH];
	struct blob iv = {NULL, 0};
	SECRET(open);
	ARENA(a);
	bool ok;
	int r = dek_read(dek, &a, &cipher, &iv, e);

	if (r == 0 && body.n > SEALED_MAX)
		r = err_set(e, E_KEY_UNREADABLE, "%zu encrypted bytes are too many (at most %d)",
			body.n, SEALED_MAX);
	if (r == 0)
		r = needs(o, e);
	if (r < 0)
		return r;
	/* MD5, once: what the form has, weak as it is. */
	if (EVP_BytesToKey(cipher, EVP_md5(), iv.p, (const unsigned char *)o->passphrase.p,
		    (int)o->passphrase.n, 1, key, NULL) <= 0)
		return ossl_fault(e, "EVP_BytesToKey");
	open = secret_new(body.n + EVP_MAX_BLOCK_LENGTH);
	ok = cbc_open(cipher, key, iv.p, body, open) && is_one_sequence(secret_blob(open));
	wipe(key, sizeof(key));
	if (!ok)
		return unlock_wrong(e);
	*ret = TAKE(open);
	return 0;
}

int
unlock_der(struct blob der, struct opener *o, struct secret **ret, struct err *e)
{
	struct cursor outer = cursor_of(der), c;

	/* Keys in the clear begin with their version, protected ones with their algorithm. */
	if (der_open(&outer, DER_SEQUENCE, &c) && der_peek(&c) == DER_SEQUENCE)
		return open_pkcs8(der, o, ret, e);
	*ret = secret_copy(der);
	return 0;
}

int
unlock_block(const struct pem_block *b, struct opener *o, struct secret **ret, struct err *e)
{
	return b->dek.p ? open_pem(b->body, b->dek, o, ret, e)
			: unlock_der(b->body, o, ret, e);
}
