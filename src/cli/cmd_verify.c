/* SPDX-License-Identifier: Apache-2.0 */
/* A chain of certificates in files, built and verified. Needs no service. */
#include <stdio.h>

#include "base/clock.h"
#include "base/der.h"
#include "base/rfc3339.h"
#include "cli/cert_files.h"
#include "cli/cli.h"
#include "crypto/cert.h"
#include "text/idna.h"
#include "text/psl.h"

#define POLICIES_MAX 64
#define OUT_MAX (1024 * 1024)

struct verify {
	struct cli *c;
	struct path_query q;
	struct cert_list leaf, pool, anchors;
	struct crl_list crls;
	struct ocsp_list ocsp;
	struct left_out left_out;
	struct path_result result;
	char unfit_name[200]; /* why the name asked for can be no certificate's */
};

/* -- the question */

static int
certs_read(struct verify *v, const char *option, struct cert_list *ret, struct err *e)
{
	struct cli *c = v->c;
	int r = 0;

	for (unsigned i = 0; r == 0 && i < c->n_options; i++) {
		if (strcmp(c->options[i].opt->name, option) == 0)
			r = cert_file_read(c->options[i].value, c->arena, ret, &v->left_out, e);
	}
	return r;
}

static int
files_read(struct verify *v, struct err *e)
{
	struct cli *c = v->c;
	int r = 0;

	if (!opt_given(c, "leaf") || !opt_given(c, "roots"))
		return err_set(e, E_USAGE, "--leaf FILE and --roots FILE are needed");
	r = certs_read(v, "leaf", &v->leaf, e);
	/* what stands behind the leaf in its file belongs to its chain */
	if (v->leaf.n > 1)
		v->pool = (struct cert_list){v->leaf.v + 1, v->leaf.n - 1, v->leaf.n - 1};
	if (r == 0)
		r = certs_read(v, "intermediates", &v->pool, e);
	if (r == 0)
		r = certs_read(v, "roots", &v->anchors, e);
	for (unsigned i = 0; r == 0 && i < c->n_options; i++) {
		if (strcmp(c->options[i].opt->name, "crls") == 0)
			r = crl_file_read(c->options[i].value, c->arena, &v->crls, &v->left_out, e);
		else if (strcmp(c->options[i].opt->name, "ocsp") == 0)
			r = ocsp_file_read(c->options[i].value, c->arena, &v->ocsp, &v->left_out, e);
	}
	return r;
}

static int
time_read(struct verify *v, struct err *e)
{
	const char *t = opt_value(v->c, "time");

	v->q.now_ms = clock_wall_ms();
	if (t && !rfc3339_get(str_c(t), &v->q.now_ms))
		return err_field(e, E_USAGE, "time", "--time %s is no RFC 3339 time like 2026-11-21T08:00:00Z", t);
	return 0;
}

static int
purpose_read(struct verify *v, struct err *e)
{
	static const char *const words[] = {[PATH_ANY] = "any", [PATH_SERVER] = "server", [PATH_CLIENT] = "client"};
	const char *p = opt_value(v->c, "purpose");

	v->q.purpose = PATH_SERVER;
	for (unsigned i = 0; p && i < ARRAY_LEN(words); i++) {
		if (strcmp(p, words[i]) == 0) {
			v->q.purpose = i;
			return 0;
		}
	}
	return p ? err_field(e, E_USAGE, "purpose", "--purpose %s is none of server, client, any", p) : 0;
}

/* A name that no certificate can be for is a "no" and no misuse: it may come from elsewhere. */
static int
peer_read(struct verify *v, struct err *e)
{
	const char *name = opt_value(v->c, "name"), *ip = opt_value(v->c, "ip"), *email = opt_value(v->c, "email");
	struct str ascii;
	ERR(why);
	int r = 0;

	if (!!name + !!ip + !!email > 1)
		return err_set(e, E_USAGE, "--name, --ip and --email exclude each other");
	if (name) {
		/* what does not convert is judged as it stands */
		if (idna_to_ascii(str_c(name), v->c->arena, &ascii, &why) < 0)
			ascii = str_c(name);
		r = x509_peer_dns(ascii, &v->q.peer, &why);
	} else if (ip) {
		r = x509_peer_ip(str_c(ip), &v->q.peer, &why);
	} else if (email) {
		r = x509_peer_email(str_c(email), &v->q.peer, &why);
	}
	if (r < 0)
		snprintf(v->unfit_name, sizeof(v->unfit_name), "%.*s", (int)sizeof(v->unfit_name) - 1, why.msg);
	return 0;
}

/* "2.5.29.32.0" as content octets. */
static bool
oid_read(const char *text, struct arena *a, struct blob *ret)
{
	struct str rest = str_c(text), arc;
	uint64_t first = 0, second, n;
	unsigned arcs = 0;
	struct cursor c;
	BUF(b, 256);

	while (rest.p) {
		arc = str_cut(&rest, '.');
		if (!str_u64(arc, UINT32_MAX, &n))
			return false;
		if (arcs == 0)
			first = n;
		second = n;
		if (arcs++ == 1 && (first > 2 || (first < 2 && second > 39)))
			return false;
	}
	if (arcs < 2 || arcs > 32)
		return false;
	der_put_oid(&b, text);
	c = cursor_of(arena_blob(a, buf_blob(&b)));
	return !b.over && der_get(&c, DER_OID, ret);
}

static int
policies_read(struct verify *v, struct err *e)
{
	struct cli *c = v->c;
	struct blob *oids = arena_new_n(c->arena, POLICIES_MAX, struct blob);

	v->q.policies = oids;
	for (unsigned i = 0; i < c->n_options; i++) {
		if (strcmp(c->options[i].opt->name, "policy") != 0)
			continue;
		if (v->q.n_policies == POLICIES_MAX ||
			!oid_read(c->options[i].value, c->arena, &oids[v->q.n_policies]))
			return err_field(e, E_USAGE, "policy",
				"--policy %s is no OID like 2.23.140.1.2.1", c->options[i].value);
		v->q.n_policies++;
	}
	v->q.explicit_policy = opt_given(c, "explicit-policy");
	v->q.inhibit_mapping = opt_given(c, "inhibit-mapping");
	v->q.inhibit_any = opt_given(c, "inhibit-any");
	return 0;
}

static int
tolerated_read(struct verify *v, struct err *e)
{
	struct cli *c = v->c;

	for (unsigned i = 0; i < c->n_options; i++) {
		enum path_code code;

		if (strcmp(c->options[i].opt->name, "tolerate") != 0)
			continue;
		code = path_code_by_word(str_c(c->options[i].value));
		if (code == PATH_CODES)
			return err_field(e, E_USAGE, "tolerate", "--tolerate %s is no fault's code",
				c->options[i].value);
		if (!path_code_tolerable(code))
			return err_field(e, E_USAGE, "tolerate", "--tolerate %s: a chain with it is none",
				c->options[i].value);
		v->q.tolerated |= 1ULL << code;
	}
	return 0;
}

static int
query_read(struct verify *v, struct err *e)
{
	int64_t depth = -1;
	int r = files_read(v, e);

	if (r == 0)
		r = time_read(v, e);
	if (r == 0)
		r = purpose_read(v, e);
	if (r == 0)
		r = peer_read(v, e);
	if (r == 0)
		r = policies_read(v, e);
	if (r == 0)
		r = tolerated_read(v, e);
	if (r == 0)
		r = opt_int(v->c, "max-depth", &depth, e);
	if (r < 0)
		return r;
	v->q.max_depth = (int)MIN(depth, (int64_t)PATH_LENGTH_MAX);
	v->q.pool = v->pool.v;
	v->q.n_pool = v->pool.n;
	v->q.anchors = v->anchors.v;
	v->q.n_anchors = v->anchors.n;
	v->q.crls = v->crls.v;
	v->q.n_crls = v->crls.n;
	v->q.ocsp = v->ocsp.v;
	v->q.n_ocsp = v->ocsp.n;
	v->q.status = opt_given(v->c, "check-all-crls") ? PATH_STATUS_ALL
		      : opt_given(v->c, "crls") || opt_given(v->c, "ocsp")
			      ? PATH_STATUS_LEAF
			      : PATH_STATUS_OFF;
	return 0;
}

/* -- the answer */

static struct str
subject_of(const struct path_cert *p, struct arena *a)
{
	struct cert_info info;
	ERR(why);

	return cert_read(p->x.der, a, &info, &why) == 0 && info.subject_text.n
		       ? info.subject_text
		       : STR("(no subject)");
}

static void
put_cert(struct jsonw *w, const struct path_cert *p, struct arena *a)
{
	jsonw_object(w);
	jsonw_kv_str(w, "subject", subject_of(p, a));
	jsonw_kv_hex(w, "serial", p->x.serial);
	jsonw_kv_time(w, "not_before", p->x.not_before_ms);
	jsonw_kv_time(w, "not_after", p->x.not_after_ms);
	jsonw_object_end(w);
}

static void
put_fault(struct jsonw *w, const struct path_fault *f)
{
	jsonw_object(w);
	jsonw_kv_c(w, "code", path_code_word(f->code));
	if (f->at >= 0)
		jsonw_kv_int(w, "certificate", f->at);
	else
		jsonw_kv_c(w, "certificate", NULL);
	jsonw_kv_c(w, "field", f->field);
	jsonw_kv_c(w, "message", f->text);
	jsonw_kv_c(w, "meaning", path_code_text(f->code));
	jsonw_kv_c(w, "hint", path_code_cure(f->code));
	jsonw_kv_bool(w, "tolerated", f->tolerated);
	jsonw_object_end(w);
}

static void
put_faults(struct jsonw *w, const struct verify *v)
{
	const struct path_result *r = &v->result;

	struct path_fault own = {.field = ""};
	struct str why = v->left_out.n ? v->left_out.v[0] : STR("the file holds none");

	jsonw_key(w, "faults");
	jsonw_array(w);
	if (!v->leaf.n) {
		own.code = PATH_UNREADABLE;
		snprintf(own.text, sizeof(own.text), "%.*s", (int)MIN(why.n, sizeof(own.text) - 1), why.p);
		put_fault(w, &own);
	}
	if (v->unfit_name[0]) {
		own.code = PATH_NAME_MISMATCH;
		snprintf(own.text, sizeof(own.text), "%s", v->unfit_name);
		put_fault(w, &own);
	}
	for (unsigned i = 0; i < r->n_faults; i++)
		put_fault(w, &r->faults[i]);
	jsonw_array_end(w);
}

static void
put_answer(struct jsonw *w, const struct verify *v, bool ok)
{
	jsonw_object(w);
	jsonw_kv_bool(w, "ok", ok);
	jsonw_kv_bool(w, "anchored", v->result.anchored);
	jsonw_key(w, "chain");
	jsonw_array(w);
	for (unsigned i = 0; i < v->result.n_chain; i++)
		put_cert(w, v->result.chain[i], v->c->arena);
	jsonw_array_end(w);
	put_faults(w, v);
	jsonw_key(w, "left_out");
	jsonw_array(w);
	for (size_t i = 0; i < v->left_out.n; i++)
		jsonw_str(w, v->left_out.v[i]);
	jsonw_array_end(w);
	jsonw_object_end(w);
}

static const struct col cols_chain[] = {{"subject", "subject", COL_TEXT},
	{"serial", "serial", COL_TEXT}, {"until", "not_after", COL_DAY}, {0}};
static const struct col cols_fault[] = {{"field", "field", COL_TEXT},
	{"message", "message", COL_TEXT}, {"meaning", "meaning", COL_TEXT},
	{"hint", "hint", COL_TEXT}, {0}};

static void
tell_text(const struct json *answer, struct arena *a)
{
	const struct json *faults = json_at(answer, "faults");
	int64_t at;

	printf("%s\n", json_bool(json_at(answer, "ok")) ? "ok" : "not ok");
	out_table(json_at(answer, "chain"), cols_chain, a);
	for (size_t i = 0; i < json_count(faults); i++) {
		const struct json *f = json_item(faults, i);
		struct str code = json_str(json_at(f, "code"));

		printf("\n%.*s%s ", STRF(code), json_bool(json_at(f, "tolerated")) ? ", tolerated" : "");
		if (json_int(json_at(f, "certificate"), &at))
			printf("(certificate %lld of the chain; 0 is the leaf)\n", (long long)at);
		else
			printf("(the chain)\n");
		out_details(f, cols_fault, a);
	}
}

static int
tell(const struct verify *v, bool ok, struct err *e)
{
	BUF(b, OUT_MAX);
	const struct json *answer;
	struct jsonw w;
	int r;

	jsonw_init(&w, &b);
	put_answer(&w, v, ok);
	r = json_parse_any(buf_str(&b), v->c->arena, &answer, e);
	if (r < 0)
		return r;
	if (v->c->json)
		out_json(answer, v->c->arena);
	else
		tell_text(answer, v->c->arena);
	for (size_t i = 0; !v->c->json && i < v->left_out.n; i++)
		fprintf(stderr, "left out: %.*s\n", STRF(v->left_out.v[i]));
	return ok ? 0 : 1;
}

/* Exit 0: a chain without a fault; 1: none. */
static int
verify(struct cli *c, struct err *e)
{
	struct verify v = {.c = c};
	int r = query_read(&v, e);

	if (r == 0)
		r = psl_init(e);
	if (r == 0 && v.leaf.n) {
		v.q.leaf = v.leaf.v[0];
		r = path_find(&v.q, c->arena, &v.result, e);
	}
	return r < 0 ? r : tell(&v, v.result.ok && !v.unfit_name[0], e);
}

const struct cmd cmds_verify[] = {
	{"verify", NULL, "", 0, 0, "build and verify a chain of certificates in files",
		"Says all faults at once, each with its place and what to do. Needs no service and asks no network.\n"
		"Files hold PEM (any number of blocks) or DER; --intermediates, --roots, --crls, --ocsp and --policy may\n"
		"stand several times.\n"
		"Exit 0: there is a chain without a fault; 1: there is none; 2: usage.",
		"  signet verify --leaf server.pem --intermediates chain.pem --name www.example.com \\\n"
		"    --roots /etc/ssl/certs/ca-certificates.crt",
		{{"leaf", "FILE", "the certificate; what stands behind it in the file is taken as intermediates"},
			{"intermediates", "FILE", "certificates between leaf and roots, in any order"},
			{"roots", "FILE", "the trust anchors"},
			{"crls", "FILE", "revocation lists; the leaf's status must then be known"},
			{"ocsp", "FILE", "OCSP responses, of which the same holds; \"revoked\" wins"},
			{"check-all-crls", NULL, "the status of every certificate below the anchor must be known"},
			{"time", "RFC3339", "judge at this time (now)"},
			{"purpose", "server|client|any", "what the leaf is for (server)"},
			{"name", "HOST", "the host name that it must be for"},
			{"ip", "ADDRESS", "the address that it must be for"},
			{"email", "ADDRESS", "the mailbox that it must be for"},
			{"policy", "OID", "a certificate policy that is acceptable (all)"},
			{"explicit-policy", NULL, "some acceptable policy must hold for the whole chain"},
			{"inhibit-mapping", NULL, "policies are not mapped"},
			{"inhibit-any", NULL, "anyPolicy stands for none"},
			{"tolerate", "CODE", "a fault, by its code, that does not spoil the chain; it is told all the same"},
			{"max-depth", "N", "at most so many intermediates that are not self-issued"}, CMD_NONE},
		verify, NULL, NULL},
	{0},
};
