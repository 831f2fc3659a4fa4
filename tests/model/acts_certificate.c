/* SPDX-License-Identifier: Apache-2.0 */
/* Acts on certificates, and what time and a restart do. */
#include "play.h"

#include "base/clock.h"
#include "service/revocation.h"
#include "service/svc_priv.h"

static int64_t
pick(struct play *p, unsigned states, int *ret_account, int *ret_cert)
{
	int cert = p->m.n_certs ? (int)play_below(p, p->m.n_certs) : -1;
	int64_t id = 999999999;

	for (int i = 0; i < 20 && cert >= 0 && !(states & 1U << p->m.certs[cert].state); i++)
		cert = (int)play_below(p, p->m.n_certs);
	*ret_account = cert >= 0 && !play_chance(p, 3) ? p->m.certs[cert].account : (int)play_below(p, M_ACCOUNTS);
	if (cert >= 0 && !play_chance(p, 2))
		id = p->m.certs[cert].id;
	*ret_cert = m_cert_find(&p->m, *ret_account, id);
	return id;
}

static void
revoke(struct play *p)
{
	static const int reasons[] = {REASON_UNSPECIFIED, REASON_SUPERSEDED, REASON_CESSATION, REASON_KEY_COMPROMISE};
	struct revoke in = {.reason = reasons[play_below(p, ARRAY_LEN(reasons))], .replace = play_chance(p, 25)};
	struct certificate_view v;
	int account, cert;
	int64_t now = play_now(p);
	ERR(e);

	in.id = pick(p, 1U << (play_chance(p, 90) ? MC_ISSUED : MC_CONFIRMING), &account, &cert);
	play_tell(p, "account %d revokes certificate %lld: %s%s", account, (long long)in.id, reason_name(in.reason),
		in.replace ? ", replace" : "");
	if (!play_result(p, m_revoke(&p->m, cert, now, in.replace, in.reason == REASON_KEY_COMPROMISE),
		    certificate_revoke(p->w.svc, &p->callers[account], &in, &p->arena, &v, &e), &e))
		return;
	if (p->m.certs[cert].state == MC_REVOKED) {
		play_between(p, "revoked", v.row.revoked_ms, now, play_now(p));
		p->m.certs[cert].revoked = v.row.revoked_ms;
	} else {
		play_between(p, "the end of the waiting", v.waiting ? v.waiting->ends_ms : 0, p->m.certs[cert].confirm_until,
			p->m.certs[cert].confirm_until + play_now(p) - now);
		p->m.certs[cert].confirm_until = v.waiting->ends_ms;
	}
	if (!v.content_closed || v.row.der.p)
		play_fail(p, "the content of a revoked certificate is open");
}

static void
withdraw(struct play *p)
{
	struct certificate_view v;
	int account, cert;
	int64_t id = pick(p, 1U << MC_CONFIRMING, &account, &cert);
	ERR(e);

	play_tell(p, "account %d takes the revocation of certificate %lld back", account, (long long)id);
	if (play_result(p, m_withdraw_revocation(&p->m, cert),
		    revocation_withdraw(p->w.svc, &p->callers[account], id, &p->arena, &v, &e), &e) && v.content_closed)
		play_fail(p, "the content of an issued certificate is closed");
}

static void
confirm(struct play *p)
{
	int account, cert, r;
	int64_t id = pick(p, 1U << MC_CONFIRMING, &account, &cert), now = play_now(p);
	struct certificate_view v;
	ERR(e);

	if (cert < 0 || p->m.certs[cert].state == MC_DELETED)
		return;
	play_tell(p, "the contact confirms the revocation of certificate %lld", (long long)id);
	r = play_use_link(p, account, LINK_REVOCATION, id, &e);
	p->refused_act = r < 0;
	if (m_confirm_revocation(&p->m, cert, now) != (r == 0))
		play_fail(p, "the service says %s %s; the model otherwise", r < 0 ? err_info(r)->name : "ok", e.msg);
	if (r < 0)
		return;
	world_need(certificate_show(p->w.svc, &p->callers[account], id, &p->arena, &v, &e), &e, "certificate");
	play_between(p, "revoked", v.row.revoked_ms, now, play_now(p));
	p->m.certs[cert].revoked = v.row.revoked_ms;
}

static void
delete(struct play *p)
{
	int account, cert;
	int64_t id = pick(p, play_chance(p, 60) ? 1U << MC_ISSUED : 1U << MC_REVOKED, &account, &cert);
	ERR(e);

	play_tell(p, "account %d deletes certificate %lld", account, (long long)id);
	(void)play_result(p, m_delete_cert(&p->m, cert, play_now(p)),
		certificate_delete(p->w.svc, &p->callers[account], id, play_chance(p, 50), &e), &e);
}

/* Time goes on: a while, or to just before or after the next end of something. The sweep follows, as each minute. */
static void
time_goes(struct play *p)
{
	int64_t now = play_now(p), end = m_next_end(&p->m, now, (unsigned)play_below(p, 4)), by;

	by = (int64_t)play_below(p, 3 * 24 * 3600) * MS_SECOND;
	if (play_chance(p, 50) && end != INT64_MAX && end - now < 40 * MS_DAY)
		by = MAX(end - now + (play_chance(p, 50) ? -MS_MINUTE : MS_MINUTE), 0);
	else if (play_chance(p, 3))
		by = (int64_t)play_below(p, 100) * MS_DAY;
	play_tell(p, "%lld hours go by", (long long)(by / MS_HOUR));
	world_shift(&p->w, clock_shift_ms() + by);
	play_sweep(p);
}

struct act acts_certificate[] = {
	{"revoke", 5, revoke, 0, 0},
	{"withdraw revocation", 1, withdraw, 0, 0},
	{"confirm revocation", 3, confirm, 0, 0},
	{"delete certificate", 3, delete, 0, 0},
	{"time", 6, time_goes, 0, 0},
	{NULL, 0, NULL, 0, 0},
};
