/* SPDX-License-Identifier: Apache-2.0 */
#include "net/dns_message.h"

#include "base/cursor.h"
#include "base/quote.h"

#define LABEL_MAX 63
#define NAME_MAX_WIRE 255
#define RECORDS_MAX 512
#define JUMPS_MAX 64

/* -- writing */

void
dns_put_name(struct buf *b, struct str name)
{
	size_t start = b->n;

	while (name.n) {
		struct str label = str_cut(&name, '.');

		if (label.n == 0 || label.n > LABEL_MAX || str_find(label, '\\') >= 0) {
			b->over = true;
			return;
		}
		buf_put_u8(b, (uint8_t)label.n);
		buf_put_str(b, label);
	}
	buf_put_u8(b, 0);
	b->over |= b->n - start > NAME_MAX_WIRE;
}

void
dns_put_header(struct buf *b, uint16_t id, unsigned opcode, struct str name, enum dns_type type)
{
	static const uint8_t counts[8] = {0, 1};

	buf_put_u16(b, id);
	buf_put_u16(b, (uint16_t)(opcode << 11));
	buf_put(b, counts, sizeof(counts));
	dns_put_name(b, name);
	buf_put_u16(b, (uint16_t)type);
	buf_put_u16(b, DNS_CLASS_IN);
}

static void
count_one_more(struct buf *b, enum dns_section section)
{
	uint8_t *count = b->p + 4 + 2 * (size_t)section;

	if (++count[1] == 0)
		count[0]++;
}

void
dns_put_record(struct buf *b, enum dns_section section, struct str name, unsigned type,
	unsigned class, uint32_t ttl, struct blob rdata)
{
	dns_put_name(b, name);
	buf_put_u16(b, (uint16_t)type);
	buf_put_u16(b, (uint16_t) class);
	buf_put_u32(b, ttl);
	buf_put_u16(b, (uint16_t)rdata.n);
	buf_put_blob(b, rdata);
	b->over |= rdata.n > UINT16_MAX;
	if (!b->over)
		count_one_more(b, section);
}

void
dns_put_txt(struct buf *b, struct str text)
{
	do {
		size_t n = MIN(text.n, (size_t)255);

		buf_put_u8(b, (uint8_t)n);
		buf_put(b, text.p, n);
		text.p += n;
		text.n -= n;
	} while (text.n);
}

/* -- reading */

/* A name at the cursor, with compression (RFC 1035 4.1.4): each pointer must lead further back than
 * the one before. */
static bool
read_name(struct blob wire, struct cursor *c, struct arena *a, struct str *ret)
{
	uint8_t flat[NAME_MAX_WIRE + 1];
	struct cursor at = *c;
	size_t n = 0, limit = (size_t)(c->p - wire.p);
	bool jumped = false;

	for (unsigned jumps = 0; jumps < JUMPS_MAX;) {
		uint8_t len = cursor_u8(&at);
		struct blob label;

		if ((len & 0xc0) == 0xc0) {
			size_t to = (size_t)(len & 0x3f) << 8 | cursor_u8(&at);

			if (!cursor_ok(&at, false) || to >= limit)
				break;
			if (!jumped)
				*c = at;
			jumped = true;
			jumps++;
			limit = to;
			at = cursor_of(BLOB(wire.p + to, wire.n - to));
			continue;
		}
		label = cursor_take(&at, len);
		if (len > LABEL_MAX || !cursor_ok(&at, false) || n + 1 + len > NAME_MAX_WIRE)
			break;
		flat[n++] = len;
		if (len)
			memcpy(flat + n, label.p, len);
		n += len;
		if (len)
			continue;
		if (!jumped)
			*c = at;
		return dns_name(BLOB(flat, n), a, ret);
	}
	c->bad = true;
	return false;
}

static bool
read_item(struct blob wire, struct cursor *c, struct arena *a, struct dns_item *ret)
{
	ret->at = (size_t)(c->p - wire.p);
	if (!read_name(wire, c, a, &ret->name))
		return false;
	ret->type = cursor_u16(c);
	ret->class = cursor_u16(c);
	(void)cursor_u32(c);
	ret->rdata = cursor_take(c, cursor_u16(c));
	if (!cursor_ok(c, false))
		return false;
	if (ret->rdata.n &&
		(ret->type == DNS_NS || ret->type == DNS_CNAME || ret->type == DNS_SOA)) {
		/* compressed names point into the message before them */
		struct cursor in = {.p = ret->rdata.p, .end = ret->rdata.p + ret->rdata.n};

		return read_name(wire, &in, a, &ret->target);
	}
	return true;
}

bool
dns_message_read(struct blob wire, struct arena *a, struct dns_message *ret)
{
	struct cursor c = cursor_of(wire);
	struct dns_message m = {.id = cursor_u16(&c)};
	unsigned flags = cursor_u16(&c), counts[4], total;

	for (unsigned i = 0; i < 4; i++)
		counts[i] = cursor_u16(&c);
	total = counts[1] + counts[2] + counts[3];
	if (!cursor_ok(&c, false) || counts[0] != 1 || total > RECORDS_MAX ||
		!read_name(wire, &c, a, &m.name))
		return false;
	m.response = flags >> 15;
	m.opcode = (flags >> 11) & 15;
	m.authoritative = flags & 0x0400;
	m.truncated = flags & 0x0200;
	m.rcode = flags & 15;
	m.type = cursor_u16(&c);
	(void)cursor_u16(&c);
	m.items = arena_new_n(a, total, struct dns_item);
	for (unsigned s = DNS_ANSWER; s <= DNS_ADDITIONAL; s++) {
		for (unsigned i = 0; i < counts[s]; i++) {
			m.items[m.n].section = (enum dns_section)s;
			if (!read_item(wire, &c, a, &m.items[m.n++]))
				return false;
		}
	}
	if (!cursor_ok(&c, true))
		return false;
	*ret = m;
	return true;
}

const char *
dns_rcode_name(int rcode)
{
	static const char *const names[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP",
		"REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE"};

	return rcode >= 0 && rcode < (int)ARRAY_LEN(names) ? names[rcode] : "an error";
}
