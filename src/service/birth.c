/* SPDX-License-Identifier: Apache-2.0 */
/* Hierarchies at first start, and the check of every later one that keys and database belong together. */
#include "service/birth.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/inject.h"
#include "crypto/cert.h"
#include "crypto/pem.h"
#include "os/file.h"
#include "service/status_priv.h"

#define FILE_MODE 0644

struct bear {
	struct svc *s;
	const struct hierarchy_row *h;
	struct arena *a;
	struct ca_issuer *parent;
	struct row_issuer row;
	bool found;
	struct blob spki, tbs, cert;
	uint8_t serial[SERIAL_LEN];
	int64_t now, not_before, not_after;
};

static int
look_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct bear *t = arg;
	int r = q_issuer_by_name(tx, str_c(t->h->name), t->a, &t->row, e);

	t->found = r > 0;
	t->now = tx->now_ms;
	return MIN(r, 0);
}

/* Fixed at birth. Tests ask for several, to see that one shard's list is no other's. */
static int64_t
shards_of(const struct hierarchy_row *h)
{
#ifdef SIGNET_TESTING
	const char *text = getenv("SIGNET_TEST_SHARDS");
	uint64_t n;

	if (text && h->parent && str_u64(str_c(text), 100, &n) && n > 0)
		return (int64_t)n;
#endif
	return h->shards;
}

static int
insert_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct bear *t = arg;
	struct caller c = caller_system(0);
	int64_t id;
	int r = q_issuer_insert(tx,
		&(struct in_issuer_insert){.node = t->s->node, .name = str_c(t->h->name),
			.hierarchy = str_c(t->h->family), .alg = t->h->alg, .parent = t->parent ? t->parent->id : 0,
			.serial = BLOB(t->serial, SERIAL_LEN), .spki = t->spki, .tbs = t->tbs, .shards = shards_of(t->h),
			.status_url = str_c(t->s->conf.status_url), .not_after_ms = t->not_after, .now = tx->now_ms},
		&id, e);

	if (r == 0)
		return err_set(e, E_CONFLICT, "issuer \"%s\" was made meanwhile", t->h->name);
	if (r > 0)
		r = audit_add(tx, t->s, &c, "issuer.reserve", "issuers", id, detail_kv(tx->arena, "name", str_c(t->h->name)),
			e);
	return MIN(r, 0);
}

static int
save_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct bear *t = arg;
	struct caller c = caller_system(0);
	int r = q_issuer_save(tx, t->row.id, t->cert, e);

	return r < 0 ? r : audit_add(tx, t->s, &c, "issuer.issue", "issuers", t->row.id, (struct str){NULL, 0}, e);
}

/* The to-be-signed, stored before it is signed: what is signed has a row. */
static int
reserve(struct bear *t, struct err *e)
{
	struct ca_birth b = {.profile = profile_find(str_c(t->h->profile), 0),
		.subject = {.c = str_c(t->h->c), .o = str_c(t->h->o), .cn = str_c(t->h->cn)},
		.alg = t->h->alg, .spki = t->spki, .parent = t->parent};
	int r;

	b.not_before_ms = (t->now - policy_value("backdate", t->now)) / 1000 * 1000;
	b.not_after_ms = b.not_before_ms + t->h->validity_ms - 1000;
	if (t->parent)
		b.not_after_ms = MIN(b.not_after_ms, t->parent->not_after_ms);
	t->not_after = b.not_after_ms;
	serial_new(t->now, t->serial);
	r = ca_birth_tbs(&b, t->serial, t->a, &t->tbs, e);
	if (r == 0)
		r = svc_write(t->s, insert_body, t, e);
	return r < 0 ? r : svc_read(t->s, look_body, t, e);
}

static int
sign(struct bear *t, struct err *e)
{
	struct str by = t->parent ? t->parent->name : str_c(t->h->name);
	enum key_alg alg = t->parent ? t->parent->alg : t->h->alg;
	struct blob sig;
	KEY(own);
	int r = signer_sign_ca(t->s->conf.signer, by, t->row.tbs, t->a, &sig, e);

	if (r == 0 && !t->parent)
		r = key_from_spki(t->spki, &own, e);
	if (r == 0)
		r = key_verify(t->parent ? t->parent->key : own, t->row.tbs, sig, e);
	if (r < 0)
		return r;
	t->cert = cert_assemble(t->row.tbs, alg, sig, t->a);
	return svc_write(t->s, save_body, t, e);
}

static int
bear_one(struct svc *s, const struct hierarchy_row *h, const struct birth_conf *conf, struct err *e)
{
	ARENA(a);
	struct bear t = {.s = s, .h = h, .a = &a};
	int64_t start = clock_mono_ms();
	int r = svc_read(s, look_body, &t, e);

	if (r < 0 || (t.found && t.row.state))
		return r;
	t.parent = h->parent ? issuer_by_name(s, str_c(h->parent)) : NULL;
	r = signer_issuer_new(s->conf.signer, str_c(h->name), h->alg, &h->limits, &a, &t.spki, e);
	if (INJECT("birth.key"))
		return err_set(e, E_INTERNAL, "injected");
	if (r == 0 && !t.found)
		r = reserve(&t, e);
	(void)INJECT("birth.reserved");
	if (r == 0)
		r = sign(&t, e);
	(void)INJECT("birth.saved");
	if (r == 0)
		conf->step(conf->arg, h->parent ? "intermediate CA" : "root CA", h->cn, clock_mono_ms() - start);
	return r;
}

/* -- later starts: the database's issuers must be the signer's. */

struct owned {
	struct svc *s;
	bool born; /* the last step of a first start was done here (0041) */
	struct signer_hello hello;
	struct arena *a;
};

static int
owned_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct owned *t = arg;
	struct row_issuer *rows;
	size_t n;
	int r = q_issuer_list(tx, tx->arena, &rows, &n, e);

	if (r == 0 && n == 0 && t->born) {
		err_set(e, E_DB_FOREIGN, "the database is empty, but this data directory has seen a first start");
		err_hint(e, "Start with the --db that belongs to it, or restore its database from the backup; a new start "
			    "wants an empty data directory.");
		return e->code;
	}
	for (size_t i = 0; r == 0 && i < n; i++) {
		bool known = false;

		for (unsigned k = 0; k < t->hello.n; k++)
			known |= str_eq(rows[i].name, t->hello.names[k]) && blob_eq(rows[i].spki, t->hello.spkis[k]);
		if (!known)
			return err_set(e, E_DB_FOREIGN,
				"the database has the issuer \"%.*s\", whose key is not in the data directory",
				STRF(rows[i].name));
	}
	return r;
}

static int
write_pem(const struct svc *s, const struct birth_conf *conf, struct err *e)
{
	for (size_t i = 0; i < s->n_issuers; i++) {
		ARENA(a);
		struct str name = arena_printf(&a, "%.*s.pem", STRF(s->issuers[i]->name));
		struct str pem = pem_encode(&a, "CERTIFICATE", s->issuers[i]->cert);
		int r = file_write_atomic(conf->ca_dirfd, name.p, blob_of(pem), FILE_MODE, e);

		if (r < 0)
			return r;
	}
	return 0;
}

int
birth_hierarchies(struct svc *s, const struct birth_conf *conf, struct err *e)
{
	ARENA(a);
	struct owned t = {.s = s, .born = faccessat(conf->data_dirfd, "admin.json", F_OK, 0) == 0, .a = &a};
	int r = signer_hello(s->conf.signer, &a, &t.hello, e);

	if (r == 0)
		r = svc_read(s, owned_body, &t, e);
	for (const struct hierarchy_row *h = hierarchy_next(NULL); r == 0 && h; h = hierarchy_next(h)) {
		r = bear_one(s, h, conf, e);
		if (r == 0)
			r = issuers_load_more(s, e);
	}
	if (r == 0)
		r = write_pem(s, conf, e);
	if (r == 0)
		status_load_issuers(s);
	return r;
}

static int
release_body(struct db_tx *tx, void *arg, struct err *e)
{
	int r = q_job_release(tx, ((const struct svc *)arg)->node, e);

	return MIN(r, 0);
}

int
birth_recover(struct svc *s, struct err *e)
{
	/* DIR is locked and its keys are this database's: nobody else works under this node's name, and the leases of
	 * the process before need not run out. */
	int r = svc_write(s, release_body, s, e);

	return r < 0 ? r : issue_recover(s, INT64_MAX, e);
}
