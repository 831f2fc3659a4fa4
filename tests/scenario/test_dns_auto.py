# SPDX-License-Identifier: Apache-2.0
"""Automatic DNS on real servers that take updates: bind9 with one database, Knot with the other."""
import pytest
from dnsserver import DnsServer, KnotServer
from managed import LATER, Managed
from orders import attempt
from signet import wait_for

SINGLE, MULTI, WILD = "digicert-dv-single", "digicert-dv-multi", "digicert-dv-wildcard"
POINTS = ["dns.planned", "dns.adding", "dns.added", "dns.present", "dns.removing", "dns.removed"]
WHERE, LAG = "_dnsauth.example.com", "_dnsauth.lag.com"


@pytest.fixture(scope="module")
def dns(database):
    program = DnsServer if database == "sqlite" else KnotServer
    server = program({"example.com": "dynamic", "lag.com": "dynamic"})
    server.add("lag.com", "NS", "ns2.dns-server.invalid.")
    server.add("ns2.dns-server.invalid", "A", "127.0.0.2")
    with server:
        server.add(WHERE, "TXT", "somebody else's")
        yield server


@pytest.fixture(scope="module")
def second(database):
    """Another name server of lag.com, which learns nothing by itself (bind9 does not listen on 127.0.0.2)."""
    with KnotServer({"lag.com": "unsigned"}, host="127.0.0.2") as server:
        yield server


@pytest.fixture(scope="module")
def ca(database, dns, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor,
                     args=["--validation-allow", "127.0.0.0/8"])


@pytest.fixture
def lagging(ca, dns, second):
    """Applications for lag.com wait: its second server shows nothing."""
    second.remove("_dnsauth.lag.com")
    return Managed(ca, dns, "lag.com", servers=[dns.address, second.address])


def gone(dns, name=WHERE, rest=("somebody else's",)):
    """Nothing of ours is left, and nothing of others is touched."""
    wait_for("the records to be removed", lambda: dns.shown(name) == sorted(rest), 30)


def test_it_publishes_waits_proves_issues_and_removes(ca, dns):
    c = Managed(ca, dns)
    app = c.order("www.example.com", "a.b.example.com", product=MULTI)
    assert all(z["publish"] is None and z["note"] for z in app["authorizations"]), app
    c.issued(app)
    gone(dns)
    records = c.ok("GET", f"/applications/{app['id']}/records")["items"]
    proofs = [r for r in records if r["ok"] and r["method"] == "dns_auto"]
    assert {r["name_asked"] for r in proofs} == {"www.example.com", "a.b.example.com", "example.com"}
    assert all(WHERE in str(r["seen"]) for r in proofs)


def test_a_wildcard_and_its_apex_need_nothing_from_the_applicant(ca, dns):
    c = Managed(ca, dns)
    c.issued(c.order("*.example.com", product=WILD))
    gone(dns)


@pytest.mark.parametrize("lacks, word, cure", [
    ({"absent": True}, "not in this account", lambda c: c.add_domain()),
    ({"zone": False}, "not managed here", lambda c: c.change(zone=c.zone)),
    ({"holder": False}, "not verified", lambda c: c.verify_holder()),
    ({"expires": "2020-01-01T00:00:00Z"}, "expired", lambda c: c.change(expires=LATER))],
    ids=["domain", "zone", "holder", "term"])
def test_what_is_missing_is_named_and_it_goes_on_by_itself_when_it_is_there(ca, dns, lacks, word, cure):
    c = Managed(ca, dns, **lacks)
    app = c.order("www.example.com")
    for z in app["authorizations"]:
        assert word in z["note"] and z["publish"]["where"] == WHERE and z["publish"]["type"] == "TXT", z
    value = app["authorizations"][0]["publish"]["value"]
    seen = c.verify(app)
    assert all(not n["proven"] and word in n["hint"] and n["code"] == "DNS_WRONG_VALUE" for n in seen["names"]), seen
    assert seen["application"]["authorizations"][0]["publish"]["value"] == value  # the same token
    assert len(c.told("application_proof", app["id"])) == 1
    cure(c)
    assert all(word not in note for note in c.notes(app).values())
    c.issued(app)
    gone(dns)


def test_a_record_published_by_hand_counts_while_something_is_missing(ca, dns):
    c = Managed(ca, dns, zone=False)
    app = c.order("www.example.com")
    value = app["authorizations"][0]["publish"]["value"]
    dns.add(WHERE, "TXT", value)
    c.verify(app)
    c.issued(app)
    assert value in dns.shown(WHERE)  # what we did not put there we do not remove
    dns.replace(WHERE, "TXT", "somebody else's")


def test_a_draft_tells_what_is_missing(ca, dns):
    c = Managed(ca, dns, holder=False)
    c.buy(SINGLE)
    app = c.apply(SINGLE, "www.example.com", method="dns_auto", submit=False)
    assert any("holder of example.com is not verified" in n for n in app["notes"]), app["notes"]


def test_every_name_server_must_show_it(ca, dns, second, lagging):
    c = lagging
    app = c.order("www.lag.com")
    seen = wait_for("the record at the first server", lambda: dns.shown(LAG), 15)
    note = wait_for("the note", lambda: next((n for n in c.notes(app).values() if "does not show" in n), None), 15)
    assert "127.0.0.2" in note
    told = c.verify(app)
    assert all(n["code"] == "PROOF_MISSING" and "127.0.0.2" in n["message"] and n["hint"] for n in told["names"]), told
    assert told["application"]["state"] == "validating" and dns.shown(LAG) == seen
    second.add(LAG, "TXT", seen[0])
    c.verify(app)
    c.issued(app)
    gone(dns, LAG, [])


def test_what_goes_missing_later_is_named_and_the_record_is_removed_in_the_end(ca, dns, second, lagging):
    c = lagging
    ca.inject("dns.added", "sleep:10000")  # the job stands still: it does not prove by what the first server shows
    app = c.order("www.lag.com")
    value = wait_for("the record", lambda: dns.shown(LAG), 15)[0]
    c.change(holder="Another Ltd")
    assert all("not verified" in n for n in c.notes(app).values())
    assert c.show(app)["authorizations"][0]["publish"]["value"] == value
    r = c.rest("DELETE", f"/zones/{c.zone}")
    assert r.code == "STATE_REFUSED"
    c.verify_holder()
    second.add(LAG, "TXT", value)
    c.verify(app)
    c.issued(app)
    gone(dns, LAG, [])


def test_two_applications_for_one_name_stand_side_by_side(ca, dns, second, lagging):
    one, two = lagging, Managed(ca, dns, "lag.com", servers=[dns.address, second.address])
    first, other = one.order("www.lag.com"), two.order("www.lag.com")
    values = wait_for("both records", lambda: len(dns.shown(LAG)) == 2 and dns.shown(LAG), 15)
    one.ok("POST", f"/applications/{first['id']}:cancel")
    left = wait_for("one to go", lambda: len(dns.shown(LAG)) == 1 and dns.shown(LAG), 15)
    assert left[0] in values
    second.add(LAG, "TXT", *values)
    two.verify(other)
    two.issued(other)
    gone(dns, LAG, [])


@pytest.mark.parametrize("end", ["cancel", "method"])
def test_what_is_not_wanted_any_more_is_removed(ca, dns, lagging, end):
    c = lagging
    app = c.order("www.lag.com")
    wait_for("the record", lambda: dns.shown(LAG), 15)
    if end == "cancel":
        c.ok("POST", f"/applications/{app['id']}:cancel")
    else:
        c.ok("POST", f"/applications/{app['id']}:method", {"method": "dns"})
    gone(dns, LAG, [])
    wait_for("the zone to be free", lambda: "record" not in str(c.rest("DELETE", f"/zones/{c.zone}").json), 15)


def test_a_record_that_arrives_after_the_application_was_cancelled_is_removed_soon(ca, dns, lagging):
    c = lagging
    ca.inject("dns.added", "sleep:3000")  # the record stands, and who put it there does not know yet
    app = c.order("www.lag.com")
    wait_for("the record", lambda: dns.shown(LAG), 15)
    c.ok("POST", f"/applications/{app['id']}:cancel")
    gone(dns, LAG, [])


def test_a_record_that_somebody_removed_is_published_again(ca, dns, second, lagging):
    c = lagging
    app = c.order("www.lag.com")
    value = wait_for("the record", lambda: dns.shown(LAG), 15)[0]
    dns.remove(LAG, "TXT")
    c.verify(app)
    assert dns.shown(LAG) == [value]
    c.ok("POST", f"/applications/{app['id']}:cancel")
    gone(dns, LAG, [])


def test_a_server_that_refuses_is_named_and_the_cure_works(ca, dns):
    c = Managed(ca, dns)
    c.ok("PATCH", f"/zones/{c.zone}", {"key_name": dns.weak_key.name, "secret": dns.weak_key.secret})
    app = c.order("www.example.com")
    told = c.verify(app)
    assert all(n["code"] in ("DNS_UPDATE_REFUSED", "DNS_KEY_REFUSED") and n["hint"] for n in told["names"]), told
    assert any("DNS server" in (n or "") or "key" in (n or "") for n in c.notes(app).values())
    c.ok("PATCH", f"/zones/{c.zone}", {"key_name": dns.key.name, "secret": dns.key.secret})
    c.verify(app)
    c.issued(app)
    gone(dns)


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_point_it_ends_issued_with_a_clean_zone(ca, dns, point):
    c = Managed(ca, dns)
    app = c.order("www.example.com", submit=False)
    ca.inject(point, "kill")
    attempt(lambda: c.rest("POST", f"/applications/{app['id']}:submit", {}))  # the kill may take the answer with it
    wait_for(f"{point} to be passed", lambda: not ca.armed(point), 60)
    ca.wait_ready()
    c.issued(app)
    gone(dns)


def test_a_record_is_removed_when_the_service_died_and_the_application_was_cancelled(ca, dns, lagging):
    c = lagging
    app = c.order("www.lag.com")
    wait_for("the record", lambda: dns.shown(LAG), 15)
    ca.inject("dns.removing", "kill")
    attempt(lambda: c.rest("POST", f"/applications/{app['id']}:cancel"))
    wait_for("the kill", lambda: not ca.armed("dns.removing"), 30)
    ca.wait_ready()
    gone(dns, LAG, [])
