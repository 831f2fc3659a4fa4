/* SPDX-License-Identifier: Apache-2.0 */
/* Subscriber keys: made and wrapped by the signer, kept as rows that open only under their own id. */
#include "service/slow.h"

int
subscriber_key_make(struct svc *s, int64_t account, enum key_alg alg, bool call, struct arena *a, struct signer_key *ret,
	struct err *e)
{
	bool slow = key_is_rsa(alg);
	int r = slow ? slow_begin(s, call, e) : 0;

	if (r < 0)
		return r;
	r = signer_key_new(s->conf.signer, SEAL_SUBSCRIBER_KEY, account, alg, a, ret, e);
	if (slow)
		slow_end(s, call);
	return r;
}

int
subscriber_key_insert(struct db_tx *tx, int64_t account, const struct signer_key *key, struct err *e)
{
	return q_subscriber_key_insert(tx,
		&(struct in_subscriber_key_insert){.id = BLOB(key->name.id, 16), .account = account,
			.class = key->name.class, .alg = key->alg, .sealed = key->sealed, .spki = key->spki,
			.now = tx->now_ms},
		e);
}

struct loading {
	int64_t account;
	struct blob id;
	struct arena *a;
	struct row_subscriber_key row;
};

static int
load_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct loading *t = arg;
	int r = q_subscriber_key_get(tx, t->account, t->id, t->a, &t->row, e);

	return r == 0 ? err_set(e, E_KEY_NONE, "the service does not hold the private key") : MIN(r, 0);
}

int
subscriber_key_load(struct svc *s, int64_t account, struct blob id, struct arena *a, struct signer_key *ret, struct err *e)
{
	struct loading t = {.account = account, .id = id, .a = a};
	int r;

	if (id.n != 16)
		return err_set(e, E_KEY_NONE, "the service does not hold the private key");
	r = svc_read(s, load_body, &t, e);
	if (r < 0)
		return r;
	*ret = (struct signer_key){
		.name = {.class = (enum seal_class)t.row.class, .account = account},
		.alg = (enum key_alg)t.row.alg,
		.sealed = t.row.sealed,
		.spki = t.row.spki,
	};
	memcpy(ret->name.id, id.p, 16);
	return 0;
}
