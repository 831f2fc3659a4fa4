/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run of memory, filled front to back: [room for what stands before the entries][entries][extensions][signature].
 * What stands before them is written last, when the lengths are known, so nothing is copied but at the very end.
 */
#include "ca/crl.h"

#include <stdlib.h>

#include "ca/issue_priv.h"
#include "base/clock.h"

#define HEAD_ROOM 4096
#define TAIL_MAX 4096
#define ENTRY_MAX 64
#define SERIAL_MAX 20

struct crl_writer {
	const struct ca_issuer *is;
	unsigned shard;
	int64_t number, this_update_ms, next_update_ms;
	uint8_t *p;
	size_t start /* of what is written so far */, entries_end, n, size;
	bool over;
};

static int64_t
whole_seconds(int64_t ms)
{
	return ms - ms % MS_SECOND;
}

/* realloc() moves large runs by their page tables: no second copy stands beside the first. */
static uint8_t *
reserve(struct crl_writer *w, size_t n)
{
	if (w->over || w->n + n > CRL_MAX) {
		w->over = true;
		return NULL;
	}
	if (w->n + n > w->size) {
		w->size = MAX(w->size + w->size / 2, w->n + n);
		w->p = realloc(w->p, w->size);
		if (!w->p)
			BUG("out of memory");
	}
	return w->p + w->n;
}

static void
append(struct crl_writer *w, struct blob b)
{
	uint8_t *to = reserve(w, b.n);

	if (!to || !b.n)
		return;
	memcpy(to, b.p, b.n);
	w->n += b.n;
}

/* Puts b before what is written so far. */
static void
prepend(struct crl_writer *w, struct blob b)
{
	BUG_ON(b.n > w->start);
	w->start -= b.n;
	memcpy(w->p + w->start, b.p, b.n);
}

/* Tag and length of a SEQUENCE around all that stands from w->start on. */
static void
prepend_sequence(struct crl_writer *w)
{
	size_t n = w->n - w->start;
	uint8_t head[2 + sizeof(n)] = {DER_SEQUENCE};
	unsigned octets = 0;

	for (size_t rest = n; n >= 0x80 && rest; rest >>= 8)
		octets++;
	head[1] = (uint8_t)(octets ? 0x80 | octets : n);
	for (unsigned i = 0; i < octets; i++)
		head[2 + i] = (uint8_t)(n >> (8 * (octets - 1 - i)));
	prepend(w, BLOB(head, 2 + octets));
}

int
crl_begin(const struct ca_issuer *is, unsigned shard, int64_t number, int64_t this_update_ms,
	int64_t next_update_ms, struct crl_writer **ret, struct err *e)
{
	struct crl_writer *w;

	BUG_ON(shard >= is->shards || number <= 0);
	if (is->subject.n + is->status_url.n > HEAD_ROOM / 2)
		return err_set(e, E_TOO_LARGE, "the name or address of issuer \"%.*s\" is too long for a CRL",
			STRF(is->name));
	w = calloc(1, sizeof(*w));
	if (!w)
		BUG("out of memory");
	w->is = is;
	w->shard = shard;
	w->number = number;
	w->this_update_ms = whole_seconds(this_update_ms);
	w->next_update_ms = whole_seconds(next_update_ms);
	reserve(w, HEAD_ROOM + TAIL_MAX);
	w->start = w->n = w->entries_end = HEAD_ROOM;
	*ret = w;
	return 0;
}

void
crl_add(struct crl_writer *w, const struct crl_entry *en)
{
	/* SEQUENCE of one reasonCode: 2.5.29.21, OCTET STRING, ENUMERATED */
	static const uint8_t reason_ext[] = {
		0x30, 0x0c, 0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01};
	/* written in place; the buffer never grows: it only lends its writing functions */
	struct buf b = {.p = reserve(w, ENTRY_MAX), .size = ENTRY_MAX, .max = ENTRY_MAX};
	size_t seq;

	if (w->over)
		return;
	BUG_ON(en->serial.n > SERIAL_MAX || en->reason < 0 || en->reason > 10);
	seq = der_begin(&b, DER_SEQUENCE);
	der_put_unsigned(&b, en->serial);
	der_put_time(&b, whole_seconds(en->revoked_ms));
	/* RFC 5280 5.3.1: unspecified is said by leaving it out */
	if (en->reason) {
		buf_put(&b, reason_ext, sizeof(reason_ext));
		buf_put_u8(&b, (uint8_t)en->reason);
	}
	der_end(&b, seq);
	BUG_ON(b.over);
	w->n += b.n;
	w->entries_end = w->n;
}

/*
 * RFC 5280 5.2.5: critical; the address is byte for byte that of the certificates' distribution point. An unsharded
 * root's CRL has none: it covers the root as well, which names no distribution point, and verifiers that check whole
 * paths (openssl -crl_check_all) would refuse it.
 */
static void
put_idp(struct buf *b, const struct crl_writer *w)
{
	struct ext x = ext_begin(b, OID_IDP, true);
	size_t idp = der_begin(b, DER_SEQUENCE), name, full;

	if (w->is->parent || w->is->shards > 1) {
		name = der_begin(b, DER_CTX_CONS(0));
		full = der_begin(b, DER_CTX_CONS(0));
		url_put_crl(b, w->is, w->shard);
		der_end(b, full);
		der_end(b, name);
	}
	/* onlyContainsUserCerts [1] or, of a root, onlyContainsCACerts [2] */
	der_put(b, w->is->parent ? DER_CTX(1) : DER_CTX(2), BLOB("\xff", 1));
	der_end(b, idp);
	ext_end(b, x);
}

static void
append_exts(struct crl_writer *w)
{
	BUF(b, TAIL_MAX);
	size_t outer = der_begin(&b, DER_CTX_CONS(0)), list = der_begin(&b, DER_SEQUENCE);
	struct ext x;

	ext_put_aki(&b, w->is->ski);
	x = ext_begin(&b, OID_CRL_NUMBER, false);
	der_put_int(&b, w->number);
	ext_end(&b, x);
	put_idp(&b, w);
	der_end(&b, list);
	der_end(&b, outer);
	BUG_ON(b.over);
	append(w, buf_blob(&b));
}

static void
prepend_head(struct crl_writer *w)
{
	BUF(b, HEAD_ROOM);

	der_put_int(&b, 1); /* v2 */
	buf_put_blob(&b, key_sig_alg(w->is->alg));
	buf_put_blob(&b, w->is->subject);
	der_put_time(&b, w->this_update_ms);
	der_put_time(&b, w->next_update_ms);
	BUG_ON(b.over);
	prepend(w, buf_blob(&b));
}

int
crl_tbs(struct crl_writer *w, struct blob *ret, struct err *e)
{
	/* RFC 5280 5.1.2.6: without entries the list is absent, not empty */
	if (w->entries_end > HEAD_ROOM && !w->over)
		prepend_sequence(w);
	append_exts(w);
	if (w->over)
		return err_set(e, E_TOO_LARGE, "the CRL of issuer \"%.*s\" would be larger than %d bytes",
			STRF(w->is->name), CRL_MAX);
	prepend_head(w);
	prepend_sequence(w);
	*ret = (struct blob){w->p + w->start, w->n - w->start};
	return 0;
}

static void
writer_free(struct crl_writer *w)
{
	free(w->p);
	free(w);
}

int
crl_end(struct crl_writer *w, const struct blob *sig, uint8_t **ret, size_t *ret_n, struct err *e)
{
	BUF(b, TAIL_MAX);

	if (!sig) {
		writer_free(w);
		return 0;
	}
	buf_put_blob(&b, key_sig_alg(w->is->alg));
	der_put_bits(&b, *sig, 0);
	BUG_ON(b.over);
	append(w, buf_blob(&b));
	if (w->over) {
		err_set(e, E_TOO_LARGE, "the CRL of issuer \"%.*s\" would be larger than %d bytes",
			STRF(w->is->name), CRL_MAX);
		writer_free(w);
		return e->code;
	}
	prepend_sequence(w);
	memmove(w->p, w->p + w->start, w->n - w->start);
	*ret_n = w->n - w->start;
	*ret = realloc(w->p, *ret_n);
	if (!*ret)
		BUG("out of memory");
	free(w);
	return 0;
}
