/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests of this folder: what a bug does (BUG_ON) is seen from outside, in a child process. */
#pragma once

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/defs.h"

/* Whether fn() aborts. */
static inline bool
dies(void (*fn)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		close(2); /* the message is not the test's */
		fn();
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return false;
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}
