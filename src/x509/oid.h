/* SPDX-License-Identifier: Apache-2.0 */
/* Content octets of the object identifiers that certificates and revocation lists carry. */
#pragma once

#include "base/cursor.h"
#include "base/str.h"

#define X509_OID(lit) BLOB((lit), sizeof(lit) - 1)
/* RFC 5280 4.2.1: id-ce and its last arc */
#define X509_OID_CE "\x55\x1d"
#define X509_OID_ANY_POLICY "\x55\x1d\x20\x00"
#define X509_OID_ANY_EKU "\x55\x1d\x25\x00"
#define X509_OID_AIA "\x2b\x06\x01\x05\x05\x07\x01\x01"
#define X509_OID_SIA "\x2b\x06\x01\x05\x05\x07\x01\x0b"
#define X509_OID_TLS_FEATURE "\x2b\x06\x01\x05\x05\x07\x01\x18"
#define X509_OID_CPS "\x2b\x06\x01\x05\x05\x07\x02\x01"
#define X509_OID_USER_NOTICE "\x2b\x06\x01\x05\x05\x07\x02\x02"
#define X509_OID_SERVER_AUTH "\x2b\x06\x01\x05\x05\x07\x03\x01"
#define X509_OID_CLIENT_AUTH "\x2b\x06\x01\x05\x05\x07\x03\x02"
#define X509_OID_OCSP_NOCHECK "\x2b\x06\x01\x05\x05\x07\x30\x01\x05"
/* RFC 6962 3.3 */
#define X509_OID_SCT "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02"
/* PKCS#9 emailAddress, RFC 5280 4.1.2.6 */
#define X509_OID_EMAIL "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01"
#define X509_OID_CN "\x55\x04\x03"

/* The next element, an object identifier: whole arcs, none with a leading 0x80 (X.690 8.19.2); else the cursor is bad. */
bool x509_oid_get(struct cursor *c, struct blob *ret);
