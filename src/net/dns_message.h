/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DNS messages as bytes, for questions and updates to a server of one's own choice (RFC 1035, 2136)
 * and their signatures (TSIG, RFC 8945). Asks nobody. Names are text without final dot; a backslash
 * has no place in them.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "net/dns.h"

#define DNS_MESSAGE_MAX 65535
#define DNS_HEADER_LEN 12

enum { DNS_OP_QUERY = 0, DNS_OP_UPDATE = 5 };
enum { DNS_CLASS_IN = 1, DNS_CLASS_NONE = 254, DNS_CLASS_ANY = 255 };
enum { DNS_TYPE_OPT = 41, DNS_TYPE_TSIG = 250 };
enum {
	DNS_RCODE_NXDOMAIN = 3,
	DNS_RCODE_REFUSED = 5,
	DNS_RCODE_NOTAUTH = 9,
	DNS_RCODE_NOTZONE = 10
};

/* -- writing. A name that cannot stand in a message sets b->over. */
void dns_put_name(struct buf *b, struct str name);
/* Header and question (in an update: the zone). The other counts are 0 until dns_put_record()
 * counts them. */
void dns_put_header(
	struct buf *b, uint16_t id, unsigned opcode, struct str name, enum dns_type type);
enum dns_section { DNS_ANSWER = 1, DNS_AUTHORITY, DNS_ADDITIONAL };
void dns_put_record(struct buf *b, enum dns_section section, struct str name, unsigned type,
	unsigned class, uint32_t ttl, struct blob rdata);
/* The RDATA of a TXT record with this text, in strings of 255 bytes at most. */
void dns_put_txt(struct buf *b, struct str text);

/* -- reading */
struct dns_item {
	struct str name; /* lower case */
	enum dns_section section;
	unsigned type, class;
	struct blob rdata; /* borrowed from the message */
	struct str target; /* of NS, CNAME and SOA: the name that stands first in the RDATA */
	size_t at;	   /* where the record begins */
};

struct dns_message {
	uint16_t id;
	unsigned opcode;
	int rcode;
	bool response, authoritative, truncated;
	struct str name; /* of the one question */
	unsigned type;
	unsigned n;
	struct dns_item *items; /* all sections, in order */
};

/* false: malformed, or not exactly one question. */
bool dns_message_read(struct blob wire, struct arena *a, struct dns_message *ret);
const char *dns_rcode_name(int rcode);

/* -- signatures */
enum dns_tsig_alg { DNS_HMAC_SHA256, DNS_HMAC_SHA512 };
extern const char *const words_dns_tsig_alg[]; /* "hmac-sha256" … */

struct dns_tsig_key {
	struct str name;
	enum dns_tsig_alg alg;
	struct blob secret; /* the caller's; not copied */
};

#define DNS_MAC_MAX 64
struct dns_mac {
	uint8_t bytes[DNS_MAC_MAX];
	size_t n;
};

/* Appends the signature; *ret is what the answer's signature is bound to. now_s: seconds since
 * 1970. */
void dns_tsig_sign(
	struct buf *message, const struct dns_tsig_key *key, int64_t now_s, struct dns_mac *ret);
/* The answer to a message with this MAC: same key, same algorithm, signed now. E_DNS_KEY_REFUSED
 * with the reason. */
int dns_tsig_verify(struct blob wire, const struct dns_tsig_key *key, const struct dns_mac *asked,
	int64_t now_s, struct err *e) CHECKED;
