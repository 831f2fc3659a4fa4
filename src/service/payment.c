/* SPDX-License-Identifier: Apache-2.0 */
#include "service/payment.h"

#include "base/hex.h"
#include "base/rand.h"
#include "service/money.h"
#include "service/svc_priv.h"

#define SECRET_LEN 43
#define SECRET_MIN 32

/* -- the secret */

struct set {
	struct svc *s;
	const struct caller *c;
	struct seal_name name;
	struct blob sealed;
	int64_t id;
	struct arena *a;
	struct row_payment_secret *row;
};

static int
set_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct set *t = arg;
	int r = q_payment_secret_insert(tx, t->c->account, BLOB(t->name.id, 16), t->sealed, tx->now_ms, &t->id, e);

	if (r > 0)
		r = q_payment_secret_get(tx, t->id, t->a, t->row, e);
	return r < 0 ? r
		     : audit_add(tx, t->s, t->c, "payment_secret.set", "payment-secrets", t->id, (struct str){NULL, 0}, e);
}

static struct str
random_secret(struct arena *a)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	char *out = arena_alloc(a, SECRET_LEN + 1);

	for (size_t i = 0; i < SECRET_LEN; i++)
		out[i] = digits[rand_below(sizeof(digits) - 1)];
	return (struct str){out, SECRET_LEN};
}

int
payment_secret_set(struct svc *s, const struct caller *c, struct str given, struct arena *a,
	struct row_payment_secret *ret, struct str *ret_secret, struct err *e)
{
	struct set t = {.s = s, .c = c, .a = a, .row = ret};
	struct str secret = given.p ? given : random_secret(a);
	int r;

	if (secret.n < SECRET_MIN)
		return err_field(e, E_FIELD_LENGTH, "secret", "the secret has %zu characters; it must have %d at least",
			secret.n, SECRET_MIN);
	r = signer_seal(s->conf.signer, c->account, blob_of(secret), a, &t.name, &t.sealed, e);
	if (r == 0)
		r = svc_write(s, set_body, &t, e);
	if (r == 0)
		*ret_secret = secret;
	return r;
}

static int
secret_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct set *t = arg;
	int r = t->id ? q_payment_secret_get(tx, t->id, t->a, t->row, e) : q_payment_secret_newest(tx, t->a, t->row, e);

	if (r == 0 && !t->id)
		return err_set(e, E_PAYMENT_REFUSED, "no secret for payment callbacks is set");
	return r == 0 ? not_found(e, "payment secret", t->id) : MIN(r, 0);
}

int
payment_secret_show(struct svc *s, int64_t id, struct arena *a, struct row_payment_secret *ret, struct err *e)
{
	struct set t = {.s = s, .id = id, .a = a, .row = ret};

	return svc_read(s, secret_body, &t, e);
}

/* -- callbacks */

struct take {
	struct svc *s;
	const struct payment *in;
	struct str peer;
	struct arena *a;
	struct row_payment *row;
	bool replayed;
};

static int
check_time(struct svc *s, struct str text, struct err *e)
{
	int64_t now = svc_now(s), most = policy_value("payment-clock", now), off;
	uint64_t at;

	if (!str_u64(text, INT64_MAX / 1000, &at))
		return err_field(e, E_PAYMENT_REFUSED, "Signet-Timestamp",
			"the timestamp is no number of seconds since 1970");
	off = (int64_t)at * 1000 - now;
	if (off > most || off < -most)
		return err_field(e, E_PAYMENT_REFUSED, "Signet-Timestamp",
			"the timestamp %llu is %lld s away from the service's clock", (unsigned long long)at,
			(long long)(off / 1000));
	return 0;
}

static int
check_signature(struct svc *s, const struct payment *in, struct arena *a, struct err *e)
{
	struct row_payment_secret row;
	struct blob given, signed_text;
	struct secret *secret = NULL;
	struct seal_name name;
	uint8_t want[32];
	bool same;
	int r;

	if (!hex_decode(a, in->signature, &given) || given.n != sizeof(want))
		return err_field(e, E_PAYMENT_REFUSED, "Signet-Signature", "the signature is not 64 hexadecimal digits");
	r = payment_secret_show(s, 0, a, &row, e);
	if (r < 0)
		return r;
	name = (struct seal_name){.class = SEAL_SERVICE_SECRET, .account = row.account};
	memcpy(name.id, row.seal_id.p, sizeof(name.id));
	r = signer_open(s->conf.signer, &name, row.sealed, &secret, e);
	if (r < 0)
		return r;
	signed_text = blob_of(arena_printf(a, "%.*s.%.*s", STRF(in->timestamp), STRF(str_of(in->body))));
	digest_hmac_sha256(secret_blob(secret), signed_text, want);
	secret_free(secret);
	same = blob_eq_secret(given, BLOB(want, sizeof(want)));
	wipe(want, sizeof(want));
	if (!same)
		return err_field(e, E_PAYMENT_REFUSED, "Signet-Signature",
			"the signature does not fit timestamp and body");
	return 0;
}

static int
seen_before(const struct take *t, struct err *e)
{
	const struct row_payment *p = t->row;

	if (p->account == t->in->account && p->amount == t->in->amount)
		return 0;
	return err_field(e, E_PAYMENT_USED, "reference", "the reference \"%.*s\" belongs to another payment",
		STRF(p->reference));
}

static int
take_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct take *t = arg;
	const struct payment *in = t->in;
	struct caller c = caller_system(in->account);
	struct row_account account;
	int64_t id;
	int r = q_payment_get(tx, in->reference, t->a, t->row, e);

	t->replayed = r > 0;
	if (r != 0)
		return r < 0 ? r : seen_before(t, e);
	r = q_account_get(tx, in->account, tx->arena, &account, e);
	if (r == 0)
		return err_field(e, E_NOT_FOUND, "account", "there is no account %lld", (long long)in->account);
	if (r > 0 && in->currency.p && !str_eq(in->currency, account.currency))
		return err_field(e, E_FIELD_FORM, "currency", "account %lld is kept in %.*s, not in %.*s",
			(long long)in->account, STRF(account.currency), STRF(in->currency));
	if (r > 0)
		r = q_payment_insert(tx, in->reference, in->account, in->amount, account.currency, tx->now_ms, &id, e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "the payment \"%.*s\" is just being taken", STRF(in->reference));
	if (r > 0)
		r = money_top_up(tx, in->account, 0, in->amount,
			arena_printf(tx->arena, "payment %.*s", STRF(in->reference)), e);
	c.peer = t->peer;
	if (r == 0)
		r = audit_add(tx, t->s, &c, "account.payment", "accounts", in->account,
			detail_2kv(tx->arena, "reference", in->reference, "amount",
				arena_printf(tx->arena, "%lld", (long long)in->amount)),
			e);
	return r < 0 ? r : MIN(q_payment_get(tx, in->reference, t->a, t->row, e), 0);
}

int
payment_take(struct svc *s, struct str peer, const struct payment *in, struct arena *a, struct row_payment *ret,
	bool *ret_replayed, struct err *e)
{
	struct take t = {.s = s, .in = in, .peer = peer, .a = a, .row = ret};
	int r = check_time(s, in->timestamp, e);

	if (r == 0)
		r = check_signature(s, in, a, e);
	if (r == 0)
		r = svc_write(s, take_body, &t, e);
	if (r == 0)
		*ret_replayed = t.replayed;
	return r;
}
