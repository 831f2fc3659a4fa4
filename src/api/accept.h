/* SPDX-License-Identifier: Apache-2.0 */
/* What media types a client takes (RFC 9110 12.5.1). Pure; any thread. */
#pragma once

#include "net/http_server.h"

/* Whether the Accept headers let an answer of this media type through; without a readable one all are welcome. */
bool accept_takes(const struct http_request *rq, const char *media);
