/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "os/ipc.h"

/* What a waiting message says of itself; nothing of it is trusted but what was checked. */
struct ipc_head {
	uint32_t magic;
	uint16_t type, flags;
	uint64_t id;
	uint64_t body_n;
};

/* Looks at the next message without taking it. 1, 0 the peer has closed, < 0. wait: block for it.
 */
int ipc_peek(int fd, bool wait, struct ipc_head *ret, struct err *e) CHECKED;
/* Takes the message that was looked at. a NULL: drops it with all it carries. */
int ipc_take(int fd, const struct ipc_head *h, size_t max, struct arena *a, struct ipc_msg *ret,
	struct err *e) CHECKED;
