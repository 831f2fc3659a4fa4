/* SPDX-License-Identifier: Apache-2.0 */
/* Files that hold several certificates and keys: PKCS#12, PKCS#7, and the keystores of Java. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "crypto/key.h"
#include "crypto/unlock.h"

#define CONTAINER_MAX (4 * 1024 * 1024) /* bytes */
#define CONTENTS_MAX 256 /* things in one */

enum content_kind { CONTENT_CERT, CONTENT_KEY, CONTENT_CRL };

struct content {
	enum content_kind kind;
	struct str name; /* friendly name or alias, UTF-8; {NULL, 0} when it has none */
	struct blob der; /* certificate, PrivateKeyInfo in the clear (secret memory of the arena), or CRL */
};

struct contents {
	unsigned n;
	struct content v[CONTENTS_MAX];
};

/*
 * Each appends to *ret. E_STORE_UNREADABLE when it is none, damaged, or holds what is not taken; E_KEY_LOCKED without a
 * passphrase where one is needed ({NULL, 0} is none, "" is one), E_PASSPHRASE_WRONG; E_KEY_UNREADABLE for too much work.
 */

/* RFC 7292, DER or BER. */
int p12_open(struct blob file, struct opener *o, struct arena *a, struct contents *ret, struct err *e) CHECKED;
/* SignedData for its certificates and CRLs alone (RFC 2315 9.1, "p7b"); nothing of it is verified. */
int p7_open(struct blob file, struct arena *a, struct contents *ret, struct err *e) CHECKED;
/* JKS and JCEKS. The passphrase opens the keys and proves the whole. Keys of a passphrase of their own are not taken. */
int jks_open(struct blob file, struct opener *o, struct arena *a, struct contents *ret, struct err *e) CHECKED;

/* Certificates as a PKCS#7 without signatures. */
struct blob p7_build(const struct blob *certs, unsigned n, struct arena *a);
/* A Java keystore (version 2) with one key entry. The passphrase is ASCII of 6 bytes or more, which keytool wants. */
int jks_build(struct str alias, struct str passphrase, const struct key *key, const struct blob *chain, unsigned n_chain,
	int64_t now_ms, struct arena *a, struct blob *ret, struct err *e) CHECKED;
