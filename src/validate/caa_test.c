/* SPDX-License-Identifier: Apache-2.0 */
#include "validate/caa.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"

/* "0 issue ca.test" as a record; the value is the rest of the line. "!": bytes that are no CAA record. */
static struct dns_record
record(const char *text, struct arena *a)
{
	BUF(b, 1024);
	struct str rest = str_c(text), tag;

	if (text[0] == '!')
		return (struct dns_record){BLOB(text, strlen(text))};
	buf_put_u8(&b, (uint8_t)strtoul(str_cut(&rest, ' ').p, NULL, 10));
	tag = str_cut(&rest, ' ');
	buf_put_u8(&b, (uint8_t)tag.n);
	buf_put_str(&b, tag);
	buf_put_str(&b, rest);
	return (struct dns_record){arena_blob(a, buf_blob(&b))};
}

enum asked { NAME = 1, WILD = 2, EITHER = 3 };
#define ACCOUNT "https://ca.test/acme/acct/1"

static const struct row {
	const char *set[4];
	enum asked allowed; /* for whom this set allows us to issue */
} rows[] = {
	/* who may issue */
	{{"0 issue ca.test"}, EITHER},
	{{"0 issue second.ca.test"}, EITHER}, /* another identity of ours */
	{{"0 issue other.test"}, 0},
	{{"0 issue xca.test"}, 0},
	{{"0 issue sub.ca.test"}, 0},
	{{"0 issue CA.Test"}, EITHER},
	{{"0 ISSUE ca.test"}, EITHER},
	{{"0 issue other.test", "0 issue ca.test"}, EITHER},
	{{"0 issue ca.test", "0 issue ;"}, EITHER},
	{{"0 issue ;"}, 0},
	{{"0 issue "}, 0},
	{{"0 issue  ; "}, 0},
	{{"0 issue \tca.test "}, EITHER},
	{{"0 issue ca.test ;"}, EITHER},
	/* issuewild takes the place of issue for wildcards only */
	{{"0 issuewild ca.test"}, EITHER},
	{{"0 issuewild ;"}, NAME},
	{{"0 issuewild other.test"}, NAME},
	{{"0 issue ca.test", "0 issuewild ;"}, NAME},
	{{"0 issue ;", "0 issuewild ca.test"}, WILD},
	{{"0 issue other.test", "0 IssueWild ca.test"}, WILD},
	{{"0 issuewild other.test", "0 issuewild ca.test", "0 issue ;"}, WILD},
	/* other properties */
	{{"0 iodef mailto:a@b.test"}, EITHER},
	{{"0 tbs anything"}, EITHER},
	{{"0 iodef x", "0 tbs x", "0 issuemail ;"}, EITHER},
	{{"128 tbs x"}, 0},
	{{"128 tbs x", "0 issue ca.test"}, 0},
	{{"0 issue ca.test", "128 tbs x"}, 0},
	{{"255 tbs x"}, 0},
	{{"127 tbs x"}, EITHER}, /* bits that mean nothing yet */
	{{"1 tbs x"}, EITHER},
	{{"128 issue ca.test"}, EITHER},
	{{"128 issuewild ca.test"}, EITHER},
	{{"128 iodef mailto:a@b.test"}, EITHER},
	{{"128 issuemail ;"}, EITHER},
	/* what cannot be read */
	{{"!"}, 0},
	{{"!", "0 issue ca.test"}, 0},
	{{"0 issue ca_test"}, 0},
	{{"0 issue ca.test."}, 0},
	{{"0 issue .ca.test"}, 0},
	{{"0 issue -ca.test"}, 0},
	{{"0 issue ca..test"}, 0},
	{{"0 issue ca.test other.test"}, 0},
	{{"0 issue ca.test,other.test"}, 0},
	{{"0 issue %%%%%"}, 0},
	{{"0 issue \"ca.test\""}, 0},
	/* parameters (RFC 8659, 4.2) */
	{{"0 issue ca.test; policy=ev"}, EITHER},
	{{"0 issue ca.test;policy=ev;x=1"}, EITHER},
	{{"0 issue ca.test; policy = ev ; x = 1 "}, EITHER},
	{{"0 issue ca.test; policy="}, EITHER},
	{{"0 issue ca.test; policy=a=b"}, EITHER},
	{{"0 issue ca.test; policy"}, 0},
	{{"0 issue ca.test; =ev"}, 0},
	{{"0 issue ca.test; pol_icy=ev"}, 0},
	{{"0 issue ca.test; policy=e v"}, 0},
	{{"0 issue ca.test; policy=ev;"}, 0},
	{{"0 issue ca.test;; policy=ev"}, 0},
	{{"0 issue ; policy=ev"}, 0},
	{{"0 issue ca.test; policy=\xc3\xa9"}, 0},
	{{"0 issue ca.test; policy", "0 issue ca.test"}, EITHER},
	/* accounturi (RFC 8657, 3) */
	{{"0 issue ca.test; accounturi=" ACCOUNT}, EITHER},
	{{"0 issue ca.test; AccountURI=" ACCOUNT}, EITHER},
	{{"0 issue ca.test; accounturi=" ACCOUNT "1"}, 0},
	{{"0 issue ca.test; accounturi="}, 0},
	{{"0 issue ca.test; accounturi=" ACCOUNT "; accounturi=" ACCOUNT}, 0},
	{{"0 issue ca.test; accounturi=https://other.test/1", "0 issue ca.test; accounturi=" ACCOUNT}, EITHER},
	{{"0 issue other.test; accounturi=" ACCOUNT}, 0},
	/* validationmethods (RFC 8657, 4) */
	{{"0 issue ca.test; validationmethods=ca-dns"}, EITHER},
	{{"0 issue ca.test; validationmethods=dns-01,ca-dns"}, EITHER},
	{{"0 issue ca.test; validationmethods=dns-01"}, 0},
	{{"0 issue ca.test; validationmethods=ca-file"}, 0},
	{{"0 issue ca.test; validationmethods="}, 0},
	{{"0 issue ca.test; validationmethods=ca-dns,"}, 0},
	{{"0 issue ca.test; validationmethods=ca-dns,,dns-01"}, 0},
	{{"0 issue ca.test; validationmethods=ca-dns; validationmethods=ca-dns"}, 0},
	{{"0 issue ca.test; validationmethods=ca-dns; accounturi=" ACCOUNT}, EITHER},
	{{"0 issue ca.test; validationmethods=ca-dns; accounturi=x"}, 0},
	{{"0 issuewild ca.test; validationmethods=dns-01"}, NAME},
};

static int
decide(const struct row *row, bool wildcard, struct str account, struct err *e)
{
	static const struct str identities[] = {{"ca.test", 7}, {"second.ca.test", 14}};
	struct caa_asker who = {.identities = identities, .n_identities = 2, .wildcard = wildcard, .method = "ca-dns",
		.account_uri = account};
	struct dns_record set[4];
	unsigned n = 0;
	ARENA(a);

	while (n < 4 && row->set[n]) {
		set[n] = record(row->set[n], &a);
		n++;
	}
	return caa_decide(set, n, &who, STR("example.com"), &a, e);
}

static void
each_set_allows_what_the_rfcs_say(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (int wild = 0; wild < 2; wild++) {
			ERR(e);
			int want = rows[i].allowed & (wild ? WILD : NAME) ? 0 : E_CAA_FORBIDS;
			int r = decide(&rows[i], wild, STR(ACCOUNT), &e);

			if (r != want)
				fail_msg("row %zu (%s), wildcard %d: %d %s", i, rows[i].set[0], wild, r, e.msg);
			if (r < 0)
				assert_non_null(strstr(e.msg, "example.com"));
		}
}

static void
without_an_account_any_accounturi_forbids(void **state UNUSED)
{
	static const struct row row = {{"0 issue ca.test; accounturi=" ACCOUNT}, 0};
	static const struct row empty = {{"0 issue ca.test; accounturi="}, 0};
	ERR(e);

	assert_int_equal(decide(&row, false, (struct str){NULL, 0}, &e), E_CAA_FORBIDS);
	assert_int_equal(decide(&empty, false, (struct str){NULL, 0}, &e), E_CAA_FORBIDS);
}

static void
a_refusal_quotes_the_record_and_tells_the_cure(void **state UNUSED)
{
	static const struct row row = {{"0 issue other.test"}, 0};
	ERR(e);

	assert_int_equal(decide(&row, true, STR(""), &e), E_CAA_FORBIDS);
	assert_string_equal(e.msg, "the CAA record 0 issue \"other.test\" of example.com names another CA");
	assert_string_equal(e.hint, "Add a CAA record that names this CA: example.com CAA 0 issuewild \"ca.test\".");
}

static void
without_an_identity_every_issue_property_forbids(void **state UNUSED)
{
	ARENA(a);
	ERR(e);
	struct caa_asker who = {.method = "ca-dns"};
	struct dns_record one = record("0 issue ca.test", &a), none = record("0 issue ;", &a);
	struct dns_record other = record("0 iodef x", &a);

	assert_int_equal(caa_decide(&one, 1, &who, STR("x"), &a, &e), E_CAA_FORBIDS);
	assert_int_equal(caa_decide(&none, 1, &who, STR("x"), &a, &e), E_CAA_FORBIDS);
	assert_int_equal(caa_decide(&other, 1, &who, STR("x"), &a, &e), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_set_allows_what_the_rfcs_say),
		cmocka_unit_test(without_an_account_any_accounturi_forbids),
		cmocka_unit_test(a_refusal_quotes_the_record_and_tells_the_cure),
		cmocka_unit_test(without_an_identity_every_issue_property_forbids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
