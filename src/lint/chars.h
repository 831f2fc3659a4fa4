/* SPDX-License-Identifier: Apache-2.0 */
/* Names and addresses as text: what the rules about them ask. None of these trusts what it reads. */
#pragma once

#include "base/str.h"

bool lint_ascii(struct blob b); /* 0x00 to 0x7f */
bool lint_is_ipv4(struct str s);
bool lint_is_ip(struct str s);
/* The octets of an address: 4 or 16; 0 when it is none. */
size_t lint_ip_read(struct str s, uint8_t out[16]);
bool lint_has_octet(struct blob b, uint8_t octet);
/* s holds the text, without case. */
bool lint_contains(struct str s, const char *text);

/* The label n from the right, 0 the last; {NULL, 0} when there are not so many. */
struct str lint_label(struct str name, unsigned n);
unsigned lint_labels(struct str name);
/* Calls the test for each label, from the left; true when one is true. */
bool lint_any_label(struct str name, bool (*test)(struct str label));
bool lint_ldh_label(struct str label); /* letters, digits, hyphens inside; not empty */
/* Two labels at least, all of letters, digits, hyphens and underscores; a wildcard on the left where asked for. */
bool lint_is_fqdn(struct str name);
struct str lint_lower(struct str s, char *room, size_t size);
/* RFC 3492: decodes what stands after "xn--". Returns the number of characters, 0 when it is none. */
size_t lint_punycode(struct str s, uint32_t *out, size_t room);
/* A character that composes with the one before it into another: the text is not in form C. */
bool lint_not_nfc(const uint32_t *c, size_t n);

/* Top-level domains that were delegated once and are no more. */
bool lint_tld_was(struct str tld);

struct lint_uri {
	struct str scheme, host; /* host without user and port; {NULL, 0}: none */
	bool port;
};
/* False when it has no scheme, or holds what no URI holds. */
bool lint_uri_read(struct str s, struct lint_uri *ret);
bool lint_uri_scheme(struct str uri, const char *scheme);

/* local@domain of RFC 5321, in ASCII. */
bool lint_mailbox_ok(struct str s);
/* ISO 3166-1 alpha-2, capitals. */
bool lint_country_known(struct str s);
