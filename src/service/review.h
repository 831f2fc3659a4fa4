/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Review by people (SPEC 3.5): the queue of applications that wait for a reviewer, with the evidence side by side; the
 * thread between reviewer and applicant; approval and rejection. Staff call these with the right staff_review, across
 * accounts; only review_messages() and review_answer() are the applicant's.
 */
#pragma once

#include "service/apply.h"

#define REVIEW_TEXT_MAX 4000
#define REVIEW_THREAD_MAX 200

struct review_queue {
	struct row_review_line *rows;
	size_t n;
	bool more;
	int64_t total;
	int64_t average_wait_ms; /* of the last hundred decided ones; 0: none yet */
};
/* state: enum review_state; oldest first. */
int review_list(struct svc *s, const struct caller *c, int state, const struct page *page, struct arena *a,
	struct review_queue *ret, struct err *e) CHECKED;

/* The last look at the CAA records of a name; row.at_ms is 0 when there was none. */
struct review_caa {
	struct row_caa_last row;
	bool fresh; /* they allow it, and the look is not too old to issue by */
};

/* One review with everything that a decision needs. */
struct review_view {
	struct row_review row;
	struct application_view app;
	struct row_account account;
	struct str claimed_name, approved_name, decided_name; /* users' names; "" for nobody */
	struct row_validation_record *records; /* proofs and CAA, newest first */
	size_t n_records;
	struct row_review_message *messages;
	size_t n_messages;
	struct row_review_call *calls;
	size_t n_calls;
	struct review_caa *caa; /* of each name */
	size_t n_caa;
	int64_t unproven; /* names without a valid proof at this moment */
	int64_t average_wait_ms;
	/* the application whose review found the same company right last, when, and until when that may be used again (policy
	 * company-reuse); 0: none, or too long ago */
	int64_t company_application, company_verified_ms, company_until_ms;
	bool four_eyes; /* two people must approve */
};
int review_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct review_view *ret, struct err *e)
	CHECKED;

/* Nobody else acts on a claimed one (E_REVIEW_CLAIMED); the CAA records of its names are looked at. An administrator may
 * release another's. Blocks for the looks (validate lane). */
int review_claim(struct svc *s, const struct caller *c, int64_t id, struct err *e) CHECKED;
int review_release(struct svc *s, const struct caller *c, int64_t id, struct err *e) CHECKED;
/* Looks at the CAA records of all names anew. Blocks (validate lane). A record that forbids is no error of the call. */
int review_check_caa(struct svc *s, const struct caller *c, int64_t id, struct err *e) CHECKED;
/* reviewing -> issuing, when the CAA records of all names allow it: they are looked at where the last look is too old or did
 * not allow it (E_CAA_FORBIDS, E_CAA_FAILED, E_PERSPECTIVE_QUORUM; blocks, validate lane). With four eyes the first approval
 * waits for another person's (E_REVIEW_SECOND). OV and EV need the contact's confirmation (E_CONFIRMATION_MISSING). When a
 * proof has expired the application goes back to validating instead, and the review is `returned`. */
int review_approve(struct svc *s, const struct caller *c, int64_t id, struct str note, struct err *e) CHECKED;
/* reviewing -> failed with REJECTED_<reason> and the text, which the applicant reads. */
int review_reject(struct svc *s, const struct caller *c, int64_t id, enum reject_reason reason, struct str text,
	struct err *e) CHECKED;
/* A question to the applicant. */
int review_ask(struct svc *s, const struct caller *c, int64_t id, struct str text, struct err *e) CHECKED;

struct review_call {
	struct str callee, number;
	struct str source; /* where the number was found */
	enum call_result result;
	struct str note;
	int64_t minutes_ago;
};
int review_log_call(struct svc *s, const struct caller *c, int64_t id, const struct review_call *in, struct err *e) CHECKED;

/* -- the applicant's side: by application */
int review_messages(struct svc *s, const struct caller *c, int64_t application, struct arena *a,
	struct row_review_message **ret, size_t *ret_n, struct err *e) CHECKED;
int review_answer(struct svc *s, const struct caller *c, int64_t application, struct str text, struct err *e) CHECKED;
