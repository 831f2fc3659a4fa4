/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signet's own TLS certificate, through its own pipeline (SPEC 5): product `internal`, proofs fetched from the own
 * listeners, the same review, issue and lists as for everybody. Renewed the same way.
 */
#include <net/if.h>
#include <stdio.h>
#include <unistd.h>

#include "crypto/cert.h"
#include "crypto/pem.h"
#include "service/apply.h"
#include "service/birth.h"
#include "service/certificate.h"
#include "service/purchase.h"
#include "service/svc_priv.h"
#include "validate/validate.h"

#define NAMES_MAX 16
#define HOST_MAX 256
#define META_NAME "own-certificate"
#define PROOFS_TRIED 20

struct own {
	struct svc *s;
	const struct birth_conf *conf;
	struct arena *a;
	struct caller c;
	struct str names[NAMES_MAX];
	size_t n;
	int64_t certificate; /* the one in use, 0: none yet */
	struct signer_key key;
	int64_t start;
};

static void
step(struct own *t, const char *what, struct str detail)
{
	int64_t now = clock_mono_ms();

	t->conf->step(t->conf->arg, what, arena_cstr(t->a, detail), now - t->start);
	t->start = now;
}

/* A step whose time the rows tell. */
static void
step_took(struct own *t, const char *what, struct str detail, int64_t took_ms)
{
	t->conf->step(t->conf->arg, what, arena_cstr(t->a, detail), MAX(took_ms, 0));
	t->start = clock_mono_ms();
}

static bool
any_listener_is(const struct svc *s, const struct addr *want)
{
	static const uint8_t zero[16];

	for (unsigned i = 0; i < s->conf.n_listeners; i++) {
		const struct addr *l = &s->conf.listeners[i];
		bool wild = memcmp(l->ip, zero, l->family == AF_INET ? 4 : 16) == 0;

		if (addr_equal_ip(l, want) || (wild && (l->family == want->family || l->family == AF_INET6)))
			return true;
	}
	return false;
}

static void
add(struct own *t, struct str name)
{
	for (size_t i = 0; i < t->n; i++) {
		if (str_eq(t->names[i], name))
			return;
	}
	if (t->n < NAMES_MAX)
		t->names[t->n++] = arena_str(t->a, name);
}

/* localhost, the host name, 127.0.0.1 and ::1, as far as a listener stands on their address. */
static void
pick_names(struct own *t)
{
	struct addr v4, v6;
	char host[HOST_MAX] = "";
	bool loop4, loop6;

	BUG_ON(!addr_parse_ip(STR("127.0.0.1"), &v4) || !addr_parse_ip(STR("::1"), &v6));
	loop4 = any_listener_is(t->s, &v4);
	loop6 = any_listener_is(t->s, &v6);
	if (gethostname(host, sizeof(host) - 1) == 0 && host[0])
		add(t, str_c(host));
	if (loop4 || loop6)
		add(t, STR("localhost"));
	if (loop4)
		add(t, STR("127.0.0.1"));
	if (loop6)
		add(t, STR("::1"));
}

/* -- which one is in use */

static int
look_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct own *t = arg;
	struct row_meta_get row;
	struct row_certificate cert;
	uint64_t id = 0;
	int r = q_meta_get(tx, STR(META_NAME), tx->arena, &row, e);

	t->certificate = 0;
	if (r <= 0 || !str_u64(row.value, ID_MAX, &id))
		return MIN(r, 0);
	r = q_certificate_get(tx, t->c.account, (int64_t)id, tx->arena, &cert, e);
	/* Past two thirds of its life it is replaced. */
	if (r > 0 && cert.state == CERTIFICATE_ISSUED &&
		tx->now_ms < cert.not_before_ms + (cert.not_after_ms - cert.not_before_ms) / 3 * 2)
		t->certificate = (int64_t)id;
	return MIN(r, 0);
}

static int
mark_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct own *t = arg;
	int r = q_meta_put(tx, STR(META_NAME), arena_printf(tx->arena, "%lld", (long long)t->certificate), e);

	return MIN(r, 0);
}

/* -- the order */

static int
buy(struct own *t, int64_t *ret_subscription, struct err *e)
{
	struct purchase in = {.product = STR("internal"), .quantity = 1, .months = 12, .n_common = NAMES_MAX, .pay = true};
	struct row_subscription *subs;
	struct row_bill bill;
	size_t n;
	int r = purchase_make(t->s, &t->c, &in, t->a, &bill, &subs, &n, e);

	if (r == 0)
		*ret_subscription = subs[0].id;
	if (r == 0)
		step(t, "ordered", arena_printf(t->a, "product internal, bill %lld", (long long)bill.id));
	return r;
}

/* An open order that a crash left behind is taken up again. */
static int
find_open(struct own *t, int64_t *ret_id, struct err *e)
{
	static const int open[] = {APPLICATION_DRAFT, APPLICATION_VALIDATING, APPLICATION_REVIEWING, APPLICATION_ISSUING};

	*ret_id = 0;
	for (size_t i = 0; i < ARRAY_LEN(open) && !*ret_id; i++) {
		struct page page = {.limit = 10};
		struct row_application *rows;
		size_t n;
		bool more;
		int r = apply_show_list(t->s, &t->c, open[i], &page, t->a, &rows, &n, &more, e);

		if (r < 0)
			return r;
		for (size_t k = 0; k < n && !*ret_id; k++) {
			if (rows[k].method == METHOD_INTERNAL && str_eq(rows[k].name, STR("signet-own")))
				*ret_id = rows[k].id;
		}
	}
	return 0;
}

static int
apply_once(struct own *t, struct application_view *v, struct err *e)
{
	struct apply in = {.certificate_name = STR("signet-own"), .names = t->names, .n_names = t->n,
		.no_companions = true, .method = METHOD_INTERNAL, .key_source = KEY_SOURCE_GENERATE,
		.key_alg = KEY_EC_P256, .submit = true};
	int64_t open;
	int r = find_open(t, &open, e);

	if (r == 0 && open) {
		r = apply_show(t->s, &t->c, open, t->a, v, e);
		if (r == 0 && v->row.state == APPLICATION_DRAFT)
			r = apply_submit(t->s, &t->c, open, t->a, v, e);
		return r;
	}
	if (r == 0)
		r = buy(t, &in.subscription, e);
	if (r == 0)
		r = apply_create(t->s, &t->c, &in, t->a, v, e);
	return r;
}

/* A name without its proof is left out and logged; the rest is applied for anew. */
static int
drop_unproven(struct own *t, const struct application_view *v, const struct verify_name *names, size_t n, struct err *e)
{
	struct application_view ignored;
	size_t left = 0;
	int r;

	for (size_t i = 0; i < t->n; i++) {
		bool bad = false;

		for (size_t k = 0; k < n; k++)
			bad |= str_eq(names[k].name, t->names[i]) && !names[k].proven;
		if (bad)
			log_event(LOG_WARN, "own_certificate.name_left_out", F_S("name", t->names[i]));
		else
			t->names[left++] = t->names[i];
	}
	t->n = left;
	r = apply_cancel(t->s, &t->c, v->row.id, t->a, &ignored, e);
	if (r == 0)
		r = apply_delete(t->s, &t->c, v->row.id, e);
	if (r == 0 && left == 0)
		return err_set(e, E_PROOF_MISSING, "none of the own names leads to a listener of this service");
	return r;
}

static int
verify(struct own *t, struct application_view *v, bool *ret_again, struct err *e)
{
	struct verify_name *names;
	size_t n = 0, open = 0;
	int r;

	*ret_again = false;
	if (v->row.state == APPLICATION_ISSUED)
		return 0;
	r = apply_verify(t->s, &t->c, v->row.id, t->a, v, &names, &n, e);
	if (r < 0 && svc_passing(r)) {
		err_clear(e);
		return 0; /* the next try may find it away no more */
	}
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++)
		open += !names[i].proven;
	if (v->row.state != APPLICATION_VALIDATING || !open)
		return 0;
	*ret_again = true;
	return drop_unproven(t, v, names, n, e);
}

/* Proof, review and issue are one act of the pipeline; when each was done stands in its rows. */
static int
tell_steps(struct own *t, const struct application_view *v, struct err *e)
{
	int64_t proven = v->row.submitted_ms;
	struct row_validation_record *records;
	size_t n;
	int r = apply_records(t->s, &t->c, v->row.id, t->a, &records, &n, e);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++)
		proven = MAX(proven, records[i].at_ms);
	step_took(t, "validated", arena_printf(t->a, "%zu names by file on the own listeners", t->n),
		proven - v->row.submitted_ms);
	step_took(t, "reviewed", STR("automatic: control of the names is proven"), 0);
	step_took(t, "issued", arena_printf(t->a, "certificate %lld, with a fresh P-256 key", (long long)t->certificate),
		v->row.issued_ms - proven);
	return 0;
}

static int
order(struct own *t, struct err *e)
{
	struct application_view v = {0};

	for (int i = 0; i < PROOFS_TRIED; i++) {
		bool again;
		int r = apply_once(t, &v, e);

		if (r == 0 && v.row.state != APPLICATION_ISSUED)
			r = verify(t, &v, &again, e);
		else
			again = false;
		if (r < 0)
			return r;
		if (again)
			continue;
		if (v.row.state == APPLICATION_ISSUED) {
			t->certificate = v.row.certificate;
			r = tell_steps(t, &v, e);
			return r < 0 ? r : svc_write(t->s, mark_body, t, e);
		}
		/* Proven, but not issued yet: the signer or the database was away for a moment. */
		usleep(100 * 1000);
	}
	return err_set(e, E_TIMEOUT, "the own certificate was not issued: its application is %s",
		sm_name(&sm_application, (int)v.row.state));
}

static struct str
names_text(const struct certificate_view *v, struct arena *a)
{
	struct str all = STR("as");

	for (unsigned i = 0; i < v->info.n_dns; i++)
		all = arena_printf(a, "%.*s %.*s", STRF(all), STRF(v->info.dns[i]));
	for (unsigned i = 0; i < v->info.n_ip; i++) 
		all = arena_printf(a, "%.*s %.*s", STRF(all), STRF(addr_octets_text(a, v->info.ip[i])));
	return all;
}

int
birth_own_certificate(struct svc *s, const struct birth_conf *conf, struct arena *a, struct str *ret_chain,
	struct secret **ret_key, struct err *e)
{
	struct own t = {.s = s, .conf = conf, .a = a, .c = caller_system(s->own_account), .start = clock_mono_ms()};
	struct certificate_view view;
	struct buf pem = {.max = 64 * 1024};
	SECRET(der);
	int r;

	t.c.operator_account = true;
	pick_names(&t);
	r = svc_read(s, look_body, &t, e);
	if (r == 0 && !t.certificate)
		r = order(&t, e);
	if (r == 0)
		r = certificate_show(s, &t.c, t.certificate, a, &view, e);
	if (r == 0)
		r = subscriber_key_load(s, t.c.account, view.row.key_id, a, &t.key, e);
	if (r == 0)
		r = signer_key_export(s->conf.signer, &t.key, &der, e);
	if (r == 0)
		r = certificate_pem(s, &t.c, t.certificate, a, ret_chain, e);
	if (r < 0)
		return r;
	pem_put(&pem, "PRIVATE KEY", secret_blob(der));
	*ret_key = secret_copy(buf_blob(&pem));
	buf_done_secret(&pem);
	step(&t, "served", names_text(&view, a));
	return 0;
}

int
birth_own_due(struct svc *s, bool *ret_due, struct err *e)
{
	struct own t = {.s = s, .c = caller_system(s->own_account)};
	int r = svc_read(s, look_body, &t, e);

	*ret_due = r == 0 && !t.certificate;
	return r;
}

/* -- the proofs' values, for the door /.well-known/pki-validation/fileauth.txt */

struct file_value {
	struct str host, which;
	struct arena *a;
	struct str value;
};

static int
file_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct file_value *t = arg;
	struct row_authz_file_value *rows;
	size_t n;
	int r = q_authz_file_value(tx, t->host, t->a, &rows, &n, e);

	t->value = (struct str){NULL, 0};
	for (size_t i = 0; r == 0 && i < n; i++) {
		char which[FILE_WHICH_LEN + 1];

		if (!t->which.n || str_eq_c(t->which, file_which(rows[i].file_value, which)))
			t->value = rows[i].file_value;
	}
	return r;
}

int
birth_file_value(
	struct svc *s, struct str host, struct str which, struct arena *a, struct str *ret, struct err *e)
{
	struct file_value t = {.host = host, .which = which, .a = a};
	struct str h = host;
	int r;

	/* Host carries a port, and brackets around IPv6 addresses. */
	if (h.n && h.p[0] == '[') {
		h.p++;
		h.n--;
		t.host = str_cut(&h, ']');
	} else {
		t.host = str_cut(&h, ':');
	}
	r = svc_read(s, file_body, &t, e);
	*ret = t.value;
	return r;
}
