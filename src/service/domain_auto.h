/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The automatic certificate of a domain (SPEC 3.4): switched on with a product, Signet takes a subscription from quota (or a
 * test certificate), applies with the default contact and automatic DNS, and issues. What is missing is named; as soon as
 * nothing is missing any more it goes on by itself.
 */
#pragma once

#include "service/svc.h"
#include "store/store_sql.h"

#define DOMAIN_AUTO_NAMES_MAX 2

struct domain_auto_view {
	struct row_domain domain;
	bool on;
	struct row_domain_auto row; /* when on */
	struct row_product product;
	struct str names[DOMAIN_AUTO_NAMES_MAX]; /* which the product takes: www and the asterisk bring the apex */
	size_t n_names;
	struct row_application application; /* id 0: none yet, or it was deleted */
	unsigned missing; /* bits 1 << enum auto_need, while there is no application */
	struct str advice; /* what to do; "" when there is nothing to be done */
};

int domain_auto_show(struct svc *s, const struct caller *c, int64_t domain, struct arena *a, struct domain_auto_view *ret,
	struct err *e) CHECKED;
/* product: code of a DV product for names. Again, or with another product, only while its application is none, or failed,
 * withdrawn, closed or deleted (E_STATE_REFUSED). */
int domain_auto_on(struct svc *s, const struct caller *c, int64_t domain, struct str product, struct arena *a,
	struct domain_auto_view *ret, struct err *e) CHECKED;
/* Applications and certificates stay. */
int domain_auto_off(struct svc *s, const struct caller *c, int64_t domain, struct arena *a, struct domain_auto_view *ret,
	struct err *e) CHECKED;
