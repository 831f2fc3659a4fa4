/* SPDX-License-Identifier: Apache-2.0 */
/* The domain's small vocabularies: numbers as stored, words as doors and people use them. */
#pragma once

#include "base/err.h"

/* A NULL-terminated list of words whose index is the number. */
const char *word_name(const char *const *words, int64_t n);
int word_find(const char *const *words, struct str s); /* -1: none */

enum product_type { TYPE_DV, TYPE_OV, TYPE_EV };
extern const char *const words_type[];

enum product_kind { KIND_SINGLE, KIND_MULTI, KIND_WILDCARD, KIND_HYBRID };
extern const char *const words_kind[];

/* How control over the names is proven (application.method). */
enum method { METHOD_DNS_AUTO, METHOD_DNS, METHOD_FILE, METHOD_EMAIL, METHOD_INTERNAL };
extern const char *const words_method[];

/* Why a mail about a name may go to an address (email_proof.source). */
enum email_source { EMAIL_CONSTRUCTED, EMAIL_CAA, EMAIL_TXT };
extern const char *const words_email_source[];

/* What automatic DNS needs of a name's domain (SPEC 3.4); several may be missing at once. */
enum dns_need { NEED_DOMAIN, NEED_ZONE, NEED_HOLDER, NEED_TERM };
extern const char *const words_dns_need[];

/* What an automatic certificate still lacks. */
enum auto_need { AUTO_ZONE, AUTO_HOLDER, AUTO_TERM, AUTO_CONTACT, AUTO_QUOTA };
extern const char *const words_auto_need[];

/* Algorithms of a zone's key; the numbers are those of net's enum dns_tsig_alg. */
extern const char *const words_tsig_alg[];

enum key_source { KEY_SOURCE_GENERATE, KEY_SOURCE_CSR, KEY_SOURCE_STORED };
extern const char *const words_key_source[];

enum cert_source { SOURCE_OFFICIAL, SOURCE_TEST, SOURCE_UPLOADED, SOURCE_SHARED };
extern const char *const words_source[];

/* What a share opens to its receiver (SPEC 3.12), each with what stands before it; why one ended. */
enum share_grade { GRADE_SEE, GRADE_DEPLOY, GRADE_DOWNLOAD };
extern const char *const words_share_grade[];
enum share_end { SHARE_END_NONE, SHARE_END_WITHDRAWN, SHARE_END_DATE, SHARE_END_DELETED, SHARE_END_LEFT };
extern const char *const words_share_end[];

/* Single certificates, and the two halves of an SM2 pair. */
enum pair_role { ROLE_SINGLE, ROLE_SIGN, ROLE_ENC };
extern const char *const words_pair_role[];

enum owner_kind { OWNER_INDIVIDUAL, OWNER_ENTERPRISE };
extern const char *const words_owner_kind[];

/* Revocation reasons by their number in RFC 5280 5.3.1. */
enum reason {
	REASON_UNSPECIFIED = 0,
	REASON_KEY_COMPROMISE = 1,
	REASON_AFFILIATION_CHANGED = 3,
	REASON_SUPERSEDED = 4,
	REASON_CESSATION = 5,
	REASON_PRIVILEGE_WITHDRAWN = 9,
};
const char *reason_name(int64_t reason);
/* staff may use more; -1: no such reason or not allowed. */
int reason_find(struct str s, bool staff);

enum ledger_kind { LEDGER_TOP_UP, LEDGER_CHARGE, LEDGER_REFUND };
extern const char *const words_ledger[];
/* The books of a ledger entry, whose lines sum to zero. */
enum ledger_book { BOOK_WALLET, BOOK_CASH, BOOK_SALES };

/* What a person sees of a subscription with its application and certificate: the first that holds (SPEC 2). */
enum status {
	STATUS_REVOKED,
	STATUS_REVOKING,
	STATUS_EXPIRED,
	STATUS_ABOUT_TO_EXPIRE,
	STATUS_ISSUED,
	STATUS_REFUNDED,
	STATUS_CLOSED,
	STATUS_NOT_ACTIVATED,
	STATUS_FAILED,
	STATUS_VERIFYING,
	STATUS_VALIDATING,
	STATUS_PENDING_APPLICATION,
	STATUS_QUOTA,
	STATUS_ENDED, /* of a shared copy, whose share is over */
};
extern const char *const words_status[];

/* A time that an application waited for a reviewer (table review), and what came of it. */
enum review_state { REVIEW_WAITING, REVIEW_APPROVED, REVIEW_REJECTED, REVIEW_RETURNED, REVIEW_WITHDRAWN };
extern const char *const words_review_state[];
enum call_result { CALL_CONFIRMED, CALL_DENIED, CALL_NO_ANSWER, CALL_OTHER };
extern const char *const words_call_result[];
/* Why a reviewer rejects: each is the code REJECTED_… of the registry of errors, whose hint is the cure. */
enum reject_reason {
	REJECT_COMPANY_UNKNOWN,
	REJECT_COMPANY_DIFFERS,
	REJECT_LICENCE_UNREADABLE,
	REJECT_PHONE_UNREACHABLE,
	REJECT_CONTACT_UNKNOWN,
	REJECT_NAME_HIGH_RISK,
	REJECT_NO_ANSWER,
	REJECT_OTHER,
};
extern const char *const words_reject_reason[];

/* What the orders page shows of a subscription with its newest application (subscription.status). */
enum order_status {
	ORDER_QUOTA,
	ORDER_NOT_ACTIVATED,
	ORDER_PENDING_APPLICATION,
	ORDER_VALIDATING,
	ORDER_VERIFYING,
	ORDER_FAILED,
	ORDER_ISSUED,
	ORDER_EXPIRED,
	ORDER_CLOSED,
	ORDER_REFUNDED,
};
extern const char *const words_order_status[];

/* What a ticket asks for; what it is about; what staff did about it. */
enum ticket_kind { TICKET_MERGE, TICKET_REOPEN, TICKET_CORRECT, TICKET_REFUND, TICKET_OTHER };
extern const char *const words_ticket_kind[];
enum ticket_object {
	TICKET_OF_NOTHING,
	TICKET_OF_SUBSCRIPTION,
	TICKET_OF_APPLICATION,
	TICKET_OF_CERTIFICATE,
	TICKET_OF_BILL,
};
extern const char *const words_ticket_object[];
enum ticket_act { TICKET_ACT_MERGE, TICKET_ACT_REOPEN, TICKET_ACT_CORRECT, TICKET_ACT_REFUND, TICKET_ACT_OTHER };
extern const char *const words_ticket_act[];

/* Kinds of the service's own long work (table job). */
enum work {
	WORK_VALIDATE,
	WORK_ISSUE,
	WORK_SWEEP,
	WORK_CHECKPOINT,
	WORK_MAIL,
	WORK_DNS_CLEAN,
	WORK_DOMAIN_AUTO,
	WORK_WEBHOOK,
	WORK_SCAN,
	WORK_MONITOR,
};
extern const char *const words_work[];

/* In what people are spoken to. */
enum language { LANGUAGE_EN, LANGUAGE_ZH };
extern const char *const words_language[];

/* Where a mail's text comes from (mail.object_id is a row of that table). */
enum mail_kind {
	MAIL_LINK,
	MAIL_NOTICE,
	MAIL_DIGEST,
};
extern const char *const words_mail_kind[];
/* Dropped: when its turn came there was nothing to say any more. */
enum mail_state { MAIL_WAITING, MAIL_SENT, MAIL_GIVEN_UP, MAIL_DROPPED };
extern const char *const words_mail_state[];

/* What a one-time link confirms (link.object_id is a row of that table). */
enum link_purpose {
	LINK_USER_EMAIL,
	LINK_CONTACT_EMAIL,
	LINK_REVOCATION,
	LINK_APPLICATION, /* the requester's word for it (SPEC 3.4) */
	LINK_EMAIL_PROOF,
};
extern const char *const words_link_purpose[];
enum link_state { LINK_PENDING, LINK_USED, LINK_DEAD };
extern const char *const words_link_state[];

/* What the service tells an account by itself (table notice); what each says: service/notice_kinds.c. A switch is the bit of
 * this number in notice_off. */
enum notice_kind {
	NOTICE_APPLICATION_PROOF,
	NOTICE_PROOF_EXPIRES,
	NOTICE_APPLICATION_ISSUED,
	NOTICE_APPLICATION_FAILED,
	NOTICE_APPLICATION_REJECTED,
	NOTICE_REVIEW_QUESTION,
	NOTICE_REVIEW_WAITING,
	NOTICE_REVIEW_ANSWERED,
	NOTICE_REVIEW_OVERDUE,
	NOTICE_CERTIFICATE_EXPIRES,
	NOTICE_CERTIFICATE_EXPIRES_SOON,
	NOTICE_CERTIFICATE_EXPIRED,
	NOTICE_CERTIFICATE_REVOKED,
	NOTICE_QUOTA_EXPIRES,
	NOTICE_QUOTA_EXPIRED,
	NOTICE_SUBSCRIPTION_EXPIRES,
	NOTICE_SUBSCRIPTION_EXPIRED,
	NOTICE_BILL_UNPAID,
	NOTICE_BILL_EXPIRED,
	NOTICE_REFUND_DEADLINE,
	NOTICE_APPLICATION_SENT_BACK,
	NOTICE_TICKET_WAITING,
	NOTICE_TICKET_ANSWERED,
	NOTICE_OWNER_VERIFIED,
	NOTICE_OWNER_REFUSED,
	NOTICE_SUBSCRIPTION_CLOSED,
	NOTICE_SUBSCRIPTION_REOPENED,
	NOTICE_SUBSCRIPTION_REFUNDED,
	NOTICE_SUBSCRIPTION_MERGED,
	NOTICE_REVOCATION_WAITING,
	NOTICE_REVOCATION_LAPSED,
	NOTICE_REVIEW_SECOND,
	NOTICE_TICKET_CLOSED,
	NOTICE_OWNER_WAITING,
	NOTICE_HOLDER_WAITING,
	NOTICE_HOLDER_VERIFIED,
	NOTICE_HOLDER_REFUSED,
	NOTICE_AUTOMATIC_BLOCKED,
	NOTICE_SUBSCRIPTION_ACTIVATED,
	NOTICE_SHARE_RECEIVED,
	NOTICE_SHARE_ENDED,
	NOTICE_SHARE_LEFT,
	NOTICE_SERVER_EXPIRES,
	NOTICE_SERVER_CHANGED,
	NOTICE_SERVER_UNREACHABLE,
	NOTICE_SERVER_BACK,
	NOTICE_SERVER_FAULTY,
	NOTICE_JOB_GIVEN_UP,
	NOTICE_KINDS
};
extern const char *const words_notice_kind[];
/* Whose switches (table of notice_settings). */
enum notice_who { NOTICE_USER, NOTICE_CONTACT };
extern const char *const words_notice_who[];
enum notice_state { NOTICE_UNREAD, NOTICE_READ };
extern const char *const words_notice_state[];

/* Whose form a webhook's messages have, and how they are signed. */
enum webhook_type { WEBHOOK_GENERIC, WEBHOOK_DINGTALK, WEBHOOK_WECOM, WEBHOOK_LARK, WEBHOOK_SLACK };
extern const char *const words_webhook_type[];
/* Dropped: when its turn came it was switched off. */
enum webhook_state { WEBHOOK_WAITING, WEBHOOK_DELIVERED, WEBHOOK_GIVEN_UP, WEBHOOK_DROPPED };
extern const char *const words_webhook_state[];

/* What is spoken before TLS; the numbers are those of net's enum starttls. */
extern const char *const words_starttls[];

/* A search of the network for servers. */
enum scan_state { SCAN_WAITING, SCAN_RUNNING, SCAN_FINISHED, SCAN_STOPPED };
extern const char *const words_scan_state[];

/* What a person sees of a server: the first that holds. Rows hold it without what time does (host.verdict). */
enum host_status {
	HOST_UNSEEN,
	HOST_REVOKED,
	HOST_EXPIRED,
	HOST_UNTRUSTED,
	HOST_WRONG_NAME,
	HOST_FAULTY,
	HOST_ABOUT_TO_EXPIRE,
	HOST_GOOD,
};
extern const char *const words_host_status[];

/* What happened to a server that is watched. */
enum monitor_event {
	EVENT_FIRST,
	EVENT_CHANGED,
	EVENT_UNREACHABLE,
	EVENT_BACK,
	EVENT_FAULTY,
	EVENT_GOOD,
};
extern const char *const words_monitor_event[];
