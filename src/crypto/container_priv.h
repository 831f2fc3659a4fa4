/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of containers share. */
#pragma once

#include "crypto/container.h"

/* E_STORE_UNREADABLE when there is no room. */
int contents_add(struct contents *c, enum content_kind kind, struct str name, struct blob der, struct err *e) CHECKED;
/* Bytes that the library allocated, copied into the arena and freed. */
struct blob ossl_der(struct arena *a, unsigned char *der, int n);
