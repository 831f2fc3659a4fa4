/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue, the operator's account, its administrator, and admin.json. */
#include "base/jsonw.h"
#include "crypto/password.h"
#include "os/file.h"
#include "service/account.h"
#include "service/birth.h"
#include "service/catalogue.h"

#define OPERATOR_NAME "operator"
#define ADMIN_NAME "admin"
#define ADMIN_FILE "admin.json"

struct accounts {
	struct svc *s;
	struct arena *a;
	struct row_account account;
	struct row_users admin;
	struct str hash;
	bool admin_there;
};

static int
accounts_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct accounts *t = arg;
	struct caller c = caller_system(0);
	int64_t id;
	int r = catalogue_put(tx, e);

	if (r == 0)
		r = q_meta_put(tx, STR("schema-by"), STR("signet"), e);
	if (r >= 0)
		r = q_account_operator(tx, t->a, &t->account, e);
	if (r == 0) {
		r = q_account_insert(tx,
			&(struct in_account_insert){.site = STR("intl"), .name = STR(OPERATOR_NAME), .operator= 1,
				.owner_kind = OWNER_ENTERPRISE, .owner_name = STR("operator"), .owner_number = STR(""),
				.owner_number_norm = STR(""), .currency = STR("CNY"), .now = tx->now_ms},
			&id, e);
		if (r > 0)
			r = audit_add(tx, t->s, &c, "account.create", "accounts", id, (struct str){NULL, 0}, e);
		if (r == 0)
			r = q_account_operator(tx, t->a, &t->account, e);
	}
	if (r > 0)
		r = jobs_add(tx, t->s, t->account.id, WORK_SWEEP, 1, tx->now_ms, e);
	if (r == 0)
		r = jobs_add(tx, t->s, t->account.id, WORK_CHECKPOINT, 1, tx->now_ms, e);
	return MIN(r, 0);
}

int
birth_accounts(struct svc *s, const struct birth_conf *conf, struct err *e)
{
	ARENA(a);
	struct accounts t = {.s = s, .a = &a};
	int r;

	(void)conf;
	r = svc_write(s, accounts_body, &t, e);
	if (r == 0)
		s->own_account = t.account.id;
	return r;
}

/* -- the administrator: made, or given a new password as long as nobody has got the old one (no admin.json yet) */

static int
admin_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct accounts *t = arg;
	struct caller c = caller_system(t->s->own_account);
	int64_t id = 0;
	int r = q_users_by_name(tx, t->s->own_account, STR(ADMIN_NAME), t->a, &t->admin, e);

	if (r > 0) {
		id = t->admin.id;
		r = q_users_set_password(tx, t->s->own_account, id, t->hash, tx->now_ms, e);
	} else if (r == 0) {
		r = q_users_insert(tx, t->s->own_account, STR(ADMIN_NAME), ROLE_ADMINISTRATOR, STR(""), t->hash,
			tx->now_ms, &id, e);
	}
	if (r > 0)
		r = q_access_key_delete_of_user(tx, t->s->own_account, id, e);
	if (r >= 0)
		r = audit_add(tx, t->s, &c, "user.create", "users", id, (struct str){NULL, 0}, e);
	if (r == 0)
		r = q_users_get(tx, t->s->own_account, id, t->a, &t->admin, e);
	return MIN(r, 0);
}

static struct str
admin_json(const struct birth_conf *conf, struct str password, struct str key, struct str secret, struct arena *a)
{
	BUF(b, 8192);
	struct jsonw w;
	struct str out;

	jsonw_init(&w, &b);
	jsonw_object(&w);
	jsonw_kv_c(&w, "url", conf->url);
	jsonw_kv_c(&w, "site", "intl");
	jsonw_kv_c(&w, "account", OPERATOR_NAME);
	jsonw_kv_c(&w, "user", ADMIN_NAME);
	jsonw_kv_str(&w, "password", password);
	jsonw_kv_str(&w, "AccessKeyId", key);
	jsonw_kv_str(&w, "AccessKeySecret", secret);
	jsonw_object_end(&w);
	buf_put_c(&b, "\n");
	out = arena_str(a, buf_str(&b));
	wipe(b.p, b.n);
	return out;
}

int
birth_admin_file(struct svc *s, const struct birth_conf *conf, struct err *e)
{
	ARENA(a);
	struct accounts t = {.s = s, .a = &a};
	struct caller c = caller_system(s->own_account);
	struct row_access_key key;
	struct str password, secret, json;
	int64_t start = clock_mono_ms();
	struct blob there;
	int r = file_read(conf->data_dirfd, ADMIN_FILE, 64 * 1024, &a, &there, e);

	if (r == 0 || r != E_NOT_FOUND)
		return r;
	password = password_random(&a);
	r = password_hash(password, &a, &t.hash, e);
	if (r == 0)
		r = svc_write(s, admin_body, &t, e);
	c.user = t.admin.id;
	c.operator_account = true;
	if (r == 0)
		r = access_key_create(s, &c, t.admin.id, &a, &key, &secret, e);
	if (r < 0)
		return r;
	json = admin_json(conf, password, key.key_id, secret, &a);
	r = file_write_atomic(conf->data_dirfd, ADMIN_FILE, blob_of(json), 0600, e);
	wipe((void *)(uintptr_t)json.p, json.n);
	wipe((void *)(uintptr_t)password.p, password.n);
	wipe((void *)(uintptr_t)secret.p, secret.n);
	if (r == 0)
		conf->step(conf->arg, "administrator", "admin.json", clock_mono_ms() - start);
	return r;
}
