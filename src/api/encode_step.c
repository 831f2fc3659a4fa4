/* SPDX-License-Identifier: Apache-2.0 */
/* What an applicant does next, by the state of the application (SPEC 3.5: for each order its next step). */
#include "api/encode.h"

/* Where there is nothing to tell apart. */
static const char *const plain[APPLICATION_STATES] = {
	[APPLICATION_READY] = "Finalize the order.",
	[APPLICATION_ISSUING] = "Wait: the certificate is being issued.",
	[APPLICATION_FAILED] = "Read `failure`, correct the application and submit it again, or delete it.",
	[APPLICATION_CANCELLED] = "Edit it and submit it again, or delete it.",
	[APPLICATION_CLOSED] = "Nothing: it is closed; staff can open it again.",
	[APPLICATION_DELETED] = "Nothing.",
};

static struct str
draft(const struct step *s, struct arena *a)
{
	return arena_printf(a, s->failed
		? "Read `failure`, correct the application, then POST /api/v1/applications/%lld:submit"
		: "Submit it: POST /api/v1/applications/%lld:submit", (long long)s->application);
}

static struct str
validating(const struct step *s, struct arena *a)
{
	if (s->method == METHOD_INTERNAL)
		return STR("Nothing: the service proves its own names itself.");
	if (s->method == METHOD_EMAIL)
		return STR("Use the links that were mailed (`mail` of each authorization), or have them mailed again or "
			   "elsewhere: POST /api/v1/authorizations/{id}:send_mail");
	if (s->automatic)
		return STR("Nothing: the records are published, checked and removed for you.");
	return arena_printf(a,
		"Publish what `publish` of /api/v1/applications/%lld shows for each name that is pending, then POST "
		"/api/v1/applications/%lld:verify; the service also looks by itself.%s",
		(long long)s->application, (long long)s->application,
		s->unconfirmed.p ? " The contact also opens the link in the mail that was sent to confirm the application."
				 : "");
}

static struct str
reviewing(const struct step *s, struct arena *a)
{
	if (s->asked)
		return arena_printf(a,
			"Answer the reviewer: GET /api/v1/applications/%lld/messages, then POST "
			"/api/v1/applications/%lld:message", (long long)s->application, (long long)s->application);
	if (s->unconfirmed.p)
		return arena_printf(a,
			"The contact opens the link in the mail to %.*s; POST /api/v1/applications/%lld:send_confirmation "
			"sends it again.", STRF(s->unconfirmed), (long long)s->application);
	return STR("Wait: the application is being reviewed.");
}

static struct str
issued(const struct step *s, struct arena *a)
{
	if (!s->certificate)
		return STR("Nothing: its certificate was deleted.");
	if (s->revoked)
		return arena_printf(a, "Nothing: see how certificate %lld was revoked, GET /api/v1/certificates/%lld",
			(long long)s->certificate, (long long)s->certificate);
	return arena_printf(a, "Download it: GET /api/v1/certificates/%lld/package?format=nginx", (long long)s->certificate);
}

struct str
application_next_step(const struct step *s, struct arena *a)
{
	static struct str (*const by_facts[APPLICATION_STATES])(const struct step *, struct arena *) = {
		[APPLICATION_DRAFT] = draft,
		[APPLICATION_VALIDATING] = validating,
		[APPLICATION_REVIEWING] = reviewing,
		[APPLICATION_ISSUED] = issued,
	};

	return by_facts[s->state] ? by_facts[s->state](s, a) : str_c(plain[s->state]);
}
