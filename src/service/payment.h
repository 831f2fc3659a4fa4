/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Money that a payment service has taken: its signed callback tops an account up (SPEC 3.1). The signature is
 * HMAC-SHA-256, in hex, over the timestamp (seconds since 1970, decimal), a dot and the body as sent.
 */
#pragma once

#include "service/svc.h"
#include "store/store_sql.h"

/* Staff set the secret: the given one (32 characters at least), or a random one with {NULL, 0}. From now on only callbacks
 * signed with it are taken. *ret_secret: shown once. */
int payment_secret_set(struct svc *s, const struct caller *c, struct str given, struct arena *a,
	struct row_payment_secret *ret, struct str *ret_secret, struct err *e) CHECKED;
int payment_secret_show(struct svc *s, int64_t id, struct arena *a, struct row_payment_secret *ret, struct err *e) CHECKED;

struct payment {
	struct str timestamp, signature; /* of the headers; {NULL, 0}: missing */
	struct blob body; /* as sent */
	int64_t account, amount;
	struct str reference, currency; /* currency {NULL, 0}: the account's */
};
/* Each reference once: a repetition changes nothing and sets *ret_replayed; another payment under it is E_PAYMENT_USED.
 * E_PAYMENT_REFUSED: signature or timestamp. */
int payment_take(struct svc *s, struct str peer, const struct payment *in, struct arena *a, struct row_payment *ret,
	bool *ret_replayed, struct err *e) CHECKED;
