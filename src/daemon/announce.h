/* SPDX-License-Identifier: Apache-2.0 */
/* What a person at the terminal reads while the service starts: the main job, as it happens. */
#pragma once

#include "base/err.h"
#include "daemon/config.h"

void announce_step(void *arg, const char *step, const char *detail, int64_t took_ms);
/* The address, and a few lines to try that work without DNS or network. */
void announce_ready(const struct config *conf, const char *url);
void announce_failure(const struct err *e);
