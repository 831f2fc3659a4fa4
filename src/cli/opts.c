/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

static const struct cmd_opt *
find(const struct cmd *m, struct str name)
{
	for (const struct cmd_opt *o = cmd_global_opts; o->name; o++) {
		if (str_eq_c(name, o->name))
			return o;
	}
	for (const struct cmd_opt *o = m->opts; o->name; o++) {
		if (str_eq_c(name, o->name))
			return o;
	}
	return NULL;
}

static int
take_option(struct cli *c, int argc, char **argv, int *i, struct err *e)
{
	struct str text = str_c(argv[*i] + 2), name = str_cut(&text, '=');
	const struct cmd_opt *o = find(c->cmd, name);
	const char *value = text.p;

	if (!o)
		return err_set(e, E_USAGE, "there is no option --%.*s here", STRF(name));
	if (!o->arg && value)
		return err_set(e, E_USAGE, "the option --%s takes no value", o->name);
	if (o->arg && !value) {
		if (*i + 1 >= argc)
			return err_set(
				e, E_USAGE, "the option --%s needs a value: --%s %s", o->name, o->name, o->arg);
		value = argv[++*i];
	}
	if (c->n_options == CLI_OPTIONS_MAX)
		return err_set(e, E_USAGE, "more than %d options", CLI_OPTIONS_MAX);
	c->options[c->n_options++] = (struct cli_option){o, value};
	return 0;
}

int
opts_read(struct cli *c, int argc, char **argv, struct err *e)
{
	bool only_args = false;
	int r;

	for (int i = 0; i < argc; i++) {
		if (!only_args && strcmp(argv[i], "--") == 0) {
			only_args = true;
		} else if (!only_args && strncmp(argv[i], "--", 2) == 0) {
			r = take_option(c, argc, argv, &i, e);
			if (r < 0)
				return r;
		} else if (!only_args && argv[i][0] == '-' && argv[i][1]) {
			return err_set(e, E_USAGE, "there is no option %s; long options only", argv[i]);
		} else if (c->n_args == c->cmd->max_args) {
			return err_set(e, E_USAGE, "too many arguments: \"%s\"", argv[i]);
		} else {
			c->args[c->n_args++] = argv[i];
		}
	}
	c->json = opt_given(c, "json");
	if (opt_given(c, "help"))
		return 0;
	if (c->n_args < c->cmd->min_args)
		return err_set(e, E_USAGE, "the command needs %s", c->cmd->args);
	return 0;
}

const char *
opt_value(const struct cli *c, const char *name)
{
	for (unsigned i = c->n_options; i-- > 0;) {
		if (strcmp(c->options[i].opt->name, name) == 0)
			return c->options[i].value ? c->options[i].value : "";
	}
	return NULL;
}

bool
opt_given(const struct cli *c, const char *name)
{
	return opt_value(c, name) != NULL;
}

int
opt_int(const struct cli *c, const char *name, int64_t *ret, struct err *e)
{
	const char *v = opt_value(c, name);
	uint64_t n;

	if (!v)
		return 0;
	if (!str_u64(str_c(v), (uint64_t)ID_MAX, &n))
		return err_field(e, E_USAGE, name, "--%s %s is no whole number", name, v);
	*ret = (int64_t)n;
	return 1;
}

int
arg_id(const struct cli *c, unsigned i, int64_t *ret, struct err *e)
{
	uint64_t n;

	if (!str_u64(str_c(c->args[i]), (uint64_t)ID_MAX, &n) || n == 0)
		return err_set(e, E_USAGE, "\"%s\" is no id; lists show ids in their first column", c->args[i]);
	*ret = (int64_t)n;
	return 0;
}
