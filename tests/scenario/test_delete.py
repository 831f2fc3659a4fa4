# SPDX-License-Identifier: Apache-2.0
"""Deleting certificates (SPEC 3.9): which, and what stays."""
import secrets

import invariants
import pytest
from customer import Customer
from dnsserver import DnsServer
from relying import ocsp

SINGLE, SM2 = "digicert-dv-single", "cfca-dv-single"


@pytest.fixture(scope="module")
def dns(database):
    with DnsServer({"example.com": "unsigned"}) as server:
        yield server


@pytest.fixture(scope="module")
def ca(database, dns, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor)


@pytest.fixture
def account(ca):
    return Customer(ca)


def name():
    return f"{secrets.token_hex(4)}.example.com"


def refused(r, code, *words):
    assert (r.status, r.code) == (409, code) and r.json["hint"] and all(w in r.json["detail"] for w in words), r


def gone(c, id_):
    for door in ("", "/pem", "/package?format=nginx"):
        r = c.rest("GET", f"/certificates/{id_}{door}")
        assert (r.status, r.code) == (404, "NOT_FOUND"), r
    assert c.rest("DELETE", f"/certificates/{id_}").code == "NOT_FOUND"
    assert id_ not in [x["id"] for x in c.ok("GET", "/certificates?limit=200")["items"]]


def test_a_valid_certificate_is_revoked_before_it_is_deleted_and_its_revocation_stays(ca, account, dns, tmp_path):
    host = name()
    cert = account.certificate(dns, name=host)
    id_, sub = cert["id"], cert["content"]["subscription"]
    pem = account.ok("GET", f"/certificates/{id_}/pem").decode()
    for confirmed in ("", "?confirmed=true"):
        refused(account.rest("DELETE", f"/certificates/{id_}{confirmed}"), "DELETE_VALID", cert["content"]["not_after"][:19])
    account.ok("POST", f"/certificates/{id_}:revoke", {"reason": "superseded", "replace": True})
    order = account.ok("GET", f"/orders/{sub}")
    assert order["certificate"] == id_ and "revoked" in order["next_step"] and "Download" not in order["next_step"]
    app = account.ok("GET", f"/applications/{cert['content']['application']}")
    assert "revoked" in app["next_step"]
    key = {"Idempotency-Key": secrets.token_hex(8)}
    for _ in range(2):
        assert account.rest("DELETE", f"/certificates/{id_}", headers=key).status == 204
    gone(account, id_)
    assert account.ok("GET", f"/certificates?name={host}")["items"] == []
    # what stays: revoked for everybody who asks, the application's words, what was done by whom
    assert int(cert["serial"], 16) in invariants.crl_serials(ca, "ecdsa-1")
    said = ocsp(ca, "ecdsa", pem, tmp_path)
    assert ": revoked" in said and "superseded" in said
    app = account.ok("GET", f"/applications/{app['id']}")
    assert [n["name"] for n in app["names"]] == [host] and app["certificates"] == [] and "deleted" in app["next_step"]
    assert [x["certificate"] for x in account.ok("GET", "/applications")["items"] if x["id"] == app["id"]] == [None]
    acts = [(a["act"], a["object_id"]) for a in account.ok("GET", "/audit?limit=200")["items"]]
    assert acts.count(("certificate.delete", id_)) == 1 and ("certificate.revoke", id_) in acts
    overview = account.ok("GET", "/overview")
    assert (overview["total"], overview["issued"], overview["revoked"]) == (0, 0, 0)
    # the subscription is what it was, and the name is free
    order = account.ok("GET", f"/orders/{sub}")
    assert order["certificate"] is None and "another" in order["next_step"] and order["status"] == "issued"
    again = account.issued(account.ok("POST", "/applications", {"subscription": sub, "submit": True}))
    assert account.ok("GET", f"/orders/{sub}")["certificate"] == again["certificates"][0]["id"]
    invariants.check(ca)


def test_both_halves_of_a_pair_are_deleted_together(ca, account, dns):
    cert = account.certificate(dns, SM2, name(), key_alg="SM2")
    account.ok("POST", f"/certificates/{cert['id']}:revoke", {"reason": "superseded"})
    halves = account.ok("GET", f"/applications/{cert['content']['application']}")["certificates"]

    def keys():
        return invariants.query(ca, f"SELECT id FROM subscriber_key WHERE account = {account.account}")
    assert len(halves) == len(keys()) == 2
    account.ok("DELETE", f"/certificates/{halves[0]['id']}")
    for half in halves:
        gone(account, half["id"])
    assert keys() == []
    assert account.ok("GET", f"/applications/{cert['content']['application']}")["certificates"] == []
    invariants.check(ca)


def test_nobody_deletes_anothers(ca, account, dns):
    cert = account.certificate(dns, name=name())["id"]
    r = Customer(ca).rest("DELETE", f"/certificates/{cert}")
    assert (r.status, r.code) == (404, "NOT_FOUND")


def test_an_expired_certificate_is_deleted_as_it_is(ca, account, dns):
    cert = account.certificate(dns, name=name())
    assert "DELETE_VALID" not in ca.cli("certificates", "delete", cert["id"], key=account.key, code=5)
    ca.advance(days=200)
    assert account.ok("GET", f"/certificates/{cert['id']}")["status"] == "expired"
    assert account.ok("GET", "/overview")["expired"] == 1
    account.ok("DELETE", f"/certificates/{cert['id']}")
    gone(account, cert["id"])
    assert account.ok("GET", "/overview")["expired"] == 0
    assert int(cert["serial"], 16) not in invariants.crl_serials(ca, "ecdsa-1")
