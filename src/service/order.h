/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Orders as a whole (SPEC 3.5): a subscription with its application. An applicant closes one; staff open it again as it
 * was, and send applications back for correction.
 */
#pragma once

#include "service/apply.h"

/* unassigned|not_activated|assigned -> closed, and the application under it with it: its values to publish die, what was
 * proven stays. E_STATE_REFUSED: active, or an application that is being issued. */
int order_close(struct svc *s, const struct caller *c, int64_t subscription, struct arena *a, struct row_subscription *ret,
	struct err *e) CHECKED;

/* What staff do in a customer's account. */
struct order_act {
	int64_t account;
	struct str reason; /* {NULL, 0}: none given */
	int64_t ticket; /* that asks for it, which keeps the act; 0: none */
};
/* closed -> the state before; its application as well: draft, or validating with new values for what has no valid proof.
 * E_STATE_REFUSED: not closed (a merged one never is), or its window of use is over and no application was on its way. */
int order_reopen(struct svc *s, const struct caller *c, int64_t subscription, const struct order_act *in, struct arena *a,
	struct row_subscription *ret, struct err *e) CHECKED;
/* validating|reviewing -> draft with the reason, which the applicant reads; proofs stay. E_STATE_REFUSED. */
int order_correct(struct svc *s, const struct caller *c, int64_t application, const struct order_act *in, struct arena *a,
	struct application_view *ret, struct err *e) CHECKED;
/* The same for a repeated request: the application as it is now. */
int order_correct_again(struct svc *s, int64_t application, const struct order_act *in, struct arena *a,
	struct application_view *ret, struct err *e) CHECKED;
int order_reopen_again(struct svc *s, int64_t subscription, const struct order_act *in, struct arena *a,
	struct row_subscription *ret, struct err *e) CHECKED;
