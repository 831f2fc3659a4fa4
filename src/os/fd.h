/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors that close themselves, and the loops around read(2) and write(2). */
#pragma once

#include "base/err.h"

/* Closes *fd unless it is negative, and makes it -1; errno stays. */
void fd_close(int *fd);
#define FD(name) CLEANUP(fd_close) int name = -1
/* Takes the descriptor out of a variable: its cleanup then does nothing. */
int fd_take(int *fd);

/* All of it, however the kernel cuts it. what: named in the message. E_IO, E_DISK_FULL. */
int fd_write(int fd, struct blob b, const char *what, struct err *e) CHECKED;
/* Sets or clears close-on-exec. */
int fd_cloexec(int fd, bool on, struct err *e) CHECKED;
