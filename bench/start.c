/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cold start with many certificates: in the database, and as today's in the signer's log. The files are dropped from
 * the kernel's cache before.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hex.h"
#include "bench.h"
#include "ca/issue.h"
#include "service/svc_priv.h"
#include "world.h"

#define USUAL 100000
#define PART 5000 /* rows of one transaction */
#define DER_LEN 800

#define PUT_SQL \
	"INSERT INTO certificate (account, application, subscription, product, role, state, source, name, cn, issuer, serial," \
	" profile, profile_version, tbs, der, envelope, spki_sha256, sha256, alg, key_id, not_before_ms, not_after_ms," \
	" reserved_ms, issued_ms, revoked_ms, reason, revocation_number, replace_wanted, hosted, deployed, deleted_ms, shard)" \
	" VALUES ($1, 0, 1, 1, 0, 1, 0, $2, '', $3, $4, 'private-tls', 1, NULL, $5, NULL, $6, $6, 4, NULL, $7, $7, $7, $7," \
	" 0, 0, 0, 0, 0, 0, 0, 0)"

static const struct db_stmt stmt_put = {
	.name = "bench_put",
	.sqlite = PUT_SQL,
	.pgsql = PUT_SQL,
	.n_params = 7,
	.params = {DB_INT, DB_TEXT, DB_INT, DB_BLOB, DB_BLOB, DB_BLOB, DB_INT},
	.writes = true,
};

struct fill {
	struct world *w;
	size_t done;
	FILE *log; /* the signer's */
	const struct ca_issuer *is;
};

/* One row, as issuing leaves it but for what its bytes say. */
static int
put(struct db_tx *tx, const struct fill *f, size_t i, struct err *e)
{
	static uint8_t der[DER_LEN];
	struct arena *a = tx->arena;
	struct str name = arena_printf(a, "host-%zu.bench.internal", i);
	uint8_t serial[SERIAL_LEN], hash[32];
	int r;

	serial_new(tx->now_ms, serial);
	digest_sha256(BLOB(serial, SERIAL_LEN), hash);
	r = db_exec(tx, &stmt_put,
		(const struct db_value[]){{DB_INT, f->w->staff.account, {NULL, 0}}, {DB_TEXT, 0, blob_of(name)},
			{DB_INT, f->is->id, {NULL, 0}}, {DB_BLOB, 0, BLOB(serial, SERIAL_LEN)},
			{DB_BLOB, 0, BLOB(der, DER_LEN)}, {DB_BLOB, 0, BLOB(hash, 32)}, {DB_INT, tx->now_ms, {NULL, 0}}},
		NULL, NULL, e);
	fprintf(f->log, "%lld cert %.*s %.*s %.*s\n", (long long)tx->now_ms, STRF(f->is->name),
		STRF(hex_encode(a, BLOB(serial, SERIAL_LEN))), STRF(hex_encode(a, BLOB(hash, 32))));
	return r;
}

static int
part_body(struct db_tx *tx, void *arg, struct err *e)
{
	const struct fill *f = arg;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < PART; i++)
		r = put(tx, f, f->done + i, e);
	return MIN(r, 0);
}

static void
fill(struct world *w, size_t n)
{
	struct fill f = {.w = w, .is = issuer_for(w->svc, KEY_EC_P256)};
	int fd = openat(w->signerfd, "log", O_WRONLY | O_APPEND | O_CLOEXEC);
	ERR(e);

	f.log = fd < 0 ? NULL : fdopen(fd, "a");
	if (!f.log)
		abort();
	for (; f.done < n; f.done += PART)
		world_need(db_write(w->db, part_body, &f, &e), &e, "fill");
	if (fclose(f.log) != 0)
		abort();
}

static void
drop_cache(int dirfd, const char *name)
{
	int fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	fsync(fd);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	close(fd);
}

int
start_main(int argc, char **argv)
{
	static struct world w;
	uint64_t n = USUAL;
	double start, took;
	char name[80];

	if (argc < 1 || (argc > 1 && !str_u64(str_c(argv[1]), 10000000, &n)))
		return 2;
	if (!world_open_with(&w, argv[0], SIGNER_EXE)) {
		fact("skipped", "start on %s: no such server is installed", argv[0]);
		return 0;
	}
	fill(&w, n);
	world_stop(&w);
	drop_cache(w.dirfd, "signet.db");
	drop_cache(w.signerfd, "log");
	start = now_s();
	world_start(&w);
	took = now_s() - start;
	snprintf(name, sizeof(name), "cold start with %zu certificates, %s", (size_t)n, argv[0]);
	figure(name, took, "s", NULL, 0, "< 1");
	world_close(&w);
	return 0;
}
