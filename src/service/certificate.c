/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at certificates: lists, details, the overview's counters. */
#include "service/certificate.h"

#include <stdio.h>

#include "model/name.h"
#include "service/revocation.h"
#include "service/share.h"
#include "service/svc_priv.h"

bool
certificate_closed(int64_t state)
{
	return state == CERTIFICATE_CONFIRMING || state == CERTIFICATE_REVOKING || state == CERTIFICATE_REVOKED ||
		state == CERTIFICATE_ENDED;
}

enum status
certificate_status_of(int64_t state, int64_t not_after_ms, int64_t now_ms)
{
	if (state == CERTIFICATE_ENDED)
		return STATUS_ENDED;
	if (state == CERTIFICATE_REVOKED || state == CERTIFICATE_VOID)
		return STATUS_REVOKED;
	if (state == CERTIFICATE_REVOKING || state == CERTIFICATE_CONFIRMING)
		return STATUS_REVOKING;
	if (not_after_ms < now_ms)
		return STATUS_EXPIRED;
	if (not_after_ms - now_ms <= policy_value("about-to-expire", now_ms))
		return STATUS_ABOUT_TO_EXPIRE;
	return STATUS_ISSUED;
}

/* -- lists */

struct list {
	const struct caller *c;
	const struct certificate_filter *f;
	const struct page *page;
	int source; /* enum cert_source; -1: any */
	struct arena *a;
	struct row_certificate_line *rows;
	size_t n;
	int64_t total;
};

/* What a status means at this moment: states (other: a second one, or -1) and notAfter behind from, up to to. */
struct span {
	int64_t state, from, to; /* state -1: any */
	int64_t other;
};

static int
span_of(const char *status, int64_t now, struct span *ret, struct err *e)
{
	int64_t soon = now + policy_value("about-to-expire", now);
	const struct {
		const char *name;
		struct span span;
	} spans[] = {
		{"issued", {CERTIFICATE_ISSUED, soon, INT64_MAX, CERTIFICATE_UPLOADED}},
		{"about_to_expire", {CERTIFICATE_ISSUED, now - 1, soon, CERTIFICATE_UPLOADED}},
		{"expired", {CERTIFICATE_ISSUED, -1, now - 1, CERTIFICATE_UPLOADED}},
		{"revoking", {CERTIFICATE_CONFIRMING, -1, INT64_MAX, CERTIFICATE_REVOKING}},
		{"revoked", {CERTIFICATE_REVOKED, -1, INT64_MAX, -1}},
		{"ended", {CERTIFICATE_ENDED, -1, INT64_MAX, -1}},
	};

	for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
		if (strcmp(spans[i].name, status) == 0) {
			*ret = spans[i].span;
			return 0;
		}
	}
	return err_field(e, E_FIELD_FORM, "status",
		"the status \"%s\" is none of issued, about_to_expire, expired, revoking, revoked, ended", status);
}

static int
list_by_suffix(struct db_tx *tx, struct list *t, struct str suffix, const struct span *p, struct err *e)
{
	/* ".example.com" turned round is "moc.elpmaxe.": everything from there to its last byte plus one */
	struct str low = name_reversed(suffix, tx->arena);
	char *high = arena_copy(tx->arena, low.p, low.n);
	struct in_certificate_list_suffix q = {.account = t->c->account, .low = low, .high = {high, low.n},
		.source = t->source, .state = p->state, .other = p->other, .from_ms = p->from, .to_ms = p->to,
		.before = page_before(t->page), .n = t->page->limit + 1};
	const struct in_certificate_list_suffix_newest newest = {.account = q.account, .low = q.low, .high = q.high,
		.source = q.source, .state = q.state, .other = q.other, .from_ms = q.from_ms, .to_ms = q.to_ms,
		.before = q.before, .n = q.n};
	int r;

	high[suffix.n - 1]++;
	r = q_certificate_list_suffix_newest(tx, &newest, t->a, &t->rows, &t->n, e);
	if (r < 0 || (int64_t)t->n == q.n)
		return r;
	return q_certificate_list_suffix(tx, &q, t->a, &t->rows, &t->n, e);
}

static int
list_by_name(struct db_tx *tx, struct list *t, const struct span *p, struct err *e)
{
	struct str name = t->f->name;

	if (name.n && name.p[0] == '.')
		return list_by_suffix(tx, t, name, p, e);
	return q_certificate_list_name(tx,
		&(struct in_certificate_list_name){.account = t->c->account, .name = name, .source = t->source,
			.state = p->state, .other = p->other, .from_ms = p->from, .to_ms = p->to,
			.before = page_before(t->page), .n = t->page->limit + 1},
		t->a, &t->rows, &t->n, e);
}

/* Two lists in the order of a span become one of at most n. */
static void
merge(struct list *t, const struct row_certificate_line *other, size_t n_other, size_t n)
{
	size_t n_all = MIN(t->n + n_other, n), i = 0, k = 0;
	struct row_certificate_line *all = arena_new_n(t->a, n_all, struct row_certificate_line);

	while (i + k < n_all) {
		const struct row_certificate_line *x = &t->rows[i], *y = &other[k];
		bool first = k == n_other || (i < t->n && (x->not_after_ms > y->not_after_ms ||
			(x->not_after_ms == y->not_after_ms && x->id > y->id)));

		all[i + k] = first ? *x : *y;
		*(first ? &i : &k) += 1;
	}
	t->rows = all;
	t->n = n_all;
}

/* What was issued here and what was brought along stand in two states, and are one list to people. */
static int
list_states(struct db_tx *tx, struct list *t, const struct span *p, int64_t before, struct err *e)
{
	struct in_certificate_list_state q = {.account = t->c->account, .state = p->state, .source = t->source,
		.from_ms = p->from, .to_ms = p->to, .before = before, .n = t->page->limit + 1};
	struct row_certificate_line *uploaded;
	bool brought = t->source == SOURCE_UPLOADED;
	size_t n_uploaded;
	int r;

	if (t->source > SOURCE_OFFICIAL)
		return q_certificate_list_source(tx,
			&(struct in_certificate_list_source){.account = q.account, .source = t->source,
				.state = brought && p->state == CERTIFICATE_ISSUED ? CERTIFICATE_UPLOADED : p->state,
				.from_ms = p->from, .to_ms = p->to, .before = before, .n = q.n},
			t->a, &t->rows, &t->n, e);
	r = q_certificate_list_state(tx, &q, t->a, &t->rows, &t->n, e);
	if (r < 0 || p->state != CERTIFICATE_ISSUED || t->source == SOURCE_OFFICIAL)
		return r;
	q.state = CERTIFICATE_UPLOADED;
	r = q_certificate_list_state(tx, &q, t->a, &uploaded, &n_uploaded, e);
	if (r >= 0)
		merge(t, uploaded, n_uploaded, (size_t)q.n);
	return r;
}

/* The page goes on behind the cursor's row, unless that one has left the span meanwhile. */
static int
list_by_span(struct db_tx *tx, struct list *t, struct span p, struct err *e)
{
	int64_t before = ID_MAX, edge;
	int r = t->page->cursor ? q_certificate_expiry(tx, t->c->account, t->page->cursor, &edge, e) : 0;

	if (r < 0)
		return r;
	if (r > 0 && edge <= p.to) {
		p.to = edge;
		before = t->page->cursor;
	}
	return list_states(tx, t, &p, before, e);
}

static int
count_all(struct db_tx *tx, struct list *t, struct err *e)
{
	struct row_counter_sums *sums;
	size_t n;
	int r = q_counter_sums(tx, t->c->account, tx->arena, &sums, &n, e);

	t->total = 0;
	for (size_t i = 0; r >= 0 && i < n; i++) {
		if (str_starts(sums[i].name, STR("certificate.")) || str_starts(sums[i].name, STR("copy.")))
			t->total += sums[i].value;
	}
	return r;
}

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct list *t = arg;
	int64_t before = page_before(t->page), n = t->page->limit + 1;
	struct span p = {-1, -1, INT64_MAX, -1};
	int r = t->f->status ? span_of(t->f->status, tx->now_ms, &p, e) : 0;

	t->total = -1;
	if (r < 0)
		return r;
	if (t->f->name.p)
		return list_by_name(tx, t, &p, e);
	if (!t->f->status && t->source > SOURCE_OFFICIAL)
		return list_by_span(tx, t, p, e);
	if (!t->f->status) {
		r = q_certificate_list(tx, t->c->account, t->source, before, n, t->a, &t->rows, &t->n, e);
		return r < 0 || t->source >= 0 ? r : count_all(tx, t, e);
	}
	if (p.state == CERTIFICATE_CONFIRMING)
		return q_certificate_list_revoking(tx, t->c->account, t->source, before, n, t->a, &t->rows, &t->n, e);
	return list_by_span(tx, t, p, e);
}

int
certificate_show_list(struct svc *s, const struct caller *c, const struct certificate_filter *f, const struct page *page,
	struct arena *a, struct row_certificate_line **ret, size_t *ret_n, bool *ret_more, int64_t *ret_total, struct err *e)
{
	struct list t = {.c = c, .f = f, .page = page, .source = -1, .a = a};
	int r;

	if (f->source.p)
		t.source = word_find(words_source, f->source);
	if (f->source.p && t.source < 0)
		return err_field(e, E_FIELD_FORM, "source",
			"the source \"%.*s\" is none of official, test, uploaded, shared", STRF(f->source));
	r = svc_read(s, list_body, &t, e);
	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.rows;
	*ret_n = t.n;
	*ret_total = t.total;
	return 0;
}

/* -- detail */

struct show {
	const struct caller *c;
	int64_t id, now, issuer;
	struct arena *a;
	struct certificate_view *v;
};

static int
find_pair(struct db_tx *tx, struct show *t, struct err *e)
{
	struct row_certificate *rows;
	size_t n;
	int r = certificate_halves(tx, &t->v->row, t->a, &rows, &n, e);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		if (rows[i].id != t->id)
			t->v->pair = &rows[i];
	}
	return r;
}

/* What was stored above a foreign certificate. */
static int
find_chain(struct db_tx *tx, struct show *t, struct err *e)
{
	struct row_certificate_chain_get *links;
	size_t n;
	int r = t->v->row.issuer ? 0 : q_certificate_chain_get(tx, t->c->account, t->id, t->a, &links, &n, e);

	t->v->n_chain = 0;
	if (r < 0 || t->v->row.issuer)
		return r;
	for (size_t i = 0; i < n && i < PATH_LENGTH_MAX; i++)
		t->v->chain[t->v->n_chain++] = (struct certificate_link){.der = links[i].der};
	return 0;
}

/* What a copy shows of the certificate that it comes from: never its key. */
static int
find_source(struct db_tx *tx, struct show *t, struct err *e)
{
	struct certificate_view *v = t->v;
	struct row_certificate from;
	int r;

	t->issuer = v->row.issuer;
	v->has_key = v->row.key_id.n == 16;
	if (v->row.source != SOURCE_SHARED)
		return 0;
	v->share = arena_new_n(t->a, 1, struct row_share);
	r = share_source(tx, t->c->account, &v->row, t->a, v->share, &from, e);
	if (r < 0)
		return r;
	if (share_over(v->share, tx->now_ms))
		v->row.state = CERTIFICATE_ENDED;
	else
		t->issuer = from.issuer;
	v->has_key = from.key_id.n == 16 && v->share->grade > GRADE_SEE;
	v->warn = v->row.deployed && (certificate_closed(v->row.state) || v->row.not_after_ms < tx->now_ms);
	return 0;
}

static int
find_waiting(struct db_tx *tx, struct show *t, struct err *e)
{
	struct row_revocation w;
	int r = 0;

	t->v->waiting = NULL;
	if (t->v->row.state == CERTIFICATE_CONFIRMING)
		r = q_revocation_get(tx, t->c->account, t->id, t->a, &w, e);
	if (r > 0)
		t->v->waiting = arena_copy(t->a, &w, sizeof(w));
	return MIN(r, 0);
}

static int
find_request(struct db_tx *tx, struct show *t, struct err *e)
{
	struct row_csr row;
	int r = q_csr_by_key(tx, t->c->account, t->v->row.spki_sha256, tx->arena, &row, e);

	t->v->csr = r > 0 ? row.id : 0;
	return MIN(r, 0);
}

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct show *t = arg;
	struct row_certificate_names *names;
	int r = q_certificate_get(tx, t->c->account, t->id, t->a, &t->v->row, e);

	t->now = tx->now_ms;
	t->v->pair = NULL;
	if (r == 0)
		return not_found(e, "certificate", t->id);
	if (r > 0)
		r = q_certificate_names(tx, t->c->account, t->id, t->a, &names, &t->v->n_names, e);
	if (r >= 0)
		r = find_waiting(tx, t, e);
	if (r < 0)
		return r;
	t->v->names = arena_new_n(t->a, t->v->n_names, struct str);
	for (size_t i = 0; i < t->v->n_names; i++)
		t->v->names[i] = names[i].name;
	r = find_pair(tx, t, e);
	if (r == 0)
		r = find_source(tx, t, e);
	if (r == 0)
		r = find_request(tx, t, e);
	return r < 0 ? r : find_chain(tx, t, e);
}

/* From submission of a revocation on only name, serial, status, reason and times are shown (SPEC 3.9). */
static void
close_content(struct certificate_view *v)
{
	struct blob none = {NULL, 0};

	v->content_closed = true;
	v->row.der = v->row.envelope = v->row.key_id = none;
	v->has_key = false;
	v->pair = NULL;
}

static int
read_content(struct certificate_view *v, struct arena *a, struct err *e)
{
	struct cert_info above;
	int r = cert_read(v->row.der, a, &v->info, e);

	for (unsigned i = 0; r == 0 && !v->issuer && i < v->n_chain; i++) {
		r = cert_read(v->chain[i].der, a, &above, e);
		v->chain[i].root = r == 0 && blob_eq(above.issuer, above.subject);
	}
	return r;
}

int
certificate_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct certificate_view *ret,
	struct err *e)
{
	struct certificate_view v = {0};
	struct show t = {.c = c, .id = id, .a = a, .v = &v};
	int r = svc_read(s, show_body, &t, e);

	if (r < 0)
		return r;
	v.status = certificate_status_of(v.row.state, v.row.not_after_ms, t.now);
	v.issuer = issuer_by_id(s, t.issuer);
	for (const struct ca_issuer *is = v.issuer; is && v.n_chain < ARRAY_LEN(v.chain); is = is->parent)
		v.chain[v.n_chain++] = (struct certificate_link){is->name, is->cert, !is->parent};
	if (certificate_closed(v.row.state))
		close_content(&v);
	else
		r = read_content(&v, a, e);
	if (r == 0)
		*ret = v;
	return r;
}

/* -- the overview */

struct sum {
	const struct caller *c;
	struct arena *a;
	struct overview *o;
};

static int
expired_now(struct db_tx *tx, const struct sum *t, int64_t at_ms, int64_t *ret, struct err *e)
{
	static const int states[] = {CERTIFICATE_ISSUED, CERTIFICATE_UPLOADED};
	int64_t day = at_ms / MS_DAY, whole = 0, part = 0;
	int r = 0;

	*ret = 0;
	/* whole days from their counters, the last one exactly */
	for (size_t i = 0; r >= 0 && i < ARRAY_LEN(states); i++) {
		r = q_expiry_between(tx, t->c->account, states[i], 0, day - 1, &whole, e);
		if (r >= 0)
			r = q_certificate_count_between(tx, t->c->account, states[i], day * MS_DAY - 1, at_ms - 1, &part, e);
		*ret += whole + part;
	}
	return MIN(r, 0);
}

static int64_t
value_of(const struct row_counter_sums *sums, size_t n, const char *noun, int state)
{
	char name[48];

	snprintf(name, sizeof(name), "%s.%d", noun, state);
	for (size_t i = 0; i < n; i++) {
		if (str_eq_c(sums[i].name, name))
			return sums[i].value;
	}
	return 0;
}

static int
sum_body(struct db_tx *tx, void *arg, struct err *e)
{
	static const int pending[] = {APPLICATION_DRAFT, APPLICATION_VALIDATING, APPLICATION_READY,
		APPLICATION_REVIEWING, APPLICATION_ISSUING, APPLICATION_CANCELLED};
	struct sum *t = arg;
	struct overview *o = t->o;
	struct row_counter_sums *sums;
	int64_t soon = 0;
	size_t n;
	int r = q_counter_sums(tx, t->c->account, tx->arena, &sums, &n, e);

	*o = (struct overview){0};
	if (r >= 0)
		r = expired_now(tx, t, tx->now_ms, &o->expired, e);
	if (r >= 0)
		r = expired_now(tx, t, tx->now_ms + policy_value("about-to-expire", tx->now_ms), &soon, e);
	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_LEN(pending); i++)
		o->pending_application += value_of(sums, n, "application", pending[i]);
	o->check_failed = value_of(sums, n, "application", APPLICATION_FAILED);
	o->will_expire = soon - o->expired;
	o->issued = value_of(sums, n, "certificate", CERTIFICATE_ISSUED) +
		value_of(sums, n, "certificate", CERTIFICATE_UPLOADED) - o->expired - o->will_expire;
	o->revoked = value_of(sums, n, "certificate", CERTIFICATE_REVOKED);
	o->quota = value_of(sums, n, "subscription", SUBSCRIPTION_UNASSIGNED);
	o->total = o->issued + o->will_expire + o->expired + o->revoked + o->pending_application + o->check_failed +
		value_of(sums, n, "certificate", CERTIFICATE_CONFIRMING) +
		value_of(sums, n, "certificate", CERTIFICATE_REVOKING);
	return 0;
}

int
overview_show(struct svc *s, const struct caller *c, struct arena *a, struct overview *ret, struct err *e)
{
	struct sum t = {c, a, ret};

	return svc_read(s, sum_body, &t, e);
}
