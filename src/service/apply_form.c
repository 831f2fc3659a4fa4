/* SPDX-License-Identifier: Apache-2.0 */
/* An application's input, checked as far as that needs no database: names, key, contact (SPEC 3.2, 3.3). */
#include "ca/profile.h"
#include "model/contact.h"
#include "service/apply_priv.h"

#include <stdio.h>

#define CN_MAX 64

static void PRINTF(3, 4)
note(struct form *f, struct arena *a, const char *fmt, ...)
{
	va_list ap;

	if (!f->notes)
		f->notes = arena_new_n(a, APPLY_NAMES_MAX * 3, struct str);
	BUG_ON(f->n_notes >= APPLY_NAMES_MAX * 3);
	va_start(ap, fmt);
	f->notes[f->n_notes++] = arena_vprintf(a, fmt, ap);
	va_end(ap);
}

static struct form_name *
find(struct form *f, struct str ascii)
{
	for (size_t i = 0; i < f->n_names; i++) {
		if (str_eq(f->names[i].name.ascii, ascii))
			return &f->names[i];
	}
	return NULL;
}

static void
add_name(struct form *f, const struct name *n, struct str typed, struct arena *a)
{
	if (n->trimmed)
		note(f, a, "\"%.*s\": blanks or the final dot were dropped", STRF(typed));
	if (n->converted)
		note(f, a, "\"%.*s\" was converted to %.*s", STRF(typed), STRF(n->ascii));
	if (find(f, n->ascii)) {
		note(f, a, "\"%.*s\" is there already and was merged", STRF(n->ascii));
		return;
	}
	f->names[f->n_names++] = (struct form_name){*n, false};
}

static void
read_names(struct form *f, struct arena *a, struct err *e)
{
	struct name_rules rules = {
		.any_name = f->profile && f->profile->any_name,
		.allow_ip = f->product->ip || f->product->internal || (f->profile && f->profile->any_name),
		.allow_dns = !f->product->ip,
	};

	if (f->in->n_names == 0)
		err_note(e, E_FIELD_MISSING, "names", "the application has no names");
	if (f->in->n_names > APPLY_NAMES_MAX) {
		err_note(e, E_NAME_COUNT, "names", "there are %zu names; at most %d are possible", f->in->n_names,
			APPLY_NAMES_MAX);
		return;
	}
	f->names = arena_new_n(a, f->in->n_names * 2 + 1, struct form_name);
	for (size_t i = 0; i < f->in->n_names; i++) {
		struct name n;
		char field[32];
		ERR(fault);

		snprintf(field, sizeof(field), "names[%zu]", i);
		if (name_read(f->in->names[i], &rules, field, a, &n, &fault) < 0)
			err_note(e, fault.code, field, "%s", fault.msg);
		else
			add_name(f, &n, f->in->names[i], a);
	}
}

/* The free companion of a name; typed by the applicant, it is the same companion and not counted (SPEC 3.2). */
static void
add_companions(struct form *f, struct arena *a)
{
	size_t typed = f->n_names;

	if (f->product->internal)
		return;
	for (size_t i = 0; i < typed; i++) {
		struct str apex = name_companion(&f->names[i].name);
		struct form_name *there = apex.p ? find(f, apex) : NULL;
		struct name_rules any = {.any_name = true, .allow_dns = true};
		struct name n;
		ERR(ignored);

		if (!apex.p || f->names[i].companion)
			continue;
		if (there) {
			there->companion = true;
			continue;
		}
		if (f->in->no_companions || name_read(apex, &any, "names", a, &n, &ignored) < 0)
			continue;
		f->names[f->n_names++] = (struct form_name){n, true};
		note(f, a, "%.*s was added: it comes free with %.*s", STRF(apex), STRF(f->names[i].name.ascii));
	}
}

/* A common name of its own: companions come by themselves. */
static bool
has_common(const struct form *f)
{
	for (size_t i = 0; i < f->n_names; i++) {
		if (!f->names[i].companion && f->names[i].name.kind != NAME_WILDCARD)
			return true;
	}
	return false;
}

/* A hybrid certificate has a common name (SPEC 3.2): an apex typed first that is the only one was bought as such. */
static void
keep_a_common(struct form *f)
{
	if (f->product->kind == KIND_HYBRID && f->n_names && f->names[0].companion && !has_common(f))
		f->names[0].companion = false;
}

static bool
listed(struct str list, const char *word)
{
	while (list.p) {
		if (str_eq_c(str_cut(&list, ' '), word))
			return true;
	}
	return false;
}

/* Whether a request may be without one: where nothing could stand in it, and for Signet's own names. */
static bool
may_lack_cn(const struct form *f)
{
	return f->product->ip || f->product->internal || f->cn.n == 0;
}

static void
check_csr_cn(struct form *f, struct arena *a, struct err *e)
{
	struct name_rules any = {.any_name = true, .allow_dns = true, .allow_ip = true};
	struct str cn = f->csr.cn;
	struct name n;
	ERR(ignored);

	if (!cn.p || cn.n == 0) {
		if (!may_lack_cn(f))
			err_note(e, E_CSR_NAMES, "csr", "the signing request has no common name");
		return;
	}
	if (name_read(cn, &any, "csr", a, &n, &ignored) < 0 || !find(f, n.ascii))
		err_note(e, E_CSR_NAMES, "csr", "the signing request's common name \"%.*s\" is not among the names",
			STRF(cn));
	else if (n.kind == NAME_WILDCARD && has_common(f))
		err_note(e, E_CSR_NAMES, "csr",
			"the signing request's common name \"%.*s\" is a wildcard, and there is a common name", STRF(cn));
	else if (f->product->kind == KIND_HYBRID && !str_eq(n.ascii, f->names[0].name.ascii))
		err_note(e, E_CSR_NAMES, "csr",
			"the signing request's common name \"%.*s\" is not the first name, \"%.*s\"", STRF(cn),
			STRF(f->names[0].name.ascii));
}

static void
check_csr_name(struct form *f, struct str san, struct arena *a, struct err *e)
{
	struct name_rules any = {.any_name = true, .allow_dns = true, .allow_ip = true};
	struct name n;
	ERR(ignored);

	if (name_read(san, &any, "csr", a, &n, &ignored) < 0 || !find(f, n.ascii))
		err_note(e, E_CSR_NAMES, "csr", "the signing request's name \"%.*s\" is not among the names", STRF(san));
}

/* The names that the request carries must be names of the form (SPEC 3.3). */
static void
check_csr_names(struct form *f, struct arena *a, struct err *e)
{
	check_csr_cn(f, a, e);
	for (unsigned i = 0; i < f->csr.n_dns; i++)
		check_csr_name(f, f->csr.dns[i], a, e);
	for (unsigned i = 0; i < f->csr.n_ip; i++) 
		check_csr_name(f, addr_octets_text(a, f->csr.ip[i]), a, e);
	if (f->csr.n_other)
		err_note(e, E_CSR_NAMES, "csr",
			"the signing request asks for %u names that are neither host names nor addresses", f->csr.n_other);
}

static void
read_csr(struct form *f, struct arena *a, struct err *e)
{
	ERR(fault);

	if (!f->in->csr.p) {
		err_note(e, E_FIELD_MISSING, "csr", "the key source is csr, but there is no signing request");
		return;
	}
	if (csr_from_text(blob_of(f->in->csr), a, &f->csr_der, &fault) < 0 ||
		csr_read(f->csr_der, a, &f->csr, &fault) < 0) {
		err_note(e, fault.code, "csr", "%s", fault.msg);
		return;
	}
	f->key_alg = f->csr.alg;
	digest_sha256(f->csr.spki, f->spki_sha256);
	check_csr_names(f, a, e);
}

/* Where the key's algorithm was chosen. */
static const char *
key_field(const struct form *f)
{
	if (f->in->key_source == KEY_SOURCE_STORED)
		return "csr_id";
	return f->in->key_source == KEY_SOURCE_CSR ? "csr" : "key.algorithm";
}

static void
read_key(struct form *f, struct arena *a, struct err *e)
{
	switch (f->in->key_source) {
	case KEY_SOURCE_GENERATE:
		f->key_alg = f->in->key_alg;
		break;
	case KEY_SOURCE_CSR:
	case KEY_SOURCE_STORED:
		read_csr(f, a, e);
		break;
	}
	if (f->in->key_source == KEY_SOURCE_STORED && f->in->key_alg != KEY_NONE && f->csr.spki.n &&
		f->in->key_alg != f->key_alg)
		err_note(e, E_KEY_ALGORITHM, "key_alg",
			"the stored signing request has a key of %s: none of %s comes from it",
			key_alg_name(f->key_alg), key_alg_name(f->in->key_alg));
	if (f->key_alg != KEY_NONE && !listed(f->product->algorithms, key_alg_name(f->key_alg)))
		err_note(e, E_KEY_ALGORITHM, key_field(f),
			"the product \"%.*s\" does not offer %s; it has %.*s", STRF(f->product->code),
			key_alg_name(f->key_alg), STRF(f->product->algorithms));
}

static void
read_contact(struct form *f, struct err *e)
{
	const struct apply_contact *c = &f->in->contact;

	if (!f->product->internal)
		contact_check(&(struct contact){c->name, c->email, c->phone}, "contact.", e);
}

static void
check_method(struct form *f, struct err *e)
{
	if (f->in->method == METHOD_EMAIL && f->product->type == TYPE_DV)
		err_note(e, E_METHOD_UNFIT, "method", "proof by e-mail is for OV and EV products");
	for (size_t i = 0; i < f->n_names; i++)
		method_check(f->in->method, f->product, f->names[i].name.kind, f->names[i].name.ascii, e);
}

static void
pick_cn(struct form *f)
{
	f->cn = STR("");
	for (size_t i = 0; i < f->n_names && f->cn.n == 0; i++) {
		if (f->names[i].name.ascii.n <= CN_MAX && f->names[i].name.kind != NAME_IP)
			f->cn = f->names[i].name.ascii;
	}
}

/* [A-Za-z0-9._-], 1 to 63 (SPEC 3.8); without a name of its own: the first name with the date left to the id. */
static void
read_certificate_name(struct form *f, struct arena *a, struct err *e)
{
	struct str given = f->in->certificate_name;

	if (!given.p) {
		struct str first = f->n_names ? f->names[0].name.base : STR("certificate");
		char *out = arena_copy(a, first.p, first.n);

		f->certificate_name = (struct str){out, MIN(first.n, (size_t)63)};
		for (size_t i = 0; i < f->certificate_name.n; i++) {
			if (out[i] == ':')
				out[i] = '-';
		}
		return;
	}
	f->certificate_name = given;
	if (given.n < 1 || given.n > 63)
		err_note(e, E_FIELD_LENGTH, "certificate_name", "the name has %zu characters; 1 to 63 are possible", given.n);
	for (size_t i = 0; i < given.n; i++) {
		char ch = given.p[i];

		if ((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '.' ||
			ch == '_' || ch == '-')
			continue;
		err_note(e, E_FIELD_FORM, "certificate_name", "the name \"%.*s\" may hold letters, digits, '.', '_', '-'",
			STRF(given));
		return;
	}
}

int
form_read(const struct apply *in, const struct row_product *product, struct arena *a, struct form *ret, struct err *e)
{
	struct form f = {.in = in, .product = product, .profile = profile_find(product->profile, 0)};

	if (!f.profile)
		return err_set(e, E_PROFILE_UNKNOWN, "the product \"%.*s\" names the unknown profile \"%.*s\"",
			STRF(product->code), STRF(product->profile));
	read_names(&f, a, e);
	add_companions(&f, a);
	keep_a_common(&f);
	pick_cn(&f);
	read_key(&f, a, e);
	if (!in->names_only) {
		read_contact(&f, e);
		check_method(&f, e);
	}
	read_certificate_name(&f, a, e);
	*ret = f;
	return err_faults(e);
}

void
form_count(const struct form *f, int64_t *ret_common, int64_t *ret_wildcard)
{
	*ret_common = *ret_wildcard = 0;
	for (size_t i = 0; i < f->n_names; i++) {
		if (!f->names[i].companion)
			++*(f->names[i].name.kind == NAME_WILDCARD ? ret_wildcard : ret_common);
	}
}

int
form_fits(const struct form *f, const struct row_subscription *sub, struct err *e)
{
	int64_t common, wildcard;
	enum product_kind kind = (enum product_kind)f->product->kind;

	form_count(f, &common, &wildcard);
	if (kind != KIND_WILDCARD && kind != KIND_HYBRID && wildcard)
		err_note(e, E_NAME_KIND, "names", "a %s product takes no wildcard", words_kind[kind]);
	if (kind == KIND_WILDCARD && common)
		err_note(e, E_NAME_KIND, "names", "a wildcard product takes wildcards only");
	if (kind == KIND_HYBRID && (common == 0 || wildcard == 0))
		err_note(e, E_NAME_KIND, "names", "a hybrid certificate has a common name and a wildcard at least");
	if (kind == KIND_HYBRID && common && f->names[0].name.kind == NAME_WILDCARD)
		err_note(e, E_NAME_KIND, "names[0]", "the first name of a hybrid certificate is a common one");
	if (common > sub->n_common && kind != KIND_WILDCARD)
		err_note(e, E_NAME_COUNT, "names", "there are %lld common names; the subscription covers %lld",
			(long long)common, (long long)sub->n_common);
	if (wildcard > sub->n_wildcard && (kind == KIND_WILDCARD || kind == KIND_HYBRID))
		err_note(e, E_NAME_COUNT, "names", "there are %lld wildcards; the subscription covers %lld",
			(long long)wildcard, (long long)sub->n_wildcard);
	return err_faults(e);
}
