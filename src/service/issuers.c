/* SPDX-License-Identifier: Apache-2.0 */
/* The issuers in memory: read once after first start, immutable from then on. */
#include "service/svc_priv.h"

struct load {
	struct svc *s;
	struct row_issuer *rows;
	size_t n;
};

static int
load_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct load *t = arg;

	return q_issuer_list(tx, &t->s->arena, &t->rows, &t->n, e);
}

static int
load_one(struct svc *s, const struct row_issuer *row, struct err *e)
{
	struct ca_issuer *is = arena_new(&s->arena, struct ca_issuer);
	int r;

	is->id = row->id;
	is->name = row->name;
	is->shards = (unsigned)row->shards;
	is->status_url = row->status_url;
	is->parent = row->parent ? issuer_by_id(s, row->parent) : NULL;
	r = ca_issuer_load(is, row->cert, &s->arena, e);
	if (r < 0)
		return err_wrap(e, "cannot load issuer \"%.*s\"", STRF(row->name));
	if (!blob_eq(is->spki, row->spki))
		return err_set(e, E_DB_FOREIGN, "issuer \"%.*s\": certificate and key differ", STRF(row->name));
	s->issuers[s->n_issuers++] = is;
	return 0;
}

int
issuers_load_more(struct svc *s, struct err *e)
{
	struct load t = {.s = s};
	int r = svc_read(s, load_body, &t, e);

	for (size_t i = 0; r == 0 && i < t.n; i++) {
		if (!t.rows[i].state || issuer_by_id(s, t.rows[i].id))
			continue; /* birth finishes it; or it is here already */
		if (s->n_issuers == ISSUERS_MAX)
			return err_set(e, E_INTERNAL, "the database has more than %d issuers", ISSUERS_MAX);
		r = load_one(s, &t.rows[i], e);
	}
	return r;
}

struct ca_issuer *
issuer_by_name(const struct svc *s, struct str name)
{
	for (size_t i = 0; i < s->n_issuers; i++) {
		if (str_eq(s->issuers[i]->name, name))
			return s->issuers[i];
	}
	return NULL;
}

struct ca_issuer *
issuer_by_id(const struct svc *s, int64_t id)
{
	for (size_t i = 0; i < s->n_issuers; i++) {
		if (s->issuers[i]->id == id)
			return s->issuers[i];
	}
	return NULL;
}

static bool
is_rsa(enum key_alg alg)
{
	return alg == KEY_RSA_2048 || alg == KEY_RSA_3072 || alg == KEY_RSA_4096;
}

static bool
is_ec(enum key_alg alg)
{
	return alg == KEY_EC_P256 || alg == KEY_EC_P384;
}

/* An RSA key gets an RSA chain, an elliptic one an elliptic chain, SM2 its own. */
struct ca_issuer *
issuer_for(const struct svc *s, enum key_alg alg)
{
	for (size_t i = 0; i < s->n_issuers; i++) {
		struct ca_issuer *is = s->issuers[i];

		if (is->parent && ((is_rsa(alg) && is_rsa(is->alg)) || (is_ec(alg) && is_ec(is->alg)) ||
					  (alg == KEY_SM2 && is->alg == KEY_SM2)))
			return is;
	}
	return NULL;
}
