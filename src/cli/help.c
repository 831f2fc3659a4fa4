/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/cli.h"

#define LEFT_WIDTH 34

const struct cmd_opt cmd_global_opts[] = {
	{"json", NULL, "print what the API answers, as JSON"},
	{"server", "NAME", "a server of the configuration (SIGNET_SERVER)"},
	{"url", "URL", "address of the service (SIGNET_URL)"},
	{"access-key", "ID.SECRET", "access key (SIGNET_KEY; better there: others see arguments)"},
	{"ca", "FILE", "root certificates in PEM that the service is checked with (SIGNET_CA)"},
	{"admin-file", "FILE", "DIR/admin.json of a service on this machine (SIGNET_ADMIN_FILE)"},
	{"help", NULL, "explain"},
	{NULL, NULL, NULL},
};

static const char exit_codes[] =
	"Exit codes: 0 done, 1 refused, 2 wrong input, 3 not found, 4 not allowed, 5 conflict, 6 try again later,\n"
	"7 internal; signet errors list has each error's.";

static void
put_opts(const struct cmd_opt *opts)
{
	for (const struct cmd_opt *o = opts; o->name; o++) {
		char left[64];

		snprintf(left, sizeof(left), "--%s%s%s", o->name, o->arg ? " " : "", o->arg ? o->arg : "");
		printf("  %-28s %s\n", left, o->help);
	}
}

static void
put_line(const struct cmd *m)
{
	char left[64];

	snprintf(left, sizeof(left), "%s%s%s %s", m->noun, m->verb ? " " : "", m->verb ? m->verb : "", m->args);
	if (strlen(left) >= LEFT_WIDTH) /* a long command has a line of its own */
		printf("  %s\n%*s", left, LEFT_WIDTH + 2, "");
	else
		printf("  %-*s", LEFT_WIDTH, left);
	printf(" %s\n", m->summary);
}

void
help_all(void)
{
	printf("signet: the whole life of TLS certificates, from a shell\n\n");
	for (const struct cmd *const *file = cmd_all; *file; file++) {
		for (const struct cmd *m = *file; m->noun; m++)
			put_line(m);
		printf("\n");
	}
	printf("Options of every command:\n");
	put_opts(cmd_global_opts);
	printf("\n%s\nExamples:\n"
	       "  signet login --admin-file ./signet-data/admin.json\n"
	       "  signet products list\n"
	       "  signet apply --help\n", exit_codes);
}

void
help_noun(const char *noun)
{
	printf("signet %s:\n\n", noun);
	for (const struct cmd *const *file = cmd_all; *file; file++) {
		for (const struct cmd *m = *file; m->noun; m++) {
			if (strcmp(m->noun, noun) == 0)
				put_line(m);
		}
	}
	printf("\nMore: signet %s VERB --help\n", noun);
}

void
help_cmd(const struct cmd *m)
{
	printf("signet %s%s%s%s%s [options]\n\n  %s\n", m->noun, m->verb ? " " : "", m->verb ? m->verb : "",
		m->args[0] ? " " : "", m->args, m->summary);
	if (m->text)
		printf("\n%s\n", m->text);
	if (m->opts[0].name) {
		printf("\nOptions:\n");
		put_opts(m->opts);
	}
	printf("\nOptions of every command:\n");
	put_opts(cmd_global_opts);
	printf("\n%s\n", exit_codes);
	if (m->examples)
		printf("\nExamples:\n%s\n", m->examples);
}
