/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only way out over HTTP (libcurl). Each call states its purpose; the addresses were resolved and vetted by the
 * caller and are pinned, and the socket's peer is checked again when it opens. No proxy, no netrc, no redirects, no
 * cookies, no environment; caps on time and bytes.
 */
#pragma once

#include "net/addr.h"

struct http_call {
	const char *purpose; /* for the log and the User-Agent's comment: "validation" */
	bool https, verify; /* verify false: any certificate (SPEC 3.4 file method) */
	struct str host; /* Host header and SNI */
	uint16_t port;
	struct str path;
	struct addr address; /* pinned */
	const struct addr_net *allow; /* special addresses that the operator allows */
	unsigned n_allow;
	bool allow_special; /* the caller vouches (own listener) */
	int timeout_ms;
	size_t body_max; /* more is cut and marked */
	struct blob send; /* http_post() */
	const char *send_type; /* its Content-Type */
	const char *const *headers; /* further ones, "Name: value", NULL at the end; NULL: none */
	const char *ca_file; /* what the server's certificate is verified with (PEM); NULL: the system's */
};

struct http_answer {
	int status;
	struct blob body;
	bool cut;
	struct str location;
};

/* 0 with any HTTP status. E_FILE_CONNECT (connection or TLS failed), E_TIMEOUT, E_ADDRESS_REFUSED, E_NET. */
int http_get(const struct http_call *call, struct arena *a, struct http_answer *ret, struct err *e) CHECKED;
int http_post(const struct http_call *call, struct arena *a, struct http_answer *ret, struct err *e) CHECKED;
/* Once per process, before threads. */
int http_client_init(struct err *e) CHECKED;
