/* SPDX-License-Identifier: Apache-2.0 */
/* Names of certificates: every rule of SPEC 3.2, each with its own error. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

enum name_kind { NAME_DNS, NAME_WILDCARD, NAME_IP };

struct name {
	enum name_kind kind;
	struct str ascii; /* lower-case A-labels; for wildcards with "*."; for addresses their text */
	struct str unicode; /* for showing */
	struct str base; /* without "*." */
	struct str registered; /* registered domain; {NULL, 0} for addresses and where there is none */
	uint8_t ip[16];
	unsigned ip_len; /* 4 or 16 */
	bool trimmed; /* blanks or a final dot were dropped (a note) */
	bool converted; /* U-labels were converted (a note) */
};

struct name_rules {
	bool any_name; /* private-tls: single labels, special and unknown top-level domains, private addresses */
	bool allow_ip, allow_dns;
};

/* One name as typed. E_NAME_*; field is for the error ("names[2]"). */
int name_read(struct str typed, const struct name_rules *rules, const char *field, struct arena *a, struct name *ret,
	struct err *e) CHECKED;
/* The free companion of a name (SPEC 3.2): the apex for `*.registered` and `www.registered`; {NULL, 0}: none. */
struct str name_companion(const struct name *n);
/* A wildcard covers the name (one level), or both are the same. */
bool name_covers(struct str pattern, struct str name);
/* The registered domain, the names between, and base itself (base alone where it has no registered domain), the highest
 * first; where there are more than NAME_LEVELS_MAX, base and its highest ancestors. *ret points into base. */
#define NAME_LEVELS_MAX 16
size_t name_levels(struct str base, struct str registered, struct str ret[NAME_LEVELS_MAX]);
/* name is ancestor or a name below it. */
bool name_below(struct str name, struct str ancestor);
/* The name backwards: "moc.elpmaxe.www", so that a suffix is a prefix. */
struct str name_reversed(struct str name, struct arena *a);
/* ASCII letters in lower case. */
struct str name_lower(struct str name, struct arena *a);
