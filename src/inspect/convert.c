/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/convert.h"

#include "crypto/container.h"
#include "crypto/p12.h"
#include "crypto/password.h"
#include "crypto/pem.h"

#define TEXT_MAX (2 * 1024 * 1024)

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
put_key(const struct making *m, const char *suffix, struct err *e)
{
	CLEANUP(buf_done_secret) struct buf b = {.max = TEXT_MAX};
	SECRET(der);
	int r;

	if (!m->in->key)
		return 0;
	r = key_to_pkcs8(m->in->key, &der, e);
	if (r < 0)
		return r;
	pem_put(&b, "PRIVATE KEY", secret_blob(der));
	put(m, suffix, keep(m->a, buf_blob(&b)), true);
	return 0;
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

static const struct format {
	const char *name;
	int (*make)(const struct making *m, struct err *e);
} formats[] = {
	{"nginx", make_pem},
	{"other", make_pem},
	{"pem", make_pem},
	{"apache", make_apache},
	{"tomcat", make_pfx},
	{"iis", make_pfx},
	{"pfx", make_pfx},
	{"jks", make_jks},
	{"der", make_der},
	{"p7", make_p7},
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
