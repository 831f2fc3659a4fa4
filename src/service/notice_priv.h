/* SPDX-License-Identifier: Apache-2.0 */
/* What the files about notices share. */
#pragma once

#include "service/notice.h"
#include "service/svc_priv.h"

#define NOTICE_BIT(kind) (INT64_C(1) << (kind))

/* Who gets mails; each address once. */
int notice_recipients(struct db_tx *tx, int64_t account, struct arena *a, struct row_notice_recipient **ret, size_t *ret_n,
	struct err *e) CHECKED;
/* A mail to each of them that has one of the wanted kinds (bits) switched on. */
int notice_queue_mails(struct db_tx *tx, const struct svc *s, int64_t account, enum mail_kind kind, int64_t object,
	int64_t wanted, struct err *e) CHECKED;
