/* SPDX-License-Identifier: Apache-2.0 */
/* Zip archives in memory (libarchive), deterministic but for the given time. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct zip_file {
	const char *name;
	struct blob content;
	bool secret; /* mode 0600 inside */
};
int zip_build(const struct zip_file *files, size_t n, int64_t time_ms, struct buf *out, struct err *e) CHECKED;
