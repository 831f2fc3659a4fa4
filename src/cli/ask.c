/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "base/secret.h"
#include "cli/cli.h"

#define PASSWORD_MAX 256

int
ask_password(struct arena *a, const char *prompt, struct str *ret, struct err *e)
{
	struct termios old, quiet;
	bool tty = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &old) == 0;
	char line[PASSWORD_MAX + 2];
	bool got;

	if (tty) {
		fprintf(stderr, "%s: ", prompt);
		quiet = old;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	got = fgets(line, sizeof(line), stdin) != NULL;
	if (tty) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
		fprintf(stderr, "\n");
	}
	if (!got || !line[0] || line[0] == '\n')
		return err_set(e, E_USAGE, "no password was given");
	*ret = arena_str(a, str_trim(str_c(line)));
	wipe(line, sizeof(line));
	return 0;
}
