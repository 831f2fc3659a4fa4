/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "model/media.h"

#define SIGNATURE "\x89PNG\r\n\x1a\n"
/* 1 x 1 grey; the CRCs are those that Python's zlib makes. */
#define IHDR "\0\0\0\x0dIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0\x3a\x7e\x9b\x55"
#define IDAT "\0\0\0\x0aIDAT\x78\xda\x63\x68\0\0\0\x82\0\x81\xda\x45\x08\x3b"
#define IEND "\0\0\0\0IEND\xae\x42\x60\x82"
#define SOF "\xff\xc0\0\x0b\x08\0\1\0\1\1\1\x11\0"
#define SOS "\xff\xda\0\x08\1\1\0\0\x3f\0"

#define ROW(bytes, code, kind) {BLOB(bytes, sizeof(bytes) - 1), code, kind, #bytes}

static const struct {
	struct blob file;
	int code;
	enum media kind;
	const char *what;
} rows[] = {
	ROW(SIGNATURE IHDR IDAT IEND, 0, MEDIA_PNG),
	ROW(SIGNATURE IHDR IDAT IDAT IEND, 0, MEDIA_PNG),
	ROW(SIGNATURE IHDR IDAT IEND "\n", E_ATTACHMENT_BROKEN, 0),
	ROW(SIGNATURE IHDR IDAT IEND "<script>", E_ATTACHMENT_BROKEN, 0),
	ROW(SIGNATURE IHDR IDAT, E_ATTACHMENT_BROKEN, 0),
	ROW(SIGNATURE IHDR IEND, E_ATTACHMENT_BROKEN, 0),
	ROW(SIGNATURE IDAT IEND, E_ATTACHMENT_BROKEN, 0),
	ROW(SIGNATURE, E_ATTACHMENT_BROKEN, 0),
	ROW(SIGNATURE "\xff\xff\xff\xffIHDR", E_ATTACHMENT_BROKEN, 0),
	ROW(SIGNATURE "\0\0\0\x0dIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0\x3a\x7e\x9b\x56" IDAT IEND, E_ATTACHMENT_BROKEN, 0),
	ROW(SIGNATURE "\0\0\0\x0dIHDR\0\0\0\0\0\0\0\1\x08\0\0\0\0\xd5\xbc\xf0\x6b" IDAT IEND, E_ATTACHMENT_BROKEN, 0),
	ROW("\xff\xd8" SOF SOS "\1\2\3\xff\xd9", 0, MEDIA_JPEG),
	ROW("\xff\xd8\xff\xe0\0\4ab" SOF SOS "\1\xff\0\2\xff\xd0\3\xff\xff\xff\xd9", 0, MEDIA_JPEG),
	ROW("\xff\xd8" SOF SOS "\1" SOS "\2\xff\xd9", 0, MEDIA_JPEG),
	ROW("\xff\xd8" SOF SOS "\1\2\3\xff\xd9PK\3\4", E_ATTACHMENT_BROKEN, 0),
	ROW("\xff\xd8" SOF SOS "\1\2\3", E_ATTACHMENT_BROKEN, 0),
	ROW("\xff\xd8" SOF SOS, E_ATTACHMENT_BROKEN, 0),
	ROW("\xff\xd8" SOF "\xff\xd9", E_ATTACHMENT_BROKEN, 0),
	ROW("\xff\xd8" SOS "\1\xff\xd9", E_ATTACHMENT_BROKEN, 0),
	ROW("\xff\xd8" SOF "x" SOS "\1\xff\xd9", E_ATTACHMENT_BROKEN, 0),
	ROW("\xff\xd8\xff\xe0\0\1" SOF SOS "\1\xff\xd9", E_ATTACHMENT_BROKEN, 0),
	ROW("\xff\xd8\xff\xd8" SOF SOS "\1\xff\xd9", E_ATTACHMENT_BROKEN, 0),
	ROW("\xff\xd8\xff\xe0\xff\xff", E_ATTACHMENT_BROKEN, 0),
	ROW("\xff\xd8\xff\xc0\0\x0b\x08\0\0\0\1\1\1\x11\0" SOS "\1\xff\xd9", E_ATTACHMENT_BROKEN, 0),
	ROW("\xff\xd8\xff\xc0\0\x0b\x08\xff\xff\0\1\1\1\x11\0" SOS "\1\xff\xd9", E_ATTACHMENT_BROKEN, 0),
	ROW("%PDF-1.7\nx\n%%EOF\r\n", 0, MEDIA_PDF),
	ROW("%PDF-2.0\nx\n%%EOF", 0, MEDIA_PDF),
	ROW("%PDF-1.7\nx\n%%EOF\nPK\3\4", E_ATTACHMENT_BROKEN, 0),
	ROW("%PDF-1.7\nx\n", E_ATTACHMENT_BROKEN, 0),
	ROW("one line\r\n\ttwo", 0, MEDIA_TEXT),
	ROW("\xe8\x90\xa5\xe4\xb8\x9a", 0, MEDIA_TEXT),
	ROW("\xef\xbb\xbfwith a mark", 0, MEDIA_TEXT),
	ROW("<html>is text, too", 0, MEDIA_TEXT),
	ROW("\xef\xbb\xbf", E_ATTACHMENT_TYPE, 0),
	ROW("a\0b", E_ATTACHMENT_TYPE, 0),
	ROW("a\x1b[1m", E_ATTACHMENT_TYPE, 0),
	ROW("caf\xe9", E_ATTACHMENT_TYPE, 0),
	ROW("PK\3\4", E_ATTACHMENT_TYPE, 0),
	ROW("GIF89a\1\0\1\0", E_ATTACHMENT_TYPE, 0),
	ROW("MZ\x90\0", E_ATTACHMENT_TYPE, 0),
	ROW("\x89PNG", E_ATTACHMENT_TYPE, 0),
	ROW("", E_ATTACHMENT_TYPE, 0),
};

static void
a_file_is_what_its_bytes_are(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		enum media m = MEDIA_KINDS;
		ERR(e);
		int r = media_sniff(rows[i].file, &m, &e);

		if (r != rows[i].code || (r == 0 && m != rows[i].kind))
			fail_msg("%s: %s %s", rows[i].what, r ? err_info(r)->name : words_media[m], e.msg);
		if (r < 0)
			assert_true(e.msg[0] != 0 && err_hint_text(&e)[0] != 0);
	}
}

static void
a_picture_cut_anywhere_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].code || !(MEDIA_PICTURE >> rows[i].kind & 1))
			continue;
		for (size_t n = 4; n < rows[i].file.n; n++) {
			enum media m;
			ERR(e);

			assert_true(media_sniff((struct blob){rows[i].file.p, n}, &m, &e) < 0);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_what_its_bytes_are),
		cmocka_unit_test(a_picture_cut_anywhere_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
