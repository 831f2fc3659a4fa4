/* SPDX-License-Identifier: Apache-2.0 */
#include "validate/question.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/rand.h"
#include "base/utf8.h"
#include "crypto/digest.h"
#include "crypto/seal.h"

#define VERSION 1
#define ID 16
#define TEXT_MAX 4096
#define IDENTITIES_MAX 32
#define SEEN_ROWS_MAX 64

int
question_check(const struct validate_conf *c, const struct validate_question *q, struct arena *a,
	struct validate_result *ret, struct err *e)
{
	struct validate_conf mine = *c;

	switch (q->kind) {
	case QUESTION_DNS:
		return validate_dns(c, q->base, q->registered, q->value, a, ret, e);
	case QUESTION_FILE:
		return validate_file(c, q->base, q->value, a, ret, e);
	case QUESTION_CAA:
		mine.caa_identities = q->identities;
		mine.n_caa_identities = q->n_identities;
		return validate_caa(&mine,
			&(struct validate_caa_ask){q->base, q->wildcard, q->method, q->account_uri, q->fresh}, a, ret, e);
	}
	return err_set(e, E_UNSUPPORTED, "questions of kind %d are not known here", (int)q->kind);
}

/* -- sealing: the id stands before, in the clear, since it names what is sealed */

static int
seal(struct blob key, enum seal_class class, const uint8_t id[ID], const struct buf *plain, struct arena *a,
	struct blob *ret, struct err *e)
{
	struct seal_name name = {.class = class};
	struct blob sealed;
	BUF(out, ANSWER_MAX);
	int r;

	memcpy(name.id, id, ID);
	if (plain->over)
		return err_set(e, E_TOO_LARGE, "the message is too long");
	r = seal_close(key, &name, buf_blob(plain), a, &sealed, e);
	if (r < 0)
		return r;
	buf_put(&out, id, ID);
	buf_put_blob(&out, sealed);
	if (out.over)
		return err_set(e, E_TOO_LARGE, "the message is too long");
	*ret = arena_blob(a, buf_blob(&out));
	return 0;
}

static int
unseal(struct blob key, enum seal_class class, struct blob sealed, struct secret **ret, struct err *e)
{
	struct cursor c = cursor_of(sealed);
	struct seal_name name = {.class = class};
	struct blob id = cursor_take(&c, ID);
	ERR(why);

	if (!cursor_ok(&c, false))
		return err_set(e, E_UNAUTHENTICATED, "the message is too short");
	memcpy(name.id, id.p, ID);
	if (seal_open(key, &name, cursor_take(&c, cursor_left(&c)), ret, &why) < 0) {
		err_set(e, E_UNAUTHENTICATED, "the message does not open");
		err_hint(e, "Both sides need the same key file.");
		return e->code;
	}
	return 0;
}

/* The answer is sealed under the digest of the whole question: it fits no other one. */
static struct question_bond
bond_of(struct blob question)
{
	struct question_bond bond;
	uint8_t hash[32];

	digest_sha256(question, hash);
	memcpy(bond.id, hash, sizeof(bond.id));
	return bond;
}

static void
put_text(struct buf *b, struct str s)
{
	buf_put_u32(b, (uint32_t)s.n);
	buf_put_str(b, s);
}

/* Printable text, copied out of what is wiped. */
static struct str
take_text(struct cursor *c, struct arena *a)
{
	struct str s = str_of(cursor_blob(c, TEXT_MAX));

	c->bad |= !utf8_printable(s, false);
	return c->bad ? STR("") : arena_str(a, s);
}

/* -- questions */

int
question_seal(struct blob key, const struct validate_question *q, int64_t now_ms, struct arena *a, struct blob *ret,
	struct question_bond *ret_bond, struct err *e)
{
	uint8_t id[ID];
	BUF(b, QUESTION_MAX - 256);
	int r;

	rand_bytes(id, sizeof(id));
	buf_put_u8(&b, VERSION);
	buf_put_u64(&b, (uint64_t)now_ms);
	buf_put_u8(&b, (uint8_t)q->kind);
	buf_put_u8(&b, q->wildcard);
	buf_put_u8(&b, (uint8_t)q->method);
	put_text(&b, q->base);
	put_text(&b, q->registered);
	put_text(&b, q->value);
	put_text(&b, q->account_uri);
	buf_put_u8(&b, (uint8_t)MIN(q->n_identities, (unsigned)IDENTITIES_MAX));
	for (unsigned i = 0; i < q->n_identities && i < IDENTITIES_MAX; i++)
		put_text(&b, q->identities[i]);
	r = seal(key, SEAL_QUESTION, id, &b, a, ret, e);
	if (r == 0)
		*ret_bond = bond_of(*ret);
	return r;
}

static void
read_question(struct cursor *c, struct arena *a, struct validate_question *q)
{
	struct str *identities = arena_new_n(a, IDENTITIES_MAX, struct str);

	q->kind = (enum question_kind)cursor_u8(c);
	q->wildcard = cursor_u8(c) != 0;
	q->method = (enum validate_method)cursor_u8(c);
	q->base = take_text(c, a);
	q->registered = take_text(c, a);
	q->value = take_text(c, a);
	q->account_uri = take_text(c, a);
	q->n_identities = cursor_u8(c);
	c->bad |= q->n_identities > IDENTITIES_MAX || q->base.n == 0 || q->method > VALIDATE_EMAIL;
	for (unsigned i = 0; !c->bad && i < q->n_identities; i++)
		identities[i] = take_text(c, a);
	if (q->account_uri.n == 0)
		q->account_uri = (struct str){NULL, 0};
	q->identities = identities;
}

int
question_open(struct blob key, struct blob sealed, int64_t now_ms, struct arena *a, struct validate_question *ret,
	struct question_bond *ret_bond, struct err *e)
{
	struct validate_question q = {0};
	SECRET(plain);
	struct cursor c;
	int64_t at;
	int r = unseal(key, SEAL_QUESTION, sealed, &plain, e);

	if (r < 0)
		return r;
	c = cursor_of(secret_blob(plain));
	if (cursor_u8(&c) != VERSION)
		return err_set(e, E_UNSUPPORTED, "the question is of a version that is not known here");
	at = (int64_t)cursor_u64(&c);
	read_question(&c, a, &q);
	if (!cursor_ok(&c, true))
		return err_set(e, E_BAD_REQUEST, "the question is malformed");
	if (at < now_ms - QUESTION_AGE_MS || at > now_ms + QUESTION_AGE_MS)
		return err_set(e, E_UNAUTHENTICATED, "the question is of another time: the clocks differ by %lld s",
			(long long)((now_ms - at) / 1000));
	*ret = q;
	*ret_bond = bond_of(sealed);
	return 0;
}

/* -- answers */

int
answer_seal(struct blob key, const struct question_bond *bond, const struct validate_result *result, int code,
	const struct err *why, struct arena *a, struct blob *ret, struct err *e)
{
	BUF(b, ANSWER_MAX - 256);

	buf_put_u8(&b, VERSION);
	put_text(&b, code < 0 ? str_c(err_info(code)->name) : STR(""));
	put_text(&b, code < 0 ? str_c(why->msg) : STR(""));
	put_text(&b, result->name_proven);
	buf_put_u8(&b, (uint8_t)MIN(result->n_seen, (unsigned)SEEN_ROWS_MAX));
	for (unsigned i = 0; i < result->n_seen && i < SEEN_ROWS_MAX; i++) {
		put_text(&b, result->seen[i].what);
		put_text(&b, result->seen[i].result);
	}
	return seal(key, SEAL_ANSWER, bond->id, &b, a, ret, e);
}

/* A newer perspective may know errors that this program does not. */
static int
code_named(struct str name)
{
	int code = name.n ? err_by_name(name) : 0;

	return name.n && code == 0 ? E_UNSUPPORTED : code;
}

int
answer_open(struct blob key, const struct question_bond *bond, struct blob sealed, struct arena *a,
	struct validate_result *ret, int *ret_code, struct err *why, struct err *e)
{
	struct validate_seen *seen = arena_new_n(a, SEEN_ROWS_MAX, struct validate_seen);
	struct str name, text, proven;
	SECRET(plain);
	struct cursor c;
	unsigned n;
	int r;

	if (sealed.n < ID || memcmp(sealed.p, bond->id, ID) != 0)
		return err_set(e, E_UNAUTHENTICATED, "the answer is to another question");
	r = unseal(key, SEAL_ANSWER, sealed, &plain, e);
	if (r < 0)
		return r;
	c = cursor_of(secret_blob(plain));
	if (cursor_u8(&c) != VERSION)
		return err_set(e, E_UNSUPPORTED, "the answer is of a version that is not known here");
	name = take_text(&c, a);
	text = take_text(&c, a);
	proven = take_text(&c, a);
	n = cursor_u8(&c);
	for (unsigned i = 0; !c.bad && i < n && i < SEEN_ROWS_MAX; i++) {
		seen[i].what = take_text(&c, a);
		seen[i].result = take_text(&c, a);
	}
	if (!cursor_ok(&c, true) || n > SEEN_ROWS_MAX)
		return err_set(e, E_BAD_REQUEST, "the answer is malformed");
	*ret = (struct validate_result){.name_proven = proven, .n_seen = n, .seen = seen};
	*ret_code = code_named(name);
	if (*ret_code < 0)
		err_set(why, *ret_code, "%.*s", STRF(text));
	return 0;
}
