# SPDX-License-Identifier: Apache-2.0
"""Who stands between the core and a domain does not stand between all perspectives and it: proofs and CAA count only as a
quorum of them sees the same. Two perspectives stand where 127.0.0.1:53… is the real server of the zone; for the core and
the third one the same address has been hijacked."""
import contextlib
import os

import pytest
from customer import Customer
from dnsserver import DnsServer
from perspective import Elsewhere, Perspective, Unpermitted

US = "ca.example"
ZONES = {"example.com": "unsigned"}


class Net:
    """near: the server as the core sees it; far: as the perspectives eu and us do; "as" stands beside the core."""

    def __init__(self, near, far, perspectives):
        self.near, self.far, self.perspectives = near, far, perspectives

    def publish(self, app, *servers):
        for want in {(a["publish"]["where"], a["publish"]["value"]) for a in app["authorizations"]}:
            for server in servers:
                server.replace(want[0], "TXT", want[1])


@pytest.fixture(scope="module")
def net(database):
    with contextlib.ExitStack() as stack:
        near = stack.enter_context(DnsServer(ZONES))
        try:
            place = stack.enter_context(Elsewhere())
        except (Unpermitted, FileNotFoundError) as e:
            pytest.skip(f"no network namespace can be made here: {e}")
        far = stack.enter_context(place.dns(ZONES, near.port))
        yield Net(near, far, {
            "eu": stack.enter_context(Perspective("eu", "europe", place, far)),
            "us": stack.enter_context(Perspective("us", "america", place, far)),
            "as": stack.enter_context(Perspective("as", "asia", None, near))})


@pytest.fixture(scope="module")
def ca(database, net, request):
    from conftest import database_url, serve
    args = ["--caa-identity", US]
    for p in net.perspectives.values():
        args += p.parameter()
    yield from serve(database_url(database, request), resolver=net.near.address, trust_anchor=net.near.trust_anchor,
                     args=args)


@pytest.fixture(scope="module")
def customer(ca):
    return Customer(ca, money=1_000_000_000)


def ordered(customer, name):
    customer.buy("digicert-dv-single", n_common=1)
    return customer.apply("digicert-dv-single", name, companions=False)


def views(customer, app, purpose):
    """{perspective: error code or ""} of the latest round of records."""
    out = {}
    for r in customer.ok("GET", f"/applications/{app['id']}/records")["items"]:
        if r["purpose"] == purpose:
            out.setdefault(r["perspective"], r["code"] or "")
    return out


def told(name):
    return {s["perspective"]: s["result"] for s in name["seen"] if s.get("perspective") and s["what"] == "its view"}


def test_what_all_see_is_proven_and_each_view_is_kept(net, customer):
    app = ordered(customer, "all.example.com")
    net.publish(app, net.near, net.far)
    done = customer.verify(app)
    assert done["application"]["state"] == "issued", done
    assert told(done["names"][0]) == {"eu": "the same", "us": "the same", "as": "the same"}
    assert views(customer, app, "proof") == {"local": "", "eu": "", "us": "", "as": ""}
    assert views(customer, app, "caa") == {"local": "", "eu": "", "us": "", "as": ""}


def test_a_hijacked_route_near_the_core_proves_nothing(net, customer):
    app = ordered(customer, "hijacked.example.com")
    net.publish(app, net.near)
    name = customer.verify(app)["names"][0]
    assert not name["proven"] and name["code"] == "PERSPECTIVE_QUORUM" and name["hint"], name
    assert "eu (europe)" in name["message"] and "us (america)" in name["message"] and "2 of 3" in name["message"]
    seen = told(name)
    assert seen["as"] == "the same" and seen["eu"] != "the same" and seen["us"] != "the same"
    assert views(customer, app, "proof") == {"local": "", "eu": "DNS_NO_RECORD", "us": "DNS_NO_RECORD", "as": ""}
    state = customer.ok("GET", f"/applications/{app['id']}")
    assert state["state"] == "validating" and state["certificates"] == []
    later = ordered(customer, "hijacked.example.com")  # nor is what was seen a proof to use again
    assert not customer.verify(later)["names"][0]["proven"]
    net.publish(app, net.far)
    assert customer.verify(app)["application"]["state"] == "issued"


def test_a_hijacked_caa_record_does_not_hide_the_real_one(net, customer):
    app = ordered(customer, "caa.example.com")
    net.publish(app, net.near, net.far)
    net.far.add("caa.example.com", "CAA", '0 issue ";"')
    answer = customer.rest("POST", f"/applications/{app['id']}:verify", {})
    assert answer.code == "PERSPECTIVE_QUORUM", answer
    assert "eu" in answer.json["detail"] and "us" in answer.json["detail"]
    assert views(customer, app, "caa") == {"local": "", "eu": "CAA_FORBIDS", "us": "CAA_FORBIDS", "as": ""}
    state = customer.ok("GET", f"/applications/{app['id']}")
    assert state["state"] == "issuing" and state["certificates"] == []


def test_one_perspective_may_be_away_and_is_named_but_not_two(net, customer, ca):
    net.perspectives["eu"].stop()
    try:
        app = ordered(customer, "one-away.example.com")
        net.publish(app, net.near, net.far)
        done = customer.verify(app)
        assert done["application"]["state"] == "issued", done
        assert told(done["names"][0])["eu"].startswith("no answer")
        assert views(customer, app, "proof") == {"local": "", "eu": "NET", "us": "", "as": ""}
        assert any('name=eu' in line.replace('"', "") for line in ca.events("perspective.silent")), ca.log()[-2000:]
        second = ordered(customer, "two-away.example.com")
        net.publish(second, net.near)
        assert customer.verify(second)["names"][0]["code"] == "PERSPECTIVE_QUORUM"
    finally:
        net.perspectives["eu"].start()
    assert customer.verify(second)["names"][0]["code"] == "PERSPECTIVE_QUORUM"
    net.publish(second, net.far)
    assert customer.verify(second)["application"]["state"] == "issued"


def test_strangers_learn_nothing_and_the_key_is_the_perspectives_own(net):
    p = net.perspectives["as"]
    assert p.post(b"")[0] in (400, 401) and p.post(os.urandom(300)) == (401, b"")
    assert os.stat(p.key).st_mode & 0o777 == 0o600
    with open(p.key, encoding="ascii") as f:
        assert len(f.read().strip()) == 64


@pytest.mark.database("sqlite")
def test_a_perspective_with_another_key_does_not_corroborate(net, make_signet):
    keys = {n: p.key for n, p in net.perspectives.items()}
    args = ["--caa-identity", US]
    for name, p in net.perspectives.items():
        args += p.parameter(keys["as" if name == "eu" else name])
    s = make_signet(resolver=net.near.address, trust_anchor=net.near.trust_anchor, args=args).start()
    customer = Customer(s, money=1_000_000)
    # one may be missing; a second one that sees nothing makes it too few
    app = ordered(customer, "other-key.example.com")
    net.publish(app, net.near, net.far)
    assert customer.verify(app)["application"]["state"] == "issued"
    assert views(customer, app, "proof")["eu"] == "UNAUTHENTICATED"


@pytest.mark.database("sqlite")
def test_more_perspectives_than_there_are_can_be_required(net, make_signet):
    s = make_signet(resolver=net.near.address, trust_anchor=net.near.trust_anchor,
                    args=["--caa-identity", US, *net.perspectives["as"].parameter()]).start()
    customer = Customer(s, money=1_000_000)
    s.ok("POST", "/api/v1/policies", {"name": "perspectives-min", "value": "2"})
    app = ordered(customer, "few.example.com")
    net.publish(app, net.near)
    name = customer.verify(app)["names"][0]
    assert name["code"] == "PERSPECTIVE_QUORUM" and "1 perspectives are configured; 2 are required" in name["message"]


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("value, says", [
    ("eu,europe,127.0.0.1:1", "NAME,REGION,ADDRESS:PORT,FILE"),
    ("Eu,europe,127.0.0.1:1,/x", "NAME,REGION,ADDRESS:PORT,FILE"),
    ("local,europe,127.0.0.1:1,/x", "own view"),
    ("eu,europe,127.0.0.1:1,/no/such/file", "/no/such/file"),
    ("eu,europe,127.0.0.1:1,/etc/hostname", "holds no key"),
])
def test_a_wrong_parameter_is_refused_at_the_start(database, make_signet, value, says):
    s = make_signet(args=["--perspective", value])
    s.start(wait=False)
    assert s.proc.wait(30) != 0
    s.proc = None
    assert says in s.log()
