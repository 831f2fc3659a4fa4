/* SPDX-License-Identifier: Apache-2.0 */
/* The OCSP request inside of a GET's path (RFC 6960 A.1, RFC 5019 5), as clients and proxies really send it. */
#pragma once

#include "ca/issue.h"

/*
 * text: the path behind "/ocsp/<issuer>/", as sent. Takes base64 plain or percent-encoded, a '+' that became a blank,
 * leading slashes, missing padding, and slashes that a proxy merged ("//" to "/"). Where the merge leaves several
 * readings, the one whose CertID names the issuer is taken (is may be NULL). false: no OCSP request in it.
 */
bool ocsp_path_read(struct str text, const struct ca_issuer *is, struct arena *a, struct blob *ret_der);
