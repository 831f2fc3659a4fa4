/* SPDX-License-Identifier: Apache-2.0 */
/* PEM text (RFC 7468), 64 columns. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* label: "CERTIFICATE", "PRIVATE KEY"… */
void pem_put(struct buf *b, const char *label, struct blob der);
struct str pem_encode(struct arena *a, const char *label, struct blob der);
/* The first block with the label; text around it, CR, LF or both, blanks at line ends and any line length are taken.
 * E_NOT_FOUND when there is none; E_FIELD_FORM when it is damaged. */
int pem_decode(struct str text, const char *label, struct arena *a, struct blob *ret_der, struct err *e) CHECKED;
/* The next block of any label, moving *rest behind it; for bundles. E_NOT_FOUND when there is no more. */
int pem_next(struct str *rest, struct arena *a, struct str *ret_label, struct blob *ret_der, struct err *e) CHECKED;
