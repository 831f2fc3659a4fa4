/* SPDX-License-Identifier: Apache-2.0 */
/* Distinguished names. */
#include "lint/lint_priv.h"

static const struct {
	struct blob oid;
	enum lint_at at;
} types[] = {
	{OID_BODY("\x55\x04\x03"), AT_CN},
	{OID_BODY("\x55\x04\x06"), AT_C},
	{OID_BODY("\x55\x04\x0a"), AT_O},
	{OID_BODY("\x55\x04\x0b"), AT_OU},
	{OID_BODY("\x55\x04\x08"), AT_ST},
	{OID_BODY("\x55\x04\x07"), AT_L},
	{OID_BODY("\x55\x04\x11"), AT_POSTAL},
	{OID_BODY("\x55\x04\x09"), AT_STREET},
	{OID_BODY("\x55\x04\x04"), AT_SURNAME},
	{OID_BODY("\x55\x04\x2a"), AT_GIVEN},
	{OID_BODY("\x55\x04\x05"), AT_SERIAL},
	{OID_BODY("\x55\x04\x0f"), AT_BUSINESS},
	{OID_BODY("\x55\x04\x61"), AT_ORGANIZATION_ID},
	{OID_BODY("\x55\x04\x41"), AT_PSEUDONYM},
	{OID_BODY("\x55\x04\x0c"), AT_TITLE},
	{OID_BODY("\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x03"), AT_JURISDICTION_C},
	{OID_BODY("\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x02"), AT_JURISDICTION_ST},
	{OID_BODY("\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x01"), AT_JURISDICTION_L},
	{OID_BODY("\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19"), AT_DC},
	{OID_BODY("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01"), AT_EMAIL},
};

static enum lint_at
at_of(struct blob oid)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (blob_eq(oid, types[i].oid))
			return types[i].at;
	return AT_OTHER;
}

static bool
decode_attr(struct cursor *rdn, struct lint_attr *at)
{
	struct cursor in;

	return der_open(rdn, DER_SEQUENCE, &in) && der_get(&in, DER_OID, &at->oid) &&
	       der_next(&in, &at->tag, &at->value, NULL) && der_done(&in);
}

static struct lint_attr *
push_attr(struct lint_view *v, struct lint_dn *dn, unsigned rdn)
{
	/* the array doubles at each power of two */
	if ((dn->n & (dn->n - 1)) == 0) {
		struct lint_attr *more = arena_new_n(v->a, MAX(2 * dn->n, 1U), struct lint_attr);

		if (dn->n)
			memcpy(more, dn->attr, dn->n * sizeof(*more));
		dn->attr = more;
	}
	dn->attr[dn->n].rdn = rdn;
	return &dn->attr[dn->n++];
}

/* A broken name leaves the attributes read so far and a last one without a tag, which no rule takes for good. */
void
lint_view_dn(struct lint_view *v, struct blob name, struct lint_dn *dn)
{
	struct cursor in, rdn;

	if (!lint_open(name, &in))
		return;
	for (; der_peek(&in); dn->rdns++) {
		if (!der_open(&in, DER_SET, &rdn)) {
			push_attr(v, dn, dn->rdns);
			return;
		}
		while (der_peek(&rdn)) {
			struct lint_attr *at = push_attr(v, dn, dn->rdns);

			if (!decode_attr(&rdn, at)) {
				*at = (struct lint_attr){.rdn = dn->rdns};
				return;
			}
			at->at = at_of(at->oid);
		}
	}
}
