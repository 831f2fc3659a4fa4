/* SPDX-License-Identifier: Apache-2.0 */
/* PEM text (RFC 7468), 64 columns. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* label: "CERTIFICATE", "PRIVATE KEY"… */
void pem_put(struct buf *b, const char *label, struct blob der);
struct str pem_encode(struct arena *a, const char *label, struct blob der);
/* The first block with the label. E_NOT_FOUND when there is none; E_FIELD_FORM when it is damaged. */
int pem_decode(struct str text, const char *label, struct arena *a, struct blob *ret_der, struct err *e) CHECKED;
