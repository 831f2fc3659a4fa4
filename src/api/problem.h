/* SPDX-License-Identifier: Apache-2.0 */
/* Errors as RFC 9457 problems. */
#pragma once

#include "base/err.h"
#include "net/http_server.h"

/* Makes *rs the answer that tells *e: whatever it held before is dropped. request_id lives as long as the request. */
void problem_reply(struct http_response *rs, struct arena *a, const struct err *e, struct str request_id);
/* The same with the findings of a check: a JSON array; {NULL, 0}: none. */
void problem_reply_findings(struct http_response *rs, struct arena *a, const struct err *e, struct str request_id,
	struct str findings);
/* Headers that every answer of this service carries. */
void problem_safe_headers(struct http_response *rs);
