/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that are only rows: a list, an object, an act without a body. */
#include <stdio.h>

#include "cli/cli.h"

int
run_list(struct cli *c, struct err *e)
{
	const struct json *v;
	struct str path;
	int64_t next, total;
	size_t n;
	int r;

	r = path_of(c, &path, e);
	if (r == 0)
		r = rest_call(c, "GET", path, NULL, &v, e);
	if (r < 0)
		return r;
	if (c->json) {
		out_json(v, c->arena);
		return 0;
	}
	n = json_count(json_at(v, "items"));
	if (n)
		out_table(json_at(v, "items"), c->cmd->cols, c->arena);
	else
		fprintf(stderr, "none\n");
	if (json_int(json_at(v, "next_cursor"), &next)) {
		if (json_int(json_at(v, "total"), &total))
			fprintf(stderr, "%zu of %lld; ", n, (long long)total);
		fprintf(stderr, "more: --cursor %lld\n", (long long)next);
	}
	return 0;
}

static int
run_method(struct cli *c, const char *method, struct err *e)
{
	const struct json *v;
	struct str path;
	int r;

	r = path_of(c, &path, e);
	if (r == 0)
		r = rest_call(c, method, path, NULL, &v, e);
	if (r < 0)
		return r;
	if (c->cmd->cols)
		out_answer(c, v, c->cmd->cols);
	return 0;
}

int
run_show(struct cli *c, struct err *e)
{
	return run_method(c, "GET", e);
}

int
run_post(struct cli *c, struct err *e)
{
	return run_method(c, "POST", e);
}

int
run_delete(struct cli *c, struct err *e)
{
	return run_method(c, "DELETE", e);
}
