/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that others could work out (SPEC 3.5, BR 6.1.1.3, 6.1.6). Works on the modulus alone; nothing here is secret. */
#include "crypto/key_priv.h"

#define BITS_MIN 2048
#define BITS_MAX 4096
#define ROCA_LAST 167
#define FERMAT_ROUNDS 100

/* All odd ones below 752 (NIST SP 800-89 5.3.3). */
static const uint16_t primes[] = {
	3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89,
	97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181,
	191, 193, 197, 199, 211, 223, 227, 229, 233, 239, 241, 251, 257, 263, 269, 271, 277, 281,
	283, 293, 307, 311, 313, 317, 331, 337, 347, 349, 353, 359, 367, 373, 379, 383, 389, 397,
	401, 409, 419, 421, 431, 433, 439, 443, 449, 457, 461, 463, 467, 479, 487, 491, 499, 503,
	509, 521, 523, 541, 547, 557, 563, 569, 571, 577, 587, 593, 599, 601, 607, 613, 617, 619,
	631, 641, 643, 647, 653, 659, 661, 673, 677, 683, 691, 701, 709, 719, 727, 733, 739, 743,
	751,
};

static int
weak(struct err *e, const char *what)
{
	return err_set(e, E_KEY_WEAK, "the RSA key is weak: %s", what);
}

/* -- residues */

/* n modulo m, for a big-endian magnitude. */
static uint64_t
mod_u64(struct blob n, uint64_t m)
{
	uint64_t r = 0, limb;
	size_t i = 0;

	for (; i < n.n % 8; i++)
		r = (r << 8 | n.p[i]) % m;
	for (; i < n.n; i += 8) {
		memcpy(&limb, n.p + i, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		limb = __builtin_bswap64(limb);
#endif
		r = (uint64_t)(((unsigned __int128)r << 64 | limb) % m);
	}
	return r;
}

/*
 * ROCA (Nemec et al., CCS 2017): the faulty generator made primes of the form k*M + 65537^a mod M, M the product of
 * the first primes. So the modulus, too, lies in the group that 65537 generates modulo each small prime; a random one
 * does so for all primes up to 167 with a chance below 2^-27.
 */
static bool
in_group_of_65537(unsigned residue, unsigned prime)
{
	unsigned x = 1;

	do {
		if (x == residue)
			return true;
		x = x * (65537 % prime) % prime;
	} while (x != 1);
	return false;
}

/* One long division by a product of primes serves all primes in it. */
static int
check_residues(struct blob n, struct err *e)
{
	bool roca = true;

	for (size_t from = 0, to; from < ARRAY_LEN(primes); from = to) {
		uint64_t product = 1, r;

		for (to = from; to < ARRAY_LEN(primes) && product <= UINT64_MAX / primes[to]; to++)
			product *= primes[to];
		r = mod_u64(n, product);
		for (size_t i = from; i < to; i++) {
			unsigned p = primes[i], residue = (unsigned)(r % p);

			if (residue == 0)
				return weak(e, "its modulus has a factor below 752");
			roca = roca && (p > ROCA_LAST || in_group_of_65537(residue, p));
		}
	}
	return roca ? weak(e, "it comes from the faulty generator known as ROCA (CVE-2017-15361)") : 0;
}

/* -- Fermat: primes so close that a few steps from the root of the modulus find them (CVE-2022-26320) */

/* At least the root of n, off by at most a 64th: found in its leading 32 bits. */
static bool
root_guess(BIGNUM *ret, const BIGNUM *n)
{
	int shift = MAX(BN_num_bits(n) - 31, 0) & ~1;
	BN_ULONG root = 1, top;

	if (BN_rshift(ret, n, shift) != 1)
		return false;
	for (top = BN_get_word(ret); root * root <= top;)
		root += MAX(root / 64, (BN_ULONG)1);
	return BN_set_word(ret, root) == 1 && BN_lshift(ret, ret, shift / 2) == 1;
}

/* The greatest integer whose square is at most n, by Newton from above. */
static bool
root(BIGNUM *ret, const BIGNUM *n, BN_CTX *ctx)
{
	OSSL_BN(next);

	next = BN_new();
	if (!next || !root_guess(ret, n))
		return false;
	for (;;) {
		if (BN_div(next, NULL, n, ret, ctx) != 1 || BN_add(next, next, ret) != 1 || BN_rshift1(next, next) != 1)
			return false;
		if (BN_cmp(next, ret) >= 0)
			return true;
		BN_swap(ret, next);
	}
}

static bool
square_modulo(unsigned r, unsigned m)
{
	for (unsigned i = 0; i <= m / 2; i++) {
		if (i * i % m == r)
			return true;
	}
	return false;
}

/*
 * With a = root + i, the search asks whether rest = a^2 - n is a square. Nearly every rest that is none is told by its
 * residues modulo 64 and modulo M, which are carried on in machine words: (a + 1)^2 = a^2 + 2a + 1.
 */
#define M (63 * 65 * 11 * 17 * 19 * 23)

struct residue {
	uint64_t modulus, rest, step;
};

static void
residue_init(struct residue *r, uint64_t modulus, const BIGNUM *root_n, const BIGNUM *below)
{
	r->modulus = modulus;
	r->rest = (modulus - BN_mod_word(below, (BN_ULONG)modulus)) % modulus;
	r->step = (2 * (uint64_t)BN_mod_word(root_n, (BN_ULONG)modulus) + 1) % modulus;
}

static void
residue_step(struct residue *r)
{
	r->rest = (r->rest + r->step) % r->modulus;
	r->step = (r->step + 2) % r->modulus;
}

/* Of the numbers that are no squares one in 800 passes. */
static bool
may_be_square(const struct residue *r64, const struct residue *rm)
{
	static const unsigned moduli[] = {63, 65, 11, 17, 19, 23};

	if (!square_modulo((unsigned)r64->rest, 64))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(moduli); i++) {
		if (!square_modulo((unsigned)(rm->rest % moduli[i]), moduli[i]))
			return false;
	}
	return true;
}

struct fermat {
	BIGNUM *n, *root, *a, *rest, *r;
	BN_CTX *ctx;
};

static void
fermat_done(struct fermat *f)
{
	BN_free(f->n);
	BN_free(f->root);
	BN_free(f->a);
	BN_free(f->rest);
	BN_free(f->r);
	BN_CTX_free(f->ctx);
}

static bool
fermat_init(struct fermat *f, struct blob n)
{
	f->n = BN_bin2bn(n.p, (int)n.n, NULL);
	f->root = BN_new();
	f->a = BN_new();
	f->rest = BN_new();
	f->r = BN_new();
	f->ctx = BN_CTX_new();
	return f->n && f->root && f->a && f->rest && f->r && f->ctx && root(f->root, f->n, f->ctx) &&
		BN_sqr(f->rest, f->root, f->ctx) == 1 && BN_sub(f->rest, f->n, f->rest) == 1;
}

/* Whether (root + i)^2 - n is a square: 1, 0, or -1 when the library fails. */
static int
is_hit(struct fermat *f, unsigned i)
{
	if (!BN_copy(f->a, f->root) || BN_add_word(f->a, i) != 1 || BN_sqr(f->rest, f->a, f->ctx) != 1 ||
		BN_sub(f->rest, f->rest, f->n) != 1 || !root(f->r, f->rest, f->ctx) || BN_sqr(f->a, f->r, f->ctx) != 1)
		return -1;
	return BN_cmp(f->a, f->rest) == 0;
}

/* 1 when found, 0 when not, -1 when the library fails. */
static int
fermat_search(struct fermat *f)
{
	struct residue r64, rm;
	int hit = BN_is_zero(f->rest);

	residue_init(&r64, 64, f->root, f->rest);
	residue_init(&rm, M, f->root, f->rest);
	for (unsigned i = 1; i <= FERMAT_ROUNDS && hit == 0; i++) {
		residue_step(&r64);
		residue_step(&rm);
		if (may_be_square(&r64, &rm))
			hit = is_hit(f, i);
	}
	return hit;
}

static int
check_close_primes(struct blob n, struct err *e)
{
	CLEANUP(fermat_done) struct fermat f = {NULL};
	int r = fermat_init(&f, n) ? fermat_search(&f) : -1;

	if (r < 0)
		return ossl_fault(e, "BN arithmetic");
	return r ? weak(e, "its primes are so close together that they can be found (Fermat)") : 0;
}

static int
check_rsa(const struct spki *s, struct err *e)
{
	int r;

	if (s->bits < BITS_MIN || s->bits > BITS_MAX || s->bits % 8)
		return err_set(e, E_KEY_WEAK, "the RSA key has %u bits; %d to %d, a multiple of 8, are taken", s->bits,
			BITS_MIN, BITS_MAX);
	r = check_residues(s->n, e);
	return r < 0 ? r : check_close_primes(s->n, e);
}

int
key_check_public(const struct key *k, struct err *e)
{
	const struct spki *s = &k->info;

	if (s->kind == KIND_EDWARDS)
		return err_set(e, E_KEY_WEAK, "Ed25519 and Ed448 keys are not taken: browsers refuse them");
	if (s->pss)
		return err_set(e, E_KEY_WEAK, "RSA keys that are for PSS alone are not taken");
	/* Exponent and odd modulus were checked when it was read. */
	if (s->kind == KIND_RSA)
		return check_rsa(s, e);
	/* The point was on its curve when it was read; all these curves have prime order. */
	if (s->alg == KEY_OTHER)
		return err_set(e, E_KEY_WEAK, "keys on the curve %s are not taken", s->group);
	return 0;
}
