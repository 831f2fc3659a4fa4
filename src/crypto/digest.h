/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/str.h"

void digest_sha256(struct blob b, uint8_t ret[32]);
void digest_sha1(struct blob b, uint8_t ret[20]); /* key ids and OCSP CertIDs only */
void digest_sha384(struct blob b, uint8_t ret[48]);
void digest_sha512(struct blob b, uint8_t ret[64]);
void digest_sm3(struct blob b, uint8_t ret[32]);
void digest_hmac_sha256(struct blob key, struct blob b, uint8_t ret[32]);
void digest_hmac_sha512(struct blob key, struct blob b, uint8_t ret[64]);

/* In pieces. */
struct digest;
struct digest *digest_new_sha256(void);
void digest_add(struct digest *d, struct blob b);
void digest_end_sha256(struct digest *d, uint8_t ret[32]); /* frees */
