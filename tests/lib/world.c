/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/inject.h"
#include "base/log.h"
#include "ca/signer_client.h"
#include "crypto/crypto.h"
#include "db/db.h"
#include "net/dns.h"
#include "net/http_client.h"
#include "pg.h"
#include "service/account.h"
#include "service/birth.h"
#include "service/notice.h"
#include "service/purchase.h"
#include "service/svc_priv.h"
#include "signer/signer.h"
#include "signer_process.h"
#include "store/store.h"
#include "text/psl.h"

size_t
world_told(struct world *w, const struct caller *c, int kind, int64_t object_id, struct row_notice *ret)
{
	struct page page = {.limit = 1000};
	struct row_notice *rows;
	int64_t total;
	size_t n, found = 0;
	bool more;
	ERR(e);

	world_need(notice_list(w->svc, c, -1, &page, &w->arena, &rows, &n, &more, &total, &e), &e, "notices");
	for (size_t i = 0; i < n; i++) {
		if (rows[i].kind == kind && (!object_id || rows[i].object_id == object_id) && found++ == 0 && ret)
			*ret = rows[i];
	}
	return found;
}

void
world_need(int r, const struct err *e, const char *what)
{
	if (r >= 0)
		return;
	fprintf(stderr, "%s: %s: %s (%s)\n", what, err_info(r)->name, e->msg, e->detail);
	for (unsigned i = 0; i < e->n_causes; i++)
		fprintf(stderr, "  %s: %s\n", e->causes[i].field, e->causes[i].msg);
	abort();
}

static void
quiet_step(void *arg, const char *step, const char *detail, int64_t took_ms)
{
	(void)arg;
	(void)step;
	(void)detail;
	(void)took_ms;
}

static int
make_dir(const char *top, const char *name)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", top, name);
	if (mkdir(path, 0700) != 0 && access(path, W_OK) != 0)
		abort();
	fd = open(path, O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		abort();
	return fd;
}

static void
open_signer(struct world *w)
{
	ERR(e);

	if (w->signer_exe) {
		w->process = signer_process_new(w->signer_exe, w->signerfd, &w->client);
		return;
	}
	world_need(signer_open_dir(w->signerfd, &w->signer, &e), &e, "signer");
	w->client = signer_client_new(signer_call_direct, w->signer);
}

static void
close_signer(struct world *w)
{
	if (!w->process)
		signer_client_free(w->client);
	w->client = NULL;
	w->process = signer_process_free(w->process);
	w->signer = signer_close(w->signer);
}

void
world_start(struct world *w)
{
	char url[128];
	struct db_conf db = {.url = w->pg ? pg_server_url(w->pg) : url, .readers = 8, .writers = 16};
	struct dns_conf dns = {.resolver = w->resolver ? w->resolver : "127.0.0.1:9", .trust_anchor = w->trust_anchor,
		.fresh_max = 16};
	struct svc_conf conf = {.status_url = "http://127.0.0.1:8080", .node_name = "test", .settings = &w->settings};
	struct birth_conf birth = {.ca_dirfd = w->cafd, .data_dirfd = w->dirfd, .url = "https://127.0.0.1", .step = quiet_step};
	ERR(e);

	snprintf(url, sizeof(url), "sqlite:%s/signet.db", w->dir);
	open_signer(w);
	world_need(db_open(&db, &w->db, &e), &e, "database");
	world_need(db_migrate(w->db, store_migrations, store_migrations_n, &e), &e, "migration");
	world_need(dns_open(&dns, &w->dns, &e), &e, "dns");
	conf.db = w->db;
	conf.signer = w->client;
	w->settings = (struct svc_settings){.public_url = "https://127.0.0.1",
		.validate = {.dns = w->dns, .timeout_ms = w->resolver ? 10000 : 300}};
	world_need(svc_new(&conf, &w->svc, &e), &e, "service");
	world_need(birth_hierarchies(w->svc, &birth, &e), &e, "hierarchies");
	world_need(birth_accounts(w->svc, &birth, &e), &e, "accounts");
	world_need(birth_recover(w->svc, &e), &e, "recovery");
}

void
world_stop(struct world *w)
{
	w->svc = svc_free(w->svc);
	w->dns = dns_close(w->dns);
	w->db = db_close(w->db);
	close_signer(w);
}

static void
make_customer(struct world *w)
{
	struct account_new in = {.site = STR("cn"), .name = STR("customer"), .owner_name = STR("Customer Ltd"),
		.owner_number = STR("91-310000"), .currency = STR("CNY"), .user_name = STR("owner"),
		.user_email = STR("owner@example.com"), .user_password = STR("correct horse battery")};
	struct row_account account;
	struct str password;
	ERR(e);

	w->staff = caller_system(w->svc->own_account);
	w->staff.operator_account = true;
	world_need(account_create(w->svc, &w->staff, &in, &w->arena, &account, &password, &e), &e, "customer");
	w->owner = (struct caller){.account = account.id, .user = 0, .role = ROLE_OWNER, .peer = STR("")};
}

static void
start_clock(struct world *w)
{
	w->clock = -1;
#ifdef SIGNET_TESTING
	if (!getenv("SIGNET_TEST_CLOCK")) {
		char path[96];

		snprintf(path, sizeof(path), "%s/clock", w->dir);
		w->clock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		setenv("SIGNET_TEST_CLOCK", path, 1);
	}
#endif
	clock_init();
}

bool
world_open(struct world *w, const char *engine)
{
	return world_open_with(w, engine, NULL);
}

bool
world_open_with(struct world *w, const char *engine, const char *signer_exe)
{
	ERR(e);

	memset(w, 0, sizeof(*w));
	w->signer_exe = signer_exe;
	if (strcmp(engine, "postgresql") == 0) {
		w->pg = pg_server_new(true);
		if (!w->pg)
			return false;
	}
	snprintf(w->dir, sizeof(w->dir), "/tmp/signet-world-XXXXXX");
	if (!mkdtemp(w->dir))
		abort();
	start_clock(w);
	inject_init();
	log_init("test", STDERR_FILENO, LOG_ERROR);
	world_need(crypto_init(&e), &e, "crypto");
	world_need(psl_init(&e), &e, "psl");
	world_need(http_client_init(&e), &e, "http");
	w->dirfd = open(w->dir, O_DIRECTORY | O_CLOEXEC);
	w->cafd = make_dir(w->dir, "ca");
	w->signerfd = make_dir(w->dir, "signer");
	world_start(w);
	make_customer(w);
	return true;
}

void
world_restart(struct world *w)
{
	world_stop(w);
	world_start(w);
}

void
world_close(struct world *w)
{
	char command[128];

	world_stop(w);
	pg_server_free(w->pg);
	arena_done(&w->arena);
	close(w->dirfd);
	close(w->cafd);
	close(w->signerfd);
	if (w->clock >= 0)
		close(w->clock);
	snprintf(command, sizeof(command), "rm -rf %s", w->dir);
	if (system(command) != 0)
		abort();
}

static void
tell_clock(struct world *w, const char *how, int64_t ms)
{
	char text[32];

	snprintf(text, sizeof(text), "%s%lld", how, (long long)ms);
	if (w->clock < 0 || pwrite(w->clock, text, sizeof(text), 0) != (ssize_t)sizeof(text))
		abort();
}

void
world_shift(struct world *w, int64_t ms)
{
	tell_clock(w, "", ms);
}

void
world_clock(struct world *w, int64_t at_ms)
{
	tell_clock(w, "=", at_ms);
}

void
world_buy(struct world *w, const char *product, int64_t quantity, int64_t common, int64_t wildcards)
{
	ARENA(a);
	struct purchase in = {.product = str_c(product), .quantity = quantity, .months = 12, .n_common = common,
		.n_wildcard = wildcards, .pay = true};
	struct row_subscription *subs;
	struct row_account account;
	struct row_bill bill;
	size_t n;
	ERR(e);

	world_need(ledger_top_up(w->svc, &w->staff, w->owner.account, INT64_C(100000000), STR("test"), &a, &account, &e), &e,
		"top-up");
	world_need(purchase_make(w->svc, &w->owner, &in, &a, &bill, &subs, &n, &e), &e, "purchase");
}

static int
prove_body(struct db_tx *tx, void *arg, struct err *e)
{
	const struct row_application *app = arg;
	struct row_authz *z;
	size_t n;
	int r = q_authz_list(tx, app->account, app->id, tx->arena, &z, &n, e);

	for (size_t i = 0; r >= 0 && i < n; i++)
		r = q_authz_prove(tx, app->account, z[i].id, 1, tx->now_ms + MS_DAY, e);
	if (r >= 0)
		r = q_application_move(tx, app->account, app->id, APPLICATION_VALIDATING, APPLICATION_REVIEWING, 0,
			tx->now_ms, e);
	if (r >= 0)
		r = q_application_move(tx, app->account, app->id, APPLICATION_REVIEWING, APPLICATION_ISSUING,
			tx->now_ms + MS_DAY, tx->now_ms, e);
	if (r >= 0)
		r = q_counter_add(tx, app->account, STR("application.1"), tx->lane, -1, e);
	if (r >= 0)
		r = q_counter_add(tx, app->account, STR("application.4"), tx->lane, 1, e);
	return MIN(r, 0);
}

void
world_prove(struct world *w, int64_t application)
{
	struct row_application app = {.account = w->owner.account, .id = application};
	ERR(e);

	world_need(db_write(w->db, prove_body, &app, &e), &e, "prove");
}
