/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/limits.h"

#include "base/clock.h"
#include "base/hex.h"

#define VALIDITY_LONGEST (INT64_C(100) * 366 * MS_DAY)
#define LEAF_USAGES                                                                           \
	(KU_DIGITAL_SIGNATURE | 1 << 1 /* contentCommitment, of SM2 signing certificates */ | \
		KU_KEY_ENCIPHERMENT | KU_DATA_ENCIPHERMENT | KU_KEY_AGREEMENT)

int
limits_check(const struct signer_limits *l, struct err *e)
{
	if (!l->ca && !l->leaves)
		return err_set(e, E_FIELD_RANGE, "an issuer that may sign nothing is none");
	if (l->max_validity_ms < MS_MINUTE || l->max_validity_ms > VALIDITY_LONGEST)
		return err_set(e, E_FIELD_RANGE, "a validity of at most %lld ms is none",
			(long long)l->max_validity_ms);
	if (l->key_usages & ~(unsigned)LEAF_USAGES)
		return err_set(
			e, E_FIELD_RANGE, "key usages 0x%x are not for leaves", l->key_usages);
	if (l->leaves && !l->key_usages)
		return err_set(e, E_FIELD_RANGE, "leaves without any key usage are none");
	return 0;
}

bool
limits_equal(const struct signer_limits *a, const struct signer_limits *b)
{
	return a->ca == b->ca && a->leaves == b->leaves &&
	       a->max_validity_ms == b->max_validity_ms && a->key_usages == b->key_usages &&
	       a->any_name == b->any_name;
}

static const char *
yes_no(bool v)
{
	return v ? "yes" : "no";
}

void
limits_write(const struct limits_file *f, struct buf *out)
{
	ARENA(a);
	struct str id = hex_encode(&a, BLOB(f->key_id, sizeof(f->key_id)));
	struct str spki = hex_encode(&a, BLOB(f->spki_sha256, sizeof(f->spki_sha256)));

	buf_printf(out, "signet-issuer 1\nalg %s\n", key_alg_name(f->alg));
	buf_printf(out, "key-id %.*s\nspki-sha256 %.*s\n", STRF(id), STRF(spki));
	buf_printf(out, "ca %s\nleaves %s\n", yes_no(f->limits.ca), yes_no(f->limits.leaves));
	buf_printf(out, "max-validity-ms %lld\n", (long long)f->limits.max_validity_ms);
	buf_printf(out, "key-usages %u\nany-name %s\n", f->limits.key_usages,
		yes_no(f->limits.any_name));
}

/* The next line's value when the line has the key; none otherwise. */
static struct str
value(struct str *rest, const char *key)
{
	struct str line = str_cut(rest, '\n');
	struct str k = str_cut(&line, ' ');

	return str_eq_c(k, key) ? line : (struct str){0};
}

static bool
take_bool(struct str *rest, const char *key, bool *ret)
{
	struct str v = value(rest, key);

	*ret = str_eq_c(v, "yes");
	return *ret || str_eq_c(v, "no");
}

static bool
take_hex(struct str *rest, const char *key, uint8_t *ret, size_t n)
{
	ARENA(a);
	struct blob b;

	if (!hex_decode(&a, value(rest, key), &b) || b.n != n)
		return false;
	memcpy(ret, b.p, n);
	return true;
}

static bool
take_number(struct str *rest, const char *key, uint64_t max, uint64_t *ret)
{
	return str_u64(value(rest, key), max, ret);
}

static bool
read_all(struct str rest, struct limits_file *f)
{
	uint64_t validity, usages;

	if (!str_eq_c(value(&rest, "signet-issuer"), "1"))
		return false;
	f->alg = key_alg_by_name(value(&rest, "alg"));
	if (f->alg == KEY_NONE || !take_hex(&rest, "key-id", f->key_id, sizeof(f->key_id)) ||
		!take_hex(&rest, "spki-sha256", f->spki_sha256, sizeof(f->spki_sha256)) ||
		!take_bool(&rest, "ca", &f->limits.ca) ||
		!take_bool(&rest, "leaves", &f->limits.leaves) ||
		!take_number(&rest, "max-validity-ms", INT64_MAX, &validity) ||
		!take_number(&rest, "key-usages", UINT16_MAX, &usages) ||
		!take_bool(&rest, "any-name", &f->limits.any_name))
		return false;
	f->limits.max_validity_ms = (int64_t)validity;
	f->limits.key_usages = (unsigned)usages;
	return rest.n == 0;
}

int
limits_read(struct str text, const char *file, struct limits_file *ret, struct err *e)
{
	struct limits_file f = {0};
	int r;

	if (!str_ends(text, STR("\n")) || !read_all(text, &f))
		return err_set(e, E_IO, "\"%s\" in the signer's directory is damaged", file);
	r = limits_check(&f.limits, e);
	if (r < 0)
		return err_wrap(e, "\"%s\" in the signer's directory", file);
	*ret = f;
	return 0;
}
