/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/pem.h"

#include "base/b64.h"
#include "base/secret.h"
#include "crypto/ossl_priv.h"

#define LINE_BYTES 48
#define TEXT_MAX (4 * 1024 * 1024)
#define BEGIN "-----BEGIN "
#define END "-----END "
#define DASHES "-----"

static void
put_marker(struct buf *b, const char *what, const char *label)
{
	buf_put_c(b, what);
	buf_put_c(b, label);
	buf_put_c(b, DASHES "\n");
}

void
pem_put(struct buf *b, const char *label, struct blob der)
{
	unsigned char line[LINE_BYTES / 3 * 4 + 1];

	put_marker(b, BEGIN, label);
	for (size_t at = 0; at < der.n; at += LINE_BYTES) {
		int n = EVP_EncodeBlock(line, der.p + at, (int)MIN(der.n - at, (size_t)LINE_BYTES));

		buf_put(b, line, (size_t)n);
		buf_put_u8(b, '\n');
	}
	put_marker(b, END, label);
	wipe(line, sizeof(line));
}

struct str
pem_encode(struct arena *a, const char *label, struct blob der)
{
	struct buf b;
	struct str s;

	buf_init(&b, der.n * 2 + 256);
	pem_put(&b, label, der);
	BUG_ON(b.over);
	s = arena_str(a, buf_str(&b));
	buf_done_secret(&b);
	return s;
}

/* Cuts the next line off, whichever of LF, CR LF and CR ends it, without the blanks around it. */
static struct str
line_cut(struct str *rest)
{
	struct str line = *rest;
	size_t n = 0;

	while (n < rest->n && rest->p[n] != '\n' && rest->p[n] != '\r')
		n++;
	line.n = n;
	if (n < rest->n)
		n++;
	rest->p += n;
	rest->n -= n;
	return str_trim(line);
}

/* The label between marker and dashes, or {NULL, 0}. */
static struct str
marker_label(struct str line, struct str marker)
{
	if (line.n < marker.n + strlen(DASHES) || !str_starts(line, marker) || !str_ends(line, STR(DASHES)))
		return (struct str){NULL, 0};
	return (struct str){line.p + marker.n, line.n - marker.n - strlen(DASHES)};
}

static int
damaged(struct err *e, struct str label, const char *why)
{
	return err_set(e, E_FIELD_FORM, "the PEM block \"%.*s\" %s", (int)MIN(label.n, (size_t)40), label.p, why);
}

/* The lines after BEGIN up to END, without line ends. */
static int
body_read(struct str *rest, struct str label, struct buf *b64, struct err *e)
{
	while (rest->n) {
		struct str line = line_cut(rest);

		if (str_starts(line, STR(DASHES))) {
			if (!str_eq(marker_label(line, STR(END)), label))
				return damaged(e, label, "does not end with an END line of its own");
			return 0;
		}
		/* RFC 1421 headers: written for encrypted keys only. */
		if (line.n && memchr(line.p, ':', line.n))
			return damaged(e, label, "has header lines (is it encrypted?)");
		buf_put_str(b64, line);
	}
	return damaged(e, label, "has no END line");
}

/* The next block that has the label (any when NULL). */
static int
block_next(struct str *rest, const char *want, struct arena *a, struct str *ret_label, struct blob *ret_der,
	struct err *e)
{
	while (rest->n) {
		struct str label = marker_label(line_cut(rest), STR(BEGIN));
		struct buf b64;
		bool ok;
		int r;

		if (!label.p || (want && !str_eq_c(label, want)))
			continue;
		buf_init(&b64, rest->n + 1);
		r = body_read(rest, label, &b64, e);
		ok = r == 0 && b64.n > 0 && b64_decode(a, buf_str(&b64), ret_der);
		buf_done_secret(&b64);
		if (r < 0)
			return r;
		*ret_label = label;
		return ok ? 0 : damaged(e, label, "is no valid base64");
	}
	return err_set(e, E_NOT_FOUND, "there is no PEM block \"-----BEGIN %s-----\"", want ? want : "…");
}

static int
text_check(struct str *text, struct err *e)
{
	if (text->n > TEXT_MAX)
		return err_set(e, E_TOO_LARGE, "a PEM text of %zu bytes is too long (at most %d)", text->n, TEXT_MAX);
	/* The byte order mark that editors put in front. */
	if (str_starts(*text, STR("\xef\xbb\xbf"))) {
		text->p += 3;
		text->n -= 3;
	}
	return 0;
}

int
pem_next(struct str *rest, struct arena *a, struct str *ret_label, struct blob *ret_der, struct err *e)
{
	int r = text_check(rest, e);

	return r < 0 ? r : block_next(rest, NULL, a, ret_label, ret_der, e);
}

int
pem_decode(struct str text, const char *label, struct arena *a, struct blob *ret_der, struct err *e)
{
	struct str found;
	int r = text_check(&text, e);

	return r < 0 ? r : block_next(&text, label, a, &found, ret_der, e);
}
