/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reference model: what SPEC says about purchases, bills, subscriptions, applications, proofs and certificates, with
 * nothing of the service inside. Each act answers which classes of result are right; where it succeeds, it moves the
 * model. Ids and instants are the service's: the caller checks and adopts them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Classes of results; several at once where an act has several faults and SPEC does not say which comes first. */
enum want {
	WANT_OK = 1,
	WANT_INPUT = 2, /* the data is wrong */
	WANT_STATE = 4, /* not now, not in this state, no quota */
	WANT_NOT_FOUND = 8, /* there is none in this account */
	WANT_MONEY = 16, /* the balance does not cover it */
};

#define M_ACCOUNTS 2
#define M_NAMES 4
#define M_NAME_LEN 48
#define M_ROWS 16384

enum m_kind { M_COMMON, M_WILDCARD };

struct m_product {
	const char *code;
	enum m_kind kind;
	int64_t price, names_max; /* for a year and name */
	bool usable; /* the play applies for it, not only buys it */
	bool ov; /* its contact confirms, a person decides */
	bool pro; /* of one brand, it merges into the hybrid */
};
extern const struct m_product m_products[];
extern const size_t m_products_n; /* of those that are sold */
#define M_HYBRID 6 /* stands behind them */

struct m_account {
	int64_t id, balance;
};

enum m_bill_state { MB_UNPAID, MB_PAID, MB_CANCELLED, MB_EXPIRED, MB_PARTLY_REFUNDED, MB_REFUNDED };
struct m_bill {
	int64_t id, amount, refunded, due, quantity, months, common, wildcards;
	int account, product, follows; /* follows: 1 + the subscription that it renews; 0: none */
	enum m_bill_state state;
};

enum m_sub_state { MS_UNASSIGNED, MS_NOT_ACTIVATED, MS_ASSIGNED, MS_ACTIVE, MS_EXPIRED, MS_MERGED, MS_REFUNDED, MS_CLOSED };
struct m_sub {
	int64_t id, price, months, common, wildcards, paid, window_end, paid_until, first_issued, activates;
	int account, product, bill, follows;
	bool merged; /* of several */
	enum m_sub_state state, before; /* before: it was closed */
};

struct m_authz {
	char name[M_NAME_LEN];
	bool asked; /* the application was submitted with it */
	bool valid;
	int token; /* which value is to be published: a new number each time */
	int64_t until; /* of the token, or of the proof when valid */
};

enum m_app_state {
	MA_DRAFT,
	MA_VALIDATING,
	MA_READY,
	MA_REVIEWING,
	MA_ISSUING,
	MA_ISSUED,
	MA_FAILED,
	MA_CANCELLED,
	MA_CLOSED,
	MA_DELETED
};
enum m_word { MW_NONE, MW_ASKED, MW_GIVEN }; /* the contact's, of OV */
struct m_app {
	int64_t id, deadline;
	int account, sub;
	enum m_app_state state, before; /* before: it was closed */
	bool sent; /* submitted once, whatever came after */
	bool addresses; /* its names are addresses, for which nothing is asked of DNS */
	bool ov;
	enum m_word word;
	int64_t word_until; /* while it is asked for */
	char word_names[M_NAMES][M_NAME_LEN]; /* what it is about */
	size_t n_word_names;
	struct m_authz names[M_NAMES];
	size_t n;
};

/* What an account has proven, and when. */
struct m_proof {
	int account;
	char name[M_NAME_LEN];
	int64_t at;
};

enum m_cert_state { MC_ISSUED, MC_CONFIRMING, MC_REVOKED, MC_DELETED };
struct m_cert {
	int64_t id, issued, revoked, not_after, confirm_until;
	int account, app, sub;
	enum m_cert_state state; /* deleted ones count as what they were: */
	bool was_revoked, replace;
};

enum m_ticket_state { MT_OPEN, MT_ANSWERED, MT_CLOSED };
struct m_ticket {
	int64_t id;
	int account;
	bool urgent;
	enum m_ticket_state state;
	int since; /* which word brought it into its state: those of all tickets are numbered */
	int words, acts;
};

/* What stands on the web server of a name. */
struct m_file {
	char name[M_NAME_LEN];
	int app, token;
};

struct model {
	struct m_account accounts[M_ACCOUNTS];
	struct m_bill bills[M_ROWS];
	struct m_sub subs[M_ROWS];
	struct m_app apps[M_ROWS];
	struct m_cert certs[M_ROWS];
	struct m_file files[M_ROWS];
	struct m_ticket tickets[M_ROWS];
	struct m_proof proofs[M_ROWS];
	size_t n_bills, n_subs, n_apps, n_certs, n_files, n_proofs, n_tickets;
	int tokens, words;
};

/* Figures of the policy that the model knows by its own reading. */
#define M_DAY INT64_C(86400000)
#define M_BILL_DUE (7 * M_DAY)
#define M_TOKEN_LIFE (7 * M_DAY)
#define M_CONFIRM (7 * M_DAY)
#define M_VALIDATING (30 * M_DAY)
#define M_SOON (30 * M_DAY)
#define M_REFUND_WINDOW (30 * M_DAY)
#define M_REFUND_UNUSED (7 * M_DAY)
#define M_WINDOW_MONTHS 12
#define M_REUSE (398 * M_DAY) /* how long a proof counts for what is applied for here: private certificates */
int64_t m_add_months(int64_t at, int64_t months);

/* -- rows of an account; -1: it has none of this id */
int m_bill_find(const struct model *m, int account, int64_t id);
int m_sub_find(const struct model *m, int account, int64_t id);
int m_app_find(const struct model *m, int account, int64_t id);
int m_cert_find(const struct model *m, int account, int64_t id);
int m_ticket_find(const struct model *m, int account, int64_t id);
bool m_app_open(const struct m_app *a);
/* The open application of a subscription, -1: none. */
int m_sub_open(const struct model *m, int sub);
int m_sub_last_issued(const struct model *m, int sub);

/* -- money */
unsigned m_top_up(struct model *m, int account, int64_t amount);
struct m_purchase {
	int account, product; /* product < 0: an unknown one */
	int follows;
	int64_t quantity, months, common, wildcards;
	bool pay;
};
unsigned m_buy(const struct model *m, const struct m_purchase *p);
int64_t m_price(const struct m_purchase *p);
/* The bill that was made; MB_UNPAID. */
int m_bill_add(struct model *m, const struct m_purchase *p, int64_t id, int64_t due);
unsigned m_pay(struct model *m, int account, int bill, int64_t now);
int m_sub_add(struct model *m, int bill, int64_t id, int64_t paid, int64_t window_end);
unsigned m_cancel_bill(struct model *m, int bill);
unsigned m_give_back(struct model *m, int sub, bool by_staff, int64_t now);
/* Until when refund() or m_give_back() may do it; 0: not any more. */
int64_t m_refundable(const struct model *m, int sub);

/* -- renewals and merges */
#define M_MERGE 3 /* as many at most */
#define M_RENEW (30 * M_DAY) /* before and after the end */
/* The one that follows it now, -1: none. */
int m_successor(const struct model *m, int sub);
bool m_may_follow(const struct model *m, int sub, int64_t now);
/* From when on what is bought now to follow it can be used; 0: at once. */
int64_t m_usable_from(const struct model *m, int sub, int64_t now);
/* follows: 0 where there is no such subscription in the account. */
unsigned m_renew(const struct model *m, const struct m_purchase *p, bool other_product, int64_t now);
/* The draft of one that is usable now: its names are those of the last certificate before it. */
int m_app_inherit(struct model *m, int sub, int64_t id);
void m_activate(struct model *m, int sub, int64_t now);
/* It has ended early: what follows it waits no longer. */
void m_wake(struct model *m, int sub);
unsigned m_merge(struct model *m, int account, const int64_t *ids, size_t n, int64_t now);

/* -- applications */
struct m_form {
	int account, product; /* product: when sub < 0 */
	int sub; /* -1: any unassigned one; -2: the id of none */
	bool addresses, bad_contact, submit;
	char names[M_NAMES][M_NAME_LEN];
	size_t n;
};
unsigned m_create(const struct model *m, const struct m_form *f);
/* The subscription may be taken for this form from quota. */
bool m_quota_fits(const struct model *m, const struct m_form *f, int sub, bool *ret_there);
int m_app_add(struct model *m, const struct m_form *f, int64_t id, int sub);
unsigned m_change(struct model *m, int app, const struct m_form *f);
unsigned m_submit(struct model *m, int app, int64_t now);
unsigned m_cancel(struct model *m, int app);
unsigned m_delete_app(struct model *m, int app);
/* A value for each name whose value or proof has ended. */
void m_ask_proofs(struct model *m, int app, int64_t now);
void m_publish(struct model *m, int app, size_t name);
/* Looks at every unproven name. WANT_STATE: not submitted. Sets the state as far as it can be told without the issuing. */
unsigned m_verify(struct model *m, int app, int64_t now);
/* The right to issue under the application's subscription stands. */
bool m_may_issue(const struct model *m, int app);
int m_issue(struct model *m, int app, int64_t id, int64_t issued, int64_t not_after, int64_t paid_until);
/* The proof of a name that was seen just now; the newest counts. */
void m_proven(struct model *m, int account, const char *name, int64_t at);
/* Every name proven by hand, as a background look would. */
void m_prove(struct model *m, int app, int64_t until);

/* -- review of OV */
/* At submission: unless the same was confirmed before. After an edit: what was said of other names is void. */
void m_ask_word(struct m_app *a, int64_t now);
void m_word_void(struct m_app *a);
/* Whether the link in the newest mail may be used; then the word is given. */
bool m_confirm(struct model *m, int app);
/* A person's yes: to issuing, or back to validating where a proof has ended. */
unsigned m_approve(struct model *m, int app, int64_t now);
unsigned m_reject(struct model *m, int app);
/* The waiting is over: the application fails, or nothing waits any more. */
void m_word_lapse(struct m_app *a, int64_t now);

/* -- orders: staff open again and send back, in the account that they name */
void m_close_app(struct m_app *a);
unsigned m_close(struct model *m, int sub);
unsigned m_reopen(struct model *m, int sub, int64_t now);
unsigned m_correct(struct model *m, int app);

/* -- tickets */
#define M_TICKETS_ALIVE 50
/* mine: it names nothing, or an order of the account */
unsigned m_ticket_open(const struct model *m, int account, bool mine);
int m_ticket_add(struct model *m, int account, int64_t id, bool urgent);
unsigned m_ticket_say(struct model *m, int ticket, bool staff);
unsigned m_ticket_close(struct model *m, int ticket);
/* What staff did is noted with a ticket that is not closed. */
unsigned m_ticket_record(struct model *m, int ticket, bool mine);
/* The one at this place of the queue of a state; -1: there is none. */
int m_ticket_at(const struct model *m, enum m_ticket_state state, size_t place);

/* -- certificates */
/* compromised: its key, which the service holds: then nobody is asked. */
unsigned m_revoke(struct model *m, int cert, int64_t now, bool replace, bool compromised);
unsigned m_withdraw_revocation(struct model *m, int cert);
/* Whether the link of the mail may be used; then it is revoked. */
bool m_confirm_revocation(struct model *m, int cert, int64_t now);
unsigned m_delete_cert(struct model *m, int cert, int64_t now);

/* -- time */
void m_sweep(struct model *m, int64_t now);
/* The next instant after `now` at which something ends; INT64_MAX: none. skip: how many of the nearest to pass over. */
int64_t m_next_end(const struct model *m, int64_t now, unsigned skip);

/* -- the overview */
struct m_overview {
	int64_t total, issued, pending, will_expire, failed, expired, quota, revoked;
};
struct m_overview m_overview(const struct model *m, int account, int64_t now);
