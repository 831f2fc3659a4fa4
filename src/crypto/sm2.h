/* SPDX-License-Identifier: Apache-2.0 */
/* SM2EnvelopedKey (GM/T 0009-2012, GB/T 35276): the encryption key of a pair on its way to the applicant. */
#pragma once

#include "crypto/key.h"

/* Envelops the private key enc to the holder of the signing public key sign_pub. ret: DER. */
int sm2_envelope(const struct key *enc, const struct key *sign_pub, struct arena *a, struct blob *ret, struct err *e) CHECKED;
/* Opens it with the signing private key; checks that the private key fits the public one inside. */
int sm2_envelope_open(struct blob der, const struct key *sign, struct key **ret_enc, struct err *e) CHECKED;
