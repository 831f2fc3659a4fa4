/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/intake.h"

#include "base/b64.h"
#include "base/der.h"
#include "crypto/cert.h"
#include "crypto/container.h"
#include "crypto/csr.h"
#include "crypto/pem.h"
#include "crypto/unlock.h"
#include "inspect/guess.h"

#define TOO_MANY "there are more certificates and keys than are taken at once"

/* One file while it is taken apart. */
struct reading {
	struct intake *to;
	const char *file, *form;
	unsigned line;
	struct opener *opener;
	struct str name;
	struct err *e;
};

void
intake_init(struct intake *t, struct arena *a)
{
	*t = (struct intake){a, 0, arena_new_n(a, INTAKE_ITEMS_MAX, struct item), OPENER_WORK};
}

const struct item *
intake_find(const struct intake *t, enum item_kind kind, unsigned from)
{
	for (unsigned i = from; i < t->n; i++) {
		if (t->v[i].kind == kind)
			return &t->v[i];
	}
	return NULL;
}

/* -- faults */

/* Notes what *why says, with the place. */
static void
fault(const struct reading *t, const struct err *why)
{
	if (t->line)
		err_note(t->e, why->code, t->file, "line %u: %s", t->line, why->msg);
	else
		err_note(t->e, why->code, t->file, "%s", why->msg);
}

static void
fault_text(const struct reading *t, int code, const char *text)
{
	ERR(why);

	(void)!err_set(&why, code, "%s", text);
	fault(t, &why);
}

/* -- items */

static struct item *
item_add(const struct reading *t, enum item_kind kind, struct blob der)
{
	struct item *i;

	if (t->to->n == INTAKE_ITEMS_MAX) {
		fault_text(t, E_TOO_LARGE, TOO_MANY);
		return NULL;
	}
	i = &t->to->v[t->to->n++];
	*i = (struct item){kind, t->file, t->line, t->form, t->name, der, NULL};
	return i;
}

static void
cert_add(const struct reading *t, struct blob der)
{
	struct cert_info info;
	ERR(why);

	if (cert_read(der, t->to->a, &info, &why) < 0)
		fault(t, &why);
	else
		item_add(t, ITEM_CERT, der);
}

static void
csr_add(const struct reading *t, struct blob der)
{
	item_add(t, ITEM_CSR, der);
}

static void
key_drop(void *p)
{
	key_free(p);
}

/* Says what the key is when it is a sound one of a kind that is not taken. */
static void
key_refused(const struct reading *t, struct blob der, struct err *why)
{
	struct str kind;
	ERR(ignored);

	if (why->code == E_KEY_WEAK && key_foreign_name(der, t->opener, t->to->a, &kind, &ignored) == 0)
		(void)!err_set(
			why, E_KEY_WEAK, "the private key is %.*s, which is not taken", STRF(kind));
	fault(t, why);
}

/* der: in the clear. */
static void
key_add(const struct reading *t, struct blob der)
{
	struct key *key = NULL;
	struct item *i;
	ERR(why);

	if (key_from_private(der, &key, &why) < 0) {
		key_refused(t, der, &why);
		return;
	}
	arena_defer(t->to->a, key_drop, key);
	i = item_add(t, ITEM_KEY, der);
	if (i)
		i->key = key;
}

static void
locked_add(const struct reading *t, const struct pem_block *b)
{
	struct secret *in, *open;
	ERR(why);

	if (unlock_block(b, t->opener, &open, &why) < 0) {
		fault(t, &why);
		return;
	}
	in = arena_secret(t->to->a, open->n);
	memcpy(in->p, open->p, open->n);
	secret_free(open);
	key_add(t, secret_blob(in));
}

/* -- containers */

static void
contents_take(const struct reading *t, const struct contents *c)
{
	for (unsigned i = 0; i < c->n; i++) {
		struct reading one = *t;

		one.name = c->v[i].name;
		switch (c->v[i].kind) {
		case CONTENT_CERT:
			cert_add(&one, c->v[i].der);
			break;
		case CONTENT_KEY:
			key_add(&one, c->v[i].der);
			break;
		case CONTENT_CRL:
			item_add(&one, ITEM_CRL, c->v[i].der);
			break;
		}
	}
}

enum container { IS_P7, IS_P12, IS_JKS };

static void
container_take(const struct reading *t, enum container which, struct blob bytes)
{
	static const char *const forms[] = {
		[IS_P7] = "PKCS#7", [IS_P12] = "PKCS#12", [IS_JKS] = "Java keystore"};
	struct contents *c = arena_new(t->to->a, struct contents);
	struct reading inside = *t;
	ERR(why);
	int r;

	inside.form = forms[which];
	if (which == IS_P7)
		r = p7_open(bytes, t->to->a, c, &why);
	else if (which == IS_P12)
		r = p12_open(bytes, t->opener, t->to->a, c, &why);
	else
		r = jks_open(bytes, t->opener, t->to->a, c, &why);
	contents_take(&inside, c);
	if (r < 0)
		fault(t, &why);
	else if (!c->n)
		fault_text(t, E_STORE_UNREADABLE, "the container is empty");
}

/* -- DER */

enum shape {
	NO_SHAPE,
	SHAPE_CERT,
	SHAPE_CSR,
	SHAPE_CRL,
	SHAPE_KEY,
	SHAPE_PUBLIC_KEY,
	SHAPE_P7,
	SHAPE_P12
};

/* Behind the tag and length of the element that begins here, BER too: a container may be of
 * indefinite length. */
static bool
ber_open(struct cursor *c, uint8_t tag)
{
	uint8_t n;

	if (cursor_u8(c) != tag)
		return false;
	n = cursor_u8(c);
	if (n > 0x80)
		(void)cursor_take(c, n & 0x7f);
	return cursor_ok(c, false);
}

static enum shape
container_shape(struct blob der)
{
	struct cursor c = cursor_of(der), oid;

	if (!ber_open(&c, DER_SEQUENCE))
		return NO_SHAPE;
	oid = c;
	if (ber_open(&oid, DER_OID) && der_oid_is(cursor_take(&oid, 9), "1.2.840.113549.1.7.2"))
		return SHAPE_P7;
	/* RFC 7292 4: version 3, then the content */
	if (blob_eq(cursor_take(&c, 3), BLOB("\x02\x01\x03", 3)) && cursor_u8(&c) == DER_SEQUENCE)
		return SHAPE_P12;
	return NO_SHAPE;
}

/* What a signed thing of three parts is, by how its first part begins. */
static enum shape
signed_shape(struct cursor tbs)
{
	bool version = der_optional(&tbs, DER_CTX_CONS(0), NULL),
	     number = der_optional(&tbs, DER_INTEGER, NULL);
	struct blob first;
	struct cursor in;

	if (version)
		return SHAPE_CERT;
	if (!der_get(&tbs, DER_SEQUENCE, &first))
		return NO_SHAPE;
	in = cursor_of(first);
	/* RFC 2986: version and subject; RFC 5280 5.1: version, algorithm, issuer, time; 4.1
	 * version 1: serial, algorithm */
	if (der_peek(&in) == DER_SET || !first.n)
		return number ? SHAPE_CSR : NO_SHAPE;
	der_optional(&tbs, DER_SEQUENCE, NULL);
	return der_peek(&tbs) == DER_UTC_TIME || der_peek(&tbs) == DER_GENERALIZED_TIME
		       ? SHAPE_CRL
		       : SHAPE_CERT;
}

static enum shape
der_shape(struct blob der)
{
	struct cursor outer = cursor_of(der), c, first;

	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer))
		return NO_SHAPE;
	if (der_peek(&c) == DER_INTEGER)
		return SHAPE_KEY;
	if (!der_open(&c, DER_SEQUENCE, &first))
		return NO_SHAPE;
	if (der_peek(&first) == DER_OID)
		return der_peek(&c) == DER_OCTET_STRING ? SHAPE_KEY
		       : der_peek(&c) == DER_BIT_STRING ? SHAPE_PUBLIC_KEY
							: NO_SHAPE;
	return signed_shape(first);
}

static enum shape
shape_of(struct blob der)
{
	enum shape shape = container_shape(der);

	return shape == NO_SHAPE ? der_shape(der) : shape;
}

/* False when it is nothing that is known. */
static bool
der_take(const struct reading *t, struct blob der)
{
	struct pem_block block = {.body = der};

	switch (shape_of(der)) {
	case SHAPE_CERT:
		cert_add(t, der);
		return true;
	case SHAPE_CSR:
		csr_add(t, der);
		return true;
	case SHAPE_CRL:
		item_add(t, ITEM_CRL, der);
		return true;
	case SHAPE_KEY:
		locked_add(t, &block);
		return true;
	case SHAPE_PUBLIC_KEY:
		item_add(t, ITEM_PUBLIC_KEY, der);
		return true;
	case SHAPE_P7:
		container_take(t, IS_P7, der);
		return true;
	case SHAPE_P12:
		container_take(t, IS_P12, der);
		return true;
	case NO_SHAPE:
		return false;
	}
	return false;
}

/* -- PEM */

static void
key_block_take(const struct reading *t, const struct pem_block *b)
{
	if (str_eq_c(b->label, "OPENSSH PRIVATE KEY"))
		fault_text(t, E_KEY_UNREADABLE, "the key is in the form of SSH (change it: ssh-keygen -p -m PEM -f FILE)");
	else
		locked_add(t, b);
}

static void
block_take(const struct reading *t, const struct pem_block *b)
{
	switch (pem_kind(b->label)) {
	case PEM_CERT:
		cert_add(t, b->body);
		break;
	case PEM_CSR:
		csr_add(t, b->body);
		break;
	case PEM_CRL:
		item_add(t, ITEM_CRL, b->body);
		break;
	case PEM_P7:
		container_take(t, IS_P7, b->body);
		break;
	case PEM_P12:
		container_take(t, IS_P12, b->body);
		break;
	case PEM_PUBLIC_KEY:
		item_add(t, ITEM_PUBLIC_KEY, b->body);
		break;
	case PEM_PRIVATE_KEY:
		key_block_take(t, b);
		break;
	case PEM_PARAMETERS:
		break;
	case PEM_OCSP_RESPONSE:
	case PEM_OTHER:
		err_note(t->e, E_FIELD_FORM, t->file, "line %u: a PEM block \"%.*s\" is neither certificate nor key",
			b->line, STRF(b->label));
		break;
	}
}

/* How many blocks were seen, the damaged ones too. */
static unsigned
pem_take(struct reading *t, struct blob bytes)
{
	struct pem_reader reader;
	struct pem_block b;
	unsigned n = 0;
	ERR(why);
	int r = pem_open(bytes, t->to->a, &reader, &why);

	if (r < 0) {
		fault(t, &why);
		return 1;
	}
	t->form = "PEM";
	while ((r = pem_next(&reader, t->to->a, &b, &why)) != E_NOT_FOUND) {
		t->line = b.line;
		if (n++ == INTAKE_ITEMS_MAX) {
			fault_text(t, E_TOO_LARGE, TOO_MANY);
			break;
		}
		/* what is nothing of ours need not be whole: the armour of PGP has its own sum at the end */
		if (r == 0 || pem_kind(b.label) == PEM_OTHER)
			block_take(t, &b);
		else
			err_note(t->e, r, t->file, "%s", why.msg); /* says the line */
	}
	t->line = 0;
	return n;
}

static bool
is_keystore(struct blob b)
{
	return b.n >= 4 &&
	       (memcmp(b.p, "\xfe\xed\xfe\xed", 4) == 0 || memcmp(b.p, "\xce\xce\xce\xce", 4) == 0);
}

/* What an editor or a transfer left at an end of a binary file. */
static bool
is_padding(uint8_t c)
{
	return c == '\0' || c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0x1a;
}

static struct blob
without_padding(struct blob b)
{
	while (b.n && is_padding(*b.p))
		b = (struct blob){b.p + 1, b.n - 1};
	return b;
}

/* Cuts the next DER value of a known shape off *rest, and the padding behind it. {NULL, 0}: it begins otherwise. */
static struct blob
value_cut(struct blob *rest)
{
	struct cursor c = cursor_of(*rest);
	struct blob inside, whole;
	uint8_t tag;

	if (!der_next(&c, &tag, &inside, &whole) || shape_of(whole) == NO_SHAPE)
		return (struct blob){NULL, 0};
	*rest = without_padding((struct blob){c.p, cursor_left(&c)});
	return whole;
}

/* DER values one behind the other, and PEM behind them, as programs that join files make them; of one value what stands
 * around it at least. False when there is something else, and then nothing is taken. */
static bool
values_take(struct reading *t, struct blob bytes)
{
	struct blob rest = without_padding(bytes), again = rest;
	unsigned n = 0;

	while (value_cut(&rest).n)
		n++;
	if (!n || (rest.n && !memmem(rest.p, rest.n, "-----BEGIN ", 11)))
		return false;
	while (n-- > 0)
		der_take(t, value_cut(&again));
	return !rest.n || pem_take(t, rest);
}

static bool
file_take(struct reading *t, struct blob bytes)
{
	if (is_keystore(bytes)) {
		container_take(t, IS_JKS, bytes);
		return true;
	}
	/* else a container's reader would call half of one none */
	if (guess_cut_short(bytes))
		return false;
	return (bytes.p[0] == DER_SEQUENCE && der_take(t, bytes)) || values_take(t, bytes) || pem_take(t, bytes);
}

/* Base64 and nothing else, as APIs carry what is no text. *whole becomes what it stands for, if it is. */
static bool
base64_take(struct reading *t, struct blob *whole)
{
	struct blob bytes = *whole;
	struct secret *p;
	size_t n = 0;

	for (size_t i = 0; i < bytes.n; i++) {
		if (bytes.p[i] >= 0x80 || (bytes.p[i] < ' ' && !strchr("\t\r\n", bytes.p[i])))
			return false;
	}
	p = arena_secret(t->to->a, bytes.n);
	for (size_t i = 0; i < bytes.n; i++) {
		if (!strchr(" \t\r\n", bytes.p[i]))
			p->p[n++] = bytes.p[i];
	}
	t->form = "base64";
	if (!b64_decode_here(p->p, n, &n) || !n)
		return false;
	*whole = BLOB(p->p, n);
	return file_take(t, *whole);
}

void
intake_add(struct intake *to, const char *file, struct blob bytes, struct str passphrase,
	struct err *e)
{
	struct opener o = {passphrase, to->work};
	struct reading t = {.to = to, .file = file, .form = "DER", .opener = &o, .e = e};
	unsigned before = to->n, faults = e->n_causes;

	if (!bytes.n) {
		fault_text(&t, E_FIELD_MISSING, "it is empty");
	} else if (bytes.n > INTAKE_FILE_MAX) {
		err_note(e, E_TOO_LARGE, file, "%zu bytes are too many (at most %d)", bytes.n,
			INTAKE_FILE_MAX);
	} else if (!file_take(&t, bytes) && !base64_take(&t, &bytes)) {
		const char *what = guess_what(bytes);

		fault_text(&t, E_FIELD_FORM,
			what ? what : "it is neither PEM (\"-----BEGIN …\") nor DER, PKCS#7, PKCS#12 or a Java keystore");
	}
	if (to->n == before && e->n_causes == faults)
		fault_text(&t, E_FIELD_FORM, "there is no certificate and no key in it");
	to->work = o.work;
}
