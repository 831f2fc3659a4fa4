# SPDX-License-Identifier: Apache-2.0
"""What the world says of uploaded certificates: lists, OCSP answers and issuers, fetched where the certificates say."""
import datetime
import secrets
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID as AIA
from customer import Customer
from pki import Cert
from webserver import WebServer

DER = serialization.Encoding.DER


@pytest.fixture(scope="module")
def ca(database, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request), args=["--fetch-allow", "127.0.0.0/8"])


@pytest.fixture(scope="module")
def account(ca):
    return Customer(ca)


@pytest.fixture(scope="module")
def web():
    with WebServer() as w:
        yield w


@pytest.fixture(scope="module")
def issuer():
    root = Cert("Status Root", ca=True, days=3650)
    return Cert("Status Issuer", root, ca=True, days=1000)


def points(web, *, crl=None, ocsp_=None, issuers=None):
    at = f"http://127.0.0.1:{web.port}"
    aia = [x509.AccessDescription(kind, x509.UniformResourceIdentifier(at + path))
           for kind, path in ((AIA.OCSP, ocsp_), (AIA.CA_ISSUERS, issuers)) if path]
    out = [x509.AuthorityInformationAccess(aia)] if aia else []
    if crl:
        out.append(x509.CRLDistributionPoints([x509.DistributionPoint([x509.UniformResourceIdentifier(at + crl)], None, None, None)]))
    return out


def fresh():
    return f"s{secrets.token_hex(4)}.example.com"


def der_crl(issuer, *revoked):
    return x509.load_pem_x509_crl(issuer.crl_pem(*revoked).encode()).public_bytes(DER)


def answer(c, issuer, status, signer=None):
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None, microsecond=0)
    revoked = status == ocsp.OCSPCertStatus.REVOKED
    by = signer or issuer
    b = ocsp.OCSPResponseBuilder().add_response(
        cert=c.x, issuer=issuer.x, algorithm=hashes.SHA1(), cert_status=status, this_update=now - datetime.timedelta(hours=1),
        next_update=now + datetime.timedelta(days=1), revocation_time=now - datetime.timedelta(days=1) if revoked else None,
        revocation_reason=x509.ReasonFlags.key_compromise if revoked else None)
    return b.responder_id(ocsp.OCSPResponderEncoding.HASH, by.x).sign(by.key, hashes.SHA256()).public_bytes(DER)


def check(account, c, issuer=None, **kw):
    r = account.ok("POST", "/certificates:check", {"certificate": c.pem, **({"chain": issuer.pem} if issuer else {}), **kw})
    return {f["code"]: f for f in r["findings"]}, r


def test_a_list_tells_what_is_revoked(account, web, issuer):
    path = "/" + secrets.token_hex(4) + ".crl"
    good, bad = (Cert(fresh(), issuer, extra=points(web, crl=path)) for _ in range(2))
    web.routes[path] = (200, {"Content-Type": "application/pkix-crl"}, der_crl(issuer, bad))
    found, _ = check(account, bad, issuer)
    assert found["revoked"]["severity"] == "warning" and found["revoked"]["certificate"] == 0
    assert check(account, bad, issuer, purpose="deploy")[0]["revoked"]["severity"] == "error"
    found, _ = check(account, good, issuer)
    assert "revoked" not in found
    r = account.rest("POST", "/certificates", {"certificate": bad.pem, "chain": issuer.pem, "key": bad.key_pem()})
    assert r.status == 201 and "revoked" in {f["code"] for f in r.json["findings"]}


def test_an_ocsp_answer_tells_it_and_a_list_stands_in_when_there_is_none(account, web, issuer):
    tag = "/" + secrets.token_hex(4)
    c = Cert(fresh(), issuer, extra=points(web, crl=tag + ".crl", ocsp_=tag + "/ocsp"))
    web.routes[tag + "/ocsp"] = (200, {"Content-Type": "application/ocsp-response"}, answer(c, issuer, ocsp.OCSPCertStatus.REVOKED))
    assert "revoked" in check(account, c, issuer)[0]
    asked = [r for r in web.requests if r.path == tag + "/ocsp"]
    assert asked[0].method == "POST" and ocsp.load_der_ocsp_request(asked[0].body).serial_number == c.x.serial_number
    assert not [r for r in web.requests if r.path == tag + ".crl"]
    web.routes[tag + "/ocsp"] = (200, {}, answer(c, issuer, ocsp.OCSPCertStatus.GOOD))
    assert "revoked" not in check(account, c, issuer)[0]
    web.routes[tag + "/ocsp"] = (500, {}, b"")
    web.routes[tag + ".crl"] = (200, {}, der_crl(issuer, c))
    assert "revoked" in check(account, c, issuer)[0]


@pytest.mark.parametrize("what", ["no address", "nobody there", "not signed by the issuer", "of another certificate", "garbage"])
def test_what_is_no_answer_leaves_the_status_unknown(account, web, issuer, what):
    tag = "/" + secrets.token_hex(4)
    c = Cert(fresh(), issuer, extra=points(web, ocsp_=tag) if what != "no address" else ())
    body = {"not signed by the issuer": lambda: answer(c, issuer, ocsp.OCSPCertStatus.REVOKED, Cert("Someone", ca=True)),
            "of another certificate": lambda: answer(Cert(fresh(), issuer), issuer, ocsp.OCSPCertStatus.REVOKED),
            "garbage": lambda: b"\x30\x82garbage"}.get(what)
    if body:
        web.routes[tag] = (200, {}, body())
    found, _ = check(account, c, issuer)
    assert found["status_unknown"]["severity"] == "warning" and "revoked" not in found


def test_missing_issuers_are_fetched_by_the_operators_leave_alone(ca, account, web):
    root = Cert("Far Root", ca=True)
    tag = "/" + secrets.token_hex(4)
    middle = Cert("Far Middle", root, ca=True, extra=points(web, issuers=tag + "/root"))
    low = Cert("Far Low", middle, ca=True, extra=points(web, issuers=tag + "/middle"))
    web.routes[tag + "/middle"] = (200, {}, middle.x.public_bytes(DER))
    web.routes[tag + "/low"] = (200, {}, pkcs7.serialize_certificates([low.x], DER))
    web.routes[tag + "/root"] = (200, {}, root.x.public_bytes(DER))
    c = Cert(fresh(), low, extra=points(web, issuers=tag + "/low"))
    found, r = check(account, c)
    assert "chain_incomplete" in found and not [x for x in web.requests if x.path.startswith(tag)]
    ca.ok("POST", "/api/v1/policies", {"name": "foreign-issuers", "value": "1"})
    try:
        found, r = check(account, c)
        assert [x["subject"] for x in r["chain"]][1:3] == ["CN=Far Low", "CN=Far Middle"]
        assert "chain_completed" in found and "chain_incomplete" not in found and "untrusted" in found
        web.routes[tag + "/low"] = (200, {}, b"x" * 100000)  # over the cap
        assert "chain_incomplete" in check(account, c)[0]
    finally:
        ca.ok("POST", "/api/v1/policies:unset", {"name": "foreign-issuers"})


def test_an_address_that_is_not_public_is_not_asked_and_a_slow_one_not_waited_for(make_signet, web, issuer):
    s = make_signet().start()
    account = Customer(s)
    tag = "/" + secrets.token_hex(4)
    c = Cert(fresh(), issuer, extra=points(web, crl=tag))
    web.routes[tag] = (200, {}, der_crl(issuer, c))
    found, _ = check(account, c, issuer)
    assert "status_unknown" in found and not [x for x in web.requests if x.path == tag]


def test_a_slow_answer_ends_the_wait_not_the_check(account, web, issuer):
    tag = "/" + secrets.token_hex(4)
    c = Cert(fresh(), issuer, extra=points(web, crl=tag, ocsp_=tag))
    web.routes[tag] = (200, {}, lambda write: [write(b"x"), time.sleep(20)])
    start = time.monotonic()
    found, _ = check(account, c, issuer)
    assert "status_unknown" in found and time.monotonic() - start < 12
