/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/signer_priv.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hex.h"
#include "base/inject.h"
#include "base/rand.h"
#include "crypto/digest.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/ipc.h"

#define KEK_LEN 32
#define BULK_FROM ((size_t)256 * 1024)

int
act_read_all(const struct act *t, struct err *e)
{
	if (!cursor_ok(&t->in, true))
		return err_set(e, E_IPC, "a question to the signer is malformed");
	return 0;
}

/* -- opening */

static void
dir_closep(DIR **d)
{
	if (*d)
		closedir(*d);
}

/* There are sealed keys: a new wrapping key would make them worthless. */
static int
check_no_keys(int dirfd, struct err *e)
{
	CLEANUP(dir_closep) DIR *d = NULL;
	FD(fd);

	fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || !(d = fdopendir(fd)))
		return err_errno(e, E_IO, errno, "could not list the signer's directory");
	fd_take(&fd);
	for (struct dirent *en; (en = readdir(d));) {
		if (!str_ends(str_c(en->d_name), STR(".key")))
			continue;
		err_set(e, E_SEAL_BROKEN,
			"the signer's directory has \"%s\" but no \"kek\" to open it", en->d_name);
		err_hint(e, "Restore the whole signer's directory from one backup.");
		return e->code;
	}
	return 0;
}

static int
load_kek(struct signer *s, struct err *e)
{
	SECRET(fresh);
	int r = file_read_secret(s->dirfd, "kek", 4096, &s->kek, e);

	if (r == E_NOT_FOUND) {
		r = check_no_keys(s->dirfd, e);
		if (r < 0)
			return r;
		fresh = secret_new(KEK_LEN);
		rand_bytes(fresh->p, fresh->n);
		r = file_create_atomic(s->dirfd, "kek", secret_blob(fresh), 0600, e);
		if (r < 0)
			return r;
		s->kek = TAKE(fresh);
	}
	if (r < 0)
		return r;
	if (s->kek->n != KEK_LEN)
		return err_set(e, E_SEAL_BROKEN,
			"\"kek\" in the signer's directory has %zu bytes instead of %d", s->kek->n,
			KEK_LEN);
	return 0;
}

/* Certificates of the window are remembered; what is older cannot be signed any more. */
static int
read_record(void *arg, int64_t ms, struct str act, struct str rest, struct err *e)
{
	struct signer *s = arg;
	ARENA(a);
	struct str hex;
	struct blob serial, hash;
	int64_t now_ms = clock_wall_ms();

	(void)ms;
	if (!str_eq_c(act, "cert") && !str_eq_c(act, "ca"))
		return 0;
	str_cut(&rest, ' ');
	hex = str_cut(&rest, ' ');
	if (!hex_decode(&a, hex, &serial) || serial.n != SERIAL_LEN || serial.p[0] == 0 ||
		!hex_decode(&a, rest, &hash) || hash.n != 32)
		return err_set(e, E_IO, "the signer's log has a damaged record of a certificate");
	if (serial_time_ms(serial.p) < serials_since(now_ms))
		return 0;
	return serials_note(s->serials, serial.p, hash.p, now_ms, e);
}

static int
open_all(struct signer *s, int dirfd, struct err *e)
{
	int r;

	s->dirfd = fcntl(dirfd, F_DUPFD_CLOEXEC, 0);
	if (s->dirfd < 0)
		return err_errno(e, E_IO, errno, "could not open the signer's directory");
	r = file_sweep(s->dirfd, e);
	if (r == 0)
		r = load_kek(s, e);
	if (r == 0)
		r = issuers_open(s->dirfd, secret_blob(s->kek), &s->issuers, e);
	if (r == 0)
		r = ledger_open(
			s->dirfd, serials_since(clock_wall_ms()), 0, read_record, s, &s->ledger, e);
	return r;
}

int
signer_open_dir(int dirfd, struct signer **ret, struct err *e)
{
	struct signer *s = calloc(1, sizeof(*s));
	int r;

	BUG_ON(!s);
	s->serials = serials_new();
	r = open_all(s, dirfd, e);
	if (r < 0) {
		signer_close(s);
		return r;
	}
	*ret = s;
	return 0;
}

struct signer *
signer_close(struct signer *s)
{
	if (!s)
		return NULL;
	ledger_close(s->ledger);
	issuers_close(s->issuers);
	serials_free(s->serials);
	secret_free(s->kek);
	fd_close(&s->dirfd);
	free(s);
	return NULL;
}

struct ledger *
signer_ledger(struct signer *s)
{
	return s->ledger;
}

/* -- questions about the signer itself */

static int
act_hello(struct act *t, struct err *e)
{
	BUF(list, SIGNER_BODY_MAX);
	const struct own_key *k = NULL;
	uint32_t n = 0;
	int r = act_read_all(t, e);

	if (r < 0)
		return r;
	while (n < SIGNER_ISSUERS_MAX && (k = issuers_next(t->s->issuers, k))) {
		signer_put_str(&list, str_c(k->name));
		signer_put_bytes(&list, k->spki);
		n++;
	}
	buf_put_u32(t->reply, n);
	buf_put_blob(t->reply, buf_blob(&list));
	signer_put_bytes(t->reply, issuers_checkpoint(t->s->issuers)->spki);
	return 0;
}

static int
act_issuer_new(struct act *t, struct err *e)
{
	struct str name = signer_get_str(&t->in, SIGNER_ISSUER_NAME_MAX);
	enum key_alg alg = (enum key_alg)cursor_u16(&t->in);
	struct signer_limits limits = {0};
	struct own_key *k;
	bool made;
	uint8_t hash[32];
	int r;

	signer_get_limits(&t->in, &limits);
	r = act_read_all(t, e);
	if (r == 0)
		r = issuers_birth(t->s->issuers, name, alg, &limits, &k, &made, e);
	if (r < 0)
		return r;
	if (made) {
		digest_sha256(k->spki, hash);
		t->record = arena_printf(t->a, "issuer %s %s %.*s", k->name, key_alg_name(k->alg),
			STRF(hex_encode(t->a, BLOB(hash, sizeof(hash)))));
	}
	signer_put_bytes(t->reply, k->spki);
	return 0;
}

/* -- all questions */

static const struct {
	int (*fn)(struct act *t, struct err *e);
	enum signer_lane lane;
} acts[] = {
	[SIGNER_HELLO] = {act_hello, SIGNER_LANE_SIGN},
	[SIGNER_ISSUER_NEW] = {act_issuer_new, SIGNER_LANE_KEYS},
	[SIGNER_SIGN_CERT] = {act_sign_cert, SIGNER_LANE_SIGN},
	[SIGNER_SIGN_CA] = {act_sign_ca, SIGNER_LANE_SIGN},
	[SIGNER_SIGN_CRL] = {act_sign_crl, SIGNER_LANE_SIGN},
	[SIGNER_SIGN_OCSP] = {act_sign_ocsp, SIGNER_LANE_SIGN},
	[SIGNER_SIGN_CHECKPOINT] = {act_sign_checkpoint, SIGNER_LANE_SIGN},
	[SIGNER_KEY_NEW] = {act_key_new, SIGNER_LANE_KEYS},
	[SIGNER_KEY_SIGN_CSR] = {act_key_sign_csr, SIGNER_LANE_SIGN},
	[SIGNER_KEY_EXPORT] = {act_key_export, SIGNER_LANE_SIGN},
	[SIGNER_SM2_ENVELOPE] = {act_sm2_envelope, SIGNER_LANE_SIGN},
	[SIGNER_SEAL] = {act_seal, SIGNER_LANE_SIGN},
	[SIGNER_OPEN] = {act_open, SIGNER_LANE_SIGN},
	[SIGNER_KEY_IMPORT] = {act_key_import, SIGNER_LANE_SIGN},
};

enum signer_lane
signer_lane_of(uint16_t op, struct blob body)
{
	if (body.n > BULK_FROM)
		return SIGNER_LANE_BULK;
	if (op == SIGNER_KEY_NEW && !act_key_is_slow(body))
		return SIGNER_LANE_SIGN;
	return op < ARRAY_LEN(acts) ? acts[op].lane : SIGNER_LANE_SIGN;
}

int
signer_begin(struct signer *s, uint16_t op, struct blob body, struct arena *a, struct buf *reply,
	struct str *ret_record, struct err *e)
{
	struct act t = {.s = s, .in = cursor_of(body), .a = a, .reply = reply};
	int r;

	if (op >= ARRAY_LEN(acts) || !acts[op].fn)
		return err_set(e, E_IPC, "the signer knows no question %u", op);
	buf_put_u32(reply, 0);
	r = acts[op].fn(&t, e);
	if (r < 0)
		return r;
	if (reply->over)
		return err_set(e, E_TOO_LARGE, "the signer's answer is too large");
	if (t.record.n && INJECT("signer.before_log"))
		return err_set(e, E_IO, "the signer's log could not be written");
	*ret_record = t.record;
	return 0;
}

int
signer_handle(struct signer *s, uint16_t op, struct blob body, struct arena *a, struct buf *reply,
	struct err *e)
{
	struct str record;
	int r = signer_begin(s, op, body, a, reply, &record, e);

	if (r == 0 && record.n)
		r = ledger_add_wait(s->ledger, record, e);
	if (r == 0 && record.n && INJECT("signer.logged"))
		r = err_set(e, E_IO, "the answer was lost");
	return r;
}

int
signer_call_direct(void *signer, uint16_t op, struct blob body, struct arena *a, struct blob *ret,
	struct err *e)
{
	struct buf reply = {.max = IPC_BODY_MAX};
	int r = signer_handle(signer, op, body, a, &reply, e);

	if (r == 0)
		*ret = arena_blob(a, buf_blob(&reply));
	buf_done_secret(&reply);
	return r;
}
