/* SPDX-License-Identifier: Apache-2.0 */
/* Completion in a shell: a script made from the rows that every other command is read and explained by. */
#include <stdio.h>

#include "cli/cli.h"

static const char head[] = "# Completion of signet; made by `signet completion`.\n"
	"_signet() {\n"
	"\tlocal cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
	"\tlocal noun=\"${COMP_WORDS[1]}\" verb=\"${COMP_WORDS[2]}\" verbs='' options='' takes='' files='' args='' words=''\n"
	"\tCOMPREPLY=()\n";

/* What the word before says goes first: it may want a value. */
static const char tail[] = "\tif [[ \" $files \" == *\" $prev \"* ]]; then\n"
	"\t\tlocal IFS=$'\\n'\n"
	"\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n"
	"\t\treturn\n"
	"\tfi\n"
	"\tif [[ \" $takes \" == *\" $prev \"* ]]; then\n"
	"\t\treturn\n"
	"\tfi\n"
	"\tif [[ \"$cur\" == -* ]]; then\n"
	"\t\twords=\"$options\"\n"
	"\telif [[ $COMP_CWORD -eq 2 && -n \"$verbs\" ]]; then\n"
	"\t\twords=\"$verbs\"\n"
	"\telif [[ \"$args\" == *FILE* ]]; then\n"
	"\t\tlocal IFS=$'\\n'\n"
	"\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n"
	"\t\treturn\n"
	"\telif [[ \"$args\" == *'|'* ]]; then\n"
	"\t\twords=\"${args//|/ }\"\n"
	"\tfi\n"
	"\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	"}\n";

static bool
is_path(const char *arg)
{
	return strcmp(arg, "FILE") == 0 || strcmp(arg, "DIR") == 0;
}

/* files: those whose value is a path; else those whose value is another thing, or all. */
enum which { OPTS_ALL, OPTS_PATHS, OPTS_OTHERS };

static void
put_opts(const struct cmd_opt *opts, enum which which)
{
	for (const struct cmd_opt *o = opts; o->name; o++) {
		if (which == OPTS_ALL || (o->arg && is_path(o->arg) == (which == OPTS_PATHS)))
			printf(" --%s", o->name);
	}
}

static void
put_variable(const char *name, const struct cmd *m, enum which which)
{
	printf(" %s='", name);
	put_opts(m->opts, which);
	put_opts(cmd_global_opts, which);
	printf("'");
}

/* Two nouns may stand in several files: each is told once. */
static bool
is_first(const struct cmd *m)
{
	for (const struct cmd *const *file = cmd_all; *file; file++) {
		for (const struct cmd *o = *file; o->noun; o++) {
			if (o == m)
				return true;
			if (strcmp(o->noun, m->noun) == 0)
				return false;
		}
	}
	return false;
}

static void
put_verbs(const char *noun)
{
	for (const struct cmd *const *file = cmd_all; *file; file++) {
		for (const struct cmd *m = *file; m->noun; m++) {
			if (m->verb && strcmp(m->noun, noun) == 0)
				printf(" %s", m->verb);
		}
	}
}

static void
put_nouns(void)
{
	printf("\tif [[ $COMP_CWORD -eq 1 ]]; then\n\t\tCOMPREPLY=($(compgen -W \"--help --version");
	for (const struct cmd *const *file = cmd_all; *file; file++) {
		for (const struct cmd *m = *file; m->noun; m++) {
			if (is_first(m))
				printf(" %s", m->noun);
		}
	}
	printf("\" -- \"$cur\"))\n\t\treturn\n\tfi\n\tcase \"$noun\" in\n");
	for (const struct cmd *const *file = cmd_all; *file; file++) {
		for (const struct cmd *m = *file; m->noun; m++) {
			if (!is_first(m) || !m->verb)
				continue;
			printf("\t%s) verbs='", m->noun);
			put_verbs(m->noun);
			printf("' ;;\n");
		}
	}
	printf("\tesac\n");
}

/* A noun alone, or with options, means its list. */
static void
put_pattern(const struct cmd *m)
{
	if (!m->verb)
		printf("\t\"%s \"*)", m->noun);
	else if (strcmp(m->verb, "list") == 0)
		printf("\t\"%s list\" | \"%s \"-*)", m->noun, m->noun);
	else
		printf("\t\"%s %s\")", m->noun, m->verb);
}

static void
put_commands(void)
{
	printf("\tcase \"$noun $verb\" in\n");
	for (const struct cmd *const *file = cmd_all; *file; file++) {
		for (const struct cmd *m = *file; m->noun; m++) {
			put_pattern(m);
			put_variable("options", m, OPTS_ALL);
			put_variable("takes", m, OPTS_OTHERS);
			put_variable("files", m, OPTS_PATHS);
			printf(" args='%s' ;;\n", m->args);
		}
	}
	printf("\tesac\n");
}

static int
run_completion(struct cli *c, struct err *e)
{
	bool zsh = strcmp(c->args[0], "zsh") == 0;

	if (!zsh && strcmp(c->args[0], "bash") != 0)
		return err_set(e, E_USAGE, "\"%s\" is no shell that completion is made for: bash, zsh", c->args[0]);
	/* zsh has a layer that runs such functions as bash does */
	if (zsh)
		printf("#compdef signet\nautoload -U +X bashcompinit && bashcompinit\n");
	fputs(head, stdout);
	put_nouns();
	put_commands();
	fputs(tail, stdout);
	printf("complete -o filenames -F _signet signet\n");
	return 0;
}

const struct cmd cmds_completion[] = {
	{"completion", NULL, "bash|zsh", 1, 1, "print a script that completes commands and options in a shell",
		"  bash: write it to ~/.local/share/bash-completion/completions/signet, or source it in ~/.bashrc\n"
		"  zsh: source it in ~/.zshrc, behind compinit",
		"  source <(signet completion bash)", {CMD_NONE}, run_completion},
	{0},
};
