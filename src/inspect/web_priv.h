/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "inspect/path_priv.h"

/* What the CA/Browser rules demand of a server's certificate beyond RFC 5280. */
void web_judge(const struct path_cert *c, enum role role, int at, struct faults *f);
/* The wildcard name stands before a public suffix. */
bool web_public_wildcard(struct str name);
