# SPDX-License-Identifier: Apache-2.0
"""Purchases with names, bills, the statement, allowances and signed payments, over the doors that people use."""
import hashlib
import hmac
import json
import time

import pytest
from customer import Customer


@pytest.fixture(scope="module")
def customer(service):
    return Customer(service)


def callback(s, secret, body, at=None, mac=None):
    """What a payment service sends."""
    data = json.dumps(body).encode()
    at = str(int(time.time() if at is None else at))
    mac = mac or hmac.new(secret.encode(), at.encode() + b"." + data, hashlib.sha256).hexdigest()
    return s.rest("POST", "/api/v1/payment-callbacks", body=data, key=None,
                  headers={"Signet-Timestamp": at, "Signet-Signature": mac, "Content-Type": "application/json"})


def test_a_signed_payment_tops_up_once_however_often_it_comes(service, customer):
    before = customer.ok("GET", "/me")["account"]["balance"]
    body = {"reference": "pay-1-" + customer.name, "account": customer.account, "amount": 12345}
    secret = service.ok("POST", "/api/v1/payment-secrets", {})["secret"]
    first, again = callback(service, secret, body), callback(service, secret, body)
    assert (first.status, first.json["replayed"]) == (200, False)
    assert (again.status, again.json["replayed"]) == (200, True) and again.json["id"] == first.json["id"]
    assert customer.ok("GET", "/me")["account"]["balance"] == before + 12345
    r = callback(service, secret, {**body, "amount": 54321})
    assert (r.status, r.code) == (409, "PAYMENT_USED") and r.json["hint"]
    for refused in (callback(service, "x" * 40, body), callback(service, secret, body, at=time.time() - 3600),
                    callback(service, secret, body, mac="00"), callback(service, secret, body, at=5),
                    service.rest("POST", "/api/v1/payment-callbacks", body, key=None)):
        assert (refused.status, refused.code) == (403, "PAYMENT_REFUSED"), refused
        assert refused.json["hint"] and refused.json["field"].startswith("Signet-")
    new = service.cli_json("payments", "set-secret")["secret"]
    assert callback(service, secret, body).code == "PAYMENT_REFUSED" and callback(service, new, body).status == 200
    entry = customer.ok("GET", "/ledger")["items"][0]
    assert entry["note"] == "payment " + body["reference"] and entry["by_user"] is None
    log = service.log()
    assert secret not in log and new not in log


def test_the_statement_shows_the_balance_after_each_entry(service, customer):
    customer.buy("geotrust-dv-single")
    items = customer.ok("GET", "/ledger?limit=200")["items"]
    total = 0
    for entry in reversed(items):
        total += entry["amount"]
        assert entry["balance"] == total
    assert items[0]["kind"] == "charge" and customer.ok("GET", "/me")["account"]["balance"] == total
    assert service.ok("GET", f"/api/v1/ledger?account={customer.account}&limit=200")["items"] == items
    other = Customer(service)
    r = other.rest("GET", f"/ledger?account={customer.account}")
    assert (r.status, r.code, r.json["field"]) == (403, "FORBIDDEN", "account")


def test_a_bill_may_wait_be_paid_or_be_cancelled(service):
    c = Customer(service, money=0)
    r = c.rest("POST", "/purchases", {"product": "geotrust-dv-single"})
    assert (r.status, r.code) == (402, "BALANCE_LOW") and "waits for payment" in r.json["detail"]
    waiting = c.ok("GET", "/bills")["items"][0]
    assert waiting["state"] == "unpaid" and c.ok("GET", "/subscriptions")["items"] == []
    assert c.rest("POST", f"/bills/{waiting['id']}:pay", {}).code == "BALANCE_LOW"
    service.ok("POST", f"/api/v1/accounts/{c.account}:top_up", {"amount": waiting["amount"]})
    assert c.ok("POST", f"/bills/{waiting['id']}:pay", {})["state"] == "paid"
    assert len(c.ok("GET", "/subscriptions")["items"]) == 1 and c.ok("GET", "/me")["account"]["balance"] == 0
    second = c.buy("geotrust-dv-single", pay=False)["bill"]
    assert c.ok("POST", f"/bills/{second['id']}:cancel", {})["state"] == "cancelled"
    for act in ("pay", "cancel"):
        assert c.rest("POST", f"/bills/{second['id']}:{act}", {}).code == "STATE_REFUSED"


def test_a_purchase_with_names_is_a_draft_at_once_and_quota_is_no_certificate(service, customer):
    quota = customer.buy("geotrust-dv-single")["subscriptions"][0]
    bought = customer.buy("geotrust-dv-single", names=[" WWW.Example.com. "])
    assert bought["bill"]["names"] == ["www.example.com"] and bought["subscriptions"][0]["state"] == "assigned"
    app = next(a for a in customer.ok("GET", "/applications")["items"]
               if a["subscription"] == bought["subscriptions"][0]["id"])
    assert app["state"] == "draft"
    r = customer.rest("POST", f"/applications/{app['id']}:submit", {})
    assert (r.status, r.code) == (422, "CONTACT_MISSING")
    customer.ok("PATCH", f"/applications/{app['id']}", {"contact": {"name": "Li", "email": "li@example.com", "phone": "+1 555 0100"}})
    assert customer.ok("POST", f"/applications/{app['id']}:submit", {})["state"] == "validating"
    assert quota["state"] == "unassigned" and customer.ok("GET", "/certificates")["items"] == []
    r = customer.rest("POST", "/purchases", {"product": "geotrust-dv-single", "names": ["www.example.com"], "quantity": 2})
    assert (r.status, r.code, r.json["field"]) == (400, "FIELD_RANGE", "quantity")
    r = customer.rest("POST", "/purchases", {"product": "geotrust-dv-single", "names": ["a.example.com", "b.example.com"]})
    assert (r.status, r.code) == (422, "NAME_COUNT") or r.code == "PRODUCT_UNFIT", r


def test_an_allowance_is_shown_and_used_before_money(service, customer):
    service.ok("POST", f"/api/v1/accounts/{customer.account}:allow",
               {"product": "geotrust-dv-wildcard", "names_max": 1, "certificates": 2, "months": 6})
    customer.buy("geotrust-dv-wildcard", quantity=2)
    shown = customer.ok("GET", "/allowances")["items"][0]
    assert (shown["certificates"], shown["used"], shown["months"]) == (2, 2, 6) and shown["period_end"] > shown["period_start"]
    r = customer.rest("POST", "/purchases", {"product": "geotrust-dv-wildcard"})
    assert (r.status, r.code) == (409, "QUOTA_NONE") and "0 certificates left" in r.json["detail"]
    assert "2" in service.cli("allowances", "list", "--account", customer.account)
    r = service.rest("POST", f"/api/v1/accounts/{customer.account}:allow",
                     {"product": "geotrust-dv-wildcard", "names_max": 1, "certificates": 1})
    assert (r.status, r.code, r.json["field"]) == (400, "FIELD_RANGE", "certificates")
    assert customer.rest("GET", "/allowances?account=1").code == "FORBIDDEN"
