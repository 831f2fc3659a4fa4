/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of an application's way from input to rows: form (pure checks), write (rows), show. */
#pragma once

#include "crypto/csr.h"
#include "service/apply.h"
#include "service/svc_priv.h"

#define APPLY_NAMES_MAX 250

/* One name of the checked form. */
struct form_name {
	struct name name;
	bool companion;
};

/* What an input becomes once it is checked: nothing of it depends on the database but the product. */
struct form {
	const struct apply *in;
	const struct row_product *product;
	const struct row_subscription *sub; /* the counts that it bought */
	struct form_name *names;
	size_t n_names;
	struct str cn; /* STR("") when no name fits */
	struct csr csr; /* when given */
	struct blob csr_der;
	enum key_alg key_alg;
	uint8_t spki_sha256[32];
	struct str certificate_name;
	struct str *notes;
	size_t n_notes;
	const struct profile *profile;
};

/* Reads names, key and contact as far as they need no database. All faults at once. */
int form_read(const struct apply *in, const struct row_product *product, struct arena *a, struct form *ret, struct err *e)
	CHECKED;
/* How many names it uses up: companions are free. */
void form_count(const struct form *f, int64_t *ret_common, int64_t *ret_wildcard);
/* Names against what was bought (SPEC 3.2 kinds). */
int form_fits(const struct form *f, const struct row_subscription *sub, struct err *e) CHECKED;

/* The product's algorithm for who does not choose: P-256 where it has it, the door's own default (purchase_names.c). */
enum key_alg usual_algorithm(const struct row_product *p);
/* The draft of a purchase that named its names; the subscription becomes assigned (purchase_names.c). */
int application_bind(struct db_tx *tx, struct svc *s, const struct caller *c, const struct row_product *p,
	const struct row_subscription *sub, const struct apply *in, const struct form *f, struct err *e) CHECKED;
/* The draft of a subscription that is assigned already; company 0: none. */
int application_draft(struct db_tx *tx, struct svc *s, const struct caller *c, const struct row_product *p,
	const struct row_subscription *sub, const struct apply *in, const struct form *f, int64_t company, struct err *e)
	CHECKED;
/* Whether this name of this product can be proven so: notes E_METHOD_UNFIT (apply_method.c). */
void method_check(enum method method, const struct row_product *product, enum name_kind kind, struct str name, struct err *e);

/* draft -> validating in this transaction: authorizations, deadline, job. */
int application_submit(struct db_tx *tx, const struct svc *s, const struct caller *c, int64_t id, struct err *e) CHECKED;
int application_load(struct db_tx *tx, const struct caller *c, int64_t id, struct arena *a, struct application_view *ret,
	struct err *e) CHECKED;
/* Its value or its proof still counts. */
bool authz_alive(const struct row_authz *z, int64_t now_ms);
/* In a submitted application: a value to publish for each name whose proof or value has expired. */
int application_authzs_renew(struct db_tx *tx, const struct row_application *app, struct err *e) CHECKED;
/* What the account has proven counts for the names of a submitted application that lack a proof. */
int application_use_grants(struct db_tx *tx, const struct row_application *app, struct err *e) CHECKED;
/* Proof by e-mail: sends the links.
 * Tells the applicant that there are values to publish, where something is left to prove by hand. */
int application_ask_proof(struct db_tx *tx, const struct svc *s, const struct row_application *app, struct err *e) CHECKED;
/* Moves and counts; E_CONFLICT when somebody else was faster. */
int application_step(struct db_tx *tx, const struct svc *s, const struct caller *c, const struct row_application *row,
	int to, enum sm_who who, struct err *e) CHECKED;
/* With its subscription: what was to be published counts no more, nobody looks for it (order_close.c). */
int application_close(struct db_tx *tx, const struct svc *s, const struct caller *c, const struct row_application *row,
	enum sm_who who, struct err *e) CHECKED;
/* To failed, with a code of the registry and a text for the applicant. 0; also when it went on meanwhile. */
int application_fail_in(struct db_tx *tx, const struct svc *s, const struct caller *c, const struct row_application *row,
	enum sm_who who, int code, struct str text, struct err *e) CHECKED;
/* -- keys that the service made for an application that has no certificate (apply_key.c) */
struct kept_keys {
	struct blob key_id, enc_key_id, spki; /* {NULL, 0}: to be made */
};
/* What an edit leaves of them: all while the form wants the same kind of key, or brings the same; else they are destroyed. */
int application_keys_keep(struct db_tx *tx, const struct row_application *row, const struct form *f, struct kept_keys *ret,
	struct err *e) CHECKED;
int application_keys_drop(struct db_tx *tx, const struct row_application *row, struct err *e) CHECKED;

/* -- the company of OV and EV (apply_company.c) */
/* Which company the input means: the given one; else `named`, which the application named before; else the account's
 * default. 1: found; 0: the product takes none, or there is none (applicant_check() says so). */
int company_choose(struct db_tx *tx, const struct caller *c, const struct row_product *p, const struct apply *in,
	int64_t named, struct arena *a, struct row_company *ret, struct err *e) CHECKED;
/* Notes what OV and EV want of company and contact (SPEC 3.3); company: NULL for none. What is only wanted at submission
 * (the licence's picture) is left out before. */
void applicant_check(const struct row_product *p, int64_t company_id, const struct row_company *company,
	struct str email, bool submitting, struct err *e);
/* The application keeps a copy of the company as it stands now. E_COMPANY_MISSING: it was deleted meanwhile. */
int company_take(struct db_tx *tx, int64_t account, int64_t application, int64_t company, struct err *e) CHECKED;
/* At submission: applicant_check() on what stands in the database, all faults at once, and the copy anew. */
int company_submit(struct db_tx *tx, const struct row_application *app, const struct row_product *p, struct err *e)
	CHECKED;

/* The application's data with the change put over it (apply_patch.c). */
int application_patched(struct db_tx *tx, const struct row_application *row, const struct apply_patch *p, struct arena *a,
	struct apply *ret, struct err *e) CHECKED;
