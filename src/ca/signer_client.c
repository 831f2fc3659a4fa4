/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/signer_client.h"

#include <stdlib.h>

#include "ca/signer_codec.h"
#include "os/ipc.h"

/* A question about a CRL of the largest size with its frame. */
#define QUESTION_MAX (IPC_BODY_MAX - 1024)

struct signer_client {
	signer_call *call;
	void *arg;
};

struct signer_client *
signer_client_new(signer_call *call, void *arg)
{
	struct signer_client *c = calloc(1, sizeof(*c));

	BUG_ON(!c);
	*c = (struct signer_client){call, arg};
	return c;
}

static int
call_over_ipc(
	void *arg, uint16_t op, struct blob body, struct arena *a, struct blob *ret, struct err *e)
{
	struct ipc_msg m;
	int r = ipc_call(arg, op, body, SIGNER_TIMEOUT_MS, a, &m, e);

	if (r < 0)
		return r;
	*ret = m.body;
	return 0;
}

struct signer_client *
signer_client_over_ipc(struct ipc_client *ipc)
{
	return signer_client_new(call_over_ipc, ipc);
}

struct signer_client *
signer_client_free(struct signer_client *c)
{
	free(c);
	return NULL;
}

/* Sends the question; on success *ret stands behind the answer's head. */
static int
ask(struct signer_client *c, uint16_t op, const struct buf *q, struct arena *a, struct cursor *ret,
	struct err *e)
{
	struct blob answer;
	int r;

	if (q->over)
		return err_set(e, E_TOO_LARGE, "what the signer was to see is too large");
	r = c->call(c->arg, op, buf_blob(q), a, &answer, e);
	if (r < 0)
		return r;
	*ret = cursor_of(answer);
	return signer_get_result(ret, e);
}

static int
finish(const struct cursor *c, struct err *e)
{
	if (!cursor_ok(c, true))
		return err_set(e, E_IPC, "the signer's answer is malformed");
	return 0;
}

/* A question whose answer is one run of bytes. */
static int
ask_bytes(struct signer_client *c, uint16_t op, const struct buf *q, struct arena *a,
	struct blob *ret, struct err *e)
{
	struct cursor in;
	struct blob bytes;
	int r = ask(c, op, q, a, &in, e);

	if (r < 0)
		return r;
	bytes = cursor_blob(&in, IPC_BODY_MAX);
	r = finish(&in, e);
	if (r == 0)
		*ret = bytes;
	return r;
}

/* The same for bytes that must not stay behind in memory. */
static int
ask_secret(struct signer_client *c, uint16_t op, const struct buf *q, struct secret **ret,
	struct err *e)
{
	ARENA(a);
	struct blob bytes;
	int r = ask_bytes(c, op, q, &a, &bytes, e);

	if (r < 0)
		return r;
	*ret = secret_copy(bytes);
	wipe((void *)bytes.p, bytes.n);
	return 0;
}

int
signer_hello(struct signer_client *c, struct arena *a, struct signer_hello *ret, struct err *e)
{
	BUF(q, 1);
	struct cursor in;
	struct signer_hello h;
	int r = ask(c, SIGNER_HELLO, &q, a, &in, e);

	if (r < 0)
		return r;
	h.n = cursor_u32(&in);
	if (h.n > SIGNER_ISSUERS_MAX)
		return err_set(e, E_IPC, "the signer names %u issuers", h.n);
	h.names = arena_new_n(a, h.n, struct str);
	h.spkis = arena_new_n(a, h.n, struct blob);
	for (unsigned i = 0; i < h.n; i++) {
		h.names[i] = signer_get_str(&in, SIGNER_ISSUER_NAME_MAX);
		h.spkis[i] = cursor_blob(&in, SIGNER_SPKI_MAX);
	}
	h.checkpoint_spki = cursor_blob(&in, SIGNER_SPKI_MAX);
	r = finish(&in, e);
	if (r == 0)
		*ret = h;
	return r;
}

int
signer_issuer_new(struct signer_client *c, struct str name, enum key_alg alg,
	const struct signer_limits *limits, struct arena *a, struct blob *ret_spki, struct err *e)
{
	BUF(q, SIGNER_BODY_MAX);

	signer_put_str(&q, name);
	buf_put_u16(&q, (uint16_t)alg);
	signer_put_limits(&q, limits);
	return ask_bytes(c, SIGNER_ISSUER_NEW, &q, a, ret_spki, e);
}

static int
sign(struct signer_client *c, uint16_t op, struct str issuer, struct blob tbs, struct arena *a,
	struct blob *ret, struct err *e)
{
	BUF(q, QUESTION_MAX);

	/* at once: a CRL is not copied twice while the buffer grows */
	if (!buf_reserve(&q, tbs.n + issuer.n + 8))
		return err_set(e, E_TOO_LARGE, "%zu bytes are too many to be signed", tbs.n);
	signer_put_str(&q, issuer);
	signer_put_bytes(&q, tbs);
	return ask_bytes(c, op, &q, a, ret, e);
}

int
signer_sign_cert(struct signer_client *c, struct str issuer, struct blob tbs, struct arena *a,
	struct blob *ret, struct err *e)
{
	return sign(c, SIGNER_SIGN_CERT, issuer, tbs, a, ret, e);
}

int
signer_sign_ca(struct signer_client *c, struct str issuer, struct blob tbs, struct arena *a,
	struct blob *ret, struct err *e)
{
	return sign(c, SIGNER_SIGN_CA, issuer, tbs, a, ret, e);
}

int
signer_sign_crl(struct signer_client *c, struct str issuer, struct blob tbs, struct arena *a,
	struct blob *ret, struct err *e)
{
	return sign(c, SIGNER_SIGN_CRL, issuer, tbs, a, ret, e);
}

int
signer_sign_ocsp(struct signer_client *c, struct str issuer, struct blob tbs, struct arena *a,
	struct blob *ret, struct err *e)
{
	return sign(c, SIGNER_SIGN_OCSP, issuer, tbs, a, ret, e);
}

int
signer_sign_checkpoint(
	struct signer_client *c, struct blob text, struct arena *a, struct blob *ret, struct err *e)
{
	BUF(q, SIGNER_BODY_MAX);

	signer_put_bytes(&q, text);
	return ask_bytes(c, SIGNER_SIGN_CHECKPOINT, &q, a, ret, e);
}

int
signer_key_new(struct signer_client *c, enum seal_class class, int64_t account, enum key_alg alg,
	struct arena *a, struct signer_key *ret, struct err *e)
{
	BUF(q, SIGNER_BODY_MAX);
	struct signer_key k;
	struct cursor in;
	int r;

	buf_put_u32(&q, class);
	buf_put_u64(&q, (uint64_t)account);
	buf_put_u16(&q, (uint16_t)alg);
	r = ask(c, SIGNER_KEY_NEW, &q, a, &in, e);
	if (r < 0)
		return r;
	signer_get_key(&in, &k);
	r = finish(&in, e);
	if (r == 0)
		*ret = k;
	return r;
}

int
signer_key_import(struct signer_client *c, enum seal_class class, int64_t account,
	enum key_alg alg, struct blob spki, struct blob pkcs8, struct arena *a,
	struct signer_key *ret, struct err *e)
{
	struct buf q = {.max = SIGNER_BODY_MAX};
	struct signer_key k;
	struct cursor in;
	int r;

	buf_put_u32(&q, class);
	buf_put_u64(&q, (uint64_t)account);
	buf_put_u16(&q, (uint16_t)alg);
	signer_put_bytes(&q, spki);
	signer_put_bytes(&q, pkcs8);
	r = ask(c, SIGNER_KEY_IMPORT, &q, a, &in, e);
	buf_done_secret(&q);
	if (r < 0)
		return r;
	signer_get_key(&in, &k);
	r = finish(&in, e);
	if (r == 0)
		*ret = k;
	return r;
}

int
signer_key_sign_csr(struct signer_client *c, const struct signer_key *k, struct blob tbs,
	struct arena *a, struct blob *ret_sig, struct err *e)
{
	BUF(q, SIGNER_BODY_MAX);

	signer_put_key(&q, k);
	signer_put_bytes(&q, tbs);
	return ask_bytes(c, SIGNER_KEY_SIGN_CSR, &q, a, ret_sig, e);
}

int
signer_key_export(
	struct signer_client *c, const struct signer_key *k, struct secret **ret, struct err *e)
{
	BUF(q, SIGNER_BODY_MAX);

	signer_put_key(&q, k);
	return ask_secret(c, SIGNER_KEY_EXPORT, &q, ret, e);
}

int
signer_sm2_envelope(struct signer_client *c, const struct signer_key *enc, struct blob sign_spki,
	struct arena *a, struct blob *ret, struct err *e)
{
	BUF(q, SIGNER_BODY_MAX);

	signer_put_key(&q, enc);
	signer_put_bytes(&q, sign_spki);
	return ask_bytes(c, SIGNER_SM2_ENVELOPE, &q, a, ret, e);
}

int
signer_seal(struct signer_client *c, int64_t account, struct blob plain, struct arena *a,
	struct seal_name *ret_name, struct blob *ret, struct err *e)
{
	struct buf q = {.max = SIGNER_BODY_MAX};
	struct seal_name name;
	struct blob sealed;
	struct cursor in;
	int r;

	buf_put_u64(&q, (uint64_t)account);
	signer_put_bytes(&q, plain);
	r = ask(c, SIGNER_SEAL, &q, a, &in, e);
	buf_done_secret(&q);
	if (r < 0)
		return r;
	signer_get_name(&in, &name);
	sealed = cursor_blob(&in, SIGNER_SEALED_MAX);
	r = finish(&in, e);
	if (r < 0)
		return r;
	*ret_name = name;
	*ret = sealed;
	return 0;
}

int
signer_open(struct signer_client *c, const struct seal_name *name, struct blob sealed,
	struct secret **ret, struct err *e)
{
	BUF(q, SIGNER_BODY_MAX);

	signer_put_name(&q, name);
	signer_put_bytes(&q, sealed);
	return ask_secret(c, SIGNER_OPEN, &q, ret, e);
}
