# SPDX-License-Identifier: Apache-2.0
"""CAA (RFC 8659, RFC 8657) against bind9 and Knot. What single records mean is a table in src/validate/caa_test.c."""
import pytest
from validate_env import IDENTITY, DnsServer, KnotServer, SilentServer, tool

ZONES = {"acme.test": "signed", "sub.acme.test": "signed", "plain.test": "unsigned", "bogus.test": "bogus",
         "expired.test": "expired", "sick.test": "servfail", "other.test": "signed"}
OURS, OTHERS = f'0 issue "{IDENTITY}"', '0 issue "other-ca.test"'


@pytest.fixture(scope="module", params=[DnsServer, KnotServer], ids=["bind9", "knot"])
def server(request):
    with request.param(ZONES) as s:
        yield s


@pytest.fixture(autouse=True)
def clean(server):
    yield
    with server.changes():
        for zone in server.zones.values():
            if zone.records:
                for name in {r[0] for r in zone.records}:
                    server.remove(name)


def check(server, name, method="dns", account="-", **kw):
    return tool(server, "caa", name, method, account, **kw)


def allowed(server, name, **kw):
    got = check(server, name, **kw)
    assert got.result in ("0", "CAA_FORBIDS"), got
    return got.result == "0"


def test_no_record_up_to_the_tld_allows(server):
    got = check(server, "a.www.acme.test")
    assert got.result == "0", got
    assert [s.split(" = ")[0] for s in got.all("seen")] == ["CAA a.www.acme.test", "CAA www.acme.test", "CAA acme.test",
                                                            "CAA test"], got


@pytest.mark.parametrize("records, name, wildcard", [
    ([OURS], True, True),
    ([OTHERS], False, False),
    ([OTHERS, OURS], True, True),
    (['0 issue ";"'], False, False),
    (['0 issuewild ";"'], True, False),
    ([OURS, '0 issuewild ";"'], True, False),
    (['0 issue ";"', f'0 issuewild "{IDENTITY}"'], False, True),
    (['0 issuewild "other-ca.test"', OURS], True, False),
    (['0 iodef "mailto:a@acme.test"'], True, True),
    (['0 tbs "unknown"'], True, True),
    (['128 tbs "unknown"'], False, False),
    (['128 tbs "unknown"', OURS], False, False),
    ([f'128 issue "{IDENTITY}"'], True, True),
    ([f'0 ISSUE "{IDENTITY.upper()}"'], True, True),
    ([f'0 issue "{IDENTITY}; policy=ev"'], True, True),
    ([f'0 issue "{IDENTITY}; policy"'], False, False),
    ([f'0 issue "{IDENTITY}; validationmethods=ca-dns"'], True, True),
    ([f'0 issue "{IDENTITY}; validationmethods=ca-file,http-01"'], False, False),
    ([f'0 issue "{IDENTITY}; accounturi=https://{IDENTITY}/acct/1"'], False, False),
])
def test_the_set_at_the_name_decides(server, records, name, wildcard):
    server.add("www.acme.test", "CAA", *records)
    assert allowed(server, "www.acme.test") == name
    assert allowed(server, "*.www.acme.test") == wildcard


def test_the_nearest_set_decides_and_ends_the_climb(server):
    with server.changes():
        server.add("acme.test", "CAA", OTHERS)
        server.add("www.acme.test", "CAA", OURS)
        server.add("mail.acme.test", "CAA", '0 iodef "mailto:a@acme.test"')
    assert allowed(server, "www.acme.test") and allowed(server, "a.b.www.acme.test")
    assert allowed(server, "mail.acme.test"), "a set without issue allows, whatever stands above"
    got = check(server, "a.ftp.acme.test")
    assert got.result == "CAA_FORBIDS" and got.one("proven") == "acme.test", got
    assert 'issue "other-ca.test"' in got.one("message") and "acme.test" in got.one("message"), got


def test_the_top_level_domain_counts_too(server):
    server.add("test", "CAA", OTHERS)
    assert not allowed(server, "www.acme.test")
    server.add("acme.test", "CAA", OURS)
    assert allowed(server, "www.acme.test")


def test_the_root_does_not_count(server):
    server.add(".", "CAA", OTHERS)
    assert allowed(server, "www.acme.test")


def test_the_climb_crosses_zones(server):
    server.add("acme.test", "CAA", OTHERS)
    assert not allowed(server, "www.sub.acme.test")


def test_below_and_beside_nothing_counts(server):
    with server.changes():
        server.add("a.www.acme.test", "CAA", OTHERS)
        server.add("other.test", "CAA", OTHERS)
    assert allowed(server, "www.acme.test")


def test_a_cname_is_followed_and_its_target_not_climbed(server):
    with server.changes():
        server.add("www.acme.test", "CNAME", "host.other.test.")
        server.add("host.other.test", "CAA", OTHERS)
    got = check(server, "www.acme.test")
    assert got.result == "CAA_FORBIDS" and "CNAME to host.other.test" in got.one("seen"), got
    with server.changes():
        server.replace("host.other.test", "CAA", OURS)
        server.add("acme.test", "CAA", OTHERS)
    assert allowed(server, "www.acme.test")
    with server.changes():  # nothing at the target: the climb goes on from the name, not from the target
        server.remove("host.other.test")
        server.add("other.test", "CAA", OURS)
    assert not allowed(server, "www.acme.test")


@pytest.mark.parametrize("zone", ["bogus.test", "expired.test", "sick.test"])
def test_what_cannot_be_looked_up_refuses(server, zone):
    if zone != "sick.test":
        server.add(zone, "CAA", OURS)
    for name in (zone, "www." + zone, "*." + zone):
        got = check(server, name)
        assert got.result == "CAA_FAILED" and zone in got.one("message"), got


def test_a_failure_above_the_deciding_set_does_no_harm_and_one_below_does(server):
    server.add("www.acme.test", "CNAME", "www.sick.test.")
    assert check(server, "www.acme.test").result == "CAA_FAILED"
    assert check(server, "a.www.acme.test").result == "CAA_FAILED"
    assert check(server, "acme.test").result == "0"


def test_an_unsigned_zone_has_its_say(server):
    server.add("plain.test", "CAA", OTHERS)
    assert not allowed(server, "www.plain.test")
    server.replace("plain.test", "CAA", OURS)
    assert allowed(server, "www.plain.test")


def test_parameters_bind_method_and_account(server):
    uri = f"https://{IDENTITY}/acct/1"
    with server.changes():
        server.add("a.acme.test", "CAA", f'0 issue "{IDENTITY}; accounturi={uri}"')
        server.add("m.acme.test", "CAA", f'0 issue "{IDENTITY}; validationmethods=ca-file"')
    assert allowed(server, "a.acme.test", account=uri) and not allowed(server, "a.acme.test", account=uri + "0")
    assert not allowed(server, "a.acme.test")
    assert allowed(server, "m.acme.test", method="file") and not allowed(server, "m.acme.test", method="dns")


def test_any_of_our_identities_counts(server):
    server.add("acme.test", "CAA", '0 issue "second.test"')
    assert not allowed(server, "acme.test") and allowed(server, "acme.test", options=["--identity", "second.test"])


def test_one_forbidden_name_among_many_is_found(server):
    """The k-th of N names: each is asked for itself (a famous CA re-checked one name N times)."""
    names = [f"n{i}.acme.test" for i in range(8)]
    server.add("n5.acme.test", "CAA", OTHERS)
    assert [allowed(server, n) for n in names] == [i != 5 for i in range(8)]


def test_a_label_of_many_levels_is_climbed_to_the_top(server):
    server.add("acme.test", "CAA", OTHERS)
    assert not allowed(server, ".".join("a" * 1 for _ in range(110)) + ".acme.test")


def test_silence_refuses_at_the_deadline():
    with SilentServer() as silent:
        got = tool(silent, "caa", "www.acme.test", "dns", "-", timeout_ms=700)
        assert got.result == "CAA_FAILED" and 600 <= got.ms < 3000, got


def test_an_address_has_no_caa():
    with SilentServer() as silent:
        assert tool(silent, "caa", "192.0.2.1", "file", "-", timeout_ms=700).result == "0"
