/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several perspectives on one question (BR 3.2.2.9, multi-perspective issuance corroboration): who lies on the
 * way between one of them and the domain cannot lie on the way of all.
 */
#pragma once

#include "validate/question.h"

#define PERSPECTIVES_MAX 16

/* Somebody elsewhere who can be asked. ask: 0 and the far verdict in *ret_code and *why; else it did not answer. */
struct perspective {
	const char *name, *region;
	int (*ask)(const void *arg, const struct validate_question *q, int timeout_ms, struct arena *a,
		struct validate_result *ret, int *ret_code, struct err *why, struct err *e);
	const void *arg;
};

/* What one of them said. */
struct perspective_view {
	const struct perspective *who;
	int code; /* 0: corroborates */
	bool silent; /* it gave no answer */
	struct err why; /* when it does not, or did not answer */
	struct validate_result result;
};

/* Asks all at once, each on a thread of its own; who does not answer within the time does not corroborate. */
void perspectives_ask(const struct perspective *list, unsigned n, const struct validate_question *q, int timeout_ms,
	struct arena *a, struct perspective_view *ret);

/* Rows of the policy, as they stand at the moment. */
struct quorum_rule {
	int64_t min; /* perspectives that must be asked; 0: none need be */
	int64_t regions; /* different ones that those who corroborate must be of, where there are so many perspectives */
	int64_t spare_few, spare_many; /* who may not corroborate: of two to five, and of six or more; of one: nobody */
};

/* 0, or E_PERSPECTIVE_QUORUM, which names who did not corroborate and why. */
int quorum_decide(const struct perspective_view *views, unsigned n, const struct quorum_rule *rule, struct err *e) CHECKED;
