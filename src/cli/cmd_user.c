/* SPDX-License-Identifier: Apache-2.0 */
/* Users and access keys of the own account. */
#include <stdio.h>

#include "cli/cli.h"

static const struct col cols_list[] = {
	{"ID", "id", COL_RIGHT},
	{"NAME", "name", COL_TEXT},
	{"ROLE", "role", COL_TEXT},
	{"E-MAIL", "email", COL_TEXT},
	{"DISABLED", "disabled", COL_YES},
	{"CREATED", "created", COL_DAY},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_user[] = {
	{"id", "id", COL_TEXT},
	{"name", "name", COL_TEXT},
	{"role", "role", COL_TEXT},
	{"e-mail", "email", COL_TEXT},
	{"e-mail confirmed", "email_confirmed", COL_TIME},
	{"disabled", "disabled", COL_YES},
	{"created", "created", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_created[] = {
	{"id", "user.id", COL_TEXT},
	{"name", "user.name", COL_TEXT},
	{"role", "user.role", COL_TEXT},
	{"password", "password", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_keys[] = {
	{"ID", "id", COL_RIGHT},
	{"ACCESS KEY ID", "access_key_id", COL_TEXT},
	{"USER", "user", COL_RIGHT},
	{"ROLE", "role", COL_TEXT},
	{"DISABLED", "disabled", COL_YES},
	{"CREATED", "created", COL_DAY},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_key[] = {
	{"id", "id", COL_TEXT},
	{"access key id", "access_key_id", COL_TEXT},
	{"access key secret", "access_key_secret", COL_TEXT},
	{"user", "user", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static int
create(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;

	body_begin(&w, &b);
	jsonw_kv_c(&w, "name", c->args[0]);
	body_opt(c, &w, "email", "email");
	body_opt(c, &w, "role", "role");
	body_end(&w);
	return rest_show(c, "POST", STR("/api/v1/users"), &b, cols_created, e);
}

static int
change(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int64_t id;
	int r;

	r = arg_id(c, 0, &id, e);
	if (r < 0)
		return r;
	if (opt_given(c, "disable") && opt_given(c, "enable"))
		return err_set(e, E_USAGE, "--disable and --enable exclude each other");
	body_begin(&w, &b);
	body_opt(c, &w, "email", "email");
	body_opt(c, &w, "role", "role");
	if (opt_given(c, "disable") || opt_given(c, "enable"))
		jsonw_kv_bool(&w, "disabled", opt_given(c, "disable"));
	body_end(&w);
	return rest_show(c, "PATCH", arena_printf(c->arena, "/api/v1/users/%lld", (long long)id), &b, cols_user, e);
}

static int
create_key(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;
	int r;

	body_begin(&w, &b);
	r = body_int(c, &w, "user", "user", e);
	if (r < 0)
		return r;
	body_end(&w);
	return rest_show(c, "POST", STR("/api/v1/access-keys"), &b, cols_key, e);
}

const struct cmd cmds_user[] = {
	{"users", "list", "", 0, 0, "list the users of your account", NULL, "  signet users list",
		{CMD_LIMIT, CMD_CURSOR}, run_list, "/api/v1/users", cols_list},
	{"users", "show", "ID", 1, 1, "show a user", NULL, "  signet users show 3", {CMD_NONE}, run_show,
		"/api/v1/users/{id}", cols_user},
	{"users", "create", "NAME", 1, 1, "add a user; the random password is shown once", NULL,
		"  signet users create bob --email bob@example.com --role operator",
		{{"email", "ADDRESS", "e-mail address"},
			{"role", "ROLE", "owner, operator or viewer; staff: administrator, reviewer, support"}},
		create, NULL, NULL},
	{"users", "change", "ID", 1, 1, "change a user's role, e-mail address or state", NULL,
		"  signet users change 3 --role viewer\n  signet users change 3 --disable",
		{{"email", "ADDRESS", "e-mail address"}, {"role", "ROLE", "role"},
			{"disable", NULL, "ends sessions, refuses keys"}, {"enable", NULL, "lets the user in again"}},
		change, NULL, NULL},
	{"users", "confirm-email", "ID", 1, 1, "mail a one-time link that confirms the user's address", NULL,
		"  signet users confirm-email 3", {CMD_NONE}, run_post, "/api/v1/users/{id}:confirm_email", cols_user},
	{"keys", "list", "", 0, 0, "list the access keys of your account", NULL, "  signet keys list",
		{CMD_LIMIT, CMD_CURSOR}, run_list, "/api/v1/access-keys", cols_keys},
	{"keys", "create", "", 0, 0, "make an access key; its secret is shown once", NULL, "  signet keys create",
		{{"user", "ID", "for another user"}}, create_key, NULL, NULL},
	{"keys", "remove", "ID", 1, 1, "remove an access key", NULL, "  signet keys remove 4", {CMD_NONE}, run_delete,
		"/api/v1/access-keys/{id}", NULL},
	{0},
};
