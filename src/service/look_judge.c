/* SPDX-License-Identifier: Apache-2.0 */
/* What a server shows, judged as its clients would. */
#include "base/jsonw.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "crypto/digest.h"
#include "service/look_priv.h"
#include "service/svc_priv.h"

#define NAME_MAX_SHOWN 253
#define NAMES_MAX (64 * 1024)
#define SUBJECT_MAX_SHOWN 2000

struct str
look_names(const struct cert_info *c, struct arena *a)
{
	BUF(b, NAMES_MAX);

	for (unsigned i = 0; i < c->n_dns && b.n + 4 * NAME_MAX_SHOWN < NAMES_MAX; i++)
		buf_printf(&b, "%s%.*s", b.n ? " " : "", STRF(quote_text(c->dns[i], NAME_MAX_SHOWN, a)));
	for (unsigned i = 0; i < c->n_ip && b.n + 64 < NAMES_MAX; i++) 
		buf_printf(&b, "%s%.*s", b.n ? " " : "", STRF(addr_octets_text(a, c->ip[i])));
	return arena_str(a, buf_str(&b));
}

/* Whoever made it may have written anything. */
static struct str
fit(struct str s, struct arena *a)
{
	return s.n <= SUBJECT_MAX_SHOWN && utf8_printable(s, false) ? s : quote_text(s, SUBJECT_MAX_SHOWN, a);
}

_Static_assert((int)LIVE_TLS13 == (int)PROBE_TLS13 && (int)LIVE_VERSIONS == (int)PROBE_VERSIONS, "the same versions");
_Static_assert((int)LIVE_STATIC == (int)PROBE_WEAK_STATIC && (int)LIVE_WEAKS == (int)PROBE_WEAKS, "the same classes");

static enum live_shown
shown_of(const struct probe *p)
{
	if (p->outcome == PROBE_SEEN)
		return LIVE_SHOWN;
	if (p->outcome == PROBE_STARTTLS || p->outcome == PROBE_NO_TLS || p->outcome == PROBE_TLCP)
		return LIVE_NO_TLS;
	return p->step == PROBE_AT_CONNECT ? LIVE_NO_CONNECTION : LIVE_NO_HANDSHAKE;
}

static struct live_in
question(const struct trust *trust, struct str name, int64_t now, const struct probe *p)
{
	struct live_in in = {.shown = shown_of(p), .why = p->why, .chain = p->chain, .n_chain = p->n_chain,
		.chain_cut = p->chain_cut, .staple = p->staple, .suite = p->suite, .dh_bits = p->dh_bits,
		.bare_tried = p->bare != PROBE_NOT_TRIED, .bare_leaf = p->bare_leaf, .target = name, .known = trust->known,
		.n_known = trust->n_known, .anchors = trust->anchors, .n_anchors = trust->n_anchors, .now_ms = now,
		.soon_ms = policy_value("about-to-expire", now)};

	for (unsigned i = 0; i < PROBE_VERSIONS; i++) {
		in.versions |= p->versions[i] == PROBE_TAKEN ? 1u << i : 0;
		in.versions_tried |= p->versions[i] != PROBE_NOT_TRIED ? 1u << i : 0;
	}
	for (unsigned i = 0; i < PROBE_WEAKS; i++)
		in.weak |= p->weak[i] == PROBE_TAKEN ? 1u << i : 0;
	return in;
}

/* But for the end of the server's own certificate: what time does is seen anew each time. */
static enum host_status
verdict_of(const struct check *c)
{
	enum host_status worst = c->trusted ? HOST_GOOD : HOST_UNTRUSTED;

	for (unsigned i = 0; i < c->n; i++) {
		const struct check_finding *f = &c->v[i];
		enum host_status s = HOST_FAULTY;

		if (f->severity != CHECK_ERROR || (f->code == CHECK_EXPIRED && f->at == 0))
			continue;
		if (f->code == CHECK_REVOKED)
			s = HOST_REVOKED;
		else if (f->code == CHECK_UNTRUSTED || f->code == CHECK_INCOMPLETE)
			s = HOST_UNTRUSTED;
		else if (f->code == CHECK_NAME)
			s = HOST_WRONG_NAME;
		worst = MIN(worst, s);
	}
	return worst;
}

static struct str
findings_json(const struct check *c, struct arena *a)
{
	BUF(b, LOOK_FINDINGS_MAX);
	struct jsonw w;

	jsonw_init(&w, &b);
	jsonw_array(&w);
	for (unsigned i = 0; i < c->n; i++) {
		const struct check_finding *f = &c->v[i];

		jsonw_object(&w);
		jsonw_kv_c(&w, "code", check_word(f->code));
		jsonw_kv_c(&w, "severity", check_severity_word(f->severity));
		jsonw_kv_c(&w, "message", check_text(f->code, false));
		jsonw_kv_c(&w, "cure", check_cure(f->code, false));
		jsonw_kv_c(&w, "found", f->text);
		jsonw_kv_int(&w, "certificate", f->at);
		jsonw_object_end(&w);
	}
	jsonw_array_end(&w);
	return b.over ? STR("[]") : arena_str(a, buf_str(&b));
}

/* What the certificate itself says. */
static void
read_leaf(struct look *l, struct arena *a)
{
	ERR(why);

	if (!l->probe.n_chain || cert_read(l->probe.chain[0], a, &l->leaf, &why) < 0)
		return;
	l->shown = true;
	digest_sha256(l->leaf.spki, l->spki_sha256);
	l->leaf.subject_text = fit(l->leaf.subject_text, a);
	l->leaf.issuer_text = fit(l->leaf.issuer_text, a);
	l->names = look_names(&l->leaf, a);
}

/* A second time with what is told of the status; lists may be large, and go when it is judged. */
static int
judge(struct svc *s, const struct look_call *call, struct live_in *in, struct arena *scratch, struct live *ret, struct err *e)
{
	struct foreign_status *st = arena_new(scratch, struct foreign_status);
	int r = live_judge(in, scratch, ret, e);

	if (r < 0 || !call->status || !ret->check.trusted ||
		!look_status(s, ret->check.chain, ret->check.n_chain, scratch, st))
		return r;
	in->crls = st->crls;
	in->n_crls = st->n_crls;
	in->ocsp = st->ocsp;
	in->n_ocsp = st->n_ocsp;
	in->status_wanted = true;
	return live_judge(in, scratch, ret, e);
}

int
look_judge(struct svc *s, const struct look_call *call, const struct trust *trust, struct str name, struct arena *a,
	struct look *l, struct err *e)
{
	struct live_in in = question(trust, name, svc_now(s), &l->probe);
	ARENA(scratch);
	struct live *live = arena_new(&scratch, struct live);
	const struct check *c = &live->check;
	int r = judge(s, call, &in, &scratch, live, e);

	if (r < 0)
		return r;
	read_leaf(l, a);
	l->verdict = l->shown ? verdict_of(c) : HOST_UNSEEN;
	l->trusted = c->trusted;
	l->errors = c->n_errors;
	l->warnings = c->n_warnings;
	l->notes = c->n - c->n_errors - c->n_warnings;
	l->findings = findings_json(c, a);
	l->staple = live->staple;
	l->must_staple = live->must_staple;
	l->ends_ms = live->ends_ms;
	l->browser = live->browser;
	return 0;
}
