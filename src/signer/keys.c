/* SPDX-License-Identifier: Apache-2.0 */
/* Subscriber keys and service secrets: made, sealed, used and given out here, and kept by the core
 * as sealed values. */
#include "base/hex.h"
#include "base/inject.h"
#include "base/rand.h"
#include "crypto/digest.h"
#include "crypto/sm2.h"
#include "signer/signer_priv.h"
#include "signer/tbs.h"

/* The classes of keys that are made here and may leave in the clear; CA keys and service secrets
 * never come this way. */
static int
check_key_class(enum seal_class class, struct err *e)
{
	if (class == SEAL_UPLOADED_KEY)
		return err_set(e, E_LIMIT_REFUSED,
			"the key of an uploaded certificate is never given out");
	if (class != SEAL_SUBSCRIBER_KEY && class != SEAL_TLS_KEY)
		return err_set(e, E_LIMIT_REFUSED,
			"the signer makes, uses and exports no keys of class %d this way",
			(int)class);
	return 0;
}

static const char *class_name(enum seal_class class)
{
	return class == SEAL_TLS_KEY ? "tls" : class == SEAL_UPLOADED_KEY ? "uploaded" : "subscriber";
}

static int
check_account(int64_t account, struct err *e)
{
	if (account < 0 || account > ID_MAX)
		return err_set(e, E_FIELD_RANGE, "that is no account's number");
	return 0;
}

static int
seal_new(struct act *t, struct seal_name *name, struct blob plain, struct blob *ret, struct err *e)
{
	rand_bytes(name->id, sizeof(name->id));
	return seal_close(secret_blob(t->s->kek), name, plain, t->a, ret, e);
}

static struct str
id_hex(struct act *t, const struct seal_name *n)
{
	return hex_encode(t->a, BLOB(n->id, sizeof(n->id)));
}

bool
act_key_is_slow(struct blob body)
{
	struct cursor in = cursor_of(body);

	(void)cursor_take(&in, sizeof(uint32_t) + sizeof(uint64_t));
	return key_is_rsa((enum key_alg)cursor_u16(&in));
}

int
act_key_new(struct act *t, struct err *e)
{
	KEY(key);
	SECRET(pkcs8);
	struct signer_key k = {0};
	int r;

	k.name.class = (enum seal_class)cursor_u32(&t->in);
	k.name.account = (int64_t)cursor_u64(&t->in);
	k.alg = (enum key_alg)cursor_u16(&t->in);
	r = act_read_all(t, e);
	if (r == 0)
		r = check_key_class(k.name.class, e);
	if (r == 0)
		r = check_account(k.name.account, e);
	if (r < 0)
		return r;
	if (k.alg <= KEY_NONE || k.alg >= KEY_OTHER)
		return err_set(e, E_KEY_ALGORITHM, "keys of this kind are not made");
	r = key_generate(k.alg, &key, e);
	if (r == 0 && INJECT("signer.key_made"))
		r = err_set(e, E_INTERNAL, "the key was lost");
	if (r == 0)
		r = key_to_pkcs8(key, &pkcs8, e);
	if (r == 0)
		r = seal_new(t, &k.name, secret_blob(pkcs8), &k.sealed, e);
	if (r == 0)
		r = key_spki(key, t->a, &k.spki, e);
	if (r < 0)
		return r;
	signer_put_key(t->reply, &k);
	t->record = arena_printf(t->a, "key %s %lld %.*s %s", class_name(k.name.class),
		(long long)k.name.account, STRF(id_hex(t, &k.name)), key_alg_name(k.alg));
	return 0;
}

/* The key is bytes here: who made it and whether it fits is the core's to know, and it is read again before it signs. */
int
act_key_import(struct act *t, struct err *e)
{
	struct signer_key k = {0};
	struct blob pkcs8;
	int r;

	k.name.class = (enum seal_class)cursor_u32(&t->in);
	k.name.account = (int64_t)cursor_u64(&t->in);
	k.alg = (enum key_alg)cursor_u16(&t->in);
	k.spki = cursor_blob(&t->in, SIGNER_SPKI_MAX);
	pkcs8 = cursor_blob(&t->in, SIGNER_KEY_MAX);
	r = act_read_all(t, e);
	if (r == 0)
		r = check_account(k.name.account, e);
	if (r < 0)
		return r;
	if (k.name.class != SEAL_SUBSCRIBER_KEY && k.name.class != SEAL_UPLOADED_KEY)
		return err_set(e, E_LIMIT_REFUSED, "keys of class %d are not brought along",
			(int)k.name.class);
	if (k.alg <= KEY_NONE || k.alg > KEY_OTHER || !k.spki.n || !pkcs8.n)
		return err_set(e, E_FIELD_RANGE, "that is no key");
	r = seal_new(t, &k.name, pkcs8, &k.sealed, e);
	if (r < 0)
		return r;
	signer_put_key(t->reply, &k);
	t->record = arena_printf(t->a, "import %s %lld %.*s %s", class_name(k.name.class),
		(long long)k.name.account, STRF(id_hex(t, &k.name)), key_alg_name(k.alg));
	return 0;
}

/* Reads a sealed key of the question and opens it. */
static int
open_key(struct act *t, struct signer_key *ret, struct secret **ret_pkcs8, struct err *e)
{
	int r = check_key_class(ret->name.class, e);

	if (r < 0)
		return r;
	return seal_open(secret_blob(t->s->kek), &ret->name, ret->sealed, ret_pkcs8, e);
}

int
act_key_sign_csr(struct act *t, struct err *e)
{
	KEY(key);
	SECRET(pkcs8);
	struct signer_key k = {0};
	struct blob tbs, spki, sig;
	uint8_t hash[32];
	int r;

	signer_get_key(&t->in, &k);
	tbs = cursor_blob(&t->in, SIGNER_TBS_MAX);
	r = act_read_all(t, e);
	if (r == 0)
		r = open_key(t, &k, &pkcs8, e);
	if (r == 0)
		r = key_from_pkcs8(secret_blob(pkcs8), &key, e);
	if (r == 0)
		r = key_spki(key, t->a, &spki, e);
	if (r == 0)
		r = tbs_csr_check(tbs, spki, e);
	if (r == 0)
		r = key_sign(key, tbs, t->a, &sig, e);
	if (r < 0)
		return r;
	signer_put_bytes(t->reply, sig);
	digest_sha256(tbs, hash);
	t->record = arena_printf(t->a, "csr %s %lld %.*s %.*s", class_name(k.name.class),
		(long long)k.name.account, STRF(id_hex(t, &k.name)),
		STRF(hex_encode(t->a, BLOB(hash, sizeof(hash)))));
	return 0;
}

int
act_key_export(struct act *t, struct err *e)
{
	SECRET(pkcs8);
	struct signer_key k = {0};
	int r;

	signer_get_key(&t->in, &k);
	r = act_read_all(t, e);
	if (r == 0)
		r = open_key(t, &k, &pkcs8, e);
	if (r < 0)
		return r;
	signer_put_bytes(t->reply, secret_blob(pkcs8));
	t->record = arena_printf(t->a, "export %s %lld %.*s", class_name(k.name.class),
		(long long)k.name.account, STRF(id_hex(t, &k.name)));
	return 0;
}

static int
envelope(struct act *t, const struct signer_key *k, const struct key *sign_pub, struct blob *ret,
	struct err *e)
{
	KEY(enc);
	SECRET(pkcs8);
	int r = seal_open(secret_blob(t->s->kek), &k->name, k->sealed, &pkcs8, e);

	if (r == 0)
		r = key_from_pkcs8(secret_blob(pkcs8), &enc, e);
	if (r < 0)
		return r;
	if (key_alg(enc) != KEY_SM2 || key_alg(sign_pub) != KEY_SM2)
		return err_set(
			e, E_KEY_ALGORITHM, "an envelope is made of an SM2 key for an SM2 key");
	return sm2_envelope(enc, sign_pub, t->a, ret, e);
}

int
act_sm2_envelope(struct act *t, struct err *e)
{
	KEY(sign_pub);
	struct signer_key k = {0};
	struct blob sign_spki, der;
	uint8_t hash[32];
	int r;

	signer_get_key(&t->in, &k);
	sign_spki = cursor_blob(&t->in, SIGNER_SPKI_MAX);
	r = act_read_all(t, e);
	if (r < 0)
		return r;
	if (k.name.class != SEAL_SUBSCRIBER_KEY)
		return err_set(e, E_LIMIT_REFUSED, "only a subscriber's key goes into an envelope");
	r = key_from_spki(sign_spki, &sign_pub, e);
	if (r == 0)
		r = envelope(t, &k, sign_pub, &der, e);
	if (r < 0)
		return r;
	signer_put_bytes(t->reply, der);
	digest_sha256(sign_spki, hash);
	t->record = arena_printf(t->a, "envelope %lld %.*s %.*s", (long long)k.name.account,
		STRF(id_hex(t, &k.name)), STRF(hex_encode(t->a, BLOB(hash, sizeof(hash)))));
	return 0;
}

int
act_seal(struct act *t, struct err *e)
{
	struct seal_name name = {.class = SEAL_SERVICE_SECRET};
	struct blob plain, sealed;
	int r;

	name.account = (int64_t)cursor_u64(&t->in);
	plain = cursor_blob(&t->in, SIGNER_PLAIN_MAX);
	r = act_read_all(t, e);
	if (r == 0)
		r = check_account(name.account, e);
	if (r == 0)
		r = seal_new(t, &name, plain, &sealed, e);
	if (r < 0)
		return r;
	signer_put_name(t->reply, &name);
	signer_put_bytes(t->reply, sealed);
	return 0;
}

int
act_open(struct act *t, struct err *e)
{
	SECRET(plain);
	struct seal_name name = {0};
	struct blob sealed;
	int r;

	signer_get_name(&t->in, &name);
	sealed = cursor_blob(&t->in, SIGNER_SEALED_MAX);
	r = act_read_all(t, e);
	if (r < 0)
		return r;
	if (name.class != SEAL_SERVICE_SECRET)
		return err_set(
			e, E_LIMIT_REFUSED, "only service secrets are opened; keys are exported");
	r = seal_open(secret_blob(t->s->kek), &name, sealed, &plain, e);
	if (r < 0)
		return r;
	signer_put_bytes(t->reply, secret_blob(plain));
	return 0;
}
