/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The role `perspective`: one process elsewhere in the network that looks at DNS, files and CAA for the core of another
 * machine (validate/question.h). It keeps nothing but its key: no database, no signer, and nothing that it may write.
 */
#pragma once

#include "daemon/config.h"

#define PERSPECTIVE_KEY "perspective.key" /* in DIR: 64 hexadecimal digits, the same file on both sides */

/* Reads such a file. E_CONFIG, E_NOT_FOUND, E_IO. */
int perspective_key_read(int dirfd, const char *path, uint8_t ret[CONFIG_KEY_LEN], struct err *e) CHECKED;
/* Until SIGTERM. The exit code. */
int perspective_run(struct config *c, struct arena *a, struct err *e) CHECKED;
