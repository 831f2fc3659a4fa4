/* SPDX-License-Identifier: Apache-2.0 */
/* Mails of the account, and the confirmation of users' addresses. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"
#include "service/account.h"
#include "service/mail.h"
#include "service/stored_email.h"

int
api_mail_list(struct call *c, struct err *e)
{
	struct row_mail *rows;
	bool more;
	size_t n;
	int r;

	r = mail_show_list(c->svc, &c->caller, c->q.account, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_mail(&c->w, &rows[i]);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}

int
api_user_confirm_email(struct call *c, struct err *e)
{
	struct row_users row;
	int r;

	r = user_confirm_email(c->svc, &c->caller, c->id, c->arena, &row, e);
	if (r == 0)
		put_user(&c->w, &row);
	return r;
}

int
api_user_confirm_email_again(struct call *c, struct err *e)
{
	struct row_users row;
	int r;

	r = user_show(c->svc, &c->caller, c->id, c->arena, &row, e);
	if (r == 0)
		put_user(&c->w, &row);
	return r;
}
