/* SPDX-License-Identifier: Apache-2.0 */
/* The values of the known extensions. Each reader returns false on one that is not what the extension's syntax says. */
#include "lint/lint_priv.h"

size_t
lint_count(struct cursor c)
{
	size_t n = 0;

	while (der_peek(&c) && der_next(&c, NULL, NULL, NULL))
		n++;
	return n;
}

bool
lint_open(struct blob value, struct cursor *ret)
{
	struct cursor c = cursor_of(value);

	return der_open(&c, DER_SEQUENCE, ret) && der_done(&c);
}

static bool
decode_basic(struct lint_view *v)
{
	struct cursor in;

	if (!lint_open(v->x[LX_BASIC]->value, &in))
		return false;
	if (der_peek(&in) == DER_BOOLEAN) {
		if (!der_get_bool(&in, &v->ca))
			return false;
		v->basic_false = !v->ca;
	}
	if (der_peek(&in)) {
		v->path_len_given = true;
		if (!der_get_integer(&in, &v->path_len) || v->path_len.n > 8)
			return false;
	}
	return der_done(&in);
}

static bool
decode_usage(struct lint_view *v)
{
	struct cursor c = cursor_of(v->x[LX_USAGE]->value);
	struct blob b;

	if (!der_get(&c, DER_BIT_STRING, &b) || !der_done(&c) || b.n < 1 || b.n > 3 || b.p[0] > 7)
		return false;
	if (b.n == 1 && b.p[0] != 0)
		return false;
	v->usage_bits = b;
	for (size_t i = 0; i < 8 * (b.n - 1) - b.p[0]; i++)
		if (b.p[1 + i / 8] & 0x80 >> (i % 8))
			v->key_usage |= 1U << i;
	return true;
}

static bool
decode_eku(struct lint_view *v)
{
	struct cursor in;

	if (!lint_open(v->x[LX_EKU]->value, &in))
		return false;
	v->eku_oid = arena_new_n(v->a, lint_count(in), struct blob);
	while (der_peek(&in)) {
		if (!der_get(&in, DER_OID, &v->eku_oid[v->n_ekus]))
			return false;
		v->n_ekus++;
	}
	return der_done(&in) && v->n_ekus;
}

/* -- certificatePolicies */

static bool
is_text(uint8_t tag)
{
	return tag == DER_UTF8_STRING || tag == DER_IA5_STRING || tag == 0x1a || tag == 0x1e;
}

static bool
decode_notice(struct blob body, struct lint_qualifier *q)
{
	struct cursor in = cursor_of(body);

	q->notice_ref = der_optional(&in, DER_SEQUENCE, NULL);
	if (!der_peek(&in))
		return !in.bad;
	return der_next(&in, &q->text_tag, &q->text, NULL) && is_text(q->text_tag) && der_done(&in);
}

static bool
decode_qualifier(struct cursor *list, struct lint_qualifier *q)
{
	struct cursor in;

	if (!der_open(list, DER_SEQUENCE, &in) || !der_get(&in, DER_OID, &q->oid) ||
		!der_next(&in, &q->tag, &q->value, NULL) || !der_done(&in))
		return false;
	if (IS_OID(q->oid, "\x2b\x06\x01\x05\x05\x07\x02\x01"))
		return q->tag == DER_IA5_STRING;
	if (IS_OID(q->oid, "\x2b\x06\x01\x05\x05\x07\x02\x02"))
		return q->tag == DER_SEQUENCE && decode_notice(q->value, q);
	return true;
}

static bool
decode_policy(struct lint_view *v, struct cursor *one, struct lint_policy *p)
{
	struct cursor list;

	if (!der_get(one, DER_OID, &p->oid))
		return false;
	if (!der_peek(one))
		return true;
	if (!der_open(one, DER_SEQUENCE, &list) || !der_done(one))
		return false;
	v->policy_qualifier = true;
	v->qualifiers_empty |= !der_peek(&list);
	p->q = arena_new_n(v->a, lint_count(list), struct lint_qualifier);
	while (der_peek(&list)) {
		if (!decode_qualifier(&list, &p->q[p->n]))
			return false;
		p->n++;
	}
	return der_done(&list);
}

static bool
decode_policies(struct lint_view *v)
{
	struct cursor in, one;

	if (!lint_open(v->x[LX_POLICIES]->value, &in))
		return false;
	v->policy = arena_new_n(v->a, lint_count(in), struct lint_policy);
	while (der_peek(&in)) {
		if (!der_open(&in, DER_SEQUENCE, &one))
			return false;
		if (!decode_policy(v, &one, &v->policy[v->n_policies]))
			return false;
		v->n_policies++;
	}
	return der_done(&in) && v->n_policies;
}

static bool
decode_mappings(struct lint_view *v)
{
	struct cursor in, one;

	if (!lint_open(v->x[LX_MAPPINGS]->value, &in))
		return false;
	v->mapping = arena_new_n(v->a, 2 * lint_count(in), struct blob);
	while (der_peek(&in)) {
		struct blob *pair = &v->mapping[2 * v->n_mappings];

		if (!der_open(&in, DER_SEQUENCE, &one) || !der_get(&one, DER_OID, &pair[0]) ||
			!der_get(&one, DER_OID, &pair[1]) || !der_done(&one))
			return false;
		v->n_mappings++;
	}
	return der_done(&in) && v->n_mappings;
}

static bool
decode_policy_constraints(struct lint_view *v)
{
	struct cursor in;

	if (!lint_open(v->x[LX_POLICY_CONSTRAINTS]->value, &in))
		return false;
	v->empty_constraints = !der_peek(&in);
	for (uint8_t n = 0; n < 2; n++)
		der_optional(&in, DER_CTX(n), NULL);
	return der_done(&in);
}

static bool
decode_inhibit(struct lint_view *v)
{
	struct cursor c = cursor_of(v->x[LX_INHIBIT]->value);
	int64_t n;

	if (!der_get_int(&c, &n) || !der_done(&c))
		return false;
	v->inhibit_skip = (uint64_t)n;
	return true;
}

/* -- names and addresses */

bool
lint_read_names(struct lint_view *v, struct cursor in, struct lint_names *ret)
{
	ret->p = arena_new_n(v->a, lint_count(in), struct lint_general_name);
	while (der_peek(&in)) {
		struct lint_general_name *g = &ret->p[ret->n];

		if (!der_next(&in, &g->tag, &g->value, NULL) || (g->tag & 0xc0) != 0x80)
			return false;
		ret->n++;
	}
	return der_done(&in);
}

static bool
decode_names(struct lint_view *v, enum lint_x x, struct lint_names *ret)
{
	struct cursor in;

	return lint_open(v->x[x]->value, &in) && lint_read_names(v, in, ret) && ret->n;
}

static bool
decode_san(struct lint_view *v)
{
	return decode_names(v, LX_SAN, &v->san);
}

static bool
decode_ian(struct lint_view *v)
{
	return decode_names(v, LX_IAN, &v->ian);
}

static bool
decode_accesses(struct lint_view *v, enum lint_x x, struct lint_accesses *ret)
{
	struct cursor in, one;

	if (!lint_open(v->x[x]->value, &in))
		return false;
	ret->p = arena_new_n(v->a, lint_count(in), struct lint_access);
	while (der_peek(&in)) {
		struct lint_access *at = &ret->p[ret->n];

		if (!der_open(&in, DER_SEQUENCE, &one) || !der_get(&one, DER_OID, &at->method) ||
			!der_next(&one, &at->where.tag, &at->where.value, NULL) || !der_done(&one))
			return false;
		ret->n++;
	}
	return der_done(&in) && ret->n;
}

static bool
decode_aia(struct lint_view *v)
{
	return decode_accesses(v, LX_AIA, &v->aia);
}

static bool
decode_sia(struct lint_view *v)
{
	return decode_accesses(v, LX_SIA, &v->sia);
}

static bool
decode_point(struct lint_view *v, struct cursor *one, struct lint_point *p)
{
	struct cursor name, full;

	if (der_peek(one) == DER_CTX_CONS(0)) {
		if (!der_open(one, DER_CTX_CONS(0), &name))
			return false;
		p->name = true;
		if (der_peek(&name) == DER_CTX_CONS(0)) {
			if (!der_open(&name, DER_CTX_CONS(0), &full) || !lint_read_names(v, full, &p->full))
				return false;
		} else {
			p->relative = der_optional(&name, DER_CTX_CONS(1), NULL);
		}
		if (!der_done(&name))
			return false;
	}
	p->reasons = der_optional(one, DER_CTX(1), &p->reasons_bits);
	p->issuer = der_optional(one, DER_CTX_CONS(2), NULL);
	return der_done(one);
}

static bool
decode_points(struct lint_view *v, enum lint_x x, struct lint_points *ret)
{
	struct cursor in, one;

	if (!lint_open(v->x[x]->value, &in))
		return false;
	ret->p = arena_new_n(v->a, lint_count(in), struct lint_point);
	while (der_peek(&in)) {
		if (!der_open(&in, DER_SEQUENCE, &one) || !decode_point(v, &one, &ret->p[ret->n]))
			return false;
		ret->n++;
	}
	return der_done(&in) && ret->n;
}

static bool
decode_cdp(struct lint_view *v)
{
	return decode_points(v, LX_CDP, &v->cdp);
}

static bool
decode_freshest(struct lint_view *v)
{
	return decode_points(v, LX_FRESHEST, &v->freshest);
}

/* GeneralSubtree: a name, then minimum and maximum where they are not the defaults. */
static bool
decode_subtrees(struct lint_view *v, struct cursor in, struct lint_names *ret)
{
	struct cursor one;

	ret->p = arena_new_n(v->a, lint_count(in), struct lint_general_name);
	while (der_peek(&in)) {
		struct lint_general_name *g = &ret->p[ret->n];

		if (!der_open(&in, DER_SEQUENCE, &one) || !der_next(&one, &g->tag, &g->value, NULL) ||
			(g->tag & 0xc0) != 0x80)
			return false;
		v->nc_min += der_optional(&one, DER_CTX(0), NULL);
		v->nc_max += der_optional(&one, DER_CTX(1), NULL);
		if (!der_done(&one))
			return false;
		ret->n++;
	}
	return der_done(&in);
}

static bool
decode_constraints(struct lint_view *v)
{
	struct lint_names *const sides[] = {&v->permitted, &v->excluded};
	struct cursor in, side;

	if (!lint_open(v->x[LX_NAMES]->value, &in))
		return false;
	for (uint8_t n = 0; n < 2; n++)
		if (der_peek(&in) == DER_CTX_CONS(n) &&
			(!der_open(&in, DER_CTX_CONS(n), &side) || !decode_subtrees(v, side, sides[n])))
			return false;
	return der_done(&in);
}

/* -- key identifiers, qualified statements, timestamps */

static bool
decode_aki(struct lint_view *v)
{
	struct cursor in;

	if (!lint_open(v->x[LX_AKI]->value, &in))
		return false;
	der_optional(&in, DER_CTX(0), &v->aki_id);
	v->aki_issuer = der_optional(&in, DER_CTX_CONS(1), NULL);
	der_optional(&in, DER_CTX(2), &v->aki_serial);
	return der_done(&in);
}

static bool
decode_ski(struct lint_view *v)
{
	struct cursor c = cursor_of(v->x[LX_SKI]->value);

	return der_get(&c, DER_OCTET_STRING, &v->ski_id) && der_done(&c);
}

static bool
decode_qc(struct lint_view *v)
{
	struct cursor in, one;

	if (!lint_open(v->x[LX_QC]->value, &in))
		return false;
	v->qc = arena_new_n(v->a, lint_count(in), struct lint_qc);
	while (der_peek(&in)) {
		struct lint_qc *q = &v->qc[v->n_qc];

		if (!der_open(&in, DER_SEQUENCE, &one) || !der_get(&one, DER_OID, &q->oid))
			return false;
		if (der_peek(&one) && !der_next(&one, NULL, NULL, &q->info))
			return false;
		v->n_qc++;
		if (!der_done(&one))
			return false;
	}
	return der_done(&in);
}

/* RFC 6962 3.3: a list in an OCTET STRING, each with its length before it. */
static bool
decode_sct(struct lint_view *v)
{
	struct cursor c = cursor_of(v->x[LX_SCT]->value), list;
	struct blob octets;

	if (!der_get(&c, DER_OCTET_STRING, &octets) || !der_done(&c))
		return false;
	list = cursor_of(octets);
	if (cursor_u16(&list) != cursor_left(&list))
		return false;
	while (cursor_left(&list)) {
		struct blob sct = cursor_take(&list, cursor_u16(&list)), log;
		struct cursor in = cursor_of(sct);

		cursor_u8(&in);
		log = cursor_take(&in, 32);
		if (v->n_scts < ARRAY_LEN(v->sct_first_ms)) {
			v->sct_first_ms[v->n_scts] = cursor_u64(&in);
			if (log.n == 32)
				memcpy(v->sct_log[v->n_scts], log.p, 32);
		}
		if (list.bad || in.bad)
			return false;
		v->n_scts++;
	}
	return cursor_ok(&list, true);
}

static const struct {
	struct blob oid;
	bool (*decode)(struct lint_view *v);
} known[LX_COUNT] = {
	[LX_BASIC] = {OID_BODY("\x55\x1d\x13"), decode_basic},
	[LX_USAGE] = {OID_BODY("\x55\x1d\x0f"), decode_usage},
	[LX_EKU] = {OID_BODY("\x55\x1d\x25"), decode_eku},
	[LX_SAN] = {OID_BODY("\x55\x1d\x11"), decode_san},
	[LX_IAN] = {OID_BODY("\x55\x1d\x12"), decode_ian},
	[LX_AKI] = {OID_BODY("\x55\x1d\x23"), decode_aki},
	[LX_SKI] = {OID_BODY("\x55\x1d\x0e"), decode_ski},
	[LX_CDP] = {OID_BODY("\x55\x1d\x1f"), decode_cdp},
	[LX_FRESHEST] = {OID_BODY("\x55\x1d\x2e"), decode_freshest},
	[LX_AIA] = {OID_BODY("\x2b\x06\x01\x05\x05\x07\x01\x01"), decode_aia},
	[LX_SIA] = {OID_BODY("\x2b\x06\x01\x05\x05\x07\x01\x0b"), decode_sia},
	[LX_POLICIES] = {OID_BODY("\x55\x1d\x20"), decode_policies},
	[LX_MAPPINGS] = {OID_BODY("\x55\x1d\x21"), decode_mappings},
	[LX_POLICY_CONSTRAINTS] = {OID_BODY("\x55\x1d\x24"), decode_policy_constraints},
	[LX_INHIBIT] = {OID_BODY("\x55\x1d\x36"), decode_inhibit},
	[LX_NAMES] = {OID_BODY("\x55\x1d\x1e"), decode_constraints},
	[LX_FEATURE] = {OID_BODY("\x2b\x06\x01\x05\x05\x07\x01\x18"), NULL},
	[LX_QC] = {OID_BODY("\x2b\x06\x01\x05\x05\x07\x01\x03"), decode_qc},
	[LX_SCT] = {OID_BODY("\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02"), decode_sct},
	[LX_POISON] = {OID_BODY("\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x03"), NULL},
	[LX_NOCHECK] = {OID_BODY("\x2b\x06\x01\x05\x05\x07\x30\x01\x05"), NULL},
	[LX_ORGID] = {OID_BODY("\x67\x81\x0c\x03\x01"), NULL},
	[LX_DIR_ATTRS] = {OID_BODY("\x55\x1d\x09"), NULL},
	[LX_ONION] = {OID_BODY("\x67\x81\x0c\x01\x1f"), NULL},
	[LX_ADOBE_STAMP] = {OID_BODY("\x2a\x86\x48\x86\xf7\x2f\x01\x01\x09\x01"), NULL},
	[LX_ADOBE_REVOKE] = {OID_BODY("\x2a\x86\x48\x86\xf7\x2f\x01\x01\x09\x02"), NULL},
};

/* Those of which the rules of this house have one rule for all that is not their syntax. */
#define IN_ONE_RULE (1U << LX_BASIC | 1U << LX_USAGE | 1U << LX_EKU | 1U << LX_POLICIES | 1U << LX_SAN)

void
lint_view_exts(struct lint_view *v)
{
	/* of an extension that stands twice, the first counts */
	for (unsigned i = v->n_ext; i-- > 0;)
		for (unsigned x = 0; x < LX_COUNT; x++)
			if (blob_eq(v->ext[i].oid, known[x].oid)) {
				v->x[x] = &v->ext[i];
				break;
			}
	for (unsigned x = 0; x < LX_COUNT; x++) {
		if (!v->x[x] || !known[x].decode || known[x].decode(v))
			continue;
		v->bad |= 1U << x;
		if (!v->unreadable && (IN_ONE_RULE & 1U << x))
			v->unreadable = v->x[x];
	}
}
