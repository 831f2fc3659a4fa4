/* SPDX-License-Identifier: Apache-2.0 */
/* How applications are shown to people. */
#pragma once

#include "cli/cli.h"

/* Everything of an application: state, names, what to publish, what to do next. */
void application_put(const struct json *app, struct arena *a);
/* What each name's check saw. */
void verified_put(const struct json *names, struct arena *a);
/* Asks again until the application is issued or stands still; *ret is its last answer, before the call what is known of it,
 * or NULL: a service that answered already may be away for a while. */
int application_wait(struct cli *c, int64_t id, int64_t seconds, const struct json **ret, struct err *e) CHECKED;
