# SPDX-License-Identifier: Apache-2.0
"""Automatic certificates: switched on for a domain, Signet itself creates, applies, validates and issues."""
import pytest
from dnsserver import DnsServer
from managed import Managed
from signet import wait_for

TEST, SINGLE, WILD = "test-dv-single", "digicert-dv-single", "digicert-dv-wildcard"
LI = {"name": "Li Wei", "email": "li@example.com", "phone": "+86 21 5555"}


@pytest.fixture(scope="module")
def dns():
    with DnsServer({"example.com": "dynamic"}) as server:
        yield server


@pytest.fixture(scope="module")
def ca(database, dns, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor,
                     args=["--validation-allow", "127.0.0.0/8"])


def automate(c, product, **kw):
    return c.rest("POST", f"/domains/{c.domain}:automate", {"product": product}, **kw)


def automatic(c):
    return c.ok("GET", f"/domains/{c.domain}/automatic")


def done(c):
    def look():
        now = automatic(c)
        assert now["application_state"] not in ("failed", "cancelled") and not now["code"], now
        return now if now["application_state"] == "issued" else None
    return wait_for("the automatic certificate", look, 60)


def applications(c):
    return c.ok("GET", "/applications")["items"]


def test_a_test_certificate_is_taken_applied_for_proven_and_issued(ca, dns):
    c = Managed(ca, dns)
    c.ok("POST", "/contacts", LI)
    on = automate(c, TEST)
    assert on.status == 200 and on.json["on"] and on.json["missing"] == [] and on.json["names"] == ["www.example.com"], on
    now = done(c)
    app = c.ok("GET", f"/applications/{now['application']}")
    assert {n["name"] for n in app["names"]} == {"www.example.com", "example.com"}
    assert app["method"] == "dns_auto" and app["contact"]["email"] == LI["email"]
    assert c.ok("GET", f"/certificates/{now['certificate']}")["status"] == "issued"
    assert len(applications(c)) == 1 and len(c.ok("GET", "/bills")["items"]) == 1
    r = automate(c, TEST)
    assert r.code == "STATE_REFUSED" and str(app["id"]) in r.json["detail"]
    off = c.ok("POST", f"/domains/{c.domain}:stop_automatic")
    assert not off["on"] and off["application"] is None and off["product_code"] is None
    assert c.ok("GET", f"/certificates/{now['certificate']}")["status"] == "issued"


def test_quota_is_used_where_the_product_has_its_price(ca, dns):
    c = Managed(ca, dns)
    c.ok("POST", "/contacts", LI)
    told = automate(c, WILD).json
    assert told["missing"] == ["quota"] and WILD in told["advice"] and told["names"] == ["*.example.com"], told
    c.buy(WILD)
    ca.advance(seconds=90)  # the next look of the sweep
    now = done(c)
    assert {n["name"] for n in c.ok("GET", f"/applications/{now['application']}")["names"]} == {"*.example.com", "example.com"}
    assert len(c.ok("GET", "/bills")["items"]) == 1


def test_what_is_missing_is_named_and_it_goes_on_when_nothing_is(ca, dns):
    c = Managed(ca, dns, zone=False, holder=False, expires="2020-01-31T00:00:00Z")
    told = automate(c, TEST).json
    assert told["missing"] == ["zone", "holder", "term", "contact"] and "zone" in told["advice"], told
    c.change(zone=c.zone)
    told = automatic(c)
    assert told["missing"] == ["holder", "term", "contact"] and "holder" in told["advice"]
    c.verify_holder()
    c.ok("POST", "/contacts", LI)
    told = automatic(c)
    assert told["missing"] == ["term"] and "expired" in told["advice"] and told["application"] is None
    assert applications(c) == [] and c.ok("GET", "/bills")["items"] == []
    c.change(expires="2045-01-31T00:00:00Z")
    assert done(c)["missing"] == []


def test_each_refusal_says_what_is_wrong(ca, dns):
    c = Managed(ca, dns)
    for product, text in (("nothing", "no product"), ("geotrust-ov-single", "not issued by itself"),
                          ("internal", "not issued by itself")):
        r = automate(c, product)
        assert (r.code, r.json["field"]) == ("PRODUCT_UNFIT", "product") and text in r.json["detail"] and r.json["hint"], r
    assert not automatic(c)["on"]
    other = Managed(ca, dns)
    assert other.rest("GET", f"/domains/{c.domain}/automatic").code == "NOT_FOUND"
    assert other.rest("POST", f"/domains/{c.domain}:automate", {"product": TEST}).code == "NOT_FOUND"
    assert other.rest("POST", f"/domains/{c.domain}:stop_automatic").code == "NOT_FOUND"


def test_a_refused_try_is_told_and_a_withdrawn_application_may_be_replaced(ca, dns):
    c = Managed(ca, dns)
    c.ok("POST", "/contacts", LI)
    c.buy(TEST, quantity=20, months=12)
    subscriptions = [s["id"] for s in c.ok("GET", "/subscriptions?limit=200")["items"]]
    for s in subscriptions:
        c.ok("POST", "/applications", {"subscription": s, "names": [f"n{s}.example.com"], "method": "dns", "contact": LI})
    assert automate(c, TEST).status == 200
    told = wait_for("the refusal", lambda: automatic(c) if automatic(c)["code"] else None, 30)
    assert told["code"] == "TEST_NONE" and "20" in told["advice"] and told["application"] is None
    assert ["20" in n for n in c.told("automatic_blocked", c.domain)] == [True]
    c.buy(SINGLE)
    assert automate(c, SINGLE).json["code"] is None
    first = done(c)
    assert first["product_code"] == SINGLE


def test_the_domain_goes_and_its_switch_with_it(ca, dns):
    c = Managed(ca, dns, holder=False)
    assert automate(c, TEST).json["on"]
    assert c.rest("DELETE", f"/domains/{c.domain}").status == 204
    assert c.rest("GET", f"/domains/{c.domain}/automatic").code == "NOT_FOUND"


@pytest.mark.parametrize("point", ["auto.bought", "auto.apply", "auto.applied", "dns.added", "issue.reserved"])
def test_killed_at_any_point_there_is_one_bill_one_application_and_one_certificate(ca, dns, point):
    c = Managed(ca, dns)
    c.ok("POST", "/contacts", LI)
    ca.inject(point, "kill")
    try:
        automate(c, TEST)
    except OSError:
        pass  # it died with the answer
    wait_for(f"{point} to be passed", lambda: not ca.armed(point), 60)
    ca.wait_ready()
    ca.advance(seconds=90)  # leases run out, the sweep looks
    done(c)
    assert len(applications(c)) == 1 and len(c.ok("GET", "/bills")["items"]) == 1
    assert len(c.ok("GET", "/certificates")["items"]) == 1


def test_the_command_line_switches_it_on_and_shows_it(ca, dns):
    c = Managed(ca, dns, holder=False)
    out = ca.cli("domains", "automate", c.domain, "--product", TEST, key=c.key)
    assert "holder" in out and "staff check it" in out
    assert ca.cli_json("domains", "automatic", c.domain, key=c.key)["missing"] == ["holder", "contact"]
    assert "no" in ca.cli("domains", "stop-automatic", c.domain, key=c.key)
    ca.cli("domains", "automate", c.domain, key=c.key, code=2)
