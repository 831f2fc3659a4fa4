/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/offline.h"

#include <fcntl.h>
#include <unistd.h>

#include "os/file.h"

int
offline_password(struct cli *c, const char *option, struct str *ret, struct err *e)
{
	const char *given = opt_value(c, option);

	*ret = str_c(given);
	return given && strcmp(given, "-") == 0 ? ask_password(c->arena, "Passphrase", ret, e) : 0;
}

static void
drop(void *p)
{
	secret_free(p);
}

int
offline_file(struct cli *c, const char *path, struct blob *ret, struct err *e)
{
	struct secret *s;
	int r;

	if (strcmp(path, "-") == 0)
		return file_read_open(STDIN_FILENO, "standard input", INTAKE_FILE_MAX, c->arena, ret, e);
	r = file_read_secret(AT_FDCWD, path, INTAKE_FILE_MAX, &s, e);
	if (r < 0)
		return r;
	arena_defer(c->arena, drop, s);
	*ret = secret_blob(s);
	return 0;
}

int
offline_take(struct cli *c, struct intake *in, struct str password, struct err *e)
{
	intake_init(in, c->arena);
	for (unsigned i = 0; i < c->n_args; i++) {
		struct blob bytes;
		int r = offline_file(c, c->args[i], &bytes, e);

		if (r < 0)
			return r;
		intake_add(in, c->args[i], bytes, password, e);
	}
	return 0;
}

int
offline_no(struct cli *c, const struct err *e)
{
	out_err(c, e);
	return e->code == E_USAGE ? 2 : 1;
}
