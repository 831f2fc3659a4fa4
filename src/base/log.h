/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Log lines are events: a dotted name and typed fields, written to standard error as one line of
 * `time level role event key=value…`, each in a single write(2). The same event feeds the metric
 * signet_events_total{event="…"}. Only service and the floors above log. Secrets have no formatter.
 */
#pragma once

#include "base/err.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

enum log_kind { LOG_K_END, LOG_K_STR, LOG_K_INT, LOG_K_HEX };
struct log_field {
	enum log_kind kind;
	const char *key;
	struct str s;
	int64_t i;
};

#define F_STR(k, v) ((struct log_field){LOG_K_STR, (k), str_c(v), 0})
#define F_S(k, v) ((struct log_field){LOG_K_STR, (k), (v), 0})
#define F_INT(k, v) ((struct log_field){LOG_K_INT, (k), {NULL, 0}, (v)})
#define F_HEX(k, v) ((struct log_field){LOG_K_HEX, (k), str_of(v), 0})

/* role: "core", "signer"…; fd: where lines go. */
void log_init(const char *role, int fd, enum log_level least);
/* From now on; any thread. */
void log_least(enum log_level least);
void log_fields(enum log_level l, const char *event, const struct log_field *fields);
#define log_event(level, event, ...)                                                               \
	log_fields((level), (event), (const struct log_field[]){__VA_ARGS__ __VA_OPT__(, ){0}})
/* The error's code, message, detail, field and hint as an event. */
void log_err(enum log_level l, const char *event, const struct err *e);

/* Walks the counters of events seen (metrics); *it starts at 0. */
bool log_counter_next(size_t *it, const char **ret_event, uint64_t *ret_n);
