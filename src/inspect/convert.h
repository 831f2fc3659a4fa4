/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate, its chain and key as the files that servers want (SPEC 3.11): for downloads and for `signet convert`. */
#pragma once

#include "inspect/bundle.h"
#include "pack/zip.h"

#define CONVERT_FILES_MAX 24
#define CONVERT_FORMATS "nginx, apache, tomcat, iis, pfx, jks, pem, other, der, p7, root, tlcp"

struct convert_in {
	const char *base; /* what the files are called, without suffix */
	struct str friendly_name; /* inside PFX and JKS */
	struct blob leaf;
	const struct blob *chain; /* without the root where clients have it */
	unsigned n_chain; /* at most 16 */
	const struct key *key; /* NULL: there is none */
	struct blob pair; /* for "tlcp": the half that encrypts, and its key */
	const struct key *pair_key;
	struct str password; /* of PFX and JKS; {NULL, 0}: a random one, put beside */
	int64_t now_ms;
};

struct converted {
	unsigned n;
	struct zip_file v[CONVERT_FILES_MAX]; /* in the arena; what is secret in secret memory */
};

/* What belongs together for a format: bundle_find(), or for "tlcp" bundle_find_pair(). */
void convert_find(const char *format, const struct intake *t, struct arena *a, struct bundle *ret, struct err *e);
/* What a bundle says of it, and its names: by name, or where that is {NULL, 0} by its certificate. *ret is zeroed before. */
int convert_of(const struct bundle *b, struct str name, struct arena *a, struct convert_in *ret, struct err *e) CHECKED;
/* Appends files. E_FORMAT_UNKNOWN; E_KEY_NONE where a format cannot be without a key; E_FIELD_MISSING
 * ("chain") for "root" when the chain does not reach one. */
int convert(const char *format, const struct convert_in *in, struct arena *a, struct converted *ret,
	struct err *e) CHECKED;
/* Whether there is such a format. */
bool convert_knows(struct str format);
