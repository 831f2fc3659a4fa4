/* SPDX-License-Identifier: Apache-2.0 */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "crypto/crypto.h"
#include "crypto/csr.h"
#include "crypto/pem.h"
#include "service/apply.h"
#include "service/purchase.h"

#define MAKERS 64
#define BUY_MAX 1000 /* of one bill */

struct str
load_signing_request(struct arena *a, struct str name)
{
	struct blob spki, tbs, sig, der;
	KEY(k);
	ERR(e);

	world_need(key_generate(KEY_EC_P256, &k, &e), &e, "key");
	world_need(key_spki(k, a, &spki, &e), &e, "spki");
	world_need(csr_build_tbs(name, &name, 1, spki, a, &tbs, &e), &e, "csr");
	world_need(key_sign(k, tbs, a, &sig, &e), &e, "sign");
	world_need(csr_finish(tbs, KEY_EC_P256, sig, a, &der, &e), &e, "csr");
	return pem_encode(a, "CERTIFICATE REQUEST", der);
}

/* The ids of what was bought stand in l->ids until an application takes each one's place. */
static void
buy(struct load *l)
{
	for (size_t done = 0; done < l->n;) {
		ARENA(a);
		struct purchase in = {.product = STR("internal"), .quantity = (int64_t)MIN(l->n - done, (size_t)BUY_MAX),
			.months = 12, .n_common = 1, .pay = true};
		struct row_subscription *subs;
		struct row_bill bill;
		size_t n_subs;
		ERR(e);

		world_need(purchase_make(l->w->svc, &l->w->staff, &in, &a, &bill, &subs, &n_subs, &e), &e, "purchase");
		for (size_t i = 0; i < n_subs; i++)
			l->ids[done++] = subs[i].id;
	}
}

static void
apply(void *arg, size_t i)
{
	struct load *l = arg;
	ARENA(a);
	struct str name = arena_printf(&a, "host-%zu.bench.internal", i);
	struct apply in = {.subscription = l->ids[i], .names = &name, .n_names = 1, .method = METHOD_INTERNAL,
		.key_source = KEY_SOURCE_CSR, .csr = load_signing_request(&a, name), .submit = true};
	struct application_view v;
	ERR(e);

	world_need(apply_create(l->w->svc, &l->w->staff, &in, &a, &v, &e), &e, "apply");
	l->ids[i] = v.row.id;
	world_prove(l->w, v.row.id);
}

void
load_make(struct load *l, struct world *w, size_t n)
{
	*l = (struct load){w, n, calloc(n, sizeof(*l->ids))};
	if (!l->ids)
		BUG("out of memory");
	w->owner = w->staff; /* whose applications world_prove() proves */
	buy(l);
	crowd("apply", MAKERS, n, apply, l);
}

void
load_done(struct load *l)
{
	free(l->ids);
}

/* Signing requests as JSON strings, one on a line. */
int
requests_main(int argc, char **argv)
{
	uint64_t n;
	ERR(e);

	if (argc < 2 || !str_u64(str_c(argv[0]), 1000000, &n))
		return 2;
	world_need(crypto_init(&e), &e, "crypto");
	for (; n > 0; n--) {
		ARENA(a);
		struct str pem = load_signing_request(&a, str_c(argv[1]));

		putchar('"');
		for (size_t i = 0; i < pem.n; i++)
			printf("%s", pem.p[i] == '\n' ? "\\n" : (char[]){pem.p[i], 0});
		printf("\"\n");
	}
	return 0;
}
