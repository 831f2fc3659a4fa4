/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing requests that an account keeps (SPEC 3.10): made here with a key that the signer wraps, or brought along with
 * their key, without it, or with the key later. Each key stands once in an account. Private keys leave only inside packages
 * of certificates.
 */
#pragma once

#include "crypto/csr.h"
#include "inspect/facts.h"
#include "service/svc.h"
#include "store/store_sql.h"

#define CSR_NAME_MAX 64
#define CSR_USES_MAX 50

struct csr_view {
	struct row_csr row;
	struct row_csr_use_counts uses; /* how many applications and certificates of the account have its key */
	struct row_csr_use *applications; /* the newest of them */
	size_t n_applications;
	struct row_csr_certificate *certificates;
	size_t n_certificates;
	struct facts facts; /* what it says */
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

struct csr_brought {
	struct str name; /* {NULL, 0}: its first name */
	struct str csr; /* in any form that intake_add() reads; the key may be in it too */
	struct str key, passphrase; /* {NULL, 0}: none */
};
/* E_CSR_*, E_KEY_WEAK, E_KEY_BLOCKED, E_KEY_MISMATCH; E_CSR_STORED when one with this key is there; E_BUSY as above where
 * there is a key or passphrase. */
int csr_upload(struct svc *s, const struct caller *c, const struct csr_brought *in, struct arena *a, struct csr_view *ret,
	struct err *e) CHECKED;
/* The key comes later: for itself, and for the certificates that were issued from the request. E_STATE_REFUSED when it is
 * here already; otherwise as csr_upload(). */
int csr_key_add(struct svc *s, const struct caller *c, int64_t id, struct str key, struct str passphrase, struct arena *a,
	struct csr_view *ret, struct err *e) CHECKED;

int csr_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct csr_view *ret, struct err *e)
	CHECKED;
struct csr_filter {
	struct str search; /* beginning of its name, common name or a name that it asks for; {NULL, 0}: any */
	enum key_alg alg; /* KEY_NONE: any */
	int held; /* its private key is here: 1, is not: 0, either: -1 */
	bool unused; /* only those that no application and no certificate has come of */
};
/* Newest first. */
int csr_show_list(struct svc *s, const struct caller *c, const struct csr_filter *f, const struct page *page, struct arena *a,
	struct row_csr **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;
/* What its key was used for, newest first, in pages. */
int csr_show_applications(struct svc *s, const struct caller *c, int64_t id, const struct page *page, struct arena *a,
	struct row_csr_use **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;
int csr_show_certificates(struct svc *s, const struct caller *c, int64_t id, const struct page *page, struct arena *a,
	struct row_csr_certificate **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;

/* E_STATE_REFUSED while an application may yet be issued with it. A private key goes with it, unless a certificate has it. */
int csr_remove(struct svc *s, const struct caller *c, int64_t id, struct err *e) CHECKED;
