/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/guess.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROW(bytes, word) {{bytes, sizeof(bytes) - 1}, word}

static void
what_people_send_for_a_certificate_is_told(UNUSED void **state)
{
	static const struct {
		struct str file;
		const char *says;
	} rows[] = {
		ROW("%PDF-1.7\n", "PDF"),
		ROW("\x89PNG\r\n\x1a\n\0\0", "PNG"),
		ROW("\xff\xd8\xff\xe0", "JPEG"),
		ROW("GIF89a", "GIF"),
		ROW("\xd0\xcf\x11\xe0\xa1", "Office"),
		ROW("{\\rtf1 -----BEGIN CERTIFICATE-----", "RTF"),
		ROW("PK\x03\x04\x14\0", "ZIP"),
		ROW("\x1f\x8b\x08", "gzip"),
		ROW("7z\xbc\xaf\x27\x1c", "7z"),
		ROW("Rar!\x1a\x07", "RAR"),
		ROW("BZh9", "bzip2"),
		ROW("\xfd" "7zXZ", "xz"),
		ROW("SQLite format 3\0", "pk12util"),
		ROW("\0\0\0\x02\0\0\0\x14", "Bouncy Castle"),
		ROW("\x7f" "ELF\x02", "program"),
		ROW("MZ\x90\0", "Windows"),
		ROW("\r\n <!DOCTYPE html><title>502</title>", "web page"),
		ROW("\xef\xbb\xbf<html>", "web page"),
		ROW("<?xml version=\"1.0\"?>", "XML"),
		ROW("{\"error\": \"expired\"}", "JSON"),
		ROW("ssh-ed25519 AAAAC3 me@here", "SSH"),
		ROW("---- BEGIN SSH2 PUBLIC KEY ----", "SSH"),
		ROW("PuTTY-User-Key-File-3: ssh-rsa", "PuTTYgen"),
		ROW("-\0-\0-\0-\0-\0B\0E\0G\0I\0N\0 \0", "UTF-16"),
		ROW("\0-\0-\0-\0-\0-\0B\0E\0G\0I\0N", "UTF-16"),
		ROW("MIIB\n-----END CERTIFICATE-----\n", "first line"),
		ROW("-----begin certificate-----\nMIIB\n", "capitals"),
		ROW("----BEGIN CERTIFICATE----\nMIIB\n", "five dashes"),
		ROW("\xe2\x80\x94-BEGIN RSA PRIVATE KEY\xe2\x80\x94-", "five dashes"),
		ROW("", NULL),
		ROW("hello", NULL),
		ROW("   ", NULL),
		ROW("MIIB", NULL),
		ROW("0\x82\x01\x01 PRIVATE KEY", "cut short"),
		ROW("0\x81\x02..behind", "behind"),
		ROW("0\x81\x02..", NULL),
		ROW("0\x82\x01", NULL),
		ROW("0 and text", NULL),
		ROW("\xfe\xed\xfe\xed\0\0\0\2 PRIVATE KEY", NULL),
		ROW("-----BEGIN CERTIFICATE-----\n", NULL),
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *says = guess_what(blob_of(rows[i].file));

		if (!says != !rows[i].says || (says && !strstr(says, rows[i].says)))
			fail_msg("row %zu: \"%s\", not \"%s\"", i, says, rows[i].says);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_people_send_for_a_certificate_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
