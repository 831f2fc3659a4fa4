/* SPDX-License-Identifier: Apache-2.0 */
/* The pieces that certificates, CRLs and OCSP answers share. */
#include "ca/issue_priv.h"

struct ext
ext_begin(struct buf *b, struct blob oid, bool critical)
{
	struct ext x;

	x.outer = der_begin(b, DER_SEQUENCE);
	buf_put_blob(b, oid);
	/* DEFAULT FALSE is left out (X.690 11.5) */
	if (critical)
		der_put_bool(b, true);
	x.value = der_begin(b, DER_OCTET_STRING);
	return x;
}

void
ext_end(struct buf *b, struct ext x)
{
	der_end(b, x.value);
	der_end(b, x.outer);
}

void
ext_put(struct buf *b, struct blob oid, bool critical, struct blob value)
{
	struct ext x = ext_begin(b, oid, critical);

	buf_put_blob(b, value);
	ext_end(b, x);
}

void
ext_put_aki(struct buf *b, const uint8_t keyid[20])
{
	struct ext x = ext_begin(b, OID_AKI, false);
	size_t seq = der_begin(b, DER_SEQUENCE);

	der_put(b, DER_CTX(0), BLOB(keyid, 20));
	der_end(b, seq);
	ext_end(b, x);
}

void
url_put_crl(struct buf *b, const struct ca_issuer *is, unsigned shard)
{
	size_t uri = der_begin(b, DER_CTX(6));
	char digits[12];
	size_t n = sizeof(digits);

	buf_put_str(b, is->status_url);
	buf_put_c(b, "/crl/");
	buf_put_str(b, is->name);
	buf_put_u8(b, '/');
	do
		digits[--n] = (char)('0' + shard % 10);
	while ((shard /= 10) != 0);
	buf_put(b, digits + n, sizeof(digits) - n);
	buf_put_c(b, ".crl");
	der_end(b, uri);
}

static void
url_put(struct buf *b, const struct ca_issuer *is, const char *dir, const char *suffix)
{
	size_t uri = der_begin(b, DER_CTX(6));

	buf_put_str(b, is->status_url);
	buf_put_c(b, dir);
	buf_put_str(b, is->name);
	buf_put_c(b, suffix);
	der_end(b, uri);
}

void
url_put_ocsp(struct buf *b, const struct ca_issuer *is)
{
	url_put(b, is, "/ocsp/", "");
}

void
url_put_ca_issuers(struct buf *b, const struct ca_issuer *is)
{
	url_put(b, is, "/aia/", ".cer");
}

/* AttributeType bytes beside the attribute that goes with them. */
static const struct attribute {
	struct blob oid;
	size_t offset; /* in struct ca_subject */
	uint8_t tag;
} attributes[] = {
#define ATTRIBUTE(oid, field, tag) {OID_LIT(oid), offsetof(struct ca_subject, field), (tag)}
	/* EV Guidelines 9.2, before the ordered ones as the public CAs do */
	ATTRIBUTE("\x06\x0b\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x03", jurisdiction_c,
		DER_PRINTABLE_STRING),
	ATTRIBUTE("\x06\x0b\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x02", jurisdiction_st,
		DER_UTF8_STRING),
	ATTRIBUTE("\x06\x0b\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x01", jurisdiction_l,
		DER_UTF8_STRING),
	ATTRIBUTE("\x06\x03\x55\x04\x0f", business_category, DER_UTF8_STRING),
	ATTRIBUTE("\x06\x03\x55\x04\x05", serial_number, DER_PRINTABLE_STRING),
	/* the order of BR 7.1.4.2 */
	ATTRIBUTE("\x06\x03\x55\x04\x06", c, DER_PRINTABLE_STRING),
	ATTRIBUTE("\x06\x03\x55\x04\x08", st, DER_UTF8_STRING),
	ATTRIBUTE("\x06\x03\x55\x04\x07", l, DER_UTF8_STRING),
	ATTRIBUTE("\x06\x03\x55\x04\x0a", o, DER_UTF8_STRING),
	ATTRIBUTE("\x06\x03\x55\x04\x0b", ou, DER_UTF8_STRING),
	ATTRIBUTE("\x06\x03\x55\x04\x03", cn, DER_UTF8_STRING),
};

static struct str
attribute_value(const struct ca_subject *s, const struct attribute *at)
{
	struct str v;

	memcpy(&v, (const char *)s + at->offset, sizeof(v));
	return v;
}

void
name_put(struct buf *b, const struct ca_subject *s)
{
	size_t name = der_begin(b, DER_SEQUENCE);

	for (size_t i = 0; i < ARRAY_LEN(attributes); i++) {
		struct str v = attribute_value(s, &attributes[i]);
		size_t set, seq;

		if (!v.p)
			continue;
		set = der_begin(b, DER_SET);
		seq = der_begin(b, DER_SEQUENCE);
		buf_put_blob(b, attributes[i].oid);
		der_put(b, attributes[i].tag, blob_of(v));
		der_end(b, seq);
		der_end(b, set);
	}
	der_end(b, name);
}

bool
name_is_empty(const struct ca_subject *s)
{
	for (size_t i = 0; i < ARRAY_LEN(attributes); i++)
		if (attribute_value(s, &attributes[i]).p)
			return false;
	return true;
}

bool
spki_look(struct blob spki, enum spki_kind *ret_kind, struct blob *ret_bits)
{
	struct cursor c = cursor_of(spki), in, alg;
	struct blob oid, curve, bits;

	if (!der_open(&c, DER_SEQUENCE, &in) || !der_done(&c) || !der_open(&in, DER_SEQUENCE, &alg) ||
		!der_get_bits(&in, &bits) || !der_done(&in) || !der_get(&alg, DER_OID, &oid))
		return false;
	if (blob_eq(oid, OID_LIT("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01")))
		*ret_kind = SPKI_RSA;
	else if (!blob_eq(oid, OID_LIT("\x2a\x86\x48\xce\x3d\x02\x01")) ||
		 !der_get(&alg, DER_OID, &curve))
		return false;
	else if (blob_eq(curve, OID_LIT("\x2a\x81\x1c\xcf\x55\x01\x82\x2d")))
		*ret_kind = SPKI_SM2;
	else
		*ret_kind = SPKI_EC;
	*ret_bits = bits;
	return true;
}
