/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chains: built from a leaf, a pool and trust anchors, and verified as RFC 5280 6 says, strictly
 * (docs/operate/chain-rules.md). The answer is a chain without a fault, or the most telling chain
 * with all faults of it.
 *
 * Thread: certificates, once loaded, may be shared by threads; a query belongs to one. No network,
 * no clock, no cache that outlives a query.
 */
#pragma once

#include "base/arena.h"
#include "crypto/verify.h"
#include "x509/crl.h"
#include "x509/ocsp.h"
#include "x509/peer.h"

#define PATH_LENGTH_MAX 18 /* leaf, intermediates, anchor */
#define PATH_POOL_MAX 4096 /* certificates in all */

/* A certificate with its key, read once. */
struct path_cert {
	struct x509_cert x;
	struct verify_key *key; /* NULL: not readable, for the reason in key_fault */
	char key_fault[96];
};
/* Lives with the arena; der must live as long. E_CERT_UNREADABLE. */
int path_cert_new(
	struct arena *a, struct blob der, const struct path_cert **ret, struct err *e) CHECKED;

enum path_purpose { PATH_ANY, PATH_SERVER, PATH_CLIENT };

enum path_code {
#define FAULT(code, ...) PATH_##code,
#include "inspect/faults.def"
#undef FAULT
	PATH_CODES
};
const char *path_code_word(enum path_code c);
const char *path_code_text(enum path_code c);
const char *path_code_cure(enum path_code c);
/* PATH_CODES when there is no such word. */
enum path_code path_code_by_word(struct str word);
/* Some faults leave nothing of a chain: those of signatures, keys and anchors. */
bool path_code_tolerable(enum path_code c);

struct path_fault {
	enum path_code code;
	int at;		   /* index in the chain; -1: the chain as a whole */
	const char *field; /* of the certificate: "validity.notAfter", "extensions.subjectAltName";
			      "" for none */
	bool tolerated;	   /* told, but the chain is taken all the same */
	char text[200];	   /* what exactly, with the value */
};

/* What status a chain must show. */
enum path_status {
	PATH_STATUS_OFF,
	PATH_STATUS_LEAF, /* the leaf's must be known and good; one above that is revoked is a fault
			     as well */
	PATH_STATUS_ALL,  /* that of every certificate below the anchor */
};

struct path_query {
	const struct path_cert *leaf;
	const struct path_cert *const *pool, *const *anchors;
	size_t n_pool, n_anchors;
	/* What is told of revocation: of all that can be believed, "revoked" wins. */
	const struct x509_crl *crls;
	size_t n_crls;
	const struct x509_ocsp *ocsp;
	size_t n_ocsp;
	bool plain_lists; /* lists need no number, key identifier and nextUpdate, as in single.h */
	int64_t now_ms;
	enum path_purpose purpose;
	struct x509_peer peer;
	enum path_status status;
	uint64_t tolerated; /* 1 << enum path_code: faults that do not spoil a chain, where they are tolerable */
	int max_depth; /* intermediates that are not self-issued; -1: as many as fit */

	/* RFC 5280 6.1.1 (c) to (g) */
	const struct blob *policies; /* OIDs, content octets; none: any policy */
	size_t n_policies;
	bool explicit_policy, inhibit_mapping, inhibit_any;
};

enum path_told { PATH_NOT_ASKED, PATH_TOLD_UNKNOWN, PATH_TOLD_GOOD, PATH_TOLD_REVOKED };

struct path_result {
	bool ok;       /* what faults there are are tolerated */
	bool anchored; /* the chain's last certificate is a trust anchor */
	const struct path_cert *chain[PATH_LENGTH_MAX]; /* leaf first */
	enum path_told told[PATH_LENGTH_MAX]; /* the status of each */
	unsigned n_chain;
	struct path_fault *faults;
	unsigned n_faults;
	unsigned n_signatures; /* checked on the way; those of long RSA keys count several times */
};

/* Results live in the arena. Fails only for what no chain can answer: E_TOO_LARGE for too many
 * certificates. */
int path_find(const struct path_query *q, struct arena *a, struct path_result *ret,
	struct err *e) CHECKED;
