/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PEM text (RFC 7468): written strictly in 64 columns, read as people and programs hand it around. Taken are text around
 * the blocks, any line ends and line length, blanks and tabs anywhere (Unicode's too), END and BEGIN on one line, a block
 * on one line, line ends written as \n, a byte order mark, UTF-16 with its mark, a final NUL. The base64 is read strictly.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define PEM_TEXT_MAX (4 * 1024 * 1024)

/* label: "CERTIFICATE", "PRIVATE KEY"… */
void pem_put(struct buf *b, const char *label, struct blob der);
struct str pem_encode(struct arena *a, const char *label, struct blob der);

struct pem_block {
	struct str label;
	unsigned line; /* where its BEGIN stands, from 1 */
	struct str dek; /* DEK-Info of an encrypted body (RFC 1421 4.6.1.3), "AES-256-CBC,0011…"; {NULL, 0}: in the clear */
	struct blob body; /* of private keys in secret memory; of TRUSTED CERTIFICATE without OpenSSL's remarks behind it */
};

/* What a label says the body is (RFC 7468; X509, TRUSTED, NEW and others as programs write them). */
enum pem_kind {
	PEM_OTHER,
	PEM_CERT,
	PEM_CSR,
	PEM_CRL,
	PEM_OCSP_RESPONSE,
	PEM_P7,
	PEM_P12,
	PEM_PUBLIC_KEY,
	PEM_PRIVATE_KEY, /* any label that ends so */
	PEM_PARAMETERS, /* a curve or group before a key, which the key says again */
};
enum pem_kind pem_kind(struct str label);

struct pem_reader {
	struct str rest;
	unsigned line;
};

/* file: without byte order mark and final NUL, UTF-16 as UTF-8. E_TOO_LARGE over PEM_TEXT_MAX; E_FIELD_FORM for half a
 * UTF-16 character. */
int pem_open(struct blob file, struct arena *a, struct pem_reader *ret, struct err *e) CHECKED;
/* The next block. E_NOT_FOUND when there is none; E_FIELD_FORM when it is damaged, and the reader stands behind it. */
int pem_next(struct pem_reader *r, struct arena *a, struct pem_block *ret, struct err *e) CHECKED;
/* The first block with the label, in the clear. E_NOT_FOUND, E_FIELD_FORM, E_TOO_LARGE. */
int pem_decode(struct str text, const char *label, struct arena *a, struct blob *ret_der, struct err *e) CHECKED;
