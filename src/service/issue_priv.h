/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One issuing while it runs: preparation (keys, CAA, to-be-signed) and reservation in issue_prepare.c, the rest in
 * issue.c.
 */
#pragma once

#include "crypto/cert.h"
#include "model/name.h"
#include "service/svc_priv.h"

struct issuing {
	struct svc *s;
	int64_t account, id; /* the application */
	bool asked; /* a person waits for it on a lane; else a job */
	struct arena *a;
	int64_t now;
	struct row_issuing app;
	struct row_application_company company; /* OV, EV */
	struct row_application_name *names;
	size_t n_names;
	struct row_reserved *rows; /* one, or the two halves of a pair */
	size_t n_rows;
	struct blob *ders;
	/* prepared */
	struct signer_key key, enc_key; /* made by the service, if so */
	struct blob spki, enc_spki, envelope;
	struct in_certificate_reserve plan[2];
	size_t n_plan;
};

/* Until when this subscription is paid: from the first issue its months, and what was left then of the one that it follows
 * (SPEC 1, 3.14). The first certificate does not last longer for that: what was left makes room for a further one. */
int64_t issuing_paid_until(const struct issuing *t);
/* Asks for the CAA records of every name. E_CAA_FORBIDS, E_CAA_FAILED. No transaction. */
int issuing_check_caa(struct issuing *t, struct err *e) CHECKED;
/* CAA, keys, serials, to-be-signeds, lint. No transaction. */
int issuing_prepare(struct issuing *t, struct err *e) CHECKED;
/* Write 1. Fills rows. */
int issuing_reserve(struct issuing *t, struct err *e) CHECKED;
