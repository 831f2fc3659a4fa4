/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The core's view of the signer. Calls block until the answer is there; any thread. When the signer
 * is being restarted they wait for it up to the timeout and then fail with E_SIGNER_GONE: repeating
 * is safe for all of them.
 */
#pragma once

#include "ca/signer_proto.h"

struct ipc_client;
struct signer_client;

/* How questions travel: to another process, or straight to a handler (unit tests, one-process
 * mode). */
typedef int signer_call(
	void *arg, uint16_t op, struct blob body, struct arena *a, struct blob *ret, struct err *e);
struct signer_client *signer_client_new(signer_call *call, void *arg);
struct signer_client *signer_client_over_ipc(struct ipc_client *ipc);
struct signer_client *signer_client_free(struct signer_client *c);

struct signer_hello {
	unsigned n;
	struct str *names; /* issuers */
	struct blob *spkis;
	struct blob checkpoint_spki;
};
int signer_hello(
	struct signer_client *c, struct arena *a, struct signer_hello *ret, struct err *e) CHECKED;
/* Idempotent by name: the same limits find the key made before; other limits are E_CONFLICT. The
 * key is durable. */
int signer_issuer_new(struct signer_client *c, struct str name, enum key_alg alg,
	const struct signer_limits *limits, struct arena *a, struct blob *ret_spki,
	struct err *e) CHECKED;
/* The signature over tbs by the issuer's key. E_LIMIT_REFUSED, E_SERIAL_REUSED, E_SERIAL_STALE,
 * E_ISSUER_UNKNOWN. */
int signer_sign_cert(struct signer_client *c, struct str issuer, struct blob tbs, struct arena *a,
	struct blob *ret, struct err *e) CHECKED;
int signer_sign_ca(struct signer_client *c, struct str issuer, struct blob tbs, struct arena *a,
	struct blob *ret, struct err *e) CHECKED;
int signer_sign_crl(struct signer_client *c, struct str issuer, struct blob tbs, struct arena *a,
	struct blob *ret, struct err *e) CHECKED;
int signer_sign_ocsp(struct signer_client *c, struct str issuer, struct blob tbs, struct arena *a,
	struct blob *ret, struct err *e) CHECKED;
int signer_sign_checkpoint(struct signer_client *c, struct blob text, struct arena *a,
	struct blob *ret, struct err *e) CHECKED;

/* A subscriber key: made and wrapped by the signer. */
struct signer_key {
	struct seal_name name;
	enum key_alg alg;
	struct blob sealed, spki;
};
int signer_key_new(struct signer_client *c, enum seal_class class, int64_t account,
	enum key_alg alg, struct arena *a, struct signer_key *ret, struct err *e) CHECKED;
/*
 * A key that was made elsewhere: sealed by the signer, and from then on as one of its own. class: SEAL_SUBSCRIBER_KEY for
 * that of a stored signing request, SEAL_UPLOADED_KEY for that of an uploaded certificate, which signer_key_export()
 * refuses ever after. pkcs8: in the clear; the caller's to wipe. spki: its public key, which the caller has compared.
 */
int signer_key_import(struct signer_client *c, enum seal_class class, int64_t account,
	enum key_alg alg, struct blob spki, struct blob pkcs8, struct arena *a,
	struct signer_key *ret, struct err *e) CHECKED;
int signer_key_sign_csr(struct signer_client *c, const struct signer_key *k, struct blob tbs,
	struct arena *a, struct blob *ret_sig, struct err *e) CHECKED;
/* PKCS#8 in the clear, for the one download (or the own TLS library) that carries it. Logged by the
 * signer. E_LIMIT_REFUSED for keys of uploaded certificates. */
int signer_key_export(struct signer_client *c, const struct signer_key *k, struct secret **ret,
	struct err *e) CHECKED;
/* SM2EnvelopedKey of the wrapped encryption key, for the holder of sign_spki. */
int signer_sm2_envelope(struct signer_client *c, const struct signer_key *enc,
	struct blob sign_spki, struct arena *a, struct blob *ret, struct err *e) CHECKED;
/* Service secrets (access keys' HMAC secrets, TSIG, SMTP …). */
int signer_seal(struct signer_client *c, int64_t account, struct blob plain, struct arena *a,
	struct seal_name *ret_name, struct blob *ret, struct err *e) CHECKED;
int signer_open(struct signer_client *c, const struct seal_name *name, struct blob sealed,
	struct secret **ret, struct err *e) CHECKED;
