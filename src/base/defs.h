/* SPDX-License-Identifier: Apache-2.0 */
/* Words that every file of the house may use. No state, no functions with a body of more than a line. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The result must be looked at. */
#define CHECKED __attribute__((warn_unused_result))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
/* x is passed to fn (by address) when it leaves its scope. */
#define CLEANUP(fn) __attribute__((cleanup(fn)))
#define NORETURN __attribute__((noreturn))
#define UNUSED __attribute__((unused))

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/* Takes the value out of a variable, leaving NULL: the cleanup of the variable then does nothing. */
#define TAKE(p)                                                                                    \
	({                                                                                         \
		__typeof__(p) take_value_ = (p);                                                   \
		(p) = NULL;                                                                        \
		take_value_;                                                                       \
	})

/* A bug in this program, never a fault of input or environment: says where and aborts. */
NORETURN void bug(const char *file, int line, const char *what);
#define BUG_ON(cond)                                                                               \
	do {                                                                                       \
		if (__builtin_expect(!!(cond), 0))                                                 \
			bug(__FILE__, __LINE__, #cond);                                            \
	} while (0)
#define BUG(what) bug(__FILE__, __LINE__, (what))

/* Ids fit what a browser can read. */
#define ID_MAX ((INT64_C(1) << 53) - 1)
