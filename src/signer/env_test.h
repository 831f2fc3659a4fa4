/* SPDX-License-Identifier: Apache-2.0 */
/* A signer of the test's own on a fresh directory, asked straight. */
#pragma once

#include "ca/signer_client.h"
#include "signer/signer.h"

struct world {
	char path[64];
	int fd;
	struct signer *s;
	struct signer_client *c;
	struct arena a;
};

extern const struct signer_limits leaf_limits, any_limits, ca_limits;

void start(struct world *w);
void stop(struct world *w);
struct blob issuer(struct world *w, const char *name, const struct signer_limits *l);
struct blob subscriber_spki(struct world *w);
bool verifies(struct blob spki, struct blob tbs, struct blob sig);
/* cmocka's */
int setup(void **state);
int teardown(void **state);
