/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/env_test.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/hex.h"
#include "ca/signer_client.h"
#include "crypto/digest.h"
#include "crypto/sm2.h"
#include "os/file.h"
#include "signer/make_tbs_priv.h"

/* -- what is right is signed */

static void
a_leaf_within_the_limits_is_signed_and_logged(void **state)
{
	struct world *w = *state;
	struct blob spki = issuer(w, "ecdsa-1", &leaf_limits), sig, log;
	struct make_tbs m = make_leaf(KEY_EC_P256, subscriber_spki(w));
	struct blob tbs = make_tbs(&m, &w->a);
	uint8_t hash[32];
	ERR(e);

	assert_int_equal(signer_sign_cert(w->c, STR("ecdsa-1"), tbs, &w->a, &sig, &e), 0);
	assert_true(verifies(spki, tbs, sig));
	digest_sha256(tbs, hash);
	assert_int_equal(file_read(w->fd, "log", 65536, &w->a, &log, &e), 0);
	{
		struct str want = arena_printf(&w->a, " cert ecdsa-1 %.*s %.*s\n",
			STRF(hex_encode(&w->a, BLOB(m.serial, SERIAL_LEN))),
			STRF(hex_encode(&w->a, BLOB(hash, 32))));

		assert_true(str_ends(str_of(log), want));
	}
}

static void
the_same_bytes_are_signed_again_and_others_for_the_serial_are_not(void **state)
{
	struct world *w = *state;
	struct blob spki = issuer(w, "i", &leaf_limits), sig;
	struct make_tbs m = make_leaf(KEY_EC_P256, subscriber_spki(w));
	struct blob tbs = make_tbs(&m, &w->a), other;
	ERR(e);

	m.dns[1] = "other.example.com";
	other = make_tbs(&m, &w->a);
	for (int restart = 0; restart < 2; restart++) {
		assert_int_equal(signer_sign_cert(w->c, STR("i"), tbs, &w->a, &sig, &e), 0);
		assert_true(verifies(spki, tbs, sig));
		assert_int_equal(
			signer_sign_cert(w->c, STR("i"), other, &w->a, &sig, &e), E_SERIAL_REUSED);
		stop(w);
		start(w);
	}
}

static void
roots_sign_themselves_and_their_intermediates(void **state)
{
	struct world *w = *state;
	struct blob root = issuer(w, "root", &ca_limits), sub = issuer(w, "sub", &leaf_limits), sig,
		    tbs;
	struct make_tbs m = make_ca(KEY_EC_P256, root, -1);
	ERR(e);

	tbs = make_tbs(&m, &w->a);
	assert_int_equal(signer_sign_ca(w->c, STR("root"), tbs, &w->a, &sig, &e), 0);
	assert_true(verifies(root, tbs, sig));
	m = make_ca(KEY_EC_P256, sub, 0);
	tbs = make_tbs(&m, &w->a);
	assert_int_equal(signer_sign_ca(w->c, STR("root"), tbs, &w->a, &sig, &e), 0);
	assert_true(verifies(root, tbs, sig));
}

static void
crls_answers_and_checkpoints_are_signed(void **state)
{
	struct world *w = *state;
	struct blob spki = issuer(w, "i", &leaf_limits), sig, tbs;
	struct signer_hello h;
	ERR(e);

	tbs = make_crl(KEY_EC_P256, &w->a);
	assert_int_equal(signer_sign_crl(w->c, STR("i"), tbs, &w->a, &sig, &e), 0);
	assert_true(verifies(spki, tbs, sig));
	tbs = make_ocsp(&w->a);
	assert_int_equal(signer_sign_ocsp(w->c, STR("i"), tbs, &w->a, &sig, &e), 0);
	assert_true(verifies(spki, tbs, sig));
	tbs = blob_of(STR(SIGNER_CHECKPOINT_PREFIX "lane 1 head ab\n"));
	assert_int_equal(signer_sign_checkpoint(w->c, tbs, &w->a, &sig, &e), 0);
	assert_int_equal(signer_hello(w->c, &w->a, &h, &e), 0);
	assert_int_equal(h.n, 1);
	assert_true(str_eq_c(h.names[0], "i"));
	assert_true(blob_eq(h.spkis[0], spki));
	assert_true(verifies(h.checkpoint_spki, tbs, sig));
}

/* -- what is wrong is refused by name */

struct wrong {
	const char *what; /* part of the message */
	void (*spoil)(struct make_tbs *m);
	int code; /* 0: E_LIMIT_REFUSED */
};

#define SPOIL(name, ...)                     \
	static void name(struct make_tbs *m) \
	{                                    \
		__VA_ARGS__;                 \
	}
SPOIL(version_1, m->version = -1)
SPOIL(version_2, m->version = 1)
SPOIL(negative_serial, m->serial[0] = 0x81)
SPOIL(padded_serial, m->serial[0] = 0)
SPOIL(short_serial, m->serial_n = 16)
SPOIL(long_serial, m->serial_n = 20; m->serial[SERIAL_LEN] = 1)
SPOIL(stale_serial, serial_new(clock_wall_ms() - 25 * MS_HOUR, m->serial))
SPOIL(old_stale_serial, serial_new(clock_wall_ms() - 30 * MS_DAY, m->serial);
	m->not_before_ms -= 30 * MS_DAY; m->not_after_ms -= 30 * MS_DAY)
SPOIL(future_serial, serial_new(clock_wall_ms() + MS_HOUR, m->serial))
SPOIL(other_algorithm, m->sig_alg = key_sig_alg(KEY_RSA_2048))
SPOIL(too_long, m->not_after_ms = m->not_before_ms + 100 * MS_DAY)
SPOIL(inverted, m->not_after_ms = m->not_before_ms - MS_DAY)
SPOIL(begins_long_ago, m->not_before_ms -= 4 * MS_DAY)
SPOIL(begins_late, m->not_before_ms += 4 * MS_DAY; m->not_after_ms += 4 * MS_DAY)
SPOIL(ended, m->not_before_ms -= 60 * MS_HOUR; m->not_after_ms = m->not_before_ms + MS_HOUR)
SPOIL(is_ca, m->ca = 1)
SPOIL(path_length, m->path_len = 0)
SPOIL(no_usage, m->usage = 0)
SPOIL(usage_cert_sign, m->usage |= KU_CERT_SIGN)
SPOIL(usage_crl_sign, m->usage |= KU_CRL_SIGN)
SPOIL(usage_beyond, m->usage |= KU_KEY_AGREEMENT)
SPOIL(no_eku, m->eku[0] = NULL)
SPOIL(any_eku, m->eku[1] = "2.5.29.37.0")
SPOIL(ocsp_eku, m->eku[0] = "1.3.6.1.5.5.7.3.9")
SPOIL(code_eku, m->eku[1] = "1.3.6.1.5.5.7.3.3")
SPOIL(no_san, m->dns[0] = NULL)
SPOIL(single_label, m->dns[1] = "localhost")
SPOIL(single_wild, m->dns[1] = "*.local")
SPOIL(inner_wild, m->dns[1] = "a.*.example.com")
SPOIL(empty_label, m->dns[1] = "a..example.com")
SPOIL(blank, m->dns[1] = "a b.example.com")
SPOIL(upper_case, m->dns[1] = "A.example.com")
SPOIL(private_ip, m->ip = BLOB("\x0a\x00\x00\x01", 4))
SPOIL(loopback6, m->ip = BLOB("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16))
SPOIL(odd_ip, m->ip = BLOB("\x08\x08\x08", 3))
SPOIL(uri_name, m->uri = true)
SPOIL(foreign_cn, m->subject_cn = "www.example.org")
SPOIL(two_cns, m->before_cn = "localhost")
SPOIL(doubled, m->twice = true)
SPOIL(unknown_extension, m->extra_oid = "1.2.3.4.5")
SPOIL(name_constraints, m->extra_oid = "2.5.29.30")
SPOIL(without_extensions, m->no_extensions = true)
SPOIL(with_unique_id, m->unique_id = true)
SPOIL(with_trailing, m->trailing = true)

static const struct wrong wrongs[] = {
	{"version 3", version_1, 0},
	{"version 3", version_2, 0},
	{"positive INTEGER", negative_serial, 0},
	{"octets", short_serial, 0},
	{"octets", long_serial, 0},
	{"", padded_serial, 0},
	{"made", stale_serial, E_SERIAL_STALE},
	{"made", old_stale_serial, E_SERIAL_STALE},
	{"future", future_serial, 0},
	{"algorithm", other_algorithm, 0},
	{"limit is", too_long, 0},
	{"ends before", inverted, 0},
	{"too far", begins_long_ago, 0},
	{"too far", begins_late, 0},
	{"has ended", ended, 0},
	{"CA certificate", is_ca, 0},
	{"CA certificate", path_length, 0},
	{"no keyUsage", no_usage, 0},
	{"may sign", usage_cert_sign, 0},
	{"may sign", usage_crl_sign, 0},
	{"beyond", usage_beyond, 0},
	{"no extKeyUsage", no_eku, 0},
	{"any purpose", any_eku, 0},
	{"OCSP signing", ocsp_eku, 0},
	{"code signing", code_eku, 0},
	{"no subjectAltName", no_san, 0},
	{"localhost", single_label, 0},
	{"*.local", single_wild, 0},
	{"no name", inner_wild, 0},
	{"no name", empty_label, 0},
	{"no name", blank, 0},
	{"no name", upper_case, 0},
	{"not public", private_ip, 0},
	{"not public", loopback6, 0},
	{"wrong length", odd_ip, 0},
	{"neither", uri_name, 0},
	{"commonName", foreign_cn, 0},
	{"two common names", two_cns, 0},
	{"twice", doubled, 0},
	{"unknown kind", unknown_extension, 0},
	{"unknown kind", name_constraints, 0},
	{"extensions", without_extensions, 0},
	{"extensions", with_unique_id, 0},
	{"TBSCertificate", with_trailing, 0},
};

static void
every_hard_limit_on_leaves_is_refused_by_name(void **state)
{
	struct world *w = *state;
	struct blob spki = (issuer(w, "i", &leaf_limits), subscriber_spki(w)), sig;

	for (size_t i = 0; i < ARRAY_LEN(wrongs); i++) {
		struct make_tbs m = make_leaf(KEY_EC_P256, spki);
		int want = wrongs[i].code ? wrongs[i].code : E_LIMIT_REFUSED;
		ERR(e);

		wrongs[i].spoil(&m);
		if (signer_sign_cert(w->c, STR("i"), make_tbs(&m, &w->a), &w->a, &sig, &e) != want)
			fail_msg("row %zu (%s): %d %s", i, wrongs[i].what, e.code, e.msg);
		if (!strstr(e.msg, wrongs[i].what))
			fail_msg("row %zu: \"%s\" does not name \"%s\"", i, e.msg, wrongs[i].what);
	}
}

static void
an_issuer_of_any_name_signs_single_labels_and_private_addresses(void **state)
{
	struct world *w = *state;
	struct blob sig;
	struct make_tbs m;
	ERR(e);

	issuer(w, "any", &any_limits);
	m = make_leaf(KEY_EC_P256, subscriber_spki(w));
	m.dns[1] = "localhost";
	m.ip = BLOB("\x7f\0\0\x01", 4);
	m.subject_cn = "127.0.0.1";
	assert_int_equal(
		signer_sign_cert(w->c, STR("any"), make_tbs(&m, &w->a), &w->a, &sig, &e), 0);
	serial_new(clock_wall_ms(), m.serial);
	m.subject_cn = NULL;
	assert_int_equal(
		signer_sign_cert(w->c, STR("any"), make_tbs(&m, &w->a), &w->a, &sig, &e), 0);
}

struct wrong_ca {
	const char *what, *issuer, *subject; /* subject: an issuer's name, NULL: a foreign key */
	int path_len;
	void (*spoil)(struct make_tbs *m);
};

SPOIL(nothing, (void)m)
SPOIL(no_ca, m->ca = 0)
SPOIL(no_cert_sign, m->usage = KU_CRL_SIGN)
SPOIL(more_usage, m->usage |= KU_KEY_AGREEMENT)
SPOIL(names, m->dns[0] = "example.com")
SPOIL(another_name, m->subject_cn = "Someone")
SPOIL(same_name, m->subject_cn = m->issuer_cn)
SPOIL(fifteen_years, m->not_after_ms = m->not_before_ms + 5500 * MS_DAY)

static const struct wrong_ca wrong_cas[] = {
	{"signs no CA", "sub", "sub", -1, nothing},
	{"none of this signer's", "root", NULL, 0, nothing},
	{"pathLenConstraint 0", "root", "sub", 1, nothing},
	{"pathLenConstraint 0", "root", "other-root", 0, nothing},
	{"critical basicConstraints", "root", "sub", -1, no_ca},
	{"keyUsage", "root", "sub", 0, no_cert_sign},
	{"keyUsage", "root", "sub", 0, more_usage},
	{"subjectAltName", "root", "sub", 0, names},
	{"names itself", "root", "root", -1, another_name},
	{"does not name itself", "root", "sub", 0, same_name},
	{"limit is", "root", "sub", 0, fifteen_years},
};

static void
every_hard_limit_on_cas_is_refused_by_name(void **state)
{
	struct world *w = *state;
	struct blob root = issuer(w, "root", &ca_limits),
		    other = issuer(w, "other-root", &ca_limits);
	struct blob sub = issuer(w, "sub", &leaf_limits), foreign = subscriber_spki(w), sig;

	for (size_t i = 0; i < ARRAY_LEN(wrong_cas); i++) {
		const struct wrong_ca *x = &wrong_cas[i];
		struct str s = str_c(x->subject);
		struct blob spki = str_eq_c(s, "root")	       ? root
				   : str_eq_c(s, "sub")	       ? sub
				   : str_eq_c(s, "other-root") ? other
							       : foreign;
		struct make_tbs m = make_ca(KEY_EC_P256, spki, x->path_len);
		ERR(e);

		x->spoil(&m);
		if (signer_sign_ca(w->c, str_c(x->issuer), make_tbs(&m, &w->a), &w->a, &sig, &e) !=
			E_LIMIT_REFUSED)
			fail_msg("row %zu (%s): %d %s", i, x->what, e.code, e.msg);
		if (!strstr(e.msg, x->what))
			fail_msg("row %zu: \"%s\" does not name \"%s\"", i, e.msg, x->what);
	}
}

static void
a_leaf_for_an_issuers_key_and_a_leaf_by_a_root_are_refused(void **state)
{
	struct world *w = *state;
	struct blob sub = issuer(w, "sub", &leaf_limits), sig;
	struct make_tbs m = make_leaf(KEY_EC_P256, sub);
	ERR(e);

	issuer(w, "root", &ca_limits);
	assert_int_equal(signer_sign_cert(w->c, STR("sub"), make_tbs(&m, &w->a), &w->a, &sig, &e),
		E_LIMIT_REFUSED);
	m = make_leaf(KEY_EC_P256, subscriber_spki(w));
	assert_int_equal(signer_sign_cert(w->c, STR("root"), make_tbs(&m, &w->a), &w->a, &sig, &e),
		E_LIMIT_REFUSED);
	assert_int_equal(signer_sign_cert(w->c, STR("none"), make_tbs(&m, &w->a), &w->a, &sig, &e),
		E_ISSUER_UNKNOWN);
	assert_int_equal(
		signer_sign_cert(w->c, STR("../kek"), make_tbs(&m, &w->a), &w->a, &sig, &e),
		E_ISSUER_UNKNOWN);
}

static void
no_question_signs_the_content_of_another(void **state)
{
	struct world *w = *state;
	struct blob root = issuer(w, "root", &ca_limits), sub = issuer(w, "sub", &leaf_limits);
	struct make_tbs leaf = make_leaf(KEY_EC_P256, subscriber_spki(w)),
			ca = make_ca(KEY_EC_P256, root, -1);
	struct signer_key k;
	ERR(e);

	assert_int_equal(
		signer_key_new(w->c, SEAL_SUBSCRIBER_KEY, 1, KEY_EC_P256, &w->a, &k, &e), 0);
	{
		const struct blob bytes[] = {
			make_tbs(&leaf, &w->a),
			make_tbs(&ca, &w->a),
			make_crl(KEY_EC_P256, &w->a),
			make_ocsp(&w->a),
			blob_of(STR(SIGNER_CHECKPOINT_PREFIX "x\n")),
			make_csr(k.spki, &w->a),
			make_csr(sub, &w->a),
			BLOB("", 0),
		};
		/* which kind each question may sign */
		static const int own[] = {0, 1, 2, 3, 4, 5};

		for (size_t q = 0; q < 6; q++) {
			for (size_t i = 0; i < ARRAY_LEN(bytes); i++) {
				struct str by = q == 1 ? STR("root") : STR("sub");
				struct blob sig;
				int r;

				err_clear(&e);
				r = q == 0   ? signer_sign_cert(w->c, by, bytes[i], &w->a, &sig, &e)
				    : q == 1 ? signer_sign_ca(w->c, by, bytes[i], &w->a, &sig, &e)
				    : q == 2 ? signer_sign_crl(w->c, by, bytes[i], &w->a, &sig, &e)
				    : q == 3 ? signer_sign_ocsp(w->c, by, bytes[i], &w->a, &sig, &e)
				    : q == 4 ? signer_sign_checkpoint(
						       w->c, bytes[i], &w->a, &sig, &e)
					     : signer_key_sign_csr(
						       w->c, &k, bytes[i], &w->a, &sig, &e);
				if ((r == 0) != ((int)i == own[q]))
					fail_msg("question %zu, bytes %zu: %d %s", q, i, r, e.msg);
				if (r < 0)
					assert_int_equal(r, E_LIMIT_REFUSED);
			}
		}
	}
}

/* -- births */

static void
a_birth_repeated_finds_the_same_key_and_other_limits_conflict(void **state)
{
	struct world *w = *state;
	struct blob first = issuer(w, "i", &leaf_limits), again;
	ERR(e);

	for (int restart = 0; restart < 2; restart++) {
		assert_true(blob_eq(issuer(w, "i", &leaf_limits), first));
		assert_int_equal(signer_issuer_new(w->c, STR("i"), KEY_EC_P256, &any_limits, &w->a,
					 &again, &e),
			E_CONFLICT);
		assert_int_equal(signer_issuer_new(w->c, STR("i"), KEY_EC_P384, &leaf_limits, &w->a,
					 &again, &e),
			E_CONFLICT);
		stop(w);
		start(w);
	}
}

static void
issuers_names_are_checked(void **state)
{
	static const char *const bad[] = {"", "A", "a.b", "a/b", "..", "a_b", "checkpoint",
		"12345678901234567890123456789012345678901"};
	struct world *w = *state;
	struct blob spki;
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_true(signer_issuer_new(w->c, str_c(bad[i]), KEY_EC_P256, &leaf_limits, &w->a,
				    &spki, &e) < 0);
	assert_int_equal(
		signer_issuer_new(w->c, STR("x"), KEY_OTHER, &leaf_limits, &w->a, &spki, &e),
		E_KEY_ALGORITHM);
	issuer(w, "1234567890123456789012345678901234567890", &leaf_limits);
}

static void *
bear(void *arg)
{
	struct signer_client *c = arg;
	ARENA(a);
	struct blob spki;
	uint8_t *hash = malloc(32);
	ERR(e);

	if (signer_issuer_new(c, STR("raced"), KEY_EC_P384, &leaf_limits, &a, &spki, &e) < 0)
		memset(hash, 0, 32);
	else
		digest_sha256(spki, hash);
	return hash;
}

static void
simultaneous_births_of_one_name_give_one_key(void **state)
{
	struct world *w = *state;
	pthread_t t[8];
	uint8_t *hash[8];

	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		assert_int_equal(pthread_create(&t[i], NULL, bear, w->c), 0);
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		pthread_join(t[i], (void **)&hash[i]);
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		assert_memory_equal(hash[i], hash[0], 32);
		assert_true(hash[i][0] || hash[i][1] || hash[i][2]);
	}
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		free(hash[i]);
}

static int
try_open(struct world *w, struct err *e)
{
	struct signer *s = NULL;
	int r = signer_open_dir(w->fd, &s, e);

	signer_close(s);
	return r;
}

static void
a_birth_cut_off_is_swept_and_done_anew(void **state)
{
	struct world *w = *state;
	ERR(e);

	issuer(w, "i", &leaf_limits);
	assert_int_equal(unlinkat(w->fd, "i.limits", 0), 0);
	stop(w);
	start(w);
	assert_int_equal(faccessat(w->fd, "i.key", F_OK, 0), -1);
	issuer(w, "i", &any_limits);
	assert_int_equal(try_open(w, &e), 0);
}

static void
a_directory_that_lost_a_part_is_refused(void **state)
{
	struct world *w = *state;
	ERR(e);

	issuer(w, "i", &leaf_limits);
	issuer(w, "j", &leaf_limits);
	stop(w);
	/* the key of another issuer */
	assert_int_equal(renameat(w->fd, "i.key", w->fd, "i.away"), 0);
	assert_int_equal(linkat(w->fd, "j.key", w->fd, "i.key", 0), 0);
	assert_int_equal(try_open(w, &e), E_SEAL_BROKEN);
	assert_int_equal(unlinkat(w->fd, "i.key", 0), 0);
	assert_int_equal(try_open(w, &e), E_NOT_FOUND);
	assert_int_equal(renameat(w->fd, "i.away", w->fd, "i.key"), 0);
	/* another wrapping key, or none */
	assert_int_equal(renameat(w->fd, "kek", w->fd, "kek.away"), 0);
	assert_int_equal(try_open(w, &e), E_SEAL_BROKEN);
	assert_int_equal(file_write_atomic(w->fd, "kek",
				 BLOB("0123456789abcdef0123456789abcdef", 32), 0600, &e),
		0);
	assert_int_equal(try_open(w, &e), E_SEAL_BROKEN);
	assert_int_equal(renameat(w->fd, "kek.away", w->fd, "kek"), 0);
	/* limits widened by hand are still limits that parse; a damaged file is refused */
	assert_int_equal(file_write_atomic(w->fd, "i.limits", BLOB("x\n", 2), 0600, &e), 0);
	assert_int_equal(try_open(w, &e), E_IO);
	assert_int_equal(unlinkat(w->fd, "i.limits", 0), 0);
	start(w);
}

/* -- many at once */

enum { SIGNERS = 16, EACH = 20 };

struct burst {
	struct world *w;
	struct blob spki;
	atomic_uint ok;
};

static void *
sign_many(void *arg)
{
	struct burst *b = arg;

	for (int i = 0; i < EACH; i++) {
		ARENA(a);
		struct make_tbs m = make_leaf(KEY_EC_P256, b->spki);
		struct blob sig;
		ERR(e);

		if (signer_sign_cert(b->w->c, STR("i"), make_tbs(&m, &a), &a, &sig, &e) == 0)
			atomic_fetch_add(&b->ok, 1);
	}
	return NULL;
}

static unsigned
count(struct str text, struct str what)
{
	unsigned n = 0;

	for (const char *p = text.p; (p = memmem(p, (size_t)(text.p + text.n - p), what.p, what.n));
		p += what.n)
		n++;
	return n;
}

static void
concurrent_signatures_are_each_in_the_log_once(void **state)
{
	struct world *w = *state;
	struct burst b = {.w = w};
	pthread_t t[SIGNERS];
	struct blob log;
	ERR(e);

	issuer(w, "i", &leaf_limits);
	b.spki = subscriber_spki(w);
	for (size_t i = 0; i < SIGNERS; i++)
		assert_int_equal(pthread_create(&t[i], NULL, sign_many, &b), 0);
	for (size_t i = 0; i < SIGNERS; i++)
		pthread_join(t[i], NULL);
	assert_int_equal(atomic_load(&b.ok), SIGNERS * EACH);
	assert_int_equal(file_read(w->fd, "log", 1 << 20, &w->a, &log, &e), 0);
	assert_int_equal(count(str_of(log), STR(" cert i ")), SIGNERS * EACH);
}

static void
a_malformed_question_is_refused(void **state)
{
	struct world *w = *state;

	for (uint16_t op = 0; op < 20; op++) {
		BUF(reply, 65536);
		ARENA(a);
		ERR(e);

		assert_int_equal(
			signer_handle(w->s, op, BLOB("\xff\xff\xff\xff\0\0\0\1zzzzzzzzzzzz", 20),
				&a, &reply, &e),
			E_IPC);
	}
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_leaf_within_the_limits_is_signed_and_logged),
		T(the_same_bytes_are_signed_again_and_others_for_the_serial_are_not),
		T(roots_sign_themselves_and_their_intermediates),
		T(crls_answers_and_checkpoints_are_signed),
		T(every_hard_limit_on_leaves_is_refused_by_name),
		T(an_issuer_of_any_name_signs_single_labels_and_private_addresses),
		T(every_hard_limit_on_cas_is_refused_by_name),
		T(a_leaf_for_an_issuers_key_and_a_leaf_by_a_root_are_refused),
		T(no_question_signs_the_content_of_another),
		T(a_birth_repeated_finds_the_same_key_and_other_limits_conflict),
		T(issuers_names_are_checked),
		T(simultaneous_births_of_one_name_give_one_key),
		T(a_birth_cut_off_is_swept_and_done_anew),
		T(a_directory_that_lost_a_part_is_refused),
		T(concurrent_signatures_are_each_in_the_log_once),
		T(a_malformed_question_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
