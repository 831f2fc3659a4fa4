# SPDX-License-Identifier: Apache-2.0
"""How long a proof counts and for what: reuse, expired values, changing the method, the next look; and CAA, name by name."""
import random

import invariants
import pytest
from customer import Customer
from dnsserver import DnsServer
from signet import wait_for
from webserver import WebServer

FILE = "/.well-known/pki-validation/fileauth.txt"
SINGLE, MULTI, WILD = "digicert-dv-single", "digicert-dv-multi", "digicert-dv-wildcard"
WHERE = "_dnsauth.example.com"
DICE = random.Random(20261121)
# (how many names, the one that CAA forbids); the names of each case are its own
CAA = [(n, DICE.randrange(n)) for n in (1, 2, 3, 3, 4, 5, 6, 6)]


def put(web, value):
    web.routes[FILE] = (200, {}, value.encode())


def caa_name(case, i):
    return f"c{case}n{i}.example.com"


@pytest.fixture(scope="module")
def dns(database):
    server = DnsServer({"example.com": "unsigned"})
    server.add("file.example.com", "A", "127.0.0.1")
    for case, (_, k) in enumerate(CAA):
        server.add(caa_name(case, k), "CAA", '0 issue ";"')
    with server:
        yield server


@pytest.fixture(scope="module")
def web():
    with WebServer() as w:
        yield w


@pytest.fixture(scope="module")
def ca(database, dns, web, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor, args=[
        "--validation-http-port", str(web.port), "--validation-https-port", "1", "--validation-allow", "127.0.0.0/8"])


@pytest.fixture
def account(ca, dns):
    yield Customer(ca)
    dns.remove(WHERE)


def proven(c, dns, *names, product=MULTI, **kw):
    """Bought, published, verified, issued; the record is gone again."""
    c.buy(product, **({"n_common": len(names)} if product == MULTI else {}))
    app = c.apply(product, *names, **kw)
    c.publish_dns(app, dns)
    c.verify(app)
    c.issued(app)
    dns.remove(WHERE)
    return app


def states(c, app):
    return {z["name"]: z["state"] for z in c.ok("GET", f"/applications/{app['id']}")["authorizations"]}


def test_what_was_proven_recently_needs_nothing_new(ca, account, dns):
    proven(account, dns, "www.example.com", "shop.example.com")
    account.buy(WILD)
    # the record stood at the registered domain, which proves every name below it, and wildcards
    app = account.apply(WILD, "*.deep.example.com")
    assert all(z["state"] == "valid" and z["publish"] is None for z in app["authorizations"]), app
    account.issued(app)
    stranger = Customer(ca)
    stranger.buy(SINGLE)
    app = stranger.apply(SINGLE, "www.example.com")
    assert all(z["state"] == "pending" for z in app["authorizations"])
    assert all(not n["proven"] for n in stranger.verify(app)["names"])


def test_a_file_proves_its_own_name_and_nothing_else_later(account, web):
    account.buy(MULTI, n_common=2)
    app = account.apply(MULTI, "file.example.com", method="file")
    put(web, app["authorizations"][0]["publish"]["value"])
    account.verify(app)
    account.issued(app)
    account.buy(MULTI, n_common=2)
    app = account.apply(MULTI, "file.example.com", "www.file.example.com")
    assert states(account, app) == {"file.example.com": "valid", "www.file.example.com": "pending"}
    account.buy(WILD)
    app = account.apply(WILD, "*.file.example.com")
    assert states(account, app)["*.file.example.com"] == "pending"


def test_a_value_that_has_expired_is_replaced_in_the_same_application(ca, account, dns):
    account.buy(MULTI, n_common=2)
    app = account.apply(MULTI, "www.example.com", "shop.example.com")
    old = {z["publish"]["value"] for z in app["authorizations"]}
    assert len(old) == 1  # one for the registered domain
    ca.advance(days=8)
    account.publish_dns(app, dns)
    told = account.verify(app)
    # the background may have replaced it before we came
    assert all(not n["proven"] and n["hint"] and ("expired" in n["message"] or n["code"] == "DNS_WRONG_VALUE")
               for n in told["names"]), told
    new = {z["publish"]["value"] for z in told["application"]["authorizations"]}
    assert len(new) == 1 and new != old
    assert told["application"]["id"] == app["id"] and told["application"]["state"] == "validating"
    account.publish_dns(told["application"], dns)
    account.verify(app)
    account.issued(app)


def test_after_the_reuse_window_a_new_proof_is_needed(ca, account, dns):
    ca.ok("POST", "/api/v1/policies", {"name": "domain-reuse", "value": "5 d"})  # the rule's own value changes with the date
    proven(account, dns, "www.example.com")
    ca.advance(days=4)
    account.buy(SINGLE)
    app = account.apply(SINGLE, "www.example.com")
    assert set(states(account, app).values()) == {"valid"}
    account.issued(app)
    ca.advance(days=2)
    account.buy(SINGLE)
    app = account.apply(SINGLE, "www.example.com")
    assert set(states(account, app).values()) == {"pending"}
    # what public rules do not bind has a window of its own
    account.buy("private-multi", n_common=1)
    assert set(states(account, account.apply("private-multi", "www.example.com")).values()) == {"valid"}
    ca.ok("POST", "/api/v1/policies:unset", {"name": "domain-reuse"})


def test_the_next_look_is_shown_and_looks_become_rarer(account):
    account.buy(SINGLE)
    app = account.apply(SINGLE, "www.example.com")
    path = f"/applications/{app['id']}"
    first = wait_for("the first look", lambda: account.ok("GET", path + "/records")["items"], 15)
    assert first and account.ok("GET", path)["next_check"]
    job = next(j for j in account.ok("GET", "/jobs")["items"] if j["object"] == app["id"])
    assert job["kind"] == "validate" and job["code"] == "PROOF_MISSING"
    account.ok("POST", path + ":cancel")
    assert account.ok("GET", path)["next_check"] is None


def test_the_method_may_be_changed_while_validating(account, dns, web):
    account.buy(MULTI, n_common=2)
    app = account.apply(MULTI, "file.example.com")
    path = f"/applications/{app['id']}"
    etag = account.rest("GET", path).headers["etag"]
    r = account.rest("POST", path + ":method", {"method": "file"}, headers={"If-Match": etag})
    assert r.status == 200 and r.json["method"] == "file" and r.json["authorizations"][0]["publish"]["type"] == "FILE"
    r = account.rest("POST", path + ":method", {"method": "dns"}, headers={"If-Match": etag})
    assert r.code == "PRECONDITION"
    assert account.rest("POST", path + ":method", {"method": "internal"}).code == "METHOD_UNFIT"
    assert account.rest("POST", path + ":method", {"method": "email"}).code == "METHOD_UNFIT"
    put(web, account.ok("GET", path)["authorizations"][0]["publish"]["value"])
    account.verify(app)
    account.issued(app)
    r = account.rest("POST", path + ":method", {"method": "dns"})
    assert r.code == "STATE_REFUSED" and r.json["hint"]


def test_a_wildcard_is_not_changed_to_file(ca, account):
    account.buy(WILD)
    app = account.apply(WILD, "*.example.com")
    r = account.rest("POST", f"/applications/{app['id']}:method", {"method": "file"})
    assert r.code in ("METHOD_UNFIT", "SEVERAL_FAULTS") and "*.example.com" in r.body.decode() and r.json["hint"], r
    ca.cli("applications", "method", app["id"], "dns_auto", key=account.key)
    assert account.ok("GET", f"/applications/{app['id']}")["method"] == "dns_auto"


@pytest.mark.parametrize("hours, end", [(7, "issued"), (9, "failed")])
def test_what_was_reserved_and_is_signed_late_asks_caa_again(ca, account, dns, hours, end):
    name = f"late{hours}.example.com"
    account.buy(SINGLE)
    app = account.apply(SINGLE, name)
    account.publish_dns(app, dns)
    ca.inject("issue.reserved", "sleep:600000")
    wait_for("the certificate to be reserved", lambda: not ca.armed("issue.reserved"), 60)
    dns.add(name, "CAA", '0 issue ";"')
    ca.kill_all()
    ca.advance(seconds=hours * 3600)
    ca.start()
    app = wait_for("its end", lambda: next((a for a in [account.ok("GET", f"/applications/{app['id']}")]
                                            if a["state"] in ("failed", "issued")), None), 60)
    assert app["state"] == end and (end == "issued" or app["failure"]["code"] == "CAA_FORBIDS"), app
    assert [c["state"] for c in app["certificates"]] == ["issued"] * (end == "issued"), app["certificates"]
    invariants.check(ca)


def test_when_caa_forbids_one_of_n_names_nothing_is_issued_and_it_is_named(account, dns):
    proven(account, dns, "www.example.com")
    for case, (n, k) in enumerate(CAA):
        names = [caa_name(case, i) for i in range(n)]
        account.buy(MULTI, n_common=n)
        app = account.apply(MULTI, *names)
        assert "pending" not in states(account, app).values()  # only CAA stands in the way
        account.ok("POST", f"/applications/{app['id']}:verify", {})
        path = f"/applications/{app['id']}"
        app = wait_for("its end", lambda p=path: next((a for a in [account.ok("GET", p)] if a["state"] in ("failed", "issued")), None))
        assert app["state"] == "failed" and app["certificates"] == [], (case, app)
        assert app["failure"]["code"] == "CAA_FORBIDS" and names[k] in app["failure"]["message"], app["failure"]
    assert len(account.ok("GET", "/certificates")["items"]) == 1
