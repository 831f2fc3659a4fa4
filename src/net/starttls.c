/* SPDX-License-Identifier: Apache-2.0 */
#include "net/starttls.h"

#include <stdio.h>

#include "base/cursor.h"

static const char *const words[] = {[STARTTLS_NONE] = "none",
	[STARTTLS_SMTP] = "smtp",
	[STARTTLS_IMAP] = "imap",
	[STARTTLS_POP3] = "pop3",
	[STARTTLS_LDAP] = "ldap",
	[STARTTLS_POSTGRESQL] = "postgresql"};

/* LDAPMessage 1, ExtendedRequest 1.3.6.1.4.1.1466.20037 (RFC 4511 4.14.1). */
static const char ldap_ask[] = "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
			       "1.3.6.1.4.1.1466.20037";
/* SSLRequest: length 8, code 80877103. */
static const char pgsql_ask[] = "\0\0\0\x08\x04\xd2\x16\x2f";
#define IMAP_TAG "s1"

const char *
starttls_word(enum starttls kind)
{
	return words[kind];
}

enum starttls
starttls_by_word(struct str word)
{
	int i = 0;

	while (i < STARTTLS_KINDS && !str_eq_c(word, words[i]))
		i++;
	return (enum starttls)i;
}

enum starttls
starttls_by_port(uint16_t port)
{
	switch (port) {
	case 25:
	case 587:
		return STARTTLS_SMTP;
	case 143:
		return STARTTLS_IMAP;
	case 110:
		return STARTTLS_POP3;
	case 389:
		return STARTTLS_LDAP;
	case 5432:
		return STARTTLS_POSTGRESQL;
	default:
		return STARTTLS_NONE;
	}
}

/* -- what all have in common */

static void
say(struct starttls_talk *t, struct str s)
{
	t->n_words = MIN(s.n, sizeof(t->words));
	if (t->n_words)
		memcpy(t->words, s.p, t->n_words);
}

static enum starttls_next
ends(struct starttls_talk *t, enum starttls_next how, struct str said)
{
	say(t, said);
	return how;
}

static enum starttls_next
asks(struct starttls_talk *t, struct str ask, struct blob *ret_send)
{
	t->step++;
	*ret_send = blob_of(ask);
	return STARTTLS_SEND;
}

static struct str
rest_of(const struct starttls_talk *t, struct blob seen)
{
	return t->used < seen.n ? (struct str){(const char *)seen.p + t->used, seen.n - t->used} : STR("");
}

static enum starttls_next
ready(struct starttls_talk *t, struct blob seen)
{
	struct str surplus = rest_of(t, seen);

	return surplus.n ? ends(t, STARTTLS_SURPLUS, surplus) : STARTTLS_READY;
}

/* The next whole line, without its end. */
static bool
line_take(struct starttls_talk *t, struct blob seen, struct str *ret)
{
	struct str rest = rest_of(t, seen);
	ptrdiff_t end = str_find(rest, '\n');

	if (end < 0)
		return false;
	t->used += (size_t)end + 1;
	ret->p = rest.p;
	ret->n = end && rest.p[end - 1] == '\r' ? (size_t)end - 1 : (size_t)end;
	return true;
}

static bool
starts(struct str s, struct str with)
{
	return s.n >= with.n && str_eq_nocase((struct str){s.p, with.n}, with);
}

/* -- SMTP (RFC 5321 4.2, RFC 3207) */

/* 0 for what is no line of an answer. */
static int
smtp_code(struct str line, bool *ret_last)
{
	uint64_t code = 0;

	if (line.n < 3 || !str_u64((struct str){line.p, 3}, 999, &code) || code < 200)
		return 0;
	*ret_last = line.n == 3 || line.p[3] == ' ';
	return *ret_last || line.p[3] == '-' ? (int)code : 0;
}

static bool
smtp_offers(struct str line)
{
	return line.n > 4 && str_eq_nocase(str_trim((struct str){line.p + 4, line.n - 4}), STR("STARTTLS"));
}

static enum starttls_next
smtp_answered(struct starttls_talk *t, int code, struct str line, struct blob seen, struct blob *ret_send)
{
	static const int wanted[] = {220, 250, 220};

	if (code != wanted[t->step])
		return ends(t, STARTTLS_REFUSED, line);
	if (t->step == 0)
		return asks(t, STR("EHLO signet.invalid\r\n"), ret_send);
	if (t->step == 2)
		return ready(t, seen);
	return t->offered ? asks(t, STR("STARTTLS\r\n"), ret_send) : ends(t, STARTTLS_REFUSED, line);
}

static enum starttls_next
smtp_step(struct starttls_talk *t, struct blob seen, struct blob *ret_send)
{
	struct str line;

	while (line_take(t, seen, &line)) {
		bool last = false;
		int code = smtp_code(line, &last);

		if (code == 0)
			return ends(t, STARTTLS_FOREIGN, line);
		t->offered |= t->step == 1 && smtp_offers(line);
		if (last)
			return smtp_answered(t, code, line, seen, ret_send);
	}
	return STARTTLS_WAIT;
}

/* -- IMAP (RFC 9051 7.1, 6.2.1) */

static enum starttls_next
imap_step(struct starttls_talk *t, struct blob seen, struct blob *ret_send)
{
	struct str line;

	while (line_take(t, seen, &line)) {
		bool untagged = starts(line, STR("* "));

		/* Who is let in already (PREAUTH) cannot begin TLS any more. */
		if (starts(line, STR("* BYE")) || starts(line, STR("* PREAUTH")))
			return ends(t, STARTTLS_REFUSED, line);
		if (t->step == 0 && starts(line, STR("* OK"))) {
			t->offered = true;
			return asks(t, STR(IMAP_TAG " STARTTLS\r\n"), ret_send);
		}
		if (t->step == 1 && starts(line, STR(IMAP_TAG " OK")))
			return ready(t, seen);
		if (t->step == 1 && starts(line, STR(IMAP_TAG " ")))
			return ends(t, STARTTLS_REFUSED, line);
		if (t->step == 0 || !untagged)
			return ends(t, STARTTLS_FOREIGN, line);
	}
	return STARTTLS_WAIT;
}

/* -- POP3 (RFC 1939 3, RFC 2595 4) */

static enum starttls_next
pop3_step(struct starttls_talk *t, struct blob seen, struct blob *ret_send)
{
	struct str line;

	if (!line_take(t, seen, &line))
		return STARTTLS_WAIT;
	if (starts(line, STR("-ERR")))
		return ends(t, STARTTLS_REFUSED, line);
	if (!starts(line, STR("+OK")))
		return ends(t, STARTTLS_FOREIGN, line);
	t->offered = true;
	return t->step == 0 ? asks(t, STR("STLS\r\n"), ret_send) : ready(t, seen);
}

/* -- LDAP (RFC 4511 4.1.1, 4.12). BER, not DER: Active Directory writes lengths with zeros in front. */

enum ber { BER_OK, BER_MORE, BER_BAD };

static enum ber
ber_get(struct cursor *c, uint8_t tag, struct blob *ret)
{
	struct cursor at = *c;
	uint8_t seen = cursor_u8(&at), first = cursor_u8(&at);
	size_t n = first;

	if (at.bad)
		return cursor_left(c) && *c->p != tag ? BER_BAD : BER_MORE;
	if (seen != tag || first == 0x80 || first > 0x84)
		return BER_BAD;
	if (first > 0x80) {
		n = 0;
		for (unsigned i = 0; i < first - 0x80u; i++)
			n = n << 8 | cursor_u8(&at);
	}
	if (at.bad)
		return BER_MORE;
	if (n > STARTTLS_ANSWER_MAX)
		return BER_BAD;
	if (n > cursor_left(&at))
		return BER_MORE;
	*ret = cursor_take(&at, n);
	*c = at;
	return BER_OK;
}

/* An ExtendedResponse's parts out of one LDAPMessage. */
static bool
ldap_result(struct blob message, unsigned *ret_code, struct str *ret_text)
{
	struct cursor c = cursor_of(message), op;
	struct blob id, body, code, text;

	if (ber_get(&c, 0x02, &id) != BER_OK || id.n != 1 || id.p[0] > 1 || ber_get(&c, 0x78, &body) != BER_OK)
		return false;
	op = cursor_of(body);
	if (ber_get(&op, 0x0a, &code) != BER_OK || code.n != 1 || ber_get(&op, 0x04, &text) != BER_OK ||
		ber_get(&op, 0x04, &text) != BER_OK)
		return false;
	/* Message 0 is the server's own: it says good-bye (RFC 4511 4.4). */
	*ret_code = id.p[0] == 0 && code.p[0] == 0 ? 1 : code.p[0];
	*ret_text = str_of(text);
	return true;
}

static enum starttls_next
ldap_step(struct starttls_talk *t, struct blob seen, struct blob *ret_send)
{
	struct cursor c = cursor_of(seen);
	struct blob message;
	struct str text;
	unsigned code;
	enum ber got;
	int n;

	if (t->step == 0)
		return asks(t, (struct str){ldap_ask, sizeof(ldap_ask) - 1}, ret_send);
	t->offered = true;
	got = seen.n ? ber_get(&c, 0x30, &message) : BER_MORE;
	if (got == BER_MORE)
		return STARTTLS_WAIT;
	if (got == BER_BAD || !ldap_result(message, &code, &text))
		return ends(t, STARTTLS_FOREIGN, str_of(seen));
	t->used = seen.n - cursor_left(&c);
	if (code == 0)
		return ready(t, seen);
	n = snprintf(t->words, sizeof(t->words), "result %u%s%.*s", code, text.n ? ": " : "", (int)MIN(text.n, 120u),
		text.n ? text.p : "");
	t->n_words = MIN((size_t)n, sizeof(t->words) - 1);
	return STARTTLS_REFUSED;
}

/* -- PostgreSQL (protocol 3.0, "SSL Session Encryption") */

static enum starttls_next
pgsql_step(struct starttls_talk *t, struct blob seen, struct blob *ret_send)
{
	if (t->step == 0)
		return asks(t, (struct str){pgsql_ask, sizeof(pgsql_ask) - 1}, ret_send);
	if (seen.n == 0)
		return STARTTLS_WAIT;
	t->used = 1;
	t->offered = seen.p[0] == 'S';
	if (t->offered)
		return ready(t, seen);
	/* "E": an ErrorResponse of a server that knows no SSLRequest. */
	return ends(t, seen.p[0] == 'N' || seen.p[0] == 'E' ? STARTTLS_REFUSED : STARTTLS_FOREIGN, str_of(seen));
}

enum starttls_next
starttls_step(struct starttls_talk *t, struct blob seen, struct blob *ret_send)
{
	BUG_ON(seen.n > STARTTLS_ANSWER_MAX || t->used > seen.n);
	switch (t->kind) {
	case STARTTLS_SMTP:
		return smtp_step(t, seen, ret_send);
	case STARTTLS_IMAP:
		return imap_step(t, seen, ret_send);
	case STARTTLS_POP3:
		return pop3_step(t, seen, ret_send);
	case STARTTLS_LDAP:
		return ldap_step(t, seen, ret_send);
	case STARTTLS_POSTGRESQL:
		return pgsql_step(t, seen, ret_send);
	case STARTTLS_NONE:
	case STARTTLS_KINDS:
	default:
		break;
	}
	return ready(t, seen);
}
