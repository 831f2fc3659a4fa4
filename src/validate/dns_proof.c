/* SPDX-License-Identifier: Apache-2.0 */
/* The proof by a DNS record (SPEC 3.4, manual and automatic DNS). */
#include "base/buf.h"
#include "base/clock.h"
#include "base/quote.h"
#include "model/name.h"
#include "validate/seen_priv.h"

/* The name itself and its highest ancestors; a name of more levels is proven at one of these. */
#define LEVELS_MAX 16
#define QUOTE_MAX 100
#define SHOWN_MAX 8

/* Where a record may stand: each is asked for TXT and CNAME. */
struct level {
	struct str ancestor;
	struct dns_query *txt, *cname;
};

struct dns_proof {
	struct str value, target; /* of the TXT, of the CNAME */
	struct arena *arena;
	struct dns_query queries[2 * LEVELS_MAX];
	struct level levels[LEVELS_MAX];
	unsigned n;
	bool other_value;
	struct seen seen;
};

static void
level_add(struct dns_proof *p, struct str ancestor)
{
	struct str name = arena_printf(p->arena, "_dnsauth.%.*s", STRF(ancestor));
	struct level *l = &p->levels[p->n];

	*l = (struct level){ancestor, &p->queries[2 * p->n], &p->queries[2 * p->n + 1]};
	*l->txt = (struct dns_query){.name = name, .type = DNS_TXT};
	*l->cname = (struct dns_query){.name = name, .type = DNS_CNAME};
	p->n++;
}

static unsigned
labels_between(struct str name, struct str ancestor)
{
	unsigned n = 0;

	for (size_t i = 0; i + ancestor.n < name.n; i++)
		n += name.p[i] == '.';
	return n;
}

static void
levels_fill(struct dns_proof *p, struct str base, struct str registered)
{
	struct str up = base;
	unsigned skip;

	level_add(p, base);
	if (!name_below(base, registered))
		return;
	skip = labels_between(base, registered);
	skip = skip > LEVELS_MAX - 1 ? skip - (LEVELS_MAX - 1) : 0;
	while (up.n > registered.n) {
		str_cut(&up, '.');
		if (skip > 0)
			skip--;
		else
			level_add(p, up);
	}
}

static struct str
txt_text(const struct dns_record *r, struct arena *a)
{
	struct str text;

	return dns_txt(r->rdata, a, &text) ? text : (struct str){NULL, 0};
}

/* Several records may stand there; one of them must be the value. */
static bool
txt_matches(struct dns_proof *p, const struct dns_answer *an)
{
	bool found = false;

	for (unsigned i = 0; i < an->n; i++)
		found |= challenge_equal(p->value, txt_text(&an->records[i], p->arena));
	p->other_value |= an->n > 0 && !found;
	return found;
}

/* A CNAME to elsewhere is a wrong value, unless the way to there is what failed: the TXT question tells that. */
static bool
cname_matches(struct dns_proof *p, const struct level *l)
{
	const struct dns_answer *an = &l->cname->answer;
	bool found = false;
	struct str name;

	for (unsigned i = 0; i < an->n; i++)
		found |= dns_name(an->records[i].rdata, p->arena, &name) && challenge_equal(p->target, name);
	p->other_value |= an->n > 0 && !found && l->txt->result == 0;
	return found;
}

static void
see_txt(struct dns_proof *p, const struct dns_query *q)
{
	struct arena *a = p->arena;
	struct str what = arena_printf(a, "TXT %.*s", STRF(q->name));
	BUF(out, 4096);

	if (q->result == 0 && !str_eq(q->answer.canonical, q->name))
		what = arena_printf(a, "%.*s (CNAME to %.*s)", STRF(what), STRF(q->answer.canonical));
	if (q->result < 0)
		buf_printf(&out, "%s: %.*s", err_info(q->result)->name, STRF(q->fault));
	else if (q->answer.n == 0)
		buf_put_c(&out, q->answer.nxdomain ? "NXDOMAIN" : "no record");
	for (unsigned i = 0; q->result == 0 && i < q->answer.n && i <= SHOWN_MAX; i++) {
		struct str text = txt_text(&q->answer.records[i], a);

		if (i == SHOWN_MAX)
			buf_printf(&out, ", and %u more", q->answer.n - i);
		else
			buf_printf(&out, "%s\"%.*s\"", i ? ", " : "", STRF(quote_text(text, QUOTE_MAX, a)));
	}
	seen_add(&p->seen, what, arena_str(a, buf_str(&out)));
}

/* Told only where a CNAME stands or its question alone failed: the rest is said by the TXT question. */
static void
see_cname(struct dns_proof *p, const struct level *l)
{
	const struct dns_query *q = l->cname;
	struct str what = arena_printf(p->arena, "CNAME %.*s", STRF(q->name)), name;

	if (q->result < 0 && l->txt->result == 0)
		seen_add(&p->seen, what, arena_printf(p->arena, "%s: %.*s", err_info(q->result)->name, STRF(q->fault)));
	if (q->result == 0 && q->answer.n > 0 && dns_name(q->answer.records[0].rdata, p->arena, &name))
		seen_add(&p->seen, what, quote_text(name, 2 * QUOTE_MAX, p->arena));
}

/* Another value says more than a failure, a failure more than no record. */
static int
refuse(const struct dns_proof *p, struct err *e)
{
	static const int order[] = {E_DNS_BOGUS, E_DNS_SERVFAIL, E_DNS_TIMEOUT};
	const struct dns_query *first = p->levels[0].txt;
	struct str top = p->levels[p->n - 1].txt->name;

	for (unsigned o = 0; !p->other_value && o < ARRAY_LEN(order); o++)
		for (unsigned i = 0; i < 2 * p->n; i++)
			if (p->queries[i].result == order[o])
				return err_set(e, order[o], "%.*s", STRF(p->queries[i].fault));
	if (p->other_value)
		err_set(e, E_DNS_WRONG_VALUE, "no record at \"%.*s\"%s holds the expected value \"%.*s\"", STRF(first->name),
			p->n > 1 ? " or above" : "", STRF(p->value));
	else
		err_set(e, E_DNS_NO_RECORD, "there is no TXT record at \"%.*s\"%s", STRF(first->name),
			p->n > 1 ? " or at that label of a domain above" : "");
	err_hint(e, "Publish the TXT record \"%.*s\" at \"%.*s\"%s%.*s%s; it may take minutes until every server shows it.",
		STRF(p->value), STRF(first->name), p->n > 1 ? " or \"" : "", p->n > 1 ? (int)top.n : 0, top.p,
		p->n > 1 ? "\"" : "");
	return e->code;
}

static int
judge(struct dns_proof *p, struct validate_result *ret, struct err *e)
{
	for (unsigned i = 0; i < p->n; i++) {
		const struct level *l = &p->levels[i];
		bool proven = l->txt->result == 0 && txt_matches(p, &l->txt->answer);

		proven |= l->cname->result == 0 && cname_matches(p, l);
		see_txt(p, l->txt);
		see_cname(p, l);
		if (proven) {
			ret->name_proven = l->ancestor;
			return 0;
		}
	}
	return refuse(p, e);
}

int
validate_dns(const struct validate_conf *c, struct str base, struct str registered, struct str value, struct arena *a,
	struct validate_result *ret, struct err *e)
{
	int64_t deadline = clock_mono_ms() + c->timeout_ms;
	CLEANUP(dns_session_closep) struct dns_session *s = NULL;
	struct dns_proof *p = arena_new(a, struct dns_proof);
	int r;

	*p = (struct dns_proof){.value = value, .arena = a, .seen = seen_begin(ret, VALIDATE_DNS, base, a),
		.target = validate_cname_target(value, registered.n ? registered : base, a)};
	levels_fill(p, base, registered);
	r = dns_session_open(c->dns, c->timeout_ms, &s, e);
	if (r < 0)
		return r;
	dns_session_ask_all(s, p->queries, 2 * p->n, (int)(deadline - clock_mono_ms()), a);
	return judge(p, ret, e);
}
