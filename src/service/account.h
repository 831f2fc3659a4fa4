/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts, users with roles, sessions, access keys. */
#pragma once

#include "service/svc.h"
#include "store/store_sql.h"

/* -- accounts (staff) */
struct account_new {
	struct str site, name; /* "cn" or "intl" */
	enum owner_kind owner_kind;
	struct str owner_name, owner_number, currency;
	struct str user_name, user_email, user_password; /* the first owner; password {NULL,0}: a random one */
};
/* ret_password: what was set when it was random, else {NULL, 0}. Calls the password hash: password lane. */
int account_create(struct svc *s, const struct caller *c, const struct account_new *in, struct arena *a,
	struct row_account *ret, struct str *ret_password, struct err *e) CHECKED;
/* id 0 or the caller's own: itself; another's: staff only (E_NOT_FOUND otherwise). */
int account_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_account *ret, struct err *e)
	CHECKED;
int account_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a, struct row_account **ret,
	size_t *ret_n, bool *ret_more, struct err *e) CHECKED;

/* -- users of the caller's account */
struct user_new {
	struct str name, email, password; /* password {NULL,0}: a random one */
	enum role role;
};
int user_create(struct svc *s, const struct caller *c, const struct user_new *in, struct arena *a, struct row_users *ret,
	struct str *ret_password, struct err *e) CHECKED;
int user_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a, struct row_users **ret,
	size_t *ret_n, bool *ret_more, struct err *e) CHECKED;
int user_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_users *ret, struct err *e)
	CHECKED;
/* version: from If-Match (0: any). The last active owner can be neither disabled nor lowered. */
struct user_change {
	int64_t id, version;
	const enum role *role;
	const struct str *email;
	const bool *disabled;
};
int user_change(struct svc *s, const struct caller *c, const struct user_change *in, struct arena *a, struct row_users *ret,
	struct err *e) CHECKED;
/* Sets a password (own: with the old one; another's: right manage) and ends the user's sessions. */
int user_set_password(struct svc *s, const struct caller *c, int64_t id, struct str old, struct str new_password,
	struct arena *a, struct err *e) CHECKED;

/* -- sign-in. Throttled per account+user and per address; the answer is the same for unknown names and wrong passwords. */
struct sign_in {
	struct str site, account, user, password;
};
/* ret_token: 43 characters for the cookie; only its SHA-256 is stored. E_SIGN_IN_FAILED, E_SIGN_IN_THROTTLED. */
int session_open(struct svc *s, struct str peer, const struct sign_in *in, struct arena *a, struct caller *ret,
	struct str *ret_token, int64_t *ret_expires_ms, struct err *e) CHECKED;
/* A use, which puts off the end of the session (policy: session-idle) up to session-life. E_UNAUTHENTICATED. */
int session_check(struct svc *s, struct str token, struct caller *ret, struct err *e) CHECKED;
int session_close(struct svc *s, const struct caller *c, struct str token, struct err *e) CHECKED;

/* -- access keys */
/* The secret is shown here once and never again. user 0: the caller's own. */
int access_key_create(struct svc *s, const struct caller *c, int64_t user, struct arena *a, struct row_access_key *ret,
	struct str *ret_secret, struct err *e) CHECKED;
int access_key_show_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a,
	struct row_access_key **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;
int access_key_remove(struct svc *s, const struct caller *c, int64_t id, struct err *e) CHECKED;
/* bearer: "<AccessKeyId>.<AccessKeySecret>". E_UNAUTHENTICATED. */
int access_key_check(struct svc *s, struct str bearer, struct caller *ret, struct err *e) CHECKED;
