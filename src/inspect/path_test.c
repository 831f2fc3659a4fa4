/* SPDX-License-Identifier: Apache-2.0 */
/* The search on certificates made to confuse it. What single rules say is held by tests/vectors/path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/der.h"
#include "crypto/cert.h"
#include "inspect/bundle.h"
#include "inspect/path.h"
#include "text/psl.h"

#define NOW INT64_C(1800000000000)
#define KEYS 12
#define SIGNATURES_MOST 400 /* the search's own bound, and what explaining its end may take */

static struct key *keys[KEYS + 1];
#define ROOT KEYS

struct made {
	const char *subject, *issuer;
	unsigned key, signer;
	bool ca, expired;
	const char *san;
	unsigned mappings; /* policies 1.2.0 … each mapped to each */
	unsigned names, permitted; /* so many dNSNames; so many of them permitted, none of which fits */
};

static void
put_name(struct buf *b, const char *cn)
{
	size_t seq = der_begin(b, DER_SEQUENCE), set = der_begin(b, DER_SET), at = der_begin(b, DER_SEQUENCE);

	der_put_oid(b, "2.5.4.3");
	der_put(b, DER_UTF8_STRING, blob_of(str_c(cn)));
	der_end(b, at);
	der_end(b, set);
	der_end(b, seq);
}

static size_t
ext_begin(struct buf *b, const char *oid, bool critical, size_t *ret_octets)
{
	size_t seq = der_begin(b, DER_SEQUENCE);

	der_put_oid(b, oid);
	if (critical)
		der_put_bool(b, true);
	*ret_octets = der_begin(b, DER_OCTET_STRING);
	return seq;
}

static void
ext_end(struct buf *b, size_t seq, size_t octets)
{
	der_end(b, octets);
	der_end(b, seq);
}

static const char *
policy(struct arena *a, unsigned i)
{
	return arena_cstr(a, arena_printf(a, "1.2.%u", i + 3));
}

static void
put_policies(struct buf *b, unsigned n, struct arena *a)
{
	size_t octets, seq = ext_begin(b, "2.5.29.32", false, &octets), list = der_begin(b, DER_SEQUENCE), at;

	for (unsigned i = 0; i < n; i++) {
		at = der_begin(b, DER_SEQUENCE);
		der_put_oid(b, policy(a, i));
		der_end(b, at);
	}
	der_end(b, list);
	ext_end(b, seq, octets);
	seq = ext_begin(b, "2.5.29.33", true, &octets);
	list = der_begin(b, DER_SEQUENCE);
	for (unsigned i = 0; i < n * n; i++) {
		at = der_begin(b, DER_SEQUENCE);
		der_put_oid(b, policy(a, i / n));
		der_put_oid(b, policy(a, i % n));
		der_end(b, at);
	}
	der_end(b, list);
	ext_end(b, seq, octets);
}

static void
put_names(struct buf *b, const struct made *m, struct arena *a)
{
	size_t octets, seq = ext_begin(b, "2.5.29.17", false, &octets), list = der_begin(b, DER_SEQUENCE);

	for (unsigned i = 0; i < m->names; i++)
		der_put(b, DER_CTX(2), blob_of(arena_printf(a, "h%u.example", i)));
	der_end(b, list);
	ext_end(b, seq, octets);
}

static void
put_permitted(struct buf *b, const struct made *m, struct arena *a)
{
	size_t octets, seq = ext_begin(b, "2.5.29.30", true, &octets), constraints = der_begin(b, DER_SEQUENCE),
		       list = der_begin(b, DER_CTX_CONS(0)), at;

	for (unsigned i = 0; i < m->permitted; i++) {
		at = der_begin(b, DER_SEQUENCE);
		der_put(b, DER_CTX(2), blob_of(arena_printf(a, "p%u.test", i)));
		der_end(b, at);
	}
	der_end(b, list);
	der_end(b, constraints);
	ext_end(b, seq, octets);
}

static void
put_extensions(struct buf *b, const struct made *m, struct arena *a)
{
	size_t outer = der_begin(b, DER_CTX_CONS(3)), all = der_begin(b, DER_SEQUENCE), octets, seq, in;
	uint8_t id = (uint8_t)m->key;

	seq = ext_begin(b, "2.5.29.19", true, &octets);
	in = der_begin(b, DER_SEQUENCE);
	if (m->ca)
		der_put_bool(b, true);
	der_end(b, in);
	ext_end(b, seq, octets);
	seq = ext_begin(b, "2.5.29.14", false, &octets);
	der_put(b, DER_OCTET_STRING, BLOB(&id, 1));
	ext_end(b, seq, octets);
	seq = ext_begin(b, "2.5.29.35", false, &octets);
	in = der_begin(b, DER_SEQUENCE);
	id = (uint8_t)m->signer;
	der_put(b, DER_CTX(0), BLOB(&id, 1));
	der_end(b, in);
	ext_end(b, seq, octets);
	if (m->san) {
		seq = ext_begin(b, "2.5.29.17", false, &octets);
		in = der_begin(b, DER_SEQUENCE);
		der_put(b, DER_CTX(2), blob_of(str_c(m->san)));
		der_end(b, in);
		ext_end(b, seq, octets);
	}
	if (m->names)
		put_names(b, m, a);
	if (m->permitted)
		put_permitted(b, m, a);
	if (m->mappings)
		put_policies(b, m->mappings, a);
	der_end(b, all);
	der_end(b, outer);
}

static const struct path_cert *
make(struct arena *a, struct made m)
{
	BUF(b, 1 << 18);
	const struct path_cert *c;
	struct blob spki, sig, der;
	size_t tbs = der_begin(&b, DER_SEQUENCE), at;
	ERR(e);

	at = der_begin(&b, DER_CTX_CONS(0));
	der_put_int(&b, 2);
	der_end(&b, at);
	der_put_int(&b, 1 + m.key);
	buf_put_blob(&b, key_sig_alg(KEY_EC_P256));
	put_name(&b, m.issuer);
	at = der_begin(&b, DER_SEQUENCE);
	der_put_time(&b, NOW - 100 * MS_DAY);
	der_put_time(&b, NOW + (m.expired ? -1 : 1) * MS_DAY);
	der_end(&b, at);
	put_name(&b, m.subject);
	assert_int_equal(key_spki(keys[m.key], a, &spki, &e), 0);
	buf_put_blob(&b, spki);
	put_extensions(&b, &m, a);
	der_end(&b, tbs);
	assert_int_equal(key_sign(keys[m.signer], buf_blob(&b), a, &sig, &e), 0);
	der = cert_assemble(buf_blob(&b), KEY_EC_P256, sig, a);
	assert_int_equal(path_cert_new(a, der, &c, &e), 0);
	return c;
}

static const char *
ca_name(struct arena *a, unsigned i)
{
	return arena_cstr(a, arena_printf(a, "CA %u", i));
}

/* Every CA has certified every other: the pool holds n * (n - 1) certificates, and the root's of the last. */
static size_t
web_of_cas(struct arena *a, unsigned n, const struct path_cert **pool)
{
	size_t k = 0;

	for (unsigned i = 0; i < n; i++) {
		for (unsigned j = 0; j < n; j++) {
			if (i != j)
				pool[k++] = make(a, (struct made){ca_name(a, i), ca_name(a, j), i, j, .ca = true});
		}
	}
	pool[k++] = make(a, (struct made){ca_name(a, n - 1), "Root", n - 1, ROOT, .ca = true});
	return k;
}

static bool
has_fault(const struct path_result *r, enum path_code code, int at)
{
	for (unsigned i = 0; i < r->n_faults; i++) {
		if (r->faults[i].code == code && r->faults[i].at == at)
			return true;
	}
	return false;
}

static void
a_chain_is_found_in_a_web_of_cross_signed_cas(void **state)
{
	ARENA(a);
	const struct path_cert *pool[KEYS * KEYS], *anchor = make(&a, (struct made){"Root", "Root", ROOT, ROOT, .ca = true});
	struct path_query q = {.leaf = make(&a, (struct made){"leaf", "CA 0", 1, 0}), .pool = pool, .anchors = &anchor,
		.n_anchors = 1, .now_ms = NOW, .max_depth = -1};
	struct path_result r;
	ERR(e);

	(void)state;
	q.n_pool = web_of_cas(&a, KEYS, pool);
	assert_int_equal(path_find(&q, &a, &r, &e), 0);
	assert_true(r.ok && r.anchored);
	assert_ptr_equal(r.chain[r.n_chain - 1], anchor);
	assert_true(r.n_signatures < SIGNATURES_MOST);
}

static void
a_web_without_a_good_chain_ends_the_search(void **state)
{
	ARENA(a);
	const struct path_cert *pool[KEYS * KEYS];
	/* the way out is there by name and key, but its last step is signed by another key */
	const struct path_cert *anchor = make(&a, (struct made){"Root", "Root", 0, 0, .ca = true});
	struct path_query q = {.leaf = make(&a, (struct made){"leaf", "CA 0", 1, 0}), .pool = pool, .anchors = &anchor,
		.n_anchors = 1, .now_ms = NOW, .max_depth = -1};
	struct path_result r;
	ERR(e);

	(void)state;
	q.n_pool = web_of_cas(&a, KEYS, pool);
	assert_int_equal(path_find(&q, &a, &r, &e), 0);
	assert_false(r.ok);
	assert_true(r.n_faults > 0 && r.n_signatures <= SIGNATURES_MOST);
}

static void
an_expired_alternative_is_passed_over(void **state)
{
	ARENA(a);
	const struct path_cert *anchor = make(&a, (struct made){"Root", "Root", ROOT, ROOT, .ca = true});
	const struct path_cert *pool[2] = {make(&a, (struct made){"CA 0", "Root", 0, ROOT, .ca = true, .expired = true}),
		make(&a, (struct made){"CA 0", "Root", 0, ROOT, .ca = true})};
	struct path_query q = {.leaf = make(&a, (struct made){"leaf", "CA 0", 1, 0}), .pool = pool, .n_pool = 2,
		.anchors = &anchor, .n_anchors = 1, .now_ms = NOW, .max_depth = -1};
	struct path_result r;
	ERR(e);

	(void)state;
	assert_int_equal(path_find(&q, &a, &r, &e), 0);
	assert_true(r.ok);
	assert_ptr_equal(r.chain[1], pool[1]);
	q.n_pool = 1;
	assert_int_equal(path_find(&q, &a, &r, &e), 0);
	assert_false(r.ok);
	assert_true(has_fault(&r, PATH_EXPIRED, 1) && r.n_faults == 1);
}

static void
all_faults_of_a_chain_are_told_with_their_places(void **state)
{
	ARENA(a);
	const struct path_cert *anchor = make(&a, (struct made){"Root", "Root", ROOT, ROOT, .ca = true, .expired = true});
	const struct path_cert *pool[1] = {make(&a, (struct made){"CA 0", "Root", 0, ROOT, .ca = false})};
	struct path_query q = {.leaf = make(&a, (struct made){"leaf", "CA 0", 1, 2, .expired = true, .san = "a_b.example"}),
		.pool = pool, .n_pool = 1, .anchors = &anchor, .n_anchors = 1, .now_ms = NOW, .max_depth = 0};
	struct path_result r;
	ERR(e);

	(void)state;
	assert_int_equal(x509_peer_dns(STR("example.com"), &q.peer, &e), 0);
	assert_int_equal(path_find(&q, &a, &r, &e), 0);
	assert_false(r.ok);
	assert_int_equal(r.n_chain, 3);
	assert_true(has_fault(&r, PATH_EXPIRED, 0) && has_fault(&r, PATH_NAME_MISMATCH, 0));
	assert_true(has_fault(&r, PATH_NAME_FORM, 0) && has_fault(&r, PATH_SIGNATURE, 0));
	assert_true(has_fault(&r, PATH_ISSUER_KEY_ID, 0) && has_fault(&r, PATH_NO_CA, 1));
	assert_true(has_fault(&r, PATH_EXPIRED, 2) && has_fault(&r, PATH_TOO_LONG, -1));
}

static void
a_tolerated_fault_is_told_and_does_not_spoil_the_chain(void **state)
{
	ARENA(a);
	const struct path_cert *anchor = make(&a, (struct made){"Root", "Root", ROOT, ROOT, .ca = true});
	const struct path_cert *pool[1] = {make(&a, (struct made){"CA 0", "Root", 0, ROOT, .ca = true, .expired = true})};
	struct path_query q = {.leaf = make(&a, (struct made){"leaf", "CA 0", 1, 0, .san = "a_b.example"}), .pool = pool,
		.n_pool = 1, .anchors = &anchor, .n_anchors = 1, .now_ms = NOW, .max_depth = -1,
		.tolerated = 1ULL << PATH_EXPIRED};
	struct path_result r;
	ERR(e);

	(void)state;
	assert_int_equal(path_find(&q, &a, &r, &e), 0);
	assert_true(!r.ok && r.n_faults == 2);
	q.tolerated |= 1ULL << PATH_NAME_FORM;
	assert_int_equal(path_find(&q, &a, &r, &e), 0);
	assert_true(r.ok && r.n_faults == 2 && has_fault(&r, PATH_EXPIRED, 1) && r.faults[0].tolerated);
	/* whatever is tolerated, a signature must verify and an anchor must stand at the end */
	q.tolerated = UINT64_MAX;
	q.leaf = make(&a, (struct made){"leaf", "CA 0", 1, 2});
	assert_int_equal(path_find(&q, &a, &r, &e), 0);
	assert_true(!r.ok && has_fault(&r, PATH_SIGNATURE, 0));
	q.leaf = make(&a, (struct made){"leaf", "CA 0", 1, 0});
	q.n_anchors = 0;
	assert_int_equal(path_find(&q, &a, &r, &e), 0);
	assert_true(!r.ok && has_fault(&r, PATH_NO_ISSUER, 1));
}

static void
policies_mapped_each_to_each_do_not_explode(void **state)
{
	enum { LONG = 10, EACH = 20 };
	ARENA(a);
	const struct path_cert *anchor = make(&a, (struct made){"Root", "Root", ROOT, ROOT, .ca = true}), *pool[LONG];
	struct path_query q = {.leaf = make(&a, (struct made){"leaf", "CA 9", 11, 9}), .pool = pool, .n_pool = LONG,
		.anchors = &anchor, .n_anchors = 1, .now_ms = NOW, .max_depth = -1, .explicit_policy = true};
	int64_t start = clock_mono_ms();
	struct path_result r;
	ERR(e);

	(void)state;
	for (unsigned i = 0; i < LONG; i++)
		pool[i] = make(&a, (struct made){ca_name(&a, i), i ? ca_name(&a, i - 1) : "Root", i, i ? i - 1 : ROOT, .ca = true,
			.mappings = EACH});
	assert_int_equal(path_find(&q, &a, &r, &e), 0);
	/* the leaf has no policy, and one is required */
	assert_true(!r.ok && has_fault(&r, PATH_POLICY, -1) && r.n_faults == 1);
	/* a tree would have 20^10 leaves */
	assert_true(clock_mono_ms() - start < 10000);
}

static void
a_chain_without_an_anchor_says_what_is_missing(void **state)
{
	ARENA(a);
	const struct path_cert *root = make(&a, (struct made){"Root", "Root", ROOT, ROOT, .ca = true});
	struct path_query q = {.leaf = make(&a, (struct made){"leaf", "Root", 1, ROOT}), .now_ms = NOW, .max_depth = -1};
	struct path_result r;
	ERR(e);

	(void)state;
	assert_int_equal(path_find(&q, &a, &r, &e), 0);
	assert_true(!r.ok && has_fault(&r, PATH_NO_ISSUER, 0) && r.n_faults == 1);
	q.pool = &root;
	q.n_pool = 1;
	assert_int_equal(path_find(&q, &a, &r, &e), 0);
	assert_true(!r.ok && has_fault(&r, PATH_UNTRUSTED, 1) && r.n_faults == 1);
	q.leaf = root;
	q.anchors = &root;
	q.n_anchors = 1;
	q.n_pool = 0;
	assert_int_equal(path_find(&q, &a, &r, &e), 0);
	assert_true(!r.ok && has_fault(&r, PATH_IS_ANCHOR, 0));
}

static void
many_names_under_many_constraints_end_the_search(void **state)
{
	ARENA(a);
	const struct path_cert *pool[24], *anchor = make(&a, (struct made){"Root", "Root", ROOT, ROOT, .ca = true});
	struct path_query q = {.leaf = make(&a, (struct made){"leaf", "CA 0", 1, 0, .names = 1100}), .pool = pool,
		.n_pool = ARRAY_LEN(pool), .anchors = &anchor, .n_anchors = 1, .now_ms = NOW, .max_depth = -1};
	struct path_result r;
	ERR(e);

	(void)state;
	for (unsigned i = 0; i < ARRAY_LEN(pool); i++)
		pool[i] = make(&a, (struct made){"CA 0", "Root", 0, ROOT, .ca = true, .permitted = 1000});
	assert_int_equal(path_find(&q, &a, &r, &e), 0);
	assert_true(!r.ok && has_fault(&r, PATH_GIVEN_UP, -1));
	/* one of them alone is judged to its end */
	q.n_pool = 1;
	assert_int_equal(path_find(&q, &a, &r, &e), 0);
	assert_true(!r.ok && !has_fault(&r, PATH_GIVEN_UP, -1) && has_fault(&r, PATH_NAME_NOT_PERMITTED, 0));
}

static void
a_pile_of_certificates_of_one_name_ends_the_search_for_a_bundle(void **state)
{
	ARENA(a);
	struct intake in;
	struct bundle b;
	ERR(e);

	(void)state;
	intake_init(&in, &a);
	for (unsigned i = 0; i < 170; i++) {
		const struct path_cert *c = make(&a, (struct made){"CA 0", "CA 0", i % KEYS, (i + 1) % KEYS, .ca = true,
			.san = arena_printf(&a, "h%u.example", i).p});
		struct blob der = arena_blob(&a, c->x.der);

		/* signed by nobody */
		((uint8_t *)der.p)[der.n - 1] ^= 1;
		in.v[in.n++] = (struct item){.kind = ITEM_CERT, .file = "file", .der = der};
	}
	bundle_find(&in, &a, &b, &e);
	assert_int_equal(err_faults(&e), E_TOO_LARGE);
}

static int
keys_make(void **state)
{
	ERR(e);

	(void)state;
	assert_int_equal(psl_init(&e), 0);
	for (unsigned i = 0; i <= KEYS; i++)
		assert_int_equal(key_generate(KEY_EC_P256, &keys[i], &e), 0);
	return 0;
}

static int
keys_free(void **state)
{
	(void)state;
	for (unsigned i = 0; i <= KEYS; i++)
		keys[i] = key_free(keys[i]);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chain_is_found_in_a_web_of_cross_signed_cas),
		cmocka_unit_test(a_web_without_a_good_chain_ends_the_search),
		cmocka_unit_test(an_expired_alternative_is_passed_over),
		cmocka_unit_test(all_faults_of_a_chain_are_told_with_their_places),
		cmocka_unit_test(a_tolerated_fault_is_told_and_does_not_spoil_the_chain),
		cmocka_unit_test(policies_mapped_each_to_each_do_not_explode),
		cmocka_unit_test(many_names_under_many_constraints_end_the_search),
		cmocka_unit_test(a_pile_of_certificates_of_one_name_ends_the_search_for_a_bundle),
		cmocka_unit_test(a_chain_without_an_anchor_says_what_is_missing),
	};

	return cmocka_run_group_tests(tests, keys_make, keys_free);
}
