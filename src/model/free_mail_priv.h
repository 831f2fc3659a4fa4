/* SPDX-License-Identifier: Apache-2.0 */
/* Generated from policy/free-mail.txt: sorted by bytes, lower case. */
#pragma once

#include <stddef.h>

extern const char *const free_mail_table[];
extern const size_t free_mail_count;
