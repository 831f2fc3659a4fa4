/* SPDX-License-Identifier: Apache-2.0 */
#include "lint/lint_priv.h"

/* -- the outer shape */

static bool
read_time(struct cursor *c, uint8_t *ret_tag, int64_t *ret)
{
	*ret_tag = der_peek(c);
	return der_get_time(c, ret);
}

static bool
read_validity(struct cursor *c, struct lint_view *v)
{
	struct cursor in;

	return der_open(c, DER_SEQUENCE, &in) && read_time(&in, &v->not_before_tag, &v->not_before_ms) &&
	       read_time(&in, &v->not_after_tag, &v->not_after_ms) && der_done(&in);
}

/* An element with its tag and length, which must be a SEQUENCE. */
static bool
read_whole(struct cursor *c, struct blob *ret)
{
	return der_peek(c) == DER_SEQUENCE && der_next(c, NULL, NULL, ret);
}

static bool
read_ext(struct cursor *c, struct lint_ext *x)
{
	struct cursor in;

	if (!der_open(c, DER_SEQUENCE, &in) || !der_get(&in, DER_OID, &x->oid))
		return false;
	if (der_peek(&in) == DER_BOOLEAN) {
		if (!der_get_bool(&in, &x->critical))
			return false;
		x->explicit_false = !x->critical;
	}
	return der_get(&in, DER_OCTET_STRING, &x->value) && der_done(&in);
}

static bool
read_exts(struct cursor *c, struct lint_view *v)
{
	struct cursor outer, list;

	if (!der_peek(c))
		return true;
	if (!der_open(c, DER_CTX_CONS(3), &outer) || !der_open(&outer, DER_SEQUENCE, &list) || !der_done(&outer))
		return false;
	v->has_exts = true;
	while (!der_done(&list)) {
		if (v->n_ext == LINT_EXTS_MAX || !read_ext(&list, &v->ext[v->n_ext]))
			return false;
		v->n_ext++;
	}
	return true;
}

static bool
read_version(struct cursor *c, struct lint_view *v)
{
	struct cursor in;

	v->version = 1;
	if (der_peek(c) != DER_CTX_CONS(0))
		return true;
	if (!der_open(c, DER_CTX_CONS(0), &in) || !der_get_int(&in, &v->version) || !der_done(&in))
		return false;
	if (v->version > 100)
		return false;
	v->version++;
	return true;
}

bool
lint_view_read(struct blob tbs, const struct lint_conf *conf, struct arena *a, struct lint_view *v)
{
	struct cursor c = cursor_of(tbs), in;

	*v = (struct lint_view){.conf = conf, .a = a};
	if (!der_open(&c, DER_SEQUENCE, &in) || !der_done(&c))
		return false;
	if (!read_version(&in, v) || !der_get_integer(&in, &v->serial) || !read_whole(&in, &v->sig_alg) ||
		!read_whole(&in, &v->issuer) || !read_validity(&in, v) || !read_whole(&in, &v->subject) ||
		!read_whole(&in, &v->spki))
		return false;
	/* issuerUniqueID, subjectUniqueID */
	for (uint8_t n = 1; n <= 2; n++)
		v->unique_ids |= der_optional(&in, DER_CTX(n), NULL);
	return read_exts(&in, v) && der_done(&in);
}

/* -- the inner ones. Each returns false on a value that is not what the extension's syntax says. */

static size_t
count(struct cursor c)
{
	size_t n = 0;

	while (der_peek(&c) && der_next(&c, NULL, NULL, NULL))
		n++;
	return n;
}

static bool
open_all(struct blob value, struct cursor *ret)
{
	struct cursor c = cursor_of(value);

	return der_open(&c, DER_SEQUENCE, ret) && der_done(&c);
}

static bool
decode_basic(struct lint_view *v)
{
	struct cursor in;
	int64_t n;

	if (!open_all(v->basic->value, &in))
		return false;
	if (der_peek(&in) == DER_BOOLEAN) {
		if (!der_get_bool(&in, &v->ca))
			return false;
		v->basic_false = !v->ca;
	}
	if (der_peek(&in)) {
		v->path_len_given = true;
		if (!der_get_int(&in, &n))
			return false;
	}
	return der_done(&in);
}

static bool
decode_usage(struct lint_view *v)
{
	struct cursor c = cursor_of(v->usage->value);
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

	if (!open_all(v->eku->value, &in))
		return false;
	v->eku_oid = arena_new_n(v->a, count(in), struct blob);
	while (der_peek(&in)) {
		if (!der_get(&in, DER_OID, &v->eku_oid[v->n_ekus]))
			return false;
		v->n_ekus++;
	}
	return der_done(&in) && v->n_ekus;
}

static bool
decode_policies(struct lint_view *v)
{
	struct cursor in, one;

	if (!open_all(v->policies->value, &in))
		return false;
	v->policy = arena_new_n(v->a, count(in), struct blob);
	while (der_peek(&in)) {
		if (!der_open(&in, DER_SEQUENCE, &one) || !der_get(&one, DER_OID, &v->policy[v->n_policies]))
			return false;
		v->n_policies++;
		if (der_optional(&one, DER_SEQUENCE, NULL))
			v->policy_qualifier = true;
		if (!der_done(&one))
			return false;
	}
	return der_done(&in) && v->n_policies;
}

static bool
decode_san(struct lint_view *v)
{
	struct cursor in;

	if (!open_all(v->san->value, &in))
		return false;
	v->name = arena_new_n(v->a, count(in), struct lint_general_name);
	while (der_peek(&in)) {
		struct lint_general_name *g = &v->name[v->n_names];

		if (!der_next(&in, &g->tag, &g->value, NULL) || (g->tag & 0xc0) != 0x80)
			return false;
		v->n_names++;
	}
	return der_done(&in) && v->n_names;
}

static bool
decode_attr(struct cursor *rdn, struct lint_attr *at)
{
	struct cursor in;

	return der_open(rdn, DER_SEQUENCE, &in) && der_get(&in, DER_OID, &at->oid) &&
	       der_next(&in, &at->tag, &at->value, NULL) && der_done(&in);
}

static struct lint_attr *
push_attr(struct lint_view *v, unsigned rdn)
{
	/* the array doubles at each power of two */
	if ((v->n_attr & (v->n_attr - 1)) == 0) {
		struct lint_attr *more = arena_new_n(v->a, MAX(2 * v->n_attr, 1U), struct lint_attr);

		if (v->n_attr)
			memcpy(more, v->attr, v->n_attr * sizeof(*more));
		v->attr = more;
	}
	v->attr[v->n_attr].rdn = rdn;
	return &v->attr[v->n_attr++];
}

/* A broken subject leaves the attributes read so far and a last one without a tag, which no rule takes for good. */
static void
decode_subject(struct lint_view *v)
{
	struct cursor in, rdn;

	if (!open_all(v->subject, &in))
		return;
	for (unsigned n = 0; der_peek(&in); n++) {
		if (!der_open(&in, DER_SET, &rdn)) {
			push_attr(v, n);
			return;
		}
		while (der_peek(&rdn)) {
			struct lint_attr *at = push_attr(v, n);

			if (!decode_attr(&rdn, at)) {
				*at = (struct lint_attr){.rdn = n};
				return;
			}
		}
	}
}

static void
decode_key(struct lint_view *v)
{
	struct cursor in, alg;
	struct blob oid;

	if (!open_all(v->spki, &in) || !read_whole(&in, &v->key_alg) || !der_get_bits(&in, &v->key_bits) ||
		!der_done(&in) || !open_all(v->key_alg, &alg) || !der_get(&alg, DER_OID, &oid))
		return;
	if (IS_OID(oid, "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01")) {
		v->key = LINT_KEY_RSA;
	} else if (IS_OID(oid, "\x2a\x86\x48\xce\x3d\x02\x01") && der_get(&alg, DER_OID, &v->curve)) {
		bool sm2 = IS_OID(v->curve, "\x2a\x81\x1c\xcf\x55\x01\x82\x2d");

		v->key = sm2 ? LINT_KEY_SM2 : LINT_KEY_EC;
	}
}

/* Of an extension that stands twice, the first counts. */
static const struct lint_ext *
find(const struct lint_view *v, struct blob oid)
{
	for (unsigned i = 0; i < v->n_ext; i++)
		if (blob_eq(v->ext[i].oid, oid))
			return &v->ext[i];
	return NULL;
}

static void
decode(struct lint_view *v, const struct lint_ext *x, bool (*fn)(struct lint_view *))
{
	if (x && !fn(v) && !v->unreadable)
		v->unreadable = x;
}

void
lint_view_decode(struct lint_view *v)
{
	v->basic = find(v, OID_BODY("\x55\x1d\x13"));
	v->usage = find(v, OID_BODY("\x55\x1d\x0f"));
	v->eku = find(v, OID_BODY("\x55\x1d\x25"));
	v->san = find(v, OID_BODY("\x55\x1d\x11"));
	v->aki = find(v, OID_BODY("\x55\x1d\x23"));
	v->ski = find(v, OID_BODY("\x55\x1d\x0e"));
	v->cdp = find(v, OID_BODY("\x55\x1d\x1f"));
	v->policies = find(v, OID_BODY("\x55\x1d\x20"));
	v->aia = find(v, OID_BODY("\x2b\x06\x01\x05\x05\x07\x01\x01"));
	v->feature = find(v, OID_BODY("\x2b\x06\x01\x05\x05\x07\x01\x18"));
	v->self_issued = blob_eq(v->issuer, v->subject);
	decode(v, v->basic, decode_basic);
	decode(v, v->usage, decode_usage);
	decode(v, v->eku, decode_eku);
	decode(v, v->policies, decode_policies);
	decode(v, v->san, decode_san);
	decode_subject(v);
	decode_key(v);
}
