# SPDX-License-Identifier: Apache-2.0
"""Stored signing requests: made here with their key, brought along without; certificates from both."""
import io
import secrets
import zipfile

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from customer import Customer
from dnsserver import DnsServer


@pytest.fixture(scope="module")
def dns():
    with DnsServer({"example.com": "unsigned"}) as server:
        yield server


@pytest.fixture(scope="module")
def ca(database, dns, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor)


@pytest.fixture(scope="module")
def customer(ca):
    return Customer(ca)


def request_of(key, cn, *names):
    b = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, cn)]))
    if names:
        b = b.add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), critical=False)
    return b.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def fresh():
    return f"n{secrets.token_hex(4)}.example.com"


def public(key):
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def package(customer, certificate):
    r = customer.rest("GET", f"/certificates/{certificate}/package?format=nginx")
    assert r.status == 200, r
    z = zipfile.ZipFile(io.BytesIO(r.body))
    return {n.rsplit(".", 1)[1]: z.read(n) for n in z.namelist()}


def issue(customer, dns, name, **kw):
    customer.buy("digicert-dv-single")
    app = customer.apply("digicert-dv-single", name, **kw)
    customer.publish_dns(app, dns)
    customer.verify(app)
    return customer.issued(app)


def apply_with(customer, name, csr, **kw):
    customer.buy("digicert-dv-single")
    return customer.rest("POST", "/applications", {
        "product": "digicert-dv-single", "names": [name], "method": "dns", "csr_id": csr,
        "contact": {"name": "Li Wei", "email": "li@example.com", "phone": "+86 21 5555"}, **kw})


def test_a_certificate_from_a_request_made_here_comes_with_its_key(ca, customer, dns):
    name = fresh()
    made = customer.rest("POST", "/csrs", {"names": [name], "key_alg": "EC_P384"})
    assert made.status == 201 and made.headers["location"] == f"/api/v1/csrs/{made.json['id']}", made
    csr = x509.load_pem_x509_csr(made.json["pem"].encode())
    assert csr.is_signature_valid and csr.public_key().curve.name == "secp384r1" and made.json["key_held"]
    app = issue(customer, dns, name, csr_id=made.json["id"], key_alg="EC_P384")
    assert (app["key_source"], app["csr_id"], app["key_alg"]) == ("stored", made.json["id"], "EC_P384")
    files = package(customer, app["certificates"][0]["id"])
    key = serialization.load_pem_private_key(files["key"], None)
    leaf = x509.load_pem_x509_certificate(files["pem"])
    assert public(key.public_key()) == public(leaf.public_key()) == public(csr.public_key())
    shown = customer.rest("GET", f"/csrs/{made.json['id']}")
    assert shown.json["applications"] == [{"application": app["id"], "state": "issued"}]
    for r in (made, shown, customer.rest("GET", "/csrs"), customer.rest("GET", "/audit")):
        assert b"PRIVATE" not in r.body
    # the certificate keeps the key that its request leaves behind
    assert customer.rest("DELETE", f"/csrs/{made.json['id']}").status == 204
    assert serialization.load_pem_private_key(package(customer, app["certificates"][0]["id"])["key"], None)


def test_a_certificate_from_a_request_brought_along_comes_without_a_key(customer, dns):
    name = fresh()
    key = rsa.generate_private_key(65537, 2048)
    stored = customer.ok("POST", "/csrs:upload", {"csr": request_of(key, name, name), "name": "from the web server"})
    assert not stored["key_held"] and stored["key_alg"] == "RSA_2048" and stored["names"] == [name]
    app = issue(customer, dns, name, csr_id=stored["id"], key_alg="RSA_2048")
    files = package(customer, app["certificates"][0]["id"])
    assert "key" not in files
    assert public(x509.load_pem_x509_certificate(files["pem"]).public_key()) == public(key.public_key())


def test_each_refusal_names_its_field(ca, customer):
    def fault(r):
        return r.json["field"], r.code
    name = fresh()
    key = ec.generate_private_key(ec.SECP256R1())
    pem = request_of(key, name)
    stored = customer.ok("POST", "/csrs:upload", {"csr": pem})
    r = customer.rest("POST", "/csrs:upload", {"csr": pem})
    assert fault(r) == ("csr", "CSR_STORED") and str(stored["id"]) in r.json["detail"]
    assert fault(customer.rest("POST", "/csrs:upload", {"csr": "x"})) == ("csr", "CSR_UNREADABLE")
    weak = request_of(rsa.generate_private_key(65537, 1024), name)
    assert fault(customer.rest("POST", "/csrs:upload", {"csr": weak})) == ("csr", "KEY_WEAK")
    bent = pem.replace(pem.splitlines()[1][8:12], "AAAA")
    assert customer.rest("POST", "/csrs:upload", {"csr": bent}).code in ("CSR_UNREADABLE", "CSR_SIGNATURE", "KEY_UNREADABLE")
    assert fault(customer.rest("POST", "/csrs", {"names": ["a_b.example.com"]})) == ("names[0]", "NAME_SYNTAX")
    assert fault(customer.rest("POST", "/csrs", {"names": ["8.8.8.8"]})) == ("names[0]", "NAME_IP")
    r = apply_with(customer, name, stored["id"], key_alg="SM2")
    assert ("key_alg", "KEY_ALGORITHM") in {(f["field"], f["code"]) for f in [r.json, *r.json["causes"]]}
    assert fault(apply_with(customer, fresh(), stored["id"])) == ("csr", "CSR_NAMES")
    assert fault(apply_with(customer, name, 2**53 - 1)) == ("csr_id", "NOT_FOUND")
    assert fault(apply_with(Customer(ca), name, stored["id"])) == ("csr_id", "NOT_FOUND")
    app = apply_with(customer, name, stored["id"]).json
    r = customer.rest("DELETE", f"/csrs/{stored['id']}")
    assert r.code == "STATE_REFUSED" and str(app["id"]) in r.json["detail"]
    assert apply_with(customer, name, stored["id"]).code == "CSR_USED"
    other = Customer(ca)
    theirs = other.ok("POST", "/csrs:upload", {"csr": pem})
    assert apply_with(other, name, theirs["id"]).code == "CSR_USED"
    customer.ok("DELETE", f"/applications/{app['id']}")
    assert customer.rest("DELETE", f"/csrs/{stored['id']}").status == 204
    assert customer.rest("GET", f"/csrs/{stored['id']}").code == "NOT_FOUND"


def test_a_failed_application_may_take_another_key(customer):
    name = fresh()
    first, second = (customer.ok("POST", "/csrs", {"names": [name]})["id"] for _ in range(2))
    app = apply_with(customer, name, first).json
    changed = customer.ok("PATCH", f"/applications/{app['id']}", {"csr_id": second})
    assert changed["csr_id"] == second
    changed = customer.ok("PATCH", f"/applications/{app['id']}", {"key_source": "generate", "key_alg": "EC_P256"})
    assert changed["csr_id"] is None and changed["key_source"] == "generate"


def test_the_same_key_makes_one_request(customer):
    headers = {"Idempotency-Key": secrets.token_hex(8)}
    body = {"names": [fresh()]}
    a, b = (customer.rest("POST", "/csrs", body, headers=headers).json["id"] for _ in range(2))
    assert a == b


def test_the_command_line_makes_lists_shows_and_deletes(ca, customer, tmp_path):
    name = fresh()
    made = ca.cli_json("csrs", "create", name, "--key", "RSA_2048", key=customer.key)
    out = ca.cli("csrs", "show", made["id"], key=customer.key)
    assert "BEGIN CERTIFICATE REQUEST" in out and name in out
    assert name in ca.cli("csrs", "list", key=customer.key)
    path = tmp_path / "my.csr"
    path.write_text(request_of(ec.generate_private_key(ec.SECP256R1()), name))
    assert "mine" in ca.cli("csrs", "upload", path, "--name", "mine", key=customer.key)
    customer.buy("digicert-dv-single")
    out = ca.cli("apply", name, "--product", "digicert-dv-single", "--stored-csr", made["id"], "--draft", "--contact-name", "Li",
                 "--contact-email", "li@example.com", "--contact-phone", "+86 21 5555", key=customer.key)
    ca.cli("csrs", "delete", made["id"], key=customer.key, code=5)
    assert out
