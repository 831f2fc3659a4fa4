/* SPDX-License-Identifier: Apache-2.0 */
/* The service about itself: issuers, profiles, audit, jobs, errors, its own description. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"
#include "service/audit.h"
#include "service/jobs.h"
#include "service/status.h"

extern const struct blob openapi_json;

int
api_issuer_list(struct call *c, struct err *e)
{
	size_t n;
	const struct ca_issuer *const *all = status_issuers(c->svc, &n);
	struct cert_info info;
	int r;

	call_list(c);
	for (size_t i = 0; i < n; i++) {
		r = cert_read(all[i]->cert, c->arena, &info, e);
		if (r < 0)
			return r;
		put_issuer(&c->w, all[i], &info, c->arena);
	}
	call_list_end(c, false, 0, (int64_t)n);
	return 0;
}

int
api_profile_list(struct call *c, struct err *e)
{
	int64_t n = 0;

	(void)e;
	call_list(c);
	for (const struct profile *p = profile_next(NULL); p; p = profile_next(p), n++)
		put_profile(&c->w, p);
	call_list_end(c, false, 0, n);
	return 0;
}

int
api_audit_list(struct call *c, struct err *e)
{
	int64_t account = c->q.account ? c->q.account : c->caller.account;
	struct row_audit *rows;
	bool more;
	size_t n;
	int r;

	r = audit_show_list(c->svc, &c->caller, account, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_audit(&c->w, &rows[i]);
	call_list_end(c, more, n ? rows[n - 1].at_ms : 0, -1);
	return 0;
}

int
api_audit_verify(struct call *c, struct err *e)
{
	int64_t rows;
	int r;

	r = audit_verify(c->svc, &rows, e);
	if (r < 0)
		return r;
	jsonw_object(&c->w);
	jsonw_kv_int(&c->w, "rows", rows);
	jsonw_object_end(&c->w);
	return 0;
}

int
api_job_list(struct call *c, struct err *e)
{
	struct row_job *rows;
	bool more;
	size_t n;
	int r;

	r = job_show_list(c->svc, &c->caller, c->q.account, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_job(&c->w, &rows[i]);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}

int
api_job_show(struct call *c, struct err *e)
{
	struct row_job row;
	int r;

	r = job_show(c->svc, &c->caller, c->q.account, c->id, c->arena, &row, e);
	if (r == 0)
		put_job(&c->w, &row);
	return r;
}

int
api_error_list(struct call *c, struct err *e)
{
	(void)e;
	call_list(c);
	for (int i = 1; i <= ERR_CODE_LAST; i++)
		put_error_row(&c->w, err_info(-i));
	call_list_end(c, false, 0, ERR_CODE_LAST);
	return 0;
}

int
api_openapi_show(struct call *c, struct err *e)
{
	(void)e;
	c->rs->fixed = openapi_json;
	return 0;
}
