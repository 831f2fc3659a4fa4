/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/application_out.h"

#include <stdio.h>
#include <time.h>

#include "base/clock.h"

#define EXIT_LATER 6

static const struct col cols_app[] = {
	{"application", "id", COL_TEXT},
	{"name", "name", COL_TEXT},
	{"state", "state", COL_TEXT},
	{"product", "product_code", COL_TEXT},
	{"key", "key_alg", COL_TEXT},
	{"proof by", "method", COL_TEXT},
	{NULL, NULL, COL_TEXT},
};

static void
put_names(const struct json *names)
{
	for (size_t i = 0; i < json_count(names); i++) {
		const struct json *one = json_item(names, i);
		struct str name = json_str(json_at(one, "name")), unicode = json_str(json_at(one, "unicode"));

		printf("%-13s  %.*s", i ? "" : "names", STRF(name));
		if (!str_eq(name, unicode))
			printf("  (%.*s)", STRF(unicode));
		printf("%s\n", json_bool(json_at(one, "companion")) ? "  free companion" : "");
	}
}

static void
put_contact(const struct json *contact)
{
	struct str name = json_str(json_at(contact, "name")), email = json_str(json_at(contact, "email"));
	struct str phone = json_str(json_at(contact, "phone"));

	if (name.n + email.n + phone.n)
		printf("contact        %.*s  %.*s  %.*s\n", STRF(name), STRF(email), STRF(phone));
}

/* OV and EV: the company, and whether the contact has given his word. */
static void
put_applicant(const struct json *app, struct arena *a)
{
	const struct json *company = json_at(app, "company"), *asked = json_at(app, "confirmation");
	struct col when = {"", "confirmed", COL_TIME};
	struct str name = json_str(json_at(company, "name")), number = json_str(json_at(company, "number"));
	struct str email = json_str(json_at(asked, "email"));

	put_contact(json_at(app, "contact"));
	if (name.p)
		printf("company        %.*s  %.*s\n", STRF(name), STRF(number));
	if (!email.p)
		return;
	if (json_str(json_at(asked, "confirmed")).p) {
		struct str at = out_cell(asked, &when, a);

		printf("confirmed      %.*s by %.*s\n", STRF(at), STRF(email));
	} else {
		printf("confirmation   waits for the link in the mail to %.*s\n", STRF(email));
	}
}

static bool
shown_before(const struct json *authzs, size_t i)
{
	struct str where = json_str(json_at(json_at(json_item(authzs, i), "publish"), "where"));

	for (size_t k = 0; k < i; k++) {
		if (str_eq(where, json_str(json_at(json_at(json_item(authzs, k), "publish"), "where"))))
			return true;
	}
	return false;
}

/* A line stands alone, so that a double click or a triple click takes the value and nothing else. */
static void
put_record(const struct json *publish)
{
	struct str type = json_str(json_at(publish, "type")), where = json_str(json_at(publish, "where"));
	struct str value = json_str(json_at(publish, "value"));
	bool dns = str_eq_c(type, "TXT");
	size_t width = MAX(MAX(where.n, value.n), (size_t)40) + 10;

	printf("\n  +");
	for (size_t i = 0; i < width; i++)
		printf("-");
	printf("+\n   %s   %.*s\n", dns ? "record" : "file  ", STRF(where));
	if (dns)
		printf("   type     TXT\n");
	printf("   %s    %.*s\n  +", dns ? "value" : "holds", STRF(value));
	for (size_t i = 0; i < width; i++)
		printf("-");
	printf("+\n");
	if (dns)
		printf("   as a line of a zone file:\n   %.*s. 300 IN TXT \"%.*s\"\n", STRF(where), STRF(value));
}

static void
put_mail(const struct json *authz)
{
	const struct json *mail = json_at(authz, "mail");
	struct str to = json_str(json_at(mail, "to"));
	int64_t id = 0;

	json_int(json_at(authz, "id"), &id);
	if (to.n)
		printf("%-13s  authorization %lld: waits for the link mailed to %.*s\n", "", (long long)id, STRF(to));
}

static void
put_proofs(const struct json *authzs)
{
	bool any = false;

	for (size_t i = 0; i < json_count(authzs); i++) {
		const struct json *one = json_item(authzs, i);
		struct str name = json_str(json_at(one, "name")), state = json_str(json_at(one, "state"));
		struct str note = json_str(json_at(one, "note"));

		printf("%-13s  %.*s  %.*s\n", i ? "" : "proofs", STRF(name), STRF(state));
		if (note.n)
			printf("%-13s  %.*s\n", "", (int)note.n, note.p);
		put_mail(one);
		any |= json_str(json_at(json_at(one, "publish"), "where")).p != NULL;
	}
	if (!any)
		return;
	printf("\nPublish:\n");
	for (size_t i = 0; i < json_count(authzs); i++) {
		const struct json *publish = json_at(json_item(authzs, i), "publish");

		if (json_str(json_at(publish, "where")).p && !shown_before(authzs, i))
			put_record(publish);
	}
}

static void
put_certificates(const struct json *certs)
{
	for (size_t i = 0; i < json_count(certs); i++) {
		struct str role = json_str(json_at(json_item(certs, i), "role"));
		int64_t cert = 0;

		json_int(json_at(json_item(certs, i), "id"), &cert);
		printf("certificate    %lld%s%.*s\n", (long long)cert, str_eq_c(role, "single") ? "" : "  ",
			str_eq_c(role, "single") ? 0 : (int)role.n, role.p);
	}
}

/* What the applicant types next. Lists show an SM2 pair by its half for signing, which comes first. */
static void
put_command(const struct json *app, struct str state, int64_t id)
{
	const struct json *cert = json_item(json_at(app, "certificates"), 0);
	int64_t n;

	if (str_eq_c(state, "validating") && str_eq_c(json_str(json_at(app, "method")), "email"))
		printf("\nThen:  use the links in the mails; another mailbox:  signet authorizations addresses ID\n");
	else if (str_eq_c(state, "validating"))
		printf("\nThen:  signet applications verify %lld\n", (long long)id);
	else if (str_eq_c(state, "draft") || str_eq_c(state, "failed") || str_eq_c(state, "cancelled"))
		printf("\nEdit:  signet applications change %lld ...\nThen:  signet applications submit %lld\n",
			(long long)id, (long long)id);
	else if (json_int(json_at(cert, "id"), &n))
		printf("\nThen:  signet certificates download %lld --format %s --extract --out DIR\n", (long long)n,
			str_eq_c(json_str(json_at(cert, "role")), "single") ? "nginx" : "tlcp");
}

static void
put_next(const struct json *app, struct str state)
{
	const struct json *certs = json_at(app, "certificates");
	const struct json *failure = json_at(app, "failure");
	int64_t id = 0;

	json_int(json_at(app, "id"), &id);
	if (json_str(json_at(failure, "code")).p) {
		struct str msg = json_str(json_at(failure, "message")), hint = json_str(json_at(failure, "hint"));

		printf("%-13s  %.*s\n               %.*s\n", str_eq_c(state, "draft") ? "to correct" : "failed", STRF(msg),
			STRF(hint));
	}
	put_certificates(certs);
	put_command(app, state, id);
}

void
application_put(const struct json *app, struct arena *a)
{
	const struct json *notes = json_at(app, "notes");

	out_details(app, cols_app, a);
	put_applicant(app, a);
	put_names(json_at(app, "names"));
	for (size_t i = 0; i < json_count(notes); i++) {
		struct str s = json_str(json_item(notes, i));

		printf("%-13s  %.*s\n", i ? "" : "note", STRF(s));
	}
	put_proofs(json_at(app, "authorizations"));
	put_next(app, json_str(json_at(app, "state")));
}

void
verified_put(const struct json *names, struct arena *a)
{
	for (size_t i = 0; i < json_count(names); i++) {
		const struct json *one = json_item(names, i), *seen = json_at(one, "seen");
		struct str name = json_str(json_at(one, "name")), msg = json_str(json_at(one, "message"));
		struct str hint = json_str(json_at(one, "hint"));

		printf("%s  %.*s\n", json_bool(json_at(one, "proven")) ? "proven    " : "not proven", STRF(name));
		if (msg.n)
			printf("            %.*s\n", STRF(msg));
		if (hint.n)
			printf("            %.*s\n", STRF(hint));
		for (size_t k = 0; k < json_count(seen); k++) {
			struct col what = {"", "what", COL_TEXT}, result = {"", "result", COL_TEXT};
			struct str w = out_cell(json_item(seen, k), &what, a),
				   r = out_cell(json_item(seen, k), &result, a),
				   from = json_str(json_at(json_item(seen, k), "perspective"));

			printf("            seen%s%.*s: %.*s -> %.*s\n", from.n ? " from " : "", STRF(from), STRF(w),
				STRF(r));
		}
	}
}

static bool
goes_on(struct str state)
{
	return str_eq_c(state, "validating") || str_eq_c(state, "reviewing") || str_eq_c(state, "issuing");
}

int
application_wait(struct cli *c, int64_t id, int64_t seconds, const struct json **ret, struct err *e)
{
	struct str path = arena_printf(c->arena, "/api/v1/applications/%lld", (long long)id);
	int64_t end = clock_mono_ms() + seconds * MS_SECOND;
	struct timespec pause = {0, 100 * 1000 * 1000};

	for (;;) {
		bool known = *ret != NULL;
		int r = rest_call(c, "GET", path, NULL, ret, e);
		bool later = r < 0 && known && err_info(r)->exit == EXIT_LATER;

		if (later ? clock_mono_ms() >= end : r < 0 || !goes_on(json_str(json_at(*ret, "state"))))
			return r;
		if (later) {
			err_clear(e); /* a service that is started again meanwhile */
		} else if (clock_mono_ms() >= end) {
			struct str state = json_str(json_at(*ret, "state"));

			return err_set(e, E_TIMEOUT, "application %lld is still %.*s after %lld s", (long long)id,
				STRF(state), (long long)seconds);
		}
		nanosleep(&pause, NULL);
		pause.tv_nsec = MIN(pause.tv_nsec * 2, 999999999L);
	}
}
