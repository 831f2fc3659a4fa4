/* SPDX-License-Identifier: Apache-2.0 */
#include "service/look.h"

#include "base/clock.h"
#include "service/look_priv.h"
#include "service/outside.h"
#include "service/svc_priv.h"

#define TRIES_MAX 4 /* addresses of one name */

_Static_assert(STARTTLS_POSTGRESQL == 5 && STARTTLS_KINDS == 6, "words_starttls has net's numbers");

bool
look_may(const struct svc_settings *st, const struct addr *ad)
{
	return outside_may(ad, st->scan_allow, st->n_scan_allow, true);
}

enum host_status
host_status_at(int64_t verdict, int64_t not_after_ms, int64_t now_ms)
{
	if (verdict == HOST_UNSEEN || verdict == HOST_REVOKED)
		return (enum host_status)verdict;
	if (not_after_ms <= now_ms)
		return HOST_EXPIRED;
	if (verdict == HOST_GOOD && not_after_ms <= now_ms + policy_value("about-to-expire", now_ms))
		return HOST_ABOUT_TO_EXPIRE;
	return (enum host_status)verdict;
}

/* What a name leads to is told to nobody who could not ask it himself: it may be a private network's. */
static int
resolve(struct svc *s, const struct look_call *call, struct arena *a, struct addr ret[TRIES_MAX], unsigned *ret_n,
	struct err *e)
{
	const struct svc_settings *st = settings_of(s);
	struct str host = call->place.host;
	int r = outside_addresses(s, host, st->scan_allow, st->n_scan_allow, true, call->timeout_ms / 2, a, ret, TRIES_MAX,
		ret_n, e);

	for (unsigned i = 0; r == 0 && i < *ret_n; i++)
		ret[i].port = call->place.port;
	if (r == E_ADDRESS_REFUSED) {
		err_clear(e);
		err_set(e, r, "servers at the address of \"%.*s\" may not be looked at", STRF(host));
	}
	return r;
}

static bool
answers(const struct probe *p)
{
	return p->outcome != PROBE_REFUSED && p->outcome != PROBE_UNREACHABLE &&
		!(p->outcome == PROBE_TIMEOUT && p->step == PROBE_AT_CONNECT);
}

static int
judge(struct svc *s, const struct look_call *call, struct str name, struct arena *a, struct look *l, struct err *e)
{
	struct trust now;

	if (!call->trust && trust_load(s, a, &now, e) < 0)
		return e->code;
	return look_judge(s, call, call->trust ? call->trust : &now, name, a, l, e);
}

int
look_at(struct svc *s, const struct look_call *call, struct arena *a, struct look *ret, struct err *e)
{
	const struct svc_settings *st = settings_of(s);
	int64_t until = clock_mono_ms() + call->timeout_ms;
	struct str name = call->name.p ? call->name : call->place.is_ip ? (struct str){NULL, 0} : call->place.host;
	struct probe_call pc = {.name = name, .starttls = call->starttls, .thorough = call->thorough, .allow = st->scan_allow,
		.n_allow = st->n_scan_allow};
	struct addr addrs[TRIES_MAX];
	unsigned n;
	int r = resolve(s, call, a, addrs, &n, e);

	*ret = (struct look){0};
	for (unsigned i = 0; r == 0 && i < n; i++) {
		/* each its part of what is left */
		pc.timeout_ms = (int)(MAX(until - clock_mono_ms(), 100) / (n - i));
		pc.address = ret->address = addrs[i];
		r = probe_run(&pc, a, &ret->probe, e);
		if (r == 0 && answers(&ret->probe))
			break;
	}
	return r < 0 ? r : judge(s, call, name, a, ret, e);
}

int
look_fault(const struct look *l, struct err *e)
{
	const struct probe *p = &l->probe;

	if (l->shown)
		return 0;
	if (!answers(p))
		return err_set(e, E_SERVER_SILENT, "%s", p->why);
	return err_set(e, E_SERVER_NO_TLS, "%s", p->why[0] ? p->why : "the server shows no certificate");
}
