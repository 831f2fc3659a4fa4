/* SPDX-License-Identifier: Apache-2.0 */
/* One check at work: what its files share. */
#pragma once

#include "inspect/check.h"
#include "inspect/path_priv.h"

/* A certificate that was given. */
struct given {
	const struct item *item;
	const struct path_cert *cert;
	bool in_chain_field;
	bool used;
};

struct checking {
	const struct check_in *in;
	struct arena *a;
	struct check *out;
	struct intake items;
	unsigned n;
	struct given *v;
	const struct x509_crl *crls;
	const struct x509_ocsp *ocsp;
	size_t n_crls, n_ocsp;
	const char **mute; /* addresses that gave no answer, or none that tells anything */
	size_t n_mute;
	const struct given *leaf, *pair; /* pair: the encryption half of an SM2 pair */
};

/* Notes a finding with the weight that the purpose gives it. where, at: NULL and -1 where there is no place. */
void check_find(struct checking *t, enum check_code code, const struct item *where, int at, const char *fmt, ...)
	PRINTF(5, 6);
/* Errors before warnings before notes; among them by the table. */
void check_sort(struct check *c);
/* The key that fits the certificate, or NULL. */
const struct item *check_key_of(struct checking *t, const struct given *g);
/* What a fault at this place of the chain is to a check. */
enum check_code check_code_of(enum path_code fault, int at);
/* Reads the lists and responses that were given; then they are put into a question. */
void check_status_read(struct checking *t);
void check_status_ask(const struct checking *t, struct path_query *q);
/* A fault of the chain as a finding. */
void check_fault_tell(struct checking *t, const struct path_result *r, const struct path_fault *f, const struct item *where);
/* SM2 certificates come in pairs (GM/T 0024): finds the halves, the signing one as the leaf. False: it is no matter of
 * SM2. */
bool check_pair(struct checking *t);
