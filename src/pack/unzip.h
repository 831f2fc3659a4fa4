/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the archives that zip.h writes: entries stored, plain file names. What it does not know it refuses. */
#pragma once

#include "pack/zip.h"

#define UNZIP_FILES_MAX 64

/* Contents borrow from `zip`. Names are [A-Za-z0-9._-] only, without a leading dot; `secret` when the mode is closed to
 * others. E_FIELD_FORM for anything else, E_UNSUPPORTED for compressed entries. */
int unzip_read(struct blob zip, struct arena *a, struct zip_file **ret, size_t *ret_n, struct err *e) CHECKED;
