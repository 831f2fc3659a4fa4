/* SPDX-License-Identifier: Apache-2.0 */
/* A check's answer as people and programs read it; of files and of live servers alike. */
#pragma once

#include "base/jsonw.h"
#include "inspect/check.h"

/* One certificate, numbered; status NULL: none is told. */
void cert_put(struct blob der, unsigned number, const char *status, struct arena *a);
void cert_json(struct blob der, const char *status, struct arena *a, struct jsonw *w);
void check_put_chain(const struct check *k, struct arena *a);
void check_put_findings(const struct check *k, bool chinese, struct arena *a);
/* Members "chain" and "findings". */
void check_json_chain(const struct check *k, struct arena *a, struct jsonw *w);
void check_json_findings(const struct check *k, bool chinese, struct jsonw *w);
