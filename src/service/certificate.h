/* SPDX-License-Identifier: Apache-2.0 */
/* Issued certificates: lists, details, packages, revocation, deletion (SPEC 3.9, 3.11). */
#pragma once

#include "base/buf.h"
#include "ca/issue.h"
#include "crypto/cert.h"
#include "inspect/check.h"
#include "service/svc.h"
#include "store/store_sql.h"

struct certificate_filter {
	const char *status; /* NULL, "issued", "about_to_expire", "expired", "revoking", "revoked", "ended" */
	struct str source; /* a word of words_source; {NULL, 0}: any */
	struct str name; /* exact name, or ".suffix" for all below; {NULL, 0}: any */
};

/* Newest first; those of a status but "revoking", and those of any source but the official one: the last to expire first.
 * The cursor is the certificate's id. */
int certificate_show_list(struct svc *s, const struct caller *c, const struct certificate_filter *f,
	const struct page *page, struct arena *a, struct row_certificate_line **ret, size_t *ret_n, bool *ret_more,
	int64_t *ret_total /* -1: not counted */, struct err *e) CHECKED;

struct certificate_view {
	struct row_certificate row;
	enum status status;
	struct row_revocation *waiting; /* for the confirmation of its revocation; NULL when not */
	bool content_closed; /* revoking or revoked: only name, serial, status, reason and times may be shown */
	struct str *names;
	size_t n_names;
	struct cert_info info; /* zeroed when closed */
	struct row_certificate *pair; /* the other half of an SM2 pair, or NULL */
	const struct ca_issuer *issuer; /* NULL for uploaded ones */
	unsigned n_chain; /* intermediates and root above it, nearest first */
	struct certificate_link {
		struct str name; /* an issuer's of this service; {NULL, 0}: foreign */
		struct blob der;
		bool root;
	} chain[PATH_LENGTH_MAX];
	bool has_key; /* the service holds the private key */
	int64_t csr; /* the account's stored signing request with its key; 0: none */
	const struct check *check; /* what the check of its upload found; NULL but in the answer to that */
	struct row_share *share; /* that a copy comes from, else NULL */
	bool warn; /* a copy that is closed, or expired, stands deployed */
};
int certificate_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct certificate_view *ret,
	struct err *e) CHECKED;
/* Revoked, or on the way there; a copy whose share has ended: content and downloads are closed (SPEC 3.9, 3.12). */
bool certificate_closed(int64_t state);
enum status certificate_status_of(int64_t state, int64_t not_after_ms, int64_t now_ms);

/* DV at once; OV and EV become `confirming` until the application's contact has used the link of a mail (revocation.h). At
 * once, too: by staff, and for keyCompromise when the service holds the key or the proof shows it; then every certificate
 * with the key goes. */
struct revoke {
	int64_t id;
	int reason; /* enum reason */
	bool replace; /* keep the subscription active instead of refunding */
	struct str proof; /* a signing request by the certificate's key, its common name revoke-<serial in hex>; or n 0 */
};
/* E_STATE_REFUSED, E_KEY_UNPROVEN, E_MAIL_NONE. */
int certificate_revoke(struct svc *s, const struct caller *c, const struct revoke *in, struct arena *a,
	struct certificate_view *ret, struct err *e) CHECKED;
/* Staff: of any account, hosted or not. The answer is as that account sees it. */
int certificate_revoke_any(struct svc *s, const struct caller *c, const struct revoke *in, struct arena *a,
	struct certificate_view *ret, struct err *e) CHECKED;
int certificate_show_any(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct certificate_view *ret,
	struct err *e) CHECKED;
int certificate_delete(struct svc *s, const struct caller *c, int64_t id, bool confirmed, struct err *e) CHECKED;

/* Packages (zip). The private key is in the clear in *ret only: the caller wipes it after sending. */
struct package {
	struct buf zip;
	struct str file_name; /* ASCII, safe for Content-Disposition */
	bool has_key;
};
int certificate_package(struct svc *s, const struct caller *c, int64_t id, struct str format, struct arena *a,
	struct package *ret, struct err *e) CHECKED;
/* leaf and chain as PEM */
int certificate_pem(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct str *ret, struct err *e)
	CHECKED;

/* The six counters of the overview (SPEC 2). */
struct overview {
	int64_t total, issued, pending_application, will_expire, check_failed, expired;
	int64_t quota, revoked;
};
int overview_show(struct svc *s, const struct caller *c, struct arena *a, struct overview *ret, struct err *e) CHECKED;
