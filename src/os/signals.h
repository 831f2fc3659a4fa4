/* SPDX-License-Identifier: Apache-2.0 */
/* The signals of a daemon as a descriptor: TERM, INT, HUP and CHLD. PIPE is ignored. */
#pragma once

#include "base/err.h"

/* Blocks them and opens the descriptor (non-blocking, close-on-exec). Call before threads, which
 * inherit the mask. */
int signals_open(int *ret_fd, struct err *e) CHECKED;
/* Waits up to timeout_ms (-1: for ever). The signal's number, or 0 when none came. */
int signals_wait(int fd, int timeout_ms);
/* The next one that has come already, or 0. */
int signals_next(int fd);
/* Blocks every signal for this thread: those of libraries and lanes. */
void signals_block_all(void);
/* Undoes the mask and the ignored PIPE, for a child between fork and exec. */
void signals_reset(void);
