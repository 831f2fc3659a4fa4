/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in a certificate, request, list, key or container, as names and values for people and
 * programs. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#define FACTS_MAX 2048

enum fact_kind { FACT_CERT, FACT_CSR, FACT_CRL, FACT_KEY, FACT_P12, FACT_JKS, FACT_P7, FACT_KINDS };
/* "cert", "csr", "crl", "key", "p12", "jks", "p7"; FACT_KINDS for anything else. */
enum fact_kind fact_kind_by_word(const char *word);

struct fact {
	const char *name; /* "subject", "not_after"; again for each of several */
	struct str value; /* UTF-8 */
	unsigned item;	  /* of a container: which of its things, from 1; 0: the file itself */
};

struct facts {
	struct arena *a;
	unsigned n;
	struct fact *v;
};

/*
 * Reads the file as that kind, in PEM (the first block of the kind) or in DER, strictly: structure
 * and values, not who signed it. Yes (0) means that every part can be read; then *ret holds what it
 * says, never a private value. passphrase as for intake_add(). The reader's code when it is none:
 * E_CERT_UNREADABLE, E_CSR_UNREADABLE, E_CRL_UNREADABLE, E_KEY_UNREADABLE, E_KEY_LOCKED,
 * E_PASSPHRASE_WRONG, E_STORE_UNREADABLE, E_FIELD_FORM, E_TOO_LARGE.
 */
int facts_read(enum fact_kind kind, struct blob file, struct str passphrase, struct arena *a,
	struct facts *ret, struct err *e) CHECKED;
