/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "lint/crl.h"
#include "lint/world.h"

/* The rules of this house, for what it is about to sign. */
static const struct lint_table *const house[] = {
	&lint_base_rules, &lint_dn_rules, &lint_name_rules, &lint_ext_rules};
/* The rules of the world, for the certificates of anyone. */
static const struct lint_world_table *const world[] = {&lint_world_base, &lint_world_key, &lint_world_ext,
	&lint_world_usage, &lint_world_dn, &lint_world_san, &lint_world_dns, &lint_world_uri, &lint_world_policy,
	&lint_world_mail, &lint_world_tls, &lint_world_ev, &lint_world_code, &lint_world_qc,
	&lint_world_etsi, &lint_world_tables, &lint_world_forms, &lint_world_smime};

void
lint_hit(struct lint_out *out, const char *place)
{
	struct lint_finding *f;

	if (out->n == out->room) {
		struct lint_finding *more;

		out->room = out->room ? out->room * 2 : 8;
		more = arena_new_n(out->a, out->room, struct lint_finding);
		if (out->n)
			memcpy(more, out->found, out->n * sizeof(*more));
		out->found = more;
	}
	f = &out->found[out->n++];
	f->rule = out->rule;
	f->severity = out->early ? LINT_NOTE : out->rule->severity;
	f->aka = out->aka ? out->aka : out->rule->aka;
	snprintf(f->place, sizeof(f->place), "%s", place);
}

void
lint_hit_text(struct lint_out *out, struct blob text)
{
	char place[LINT_PLACE_MAX];
	size_t n = MIN(text.n, sizeof(place) - 1);

	for (size_t i = 0; i < n; i++)
		place[i] = text.p[i] > ' ' && text.p[i] < 0x7f ? (char)text.p[i] : '?';
	place[n] = 0;
	lint_hit(out, place);
}

/* -- the rules of this house */

static unsigned
house_role(const struct lint_view *v)
{
	if (!v->ca)
		return LINT_LEAF;
	return v->self_issued ? LINT_ROOT : LINT_SUB_CA;
}

static bool
house_applies(const struct lint_row *row, const struct lint_view *v, unsigned role)
{
	return (row->scope & role) && (!(row->scope & LINT_PUBLIC) || v->conf->public_rules);
}

int
lint_tbs(struct blob tbs, const struct lint_conf *conf, struct arena *a, struct lint_finding **ret,
	size_t *ret_n, struct err *e)
{
	struct lint_out out = {.a = a};
	struct lint_view v;
	unsigned role;

	if (!lint_view_read(tbs, conf, a, &v))
		return err_set(e, E_CERT_UNREADABLE, "%zu bytes are no DER of a TBSCertificate", tbs.n);
	lint_view_decode(&v);
	role = house_role(&v);
	for (size_t t = 0; t < ARRAY_LEN(house); t++) {
		for (size_t i = 0; i < house[t]->n; i++) {
			const struct lint_row *row = &house[t]->row[i];

			out.rule = &row->rule;
			if (house_applies(row, &v, role))
				row->check(&v, &out);
		}
	}
	*ret = out.found;
	*ret_n = out.n;
	return 0;
}

/* -- the rules of the world */

bool
lint_spot_text(struct lint_spot *s, struct blob text)
{
	size_t n = MIN(text.n, sizeof(s->place) - 1);

	for (size_t i = 0; i < n; i++)
		s->place[i] = text.p[i] > ' ' && text.p[i] < 0x7f ? (char)text.p[i] : '?';
	s->place[n] = 0;
	return true;
}

bool
lint_spot_oid(struct lint_spot *s, struct blob oid)
{
	if (!der_oid_text(oid, s->place, sizeof(s->place)))
		s->place[0] = 0;
	return true;
}

#define ROLES LINT_ALL

/* pkilint's names have periods; they stand behind zlint's. NULL: there is none. */
static const char *
undated_names(const char *aka)
{
	const char *at = strchr(aka, '.');

	while (at && at > aka && at[-1] != ' ')
		at--;
	return at;
}

static bool
world_applies(const struct lint_world_row *row, const struct lint_view *v, struct lint_out *out)
{
	unsigned rest = row->scope & ~(unsigned)ROLES & ~LINT_DATED;

	if (!(row->scope & v->scope & ROLES) || (rest & v->scope) != rest)
		return false;
	if (row->rule.until_ms && v->not_before_ms >= row->rule.until_ms)
		return false;
	out->early = v->not_before_ms < row->rule.from_ms;
	out->aka = out->early ? undated_names(row->rule.aka) : NULL;
	return !out->early || (out->aka && !(row->scope & LINT_DATED));
}

static void
ask(const struct lint_world_row *row, const struct lint_view *v, struct lint_out *out)
{
	struct lint_spot spot;
	char place[LINT_PLACE_MAX];

	spot.arg = row->arg;
	spot.place[0] = 0;
	if (!row->broken(v, &spot))
		return;
	out->rule = &row->rule;
	snprintf(place, sizeof(place), "%s%s%.*s", row->place, spot.place[0] ? ": " : "",
		(int)(sizeof(place) - strlen(row->place) - 3), spot.place);
	lint_hit(out, place);
}

static const struct lint_rule unreadable = {.id = "certificate-malformed",
	.source = "RFC 5280 4.1",
	.severity = LINT_ERROR,
	.text = "the certificate's DER cannot be read",
	.cure = "Have the certificate issued again, or take it from its source again: bytes were lost or changed.",
	.aka = "itu.invalid_asn1_syntax base.unhandled_exception"};

void
lint_certificate(struct blob der, const struct lint_conf *conf, struct arena *a, struct lint_finding **ret,
	size_t *ret_n)
{
	struct lint_out out = {.a = a};
	struct lint_view v;

	if (!lint_view_read_cert(der, conf, a, &v)) {
		char place[LINT_PLACE_MAX];

		snprintf(place, sizeof(place), "%s, at byte %zu", v.stopped, (size_t)v.stopped_at);
		out.rule = &unreadable;
		lint_hit(&out, place);
	} else {
		lint_view_decode(&v);
		for (size_t t = 0; t < ARRAY_LEN(world); t++)
			for (size_t i = 0; i < world[t]->n; i++)
				if (world_applies(&world[t]->row[i], &v, &out))
					ask(&world[t]->row[i], &v, &out);
	}
	*ret = out.found;
	*ret_n = out.n;
}

/* -- all of them */

static const struct lint_rule *
rule_at(size_t k)
{
	for (size_t t = 0; t < ARRAY_LEN(house); k -= house[t++]->n)
		if (k < house[t]->n)
			return &house[t]->row[k].rule;
	for (size_t t = 0; t < ARRAY_LEN(world); k -= world[t++]->n)
		if (k < world[t]->n)
			return &world[t]->row[k].rule;
	return k == 0 ? &unreadable : lint_crl_rule(k - 1);
}

const struct lint_rule *
lint_next(const struct lint_rule *r)
{
	if (!r)
		return rule_at(0);
	for (size_t k = 0;; k++)
		if (rule_at(k) == r)
			return rule_at(k + 1);
}

const char *
lint_severity_word(enum lint_severity s)
{
	static const char *const words[] = {[LINT_NOTE] = "notice", [LINT_WARN] = "warning", [LINT_ERROR] = "error"};

	return words[s];
}
