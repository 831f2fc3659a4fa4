/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/live.h"

#include <stdio.h>

#include "base/clock.h"
#include "inspect/check_priv.h"

#define DH_BITS_MIN 2048

static const struct {
	enum check_code code;
	const char *chrome, *firefox;
} browsers[] = {
#define BROWSER(code, chrome, firefox) {CHECK_##code, chrome, firefox},
#include "inspect/browsers.def"
#undef BROWSER
};

static const char *const versions[LIVE_VERSIONS] = {"SSL 3.0", "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"};
static const struct {
	const char *in_suite, *text;
} weaks[LIVE_WEAKS] = {[LIVE_NULL] = {"_NULL_", "without encryption"},
	[LIVE_ANON] = {"_anon_", "without a certificate"},
	[LIVE_RC4] = {"_RC4_", "RC4"},
	[LIVE_3DES] = {"_3DES_", "3DES"},
	[LIVE_STATIC] = {"TLS_RSA_WITH_", "RSA key exchange"}};

#define BROKEN (1u << LIVE_NULL | 1u << LIVE_ANON | 1u << LIVE_RC4 | 1u << LIVE_3DES)
#define OLD (1u << LIVE_SSL3 | 1u << LIVE_TLS10 | 1u << LIVE_TLS11)
#define NEW (1u << LIVE_TLS12 | 1u << LIVE_TLS13)

const char *
live_staple_word(enum live_staple s)
{
	static const char *const words[] = {[LIVE_STAPLE_NONE] = NULL,
		[LIVE_STAPLE_GOOD] = "good",
		[LIVE_STAPLE_REVOKED] = "revoked",
		[LIVE_STAPLE_OLD] = "old",
		[LIVE_STAPLE_BAD] = "bad"};

	return words[s];
}

unsigned
live_weak_of(const char *suite)
{
	unsigned weak = 0;

	for (unsigned i = 0; i < LIVE_WEAKS; i++)
		weak |= strstr(suite, weaks[i].in_suite) ? 1u << i : 0;
	return weak;
}

struct judging {
	const struct live_in *in;
	struct arena *a;
	struct live *out;
	struct check_in check_in;
};

/* A full list loses the finding that weighs least. */
static void
find(struct judging *j, enum check_code code, int at, const char *text)
{
	struct check *c = &j->out->check;

	if (c->n == CHECK_FINDINGS_MAX) {
		c->n--;
		c->n_errors -= c->v[c->n].severity == CHECK_ERROR;
		c->n_warnings -= c->v[c->n].severity == CHECK_WARNING;
	}
	check_add(c, CHECK_DEPLOY, code, at, "%s", text);
}

static bool
found(const struct check *c, enum check_code code)
{
	unsigned i = 0;

	while (i < c->n && c->v[i].code != code)
		i++;
	return i < c->n;
}

/* -- the chain as a check of files sees it, and what is another matter when a server has sent it */

static int
chain_judge_as_files(struct judging *j, struct err *e)
{
	const struct live_in *in = j->in;
	struct check_field *fields = arena_new_n(j->a, in->n_chain, struct check_field);
	struct check_field *ocsp = arena_new_n(j->a, in->n_ocsp + 1, struct check_field);
	struct check_in *ci = &j->check_in;

	/* One name for all behind the first: together they are the chain. */
	for (unsigned i = 0; i < in->n_chain; i++)
		fields[i] = (struct check_field){i ? "chain" : "certificate", in->chain[i]};
	for (unsigned i = 0; i < in->n_ocsp; i++)
		ocsp[i] = in->ocsp[i];
	ocsp[in->n_ocsp] = (struct check_field){"staple", in->staple};
	ci->fields = fields;
	ci->n_fields = in->n_chain;
	ci->chain_field = in->n_chain > 1;
	ci->ocsp = ocsp;
	ci->n_ocsp = in->n_ocsp + (in->staple.p != NULL);
	return check_run(ci, j->a, &j->out->check, e);
}

/* Of files it is enough to say that the chain was mended; a server is to be mended. */
static void
findings_turn(struct judging *j)
{
	struct check *c = &j->out->check;
	unsigned n = 0;
	bool completed = found(c, CHECK_COMPLETED), reordered = found(c, CHECK_REORDERED);

	for (unsigned i = 0; i < c->n; i++) {
		struct check_finding f = c->v[i];

		if (f.code == CHECK_COMPLETED || f.code == CHECK_REORDERED)
			continue;
		f.file = NULL; /* there is none */
		if (f.code == CHECK_UNTRUSTED) {
			f.severity = CHECK_ERROR;
			c->n_warnings--;
			c->n_errors++;
		}
		c->v[n++] = f;
	}
	c->n = n;
	if (completed)
		find(j, CHECK_SENT_INCOMPLETE, -1, "the missing ones are known from elsewhere");
	if (reordered)
		find(j, CHECK_SENT_ORDER, -1, "");
}

static void
ends_find(struct judging *j)
{
	const struct check *c = &j->out->check;
	int64_t ends_ms = INT64_MAX, left_ms;

	for (unsigned i = 0; i < c->n_chain; i++) {
		struct x509_cert x;
		ERR(ignored);

		if (x509_cert_read(c->chain[i], &x, &ignored) == 0 && (i == 0 || !x.self_issued))
			ends_ms = MIN(ends_ms, x.not_after_ms);
	}
	if (ends_ms == INT64_MAX)
		return;
	left_ms = ends_ms - j->in->now_ms;
	j->out->ends_ms = ends_ms;
	j->out->days_left = left_ms / MS_DAY - (left_ms < 0 && left_ms % MS_DAY);
}

/* -- what was sent */

static void
sent_judge(struct judging *j)
{
	const struct live_in *in = j->in;
	bool twice = false;

	for (unsigned i = 1; i < in->n_chain; i++) {
		struct x509_cert x;
		char text[64];
		ERR(ignored);

		for (unsigned k = 0; k < i; k++)
			twice |= blob_eq(in->chain[i], in->chain[k]);
		if (x509_cert_read(in->chain[i], &x, &ignored) < 0 || !x.self_issued)
			continue;
		snprintf(text, sizeof(text), "number %u of those sent", i + 1);
		find(j, CHECK_ROOT_SENT, -1, text);
	}
	if (twice)
		find(j, CHECK_SENT_TWICE, -1, "");
	if (in->chain_cut)
		find(j, CHECK_SENT_TOO_MUCH, -1, "");
}

/* -- the stapled response */

static bool
staple_old(const struct x509_ocsp *o, int64_t now_ms)
{
	struct cursor c = cursor_of(o->responses);
	struct x509_ocsp_single s;
	bool old = false;

	while (x509_ocsp_next(&c, &s)) {
		if (single_current(s.this_update_ms, s.next_update_ms, now_ms))
			return false;
		old = true;
	}
	return old;
}

static enum live_staple
staple_read(struct judging *j, const struct path_cert *leaf, char *ret_why, size_t size)
{
	const struct check *c = &j->out->check;
	const struct path_cert *issuer;
	struct single_answer answer = {.word = SINGLE_UNKNOWN, .why = "the issuer's certificate is not known"};
	struct x509_ocsp o;
	ERR(why);

	if (x509_ocsp_read(j->in->staple, &o, &why) < 0) {
		snprintf(ret_why, size, "%s", why.msg);
		return LIVE_STAPLE_BAD;
	}
	if (c->n_chain > 1 && path_cert_new(j->a, c->chain[1], &issuer, &why) == 0)
		single_by_ocsp(leaf, &issuer, 1, &o, j->in->now_ms, &answer);
	j->out->staple_next_ms = answer.next_update_ms;
	snprintf(ret_why, size, "%s", answer.why);
	if (answer.word == SINGLE_UNKNOWN)
		return staple_old(&o, j->in->now_ms) ? LIVE_STAPLE_OLD : LIVE_STAPLE_BAD;
	return answer.word == SINGLE_GOOD ? LIVE_STAPLE_GOOD : LIVE_STAPLE_REVOKED;
}

static void
staple_judge(struct judging *j)
{
	const struct path_cert *leaf;
	char why[ERR_TEXT_MAX] = "none was sent";
	ERR(ignored);

	if (!j->in->n_chain || path_cert_new(j->a, j->in->chain[0], &leaf, &ignored) < 0)
		return;
	j->out->must_staple = leaf->x.must_staple;
	if (j->in->staple.p)
		j->out->staple = staple_read(j, leaf, why, sizeof(why));
	if (j->out->staple == LIVE_STAPLE_OLD)
		find(j, CHECK_STAPLE_OLD, -1, why);
	if (j->out->staple == LIVE_STAPLE_BAD)
		find(j, CHECK_STAPLE_BAD, -1, why);
	if (j->out->must_staple && j->out->staple != LIVE_STAPLE_GOOD && j->out->staple != LIVE_STAPLE_REVOKED)
		find(j, CHECK_STAPLE_MISSING, -1, why);
}

/* -- how it speaks */

static void
words_join(char *out, size_t size, const char *word)
{
	size_t n = strlen(out);

	snprintf(out + n, size - n, "%s%s", n ? ", " : "", word);
}

static void
versions_judge(struct judging *j)
{
	const struct live_in *in = j->in;
	char old[64] = "";

	for (unsigned i = 0; i < LIVE_VERSIONS; i++) {
		if (in->versions & OLD & 1u << i)
			words_join(old, sizeof(old), versions[i]);
	}
	/* What was not tried may be there. */
	if (!(in->versions & NEW) && (in->versions_tried & NEW) == NEW)
		find(j, CHECK_ONLY_OLD, -1, old);
	else if (in->versions & OLD)
		find(j, CHECK_OLD_PROTOCOL, -1, old);
	if ((in->versions & 1u << LIVE_TLS12) && (in->versions_tried & ~in->versions & 1u << LIVE_TLS13))
		find(j, CHECK_NO_TLS13, -1, "");
}

static void
suites_judge(struct judging *j)
{
	unsigned chosen = live_weak_of(j->in->suite), weak = j->in->weak | chosen;
	char text[128] = "", dh[64];

	for (unsigned i = 0; i < LIVE_WEAKS; i++) {
		if (weak & BROKEN & 1u << i)
			words_join(text, sizeof(text), weaks[i].text);
	}
	/* A client of today offers none of these: it was asked as one of yesterday. */
	if (chosen & BROKEN)
		find(j, CHECK_ONLY_WEAK, -1, j->in->suite);
	else if (weak & BROKEN)
		find(j, CHECK_WEAK_SUITE, -1, text);
	if (weak & 1u << LIVE_STATIC)
		find(j, CHECK_STATIC_RSA, -1, "");
	snprintf(dh, sizeof(dh), "%d bits", j->in->dh_bits);
	if (j->in->dh_bits > 0 && j->in->dh_bits < DH_BITS_MIN)
		find(j, CHECK_WEAK_GROUP, -1, dh);
}

static void
bare_judge(struct judging *j)
{
	const struct live_in *in = j->in;

	if (!in->bare_tried || !in->n_chain || blob_eq(in->bare_leaf, in->chain[0]))
		return;
	find(j, CHECK_WITHOUT_SNI, -1, in->bare_leaf.p ? "another certificate" : "no handshake");
}

static void
failure_tell(struct judging *j)
{
	static const enum check_code codes[] = {[LIVE_NO_CONNECTION] = CHECK_NO_CONNECTION,
		[LIVE_NO_TLS] = CHECK_NO_TLS,
		[LIVE_NO_HANDSHAKE] = CHECK_HANDSHAKE};

	find(j, codes[j->in->shown], -1, j->in->why);
}

static void
browser_judge(struct live *l)
{
	struct live_browser *b = &l->browser;

	*b = (struct live_browser){NULL, NULL};
	for (unsigned i = 0; i < ARRAY_LEN(browsers); i++) {
		if (!found(&l->check, browsers[i].code))
			continue;
		b->chrome = b->chrome ? b->chrome : browsers[i].chrome;
		b->firefox = b->firefox ? b->firefox : browsers[i].firefox;
	}
	b->chrome = b->chrome ? b->chrome : "ok";
	b->firefox = b->firefox ? b->firefox : "ok";
}

static void
server_judge(struct judging *j)
{
	sent_judge(j);
	versions_judge(j);
	suites_judge(j);
	bare_judge(j);
}

int
live_judge(const struct live_in *in, struct arena *a, struct live *ret, struct err *e)
{
	struct judging *j = arena_new(a, struct judging);
	int r = 0;

	*ret = (struct live){.staple_next_ms = INT64_MAX};
	j->in = in;
	j->a = a;
	j->out = ret;
	j->check_in = (struct check_in){.purpose = CHECK_DEPLOY,
		.target = in->target,
		.known = in->known,
		.n_known = in->n_known,
		.anchors = in->anchors,
		.n_anchors = in->n_anchors,
		.now_ms = in->now_ms,
		.soon_ms = in->soon_ms,
		.crls = in->crls,
		.n_crls = in->n_crls,
		.status_wanted = in->status_wanted};
	if (in->n_chain)
		r = chain_judge_as_files(j, e);
	if (r < 0)
		return r;
	findings_turn(j);
	if (in->shown == LIVE_SHOWN)
		server_judge(j);
	else
		failure_tell(j);
	staple_judge(j);
	ends_find(j);
	check_sort(&ret->check);
	browser_judge(ret);
	ret->ok = ret->check.n_errors == 0;
	return 0;
}
