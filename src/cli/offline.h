/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands share that need no service: their exit code is 0 for yes, 1 for no, 2 for usage (SPEC 5). */
#pragma once

#include "cli/cli.h"
#include "inspect/intake.h"

/* Option "password" of such commands: its value; "-" is asked for. ret: {NULL, 0} when it is not given. */
int offline_password(struct cli *c, const char *option, struct str *ret, struct err *e) CHECKED;
/* One file's bytes, in secret memory: a key may be in it. "-" is standard input. */
int offline_file(struct cli *c, const char *path, struct blob *ret, struct err *e) CHECKED;
/* All arguments as files, taken apart; their faults are noted in *e. < 0: one cannot be opened. */
int offline_take(struct cli *c, struct intake *in, struct str password, struct err *e) CHECKED;
/* Says the error; the exit code: 2 for usage, else 1. */
int offline_no(struct cli *c, const struct err *e);
