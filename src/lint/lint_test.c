/* SPDX-License-Identifier: Apache-2.0 */
/* Each rule has a row that breaks it, and it alone, in a certificate that breaks none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/der.h"
#include "base/hex.h"
#include "lint/lint.h"

enum base { EC, RSA, SM2, OV, EV, PRIVATE, SUB, ROOT, BASES };
enum part { NOTHING, VERSION, SERIAL, SIG_ALG, ISSUER, VALIDITY, SUBJECT, SPKI, AFTER_SPKI, PARTS };

#define EXTS 12
struct cert {
	struct blob part[PARTS];
	unsigned n;
	struct {
		const char *oid;
		int critical; /* 2: FALSE written out */
		struct blob value;
	} ext[EXTS];
};

#define KU_OID "2.5.29.15"
#define SAN_OID "2.5.29.17"
#define BC_OID "2.5.29.19"
#define CDP_OID "2.5.29.31"
#define CP_OID "2.5.29.32"
#define AKI_OID "2.5.29.35"
#define EKU_OID "2.5.29.37"
#define SKI_OID "2.5.29.14"
#define AIA_OID "1.3.6.1.5.5.7.1.1"
#define FEATURE_OID "1.3.6.1.5.5.7.1.24"

#define P256_ALG "301306072a8648ce3d020106082a8648ce3d030107"
#define SIG_EC "300a06082a8648ce3d040302"
#define SIG_RSA "300d06092a864886f70d01010b0500"
#define SIG_SM2 "300a06082a811ccf55018375"
#define HEX32 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HTTP "687474703a2f2f61" /* http://a */
#define CDP_HEX "3010300ea00ca00a8608" HTTP
#define AIA_OCSP "301406082b060105050730018608" HTTP
#define AIA_CA "301406082b060105050730028608" HTTP

static struct blob
hex(struct arena *a, const char *s)
{
	struct blob b;

	assert_true(hex_decode(a, str_c(s), &b));
	return b;
}

/* "c=CN|o=Example+ou=x|cn:p=www": '|' ends an RDN, '+' an attribute; after the colon the string type. */
static struct blob
subject(struct arena *a, const char *text)
{
	static const struct {
		const char *key, *oid;
		uint8_t tag;
	} keys[] = {
		{"c", "2.5.4.6", DER_PRINTABLE_STRING},
		{"st", "2.5.4.8", DER_UTF8_STRING},
		{"l", "2.5.4.7", DER_UTF8_STRING},
		{"o", "2.5.4.10", DER_UTF8_STRING},
		{"ou", "2.5.4.11", DER_UTF8_STRING},
		{"cn", "2.5.4.3", DER_UTF8_STRING},
		{"sn", "2.5.4.5", DER_PRINTABLE_STRING},
		{"bc", "2.5.4.15", DER_UTF8_STRING},
		{"jc", "1.3.6.1.4.1.311.60.2.1.3", DER_PRINTABLE_STRING},
		{"dc", "0.9.2342.19200300.100.1.25", DER_IA5_STRING},
	};
	BUF(b, 4000);
	size_t name = der_begin(&b, DER_SEQUENCE);
	struct str rest = str_c(text);

	while (rest.n) {
		struct str rdn = str_cut(&rest, '|');
		size_t set = der_begin(&b, DER_SET);

		while (rdn.n) {
			struct str value = str_cut(&rdn, '+'), key = str_cut(&value, '='), type = key;
			size_t at = der_begin(&b, DER_SEQUENCE);
			size_t i = 0;

			key = str_cut(&type, ':');
			while (!str_eq_c(key, keys[i].key))
				assert_true(++i < ARRAY_LEN(keys));
			der_put_oid(&b, keys[i].oid);
			der_put(&b, !type.n ? keys[i].tag :
				type.p[0] == 'p' ? DER_PRINTABLE_STRING :
				type.p[0] == 'u' ? DER_UTF8_STRING : 0x14, blob_of(value));
			der_end(&b, at);
		}
		der_end(&b, set);
	}
	der_end(&b, name);
	return arena_blob(a, buf_blob(&b));
}

/* "a.example,ip:7f000001" */
static struct blob
san(struct arena *a, const char *text)
{
	BUF(b, 4000);
	size_t all = der_begin(&b, DER_SEQUENCE);
	struct str rest = str_c(text);

	while (rest.p) {
		struct str one = str_cut(&rest, ',');

		if (str_starts(one, STR("ip:")))
			der_put(&b, DER_CTX(7), hex(a, arena_cstr(a, (struct str){one.p + 3, one.n - 3})));
		else if (str_starts(one, STR("mail:")))
			der_put(&b, DER_CTX(1), blob_of(one));
		else
			der_put(&b, DER_CTX(2), blob_of(one));
	}
	der_end(&b, all);
	return arena_blob(a, buf_blob(&b));
}

static struct blob
rsa_spki(struct arena *a, unsigned octets, uint8_t first, uint8_t last, const char *exponent)
{
	BUF(b, 4000);
	uint8_t *n = arena_alloc(a, octets);
	size_t all = der_begin(&b, DER_SEQUENCE), bits, key;

	memset(n, 0x5a, octets);
	n[0] = first;
	n[octets - 1] = last;
	buf_put_blob(&b, hex(a, "300d06092a864886f70d0101010500"));
	bits = der_begin_bits(&b);
	key = der_begin(&b, DER_SEQUENCE);
	der_put_unsigned(&b, BLOB(n, octets));
	buf_put_blob(&b, hex(a, exponent));
	der_end(&b, key);
	der_end(&b, bits);
	der_end(&b, all);
	return arena_blob(a, buf_blob(&b));
}

static void
add(struct cert *c, const char *oid, int critical, struct blob value)
{
	assert_true(c->n < EXTS);
	c->ext[c->n].oid = oid;
	c->ext[c->n].critical = critical;
	c->ext[c->n++].value = value;
}

static void
good_exts(struct cert *c, enum base base, struct arena *a)
{
	bool ca = base == SUB || base == ROOT;
	const char *policy = base == OV ? "300a300806" "0667810c010202" :
			     base == EV ? "3009300706" "0567810c0101" :
			     base == SUB ? "30083006060455" "1d2000" : "300a3008060667810c010201";

	add(c, BC_OID, 1, hex(a, ca ? "30030101ff" : "3000"));
	add(c, KU_OID, 1, hex(a, ca ? "03020106" : base == RSA ? "030205a0" : "03020780"));
	if (ca)
		add(c, SKI_OID, 0, hex(a, "04020102"));
	if (base == ROOT)
		return;
	add(c, AKI_OID, 0, hex(a, "300480020102"));
	add(c, CP_OID, 0, hex(a, policy));
	add(c, EKU_OID, 0, hex(a, "300a06082b06010505070301"));
	if (!ca)
		add(c, SAN_OID, 0, san(a, base == PRIVATE ? "intranet,ip:0a000001,www.example.com" :
			"www.example.com,example.com"));
	add(c, CDP_OID, 0, hex(a, CDP_HEX));
	add(c, AIA_OID, 0, hex(a, "302c" AIA_OCSP AIA_CA));
}

static void
good(struct cert *c, enum base base, struct arena *a)
{
	static const char *const subjects[BASES] = {
		[EC] = "cn=www.example.com",
		[RSA] = "cn=www.example.com",
		[SM2] = "c=CN|o=Example|cn=www.example.com",
		[OV] = "c=CN|st=Zhejiang|o=Example|cn=www.example.com",
		[EV] = "jc=CN|bc=Private Organization|sn=91330|c=CN|st=Zhejiang|o=Example|cn=www.example.com",
		[PRIVATE] = "ou=x|cn=intranet",
		[SUB] = "c=CN|o=Signet|cn=Signet CA 1",
		[ROOT] = "c=CN|o=Signet|cn=Signet Root 1",
	};

	*c = (struct cert){0};
	c->part[VERSION] = hex(a, "a003020102");
	c->part[SERIAL] = hex(a, "02110165000000aabbccddeeff001122334455");
	c->part[SIG_ALG] = hex(a, base == RSA ? SIG_RSA : base == SM2 ? SIG_SM2 : SIG_EC);
	c->part[ISSUER] = subject(a, subjects[ROOT]);
	/* 2026-11-21 to 2027-06-08, 200 days with both ends */
	c->part[VALIDITY] = hex(a, "301e170d3236313132313030303030305a170d3237303630383233353935395a");
	c->part[SUBJECT] = subject(a, subjects[base]);
	c->part[SPKI] = base == RSA ? rsa_spki(a, 256, 0xc1, 0x01, "0203010001") :
		hex(a, base == SM2 ? "3059301306072a8648ce3d020106082a811ccf5501822d034200" "04" HEX32 HEX32 :
		"3059" P256_ALG "034200" "04" HEX32 HEX32);
	good_exts(c, base, a);
}

static struct blob
assemble(const struct cert *c, struct arena *a)
{
	BUF(b, 100000);
	size_t all = der_begin(&b, DER_SEQUENCE), exts, list;

	for (unsigned i = VERSION; i < PARTS; i++)
		buf_put_blob(&b, c->part[i]);
	exts = der_begin(&b, DER_CTX_CONS(3));
	list = der_begin(&b, DER_SEQUENCE);
	for (unsigned i = 0; i < c->n; i++) {
		size_t one;

		if (!c->ext[i].oid)
			continue;
		one = der_begin(&b, DER_SEQUENCE);
		der_put_oid(&b, c->ext[i].oid);
		if (c->ext[i].critical)
			der_put_bool(&b, c->ext[i].critical == 1);
		der_put(&b, DER_OCTET_STRING, c->ext[i].value);
		der_end(&b, one);
	}
	der_end(&b, list);
	der_end(&b, exts);
	der_end(&b, all);
	assert_false(b.over);
	return arena_blob(a, buf_blob(&b));
}

enum ext_act { KEEP, DROP, VALUE, CRITICAL, ADD };

struct row {
	const char *rule;
	enum base base;
	enum part part; /* replaced by hex */
	const char *hex;
	const char *subject, *san, *aia;
	enum ext_act act;
	const char *oid, *value;
	int critical;
	struct {
		unsigned octets;
		uint8_t first, last;
		const char *exponent;
	} rsa;
};

#define LABEL63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define TEXT60 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define VALIDITY_HEX(until) "301e170d3236313132313030303030305a170d" until

static const struct row rows[] = {
	{"version-3", EC, VERSION, "a003020101"},
	{"version-3", EC, VERSION, ""},
	{"serial-positive", EC, SERIAL, "0211ff65000000aabbccddeeff001122334455"},
	{"serial-length", EC, SERIAL, "02150165000000aabbccddeeff0011223344550000" "0000"},
	{"serial-length", EC, SERIAL, "021500" "8165000000aabbccddeeff00112233445500" "0000"},
	{"serial-entropy", EC, SERIAL, "020701020304050607"},
	{"sig-alg-bytes", EC, SIG_ALG, "300c06082a8648ce3d0403020500"},
	{"sig-alg-bytes", RSA, SIG_ALG, "300b06092a864886f70d01010b"},
	{"sig-alg-bytes", RSA, SIG_ALG, "300d06092a864886f70d0101050500"}, /* SHA-1 */
	{"sig-alg-bytes", EC, SIG_ALG, SIG_SM2},
	{"issuer-empty", EC, ISSUER, "3000"},
	{"validity-order", EC, VALIDITY, VALIDITY_HEX("3236313132303233353935395a")},
	{"validity-max", EC, VALIDITY, VALIDITY_HEX("3237303630393030303030305a")}, /* one second more */
	{"time-form", EC, VALIDITY,
		"3020180f32303236313132313030303030305a170d3237303630383233353935395a"},
	{"unique-ids", EC, AFTER_SPKI, "8102" "0001"},
	{"unique-ids", EC, AFTER_SPKI, "8202" "0001"},
	{"key-alg-bytes", EC, SPKI, "305b301506072a8648ce3d020106082a8648ce3d0301070500034200" "04" HEX32 HEX32},
	{"key-alg-bytes", EC, SPKI, "302a300506032b6570032100" HEX32},
	{"key-alg-bytes", EC, SPKI, "3059301306072a8648ce3d020106082a811ccf5501822d034200" "04" HEX32 HEX32},
	{"key-point", EC, SPKI, "3039" P256_ALG "032200" "02" HEX32},
	{"key-point", EC, SPKI, "3039" P256_ALG "032200" "04" HEX32},
	{"key-rsa-form", RSA, SPKI, "3015300d06092a864886f70d0101010500030400" "020101"},
	{"key-rsa-size", RSA, .rsa = {128, 0xc1, 1, "0203010001"}},
	{"key-rsa-size", RSA, .rsa = {256, 0x71, 1, "0203010001"}},
	{"key-rsa-odd", RSA, .rsa = {256, 0xc1, 2, "0203010001"}},
	{"key-rsa-exponent", RSA, .rsa = {256, 0xc1, 1, "0203010002"}},
	{"key-rsa-exponent-range", RSA, .rsa = {256, 0xc1, 1, "020103"}},

	{"dn-unreadable", EC, SUBJECT, "30023000"},
	{"dn-unreadable", SM2, SUBJECT, "300631043002" "0500"},
	{"dn-encoding", SM2, .subject = "c:u=CN|o=Example|cn=www.example.com"},
	{"dn-encoding", SM2, .subject = "c=CN|o:t=Example|cn=www.example.com"},
	{"dn-characters", SM2, .subject = "c=CN|o:p=Ex*mple|cn=www.example.com"},
	{"dn-characters", SM2, .subject = "c=CN|o=Ex\x01mple|cn=www.example.com"},
	{"dn-characters", SM2, .subject = "c=CN|o=Ex\xffmple|cn=www.example.com"},
	{"dn-length", SM2, .subject = "c=CN|o=" TEXT60 "bbbbb|cn=www.example.com"},
	{"dn-blank", SM2, .subject = "c=CN|o= Example|cn=www.example.com"},
	{"dn-blank", SM2, .subject = "c=CN|o=-|cn=www.example.com"},
	{"dn-blank", SM2, .subject = "c=CN|o=|cn=www.example.com"},
	{"dn-country", SM2, .subject = "c=cn|o=Example|cn=www.example.com"},
	{"dn-multivalue", SM2, .subject = "c=CN|o=Example+cn=www.example.com"},
	{"dn-duplicate", SM2, .subject = "c=CN|o=Example|cn=www.example.com|cn=example.com"},
	{"dn-order", OV, .subject = "c=CN|o=Example|st=Zhejiang|cn=www.example.com"},
	{"dn-ou", OV, .subject = "c=CN|st=Zhejiang|o=Example|ou=Dept|cn=www.example.com"},
	{"dv-subject", EC, .subject = "o=Example|cn=www.example.com"},
	{"ov-subject", OV, .subject = "c=CN|o=Example|cn=www.example.com"},
	{"ov-subject", OV, .subject = "c=CN|st=Zhejiang|cn=www.example.com"},
	{"ev-subject", EV, .subject = "jc=CN|bc=Private Organization|c=CN|st=Zhejiang|o=Example|cn=www.example.com"},
	{"ev-business", EV,
		.subject = "jc=CN|bc=Company|sn=91330|c=CN|st=Zhejiang|o=Example|cn=www.example.com"},
	{"ca-subject", SUB, .subject = "o=Signet|cn=Signet CA 1"},

	{"san-present", EC, .subject = "c=CN", .act = DROP, .oid = SAN_OID},
	{"san-critical", EC, .act = CRITICAL, .oid = SAN_OID, .critical = 1},
	{"san-critical", EC, .subject = ""},
	{"san-kinds", EC, .san = "www.example.com,mail:a@example.com"},
	{"san-duplicate", EC, .san = "www.example.com,example.com,www.example.com"},
	{"dns-syntax", EC, .san = "www.example.com,a_b.example.com"},
	{"dns-syntax", EC, .san = "www.example.com,-a.example.com"},
	{"dns-syntax", EC, .san = "www.example.com,a-.example.com"},
	{"dns-syntax", EC, .san = "www.example.com,a..example.com"},
	{"dns-syntax", EC, .san = "www.example.com,example.com."},
	{"dns-syntax", EC, .san = "www.example.com,a b.example.com"},
	{"dns-syntax", EC, .san = "www.example.com,\xc3\xa9.example.com"},
	{"dns-syntax", EC, .san = "www.example.com,"},
	{"dns-length", EC, .san = "www.example.com,a" LABEL63 ".example.com"},
	{"dns-length", EC, .san = "www.example.com," LABEL63 "." LABEL63 "." LABEL63 "." LABEL63 ".com"},
	{"dns-lower-case", EC, .san = "www.example.com,Mail.example.com"},
	{"dns-wildcard", EC, .san = "www.example.com,*.*.example.com"},
	{"dns-wildcard", EC, .san = "www.example.com,a*.example.com"},
	{"dns-wildcard", EC, .san = "www.example.com,a.*.com"},
	{"dns-wildcard", EC, .san = "www.example.com,*.com"},
	{"dns-a-label", EC, .san = "www.example.com,ab--cd.example.com"},
	{"dns-a-label", EC, .san = "www.example.com,xn--99999999.example.com"},
	{"dns-a-label", EC, .san = "www.example.com,xn--abc-9.example.com"},
	{"dns-single-label", EC, .san = "www.example.com,intranet"},
	{"dns-special", EC, .san = "www.example.com,www.local"},
	{"dns-special", EC, .san = "www.example.com,1.0.0.10.in-addr.arpa"},
	{"dns-special", EC, .san = "www.example.com,www.123"},
	{"ip-length", EC, .san = "www.example.com,ip:0808080808"},
	{"ip-special", EC, .san = "www.example.com,ip:0a000001"},
	{"ip-special", EC, .san = "www.example.com,ip:ac1fffff"},
	{"ip-special", EC, .san = "www.example.com,ip:fd000000000000000000000000000001"},
	{"cn-in-san", EC, .subject = "cn=mail.example.com"},
	{"cn-in-san", EC, .san = "*.example.com"},

	{"ext-unreadable", EC, .act = VALUE, .oid = EKU_OID, .value = "3000"},
	{"ext-unreadable", EC, .act = VALUE, .oid = BC_OID, .value = "300000"},
	{"ext-unreadable", EC, .act = VALUE, .oid = CP_OID, .value = "30020500"},
	{"ext-duplicate", EC, .act = ADD, .oid = AKI_OID, .value = "300480020102"},
	{"ext-default-false", EC, .act = CRITICAL, .oid = AIA_OID, .critical = 2},
	{"ext-unknown-critical", EC, .act = ADD, .oid = "1.2.3.4", .critical = 1, .value = "0500"},
	{"ext-unknown-critical", EC, .act = ADD, .oid = "1.3.6.1.4.1.11129.2.4.3", .critical = 1, .value = "0500"},
	{"ext-critical", EC, .act = CRITICAL, .oid = KU_OID, .critical = 0},
	{"ext-critical", SUB, .act = CRITICAL, .oid = BC_OID, .critical = 0},
	{"ext-noncritical", EC, .act = CRITICAL, .oid = AKI_OID, .critical = 1},
	{"ext-noncritical", EC, .act = CRITICAL, .oid = EKU_OID, .critical = 1},
	{"bc-default-false", EC, .act = VALUE, .oid = BC_OID, .value = "3003010100"},
	{"bc-path-len", EC, .act = VALUE, .oid = BC_OID, .value = "3003020100"},
	{"ku-present", EC, .act = DROP, .oid = KU_OID},
	{"ku-encoding", EC, .act = VALUE, .oid = KU_OID, .value = "03020080"},
	{"ku-encoding", EC, .act = VALUE, .oid = KU_OID, .value = "030100"},
	{"ku-encoding", EC, .act = VALUE, .oid = KU_OID, .value = "03020781"},
	{"ku-leaf", EC, .act = VALUE, .oid = KU_OID, .value = "03020284"},
	{"ku-ca", SUB, .act = VALUE, .oid = KU_OID, .value = "03020204"},
	{"ku-fits-key", EC, .act = VALUE, .oid = KU_OID, .value = "030205a0"},
	{"ku-fits-key", RSA, .act = VALUE, .oid = KU_OID, .value = "03020388"},
	{"ku-public", EC, .act = VALUE, .oid = KU_OID, .value = "030206c0"},
	{"ku-public", RSA, .act = VALUE, .oid = KU_OID, .value = "03020490"},
	{"ku-sm2-pair", SM2, .act = VALUE, .oid = KU_OID, .value = "030205a0"},
	{"eku-server-auth", EC, .act = DROP, .oid = EKU_OID},
	{"eku-server-auth", SUB, .act = VALUE, .oid = EKU_OID, .value = "300a06082b06010505070302"},
	{"eku-forbidden", EC, .act = VALUE, .oid = EKU_OID, .value = "301006082b060105050703010604551d2500"},
	{"eku-forbidden", EC, .act = VALUE, .oid = EKU_OID,
		.value = "301406082b0601050507030106082b06010505070309"},
	{"eku-root", ROOT, .act = ADD, .oid = EKU_OID, .value = "300a06082b06010505070301"},
	{"policy-present", EC, .act = DROP, .oid = CP_OID},
	{"policy-present", SUB, .act = DROP, .oid = CP_OID},
	{"policy-duplicate", SUB, .act = VALUE, .oid = CP_OID, .value = "301030060604551d200030060604551d2000"},
	{"policy-reserved", EC, .act = VALUE, .oid = CP_OID, .value = "300730050603550102"},
	{"policy-reserved", EC, .act = VALUE, .oid = CP_OID,
		.value = "30143008060667810c0102013008060667810c010203"},
	{"policy-qualifier", EC, .act = VALUE, .oid = CP_OID, .value = "300c300a060667810c0102013000"},
	{"aki-present", EC, .act = DROP, .oid = AKI_OID},
	{"aki-form", EC, .act = VALUE, .oid = AKI_OID, .value = "3007800201028201" "05"},
	{"aki-form", EC, .act = VALUE, .oid = AKI_OID, .value = "3000"},
	{"ski-present", SUB, .act = DROP, .oid = SKI_OID},
	{"ski-form", SUB, .act = VALUE, .oid = SKI_OID, .value = "0101ff"},
	{"aia-form", EC, .act = VALUE, .oid = AIA_OID, .value = "301630140608" "2b060105050730058608" HTTP},
	{"aia-form", EC, .act = VALUE, .oid = AIA_OID,
		.value = "3017301506082b060105050730028609" "68747470733a2f2f61"},
	{"aia-form", EC, .act = VALUE, .oid = AIA_OID, .value = "3000"},
	{"aia-ca-issuers", EC, .act = VALUE, .oid = AIA_OID, .value = "3016" AIA_OCSP},
	{"aia-ca-issuers", EC, .act = DROP, .oid = AIA_OID},
	{"cdp-form", EC, .act = VALUE, .oid = CDP_OID, .value = "3011300fa00da00b8609" "68747470733a2f2f61"},
	{"cdp-form", EC, .act = VALUE, .oid = CDP_OID, .value = "30143012a00ca00a8608" HTTP "81020120"},
	{"cdp-form", EC, .act = VALUE, .oid = CDP_OID, .value = "30203" "00ea00ca00a8608" HTTP "300ea00ca00a8608" HTTP},
	{"revocation-pointer", EC, .aia = "3016" AIA_CA, .act = DROP, .oid = CDP_OID},
	{"feature-form", EC, .act = ADD, .oid = FEATURE_OID, .value = "3003020111"},
};

static struct lint_conf
conf_of(enum base base)
{
	return (struct lint_conf){.public_rules = base != SM2 && base != PRIVATE,
		.max_validity_ms = base == ROOT || base == SUB ? 0 : 200 * MS_DAY};
}

static void
change(struct cert *c, const struct row *row, struct arena *a)
{
	if (row->part)
		c->part[row->part] = hex(a, row->hex);
	if (row->subject)
		c->part[SUBJECT] = subject(a, row->subject);
	if (row->rsa.octets)
		c->part[SPKI] = rsa_spki(a, row->rsa.octets, row->rsa.first, row->rsa.last, row->rsa.exponent);
	if (row->act == ADD)
		add(c, row->oid, row->critical, hex(a, row->value));
	for (unsigned i = 0; i < c->n; i++) {
		if (row->san && strcmp(c->ext[i].oid, SAN_OID) == 0)
			c->ext[i].value = san(a, row->san);
		if (row->aia && strcmp(c->ext[i].oid, AIA_OID) == 0)
			c->ext[i].value = hex(a, row->aia);
		if (!row->oid || strcmp(c->ext[i].oid, row->oid) != 0)
			continue;
		if (row->act == VALUE)
			c->ext[i].value = hex(a, row->value);
		if (row->act == CRITICAL)
			c->ext[i].critical = row->critical;
		if (row->act == DROP)
			c->ext[i--] = c->ext[--c->n];
	}
}

static size_t
lint(const struct cert *c, const struct lint_conf *conf, struct arena *a, struct lint_finding **ret)
{
	ERR(e);
	size_t n = 0;

	if (lint_tbs(assemble(c, a), conf, a, ret, &n, &e) < 0)
		fail_msg("%s", e.msg);
	return n;
}

static void
good_certificates_break_no_rule(void **state)
{
	(void)state;
	for (unsigned base = 0; base < BASES; base++) {
		ARENA(a);
		struct lint_conf conf = conf_of(base);
		struct lint_finding *f;
		struct cert c;

		good(&c, base, &a);
		if (lint(&c, &conf, &a, &f))
			fail_msg("base %u: %s %s", base, f[0].rule->id, f[0].place);
	}
}

static void
each_row_breaks_its_rule_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		ARENA(a);
		const struct row *row = &rows[i];
		struct lint_conf conf = conf_of(row->base);
		struct lint_finding *f;
		struct cert c;
		size_t n;

		good(&c, row->base, &a);
		change(&c, row, &a);
		n = lint(&c, &conf, &a, &f);
		if (n == 0)
			fail_msg("row %zu: %s was not found", i, row->rule);
		for (size_t k = 0; k < n; k++)
			if (strcmp(f[k].rule->id, row->rule) != 0)
				fail_msg("row %zu: %s instead of %s", i, f[k].rule->id, row->rule);
	}
}

static void
each_rule_has_a_row_and_says_where_it_comes_from(void **state)
{
	static const char *seen[2000];
	size_t n = 0;

	(void)state;
	for (const struct lint_rule *r = NULL; (r = lint_next(r));) {
		bool found = r->cure != NULL; /* one of the world's: world_test.c */

		for (size_t i = 0; i < ARRAY_LEN(rows); i++)
			found |= strcmp(rows[i].rule, r->id) == 0;
		if (!found)
			fail_msg("%s has no row", r->id);
		assert_true(*r->source && *r->text);
		for (size_t i = 0; i < n; i++)
			if (strcmp(seen[i], r->id) == 0)
				fail_msg("two rules are called %s", r->id);
		assert_true(n < ARRAY_LEN(seen));
		seen[n++] = r->id;
	}
}

static void
a_certificate_without_any_address_has_no_revocation_pointer(void **state)
{
	ARENA(a);
	struct lint_conf conf = conf_of(EC);
	struct lint_finding *f;
	struct cert c;
	(void)state;

	good(&c, EC, &a);
	change(&c, &(struct row){.act = DROP, .oid = CDP_OID}, &a);
	assert_int_equal(lint(&c, &conf, &a, &f), 0);
	change(&c, &(struct row){.act = VALUE, .oid = AIA_OID, .value = "3016" AIA_CA}, &a);
	assert_int_equal(lint(&c, &conf, &a, &f), 1);
	assert_string_equal(f[0].rule->id, "revocation-pointer");
	/* seven days, both ends counted, need none */
	c.part[VALIDITY] = hex(&a, VALIDITY_HEX("3236313132373233353935395a"));
	assert_int_equal(lint(&c, &conf, &a, &f), 0);
	c.part[VALIDITY] = hex(&a, VALIDITY_HEX("3236313132383030303030305a"));
	assert_int_equal(lint(&c, &conf, &a, &f), 1);
}

static void
a_labels_of_real_names_are_accepted(void **state)
{
	static const char *const names[] = {"xn--fiq228c.xn--fiqs8s", "xn--bcher-kva.example.com",
		"xn--3e0b707e.com", "xn--mgba3a4f16a.net", "xn--80ak6aa92e.com"};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		ARENA(a);
		struct lint_conf conf = conf_of(EC);
		struct lint_finding *f;
		struct cert c;

		good(&c, EC, &a);
		change(&c, &(struct row){.san = arena_printf(&a, "www.example.com,%s", names[i]).p}, &a);
		if (lint(&c, &conf, &a, &f))
			fail_msg("%s: %s", names[i], f[0].rule->id);
	}
}

static void
generalized_time_stands_from_2050_on(void **state)
{
	ARENA(a);
	struct lint_conf conf = {0};
	struct lint_finding *f;
	struct cert c;
	(void)state;

	good(&c, SUB, &a);
	c.part[VALIDITY] = hex(&a, "3020170d3236313132313030303030305a180f32303530303130313030303030305a");
	assert_int_equal(lint(&c, &conf, &a, &f), 0);
	/* the last second before it */
	c.part[VALIDITY] = hex(&a, "3020170d3236313132313030303030305a180f32303439313233313233353935395a");
	assert_int_equal(lint(&c, &conf, &a, &f), 1);
	assert_string_equal(f[0].rule->id, "time-form");
	assert_string_equal(f[0].place, "notAfter");
}

/* Every single changed, missing or added octet is refused or judged, never read past. */
static void
broken_bytes_do_no_harm(void **state)
{
	(void)state;
	for (unsigned base = 0; base < BASES; base++) {
		ARENA(a);
		struct lint_conf conf = conf_of(base);
		struct cert c;
		struct blob tbs;

		good(&c, base, &a);
		tbs = assemble(&c, &a);
		for (size_t i = 0; i < tbs.n; i++) {
			ARENA(one);
			ERR(e);
			/* of its own size, so that a sanitizer sees the end */
			uint8_t *copy = arena_copy(&one, tbs.p, tbs.n);
			struct lint_finding *f;
			size_t n;

			for (unsigned k = 0; k < 3; k++) {
				copy[i] = (uint8_t)(k == 0 ? tbs.p[i] ^ 0xff : k == 1 ? tbs.p[i] + 1 : 0x80);
				if (lint_tbs(BLOB(copy, tbs.n), &conf, &one, &f, &n, &e) < 0)
					assert_int_equal(e.code, E_CERT_UNREADABLE);
			}
			assert_int_equal(lint_tbs(BLOB(tbs.p, i), &conf, &one, &f, &n, &e), E_CERT_UNREADABLE);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_certificates_break_no_rule),
		cmocka_unit_test(each_row_breaks_its_rule_alone),
		cmocka_unit_test(each_rule_has_a_row_and_says_where_it_comes_from),
		cmocka_unit_test(a_certificate_without_any_address_has_no_revocation_pointer),
		cmocka_unit_test(a_labels_of_real_names_are_accepted),
		cmocka_unit_test(generalized_time_stands_from_2050_on),
		cmocka_unit_test(broken_bytes_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
