/* SPDX-License-Identifier: Apache-2.0 */
/* What a check is told of revocation, and what it tells when that is not enough. */
#include <stdio.h>

#include "base/clock.h"
#include "crypto/pem.h"
#include "inspect/check_priv.h"
#include "inspect/source.h"

/* What the model recommends for mail domains (SPEC 3.8). */
#define MAIL_BRANDS "DigiCert, GeoTrust, GlobalSign, CFCA, vTrus, WoSign"

#define SOURCES_MAX 128
/* BR 1.6.1: whoever lives no longer needs no address; revoking it would tell nobody in time. */
#define SHORT_LIVED (7 * MS_DAY)

/* -- what was handed in */

static struct blob
der_of(struct blob bytes, const char *label, struct arena *a)
{
	struct blob der;
	ERR(ignored);

	return str_starts(str_of(bytes), STR("-----")) && pem_decode(str_of(bytes), label, a, &der, &ignored) == 0 ? der
														     : bytes;
}

/* What was asked for at an address; false when nothing came of it. */
static bool
answer_read(struct checking *t, const struct check_field *f, struct x509_crl *crl, struct x509_ocsp *ocsp)
{
	ERR(ignored);

	if (f->bytes.p && crl && x509_crl_read(der_of(f->bytes, "X509 CRL", t->a), crl, &ignored) == 0)
		return true;
	/* a responder that answers "try later" has told nothing (RFC 6960 4.2.1) */
	if (f->bytes.p && ocsp && x509_ocsp_read(der_of(f->bytes, "OCSP RESPONSE", t->a), ocsp, &ignored) == 0 &&
		ocsp->status == 0)
		return true;
	t->mute[t->n_mute++] = f->name;
	return false;
}

static void
lists_read(struct checking *t)
{
	const struct check_in *in = t->in;
	struct x509_crl *v = arena_new_n(t->a, t->items.n + in->n_crls, struct x509_crl);

	for (unsigned i = 0; i < t->items.n; i++) {
		ERR(why);

		if (t->items.v[i].kind != ITEM_CRL)
			continue;
		if (x509_crl_read(t->items.v[i].der, &v[t->n_crls], &why) < 0)
			check_find(t, CHECK_FILE, &t->items.v[i], -1, "%s", why.msg);
		else
			t->n_crls++;
	}
	for (unsigned i = 0; i < in->n_crls; i++)
		t->n_crls += answer_read(t, &in->crls[i], &v[t->n_crls], NULL);
	t->crls = v;
}

void
check_status_read(struct checking *t)
{
	const struct check_in *in = t->in;
	struct x509_ocsp *v = arena_new_n(t->a, in->n_ocsp, struct x509_ocsp);

	t->mute = arena_new_n(t->a, in->n_crls + in->n_ocsp, const char *);
	lists_read(t);
	for (unsigned i = 0; i < in->n_ocsp; i++)
		t->n_ocsp += answer_read(t, &in->ocsp[i], NULL, &v[t->n_ocsp]);
	t->ocsp = v;
}

void
check_status_ask(const struct checking *t, struct path_query *q)
{
	q->crls = t->crls;
	q->n_crls = t->n_crls;
	q->ocsp = t->ocsp;
	q->n_ocsp = t->n_ocsp;
	q->plain_lists = true;
	q->status = t->in->status_wanted      ? PATH_STATUS_ALL
		    : t->n_crls || t->n_ocsp ? PATH_STATUS_LEAF
					      : PATH_STATUS_OFF;
	/* told as a warning, and no reason to take another chain */
	q->tolerated |= 1ULL << PATH_STATUS_UNKNOWN;
}

/* -- what is still not known */

static bool
is_mute(const struct checking *t, struct str url)
{
	for (size_t i = 0; i < t->n_mute; i++) {
		if (str_eq_c(url, t->mute[i]))
			return true;
	}
	return false;
}

static void
unknown_tell(struct checking *t, const struct path_result *r, const struct path_fault *f, const struct item *where)
{
	struct blob chain[PATH_LENGTH_MAX];
	struct source sources[SOURCES_MAX];
	const struct x509_cert *x = &r->chain[f->at]->x;
	bool named = false;
	unsigned n;

	for (unsigned i = 0; i < r->n_chain; i++)
		chain[i] = r->chain[i]->x.der;
	n = sources_of_chain(chain, r->n_chain, t->a, sources, SOURCES_MAX);
	for (unsigned i = 0; i < n; i++) {
		const struct source *s = &sources[i];

		if ((int)s->at != f->at || s->kind == SOURCE_ISSUER)
			continue;
		named = true;
		if (is_mute(t, s->url) && strcmp(f->text, PATH_UNTOLD) == 0)
			return check_find(t, CHECK_STATUS_UNKNOWN, where, f->at,
				"no answer, or none that tells anything, of %.*s", (int)MIN(s->url.n, 180U), s->url.p);
	}
	if (named || strcmp(f->text, PATH_UNTOLD) != 0)
		check_find(t, CHECK_STATUS_UNKNOWN, where, f->at, "%s", f->text);
	else if (x->not_after_ms - x->not_before_ms >= SHORT_LIVED)
		check_find(t, CHECK_STATUS_UNKNOWN, where, f->at,
			"it names no address of a revocation list or OCSP responder");
}

void
check_fault_tell(struct checking *t, const struct path_result *r, const struct path_fault *f, const struct item *where)
{
	enum check_code code = check_code_of(f->code, f->at);

	if (f->code == PATH_STATUS_UNKNOWN)
		unknown_tell(t, r, f, where);
	else if (code == CHECK_UNTRUSTED && t->in->purpose == CHECK_MAIL)
		check_find(t, code, where, f->at, "%s%smail clients believe these brands: %s", f->text,
			f->text[0] ? "; " : "", MAIL_BRANDS);
	else
		check_find(t, code, where, f->at, "%s%s%s", f->field,
			f->field[0] ? ": " : "", f->text);
}
