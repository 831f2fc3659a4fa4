/* SPDX-License-Identifier: Apache-2.0 */
#include "service/zone.h"

#include "base/b64.h"
#include "base/rand.h"
#include "model/name.h"
#include "service/dns_auto_priv.h"
#include "service/zone_priv.h"

#define SECRET_MIN 16
#define SECRET_MAX 128

struct act {
	struct svc *s;
	const struct caller *c;
	const struct zone_data *in;
	const struct page *page;
	int64_t id, version;
	struct arena *a;
	struct str name, servers;
	struct seal_name seal;
	struct blob sealed; /* {NULL, 0}: the stored one stays */
	struct row_zone row, *rows;
	size_t n;
	struct err found; /* by the check */
};

/* -- reading what is written */

static void
read_key_name(struct act *t, struct err *e)
{
	struct name_rules any = {.any_name = true, .allow_dns = true};
	struct name name;
	ERR(why);

	if (t->in->key_name.p &&
		name_read(t->in->key_name, &any, "key_name", t->a, &name, &why) < 0)
		err_note(e, why.code, "key_name", "%s", why.msg);
	else if (t->in->key_name.p && name.kind != NAME_DNS)
		err_note(e, E_FIELD_FORM, "key_name", "a key's name is a domain name");
}

static void
read_servers(struct act *t, struct err *e)
{
	struct addr addrs[ZONE_SERVERS_MAX];
	BUF(b, 1024);

	if (t->in->n_servers > ZONE_SERVERS_MAX) {
		err_note(e, E_FIELD_LENGTH, "servers", "there are %zu servers; %d are possible",
			t->in->n_servers, ZONE_SERVERS_MAX);
		return;
	}
	zone_servers_read(t->s, t->in->servers, t->in->n_servers, addrs, e);
	if (e->n_causes)
		return;
	for (size_t i = 0; i < t->in->n_servers; i++) {
		struct str one = addr_text(t->a, &addrs[i], true);

		buf_printf(&b, "%s%.*s", i ? " " : "", STRF(one));
	}
	t->servers = arena_str(t->a, buf_str(&b));
}

static int
seal_secret(struct act *t, struct err *e)
{
	SECRET(plain);
	struct blob raw;
	int r;

	if (!t->in->secret.p)
		return 0;
	if (!b64_decode(t->a, t->in->secret, &raw) || raw.n < SECRET_MIN || raw.n > SECRET_MAX)
		return err_field(e, E_FIELD_FORM, "secret",
			"the secret is not base64 of %d to %d bytes", SECRET_MIN, SECRET_MAX);
	plain = secret_copy(raw);
	wipe((void *)raw.p, raw.n); /* our own copy */
	r = signer_seal(t->s->conf.signer, t->c->account, secret_blob(plain), t->a, &t->seal,
		&t->sealed, e);
	return r;
}

static int
read_data(struct act *t, struct err *e)
{
	struct name_rules any = {.any_name = true, .allow_dns = true};
	struct name name;
	int r;
	ERR(why);

	if (t->in->name.p && name_read(t->in->name, &any, "name", t->a, &name, &why) < 0)
		err_note(e, why.code, "name", "%s", why.msg);
	else if (t->in->name.p && name.kind != NAME_DNS)
		err_note(e, E_FIELD_FORM, "name", "\"%.*s\" is no zone's name", STRF(t->in->name));
	else if (t->in->name.p)
		t->name = name.ascii;
	read_key_name(t, e);
	read_servers(t, e);
	r = err_faults(e);
	return r < 0 ? r : seal_secret(t, e);
}

/* -- acts */

static int
get(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = q_zone_get(tx, t->c->account, t->id, t->a, &t->row, e);

	return r == 0 ? not_found(e, "zone", t->id) : MIN(r, 0);
}

static int
create_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = q_zone_insert(tx,
		&(struct in_zone_insert){.account = t->c->account,
			.name = t->name,
			.servers = t->servers,
			.key_name = t->in->key_name,
			.key_alg = t->in->key_alg ? *t->in->key_alg : DNS_HMAC_SHA256,
			.seal_id = BLOB(t->seal.id, 16),
			.sealed = t->sealed,
			.now = tx->now_ms},
		&t->id, e);

	if (r == 0)
		return err_field(e, E_NAME_TAKEN, "name",
			"the zone %.*s is in this account already", STRF(t->name));
	if (r > 0)
		r = audit_add(tx, t->s, t->c, "zone.create", "zones", t->id,
			detail_2kv(tx->arena, "name", t->name, "servers", t->servers), e);
	return r < 0 ? r : get(tx, t, e);
}

int
zone_create(struct svc *s, const struct caller *c, const struct zone_data *in, struct arena *a,
	struct row_zone *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .in = in, .a = a};
	int r = read_data(&t, e);

	if (r == 0)
		r = svc_write(s, create_body, &t, e);
	if (r == 0)
		*ret = t.row;
	return r;
}

static int
change_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = get(tx, t, e);

	if (r < 0)
		return r;
	if (version_fits("zone", t->id, t->version, t->row.version, e) < 0)
		return e->code;
	r = q_zone_update(tx,
		&(struct in_zone_update){.account = t->c->account,
			.id = t->id,
			.version = t->row.version,
			.servers = t->servers.n ? t->servers : t->row.servers,
			.key_name = t->in->key_name.p ? t->in->key_name : t->row.key_name,
			.key_alg = t->in->key_alg ? (int64_t)*t->in->key_alg : t->row.key_alg,
			.seal_id = t->sealed.p ? BLOB(t->seal.id, 16) : t->row.seal_id,
			.sealed = t->sealed.p ? t->sealed : t->row.sealed,
			.now = tx->now_ms},
		e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "zone %lld was changed meanwhile", (long long)t->id);
	if (r > 0)
		r = audit_add(tx, t->s, t->c, "zone.change", "zones", t->id,
			detail_kv(tx->arena, "secret", t->sealed.p ? STR("replaced") : STR("kept")),
			e);
	if (r == 0)
		r = dns_auto_kick(tx, t->s, t->c->account, e);
	return r < 0 ? r : get(tx, t, e);
}

int
zone_change(struct svc *s, const struct caller *c, int64_t id, int64_t version,
	const struct zone_data *in, struct arena *a, struct row_zone *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .in = in, .id = id, .version = version, .a = a};
	int r = read_data(&t, e);

	if (r == 0)
		r = svc_write(s, change_body, &t, e);
	if (r == 0)
		*ret = t.row;
	return r;
}

static int
remove_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int64_t domain, application;
	int r = q_zone_hold(tx, t->c->account, t->id, e);

	if (r >= 0)
		r = get(tx, t, e);
	if (r == 0)
		r = q_domain_of_zone(tx, t->c->account, t->id, &domain, e);
	if (r > 0)
		return err_set(e, E_STATE_REFUSED,
			"the zone %.*s belongs to domain %lld: take it out of that one first",
			STRF(t->row.name), (long long)domain);
	if (r == 0)
		r = q_dns_change_open_of_zone(tx, t->c->account, t->id, &application, e);
	if (r > 0)
		return err_set(e, E_STATE_REFUSED,
			"the zone %.*s holds a record of application %lld, which is removed when that one is through",
			STRF(t->row.name), (long long)application);
	if (r == 0)
		r = q_dns_change_forget(tx, t->c->account, t->id, e);
	if (r >= 0)
		r = q_zone_delete(tx, t->c->account, t->id, e);
	return r < 0 ? r
		     : audit_add(tx, t->s, t->c, "zone.remove", "zones", t->id,
			       detail_kv(tx->arena, "name", t->row.name), e);
}

int
zone_remove(struct svc *s, const struct caller *c, int64_t id, struct err *e)
{
	ARENA(a);
	struct act t = {.s = s, .c = c, .id = id, .a = &a};

	return svc_write(s, remove_body, &t, e);
}

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	return get(tx, arg, e);
}

int
zone_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_zone *ret,
	struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id, .a = a};
	int r = svc_read(s, show_body, &t, e);

	if (r == 0)
		*ret = t.row;
	return r;
}

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;

	return q_zone_list(
		tx, t->c->account, t->page->cursor, t->page->limit + 1, t->a, &t->rows, &t->n, e);
}

int
zone_show_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a,
	struct row_zone **ret, size_t *ret_n, bool *ret_more, struct err *e)
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

/* -- the check */

struct looks {
	struct act *t;
	struct zone_look *list;
	size_t n;
};

static void
keep_look(struct looks *l, struct str server, struct str what, const struct err *why)
{
	struct arena *a = l->t->a;

	l->list[l->n++] = (struct zone_look){server, what, why->code,
		arena_str(a, str_c(why->code ? why->msg : "")),
		arena_str(a, str_c(why->code ? err_hint_text(why) : ""))};
	if (why->code && !l->t->found.code)
		l->t->found = *why;
}

/* Removing a record that nobody has is refused like any other change, and changes nothing. */
static void
try_update(struct looks *l, const struct zone_session *z)
{
	struct arena *a = l->t->a;
	struct str name = arena_printf(a, "_dnsauth.%.*s", STRF(z->row->name));
	struct str text = arena_printf(a, "signet-check-%016llx", (unsigned long long)rand_u64());
	ERR(why);

	(void)!zone_session_update(z, DNS_UPDATE_REMOVE, name, text, &why);
	keep_look(l, addr_text(a, &z->servers[0], true),
		arena_printf(a, "update of %.*s", STRF(name)), &why);
}

static void
ask_all(struct looks *l, const struct zone_session *z)
{
	struct zone_authority list[ZONE_AUTHORITIES_MAX];
	struct arena *a = l->t->a;
	size_t n = 0;
	ERR(why);

	if (zone_session_authorities(z, list, &n, &why) < 0)
		keep_look(l, addr_text(a, &z->servers[0], true), STR("name servers of the zone"),
			&why);
	for (size_t i = 0; i < n; i++) {
		struct str who = addr_text(a, &list[i].addr, true);
		struct dns_message m;
		ERR(one);

		if (list[i].host.n)
			who = arena_printf(a, "%.*s %.*s", STRF(list[i].host), STRF(who));
		(void)!dns_ask_server(settings_of(z->s)->validate.dns, &list[i].addr, z->row->name, DNS_SOA,
			ZONE_CALL_MS, a, &m, &one);
		keep_look(l, who, arena_printf(a, "SOA %.*s", STRF(z->row->name)), &one);
	}
}

static int
checked_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct str code = t->found.code ? str_c(err_info(t->found.code)->name) : STR("");
	int r = q_zone_checked(tx, t->c->account, t->id, t->row.version, code,
		t->found.code ? str_c(t->found.msg) : STR(""), tx->now_ms, e);

	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "zone.check", "zones", t->id,
			detail_kv(tx->arena, "code", code), e);
	return r < 0 ? r : get(tx, t, e);
}

int
zone_check(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_zone *ret,
	struct zone_look **ret_looks, size_t *ret_n, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id, .a = a};
	struct looks l = {
		.t = &t, .list = arena_new_n(a, ZONE_AUTHORITIES_MAX + 2, struct zone_look)};
	struct zone_session z;
	struct row_zone row;
	int r = svc_read(s, show_body, &t, e);

	if (r < 0)
		return r;
	row = t.row;
	err_clear(&t.found);
	r = zone_session_open(s, &row, a, &z, e);
	if (r < 0)
		return r;
	try_update(&l, &z);
	ask_all(&l, &z);
	zone_session_done(&z);
	if (atomic_load(&s->stopping))
		return err_set(e, E_DRAINING, "the service is stopping");
	r = svc_write(s, checked_body, &t, e);
	if (r < 0)
		return r;
	*ret = t.row;
	*ret_looks = l.list;
	*ret_n = l.n;
	return 0;
}
