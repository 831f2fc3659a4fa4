/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates of other issuers: checked, stored. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"
#include "service/upload.h"

#define FINDINGS_MAX (256 * 1024)

/* What both requests have in common. */
#define FILES_OF(in) \
	.certificate = blob_of((in)->certificate), .chain = blob_of((in)->chain), .key = blob_of((in)->key), \
	.encryption_certificate = blob_of((in)->encryption_certificate), .encryption_key = blob_of((in)->encryption_key), \
	.passphrase = (in)->passphrase, .csr = (in)->csr

static void
tell_findings(struct call *c, const struct check *found)
{
	struct buf b = {.max = FINDINGS_MAX};
	struct jsonw w;

	jsonw_init(&w, &b);
	put_findings(&w, found);
	if (!b.over)
		c->findings = arena_str(c->arena, buf_str(&b));
	buf_done(&b);
}

/* Facts about the chain, from the leaf. */
static int
chain_facts(struct call *c, const struct check *found, struct cert_info **ret, struct err *e)
{
	int r = 0;

	*ret = arena_new_n(c->arena, found->n_chain, struct cert_info);
	for (unsigned i = 0; r == 0 && i < found->n_chain; i++)
		r = cert_read(found->chain[i], c->arena, &(*ret)[i], e);
	return r;
}

int
api_certificate_upload(struct call *c, struct err *e)
{
	const struct in_certificate_upload *in = c->in;
	const struct upload up = {
		.name = in->name,
		FILES_OF(in),
		.purpose = CHECK_STORE,
	};
	const struct check *found;
	struct certificate_view *v = arena_new(c->arena, struct certificate_view);
	int r = upload_store(c->svc, &c->caller, &up, c->arena, &found, v, e);

	if (r < 0) {
		if (found)
			tell_findings(c, found);
		return r;
	}
	c->made = v->row.id;
	return api_certificate_answer(c, v, e);
}

int
api_certificate_check(struct call *c, struct err *e)
{
	const struct in_certificate_check *in = c->in;
	const struct upload up = {
		FILES_OF(in),
		.purpose = in->has_purpose ? (enum check_purpose)in->purpose : CHECK_STORE,
		.target = in->target,
		.roots = blob_of(in->roots),
	};
	struct upload_found found;
	struct cert_info *chain;
	int r = upload_check(c->svc, &c->caller, &up, c->arena, &found, e);

	if (r == 0)
		r = chain_facts(c, found.check, &chain, e);
	if (r == 0)
		put_certificate_checked(&c->w, found.check, found.csr, chain, svc_now(c->svc));
	return r;
}
