/* SPDX-License-Identifier: Apache-2.0 */
#include "model/words.h"

const char *
word_name(const char *const *words, int64_t n)
{
	for (int64_t i = 0; words[i]; i++) {
		if (i == n)
			return words[i];
	}
	return "unknown";
}

int
word_find(const char *const *words, struct str s)
{
	for (int i = 0; words[i]; i++) {
		if (str_eq_c(s, words[i]))
			return i;
	}
	return -1;
}

const char *const words_type[] = {"DV", "OV", "EV", NULL};
const char *const words_kind[] = {"single", "multi", "wildcard", "hybrid", NULL};
const char *const words_method[] = {"dns_auto", "dns", "file", "email", "internal", NULL};
const char *const words_email_source[] = {"constructed", "caa", "txt", NULL};
const char *const words_dns_need[] = {"domain", "zone", "holder", "term", NULL};
const char *const words_auto_need[] = {"zone", "holder", "term", "contact", "quota", NULL};
const char *const words_tsig_alg[] = {"hmac-sha256", "hmac-sha512", NULL};
const char *const words_key_source[] = {"generate", "csr", "stored", NULL};
const char *const words_source[] = {"official", "test", "uploaded", "shared", NULL};
const char *const words_share_grade[] = {"see", "deploy", "download", NULL};
const char *const words_share_end[] = {"none", "withdrawn", "end_date", "owner_deleted", "receiver_deleted", NULL};
const char *const words_pair_role[] = {"single", "sign", "encrypt", NULL};
const char *const words_owner_kind[] = {"individual", "enterprise", NULL};
const char *const words_ledger[] = {"top_up", "charge", "refund", NULL};
const char *const words_status[] = {"revoked", "revoking", "expired", "about_to_expire", "issued", "refunded", "closed",
	"not_activated", "failed", "verifying", "validating", "pending_application", "quota", "ended", NULL};
const char *const words_review_state[] = {"waiting", "approved", "rejected", "returned", "withdrawn", NULL};
const char *const words_call_result[] = {"confirmed", "denied", "no_answer", "other", NULL};
const char *const words_reject_reason[] = {"company_unknown", "company_differs", "licence_unreadable",
	"phone_unreachable", "contact_unknown", "name_high_risk", "no_answer", "other", NULL};
const char *const words_order_status[] = {"quota", "not_activated", "pending_application", "validating", "verifying",
	"failed", "issued", "expired", "closed", "refunded", NULL};
const char *const words_ticket_kind[] = {"merge", "reopen", "correct", "refund", "other", NULL};
const char *const words_ticket_object[] = {"nothing", "subscription", "application", "certificate", "bill", NULL};
const char *const words_ticket_act[] = {"merge", "reopen", "correct", "refund", "other", NULL};
const char *const words_work[] = {"validate", "issue", "sweep", "checkpoint", "mail", "dns_clean", "domain_auto",
	"webhook", "scan", "monitor", NULL};
const char *const words_language[] = {"en", "zh", NULL};
const char *const words_mail_kind[] = {"link", "notice", "digest", NULL};
const char *const words_mail_state[] = {"waiting", "sent", "given_up", "dropped", NULL};
const char *const words_link_purpose[] = {"user_email", "contact_email", "revocation", "application", "email_proof", NULL};
const char *const words_link_state[] = {"pending", "used", "dead", NULL};
const char *const words_notice_kind[] = {"application_proof", "proof_expires", "application_issued", "application_failed",
	"application_rejected", "review_question", "review_waiting", "review_answered", "review_overdue",
	"certificate_expires", "certificate_expires_soon", "certificate_expired", "certificate_revoked", "quota_expires",
	"quota_expired", "subscription_expires", "subscription_expired", "bill_unpaid", "bill_expired",
	"refund_deadline", "application_sent_back", "ticket_waiting", "ticket_answered", "owner_verified",
	"owner_refused", "subscription_closed", "subscription_reopened", "subscription_refunded", "subscription_merged",
	"revocation_waiting", "revocation_lapsed", "review_second", "ticket_closed", "owner_waiting", "holder_waiting",
	"holder_verified", "holder_refused", "automatic_blocked", "subscription_activated", "share_received",
	"share_ended", "share_left", "server_expires", "server_changed", "server_unreachable", "server_back",
	"server_faulty", "job_given_up", NULL};
const char *const words_starttls[] = {"none", "smtp", "imap", "pop3", "ldap", "postgresql", NULL};
const char *const words_scan_state[] = {"waiting", "running", "finished", "stopped", NULL};
const char *const words_host_status[] = {"unseen", "revoked", "expired", "untrusted", "wrong_name", "faulty",
	"about_to_expire", "good", NULL};
const char *const words_monitor_event[] = {"first", "changed", "unreachable", "back", "faulty", "good", NULL};
const char *const words_webhook_type[] = {"generic", "dingtalk", "wecom", "lark", "slack", NULL};
const char *const words_webhook_state[] = {"waiting", "delivered", "given_up", "dropped", NULL};
const char *const words_notice_who[] = {"user", "contact", NULL};
const char *const words_notice_state[] = {"unread", "read", NULL};

static const struct {
	const char *name;
	bool staff_only;
} reasons[] = {
	[REASON_UNSPECIFIED] = {"unspecified", false},
	[REASON_KEY_COMPROMISE] = {"keyCompromise", false},
	[REASON_AFFILIATION_CHANGED] = {"affiliationChanged", false},
	[REASON_SUPERSEDED] = {"superseded", false},
	[REASON_CESSATION] = {"cessationOfOperation", false},
	[REASON_PRIVILEGE_WITHDRAWN] = {"privilegeWithdrawn", true},
};

const char *
reason_name(int64_t reason)
{
	if (reason < 0 || reason >= (int64_t)ARRAY_LEN(reasons) || !reasons[reason].name)
		return "unspecified";
	return reasons[reason].name;
}

int
reason_find(struct str s, bool staff)
{
	for (int i = 0; i < (int)ARRAY_LEN(reasons); i++) {
		if (reasons[i].name && str_eq_c(s, reasons[i].name))
			return reasons[i].staff_only && !staff ? -1 : i;
	}
	return -1;
}
