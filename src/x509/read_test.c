/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates and revocation lists, each written here with one part that a row of a table replaces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/der.h"
#include "base/hex.h"
#include "x509/crl.h"
#include "x509/oid.h"

#define SIG_ALG "300a06082a8648ce3d040302"
#define NAME "300c310a300806035504030c0141"
#define VALIDITY "301e170d3236303130313030303030305a170d3237303130313030303030305a"
#define SPKI "301306072a8648ce3d020106082a8648ce3d030107030200ff"
#define V3 "a003020102"

static void
put_hex(struct buf *b, const char *hex)
{
	ARENA(a);
	struct blob v;

	assert_true(hex_decode(&a, str_c(hex), &v));
	buf_put_blob(b, v);
}

enum critical { PLAIN, CRITICAL, WRITTEN_FALSE };

static const char *
hex_of(struct arena *a, const struct buf *b)
{
	return arena_cstr(a, hex_encode(a, buf_blob(b)));
}

/* An Extension in hexadecimal. */
static const char *
ext(struct arena *a, const char *oid, enum critical critical, const char *value)
{
	BUF(b, 512);
	size_t seq = der_begin(&b, DER_SEQUENCE), octets;

	der_put_oid(&b, oid);
	if (critical != PLAIN)
		der_put_bool(&b, critical == CRITICAL);
	octets = der_begin(&b, DER_OCTET_STRING);
	put_hex(&b, value);
	der_end(&b, octets);
	der_end(&b, seq);
	return hex_of(a, &b);
}

/* A constructed element around what is given in hexadecimal. */
static const char *
in(struct arena *a, uint8_t tag, const char *content)
{
	BUF(b, 4096);
	size_t at = der_begin(&b, tag);

	put_hex(&b, content);
	der_end(&b, at);
	return hex_of(a, &b);
}

static const char *
both(struct arena *a, const char *x, const char *y)
{
	return arena_cstr(a, arena_printf(a, "%s%s", x, y));
}

#define BASIC "2.5.29.19"
#define BASIC_CA ext(&a, BASIC, CRITICAL, "30030101ff")

/* SEQUENCE { tbs, algorithm, BIT STRING } */
static struct blob
signed_of(struct arena *a, const char *const *parts, size_t n)
{
	BUF(b, 65536);
	size_t outer = der_begin(&b, DER_SEQUENCE), tbs = der_begin(&b, DER_SEQUENCE);

	for (size_t i = 0; i < n; i++)
		put_hex(&b, parts[i]);
	der_end(&b, tbs);
	put_hex(&b, SIG_ALG);
	put_hex(&b, "03020000");
	der_end(&b, outer);
	return arena_blob(a, buf_blob(&b));
}

/* extensions: hex of the Extension elements; NULL for none. */
static struct blob
cert_of(struct arena *a, const char *version, const char *serial, const char *validity, const char *extensions)
{
	const char *parts[] = {version, serial, SIG_ALG, NAME, validity, NAME, "3019" SPKI, ""};
	BUF(b, 4096);

	if (extensions) {
		size_t x = der_begin(&b, DER_CTX_CONS(3)), list = der_begin(&b, DER_SEQUENCE);

		put_hex(&b, extensions);
		der_end(&b, list);
		der_end(&b, x);
		parts[7] = arena_cstr(a, hex_encode(a, buf_blob(&b)));
	}
	return signed_of(a, parts, ARRAY_LEN(parts));
}

static void
a_certificate_is_read_with_its_extensions(void **state)
{
	ARENA(a);
	struct x509_cert c;
	const char *extensions;
	ERR(e);

	(void)state;
	extensions = both(&a, BASIC_CA, ext(&a, "2.5.29.15", CRITICAL, "03020186"));
	extensions = both(&a, extensions, ext(&a, "2.5.29.14", PLAIN, "04020102"));
	extensions = both(&a, extensions, ext(&a, "2.5.29.32", PLAIN, "30083006060455042a01"));
	assert_int_equal(x509_cert_read(cert_of(&a, V3, "020101", VALIDITY, extensions), &c, &e), 0);
	assert_int_equal(c.version, 3);
	assert_true(c.ca && c.self_issued && !c.loose_default);
	assert_int_equal(c.path_len, -1);
	assert_int_equal(c.key_usage, X509_KU_SIGNATURE | X509_KU_CERT_SIGN | X509_KU_CRL_SIGN);
	assert_int_equal(c.ski.n, 2);
	assert_true(x509_is_critical(&c, X509_EXT_BASIC) && x509_has(&c, X509_EXT_POLICIES));
	assert_true(c.not_after_ms - c.not_before_ms == 365 * MS_DAY);
}

static void
what_is_no_strict_certificate_is_refused_with_its_place(void **state)
{
	ARENA(a);
	const struct {
		const char *version, *serial, *validity, *extensions, *field;
	} rows[] = {
		{"a003020103", "020101", VALIDITY, BASIC_CA, "version"},
		{"", "020101", VALIDITY, BASIC_CA, "version"}, /* extensions are of version 3 */
		{V3, "0202007f", VALIDITY, BASIC_CA, "serialNumber"}, /* not minimal */
		/* a time without seconds */
		{V3, "020101", "301c170b323630313031303030305a170d3237303130313030303030305a", BASIC_CA, "validity"},
		{V3, "020101", VALIDITY, "", "extensions"}, /* SIZE (1..MAX) */
		{V3, "020101", VALIDITY, both(&a, BASIC_CA, BASIC_CA), "extensions"},
		{V3, "020101", VALIDITY, both(&a, ext(&a, "1.2.3", PLAIN, "0500"), ext(&a, "1.2.3", PLAIN, "0500")), "extensions"},
		{V3, "020101", VALIDITY, ext(&a, BASIC, CRITICAL, "300000"), "extensions.basicConstraints"},
		{V3, "020101", VALIDITY, ext(&a, "2.5.29.15", CRITICAL, "03020187"), "extensions.keyUsage"}, /* a bit behind the last */
		{V3, "020101", VALIDITY, ext(&a, "2.5.29.17", PLAIN, "3000"), "extensions.subjectAltName"},
		{V3, "020101", VALIDITY, ext(&a, "2.5.29.37", PLAIN, "3000"), "extensions.extKeyUsage"},
		{V3, "020101", VALIDITY, ext(&a, "2.5.29.36", CRITICAL, "3000"), "extensions.policyConstraints"},
		{V3, "020101", VALIDITY, ext(&a, "2.5.29.54", CRITICAL, "0201ff"), "extensions.inhibitAnyPolicy"},
		/* 10.0.0.0 with a mask that is no prefix */
		{V3, "020101", VALIDITY, ext(&a, "2.5.29.30", CRITICAL, "300ea00c300a87080a000000ff00ff00"),
			"extensions.nameConstraints"},
	};
	struct x509_cert c;
	ERR(e);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct blob der = cert_of(&a, rows[i].version, rows[i].serial, rows[i].validity, rows[i].extensions);

		assert_int_equal(x509_cert_read(der, &c, &e), E_CERT_UNREADABLE);
		assert_string_equal(e.field, rows[i].field);
	}
	assert_int_equal(x509_cert_read(BLOB("\x30\x00", 2), &c, &e), E_CERT_UNREADABLE);
}

static void
loose_der_is_noted_and_an_unknown_critical_extension_is_named(void **state)
{
	ARENA(a);
	struct x509_cert c;
	ERR(e);

	(void)state;
	assert_int_equal(x509_cert_read(cert_of(&a, V3, "020101", VALIDITY, ext(&a, BASIC, PLAIN, "3003010100")), &c, &e), 0);
	assert_true(c.loose_default && !c.ca);
	assert_int_equal(x509_cert_read(cert_of(&a, V3, "020101", VALIDITY, ext(&a, "2.5.29.15", CRITICAL, "0303078600")), &c, &e), 0);
	assert_true(c.loose_bits && c.key_usage == (X509_KU_SIGNATURE | X509_KU_CERT_SIGN | X509_KU_CRL_SIGN));
	assert_int_equal(x509_cert_read(cert_of(&a, V3, "020101", VALIDITY, ext(&a, "1.2.3", CRITICAL, "0500")), &c, &e), 0);
	assert_true(blob_eq(c.unknown_critical, BLOB("\x2a\x03", 2)));
	assert_int_equal(c.n_extensions, 1);
}

/* -- revocation lists */

#define THIS "170d3236303130313030303030305a"
#define NEXT "170d3237303130313030303030305a"
static int
crl_of(struct arena *a, const char *entries, const char *extensions, struct x509_crl *ret, struct err *e)
{
	const char *parts[] = {"020101", SIG_ALG, NAME, THIS, NEXT, entries, extensions};

	return x509_crl_read(signed_of(a, parts, ARRAY_LEN(parts)), ret, e);
}

static const char *
entry_of(struct arena *a, const char *serial, const char *extensions)
{
	return in(a, DER_SEQUENCE, both(a, both(a, serial, THIS), *extensions ? in(a, DER_SEQUENCE, extensions) : ""));
}

static void
entries_are_walked_with_reason_and_issuer(void **state)
{
	ARENA(a);
	struct x509_crl_walk it;
	struct x509_crl_entry entry;
	const char *entries, *other;
	struct x509_crl l;
	ERR(e);

	(void)state;
	/* GeneralNames with one directoryName */
	other = in(&a, DER_SEQUENCE, in(&a, DER_CTX_CONS(4), "300c310a300806035504030c0142"));
	entries = both(&a, entry_of(&a, "020105", ext(&a, "2.5.29.21", PLAIN, "0a0101")), entry_of(&a, "020106", ""));
	entries = both(&a, entries, entry_of(&a, "020107", ext(&a, "2.5.29.29", CRITICAL, other)));
	entries = both(&a, entries, entry_of(&a, "020108", ""));
	assert_int_equal(crl_of(&a, in(&a, DER_SEQUENCE, entries), "", &l, &e), 0);
	assert_false(l.criticality_wrong);
	it = x509_crl_walk(&l);
	assert_true(x509_crl_next(&it, &entry));
	assert_int_equal(entry.reason, X509_KEY_COMPROMISE);
	assert_true(blob_eq(entry.issuer, l.issuer));
	assert_true(x509_crl_next(&it, &entry));
	assert_int_equal(entry.serial.p[0], 6);
	assert_int_equal(entry.reason, X509_UNSPECIFIED);
	/* RFC 5280 5.3.3: an issuer that an entry names holds for those after it */
	assert_true(x509_crl_next(&it, &entry) && !blob_eq(entry.issuer, l.issuer));
	assert_true(x509_crl_next(&it, &entry) && !blob_eq(entry.issuer, l.issuer));
	assert_false(x509_crl_next(&it, &entry));
}

static void
an_entry_has_no_more_extensions_than_a_certificate(void **state)
{
	ARENA(a);
	struct x509_crl l;
	const char *some = "";
	ERR(e);

	(void)state;
	for (unsigned i = 0; i < X509_EXTENSIONS_MAX; i++)
		some = both(&a, some, ext(&a, arena_cstr(&a, arena_printf(&a, "1.2.3.%u", 1000 + i)), PLAIN, "0500"));
	assert_int_equal(crl_of(&a, in(&a, DER_SEQUENCE, entry_of(&a, "020105", some)), "", &l, &e), 0);
	some = both(&a, some, ext(&a, "1.2.3.1", PLAIN, "0500"));
	assert_int_equal(crl_of(&a, in(&a, DER_SEQUENCE, entry_of(&a, "020105", some)), "", &l, &e), E_CRL_UNREADABLE);
}

/* crlExtensions with an issuingDistributionPoint of n names. */
static const char *
idp_of(struct arena *a, unsigned n)
{
	BUF(b, 65536);
	size_t marks[8], k = 0;

	marks[k++] = der_begin(&b, DER_CTX_CONS(0));
	marks[k++] = der_begin(&b, DER_SEQUENCE);
	marks[k++] = der_begin(&b, DER_SEQUENCE);
	der_put_oid(&b, "2.5.29.28");
	der_put_bool(&b, true);
	marks[k++] = der_begin(&b, DER_OCTET_STRING);
	marks[k++] = der_begin(&b, DER_SEQUENCE);
	marks[k++] = der_begin(&b, DER_CTX_CONS(0));
	marks[k++] = der_begin(&b, DER_CTX_CONS(0));
	for (unsigned i = 0; i < n; i++)
		der_put(&b, DER_CTX(6), blob_of(arena_printf(a, "http://a.example/%u", i)));
	while (k)
		der_end(&b, marks[--k]);
	return hex_of(a, &b);
}

static void
a_list_is_for_no_more_points_than_can_be_compared(void **state)
{
	ARENA(a);
	struct x509_crl l;
	ERR(e);

	(void)state;
	assert_int_equal(crl_of(&a, "", idp_of(&a, 500), &l, &e), 0);
	assert_int_equal(crl_of(&a, "", idp_of(&a, 1000), &l, &e), E_CRL_UNREADABLE);
}

static void
malformed_entries_are_refused(void **state)
{
	ARENA(a);
	const char *const rows[] = {
		entry_of(&a, "020105", ext(&a, "2.5.29.21", PLAIN, "0a0107")), /* a reason that is none */
		entry_of(&a, "020105", ext(&a, "2.5.29.21", PLAIN, "0a01")),
		entry_of(&a, "0500", ""),
		entry_of(&a, "020105", ext(&a, "2.5.29.29", CRITICAL, "3000")),
		in(&a, DER_SEQUENCE, "020105"),
	};
	struct x509_crl l;
	ERR(e);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(crl_of(&a, in(&a, DER_SEQUENCE, rows[i]), "", &l, &e), E_CRL_UNREADABLE);
		assert_string_equal(e.field, "revokedCertificates");
	}
}

static int
list_with(struct arena *a, const char *extensions, struct x509_crl *ret, struct err *e)
{
	return crl_of(a, "", in(a, DER_CTX_CONS(0), in(a, DER_SEQUENCE, extensions)), ret, e);
}

static void
what_a_list_is_for_is_read(void **state)
{
	ARENA(a);
	struct x509_crl l;
	ERR(e);

	(void)state;
	assert_int_equal(list_with(&a, both(&a, ext(&a, "2.5.29.20", PLAIN, "020101"),
		ext(&a, "2.5.29.28", CRITICAL, "30038101ff")), &l, &e), 0);
	assert_true(l.has_idp && l.only_user && !l.only_ca && !l.indirect && !l.criticality_wrong);
	assert_int_equal(l.number.n, 1);
	assert_int_equal(l.idp.reasons, X509_REASONS_ALL);
	/* a written FALSE; users' and CAs' certificates at once */
	assert_int_equal(list_with(&a, ext(&a, "2.5.29.28", CRITICAL, "3003810100"), &l, &e), E_CRL_UNREADABLE);
	assert_int_equal(list_with(&a, ext(&a, "2.5.29.28", CRITICAL, "30068101ff8201ff"), &l, &e), E_CRL_UNREADABLE);
	assert_int_equal(list_with(&a, ext(&a, "2.5.29.20", PLAIN, "0201ff"), &l, &e), E_CRL_UNREADABLE);
	/* a delta that is not marked critical could be taken for a complete list */
	assert_int_equal(list_with(&a, ext(&a, "2.5.29.27", PLAIN, "020101"), &l, &e), 0);
	assert_true(l.base.p && l.criticality_wrong);
}

static void
an_object_identifier_is_of_whole_arcs(UNUSED void **state)
{
	static const struct {
		struct blob der;
		bool ok;
	} rows[] = {
		{BLOB("\x06\x03\x55\x04\x03", 5), true},
		{BLOB("\x06\x02\x88\x37", 4), true},
		/* 2.25 and 128 bits */
		{BLOB("\x06\x14\x69\x83\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 22), true},
		{BLOB("\x06\x00", 2), false},
		{BLOB("\x06\x03\x55\x04\x80", 5), false},
		{BLOB("\x06\x03\x55\x04\x83", 5), false},
		{BLOB("\x06\x04\x55\x04\x80\x03", 6), false},
		{BLOB("\x06\x02\x80\x01", 4), false},
		{BLOB("\x06\x03\x55\x04", 4), false},
		{BLOB("\x04\x03\x55\x04\x03", 5), false},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct cursor c = cursor_of(rows[i].der);
		struct blob oid;

		if (x509_oid_get(&c, &oid) != rows[i].ok || c.bad != !rows[i].ok)
			fail_msg("row %zu", i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_certificate_is_read_with_its_extensions),
		cmocka_unit_test(what_is_no_strict_certificate_is_refused_with_its_place),
		cmocka_unit_test(loose_der_is_noted_and_an_unknown_critical_extension_is_named),
		cmocka_unit_test(entries_are_walked_with_reason_and_issuer),
		cmocka_unit_test(an_entry_has_no_more_extensions_than_a_certificate),
		cmocka_unit_test(a_list_is_for_no_more_points_than_can_be_compared),
		cmocka_unit_test(malformed_entries_are_refused),
		cmocka_unit_test(what_a_list_is_for_is_read),
		cmocka_unit_test(an_object_identifier_is_of_whole_arcs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
