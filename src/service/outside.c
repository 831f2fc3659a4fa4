/* SPDX-License-Identifier: Apache-2.0 */
#include "service/outside.h"

#include "base/clock.h"
#include "net/dns.h"
#include "net/http_client.h"
#include "net/url.h"

#define TRIES_MAX 2
#define LEAST_MS 50 /* for less nothing is begun */

bool
outside_may(const struct addr *ad, const struct addr_net *allow, unsigned n_allow, bool public_too)
{
	for (unsigned i = 0; i < n_allow; i++) {
		if (addr_in(ad, &allow[i]))
			return true;
	}
	return public_too && !addr_special(ad);
}

int
outside_addresses(struct svc *s, struct str host, const struct addr_net *allow, unsigned n_allow, bool public_too,
	int timeout_ms, struct arena *a, struct addr *ret, unsigned max, unsigned *ret_n, struct err *e)
{
	struct addr one, *all = &one;
	size_t n = 1;
	int r = 0;

	*ret_n = 0;
	if (!addr_parse_ip(host, &one))
		r = dns_addresses(settings_of(s)->validate.dns, host, false, timeout_ms, a, &all, &n, e);
	for (size_t i = 0; r == 0 && i < n && *ret_n < max; i++) {
		if (outside_may(&all[i], allow, n_allow, public_too))
			ret[(*ret_n)++] = all[i];
	}
	if (r == 0 && *ret_n == 0)
		return err_set(e, E_ADDRESS_REFUSED, "the address %.*s of \"%.*s\" may not be called",
			STRF(addr_text(a, &all[0], false)), STRF(host));
	return r;
}

static int
left_ms(int64_t deadline_us, struct err *e)
{
	int64_t left = (deadline_us - clock_mono_us()) / 1000;

	return left < LEAST_MS ? err_set(e, E_TIMEOUT, "there was no time left to ask") : (int)left;
}

static int
ask(const struct source *src, struct http_call *hc, struct arena *a, struct blob *ret, struct err *e)
{
	struct http_answer answer;
	bool post = src->kind == SOURCE_OCSP;
	int r;

	if (post) {
		hc->send = src->request;
		hc->send_type = "application/ocsp-request";
	}
	r = post ? http_post(hc, a, &answer, e) : http_get(hc, a, &answer, e);
	if (r < 0)
		return r;
	if (answer.status != 200)
		return err_set(e, E_NET, "%.*s answers with status %d", STRF(src->url), answer.status);
	if (answer.cut)
		return err_set(e, E_TOO_LARGE, "what %.*s answers is larger than %zu bytes", STRF(src->url), hc->body_max);
	*ret = answer.body;
	return 0;
}

int
outside_fetch(struct svc *s, const struct source *src, int64_t deadline_us, struct arena *a, struct blob *ret,
	struct err *e)
{
	static const size_t caps[] = {[SOURCE_CRL] = OUTSIDE_CRL_MAX, [SOURCE_OCSP] = OUTSIDE_OCSP_MAX,
		[SOURCE_ISSUER] = OUTSIDE_ISSUER_MAX};
	const struct svc_settings *st = settings_of(s);
	struct http_call hc = {.purpose = "status", .allow = st->fetch_allow, .n_allow = st->n_fetch_allow,
		.body_max = caps[src->kind]};
	struct addr addrs[TRIES_MAX];
	unsigned n;
	struct url u;
	int r;

	if (!url_read(src->url, &u) || u.https)
		return err_set(e, E_NET, "%.*s is no address that is asked", STRF(src->url));
	hc.host = u.host;
	hc.port = u.port;
	hc.path = u.target;
	r = left_ms(deadline_us, e);
	if (r > 0)
		r = outside_addresses(s, u.host, st->fetch_allow, st->n_fetch_allow, true, r, a, addrs, TRIES_MAX, &n, e);
	for (unsigned i = 0; r == 0 && i < n; i++) {
		err_clear(e);
		hc.address = addrs[i];
		hc.timeout_ms = left_ms(deadline_us, e);
		r = hc.timeout_ms < 0 ? hc.timeout_ms : ask(src, &hc, a, ret, e);
		if (r != E_FILE_CONNECT)
			break;
		r = i + 1 < n ? 0 : r;
	}
	return r;
}
