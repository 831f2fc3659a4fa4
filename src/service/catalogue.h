/* SPDX-License-Identifier: Apache-2.0 */
/* What policy/catalogue.def says: the products that a new installation starts with, and which of them are for what. */
#pragma once

#include "service/svc_priv.h"

extern const struct in_product_put catalogue_products[];
extern const size_t catalogue_n_products;

enum advice_flag { ADVICE_TEST = 1 << 0, ADVICE_IP = 1 << 1, ADVICE_PROFESSIONAL = 1 << 2 };

/* One preference for a purpose; rows of a purpose stand in order. */
struct advice_row {
	const char *purpose;
	unsigned types, kinds; /* bits by enum product_type, product_kind */
	unsigned flags; /* enum advice_flag: products with such a flag are taken by rows that name it only */
	const char *brands; /* names, each ended by '\n'; "": any */
	const char *reason;
};
extern const struct advice_row catalogue_advice[];
extern const size_t catalogue_n_advice;

/* Puts in the shipped products that are not there; what the operator changed stays. */
int catalogue_put(struct db_tx *tx, struct err *e) CHECKED;
