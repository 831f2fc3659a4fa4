# SPDX-License-Identifier: Apache-2.0
"""What is never certified: keys whose private half is known."""
import hashlib
import pathlib
import subprocess

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from customer import Customer
from dnsserver import DnsServer
from signet import program

RFC_6979 = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
PRODUCT = "digicert-dv-single"


def request_of(key, name="www.example.com"):
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return made.public_bytes(Encoding.PEM).decode()


def id_of(key):
    return hashlib.sha256(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def application(key, **kw):
    return {"product": PRODUCT, "names": ["www.example.com"], "method": "dns", "key_source": "csr", "csr": request_of(key),
            "contact": {"name": "Li", "email": "li@example.com", "phone": "+86 21 5555 0000"}, "submit": True, **kw}


def test_a_published_key_is_refused_and_the_error_says_where_it_stands(service):
    c = Customer(service)
    c.buy(PRODUCT)
    r = c.rest("POST", "/applications", application(ec.derive_private_key(RFC_6979, ec.SECP256R1())))
    assert (r.status, r.code, r.json["field"]) == (422, "KEY_BLOCKED", "csr"), r
    assert "RFC 6979 A.2.5" in r.json["detail"] and "new key" in r.json["hint"]


def test_the_operators_list_blocks_at_the_application_and_again_at_issue(make_signet):
    known, later = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    with DnsServer({"example.com": "signed"}) as dns:
        s = make_signet(resolver=dns.address, trust_anchor=dns.trust_anchor)
        path = pathlib.Path(s.top, "blocked")  # the core's own user reads it
        path.write_text(f"# from the incident of last week\n{id_of(known)[:32]} | on a public share\n")
        s.args += ["--blocked-keys", str(path)]
        s.start()
        c = Customer(s)
        c.buy(PRODUCT)
        r = c.rest("POST", "/applications", application(known))
        assert r.code == "KEY_BLOCKED" and "the operator's list" in r.json["detail"], r
        app = c.ok("POST", "/applications", application(later))
        # it becomes known while the applicant publishes the proof
        path.write_text(path.read_text() + id_of(later) + "\n")
        s.restart()
        assert s.events("core.blocked_keys")
        c.publish_dns(app, dns)
        c.verify(app)
        app = c.ok("GET", f"/applications/{app['id']}")
        assert app["state"] == "failed" and app["failure"]["code"] == "KEY_BLOCKED" and app["failure"]["hint"], app
        assert not app["certificates"]


def test_a_list_with_a_wrong_line_does_not_start(tmp_path):
    path = tmp_path / "blocked"
    path.write_text("0" * 32 + "\nnonsense\n")
    r = subprocess.run([program("signetd"), "--data", str(tmp_path / "data"), "--blocked-keys", str(path),
                        "--insecure-no-sandbox"], capture_output=True, text=True, timeout=60)
    assert r.returncode != 0 and "line 2 of the list of blocked keys" in r.stderr, r
