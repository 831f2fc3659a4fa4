/* SPDX-License-Identifier: Apache-2.0 */
/* Applications of the operator for names of its own, each with a signing request and with its names proven. */
#pragma once

#include "world.h"

struct load {
	struct world *w;
	size_t n;
	int64_t *ids; /* applications */
};

/* Prepares n applications that issue_application() can be called for. */
void load_make(struct load *l, struct world *w, size_t n);
void load_done(struct load *l);
/* A fresh P-256 key's signing request for the name, PEM. */
struct str load_signing_request(struct arena *a, struct str name);
