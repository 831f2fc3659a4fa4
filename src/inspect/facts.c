/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/facts_priv.h"

#include <arpa/inet.h>

#include "base/hex.h"
#include "base/rfc3339.h"
#include "crypto/cert.h"
#include "crypto/container.h"
#include "crypto/digest.h"
#include "crypto/name.h"
#include "crypto/pem.h"
#include "crypto/unlock.h"
#include "inspect/guess.h"
#include "x509/crl.h"

enum fact_kind
fact_kind_by_word(const char *word)
{
	static const char *const words[] = {"cert", "csr", "crl", "key", "p12", "jks", "p7"};
	int i = 0;

	while (i < FACT_KINDS && strcmp(words[i], word) != 0)
		i++;
	return (enum fact_kind)i;
}

/* -- putting */

void
fact_put(const struct facts_reading *t, const char *name, struct str value)
{
	if (t->to->n < FACTS_MAX)
		t->to->v[t->to->n++] = (struct fact){name, value, t->item};
}

void
fact_put_hex(const struct facts_reading *t, const char *name, struct blob value)
{
	fact_put(t, name, hex_encode(t->to->a, value));
}

static void
put_time(const struct facts_reading *t, const char *name, int64_t ms)
{
	char text[RFC3339_MAX];

	fact_put(t, name, arena_str(t->to->a, str_c(rfc3339_put(ms, text))));
}

static void
put_count(const struct facts_reading *t, const char *name, uint64_t n)
{
	fact_put(t, name, arena_printf(t->to->a, "%llu", (unsigned long long)n));
}

void
fact_put_sha256(const struct facts_reading *t, const char *name, struct blob of)
{
	uint8_t sum[32];

	digest_sha256(of, sum);
	fact_put_hex(t, name, BLOB(sum, sizeof(sum)));
}

void
fact_put_ip(const struct facts_reading *t, struct blob ip)
{
	char text[INET6_ADDRSTRLEN];

	if (inet_ntop(ip.n == 4 ? AF_INET : AF_INET6, ip.p, text, sizeof(text)))
		fact_put(t, "ip", arena_str(t->to->a, str_c(text)));
}

void
fact_put_key(const struct facts_reading *t, enum key_alg alg, unsigned bits, struct blob spki)
{
	KEY(key);
	ERR(ignored);

	if (alg == KEY_OTHER && key_from_spki(spki, &key, &ignored) == 0)
		fact_put(t, "key", key_name(key, t->to->a));
	else if (alg == KEY_OTHER || alg == KEY_NONE)
		fact_put(t, "key",
			bits ? arena_printf(t->to->a, "other, of %u bits", bits) : STR("other"));
	else
		fact_put(t, "key", str_c(key_alg_name(alg)));
}

/* -- kinds */

static int
cert_read_facts(const struct facts_reading *t, struct blob der, struct err *e)
{
	struct x509_cert x;
	struct cert_info info;
	int r = x509_cert_read(der, &x, e);

	/* read where old roots need it, but no DER */
	if (r == 0 && x.loose_bits)
		r = err_field(e, E_CERT_UNREADABLE, "extensions.keyUsage",
			"the certificate is no DER: keyUsage has zero bits at its end");
	if (r == 0)
		r = cert_read(der, t->to->a, &info, e);
	if (r < 0)
		return r;
	fact_put(t, "subject", info.subject_text);
	fact_put(t, "issuer", info.issuer_text);
	fact_put_hex(t, "serial", x.serial);
	put_time(t, "not_before", x.not_before_ms);
	put_time(t, "not_after", x.not_after_ms);
	for (unsigned i = 0; i < info.n_dns; i++)
		fact_put(t, "dns", info.dns[i]);
	for (unsigned i = 0; i < info.n_ip; i++)
		fact_put_ip(t, info.ip[i]);
	fact_put_key(t, info.alg, info.bits, x.spki);
	fact_put(t, "authority", x.ca ? STR("yes") : STR("no"));
	put_count(t, "version", x.version);
	fact_put_sha256(t, "sha256", der);
	fact_put_sha256(t, "spki_sha256", x.spki);
	return 0;
}

static int
crl_read_facts(const struct facts_reading *t, struct blob der, struct err *e)
{
	struct x509_crl crl;
	struct x509_crl_walk it;
	struct x509_crl_entry entry;
	uint64_t n = 0;
	int r = x509_crl_read(der, &crl, e);

	if (r < 0)
		return r;
	for (it = x509_crl_walk(&crl); x509_crl_next(&it, &entry);)
		n++;
	fact_put(t, "issuer", name_text(crl.issuer, t->to->a));
	put_time(t, "this_update", crl.this_update_ms);
	if (crl.next_update_ms != INT64_MAX)
		put_time(t, "next_update", crl.next_update_ms);
	if (crl.number.p)
		fact_put_hex(t, "number", crl.number);
	if (crl.base.p)
		fact_put_hex(t, "delta_of", crl.base);
	put_count(t, "revoked", n);
	fact_put_sha256(t, "sha256", der);
	return 0;
}

/* der: in the clear, of any form. */
static int
key_read_facts(const struct facts_reading *t, struct blob der, struct opener *o, struct err *e)
{
	struct blob spki;
	struct str kind;
	KEY(key);
	int r = key_from_private(der, &key, e);

	if (r < 0) {
		/* A sound key of a kind that is not taken can be read all the same. */
		r = key_foreign_name(der, o, t->to->a, &kind, e);
		if (r == 0)
			fact_put(t, "key", kind);
		return r;
	}
	r = key_spki(key, t->to->a, &spki, e);
	if (r < 0)
		return r;
	fact_put(t, "key", key_name(key, t->to->a));
	fact_put_sha256(t, "spki_sha256", spki);
	return 0;
}

static int
contents_read_facts(struct facts_reading *t, const struct contents *c, struct opener *o, struct err *e)
{
	static const char *const words[] = {[CONTENT_CERT] = "certificate",
		[CONTENT_KEY] = "private key",
		[CONTENT_CRL] = "revocation list"};
	int r = 0;

	for (unsigned i = 0; i < c->n && r == 0; i++) {
		t->item = i + 1;
		fact_put(t, "holds", str_c(words[c->v[i].kind]));
		if (c->v[i].name.n)
			fact_put(t, "name", c->v[i].name);
		switch (c->v[i].kind) {
		case CONTENT_CERT:
			r = cert_read_facts(t, c->v[i].der, e);
			break;
		case CONTENT_KEY:
			r = key_read_facts(t, c->v[i].der, o, e);
			break;
		case CONTENT_CRL:
			r = crl_read_facts(t, c->v[i].der, e);
			break;
		}
	}
	return r;
}

/* -- files */

static bool
label_fits(enum fact_kind kind, struct str label)
{
	static const enum pem_kind kinds[FACT_KINDS] = {
		[FACT_CERT] = PEM_CERT,
		[FACT_CSR] = PEM_CSR,
		[FACT_CRL] = PEM_CRL,
		[FACT_KEY] = PEM_PRIVATE_KEY,
		[FACT_P12] = PEM_P12,
		[FACT_P7] = PEM_P7,
	};
	enum pem_kind is = pem_kind(label);

	return is != PEM_OTHER && is == kinds[kind];
}

/* The first PEM block of the kind; without any block at all the bytes themselves. */
static int
block_find(enum fact_kind kind, struct blob file, struct arena *a, struct pem_block *ret,
	struct err *e)
{
	struct pem_reader reader;
	struct str first = {NULL, 0};
	const char *what;
	int r;

	*ret = (struct pem_block){.body = file};
	if (pem_open(file, a, &reader, e) < 0)
		return 0; /* no text */
	while ((r = pem_next(&reader, a, ret, e)) != E_NOT_FOUND) {
		if (label_fits(kind, ret->label))
			return r;
		if (!first.p)
			first = ret->label;
	}
	*ret = (struct pem_block){.body = file};
	if (first.p)
		return err_set(e, E_FIELD_FORM, "there is no PEM block of that kind in it, but \"%.*s\"", STRF(first));
	if (!file.n)
		return err_set(e, E_FIELD_MISSING, "it is empty");
	what = guess_what(file);
	return what ? err_set(e, E_FIELD_FORM, "%s", what) : 0;
}

static int
container_read_facts(struct facts_reading *t, enum fact_kind kind, struct blob bytes, struct err *e)
{
	struct contents *c = arena_new(t->to->a, struct contents);
	struct opener opener = opener_of(t->passphrase);
	int r;

	if (kind == FACT_P12)
		r = p12_open(bytes, &opener, t->to->a, c, e);
	else if (kind == FACT_JKS)
		r = jks_open(bytes, &opener, t->to->a, c, e);
	else
		r = p7_open(bytes, t->to->a, c, e);
	return r < 0 ? r : contents_read_facts(t, c, &opener, e);
}

static int
locked_read_facts(const struct facts_reading *t, const struct pem_block *b, struct err *e)
{
	struct opener opener = opener_of(t->passphrase);
	SECRET(open);
	int r = unlock_block(b, &opener, &open, e);

	return r < 0 ? r : key_read_facts(t, secret_blob(open), &opener, e);
}

int
facts_read(enum fact_kind kind, struct blob file, struct str passphrase, struct arena *a,
	struct facts *ret, struct err *e)
{
	struct facts_reading t = {ret, 0, passphrase};
	struct pem_block b;
	int r;

	*ret = (struct facts){a, 0, arena_new_n(a, FACTS_MAX, struct fact)};
	r = block_find(kind, file, a, &b, e);
	if (r < 0)
		return r;
	switch (kind) {
	case FACT_CERT:
		return cert_read_facts(&t, b.body, e);
	case FACT_CSR:
		return facts_csr(&t, b.body, e);
	case FACT_CRL:
		return crl_read_facts(&t, b.body, e);
	case FACT_KEY:
		return locked_read_facts(&t, &b, e);
	case FACT_P12:
	case FACT_JKS:
	case FACT_P7:
		return container_read_facts(&t, kind, b.body, e);
	case FACT_KINDS:
		break;
	}
	BUG("no such kind");
}
