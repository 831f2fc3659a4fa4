/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DER (X.690): a strict reader that cannot run past its input and a writer that fills a buffer front to back.
 * Knows tags, lengths, integers, OIDs and times; nothing of certificates.
 */
#pragma once

#include "base/buf.h"
#include "base/cursor.h"

enum der_tag {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_ENUMERATED = 0x0a,
	DER_UTF8_STRING = 0x0c,
	DER_PRINTABLE_STRING = 0x13,
	DER_IA5_STRING = 0x16,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
};
/* Context-specific tags: primitive and constructed. */
#define DER_CTX(n) (0x80 | (n))
#define DER_CTX_CONS(n) (0xa0 | (n))

/* -- reading. All return false (and leave *ret alone) on anything that is not strict DER. */

/* The next element, whatever its tag: tag, contents, and the whole encoding. Tags above 30 are refused. */
bool der_next(struct cursor *c, uint8_t *ret_tag, struct blob *ret_body, struct blob *ret_whole);
/* The next element, which must have the tag. ret_body may be NULL. */
bool der_get(struct cursor *c, uint8_t tag, struct blob *ret_body);
/* As der_get(), opened for reading inside. */
bool der_open(struct cursor *c, uint8_t tag, struct cursor *ret);
/* The next element when it has the tag: true and taken; false and nothing moved when it has another or none is left. */
bool der_optional(struct cursor *c, uint8_t tag, struct blob *ret_body);
uint8_t der_peek(const struct cursor *c); /* 0 at the end */
bool der_get_bool(struct cursor *c, bool *ret);
/* A non-negative INTEGER that fits 63 bits. */
bool der_get_int(struct cursor *c, int64_t *ret);
/* Any INTEGER, minimal; its content octets. */
bool der_get_integer(struct cursor *c, struct blob *ret);
/* A BIT STRING with no unused bits. */
bool der_get_bits(struct cursor *c, struct blob *ret);
/* UTCTime or GeneralizedTime in the forms of RFC 5280 4.1.2.5 (seconds, Z). */
bool der_get_time(struct cursor *c, int64_t *ret_ms);
bool der_done(const struct cursor *c);

/* -- writing. A constructed element is opened, filled and closed; the length is put in at the end. */

/* Returns a mark for der_end(). Elements nest. */
size_t der_begin(struct buf *b, uint8_t tag);
/* Closes the element; for DER_BIT_STRING opened by der_begin_bits() as well. */
void der_end(struct buf *b, size_t mark);
/* A BIT STRING with no unused bits whose content follows. */
size_t der_begin_bits(struct buf *b);
void der_put(struct buf *b, uint8_t tag, struct blob body);
void der_put_bool(struct buf *b, bool v);
void der_put_int(struct buf *b, int64_t v);
/* An unsigned big-endian magnitude as a positive INTEGER (leading zeros dropped, sign octet added). */
void der_put_unsigned(struct buf *b, struct blob magnitude);
void der_put_null(struct buf *b);
/* Dotted: "2.5.29.17". A malformed one is a bug. */
void der_put_oid(struct buf *b, const char *dotted);
void der_put_bits(struct buf *b, struct blob bytes, unsigned unused_bits);
/* A named-bit BIT STRING (KeyUsage): bit 0 is the most significant; trailing zero bits are cut (X.690 11.2.2). */
void der_put_named_bits(struct buf *b, uint32_t bits_from_left, unsigned n);
/* UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 4.1.2.5); ms must be whole seconds. */
void der_put_time(struct buf *b, int64_t ms);
void der_put_generalized_time(struct buf *b, int64_t ms);

/* OIDs between text and content octets. */
bool der_oid_text(struct blob body, char *out, size_t size);
bool der_oid_is(struct blob body, const char *dotted);
