/* SPDX-License-Identifier: Apache-2.0 */
/* Scans, the inventory and monitors on the service floor, on the engine named by the first argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/digest.h"
#include "db/db.h"
#include "service/host.h"
#include "service/inspection.h"
#include "service/monitor.h"
#include "service/policy.h"
#include "service/scan.h"
#include "service/svc_priv.h"
#include "world.h"

static struct world w;
static struct addr_net loopback;

#define NONE ((struct str){NULL, 0})

static void
policy(const char *name, const char *text)
{
	struct policy_view v;
	ERR(e);

	if (text)
		world_need(policy_set(w.svc, &w.staff, str_c(name), str_c(text), 0, &w.arena, &v, &e), &e, name);
	else
		world_need(policy_unset(w.svc, &w.staff, str_c(name), &w.arena, &v, &e), &e, name);
}

static void
open_loopback(void)
{
	assert_true(addr_net_parse(STR("127.0.0.0/8"), &loopback));
	w.settings.scan_allow = &loopback;
	w.settings.n_scan_allow = 1;
}

static int
scan(const char *target, int64_t port, int64_t rate, struct scan_view *ret, struct err *e)
{
	struct str targets[] = {str_c(target)};
	struct scan_new in = {.targets = targets, .n_targets = 1, .ports = &port, .n_ports = 1, .starttls = -1, .rate = rate};

	return scan_create(w.svc, &w.owner, &in, &w.arena, ret, e);
}

static struct scan_view
shown(int64_t id)
{
	struct scan_view v;
	ERR(e);

	world_need(scan_show(w.svc, &w.owner, id, &w.arena, &v, &e), &e, "scan");
	return v;
}

static void
run(int64_t slot)
{
	ERR(e);

	world_need(scan_run(w.svc, slot, &e), &e, "scan_run");
}

static void
stop(int64_t id)
{
	struct scan_view v;
	ERR(e);

	world_need(scan_stop(w.svc, &w.owner, id, &w.arena, &v, &e), &e, "stop");
}

/* -- plans */

static void
a_plan_has_each_place_once(void **state UNUSED)
{
	struct str texts[] = {STR("192.0.2.4/30"), STR("www.example.com"), STR("[2001:db8::1]:8443"), STR("2001:db8::f0/124"),
		STR("Host.example.com:25"), STR("192.0.2.255")};
	const int64_t ports[] = {443, 8443};
	struct scan_plan p;
	struct scan_place at;
	ERR(e);

	world_need(scan_plan_read(texts, ARRAY_LEN(texts), ports, 2, &w.arena, &p, &e), &e, "plan");
	assert_int_equal(p.total, 8 + 2 + 1 + 32 + 1 + 2);
	for (int64_t i = 0; i < p.total; i++) {
		at = scan_plan_at(&p, i, &w.arena);
		for (int64_t k = 0; k < i; k++) {
			struct scan_place other = scan_plan_at(&p, k, &w.arena);

			assert_false(str_eq(at.host, other.host) && at.port == other.port);
		}
	}
	at = scan_plan_at(&p, 5, &w.arena);
	assert_true(str_eq_c(at.host, "192.0.2.5") && at.port == 8443 && at.is_ip && !at.alone);
	at = scan_plan_at(&p, 9, &w.arena);
	assert_true(str_eq_c(at.host, "www.example.com") && at.port == 8443 && !at.is_ip && at.alone);
	at = scan_plan_at(&p, 10, &w.arena);
	assert_true(str_eq_c(at.host, "2001:db8::1") && at.port == 8443 && at.alone);
	at = scan_plan_at(&p, 42, &w.arena);
	assert_true(str_eq_c(at.host, "2001:db8::ff") && at.port == 8443);
	assert_true(str_eq_c(p.targets[4].text, "host.example.com:25"));
}

static void
what_is_no_target_is_refused(void **state UNUSED)
{
	static const struct {
		const char *text;
		int code;
	} rows[] = {
		{"", E_SCAN_TARGET},
		{"*.example.com", E_SCAN_TARGET},
		{"a b.example.com", E_NAME_SYNTAX},
		{"www.example.com:0", E_SCAN_TARGET},
		{"www.example.com:65536", E_SCAN_TARGET},
		{"www.example.com:https", E_SCAN_TARGET},
		{"https://www.example.com/", E_SCAN_TARGET},
		{"[2001:db8::1]", E_SCAN_TARGET},
		{"[2001:db8::1]:x", E_SCAN_TARGET},
		{"192.0.2.1/24", E_SCAN_TARGET},
		{"192.0.2.0/33", E_SCAN_TARGET},
		{"192.0.0.0/15", E_SCAN_WIDE},
		{"2001:db8::/111", E_SCAN_WIDE},
		{"192.0.2.1:0", E_SCAN_TARGET},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct scan_target t;
		ERR(e);

		if (scan_target_read(str_c(rows[i].text), true, "f", &w.arena, &t, &e) != rows[i].code)
			fail_msg("\"%s\": %s", rows[i].text, err_info(e.code)->name);
	}
}

/* -- scans */

static void
caps_and_closed_networks_are_refused(void **state UNUSED)
{
	struct scan_view v;
	ERR(e);

	assert_int_equal(scan("10.0.0.0/24", 443, 0, &v, &e), E_ADDRESS_REFUSED);
	assert_string_equal(e.field, "targets[0]");
	err_clear(&e);
	assert_int_equal(scan("126.255.255.0/24", 443, 1000, &v, &e), E_FIELD_RANGE);
	policy("scan-targets", "16");
	err_clear(&e);
	assert_int_equal(scan("127.0.0.0/27", 1, 0, &v, &e), E_SCAN_WIDE);
	policy("scan-targets", NULL);
	policy("scan-open", "1");
	err_clear(&e);
	world_need(scan("127.0.0.0/24", 1, 1, &v, &e), &e, "the first");
	assert_int_equal(scan("127.0.0.1", 1, 1, &v, &e), E_SCAN_FULL);
	stop(v.row.id);
	policy("scan-open", NULL);
	err_clear(&e);
	assert_int_equal(scan_show(w.svc, &w.staff, v.row.id, &w.arena, &v, &e), E_NOT_FOUND);
}

static void
a_scan_goes_to_its_end_and_tells_who_was_silent(void **state UNUSED)
{
	struct scan_view v;
	ERR(e);

	world_need(scan("127.0.0.1", 1, 100, &v, &e), &e, "scan");
	assert_int_equal(v.row.state, SCAN_WAITING);
	run(1);
	v = shown(v.row.id);
	assert_int_equal(v.row.state, SCAN_FINISHED);
	assert_true(v.row.done == 1 && v.row.failed == 1 && v.n_faults == 1 && v.row.finished_ms);
	assert_true(str_eq_c(v.faults[0].code, "SERVER_SILENT") && str_eq_c(v.faults[0].target, "127.0.0.1:1"));
	/* of a network nobody expects that all addresses answer */
	world_need(scan("127.0.0.0/30", 1, 100, &v, &e), &e, "scan");
	run(1);
	v = shown(v.row.id);
	assert_true(v.row.state == SCAN_FINISHED && v.row.done == 4 && v.row.failed == 0 && v.n_faults == 0);
	world_need(scan_remove(w.svc, &w.owner, v.row.id, &e), &e, "remove");
	assert_int_equal(scan_remove(w.svc, &w.owner, v.row.id, &e), E_NOT_FOUND);
}

static int
take_body(struct db_tx *tx, void *arg, struct err *e)
{
	return MIN(q_scan_take(tx, w.owner.account, *(int64_t *)arg, 2, tx->now_ms, e), 0);
}

static void
one_scanner_has_a_scan_and_takes_it_up_again_after_a_crash(void **state UNUSED)
{
	struct scan_view v;
	ERR(e);

	world_need(scan("127.0.0.0/30", 1, 100, &v, &e), &e, "scan");
	world_need(svc_write(w.svc, take_body, &v.row.id, &e), &e, "the second scanner dies with it");
	run(1);
	assert_int_equal(shown(v.row.id).row.done, 0);
	run(2);
	v = shown(v.row.id);
	assert_true(v.row.state == SCAN_FINISHED && v.row.done == 4);
}

static void
the_rate_is_kept(void **state UNUSED)
{
	int64_t begin = clock_mono_ms();
	struct scan_view v;
	ERR(e);

	world_need(scan("127.0.0.0/29", 1, 5, &v, &e), &e, "scan");
	run(1);
	assert_int_equal(shown(v.row.id).row.done, 8);
	assert_true(clock_mono_ms() - begin >= 7 * 200);
}

static void
accounts_take_turns_and_each_has_one_scan_at_a_time(void **state UNUSED)
{
	struct scan_view mine[2], theirs;
	struct caller owner = w.owner;
	ERR(e);

	for (int i = 0; i < 2; i++)
		world_need(scan("127.0.0.0/24", 1, 2, &mine[i], &e), &e, "scan");
	w.owner = w.staff;
	world_need(scan("127.0.0.0/24", 1, 2, &theirs, &e), &e, "scan of another account");
	w.owner = owner;
	/* who was served in the same millisecond comes by number */
	for (int turns = 0; turns < 3; turns++)
		run(1);
	assert_true(shown(mine[0].row.id).row.done > 0);
	assert_int_equal(shown(mine[1].row.id).row.done, 0);
	w.owner = w.staff;
	theirs = shown(theirs.row.id);
	stop(theirs.row.id);
	w.owner = owner;
	assert_true(theirs.row.done > 0);
	stop(mine[0].row.id);
	run(1);
	assert_true(shown(mine[1].row.id).row.done > 0);
	stop(mine[1].row.id);
}

/* -- the inventory */

struct keeping {
	struct look_call call;
	struct look look;
	int64_t id;
};

static int
keep_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct keeping *k = arg;

	return host_keep(tx, w.owner.account, &k->call, &k->look, &k->id, e);
}

/* As if a look had seen that issuer's certificate there. */
static int
keep(const char *name, size_t issuer, enum host_status verdict, int64_t not_after_ms, int64_t *ret, struct err *e)
{
	struct keeping k = {.call.place = {.host = str_c(name), .port = 443, .alone = true}, .look.shown = true};
	ERR(bad);

	world_need(cert_read(w.svc->issuers[issuer]->cert, &w.arena, &k.look.leaf, &bad), &bad, "certificate");
	assert_true(addr_parse(STR("127.0.0.1:443"), &k.look.address));
	digest_sha256(k.look.leaf.spki, k.look.spki_sha256);
	k.look.leaf.not_after_ms = not_after_ms;
	k.look.verdict = verdict;
	k.look.names = STR("");
	k.look.findings = STR("[]");
	if (svc_write(w.svc, keep_body, &k, e) < 0)
		return e->code;
	*ret = k.id;
	return 0;
}

static size_t
listed(int status, const char *name, struct row_host *ret)
{
	struct host_filter f = {.status = status, .name = name ? str_c(name) : NONE};
	struct page page = {.limit = 1};
	struct row_host *rows;
	size_t n, sum = 0;
	int64_t now;
	bool more = true;
	ERR(e);

	for (; more; sum += n, page.cursor = n ? rows[0].id : 0) {
		world_need(host_show_list(w.svc, &w.owner, &f, &page, &w.arena, &rows, &n, &more, &now, &e), &e, "hosts");
		for (size_t i = 0; i < n; i++) {
			if (status >= 0)
				assert_int_equal(host_status_at(rows[i].verdict, rows[i].not_after_ms, now), status);
			ret[sum + i] = rows[i];
		}
	}
	return sum;
}

static void
the_inventory_is_asked_by_status_and_by_name(void **state UNUSED)
{
	int64_t now = svc_now(w.svc), far = now + 90 * MS_DAY, soon = now + 10 * MS_DAY, past = now - MS_DAY, id, again;
	struct row_host rows[32];
	struct host_view v;
	ERR(e);

	world_need(keep("good.example.com", 0, HOST_GOOD, far, &id, &e), &e, "keep");
	world_need(keep("soon.example.com", 0, HOST_GOOD, soon, &id, &e), &e, "keep");
	world_need(keep("over.example.com", 0, HOST_GOOD, past, &id, &e), &e, "keep");
	world_need(keep("over2.example.com", 1, HOST_UNTRUSTED, past, &id, &e), &e, "keep");
	world_need(keep("revoked.example.com", 1, HOST_REVOKED, past, &id, &e), &e, "keep");
	world_need(keep("strange.example.org", 1, HOST_UNTRUSTED, soon, &id, &e), &e, "keep");
	world_need(keep("strange.example.org", 1, HOST_UNTRUSTED, soon, &again, &e), &e, "the same again");
	assert_int_equal(id, again);
	assert_int_equal(listed(-1, NULL, rows), 6);
	assert_true(rows[0].id > rows[1].id && rows[4].id > rows[5].id);
	assert_int_equal(listed(HOST_GOOD, NULL, rows), 1);
	assert_int_equal(listed(HOST_ABOUT_TO_EXPIRE, NULL, rows), 1);
	assert_int_equal(listed(HOST_EXPIRED, NULL, rows), 2);
	assert_int_equal(listed(HOST_REVOKED, NULL, rows), 1);
	assert_int_equal(listed(HOST_UNTRUSTED, NULL, rows), 1);
	assert_int_equal(listed(HOST_FAULTY, NULL, rows) + listed(HOST_UNSEEN, NULL, rows), 0);
	assert_int_equal(listed(-1, ".example.com", rows), 5);
	assert_int_equal(listed(-1, "strange.example.org", rows), 1);
	assert_int_equal(listed(-1, ".ample.com", rows), 0);
	assert_int_equal(host_show(w.svc, &w.staff, id, &w.arena, &v, &e), E_NOT_FOUND);
	for (size_t n = listed(-1, NULL, rows); n--;)
		world_need(host_remove(w.svc, &w.owner, rows[n].id, &e), &e, "remove");
}

static int
take_count(void *arg, const struct db_value *columns, struct err *e UNUSED)
{
	*(int64_t *)arg = columns[0].i;
	return 0;
}

static int
certs_body(struct db_tx *tx, void *arg, struct err *e)
{
	static const char sql[] = "SELECT count(*) FROM host_cert";
	static const struct db_stmt count = {
		.name = "test_count", .sqlite = sql, .pgsql = sql, .n_columns = 1, .columns = {DB_INT}};

	return MIN(db_exec(tx, &count, NULL, take_count, arg, e), 0);
}

static int64_t
certs(void)
{
	int64_t n = 0;
	ERR(e);

	world_need(svc_read(w.svc, certs_body, &n, &e), &e, "count");
	return n;
}

static void
a_certificate_stands_once_and_goes_with_its_last_server(void **state UNUSED)
{
	int64_t far = svc_now(w.svc) + 90 * MS_DAY, a, b;
	struct host_view v;
	ERR(e);

	assert_int_equal(certs(), 0);
	world_need(keep("a.example.com", 0, HOST_GOOD, far, &a, &e), &e, "keep");
	world_need(keep("b.example.com", 0, HOST_GOOD, far, &b, &e), &e, "keep");
	assert_int_equal(certs(), 1);
	world_need(keep("b.example.com", 1, HOST_GOOD, far, &b, &e), &e, "another certificate");
	assert_int_equal(certs(), 2);
	world_need(keep("b.example.com", 0, HOST_GOOD, far, &b, &e), &e, "the first one again");
	assert_int_equal(certs(), 1);
	world_need(host_show(w.svc, &w.owner, b, &w.arena, &v, &e), &e, "show");
	assert_true(blob_eq(v.der, w.svc->issuers[0]->cert) && v.row.first_seen_ms <= v.row.last_seen_ms);
	world_need(host_remove(w.svc, &w.owner, a, &e), &e, "remove");
	assert_int_equal(certs(), 1);
	world_need(host_remove(w.svc, &w.owner, b, &e), &e, "remove");
	assert_int_equal(certs(), 0);
}

static void
the_inventory_has_a_cap(void **state UNUSED)
{
	int64_t far = svc_now(w.svc) + 90 * MS_DAY, a, b;
	ERR(e);

	policy("hosts-max", "1");
	world_need(keep("a.example.com", 0, HOST_GOOD, far, &a, &e), &e, "keep");
	assert_int_equal(keep("b.example.com", 0, HOST_GOOD, far, &b, &e), E_INVENTORY_FULL);
	err_clear(&e);
	world_need(keep("a.example.com", 1, HOST_GOOD, far, &b, &e), &e, "one that is there");
	policy("hosts-max", NULL);
	world_need(host_remove(w.svc, &w.owner, a, &e), &e, "remove");
}

static void
what_a_person_sees_is_the_first_that_holds(void **state UNUSED)
{
	static const struct {
		enum host_status verdict;
		int64_t days;
		enum host_status seen;
	} rows[] = {
		{HOST_UNSEEN, 0, HOST_UNSEEN},
		{HOST_REVOKED, -1, HOST_REVOKED},
		{HOST_UNTRUSTED, -1, HOST_EXPIRED},
		{HOST_GOOD, 0, HOST_EXPIRED},
		{HOST_UNTRUSTED, 1, HOST_UNTRUSTED},
		{HOST_WRONG_NAME, 1, HOST_WRONG_NAME},
		{HOST_GOOD, 1, HOST_ABOUT_TO_EXPIRE},
		{HOST_GOOD, 30, HOST_ABOUT_TO_EXPIRE},
		{HOST_GOOD, 31, HOST_GOOD},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t now = svc_now(w.svc);

		assert_int_equal(host_status_at(rows[i].verdict, now + rows[i].days * MS_DAY, now), rows[i].seen);
	}
}

/* -- monitors */

static int
watch(const char *target, int64_t interval_ms, struct monitor_view *ret, struct err *e)
{
	struct monitor_new in = {.target = str_c(target), .starttls = -1, .interval_ms = interval_ms};

	return monitor_create(w.svc, &w.owner, &in, &w.arena, ret, e);
}

static void
monitors_have_caps_and_watch_a_server_once(void **state UNUSED)
{
	struct monitor_view v;
	ERR(e);

	assert_int_equal(watch("10.0.0.1", 0, &v, &e), E_ADDRESS_REFUSED);
	err_clear(&e);
	assert_int_equal(watch("127.0.0.1:1", 1000, &v, &e), E_FIELD_RANGE);
	policy("monitors-max", "1");
	err_clear(&e);
	world_need(watch("127.0.0.1:1", 0, &v, &e), &e, "watch");
	assert_true(v.row.interval_ms == MS_DAY && v.row.status == HOST_UNSEEN);
	assert_int_equal(watch("127.0.0.1:2", 0, &v, &e), E_INVENTORY_FULL);
	policy("monitors-max", NULL);
	err_clear(&e);
	assert_int_equal(watch("127.0.0.1:1", 0, &v, &e), E_MONITOR_THERE);
	err_clear(&e);
	assert_int_equal(host_remove(w.svc, &w.owner, v.row.host, &e), E_HOST_WATCHED);
}

static void
nobody_there_several_times_in_a_row_is_told_once(void **state UNUSED)
{
	struct page page = {.limit = 1};
	struct row_monitor *rows;
	struct monitor_view v;
	bool more;
	size_t n;
	ERR(e);

	if (w.clock < 0)
		skip();
	world_need(monitor_show_list(w.svc, &w.owner, &page, &w.arena, &rows, &n, &more, &e), &e, "list");
	assert_int_equal(n, 1);
	for (int looks = 1; looks <= 5; looks++) {
		world_need(monitor_run(w.svc, &e), &e, "run");
		world_need(monitor_run(w.svc, &e), &e, "run again: nothing is due");
		world_need(monitor_show(w.svc, &w.owner, rows[0].id, &w.arena, &v, &e), &e, "show");
		assert_int_equal(v.row.failures, looks);
		assert_int_equal(world_told(&w, &w.owner, NOTICE_SERVER_UNREACHABLE, v.row.id, NULL), looks >= 3);
		/* sooner again while it may only be a moment */
		assert_int_equal(v.row.next_ms - v.row.looked_ms, looks < 3 ? 10 * MS_MINUTE : MS_DAY);
		world_clock(&w, v.row.next_ms);
	}
	assert_int_equal(v.n_events, 1);
	assert_int_equal(v.events[0].kind, EVENT_UNREACHABLE);
	assert_int_equal(monitor_change(w.svc, &w.owner, v.row.id, 9, MS_HOUR, &w.arena, &v, &e), E_PRECONDITION);
	err_clear(&e);
	world_need(monitor_change(w.svc, &w.owner, v.row.id, v.row.version, MS_HOUR, &w.arena, &v, &e), &e, "change");
	assert_int_equal(v.row.next_ms, v.row.looked_ms + MS_HOUR);
	world_need(monitor_remove(w.svc, &w.owner, v.row.id, &e), &e, "remove");
	assert_int_equal(monitor_remove(w.svc, &w.owner, v.row.id, &e), E_NOT_FOUND);
}

static void
old_scans_go_and_what_they_have_found_stays(void **state UNUSED)
{
	struct scan_view v;
	int64_t id;
	ERR(e);

	if (w.clock < 0)
		skip();
	world_need(keep("kept.example.com", 0, HOST_GOOD, svc_now(w.svc), &id, &e), &e, "keep");
	world_need(scan("127.0.0.1", 1, 100, &v, &e), &e, "scan");
	run(1);
	world_need(scan_sweep(w.svc, &e), &e, "sweep");
	assert_int_equal(shown(v.row.id).row.state, SCAN_FINISHED);
	world_clock(&w, svc_now(w.svc) + 91 * MS_DAY);
	world_need(scan_sweep(w.svc, &e), &e, "sweep");
	assert_int_equal(scan_show(w.svc, &w.owner, v.row.id, &w.arena, &v, &e), E_NOT_FOUND);
	err_clear(&e);
	world_need(host_remove(w.svc, &w.owner, id, &e), &e, "remove");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plan_has_each_place_once),
		cmocka_unit_test(what_is_no_target_is_refused),
		cmocka_unit_test(caps_and_closed_networks_are_refused),
		cmocka_unit_test(a_scan_goes_to_its_end_and_tells_who_was_silent),
		cmocka_unit_test(one_scanner_has_a_scan_and_takes_it_up_again_after_a_crash),
		cmocka_unit_test(the_rate_is_kept),
		cmocka_unit_test(accounts_take_turns_and_each_has_one_scan_at_a_time),
		cmocka_unit_test(the_inventory_is_asked_by_status_and_by_name),
		cmocka_unit_test(a_certificate_stands_once_and_goes_with_its_last_server),
		cmocka_unit_test(the_inventory_has_a_cap),
		cmocka_unit_test(what_a_person_sees_is_the_first_that_holds),
		cmocka_unit_test(monitors_have_caps_and_watch_a_server_once),
		cmocka_unit_test(nobody_there_several_times_in_a_row_is_told_once),
		cmocka_unit_test(old_scans_go_and_what_they_have_found_stays),
	};
	int failed;

	if (argc != 2)
		return 2;
	if (!world_open(&w, argv[1]))
		return 77; /* skipped: the engine is not installed */
	open_loopback();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	world_close(&w);
	return failed;
}
