# SPDX-License-Identifier: Apache-2.0
"""Subscriptions that are given back: on request while unused, by revocation in time (SPEC 3.9);
and what is merged is not (SPEC 3.7)."""
import pytest
from customer import Customer
from dnsserver import DnsServer

WHERE = "_dnsauth.example.com"
SINGLE, PRICE = "digicert-dv-single", 150000


@pytest.fixture(scope="module")
def dns(database):
    with DnsServer({"example.com": "unsigned"}) as server:
        yield server


@pytest.fixture(scope="module")
def ca(database, dns, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor)


@pytest.fixture
def account(ca, dns):
    yield Customer(ca)
    dns.remove(WHERE)


def balance(c):
    return c.ok("GET", "/me")["account"]["balance"]


def subscription(c, id_):
    return c.ok("GET", f"/subscriptions/{id_}")


def refused(r, code, status=409):
    assert (r.status, r.code) == (status, code) and r.json["hint"], r


def test_an_unused_subscription_is_given_back_and_a_repeated_request_gives_back_once(ca, account):
    first, second = account.buy(SINGLE, quantity=2)["subscriptions"]
    had = balance(account)
    assert first["refundable_until"] > first["created"]
    for _ in range(2):
        back = account.ok("POST", f"/subscriptions/{first['id']}:refund", headers={"Idempotency-Key": "back-1"})
        assert (back["state"], back["refundable_until"]) == ("refunded", None)
        assert balance(account) == had + PRICE
    refused(account.rest("POST", f"/subscriptions/{first['id']}:refund"), "STATE_REFUSED")
    assert account.ok("GET", f"/bills/{first['bill']}")["state"] == "partly_refunded"
    entry = account.ok("GET", "/ledger")["items"][0]
    assert (entry["kind"], entry["amount"], entry["bill"]) == ("refund", PRICE, first["bill"])
    # support gives back for the account, whose audit shows it
    path = f"/api/v1/accounts/{account.account}:refund"
    for _ in range(2):
        back = ca.ok("POST", path, {"subscription": second["id"]}, headers={"Idempotency-Key": "back-2"})
        assert (back["id"], back["state"]) == (second["id"], "refunded")
    assert balance(account) == had + 2 * PRICE
    moves = [row["detail"] for row in account.ok("GET", "/audit")["items"] if row["act"] == "subscription.move"]
    assert sum("refunded" in str(m) for m in moves) == 2
    refused(ca.rest("POST", path, {"subscription": 10**9}), "NOT_FOUND", 404)


def test_what_was_submitted_is_not_given_back_on_request(ca, account):
    kept, gone = (s["id"] for s in account.buy(SINGLE, quantity=2)["subscriptions"])
    app = account.apply(None, "used.example.com", subscription=kept)
    assert app["refundable_until"] is None
    refused(account.rest("POST", f"/subscriptions/{kept}:refund"), "REFUND_USED")
    draft = account.apply(None, "draft.example.com", subscription=gone, submit=False)
    assert draft["refundable_until"] == subscription(account, gone)["refundable_until"]
    assert "refunded" in ca.cli("subscriptions", "refund", gone, key=account.key)
    assert account.ok("GET", f"/applications/{draft['id']}")["state"] == "closed"
    refused(account.rest("POST", f"/applications/{draft['id']}:submit", {}), "STATE_REFUSED")
    r = account.rest("POST", "/applications", {
        "subscription": gone, "names": ["draft.example.com"], "method": "dns", "key_alg": "EC_P256",
        "contact": {"name": "Li Wei", "email": "li@example.com", "phone": "+86 21 5555"}})
    refused(r, "STATE_REFUSED")


def test_support_gives_back_what_is_not_replaced_after_all(ca, account, dns):
    cert = account.certificate(dns, name="replace.example.com")
    had = balance(account)
    account.ok("POST", f"/certificates/{cert['id']}:revoke", {"reason": "superseded", "replace": True})
    assert subscription(account, cert["content"]["subscription"])["state"] == "active" and balance(account) == had
    out = ca.cli_json("subscriptions", "refund", cert["content"]["subscription"], "--account", account.account)
    assert out["state"] == "refunded" and balance(account) == had + PRICE


def professional(c):
    """A common name and a wildcard of one brand and period, not used yet."""
    return [c.buy("cfca-ov-single-pro")["subscriptions"][0]["id"],
            c.buy("cfca-ov-wildcard-pro", n_wildcard=1)["subscriptions"][0]["id"]]


def test_two_subscriptions_merge_into_a_hybrid_once_and_for_good(ca):
    c = Customer(ca)
    ids = professional(c)
    body = {"subscriptions": ids[::-1], "names": ["www.example.com", "*.shop.example.com"]}
    for _ in range(2):
        hybrid = c.ok("POST", "/merges", body, headers={"Idempotency-Key": "merge-1"})
        assert (hybrid["id"], hybrid["state"], hybrid["merged"]) == (ids[0], "assigned", 2)
        assert (hybrid["n_common"], hybrid["n_wildcard"], hybrid["refundable_until"]) == (1, 1, None)
    assert c.ok("GET", f"/orders/{ids[0]}")["refundable_until"] is None
    other = subscription(c, ids[1])
    assert (other["state"], other["merged_into"]) == ("merged", ids[0])
    draft, = c.ok("GET", "/applications?state=draft")["items"]
    names = c.ok("GET", f"/applications/{draft['id']}")["names"]
    assert [n["name"] for n in names][:2] == body["names"]
    refused(c.rest("POST", "/merges", {"subscriptions": ids}), "SEVERAL_FAULTS", 400)
    for id_ in ids:
        refused(c.rest("POST", f"/subscriptions/{id_}:refund"), "REFUND_MERGED")
    refused(ca.rest("POST", f"/api/v1/subscriptions/{ids[1]}:reopen", {"account": c.account, "reason": "x"}), "STATE_REFUSED")
    geotrust = c.buy("geotrust-ov-wildcard-pro", n_wildcard=1)["subscriptions"][0]["id"]
    common = professional(c)[0]
    refused(c.rest("POST", "/merges", {"subscriptions": [common, geotrust]}), "MERGE_UNFIT")


def test_support_merges_for_an_account_as_its_ticket_asks(ca):
    c = Customer(ca)
    ids, more = professional(c), professional(c)
    path = f"/api/v1/accounts/{c.account}:merge"
    for _ in range(2):
        hybrid = ca.ok("POST", path, {"subscriptions": ids}, headers={"Idempotency-Key": "merge-2"})
        assert (hybrid["id"], hybrid["state"], hybrid["merged"]) == (ids[0], "unassigned", 2)
    assert any(row["act"] == "subscription.merge" for row in c.ok("GET", "/audit")["items"])
    out = ca.cli_json("subscriptions", "merge", *more, "--names", "www.example.com,*.a.example.com", "--account", c.account)
    assert (out["id"], out["state"]) == (more[0], "assigned")
    last = professional(c)
    assert ca.cli_json("subscriptions", "merge", *last, key=c.key)["merged"] == 2


def test_the_price_comes_back_by_revocation_on_day_29_and_30_and_not_on_day_31(ca, account, dns):
    certs = [account.certificate(dns, name=f"day{i}.example.com") for i in range(3)]
    unused = account.buy(SINGLE)["subscriptions"][0]["id"]
    had = balance(account)
    seconds = [29 * 86400, 30 * 86400 - 120, 31 * 86400]
    begun = ca.shift_ms
    for cert, after in zip(certs, seconds):
        ca.clock(begun + after * 1000)
        account.ok("POST", f"/certificates/{cert['id']}:revoke", {"reason": "superseded"})
    states = [subscription(account, c["content"]["subscription"])["state"] for c in certs]
    assert states == ["refunded", "refunded", "active"]
    assert balance(account) == had + 2 * PRICE
    refused(account.rest("POST", f"/subscriptions/{unused}:refund"), "REFUND_LATE")
    refused(ca.rest("POST", f"/api/v1/accounts/{account.account}:refund", {"subscription": unused}), "REFUND_LATE")
