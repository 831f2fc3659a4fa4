/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls of the command line to a Signet service: one request, one answer, over HTTPS with the certificate checked. Plain
 * HTTP only for what is public (OCSP, revocation lists). No proxy, no netrc, no redirects, no cookies of its own.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct http_rest {
	const char *method; /* "GET" */
	struct str url;
	bool plain; /* http:// is allowed */
	const char *ca_file; /* PEM; NULL: the system's */
	const char *const *headers; /* "Name: value", ends with NULL; NULL: none */
	const char *content_type; /* of the body */
	struct blob body; /* sent when the method is POST, PUT or PATCH */
	int timeout_ms;
	size_t answer_max;
};

struct http_rest_answer {
	int status;
	struct blob body;
	struct str content_type, etag, set_cookie, disposition; /* headers, {NULL, 0} when absent */
	int retry_after_s;
};

/* 0 with any HTTP status. E_NET: no connection, or its certificate is not accepted; E_TIMEOUT; E_TOO_LARGE. */
int http_rest(const struct http_rest *call, struct arena *a, struct http_rest_answer *ret, struct err *e) CHECKED;
