/* SPDX-License-Identifier: Apache-2.0 */
/* Internationalised names (UTS 46 non-transitional by libidn2). Characters are checked before and after conversion,
 * because the library's STD3 option silently deletes some. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

/* To lower-case A-labels. E_NAME_IDN, E_NAME_SYNTAX, E_NAME_LENGTH. */
int idna_to_ascii(struct str name, struct arena *a, struct str *ret, struct err *e) CHECKED;
/* To U-labels for showing; what cannot be converted stays as it is. */
struct str idna_to_unicode(struct str name, struct arena *a);
