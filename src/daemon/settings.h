/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of the configuration that the core may take into use while it runs, as one whole: made, handed to the service,
 * replaced by another one, and freed when nobody can look at it any more. For the core's first thread.
 */
#pragma once

#include "daemon/core.h"
#include "service/svc.h"

/* Replaced ones that linger; more of them are refused. */
#define SETTINGS_LINGERING_MAX 32

struct settings;

/* files: read, not closed. url: the first HTTPS listener's. E_CONFIG. */
int settings_new(const struct config *c, const int files[CONFIG_FILES], const char *url, struct settings **ret,
	struct err *e) CHECKED;
/* From the body of CONTROL_RELOAD; its log level holds from now on. What needs a restart is as in `newest`. E_CONFIG; E_BUSY
 * where too many linger. */
int settings_again(const struct core_start *start, struct blob body, const int files[CONFIG_FILES], const char *url,
	const struct settings *newest, struct settings **ret, struct err *e) CHECKED;
const struct svc_settings *settings_svc(const struct settings *s);
/* s becomes the newest of the list. */
void settings_push(struct settings **list, struct settings *s);
/* Frees those that nobody looks at any more. */
void settings_forget(struct settings **list);
/* Questions under way end at once. */
void settings_stop_all(struct settings *list);
void settings_free_all(struct settings **list);
