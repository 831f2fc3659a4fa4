/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in a file, when it can be read as what it is said to be. Needs no service. */
#include <stdio.h>

#include "cli/file_arg.h"
#include "cli/offline.h"
#include "inspect/facts.h"
#include "x509/crl.h"

static void
tell_json(const struct facts *f)
{
	BUF(out, CLI_ANSWER_MAX);
	struct jsonw w;

	body_begin(&w, &out);
	jsonw_kv_bool(&w, "readable", true);
	jsonw_key(&w, "facts");
	jsonw_array(&w);
	for (unsigned i = 0; i < f->n; i++) {
		jsonw_object(&w);
		if (f->v[i].item)
			jsonw_kv_int(&w, "item", f->v[i].item);
		jsonw_kv_c(&w, "name", f->v[i].name);
		jsonw_kv_str(&w, "value", f->v[i].value);
		jsonw_object_end(&w);
	}
	jsonw_array_end(&w);
	body_end(&w);
	printf("%.*s\n", STRF(buf_str(&out)));
}

static void
tell(const struct facts *f)
{
	for (unsigned i = 0; i < f->n; i++) {
		if (f->v[i].item && strcmp(f->v[i].name, "holds") == 0)
			printf("%s%u:\n", i ? "\n" : "", f->v[i].item);
		printf("%-13s%.*s\n", f->v[i].name, STRF(f->v[i].value));
	}
}

static int
parse(struct cli *c, struct err *e)
{
	const char *word = opt_value(c, "kind");
	enum fact_kind kind = word ? fact_kind_by_word(word) : FACT_KINDS;
	struct str password;
	struct facts f;
	struct blob file;
	int r;

	if (kind == FACT_KINDS)
		return err_set(e, E_USAGE, "--kind is one of cert, csr, crl, key, p12, jks, p7");
	r = offline_password(c, "password", &password, e);
	if (r == 0)
		r = file_arg_read(c->args[0], kind == FACT_CRL ? X509_CRL_MAX : INTAKE_FILE_MAX, c->arena, &file, e);
	if (r == 0)
		r = facts_read(kind, file, password, c->arena, &f, e);
	if (r < 0)
		return r;
	if (c->json)
		tell_json(&f);
	else
		tell(&f);
	return 0;
}

static int
run_parse(struct cli *c, struct err *e)
{
	return parse(c, e) < 0 ? offline_no(c, e) : 0;
}

const struct cmd cmds_parse[] = {
	{"parse", NULL, "FILE", 1, 1,
		"read a certificate, request, list, key or container, and say what is in it",
		"The file is PEM or DER and is read strictly. Exit code 0: every part of it can be "
		"read; 1: it cannot. Who signed\n"
		"it is not asked (signet verify), nor whether it follows the rules (signet lint). "
		"A private value is never shown.",
		"  signet parse --kind cert www.pem\n"
		"  signet parse --kind p12 --password - www.pfx",
		{{"kind", "KIND", "cert, csr, crl, key, p12, jks or p7"},
			{"password", "P", "opens what is protected; - asks for it"}},
		run_parse, NULL, NULL},
	{0},
};
