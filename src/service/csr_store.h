/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing requests that an account keeps (SPEC 3.10): made here with a key that the signer wraps, or brought along without
 * their key. Each key stands once in an account. Private keys leave only inside packages of certificates.
 */
#pragma once

#include "crypto/csr.h"
#include "service/svc.h"
#include "store/store_sql.h"

#define CSR_NAME_MAX 64
#define CSR_USES_MAX 50

struct csr_view {
	struct row_csr row;
	struct row_csr_use *uses; /* applications of the account, the newest first */
	size_t n_uses;
};

struct csr_new {
	struct str name; /* {NULL, 0}: the first name */
	const struct str *names; /* as typed; the first that fits is the common name */
	size_t n_names;
	enum key_alg alg;
};
/* Makes a key and a request for it. All faults of the names at once. Blocks for the signer: RSA takes seconds;
 * E_BUSY when too many wait for such already. */
int csr_create(struct svc *s, const struct caller *c, const struct csr_new *in, struct arena *a, struct csr_view *ret,
	struct err *e) CHECKED;
/* text: PEM. E_CSR_*, E_KEY_WEAK, E_KEY_BLOCKED; E_CSR_STORED when one with this key is there. */
int csr_upload(struct svc *s, const struct caller *c, struct str name, struct str text, struct arena *a,
	struct csr_view *ret, struct err *e) CHECKED;
int csr_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct csr_view *ret, struct err *e)
	CHECKED;
/* Without their uses. */
int csr_show_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a, struct row_csr **ret,
	size_t *ret_n, bool *ret_more, struct err *e) CHECKED;
/* E_STATE_REFUSED while an application may yet be issued with it. A private key goes with it, unless a certificate has it. */
int csr_remove(struct svc *s, const struct caller *c, int64_t id, struct err *e) CHECKED;
