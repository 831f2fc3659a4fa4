/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode.h"

void
put_stored_contact(struct jsonw *w, const struct row_contact *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	put_text(w, "name", r->name);
	put_text(w, "email", r->email);
	jsonw_kv_time(w, "email_confirmed", r->email_confirmed_ms);
	put_text(w, "phone", r->phone);
	jsonw_kv_bool(w, "default", r->is_default != 0);
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_kv_int(w, "version", r->version);
	jsonw_object_end(w);
}

void
put_company_facts(struct jsonw *w, const struct company *c)
{
	put_text(w, "name", c->name);
	put_text(w, "number", c->number);
	jsonw_kv_c(w, "type", word_name(words_company_type, c->type));
	put_text(w, "phone", c->phone);
	put_text(w, "country", c->country);
	put_text(w, "province", c->province);
	put_text(w, "city", c->city);
	put_text(w, "address", c->address);
	put_text(w, "postcode", c->postcode);
	put_text(w, "department", c->department);
	put_id_or_null(w, "licence", c->licence);
	jsonw_kv_c(w, "business_category",
		c->business_category < 0
			? NULL
			: word_name(words_business_category, c->business_category));
	put_text_or_null(w, "jurisdiction_country", c->jurisdiction_country);
	put_text_or_null(w, "jurisdiction_province", c->jurisdiction_province);
	put_text_or_null(w, "jurisdiction_locality", c->jurisdiction_locality);
}

void
put_company(struct jsonw *w, const struct row_company *r)
{
	struct company c = company_of(r);

	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	put_company_facts(w, &c);
	jsonw_kv_bool(w, "default", r->is_default != 0);
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_kv_int(w, "version", r->version);
	jsonw_object_end(w);
}
