/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a server's certificates point at. Whoever runs the command has chosen to ask: private addresses are called too,
 * for they see what the caller's own browser sees. http only, as RFC 5280 4.2.1.13 wants it; no redirect is followed.
 */
#include "base/clock.h"
#include "cli/inspect_live.h"
#include "inspect/intake.h"
#include "inspect/source.h"
#include "net/http_client.h"
#include "net/url.h"

#define ISSUERS_MAX 6 /* as many as are fetched one above the other */
#define ISSUER_SIZE_MAX (64 * 1024)
#define CRL_SIZE_MAX (32 * 1024 * 1024)
#define ADDRESSES_MAX 4

static const char *const kinds[] = {[SOURCE_CRL] = "crl", [SOURCE_OCSP] = "ocsp", [SOURCE_ISSUER] = "issuer"};

struct fetching {
	struct live_run *l;
	int64_t until_ms; /* monotonic */
};

static size_t
size_max(enum source_kind kind)
{
	return kind == SOURCE_CRL ? CRL_SIZE_MAX : kind == SOURCE_OCSP ? X509_OCSP_MAX : ISSUER_SIZE_MAX;
}

static int
call(struct http_call *h, struct arena *a, struct http_answer *ret, struct err *e)
{
	struct addr addresses[ADDRESSES_MAX];
	unsigned n = 0;
	int r = host_addresses(h->host, h->port, a, addresses, ADDRESSES_MAX, &n, e);

	if (r < 0)
		return r;
	for (unsigned i = 0; i < n; i++) {
		err_clear(e);
		h->address = addresses[i];
		r = h->send_type ? http_post(h, a, ret, e) : http_get(h, a, ret, e);
		if (r != E_FILE_CONNECT)
			break;
	}
	return r;
}

static int
fetch_http(const struct fetching *f, const struct source *s, struct blob *ret, struct err *e)
{
	struct http_call h = {.purpose = "inspection",
		.allow_special = true,
		.timeout_ms = (int)(f->until_ms - clock_mono_ms()),
		.body_max = size_max(s->kind)};
	struct http_answer answer;
	struct url url;
	int r;

	if (!url_read(s->url, &url) || url.https)
		return err_set(e, E_NET, "this is no http:// address that can be asked");
	if (h.timeout_ms <= 0)
		return err_set(e, E_TIMEOUT, "the time was over");
	h.host = url.host;
	h.port = url.port;
	h.path = url.target;
	if (s->kind == SOURCE_OCSP) {
		h.send = s->request;
		h.send_type = "application/ocsp-request";
	}
	r = call(&h, f->l->c->arena, &answer, e);
	if (r < 0)
		return r;
	if (answer.cut)
		return err_set(e, E_TOO_LARGE, "the answer has more than %zu bytes", h.body_max);
	if (answer.status != 200)
		return err_set(e, E_NET, "the answer is HTTP %d", answer.status);
	*ret = answer.body;
	return 0;
}

static bool
asked_before(const struct live_run *l, const struct source *s)
{
	for (unsigned i = 0; i < l->n_asks; i++) {
		if (s->kind != SOURCE_OCSP && str_eq_c(s->url, l->asks[i].url) && l->asks[i].kind == kinds[s->kind])
			return true;
	}
	return l->n_asks == LIVE_ASKS_MAX;
}

/* {NULL, 0}: nothing was to be had; asks says why. */
static struct blob
ask(const struct fetching *f, const struct source *s)
{
	struct live_run *l = f->l;
	struct live_ask *told = &l->asks[l->n_asks++];
	struct blob got = {NULL, 0};
	ERR(why);

	told->kind = kinds[s->kind];
	told->url = arena_cstr(l->c->arena, s->url);
	if (fetch_http(f, s, &got, &why) < 0)
		told->fault = arena_cstr(l->c->arena, str_c(why.msg));
	return got;
}

static bool
keep_issuers(struct live_run *l, struct blob bytes)
{
	struct intake items;
	size_t before = l->in.n_known;
	ERR(why);

	intake_init(&items, l->c->arena);
	intake_add(&items, "issuer", bytes, (struct str){0}, &why);
	for (unsigned i = 0; i < items.n && l->in.n_known - before < 1; i++) {
		if (items.v[i].kind == ITEM_CERT &&
			path_cert_new(l->c->arena, items.v[i].der, &l->known[l->in.n_known], &why) == 0)
			l->in.n_known++;
	}
	if (l->in.n_known == before)
		l->asks[l->n_asks - 1].fault = "there is no certificate in the answer";
	return l->in.n_known > before;
}

/* The issuer of the last of the chain. False: none is named, or it is not to be had. */
static bool
fetch_issuer(const struct fetching *f)
{
	const struct check *k = &f->l->live.check;
	struct source sources[LIVE_ASKS_MAX];
	unsigned n = sources_of_chain(k->chain, k->n_chain, f->l->c->arena, sources, LIVE_ASKS_MAX);

	for (unsigned i = 0; i < n; i++) {
		struct blob got;

		if (sources[i].kind != SOURCE_ISSUER || asked_before(f->l, &sources[i]))
			continue;
		got = ask(f, &sources[i]);
		if (got.p && keep_issuers(f->l, got))
			return true;
	}
	return false;
}

static void
fetch_status(const struct fetching *f)
{
	struct live_run *l = f->l;
	const struct check *k = &l->live.check;
	struct source sources[LIVE_ASKS_MAX];
	unsigned n = sources_of_chain(k->chain, k->n_chain, l->c->arena, sources, LIVE_ASKS_MAX);

	for (unsigned i = 0; i < n; i++) {
		const struct source *s = &sources[i];
		struct check_field *to;

		if (s->kind == SOURCE_ISSUER || asked_before(l, s))
			continue;
		to = s->kind == SOURCE_CRL ? &l->crls[l->in.n_crls++] : &l->ocsp[l->in.n_ocsp++];
		to->bytes = ask(f, s);
		to->name = l->asks[l->n_asks - 1].url;
	}
	l->in.crls = l->crls;
	l->in.ocsp = l->ocsp;
	l->in.status_wanted = true;
}

int
inspect_live_fetch(struct live_run *l, struct err *e)
{
	struct fetching f = {l, clock_mono_ms() + l->timeout_ms};
	int r = http_client_init(e);

	for (unsigned i = 0; r == 0 && i < ISSUERS_MAX && !l->live.check.trusted && fetch_issuer(&f); i++)
		r = inspect_live_judge(l, e);
	if (r < 0)
		return r;
	fetch_status(&f);
	return inspect_live_judge(l, e);
}
