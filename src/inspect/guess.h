/* SPDX-License-Identifier: Apache-2.0 */
/* What a file is that holds neither certificate nor key, so that whoever sent it can be told. */
#pragma once

#include "base/str.h"

/*
 * A sentence without full stop ("it is a PDF document; …") with what to do; NULL: not known. By the first bytes and by words
 * that stand in it alone: nothing depends on it but a message.
 */
const char *guess_what(struct blob file);
/* It begins as DER whose length reaches beyond its end: no reader can take it, and guess_what() says so. */
bool guess_cut_short(struct blob file);
