/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proof by e-mail for OV and EV (SPEC 3.4; BR 3.2.2.4.4, 13, 14): a one-time link to a mailbox that the domain's holder
 * alone reads. Using it proves the name that the mailbox stands for, and those below it. No DNS is asked but for the
 * contacts that a domain names itself, when somebody asks for them.
 */
#pragma once

#include "service/apply.h"
#include "service/link.h"

struct db_tx;

struct email_address {
	struct str address;
	enum email_source source;
	struct str proves; /* using the link proves this name and those below it */
	bool mailed; /* a link waits there */
};
struct email_addresses {
	struct row_authz authz;
	struct email_address *list; /* the first is the one taken where nobody chooses */
	size_t n;
	struct str seen; /* JSON: what DNS said about contacts */
};
/* Where mails about this authorization may go. Asks DNS (validate lane). */
int email_proof_addresses(struct svc *s, const struct caller *c, int64_t authz, struct arena *a,
	struct email_addresses *ret, struct err *e) CHECKED;
/* Mails the link to the address; {NULL, 0}: where the last one went, else the first of the list. A link that was mailed for
 * the authorization before is dead. E_EMAIL_UNFIT names the allowed ones; E_STATE_REFUSED, E_MAIL_NONE, E_MAIL_TOO_SOON. */
int email_proof_send(struct svc *s, const struct caller *c, int64_t authz, struct str address, struct arena *a,
	struct application_view *ret, struct err *e) CHECKED;
/* The application of an authorization. */
int email_proof_application(struct svc *s, const struct caller *c, int64_t authz, struct arena *a,
	struct application_view *ret, struct err *e) CHECKED;

/* -- in the transaction of who asks for proofs */
/* A mail to the first address for each pending name that no waiting link covers. */
int email_proof_ask(struct db_tx *tx, const struct svc *s, const struct row_application *app, struct err *e) CHECKED;
/* The links of the application are dead: another method was chosen. */
int email_proof_stop(struct db_tx *tx, const struct row_application *app, struct err *e) CHECKED;
/* The link that waits for this authorization; NULL: none. */
const struct row_email_proof *email_proof_of(const struct application_view *v, const struct row_authz *z);

extern const struct link_kind link_email_proof;
