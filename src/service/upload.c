/* SPDX-License-Identifier: Apache-2.0 */
/* Storing what has passed the check: keys wrapped first, then everything in one transaction. */
#include <ctype.h>

#include "base/hex.h"
#include "base/utf8.h"
#include "crypto/cert.h"
#include "crypto/digest.h"
#include "model/name.h"
#include "net/addr.h"
#include "service/upload_priv.h"

#define CN_SHOWN_MAX 253
#define NAME_SHOWN_MAX 253
#define HALVES 2
#define NAMES_TRIED_MAX 1000

struct half {
	struct cert_info info;
	struct blob der;
	enum pair_role role;
	struct signer_key key; /* sealed.n 0: that of a signing request, or none */
	struct blob key_id;
	int64_t id;
};

struct storing {
	struct svc *s;
	const struct caller *c;
	const struct upload *in;
	struct arena *a;
	struct upload_checked checked;
	struct half halves[HALVES];
	unsigned n_halves;
	struct str name;
};

/* -- names */

static bool
name_char(char ch)
{
	return isalnum((unsigned char)ch) || ch == '_' || ch == '-';
}

/* 1 to 63 of [A-Za-z0-9._-]; those of SM2 pairs without the dot (SPEC 3.8). */
static int
name_check(struct str name, bool sm2, struct err *e)
{
	bool ok = name.n > 0 && name.n <= UPLOAD_NAME_MAX;

	for (size_t i = 0; ok && i < name.n; i++)
		ok = name_char(name.p[i]) || (name.p[i] == '.' && !sm2);
	return ok ? 0
		  : err_field(e, E_UPLOAD_NAME, "name", "\"%.*s\" is not 1 to %d of the characters A-Z a-z 0-9 %s_ -",
			    (int)MIN(name.n, (size_t)100), name.p, UPLOAD_NAME_MAX, sm2 ? "" : ". ");
}

/* The first name that it is for, with what may not stand in a name left out. */
static struct str
name_made(const struct cert_info *info, bool sm2, struct arena *a)
{
	struct str from = info->n_dns ? info->dns[0] : info->cn.n ? info->cn : STR("certificate");
	char *out = arena_alloc(a, UPLOAD_NAME_MAX + 1);
	size_t n = 0;

	if (str_starts(from, STR("*.")))
		from = (struct str){from.p + 2, from.n - 2};
	/* room for the number that makes it unlike others */
	for (size_t i = 0; i < from.n && n < UPLOAD_NAME_MAX - 9; i++) {
		if (name_char(from.p[i]) || from.p[i] == '.')
			out[n++] = from.p[i] == '.' && sm2 ? '-' : from.p[i];
	}
	return n ? (struct str){out, n} : STR("certificate");
}

static int
name_taken(struct str name, int64_t other, struct err *e)
{
	return err_field(e, E_UPLOAD_NAME_TAKEN, "name", "\"%.*s\" is the name of certificate %lld", STRF(name),
		(long long)other);
}

/* A name that was not given gets a number when it is taken. */
static int
name_free(struct db_tx *tx, const struct storing *t, struct str *ret, struct err *e)
{
	int64_t other;
	int r = q_upload_name_taken(tx, t->c->account, t->name, &other, e);

	*ret = t->name;
	for (int i = 2; r > 0 && !t->in->name.p && i < NAMES_TRIED_MAX; i++) {
		*ret = arena_printf(tx->arena, "%.*s-%d", STRF(t->name), i);
		r = q_upload_name_taken(tx, t->c->account, *ret, &other, e);
	}
	return r > 0 ? name_taken(*ret, other, e) : r;
}

/* -- keys */

static int
key_wrap(struct storing *t, struct half *h, const struct item *key, struct err *e)
{
	SECRET(pkcs8);
	int r;

	if (!key) {
		h->key_id = t->checked.csr.key_id;
		return 0;
	}
	r = key_to_pkcs8(key->key, &pkcs8, e);
	if (r == 0)
		r = signer_key_import(t->s->conf.signer, SEAL_UPLOADED_KEY, t->c->account, key_alg(key->key), h->info.spki,
			secret_blob(pkcs8), t->a, &h->key, e);
	if (r == 0)
		h->key_id = BLOB(h->key.name.id, 16);
	return r;
}

static int
half_take(struct storing *t, enum pair_role role, const struct item *cert, const struct item *key, struct err *e)
{
	struct half *h = &t->halves[t->n_halves++];
	int r;

	h->der = cert->der;
	h->role = role;
	r = cert_read(cert->der, t->a, &h->info, e);
	return r < 0 ? err_wrap(e, "the certificate") : key_wrap(t, h, key, e);
}

/* -- rows */

static int
save_names(struct db_tx *tx, const struct storing *t, const struct half *h, struct err *e)
{
	int r = 0;

	for (unsigned i = 0; r >= 0 && i < h->info.n_dns; i++) {
		struct str name = name_lower(h->info.dns[i], tx->arena);

		if (name.n && name.n <= NAME_SHOWN_MAX && utf8_printable(name, false))
			r = q_certificate_name_insert(tx, t->c->account, name, name_reversed(name, tx->arena), h->id, e);
	}
	for (unsigned i = 0; r >= 0 && i < h->info.n_ip; i++) {
		struct str name = addr_octets_text(tx->arena, h->info.ip[i]);

		r = q_certificate_name_insert(tx, t->c->account, name, name_reversed(name, tx->arena), h->id, e);
	}
	return MIN(r, 0);
}

static int
save_chain(struct db_tx *tx, const struct storing *t, const struct half *h, struct err *e)
{
	const struct check *c = &t->checked.check;
	int r = 0;

	for (unsigned i = 1; r >= 0 && i < c->n_chain; i++) {
		uint8_t whole[32], subject[32];
		struct x509_cert x;
		int64_t link = 0;

		r = x509_cert_read(c->chain[i], &x, e);
		if (r < 0)
			break;
		digest_sha256(c->chain[i], whole);
		digest_sha256(x.subject, subject);
		r = q_chain_certificate_insert(tx, t->c->account, BLOB(whole, 32), BLOB(subject, 32), c->chain[i], &link, e);
		if (r >= 0)
			r = q_certificate_chain_insert(tx, t->c->account, h->id, i, link, e);
	}
	return MIN(r, 0);
}

static int
save_half(struct db_tx *tx, const struct storing *t, struct half *h, struct str name, struct err *e)
{
	const struct cert_info *x = &h->info;
	uint8_t spki[32];
	struct str cn = x->cn.n ? x->cn : x->n_dns ? x->dns[0] : STR("");
	int r = 0;

	if (h->key.sealed.n)
		r = subscriber_key_insert(tx, t->c->account, &h->key, e);
	digest_sha256(x->spki, spki);
	if (r >= 0)
		r = q_upload_insert(tx,
			&(struct in_upload_insert){.account = t->c->account, .role = h->role, .source = SOURCE_UPLOADED,
				.name = name, .cn = cn.n <= CN_SHOWN_MAX && utf8_printable(cn, false) ? cn : STR(""),
				.serial = x->serial, .der = h->der, .spki_sha256 = BLOB(spki, 32),
				.sha256 = BLOB(x->sha256, 32), .alg = x->alg, .key_id = h->key_id,
				.not_before_ms = x->not_before_ms, .not_after_ms = x->not_after_ms, .now = tx->now_ms},
			&h->id, e);
	if (r == 0 && !t->in->name.p)
		return err_set(e, E_CONFLICT, "the name \"%.*s\" was taken meanwhile", STRF(name));
	if (r == 0)
		return err_field(e, E_UPLOAD_NAME_TAKEN, "name", "\"%.*s\" was taken meanwhile", STRF(name));
	if (r > 0)
		r = save_names(tx, t, h, e);
	return r < 0 ? r : save_chain(tx, t, h, e);
}

static int
join_halves(struct db_tx *tx, const struct storing *t, struct err *e)
{
	int r = 0;

	for (unsigned i = 0; r >= 0 && t->n_halves == HALVES && i < HALVES; i++)
		r = q_upload_pair(tx, t->c->account, t->halves[i].id, t->halves[!i].id, e);
	return MIN(r, 0);
}

/* The key of a signing request may have been deleted with it since the check. */
static int
request_stands(struct db_tx *tx, const struct storing *t, struct err *e)
{
	int r;

	if (t->halves[0].key.sealed.n || !t->halves[0].key_id.n)
		return 0;
	r = q_csr_hold(tx, t->c->account, t->checked.csr.id, e);
	return r == 0 ? not_found(e, "signing request", t->checked.csr.id) : MIN(r, 0);
}

static int
store_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct storing *t = arg;
	const struct half *first = &t->halves[0];
	struct str name;
	int r = request_stands(tx, t, e);

	if (r == 0)
		r = name_free(tx, t, &name, e);
	for (unsigned i = 0; r >= 0 && i < t->n_halves; i++)
		r = save_half(tx, t, &t->halves[i], name, e);
	if (r >= 0)
		r = join_halves(tx, t, e);
	if (r >= 0)
		r = count_move(tx, t->c->account, "certificate", -1, CERTIFICATE_UPLOADED, e);
	if (r >= 0)
		r = count_expiry(tx, t->c->account, CERTIFICATE_UPLOADED, first->info.not_after_ms, 1, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "certificate.upload", "certificates", first->id,
			detail_kv(tx->arena, "sha256", hex_encode(tx->arena, BLOB(first->info.sha256, 32))), e);
	return MIN(r, 0);
}

/* Everything that can be said without the database, at once. */
static int
faults(struct storing *t, struct err *e)
{
	const struct check *c = &t->checked.check;
	bool sm2 = c->pair != NULL;

	if (c->n_errors)
		return err_set(e, E_CHECK_FAILED, "the check found %u error%s; the first: %s%s%s", c->n_errors,
			c->n_errors == 1 ? "" : "s", check_text(c->v[0].code, false), c->v[0].text[0] ? ": " : "",
			c->v[0].text);
	return t->in->name.p ? name_check(t->in->name, sm2, e) : 0;
}

int
upload_store(struct svc *s, const struct caller *c, const struct upload *in, struct arena *a,
	const struct check **ret_check, struct certificate_view *ret, struct err *e)
{
	struct storing *t = arena_new(a, struct storing);
	const struct check *found = &t->checked.check;
	int r;

	t->s = s;
	t->c = c;
	t->in = in;
	t->a = a;
	*ret_check = NULL;
	r = upload_judge(s, c, in, true, a, &t->checked, e);
	if (r < 0)
		return r;
	*ret_check = found;
	r = faults(t, e);
	if (r == 0)
		r = half_take(t, found->pair ? ROLE_SIGN : ROLE_SINGLE, found->leaf, found->key, e);
	if (r == 0 && found->pair)
		r = half_take(t, ROLE_ENC, found->pair, found->pair_key, e);
	if (r < 0)
		return r;
	t->name = in->name.p ? in->name : name_made(&t->halves[0].info, found->pair, a);
	r = svc_write(s, store_body, t, e);
	if (r == 0)
		r = certificate_show(s, c, t->halves[0].id, a, ret, e);
	if (r == 0)
		ret->check = found;
	return r;
}
