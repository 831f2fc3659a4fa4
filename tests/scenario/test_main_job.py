# SPDX-License-Identifier: Apache-2.0
"""The main job, on real parts: from an order to a certificate that nginx serves, and back to revoked."""
import subprocess
import time

import pytest
from customer import Customer
from dnsserver import DnsServer
from relying import Nginx, ocsp, verify_with_crl
from signet import wait_for

FAMILY = {"RSA": "rsa", "EC": "ecdsa"}
KEYS = ["RSA_2048", "RSA_3072", "RSA_4096", "EC_P256", "EC_P384"]
DIFFERENT_CRL_SCOPE, REVOKED = 44, 23


@pytest.fixture(scope="module")
def dns(database):
    with DnsServer({"example.com": "signed"}) as server:
        yield server


@pytest.fixture(scope="module")
def ca(database, dns, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request), fresh=True, resolver=dns.address, trust_anchor=dns.trust_anchor,
                     env={"SIGNET_TEST_SHARDS": "3"})


@pytest.fixture(scope="module")
def customer(ca):
    return Customer(ca)


def family_of(alg):
    return FAMILY[alg.split("_")[0]]


def root_of(ca, family):
    return ca.ca()[family + "-root-1"]


def pem_of(customer, cert):
    return customer.ok("GET", f"/certificates/{cert['id']}/pem").decode()


@pytest.mark.parametrize("alg", KEYS)
def test_from_an_order_to_a_served_certificate_and_back_to_revoked(ca, customer, dns, tmp_path, alg):
    family, root = family_of(alg), root_of(ca, family_of(alg))
    cert = customer.certificate(dns, key_alg=alg)
    content = cert["content"]
    assert content["key_alg"] == alg and content["has_key"]
    assert [n["name"] for n in content["names"]] == ["www.example.com", "example.com"]
    package = customer.ok("GET", f"/certificates/{cert['id']}/package?format=nginx")
    pem = pem_of(customer, cert)
    with Nginx(tmp_path, package) as nginx:
        assert nginx.judged(root) == 0
        assert nginx.judged(root, "-crl_check", "-crl_download") == 0
        assert ": good" in ocsp(ca, family, pem, tmp_path)
        customer.ok("POST", f"/certificates/{cert['id']}:revoke", {"reason": "superseded"})
        done = time.monotonic()
        while nginx.judged(root, "-crl_check", "-crl_download") != REVOKED:
            assert time.monotonic() < done + 3, "the CRL does not tell within three times the promised second"
        said = ocsp(ca, family, pem, tmp_path)
        assert ": revoked" in said and "Reason: superseded" in said and "Revocation Time:" in said
        assert time.monotonic() < done + 6
    shown = customer.ok("GET", f"/certificates/{cert['id']}")
    assert shown["status"] == "revoked" and shown["content_closed"] and shown["content"] is None
    assert shown["revoked"] and shown["reason"] == "superseded"
    assert customer.rest("GET", f"/certificates/{cert['id']}/package?format=nginx").code == "CONTENT_CLOSED"
    assert customer.rest("DELETE", f"/certificates/{cert['id']}").status == 204
    assert customer.rest("GET", f"/certificates/{cert['id']}").status == 404
    # the status outlives the row's content
    assert ": revoked" in ocsp(ca, family, pem, tmp_path)


@pytest.mark.parametrize("alg", ["rsa:2048", "ec"])
def test_with_the_applicants_own_key_the_package_has_none_and_nginx_serves_with_it(ca, customer, dns, tmp_path, alg):
    key, csr = str(tmp_path / "own.key"), str(tmp_path / "own.csr")
    curve = ["-pkeyopt", "ec_paramgen_curve:P-256"] if alg == "ec" else []
    subprocess.run(["openssl", "req", "-new", "-newkey", alg, *curve, "-nodes", "-keyout", key, "-out", csr, "-subj",
                    "/CN=www.example.com"], check=True, capture_output=True)
    with open(csr) as f:
        cert = customer.certificate(dns, csr=f.read(), key_source="csr")
    assert not cert["content"]["has_key"]
    package = customer.ok("GET", f"/certificates/{cert['id']}/package?format=nginx")
    with open(key, "rb") as f:
        own = f.read()
    (tmp_path / "www").mkdir()
    with pytest.raises(StopIteration):  # no key file
        Nginx(tmp_path / "www", package)
    with Nginx(tmp_path / "www", package, key=own) as nginx:
        assert nginx.judged(root_of(ca, "ecdsa" if alg == "ec" else "rsa"), "-crl_check", "-crl_download") == 0
    r = customer.rest("GET", f"/certificates/{cert['id']}/package?format=tomcat")
    assert r.code == "KEY_NONE" and r.json["hint"]
    # a request serves one order only
    customer.buy("digicert-dv-single")
    with open(csr) as f:
        r = customer.rest("POST", "/applications", {
            "product": "digicert-dv-single", "names": ["www.example.com"], "method": "dns", "key_source": "csr",
            "csr": f.read(), "contact": {"name": "Li", "email": "li@example.com", "phone": "+1 555 0100"}})
    assert r.code == "CSR_USED", r


def test_a_crl_of_another_shard_is_refused(ca, customer, dns, tmp_path):
    cert = customer.certificate(dns)
    own = cert["crl_url"].rsplit("/", 1)[1]
    others = [f"{n}.crl" for n in range(3) if f"{n}.crl" != own]
    assert len(others) == 2, own
    pem, root = pem_of(customer, cert), root_of(ca, "ecdsa")

    def judged(name):
        return verify_with_crl(tmp_path, root, pem, ca.plain("GET", f"/crl/ecdsa-1/{name}").body)
    assert judged(own) == 0
    assert [judged(n) for n in others] == [DIFFERENT_CRL_SCOPE] * 2
    customer.ok("POST", f"/certificates/{cert['id']}:revoke", {"reason": "superseded"})
    wait_for("the own shard to tell it", lambda: judged(own) == REVOKED, 1)
    # nor does another shard's list, which is silent about the certificate, acquit it
    assert [judged(n) for n in others] == [DIFFERENT_CRL_SCOPE] * 2


def test_money_quota_and_counters_follow_the_way(ca, dns):
    c = Customer(ca, money=1_000_000)
    before = c.ok("GET", f"/accounts/{c.account}")["balance"]
    bill = c.buy("digicert-dv-single")["bill"]
    assert bill["state"] == "paid" and bill["amount"] > 0
    assert c.ok("GET", f"/accounts/{c.account}")["balance"] == before - bill["amount"]
    assert c.ok("GET", "/overview")["quota"] == 1
    app = c.apply("digicert-dv-single", "www.example.com")
    assert c.ok("GET", "/overview")["pending_application"] == 1
    c.publish_dns(app, dns)
    c.verify(app)
    cert = c.issued(app)["certificates"][0]["id"]
    o = c.ok("GET", "/overview")
    assert (o["quota"], o["pending_application"], o["issued"], o["total"]) == (0, 0, 1, 1)
    c.ok("POST", f"/certificates/{cert}:revoke", {"reason": "unspecified"})
    # revoked within 30 days: the full price comes back
    assert c.ok("GET", f"/accounts/{c.account}")["balance"] == before
    assert c.ok("GET", f"/bills/{bill['id']}")["state"] == "refunded"
    o = c.ok("GET", "/overview")
    assert (o["quota"], o["issued"], o["total"]) == (0, 0, 1)
    c.ok("DELETE", f"/certificates/{cert}")
    assert c.ok("GET", "/overview")["total"] == 0


def test_who_revokes_to_replace_keeps_the_subscription(ca, dns):
    c = Customer(ca)
    sub = c.buy("digicert-dv-single")["subscriptions"][0]["id"]
    app = c.apply(None, "www.example.com", subscription=sub)
    c.publish_dns(app, dns)
    c.verify(app)
    cert = c.issued(app)["certificates"][0]["id"]
    balance = c.ok("GET", f"/accounts/{c.account}")["balance"]
    c.ok("POST", f"/certificates/{cert}:revoke", {"reason": "superseded", "replace": True})
    assert c.ok("GET", f"/accounts/{c.account}")["balance"] == balance
    assert c.ok("GET", f"/subscriptions/{sub}")["state"] == "active"
    again = c.apply(None, "www.example.com", subscription=sub)
    c.publish_dns(again, dns)
    c.verify(again)
    assert c.issued(again)["certificates"][0]["id"] != cert
