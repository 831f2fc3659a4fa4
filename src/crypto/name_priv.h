/* SPDX-License-Identifier: Apache-2.0 */
/* Distinguished names (RFC 5280 4.1.2.4) and alternative names (4.2.1.6) inside requests and certificates. */
#pragma once

#include "base/arena.h"
#include "base/der.h"
#include "crypto/name.h"

/* Takes the next element of *c as a Name and walks all of it; false unless it is strict. ret: the whole encoding. */
bool name_get(struct cursor *c, struct blob *ret);
/* The first commonName of a Name that name_get() took, as UTF-8; {NULL, 0} when there is none. false when there is one
 * that is no text. */
bool name_cn(struct blob name, struct arena *a, struct str *ret);

/* GeneralNames taken apart. */
struct alt_names {
	unsigned n_dns, n_ip, n_other;
	struct str *dns;
	struct blob *ip; /* 4 or 16 bytes */
};

/* value: content of the extension's OCTET STRING. false unless it is strict, not empty and has at most max names. */
bool alt_names_read(struct blob value, unsigned max, struct arena *a, struct alt_names *ret);

/* The next Extension (RFC 5280 4.1) of a sequence. */
bool extension_next(struct cursor *c, struct blob *ret_oid, bool *ret_critical, struct blob *ret_value);
/* Whether an extension with this OID stands before `end` in the sequence: each may be there once (4.2). */
bool extension_seen(struct blob sequence, const uint8_t *end, struct blob oid);
