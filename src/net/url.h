/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses that somebody gives us to call: https://HOST[:PORT][/PATH][?QUERY], nothing else (RFC 3986 without user and
 * fragment). */
#pragma once

#include "base/str.h"

#define URL_MAX 1000

struct url {
	bool https;
	struct str host; /* a name or an address, without brackets */
	uint16_t port;
	struct str target; /* path and query; "/" at least */
};

/* Borrows from s. false: no such address. */
bool url_read(struct str s, struct url *ret);
