# SPDX-License-Identifier: Apache-2.0
"""Two acts at once, of which one takes what the other lets go: one of them wins, or both, and the rows agree."""
import threading

import invariants
import pytest
from conftest import database_url, serve
from cryptography import x509
from customer import Customer
from pki import Cert
from signet import wait_for


@pytest.fixture(scope="module")
def ca(database, request):
    yield from serve(database_url(database, request),
                     args=["--scan-allow", "127.0.0.0/8", "--validation-allow", "127.0.0.0/8",
                           "--webhook-allow", "127.0.0.0/8"])


@pytest.fixture(scope="module")
def issuer():
    return Cert("Some Issuer", Cert("Some Root", ca=True, days=3650), ca=True, days=1000)


def at_once(s, n, *calls):
    """What each returned. One of them, in turn, begins and takes its time to commit; the other does not see it yet."""
    out, first = [None] * 2, n % 2

    def run(i):
        out[i] = calls[i]()
    threads = [threading.Thread(target=run, args=(i,)) for i in (first, 1 - first)]
    s.inject("db.commit", "sleep:250")
    threads[0].start()
    wait_for("the first to commit", lambda: not s.armed("db.commit"))
    threads[1].start()
    for t in threads:
        t.join()
    return out


class Requested:
    """The public key of a signing request, as Cert takes it."""

    def __init__(self, pem):
        self.key = x509.load_pem_x509_csr(pem.encode()).public_key()

    def public_key(self):
        return self.key


def request(c):
    """A stored signing request; its number, and a certificate for it."""
    csr = c.ok("POST", "/csrs", {"names": ["one.example.com"], "key_alg": "EC_P256"})
    return csr["id"], lambda issuer: {"csr": csr["id"], "certificate": Cert(
        "one.example.com", issuer, key=Requested(csr["pem"])).pem}


def test_the_key_of_two_certificates_goes_with_the_last_of_them(ca, issuer):
    c = Customer(ca, money=0)
    for n in range(4):
        csr, fields = request(c)
        one, two = (c.ok("POST", "/certificates", fields(issuer))["id"] for _ in range(2))
        c.ok("DELETE", f"/csrs/{csr}")
        gone = at_once(ca, n, lambda: c.rest("DELETE", f"/certificates/{one}"),
                       lambda: c.rest("DELETE", f"/certificates/{two}"))
        assert [r.status for r in gone] == [204, 204]
        invariants.check_rows(ca)
        assert not invariants.query(ca, f"SELECT alg FROM subscriber_key WHERE account = {c.account}")


def test_the_key_of_a_request_and_its_certificate_goes_with_the_last_of_them(ca, issuer):
    c = Customer(ca, money=0)
    for n in range(4):
        csr, fields = request(c)
        one = c.ok("POST", "/certificates", fields(issuer))["id"]
        gone = at_once(ca, n, lambda: c.rest("DELETE", f"/certificates/{one}"), lambda: c.rest("DELETE", f"/csrs/{csr}"))
        assert [r.status for r in gone] == [204, 204]
        invariants.check_rows(ca)
        assert not invariants.query(ca, f"SELECT alg FROM subscriber_key WHERE account = {c.account}")


def test_a_key_that_a_deleted_request_lets_go_stays_for_the_upload_beside_it(ca, issuer):
    c = Customer(ca, money=0)
    for n in range(4):
        csr, fields = request(c)
        body = fields(issuer)
        gone, up = at_once(ca, n, lambda: c.rest("DELETE", f"/csrs/{csr}"), lambda: c.rest("POST", "/certificates", body))
        assert gone.status == 204 and (up.status == 201 or up.code in ("NOT_FOUND", "CHECK_FAILED")), (gone, up)
        invariants.check_rows(ca)


def test_an_issuer_that_one_deletion_lets_go_stays_for_the_upload_beside_it(ca, issuer):
    c = Customer(ca, money=0)

    def fields():
        leaf = Cert("one.example.com", issuer)
        return {"certificate": leaf.pem, "key": leaf.key_pem(), "chain": issuer.pem}
    stands = c.ok("POST", "/certificates", fields())["id"]
    for n in range(4):
        body = fields()
        gone, up = at_once(ca, n, lambda: c.rest("DELETE", f"/certificates/{stands}"),
                           lambda: c.rest("POST", "/certificates", body))
        assert (gone.status, up.status) == (204, 201), (gone, up)
        stands = up.json["id"]
        assert [x["subject"] for x in c.ok("GET", f"/certificates/{stands}")["content"]["chain"]] == ["CN=Some Issuer"]
        invariants.check_rows(ca)


def test_a_server_is_removed_or_watched(ca):
    c = Customer(ca)
    for n in range(4):
        m = c.ok("POST", "/monitors", {"target": f"127.0.70.{n + 1}:1", "interval": 86400})
        c.ok("DELETE", f"/monitors/{m['id']}")
        gone, made = at_once(ca, n, lambda: c.rest("DELETE", f"/hosts/{m['host']}"),
                             lambda: c.rest("POST", "/monitors", {"host": m["host"], "interval": 86400}))
        assert (gone.status, made.status) in [(204, 404), (409, 201)], (gone, made)
        invariants.check_rows(ca)


def test_a_zone_is_removed_or_belongs_to_a_domain(ca):
    c = Customer(ca)
    for n in range(4):
        zone = c.ok("POST", "/zones", {"name": f"z{n}.example", "servers": ["127.0.0.1"], "key_name": "k",
                                       "key_alg": "hmac-sha256", "secret": "c2VjcmV0IHNlY3JldCBzZWNyZXQ="})
        gone, made = at_once(ca, n, lambda: c.rest("DELETE", f"/zones/{zone['id']}"), lambda: c.rest(
            "POST", "/domains", {"name": f"z{n}.example", "holder": "Holder Ltd", "expires": "2045-01-31T00:00:00Z",
                                 "zone": zone["id"]}))
        assert (gone.status, made.status) in [(204, 404), (409, 201)], (gone, made)
        invariants.check_rows(ca)


def test_what_was_queued_while_its_webhook_was_removed_does_not_stay(ca):
    c = Customer(ca)
    subscriptions = c.buy("digicert-dv-single", quantity=4)["subscriptions"]
    for n, sub in enumerate(subscriptions):
        hook = c.ok("POST", "/webhooks", {"type": "slack", "name": "ops", "url": "http://127.0.0.1:1/x"})
        gone, back = at_once(ca, n, lambda: c.rest("DELETE", f"/webhooks/{hook['id']}"),
                             lambda: c.rest("POST", f"/subscriptions/{sub['id']}:refund", {}))
        assert (gone.status, back.status) == (204, 200), (gone, back)
        wait_for("the messages to go", lambda: not invariants.query(
            ca, f"SELECT id FROM webhook_delivery WHERE webhook = {hook['id']}"))
        invariants.check_rows(ca)
