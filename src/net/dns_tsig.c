/* SPDX-License-Identifier: Apache-2.0 */
/* Transaction signatures (RFC 8945) with HMAC-SHA-256 and -512. */
#include "base/cursor.h"
#include "base/quote.h"
#include "base/secret.h"
#include "crypto/digest.h"
#include "net/dns_message.h"

#define FUDGE_S 300
#define ORIGINAL_ID_AT 0
#define COUNT_AT 10 /* ARCOUNT in the header */

enum { TSIG_BADSIG = 16, TSIG_BADKEY = 17, TSIG_BADTIME = 18, TSIG_BADTRUNC = 22 };

const char *const words_dns_tsig_alg[] = {"hmac-sha256", "hmac-sha512", NULL};

struct tsig {
	struct str key, alg;
	uint64_t time_s;
	uint16_t fudge, original_id, error;
	struct blob mac, other;
	size_t at; /* where the record begins */
};

static void
put_u48(struct buf *b, uint64_t v)
{
	buf_put_u16(b, (uint16_t)(v >> 32));
	buf_put_u32(b, (uint32_t)v);
}

/* Names go into the digest in lower case, as all names that were read here are. */
static struct str
lower(struct arena *a, struct str s)
{
	char *p = arena_copy(a, s.p ? s.p : "", s.n);

	for (size_t i = 0; i < s.n; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] + ('a' - 'A'));
	return (struct str){p, s.n};
}

/* RFC 8945 4.3.3 */
static void
put_variables(struct buf *b, const struct tsig *t)
{
	dns_put_name(b, t->key);
	buf_put_u16(b, DNS_CLASS_ANY);
	buf_put_u32(b, 0);
	dns_put_name(b, t->alg);
	put_u48(b, t->time_s);
	buf_put_u16(b, t->fudge);
	buf_put_u16(b, t->error);
	buf_put_u16(b, (uint16_t)t->other.n);
	buf_put_blob(b, t->other);
}

static void
mac_of(const struct dns_tsig_key *key, struct blob text, struct dns_mac *ret)
{
	ret->n = key->alg == DNS_HMAC_SHA512 ? 64 : 32;
	if (key->alg == DNS_HMAC_SHA512)
		digest_hmac_sha512(key->secret, text, ret->bytes);
	else
		digest_hmac_sha256(key->secret, text, ret->bytes);
}

void
dns_tsig_sign(
	struct buf *message, const struct dns_tsig_key *key, int64_t now_s, struct dns_mac *ret)
{
	ARENA(a);
	struct tsig t = {.key = lower(&a, key->name),
		.alg = str_c(words_dns_tsig_alg[key->alg]),
		.time_s = (uint64_t)now_s,
		.fudge = FUDGE_S};
	BUF(text, 2 * DNS_MESSAGE_MAX);
	BUF(rdata, 1024);

	*ret = (struct dns_mac){.n = 0};
	if (message->over || message->n < DNS_HEADER_LEN)
		return;
	buf_put_blob(&text, buf_blob(message));
	put_variables(&text, &t);
	mac_of(key, buf_blob(&text), ret);
	dns_put_name(&rdata, t.alg);
	put_u48(&rdata, t.time_s);
	buf_put_u16(&rdata, t.fudge);
	buf_put_u16(&rdata, (uint16_t)ret->n);
	buf_put(&rdata, ret->bytes, ret->n);
	buf_put(&rdata, message->p, 2);
	buf_put_u32(&rdata, 0); /* error, length of other data */
	dns_put_record(
		message, DNS_ADDITIONAL, t.key, DNS_TYPE_TSIG, DNS_CLASS_ANY, 0, buf_blob(&rdata));
	message->over |= text.over || rdata.over;
}

/* Only the last record of the additional section can be one (RFC 8945 5.1). */
static bool
find(const struct dns_message *m, struct arena *a, struct tsig *ret)
{
	const struct dns_item *last = m->n ? &m->items[m->n - 1] : NULL;
	BUF(flat, 256);
	struct cursor c;
	uint8_t len;

	if (!last || last->section != DNS_ADDITIONAL || last->type != DNS_TYPE_TSIG ||
		last->class != DNS_CLASS_ANY)
		return false;
	c = cursor_of(last->rdata);
	do {
		len = cursor_u8(&c);
		buf_put_u8(&flat, len);
		buf_put_blob(&flat, cursor_take(&c, len));
	} while (len && cursor_ok(&c, false));
	*ret = (struct tsig){.key = last->name, .at = last->at};
	if (!cursor_ok(&c, false) || !dns_name(buf_blob(&flat), a, &ret->alg))
		return false;
	ret->time_s = (uint64_t)cursor_u16(&c) << 32;
	ret->time_s |= cursor_u32(&c);
	ret->fudge = cursor_u16(&c);
	ret->mac = cursor_take(&c, cursor_u16(&c));
	ret->original_id = cursor_u16(&c);
	ret->error = cursor_u16(&c);
	ret->other = cursor_take(&c, cursor_u16(&c));
	return cursor_ok(&c, true);
}

static bool
mac_fits(struct blob wire, const struct tsig *t, const struct dns_tsig_key *key,
	const struct dns_mac *asked)
{
	BUF(text, 2 * DNS_MESSAGE_MAX);
	struct dns_mac own = {.n = 0};
	size_t start;
	uint8_t *head;

	buf_put_u16(&text, (uint16_t)asked->n);
	buf_put(&text, asked->bytes, asked->n);
	start = text.n;
	buf_put(&text, wire.p, t->at);
	head = text.p + start;
	head[ORIGINAL_ID_AT] = (uint8_t)(t->original_id >> 8);
	head[ORIGINAL_ID_AT + 1] = (uint8_t)t->original_id;
	/* without the signature's own record */
	if (head[COUNT_AT + 1]-- == 0)
		head[COUNT_AT]--;
	put_variables(&text, t);
	if (text.over)
		return false;
	mac_of(key, buf_blob(&text), &own);
	return blob_eq_secret(t->mac, BLOB(own.bytes, own.n));
}

static const char *
reason(unsigned error)
{
	switch (error) {
	case TSIG_BADSIG:
		return "the server cannot verify the signature (BADSIG): the secrets differ";
	case TSIG_BADKEY:
		return "the server does not know the key (BADKEY)";
	case TSIG_BADTRUNC:
		return "the server wants longer signatures (BADTRUNC)";
	default:
		return "the server refuses the signature";
	}
}

int
dns_tsig_verify(struct blob wire, const struct dns_tsig_key *key, const struct dns_mac *asked,
	int64_t now_s, struct err *e)
{
	struct dns_message m;
	struct tsig t;
	ARENA(a);

	if (!dns_message_read(wire, &a, &m))
		return err_set(e, E_DNS_SERVFAIL, "the server's answer is malformed");
	if (!find(&m, &a, &t))
		/* it can refuse, and cannot allow */
		return err_set(e, m.rcode == DNS_RCODE_NOTAUTH ? E_DNS_ZONE : E_DNS_KEY_REFUSED,
			"the server answered %s without a signature", dns_rcode_name(m.rcode));
	/* these two come without a signature (RFC 8945 5.2): they can refuse, and cannot allow */
	if (t.mac.n == 0 && t.error)
		return err_set(e, E_DNS_KEY_REFUSED, "%s", reason(t.error));
	if (!str_eq(t.key, lower(&a, key->name)) || !str_eq_c(t.alg, words_dns_tsig_alg[key->alg]))
		return err_set(e, E_DNS_KEY_REFUSED,
			"the server signed with the key \"%.*s\" and %.*s, not with the one asked "
			"with",
			STRF(quote_text(t.key, 100, &a)), STRF(quote_text(t.alg, 40, &a)));
	if (!mac_fits(wire, &t, key, asked))
		return err_set(e, E_DNS_KEY_REFUSED,
			"the server's answer carries a signature that does not verify");
	if (t.error == TSIG_BADTIME)
		return err_set(e, E_DNS_KEY_REFUSED,
			"the clocks of this service and of the server differ by more than %d s",
			FUDGE_S);
	if (t.error)
		return err_set(e, E_DNS_KEY_REFUSED, "%s", reason(t.error));
	if (t.time_s + t.fudge < (uint64_t)now_s || t.time_s > (uint64_t)now_s + t.fudge)
		return err_set(e, E_DNS_KEY_REFUSED,
			"the server's answer was not signed just now: the clocks differ");
	return 0;
}
