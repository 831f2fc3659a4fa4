/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures by the signer's own keys, each over one kind of bytes alone: no question can have
 * another's signed. */
#include "base/clock.h"
#include "base/hex.h"
#include "base/inject.h"
#include "base/utf8.h"
#include "crypto/digest.h"
#include "os/ipc.h"
#include "signer/rules.h"
#include "signer/signer_priv.h"
#include "signer/window.h"

struct signing {
	struct own_key *issuer;
	struct blob tbs;
	uint8_t hash[32];
};

static int
read_signing(struct act *t, size_t tbs_max, struct signing *ret, struct err *e)
{
	struct str name = signer_get_str(&t->in, SIGNER_ISSUER_NAME_MAX);
	int r;

	ret->tbs = cursor_blob(&t->in, tbs_max);
	r = act_read_all(t, e);
	if (r < 0)
		return r;
	return issuers_find(t->s->issuers, name, &ret->issuer, e);
}

/* A clock that has gone back would open the window for serials that were forgotten, and date lists
 * and answers before those that they replace. */
static int
check_clock(struct act *t, int64_t now_ms, struct err *e)
{
	int64_t latest = ledger_latest_ms(t->s->ledger);

	if (now_ms < latest - window_clock_tolerance_ms(now_ms))
		return err_set(e, E_CLOCK_BEHIND,
			"the clock is %lld s behind the signer's last record",
			(long long)((latest - now_ms) / MS_SECOND));
	return 0;
}

static int
finish(struct act *t, struct signing *g, const char *act, struct blob serial, struct err *e)
{
	struct str hash, hex;
	struct blob sig;
	int r = check_clock(t, clock_wall_ms(), e);

	if (r == 0)
		r = own_key_sign(g->issuer, g->tbs, t->a, &sig, e);
	if (r < 0)
		return r;
	if (INJECT("signer.signed"))
		return err_set(e, E_INTERNAL, "the signature was lost");
	signer_put_bytes(t->reply, sig);
	digest_sha256(g->tbs, g->hash);
	hash = hex_encode(t->a, BLOB(g->hash, sizeof(g->hash)));
	hex = hex_encode(t->a, serial);
	t->record = arena_printf(t->a, "%s %s %.*s%s%.*s", act, g->issuer->name, STRF(hex),
		hex.n ? " " : "", STRF(hash));
	return 0;
}

static int
sign_certificate(struct act *t, struct signing *g, const struct tbs_cert *c, const char *act,
	int64_t now_ms, struct err *e)
{
	int r = check_clock(t, now_ms, e);

	if (r < 0)
		return r;
	digest_sha256(g->tbs, g->hash);
	r = serials_note(t->s->serials, c->serial.p, g->hash, now_ms, e);
	if (r < 0)
		return r;
	return finish(t, g, act, c->serial, e);
}

int
act_sign_cert(struct act *t, struct err *e)
{
	struct signing g;
	struct tbs_cert c;
	int64_t now_ms = clock_wall_ms();
	int r = read_signing(t, SIGNER_TBS_MAX, &g, e);

	if (r == 0)
		r = tbs_cert_read(g.tbs, &c, e);
	if (r == 0)
		r = rules_common(&c, g.issuer->sig_alg, &g.issuer->limits, now_ms, e);
	if (r == 0)
		r = rules_leaf(&c, &g.issuer->limits, e);
	if (r < 0)
		return r;
	if (issuers_by_spki(t->s->issuers, c.spki))
		return err_set(e, E_LIMIT_REFUSED,
			"the signer refuses the certificate: its key is an issuer's");
	return sign_certificate(t, &g, &c, "cert", now_ms, e);
}

int
act_sign_ca(struct act *t, struct err *e)
{
	struct signing g;
	struct tbs_cert c;
	const struct own_key *child;
	int64_t now_ms = clock_wall_ms();
	int r = read_signing(t, SIGNER_TBS_MAX, &g, e);

	if (r == 0)
		r = tbs_cert_read(g.tbs, &c, e);
	if (r == 0)
		r = rules_common(&c, g.issuer->sig_alg, &g.issuer->limits, now_ms, e);
	if (r < 0)
		return r;
	child = issuers_by_spki(t->s->issuers, c.spki);
	r = rules_ca(&c, &g.issuer->limits, child == g.issuer, child ? &child->limits : NULL, e);
	if (r < 0)
		return r;
	return sign_certificate(t, &g, &c, "ca", now_ms, e);
}

int
act_sign_crl(struct act *t, struct err *e)
{
	struct signing g;
	int r = read_signing(t, IPC_BODY_MAX, &g, e);

	if (r == 0)
		r = tbs_crl_check(g.tbs, g.issuer->sig_alg, e);
	return r < 0 ? r : finish(t, &g, "crl", (struct blob){0}, e);
}

int
act_sign_ocsp(struct act *t, struct err *e)
{
	struct signing g;
	int r = read_signing(t, SIGNER_TBS_MAX, &g, e);

	if (r == 0)
		r = tbs_ocsp_check(g.tbs, e);
	return r < 0 ? r : finish(t, &g, "ocsp", (struct blob){0}, e);
}

int
act_sign_checkpoint(struct act *t, struct err *e)
{
	struct signing g = {.issuer = issuers_checkpoint(t->s->issuers)};
	int r;

	g.tbs = cursor_blob(&t->in, SIGNER_TBS_MAX);
	r = act_read_all(t, e);
	if (r < 0)
		return r;
	if (!str_starts(str_of(g.tbs), STR(SIGNER_CHECKPOINT_PREFIX)) ||
		!utf8_printable(str_of(g.tbs), true))
		return err_set(e, E_LIMIT_REFUSED,
			"what the checkpoint key signs is text that begins with its mark");
	return finish(t, &g, "checkpoint", (struct blob){0}, e);
}
