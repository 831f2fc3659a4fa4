/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificate revocation lists (RFC 5280 5) read strictly: complete, delta and indirect ones. Owns
 * nothing: the blobs are spans of the input, which must outlive the struct. Entries are read one by
 * one, so that a list of millions costs no memory; x509_crl_read() walks them once, after which the
 * iterator cannot fail.
 */
#pragma once

#include "x509/cert.h"

#define X509_CRL_MAX (64 * 1024 * 1024)

/* RFC 5280 5.3.1 */
enum x509_reason {
	X509_UNSPECIFIED = 0,
	X509_KEY_COMPROMISE = 1,
	X509_CERTIFICATE_HOLD = 6,
	X509_REMOVE_FROM_CRL = 8,
	X509_REASON_LAST = 10,
};

struct x509_crl {
	struct blob der, tbs, sig_alg, sig;
	struct blob issuer; /* whole Name */
	uint64_t issuer_hash;
	int64_t this_update_ms, next_update_ms; /* next: INT64_MAX when not said */
	unsigned version;			/* 1 or 2 */
	bool alg_differs;
	struct blob entries; /* contents */
	struct x509_aki aki;
	bool has_aki;
	struct blob number,
		base; /* cRLNumber, deltaCRLIndicator: magnitude; {NULL, 0} when absent */
	struct blob unknown_critical; /* of the list or of an entry */
	bool criticality_wrong; /* an extension is critical, or not, against RFC 5280 5.2, 5.3 */

	bool has_idp;
	struct blob idp_der;   /* the whole IssuingDistributionPoint, to compare scopes */
	struct x509_point idp; /* its point's name, and reasons */
	bool only_user, only_ca, only_attribute, indirect, some_reasons;
};

/* E_CRL_UNREADABLE, the field naming the place. */
int x509_crl_read(struct blob der, struct x509_crl *ret, struct err *e) CHECKED;

struct x509_crl_entry {
	struct blob serial; /* content octets */
	int64_t revoked_ms;
	int reason;	    /* enum x509_reason */
	struct blob issuer; /* whole Name of the certificate's issuer: the list's, or what an entry
			       before has said */
};
/* Walks the entries; zeroed but for `rest` at the start. */
struct x509_crl_walk {
	struct cursor rest;
	struct blob issuer;
};
struct x509_crl_walk x509_crl_walk(const struct x509_crl *crl);
bool x509_crl_next(struct x509_crl_walk *it, struct x509_crl_entry *ret);
