/* SPDX-License-Identifier: Apache-2.0 */
/* Object identifiers as content octets, to be compared on the hot path without being parsed from text. */
#pragma once

#include "base/str.h"

#define OID(lit) ((struct blob){(const uint8_t *)(lit), sizeof(lit) - 1})

/* RFC 3279, 4055, 5480, 5758 */
#define OID_RSA "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01" /* 1.2.840.113549.1.1.1 */
#define OID_PSS "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a" /* 1.2.840.113549.1.1.10 */
#define OID_EC "\x2a\x86\x48\xce\x3d\x02\x01" /* 1.2.840.10045.2.1 */
#define OID_P256 "\x2a\x86\x48\xce\x3d\x03\x01\x07" /* 1.2.840.10045.3.1.7 */
#define OID_P384 "\x2b\x81\x04\x00\x22" /* 1.3.132.0.34 */
#define OID_P521 "\x2b\x81\x04\x00\x23" /* 1.3.132.0.35 */
/* Not taken from others' certificates, known in private keys: secp192r1, secp224r1, secp256k1, RFC 5639 4.1 */
#define OID_P192 "\x2a\x86\x48\xce\x3d\x03\x01\x01" /* 1.2.840.10045.3.1.1 */
#define OID_P224 "\x2b\x81\x04\x00\x21" /* 1.3.132.0.33 */
#define OID_K256 "\x2b\x81\x04\x00\x0a" /* 1.3.132.0.10 */
#define OID_BP256 "\x2b\x24\x03\x03\x02\x08\x01\x01\x07" /* 1.3.36.3.3.2.8.1.1.7 */
#define OID_BP384 "\x2b\x24\x03\x03\x02\x08\x01\x01\x0b" /* 1.3.36.3.3.2.8.1.1.11 */
#define OID_BP512 "\x2b\x24\x03\x03\x02\x08\x01\x01\x0d" /* 1.3.36.3.3.2.8.1.1.13 */
/* RFC 8410 3 */
#define OID_ED25519 "\x2b\x65\x70" /* 1.3.101.112 */
#define OID_ED448 "\x2b\x65\x71" /* 1.3.101.113 */
/* GM/T 0006 */
#define OID_SM2 "\x2a\x81\x1c\xcf\x55\x01\x82\x2d" /* 1.2.156.10197.1.301 */
#define OID_SM4_ECB "\x2a\x81\x1c\xcf\x55\x01\x68\x01" /* 1.2.156.10197.1.104.1 */

#define OID_CN "\x55\x04\x03" /* 2.5.4.3 */
#define OID_EXTENSION_REQUEST "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x0e" /* 1.2.840.113549.1.9.14 */
#define OID_MS_EXTENSION_REQUEST "\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x0e" /* 1.3.6.1.4.1.311.2.1.14 */
#define OID_SKI "\x55\x1d\x0e" /* 2.5.29.14 */
#define OID_KEY_USAGE "\x55\x1d\x0f" /* 2.5.29.15 */
#define OID_NS_CERT_TYPE "\x60\x86\x48\x01\x86\xf8\x42\x01\x01" /* 2.16.840.1.113730.1.1 */
#define OID_SAN "\x55\x1d\x11" /* 2.5.29.17 */
#define OID_BASIC_CONSTRAINTS "\x55\x1d\x13" /* 2.5.29.19 */
#define OID_AKI "\x55\x1d\x23" /* 2.5.29.35 */
#define OID_TLS_FEATURE "\x2b\x06\x01\x05\x05\x07\x01\x18" /* 1.3.6.1.5.5.7.1.24 */

/* RFC 8018, 7914 */
#define OID_PBKDF2 "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c" /* 1.2.840.113549.1.5.12 */
#define OID_PBES2 "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d" /* 1.2.840.113549.1.5.13 */
#define OID_PBMAC1 "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0e" /* 1.2.840.113549.1.5.14 */
#define OID_SCRYPT "\x2b\x06\x01\x04\x01\xda\x47\x04\x0b" /* 1.3.6.1.4.1.11591.4.11 */
/* Java keystores */
#define OID_JKS_KEY "\x2b\x06\x01\x04\x01\x2a\x02\x11\x01\x01" /* 1.3.6.1.4.1.42.2.17.1.1 */
#define OID_JCEKS_KEY "\x2b\x06\x01\x04\x01\x2a\x02\x13\x01" /* 1.3.6.1.4.1.42.2.19.1 */
