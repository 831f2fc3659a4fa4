/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/rand.h"
#include "net/mime.h"
#include "net/smtp.h"

static struct mime
a_mail(void)
{
	return (struct mime){.from_name = STR("Signet"), .from = STR("ca@example.com"), .to = STR("li@example.com"),
		.subject = STR("Hello"), .body = STR("one\ntwo\n"), .id = STR("m.1.2"),
		.date_ms = INT64_C(784111777000)};
}

static void
a_message_has_the_headers_of_rfc_5322(void **state)
{
	static const char want[] = "Date: Sun, 06 Nov 1994 08:49:37 +0000\r\n"
				   "From: \"Signet\" <ca@example.com>\r\n"
				   "To: <li@example.com>\r\n"
				   "Subject: Hello\r\n"
				   "Message-ID: <m.1.2@example.com>\r\n"
				   "Auto-Submitted: auto-generated\r\n"
				   "MIME-Version: 1.0\r\n"
				   "Content-Type: text/plain; charset=utf-8\r\n"
				   "Content-Transfer-Encoding: base64\r\n\r\n"
				   "b25lDQp0d28NCg==\r\n";
	struct mime m = a_mail();
	BUF(b, MAIL_MESSAGE_MAX);
	ERR(e);

	(void)state;
	assert_int_equal(mime_write(&m, &b, &e), 0);
	assert_int_equal(b.n, sizeof(want) - 1);
	assert_memory_equal(b.p, want, b.n);
}

static void
only_plain_addresses_pass(void **state)
{
	static const struct {
		const char *address;
		int want;
	} rows[] = {
		{"li@example.com", 0},
		{"li.wei+ca@mail.example.com", 0},
		{"o'hara@xn--fiq228c.example", 0},
		{"", E_MAIL_ADDRESS},
		{"li", E_MAIL_ADDRESS},
		{"@example.com", E_MAIL_ADDRESS},
		{"li@", E_MAIL_ADDRESS},
		{"li@localhost", E_MAIL_ADDRESS},
		{"li@example..com", E_MAIL_ADDRESS},
		{"li@example.com.", E_MAIL_ADDRESS},
		{"li@-example.com", E_MAIL_ADDRESS},
		{"li@exa_mple.com", E_MAIL_ADDRESS},
		{"li@[192.0.2.1]", E_MAIL_ADDRESS},
		{"a@b@example.com", E_MAIL_ADDRESS},
		{".li@example.com", E_MAIL_ADDRESS},
		{"li.@example.com", E_MAIL_ADDRESS},
		{"l..i@example.com", E_MAIL_ADDRESS},
		{"\"li wei\"@example.com", E_MAIL_ADDRESS},
		{"li wei@example.com", E_MAIL_ADDRESS},
		{"li@example.com\r\nBcc: x@example.com", E_MAIL_ADDRESS},
		{"li\r\n@example.com", E_MAIL_ADDRESS},
		{"li@example.com>", E_MAIL_ADDRESS},
		{"<li@example.com", E_MAIL_ADDRESS},
		{"li,wei@example.com", E_MAIL_ADDRESS},
		{"李@example.com", E_MAIL_ADDRESS},
		{"li@例子.cn", E_MAIL_ADDRESS},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		ERR(e);

		if (mail_address(str_c(rows[i].address), &e) != rows[i].want)
			fail_msg("%s: %s", rows[i].address, e.msg);
	}
}

/* Each line of the head is a known header or the continuation of one. */
static void
check_head(struct str message)
{
	static const char *const names[] = {"Date: ", "From: ", "To: ", "Subject: ", "Message-ID: ", "Auto-Submitted: ",
		"MIME-Version: ", "Content-Type: ", "Content-Transfer-Encoding: "};
	size_t next = 0;

	for (;;) {
		struct str line = str_cut(&message, '\n');

		assert_true(message.p && str_ends(line, STR("\r")) && line.n <= (next == 4 ? 79 : 400));
		if (line.n == 1)
			break;
		assert_int_equal(str_find((struct str){line.p, line.n - 1}, '\r'), -1);
		if (line.p[0] == ' ')
			continue;
		assert_true(next < ARRAY_LEN(names) && str_starts(line, str_c(names[next])));
		next++;
	}
	assert_int_equal(next, ARRAY_LEN(names));
}

static void
control_characters_in_a_subject_are_refused(void **state)
{
	struct mime m = a_mail();
	BUF(b, MAIL_MESSAGE_MAX);
	ERR(e);

	(void)state;
	m.subject = STR("Hello\r\nBcc: x@example.com");
	assert_int_equal(mime_write(&m, &b, &e), E_FIELD_UTF8);
	m = a_mail();
	m.from_name = STR("x\n");
	assert_int_equal(mime_write(&m, &b, &e), E_FIELD_UTF8);
	m = a_mail();
	m.to = STR("li@example.com\r\nBcc: x@example.com");
	assert_int_equal(mime_write(&m, &b, &e), E_MAIL_ADDRESS);
}

static void
a_long_subject_of_any_script_becomes_encoded_words(void **state)
{
	struct mime m = a_mail();
	BUF(b, MAIL_MESSAGE_MAX);
	ERR(e);

	(void)state;
	m.subject = STR("请确认您的证书申请:域名 www.example.com 的证书正在等待您的确认 😀 请在七天之内打开邮件中的链接");
	m.from_name = STR("证书服务");
	assert_int_equal(mime_write(&m, &b, &e), 0);
	check_head(buf_str(&b));
	buf_put_u8(&b, 0);
	assert_non_null(strstr((const char *)b.p, "Subject: =?UTF-8?B?6K+356Gu6K6k5oKo55qE6K+B5Lmm55Sz6K+3OuWfn+WQjSB3d3cuZXhh?="));
	/* what looks like an encoded word is not passed through as one */
	m.subject = STR("=?UTF-8?B?QmNjOg==?=");
	buf_clear(&b);
	assert_int_equal(mime_write(&m, &b, &e), 0);
	check_head(buf_str(&b));
	buf_put_u8(&b, 0);
	assert_null(strstr((const char *)b.p, "=?UTF-8?B?QmNjOg==?="));
}

/* Whatever stands in the texts: it is refused, or the head has exactly the known headers. */
static void
no_text_makes_a_header(void **state)
{
	static const char *const parts[] = {"\r\n", "\n", "\r", "Bcc: x@example.com", ": ", "=?UTF-8?Q?", "?=", "\"", "\\", "<",
		">", "李", "\xf0\x9f\x98\x80", "\xff", "a", " ", "@example.com", ".", "\x01", ","};
	unsigned taken = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct str *texts[4];
		char text[4][128];
		struct mime m = a_mail();
		BUF(b, MAIL_MESSAGE_MAX);
		ERR(e);

		texts[0] = &m.subject, texts[1] = &m.from_name, texts[2] = &m.to, texts[3] = &m.body;
		for (int k = 0; k < 4; k++) {
			size_t n = 0;

			for (uint64_t j = rand_below(8); j > 0; j--)
				n += (size_t)snprintf(text[k] + n, sizeof(text[k]) - n, "%s",
					parts[rand_below(ARRAY_LEN(parts))]);
			if (rand_below(2))
				*texts[k] = (struct str){text[k], n};
		}
		if (mime_write(&m, &b, &e) < 0)
			continue;
		check_head(buf_str(&b));
		taken++;
	}
	assert_true(taken > 100);
}

static void
a_server_is_read_from_its_address(void **state)
{
	static const struct {
		const char *url, *host; /* NULL: refused */
		int port;
		bool tls, local;
	} rows[] = {
		{"smtp://mail.example.com", "mail.example.com", 25, false, false},
		{"smtp://mail.example.com:587", "mail.example.com", 587, false, false},
		{"smtps://mail.example.com", "mail.example.com", 465, true, false},
		{"smtp://127.0.0.1:2525", "127.0.0.1", 2525, false, true},
		{"smtp://localhost", "localhost", 25, false, true},
		{"smtp://[::1]:2525", "::1", 2525, false, true},
		{"smtp://[::ffff:127.0.0.1]", "::ffff:127.0.0.1", 25, false, true},
		{"smtp://[2001:db8::1]", "2001:db8::1", 25, false, false},
		{"http://mail.example.com", NULL, 0, false, false},
		{"smtp://", NULL, 0, false, false},
		{"smtp://mail.example.com/x", NULL, 0, false, false},
		{"smtp://user:word@mail.example.com", NULL, 0, false, false},
		{"smtp://mail.example.com:0", NULL, 0, false, false},
		{"smtp://mail.example.com:70000", NULL, 0, false, false},
		{"smtp://[::1", NULL, 0, false, false},
		{"smtp://[::1]25", NULL, 0, false, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		ARENA(a);
		struct smtp_server s;
		bool ok = smtp_server_read(str_c(rows[i].url), &a, &s);

		if (ok != (rows[i].host != NULL))
			fail_msg("%s", rows[i].url);
		if (!ok)
			continue;
		assert_string_equal(s.host, rows[i].host);
		assert_int_equal(s.port, rows[i].port);
		assert_int_equal(s.tls, rows[i].tls);
		assert_int_equal(smtp_is_local(&s), rows[i].local);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_has_the_headers_of_rfc_5322),
		cmocka_unit_test(only_plain_addresses_pass),
		cmocka_unit_test(control_characters_in_a_subject_are_refused),
		cmocka_unit_test(a_long_subject_of_any_script_becomes_encoded_words),
		cmocka_unit_test(no_text_makes_a_header),
		cmocka_unit_test(a_server_is_read_from_its_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
