/* SPDX-License-Identifier: Apache-2.0 */
/* Applications (SPEC 3.3, 3.4): drafts, submission, what to publish, verification, withdrawal. */
#pragma once

#include "crypto/key.h"
#include "model/name.h"
#include "service/svc.h"
#include "store/store_sql.h"

struct apply_contact {
	struct str name, email, phone;
};

struct apply {
	int64_t subscription; /* 0: take an unassigned one of `product` from quota */
	struct str product; /* code; may be {NULL, 0} when subscription is given */
	struct str certificate_name; /* {NULL, 0}: made from the first name */
	const struct str *names; /* as typed */
	size_t n_names;
	bool no_companions; /* leave the free companions out */
	enum method method;
	enum key_source key_source;
	enum key_alg key_alg; /* for generate */
	struct str csr; /* PEM, for csr */
	int64_t csr_id; /* for stored; 0 in a change: the one that it has */
	int64_t contact_id; /* a stored one instead of `contact`; neither given: the account's default, where there is one */
	struct apply_contact contact;
	int64_t company_id; /* OV, EV: a stored one; 0: the one named before, else the account's default */
	bool must_staple;
	bool submit; /* quick issue: submit at once */
	int64_t for_domain; /* the switch of this domain makes it (domain_auto.h); 0: somebody */
	bool names_only; /* a draft that a purchase leaves: contact and the rest are given later */
};

/* A change: what `has` leaves out stays as it is. Other names bring their companions, unless those are switched off. */
enum apply_field {
	APPLY_NAME = 1 << 0,
	APPLY_NAMES = 1 << 1,
	APPLY_COMPANIONS = 1 << 2,
	APPLY_METHOD = 1 << 3,
	APPLY_KEY_SOURCE = 1 << 4,
	APPLY_KEY_ALG = 1 << 5,
	APPLY_CSR = 1 << 6,
	APPLY_CONTACT = 1 << 7,
	APPLY_MUST_STAPLE = 1 << 8,
	APPLY_COMPANY = 1 << 9,
	APPLY_CSR_ID = 1 << 10,
};
struct apply_patch {
	unsigned has; /* enum apply_field, or-ed */
	struct apply set; /* subscription and product are not read */
};

/* Automatic DNS for one authorization. */
struct application_auto {
	unsigned missing; /* what the domain lacks: bits 1 << enum dns_need */
	int64_t zone; /* where the record goes; 0 while something is missing */
	struct str note; /* what is missing and what to do, or how far the record is */
};

/* An application with everything that a door shows. */
struct application_view {
	struct row_application row;
	struct row_product product;
	struct row_application_name *names;
	size_t n_names;
	struct row_authz *authzs;
	size_t n_authzs;
	int64_t refundable_until_ms; /* of its subscription; 0: not */
	int64_t next_check_ms; /* validating: when the service looks next; 0 otherwise */
	struct row_email_proof *emails; /* validating by e-mail: links that wait to be used */
	size_t n_emails;
	struct application_auto *autos; /* for each authorization; NULL: nothing waits for automatic DNS */
	struct str *notes; /* what was changed in the input: blanks dropped, names converted or merged, companions added */
	size_t n_notes;
	int64_t csr; /* the stored signing request that it uses; 0: none */
	struct str held; /* reviewing: why the safety review holds it; "" */
	bool asked; /* reviewing: the reviewer waits for an answer */
	struct row_application_company company; /* OV, EV; company == 0: none yet */
	struct row_confirmation confirmation; /* OV, EV; application == 0: nothing was asked yet */
	struct row_certificate *certificates; /* issued ones: one, or the two halves of a pair */
	size_t n_certificates;
};

/* Binds names to a subscription: assigned -> a draft, or at once submitted. All faults of the input at once. */
int apply_create(struct svc *s, const struct caller *c, const struct apply *in, struct arena *a,
	struct application_view *ret, struct err *e) CHECKED;
/* The next one of an active subscription (set.subscription): what `has` leaves out is as in the newest that was issued. */
int apply_next(struct svc *s, const struct caller *c, const struct apply_patch *in, struct arena *a,
	struct application_view *ret, struct err *e) CHECKED;
/* A draft's (or, after failure and cancellation, the application's) data anew; version from If-Match, 0: any. */
int apply_change(struct svc *s, const struct caller *c, int64_t id, int64_t version, const struct apply_patch *in,
	struct arena *a, struct application_view *ret, struct err *e) CHECKED;
/* While it is validating; what is published already counts where the new method looks for it. */
int apply_set_method(struct svc *s, const struct caller *c, int64_t id, int64_t version, enum method method,
	struct arena *a, struct application_view *ret, struct err *e) CHECKED;
int apply_submit(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct application_view *ret,
	struct err *e) CHECKED;
int apply_cancel(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct application_view *ret,
	struct err *e) CHECKED;
/* draft|failed|cancelled -> deleted; an assigned subscription becomes unassigned. */
int apply_delete(struct svc *s, const struct caller *c, int64_t id, struct err *e) CHECKED;
int apply_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct application_view *ret,
	struct err *e) CHECKED;
int apply_show_list(struct svc *s, const struct caller *c, int state /* < 0: all */, const struct page *page,
	struct arena *a, struct row_application **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;

/* What happened to each name at "verify now". */
struct verify_name {
	struct str name;
	bool proven;
	int code; /* 0 or an enum err_code */
	struct str message, hint;
	struct str seen; /* JSON array of {what, result} */
};
/* For a submitted application, also when the background was quicker: every name with its proof.
 * Checks all unproven names now and goes on to issue when all are proven: the answer shows the application after that.
 * Blocks for the checks (validate lane). A failed check is not an error of the call. */
int apply_verify(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct application_view *ret,
	struct verify_name **ret_names, size_t *ret_n, struct err *e) CHECKED;
int apply_records(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_validation_record **ret,
	size_t *ret_n, struct err *e) CHECKED;

/* What the applicant publishes for one authorization. */
struct publish {
	struct str type; /* "TXT", "FILE" */
	struct str where; /* record name or URL */
	struct str value;
};
struct publish apply_publish(const struct svc *s, const struct row_application *app, const struct row_authz *z,
	struct arena *a);
