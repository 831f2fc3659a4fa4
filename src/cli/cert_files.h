/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates and revocation lists in files, for the commands that need no service. */
#pragma once

#include "base/err.h"
#include "inspect/path.h"
#include "x509/ocsp.h"

/* A growing list of certificates, in the order given. */
struct cert_list {
	const struct path_cert **v;
	size_t n, size;
};
struct crl_list {
	struct x509_crl *v;
	size_t n, size;
};
struct ocsp_list {
	struct x509_ocsp *v;
	size_t n, size;
};

/* What could not be read: told, and left out. */
struct left_out {
	struct str *v; /* "FILE: why" */
	size_t n, size;
};

/* PEM with any number of blocks, or DER. What the file holds of other kinds is passed over. E_USAGE
 * when the file itself cannot be read. Everything lives in the arena. */
int cert_file_read(const char *path, struct arena *a, struct cert_list *ret,
	struct left_out *left_out, struct err *e) CHECKED;
/* The trust store: the file, or the system's when none is given (nothing where the system has none). */
int cert_roots_read(const char *given, struct arena *a, struct cert_list *ret, struct err *e) CHECKED;
int crl_file_read(const char *path, struct arena *a, struct crl_list *ret,
	struct left_out *left_out, struct err *e) CHECKED;
int ocsp_file_read(const char *path, struct arena *a, struct ocsp_list *ret, struct left_out *left_out,
	struct err *e) CHECKED;
