/* SPDX-License-Identifier: Apache-2.0 */
/* The domain's objects as JSON, each by its schema in schemas.def (a test compares them). No service. */
#pragma once

#include "base/jsonw.h"
#include "ca/profile.h"
#include "service/apply.h"
#include "service/attachment.h"
#include "service/certificate.h"
#include "service/csr_store.h"
#include "service/domain.h"
#include "service/host.h"
#include "service/inspection.h"
#include "service/monitor.h"
#include "service/scan.h"
#include "service/email_proof.h"
#include "service/domain_auto.h"
#include "service/owner.h"
#include "service/order.h"
#include "service/policy.h"
#include "service/review.h"
#include "service/ticket.h"
#include "service/zone.h"
#include "service/company.h"
#include "service/contact.h"

/* Texts of rows may be {NULL, 0} where the column is empty: written as "". */
void put_text(struct jsonw *w, const char *key, struct str s);
/* null for 0 */
void put_id_or_null(struct jsonw *w, const char *key, int64_t id);
/* null for "" */
void put_text_or_null(struct jsonw *w, const char *key, struct str s);
/* JSON that the service made, or null when there is none. */
void put_json(struct jsonw *w, const char *key, struct str json);
/* "a,b" or "a b" as an array of texts, or of numbers. */
void put_words(struct jsonw *w, const char *key, struct str words);
void put_numbers(struct jsonw *w, const char *key, struct str words);
/* Whole days until then, rounded down. */
int64_t days_left(int64_t until_ms, int64_t now_ms);

/* encode_account.c */
void put_account(struct jsonw *w, const struct row_account *r);
void put_user(struct jsonw *w, const struct row_users *r);
void put_mail(struct jsonw *w, const struct row_mail *r);
void put_access_key(struct jsonw *w, const struct row_access_key *r);

/* encode_owner.c */
void put_owner(struct jsonw *w, const struct owner_view *v, struct arena *a);

/* encode_purchase.c */
void put_product(struct jsonw *w, const struct row_product *r);
void put_bill(struct jsonw *w, const struct row_bill *r);
void put_ledger_entry(struct jsonw *w, const struct row_ledger *r);
void put_allowance(struct jsonw *w, const struct row_allowance *r);
void put_payment(struct jsonw *w, const struct row_payment *r, bool replayed);
void put_payment_secret(struct jsonw *w, const struct row_payment_secret *r, struct str secret);
void put_subscription(struct jsonw *w, const struct row_subscription *r);

/* encode_step.c */
struct step {
	enum application_state state;
	int64_t application, certificate, method;
	bool failed; /* a draft after a failure */
	bool revoked; /* its certificate is, or is being */
	bool asked; /* the reviewer waits for an answer */
	bool automatic; /* every name that is pending is proven by the service itself */
	struct str unconfirmed; /* whose word is waited for; {NULL, 0}: nobody's */
};
/* For people, with the door to use. */
struct str application_next_step(const struct step *s, struct arena *a);

/* encode_application.c */
/* The member `failure`: null without a code. */
void put_failure(struct jsonw *w, struct str code, struct str text);
void put_application_line(struct jsonw *w, const struct row_application *r);
/* publish: one for each authorization of the view; the type {NULL, 0} where there is nothing to publish */
void put_email_addresses(struct jsonw *w, const struct email_addresses *l);
void put_application(struct jsonw *w, const struct application_view *v, const struct publish *publish, struct arena *a);
void put_verify_name(struct jsonw *w, const struct verify_name *v);
/* The members of a proof's record that applicants and reviewers see. */
void put_evidence_facts(struct jsonw *w, const struct row_validation_record *r);
void put_validation_record(struct jsonw *w, const struct row_validation_record *r);

/* encode_attachment.c */
void put_attachment(struct jsonw *w, const struct row_attachment *r, struct arena *a);

/* encode_csr.c */
void put_csr_line(struct jsonw *w, const struct row_csr *r);
void put_csr(struct jsonw *w, const struct csr_view *v, int64_t now_ms, struct arena *a);
void put_csr_use(struct jsonw *w, const struct row_csr_use *r);
void put_csr_certificate(struct jsonw *w, const struct row_csr_certificate *r, int64_t now_ms);

/* encode_domain.c */
void put_zone(struct jsonw *w, const struct row_zone *r);
void put_zone_look(struct jsonw *w, const struct zone_look *l);
void put_domain(struct jsonw *w, const struct row_domain *r, int64_t now_ms, struct arena *a);

/* encode_notice.c */
void put_notice(struct jsonw *w, const struct row_notice *r, enum language language, struct arena *a);
void put_notice_kind(struct jsonw *w, enum notice_kind kind, enum language language);
void put_notice_settings(struct jsonw *w, enum notice_who who, const struct row_notice_settings *r);
void put_notice_kinds(struct jsonw *w, const char *key, int64_t bits);
void put_notice_switch(struct jsonw *w, const struct row_notice_switch *r);

/* encode_domain_auto.c */
void put_domain_auto(struct jsonw *w, const struct domain_auto_view *v);

/* encode_host.c */
void put_scan_line(struct jsonw *w, const struct row_scan *r);
void put_scan(struct jsonw *w, const struct scan_view *v);
void put_host_line(struct jsonw *w, const struct row_host *r, int64_t now_ms);
void put_host(struct jsonw *w, const struct host_view *v, struct arena *a);
void put_monitor_line(struct jsonw *w, const struct row_monitor *r);
void put_monitor(struct jsonw *w, const struct monitor_view *v);
void put_inspection(struct jsonw *w, const struct inspection *v, struct arena *a);

/* encode_webhook.c; secret {NULL, 0}: none is shown */
void put_webhook(struct jsonw *w, const struct row_webhook *r, struct str secret);
void put_webhook_delivery(struct jsonw *w, const struct row_webhook_delivery *r);

/* encode_company.c */
void put_stored_contact(struct jsonw *w, const struct row_contact *r);
void put_company(struct jsonw *w, const struct row_company *r);
/* The members that a stored company and an application's copy share. */
void put_company_facts(struct jsonw *w, const struct company *c);

/* encode_review.c */
void put_message(struct jsonw *w, const struct row_review_message *r);
void put_review_queue(struct jsonw *w, const struct review_queue *q);
void put_review_line(struct jsonw *w, const struct row_review_line *r, int64_t now_ms);
void put_review(struct jsonw *w, const struct review_view *v, struct arena *a);

/* encode_order.c */
void put_order(struct jsonw *w, const struct order *o, struct arena *a);

/* encode_ticket.c */
void put_ticket_line(struct jsonw *w, const struct row_ticket *r);
void put_ticket(struct jsonw *w, const struct ticket_view *v, struct arena *a);

/* encode_certificate.c */
/* share: that a copy comes from; id 0: it is none */
void put_certificate_line(struct jsonw *w, const struct row_certificate_line *r, enum status status,
	const struct row_share *share, int64_t now_ms);
/* chain: facts about v->chain[] */
void put_certificate(struct jsonw *w, const struct certificate_view *v, const struct cert_info *chain, int64_t now_ms,
	struct arena *a);
/* links: NULL where no issuer of this service is among them. */
void put_chain(struct jsonw *w, const struct certificate_link *links, unsigned n, const struct cert_info *chain,
	int64_t now_ms);
void put_issuer(struct jsonw *w, const struct ca_issuer *is, const struct cert_info *info, struct arena *a);

/* encode_check.c */
/* The array alone, without its key. */
void put_findings(struct jsonw *w, const struct check *c);
/* chain: facts about c->chain[] */
void put_certificate_checked(struct jsonw *w, const struct check *c, int64_t csr, const struct cert_info *chain,
	int64_t now_ms);

/* encode_share.c */
/* account: whose eyes see it */
void put_share(struct jsonw *w, const struct row_share *r, int64_t account, int64_t now_ms);
/* The member `share` of a copy; null for other certificates (NULL or id 0). */
void put_share_ref(struct jsonw *w, const struct row_share *r, bool warn, int64_t now_ms);

/* encode_policy.c */
void put_policy(struct jsonw *w, const struct policy_view *v);

/* encode_service.c */
void put_profile(struct jsonw *w, const struct profile *p);
void put_overview(struct jsonw *w, const struct overview *o);
void put_audit(struct jsonw *w, const struct row_audit *r);
void put_job(struct jsonw *w, const struct row_job *r);
void put_error_row(struct jsonw *w, const struct err_info *i);
