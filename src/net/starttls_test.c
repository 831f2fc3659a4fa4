/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <setjmp.h>
#include <cmocka.h>

#include "net/starttls.h"

/* What the server says, one piece after another; the next piece comes when the client has asked. */
struct row {
	enum starttls kind;
	struct str says[4];
	enum starttls_next end;
	const char *words;
	bool offered;
};

static const struct row rows[] = {
	{STARTTLS_SMTP, {STR("220 mx ESMTP\r\n"), STR("250-mx\r\n250-SIZE 1\r\n250 STARTTLS\r\n"), STR("220 go\r\n")},
		STARTTLS_READY, "", true},
	{STARTTLS_SMTP, {STR("220-mx\r\n220 ESMTP\r\n"), STR("250-mx\n250-starttls\n250 HELP\n"), STR("220 go\n")}, STARTTLS_READY,
		"", true},
	{STARTTLS_SMTP, {STR("220 mx\r\n"), STR("250-mx\r\n250 SIZE 10\r\n")}, STARTTLS_REFUSED, "250 SIZE 10", false},
	{STARTTLS_SMTP, {STR("220 mx\r\n"), STR("250-mx\r\n250 STARTTLS\r\n"), STR("454 TLS not available\r\n")},
		STARTTLS_REFUSED, "454 TLS not available", true},
	{STARTTLS_SMTP, {STR("554 no service\r\n")}, STARTTLS_REFUSED, "554 no service", false},
	{STARTTLS_SMTP, {STR("220 mx\r\n"), STR("502 what?\r\n")}, STARTTLS_REFUSED, "502 what?", false},
	{STARTTLS_SMTP, {STR("SSH-2.0-OpenSSH_9.2\r\n")}, STARTTLS_FOREIGN, "SSH-2.0-OpenSSH_9.2", false},
	{STARTTLS_SMTP, {STR("220mx\r\n")}, STARTTLS_FOREIGN, "220mx", false},
	{STARTTLS_SMTP, {STR("220 mx\r\n"), STR("250 STARTTLS\r\n"), STR("220 go\r\n250 evil\r\n")}, STARTTLS_SURPLUS,
		"250 evil\r\n", true},
	{STARTTLS_SMTP, {STR("220 mx")}, STARTTLS_WAIT, "", false},
	{STARTTLS_IMAP, {STR("* OK ready\r\n"), STR("* CAPABILITY IMAP4rev1\r\ns1 OK begin\r\n")}, STARTTLS_READY, "", true},
	{STARTTLS_IMAP, {STR("* OK ready\r\n"), STR("s1 BAD unknown\r\n")}, STARTTLS_REFUSED, "s1 BAD unknown", true},
	{STARTTLS_IMAP, {STR("* PREAUTH welcome\r\n")}, STARTTLS_REFUSED, "* PREAUTH welcome", false},
	{STARTTLS_IMAP, {STR("* BYE full\r\n")}, STARTTLS_REFUSED, "* BYE full", false},
	{STARTTLS_IMAP, {STR("+OK pop3\r\n")}, STARTTLS_FOREIGN, "+OK pop3", false},
	{STARTTLS_IMAP, {STR("* OK ready\r\n"), STR("s2 OK begin\r\n")}, STARTTLS_FOREIGN, "s2 OK begin", true},
	{STARTTLS_POP3, {STR("+OK\r\n"), STR("+OK begin\r\n")}, STARTTLS_READY, "", true},
	{STARTTLS_POP3, {STR("+OK\r\n"), STR("-ERR no\r\n")}, STARTTLS_REFUSED, "-ERR no", true},
	{STARTTLS_POP3, {STR("* OK imap\r\n")}, STARTTLS_FOREIGN, "* OK imap", false},
	/* OpenLDAP: success with empty texts; Active Directory: lengths of four octets. */
	{STARTTLS_LDAP, {STR("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00")}, STARTTLS_READY, "", true},
	{STARTTLS_LDAP,
		{STR("\x30\x84\x00\x00\x00\x10\x02\x01\x01\x78\x84\x00\x00\x00\x07\x0a\x01\x00\x04\x00\x04\x00")},
		STARTTLS_READY, "", true},
	{STARTTLS_LDAP, {STR("\x30\x11\x02\x01\x01\x78\x0c\x0a\x01\x02\x04\x00\x04\x05no!!!")}, STARTTLS_REFUSED,
		"result 2: no!!!", true},
	{STARTTLS_LDAP, {STR("\x30\x0c\x02\x01\x00\x78\x07\x0a\x01\x34\x04\x00\x04\x00")}, STARTTLS_REFUSED, "result 52", true},
	{STARTTLS_LDAP, {STR("\x30\x0c\x02\x01\x00\x78\x07\x0a\x01\x00\x04\x00\x04\x00")}, STARTTLS_REFUSED, "result 1", true},
	{STARTTLS_LDAP, {STR("\x30\x0c\x02\x01\x05\x78\x07\x0a\x01\x00\x04\x00\x04\x00")}, STARTTLS_FOREIGN, NULL, true},
	{STARTTLS_LDAP, {STR("\x30\x80\x02\x01")}, STARTTLS_FOREIGN, NULL, true},
	{STARTTLS_LDAP, {STR("\x30\x84\xff\xff\xff\xff")}, STARTTLS_FOREIGN, NULL, true},
	{STARTTLS_LDAP, {STR("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x05\x04\x00")}, STARTTLS_FOREIGN, NULL, true},
	{STARTTLS_LDAP, {STR("\x30\x0c\x02\x01\x01")}, STARTTLS_WAIT, "", true},
	{STARTTLS_LDAP, {STR("220 mx\r\n")}, STARTTLS_FOREIGN, "220 mx\r\n", true},
	{STARTTLS_LDAP, {STR("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00X")}, STARTTLS_SURPLUS, "X", true},
	{STARTTLS_POSTGRESQL, {STR("S")}, STARTTLS_READY, "", true},
	{STARTTLS_POSTGRESQL, {STR("N")}, STARTTLS_REFUSED, "N", false},
	{STARTTLS_POSTGRESQL, {STR("Ebad")}, STARTTLS_REFUSED, "Ebad", false},
	{STARTTLS_POSTGRESQL, {STR("HTTP/1.1")}, STARTTLS_FOREIGN, "HTTP/1.1", false},
	{STARTTLS_POSTGRESQL, {STR("SX")}, STARTTLS_SURPLUS, "X", true},
};

static enum starttls_next
talk(const struct row *row, size_t piece, struct starttls_talk *t)
{
	uint8_t seen[STARTTLS_ANSWER_MAX];
	size_t n = 0, given = 0;
	unsigned said = 0;
	/* Who asks first gets the first piece after that. */
	bool quiet = row->kind == STARTTLS_LDAP || row->kind == STARTTLS_POSTGRESQL;

	*t = (struct starttls_talk){.kind = row->kind};
	for (;;) {
		struct blob send = {0};
		enum starttls_next next = starttls_step(t, BLOB(seen, n), &send);
		struct str now = said < 4 ? row->says[said] : (struct str){0};

		if (next == STARTTLS_SEND) {
			assert_true(send.n > 0);
			assert_true(given == now.n || quiet);
			said += quiet ? 0 : 1;
			given = 0;
			quiet = false;
			continue;
		}
		if (next != STARTTLS_WAIT || given == now.n)
			return next;
		for (size_t i = 0; i < piece && given < now.n; i++)
			seen[n++] = (uint8_t)now.p[given++];
	}
}

static void
servers_are_understood_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		struct starttls_talk t;
		enum starttls_next end = talk(row, STARTTLS_ANSWER_MAX, &t);

		if (end != row->end || t.offered != row->offered)
			fail_msg("row %zu: %d, offered %d", i, end, t.offered);
		if (row->words && !str_eq_c((struct str){t.words, t.n_words}, row->words))
			fail_msg("row %zu: \"%.*s\"", i, (int)t.n_words, t.words);
	}
}

/* What comes behind an answer is seen with it or not at all: then it is TLS's to refuse. */
static void
servers_that_drip_are_understood_alike(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct starttls_talk t;
		enum starttls_next end = talk(&rows[i], 1, &t);

		if (end != (rows[i].end == STARTTLS_SURPLUS ? STARTTLS_READY : rows[i].end))
			fail_msg("row %zu: %d", i, end);
	}
}

static void
words_and_ports_name_protocols(void **state)
{
	(void)state;
	for (int i = 0; i < STARTTLS_KINDS; i++)
		assert_int_equal(starttls_by_word(str_c(starttls_word((enum starttls)i))), i);
	assert_int_equal(starttls_by_word(STR("SMTP")), STARTTLS_KINDS);
	assert_int_equal(starttls_by_port(587), STARTTLS_SMTP);
	assert_int_equal(starttls_by_port(5432), STARTTLS_POSTGRESQL);
	assert_int_equal(starttls_by_port(443), STARTTLS_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(servers_are_understood_whole),
		cmocka_unit_test(servers_that_drip_are_understood_alike),
		cmocka_unit_test(words_and_ports_name_protocols),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
