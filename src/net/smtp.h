/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handing a message to a mail server (RFC 5321, libcurl). STARTTLS is required and the server's certificate verified unless
 * the server runs on this machine or the operator has switched TLS off; a password never goes over a clear line. No proxy,
 * no environment; a cap on time. Blocks: job threads.
 */
#pragma once

#include "net/mime.h"

struct smtp_server {
	const char *host; /* a name or an address, without brackets */
	uint16_t port;
	bool tls; /* from the first byte (smtps://) */
	bool clear; /* the operator allows a server elsewhere to be spoken to without TLS */
	const char *ca_file; /* what its certificate is verified with; NULL: the system's */
	const char *user, *password; /* NULL: none */
};

/* smtp://HOST[:PORT] or smtps://HOST[:PORT] (25, 465); texts live in the arena. false: no such address. */
bool smtp_server_read(struct str url, struct arena *a, struct smtp_server *ret);
/* Whether the server is on this machine, by what the address says. */
bool smtp_is_local(const struct smtp_server *s);
/* 0: the server has taken it. E_MAIL_REFUSED: it never will (this recipient, this message). E_MAIL_SERVER: it may later, or
 * when the operator has mended something; detail holds the server's last words. */
int smtp_send(const struct smtp_server *s, const struct mime *m, int timeout_ms, struct err *e) CHECKED;
