/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people hand in as a certificate, a key or a chain: any file in any form is taken apart into its items, without
 * being told what it is. Every door that takes foreign certificates, and the offline commands, begin here.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "crypto/key.h"

#define INTAKE_FILE_MAX (4 * 1024 * 1024)
#define INTAKE_ITEMS_MAX 1024

enum item_kind { ITEM_CERT, ITEM_KEY, ITEM_CSR, ITEM_CRL, ITEM_PUBLIC_KEY };

struct item {
	enum item_kind kind;
	const char *file; /* the field or file that it came in, as the caller calls it */
	unsigned line; /* of its BEGIN; 0: no PEM */
	const char *form; /* "PEM", "DER", "base64", "PKCS#7", "PKCS#12", "Java keystore" */
	struct str name; /* friendly name or alias there; {NULL, 0} without */
	struct blob der; /* keys: in the clear, of any form that key_from_private() reads, in secret memory */
	const struct key *key; /* of an ITEM_KEY */
};

struct intake {
	struct arena *a; /* holds the items and, until it ends, their keys */
	unsigned n;
	struct item *v;
	int64_t work; /* that may still be done to open what is protected (crypto/unlock.h), for all files together */
};

void intake_init(struct intake *t, struct arena *a);
/*
 * Takes one file apart. file: its name or field, which lives as long as the arena. passphrase: {NULL, 0} is none given.
 * Faults are noted in *e (err_note(), with file as the field), one for each unreadable block; the readable ones are
 * taken all the same, so that the caller sees everything at once. Bytes from outside; borrowed until the arena ends.
 */
void intake_add(struct intake *t, const char *file, struct blob bytes, struct str passphrase, struct err *e);
/* The first item of the kind at or behind place `from`, or NULL. */
const struct item *intake_find(const struct intake *t, enum item_kind kind, unsigned from);
