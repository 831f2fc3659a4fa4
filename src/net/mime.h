/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mail messages (RFC 5322, RFC 2045, RFC 2047) and the addresses that they may go to. Nothing from outside reaches a
 * header but as an address that mail_address() has passed or as an encoded word: a line cannot be smuggled in. Any thread.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"

#define MAIL_ADDRESS_MAX 254 /* RFC 5321 4.5.3.1.3, without the angle brackets */
#define MAIL_SUBJECT_MAX 400
#define MAIL_BODY_MAX (64 * 1024)
/* What mime_write() makes at the most. */
#define MAIL_MESSAGE_MAX (128 * 1024)

struct mime {
	struct str from_name, from, to; /* the name may be of any script */
	struct str subject; /* UTF-8, one line */
	struct str body; /* UTF-8, lines ended by LF */
	struct str id; /* left side of the Message-ID: letters, digits, dots, hyphens; the same for a repetition */
	int64_t date_ms;
};

/* local@domain: a dot-atom of ASCII and a domain of at least two labels of letters, digits and hyphens (RFC 5321 4.1.2; no
 * quoted local part, no address literal, no UTF-8: domains come as A-labels). E_MAIL_ADDRESS says what is wrong. */
int mail_address(struct str s, struct err *e) CHECKED;
/* The whole message with CRLF lines. E_MAIL_ADDRESS, E_FIELD_UTF8, E_TOO_LARGE. */
int mime_write(const struct mime *m, struct buf *out, struct err *e) CHECKED;
