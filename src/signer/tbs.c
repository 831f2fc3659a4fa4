/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/tbs.h"

#include "base/der.h"

#define VERSION_3 2
#define CRL_VERSION_2 1
#define OID_CN "2.5.4.3"

static int
refused(struct err *e, const char *what)
{
	return err_set(e, E_LIMIT_REFUSED, "the bytes to sign are refused: %s", what);
}

/* -- extensions */

enum kind { PLAIN, BASIC, USAGE, EKU, SAN };

/* What may stand in a certificate; anything else the profiles have to be taught here first. */
static const struct {
	const char *oid;
	enum kind kind;
} known[] = {
	{"2.5.29.14", PLAIN}, /* subjectKeyIdentifier */
	{"2.5.29.15", USAGE}, {"2.5.29.17", SAN}, {"2.5.29.19", BASIC},
	{"2.5.29.31", PLAIN},				  /* cRLDistributionPoints */
	{"2.5.29.32", PLAIN},				  /* certificatePolicies */
	{"2.5.29.35", PLAIN},				  /* authorityKeyIdentifier */
	{"2.5.29.37", EKU}, {"1.3.6.1.5.5.7.1.1", PLAIN}, /* authorityInfoAccess */
	{"1.3.6.1.5.5.7.1.24", PLAIN},			  /* TLS feature (RFC 7633) */
	{"1.3.6.1.4.1.11129.2.4.2", PLAIN},		  /* SCT list (RFC 6962) */
};

static bool
read_basic(struct blob value, struct tbs_cert *t)
{
	struct cursor c = cursor_of(value), in;
	int64_t len;

	t->has_basic = true;
	if (!der_open(&c, DER_SEQUENCE, &in) || !der_done(&c))
		return false;
	if (der_peek(&in) == DER_BOOLEAN) {
		/* X.690 11.5: a default value is not encoded */
		if (!der_get_bool(&in, &t->ca) || !t->ca)
			return false;
	}
	if (der_peek(&in) == DER_INTEGER) {
		if (!der_get_int(&in, &len) || len > 255)
			return false;
		t->path_len = (int)len;
	}
	return der_done(&in);
}

static bool
read_usage(struct blob value, struct tbs_cert *t)
{
	struct cursor c = cursor_of(value);
	struct blob bits;

	t->has_usage = true;
	if (!der_get(&c, DER_BIT_STRING, &bits) || !der_done(&c) || bits.n < 2 || bits.n > 3 ||
		bits.p[0] > 7)
		return false;
	for (unsigned i = 0; i < (bits.n - 1) * 8; i++) {
		if (bits.p[1 + i / 8] & 0x80 >> i % 8)
			t->key_usage |= 1U << i;
	}
	return true;
}

static bool
read_sequence(struct blob value, struct blob *ret)
{
	struct cursor c = cursor_of(value);

	return der_get(&c, DER_SEQUENCE, ret) && ret->n > 0 && der_done(&c);
}

static int
read_value(enum kind kind, bool critical, struct blob value, struct tbs_cert *t, struct err *e)
{
	switch (kind) {
	case BASIC:
		t->basic_critical = critical;
		return read_basic(value, t) ? 0 : refused(e, "basicConstraints is malformed");
	case USAGE:
		return read_usage(value, t) ? 0 : refused(e, "keyUsage is malformed");
	case EKU:
		return read_sequence(value, &t->eku) ? 0 : refused(e, "extKeyUsage is malformed");
	case SAN:
		return read_sequence(value, &t->san) ? 0
						     : refused(e, "subjectAltName is malformed");
	case PLAIN:
		break;
	}
	return 0;
}

static int
read_extension(struct cursor *c, unsigned *seen, struct tbs_cert *t, struct err *e)
{
	struct cursor in;
	struct blob oid, value;
	bool critical = false;
	size_t i = 0;

	if (!der_open(c, DER_SEQUENCE, &in) || !der_get(&in, DER_OID, &oid))
		return refused(e, "an extension is malformed");
	if (der_peek(&in) == DER_BOOLEAN && (!der_get_bool(&in, &critical) || !critical))
		return refused(e, "an extension is malformed");
	if (!der_get(&in, DER_OCTET_STRING, &value) || !der_done(&in))
		return refused(e, "an extension is malformed");
	while (i < ARRAY_LEN(known) && !der_oid_is(oid, known[i].oid))
		i++;
	if (i == ARRAY_LEN(known))
		return refused(e, "it has an extension of an unknown kind");
	if (*seen & 1U << i)
		return refused(e, "it has an extension twice");
	*seen |= 1U << i;
	return read_value(known[i].kind, critical, value, t, e);
}

static int
read_extensions(struct blob body, struct tbs_cert *t, struct err *e)
{
	struct cursor c = cursor_of(body), list;
	unsigned seen = 0;

	_Static_assert(ARRAY_LEN(known) <= TBS_EXTENSIONS_MAX, "one bit each");
	if (!der_open(&c, DER_SEQUENCE, &list) || !der_done(&c))
		return refused(e, "its extensions are malformed");
	while (!der_done(&list)) {
		int r = read_extension(&list, &seen, t, e);

		if (r < 0)
			return r;
	}
	return 0;
}

/* -- the fields before them */

static bool
read_cn(struct blob name, struct str *ret)
{
	struct cursor whole = cursor_of(name), rdns, set, atv;
	struct blob oid, value;
	uint8_t tag;

	if (!der_open(&whole, DER_SEQUENCE, &rdns))
		return false;
	while (!der_done(&rdns)) {
		if (!der_open(&rdns, DER_SET, &set) || der_done(&set))
			return false;
		while (!der_done(&set)) {
			if (!der_open(&set, DER_SEQUENCE, &atv) || !der_get(&atv, DER_OID, &oid) ||
				!der_next(&atv, &tag, &value, NULL) || !der_done(&atv))
				return false;
			if (!der_oid_is(oid, OID_CN))
				continue;
			/* each reader takes another one of two */
			if (ret->p)
				return false;
			*ret = str_of(value);
		}
	}
	return true;
}

static bool
take_whole(struct cursor *c, uint8_t want, struct blob *ret)
{
	uint8_t tag;

	return der_next(c, &tag, NULL, ret) && tag == want;
}

static bool
read_validity(struct cursor *c, struct tbs_cert *t)
{
	struct cursor v;

	return der_open(c, DER_SEQUENCE, &v) && der_get_time(&v, &t->not_before_ms) &&
	       der_get_time(&v, &t->not_after_ms) && der_done(&v);
}

static bool
is_version_3(struct cursor *c)
{
	struct cursor v;
	int64_t n;

	return der_open(c, DER_CTX_CONS(0), &v) && der_get_int(&v, &n) && n == VERSION_3 &&
	       der_done(&v);
}

int
tbs_cert_read(struct blob tbs, struct tbs_cert *ret, struct err *e)
{
	struct tbs_cert t = {.path_len = -1};
	struct cursor whole = cursor_of(tbs), c;
	struct blob exts;
	int r;

	if (!der_open(&whole, DER_SEQUENCE, &c) || !der_done(&whole))
		return refused(e, "it is no TBSCertificate");
	if (!is_version_3(&c))
		return refused(e, "it is no TBSCertificate of version 3");
	if (!der_get_integer(&c, &t.serial) || t.serial.p[0] >= 0x80)
		return refused(e, "the serial is no positive INTEGER");
	if (!take_whole(&c, DER_SEQUENCE, &t.sig_alg) || !take_whole(&c, DER_SEQUENCE, &t.issuer) ||
		!read_validity(&c, &t) || !take_whole(&c, DER_SEQUENCE, &t.subject) ||
		!take_whole(&c, DER_SEQUENCE, &t.spki))
		return refused(e, "it is no TBSCertificate");
	if (!read_cn(t.subject, &t.cn))
		return refused(e, "the subject is malformed, or has two common names");
	/* no unique identifiers: [1] and [2] would stand here */
	if (!der_get(&c, DER_CTX_CONS(3), &exts) || !der_done(&c))
		return refused(e, "it has no extensions, or more behind them");
	r = read_extensions(exts, &t, e);
	if (r == 0)
		*ret = t;
	return r;
}

/* -- what is no certificate: the tag of the first or second inner element tells them apart for good
 */

int
tbs_crl_check(struct blob tbs, struct blob sig_alg, struct err *e)
{
	struct cursor whole = cursor_of(tbs), c, exts;
	struct blob alg;
	int64_t version, this_update, next_update;

	/* thisUpdate stands where a version 1 certificate would have its validity, a SEQUENCE */
	if (!der_open(&whole, DER_SEQUENCE, &c) || !der_done(&whole) ||
		!der_get_int(&c, &version) || version != CRL_VERSION_2 ||
		!take_whole(&c, DER_SEQUENCE, &alg) || !der_get(&c, DER_SEQUENCE, NULL) ||
		!der_get_time(&c, &this_update) || !der_get_time(&c, &next_update) ||
		next_update < this_update)
		return refused(e, "it is no tbsCertList of version 2");
	der_optional(&c, DER_SEQUENCE, NULL);
	if (!der_open(&c, DER_CTX_CONS(0), &exts) || !der_get(&exts, DER_SEQUENCE, NULL) ||
		!der_done(&exts) || !der_done(&c))
		return refused(e, "the tbsCertList has no extensions, or more behind them");
	if (!blob_eq(alg, sig_alg))
		return refused(e, "the signature algorithm is not the issuer's");
	return 0;
}

int
tbs_ocsp_check(struct blob tbs, struct err *e)
{
	struct cursor whole = cursor_of(tbs), c;
	struct blob t;
	bool by_key;

	/* responderID comes first (version 1 is a default and left out): [1] or [2], where a
	 * certificate has [0] */
	if (!der_open(&whole, DER_SEQUENCE, &c) || !der_done(&whole))
		return refused(e, "it is no ResponseData");
	by_key = der_optional(&c, DER_CTX_CONS(2), NULL);
	if ((!by_key && !der_get(&c, DER_CTX_CONS(1), NULL)) ||
		!der_get(&c, DER_GENERALIZED_TIME, &t) || !der_get(&c, DER_SEQUENCE, NULL))
		return refused(e, "it is no ResponseData");
	der_optional(&c, DER_CTX_CONS(1), NULL);
	return der_done(&c) ? 0 : refused(e, "the ResponseData has more behind it");
}

int
tbs_csr_check(struct blob tbs, struct blob spki, struct err *e)
{
	struct cursor whole = cursor_of(tbs), c;
	struct blob key;
	int64_t version;

	if (!der_open(&whole, DER_SEQUENCE, &c) || !der_done(&whole) ||
		!der_get_int(&c, &version) || version != 0 || !der_get(&c, DER_SEQUENCE, NULL) ||
		!take_whole(&c, DER_SEQUENCE, &key) || !der_get(&c, DER_CTX_CONS(0), NULL) ||
		!der_done(&c))
		return refused(e, "it is no CertificationRequestInfo");
	if (!blob_eq(key, spki))
		return refused(e, "the CertificationRequestInfo is about another key");
	return 0;
}
