/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/ocsp.h"
#include "crypto/cert.h"
#include "service/status_priv.h"

#define GENERATION_BYTES (8 * 1024 * 1024)
#define ENTRY_OVERHEAD 160
#define KEY_MAX 64

/* Cache key: issuer, kind of hash in the CertID, serial. The nonce is never part of it. */
struct cache_key {
	uint8_t bytes[KEY_MAX];
	size_t n;
};

static bool
make_key(struct cache_key *k, int64_t issuer, bool sha256, struct blob serial)
{
	if (serial.n > 32)
		return false;
	memcpy(k->bytes, &issuer, sizeof(issuer));
	k->bytes[8] = sha256;
	memcpy(k->bytes + 9, serial.p, serial.n);
	k->n = 9 + serial.n;
	return true;
}

static void
clear_map(struct map *m)
{
	struct blob key;
	size_t it = 0;
	void *v;

	while (map_next(m, &it, &key, &v))
		shared_blob_unref(v);
	map_done(m);
	map_init(m);
}

void
ocsp_cache_clear(struct status_cache *c)
{
	clear_map(&c->young);
	clear_map(&c->old);
}

void
ocsp_cache_drop(struct status_cache *c, int64_t issuer, struct blob serial)
{
	struct cache_key k;

	pthread_mutex_lock(&c->lock);
	c->revocations++;
	for (int sha256 = 0; sha256 < 2; sha256++) {
		if (!make_key(&k, issuer, sha256, serial))
			break;
		shared_blob_unref(map_del(&c->young, BLOB(k.bytes, k.n)));
		shared_blob_unref(map_del(&c->old, BLOB(k.bytes, k.n)));
	}
	pthread_mutex_unlock(&c->lock);
}

static void
cache_put(struct status_cache *c, const struct cache_key *k, struct shared_blob *b, uint64_t seen)
{
	pthread_mutex_lock(&c->lock);
	if (c->revocations == seen) {
		if (c->young_bytes > GENERATION_BYTES) {
			struct map was = c->old;

			clear_map(&was);
			map_done(&was);
			c->old = c->young;
			map_init(&c->young);
			c->young_bytes = 0;
		}
		shared_blob_unref(map_put(&c->young, BLOB(k->bytes, k->n), shared_blob_ref(b)));
		c->young_bytes += b->n + ENTRY_OVERHEAD;
	}
	pthread_mutex_unlock(&c->lock);
}

struct shared_blob *
status_ocsp_fast(struct svc *s, struct str issuer, struct blob der)
{
	struct status_cache *c = s->status;
	const struct ca_issuer *is = issuer_by_name(s, issuer);
	struct ocsp_request rq;
	struct shared_blob *b;
	struct cache_key k;

	if (!is || !ocsp_request_read(der, &rq) || rq.n != 1 || rq.nonce.p || !ocsp_names_issuer(&rq.certs[0], is) ||
		!make_key(&k, is->id, rq.certs[0].sha256, rq.certs[0].serial))
		return NULL;
	pthread_mutex_lock(&c->lock);
	b = map_get(&c->young, BLOB(k.bytes, k.n));
	if (!b)
		b = map_get(&c->old, BLOB(k.bytes, k.n));
	b = b && shared_blob_fresh(b, clock_wall_ms()) ? shared_blob_ref(b) : NULL;
	pthread_mutex_unlock(&c->lock);
	return b;
}

/* -- making answers */

struct ask {
	struct svc *s;
	const struct ca_issuer *is;
	const struct ocsp_request *rq;
	struct ocsp_answer answers[OCSP_CERTS_MAX];
	int64_t now;
};

/* Intermediates stand in no certificate row: their issuer is a root that this service knows. */
static bool
is_own_ca(const struct svc *s, const struct ca_issuer *is, struct blob serial)
{
	for (size_t i = 0; i < s->n_issuers; i++) {
		ARENA(a);
		struct cert_info info;
		ERR(ignored);

		if (s->issuers[i]->parent == is && cert_read(s->issuers[i]->cert, &a, &info, &ignored) == 0 &&
			blob_eq(info.serial, serial))
			return true;
	}
	return false;
}

static int
ask_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct ask *t = arg;

	t->now = tx->now_ms;
	for (unsigned i = 0; i < t->rq->n; i++) {
		const struct ocsp_cert_id *id = &t->rq->certs[i];
		struct ocsp_answer *an = &t->answers[i];
		struct row_status row;
		int r;

		*an = (struct ocsp_answer){.id = *id, .status = OCSP_UNKNOWN, .this_update_ms = tx->now_ms,
			.next_update_ms = tx->now_ms + policy_value("ocsp-validity", tx->now_ms)};
		if (!ocsp_names_issuer(id, t->is))
			continue;
		r = q_certificate_status(tx, t->is->id, id->serial, tx->arena, &row, e);
		if (r < 0)
			return r;
		if (r == 0) {
			an->status = is_own_ca(t->s, t->is, id->serial) ? OCSP_GOOD : OCSP_UNKNOWN;
		} else if (row.revoked_ms) {
			an->status = OCSP_REVOKED;
			an->revoked_ms = row.revoked_ms;
			an->reason = (int)row.reason;
		} else if (row.state != CERTIFICATE_RESERVED) {
			an->status = OCSP_GOOD;
		}
	}
	return 0;
}

static struct shared_blob *
failure(enum ocsp_failure f, int64_t now)
{
	struct blob b = ocsp_failure(f);

	return shared_blob_new(b.p, b.n, now, now, now);
}

static int
make(struct ask *t, struct arena *a, struct blob *ret, struct err *e)
{
	struct blob tbs, sig;
	int r = svc_read(t->s, ask_body, t, e);

	if (r == 0)
		r = ocsp_tbs(t->is, t->answers, t->rq->n, t->rq->nonce, t->now, a, &tbs, e);
	if (r == 0)
		r = signer_sign_ocsp(t->s->conf.signer, t->is->name, tbs, a, &sig, e);
	if (r == 0)
		r = key_verify(t->is->key, tbs, sig, e);
	if (r == 0)
		*ret = ocsp_response(t->is, tbs, sig, a);
	return r;
}

struct shared_blob *
status_ocsp_slow(struct svc *s, struct str issuer, struct blob der)
{
	ARENA(a);
	struct status_cache *c = s->status;
	struct ocsp_request rq;
	struct ask t = {.s = s, .is = issuer_by_name(s, issuer), .rq = &rq};
	struct shared_blob *b;
	struct cache_key k;
	struct blob out;
	uint64_t seen;
	ERR(e);

	if (!ocsp_request_read(der, &rq))
		return failure(OCSP_MALFORMED, clock_wall_ms());
	/* RFC 5019 2.2.3: a responder without a record of the issuer says unauthorized. */
	if (!t.is || !ocsp_names_issuer(&rq.certs[0], t.is))
		return failure(OCSP_UNAUTHORIZED, clock_wall_ms());
	pthread_mutex_lock(&c->lock);
	seen = c->revocations;
	pthread_mutex_unlock(&c->lock);
	if (make(&t, &a, &out, &e) < 0) {
		log_err(LOG_ERROR, "ocsp.failed", &e);
		return failure(err_info(e.code)->exit == 6 ? OCSP_TRY_LATER : OCSP_INTERNAL, clock_wall_ms());
	}
	b = shared_blob_new(out.p, out.n, t.now, t.now + policy_value("ocsp-refresh", t.now), t.answers[0].next_update_ms);
	/* Unknown serials are not kept: anybody can make them up. */
	if (rq.n == 1 && !rq.nonce.p && t.answers[0].status != OCSP_UNKNOWN &&
		make_key(&k, t.is->id, rq.certs[0].sha256, rq.certs[0].serial))
		cache_put(c, &k, b, seen);
	return b;
}
