/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a protocol's plain beginning to its TLS (RFC 3207, RFC 9051 6.2.1, RFC 2595 4, RFC 4511 4.14, PostgreSQL's
 * SSLRequest): what the client says, and what the server's answer means. Bytes only, no socket. The server is hostile:
 * what it may say before TLS is capped, and one byte more than its answer ends the talk, for that byte would be read as
 * though TLS had protected it.
 */
#pragma once

#include "base/str.h"

/* Numbers are stored: append only. */
enum starttls {
	STARTTLS_NONE,
	STARTTLS_SMTP,
	STARTTLS_IMAP,
	STARTTLS_POP3,
	STARTTLS_LDAP,
	STARTTLS_POSTGRESQL,
	STARTTLS_KINDS
};

/* "none", "smtp", "imap", "pop3", "ldap", "postgresql" */
const char *starttls_word(enum starttls kind);
/* STARTTLS_KINDS when there is no such word. */
enum starttls starttls_by_word(struct str word);
/* What is spoken at a port by custom: 25 and 587 smtp, 143 imap, 110 pop3, 389 ldap, 5432 postgresql; else none. */
enum starttls starttls_by_port(uint16_t port);

#define STARTTLS_ANSWER_MAX 8192 /* all that a server may say before TLS */
#define STARTTLS_WORDS_MAX 160

enum starttls_next {
	STARTTLS_WAIT, /* more bytes are needed */
	STARTTLS_SEND, /* send what ret_send holds, then go on */
	STARTTLS_READY, /* TLS begins now */
	STARTTLS_REFUSED, /* by the server; words holds what it said */
	STARTTLS_FOREIGN, /* this is not the protocol; words holds what came */
	STARTTLS_SURPLUS, /* plain bytes came behind the answer */
};

/* Zeroed but for the kind before the first call. */
struct starttls_talk {
	enum starttls kind;
	unsigned step;
	size_t used; /* of what was received */
	bool offered;
	char words[STARTTLS_WORDS_MAX]; /* the server's, as they came (not made fit for showing), cut */
	size_t n_words;
};

/*
 * seen: everything that has come from the server since the connection began, at most STARTTLS_ANSWER_MAX bytes; the
 * caller keeps it and calls again with more. *ret_send is set with STARTTLS_SEND alone and lives for ever.
 */
enum starttls_next starttls_step(struct starttls_talk *t, struct blob seen, struct blob *ret_send);
