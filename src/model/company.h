/* SPDX-License-Identifier: Apache-2.0 */
/* The company that an OV or EV certificate names (SPEC 3.3). */
#pragma once

#include "base/err.h"

enum company_type {
	COMPANY_INDIVIDUAL,
	COMPANY_COMMERCIAL,
	COMPANY_GOVERNMENT,
	COMPANY_NON_PROFIT
};
extern const char *const words_company_type[];

/* EV Guidelines 9.2.3. */
enum business_category {
	BUSINESS_PRIVATE,
	BUSINESS_GOVERNMENT,
	BUSINESS_BUSINESS,
	BUSINESS_NON_COMMERCIAL
};
extern const char *const words_business_category[];

/* In a change, what is {NULL, 0}, -1 or 0 stays as it is. */
struct company {
	struct str name;   /* exactly as licensed */
	struct str number; /* of registration */
	struct str phone;
	struct str country; /* ISO 3166-1, two capital letters */
	struct str province, city, address, postcode;
	struct str department; /* may be empty */
	struct str jurisdiction_country, jurisdiction_province,
		jurisdiction_locality; /* where it is registered; for EV */
	int64_t type;		       /* enum company_type */
	int64_t business_category;     /* enum business_category; -1: none; for EV */
	int64_t licence;	       /* the attachment with its picture; 0: none yet */
};

/* The texts of a company, row or input that names them so, as initializers of another. */
#define COMPANY_TEXTS(from) \
	.name = (from)->name, .number = (from)->number, .phone = (from)->phone, .country = (from)->country, \
	.province = (from)->province, .city = (from)->city, .address = (from)->address, .postcode = (from)->postcode, \
	.department = (from)->department, .jurisdiction_country = (from)->jurisdiction_country, \
	.jurisdiction_province = (from)->jurisdiction_province, .jurisdiction_locality = (from)->jurisdiction_locality

/* Without blanks at the ends of texts. */
struct company company_trim(const struct company *c);
/* `base` with what `set` gives put over it. */
struct company company_overlay(const struct company *base, const struct company *set);
/* Notes every fault of what is given; `prefix` stands before the fields' names. */
void company_check(const struct company *c, const char *prefix, struct err *e);
