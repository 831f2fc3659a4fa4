/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rand.h"
#include "service/account.h"
#include "service/svc_priv.h"

#define KEY_ID_RANDOM 20
#define SECRET_LEN 40

struct act {
	struct svc *s;
	const struct caller *c;
	const struct page *page;
	int64_t user, id;
	struct arena *a;
	struct str key_id;
	uint8_t secret_hash[32];
	struct seal_name seal;
	struct blob sealed;
	struct row_access_key row, *rows;
	size_t n;
};

static struct str
random_text(struct arena *a, const char *prefix, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	size_t head = strlen(prefix);
	char *out = arena_alloc(a, head + n + 1);

	memcpy(out, prefix, head);
	for (size_t i = 0; i < n; i++)
		out[head + i] = digits[rand_below(sizeof(digits) - 1)];
	return (struct str){out, head + n};
}

static int
create_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct row_users user;
	int r = q_users_get(tx, t->c->account, t->user, tx->arena, &user, e);

	if (r == 0)
		return not_found(e, "user", t->user);
	if (r > 0)
		r = q_access_key_insert(tx,
			&(struct in_access_key_insert){.account = t->c->account, .user_id = t->user,
				.key_id = t->key_id, .secret_sha256 = BLOB(t->secret_hash, 32),
				.seal_id = BLOB(t->seal.id, 16), .sealed = t->sealed, .now = tx->now_ms},
			&t->id, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "access_key.create", "access-keys", t->id,
			detail_kv(tx->arena, "key_id", t->key_id), e);
	if (r >= 0)
		r = q_access_key_by_key(tx, t->key_id, t->a, &t->row, e);
	return MIN(r, 0);
}

int
access_key_create(struct svc *s, const struct caller *c, int64_t user, struct arena *a, struct row_access_key *ret,
	struct str *ret_secret, struct err *e)
{
	struct act t = {.s = s, .c = c, .user = user ? user : c->user, .a = a};
	struct str secret = random_text(a, "", SECRET_LEN);
	int r;

	if (t.user != c->user && !role_has(c->role, RIGHT_MANAGE))
		return err_set(e, E_FORBIDDEN, "only an owner may make access keys for others");
	t.key_id = random_text(a, "LTAI", KEY_ID_RANDOM);
	digest_sha256(blob_of(secret), t.secret_hash);
	/* Bearer use compares the hash; doors that sign requests (HMAC) will have the signer open the sealed one. */
	r = signer_seal(s->conf.signer, c->account, blob_of(secret), a, &t.seal, &t.sealed, e);
	if (r == 0)
		r = svc_write(s, create_body, &t, e);
	if (r < 0)
		return r;
	*ret = t.row;
	*ret_secret = secret;
	return 0;
}

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;

	return q_access_key_list(tx, t->c->account, t->page->cursor, t->page->limit + 1, t->a, &t->rows, &t->n, e);
}

int
access_key_show_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a,
	struct row_access_key **ret, size_t *ret_n, bool *ret_more, struct err *e)
{
	struct act t = {.s = s, .c = c, .page = page, .a = a};
	int r = svc_read(s, list_body, &t, e);

	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.rows;
	*ret_n = t.n;
	return 0;
}

static int
remove_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = q_access_key_delete(tx, t->c->account, t->id, e);

	if (r == 0)
		return not_found(e, "access key", t->id);
	return r < 0 ? r
		     : audit_add(tx, t->s, t->c, "access_key.remove", "access-keys", t->id, (struct str){NULL, 0}, e);
}

int
access_key_remove(struct svc *s, const struct caller *c, int64_t id, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id};

	return svc_write(s, remove_body, &t, e);
}
