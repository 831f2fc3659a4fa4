/* SPDX-License-Identifier: Apache-2.0 */
#include "net/mime.h"

#include "base/b64.h"
#include "base/quote.h"
#include "base/rfc3339.h"
#include "base/clock.h"
#include "base/utf8.h"

#define LOCAL_MAX 64
#define DOMAIN_MAX 253
#define LABEL_MAX 63
#define PLAIN_SUBJECT_MAX 66 /* with "Subject: " within the 78 columns of RFC 5322 2.1.1 */
#define WORD_BYTES 42 /* base64 of them, with "=?UTF-8?B?" and "?=", stays below the 75 columns of RFC 2047 2 */
#define BODY_LINE 57 /* 76 columns of base64 (RFC 2045 6.8) */

/* -- addresses */

static bool
is_letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* atext of RFC 5322 3.2.3 */
static bool
is_atext(char c)
{
	return is_letter_or_digit(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static bool
local_ok(struct str local)
{
	char before = '.';

	if (!local.n || local.n > LOCAL_MAX)
		return false;
	for (size_t i = 0; i < local.n; i++) {
		char c = local.p[i];

		if (c == '.' ? before == '.' : !is_atext(c))
			return false;
		before = c;
	}
	return before != '.';
}

static bool
label_ok(struct str label)
{
	if (!label.n || label.n > LABEL_MAX || label.p[0] == '-' || label.p[label.n - 1] == '-')
		return false;
	for (size_t i = 0; i < label.n; i++) {
		if (!is_letter_or_digit(label.p[i]) && label.p[i] != '-')
			return false;
	}
	return true;
}

static bool
domain_ok(struct str domain)
{
	unsigned labels = 0;

	if (!domain.n || domain.n > DOMAIN_MAX)
		return false;
	while (domain.p) {
		if (!label_ok(str_cut(&domain, '.')))
			return false;
		labels++;
	}
	return labels >= 2;
}

int
mail_address(struct str s, struct err *e)
{
	ARENA(a);
	struct str domain = s, local = str_cut(&domain, '@');
	const char *why;

	if (s.n > MAIL_ADDRESS_MAX)
		why = "is longer than 254 characters";
	else if (!domain.p || str_find(domain, '@') >= 0)
		why = "has not one @";
	else if (!local_ok(local))
		why = "has before the @ not 1 to 64 letters, digits or signs of a plain mail address";
	else if (!domain_ok(domain))
		why = "has after the @ no full domain name in its ASCII form";
	else
		return 0;
	return err_set(e, E_MAIL_ADDRESS, "the mail address \"%s\" %s", quote_text(s, 80, &a).p, why);
}

/* -- headers */

/* Printable ASCII that nobody takes for an encoded word. */
static bool
is_plain(struct str s)
{
	if (s.n > PLAIN_SUBJECT_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < ' ' || s.p[i] > '~' || (s.p[i] == '=' && i + 1 < s.n && s.p[i + 1] == '?'))
			return false;
	}
	return true;
}

/* As many bytes as fit into one encoded word, never a part of a character (RFC 2047 5). */
static struct str
cut_word(struct str *rest)
{
	struct str all = *rest, at = *rest;

	while (at.n && (size_t)(at.p - all.p) <= WORD_BYTES) {
		*rest = at;
		(void)utf8_next(&at);
	}
	if (!at.n && (size_t)(at.p - all.p) <= WORD_BYTES)
		*rest = at;
	return (struct str){all.p, (size_t)(rest->p - all.p)};
}

static void
put_words(struct buf *out, struct str s)
{
	ARENA(a);

	while (s.n) {
		struct str word = cut_word(&s);

		buf_printf(out, "=?UTF-8?B?%s?=%s", b64_encode(&a, blob_of(word)).p, s.n ? "\r\n " : "");
	}
}

static void
put_text(struct buf *out, struct str s)
{
	if (is_plain(s))
		buf_put_str(out, s);
	else
		put_words(out, s);
}

/* A display name: quoted where it is plain (RFC 5322 3.4), else an encoded word. */
static void
put_mailbox(struct buf *out, struct str name, struct str address)
{
	bool plain = is_plain(name) && str_find(name, '"') < 0 && str_find(name, '\\') < 0;

	if (name.n && plain)
		buf_printf(out, "\"%.*s\" ", STRF(name));
	else if (name.n) {
		put_words(out, name);
		buf_put_c(out, " ");
	}
	buf_printf(out, "<%.*s>\r\n", STRF(address));
}

/* RFC 5322 3.3 */
static void
put_date(struct buf *out, int64_t ms)
{
	static const char days[] = "ThuFriSatSunMonTueWed";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct civil c;

	civil_of_ms(ms, &c);
	buf_printf(out, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d +0000\r\n", days + ms / MS_DAY % 7 * 3, c.day,
		months + (c.month - 1) * 3, c.year, c.hour, c.minute, c.second);
}

static bool
id_ok(struct str id)
{
	for (size_t i = 0; i < id.n; i++) {
		if (!is_letter_or_digit(id.p[i]) && id.p[i] != '.' && id.p[i] != '-')
			return false;
	}
	return id.n > 0 && id.n <= 64;
}

static void
put_head(struct buf *out, const struct mime *m)
{
	struct str domain = m->from;

	str_cut(&domain, '@');
	put_date(out, m->date_ms);
	buf_put_c(out, "From: ");
	put_mailbox(out, m->from_name, m->from);
	buf_put_c(out, "To: ");
	put_mailbox(out, (struct str){NULL, 0}, m->to);
	buf_put_c(out, "Subject: ");
	put_text(out, m->subject);
	buf_printf(out, "\r\nMessage-ID: <%.*s@%.*s>\r\n", STRF(m->id), STRF(domain));
	/* RFC 3834 5: nobody shall answer a machine by machine */
	buf_put_c(out, "Auto-Submitted: auto-generated\r\n"
		       "MIME-Version: 1.0\r\n"
		       "Content-Type: text/plain; charset=utf-8\r\n"
		       "Content-Transfer-Encoding: base64\r\n\r\n");
}

/* -- body */

static struct str
with_crlf(struct arena *a, struct str body)
{
	char *out = arena_alloc(a, 2 * body.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < body.n; i++) {
		if (body.p[i] == '\n')
			out[n++] = '\r';
		out[n++] = body.p[i];
	}
	return (struct str){out, n};
}

/* Always base64: no line of the text can be taken for the end of the message, nor be re-wrapped on the way. */
static void
put_body(struct buf *out, struct str body)
{
	ARENA(a);
	struct str s = with_crlf(&a, body);

	for (size_t i = 0; i < s.n; i += BODY_LINE)
		buf_printf(out, "%s\r\n", b64_encode(&a, BLOB(s.p + i, MIN(s.n - i, (size_t)BODY_LINE))).p);
}

int
mime_write(const struct mime *m, struct buf *out, struct err *e)
{
	int r = mail_address(m->from, e);

	BUG_ON(!id_ok(m->id));
	if (r == 0)
		r = mail_address(m->to, e);
	if (r < 0)
		return r;
	if (m->subject.n > MAIL_SUBJECT_MAX || m->body.n > MAIL_BODY_MAX || m->from_name.n > MAIL_SUBJECT_MAX)
		return err_set(e, E_TOO_LARGE, "the mail is larger than its caps: a subject of %d bytes, a body of %d",
			MAIL_SUBJECT_MAX, MAIL_BODY_MAX);
	if (!utf8_printable(m->subject, false) || !utf8_printable(m->from_name, false) || !utf8_printable(m->body, true))
		return err_set(e, E_FIELD_UTF8, "the mail's subject or text holds control characters");
	put_head(out, m);
	put_body(out, m->body);
	return out->over ? err_set(e, E_TOO_LARGE, "the mail is larger than %d bytes", MAIL_MESSAGE_MAX) : 0;
}
