/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "daemon/core.h"

/* Binds all addresses; *ret in the arena, HTTPS first. A port 0 becomes the one that the kernel
 * picked. E_CONFIG. */
int listen_all(const struct config *c, struct arena *a, struct core_listener **ret, unsigned *ret_n,
	struct err *e) CHECKED;
