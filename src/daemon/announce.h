/* SPDX-License-Identifier: Apache-2.0 */
/* What a person at the terminal reads while the service starts: the main job, as it happens. */
#pragma once

#include "base/err.h"

void announce_step(void *arg, const char *step, const char *detail, int64_t took_ms);
/* The address, and a few lines to try that work without DNS or network. The paths are absolute; cli: the folder of
 * `signet`, NULL where PATH leads to it. */
void announce_ready(const char *url, const char *data, const char *cli);
void announce_failure(const struct err *e);
