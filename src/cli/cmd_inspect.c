/* SPDX-License-Identifier: Apache-2.0 */
/* Everything about certificates in files, with all faults and what to do. Needs no service. */
#include <stdio.h>

#include "base/clock.h"
#include "base/rfc3339.h"
#include "cli/cert_files.h"
#include "cli/check_out.h"
#include "cli/inspect_live.h"
#include "cli/offline.h"
#include "inspect/check.h"
#include "text/psl.h"

#define SOON_MS (30 * MS_DAY)
#define FIELDS_MAX (CMD_ARGS_MAX + 4)

struct looking {
	struct cli *c;
	struct check_field *fields;
	struct cert_list roots, known;
	struct check_in in;
	struct check out;
	bool chinese;
};

/* -- what is asked */

static int
field_add(struct looking *l, const char *path, struct err *e)
{
	struct check_field *f = &l->fields[l->in.n_fields++];

	f->name = path;
	return offline_file(l->c, path, &f->bytes, e);
}

static int
fields_read(struct looking *l, struct err *e)
{
	struct cli *c = l->c;
	int r = 0;

	l->fields = arena_new_n(c->arena, FIELDS_MAX, struct check_field);
	l->in.fields = l->fields;
	for (unsigned i = 0; r == 0 && i < c->n_args; i++)
		r = field_add(l, c->args[i], e);
	if (r == 0 && opt_given(c, "key"))
		r = field_add(l, opt_value(c, "key"), e);
	if (r == 0 && opt_given(c, "encryption-cert")) {
		l->in.encryption_field = l->in.n_fields;
		r = field_add(l, opt_value(c, "encryption-cert"), e);
	}
	if (r == 0 && opt_given(c, "encryption-key"))
		r = field_add(l, opt_value(c, "encryption-key"), e);
	if (r == 0 && opt_given(c, "chain")) {
		l->in.chain_field = l->in.n_fields;
		r = field_add(l, opt_value(c, "chain"), e);
	}
	return r;
}

/* Each response is a file of its own. */
static int
responses_read(struct looking *l, struct err *e)
{
	struct cli *c = l->c;
	struct check_field *v = arena_new_n(c->arena, c->n_options, struct check_field);
	int r = 0;

	for (unsigned i = 0; r == 0 && i < c->n_options; i++) {
		if (strcmp(c->options[i].opt->name, "ocsp") != 0)
			continue;
		v[l->in.n_ocsp].name = c->options[i].value;
		r = offline_file(c, c->options[i].value, &v[l->in.n_ocsp++].bytes, e);
	}
	l->in.ocsp = v;
	return r;
}

static int
roots_read(struct looking *l, struct err *e)
{
	struct left_out left_out = {0};
	int r = cert_roots_read(opt_value(l->c, "roots"), l->c->arena, &l->roots, e);

	if (r == 0 && opt_given(l->c, "root"))
		r = cert_file_read(opt_value(l->c, "root"), l->c->arena, &l->roots, &left_out, e);
	if (r == 0 && opt_given(l->c, "known"))
		r = cert_file_read(opt_value(l->c, "known"), l->c->arena, &l->known, &left_out, e);
	l->in.anchors = l->roots.v;
	l->in.n_anchors = l->roots.n;
	l->in.known = l->known.v;
	l->in.n_known = l->known.n;
	return r;
}

static int
question_read(struct looking *l, struct err *e)
{
	static const char *const words[] = {
		[CHECK_STORE] = "store", [CHECK_DEPLOY] = "deploy", [CHECK_MAIL] = "mail"};
	const char *purpose = opt_value(l->c, "purpose"), *t = opt_value(l->c, "time");
	int i = purpose ? 0 : CHECK_DEPLOY;

	while (purpose && i < CHECK_PURPOSES && strcmp(words[i], purpose) != 0)
		i++;
	if (i == CHECK_PURPOSES)
		return err_set(
			e, E_USAGE, "--purpose is store, deploy or mail, not \"%s\"", purpose);
	l->in.purpose = (enum check_purpose)i;
	l->in.now_ms = clock_wall_ms();
	if (t && !rfc3339_get(str_c(t), &l->in.now_ms))
		return err_set(
			e, E_USAGE, "--time %s is no RFC 3339 time like 2026-11-21T08:00:00Z", t);
	l->in.soon_ms = SOON_MS;
	l->in.target = str_c(opt_value(l->c, "name"));
	l->in.key_needed = opt_given(l->c, "key");
	l->chinese = opt_given(l->c, "chinese");
	l->in.status_wanted = opt_given(l->c, "status");
	return offline_password(l->c, "password", &l->in.passphrase, e);
}

/* -- what is found */

static void
tell(const struct looking *l)
{
	check_put_chain(&l->out, l->c->arena);
	if (l->out.n_chain)
		printf("%s\n\n", l->out.trusted
					 ? "trusted: the chain ends in a root of the trust store"
					 : "not trusted");
	check_put_findings(&l->out, l->chinese, l->c->arena);
}

static void
tell_json(const struct looking *l)
{
	BUF(out, CLI_ANSWER_MAX);
	struct jsonw w;

	body_begin(&w, &out);
	jsonw_kv_bool(&w, "ok", l->out.n_errors == 0);
	jsonw_kv_bool(&w, "trusted", l->out.trusted);
	jsonw_kv_bool(&w, "key_found", l->out.key);
	check_json_chain(&l->out, l->c->arena, &w);
	check_json_findings(&l->out, l->chinese, &w);
	body_end(&w);
	printf("%.*s\n", STRF(buf_str(&out)));
}

static int
run_inspect(struct cli *c, struct err *e)
{
	struct looking *l = arena_new(c->arena, struct looking);
	int r;

	if (inspect_live_meant(c))
		return inspect_live(c);
	if (opt_given(c, "starttls") || opt_given(c, "timeout") || opt_given(c, "no-revocation"))
		return err_set(e, E_USAGE,
			"--starttls, --timeout and --no-revocation are for one HOST:PORT, which \"%s\" is not",
			c->args[0]);
	l->c = c;
	r = psl_init(e);
	if (r == 0)
		r = question_read(l, e);
	if (r == 0)
		r = fields_read(l, e);
	if (r == 0)
		r = responses_read(l, e);
	if (r == 0)
		r = roots_read(l, e);
	if (r == 0)
		r = check_run(&l->in, c->arena, &l->out, e);
	if (r < 0)
		return offline_no(c, e);
	if (c->json)
		tell_json(l);
	else
		tell(l);
	return l->out.n_errors ? 1 : 0;
}

const struct cmd cmds_inspect[] = {
	{"inspect", NULL, "FILE...|HOST:PORT", 1, CMD_ARGS_MAX,
		"say everything about a certificate or a live server, with all faults and cures",
		"The files may be of any form and in any order. What the service asks of an upload "
		"is asked here: that key and\n"
		"certificate fit, that the chain is whole, in order and verifies, names, dates, "
		"digests, keys. Revocation lists\n"
		"among the files are used. Exit code 0: no error; 1: an error. Nothing is sent "
		"anywhere.\n"
		"HOST:PORT ([ADDRESS]:PORT for IPv6) looks at a live server: up to twelve connections, one "
		"after another, then\n"
		"the addresses that its certificates name (http only) for missing issuers and revocation, "
		"private ones too.",
		"  signet inspect www.pem chain.pem --key www.key --name www.example.com\n"
		"  signet inspect www.pfx --password - --purpose store\n"
		"  signet inspect www.example.com:443\n"
		"  signet inspect 192.0.2.7:25 --name mail.example.com --starttls smtp --root own-ca.pem",
		{{"key", "FILE", "the private key, when it has a file of its own"},
			{"chain", "FILE", "the chain, when it has a file of its own"},
			{"encryption-cert", "FILE",
				"of an SM2 pair: the certificate for encryption"},
			{"encryption-key", "FILE", "of an SM2 pair: its key"},
			{"ocsp", "FILE", "an OCSP response about one of the chain; may stand several times"},
			{"status", NULL, "warn of each certificate of the chain whose status nothing given tells"},
			{"purpose", "WORD", "judge for store, deploy or mail (deploy)"},
			{"name", "NAME", "the host name or IP address that it shall serve"},
			{"roots", "FILE", "the trust store (the system's)"},
			{"root", "FILE", "roots of your own besides the trust store"},
			{"known", "FILE", "issuers that may complete the chain"},
			{"time", "TIME", "judge as of then (now)"},
			{"password", "P", "opens what is protected; - asks for it"},
			{"starttls", "WORD",
				"a server's protocol before TLS: smtp, imap, pop3, ldap, postgresql, none (by the port)"},
			{"timeout", "SECONDS", "for the handshakes with a server, and again for what is fetched (10)"},
			{"no-revocation", NULL, "ask none of the addresses in a server's certificates"},
			{"chinese", NULL, "findings in Chinese"}},
		run_inspect, NULL, NULL},
	{0},
};
