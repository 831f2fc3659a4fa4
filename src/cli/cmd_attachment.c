/* SPDX-License-Identifier: Apache-2.0 */
/* Files: pictures of licences, papers of tickets. */
#include <fcntl.h>
#include <stdio.h>

#include "cli/cli.h"
#include "os/file.h"

#define FILE_MAX (4 * 1024 * 1024)

static const struct col cols_list[] = {
	{"ID", "id", COL_RIGHT},
	{"NAME", "name", COL_TEXT},
	{"TYPE", "media", COL_TEXT},
	{"BYTES", "size", COL_RIGHT},
	{"BELONGS TO", "object", COL_TEXT},
	{"ID", "object_id", COL_RIGHT},
	{"SENT", "created", COL_TIME},
	{NULL, NULL, COL_TEXT},
};

static const struct col cols_one[] = {
	{"id", "id", COL_TEXT},
	{"name", "name", COL_TEXT},
	{"type", "media", COL_TEXT},
	{"bytes", "size", COL_TEXT},
	{"SHA-256", "sha256", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

int
attachment_send(struct cli *c, const char *path, const struct json **ret, struct err *e)
{
	const char *slash = strrchr(path, '/');
	struct str name = url_encode(c->arena, str_c(slash ? slash + 1 : path));
	struct blob file;
	int r;

	r = file_read(AT_FDCWD, path, FILE_MAX, c->arena, &file, e);
	if (r < 0)
		return err_wrap(e, "%s", path);
	return rest_upload(c,
		arena_printf(c->arena, "/api/v1/attachments?file_name=%.*s", STRF(name)), file, ret,
		e);
}

static int
upload(struct cli *c, struct err *e)
{
	const struct json *v;
	int r = attachment_send(c, c->args[0], &v, e);

	if (r == 0)
		out_answer(c, v, cols_one);
	return r;
}

static int
download(struct cli *c, struct err *e)
{
	struct http_rest_answer answer;
	struct str path;
	int r;

	r = path_of(c, &path, e);
	if (r == 0)
		r = rest_raw(c, "GET", path, NULL, NULL, &answer, e);
	if (r == 0)
		r = file_write_atomic(AT_FDCWD, c->args[1], answer.body, 0600, e);
	return r;
}

const struct cmd cmds_attachment[] = {
	{"attachments", "list", "", 0, 0, "list the files that were sent to your account", NULL,
		"  signet attachments list", {CMD_LIMIT, CMD_CURSOR}, run_list,
		"/api/v1/attachments", cols_list},
	{"attachments", "upload", "FILE", 1, 1, "send a file, for a company or a ticket to take",
		"PNG or JPEG pictures, PDF, plain text; at most 4 MB. What nothing takes goes away "
		"after a day.",
		"  signet attachments upload licence.png", {CMD_NONE}, upload, NULL, NULL},
	{"attachments", "show", "ID", 1, 1, "show what is known about a file", NULL,
		"  signet attachments show 5", {{"account", "ID", "of another account, for staff"}},
		run_show, "/api/v1/attachments/{id}", cols_one},
	{"attachments", "download", "ID FILE", 2, 2, "write a file as it was sent to FILE", NULL,
		"  signet attachments download 5 licence.png",
		{{"account", "ID", "of another account, for staff"}}, download,
		"/api/v1/attachments/{id}/content", NULL},
	{"attachments", "delete", "ID", 1, 1, "delete an upload of yours that nothing uses", NULL,
		"  signet attachments delete 5", {CMD_NONE}, run_delete, "/api/v1/attachments/{id}",
		NULL},
	{0},
};
