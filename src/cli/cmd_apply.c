/* SPDX-License-Identifier: Apache-2.0 */
/* signet apply: from names to an application, and with --wait to the certificate. */
#include <fcntl.h>
#include <stdio.h>

#include "cli/application_out.h"
#include "os/file.h"

#define CSR_MAX (60 * 1024)
#define WAIT_S 300

static int
put_csr(struct cli *c, struct jsonw *w, struct err *e)
{
	const char *path = opt_value(c, "csr");
	struct blob text;
	int r;

	if (!path)
		return body_int(c, w, "stored-csr", "csr_id", e);
	if (opt_given(c, "stored-csr"))
		return err_set(e, E_USAGE, "--stored-csr and --csr exclude each other");
	if (opt_given(c, "key"))
		return err_set(
			e, E_USAGE, "--key and --csr exclude each other: a signing request has its key already");
	r = file_read(AT_FDCWD, path, CSR_MAX, c->arena, &text, e);
	if (r < 0)
		return err_wrap(e, "%s", path);
	jsonw_kv_c(w, "key_source", "csr");
	jsonw_kv_str(w, "csr", str_of(text));
	return 0;
}

/* before: the contact whose values stay where none is given; NULL for a new application. */
static void
put_contact(struct cli *c, struct jsonw *w, const struct json *before)
{
	static const char *const values[][2] = {
		{"contact-name", "name"}, {"contact-email", "email"}, {"contact-phone", "phone"}};

	if (!opt_given(c, "contact-name") && !opt_given(c, "contact-email") && !opt_given(c, "contact-phone"))
		return;
	jsonw_key(w, "contact");
	jsonw_object(w);
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		struct str old = json_str(json_at(before, values[i][1]));

		if (!opt_given(c, values[i][0]) && old.n)
			jsonw_kv_str(w, values[i][1], old);
		body_opt(c, w, values[i][0], values[i][1]);
	}
	jsonw_object_end(w);
}

/* The arguments from this one on. */
static void
put_args(struct cli *c, struct jsonw *w, unsigned from)
{
	if (from >= c->n_args)
		return;
	jsonw_key(w, "names");
	jsonw_array(w);
	for (unsigned i = from; i < c->n_args; i++)
		jsonw_str(w, str_c(c->args[i]));
	jsonw_array_end(w);
}

/* Without names it goes on from the subscription's last application, whose method it has, too. */
static void
put_names(struct cli *c, struct jsonw *w)
{
	put_args(c, w, 0);
	if (c->n_args || opt_given(c, "method"))
		jsonw_kv_c(w, "method", opt_value(c, "method") ? opt_value(c, "method") : "dns");
}

static int
put_applicant(struct cli *c, struct jsonw *w, const struct json *before, struct err *e)
{
	int r;

	put_contact(c, w, before);
	r = body_int(c, w, "contact", "contact_id", e);
	if (r == 0)
		r = body_int(c, w, "company", "company_id", e);
	if (opt_given(c, "no-companions"))
		jsonw_kv_bool(w, "companions", false);
	body_flag(c, w, "must-staple", "must_staple");
	return r;
}

static int
fits(const struct buf *b, struct err *e)
{
	if (b->over)
		return err_set(
			e, E_TOO_LARGE, "names and signing request are larger than %d bytes together", CLI_BODY_MAX);
	return 0;
}

static int
put_body(struct cli *c, struct buf *b, struct err *e)
{
	struct jsonw w;
	int r;

	body_begin(&w, b);
	put_names(c, &w);
	body_opt(c, &w, "product", "product");
	r = body_int(c, &w, "subscription", "subscription", e);
	if (r < 0)
		return r;
	body_opt(c, &w, "name", "name");
	body_opt(c, &w, "key", "key_alg");
	r = put_csr(c, &w, e);
	if (r < 0)
		return r;
	r = put_applicant(c, &w, NULL, e);
	if (r < 0)
		return r;
	jsonw_kv_bool(&w, "submit", !opt_given(c, "draft"));
	body_end(&w);
	return fits(b, e);
}

/* The internal product is proven by the service itself: there is nothing to do but to wait. */
static int
wait_if_asked(struct cli *c, const struct json **app, struct err *e)
{
	int64_t seconds = WAIT_S, id;
	int r;

	r = opt_int(c, "timeout", &seconds, e);
	if (r < 0 || !opt_given(c, "wait") || !json_int(json_at(*app, "id"), &id))
		return MIN(r, 0);
	if (!c->json && !opt_given(c, "print") && !str_eq_c(json_str(json_at(*app, "method")), "internal")) {
		application_put(*app, c->arena);
		fprintf(stderr, "\nwaiting for the proof, %lld s at most ...\n", (long long)seconds);
	}
	r = application_wait(c, id, seconds, app, e);
	return r;
}

/* One subscription for just these names: common and wildcard names are never bought together (SPEC 3.1). */
static int
buy(struct cli *c, struct err *e)
{
	const char *product = opt_value(c, "product");
	int64_t wildcards = 0;
	const struct json *v;
	BUF(b, CLI_BODY_MAX);
	struct jsonw w;

	if (!product)
		return err_set(e, E_USAGE, "--buy needs --product");
	for (unsigned i = 0; i < c->n_args; i++)
		wildcards += str_starts(str_c(c->args[i]), STR("*."));
	body_begin(&w, &b);
	jsonw_kv_c(&w, "product", product);
	if (wildcards < c->n_args)
		jsonw_kv_int(&w, "n_common", c->n_args - wildcards);
	if (wildcards)
		jsonw_kv_int(&w, "n_wildcard", wildcards);
	body_end(&w);
	return rest_call(c, "POST", STR("/api/v1/purchases"), &b, &v, e);
}

/* One number for a script: ID=$(signet apply ... --print certificate) */
static int
print_one(const struct json *app, const char *what, struct err *e)
{
	const struct json *v = NULL;
	struct str state;
	int64_t id;

	if (strcmp(what, "application") == 0)
		v = json_at(app, "id");
	else if (strcmp(what, "certificate") == 0)
		v = json_at(json_item(json_at(app, "certificates"), 0), "id");
	else
		return err_set(e, E_USAGE, "--print takes application or certificate, not \"%s\"", what);
	if (json_int(v, &id)) {
		printf("%lld\n", (long long)id);
		return 0;
	}
	state = json_str(json_at(app, "state"));
	err_set(e, E_STATE_REFUSED, "there is no %s yet: the application is %.*s", what, STRF(state));
	err_hint(e, "Wait for it with --wait; signet applications list shows how it stands.");
	return E_STATE_REFUSED;
}

static int
apply(struct cli *c, struct err *e)
{
	const char *print = opt_value(c, "print");
	BUF(b, CLI_BODY_MAX);
	const struct json *app;
	int r;

	if (!c->n_args && !opt_given(c, "subscription"))
		return err_set(e, E_USAGE, "give the names, or --subscription for its next certificate");
	r = put_body(c, &b, e);
	if (r == 0 && opt_given(c, "buy"))
		r = buy(c, e);
	if (r == 0)
		r = rest_call(c, "POST", STR("/api/v1/applications"), &b, &app, e);
	if (r == 0)
		r = wait_if_asked(c, &app, e);
	if (r < 0)
		return r;
	if (print)
		return print_one(app, print, e);
	if (c->json)
		out_json(app, c->arena);
	else
		application_put(app, c->arena);
	return opt_given(c, "wait") && !str_eq_c(json_str(json_at(app, "state")), "issued") ? 1 : 0;
}

/* A key made here, or a stored one, takes the place of what the application had. */
static int
put_patch(struct cli *c, const struct json *app, struct buf *b, struct err *e)
{
	struct jsonw w;
	int r;

	body_begin(&w, b);
	put_args(c, &w, 1);
	body_opt(c, &w, "name", "name");
	body_opt(c, &w, "method", "method");
	if (opt_given(c, "stored-csr"))
		jsonw_kv_c(&w, "key_source", "stored");
	else if (opt_given(c, "key"))
		jsonw_kv_c(&w, "key_source", "generate");
	body_opt(c, &w, "key", "key_alg");
	r = put_csr(c, &w, e);
	if (r == 0)
		r = put_applicant(c, &w, json_at(app, "contact"), e);
	body_end(&w);
	return r < 0 ? r : fits(b, e);
}

static int
change(struct cli *c, struct err *e)
{
	BUF(b, CLI_BODY_MAX);
	const struct json *app;
	struct str path;
	int64_t id;
	int r = arg_id(c, 0, &id, e);

	if (r < 0)
		return r;
	if (c->n_args == 1 && !c->n_options)
		return err_set(e, E_USAGE, "say what changes: other names, or an option");
	path = arena_printf(c->arena, "/api/v1/applications/%lld", (long long)id);
	r = rest_call(c, "GET", path, NULL, &app, e);
	if (r == 0)
		r = put_patch(c, app, &b, e);
	if (r == 0)
		r = rest_call(c, "PATCH", path, &b, &app, e);
	if (r < 0)
		return r;
	if (c->json)
		out_json(app, c->arena);
	else
		application_put(app, c->arena);
	return 0;
}

#define APPLICANT_OPTS                                                                                        \
	{"name", "NAME", "what the certificate is called"},                                                   \
		{"method", "METHOD", "dns (TXT record), dns_auto (we publish it), file, email (OV, EV), internal"}, \
		{"key", "ALG", "RSA_2048, RSA_3072, RSA_4096, EC_P256, EC_P384 or SM2 (EC_P256)"},            \
		{"csr", "FILE", "a signing request in PEM; its key stays with you"},                          \
		{"stored-csr", "ID", "a stored signing request (signet csrs)"},                               \
		{"contact-name", "NAME", "who is asked about the application"},                               \
		{"contact-email", "ADDRESS", "e-mail address"},                                               \
		{"contact-phone", "NUMBER", "telephone number"},                                              \
		{"contact", "ID", "a stored contact instead (the one stored or edited last)"},                \
		{"company", "ID", "OV, EV: a stored company (the one stored or edited last)"},                \
		{"no-companions", NULL, "leave the free companion names out"},                                \
	{                                                                                                     \
		"must-staple", NULL, "clients shall insist on a stapled OCSP answer"                          \
	}

const struct cmd cmds_apply[] = {
	{"apply", NULL, "[NAME...]", 0, CMD_ARGS_MAX, "apply for a certificate",
		"Takes a subscription from quota (--product) or the one given (--subscription), binds it to the "
		"names and submits\n"
		"the application. It prints what to publish for each name; then run: signet applications verify ID.\n"
		"With --wait it ends when the certificate is there (exit 0) or the application failed (exit 1).\n"
		"With --buy a subscription for just these names is bought first.\n"
		"Without names it is the next certificate of the subscription, with the data of the last one.",
		"  signet apply www.example.com --product geotrust-dv-single --contact-name \"Alice Doe\" \\\n"
		"      --contact-email alice@example.com --contact-phone \"+86 10 5555 0000\"\n"
		"  signet apply '*.example.com' --product geotrust-dv-wildcard --key RSA_2048 ...\n"
		"  signet apply www.example.com --subscription 8 --csr www.csr --method file ...\n"
		"  signet apply --subscription 8\n"
		"  ID=$(signet apply localhost --product internal --method internal --buy --wait --print "
		"certificate)",
		{{"product", "CODE", "product whose quota is used"}, {"subscription", "ID", "use this subscription"},
			{"buy", NULL, "buy a subscription of the product first"},
			APPLICANT_OPTS,
			{"draft", NULL, "do not submit yet"}, {"wait", NULL, "wait for the certificate"},
			{"timeout", "SECONDS", "with --wait (300)"},
			{"print", "WHAT", "print one id alone: application or certificate"}},
		apply, NULL, NULL},
	{"applications", "change", "ID [NAME...]", 1, CMD_ARGS_MAX,
		"edit a draft, or what failed or was withdrawn and so becomes a draft again",
		"What is left out stays as it is; names take the place of all that were there. Submit it afterwards:\n"
		"signet applications submit ID. While it is validating only the method changes (applications method).",
		"  signet applications change 7 --contact-email alice@example.com\n"
		"  signet applications change 7 www.example.com shop.example.com --key RSA_2048",
		{APPLICANT_OPTS}, change, NULL, NULL},
	{0},
};
