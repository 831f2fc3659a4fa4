# SPDX-License-Identifier: Apache-2.0
"""Renewals (SPEC 3.14): the subscription that follows another one, and the certificates of a period after each other."""
import secrets

import pytest
from companies import company, confirm, contact
from customer import Customer
from dnsserver import DnsServer
from mailbox import Mailbox
from signet import wait_for
from staff import Reviewer

DAY = 86_400_000
SINGLE, OV = "digicert-dv-single", "digicert-ov-single"


@pytest.fixture(scope="module")
def dns(database):
    with DnsServer({"example.com": "unsigned"}) as server:
        yield server


@pytest.fixture(scope="module")
def box(database):
    with Mailbox() as b:
        yield b


@pytest.fixture(scope="module")
def ca(database, dns, box, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor, args=box.args)


@pytest.fixture
def account(ca):
    return Customer(ca)


def name():
    return f"{secrets.token_hex(4)}.example.com"


def subscription(c, id_):
    return c.ok("GET", f"/subscriptions/{id_}")


def order(c, id_):
    return c.ok("GET", f"/orders/{id_}")


def refused(r, code, field=None, status=409):
    assert (r.status, r.code) == (status, code) and r.json["hint"], r
    assert field is None or r.json["field"] == field, r


def test_a_renewal_is_the_same_again_and_each_fault_is_told(ca, account, dns):
    cert = account.certificate(dns, name=name())
    first = cert["content"]["subscription"]
    unused = account.buy(SINGLE)["subscriptions"][0]["id"]
    buy = {"predecessor": first}
    for body, code, field, status in (
            ({}, "FIELD_MISSING", "product", 400),
            ({"predecessor": 10**9}, "NOT_FOUND", "predecessor", 404),
            ({"predecessor": unused}, "STATE_REFUSED", "predecessor", 409),
            ({**buy, "product": "geotrust-dv-single"}, "PRODUCT_UNFIT", "product", 422),
            ({**buy, "quantity": 2}, "FIELD_RANGE", "quantity", 400),
            ({**buy, "names": ["other.example.com"]}, "FIELD_FORM", "names", 400),
            ({**buy, "months": 7}, "PRODUCT_UNFIT", "months", 422)):
        refused(account.rest("POST", "/purchases", body), code, field, status)
    r = account.rest("POST", "/purchases", {**buy, "n_common": 2, "quantity": 3})
    assert {"n_common", "quantity"} <= {c["field"] for c in r.json["causes"]}, r
    key = secrets.token_hex(8)
    twice = [account.ok("POST", "/purchases", {**buy, "months": 24}, headers={"Idempotency-Key": key}) for _ in range(2)]
    assert twice[0] == twice[1] and twice[0]["subscriptions"][0]["months"] == 24
    r = account.rest("POST", "/purchases", buy)
    refused(r, "STATE_REFUSED", "predecessor")
    assert str(twice[0]["subscriptions"][0]["id"]) in r.json["detail"]
    # another account's is not there
    refused(Customer(ca).rest("POST", "/purchases", buy), "NOT_FOUND", "predecessor", 404)
    # given back, it leaves room for another one
    account.ok("POST", f"/subscriptions/{twice[0]['subscriptions'][0]['id']}:refund")
    out = ca.cli("renew", first, "--no-pay", key=account.key)
    assert "signet bills pay" in out and str(first) in out


def test_the_next_certificate_of_a_period_takes_the_data_of_the_last(ca, account, dns):
    host = name()
    cert = account.certificate(dns, name=host)
    sub = cert["content"]["subscription"]
    app = ca.cli_json("apply", "--subscription", sub, key=account.key)
    assert [n["name"] for n in app["names"]] == [host] and app["method"] == "dns" and app["key_alg"] == "EC_P256"
    assert app["contact"]["name"] == "Li Wei" and app["subscription"] == sub
    app = account.issued(app)  # proven a moment ago
    again = account.ok("POST", "/applications", {"subscription": sub, "key_alg": "EC_P384", "name": "second", "submit": True,
                                                 "contact": contact()})
    assert (again["key_alg"], again["name"]) == ("EC_P384", "second") and again["contact"]["email"] != "li@example.com"
    assert account.issued(again)["certificates"][0]["id"] != app["certificates"][0]["id"]
    assert subscription(account, sub)["paid_until"] == subscription(account, sub)["paid_until"]
    unused = account.buy(SINGLE)["subscriptions"][0]["id"]
    for body, field in (({"subscription": unused}, "names"), ({"product": SINGLE}, "names"),
                        ({"product": SINGLE, "names": [host]}, "method")):
        refused(account.rest("POST", "/applications", body), "FIELD_MISSING", field, 400)
    ca.cli("apply", "--product", SINGLE, key=account.key, code=2)


# from here on the clock moves, and the door's own certificate with it: no command line, which checks that


def test_the_renewal_of_ov_has_company_and_contact_and_asks_them_anew(ca, box, account, dns):
    begun, who, reviewer = ca.shift_ms, contact(), Reviewer(ca)
    made = company(account)
    account.buy(OV)

    def go_on(app, n):
        account.publish_dns(app, dns)
        assert account.verify(app)["application"]["state"] == "reviewing"
        confirm(ca, box, app, n)
        reviewer.ok("POST", f"/reviews/{reviewer.line_of(app)['id']}:approve", {})
        return account.issued(app)

    app = go_on(account.apply(OV, name(), contact=who), 1)
    account.ok("PATCH", f"/companies/{made['id']}", {"address": "2 Example Road"})
    company(account, name="Another Ltd.")  # the newest is not the one
    ca.clock(begun + 340 * DAY)
    sub, = account.ok("POST", "/purchases", {"predecessor": app["subscription"]})["subscriptions"]
    assert (sub["state"], sub["activates"]) == ("assigned", None)
    draft = account.ok("GET", f"/applications/{order(account, sub['id'])['application']}")
    assert draft["state"] == "draft" and draft["contact"] == who and draft["names"] == app["names"]
    assert draft["company"]["id"] == made["id"] and draft["company"]["address"] == "2 Example Road"
    go_on(account.ok("POST", f"/applications/{draft['id']}:submit", {}), 2)
    assert subscription(account, sub["id"])["state"] == "active"


def test_a_renewal_bought_early_waits_takes_over_and_is_issued(ca, dns):
    begun, account, host = ca.shift_ms, Customer(ca), name()
    cert = account.certificate(dns, name=host)
    first = cert["content"]["subscription"]
    assert order(account, first)["next_step"].startswith("Download")
    out = ca.cli_json("renew", first, key=account.key)
    sub, = out["subscriptions"]
    assert out["bill"]["predecessor"] == first and out["bill"]["names"] == []
    assert (sub["state"], sub["predecessor"], sub["months"]) == ("not_activated", first, 12)
    assert subscription(account, first)["successor"] == sub["id"]
    paid_until = subscription(account, first)["paid_until"]
    assert sub["activates"] < paid_until < sub["window_end"]
    line = order(account, sub["id"])
    assert (line["status"], line["expected"], line["application"]) == ("not_activated", sub["activates"], None)
    assert str(first) in line["next_step"] and sub["activates"] in line["next_step"]
    assert [o["id"] for o in account.ok("GET", "/orders?status=not_activated")["items"]] == [sub["id"]]
    assert [s["id"] for s in account.ok("GET", "/subscriptions?state=not_activated")["items"]] == [sub["id"]]
    shown = ca.cli("subscriptions", "show", sub["id"], key=account.key)
    assert "usable from" in shown and "not_activated" in shown
    # nobody uses it before
    r = account.rest("POST", "/applications", {"subscription": sub["id"], "names": [host], "method": "dns", "contact": contact()})
    refused(r, "STATE_REFUSED", "subscription")
    assert str(first) in r.json["detail"]
    # thirty days before the end it is there, with a draft
    ca.clock(begun + 336 * DAY)
    wait_for("its time", lambda: subscription(account, sub["id"])["state"] == "assigned", 90)
    line = order(account, sub["id"])
    assert line["status"] == "pending_application" and "submit" in line["next_step"]
    # of the one before, the certificate has ended, but not what was paid
    step = order(account, first)["next_step"]
    assert f"Certificate {cert['id']} ends" in step and f'/api/v1/applications with "subscription": {first}' in step
    notices = [n for n in account.ok("GET", "/notices?limit=200")["items"] if n["kind"] == "subscription_activated"]
    assert [n["object_id"] for n in notices] == [sub["id"]]
    app = account.ok("GET", f"/applications/{line['application']}")
    assert app["state"] == "draft" and host in [n["name"] for n in app["names"]]
    assert app["contact"] == {"name": "Li Wei", "email": "li@example.com", "phone": "+86 21 5555"}
    app = account.ok("POST", f"/applications/{app['id']}:submit", {})
    account.publish_dns(app, dns)
    account.verify(app)
    account.issued(app)
    sub = subscription(account, sub["id"])
    assert sub["state"] == "active" and sub["paid_until"] > paid_until
    ca.clock(begun + 366 * DAY)
    wait_for("its end", lambda: subscription(account, first)["state"] == "expired", 90)
    assert order(account, first)["next_step"] == f"Nothing: order {sub['id']} follows."
