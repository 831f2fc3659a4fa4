/* SPDX-License-Identifier: Apache-2.0 */
/* Whom one means to reach, and whether a certificate is for it (RFC 9525; RFC 5280 4.2.1.6 for mail
 * addresses). */
#pragma once

#include "x509/cert.h"

enum x509_peer_kind { X509_PEER_NONE, X509_PEER_DNS, X509_PEER_IP, X509_PEER_EMAIL };

struct x509_peer {
	enum x509_peer_kind kind;
	struct str text; /* as given, without a final dot; borrowed */
	uint8_t ip[16];
	unsigned ip_n; /* 4 or 16 */
};

/* A-labels; E_FIELD_FORM for what is no host name. */
int x509_peer_dns(struct str name, struct x509_peer *ret, struct err *e) CHECKED;
int x509_peer_ip(struct str address, struct x509_peer *ret, struct err *e) CHECKED;
int x509_peer_email(struct str address, struct x509_peer *ret, struct err *e) CHECKED;
/* Only subjectAltName counts. ret_wildcard (may be NULL): the name that matched when it is a
 * wildcard, else none. */
bool x509_peer_matches(
	const struct x509_cert *c, const struct x509_peer *peer, struct str *ret_wildcard);
