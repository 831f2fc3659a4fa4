/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/check_priv.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/rfc3339.h"
#include "crypto/verify.h"

enum letter { E = CHECK_ERROR, W = CHECK_WARNING, N = CHECK_NOTE, O = CHECK_NOTHING };

static const struct row {
	const char *word;
	enum letter severity[CHECK_PURPOSES];
	const char *text, *cure, *text_zh, *cure_zh;
} rows[] = {
#define CHECK(code, word, store, deploy, mail, text, cure, text_zh, cure_zh) \
	{word, {store, deploy, mail}, text, cure, text_zh, cure_zh},
#include "inspect/checks.def"
#undef CHECK
};

enum check_severity
check_severity(enum check_code code, enum check_purpose purpose)
{
	return (enum check_severity)rows[code].severity[purpose];
}

const char *
check_word(enum check_code code)
{
	return rows[code].word;
}

const char *
check_text(enum check_code code, bool chinese)
{
	return chinese ? rows[code].text_zh : rows[code].text;
}

const char *
check_cure(enum check_code code, bool chinese)
{
	const char *cure = chinese ? rows[code].cure_zh : rows[code].cure;

	return strcmp(cure, "-") == 0 ? NULL : cure;
}

const char *
check_severity_word(enum check_severity s)
{
	static const char *const words[] = {
		[CHECK_NOTHING] = "", [CHECK_NOTE] = "note", [CHECK_WARNING] = "warning", [CHECK_ERROR] = "error"};

	return words[s];
}

PRINTF(6, 0) static void
find(struct check *c, enum check_purpose purpose, enum check_code code, const struct item *where, int at, const char *fmt,
	va_list ap)
{
	enum check_severity severity = check_severity(code, purpose);
	struct check_finding *f;

	if (severity == CHECK_NOTHING || c->n == CHECK_FINDINGS_MAX)
		return;
	f = &c->v[c->n++];
	*f = (struct check_finding){code, severity, where ? where->file : NULL, where ? where->line : 0, at, c->n, ""};
	vsnprintf(f->text, sizeof(f->text), fmt, ap);
	c->n_errors += severity == CHECK_ERROR;
	c->n_warnings += severity == CHECK_WARNING;
}

void
check_find(struct checking *t, enum check_code code, const struct item *where, int at,
	const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	find(t->out, t->in->purpose, code, where, at, fmt, ap);
	va_end(ap);
}

/* -- the files */

static enum check_code
code_of_unreadable(int code)
{
	switch (code) {
	case E_KEY_LOCKED:
		return CHECK_KEY_LOCKED;
	case E_PASSPHRASE_WRONG:
		return CHECK_PASSPHRASE_WRONG;
	case E_KEY_UNREADABLE:
	case E_KEY_WEAK:
		return CHECK_KEY_DAMAGED;
	default:
		return CHECK_FILE;
	}
}

/* Where the block begins that an error of intake.c or pem.c speaks of. */
static unsigned
line_of(const char *msg)
{
	const char *at = strstr(msg, "line ");

	return at ? (unsigned)strtoul(at + strlen("line "), NULL, 10) : 0;
}

void
check_take(const struct check_in *in, struct arena *a, struct check_files *ret)
{
	err_clear(&ret->faults);
	intake_init(&ret->items, a);
	for (unsigned i = 0; i < in->n_fields; i++) {
		const struct check_field *f = &in->fields[i];

		if (f->bytes.p)
			intake_add(&ret->items, f->name, f->bytes, in->passphrase, &ret->faults);
	}
}

static void
files_read(struct checking *t)
{
	const struct check_files *files = t->in->files;
	struct check_files *own;

	if (!files) {
		own = arena_new(t->a, struct check_files);
		check_take(t->in, t->a, own);
		files = own;
	}
	t->items = files->items;
	for (unsigned i = 0; i < files->faults.n_causes; i++) {
		const struct err_cause *c = &files->faults.causes[i];
		const struct item where = {
			.file = arena_cstr(t->a, str_c(c->field)), .line = line_of(c->msg)};

		check_find(t, code_of_unreadable(c->code), &where, -1, "%s", c->msg);
	}
}

static bool
in_chain_field(const struct checking *t, const struct item *i)
{
	return t->in->chain_field && i->file == t->in->fields[t->in->chain_field].name;
}

static bool
seen_before(const struct checking *t, struct blob der)
{
	for (unsigned i = 0; i < t->n; i++) {
		if (blob_eq(t->v[i].item->der, der))
			return true;
	}
	return false;
}

static void
cert_keep(struct checking *t, const struct item *i)
{
	struct given *g = &t->v[t->n];
	ERR(why);

	if (seen_before(t, i->der))
		return;
	if (path_cert_new(t->a, i->der, &g->cert, &why) < 0) {
		check_find(t, CHECK_FILE, i, -1, "%s", why.msg);
		return;
	}
	g->item = i;
	g->in_chain_field = in_chain_field(t, i);
	t->n++;
}

static void
items_sort(struct checking *t)
{
	t->v = arena_new_n(t->a, t->items.n, struct given);
	for (unsigned i = 0; i < t->items.n; i++) {
		const struct item *it = &t->items.v[i];

		switch (it->kind) {
		case ITEM_CERT:
			cert_keep(t, it);
			break;
		case ITEM_CSR:
			check_find(t, CHECK_WRONG_PLACE, it, -1, "it is a signing request");
			break;
		case ITEM_PUBLIC_KEY:
			check_find(t, CHECK_WRONG_PLACE, it, -1, "it is a public key");
			break;
		case ITEM_KEY:
		case ITEM_CRL:
			break;
		}
	}
}

/* -- which certificate is meant */

const struct item *
check_key_of(struct checking *t, const struct given *g)
{
	const struct item *key = intake_find(&t->items, ITEM_KEY, 0);

	for (; key; key = intake_find(&t->items, ITEM_KEY, (unsigned)(key - t->items.v) + 1)) {
		if (key_is_of(key->key, g->cert->x.spki))
			return key;
	}
	return NULL;
}

static bool
fits_request(const struct checking *t, const struct given *g)
{
	for (size_t i = 0; i < t->in->n_requests; i++) {
		if (blob_eq(t->in->requests[i], g->cert->x.spki))
			return true;
	}
	return false;
}

/* The certificate of one of the keys; those in the certificate's field first. */
static const struct given *
leaf_of_keys(struct checking *t)
{
	for (int in_chain = 0; in_chain < 2; in_chain++) {
		for (unsigned i = 0; i < t->n; i++) {
			if (t->v[i].in_chain_field != in_chain)
				continue;
			t->out->key = check_key_of(t, &t->v[i]);
			t->out->by_request = !t->out->key && fits_request(t, &t->v[i]);
			if (t->out->key || t->out->by_request)
				return &t->v[i];
		}
	}
	return NULL;
}

/* Without a key that says it: in the certificate's field the first that is no CA's, or the first at
 * all. */
static const struct given *
leaf_alone(const struct checking *t)
{
	const struct given *first = NULL;

	for (unsigned i = 0; i < t->n; i++) {
		if (t->v[i].in_chain_field)
			continue;
		if (!t->v[i].cert->x.ca)
			return &t->v[i];
		first = first ? first : &t->v[i];
	}
	return first;
}

/* Certificates in the chain's field, or in the others; doubles count. */
static unsigned
certs_in(const struct checking *t, bool chain_field)
{
	unsigned n = 0;

	for (unsigned i = 0; i < t->items.n; i++)
		n += t->items.v[i].kind == ITEM_CERT &&
		     in_chain_field(t, &t->items.v[i]) == chain_field;
	return n;
}

static void
leaves_count(struct checking *t)
{
	const struct given *first = NULL;

	for (unsigned i = 0; i < t->n; i++) {
		const struct given *g = &t->v[i];

		if (g->in_chain_field || g->cert->x.ca)
			continue;
		if (first)
			check_find(t, CHECK_TWO_LEAVES, g->item, -1,
				"it is the second that is no certificate of a CA");
		first = first ? first : g;
	}
	if (certs_in(t, false) > 1 && certs_in(t, true))
		check_find(t, CHECK_SEVERAL_WITH_CHAIN, NULL, -1, "there are %u in it",
			certs_in(t, false));
}

static void
leaf_choose(struct checking *t)
{
	const struct item *file = intake_find(&t->items, ITEM_KEY, 0);
	const struct given *alone = leaf_alone(t);
	bool key = file || t->in->n_requests;

	leaves_count(t);
	t->leaf = key ? leaf_of_keys(t) : alone;
	if (key && t->leaf && t->leaf->in_chain_field)
		check_find(t, CHECK_LEAF_IN_CHAIN, t->leaf->item, -1, "%s", "");
	if (key && !t->leaf && t->n)
		check_find(t, CHECK_KEY_MISMATCH, file, -1, "%s",
			file ? "" : "the stored signing request has another key");
	if (!key && t->in->key_needed && !t->out->n_errors)
		check_find(t, CHECK_KEY_MISSING, NULL, -1, "%s", "");
	if (!t->leaf)
		t->leaf = alone;
	if (!alone && !t->out->n_errors)
		check_find(t, CHECK_CERT_MISSING, NULL, -1, "%s", "");
	t->out->leaf = t->leaf ? t->leaf->item : NULL;
}

/* -- the chain */

static const enum check_code of_faults[] = {
	[PATH_UNREADABLE] = CHECK_FILE,
	[PATH_NO_ISSUER] = CHECK_INCOMPLETE,
	[PATH_UNTRUSTED] = CHECK_UNTRUSTED,
	[PATH_IS_ANCHOR] = CHECK_UNTRUSTED,
	[PATH_GIVEN_UP] = CHECK_INCOMPLETE,
	[PATH_TOO_LONG] = CHECK_ISSUER_RULES,
	[PATH_NAME_MISMATCH] = CHECK_NAME,
	[PATH_POLICY] = CHECK_FORM,
	[PATH_POLICY_MAPPING] = CHECK_FORM,
	[PATH_SIGNATURE] = CHECK_SIGNATURE,
	[PATH_SIGNATURE_ALGORITHM] = CHECK_DIGEST,
	[PATH_ISSUER_KEY_ID] = CHECK_ISSUER_RULES,
	[PATH_EXPIRED] = CHECK_EXPIRED,
	[PATH_NOT_YET_VALID] = CHECK_NOT_YET_VALID,
	[PATH_REVOKED] = CHECK_REVOKED,
	[PATH_STATUS_UNKNOWN] = CHECK_STATUS_UNKNOWN,
	[PATH_NO_CA] = CHECK_ISSUER_RULES,
	[PATH_PATH_LENGTH] = CHECK_ISSUER_RULES,
	[PATH_NO_CERT_SIGN] = CHECK_ISSUER_RULES,
	[PATH_PURPOSE] = CHECK_ISSUER_RULES,
	[PATH_NAME_EXCLUDED] = CHECK_ISSUER_RULES,
	[PATH_NAME_NOT_PERMITTED] = CHECK_ISSUER_RULES,
	[PATH_NAMES_TOO_MANY] = CHECK_ISSUER_RULES,
	[PATH_CRITICAL_UNKNOWN] = CHECK_ISSUER_RULES,
	[PATH_KEY] = CHECK_WEAK_KEY,
	[PATH_KEY_WEAK] = CHECK_WEAK_KEY,
	[PATH_NOT_DER] = CHECK_FORM,
	[PATH_SERIAL] = CHECK_FORM,
	[PATH_EMPTY_NAME] = CHECK_FORM,
	[PATH_NAME_STRING] = CHECK_FORM,
	[PATH_CRITICALITY] = CHECK_FORM,
	[PATH_KEY_ID_MISSING] = CHECK_FORM,
	[PATH_KEY_USAGE] = CHECK_FORM,
	[PATH_NAME_FORM] = CHECK_FORM,
	[PATH_CONSTRAINTS_FORM] = CHECK_FORM,
	[PATH_POLICIES_FORM] = CHECK_FORM,
	[PATH_WEB_CA_AS_LEAF] = CHECK_ISSUER_RULES,
	[PATH_WEB_EKU] = CHECK_FORM,
	[PATH_WEB_COMMON_NAME] = CHECK_FORM,
	[PATH_WEB_PUBLIC_SUFFIX] = CHECK_FORM,
	[PATH_WEB_KEY] = CHECK_WEAK_KEY,
	[PATH_WEB_ROOT] = CHECK_FORM,
};
_Static_assert(ARRAY_LEN(of_faults) == PATH_CODES, "what each fault of a chain is to a check");

enum check_code
check_code_of(enum path_code fault, int at)
{
	/* Above a CA's certificate nothing but its root may be missing. */
	return fault == PATH_NO_ISSUER && at > 0 ? CHECK_UNTRUSTED : of_faults[fault];
}

/* Key, digest, dates and rules are judged on the leaf and what stands between; never on a root. */
static bool
is_root(const struct path_result *r, int at)
{
	return at > 0 && at == (int)r->n_chain - 1 && r->chain[at]->x.self_issued;
}

static struct given *
given_of(struct checking *t, const struct path_cert *c)
{
	for (unsigned i = 0; i < t->n; i++) {
		if (t->v[i].cert == c || blob_eq(t->v[i].item->der, c->x.der))
			return &t->v[i];
	}
	return NULL;
}

static void
faults_tell(struct checking *t, const struct path_result *r)
{
	for (unsigned i = 0; i < r->n_faults; i++) {
		const struct path_fault *f = &r->faults[i];
		const struct given *g = f->at >= 0 ? given_of(t, r->chain[f->at]) : NULL;
		enum check_code code = check_code_of(f->code, f->at);

		if (f->code == PATH_IS_ANCHOR || (is_root(r, f->at) && code != CHECK_UNTRUSTED))
			continue;
		check_fault_tell(t, r, f, g ? g->item : NULL);
	}
}

static void
chain_keep(struct checking *t, const struct path_result *r)
{
	unsigned completed = 0, last = 0, left_out = 0;
	bool reordered = false;

	for (unsigned i = 0; i < r->n_chain; i++) {
		struct given *g = given_of(t, r->chain[i]);
		unsigned place = g ? (unsigned)(g - t->v) : last;

		t->out->told[i] = r->told[i];
		t->out->chain[t->out->n_chain++] = r->chain[i]->x.der;
		completed += !g && !is_root(r, (int)i);
		reordered |= place < last;
		last = place;
		if (g)
			g->used = true;
	}
	for (unsigned i = 0; i < t->n; i++)
		left_out += !t->v[i].used;
	if (completed)
		check_find(t, CHECK_COMPLETED, NULL, -1, "%u added", completed);
	if (reordered)
		check_find(t, CHECK_REORDERED, NULL, -1, "%s", "");
	if (left_out)
		check_find(t, CHECK_LEFT_OUT, NULL, -1, "%u left out", left_out);
}

/* What no chain is refused for, and its owner should hear of the leaf and of what stands between. */
static void
chain_remark(struct checking *t, const struct path_result *r)
{
	char end[RFC3339_MAX];

	for (int i = 0; i < (int)r->n_chain && !is_root(r, i); i++) {
		const struct path_cert *c = r->chain[i];
		const struct given *g = given_of(t, c);
		int64_t left = c->x.not_after_ms - t->in->now_ms;

		if (c->key && verify_key_kind(c->key) == VERIFY_EDWARDS)
			check_find(t, CHECK_EDWARDS, g ? g->item : NULL, i, "the key is of %.*s",
				STRF(verify_key_name(c->key, t->a)));
		if (left >= 0 && left < t->in->soon_ms)
			check_find(t, CHECK_EXPIRES_SOON, g ? g->item : NULL, i, "it ends at %s",
				rfc3339_put(c->x.not_after_ms, end));
	}
}

static int
peer_read(const struct check_in *in, struct x509_peer *ret, struct err *e)
{
	ERR(ignored);

	if (!in->target.n)
		return 0;
	return x509_peer_ip(in->target, ret, &ignored) == 0 ? 0 : x509_peer_dns(in->target, ret, e);
}

static int
path_judge(struct checking *t, const struct given *leaf, struct path_result *ret, struct err *e)
{
	const struct path_cert **pool =
		arena_new_n(t->a, t->n + t->in->n_known, const struct path_cert *);
	struct path_query q = {.leaf = leaf->cert,
		.pool = pool,
		.anchors = t->in->anchors,
		.n_anchors = t->in->n_anchors,
		.now_ms = t->in->now_ms,
		.purpose = PATH_SERVER,
		.max_depth = -1};
	int r = peer_read(t->in, &q.peer, e);

	if (r < 0)
		return r;
	for (unsigned i = 0; i < t->n; i++) {
		if (&t->v[i] != t->leaf && &t->v[i] != t->pair)
			pool[q.n_pool++] = t->v[i].cert;
	}
	for (size_t i = 0; i < t->in->n_known; i++)
		pool[q.n_pool++] = t->in->known[i];
	check_status_ask(t, &q);
	return path_find(&q, t->a, ret, e);
}

/* The encryption half: what is wrong above both is said once. */
static int
pair_judge(struct checking *t, struct err *e)
{
	struct path_result r;
	int rc = path_judge(t, t->pair, &r, e);

	if (rc < 0)
		return rc;
	for (unsigned i = 0; i < r.n_faults; i++) {
		const struct path_fault *f = &r.faults[i];

		if (f->at == 0)
			check_fault_tell(t, &r, f, t->pair->item);
	}
	for (unsigned i = 0; i < r.n_chain; i++) {
		struct given *g = given_of(t, r.chain[i]);

		if (g)
			g->used = true;
	}
	return 0;
}

static int
leaf_and_chain_judge(struct checking *t, struct err *e)
{
	struct path_result r;
	int rc = t->pair ? pair_judge(t, e) : 0;

	if (rc == 0)
		rc = path_judge(t, t->leaf, &r, e);
	if (rc < 0)
		return rc;
	t->out->trusted = r.anchored;
	faults_tell(t, &r);
	chain_keep(t, &r);
	chain_remark(t, &r);
	return 0;
}

static int
finding_order(const void *a, const void *b)
{
	const struct check_finding *x = a, *y = b;

	if (x->severity != y->severity)
		return x->severity < y->severity ? 1 : -1;
	if (x->code != y->code)
		return x->code < y->code ? -1 : 1;
	return x->seen < y->seen ? -1 : 1;
}

void
check_sort(struct check *c)
{
	qsort(c->v, c->n, sizeof(c->v[0]), finding_order);
}

void
check_add(struct check *c, enum check_purpose purpose, enum check_code code, int at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	find(c, purpose, code, NULL, at, fmt, ap);
	va_end(ap);
	check_sort(c);
}

int
check_run(const struct check_in *in, struct arena *a, struct check *ret, struct err *e)
{
	struct checking t = {.in = in, .a = a, .out = ret};
	int r;

	*ret = (struct check){0};
	files_read(&t);
	items_sort(&t);
	if (!check_pair(&t))
		leaf_choose(&t);
	check_status_read(&t);
	r = t.leaf ? leaf_and_chain_judge(&t, e) : 0;
	check_sort(ret);
	return r;
}
