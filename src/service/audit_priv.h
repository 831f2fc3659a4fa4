/* SPDX-License-Identifier: Apache-2.0 */
/* The audit chain: written by audit.c, checked and signed by audit_chain.c. */
#pragma once

#include "service/svc_priv.h"

#define AUDIT_HASH_LEN 32

/* What a row's hash covers: its predecessor's hash and every field, lengths included. */
void audit_row_hash(const struct row_audit *r, struct blob prev, uint8_t ret[AUDIT_HASH_LEN]);
