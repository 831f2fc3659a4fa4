/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a file is, judged by its bytes alone: neither its name nor what the sender says about it
 * counts. A file that is taken is one thing from its first byte to its last: nothing stands before
 * it, behind it or between its parts.
 */
#pragma once

#include "base/err.h"

enum media { MEDIA_PNG, MEDIA_JPEG, MEDIA_PDF, MEDIA_TEXT, MEDIA_KINDS };
/* "image/png" … */
extern const char *const words_media[];

#define MEDIA_PICTURE (1U << MEDIA_PNG | 1U << MEDIA_JPEG)
#define MEDIA_ANY (MEDIA_PICTURE | 1U << MEDIA_PDF | 1U << MEDIA_TEXT)
/* The most that one side of a picture may have: what shows it must hold it unpacked. */
#define MEDIA_SIDE_MAX 20000

/* E_ATTACHMENT_TYPE: none of these; E_ATTACHMENT_BROKEN: begins like one of them, but is cut off,
 * damaged, or carries something else. Any thread. */
int media_sniff(struct blob file, enum media *ret, struct err *e) CHECKED;
