/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of the world: what the suites of tests/vectors/lint do not break, and what holds for all rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/der.h"
#include "base/hex.h"
#include "lint/lint.h"

#define P256 "3059301306072a8648ce3d020106082a8648ce3d030107034200" "04"
#define HEX32 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define CN_A "3014311230100603550403" "0c09" "612e6578616d706c65" /* a.example */
#define V_2024 "301e170d3234303530313030303030305a170d3234303630313030303030305a"

/* Parts in hex; NULL: as in the good one. */
struct cert {
	const char *rule;
	const char *version, *serial, *alg, *issuer, *validity, *subject, *spki, *ext_oid, *ext;
	int critical;
	const char *outer;
	int times; /* more of the same extension */
	const char *more; /* further extensions, whole */
	bool no_exts;
};

static struct blob
hex(struct arena *a, const char *s)
{
	struct blob b;

	assert_true(hex_decode(a, str_c(s), &b));
	return b;
}

static void
put(struct buf *b, struct arena *a, const char *part, const char *otherwise)
{
	buf_put_blob(b, hex(a, part ? part : otherwise));
}

static void
put_exts(struct buf *b, struct arena *a, const struct cert *c)
{
	size_t outer = der_begin(b, DER_CTX_CONS(3)), list = der_begin(b, DER_SEQUENCE), one;

	/* basicConstraints, empty and critical */
	if ((!c->ext_oid || strcmp(c->ext_oid, "2.5.29.19") != 0) && (!c->more || !strstr(c->more, "0603551d13")))
		buf_put_blob(b, hex(a, "300c0603551d130101ff0402" "3000"));
	for (int i = 0; c->ext_oid && i < c->times + 1; i++) {
		one = der_begin(b, DER_SEQUENCE);
		der_put_oid(b, c->ext_oid);
		if (c->critical)
			der_put_bool(b, c->critical == 1);
		der_put(b, DER_OCTET_STRING, hex(a, c->ext));
		der_end(b, one);
	}
	if (c->more)
		put(b, a, c->more, NULL);
	der_end(b, list);
	der_end(b, outer);
}

static struct blob
assemble(const struct cert *c, struct arena *a)
{
	BUF(b, 100000);
	size_t all = der_begin(&b, DER_SEQUENCE), tbs = der_begin(&b, DER_SEQUENCE);
	const char *alg = c->alg ? c->alg : "300a06082a8648ce3d040302";

	put(&b, a, c->version, "a003020102");
	put(&b, a, c->serial, "02090123456789abcdef01");
	put(&b, a, alg, NULL);
	put(&b, a, c->issuer, "300d310b300906035504061302" "434e");
	put(&b, a, c->validity, V_2024);
	put(&b, a, c->subject, CN_A);
	put(&b, a, c->spki, P256 HEX32 HEX32);
	if (!c->no_exts)
		put_exts(&b, a, c);
	der_end(&b, tbs);
	put(&b, a, c->outer ? c->outer : alg, NULL);
	buf_put_blob(&b, hex(a, "030400" "300500"));
	der_end(&b, all);
	assert_false(b.over);
	return arena_blob(a, buf_blob(&b));
}

static const struct lint_finding *
find(const struct lint_finding *f, size_t n, const char *rule)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(f[i].rule->id, rule) == 0)
			return &f[i];
	return NULL;
}

static const struct lint_finding *
judge(const struct cert *c, const char *rule, struct arena *a)
{
	struct lint_conf conf = {.public_rules = true};
	struct lint_finding *f;
	size_t n;

	lint_certificate(assemble(c, a), &conf, a, &f, &n);
	if (find(f, n, "certificate-malformed"))
		fail_msg("%s: %s", rule, f[0].place);
	return find(f, n, rule);
}

static const struct cert rows[] = {
	{"time-utc-zulu", .validity = "3022171132343035303130303030" "30302b30313030170d3234303630313030303030305a"},
	{"time-utc-seconds", .validity = "301c170b323430353031303030305a170d3234303630313030303030305a"},
	{"time-generalized-zulu", .validity = "3024170d3234303530313030303030305a1813323035313036303130303030" "30302b30313030"},
	{"time-generalized-seconds", .validity = "301e170d3234303530313030303030305a180d3230353130363031303030305a"},
	{"time-generalized-fraction",
		.validity = "3022170d3234303530313030303030305a18113230353130363031303030303030" "2e315a"},
	{"time-generalized-syntax",
		.validity = "3022170d3234303530313030303030305a18113230353130363031303030303030" "2e315a"},
	{"time-early-generalized", .validity = "3020180f32303234303530313030303030305a170d3234303630313030303030305a"},
	{"validity-negative", .validity = "301e170d3234303630313030303030305a170d3234303530313030303030305a"},
	{"validity-endless", .validity = "3020170d3234303530313030303030305a180f32313530303530313030303030305a"},
	{"serial-not-positive", .serial = "020100"},
	{"serial-not-positive", .serial = "0201ff"},
	{"serial-long", .serial = "0221" "01" HEX32},
	{"serial-short", .serial = "020101"},
	{"signature-differs", .outer = "300a06082a8648ce3d040303"},
	{"signature-syntax", .alg = "300c06082a8648ce3d0403020500"},
	{"signature-unknown", .alg = "300d06092a864886f70d0101040500"},
	{"signature-rsa-null", .alg = "300b06092a864886f70d01010b"},
	{"dn-malformed", .subject = "30023000"},
	{"subject-printable", .subject = "3011310f300d060355040a1306" "45782a6d706c"},
	{"subject-utf8", .subject = "300d310b3009060355040a0c02" "ff41"},
	{"subject-control", .subject = "300d310b3009060355040a0c02" "0141"},
	{"subject-legacy-string", .subject = "300d310b3009060355040a1402" "4141"},
	{"subject-serial-string", .subject = "300d310b300906035504050c02" "3132"},
	{"subject-blank-before", .subject = "300d310b3009060355040a0c02" "2041"},
	{"subject-blank-behind", .subject = "300d310b3009060355040a0c02" "4120"},
	{"subject-country-length", .subject = "300e310c300a060355040613" "03434e4e"},
	{"issuer-blank-before", .issuer = "300d310b3009060355040a0c02" "2041"},
	{"issuer-blank-behind", .issuer = "300d310b3009060355040a0c02" "4120"},
	{"issuer-serial-string", .issuer = "300d310b300906035504050c02" "3132"},
	{"issuer-empty-name", .issuer = "3000"},
	{"spki-unreadable", .spki = "3000"},
	{"spki-rsa-unreadable", .spki = "3015300d06092a864886f70d0101010500030400" "020101"},
	{"rsa-even", .spki = "301f300d06092a864886f70d0101010500030e00300b" "020400c00002" "0203010001"},
	{"ec-point", .spki = "3039301306072a8648ce3d020106082a8648ce3d030107032200" "02" HEX32},
	{"ec-unnamed", .spki = "3011300b06072a8648ce3d02013000" "03020004"},
	{"edwards-parameters", .spki = "302c300706032b65700500032100" HEX32},
	{"sm2-point", .spki = "3039301306072a8648ce3d020106082a811ccf5501822d032200" "02" HEX32},
	{"sm2-pair", .spki = "3059301306072a8648ce3d020106082a811ccf5501822d034200" "04" HEX32 HEX32,
		.ext_oid = "2.5.29.15", .ext = "030205a0", .critical = 1},
	{"ext-explicit-default", .ext_oid = "2.5.29.14", .ext = "04020102", .critical = 2},
	{"ext-malformed", .ext_oid = "2.5.29.37", .ext = "0500"},
	{"ext-duplicates", .ext_oid = "2.5.29.14", .ext = "04020102", .times = 1},
	{"ext-critical-unknown", .ext_oid = "1.2.3.4", .ext = "0500", .critical = 1},
	{"ext-empty", .ext_oid = "2.5.29.31", .ext = "3000"},
	{"ski-long", .ext_oid = "2.5.29.14", .ext = "0421" "00" HEX32},
	{"ski-empty", .ext_oid = "2.5.29.14", .ext = "0400"},
	{"aki-no-key", .ext_oid = "2.5.29.35", .ext = "3000"},
	{"aki-serial-alone", .ext_oid = "2.5.29.35", .ext = "3003" "820105"},
	{"freshest-critical", .ext_oid = "2.5.29.46", .ext = "3002" "3000", .critical = 1},
	{"dir-attrs-critical", .ext_oid = "2.5.29.9", .ext = "3000", .critical = 1},
	{"poison-form", .ext_oid = "1.3.6.1.4.1.11129.2.4.3", .ext = "0500"},
	{"nocheck-syntax", .ext_oid = "1.3.6.1.5.5.7.48.1.5", .ext = "0400"},
	{"ocsp-nocheck-critical", .ext_oid = "1.3.6.1.5.5.7.48.1.5", .ext = "0500", .critical = 1},
	{"feature-syntax", .ext_oid = "1.3.6.1.5.5.7.1.24", .ext = "3000"},
	{"bc-path-length-negative", .ext_oid = "2.5.29.19", .ext = "30060101ff0201ff", .critical = 1},
	{"ku-unused-bits", .ext_oid = "2.5.29.15", .ext = "03020781", .critical = 1},
	{"ku-only-without-agreement", .ext_oid = "2.5.29.15", .ext = "03020081", .critical = 1},
	{"eku-twice", .ext_oid = "2.5.29.37", .ext = "301406082b0601050507030106082b06010505070301"},
	{"eku-leaf-ocsp", .ext_oid = "2.5.29.37", .ext = "301406082b0601050507030106082b06010505070309"},
	{"policy-twice", .ext_oid = "2.5.29.32", .ext = "301430080606" "67810c010201" "30080606" "67810c010201"},
	{"policy-constraints-critical", .ext_oid = "2.5.29.36", .ext = "3003" "800100"},
	{"policy-constraints-empty", .ext_oid = "2.5.29.36", .ext = "3000", .critical = 1},
	{"names-minimum", .ext_oid = "2.5.29.30", .ext = "300aa0083006" "820161" "800101", .critical = 1},
	{"names-maximum", .ext_oid = "2.5.29.30", .ext = "300aa0083006" "820161" "810101", .critical = 1},
	{"names-empty", .ext_oid = "2.5.29.30", .ext = "3000", .critical = 1},
	{"names-registered-id", .ext_oid = "2.5.29.30", .ext = "3008a0063004" "88022a03", .critical = 1},
	{"san-ip-length", .ext_oid = "2.5.29.17", .ext = "3005" "8703010203"},
	{"san-x400", .ext_oid = "2.5.29.17", .ext = "3002" "a300"},
	{"san-dns-ia5", .ext_oid = "2.5.29.17", .ext = "3004" "8202c3a9"},
	{"san-dns-space", .ext_oid = "2.5.29.17", .ext = "3003" "820120"},
	{"san-dns-nul", .ext_oid = "2.5.29.17", .ext = "3005" "8203610061"},
	{"san-dns-period", .ext_oid = "2.5.29.17", .ext = "3004" "82022e61"},
	{"san-no-entries", .ext_oid = "2.5.29.17", .ext = "3000"},
	{"san-mail-format", .ext_oid = "2.5.29.17", .ext = "3004" "81026162"},
	{"san-uri-relative", .ext_oid = "2.5.29.17", .ext = "3004" "86026162"},
	{"ian-dns-space", .ext_oid = "2.5.29.18", .ext = "3003" "820120"},
	{"san-dns-wildcard-inside", .ext_oid = "2.5.29.17", .ext = "3005" "8203612a62"},
	{"dns-label-empty", .ext_oid = "2.5.29.17", .ext = "3006" "8204612e2e62"},
	{"dns-one-label", .ext_oid = "2.5.29.17", .ext = "3003" "820161"},
	/* the tables: a purpose or policy, and what must not stand or be missing beside it */
	{"tls-no-extensions", .no_exts = true},
	{"tls-aki-missing", .more = "30130603551d25040c300a06082b06010505070301"},
	{"tls-aia-missing", .more = "30130603551d25040c300a06082b06010505070301"},
	{"tls-policies-missing", .more = "30130603551d25040c300a06082b06010505070301"},
	{"tls-eku-missing", .more = "30130603551d20040c300a3008060667810c010201"},
	{"tls-san-missing", .more = "30130603551d25040c300a06082b06010505070301"},
	{"tls-names-present",
		.more = "30130603551d25040c300a06082b0601050507030130150603551d1e0101ff040b3009a0073005820361"
			"2e62"},
	{"tls-aia-critical",
		.more = "30130603551d25040c300a06082b06010505070301302a06082b060105050701010101ff041b30193017"
			"06082b06010505073001860b687474703a2f2f612e622f"},
	{"tls-policies-critical",
		.more = "30130603551d25040c300a06082b0601050507030130160603551d200101ff040c300a3008060667810c"
			"010201"},
	{"tls-cdp-critical",
		.more = "30130603551d25040c300a06082b06010505070301301f0603551d1f0101ff041530133011a00fa00d86"
			"0b687474703a2f2f612e622f"},
	{"tls-eku-critical", .more = "30160603551d250101ff040c300a06082b06010505070301"},
	{"tls-sct-critical",
		.more = "30130603551d25040c300a06082b060105050703013015060a2b06010401d6790204020101ff04040402"
			"0000"},
	{"tls-ca-aki-missing",
		.more = "300f0603551d130101ff040530030101ff30130603551d25040c300a06082b06010505070301"},
	{"tls-ca-ski-missing",
		.more = "300f0603551d130101ff040530030101ff30130603551d25040c300a06082b06010505070301"},
	{"tls-ca-ku-missing",
		.more = "300f0603551d130101ff040530030101ff30130603551d25040c300a06082b06010505070301"},
	{"tls-ca-aki-critical",
		.more = "300f0603551d130101ff040530030101ff30130603551d25040c300a06082b0601050507030130100603"
			"551d230101ff0406300480026162"},
	{"tls-ca-ski-critical",
		.more = "300f0603551d130101ff040530030101ff30130603551d25040c300a06082b06010505070301300e0603"
			"551d0e0101ff040404026162"},
	{"tls-ca-policies-critical",
		.more = "300f0603551d130101ff040530030101ff30130603551d25040c300a06082b0601050507030130160603"
			"551d200101ff040c300a3008060667810c010201"},
	{"tls-ca-eku-critical",
		.more = "300f0603551d130101ff040530030101ff30160603551d250101ff040c300a06082b06010505070301"},
	{"tls-ca-sct-critical",
		.more = "300f0603551d130101ff040530030101ff30130603551d25040c300a06082b060105050703013015060a"
			"2b06010401d6790204020101ff040404020000"},
	{"tls-ca-usage",
		.more = "300f0603551d130101ff040530030101ff300e0603551d0f0101ff040403020146"},
	{"tls-ca-precertificates",
		.more = "300f0603551d130101ff040530030101ff301f0603551d250418301606082b06010505070301060a2b06"
			"010401d679020404"},
	{"tls-ca-excluded-directory",
		.more = "300f0603551d130101ff040530030101ff30130603551d25040c300a06082b0601050507030130200603"
			"551d1e0101ff04163014a1123010a40e300c310a3008060355040a0c0178"},
	{"ocsp-aki-missing",
		.more = "30130603551d25040c300a06082b06010505070309300f06092b060105050730010504020500"},
	{"ocsp-ku-missing",
		.more = "30130603551d25040c300a06082b06010505070309300f06092b060105050730010504020500"},
	{"ocsp-ski-missing",
		.more = "30130603551d25040c300a06082b06010505070309300f06092b060105050730010504020500"},
	{"ocsp-eku-missing", .more = "300f06092b060105050730010504020500"},
	{"ocsp-names",
		.more = "30130603551d25040c300a06082b0601050507030930150603551d1e0101ff040b3009a0073005820361"
			"2e62"},
	{"tls-eku-code", .more = "301d0603551d250416301406082b0601050507030106082b06010505070303"},
	{"tls-eku-mail", .more = "301d0603551d250416301406082b0601050507030106082b06010505070304"},
	{"tls-eku-stamp",
		.more = "301d0603551d250416301406082b0601050507030106082b06010505070308"},
	{"tls-eku-any", .more = "30190603551d250412301006082b060105050703010604551d2500"},
	{"tls-eku-precertificates",
		.more = "301f0603551d250418301606082b06010505070301060a2b06010401d679020404"},
	{"tls-none-reserved",
		.more = "30130603551d25040c300a06082b06010505070301300f0603551d2004083006300406022a03"},
	{"tls-access-no-uri",
		.more = "30130603551d25040c300a06082b06010505070301301f06082b0601050507010104133011300f06082b"
			"060105050730018203612e62"},
	{"tls-point-relative",
		.more = "30130603551d25040c300a06082b0601050507030130190603551d1f04123010300ea00ca10a30080603"
			"5504030c0178"},
	{"tls-san-kind",
		.more = "30130603551d25040c300a06082b0601050507030130100603551d110409300781056140622e63"},
	{"tls-name-long",
		.subject = "304c314a3048060355042a0c417878787878787878787878787878787878787878787878787878787878"
			"787878787878787878787878787878787878787878787878787878787878787878787878",
		.more = "30130603551d25040c300a06082b06010505070301"},
	{"ov-given",
		.subject = "300c310a3008060355042a0c0178",
		.more = "30130603551d20040c300a3008060667810c010202"},
	{"ov-surname",
		.subject = "300c310a300806035504040c0178",
		.more = "30130603551d20040c300a3008060667810c010202"},
	{"ov-postal-code",
		.subject = "300c310a300806035504110c0131",
		.more = "30130603551d20040c300a3008060667810c010202"},
	{"ov-street",
		.subject = "300c310a300806035504090c0178",
		.more = "30130603551d20040c300a3008060667810c010202"},
	{"iv-postal-code",
		.subject = "300c310a300806035504110c0131",
		.more = "30130603551d20040c300a3008060667810c010203"},
	{"iv-street",
		.subject = "300c310a300806035504090c0178",
		.more = "30130603551d20040c300a3008060667810c010203"},
	{"ev-jurisdiction-unknown",
		.subject = "301531133011060b2b0601040182373c02010313025a5a",
		.more = "30120603551d20040b30093007060567810c0101"},
	{"ev-san-ip",
		.more = "30120603551d20040b30093007060567810c0101300f0603551d1104083006870408080808"},
	{"dns-redacted", .more = "30100603551d110409300782053f2e612e62"},
	{"subject-replaced", .subject = "300f310d300b060355040a0c0461efbfbd"},
	{"subject-place-data", .subject = "300e310c300a06035504070c03613d62"},
	{"ku-both-only", .more = "300f0603551d0f0101ff04050303070980"},
	{"ku-agreement-key",
		.spki = "302a300506032b656e032100000000000000000000000000000000000000000000000000000000000000"
			"0000",
		.more = "300e0603551d0f0101ff040403020780"},
	{"ku-ec-leaf", .more = "300e0603551d0f0101ff040403020520"},
	{"bc-path-length-nobody", .more = "300f0603551d130101ff04053003020100"},
	{"subject-rdn-twice", .subject = "301631143008060355040a0c01613008060355040a0c0162"},
	{"san-mail-utf8-mark",
		.more = "30220603551d11041b3019a01706082b06010505070809a00b0c09efbbbfc3a940622e63"},
	{"san-mail-utf8-capitals",
		.more = "301f0603551d1104183016a01406082b06010505070809a0080c06c3a940422e63"},
	{"san-mail-utf8-syntax",
		.more = "301b0603551d1104143012a01006082b06010505070809a0040c02c3a9"},
	{"san-mail-utf8-ascii",
		.more = "301e0603551d1104173015a01306082b06010505070809a0070c056140622e63"},
	{"san-principal-name",
		.more = "301d0603551d1104163014a012060a2b060104018237140203a0040c026162"},
	{"names-ip-length", .more = "30160603551d1e0101ff040c300aa0083006870400000000"},
	{"names-ip-mask", .more = "301a0603551d1e0101ff0410300ea00c300a87080a000000ff00ff00"},
	{"capabilities-critical", .more = "301206092a864886f70d01090f0101ff04023000"},
	{"orgid-encoding",
		.subject = "30123110300e060355046114074e545255532d31",
		.more = "30120603551d20040b30093007060567810c0101"},
	{"orgid-encoding-mail",
		.subject = "30123110300e060355046114074e545255532d31",
		.more = "30140603551d20040d300b3009060767810c01050403"},
	{"orgid-elsewhere",
		.subject = "30273110300e06035504610c074e545255532d3131133011060b2b0601040182373c02010313024652",
		.more = "30120603551d20040b30093007060567810c0101"},
	{"qc-critical-etsi", .more = "301b06082b060105050701030101ff040c300a3008060604008e460101"},
	{"spki-rsa-empty", .spki = "3012300d06092a864886f70d0101010500030100"},
	{"serial-edge", .serial = "02080101010101010101"},
	{"smime-policies-missing",
		.more = "30130603551d25040c300a06082b0601050507030430100603551d110409300781056140622e63"},
	{"smime-policies-critical", .more = "30170603551d200101ff040d300b3009060767810c01050403"},
	{"smime-policy-any",
		.more = "301c0603551d20041530133009060767810c0105040330060604551d2000"},
	{"smime-policy-several",
		.more = "301f0603551d20041830163009060767810c010504033009060767810c01050101"},
	{"smime-notice-reference",
		.more = "302e0603551d20042730253023060767810c010504033018301606082b06010505070202300a30080c01"
			"783003020101"},
	{"smime-cps",
		.more = "302e0603551d20042730253023060767810c010504033018301606082b06010505070201160a6674703a"
			"2f2f612e622f"},
	{"smime-cdp-critical",
		.more = "30140603551d20040d300b3009060767810c01050403301f0603551d1f0101ff041530133011a00fa00d"
			"860b687474703a2f2f612e622f"},
	{"smime-cdp-kind",
		.more = "30140603551d20040d300b3009060767810c0105040330140603551d1f040d300b3009a007a005820361"
			"2e62"},
	{"smime-aia-kind",
		.more = "30140603551d20040d300b3009060767810c01050403301f06082b0601050507010104133011300f0608"
			"2b060105050730028203612e62"},
	{"smime-ocsp-http",
		.more = "30140603551d20040d300b3009060767810c01050101302706082b06010505070101041b301930170608"
			"2b06010505073001860b6c6461703a2f2f612e622f"},
	{"smime-issuers-http",
		.more = "30140603551d20040d300b3009060767810c01050101302706082b06010505070101041b301930170608"
			"2b06010505073002860b6c6461703a2f2f612e622f"},
	{"smime-issuers-missing",
		.more = "30140603551d20040d300b3009060767810c01050403302706082b06010505070101041b301930170608"
			"2b06010505073001860b687474703a2f2f612e622f"},
	{"smime-san-no-mail",
		.more = "30140603551d20040d300b3009060767810c01050403300e0603551d11040730058203612e62"},
	{"smime-san-kind",
		.more = "30140603551d20040d300b3009060767810c0105040330150603551d11040e300c81056140622e638203"
			"612e62"},
	{"smime-eku-missing", .more = "30140603551d20040d300b3009060767810c01050403"},
	{"smime-eku-no-mail",
		.more = "30140603551d20040d300b3009060767810c0105040330130603551d25040c300a06082b060105050703"
			"02"},
	{"smime-name-and-pseudonym",
		.subject = "3018310a3008060355042a0c0178310a300806035504410c0179",
		.more = "30140603551d20040d300b3009060767810c01050403"},
	{"smime-lei-form",
		.subject = "30133111300f06035504610c084c454958472d3132",
		.more = "30140603551d20040d300b3009060767810c01050403"},
	{"smime-lei-critical",
		.more = "30140603551d20040d300b3009060767810c01050403301206092b0601040183982a010101ff04020500"},
	{"smime-lei-role-critical",
		.more = "30140603551d20040d300b3009060767810c01050403301206092b0601040183982a020101ff04020500"},
	{"smime-lei-misplaced",
		.more = "30140603551d20040d300b3009060767810c01050403300f06092b0601040183982a0104020500"},
	{"smime-lei-role-misplaced",
		.more = "30140603551d20040d300b3009060767810c01050403300f06092b0601040183982a0204020500"},
	{"aki-issuer-alone", .more = "301b0603551d2304143012a110a40e300c310a3008060355040a0c0178"},
	{"etsi-eidas-legal-long",
		.subject = "308201123182010e3082010a06035504610c820101616161616161616161616161616161616161616161"
			"616161616161616161616161616161616161616161616161616161616161616161616161616161616161"
			"616161616161616161616161616161616161616161616161616161616161616161616161616161616161"
			"616161616161616161616161616161616161616161616161616161616161616161616161616161616161"
			"616161616161616161616161616161616161616161616161616161616161616161616161616161616161"
			"616161616161616161616161616161616161616161616161616161616161616161616161616161616161"
			"6161616161616161616161616161616161616161616161616161",
		.more = "30140603551d20040d300b3009060704008bec400100302506082b060105050701030419301730150608"
			"2b06010505070b023009060704008bec490104"},
	{"etsi-eidas-legal-blank",
		.subject = "30143112301006035504610c09564154454c2d312032",
		.more = "30140603551d20040d300b3009060704008bec400100302506082b060105050701030419301730150608"
			"2b06010505070b023009060704008bec490104"},
	{"etsi-eidas-natural-form",
		.subject = "3011310f300d0603550405130641542f44452f",
		.more = "30140603551d20040d300b3009060704008bec400100302506082b060105050701030419301730150608"
			"2b06010505070b023009060704008bec490103"},
	{"etsi-eidas-natural-slash",
		.subject = "30123110300e0603550405130741542d44452d31",
		.more = "30140603551d20040d300b3009060704008bec400100302506082b060105050701030419301730150608"
			"2b06010505070b023009060704008bec490103"},
	{"etsi-eidas-natural-country",
		.subject = "30123110300e0603550405130741542f5a5a2f31",
		.more = "30140603551d20040d300b3009060704008bec400100302506082b060105050701030419301730150608"
			"2b06010505070b023009060704008bec490103"},
	{"qc-obsolete",
		.more = "30140603551d20040d300b3009060704008bec400100301a06082b06010505070103040e300c300a0608"
			"2b06010505070b01"},
	{"ocsp-nocheck-ca",
		.more = "300f0603551d130101ff040530030101ff301d0603551d250416301406082b0601050507030106082b06"
			"010505070309"},
	{"subject-person-policy",
		.subject = "300c310a3008060355042a0c0178",
		.more = "30130603551d25040c300a06082b0601050507030130120603551d20040b30093007060567810c0101"},
	{"dns-redacted",
		.subject = "3010310e300c06035504030c053f2e612e62"},
	{"dns-onion-long",
		.validity = "301e170d3236303230313030303030305a170d3237303530323030303030305a",
		.more = "30120603551d20040b30093007060567810c010130490603551d1104423040823e7035336c663537716f"
			"7679757677736336786e72707079706c79337674716d376c3670636f626b6d797173696f6679657a6e66"
			"75357571642e6f6e696f6e"},
	{"orgid-scheme",
		.subject = "30143112301006035504610c0958583a47522d313233",
		.more = "30120603551d20040b30093007060567810c0101"},
	{"orgid-state",
		.subject = "30183116301406035504610c0d4e545255532b43414c2d313233",
		.more = "30120603551d20040b30093007060567810c0101"},
	{"validity-ev-27-months",
		.validity = "301e170d3136313130313030303030305a170d3139303230323030303030305a",
		.more = "30120603551d20040b30093007060567810c0101"},
};

static void
each_row_breaks_its_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		ARENA(a);

		if (!judge(&rows[i], rows[i].rule, &a))
			fail_msg("row %zu: %s was not found", i, rows[i].rule);
		if (judge(&(struct cert){0}, rows[i].rule, &a) && strcmp(rows[i].rule, "dns-one-label") != 0)
			fail_msg("row %zu: %s is found in a certificate that does not break it", i, rows[i].rule);
	}
}

static void
a_rule_of_the_world_says_all_about_itself(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct lint_rule *r = NULL; (r = lint_next(r)); n++) {
		struct lint_finding f;

		assert_true(*r->id && *r->source && *r->text && r->aka);
		assert_true(strlen(r->id) < sizeof(f.place));
		if (r->until_ms && r->until_ms <= r->from_ms)
			fail_msg("%s ends before it begins", r->id);
		if (r->from_ms % MS_DAY || r->until_ms % MS_DAY)
			fail_msg("%s begins or ends within a day", r->id);
		if (r->cure && !*r->cure)
			fail_msg("%s has no cure", r->id);
		/* zlint's names first: what stands from the first period on is told where there are no dates */
		if (strchr(r->aka, '.') && strstr(strchr(r->aka, '.'), " e_"))
			fail_msg("%s names pkilint before zlint", r->id);
	}
	assert_true(n >= 150);
}

/* BR 6.3.2: 398 days from September 2020 on; zlint's name is not told of an earlier one. */
static void
a_rule_is_silent_about_certificates_from_before_it(void **state)
{
	ARENA(a);
	struct cert c = {.validity = "301e170d3230303833313233353935395a170d3232303833313233353935395a"};

	(void)state;
	assert_null(judge(&c, "validity-398-days", &a));
	c.validity = "301e170d3230303930313030303030305a170d3232303833313233353935395a";
	assert_non_null(judge(&c, "validity-398-days", &a));
}

/* Chrome's root program, 1.8: leaves lose clientAuth in March 2027, EKU serverAuth and clientAuth. */
static void
a_purpose_for_clients_is_an_error_from_its_day_on(void **state)
{
	ARENA(a);
	struct cert c = {.ext_oid = "2.5.29.37", .ext = "301406082b0601050507030106082b06010505070302"};

	(void)state;
	c.validity = "301e170d3237303331343233353935395a170d3237303430313030303030305a";
	assert_null(judge(&c, "eku-client-auth", &a));
	c.validity = "301e170d3237303331353030303030305a170d3237303430313030303030305a";
	assert_non_null(judge(&c, "eku-client-auth", &a));
}

static void
a_rule_ends_when_another_takes_its_place(void **state)
{
	ARENA(a);
	/* an underscore was allowed for 30 days from December 2018 to April 2019 */
	struct cert c = {.ext_oid = "2.5.29.17", .ext = "3005" "8203615f62"};

	(void)state;
	c.validity = "301e170d3138313230313030303030305a170d3139303630313030303030305a";
	assert_non_null(judge(&c, "dns-underscore-early", &a));
	assert_null(judge(&c, "dns-underscore-long", &a));
	c.validity = "301e170d3138313231303030303030305a170d3139303630313030303030305a";
	assert_null(judge(&c, "dns-underscore-early", &a));
	assert_non_null(judge(&c, "dns-underscore-long", &a));
	c.validity = "301e170d3139303430313030303030305a170d3139303630313030303030305a";
	assert_null(judge(&c, "dns-underscore-long", &a));
	assert_non_null(judge(&c, "dns-underscore", &a));
}

static void
what_pkilint_names_without_a_date_is_a_notice_before_it(void **state)
{
	ARENA(a);
	/* a CPS pointer that is no address */
	struct cert c = {.ext_oid = "2.5.29.32", .ext = "3017301506022a03300f300d06082b06010505070201" "160178"};
	const struct lint_finding *f;

	(void)state;
	c.validity = "301e170d3138313230313030303030305a170d3139303630313030303030305a";
	f = judge(&c, "policy-cps-uri", &a);
	assert_non_null(f);
	assert_int_equal(f->rule->severity, LINT_ERROR);
	assert_int_equal(f->severity, LINT_NOTE);
	assert_string_equal(f->aka, "cabf.cps_uri_is_not_http");
	c.validity = NULL;
	f = judge(&c, "policy-cps-uri", &a);
	assert_non_null(f);
	assert_int_equal(f->severity, LINT_ERROR);
}

/* Cut or changed anywhere: either judged or one finding that says where it ends to be a certificate. */
static void
broken_bytes_are_said_with_their_place(void **state)
{
	struct lint_conf conf = {.public_rules = true};
	struct lint_finding *f;
	struct blob der;
	size_t n;
	ARENA(a);

	(void)state;
	der = assemble(&(struct cert){.ext_oid = "2.5.29.17", .ext = "3005" "8203615f62"}, &a);
	for (size_t i = 0; i < der.n; i++) {
		ARENA(one);
		/* of its own size, so that a sanitizer sees the end */
		uint8_t *copy = arena_copy(&one, der.p, der.n);

		lint_certificate(BLOB(der.p, i), &conf, &one, &f, &n);
		assert_int_equal(n, 1);
		assert_string_equal(f[0].rule->id, "certificate-malformed");
		assert_non_null(strstr(f[0].place, ", at byte "));
		for (unsigned k = 0; k < 3; k++) {
			copy[i] = (uint8_t)(k == 0 ? der.p[i] ^ 0xff : k == 1 ? der.p[i] + 1 : 0x80);
			lint_certificate(BLOB(copy, der.n), &conf, &one, &f, &n);
			lint_crl(BLOB(copy, der.n), &one, &f, &n);
			assert_string_equal(f[0].rule->id, "crl-malformed");
		}
	}
	/* the serial number's tag */
	((uint8_t *)(uintptr_t)der.p)[11] = 0x05;
	lint_certificate(der, &conf, &a, &f, &n);
	assert_int_equal(n, 1);
	assert_string_equal(f[0].place, "serialNumber, at byte 11");
}

static void
rules_for_public_cas_are_silent_about_private_ones(void **state)
{
	ARENA(a);
	struct lint_conf conf = {0};
	struct lint_finding *f;
	size_t n;

	(void)state;
	lint_certificate(assemble(&(struct cert){.serial = "020101"}, &a), &conf, &a, &f, &n);
	for (size_t i = 0; i < n; i++)
		if (strncmp(f[i].rule->source, "BR ", 3) == 0)
			fail_msg("%s (%s)", f[i].rule->id, f[i].rule->source);
}

/* A list of one entry. */
static void
entries_of_lists_are_looked_at_one_by_one(void **state)
{
	static const struct {
		const char *crl, *rule;
	} lists[] = {
		{"3071305f020101300a06082a8648ce3d040302300c310a3008060355040a0c0178170d32343035303130"
		 "30303030305a170d3234303530383030303030305a30223020020105170d323430343031303030303030"
		 "5a300c300a0603551d1504030a0101300a06082a8648ce3d04030203020000", NULL},
		{"3071305f020101300a06082a8648ce3d040302300c310a3008060355040a0c0178170d32343035303130"
		 "30303030305a170d3234303530383030303030305a30223020020105170d393830343031303030303030"
		 "5a300c300a0603551d1504030a0101300a06082a8648ce3d04030203020000", "crl-entry-early"},
		{"307d306b020101300a06082a8648ce3d040302300c310a3008060355040a0c0178170d32343035303130"
		 "30303030305a170d3234303530383030303030305a302e302c020105170d323430343031303030303030"
		 "5a3018300a0603551d1504030a0101300a0603551d1504030a0101300a06082a8648ce3d040302030200"
		 "00",
			"crl-entry-duplicates"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		static const char *const both[] = {"crl-entry-early", "crl-entry-duplicates", "crl-malformed"};
		struct lint_finding *f;
		size_t n;
		ARENA(a);

		lint_crl(hex(&a, lists[i].crl), &a, &f, &n);
		for (size_t k = 0; k < ARRAY_LEN(both); k++)
			if ((find(f, n, both[k]) != NULL) != (lists[i].rule && strcmp(both[k], lists[i].rule) == 0))
				fail_msg("list %zu: %s", i, both[k]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_breaks_its_rule),
		cmocka_unit_test(a_rule_of_the_world_says_all_about_itself),
		cmocka_unit_test(a_rule_is_silent_about_certificates_from_before_it),
		cmocka_unit_test(a_purpose_for_clients_is_an_error_from_its_day_on),
		cmocka_unit_test(a_rule_ends_when_another_takes_its_place),
		cmocka_unit_test(what_pkilint_names_without_a_date_is_a_notice_before_it),
		cmocka_unit_test(broken_bytes_are_said_with_their_place),
		cmocka_unit_test(rules_for_public_cas_are_silent_about_private_ones),
		cmocka_unit_test(entries_of_lists_are_looked_at_one_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
