/* SPDX-License-Identifier: Apache-2.0 */
/* What is written has exactly the members that its schema promises, each of the promised type. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "api/encode.h"
#include "api/route.h"
#include "base/clock.h"

static const struct schema *
find(const char *name)
{
	for (const struct schema *s = api_schemas; s->name; s++) {
		if (strcmp(s->name, name) == 0)
			return s;
	}
	fail_msg("no schema %s", name);
	return NULL;
}

static bool
is_word(const char *list, struct str s)
{
	for (const struct api_words *w = api_words_all; w->name; w++) {
		if (strcmp(w->name, list) == 0)
			return word_find(w->used, s) >= 0;
	}
	return false;
}

static void check(const struct schema *s, const struct json *v);

static bool
right_type(const struct schema_field *f, const struct json *v)
{
	int64_t n;

	if (strcmp(f->type, "json") == 0)
		return true;
	if (strcmp(f->type, "int") == 0 || strcmp(f->type, "id") == 0)
		return json_int(v, &n) && n >= f->min && n <= f->max;
	if (strcmp(f->type, "word") == 0)
		return is_word(f->sub, json_str(v));
	if (strcmp(f->type, "object") == 0) {
		check(find(f->sub), v);
		return true;
	}
	if (strcmp(f->type, "list") == 0) {
		for (size_t i = 0; i < json_count(v); i++)
			check(find(f->sub), json_item(v, i));
		return json_count(v) > 0; /* the rows of this test have one of each */
	}
	if (strcmp(f->type, "bool") == 0)
		return !json_str(v).p && !json_int(v, &n);
	return json_str(v).p != NULL;
}

static bool
is_null(const struct json *v)
{
	ARENA(a);

	return str_eq_c(str_trim(json_dump(v, &a)), "null");
}

static void
check(const struct schema *s, const struct json *v)
{
	size_t n = 0;

	for (const struct schema_field *f = s->fields; f->name; f++, n++) {
		const struct json *m = json_at(v, f->name);

		if (!m && strcmp(f->need, "optional") == 0) {
			n--;
			continue;
		}
		if (!m)
			fail_msg("%s.%s is missing", s->name, f->name);
		if (is_null(m) ? strcmp(f->need, "nullable") != 0 && strcmp(f->type, "json") != 0 : !right_type(f, m))
			fail_msg("%s.%s is null or of another type", s->name, f->name);
	}
	if (json_count(v) != n)
		fail_msg("%s: %zu members instead of %zu", s->name, json_count(v), n);
}

static struct buf out = {.max = 1 << 20};
static struct jsonw w;

static void
begin(void)
{
	buf_clear(&out);
	jsonw_init(&w, &out);
}

static void
ends_as(const char *schema)
{
	const struct json *v = NULL;
	ARENA(a);
	ERR(e);

	if (json_parse(buf_str(&out), &a, &v, &e) < 0)
		fail_msg("%s: %s", schema, e.msg);
	check(find(schema), v);
}

#define T 1700000000000

static void
rows_of_accounts_and_money_fit_their_schemas(void **state)
{
	struct row_account account = {
		.id = 1, .site = STR("intl"), .name = STR("n"), .currency = STR("CNY"), .created_ms = T};
	struct row_users user = {.id = 1, .name = STR("n"), .created_ms = T, .version = 1};
	struct row_access_key key = {.id = 1, .key_id = STR("k"), .user_id = 1, .created_ms = T};
	struct row_product product = {.id = 1, .version = 1, .names_max = 1, .months = STR("12,24"), .currency = STR("CNY")};
	struct row_contact contact = {.id = 1, .name = STR("n"), .created_ms = T, .version = 1};
	struct row_company company = {.id = 1, .name = STR("n"), .created_ms = T, .version = 1};
	struct row_attachment file = {.id = 1, .name = STR("a"), .size = 1, .created_ms = T};
	struct row_bill bill = {.id = 1, .product = 1, .quantity = 1, .months = 1, .created_ms = T};
	struct row_ledger ledger = {.id = 1, .amount = -5, .created_ms = T};
	struct row_subscription sub = {
		.id = 1, .instance_id = STR("cas-1"), .product = 1, .months = 12, .created_ms = T};

	ARENA(a);

	(void)state;
	begin(), put_account(&w, &account), ends_as("account");
	begin(), put_user(&w, &user), ends_as("user");
	begin(), put_stored_contact(&w, &contact), ends_as("contact_stored");
	begin(), put_company(&w, &company), ends_as("company");
	begin(), put_attachment(&w, &file, &a), ends_as("attachment");
	begin(), put_access_key(&w, &key), ends_as("access_key");
	begin(), put_product(&w, &product), ends_as("product");
	begin(), put_bill(&w, &bill), ends_as("bill");
	begin(), put_ledger_entry(&w, &ledger), ends_as("ledger_entry");
	begin(), put_subscription(&w, &sub), ends_as("subscription");
}

static void
applications_in_every_state_fit_their_schema(void **state)
{
	struct row_application_name name = {.ascii = STR("a.example"), .unicode = STR("a.example")};
	struct row_authz authz = {.id = 1, .name = STR("a.example"), .state = AUTHZ_VALID, .proof_until_ms = T};
	struct row_certificate cert = {.id = 1, .state = CERTIFICATE_ISSUED};
	struct publish none = {0}, txt = {STR("TXT"), STR("_dnsauth.a.example"), STR("v")};
	struct str note = STR("converted");
	struct application_view v = {.row = {.id = 1,
					     .subscription = 1,
					     .product = 1,
					     .key_alg = KEY_EC_P256,
					     .created_ms = T,
					     .changed_ms = T,
					     .version = 1,
					     .certificate = 1},
		.product = {.code = STR("p")},
		.names = &name,
		.n_names = 1,
		.authzs = &authz,
		.n_authzs = 1,
		.notes = &note,
		.n_notes = 1,
		.certificates = &cert,
		.n_certificates = 1};
	ARENA(a);

	(void)state;
	for (int s = 0; s < APPLICATION_STATES; s++) {
		v.row.state = s;
		begin(), put_application(&w, &v, &none, &a), ends_as("application");
	}
	v.row.failure_code = STR("NAME_SYNTAX");
	begin(), put_application(&w, &v, &txt, &a), ends_as("application");
	begin(), put_application_line(&w, &v.row), ends_as("application_line");
}

static void
checks_fit_their_schemas(void **state)
{
	struct verify_name bad = {STR("a.example"), false, E_DNS_NO_RECORD, STR("m"), STR("h"), STR("[]")};
	struct verify_name good = {STR("a.example"), true, 0, {NULL, 0}, {NULL, 0}, {NULL, 0}};
	struct row_validation_record record = {.id = 1, .authz = 1, .seen = STR("[]"), .at_ms = T};

	(void)state;
	begin(), put_verify_name(&w, &bad), ends_as("verify_name");
	begin(), put_verify_name(&w, &good), ends_as("verify_name");
	begin(), put_validation_record(&w, &record), ends_as("validation_record");
}

static void
reviews_fit_their_schemas(void **state)
{
	struct review_queue queue = {.total = 2, .average_wait_ms = 5000}, empty = {0};
	struct row_review_line line = {.id = 1, .application = 1, .account = 1, .account_name = STR("n"), .product_code = STR("p"), .since_ms = T};
	struct row_review_message message = {.id = 1, .body = STR("t"), .at_ms = T};
	struct row_review_call call = {.id = 1, .callee = STR("c"), .number = STR("1"), .called_ms = T};
	struct row_validation_record record = {.purpose = 1, .seen = STR("[]"), .at_ms = T};
	struct row_application_name name = {.ascii = STR("a.example"), .unicode = STR("a.example")};
	struct row_authz authz = {.id = 1, .name = STR("a.example"), .state = AUTHZ_VALID, .proof_until_ms = T};
	struct row_certificate cert = {.id = 1, .state = CERTIFICATE_ISSUED};
	struct review_caa caa = {.row = {.name = STR("a.example"), .ok = 1, .seen = STR("[]"), .at_ms = T}, .fresh = true};
	struct str note = STR("converted");
	struct review_view v = {.row = {.id = 1, .since_ms = T},
		.app = {.row = {.id = 1,
				.subscription = 1,
				.product = 1,
				.key_alg = KEY_EC_P256,
				.created_ms = T,
				.changed_ms = T,
				.version = 1},
			.product = {.code = STR("p")},
			.names = &name,
			.n_names = 1,
			.authzs = &authz,
			.n_authzs = 1,
			.notes = &note,
			.n_notes = 1,
			.certificates = &cert,
			.n_certificates = 1},
		.account = {.id = 1, .site = STR("intl"), .name = STR("n"), .currency = STR("CNY"), .created_ms = T},
		.caa = &caa,
		.n_caa = 1,
		.records = &record,
		.n_records = 1,
		.messages = &message,
		.n_messages = 1,
		.calls = &call,
		.n_calls = 1};
	ARENA(a);

	(void)state;
	begin(), put_review_queue(&w, &queue), ends_as("review_queue");
	begin(), put_review_queue(&w, &empty), ends_as("review_queue");
	begin(), put_review_line(&w, &line, T + 1), ends_as("review_line");
	begin(), put_message(&w, &message), ends_as("message");
	begin(), put_review(&w, &v, &a), ends_as("review");
}

static struct ca_issuer issuer = {.id = 1,
	.name = STR("ec-r1"),
	.alg = KEY_EC_P256,
	.cert = BLOB("x", 1),
	.shards = 1,
	.status_url = STR("http://s"),
	.not_before_ms = T,
	.not_after_ms = T};

static struct certificate_view
view(void)
{
	static struct str name = STR("xn--fiq228c.example");
	static struct blob ip = BLOB("\x7f\0\0\1", 4);
	struct certificate_view v = {.row = {.id = 1,
					     .serial = BLOB("\1\2", 2),
					     .alg = KEY_EC_P256,
					     .not_before_ms = T,
					     .not_after_ms = T,
					     .state = CERTIFICATE_ISSUED,
					     .spki_sha256 = BLOB("x", 1)},
		.status = STATUS_ISSUED,
		.issuer = &issuer,
		.n_chain = 1,
		.chain = {{.name = issuer.name, .root = true}}};

	v.info = (struct cert_info){.n_dns = 1, .dns = &name, .n_ip = 1, .ip = &ip};
	return v;
}

static void
certificates_open_and_closed_fit_their_schema(void **state)
{
	struct cert_info chain = {.not_after_ms = T};
	struct certificate_view v = view();
	struct check found = {0};
	struct row_certificate_line line = {.id = 1, .alg = KEY_EC_P256, .not_before_ms = T, .not_after_ms = T};
	ARENA(a);

	(void)state;
	begin(), put_certificate(&w, &v, &chain, T, &a), ends_as("certificate");
	assert_non_null(memmem(out.p, out.n, "\"127.0.0.1\"", 11));
	assert_non_null(memmem(out.p, out.n, "中文.example", 14));
	v.content_closed = true;
	v.row.state = CERTIFICATE_REVOKED;
	begin(), put_certificate(&w, &v, &chain, T, &a), ends_as("certificate");
	assert_non_null(memmem(out.p, out.n, "\"content\":null", 14));
	assert_non_null(memmem(out.p, out.n, "\"reason\":\"unspecified\"", 22));
	assert_null(memmem(out.p, out.n, "sha256", 6));
	begin(), put_certificate_line(&w, &line, STATUS_ISSUED, NULL, T), ends_as("certificate_line");
	v = view();
	check_add(&found, CHECK_STORE, CHECK_EXPIRES_SOON, 0, "at %d", 7);
	check_add(&found, CHECK_STORE, CHECK_COMPLETED, -1, "%s", "");
	v.check = &found;
	begin(), put_certificate(&w, &v, &chain, T, &a), ends_as("certificate");
	assert_non_null(memmem(out.p, out.n, "\"found\":\"at 7\"", 14));
	found.n_chain = 1;
	begin(), put_certificate_checked(&w, &found, 5, &chain, T), ends_as("certificate_checked");
	begin(), put_issuer(&w, &issuer, &chain, &a), ends_as("issuer");
}

static void
shares_fit_their_schema_on_both_sides(void **state)
{
	struct row_share row = {.id = 1, .account = 2, .account_name = STR("giver"), .certificate = 3, .receiver = 4,
		.receiver_name = STR("taker"), .copy = 5, .name = STR("n"), .ends_ms = T + 1, .created_ms = T};
	struct row_certificate_line line = {.id = 5, .alg = KEY_EC_P256, .source = SOURCE_SHARED, .not_before_ms = T, .not_after_ms = T};
	struct certificate_view v = view();
	struct cert_info chain = {.not_after_ms = T};
	ARENA(a);

	(void)state;
	begin(), put_share(&w, &row, 2, T), ends_as("share");
	assert_non_null(memmem(out.p, out.n, "\"given\",\"account\":4,\"account_name\":\"taker\",\"certificate\":3", 58));
	assert_non_null(memmem(out.p, out.n, "\"active\"", 8));
	begin(), put_share(&w, &row, 4, T + 1), ends_as("share"); /* its end date has come, nobody has marked it yet */
	assert_non_null(memmem(out.p, out.n, "\"received\",\"account\":2", 22));
	assert_non_null(memmem(out.p, out.n, "\"end_date\"", 10));
	row.copy_state = COPY_DELETED;
	row.state = SHARE_ENDED;
	row.ended_by = SHARE_END_LEFT;
	row.ended_ms = row.taken_ms = T;
	begin(), put_share(&w, &row, 4, T), ends_as("share");
	assert_non_null(memmem(out.p, out.n, "\"certificate\":null", 18));
	assert_non_null(memmem(out.p, out.n, "\"receiver_deleted\"", 18));
	begin(), put_certificate_line(&w, &line, STATUS_ENDED, &row, T), ends_as("certificate_line");
	v.share = &row;
	v.warn = true;
	begin(), put_certificate(&w, &v, &chain, T, &a), ends_as("certificate");
	assert_non_null(memmem(out.p, out.n, "It is deployed", 14));
}

static void
rows_of_the_service_fit_their_schemas(void **state)
{
	struct overview overview = {0};
	struct row_audit audit = {.node = 1, .at_ms = T, .act = STR("a"), .detail = STR("{}")};
	struct row_job job = {.id = 1, .created_ms = T};

	(void)state;
	begin(), put_overview(&w, &overview), ends_as("overview");
	begin(), put_audit(&w, &audit), ends_as("audit_row");
	begin(), put_job(&w, &job), ends_as("job");
	for (const struct profile *p = profile_next(NULL); p; p = profile_next(p))
		begin(), put_profile(&w, p), ends_as("profile");
	for (const struct policy_row *p = policy_next(NULL); p; p = policy_next(p)) {
		struct policy_view v = {.name = p->name, .from_ms = p->from_ms, .value = p->value, .unit = p->unit,
			.text = str_c(p->text), .source = p->source, .bounds = policy_bounds(str_c(p->name)),
			.by_user = p->from_ms > 0, .since_ms = p->from_ms > 0 ? T : 0};

		begin(), put_policy(&w, &v), ends_as("policy");
	}
	for (int i = 1; i <= ERR_CODE_LAST; i++)
		begin(), put_error_row(&w, err_info(-i)), ends_as("error_row");
}

static void
domains_and_zones_fit_their_schemas_and_no_secret_is_shown(void **state)
{
	struct row_zone zone = {.id = 1, .name = STR("a.example"), .servers = STR("192.0.2.1:53 192.0.2.2:53"),
		.key_name = STR("k"), .seal_id = BLOB("SEALED", 6), .sealed = BLOB("SEALED", 6), .created_ms = T,
		.changed_ms = T, .version = 1};
	struct row_domain domain = {.id = 1, .account = 1, .name = STR("a.example"), .unicode = STR("a.example"),
		.expires_ms = T, .created_ms = T, .changed_ms = T, .version = 1};
	struct zone_look good = {STR("192.0.2.1:53"), STR("SOA a.example"), 0, {NULL, 0}, {NULL, 0}};
	struct zone_look bad = {STR("192.0.2.1:53"), STR("SOA a.example"), E_DNS_TIMEOUT, STR("m"), STR("h")};
	ARENA(a);

	(void)state;
	begin(), put_zone(&w, &zone), ends_as("zone");
	assert_null(memmem(out.p, out.n, "SEALED", 6));
	begin(), put_zone_look(&w, &good), ends_as("zone_look");
	begin(), put_zone_look(&w, &bad), ends_as("zone_look");
	begin(), put_domain(&w, &domain, T, &a), ends_as("domain");
	assert_non_null(memmem(out.p, out.n, "[\"zone\",\"holder\",\"term\"]", 24));
	domain.zone = 1;
	domain.holder_state = OWNER_VERIFIED;
	begin(), put_domain(&w, &domain, T - 1, &a), ends_as("domain");
	assert_non_null(memmem(out.p, out.n, "\"automatic_dns\":true", 20));
}

static void
days_left_are_rounded_down(void **state)
{
	(void)state;
	assert_int_equal(days_left(T + MS_DAY, T), 1);
	assert_int_equal(days_left(T + MS_DAY - 1, T), 0);
	assert_int_equal(days_left(T, T), 0);
	assert_int_equal(days_left(T - 1, T), -1);
	assert_int_equal(days_left(T - MS_DAY, T), -1);
	assert_int_equal(days_left(T - MS_DAY - 1, T), -2);
}

static void
servers_out_there_fit_their_schemas(void **state)
{
	struct row_scan_fault fault = {.target = STR("a:1"), .code = STR("SERVER_SILENT"), .message = STR("m")};
	struct scan_view scan = {.row = {.id = 1, .name = STR("n"), .targets = STR("a\nb"), .ports = STR("443 25"), .rate = 1,
					 .created_ms = T},
		.faults = &fault,
		.n_faults = 1};
	struct host_view host = {.row = {.id = 1, .name = STR("www.example.com"), .port = 443}};
	struct row_monitor_event event = {.id = 1, .at_ms = T};
	struct monitor_view monitor = {.row = {.id = 1, .host = 1, .name = STR("www.example.com"), .port = 443,
					       .interval_ms = 1000, .next_ms = T, .created_ms = T, .version = 1},
		.events = &event,
		.n_events = 1};
	struct inspection seen = {.place = {.host = STR("www.example.com"), .port = 443},
		.look = {.address = {.family = AF_INET}, .probe = {.n_chain = 1, .chain = {BLOB("x", 1)}}}};
	ARENA(a);

	(void)state;
	begin();
	put_scan(&w, &scan);
	ends_as("scan");
	begin();
	put_host_line(&w, &host.row, T);
	ends_as("host_line");
	begin();
	put_host(&w, &host, &a);
	ends_as("host");
	begin();
	put_monitor(&w, &monitor);
	ends_as("monitor");
	begin();
	put_inspection(&w, &seen, &a);
	ends_as("inspection");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_of_accounts_and_money_fit_their_schemas),
		cmocka_unit_test(applications_in_every_state_fit_their_schema),
		cmocka_unit_test(checks_fit_their_schemas),
		cmocka_unit_test(reviews_fit_their_schemas),
		cmocka_unit_test(certificates_open_and_closed_fit_their_schema),
		cmocka_unit_test(shares_fit_their_schema_on_both_sides),
		cmocka_unit_test(rows_of_the_service_fit_their_schemas),
		cmocka_unit_test(domains_and_zones_fit_their_schemas_and_no_secret_is_shown),
		cmocka_unit_test(servers_out_there_fit_their_schemas),
		cmocka_unit_test(days_left_are_rounded_down),
	};
	int r = cmocka_run_group_tests(tests, NULL, NULL);

	buf_done(&out);
	return r;
}
