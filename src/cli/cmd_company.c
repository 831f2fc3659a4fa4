/* SPDX-License-Identifier: Apache-2.0 */
/* Contacts and companies. */
#include <stdio.h>

#include "cli/cli.h"

static const struct col cols_contacts[] = {
	{"ID", "id", COL_RIGHT},
	{"NAME", "name", COL_TEXT},
	{"E-MAIL", "email", COL_TEXT},
	{"PHONE", "phone", COL_TEXT},
	{"DEFAULT", "default", COL_YES},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_contact[] = {
	{"id", "id", COL_TEXT},
	{"name", "name", COL_TEXT},
	{"e-mail", "email", COL_TEXT},
	{"e-mail confirmed", "email_confirmed", COL_TIME},
	{"phone", "phone", COL_TEXT},
	{"default", "default", COL_YES},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_companies[] = {
	{"ID", "id", COL_RIGHT},
	{"NAME", "name", COL_TEXT},
	{"NUMBER", "number", COL_TEXT},
	{"COUNTRY", "country", COL_TEXT},
	{"CITY", "city", COL_TEXT},
	{"LICENCE", "licence", COL_RIGHT},
	{"DEFAULT", "default", COL_YES},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_company[] = {
	{"id", "id", COL_TEXT},
	{"name", "name", COL_TEXT},
	{"number", "number", COL_TEXT},
	{"type", "type", COL_TEXT},
	{"phone", "phone", COL_TEXT},
	{"country", "country", COL_TEXT},
	{"province", "province", COL_TEXT},
	{"city", "city", COL_TEXT},
	{"address", "address", COL_TEXT},
	{"postcode", "postcode", COL_TEXT},
	{"department", "department", COL_TEXT},
	{"licence", "licence", COL_TEXT},
	{"business category", "business_category", COL_TEXT},
	{"registered in", "jurisdiction_country", COL_TEXT},
	{"default", "default", COL_YES},
	{NULL, NULL, COL_TEXT},
};

#define CONTACT_OPTS                                                                            \
	{"name", "NAME", "full name"}, {"email", "ADDRESS", "the person's own e-mail address"}, \
	{                                                                                       \
		"phone", "NUMBER",                                                              \
			"mobile number with country code, on which the person is reached"       \
	}

#define COMPANY_OPTS                                                                              \
	{"name", "NAME", "exactly as it stands in the licence, in full"},                         \
		{"number", "NUMBER", "registration number as in the licence"},                    \
		{"type", "TYPE", "individual, commercial, government or non_profit"},             \
		{"phone", "NUMBER",                                                               \
			"with country code; one that a public listing shows: the reviewer calls " \
			"it"},                                                                    \
		{"country", "CC", "two capital letters (ISO 3166), like CN"},                     \
		{"province", "TEXT", "province or state, in full"},                               \
		{"city", "TEXT", "city or place, in full"},                                       \
		{"address", "TEXT", "street and number as in the licence"},                       \
		{"postcode", "TEXT", "postal code"},                                              \
		{"department", "TEXT", "who looks after certificates"},                           \
		{"licence", "FILE", "its picture: PNG or JPEG, at most 500 KB; uploaded"},        \
		{"business-category", "WORD",                                                     \
			"for EV: private_organization, government_entity, business_entity, "      \
			"non_commercial_entity"},                                                 \
		{"jurisdiction-country", "CC",                                                    \
			"for EV: country whose register lists the company"},                      \
		{"jurisdiction-province", "TEXT", "for EV: where a province keeps the register"}, \
	{                                                                                         \
		"jurisdiction-locality", "TEXT", "for EV: where a place keeps the register"       \
	}

/* Each option is the member of its name. */
static int
put_options(struct cli *c, struct jsonw *w, struct err *e)
{
	for (const struct cmd_opt *o = c->cmd->opts; o->name; o++) {
		const char *v = opt_value(c, o->name);
		char *member;

		if (!v || strcmp(o->name, "licence") == 0)
			continue;
		member = arena_copy(c->arena, o->name, strlen(o->name) + 1);
		for (char *p = member; *p; p++)
			*p = (char)(*p == '-' ? '_' : *p);
		jsonw_kv_c(w, member, v);
	}
	if (opt_value(c, "licence")) {
		const struct json *file;
		int64_t id = 0;
		int r = attachment_send(c, opt_value(c, "licence"), &file, e);

		if (r < 0)
			return r;
		if (json_int(json_at(file, "id"), &id))
			jsonw_kv_int(w, "licence", id);
	}
	return 0;
}

static int
send_object(struct cli *c, const char *method, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	struct str path = str_c(c->cmd->path);
	int64_t id;
	int r = 0;

	/* path_of() would take --name for a parameter of the address */
	if (c->cmd->min_args) {
		r = arg_id(c, 0, &id, e);
		if (r < 0)
			return r;
		path = arena_printf(c->arena, "%s/%lld", c->cmd->path, (long long)id);
	}
	body_begin(&w, &b);
	r = put_options(c, &w, e);
	body_end(&w);
	return r < 0 ? r : rest_show(c, method, path, &b, c->cmd->cols, e);
}

static int
create(struct cli *c, struct err *e)
{
	return send_object(c, "POST", e);
}

static int
change(struct cli *c, struct err *e)
{
	return send_object(c, "PATCH", e);
}

const struct cmd cmds_company[] = {
	{"contacts", "list", "", 0, 0, "list the contacts of your account", NULL,
		"  signet contacts list", {CMD_LIMIT, CMD_CURSOR}, run_list, "/api/v1/contacts",
		cols_contacts},
	{"contacts", "show", "ID", 1, 1, "show a contact", NULL, "  signet contacts show 3",
		{CMD_NONE}, run_show, "/api/v1/contacts/{id}", cols_contact},
	{"contacts", "create", "", 0, 0, "store a contact for applications to name", NULL,
		"  signet contacts create --name \"Li Wei\" --email li@example.com --phone \"+86 "
		"21 5555 0000\"",
		{CONTACT_OPTS}, create, "/api/v1/contacts", cols_contact},
	{"contacts", "change", "ID", 1, 1, "edit a contact; what was submitted keeps its values",
		NULL, "  signet contacts change 3 --phone \"+86 21 5555 0001\"", {CONTACT_OPTS},
		change, "/api/v1/contacts", cols_contact},
	{"contacts", "confirm-email", "ID", 1, 1,
		"mail a link that confirms the contact's address, for notices", NULL,
		"  signet contacts confirm-email 3", {CMD_NONE}, run_post,
		"/api/v1/contacts/{id}:confirm_email", cols_contact},
	{"contacts", "delete", "ID", 1, 1, "delete a contact", NULL, "  signet contacts delete 3",
		{CMD_NONE}, run_delete, "/api/v1/contacts/{id}", NULL},
	{"companies", "list", "", 0, 0, "list the companies of your account", NULL,
		"  signet companies list", {CMD_LIMIT, CMD_CURSOR}, run_list, "/api/v1/companies",
		cols_companies},
	{"companies", "show", "ID", 1, 1, "show a company", NULL, "  signet companies show 3",
		{CMD_NONE}, run_show, "/api/v1/companies/{id}", cols_company},
	{"companies", "create", "", 0, 0, "store a company", NULL,
		"  signet companies create --name \"Example Trading Co., Ltd.\" --number "
		"91310000MA1FL0000X \\\n"
		"    --type commercial --phone \"+86 21 5555 0000\" --country CN --province "
		"Shanghai --city Shanghai \\\n"
		"    --address \"1 Example Road\" --postcode 200000 --licence licence.png",
		{COMPANY_OPTS}, create, "/api/v1/companies", cols_company},
	{"companies", "change", "ID", 1, 1, "edit a company", NULL,
		"  signet companies change 3 --licence new.png", {COMPANY_OPTS}, change,
		"/api/v1/companies", cols_company},
	{"companies", "delete", "ID", 1, 1, "delete a company", NULL, "  signet companies delete 3",
		{CMD_NONE}, run_delete, "/api/v1/companies/{id}", NULL},
	{0},
};
