/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/guess.h"

#include <string.h>
#include <strings.h>

#include "base/der.h"

#define HEAD_MAX 1024

#define NO_CERTIFICATE \
	"; the certificate is sent as text that begins with \"-----BEGIN CERTIFICATE-----\", or as .cer, .p7b, .pfx or .jks"
#define BOUNCY \
	"it seems to be a keystore of Bouncy Castle (BKS); make a PKCS#12 file of it with " \
	"keytool -importkeystore -deststoretype PKCS12"
#define UNPACK "; unpack it, and send the certificate that is in it"
#define PUTTY \
	"it is a key of PuTTY for SSH; PuTTYgen exports it (Conversions, Export OpenSSH key); " \
	"TLS needs the private key in PEM"

struct sign {
	struct str begins;
	const char *says;
};

#define S(text) {text, sizeof(text) - 1}

static const struct sign binary[] = {
	{S("%PDF-"), "it is a PDF document" NO_CERTIFICATE},
	{S("\x89PNG\r\n"), "it is a picture (PNG)" NO_CERTIFICATE},
	{S("\xff\xd8\xff"), "it is a picture (JPEG)" NO_CERTIFICATE},
	{S("GIF8"), "it is a picture (GIF)" NO_CERTIFICATE},
	{S("\xd0\xcf\x11\xe0"), "it is an old Office document" NO_CERTIFICATE},
	{S("{\\rtf"), "it is an RTF document" NO_CERTIFICATE},
	{S("PK\x03\x04"), "it is a ZIP archive or an Office document" UNPACK},
	{S("\x1f\x8b"), "it is packed with gzip" UNPACK},
	{S("7z\xbc\xaf\x27\x1c"), "it is a 7z archive" UNPACK},
	{S("Rar!\x1a"), "it is a RAR archive" UNPACK},
	{S("BZh"), "it is packed with bzip2" UNPACK},
	{S("\xfd"
	   "7zXZ"),
		"it is packed with xz" UNPACK},
	{S("SQLite format 3"),
		"it is an SQLite database, as NSS keeps certificates; export a PKCS#12 file with pk12util -o FILE -n NAME"},
	{S("\0\0\0\x01\0\0\0\x14"),
		BOUNCY},
	{S("\0\0\0\x02\0\0\0\x14"),
		BOUNCY},
	{S("\x7f"
	   "ELF"),
		"it is a program" NO_CERTIFICATE},
	{S("MZ"), "it is a program of Windows" NO_CERTIFICATE},
};

/* After blanks, capital letters or not. */
static const struct sign text[] = {
	{S("<!doctype html"), "it is a web page, perhaps of an error or of a sign-in" NO_CERTIFICATE},
	{S("<html"), "it is a web page, perhaps of an error or of a sign-in" NO_CERTIFICATE},
	{S("<?xml"), "it is XML" NO_CERTIFICATE},
	{S("ssh-rsa "), "it is a public key of SSH, which is no certificate of TLS" NO_CERTIFICATE},
	{S("ssh-ed25519 "), "it is a public key of SSH, which is no certificate of TLS" NO_CERTIFICATE},
	{S("ecdsa-sha2-"), "it is a public key of SSH, which is no certificate of TLS" NO_CERTIFICATE},
	{S("---- begin ssh2"), "it is a public key of SSH, which is no certificate of TLS" NO_CERTIFICATE},
	{S("putty-user-key-file"), PUTTY},
	{S("{"), "it is JSON" NO_CERTIFICATE},
};

static bool
begins_alike(struct blob b, struct str with)
{
	return b.n >= with.n && strncasecmp((const char *)b.p, with.p, with.n) == 0;
}

static bool
holds(struct blob b, struct str what)
{
	return b.p && memmem(b.p, b.n, what.p, what.n) != NULL;
}

/* UTF-16 that lacks its mark: dashes and zero bytes in turn. */
static bool
unmarked_utf16(struct blob b)
{
	return holds(b, (struct str)S("-\0-\0B\0E\0G\0I\0N"));
}

/* Markers of PEM that were spoilt on the way. */
static const char *
spoilt_pem(struct blob b)
{
	if (holds(b, STR("-----BEGIN ")))
		return NULL;
	if (holds(b, STR("-----END ")))
		return "its first line \"-----BEGIN …-----\" is missing; copy the block whole, with both lines of dashes";
	if (holds(b, STR("BEGIN CERTIFICATE")) || holds(b, STR("begin certificate")) ||
		holds(b, STR("PRIVATE KEY")))
		return "its lines BEGIN and END are not as PEM wants them: capitals, with five dashes \"-\" on each side "
		       "(word processors write other dashes)";
	return NULL;
}

/* How many octets the value that begins here lacks (< 0) or leaves over (> 0); 0 too when it does not say so. Certificates
 * and whatever holds some have lengths of more than one octet. */
static int64_t
left_over(struct blob b)
{
	struct cursor c = cursor_of(b);
	int64_t length = 0;
	int n;

	if (cursor_u8(&c) != DER_SEQUENCE)
		return 0;
	n = cursor_u8(&c) - 0x80;
	if (n < 1 || n > 4)
		return 0;
	while (n-- > 0)
		length = length << 8 | cursor_u8(&c);
	return c.bad ? 0 : (int64_t)cursor_left(&c) - length;
}

bool
guess_cut_short(struct blob file)
{
	return left_over(file) < 0;
}

/* DER of no known form. */
static const char *
spoilt_der(struct blob b)
{
	int64_t left = left_over(b);

	if (left < 0)
		return "it is DER that is cut short; send the whole file, and as binary where a transfer asks";
	return left > 0 ? "it begins with DER, and something else stands behind that; send them in files of their own" : NULL;
}

const char *
guess_what(struct blob file)
{
	struct blob head = {file.p, MIN(file.n, (size_t)HEAD_MAX)};
	const char *pem;

	if (!file.n)
		return NULL;
	if (file.p[0] == DER_SEQUENCE)
		return spoilt_der(file);
	for (size_t i = 0; i < ARRAY_LEN(binary); i++) {
		if (str_starts(str_of(head), binary[i].begins))
			return binary[i].says;
	}
	if (unmarked_utf16(head))
		return "it is UTF-16 without its mark; save it as plain text (ASCII or UTF-8)";
	if (memchr(head.p, '\0', head.n))
		return NULL;
	pem = spoilt_pem(file);
	if (pem)
		return pem;
	if (begins_alike(head, STR("\xef\xbb\xbf")))
		head = BLOB(head.p + 3, head.n - 3);
	while (head.n && strchr(" \t\r\n", head.p[0]) && head.p[0])
		head = BLOB(head.p + 1, head.n - 1);
	for (size_t i = 0; i < ARRAY_LEN(text); i++) {
		if (begins_alike(head, text[i].begins))
			return text[i].says;
	}
	return NULL;
}
