/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "os/sandbox.h"

/* sandbox_landlock.c: confines this thread to the paths. 0: done, 1: the kernel has no landlock. */
int landlock_confine(const struct sandbox_conf *c, struct err *e) CHECKED;
