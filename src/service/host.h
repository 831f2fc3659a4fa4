/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inventory: servers that scans have found or monitors watch, by the name or address they were asked for as and the
 * port. A row says what the last look saw. Certificates stand once in an account, whatever number of servers shows them.
 */
#pragma once

#include "service/look.h"
#include "service/svc.h"
#include "store/store_sql.h"

struct host_filter {
	int status; /* enum host_status; -1: all */
	struct str name; /* exact, or ".example.com" for all below; {NULL, 0}: all */
	int64_t scan; /* 0: all */
};

struct host_view {
	struct row_host row;
	struct str findings; /* JSON: an array; "" when unseen */
	struct blob der; /* of the certificate; {NULL, 0} when unseen */
	int64_t now_ms;
};

int host_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct host_view *ret, struct err *e)
	CHECKED;
/* Newest first; by status "expired" and "about_to_expire" the last to end first, by name in its order. One filter at a
 * time: E_FIELD_FORM. E_NOT_FOUND: no such scan. */
int host_show_list(struct svc *s, const struct caller *c, const struct host_filter *f, const struct page *page,
	struct arena *a, struct row_host **ret, size_t *ret_n, bool *ret_more, int64_t *ret_now_ms, struct err *e) CHECKED;
/* E_HOST_WATCHED. */
int host_remove(struct svc *s, const struct caller *c, int64_t id, struct err *e) CHECKED;

/* -- for scans and monitors, in their transactions */

/* What the look has shown becomes the row of the server; *ret_id. E_INVENTORY_FULL: a new one has no place. */
int host_keep(struct db_tx *tx, int64_t account, const struct look_call *call, const struct look *l, int64_t *ret_id,
	struct err *e) CHECKED;
/* The row of a server that is to be watched, made where there is none: *ret_id. E_INVENTORY_FULL. */
int host_want(struct db_tx *tx, int64_t account, const struct scan_place *at, enum starttls starttls, struct arena *a,
	int64_t *ret_id, struct err *e) CHECKED;
/* "www.example.com:443", "[2001:db8::7]:443" */
struct str host_text(struct arena *a, struct str name, int64_t port);
