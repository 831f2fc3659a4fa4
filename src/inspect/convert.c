/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/convert.h"

#include "base/quote.h"
#include "crypto/cert.h"
#include "crypto/container.h"
#include "crypto/p12.h"
#include "crypto/password.h"
#include "crypto/pem.h"

#define TEXT_MAX (2 * 1024 * 1024)
#define BASE_MAX 64
#define IIS_STEPS                                                                                                    \
	"1. Copy the .pfx to the server and open IIS Manager.\r\n"                                                   \
	"2. Choose the server, Server Certificates, Import. Give %s.pfx and the password beside it.\r\n"             \
	"3. Choose the site, Bindings, Add: type https, port 443, the host name, this certificate; with several\r\n" \
	"   sites on one address, Require Server Name Indication.\r\n"                                               \
	"4. Remove the .pfx and its password from the server. The certificate that was there before may go, too.\r\n"

struct making {
	const struct convert_in *in;
	struct arena *a;
	struct converted *to;
};

static void
put(const struct making *m, const char *suffix, struct blob content, bool secret)
{
	BUG_ON(m->to->n == CONVERT_FILES_MAX);
	m->to->v[m->to->n++] = (struct zip_file){
		arena_printf(m->a, "%s%s", m->in->base, suffix).p, content, secret};
}

static void
put_certs(const struct making *m, const char *suffix, bool leaf, bool chain)
{
	BUF(b, TEXT_MAX);

	if (leaf)
		pem_put(&b, "CERTIFICATE", m->in->leaf);
	for (unsigned i = 0; chain && i < m->in->n_chain; i++)
		pem_put(&b, "CERTIFICATE", m->in->chain[i]);
	put(m, suffix, arena_blob(m->a, buf_blob(&b)), false);
}

/* In secret memory that lives as long as the arena. */
static struct blob
keep(struct arena *a, struct blob b)
{
	struct secret *s = arena_secret(a, b.n);

	if (b.n)
		memcpy(s->p, b.p, b.n);
	return secret_blob(s);
}

static int
put_key_of(const struct making *m, const struct key *key, const char *suffix, struct err *e)
{
	CLEANUP(buf_done_secret) struct buf b = {.max = TEXT_MAX};
	SECRET(der);
	int r;

	if (!key)
		return 0;
	r = key_to_pkcs8(key, &der, e);
	if (r < 0)
		return r;
	pem_put(&b, "PRIVATE KEY", secret_blob(der));
	put(m, suffix, keep(m->a, buf_blob(&b)), true);
	return 0;
}

static int
put_key(const struct making *m, const char *suffix, struct err *e)
{
	return put_key_of(m, m->in->key, suffix, e);
}

/* Leaf and chain in one file. */
static int
make_pem(const struct making *m, struct err *e)
{
	put_certs(m, ".pem", true, true);
	return put_key(m, ".key", e);
}

static int
make_apache(const struct making *m, struct err *e)
{
	put_certs(m, "_public.crt", true, false);
	/* an empty file is none that anything reads */
	if (m->in->n_chain)
		put_certs(m, "_chain.crt", false, true);
	return put_key(m, ".key", e);
}

static int
make_der(const struct making *m, struct err *e)
{
	SECRET(key);
	int r;

	put(m, ".cer", m->in->leaf, false);
	for (unsigned i = 0; i < m->in->n_chain; i++)
		put(m, arena_printf(m->a, "_chain%u.cer", i + 1).p, m->in->chain[i], false);
	if (!m->in->key)
		return 0;
	r = key_to_pkcs8(m->in->key, &key, e);
	if (r == 0)
		put(m, ".key.der", keep(m->a, secret_blob(key)), true);
	return r;
}

/* A PKCS#7 carries no key: it goes beside. */
static int
make_p7(const struct making *m, struct err *e)
{
	struct blob *all = arena_new_n(m->a, m->in->n_chain + 1, struct blob);

	all[0] = m->in->leaf;
	for (unsigned i = 0; i < m->in->n_chain; i++)
		all[i + 1] = m->in->chain[i];
	put(m, ".p7b", p7_build(all, m->in->n_chain + 1, m->a), false);
	return put_key(m, ".key", e);
}

static int
key_needed(const struct making *m, const char *what, struct err *e)
{
	return m->in->key ? 0
			  : err_set(e, E_KEY_NONE, "%s: %s cannot be without the private key",
				    m->in->base, what);
}

/* The password that was given, or a fresh one in a file beside. */
static struct str
password(const struct making *m)
{
	struct str fresh;

	if (m->in->password.p)
		return m->in->password;
	fresh = password_random(m->a);
	put(m, "_password.txt", blob_of(arena_printf(m->a, "%.*s\n", STRF(fresh))), true);
	return fresh;
}

static int
make_pfx(const struct making *m, struct err *e)
{
	struct blob pfx;
	int r = key_needed(m, "a PFX", e);

	if (r == 0)
		r = p12_build(m->in->friendly_name, password(m), m->in->key, m->in->leaf,
			m->in->chain, m->in->n_chain, m->a, &pfx, e);
	if (r == 0)
		put(m, ".pfx", pfx, true);
	return r;
}

static int
make_jks(const struct making *m, struct err *e)
{
	struct blob *all = arena_new_n(m->a, m->in->n_chain + 1, struct blob), jks;
	int r = key_needed(m, "a Java keystore", e);

	if (r < 0)
		return r;
	all[0] = m->in->leaf;
	for (unsigned i = 0; i < m->in->n_chain; i++)
		all[i + 1] = m->in->chain[i];
	r = jks_build(m->in->friendly_name, password(m), m->in->key, all, m->in->n_chain + 1,
		m->in->now_ms, m->a, &jks, e);
	if (r == 0)
		put(m, ".jks", jks, true);
	return r;
}

static int
make_iis(const struct making *m, struct err *e)
{
	int r = make_pfx(m, e);

	if (r == 0)
		put(m, "_steps.txt", blob_of(arena_printf(m->a, IIS_STEPS, m->in->base)), false);
	return r;
}

static int
make_root(const struct making *m, struct err *e)
{
	struct blob last = m->in->n_chain ? m->in->chain[m->in->n_chain - 1] : m->in->leaf;
	struct cert_info info;
	BUF(b, TEXT_MAX);
	int r = cert_read(last, m->a, &info, e);

	if (r < 0)
		return r;
	if (!blob_eq(info.issuer, info.subject))
		return err_field(e, E_FIELD_MISSING, "chain",
			"the chain ends before its root: nobody gave the issuer of \"%.*s\"",
			STRF(quote_text(info.subject_text, 200, m->a)));
	pem_put(&b, "CERTIFICATE", last);
	put(m, "_root.pem", arena_blob(m->a, buf_blob(&b)), false);
	return 0;
}

/* As certificates of this service are packed: both certificates and keys, and the chain. */
static int
make_tlcp(const struct making *m, struct err *e)
{
	BUF(b, TEXT_MAX);
	int r;

	put_certs(m, "_sign.crt", true, false);
	pem_put(&b, "CERTIFICATE", m->in->pair);
	put(m, "_encrypt.crt", arena_blob(m->a, buf_blob(&b)), false);
	put_certs(m, "_chain.crt", false, true);
	r = put_key(m, "_sign.key", e);
	return r < 0 ? r : put_key_of(m, m->in->pair_key, "_encrypt.key", e);
}

static const struct format {
	const char *name;
	int (*make)(const struct making *m, struct err *e);
} formats[] = {
	{"nginx", make_pem},
	{"other", make_pem},
	{"pem", make_pem},
	{"apache", make_apache},
	{"tomcat", make_pfx},
	{"iis", make_iis},
	{"pfx", make_pfx},
	{"jks", make_jks},
	{"der", make_der},
	{"p7", make_p7},
	{"root", make_root},
	{"tlcp", make_tlcp},
};

static const struct format *
format_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		if (str_eq_c(name, formats[i].name))
			return &formats[i];
	}
	return NULL;
}

/* A file's name of what may be any text: letters, digits, dots and dashes. */
static const char *
safe_name(struct arena *a, struct str s)
{
	struct str cut = s.n ? (struct str){s.p, MIN(s.n, (size_t)BASE_MAX)} : STR("certificate");
	char *out = (char *)arena_str(a, cut).p;

	for (char *p = out; *p; p++) {
		bool ok = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
			  (*p >= '0' && *p <= '9') || *p == '-' || *p == '.';

		if (!ok || (p == out && *p == '.'))
			*p = '_';
	}
	return out;
}

void
convert_find(const char *format, const struct intake *t, struct arena *a, struct bundle *ret, struct err *e)
{
	if (strcmp(format, "tlcp") == 0)
		bundle_find_pair(t, a, ret, e);
	else
		bundle_find(t, a, ret, e);
}

int
convert_of(const struct bundle *b, struct str name, struct arena *a, struct convert_in *ret,
	struct err *e)
{
	struct blob *chain = arena_new_n(a, BUNDLE_CHAIN_MAX, struct blob);
	struct cert_info info;
	int r = cert_read(b->leaf->der, a, &info, e);

	if (r < 0)
		return r;
	for (unsigned i = 0; i < b->n_chain; i++)
		chain[i] = b->chain[i]->der;
	*ret = (struct convert_in){.friendly_name = name.p	  ? name
						    : info.cn.n	  ? info.cn
						    : info.n_dns  ? info.dns[0]
								  : STR("certificate"),
		.leaf = b->leaf->der,
		.chain = chain,
		.n_chain = b->n_chain,
		.key = b->key ? b->key->key : NULL,
		.pair = b->pair ? b->pair->der : (struct blob){NULL, 0},
		.pair_key = b->pair_key ? b->pair_key->key : NULL};
	ret->base = safe_name(a, ret->friendly_name);
	return 0;
}

bool
convert_knows(struct str format)
{
	return format_find(format);
}

int
convert(const char *format, const struct convert_in *in, struct arena *a, struct converted *ret,
	struct err *e)
{
	const struct format *f = format_find(str_c(format));

	if (!f)
		return err_set(e, E_FORMAT_UNKNOWN, "the format \"%s\" is not known (there are %s)",
			format, CONVERT_FORMATS);
	return f->make(&(struct making){in, a, ret}, e);
}
