/* SPDX-License-Identifier: Apache-2.0 */
/* The public suffix list (libpsl; the system's list file, both sections). Names are lower-case A-labels. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

/* Loads the list; once, before threads. */
int psl_init(struct err *e) CHECKED;
/* The name itself is a public suffix (of the ICANN or the private section). */
bool psl_is_suffix(struct str name);
/* The registered domain: the public suffix and one label. {NULL, 0} for a suffix or below an unknown top-level domain
 * when `known` is set; otherwise the default rule "*" applies. */
struct str psl_registered(struct str name, bool known);
bool psl_tld_known(struct str name);
