/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue that a new installation starts with (SPEC 3.1): brands times types times kinds, as rows. */
#include "service/catalogue.h"

#include "base/buf.h"

struct brand {
	const char *code, *name, *algorithms;
	int rank;
	int64_t dv, ov, ev; /* price per name and year in the smallest unit; 0: not sold */
};

#define ALGS "RSA_2048 RSA_3072 RSA_4096 EC_P256 EC_P384"

static const struct brand brands[] = {
	{"digicert", "DigiCert (Symantec)", ALGS, 1, 150000, 480000, 980000},
	{"geotrust", "GeoTrust", ALGS, 2, 60000, 280000, 620000},
	{"globalsign", "GlobalSign", ALGS, 3, 120000, 360000, 780000},
	{"entrust", "Entrust", ALGS, 4, 0, 400000, 820000},
	{"cfca", "CFCA", ALGS " SM2", 5, 80000, 240000, 520000},
};

struct kind {
	enum product_kind kind;
	const char *code;
	int factor; /* a wildcard costs as much as so many common names */
	int names_max;
	bool ev;
};

/* Hybrid certificates are not for sale: they come from merging (SPEC 3.7). */
static const struct kind kinds[] = {
	{KIND_SINGLE, "single", 1, 1, true},
	{KIND_MULTI, "multi", 1, 250, true},
	{KIND_WILDCARD, "wildcard", 5, 1, false},
};

static const char *const type_code[] = {"dv", "ov", "ev"};
static const char *const type_profile[] = {"public-tls-dv", "public-tls-ov", "public-tls-ev"};

static struct str
guidance(const struct brand *b, enum product_type type, enum product_kind kind)
{
	if (type == TYPE_EV)
		return b->rank == 1 ? STR("finance and payment; bound to server addresses: buy one per address")
				    : STR("finance and payment");
	if (type == TYPE_OV && kind == KIND_WILDCARD && str_eq_c(STR("geotrust"), b->code))
		return STR("general business, mobile sites and interfaces; mail servers");
	if (type == TYPE_OV)
		return STR("general business, mobile sites and interfaces");
	return b->rank == 1 ? STR("personal and small sites; the most compatible roots")
			    : STR("personal and small sites");
}

static int
put(struct db_tx *tx, const struct brand *b, enum product_type type, const struct kind *k, bool professional,
	int64_t price, struct err *e)
{
	struct str code = arena_printf(tx->arena, "%s-%s-%s%s", b->code, type_code[type], k->code,
		professional ? "-pro" : "");
	int r = q_product_put(tx,
		&(struct in_product_put){.code = code, .brand = str_c(b->name), .type = type, .kind = k->kind,
			.algorithms = str_c(b->algorithms), .price_year = price * k->factor, .currency = STR("CNY"),
			.names_max = k->names_max, .months = STR("6 12 24"), .rank = b->rank,
			.professional = professional, .profile = str_c(type_profile[type]),
			.guidance = guidance(b, type, k->kind)},
		e);

	return MIN(r, 0);
}

static int
put_brand(struct db_tx *tx, const struct brand *b, struct err *e)
{
	const int64_t prices[] = {b->dv, b->ov, b->ev};
	int r = 0;

	for (int type = TYPE_DV; type <= TYPE_EV; type++) {
		for (size_t i = 0; r == 0 && i < ARRAY_LEN(kinds); i++) {
			if (!prices[type] || (type == TYPE_EV && !kinds[i].ev))
				continue;
			r = put(tx, b, (enum product_type)type, &kinds[i], false, prices[type], e);
			if (r == 0 && type == TYPE_OV)
				r = put(tx, b, TYPE_OV, &kinds[i], true, prices[type] * 3 / 2, e);
		}
	}
	return r;
}

/* Products that no brand sells: for trying out, for addresses, for the company's own names, for Signet itself. */
static const struct in_product_put others[] = {
	{.code = {"test-dv-single", 14}, .brand = {"Signet", 6}, .type = TYPE_DV, .kind = KIND_SINGLE,
		.algorithms = {ALGS " SM2", sizeof(ALGS " SM2") - 1}, .currency = {"CNY", 3}, .names_max = 1,
		.months = {"6 12", 4}, .rank = 9, .test = 1, .profile = {"public-tls-dv", 13},
		.guidance = {"for tests; a yearly number per owner", 36}},
	{.code = {"ip-dv-single", 12}, .brand = {"Signet", 6}, .type = TYPE_DV, .kind = KIND_SINGLE,
		.algorithms = {ALGS, sizeof(ALGS) - 1}, .price_year = 60000, .currency = {"CNY", 3}, .names_max = 1,
		.months = {"6 12", 4}, .rank = 9, .ip = 1, .profile = {"public-tls-dv", 13},
		.guidance = {"for one IP address", 18}},
	{.code = {"private-multi", 13}, .brand = {"Signet", 6}, .type = TYPE_DV, .kind = KIND_MULTI,
		.algorithms = {ALGS, sizeof(ALGS) - 1}, .price_year = 1000, .currency = {"CNY", 3},
		.names_max = 100, .months = {"6 12 24", 7}, .rank = 9, .profile = {"private-tls", 11},
		.guidance = {"names that only the own network knows", 37}},
	{.code = {"internal", 8}, .brand = {"Signet", 6}, .type = TYPE_DV, .kind = KIND_MULTI,
		.algorithms = {ALGS, sizeof(ALGS) - 1}, .currency = {"CNY", 3}, .names_max = 20, .months = {"12", 2},
		.rank = 9, .internal = 1, .profile = {"private-tls", 11}, .guidance = {"Signet's own names", 18}},
};

int
catalogue_put(struct db_tx *tx, struct err *e)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_LEN(brands); i++)
		r = put_brand(tx, &brands[i], e);
	for (size_t i = 0; r >= 0 && i < ARRAY_LEN(others); i++)
		r = q_product_put(tx, &others[i], e);
	return MIN(r, 0);
}
