/* SPDX-License-Identifier: Apache-2.0 */
/* Zip archives in memory: stored, not compressed; the same input and time give the same bytes. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct zip_file {
	const char *name; /* printable ASCII, with '/' between folders */
	struct blob content;
	bool secret; /* mode 0600 inside */
};
/* Appends the archive to out (whose cap is its cap): E_TOO_LARGE, E_INTERNAL for a name that is none. At most 1000 files. */
int zip_build(const struct zip_file *files, size_t n, int64_t time_ms, struct buf *out, struct err *e) CHECKED;
