/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/pem.h"

#include "base/b64.h"
#include "base/der.h"
#include "base/secret.h"
#include "crypto/ossl_priv.h"

#define LINE_BYTES 48
#define LABEL_MAX 64
#define TRUSTED "TRUSTED CERTIFICATE"
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

/* -- reading */

/* UTF-16 after its mark. What stands outside of ASCII stands outside of the blocks too and becomes "?". */
static int
utf16_read(struct blob text, bool little, struct arena *a, struct str *ret, struct err *e)
{
	/* A private key may be in it. */
	struct secret *out = arena_secret(a, text.n / 2);

	if (text.n % 2)
		return err_set(e, E_FIELD_FORM, "the text is UTF-16 and ends within a character");
	for (size_t i = 0; i < out->n; i++) {
		uint8_t low = text.p[2 * i + !little], high = text.p[2 * i + little];

		out->p[i] = high || low >= 0x80 ? '?' : low;
	}
	*ret = str_of(secret_blob(out));
	return 0;
}

int
pem_open(struct blob file, struct arena *a, struct pem_reader *ret, struct err *e)
{
	struct str text = str_of(file), mark8 = STR("\xef\xbb\xbf"), little = STR("\xff\xfe"), big = STR("\xfe\xff");
	int r = 0;

	if (file.n > PEM_TEXT_MAX)
		return err_set(e, E_TOO_LARGE, "a PEM text of %zu bytes is too long (at most %d)", file.n, PEM_TEXT_MAX);
	if (str_starts(text, mark8))
		text = (struct str){text.p + mark8.n, text.n - mark8.n};
	else if (str_starts(text, little) || str_starts(text, big))
		r = utf16_read(BLOB(file.p + little.n, file.n - little.n), str_starts(text, little), a, &text, e);
	while (text.n && text.p[text.n - 1] == '\0')
		text.n--;
	*ret = (struct pem_reader){text, 1};
	return r;
}

/* Moves the reader on by n bytes, counting lines: LF, CR LF or CR. */
static struct str
take(struct pem_reader *r, size_t n)
{
	struct str taken = {r->rest.p, n};

	for (size_t i = 0; i < n; i++) {
		char c = taken.p[i];

		r->line += c == '\n' || (c == '\r' && !(i + 1 < r->rest.n && taken.p[i + 1] == '\n'));
	}
	r->rest.p += n;
	r->rest.n -= n;
	return taken;
}

/* Where the marker begins; the end of the text when there is none. */
static size_t
marker_at(struct str text, struct str marker)
{
	const char *at = text.p ? memmem(text.p, text.n, marker.p, marker.n) : NULL;

	return at ? (size_t)(at - text.p) : text.n;
}

/* The reader stands at a marker: takes it with its label and dashes. {NULL, 0}: it is cut short, and only its first
 * dashes are taken. */
static struct str
label_take(struct pem_reader *r, struct str marker)
{
	struct str label = {r->rest.p + marker.n, 0};
	size_t room = MIN(r->rest.n - marker.n, (size_t)LABEL_MAX);

	while (label.n < room && label.p[label.n] != '-' && (unsigned char)label.p[label.n] >= ' ')
		label.n++;
	if (!str_starts((struct str){label.p + label.n, r->rest.n - marker.n - label.n}, STR(DASHES))) {
		take(r, strlen(DASHES));
		return (struct str){NULL, 0};
	}
	take(r, marker.n + label.n + strlen(DASHES));
	return label;
}

static int
damaged(struct err *e, const struct pem_block *b, const char *why)
{
	return err_set(e, E_FIELD_FORM, "the PEM block \"%.*s\" at line %u %s", STRF(b->label), b->line, why);
}

/* Cuts the next line off *rest, without the blanks around it. */
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

/* The value of a header line, or {NULL, 0}. */
static struct str
header_value(struct str line, struct str name)
{
	if (!str_starts(line, name))
		return (struct str){NULL, 0};
	return str_trim((struct str){line.p + name.n, line.n - name.n});
}

/* The two header lines of an encrypted body (RFC 1421 4.6.1.1, 4.6.1.3) and the empty one after them, when it has any. */
static int
headers_read(struct str *inside, struct pem_block *b, struct err *e)
{
	struct str rest = *inside, first;

	do
		first = line_cut(&rest);
	while (!first.n && rest.n);
	if (!first.n || !memchr(first.p, ':', first.n))
		return 0;
	b->dek = header_value(line_cut(&rest), STR("DEK-Info:"));
	if (!str_eq_c(header_value(first, STR("Proc-Type:")), "4,ENCRYPTED") || !b->dek.n || line_cut(&rest).n)
		return damaged(e, b, "has header lines that are not those of an encrypted key");
	*inside = rest;
	return 0;
}

/* How many octets the blank that begins here has: in ASCII, as web pages and word processors put them in (no-break and
 * zero-width ones, separators of lines), or the byte order mark of a joined file. 0: it is none. */
static size_t
blank_at(struct str s)
{
	static const char *const blanks[] = {" ", "\t", "\r", "\n", "\v", "\f", "\xc2\x85", "\xc2\xa0", "\xe2\x80\x8b",
		"\xe2\x80\x8c", "\xe2\x80\x8d", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\xa0",
		"\xef\xbb\xbf"};

	if (s.n && (unsigned char)*s.p > ' ' && (unsigned char)*s.p < 0x80)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(blanks); i++) {
		if (str_starts(s, str_c(blanks[i])))
			return strlen(blanks[i]);
	}
	return 0;
}

/* Digits without what stands between lines, also where line ends were written as \n, and "/" as some write it in JSON. */
static size_t
digits_copy(struct str from, uint8_t *to)
{
	size_t n = 0, blank;

	for (size_t i = 0; i < from.n; i++) {
		char c = from.p[i];

		if (c == '\\' && i + 1 < from.n && from.p[i + 1] == '/')
			to[n++] = (uint8_t)from.p[++i];
		else if (c == '\\' && i + 1 < from.n && strchr("nrt", from.p[i + 1]))
			i++;
		else if ((blank = blank_at((struct str){from.p + i, from.n - i})) > 0)
			i += blank - 1;
		else
			to[n++] = (uint8_t)c;
	}
	return n;
}

/* The first element of several; what is no DER stays as it is, for its reader to say so. */
static struct blob
first_element(struct blob b)
{
	struct cursor c = cursor_of(b);
	struct blob inside, whole;
	uint8_t tag;

	return der_next(&c, &tag, &inside, &whole) ? whole : b;
}

static int
body_read(struct str inside, struct arena *a, struct pem_block *b, struct err *e)
{
	uint8_t *p;
	size_t n;
	int r = headers_read(&inside, b, e);

	if (r < 0)
		return r;
	p = str_ends(b->label, STR("PRIVATE KEY")) ? arena_secret(a, inside.n)->p : arena_alloc(a, inside.n);
	n = digits_copy(inside, p);
	if (!b64_decode_here(p, n, &n) || n == 0)
		return damaged(e, b, n ? "is no valid base64" : "is empty");
	b->body = BLOB(p, n);
	if (str_eq_c(b->label, TRUSTED))
		b->body = first_element(b->body);
	return 0;
}

int
pem_next(struct pem_reader *r, struct arena *a, struct pem_block *ret, struct err *e)
{
	struct str inside, end;

	do {
		take(r, marker_at(r->rest, STR(BEGIN)));
		if (!r->rest.n)
			return err_set(e, E_NOT_FOUND, "there is no PEM block \"-----BEGIN …\"");
		*ret = (struct pem_block){.line = r->line};
		ret->label = label_take(r, STR(BEGIN));
	} while (!ret->label.p);
	/* up to the next BEGIN at most: a text of nothing but these is walked once */
	inside = (struct str){r->rest.p, marker_at(r->rest, STR(BEGIN))};
	inside.n = marker_at(inside, STR(END));
	take(r, inside.n);
	if (!str_starts(r->rest, STR(END)))
		return damaged(e, ret, "has no END line");
	end = label_take(r, STR(END));
	if (!str_eq(end, ret->label))
		return damaged(e, ret, "does not end with an END line of its own");
	return body_read(inside, a, ret, e);
}

enum pem_kind
pem_kind(struct str label)
{
	static const struct {
		const char *label;
		enum pem_kind kind;
	} labels[] = {
		{"CERTIFICATE", PEM_CERT},
		{"X509 CERTIFICATE", PEM_CERT},
		{TRUSTED, PEM_CERT},
		{"CERTIFICATE REQUEST", PEM_CSR},
		{"NEW CERTIFICATE REQUEST", PEM_CSR},
		{"X509 CRL", PEM_CRL},
		{"CRL", PEM_CRL},
		{"OCSP RESPONSE", PEM_OCSP_RESPONSE},
		{"OCSPRESPONSE", PEM_OCSP_RESPONSE},
		{"PKCS7", PEM_P7},
		{"PKCS #7 SIGNED DATA", PEM_P7},
		{"CMS", PEM_P7},
		{"PKCS12", PEM_P12},
		{"PUBLIC KEY", PEM_PUBLIC_KEY},
		{"RSA PUBLIC KEY", PEM_PUBLIC_KEY},
	};

	for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
		if (str_eq_c(label, labels[i].label))
			return labels[i].kind;
	}
	if (str_ends(label, STR("PRIVATE KEY")))
		return PEM_PRIVATE_KEY;
	return str_ends(label, STR("PARAMETERS")) ? PEM_PARAMETERS : PEM_OTHER;
}

int
pem_decode(struct str text, const char *label, struct arena *a, struct blob *ret_der, struct err *e)
{
	struct pem_reader reader;
	struct pem_block b;
	int r = pem_open(blob_of(text), a, &reader, e);

	while (r == 0) {
		r = pem_next(&reader, a, &b, e);
		if (r == E_NOT_FOUND)
			return err_set(e, r, "there is no PEM block \"-----BEGIN %s-----\"", label);
		if (str_eq_c(b.label, label)) {
			*ret_der = b.body;
			return r == 0 && b.dek.p ? damaged(e, &b, "is encrypted") : r;
		}
		if (r == E_FIELD_FORM)
			r = 0; /* another's damage */
	}
	return r;
}
