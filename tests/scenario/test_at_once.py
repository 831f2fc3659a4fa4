# SPDX-License-Identifier: Apache-2.0
"""Two acts at once, of which one takes what the other lets go: one of them wins, or both, and the rows agree."""
import threading

import invariants
import pytest
from conftest import database_url, serve
from cryptography import x509
from customer import Customer
from pki import Cert


@pytest.fixture(scope="module")
def ca(database, request):
    yield from serve(database_url(database, request),
                     args=["--scan-allow", "127.0.0.0/8", "--validation-allow", "127.0.0.0/8"])


@pytest.fixture(scope="module")
def issuer():
    return Cert("Some Issuer", Cert("Some Root", ca=True, days=3650), ca=True, days=1000)


def at_once(s, *calls):
    """What each returned. The first of them to commit takes its time, so that the other one does not see it yet."""
    out, gate = [None] * len(calls), threading.Barrier(len(calls))

    def run(i):
        gate.wait()
        out[i] = calls[i]()
    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(calls))]
    s.inject("db.commit", "sleep:150")
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    s.disarm()
    return out


class Requested:
    """The public key of a signing request, as Cert takes it."""

    def __init__(self, pem):
        self.key = x509.load_pem_x509_csr(pem.encode()).public_key()

    def public_key(self):
        return self.key


def request_with_certificates(c, issuer, n):
    csr = c.ok("POST", "/csrs", {"names": ["one.example.com"], "key_alg": "EC_P256"})
    key = Requested(csr["pem"])
    certs = [c.ok("POST", "/certificates", {"certificate": Cert("one.example.com", issuer, key=key).pem, "csr": csr["id"]})
             for _ in range(n)]
    return f"/csrs/{csr['id']}", [f"/certificates/{x['id']}" for x in certs]


def test_the_key_of_two_certificates_goes_with_the_last_of_them(ca, issuer):
    c = Customer(ca, money=0)
    for _ in range(4):
        request, (one, two) = request_with_certificates(c, issuer, 2)
        c.ok("DELETE", request)
        gone = at_once(ca, lambda: c.rest("DELETE", one), lambda: c.rest("DELETE", two))
        assert [r.status for r in gone] == [204, 204]
        invariants.check_rows(ca)
        assert not invariants.query(ca, f"SELECT alg FROM subscriber_key WHERE account = {c.account}")


def test_the_key_of_a_request_and_its_certificate_goes_with_the_last_of_them(ca, issuer):
    c = Customer(ca, money=0)
    for _ in range(4):
        request, (one,) = request_with_certificates(c, issuer, 1)
        gone = at_once(ca, lambda: c.rest("DELETE", one), lambda: c.rest("DELETE", request))
        assert [r.status for r in gone] == [204, 204]
        invariants.check_rows(ca)
        assert not invariants.query(ca, f"SELECT alg FROM subscriber_key WHERE account = {c.account}")


def test_a_server_is_removed_or_watched(ca):
    c = Customer(ca)
    for i in range(4):
        m = c.ok("POST", "/monitors", {"target": f"127.0.70.{i + 1}:1", "interval": 86400})
        c.ok("DELETE", f"/monitors/{m['id']}")
        gone, made = at_once(ca, lambda: c.rest("DELETE", f"/hosts/{m['host']}"),
                             lambda: c.rest("POST", "/monitors", {"host": m["host"], "interval": 86400}))
        assert (gone.status, made.status) in [(204, 404), (409, 201)], (gone, made)
        invariants.check_rows(ca)


def test_a_zone_is_removed_or_belongs_to_a_domain(ca):
    c = Customer(ca)
    for i in range(4):
        zone = c.ok("POST", "/zones", {"name": f"z{i}.example", "servers": ["127.0.0.1"], "key_name": "k",
                                       "key_alg": "hmac-sha256", "secret": "c2VjcmV0IHNlY3JldCBzZWNyZXQ="})
        gone, made = at_once(ca, lambda: c.rest("DELETE", f"/zones/{zone['id']}"), lambda: c.rest(
            "POST", "/domains", {"name": f"z{i}.example", "holder": "Holder Ltd", "expires": "2045-01-31T00:00:00Z",
                                 "zone": zone["id"]}))
        assert (gone.status, made.status) in [(204, 404), (409, 201)], (gone, made)
        invariants.check_rows(ca)
