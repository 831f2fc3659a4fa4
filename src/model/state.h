/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The states of everything that lives through some (SPEC section 2). The numbers are stored: they never change, new ones
 * go to the end. Who may move what is in the tables (state.c); docs/develop/states.md is drawn from them.
 */
#pragma once

#include "base/sm.h"

enum subscription_state {
	SUBSCRIPTION_UNASSIGNED,
	SUBSCRIPTION_NOT_ACTIVATED,
	SUBSCRIPTION_ASSIGNED,
	SUBSCRIPTION_ACTIVE,
	SUBSCRIPTION_EXPIRED,
	SUBSCRIPTION_MERGED,
	SUBSCRIPTION_REFUNDED,
	SUBSCRIPTION_CLOSED,
	SUBSCRIPTION_STATES
};
extern const struct sm sm_subscription;

enum bill_state {
	BILL_UNPAID,
	BILL_PAID,
	BILL_CANCELLED,
	BILL_EXPIRED,
	BILL_PARTLY_REFUNDED,
	BILL_REFUNDED,
	BILL_STATES
};
extern const struct sm sm_bill;

/* Those below APPLICATION_ISSUED are open: a subscription has at most one such (index application_open). */
enum application_state {
	APPLICATION_DRAFT,
	APPLICATION_VALIDATING,
	APPLICATION_READY,
	APPLICATION_REVIEWING,
	APPLICATION_ISSUING,
	APPLICATION_ISSUED,
	APPLICATION_FAILED,
	APPLICATION_CANCELLED,
	APPLICATION_CLOSED,
	APPLICATION_DELETED,
	APPLICATION_STATES
};
extern const struct sm sm_application;

enum authz_state {
	AUTHZ_PENDING,
	AUTHZ_VALID,
	AUTHZ_INVALID,
	AUTHZ_EXPIRED,
	AUTHZ_DEACTIVATED,
	AUTHZ_REVOKED,
	AUTHZ_STATES
};
extern const struct sm sm_authz;

/* RESERVED (0) and VOID (6) are named by number in partial indexes of the schema. A shared copy repeats the
 * state of its original, until it is ENDED. */
enum certificate_state {
	CERTIFICATE_RESERVED,
	CERTIFICATE_ISSUED,
	CERTIFICATE_CONFIRMING,
	CERTIFICATE_REVOKING,
	CERTIFICATE_REVOKED,
	CERTIFICATE_UPLOADED,
	CERTIFICATE_VOID,
	CERTIFICATE_DELETED,
	CERTIFICATE_ENDED,
	CERTIFICATE_STATES
};
extern const struct sm sm_certificate;

enum share_state { SHARE_ACTIVE, SHARE_ENDED, SHARE_STATES };
extern const struct sm sm_share;

enum copy_state { COPY_ACTIVE, COPY_ENDED, COPY_DELETED, COPY_STATES };
extern const struct sm sm_copy;

enum hosting_state {
	HOSTING_OFF,
	HOSTING_WAITING_DATA,
	HOSTING_ARMED,
	HOSTING_APPLYING,
	HOSTING_DEPLOYING,
	HOSTING_BLOCKED,
	HOSTING_STATES
};
extern const struct sm sm_hosting;

/* A deployment order. */
enum deploy_state {
	DEPLOY_EDITING,
	DEPLOY_PENDING,
	DEPLOY_PROCESSING,
	DEPLOY_SUCCESS,
	DEPLOY_ERROR,
	DEPLOY_STATES
};
extern const struct sm sm_deploy;

enum task_state {
	TASK_PENDING,
	TASK_PROCESSING,
	TASK_SUCCESS,
	TASK_ERROR,
	TASK_ROLLBACK,
	TASK_ROLLBACK_SUCCESS,
	TASK_ROLLBACK_ERROR,
	TASK_STATES
};
extern const struct sm sm_task;

/* The owner of an account and the holder of a domain. */
enum owner_state { OWNER_UNVERIFIED, OWNER_PENDING, OWNER_VERIFIED, OWNER_REFUSED, OWNER_STATES };
extern const struct sm sm_owner;

enum ticket_state { TICKET_OPEN, TICKET_ANSWERED, TICKET_CLOSED, TICKET_STATES };
extern const struct sm sm_ticket;

/* A record that the service puts into a zone. Those below DNS_CHANGE_REMOVED may stand there (index dns_change_open). */
enum dns_change_state {
	DNS_CHANGE_PLANNED,
	DNS_CHANGE_ADDING,
	DNS_CHANGE_PRESENT,
	DNS_CHANGE_REMOVING,
	DNS_CHANGE_REMOVED,
	DNS_CHANGE_STATES
};
extern const struct sm sm_dns_change;

/* Long work of the service itself (table job). Those below WORK_DONE are alive (index job_once). */
enum work_state { WORK_WAITING, WORK_RUNNING, WORK_DONE, WORK_GIVEN_UP, WORK_STATES };
extern const struct sm sm_work;

/* All machines, NULL-terminated: for the diagrams and the tests. */
extern const struct sm *const sm_all[];
