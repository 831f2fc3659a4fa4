/* SPDX-License-Identifier: Apache-2.0 */
/* The private key of a request that was brought along: with it, or later. */
#include "service/csr_priv.h"

#include <stdio.h>

#include "base/hex.h"
#include "service/safety.h"
#include "service/slow.h"

static int
mismatch(struct err *e, const char *field, const uint8_t key[32], const uint8_t csr[32], struct arena *a)
{
	err_field(e, E_KEY_MISMATCH, field,
		"the private key is not that of the signing request: SHA-256 of its public key is %.*s, of the "
		"request's %.*s",
		STRF(hex_encode(a, BLOB(key, 32))), STRF(hex_encode(a, BLOB(csr, 32))));
	err_hint(e, "Give the key with which the request was made (openssl req -new -key FILE).");
	return e->code;
}

/* Of several keys the one that matches; copies of one are one. */
static int
find(const struct intake *in, const uint8_t spki_sha256[32], struct arena *a, const struct item **ret, struct err *e)
{
	const struct item *last = NULL;
	uint8_t hash[32];

	for (unsigned i = 0; i < in->n; i++) {
		struct blob spki;
		int r;

		if (in->v[i].kind != ITEM_KEY)
			continue;
		last = &in->v[i];
		r = key_spki(last->key, a, &spki, e);
		if (r < 0)
			return r;
		digest_sha256(spki, hash);
		if (memcmp(hash, spki_sha256, 32) == 0) {
			*ret = last;
			return 0;
		}
	}
	if (!last)
		return err_field(e, E_FIELD_MISSING, "key", "there is no private key in it");
	return mismatch(e, last->file, hash, spki_sha256, a);
}

int
csr_key_import(struct svc *s, const struct caller *c, const struct intake *in, const uint8_t spki_sha256[32],
	struct arena *a, struct signer_key *ret, struct err *e)
{
	const struct item *item = NULL;
	struct blob spki;
	SECRET(pkcs8);
	int r = find(in, spki_sha256, a, &item, e);

	if (r == 0)
		r = key_spki(item->key, a, &spki, e);
	if (r == 0)
		r = key_to_pkcs8(item->key, &pkcs8, e);
	return r < 0 ? r
		     : signer_key_import(s->conf.signer, SEAL_SUBSCRIBER_KEY, c->account, key_alg(item->key), spki,
			       secret_blob(pkcs8), a, ret, e);
}

/* -- later */

struct later {
	struct svc *s;
	const struct caller *c;
	int64_t id;
	struct str key, passphrase;
	struct row_csr row;
	struct signer_key made;
	struct arena *a;
	struct csr_view *view;
};

static int
still_missing(const struct row_csr *row, struct err *e)
{
	return row->key_id.n ? err_set(e, E_STATE_REFUSED, "the private key of signing request %lld is here already",
				       (long long)row->id)
			     : 0;
}

static int
row_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct later *t = arg;
	int r = q_csr_get(tx, t->c->account, t->id, t->a, &t->row, e);

	if (r == 0)
		return not_found(e, "signing request", t->id);
	return r < 0 ? r : still_missing(&t->row, e);
}

static int
add_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct later *t = arg;
	struct blob id = BLOB(t->made.name.id, 16), spki = t->row.spki_sha256;
	int r = safety_key(tx, t->s, spki, e);

	if (r == E_KEY_BLOCKED)
		snprintf(e->field, sizeof(e->field), "key");
	if (r == 0)
		r = subscriber_key_insert(tx, t->c->account, &t->made, e);
	if (r >= 0)
		r = q_csr_set_key(tx, t->c->account, t->id, id, e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "signing request %lld was changed meanwhile", (long long)t->id);
	if (r > 0)
		r = q_csr_certificates_set_key(tx, t->c->account, spki, id, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "csr.add_key", "csrs", t->id, (struct str){NULL, 0}, e);
	return r < 0 ? r : csr_load(tx, t->c, t->id, t->a, t->view, e);
}

static int
read_key(struct later *t, struct err *e)
{
	struct intake in;
	int r = slow_begin(t->s, true, e);

	if (r < 0)
		return r;
	intake_init(&in, t->a);
	intake_add(&in, "key", blob_of(t->key), t->passphrase, e);
	slow_end(t->s, true);
	r = err_faults(e);
	return r < 0 ? r : csr_key_import(t->s, t->c, &in, t->row.spki_sha256.p, t->a, &t->made, e);
}

int
csr_key_add(struct svc *s, const struct caller *c, int64_t id, struct str key, struct str passphrase, struct arena *a,
	struct csr_view *ret, struct err *e)
{
	struct later t = {.s = s, .c = c, .id = id, .key = key, .passphrase = passphrase, .a = a, .view = ret};
	int r = svc_read(s, row_body, &t, e);

	if (r == 0)
		r = read_key(&t, e);
	if (r == 0)
		r = svc_write(s, add_body, &t, e);
	return r < 0 ? r : csr_tell(ret, a, e);
}
