/* SPDX-License-Identifier: Apache-2.0 */
/* What OV and EV applications say of their company, and what they want of it (SPEC 3.3). */
#include "model/company.h"
#include "model/contact.h"
#include "net/mime.h"
#include "service/apply_priv.h"

int
company_choose(struct db_tx *tx, const struct caller *c, const struct row_product *p, const struct apply *in,
	int64_t named, struct arena *a, struct row_company *ret, struct err *e)
{
	int64_t id = in->company_id ? in->company_id : named;
	int r = 1;

	if (p->type == TYPE_DV)
		return 0;
	if (!id)
		r = q_company_default(tx, c->account, &id, e);
	return r <= 0 ? r : q_company_get(tx, c->account, id, a, ret, e);
}

static void
lack(struct err *e, const struct row_company *c, const char *field, const char *what)
{
	err_note(e, E_COMPANY_INCOMPLETE, field, "company %lld (\"%.*s\") has no %s", (long long)c->id, STRF(c->name), what);
}

static void
check_company(const struct row_product *p, const struct row_company *c, bool submitting, struct err *e)
{
	if (submitting && !c->licence)
		lack(e, c, "company.licence", "picture of its licence");
	if (p->type != TYPE_EV)
		return;
	/* EV Guidelines 9.2.3, 9.2.4 */
	if (c->business_category < 0)
		lack(e, c, "company.business_category", "business category, which EV certificates say");
	if (!c->jurisdiction_country.n)
		lack(e, c, "company.jurisdiction_country", "country of registration, which EV certificates say");
}

/* The requester's confirmation goes there. What is empty or no address at all, contact_check() tells. */
static void
check_email(const struct row_product *p, struct str email, struct err *e)
{
	ERR(fault);

	if (!email_ok(email))
		return;
	if (mail_address(email, &fault) < 0)
		err_note(e, fault.code, "contact.email", "%s", fault.msg);
	if (p->type == TYPE_EV && email_is_free(email))
		err_note(e, E_EMAIL_FREE, "contact.email",
			"the contact of an EV application has the address \"%.*s\", at a provider where anybody gets one",
			STRF(email));
}

void
applicant_check(const struct row_product *p, int64_t company_id, const struct row_company *company, struct str email,
	bool submitting, struct err *e)
{
	if (p->type == TYPE_DV) {
		if (company_id)
			err_note(e, E_PRODUCT_UNFIT, "company_id",
				"the product \"%.*s\" is DV: its certificates name no company", STRF(p->code));
		return;
	}
	if (company)
		check_company(p, company, submitting, e);
	else if (company_id)
		err_note(e, E_COMPANY_MISSING, "company_id", "there is no company %lld", (long long)company_id);
	else
		err_note(e, E_COMPANY_MISSING, "company_id", "the product \"%.*s\" is %s: its certificates name a company",
			STRF(p->code), words_type[p->type]);
	check_email(p, str_trim(email), e);
}

int
company_take(struct db_tx *tx, int64_t account, int64_t application, int64_t company, struct err *e)
{
	struct row_application_company was, now;
	int before = q_application_company_get(tx, account, application, tx->arena, &was, e), r;

	if (before < 0)
		return before;
	/* a change of the company deletes the licence that nobody shows any more */
	r = q_company_hold(tx, account, company, e);
	if (r > 0)
		r = q_application_company_take(tx, account, application, company, e);
	if (r == 0)
		return err_field(e, E_COMPANY_MISSING, "company_id", "there is no company %lld", (long long)company);
	if (r > 0)
		r = q_application_company_get(tx, account, application, tx->arena, &now, e);
	if (r > 0 && before && was.licence && was.licence != now.licence)
		r = q_company_drop_licence(tx, account, was.licence, e);
	return MIN(r, 0);
}

int
company_submit(struct db_tx *tx, const struct row_application *app, const struct row_product *p, struct err *e)
{
	struct row_application_company named = {0};
	struct row_company company;
	int r;

	if (p->type == TYPE_DV)
		return 0;
	r = q_application_company_get(tx, app->account, app->id, tx->arena, &named, e);
	if (r > 0)
		r = q_company_get(tx, app->account, named.company, tx->arena, &company, e);
	if (r < 0)
		return r;
	applicant_check(p, named.company, r > 0 ? &company : NULL, app->contact_email, true, e);
	r = err_faults(e);
	return r < 0 ? r : company_take(tx, app->account, app->id, named.company, e);
}
