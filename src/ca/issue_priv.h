/* SPDX-License-Identifier: Apache-2.0 */
/* What certificates, CRLs and OCSP answers are written with. */
#pragma once

#include "base/der.h"
#include "ca/issue.h"

/* Object identifiers as they stand in the bytes, tag and length included. */
#define OID_LIT(s) BLOB((s), sizeof(s) - 1)
#define OID_AKI OID_LIT("\x06\x03\x55\x1d\x23")
#define OID_SKI OID_LIT("\x06\x03\x55\x1d\x0e")
#define OID_KEY_USAGE OID_LIT("\x06\x03\x55\x1d\x0f")
#define OID_POLICIES OID_LIT("\x06\x03\x55\x1d\x20")
#define OID_SAN OID_LIT("\x06\x03\x55\x1d\x11")
#define OID_EKU OID_LIT("\x06\x03\x55\x1d\x25")
#define OID_CDP OID_LIT("\x06\x03\x55\x1d\x1f")
#define OID_BASIC_CONSTRAINTS OID_LIT("\x06\x03\x55\x1d\x13")
#define OID_CRL_NUMBER OID_LIT("\x06\x03\x55\x1d\x14")
#define OID_REASON_CODE OID_LIT("\x06\x03\x55\x1d\x15")
#define OID_IDP OID_LIT("\x06\x03\x55\x1d\x1c")
#define OID_AIA OID_LIT("\x06\x08\x2b\x06\x01\x05\x05\x07\x01\x01")
#define OID_TLS_FEATURE OID_LIT("\x06\x08\x2b\x06\x01\x05\x05\x07\x01\x18")
#define OID_AD_OCSP OID_LIT("\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x01")
#define OID_AD_CA_ISSUERS OID_LIT("\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x02")
#define OID_OCSP_BASIC OID_LIT("\x06\x09\x2b\x06\x01\x05\x05\x07\x30\x01\x01")
#define OID_OCSP_NONCE OID_LIT("\x06\x09\x2b\x06\x01\x05\x05\x07\x30\x01\x02")
#define OID_SHA1 OID_LIT("\x06\x05\x2b\x0e\x03\x02\x1a")
#define OID_SHA256 OID_LIT("\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01")

/* An Extension that is open: its value is written between ext_begin() and ext_end(). */
struct ext {
	size_t outer, value;
};
struct ext ext_begin(struct buf *b, struct blob oid, bool critical);
void ext_end(struct buf *b, struct ext x);
void ext_put(struct buf *b, struct blob oid, bool critical, struct blob value);
/* authorityKeyIdentifier with keyid alone. */
void ext_put_aki(struct buf *b, const uint8_t keyid[20]);

/* uniformResourceIdentifier [6] of a GeneralName: status_url/crl/issuer/shard.crl and the like. */
void url_put_crl(struct buf *b, const struct ca_issuer *is, unsigned shard);
void url_put_ocsp(struct buf *b, const struct ca_issuer *is);
void url_put_ca_issuers(struct buf *b, const struct ca_issuer *is);

/* A Name from the attributes, in the order that BR 7.1.4.2 wants. */
void name_put(struct buf *b, const struct ca_subject *s);
bool name_is_empty(const struct ca_subject *s);

/* The key's kind and its bits; false for what is no key of a kind that is issued. */
enum spki_kind { SPKI_RSA, SPKI_EC, SPKI_SM2 };
bool spki_look(struct blob spki, enum spki_kind *ret_kind, struct blob *ret_bits);
