/* SPDX-License-Identifier: Apache-2.0 */
#include "service/trust.h"

#include <fcntl.h>

#include "crypto/digest.h"
#include "crypto/pem.h"
#include "inspect/intake.h"
#include "os/file.h"

#define ROOTS_MAX 1000
#define STORED_MAX 64 /* issuers taken from the account for one chain */
#define SAME_NAME_MAX 8

static void
add(const struct path_cert **list, size_t *n, size_t max, struct blob der, struct arena *a)
{
	ERR(ignored);

	/* A root that cannot be read is none. */
	if (*n < max && path_cert_new(a, der, &list[*n], &ignored) == 0)
		(*n)++;
}

static int
system_roots(struct arena *a, struct trust *t, struct err *e)
{
	struct pem_reader reader;
	struct pem_block b;
	struct blob file;
	ERR(damaged);
	int r = file_read(AT_FDCWD, TRUST_SYSTEM_ROOTS, PEM_TEXT_MAX, a, &file, e);

	if (r == E_NOT_FOUND) {
		err_clear(e);
		return 0;
	}
	if (r == 0)
		r = pem_open(file, a, &reader, e);
	if (r < 0)
		return r;
	do {
		r = pem_next(&reader, a, &b, &damaged);
		if (r == 0 && pem_kind(b.label) == PEM_CERT)
			add(t->anchors, &t->n_anchors, ROOTS_MAX, b.body, a);
	} while (r != E_NOT_FOUND);
	return 0;
}

int
trust_load(const struct svc *s, struct arena *a, struct trust *ret, struct err *e)
{
	*ret = (struct trust){
		.anchors = arena_new_n(a, ROOTS_MAX, const struct path_cert *),
		.known = arena_new_n(a, ISSUERS_MAX + STORED_MAX, const struct path_cert *),
	};
	for (size_t i = 0; i < s->n_issuers; i++) {
		const struct ca_issuer *is = s->issuers[i];

		if (is->parent)
			add(ret->known, &ret->n_known, ISSUERS_MAX, is->cert, a);
		else
			add(ret->anchors, &ret->n_anchors, ROOTS_MAX, is->cert, a);
	}
	return system_roots(a, ret, e);
}

static bool
is_known(const struct trust *t, struct blob der)
{
	for (size_t i = 0; i < t->n_known; i++) {
		if (blob_eq(t->known[i]->x.der, der))
			return true;
	}
	return false;
}

int
trust_given(struct trust *t, struct blob file, struct arena *a, struct err *e)
{
	struct intake items;

	intake_init(&items, a);
	intake_add(&items, "roots", file, (struct str){NULL, 0}, e);
	t->n_anchors = 0;
	for (unsigned i = 0; i < items.n; i++) {
		if (items.v[i].kind == ITEM_CERT)
			add(t->anchors, &t->n_anchors, ROOTS_MAX, items.v[i].der, a);
	}
	if (!t->n_anchors && !e->n_causes)
		err_note(e, E_FIELD_FORM, "roots", "there is no certificate in it");
	return err_faults(e);
}

void
trust_add(struct trust *t, struct blob der, struct arena *a)
{
	if (!is_known(t, der))
		add(t->known, &t->n_known, ISSUERS_MAX + STORED_MAX, der, a);
}

/* Stored certificates with this name that are not known yet. */
static int
add_named(struct db_tx *tx, int64_t account, struct blob name, struct arena *a, struct trust *t, struct err *e)
{
	struct row_chain_certificate_by_subject *rows;
	uint8_t hash[32];
	size_t n = 0;
	int r;

	digest_sha256(name, hash);
	r = q_chain_certificate_by_subject(tx, account, BLOB(hash, 32), SAME_NAME_MAX, a, &rows, &n, e);
	for (size_t i = 0; r >= 0 && i < n; i++)
		trust_add(t, rows[i].der, a);
	return MIN(r, 0);
}

int
trust_add_stored(struct db_tx *tx, int64_t account, const struct blob *certs, size_t n, struct arena *a, struct trust *t,
	struct err *e)
{
	size_t seen = t->n_known;
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		struct x509_cert x;
		ERR(ignored);

		if (x509_cert_read(certs[i], &x, &ignored) == 0)
			r = add_named(tx, account, x.issuer, a, t, e);
	}
	for (; r == 0 && seen < t->n_known; seen++) {
		if (!t->known[seen]->x.self_issued)
			r = add_named(tx, account, t->known[seen]->x.issuer, a, t, e);
	}
	return r;
}
