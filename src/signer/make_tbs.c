/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/make_tbs_priv.h"

#include "base/clock.h"
#include "base/der.h"

#define TBS_MAX 65536

static int64_t
whole_seconds(int64_t ms)
{
	return ms - ms % MS_SECOND;
}

struct make_tbs
make_leaf(enum key_alg issuer_alg, struct blob spki)
{
	int64_t now = whole_seconds(clock_wall_ms());
	struct make_tbs m = {
		.version = 2,
		.serial_n = SERIAL_LEN,
		.sig_alg = key_sig_alg(issuer_alg),
		.spki = spki,
		.issuer_cn = "Test CA",
		.subject_cn = "www.example.com",
		.not_before_ms = now - MS_HOUR,
		.not_after_ms = now - MS_HOUR + 90 * MS_DAY - MS_SECOND,
		.ca = 0,
		.path_len = -1,
		.usage = KU_DIGITAL_SIGNATURE,
		.eku = {"1.3.6.1.5.5.7.3.1"},
		.dns = {"www.example.com", "example.com"},
	};

	serial_new(now, m.serial);
	return m;
}

struct make_tbs
make_ca(enum key_alg issuer_alg, struct blob spki, int path_len)
{
	struct make_tbs m = make_leaf(issuer_alg, spki);

	m.subject_cn = path_len < 0 ? m.issuer_cn : "Test CA 1";
	m.ca = 1;
	m.path_len = path_len;
	m.usage = KU_DIGITAL_SIGNATURE | KU_CERT_SIGN | KU_CRL_SIGN;
	m.eku[0] = m.dns[0] = NULL;
	return m;
}

static void
put_cn(struct buf *b, const char *cn)
{
	size_t set, atv;

	if (!cn)
		return;
	set = der_begin(b, DER_SET);
	atv = der_begin(b, DER_SEQUENCE);
	der_put_oid(b, "2.5.4.3");
	der_put(b, DER_UTF8_STRING, blob_of(str_c(cn)));
	der_end(b, atv);
	der_end(b, set);
}

static void
put_name(struct buf *b, const char *before_cn, const char *cn)
{
	size_t name = der_begin(b, DER_SEQUENCE);

	put_cn(b, before_cn);
	put_cn(b, cn);
	der_end(b, name);
}

static size_t
ext_begin(struct buf *b, const char *oid, bool critical, size_t *ret_seq)
{
	*ret_seq = der_begin(b, DER_SEQUENCE);
	der_put_oid(b, oid);
	if (critical)
		der_put_bool(b, true);
	return der_begin(b, DER_OCTET_STRING);
}

static void
ext_end(struct buf *b, size_t value, size_t seq)
{
	der_end(b, value);
	der_end(b, seq);
}

static void
put_basic(struct buf *b, const struct make_tbs *m)
{
	size_t seq, value = ext_begin(b, "2.5.29.19", true, &seq), in = der_begin(b, DER_SEQUENCE);

	if (m->ca > 0)
		der_put_bool(b, true);
	if (m->path_len >= 0)
		der_put_int(b, m->path_len);
	der_end(b, in);
	ext_end(b, value, seq);
}

static void
put_usage(struct buf *b, const struct make_tbs *m)
{
	size_t seq, value = ext_begin(b, "2.5.29.15", true, &seq);

	der_put_named_bits(b, m->usage, 9);
	ext_end(b, value, seq);
}

static void
put_eku(struct buf *b, const struct make_tbs *m)
{
	size_t seq, value = ext_begin(b, "2.5.29.37", false, &seq), in = der_begin(b, DER_SEQUENCE);

	for (size_t i = 0; i < ARRAY_LEN(m->eku) && m->eku[i]; i++)
		der_put_oid(b, m->eku[i]);
	der_end(b, in);
	ext_end(b, value, seq);
}

static void
put_san(struct buf *b, const struct make_tbs *m)
{
	size_t seq, value = ext_begin(b, "2.5.29.17", false, &seq), in = der_begin(b, DER_SEQUENCE);

	for (size_t i = 0; i < ARRAY_LEN(m->dns) && m->dns[i]; i++)
		der_put(b, DER_CTX(2), blob_of(str_c(m->dns[i])));
	if (m->ip.n)
		der_put(b, DER_CTX(7), m->ip);
	if (m->uri)
		der_put(b, DER_CTX(6), blob_of(STR("https://www.example.com/")));
	der_end(b, in);
	ext_end(b, value, seq);
}

static void
put_extensions(struct buf *b, const struct make_tbs *m)
{
	size_t tag = der_begin(b, DER_CTX_CONS(3)), list = der_begin(b, DER_SEQUENCE);

	if (m->ca >= 0)
		put_basic(b, m);
	if (m->usage)
		put_usage(b, m);
	if (m->twice)
		put_usage(b, m);
	if (m->eku[0])
		put_eku(b, m);
	if (m->dns[0] || m->ip.n || m->uri)
		put_san(b, m);
	if (m->extra_oid) {
		size_t seq, value = ext_begin(b, m->extra_oid, false, &seq);

		der_put_null(b);
		ext_end(b, value, seq);
	}
	der_end(b, list);
	der_end(b, tag);
}

struct blob
make_tbs(const struct make_tbs *m, struct arena *a)
{
	BUF(b, TBS_MAX);
	size_t tbs = der_begin(&b, DER_SEQUENCE), at;

	if (m->version >= 0) {
		at = der_begin(&b, DER_CTX_CONS(0));
		der_put_int(&b, m->version);
		der_end(&b, at);
	}
	der_put(&b, DER_INTEGER, BLOB(m->serial, m->serial_n));
	buf_put_blob(&b, m->sig_alg);
	put_name(&b, NULL, m->issuer_cn);
	at = der_begin(&b, DER_SEQUENCE);
	der_put_time(&b, m->not_before_ms);
	der_put_time(&b, m->not_after_ms);
	der_end(&b, at);
	put_name(&b, m->before_cn, m->subject_cn);
	buf_put_blob(&b, m->spki);
	if (m->unique_id)
		der_put(&b, DER_CTX(1), BLOB("\0x", 2));
	if (!m->no_extensions)
		put_extensions(&b, m);
	der_end(&b, tbs);
	if (m->trailing)
		der_put_null(&b);
	return arena_blob(a, buf_blob(&b));
}

struct blob
make_crl(enum key_alg issuer_alg, struct arena *a)
{
	BUF(b, TBS_MAX);
	int64_t now = whole_seconds(clock_wall_ms());
	size_t tbs = der_begin(&b, DER_SEQUENCE), at, seq, value;

	der_put_int(&b, 1);
	buf_put_blob(&b, key_sig_alg(issuer_alg));
	put_name(&b, NULL, "Test CA");
	der_put_time(&b, now);
	der_put_time(&b, now + 7 * MS_DAY);
	at = der_begin(&b, DER_CTX_CONS(0));
	size_t list = der_begin(&b, DER_SEQUENCE);
	value = ext_begin(&b, "2.5.29.20", false, &seq);
	der_put_int(&b, 7);
	ext_end(&b, value, seq);
	der_end(&b, list);
	der_end(&b, at);
	der_end(&b, tbs);
	return arena_blob(a, buf_blob(&b));
}

struct blob
make_ocsp(struct arena *a)
{
	BUF(b, TBS_MAX);
	static const uint8_t keyhash[20];
	int64_t now = whole_seconds(clock_wall_ms());
	size_t tbs = der_begin(&b, DER_SEQUENCE), at = der_begin(&b, DER_CTX_CONS(2));

	der_put(&b, DER_OCTET_STRING, BLOB(keyhash, sizeof(keyhash)));
	der_end(&b, at);
	der_put_generalized_time(&b, now);
	der_put(&b, DER_SEQUENCE, BLOB("", 0));
	der_end(&b, tbs);
	return arena_blob(a, buf_blob(&b));
}

struct blob
make_csr(struct blob spki, struct arena *a)
{
	BUF(b, TBS_MAX);
	size_t tbs = der_begin(&b, DER_SEQUENCE);

	der_put_int(&b, 0);
	put_name(&b, NULL, "www.example.com");
	buf_put_blob(&b, spki);
	der_put(&b, DER_CTX_CONS(0), BLOB("", 0));
	der_end(&b, tbs);
	return arena_blob(a, buf_blob(&b));
}
