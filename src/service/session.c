/* SPDX-License-Identifier: Apache-2.0 */
/* Sign-in with throttling, and what the doors check at every request. */
#include "base/b64.h"
#include "base/rand.h"
#include "crypto/password.h"
#include "service/account.h"
#include "service/svc_priv.h"
#include "service/throttle.h"

#define TOKEN_BYTES 32
#define USE_TOLD_MS (5 * MS_MINUTE) /* a session's last use is known to this */
/* A well-formed hash that fits no password: unknown users cost the same time as known ones. */
static const char no_hash[] = "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7";

static const char wrong[] = "account, user or password is wrong";

struct enter {
	struct svc *s;
	const struct sign_in *in;
	struct str peer;
	struct arena *a;
	struct row_account account;
	struct row_users user;
	bool known;
	struct str throttle[2]; /* by name, by address */
	int64_t wait_ms;
	uint8_t token_hash[32];
	int64_t expires_ms;
};

static int
look_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct enter *t = arg;
	int r;

	t->known = false;
	t->wait_ms = 0;
	for (size_t i = 0; i < ARRAY_LEN(t->throttle); i++) {
		int64_t wait;

		r = throttle_wait(tx, t->throttle[i], &wait, e);
		if (r < 0)
			return r;
		t->wait_ms = MAX(t->wait_ms, wait);
	}
	r = q_account_by_name(tx, t->in->site, t->in->account, t->a, &t->account, e);
	if (r > 0)
		r = q_users_by_name(tx, t->account.id, t->in->user, t->a, &t->user, e);
	t->known = r > 0 && !t->user.disabled;
	return MIN(r, 0);
}

static int
fail_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct enter *t = arg;
	struct caller c = {.account = t->known ? t->account.id : 0, .peer = t->peer};

	for (size_t i = 0; i < ARRAY_LEN(t->throttle); i++) {
		/* an address may be that of a whole company */
		int64_t tries = policy_value(i == 0 ? "sign-in-tries" : "sign-in-address-tries", tx->now_ms);
		int r = throttle_fail(tx, t->throttle[i], tries, e);

		if (r < 0)
			return r;
	}
	return audit_add(tx, t->s, &c, "session.refused", "users", t->known ? t->user.id : 0,
		detail_2kv(tx->arena, "user", t->in->user, "peer", t->peer), e);
}

/* It ends without use, and at the latest some hours after the sign-in. */
static int64_t
session_until(int64_t created_ms, int64_t now_ms)
{
	return MIN(created_ms + policy_value("session-life", now_ms), now_ms + policy_value("session-idle", now_ms));
}

static int
open_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct enter *t = arg;
	struct caller c = {.account = t->account.id, .user = t->user.id, .peer = t->peer};
	int r = q_users_hold(tx, t->account.id, t->user.id, t->user.password_hash, e);

	/* While the password was checked it was changed, which has ended all sessions. */
	if (r == 0)
		return err_set(e, E_SIGN_IN_FAILED, "%s", wrong);
	if (r > 0)
		r = q_throttle_clear(tx, t->throttle[0], e);
	t->expires_ms = tx->now_ms + policy_value("session-life", tx->now_ms);
	if (r >= 0)
		r = q_session_insert(tx, BLOB(t->token_hash, 32), t->account.id, t->user.id, tx->now_ms,
			session_until(tx->now_ms, tx->now_ms), e);
	return r < 0 ? r
		     : audit_add(tx, t->s, &c, "session.open", "users", t->user.id,
			       detail_kv(tx->arena, "peer", t->peer), e);
}

int
session_open(struct svc *s, struct str peer, const struct sign_in *in, struct arena *a, struct caller *ret,
	struct str *ret_token, int64_t *ret_expires_ms, struct err *e)
{
	struct enter t = {.s = s, .in = in, .peer = peer, .a = a};
	uint8_t token[TOKEN_BYTES];
	bool right;
	int r;

	t.throttle[0] = arena_printf(a, "user %.*s/%.*s/%.*s", STRF(in->site), STRF(in->account), STRF(in->user));
	t.throttle[1] = arena_printf(a, "peer %.*s", STRF(peer));
	r = svc_read(s, look_body, &t, e);
	if (r < 0)
		return r;
	if (t.wait_ms) {
		r = err_set(e, E_SIGN_IN_THROTTLED, "too many failed sign-ins; the next is possible in %lld s",
			(long long)(t.wait_ms / 1000 + 1));
		e->retry_after_s = (int)(t.wait_ms / 1000) + 1;
		return r;
	}
	right = password_check(in->password, t.known ? t.user.password_hash : str_c(no_hash)) && t.known;
	if (!right) {
		r = svc_write(s, fail_body, &t, e);
		return r < 0 ? r : err_set(e, E_SIGN_IN_FAILED, "%s", wrong);
	}
	rand_bytes(token, sizeof(token));
	*ret_token = b64url_encode(a, BLOB(token, sizeof(token)));
	digest_sha256(blob_of(*ret_token), t.token_hash);
	r = svc_write(s, open_body, &t, e);
	if (r < 0)
		return r;
	*ret = (struct caller){t.account.id, t.user.id, (enum role)t.user.role, t.account.operator!= 0, peer, NULL};
	*ret_expires_ms = t.expires_ms;
	return 0;
}

/* -- checks at every request */

struct check {
	uint8_t hash[32];
	struct str key_id;
	struct arena *a;
	struct row_session session;
	struct row_access_key key;
	struct row_account account;
	int64_t until_ms; /* when the session ends if it is not used again */
	bool found;
};

static int
session_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct check *t = arg;
	int r = q_session_get(tx, BLOB(t->hash, 32), t->a, &t->session, e);

	t->found = r > 0 && !t->session.disabled && t->session.expires_ms > tx->now_ms;
	t->until_ms = session_until(t->session.created_ms, tx->now_ms);
	if (t->found)
		r = q_account_get(tx, t->session.account, t->a, &t->account, e);
	return MIN(r, 0);
}

static int
use_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct check *t = arg;
	int r = q_session_use(tx, t->session.account, BLOB(t->hash, 32), t->until_ms, e);

	return MIN(r, 0);
}

/* Written down now and then only: a request that reads should not write. */
static void
note_use(struct svc *s, struct check *t)
{
	ERR(e);

	/* where nothing can be written, reading goes on */
	if (t->until_ms - t->session.expires_ms >= USE_TOLD_MS && svc_write(s, use_body, t, &e) < 0)
		log_err(LOG_WARN, "session.use", &e);
}

int
session_check(struct svc *s, struct str token, struct caller *ret, struct err *e)
{
	ARENA(a);
	struct check t = {.a = &a};
	int r;

	digest_sha256(blob_of(token), t.hash);
	r = svc_read(s, session_body, &t, e);
	if (r < 0)
		return r;
	if (!t.found)
		return err_set(e, E_UNAUTHENTICATED, "the session has ended");
	note_use(s, &t);
	*ret = (struct caller){t.session.account, t.session.user_id, (enum role)t.session.role,
		t.account.operator!= 0, STR(""), NULL};
	return 0;
}

struct close {
	const struct caller *c;
	uint8_t hash[32];
};

static int
close_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct close *t = arg;
	int r = q_session_delete(tx, t->c->account, BLOB(t->hash, 32), e);

	return MIN(r, 0);
}

int
session_close(struct svc *s, const struct caller *c, struct str token, struct err *e)
{
	struct close t = {.c = c};

	digest_sha256(blob_of(token), t.hash);
	return svc_write(s, close_body, &t, e);
}

static int
key_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct check *t = arg;
	int r = q_access_key_by_key(tx, t->key_id, t->a, &t->key, e);

	t->found = r > 0 && !t->key.disabled && !t->key.user_disabled;
	if (t->found)
		r = q_account_get(tx, t->key.account, t->a, &t->account, e);
	return MIN(r, 0);
}

int
access_key_check(struct svc *s, struct str bearer, struct caller *ret, struct err *e)
{
	ARENA(a);
	struct check t = {.a = &a};
	struct str secret = bearer;
	int r;

	t.key_id = str_cut(&secret, '.');
	digest_sha256(blob_of(secret), t.hash);
	r = svc_read(s, key_body, &t, e);
	if (r < 0)
		return r;
	if (!t.found || !secret.p || !blob_eq_secret(t.key.secret_sha256, BLOB(t.hash, 32)))
		return err_set(e, E_UNAUTHENTICATED, "the access key is not valid");
	*ret = (struct caller){t.key.account, t.key.user_id, (enum role)t.key.role, t.account.operator!= 0, STR(""), NULL};
	return 0;
}
