/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model_test ENGINE [STEPS]: plays random legal and illegal acts on the whole service floor and on a reference model, and
 * compares result and state after each. SEED=n repeats a play, EVERY=n compares everything after each n-th step only.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/rand.h"
#include "play.h"
#include "base/b64.h"
#include "net/smtp.h"
#include "service/account.h"
#include "service/attachment.h"
#include "service/company.h"
#include "service/product.h"
#include "service/svc_priv.h"

static uint64_t
number(const char *text, uint64_t otherwise)
{
	uint64_t n;

	return text && str_u64(str_c(text), UINT64_MAX, &n) ? n : otherwise;
}

/* What each start of the service has to be told anew. */
static void
set_validation(struct play *p, uint16_t port)
{
	static struct addr_net loopback;
	struct validate_conf *v = &p->w.settings.validate;

	BUG_ON(!addr_net_parse(STR("127.0.0.0/8"), &loopback));
	v->http_port = port;
	v->https_port = 9; /* nobody there: then http */
	v->allow = &loopback;
	v->n_allow = 1;
	v->timeout_ms = 200;
}

static void
make_accounts(struct play *p)
{
	struct account_new in = {.site = STR("cn"), .name = STR("second"), .owner_name = STR("Second Ltd"),
		.owner_number = STR("91-320000"), .currency = STR("CNY"), .user_name = STR("owner"),
		.user_email = STR("owner@second.example"), .user_password = STR("correct horse battery")};
	struct row_account row;
	struct str password;
	ERR(e);

	p->callers[0] = p->w.owner;
	world_need(account_create(p->w.svc, &p->w.staff, &in, &p->w.arena, &row, &password, &e), &e, "second account");
	p->callers[1] = (struct caller){.account = row.id, .role = ROLE_OWNER, .peer = STR("")};
	/* whoever acts is named in mails */
	for (int i = 0; i < M_ACCOUNTS; i++) {
		struct page first = {.limit = 1};
		struct row_users *users;
		bool more;
		size_t n;

		world_need(user_list(p->w.svc, &p->callers[i], &first, &p->w.arena, &users, &n, &more, &e), &e, "users");
		p->callers[i].user = users[0].id;
	}
}

/* What OV needs: a product for addresses too, a company with its licence, and a mail server, which nobody asks here. */
static void
make_companies(struct play *p)
{
	static const struct smtp_server nobody = {.host = "127.0.0.1", .port = 9};
	const struct str algorithms[] = {STR("EC_P256")}, months[] = {STR("6"), STR("12"), STR("24")};
	struct product_form form = {.code = str_c(m_products[1].code), .brand = STR("signet"), .profile = STR("private-tls"),
		.guidance = STR("-"), .type = TYPE_OV, .kind = KIND_MULTI, .algorithms = algorithms, .months = months,
		.n_algorithms = 1, .n_months = 3, .price_year = m_products[1].price, .names_max = m_products[1].names_max,
		.rank = 9};
	struct row_product product;
	struct blob picture;
	ERR(e);

	p->w.settings.mail = &nobody;
	p->w.settings.mail_from = "ca@example.com";
	BUG_ON(!b64_decode(&p->w.arena,
		STR("iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR4nGNoaGBoaAAABgYCASzBUNcAAAAASUVORK5CYII="), &picture));
	world_need(product_create(p->w.svc, &p->w.staff, &form, &p->w.arena, &product, &e), &e, "product");
	for (int i = 0; i < M_ACCOUNTS; i++) {
		struct company in = {.name = STR("Model Ltd"), .number = STR("1"), .phone = STR("+86 21 5555"),
			.country = STR("CN"), .province = STR("Shanghai"), .city = STR("Shanghai"), .address = STR("1"),
			.postcode = STR("200000"), .type = COMPANY_COMMERCIAL, .business_category = -1};
		struct row_attachment file;
		struct row_company made;

		world_need(attachment_upload(p->w.svc, &p->callers[i], STR("licence.png"), picture, &p->w.arena, &file, &e), &e,
			"licence");
		in.licence = file.id;
		world_need(company_create(p->w.svc, &p->callers[i], &in, &p->w.arena, &made, &e), &e, "company");
	}
}

static struct act *
pick_act(struct play *p)
{
	struct act *const tables[] = {acts_money, acts_apply, acts_order, acts_ticket, acts_review, acts_certificate};
	unsigned sum = 0, at;

	for (size_t t = 0; t < ARRAY_LEN(tables); t++) {
		for (struct act *a = tables[t]; a->name; a++)
			sum += a->weight;
	}
	at = (unsigned)play_below(p, sum);
	for (size_t t = 0; t < ARRAY_LEN(tables); t++) {
		for (struct act *a = tables[t]; a->name; a++) {
			if (at < a->weight)
				return a;
			at -= a->weight;
		}
	}
	abort();
}

/* Nothing ends within the seconds that an act may take: whether it was before or after could not be told. */
static void
stand_clear(struct play *p)
{
	int64_t now = play_now(p), end = m_next_end(&p->m, now - 5 * MS_SECOND, 0);

	if (p->w.clock < 0 || end > now + 10 * MS_SECOND)
		return;
	world_shift(&p->w, clock_shift_ms() + 20 * MS_SECOND);
	play_sweep(p);
}

static void
step(struct play *p)
{
	struct act *a;

	stand_clear(p);
	p->told[0] = '\0';
	p->touched = -1;
	p->refused_act = false;
	a = pick_act(p);
	if (strcmp(a->name, "time") == 0 && p->w.clock < 0)
		return;
	a->run(p);
	a->done += !p->refused_act;
	a->refused += p->refused_act;
	if (p->touched >= 0 && p->m.apps[p->touched].state != MA_DELETED)
		compare_application(p, p->touched);
	if (p->step % p->compare_every == 0)
		compare_all(p);
	snprintf(p->log[p->step % ARRAY_LEN(p->log)], sizeof(p->log[0]), "%s%s", p->told[0] ? p->told : a->name,
		p->refused_act ? ": refused" : "");
	arena_done(&p->arena);
}

static void
tell_acts(void)
{
	struct act *const tables[] = {acts_money, acts_apply, acts_order, acts_ticket, acts_review, acts_certificate};

	for (size_t t = 0; t < ARRAY_LEN(tables); t++) {
		for (struct act *a = tables[t]; a->name; a++)
			printf("  %-20s %6u done %6u refused\n", a->name, a->done, a->refused);
	}
}

int
main(int argc, char **argv)
{
	struct play *p = calloc(1, sizeof(*p));
	uint64_t steps = number(argc > 2 ? argv[2] : NULL, 2000);
	uint16_t port;

	if (argc < 2 || !world_open(&p->w, argv[1])) {
		fprintf(stderr, argc < 2 ? "model_test sqlite|postgresql [STEPS]\n" : "no such server is installed\n");
		return argc < 2 ? 2 : 77;
	}
	p->seed = p->rand = number(getenv("SEED"), rand_below(1000000000));
	p->compare_every = (unsigned)number(getenv("EVERY"), 5);
	p->proofs = proofs_start(&port);
	set_validation(p, port);
	make_accounts(p);
	make_companies(p);
	printf("SEED=%llu, %llu steps on %s\n", (unsigned long long)p->seed, (unsigned long long)steps, argv[1]);
	fflush(stdout);
	for (p->step = 0; p->step < steps; p->step++)
		step(p);
	compare_all(p);
	tell_acts();
	proofs_stop(p->proofs);
	arena_done(&p->arena);
	world_close(&p->w);
	free(p);
	return 0;
}
