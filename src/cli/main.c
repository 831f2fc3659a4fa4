/* SPDX-License-Identifier: Apache-2.0 */
/* signet: the command line. Finds the command, reads its options, runs it, tells what went wrong. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "cli/cli.h"

static bool
is_help(const char *s)
{
	return strcmp(s, "--help") == 0 || strcmp(s, "-h") == 0 || strcmp(s, "help") == 0;
}

/* A noun alone, or with options alone, means its list. *ret_words: how many words the command's name took. */
static const struct cmd *
find(const char *noun, const char *verb, bool *ret_noun_known, int *ret_words)
{
	bool bare = !verb || (strncmp(verb, "--", 2) == 0 && !is_help(verb));

	*ret_noun_known = false;
	for (const struct cmd *const *file = cmd_all; *file; file++) {
		for (const struct cmd *m = *file; m->noun; m++) {
			if (strcmp(m->noun, noun) != 0)
				continue;
			*ret_noun_known = true;
			*ret_words = m->verb && !bare ? 2 : 1;
			if (!m->verb || strcmp(m->verb, bare ? "list" : verb) == 0)
				return m;
		}
	}
	return NULL;
}

static int
no_command(const char *noun, const char *verb, bool noun_known)
{
	if (strncmp(noun, "--", 2) == 0) {
		fprintf(stderr, "signet: %s stands before the command\n  hint: Options come behind it: signet COMMAND %s\n",
			noun, noun);
		return 2;
	}
	if (!noun_known) {
		fprintf(stderr, "signet: there is no command \"%s\"\n  hint: signet --help lists all\n", noun);
		return 2;
	}
	if (!verb || is_help(verb)) {
		help_noun(noun);
		return verb ? 0 : 2;
	}
	fprintf(stderr, "signet: there is no command \"%s %s\"\n  hint: signet %s --help\n", noun, verb, noun);
	return 2;
}

static int
run(struct cli *c, int argc, char **argv)
{
	ERR(e);
	int r;

	r = opts_read(c, argc, argv, &e);
	if (r == 0 && opt_given(c, "help")) {
		help_cmd(c->cmd);
		return 0;
	}
	if (r == 0)
		r = c->cmd->run(c, &e);
	if (r >= 0 && fflush(stdout) != 0)
		r = err_set(&e, E_IO, "the output cannot be written");
	if (r >= 0)
		return r;
	fflush(stdout);
	out_err(c, &e);
	return err_info(e.code)->exit;
}

/* "help certificates show" is "certificates show --help". */
static int
help_about(const char *noun, const char *verb)
{
	bool noun_known;
	int words;
	const struct cmd *m = find(noun, verb, &noun_known, &words);

	if (!m || (m->verb && !verb))
		return no_command(noun, verb ? verb : "help", noun_known);
	help_cmd(m);
	return 0;
}

int
main(int argc, char **argv)
{
	static struct cli c;
	bool noun_known;
	int words = 1;
	ARENA(a);

	setlocale(LC_ALL, "");
	clock_init();
	if (argc > 2 && is_help(argv[1]))
		return help_about(argv[2], argc > 3 ? argv[3] : NULL);
	if (argc < 2 || is_help(argv[1])) {
		help_all();
		return argc < 2 ? 2 : 0;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("signet %s\n", SIGNET_VERSION);
		return 0;
	}
	c.arena = &a;
	c.cmd = find(argv[1], argc > 2 ? argv[2] : NULL, &noun_known, &words);
	if (!c.cmd)
		return no_command(argv[1], argc > 2 ? argv[2] : NULL, noun_known);
	return run(&c, argc - 1 - words, argv + 1 + words);
}
