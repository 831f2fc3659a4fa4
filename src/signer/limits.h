/* SPDX-License-Identifier: Apache-2.0 */
/* What an issuer may sign, as it stands in its file from the issuer's birth. */
#pragma once

#include "base/buf.h"
#include "ca/signer_proto.h"

#define LIMITS_FILE_MAX 1024

/* The whole content of `<name>.limits`. */
struct limits_file {
	enum key_alg alg;
	uint8_t key_id[16]; /* the sealed key's own id: the key file must be the one that was born
			       with it */
	uint8_t spki_sha256[32];
	struct signer_limits limits;
};

/* 0, or E_FIELD_RANGE for limits that make no sense. */
int limits_check(const struct signer_limits *l, struct err *e) CHECKED;
bool limits_equal(const struct signer_limits *a, const struct signer_limits *b);
void limits_write(const struct limits_file *f, struct buf *out);
/* E_IO when the text is not exactly what limits_write() writes. file: named in the message. */
int limits_read(struct str text, const char *file, struct limits_file *ret, struct err *e) CHECKED;
