/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Revocations that wait for their confirmation by mail (SPEC 3.9): of OV and EV certificates, asked for by the account
 * itself. The certificate is `confirming`, its content closed; OCSP and CRL say good. A row of table revocation stands as
 * long.
 */
#pragma once

#include "service/certificate.h"
#include "service/link.h"

struct db_tx;

/* confirming -> issued; the link is dead. E_STATE_REFUSED: it waits for nothing. */
int revocation_withdraw(struct svc *s, const struct caller *c, int64_t certificate, struct arena *a,
	struct certificate_view *ret, struct err *e) CHECKED;
/* Mails the link again. E_STATE_REFUSED, E_MAIL_NONE, E_MAIL_TOO_SOON. */
int revocation_send_again(struct svc *s, const struct caller *c, int64_t certificate, struct arena *a,
	struct certificate_view *ret, struct err *e) CHECKED;
/* Those whose time is over are issued again (sweep). */
int revocation_lapse(struct svc *s, struct err *e) CHECKED;

extern const struct link_kind link_revocation;

/* -- between revoke.c and revocation.c: in a writing transaction */
struct revoking {
	struct svc *s;
	const struct caller *c;
	enum reason reason;
	bool replace;
	int64_t serials; /* counts what was revoked */
};
/* issued | confirming -> revoked, with the other half of a pair, and the subscription's refund where one is due. The status
 * doors learn it after the commit. */
int revoke_whole(struct db_tx *tx, struct revoking *t, const struct row_certificate *row, struct err *e) CHECKED;
/* issued -> confirming, and the mail to the application's contact. */
int revocation_ask(struct db_tx *tx, const struct revoking *t, const struct row_certificate *row, struct err *e) CHECKED;
/* The certificate leaves `confirming`: nothing waits any more, links are dead. */
int revocation_forget(struct db_tx *tx, const struct row_certificate *row, struct err *e) CHECKED;
/* The certificate alone, or both halves of its pair: of one that was issued here the signing one first. */
int certificate_halves(struct db_tx *tx, const struct row_certificate *row, struct arena *a, struct row_certificate **ret,
	size_t *ret_n, struct err *e) CHECKED;
