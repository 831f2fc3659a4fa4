/* SPDX-License-Identifier: Apache-2.0 */
#include "service/csr_priv.h"

#include <stdio.h>

#include "base/quote.h"
#include "base/utf8.h"
#include "model/name.h"
#include "service/safety.h"
#include "service/slow.h"

#define CN_MAX 64
#define NAME_MAX_SHOWN 253

struct act {
	struct svc *s;
	const struct caller *c;
	struct str name;
	const struct signer_key *key; /* NULL: it is elsewhere */
	bool made_here;
	struct csr csr;
	uint8_t spki_sha256[32];
	int64_t id;
	struct arena *a;
	struct csr_view *view;
};

/* The names of the request's subjectAltName as one text, as lists show them; who made it may have written anything. */
static struct str
names_text(const struct csr *csr, struct arena *a)
{
	BUF(b, CSR_DER_MAX);

	for (unsigned i = 0; i < csr->n_dns; i++)
		buf_printf(&b, "%s%.*s", i ? " " : "", STRF(quote_text(csr->dns[i], NAME_MAX_SHOWN, a)));
	for (unsigned i = 0; i < csr->n_ip; i++) 
		buf_printf(&b, "%s%.*s", b.n ? " " : "", STRF(addr_octets_text(a, csr->ip[i])));
	return b.over || !b.n ? STR("") : arena_str(a, buf_str(&b));
}

/* What it is called where nobody says: by what it asks for, as far as that is short enough. */
static struct str
own_name(const struct act *t, struct str names)
{
	struct str first = t->csr.cn.n ? t->csr.cn : str_cut(&names, ' ');

	if (t->name.n)
		return t->name;
	return first.n && first.n <= CSR_NAME_MAX && utf8_printable(first, false) ? first : STR("request");
}

/* One word by which it is found, in lower case; a wildcard's without its asterisk too. */
static int
put_word(struct db_tx *tx, const struct act *t, struct str word, struct err *e)
{
	struct str w = name_lower(word, tx->arena);
	int r;

	r = w.n ? q_csr_word_insert(tx, t->c->account, w, t->id, e) : 0;
	if (r >= 0 && str_starts(w, STR("*.")) && w.n > 2)
		r = q_csr_word_insert(tx, t->c->account, (struct str){w.p + 2, w.n - 2}, t->id, e);
	return r;
}

static int
put_words(struct db_tx *tx, const struct act *t, struct str names, struct err *e)
{
	int r = put_word(tx, t, own_name(t, names), e);

	if (r >= 0 && t->csr.cn.n)
		r = put_word(tx, t, quote_text(t->csr.cn, NAME_MAX_SHOWN, tx->arena), e);
	while (r >= 0 && names.n)
		r = put_word(tx, t, str_cut(&names, ' '), e);
	return r;
}

static int
insert_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct blob hash = BLOB(t->spki_sha256, 32);
	struct str names = names_text(&t->csr, tx->arena);
	struct row_csr there;
	int r = safety_key(tx, t->s, hash, e);

	if (r == 0)
		r = q_csr_by_key(tx, t->c->account, hash, tx->arena, &there, e);
	if (r > 0)
		return err_field(e, E_CSR_STORED, "csr", "the key of this signing request is that of the stored one %lld",
			(long long)there.id);
	if (r == 0 && t->key)
		r = subscriber_key_insert(tx, t->c->account, t->key, e);
	if (r >= 0)
		r = q_csr_insert(tx,
			&(struct in_csr_insert){.account = t->c->account, .name = own_name(t, names),
				.cn = t->csr.cn.n ? quote_text(t->csr.cn, NAME_MAX_SHOWN, tx->arena) : STR(""),
				.names = names, .alg = t->csr.alg, .bits = t->csr.bits,
				.der = t->csr.der, .spki_sha256 = hash,
				.key_id = t->key ? BLOB(t->key->name.id, 16) : (struct blob){NULL, 0},
				.made_here = t->made_here, .now = tx->now_ms},
			&t->id, e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "a signing request with this key was stored meanwhile");
	if (r > 0)
		r = put_words(tx, t, names, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, t->made_here ? "csr.create" : "csr.upload", "csrs", t->id,
			detail_kv(tx->arena, "key", str_c(key_alg_name(t->csr.alg))), e);
	return r < 0 ? r : csr_load(tx, t->c, t->id, t->a, t->view, e);
}

/* -- made here */

/* The names as A-labels, companions not: what stands in a request is what was asked for. */
static int
read_names(const struct csr_new *in, struct arena *a, struct str **ret, unsigned *ret_n, struct str *ret_cn, struct err *e)
{
	const struct name_rules rules = {.any_name = true, .allow_dns = true};
	struct str *all;

	if (in->n_names == 0)
		return err_field(e, E_FIELD_MISSING, "names", "the signing request has no names");
	if (in->n_names > CSR_NAMES_MAX)
		return err_field(e, E_NAME_COUNT, "names", "there are %zu names; at most %d are possible", in->n_names,
			CSR_NAMES_MAX);
	all = arena_new_n(a, in->n_names, struct str);
	*ret_n = 0;
	*ret_cn = STR("");
	for (size_t i = 0; i < in->n_names; i++) {
		struct name n;
		char field[32];
		ERR(fault);

		snprintf(field, sizeof(field), "names[%zu]", i);
		if (name_read(in->names[i], &rules, field, a, &n, &fault) < 0) {
			err_note(e, fault.code, field, "%s", fault.msg);
			continue;
		}
		if (!ret_cn->n && n.ascii.n <= CN_MAX)
			*ret_cn = n.ascii;
		all[(*ret_n)++] = n.ascii;
	}
	*ret = all;
	return err_faults(e);
}

static int
make(struct act *t, const struct csr_new *in, struct signer_key *key, struct err *e)
{
	struct str *dns, cn;
	struct blob tbs, sig, der;
	unsigned n;
	int r = read_names(in, t->a, &dns, &n, &cn, e);

	if (r == 0)
		r = subscriber_key_make(t->s, t->c->account, in->alg, true, t->a, key, e);
	if (r == 0)
		r = csr_build_tbs(cn, dns, n, key->spki, t->a, &tbs, e);
	if (r == 0)
		r = signer_key_sign_csr(t->s->conf.signer, key, tbs, t->a, &sig, e);
	if (r == 0)
		r = csr_finish(tbs, in->alg, sig, t->a, &der, e);
	return r < 0 ? r : csr_read(der, t->a, &t->csr, e);
}

int
csr_create(struct svc *s, const struct caller *c, const struct csr_new *in, struct arena *a, struct csr_view *ret,
	struct err *e)
{
	struct signer_key key;
	struct act t = {.s = s, .c = c, .name = in->name, .key = &key, .made_here = true, .a = a, .view = ret};
	int r = make(&t, in, &key, e);

	if (r < 0)
		return r;
	digest_sha256(t.csr.spki, t.spki_sha256);
	r = svc_write(s, insert_body, &t, e);
	return r < 0 ? r : csr_tell(ret, a, e);
}

/* -- brought along */

/* The request among what was handed in; what else stands beside it is left out, but for keys. */
static void
find_request(const struct intake *in, const struct err *faults, struct blob *ret, struct err *e)
{
	const struct item *first = intake_find(in, ITEM_CSR, 0), *more = first;

	if (!first) {
		err_note(e, E_CSR_UNREADABLE, "csr", "%s",
			faults->n_causes ? faults->causes[0].msg : "there is no signing request in it");
		return;
	}
	*ret = first->der;
	for (unsigned i = 0; i < faults->n_causes; i++)
		err_note(e, faults->causes[i].code, "csr", "%s", faults->causes[i].msg);
	for (; more; more = intake_find(in, ITEM_CSR, (unsigned)(more - in->v) + 1)) {
		if (!blob_eq(more->der, first->der)) {
			err_note(e, E_CERT_SEVERAL, "csr", "there are several signing requests in it");
			return;
		}
	}
}

/* Without a key or passphrase nothing slow is tried. */
static int
take_apart(struct svc *s, const struct csr_brought *in, struct intake *items, struct blob *ret_csr, struct err *e)
{
	bool slow = in->key.n || in->passphrase.p;
	int r = slow ? slow_begin(s, true, e) : 0;
	ERR(faults);

	if (r < 0)
		return r;
	if (!slow)
		items->work = 0;
	intake_add(items, "csr", blob_of(in->csr), in->passphrase, &faults);
	find_request(items, &faults, ret_csr, e);
	if (in->key.n)
		intake_add(items, "key", blob_of(in->key), in->passphrase, e);
	if (slow)
		slow_end(s, true);
	return err_faults(e);
}

int
csr_upload(struct svc *s, const struct caller *c, const struct csr_brought *in, struct arena *a, struct csr_view *ret,
	struct err *e)
{
	struct act t = {.s = s, .c = c, .name = in->name, .a = a, .view = ret};
	struct signer_key key;
	struct intake items;
	struct blob der;
	int r;

	intake_init(&items, a);
	r = take_apart(s, in, &items, &der, e);
	if (r == 0)
		r = csr_read(der, a, &t.csr, e);
	if (r == 0)
		digest_sha256(t.csr.spki, t.spki_sha256);
	if (r == 0 && (in->key.n || intake_find(&items, ITEM_KEY, 0))) {
		t.key = &key;
		r = csr_key_import(s, c, &items, t.spki_sha256, a, &key, e);
	}
	if (r == 0)
		r = svc_write(s, insert_body, &t, e);
	if (r == 0)
		r = csr_tell(ret, a, e);
	if (r < 0 && !e->field[0] && e->code != E_CONFLICT && e->code != E_BUSY)
		snprintf(e->field, sizeof(e->field), "csr");
	return r;
}

/* -- removed */

static int
remove_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct row_csr row;
	int64_t application;
	int r = q_csr_hold(tx, t->c->account, t->id, e);

	if (r > 0)
		r = q_csr_get(tx, t->c->account, t->id, tx->arena, &row, e);
	if (r == 0)
		return not_found(e, "signing request", t->id);
	if (r > 0)
		r = q_csr_needed_by(tx, t->c->account, row.spki_sha256, &application, e);
	if (r > 0)
		return err_set(e, E_STATE_REFUSED,
			"signing request %lld is used by application %lld, which may yet be issued",
			(long long)t->id, (long long)application);
	if (r == 0)
		r = q_csr_words_delete(tx, t->c->account, t->id, e);
	if (r >= 0)
		r = q_csr_delete(tx, t->c->account, t->id, e);
	if (r >= 0 && row.key_id.n)
		r = q_subscriber_key_hold(tx, t->c->account, row.key_id, e);
	if (r >= 0 && row.key_id.n)
		r = q_csr_key_delete(tx, t->c->account, row.key_id, row.spki_sha256, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "csr.delete", "csrs", t->id, detail_kv(tx->arena, "name", row.name), e);
	return MIN(r, 0);
}

int
csr_remove(struct svc *s, const struct caller *c, int64_t id, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id};

	return svc_write(s, remove_body, &t, e);
}
