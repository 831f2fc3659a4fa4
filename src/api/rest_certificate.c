/* SPDX-License-Identifier: Apache-2.0 */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"
#include "service/revocation.h"
#include "service/share.h"

int
api_certificate_list(struct call *c, struct err *e)
{
	struct certificate_filter filter = {.status = c->q.status, .source = c->q.source, .name = c->q.name};
	int64_t now = svc_now(c->svc), total;
	struct row_certificate_line *rows;
	struct row_share *shares;
	bool more;
	size_t n;
	int r;

	r = certificate_show_list(c->svc, &c->caller, &filter, &c->q.page, c->arena, &rows, &n, &more, &total, e);
	if (r == 0)
		r = share_of_lines(c->svc, &c->caller, rows, n, c->arena, &shares, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++) {
		bool ended = shares[i].id && share_over(&shares[i], now);
		int64_t state = ended ? CERTIFICATE_ENDED : rows[i].state;

		put_certificate_line(
			&c->w, &rows[i], certificate_status_of(state, rows[i].not_after_ms, now), &shares[i], now);
	}
	call_list_end(c, more, n ? rows[n - 1].id : 0, total);
	return 0;
}

int
api_certificate_answer(struct call *c, const struct certificate_view *v, struct err *e)
{
	struct cert_info *chain = arena_new_n(c->arena, v->n_chain, struct cert_info);
	int r;

	for (unsigned i = 0; i < v->n_chain; i++) {
		r = cert_read(v->chain[i].der, c->arena, &chain[i], e);
		if (r < 0)
			return r;
	}
	put_certificate(&c->w, v, chain, svc_now(c->svc), c->arena);
	return 0;
}

int
api_certificate_show(struct call *c, struct err *e)
{
	struct certificate_view view;
	int r;

	r = certificate_show(c->svc, &c->caller, c->id, c->arena, &view, e);
	return r < 0 ? r : api_certificate_answer(c, &view, e);
}

int
api_certificate_package(struct call *c, struct err *e)
{
	struct package pack = {0};
	int r;

	r = certificate_package(
		c->svc, &c->caller, c->id, c->q.format.p ? c->q.format : STR("nginx"), c->arena, &pack, e);
	if (r == 0)
		call_package(c, &pack);
	return r;
}

int
api_certificate_pem(struct call *c, struct err *e)
{
	struct str pem;
	int r;

	r = certificate_pem(c->svc, &c->caller, c->id, c->arena, &pem, e);
	if (r == 0)
		buf_put_str(&c->rs->body, pem);
	return r;
}

static int
read_revoke(const struct call *c, struct revoke *ret, struct err *e)
{
	const struct in_revoke *in = c->in;
	struct str word = str_c(in->has_reason ? api_words_reason[in->reason] : "unspecified");

	*ret = (struct revoke){.id = c->id, .replace = in->replace, .proof = in->proof};
	ret->reason = reason_find(word, role_is_staff(c->caller.role));
	if (ret->reason < 0)
		return err_field(e, E_REASON_REFUSED, "reason", "the reason \"%.*s\" is for staff only", STRF(word));
	return 0;
}

int
api_certificate_revoke(struct call *c, struct err *e)
{
	struct certificate_view view;
	struct revoke revoke;
	int r = read_revoke(c, &revoke, e);

	if (r == 0)
		r = certificate_revoke(c->svc, &c->caller, &revoke, c->arena, &view, e);
	return r < 0 ? r : api_certificate_answer(c, &view, e);
}

int
api_certificate_revoke_any(struct call *c, struct err *e)
{
	struct certificate_view view;
	struct revoke revoke;
	int r = read_revoke(c, &revoke, e);

	if (r == 0)
		r = certificate_revoke_any(c->svc, &c->caller, &revoke, c->arena, &view, e);
	return r < 0 ? r : api_certificate_answer(c, &view, e);
}

int
api_certificate_revoke_any_again(struct call *c, struct err *e)
{
	struct certificate_view view;
	int r = certificate_show_any(c->svc, &c->caller, c->id, c->arena, &view, e);

	return r < 0 ? r : api_certificate_answer(c, &view, e);
}

int
api_certificate_send_confirmation(struct call *c, struct err *e)
{
	struct certificate_view view;
	int r = revocation_send_again(c->svc, &c->caller, c->id, c->arena, &view, e);

	return r < 0 ? r : api_certificate_answer(c, &view, e);
}

int
api_certificate_withdraw_revocation(struct call *c, struct err *e)
{
	struct certificate_view view;
	int r = revocation_withdraw(c->svc, &c->caller, c->id, c->arena, &view, e);

	return r < 0 ? r : api_certificate_answer(c, &view, e);
}

int
api_certificate_delete(struct call *c, struct err *e)
{
	return certificate_delete(c->svc, &c->caller, c->id, c->q.confirmed, e);
}

int
api_overview_show(struct call *c, struct err *e)
{
	struct overview o;
	int r;

	r = overview_show(c->svc, &c->caller, c->arena, &o, e);
	if (r == 0)
		put_overview(&c->w, &o);
	return r;
}
