/* SPDX-License-Identifier: Apache-2.0 */
/* Files that must survive a power failure, and files read whole under a cap. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/secret.h"

/* The whole file, at most max bytes (E_TOO_LARGE beyond; E_NOT_FOUND when there is none). dirfd as
 * for openat(2). */
int file_read(int dirfd, const char *path, size_t max, struct arena *a, struct blob *ret,
	struct err *e) CHECKED;
/* An open file from its beginning to its end; name is for messages. */
int file_read_open(int fd, const char *name, size_t max, struct arena *a, struct blob *ret,
	struct err *e) CHECKED;
int file_read_secret(
	int dirfd, const char *path, size_t max, struct secret **ret, struct err *e) CHECKED;
/* What is still to be read of an open file, pipe or terminal. */
int file_read_secret_open(int fd, const char *name, size_t max, struct secret **ret, struct err *e) CHECKED;
/* Written beside, synced, renamed over, directory synced: after success it is durable, after a
 * crash old or new. */
int file_write_atomic(
	int dirfd, const char *path, struct blob content, unsigned mode, struct err *e) CHECKED;
/* The same, but E_CONFLICT when the path stands already: of two writers at once exactly one
 * succeeds. */
int file_create_atomic(
	int dirfd, const char *path, struct blob content, unsigned mode, struct err *e) CHECKED;
/* Makes the directory (and none above it) unless it stands; syncs its parent. */
int file_mkdir(int dirfd, const char *path, unsigned mode, struct err *e) CHECKED;
/* An exclusive lock held while *ret_fd is open; E_LOCKED names the holder's pid when known. */
int file_lock(int dirfd, const char *path, int *ret_fd, struct err *e) CHECKED;
int file_remove(int dirfd, const char *path, struct err *e) CHECKED;
/* Removes what writers killed in the middle left in the directory. No writer may be at work there.
 */
int file_sweep(int dirfd, struct err *e) CHECKED;
/* Syncs the directory that holds the path. */
int file_sync_parent(int dirfd, const char *path, struct err *e) CHECKED;
