# SPDX-License-Identifier: Apache-2.0
"""Proofs by a DNS record, against bind9 and Knot with signed zones."""
import pytest
from validate_env import VALUE, DnsServer, KnotServer, SilentServer, tool

ZONES = {"acme.test": "signed", "sub.acme.test": "signed", "plain.test": "unsigned", "bogus.test": "bogus",
         "expired.test": "expired", "sick.test": "servfail", "other.test": "signed", "example.com": "signed"}
ALL = "_dnsauth.acme.test"


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


def check(server, base, registered, value=VALUE, **kw):
    return tool(server, "dns", base, registered, value, **kw)


def test_an_exact_value_proves_the_name(server):
    server.add("_dnsauth.acme.test", "TXT", VALUE)
    got = check(server, "acme.test", "acme.test")
    assert got.result == "0" and got.one("proven") == "acme.test", got
    assert got.all("seen") == [f'TXT _dnsauth.acme.test = "{VALUE}"'], got


def test_one_record_among_several_is_enough(server):
    server.add("_dnsauth.acme.test", "TXT", "v=spf1 -all", "x" * 300, VALUE, "")
    assert check(server, "acme.test", "acme.test").result == "0"


def test_the_strings_of_a_record_are_one_value(server):
    server.zone_of("acme.test").records.append(("_dnsauth.acme.test.", "TXT", f'"{VALUE[:10]}" "{VALUE[10:]}"'))
    server.add("pad.acme.test", "TXT", "x")
    assert check(server, "acme.test", "acme.test").result == "0"


@pytest.mark.parametrize("wrong", [VALUE.lower(), VALUE[:-1], VALUE + "x", VALUE + " ", " " + VALUE, f'"{VALUE}"',
                                   "", VALUE + "\n", "\x00" + VALUE, "signet=" + VALUE])
def test_anything_but_the_exact_value_is_refused_and_shown(server, wrong):
    server.add("_dnsauth.acme.test", "TXT", wrong)
    got = check(server, "acme.test", "acme.test")
    assert got.result == "DNS_WRONG_VALUE" and got.one("proven") is None, got
    assert VALUE in got.one("hint") and len(got.all("seen")) == 1, got


def test_a_record_at_an_ancestor_proves_that_ancestor(server):
    server.add("_dnsauth.b.acme.test", "TXT", VALUE)
    got = check(server, "a.b.acme.test", "acme.test")
    assert got.result == "0" and got.one("proven") == "b.acme.test", got
    server.remove("_dnsauth.b.acme.test")
    server.add("_dnsauth.acme.test", "TXT", VALUE)
    got = check(server, "a.b.acme.test", "acme.test")
    assert got.result == "0" and got.one("proven") == "acme.test", got


def test_the_ancestor_may_lie_in_another_zone(server):
    server.add("_dnsauth.acme.test", "TXT", VALUE)
    got = check(server, "www.sub.acme.test", "acme.test")
    assert got.result == "0" and got.one("proven") == "acme.test", got


def test_above_the_registered_domain_nothing_counts(server):
    with server.changes():
        server.add("_dnsauth.test", "TXT", VALUE)
        server.add("_dnsauth.acme.test", "TXT", VALUE)
    assert check(server, "www.b.acme.test", "b.acme.test").result == "DNS_NO_RECORD"


def test_below_and_beside_the_name_nothing_counts(server):
    with server.changes():
        for name in ("_dnsauth.www.acme.test", "_dnsauth.other.test", "acme.test", "dnsauth.acme.test"):
            server.add(name, "TXT", VALUE)
    assert check(server, "acme.test", "acme.test").result == "DNS_NO_RECORD"


def test_without_a_registered_domain_only_the_name_itself_counts(server):
    server.add("_dnsauth.acme.test", "TXT", VALUE)
    assert check(server, "www.acme.test", "").result == "DNS_NO_RECORD"
    assert check(server, "acme.test", "").result == "0"


def test_a_name_of_many_levels_is_proven_at_the_registered_domain(server):
    server.add("_dnsauth.acme.test", "TXT", VALUE)
    deep = ".".join("abcdefghijklmnopqrstuvwxyz"[i % 26] for i in range(100)) + ".acme.test"
    got = check(server, deep, "acme.test")
    assert got.result == "0" and got.one("proven") == "acme.test", got


def test_a_cname_to_elsewhere_is_followed(server):
    with server.changes():
        server.add("_dnsauth.acme.test", "CNAME", "proofs.other.test.")
        server.add("proofs.other.test", "TXT", VALUE)
    got = check(server, "acme.test", "acme.test")
    assert got.result == "0" and "CNAME to proofs.other.test" in got.one("seen"), got


def cname_target(value=VALUE, registered="acme.test"):
    return tool(None, "cname", value, registered).one("cname")


def test_the_cname_form_proves_without_anything_at_its_target(server):
    server.add("_dnsauth.acme.test", "CNAME", cname_target().upper() + ".")
    got = check(server, "www.acme.test", "acme.test")
    assert got.result == "0" and got.one("proven") == "acme.test", got


@pytest.mark.parametrize("wrong", ["value", "registered", "elsewhere"])
def test_another_cname_is_a_wrong_value(server, wrong):
    target = {"value": cname_target(VALUE.lower()), "registered": cname_target(registered="other.test"),
              "elsewhere": "www.example.com"}[wrong]
    server.add("_dnsauth.acme.test", "CNAME", target + ".")
    got = check(server, "acme.test", "acme.test")
    assert got.result == "DNS_WRONG_VALUE" and any(s.startswith("CNAME") for s in got.all("seen")), got


def test_no_record_is_told_apart_from_a_missing_name(server):
    server.add("_dnsauth.acme.test", "A", "192.0.2.1")
    got = check(server, "www.acme.test", "acme.test")
    assert got.result == "DNS_NO_RECORD", got
    assert got.all("seen") == ["TXT _dnsauth.www.acme.test = NXDOMAIN", "TXT _dnsauth.acme.test = no record"], got
    assert "_dnsauth.acme.test" in got.one("hint")


def test_answers_are_fresh_a_record_counts_as_soon_as_it_stands(server):
    assert check(server, "acme.test", "acme.test").result == "DNS_NO_RECORD"
    server.add("_dnsauth.acme.test", "TXT", "old")
    assert check(server, "acme.test", "acme.test").result == "DNS_WRONG_VALUE"
    server.replace("_dnsauth.acme.test", "TXT", VALUE)
    assert check(server, "acme.test", "acme.test").result == "0"


def test_an_insecure_zone_is_taken_where_the_parent_proves_it(server):
    server.add("_dnsauth.plain.test", "TXT", VALUE)
    assert check(server, "plain.test", "plain.test").result == "0"
    assert "insecure" in tool(server, "ask", "_dnsauth.plain.test", "16", "fresh").one("answer")


@pytest.mark.parametrize("zone, error", [("bogus.test", "DNS_BOGUS"), ("expired.test", "DNS_BOGUS"),
                                         ("sick.test", "DNS_SERVFAIL")])
def test_an_answer_that_fails_is_refused_though_the_value_stands_there(server, zone, error):
    if zone != "sick.test":
        server.add("_dnsauth." + zone, "TXT", VALUE)
    got = check(server, "www." + zone, zone)
    assert got.result == error and got.one("proven") is None, got
    assert all(error in s for s in got.all("seen")), got


def test_a_chain_is_refused_where_its_end_is_bogus(server):
    with server.changes():
        server.add("_dnsauth.acme.test", "CNAME", "proofs.bogus.test.")
        server.add("proofs.bogus.test", "TXT", VALUE)
    assert check(server, "acme.test", "acme.test").result == "DNS_BOGUS"


def test_another_trust_anchor_makes_everything_bogus(server, tmp_path):
    server.add("_dnsauth.acme.test", "TXT", VALUE)
    foreign = tmp_path / "anchor"
    foreign.write_text(". IN DS 12345 13 2 " + "AB" * 32 + "\n")
    assert check(server, "acme.test", "acme.test", anchor=str(foreign)).result == "DNS_BOGUS"
    # and the system's root anchor does not fit this root either
    got = tool(type("Plain", (), {"address": server.address})(), "dns", "acme.test", "acme.test", VALUE)
    assert got.result == "DNS_BOGUS", got


def test_special_names_are_asked_like_all_others(server):
    """RFC 6761 and RFC 1918: the library's own zones are gone; here the root says that these do not exist."""
    for name in ("x.localhost", "x.invalid", "x.onion", "x.home.arpa", "1.0.0.10.in-addr.arpa", "x.local", "localhost"):
        assert tool(server, "ask", name, "1", "fresh").one("answer").startswith("secure nxdomain"), name
    server.add("printer.acme.test", "A", "10.0.0.7")
    assert tool(server, "addresses", "printer.acme.test").all("address") == ["10.0.0.7"]


def test_addresses_come_ipv6_first_through_cnames(server):
    with server.changes():
        server.add("www.acme.test", "CNAME", "host.other.test.")
        server.add("host.other.test", "A", "192.0.2.1", "192.0.2.2")
        server.add("host.other.test", "AAAA", "2001:db8::1")
    got = tool(server, "addresses", "www.acme.test")
    assert got.all("address")[0] == "2001:db8::1" and sorted(got.all("address")[1:]) == ["192.0.2.1", "192.0.2.2"], got
    assert tool(server, "addresses", "nothing.acme.test").result == "DNS_NO_RECORD"
    assert tool(server, "addresses", "www.bogus.test").result == "DNS_BOGUS"


def test_many_askers_share_the_cache_and_each_gets_its_own_answer(server):
    with server.changes():
        for i in range(200):
            server.add(f"n{i}.example.com", "TXT", f"value {i}")
    got = tool(server, "many", "200", "example.com")
    # every fifth asks with no time at all: late, unless another one's question had brought its answer in
    word = got.one("many").split()
    assert int(word[1]) >= 160 and int(word[1]) + int(word[3]) == 200, got


def test_a_silent_server_ends_at_the_deadline():
    with SilentServer() as silent:
        got = tool(silent, "dns", "www.acme.test", "acme.test", VALUE, timeout_ms=700)
        assert got.result == "DNS_TIMEOUT" and 600 <= got.ms < 3000, got


def test_a_refused_port_is_no_answer():
    class Nobody:
        address = "127.0.0.1:9"
    got = tool(Nobody, "dns", "www.acme.test", "acme.test", VALUE, timeout_ms=1500)
    assert got.result in ("DNS_SERVFAIL", "DNS_TIMEOUT"), got
