/* SPDX-License-Identifier: Apache-2.0 */
#include "model/state.h"

#define MACHINE(noun_, table)                                                                      \
	{                                                                                          \
		.noun = (noun_), .n = ARRAY_LEN(table), .states = (table)                          \
	}
#define WHO_USER SM_USER
#define WHO_BOTH (SM_USER | SM_STAFF)

static const struct sm_state subscription[] = {
	[SUBSCRIPTION_UNASSIGNED] = {"unassigned",
		{{SUBSCRIPTION_ASSIGNED, SM_USER | SM_SYSTEM, "create"},
			{SUBSCRIPTION_NOT_ACTIVATED, SM_SYSTEM, "predecessor has more than 30 days"},
			{SUBSCRIPTION_MERGED, WHO_BOTH, "merge"},
			{SUBSCRIPTION_EXPIRED, SM_SYSTEM, "window over"},
			{SUBSCRIPTION_REFUNDED, WHO_BOTH, "request"},
			{SUBSCRIPTION_CLOSED, WHO_USER, "close"}},
		NULL, 0},
	[SUBSCRIPTION_NOT_ACTIVATED] = {"not_activated",
		{{SUBSCRIPTION_ASSIGNED, SM_SYSTEM, "timer"}, {SUBSCRIPTION_EXPIRED, SM_SYSTEM, "window over"},
			{SUBSCRIPTION_REFUNDED, WHO_BOTH, "request"},
			{SUBSCRIPTION_CLOSED, WHO_USER, "close"}},
		NULL, 0},
	[SUBSCRIPTION_ASSIGNED] = {"assigned",
		{{SUBSCRIPTION_ACTIVE, SM_SYSTEM, "first issue"},
			{SUBSCRIPTION_UNASSIGNED, SM_USER | SM_SYSTEM, "application deleted"},
			{SUBSCRIPTION_EXPIRED, SM_SYSTEM, "window over"},
			{SUBSCRIPTION_REFUNDED, WHO_BOTH, "request"},
			{SUBSCRIPTION_CLOSED, WHO_USER, "close"}},
		NULL, 0},
	[SUBSCRIPTION_ACTIVE] = {"active",
		{{SUBSCRIPTION_EXPIRED, SM_SYSTEM, "paid until"},
			{SUBSCRIPTION_REFUNDED, SM_SYSTEM | SM_STAFF, "all certificates revoked in time"}},
		NULL, 0},
	[SUBSCRIPTION_EXPIRED] = {"expired", {{0, 0, NULL}}, NULL, 0},
	[SUBSCRIPTION_MERGED] = {"merged", {{0, 0, NULL}}, NULL, 0},
	[SUBSCRIPTION_REFUNDED] = {"refunded", {{0, 0, NULL}}, NULL, 0},
	[SUBSCRIPTION_CLOSED] = {"closed",
		{{SUBSCRIPTION_REFUNDED, WHO_BOTH, "request"}, {SUBSCRIPTION_UNASSIGNED, SM_STAFF, "re-open"},
			{SUBSCRIPTION_ASSIGNED, SM_STAFF, "re-open"},
			{SUBSCRIPTION_NOT_ACTIVATED, SM_STAFF, "re-open"}},
		NULL, 0},
};
const struct sm sm_subscription = MACHINE("subscription", subscription);

static const struct sm_state bill[] = {
	[BILL_UNPAID] = {"unpaid",
		{{BILL_PAID, SM_USER | SM_SYSTEM, "charge"}, {BILL_CANCELLED, WHO_BOTH, "cancel"},
			{BILL_EXPIRED, SM_SYSTEM, "timeout"}},
		"bill-timeout", BILL_EXPIRED},
	[BILL_PAID] = {"paid",
		{{BILL_PARTLY_REFUNDED, SM_SYSTEM, "refund"}, {BILL_REFUNDED, SM_SYSTEM, "refund"}}, NULL, 0},
	[BILL_CANCELLED] = {"cancelled", {{0, 0, NULL}}, NULL, 0},
	[BILL_EXPIRED] = {"expired", {{0, 0, NULL}}, NULL, 0},
	[BILL_PARTLY_REFUNDED] = {"partly_refunded", {{BILL_REFUNDED, SM_SYSTEM, "refund"}}, NULL, 0},
	[BILL_REFUNDED] = {"refunded", {{0, 0, NULL}}, NULL, 0},
};
const struct sm sm_bill = MACHINE("bill", bill);

static const struct sm_state application[] = {
	[APPLICATION_DRAFT] = {"draft",
		{{APPLICATION_VALIDATING, SM_USER | SM_SYSTEM, "submit"},
			{APPLICATION_DELETED, WHO_USER, "delete"}, {APPLICATION_CLOSED, SM_USER | SM_SYSTEM, "close"}},
		NULL, 0},
	[APPLICATION_VALIDATING] = {"validating",
		{{APPLICATION_READY, SM_SYSTEM, "ACME: proofs complete"},
			{APPLICATION_REVIEWING, SM_SYSTEM, "proofs complete"},
			{APPLICATION_FAILED, SM_SYSTEM, "timeout"}, {APPLICATION_CANCELLED, WHO_USER, "withdraw"},
			{APPLICATION_DRAFT, SM_STAFF, "correction"}, {APPLICATION_CLOSED, SM_USER | SM_SYSTEM, "close"}},
		"validating-timeout", APPLICATION_FAILED},
	[APPLICATION_READY] = {"ready",
		{{APPLICATION_REVIEWING, SM_USER | SM_SYSTEM, "finalize"},
			{APPLICATION_FAILED, SM_SYSTEM, "timeout"}},
		"validating-timeout", APPLICATION_FAILED},
	[APPLICATION_REVIEWING] = {"reviewing",
		{{APPLICATION_ISSUING, SM_SYSTEM | SM_STAFF, "approve"},
			{APPLICATION_FAILED, SM_SYSTEM | SM_STAFF, "reject"},
			{APPLICATION_CANCELLED, WHO_USER, "withdraw"},
			{APPLICATION_DRAFT, SM_STAFF, "correction"},
			{APPLICATION_VALIDATING, SM_SYSTEM, "a proof expired"},
			{APPLICATION_CLOSED, SM_USER | SM_SYSTEM, "close"}},
		"reviewing-reminder", APPLICATION_REVIEWING},
	[APPLICATION_ISSUING] = {"issuing",
		{{APPLICATION_ISSUED, SM_SYSTEM, "certificate durable"},
			{APPLICATION_FAILED, SM_SYSTEM, "refused"}},
		"issuing-timeout", APPLICATION_FAILED},
	[APPLICATION_ISSUED] = {"issued", {{0, 0, NULL}}, NULL, 0},
	[APPLICATION_FAILED] = {"failed",
		{{APPLICATION_DRAFT, WHO_USER, "edit"}, {APPLICATION_DELETED, WHO_USER, "delete"},
			{APPLICATION_CLOSED, SM_USER | SM_SYSTEM, "close"}},
		NULL, 0},
	[APPLICATION_CANCELLED] = {"cancelled",
		{{APPLICATION_DRAFT, WHO_USER, "edit"}, {APPLICATION_DELETED, WHO_USER, "delete"},
			{APPLICATION_CLOSED, SM_USER | SM_SYSTEM, "close"}},
		NULL, 0},
	[APPLICATION_CLOSED] = {"closed",
		{{APPLICATION_DRAFT, SM_STAFF, "re-open"}, {APPLICATION_VALIDATING, SM_STAFF, "re-open"}},
		NULL, 0},
	[APPLICATION_DELETED] = {"deleted", {{0, 0, NULL}}, NULL, 0},
};
const struct sm sm_application = MACHINE("application", application);

static const struct sm_state authz[] = {
	[AUTHZ_PENDING] = {"pending",
		{{AUTHZ_VALID, SM_SYSTEM, "proof seen"}, {AUTHZ_INVALID, SM_SYSTEM, "ACME: challenge failed"},
			{AUTHZ_EXPIRED, SM_SYSTEM, "token over"},
			{AUTHZ_DEACTIVATED, SM_USER | SM_SYSTEM, "deactivate"}},
		"token-life", AUTHZ_EXPIRED},
	[AUTHZ_VALID] = {"valid",
		{{AUTHZ_EXPIRED, SM_SYSTEM, "reuse window over"},
			{AUTHZ_DEACTIVATED, SM_USER | SM_SYSTEM, "deactivate"},
			{AUTHZ_REVOKED, SM_STAFF | SM_SYSTEM, "revoke"}},
		"domain-reuse", AUTHZ_EXPIRED},
	[AUTHZ_INVALID] = {"invalid", {{0, 0, NULL}}, NULL, 0},
	[AUTHZ_EXPIRED] = {"expired", {{0, 0, NULL}}, NULL, 0},
	[AUTHZ_DEACTIVATED] = {"deactivated", {{0, 0, NULL}}, NULL, 0},
	[AUTHZ_REVOKED] = {"revoked", {{0, 0, NULL}}, NULL, 0},
};
const struct sm sm_authz = MACHINE("authorization", authz);

static const struct sm_state certificate[] = {
	[CERTIFICATE_RESERVED] = {"reserved",
		{{CERTIFICATE_ISSUED, SM_SYSTEM, "signed and durable"}, {CERTIFICATE_VOID, SM_SYSTEM, "not finished"}},
		"recovery-window", CERTIFICATE_VOID},
	[CERTIFICATE_ISSUED] = {"issued",
		{{CERTIFICATE_CONFIRMING, SM_USER, "OV, EV: mail sent"},
			{CERTIFICATE_REVOKING, SM_USER | SM_STAFF | SM_SYSTEM, "revoke"},
			{CERTIFICATE_DELETED, WHO_USER, "expired"},
			{CERTIFICATE_ENDED, SM_SYSTEM, "a copy, its share ended"}},
		NULL, 0},
	[CERTIFICATE_CONFIRMING] = {"confirming",
		{{CERTIFICATE_REVOKING, SM_USER | SM_STAFF | SM_SYSTEM, "link used, or no longer needed"},
			{CERTIFICATE_ISSUED, SM_USER | SM_SYSTEM, "withdrawn or lapsed"},
			{CERTIFICATE_ENDED, SM_SYSTEM, "a copy, its share ended"}},
		"confirming-timeout", CERTIFICATE_ISSUED},
	[CERTIFICATE_REVOKING] = {"revoking",
		{{CERTIFICATE_REVOKED, SM_SYSTEM, "in the issuer's list"},
			{CERTIFICATE_ENDED, SM_SYSTEM, "a copy, its share ended"}},
		"revoking-reminder", CERTIFICATE_REVOKING},
	[CERTIFICATE_REVOKED] = {"revoked",
		{{CERTIFICATE_DELETED, WHO_USER, "delete"}, {CERTIFICATE_ENDED, SM_SYSTEM, "a copy, its share ended"}},
		NULL, 0},
	[CERTIFICATE_UPLOADED] = {"uploaded", {{CERTIFICATE_DELETED, WHO_USER, "delete"}}, NULL, 0},
	[CERTIFICATE_VOID] = {"void", {{0, 0, NULL}}, NULL, 0},
	[CERTIFICATE_DELETED] = {"deleted", {{0, 0, NULL}}, NULL, 0},
	[CERTIFICATE_ENDED] = {"ended", {{CERTIFICATE_DELETED, WHO_USER, "delete"}}, NULL, 0},
};
const struct sm sm_certificate = MACHINE("certificate", certificate);

static const struct sm_state share[] = {
	[SHARE_ACTIVE] = {"active", {{SHARE_ENDED, SM_USER | SM_SYSTEM, "withdrawn, end date or deletion"}}, NULL, 0},
	[SHARE_ENDED] = {"ended", {{0, 0, NULL}}, NULL, 0},
};
const struct sm sm_share = MACHINE("share", share);

static const struct sm_state copy[] = {
	[COPY_ACTIVE] = {"active",
		{{COPY_ENDED, SM_SYSTEM, "share ended"}, {COPY_DELETED, WHO_USER, "delete"}}, NULL, 0},
	[COPY_ENDED] = {"ended", {{COPY_DELETED, WHO_USER, "delete"}}, NULL, 0},
	[COPY_DELETED] = {"deleted", {{0, 0, NULL}}, NULL, 0},
};
const struct sm sm_copy = MACHINE("copy", copy);

static const struct sm_state hosting[] = {
	[HOSTING_OFF] = {"off",
		{{HOSTING_ARMED, WHO_USER, "switch on"}, {HOSTING_WAITING_DATA, WHO_USER, "switch on, uploaded"}},
		NULL, 0},
	[HOSTING_WAITING_DATA] = {"waiting_data",
		{{HOSTING_ARMED, WHO_USER, "data given"}, {HOSTING_OFF, SM_USER | SM_SYSTEM, "switch off"}}, NULL, 0},
	[HOSTING_ARMED] = {"armed",
		{{HOSTING_APPLYING, SM_SYSTEM, "renewal due"}, {HOSTING_OFF, SM_USER | SM_SYSTEM, "switch off"}},
		NULL, 0},
	[HOSTING_APPLYING] = {"applying",
		{{HOSTING_DEPLOYING, SM_SYSTEM, "issued"}, {HOSTING_BLOCKED, SM_SYSTEM, "reason"},
			{HOSTING_OFF, SM_USER | SM_SYSTEM, "switch off"}},
		NULL, 0},
	[HOSTING_DEPLOYING] = {"deploying",
		{{HOSTING_ARMED, SM_SYSTEM, "seen; the mark moves on"}, {HOSTING_BLOCKED, SM_SYSTEM, "reason"},
			{HOSTING_OFF, SM_USER | SM_SYSTEM, "switch off"}},
		NULL, 0},
	[HOSTING_BLOCKED] = {"blocked",
		{{HOSTING_APPLYING, SM_USER | SM_SYSTEM, "cured"}, {HOSTING_OFF, SM_USER | SM_SYSTEM, "switch off"}},
		NULL, 0},
};
const struct sm sm_hosting = MACHINE("hosting", hosting);

static const struct sm_state deploy[] = {
	[DEPLOY_EDITING] = {"editing", {{DEPLOY_PENDING, WHO_USER, "submit"}}, NULL, 0},
	[DEPLOY_PENDING] = {"pending",
		{{DEPLOY_PROCESSING, SM_SYSTEM, "due"}, {DEPLOY_EDITING, WHO_USER, "take back"}}, NULL, 0},
	[DEPLOY_PROCESSING] = {"processing",
		{{DEPLOY_SUCCESS, SM_SYSTEM, "all tasks"}, {DEPLOY_ERROR, SM_SYSTEM, "any task"}}, NULL, 0},
	[DEPLOY_SUCCESS] = {"success", {{0, 0, NULL}}, NULL, 0},
	[DEPLOY_ERROR] = {"error", {{0, 0, NULL}}, NULL, 0},
};
const struct sm sm_deploy = MACHINE("deployment job", deploy);

static const struct sm_state task[] = {
	[TASK_PENDING] = {"pending",
		{{TASK_PROCESSING, SM_SYSTEM, "lease taken"}, {TASK_ERROR, SM_SYSTEM, "certificate ended"}}, NULL, 0},
	[TASK_PROCESSING] = {"processing",
		{{TASK_SUCCESS, SM_SYSTEM, "seen as served"}, {TASK_ERROR, SM_SYSTEM, "third time"},
			{TASK_PENDING, SM_SYSTEM, "lease over"}},
		"lease", TASK_PENDING},
	[TASK_SUCCESS] = {"success", {{TASK_ROLLBACK, SM_USER | SM_SYSTEM, "roll back"}}, NULL, 0},
	[TASK_ERROR] = {"error",
		{{TASK_PENDING, WHO_USER, "retry"}, {TASK_ROLLBACK, SM_USER | SM_SYSTEM, "roll back"}}, NULL, 0},
	[TASK_ROLLBACK] = {"rollback",
		{{TASK_ROLLBACK_SUCCESS, SM_SYSTEM, "seen as served"}, {TASK_ROLLBACK_ERROR, SM_SYSTEM, "failed"}},
		NULL, 0},
	[TASK_ROLLBACK_SUCCESS] = {"rollback_success", {{0, 0, NULL}}, NULL, 0},
	[TASK_ROLLBACK_ERROR] = {"rollback_error", {{0, 0, NULL}}, NULL, 0},
};
const struct sm sm_task = MACHINE("task", task);

static const struct sm_state owner[] = {
	[OWNER_UNVERIFIED] = {"unverified", {{OWNER_PENDING, WHO_USER, "submit"}}, NULL, 0},
	[OWNER_PENDING] = {"pending",
		{{OWNER_VERIFIED, SM_STAFF, "verify"}, {OWNER_REFUSED, SM_STAFF, "refuse"}}, NULL, 0},
	[OWNER_VERIFIED] = {"verified", {{OWNER_UNVERIFIED, WHO_USER, "edit"}}, NULL, 0},
	[OWNER_REFUSED] = {"refused", {{OWNER_PENDING, WHO_USER, "submit again"}}, NULL, 0},
};
const struct sm sm_owner = MACHINE("owner", owner);

static const struct sm_state ticket[] = {
	[TICKET_OPEN] = {"open", {{TICKET_ANSWERED, SM_STAFF, "answer"}, {TICKET_CLOSED, WHO_BOTH, "close"}}, NULL, 0},
	[TICKET_ANSWERED] = {"answered",
		{{TICKET_OPEN, WHO_USER, "reply"}, {TICKET_CLOSED, WHO_BOTH, "close"}}, NULL, 0},
	[TICKET_CLOSED] = {"closed", {{0, 0, NULL}}, NULL, 0},
};
const struct sm sm_ticket = MACHINE("ticket", ticket);

static const struct sm_state dns_change[] = {
	[DNS_CHANGE_PLANNED] = {"planned",
		{{DNS_CHANGE_ADDING, SM_SYSTEM, "about to be sent"}, {DNS_CHANGE_REMOVED, SM_SYSTEM, "not wanted"}},
		NULL, 0},
	[DNS_CHANGE_ADDING] = {"adding",
		{{DNS_CHANGE_PRESENT, SM_SYSTEM, "the server took it"},
			{DNS_CHANGE_REMOVING, SM_SYSTEM, "not wanted any more"}},
		NULL, 0},
	[DNS_CHANGE_PRESENT] = {"present",
		{{DNS_CHANGE_ADDING, SM_SYSTEM, "the server has lost it"},
			{DNS_CHANGE_REMOVING, SM_SYSTEM, "not wanted any more"}},
		NULL, 0},
	[DNS_CHANGE_REMOVING] = {"removing", {{DNS_CHANGE_REMOVED, SM_SYSTEM, "the server removed it"}}, NULL, 0},
	[DNS_CHANGE_REMOVED] = {"removed",
		{{DNS_CHANGE_PLANNED, SM_SYSTEM, "wanted again"},
			{DNS_CHANGE_REMOVING, SM_SYSTEM, "an add came late"}},
		NULL, 0},
};
const struct sm sm_dns_change = MACHINE("DNS change", dns_change);

static const struct sm_state work[] = {
	[WORK_WAITING] = {"waiting", {{WORK_RUNNING, SM_SYSTEM, "lease taken"}}, NULL, 0},
	[WORK_RUNNING] = {"running",
		{{WORK_DONE, SM_SYSTEM, "done"}, {WORK_WAITING, SM_SYSTEM, "lease over or again later"},
			{WORK_GIVEN_UP, SM_SYSTEM, "too many attempts"}},
		"lease", WORK_WAITING},
	[WORK_DONE] = {"done", {{0, 0, NULL}}, NULL, 0},
	[WORK_GIVEN_UP] = {"given_up", {{0, 0, NULL}}, NULL, 0},
};
const struct sm sm_work = MACHINE("job", work);

const struct sm *const sm_all[] = {&sm_subscription, &sm_bill, &sm_application, &sm_authz, &sm_certificate,
	&sm_share, &sm_copy, &sm_hosting, &sm_deploy, &sm_task, &sm_owner, &sm_ticket, &sm_work, &sm_dns_change, NULL};
