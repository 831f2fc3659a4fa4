/* SPDX-License-Identifier: Apache-2.0 */
/* Packages for servers (SPEC 3.11). The private key leaves the signer for this one download, in
 * wiped buffers. */
#include "crypto/pem.h"
#include "inspect/convert.h"
#include "service/certificate.h"
#include "service/share.h"
#include "service/svc_priv.h"

#define TEXT_MAX (256 * 1024)

struct making {
	struct svc *s;
	const struct caller *c;
	struct certificate_view v;
	struct arena *a;
	struct zip_file files[CONVERT_FILES_MAX];
	size_t n;
	struct secret *secrets[2];
	size_t n_secrets;
	const char *base;
};

static void
put_text(struct making *m, const char *suffix, struct str text, bool secret)
{
	BUG_ON(m->n == CONVERT_FILES_MAX);
	m->files[m->n++] = (struct zip_file){
		arena_printf(m->a, "%s%s", m->base, suffix).p, blob_of(text), secret};
}

/* leaf first; with the intermediates when `chain`; the root never: clients have it. */
static struct str
pem_of(struct making *m, struct blob leaf, bool with_leaf, bool chain)
{
	BUF(b, TEXT_MAX);

	if (with_leaf)
		pem_put(&b, "CERTIFICATE", leaf);
	for (unsigned i = 0; chain && i < m->v.n_chain; i++) {
		if (!m->v.chain[i].root)
			pem_put(&b, "CERTIFICATE", m->v.chain[i].der);
	}
	return arena_str(m->a, buf_str(&b));
}

/* The key as PKCS#8 out of the signer; NULL when the service does not hold it. */
static int
key_take(struct making *m, struct blob key_id, struct secret **ret, struct err *e)
{
	struct signer_key key;
	int r;

	if (key_id.n != 16)
		return 0;
	/* a copy's key is its giver's */
	r = subscriber_key_load(m->s, m->v.share ? m->v.share->account : m->c->account, key_id, m->a, &key, e);
	return r < 0 ? r : signer_key_export(m->s->conf.signer, &key, ret, e);
}

/* As PEM in locked memory, or NULL. */
static int
key_pem(struct making *m, struct blob key_id, struct secret **ret, struct err *e)
{
	SECRET(der);
	struct buf b = {.max = TEXT_MAX};
	int r = key_take(m, key_id, &der, e);

	*ret = NULL;
	if (r < 0 || !der)
		return r;
	pem_put(&b, "PRIVATE KEY", secret_blob(der));
	*ret = secret_copy(buf_blob(&b));
	buf_done_secret(&b);
	m->secrets[m->n_secrets++] = *ret;
	return 0;
}

static int
put_key(struct making *m, const char *suffix, struct blob key_id, struct err *e)
{
	struct secret *pem;
	int r = key_pem(m, key_id, &pem, e);

	if (r == 0 && pem)
		put_text(m, suffix, str_of(secret_blob(pem)), true);
	return r;
}

static int
make_root(struct making *m, struct err *e)
{
	BUF(b, TEXT_MAX);

	(void)e;
	pem_put(&b, "CERTIFICATE", m->v.chain[m->v.n_chain - 1].der);
	put_text(m, "_root.pem", arena_str(m->a, buf_str(&b)), false);
	return 0;
}

static int
key_load(struct making *m, struct key **ret, struct err *e)
{
	SECRET(der);
	int r = key_take(m, m->v.row.key_id, &der, e);

	return r < 0 || !der ? r : key_from_pkcs8(secret_blob(der), ret, e);
}

/* What is the same for foreign certificates; the root never goes along: clients have it. */
static int
make_converted(struct making *m, const char *format, struct err *e)
{
	struct convert_in in = {.base = m->base,
		.friendly_name = m->v.row.name,
		.leaf = m->v.row.der,
		.now_ms = svc_now(m->s)};
	struct blob *chain = arena_new_n(m->a, m->v.n_chain, struct blob);
	struct converted *made = arena_new(m->a, struct converted);
	KEY(key);
	int r;

	for (unsigned i = 0; i < m->v.n_chain; i++) {
		if (!m->v.chain[i].root)
			chain[in.n_chain++] = m->v.chain[i].der;
	}
	in.chain = chain;
	r = key_load(m, &key, e);
	in.key = key;
	if (r == 0)
		r = convert(format, &in, m->a, made, e);
	for (unsigned i = 0; r == 0 && i < made->n; i++)
		m->files[m->n++] = made->v[i];
	return r;
}

/* Five files for TLCP: both certificates, both keys (or the envelope), the chain. */
static int
make_tlcp(struct making *m, struct err *e)
{
	const struct row_certificate *sign = &m->v.row, *enc = m->v.pair;
	int r;

	if (!enc)
		return err_set(e, E_FORMAT_UNKNOWN,
			"the tlcp package is for SM2 pairs; certificate %lld is %s",
			(long long)m->v.row.id, key_alg_name((enum key_alg)m->v.row.alg));
	if (sign->role == ROLE_ENC) {
		sign = m->v.pair;
		enc = &m->v.row;
	}
	put_text(m, "_sign.crt", pem_of(m, sign->der, true, false), false);
	put_text(m, "_encrypt.crt", pem_of(m, enc->der, true, false), false);
	put_text(m, "_chain.crt", pem_of(m, sign->der, false, true), false);
	r = put_key(m, "_sign.key", sign->key_id, e);
	if (r < 0)
		return r;
	/* Who made the signing key himself opens the encryption key with it. */
	if (sign->key_id.n == 16)
		return put_key(m, "_encrypt.key", enc->key_id, e);
	put_text(m, "_encrypt.envelope.pem", pem_encode(m->a, "SM2 ENVELOPED KEY", enc->envelope),
		false);
	return 0;
}

/* NULL: as convert() makes it. */
static const struct format {
	const char *name;
	int (*make)(struct making *m, struct err *e);
} formats[] = {
	{"nginx", NULL},
	{"other", NULL},
	{"apache", NULL},
	{"tomcat", NULL},
	{"iis", NULL},
	{"jks", NULL},
	{"root", make_root},
	{"tlcp", make_tlcp},
};

/* The certificate's name as a file's: only what every file system takes. */
static const char *
safe_name(struct arena *a, const struct row_certificate *row)
{
	struct str s = arena_printf(a, "%.*s_%lld", STRF(row->name), (long long)row->id);
	char *out = arena_copy(a, s.p, s.n);

	for (size_t i = 0; i < s.n; i++) {
		bool ok = (out[i] >= 'a' && out[i] <= 'z') || (out[i] >= 'A' && out[i] <= 'Z') ||
			  (out[i] >= '0' && out[i] <= '9') || out[i] == '.' || out[i] == '-';

		if (!ok || (i == 0 && out[i] == '.'))
			out[i] = '_';
	}
	return out;
}

static int
open_content(struct making *m, int64_t id, struct err *e)
{
	int r = certificate_show(m->s, m->c, id, m->a, &m->v, e);

	if (r == 0 && m->v.status == STATUS_ENDED)
		return err_set(e, E_SHARE_ENDED, "the share that certificate %lld came from has ended", (long long)id);
	if (r == 0 && m->v.content_closed)
		return err_set(e, E_CONTENT_CLOSED, "certificate %lld is %s; its content is closed",
			(long long)id, words_status[m->v.status]);
	/* whoever brought it along has it: nothing of it goes out again (SPEC 3.8) */
	if (r == 0 && m->v.row.source == SOURCE_UPLOADED)
		return err_set(e, E_UPLOAD_SEALED, "certificate %lld was uploaded", (long long)id);
	return r == 0 && m->v.share ? share_opens(m->v.share, e) : r;
}

static int
make_package(struct making *m, const struct format *f, struct package *ret, struct err *e)
{
	int r;

	m->base = safe_name(m->a, &m->v.row);
	r = f->make ? f->make(m, e) : make_converted(m, f->name, e);
	if (r < 0)
		return r;
	buf_init(&ret->zip, 4 * TEXT_MAX);
	r = zip_build(m->files, m->n, svc_now(m->s), &ret->zip, e);
	if (r < 0) {
		buf_done_secret(&ret->zip);
		return r;
	}
	ret->file_name = arena_printf(m->a, "%s_%s.zip", m->base, f->name);
	for (size_t i = 0; i < m->n; i++)
		ret->has_key |= m->files[i].secret;
	return 0;
}

static int
record_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct making *m = arg;
	int r = m->v.share ? share_take(tx, m->s, m->c, &m->v, m->a, e) : 0;

	return r < 0 ? r : audit_add(tx, m->s, m->c, "certificate.download", "certificates", m->v.row.id,
		(struct str){NULL, 0}, e);
}

int
certificate_package(struct svc *s, const struct caller *c, int64_t id, struct str format,
	struct arena *a, struct package *ret, struct err *e)
{
	struct making m = {.s = s, .c = c, .a = a};
	const struct format *f = NULL;
	int r;

	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		if (str_eq_c(format, formats[i].name))
			f = &formats[i];
	}
	if (!f)
		return err_field(e, E_FORMAT_UNKNOWN, "format",
			"the package format \"%.*s\" is not known", STRF(format));
	*ret = (struct package){0};
	r = open_content(&m, id, e);
	if (r == 0)
		r = svc_write(s, record_body, &m,
			e); /* who took a key out is on record before it leaves */
	if (r == 0)
		r = make_package(&m, f, ret, e);
	for (size_t i = 0; i < m.n_secrets; i++)
		secret_free(m.secrets[i]);
	return r;
}

int
certificate_pem(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct str *ret,
	struct err *e)
{
	struct making m = {.s = s, .c = c, .a = a};
	int r = open_content(&m, id, e);

	if (r == 0)
		*ret = pem_of(&m, m.v.row.der, true, true);
	return r;
}
