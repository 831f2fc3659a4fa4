/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/offline.h"

#include "cli/file_arg.h"

int
offline_password(struct cli *c, const char *option, struct str *ret, struct err *e)
{
	const char *given = opt_value(c, option);

	*ret = str_c(given);
	return given && strcmp(given, "-") == 0 ? ask_password(c->arena, "Passphrase", ret, e) : 0;
}

int
offline_file(struct cli *c, const char *path, struct blob *ret, struct err *e)
{
	return file_arg_read(path, INTAKE_FILE_MAX, c->arena, ret, e);
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
