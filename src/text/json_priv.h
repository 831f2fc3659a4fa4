/* SPDX-License-Identifier: Apache-2.0 */
/* What json.c and its neighbours share. Only they include <jansson.h>. */
#pragma once

#include <jansson.h>

#include "text/json.h"

/* `struct json` is jansson's json_t under another name, so that its header stays in this folder. */
static inline const json_t *
json_inside(const struct json *v)
{
	return (const json_t *)v;
}

static inline const struct json *
json_outside(const json_t *v)
{
	return (const struct json *)v;
}

/* Looks over the text before any memory is taken for it: depth, number of values, UTF-8 (named by field). */
int json_scan(struct str text, size_t values_max, struct err *e) CHECKED;
