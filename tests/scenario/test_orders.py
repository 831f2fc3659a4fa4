# SPDX-License-Identifier: Apache-2.0
"""Orders as a whole: closed by mistake and opened again, sent back for correction."""
import secrets

import pytest
from customer import Customer
from dnsserver import DnsServer
from signet import wait_for
from staff import Reviewer

PRODUCT = "digicert-dv-single"


@pytest.fixture(scope="module")
def dns(database):
    with DnsServer({"example.com": "signed"}) as server:
        yield server


@pytest.fixture(scope="module")
def ca(database, dns, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor)


@pytest.fixture(scope="module")
def customer(ca):
    return Customer(ca)


@pytest.fixture(scope="module")
def support(ca):
    return Reviewer(ca, "support")


def name(label="www"):
    return f"{label}.{secrets.token_hex(4)}.example.com"


def ordered(customer, host=None, **kw):
    """A submitted application."""
    customer.buy(PRODUCT)
    return customer.apply(PRODUCT, host or name(), **kw)


def test_an_order_closed_by_mistake_is_opened_again_and_issued(customer, support, dns):
    app = ordered(customer)
    customer.publish_dns(app, dns)
    sub = customer.ok("POST", f"/subscriptions/{app['subscription']}:close", {})
    assert sub["state"] == "closed"
    closed = customer.ok("GET", f"/applications/{app['id']}")
    assert closed["state"] == "closed" and "staff can open it again" in closed["next_step"]
    assert customer.rest("POST", f"/applications/{app['id']}:verify", {}).code == "STATE_REFUSED"
    assert customer.rest("POST", f"/applications/{app['id']}:submit", {}).code == "STATE_REFUSED"
    # the customer himself does not open it again
    body = {"account": customer.account, "reason": "closed by mistake"}
    assert customer.rest("POST", f"/subscriptions/{sub['id']}:reopen", body).code == "FORBIDDEN"
    key = secrets.token_hex(8)
    again = [support.ok("POST", f"/subscriptions/{sub['id']}:reopen", body, headers={"Idempotency-Key": key}) for _ in range(2)]
    assert [s["state"] for s in again] == ["assigned", "assigned"]
    app = customer.ok("GET", f"/applications/{app['id']}")
    assert app["state"] == "validating"
    customer.publish_dns(app, dns)  # the value of before is dead
    customer.verify(app)
    customer.issued(app)
    acts = [a for a in support.ok("GET", "/audit?limit=200")["items"] if a["object_id"] == sub["id"]]
    assert [a["detail"] for a in acts if a["act"] == "subscription.reopen"] == [{"reason": "closed by mistake"}]
    moves = [a for a in customer.ok("GET", "/audit?limit=200")["items"]
             if a["act"] == "subscription.move" and a["object_id"] == sub["id"]]
    assert {"from": "closed", "to": "assigned"} in [a["detail"] for a in moves]


def test_what_was_proven_before_the_close_still_counts(customer, support, dns):
    host = name()
    first = ordered(customer, host)
    customer.publish_dns(first, dns)
    customer.verify(first)
    customer.issued(first)
    app = ordered(customer, host)  # proven already: on its way to issue by itself, or held there
    app = customer.issued(app)
    r = customer.rest("POST", f"/subscriptions/{app['subscription']}:close", {})
    assert r.code == "STATE_REFUSED" and "active" in r.json["detail"] and "revoked" in r.json["hint"]


def test_a_review_ends_with_its_order_and_begins_anew(ca, customer, support, dns):
    reviewer = Reviewer(ca)
    app = ordered(customer, name("paypal"))
    customer.publish_dns(app, dns)
    assert customer.verify(app)["application"]["state"] == "reviewing"
    line = reviewer.line_of(app)
    customer.ok("POST", f"/subscriptions/{app['subscription']}:close", {})
    assert reviewer.ok("GET", f"/reviews/{line['id']}")["state"] == "withdrawn"
    support.ok("POST", f"/subscriptions/{app['subscription']}:reopen", {"account": customer.account})
    wait_for("the queue", lambda: reviewer.line_of(app))  # its proof stood
    reviewer.ok("POST", f"/reviews/{reviewer.line_of(app)['id']}:approve", {})
    customer.issued(app)


def test_staff_send_an_application_back_and_the_applicant_reads_why(customer, support, dns):
    app = ordered(customer)
    why = "The phone number is another company's."
    body = {"account": customer.account, "reason": why}
    assert customer.rest("POST", f"/applications/{app['id']}:correct", body).code == "FORBIDDEN"
    sent = support.ok("POST", f"/applications/{app['id']}:correct", body)
    assert sent["state"] == "draft" and not any(z["publish"] for z in sent["authorizations"])
    app = customer.ok("GET", f"/applications/{app['id']}")
    assert app["state"] == "draft" and app["next_step"].startswith("Read `failure`")
    assert (app["failure"]["code"], app["failure"]["message"]) == ("CORRECTION_WANTED", why)
    assert "submit again" in app["failure"]["hint"]
    r = support.rest("POST", f"/applications/{app['id']}:correct", body)
    assert r.code == "STATE_REFUSED" and "draft" in r.json["detail"]
    customer.ok("PATCH", f"/applications/{app['id']}", {"contact": {"name": "Li Wei", "email": "li@example.com", "phone": "+86 10 1"}})
    app = customer.ok("POST", f"/applications/{app['id']}:submit", {})
    assert app["failure"] is None
    customer.publish_dns(app, dns)
    customer.verify(app)
    customer.issued(app)
    r = support.rest("POST", f"/applications/{app['id']}:correct", body)
    assert r.code == "STATE_REFUSED" and "new application" in r.json["hint"]


def test_orders_are_reached_in_their_own_account_only(customer, support):
    app = ordered(customer)
    stranger = Customer(customer.s)
    assert stranger.rest("POST", f"/subscriptions/{app['subscription']}:close", {}).code == "NOT_FOUND"
    other = {"account": stranger.account, "reason": "x"}
    assert support.rest("POST", f"/applications/{app['id']}:correct", other).code == "NOT_FOUND"
    assert support.rest("POST", f"/subscriptions/{app['subscription']}:reopen", other).code == "NOT_FOUND"
    r = support.rest("POST", f"/subscriptions/{app['subscription']}:reopen", {"account": customer.account})
    assert r.code == "STATE_REFUSED" and "assigned" in r.json["detail"]
    assert customer.ok("GET", f"/subscriptions/{app['subscription']}")["state"] == "assigned"


def test_the_command_line_closes_opens_again_and_sends_back(ca, customer, support):
    app = ordered(customer)
    id_, account = app["subscription"], ("--account", str(customer.account))
    assert "closed" in ca.cli("subscriptions", "close", id_, key=customer.key)
    ca.cli("subscriptions", "reopen", id_, key=support.key, code=2)
    assert "assigned" in ca.cli("subscriptions", "reopen", id_, *account, "--reason", "mistake", key=support.key)
    out = ca.cli("applications", "correct", app["id"], "another phone", *account, key=support.key)
    assert "to correct     another phone" in out
    assert ca.cli_json("applications", "show", app["id"], key=customer.key)["state"] == "draft"
