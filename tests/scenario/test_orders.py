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


# -- the orders page


def orders(who, query=""):
    return who.ok("GET", f"/orders?limit=200{query}")["items"]


def order(who, app):
    return who.ok("GET", f"/orders/{app['subscription']}")


def test_an_order_shows_status_next_step_expected_time_failure_and_refund_deadline(ca, dns):
    c, reviewer = Customer(ca), Reviewer(ca)
    bill = c.buy(PRODUCT)["bill"]
    quota = orders(c)[0]
    assert (quota["status"], quota["application"], quota["name"], quota["bill"]) == ("quota", None, None, bill["id"])
    assert f'"subscription": {quota["id"]}' in quota["next_step"] and quota["bill_state"] == "paid"
    assert quota["refundable_until"] and quota["expected"] is None
    app = c.apply(PRODUCT, name("paypal"))
    seen = order(c, app)
    assert (seen["status"], seen["application"], seen["name"]) == ("validating", app["id"], app["names"][0]["name"])
    # a look may have gone by since
    assert seen["expected"] >= app["next_check"] and seen["deadline"] == app["deadline"] and "verify" in seen["next_step"]
    assert seen["refundable_until"] is None  # it was submitted
    c.publish_dns(app, dns)
    c.verify(app)
    seen = order(c, app)
    assert seen["status"] == "verifying" and seen["next_step"].startswith("Wait") and seen["expected"] > app["created"]
    id_ = reviewer.line_of(app)["id"]
    reviewer.ok("POST", f"/reviews/{id_}:ask", {"text": "Whose is it?"})
    seen = order(c, app)
    assert seen["next_step"].startswith("Answer the reviewer") and seen["expected"] is None
    reviewer.ok("POST", f"/reviews/{id_}:reject", {"reason": "other", "text": "No."})
    seen = order(c, app)
    assert seen["status"] == "failed" and seen["failure"]["code"] == "REJECTED_OTHER" and seen["failure"]["hint"]
    c.ok("DELETE", f"/applications/{app['id']}")
    assert order(c, app)["status"] == "quota"
    app = c.apply(PRODUCT, name())
    c.publish_dns(app, dns)
    c.verify(app)
    c.issued(app)
    seen = order(c, app)
    assert seen["status"] == "issued" and seen["certificate"] and f"certificates/{seen['certificate']}/" in seen["next_step"]
    assert seen["refundable_until"] and seen["paid_until"]
    assert Customer(ca).rest("GET", f"/orders/{seen['id']}").code == "NOT_FOUND"


def test_orders_are_filtered_by_status_product_name_and_time_and_searched(ca):
    c = Customer(ca)
    hosts = [name("a"), name("b"), name("ab")]
    apps = [ordered(c, h) for h in hosts]
    c.buy("digicert-dv-wildcard", quantity=2)
    c.ok("POST", f"/subscriptions/{apps[0]['subscription']}:close", {})
    everything = [o["id"] for o in orders(c)]
    assert everything == sorted(everything, reverse=True) and len(everything) == 5
    subs = [a["subscription"] for a in apps]
    made = {o["id"]: o for o in orders(c)}

    def ids(query):
        return [o["id"] for o in orders(c, query)]
    assert ids("&status=closed") == [subs[0]] and ids("&status=validating") == [subs[2], subs[1]]
    assert ids("&product=digicert-dv-wildcard") == ids("&status=quota") == everything[:2]
    assert ids("&product=digicert-dv-wildcard&status=validating") == []
    assert ids(f"&product={PRODUCT}&status=closed") == [subs[0]]
    assert ids(f"&name={hosts[1]}") == [subs[1]] and ids(f"&name={hosts[1][:-1]}") == []
    assert ids(f"&search={hosts[2][:4]}") == [subs[2]] and ids("&search=a") == [subs[2], subs[0]]
    assert ids("&search=a&status=closed") == [subs[0]] and ids("&search=zz") == []
    assert ids(f"&search={made[subs[1]]['instance_id']}") == [subs[1]]
    at = made[subs[1]]["created"]
    assert set(ids(f"&since={at}")) == {o for o in made if made[o]["created"] >= at} >= {subs[1], subs[2]}
    assert set(ids(f"&until={at}")) == {o for o in made if made[o]["created"] <= at} >= {subs[0], subs[1]}
    assert ids("&since=2090-01-01T00:00:00Z") == [] and ids("&until=1990-01-01T00:00:00Z") == []
    assert Customer(ca).ok("GET", f"/orders?name={hosts[1]}")["items"] == []
    # pages
    out, cursor = [], None
    while True:
        page = c.ok("GET", "/orders?limit=2" + (f"&cursor={cursor}" if cursor else ""))
        out, cursor = out + [o["id"] for o in page["items"]], page["next_cursor"]
        if not page["more"]:
            break
    assert out == everything
    r = c.rest("GET", "/orders?product=nonsense")
    assert r.code == "PRODUCT_UNFIT" and r.json["field"] == "product"
    for query, field in [("since=yesterday", "since"), ("until=2030", "until"), ("status=odd", "status"), ("search=", "search")]:
        r = c.rest("GET", f"/orders?{query}")
        assert r.status == 400 and r.json["field"] == field, r
    assert str(subs[1]) in ca.cli("orders", "list", "--search", "b", key=c.key)
    assert "validating" in ca.cli("orders", "show", subs[1], key=c.key)
