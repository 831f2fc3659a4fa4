# SPDX-License-Identifier: Apache-2.0
"""The main job, on real parts: from an order to a certificate that nginx serves, and back to revoked."""
import io
import os
import shutil
import subprocess
import time
import zipfile

import pytest
from customer import Customer
from dnsserver import DnsServer
from signet import free_port, wait_for

RSA_AND_EC = [("RSA_2048", "rsa"), ("EC_P256", "ecdsa"), ("EC_P384", "ecdsa")]


@pytest.fixture(scope="module")
def dns():
    with DnsServer({"example.com": "signed"}) as server:
        yield server


@pytest.fixture(scope="module")
def ca(database, dns, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor)


@pytest.fixture(scope="module")
def customer(ca):
    return Customer(ca)


class Nginx:
    """Debian's nginx with a downloaded package."""

    def __init__(self, folder, package):
        self.port, self.dir = free_port(), str(folder)
        with zipfile.ZipFile(io.BytesIO(package)) as z:
            names = z.namelist()
            z.extractall(self.dir)
        pem = next(n for n in names if n.endswith(".pem"))
        key = next(n for n in names if n.endswith(".key"))
        self.pem = os.path.join(self.dir, pem)
        conf = os.path.join(self.dir, "nginx.conf")
        with open(conf, "w") as f:
            f.write(f"""daemon off; pid {self.dir}/pid; error_log {self.dir}/error.log; master_process off;
events {{ }}
http {{ access_log off; server {{ listen 127.0.0.1:{self.port} ssl;
ssl_certificate {self.pem}; ssl_certificate_key {self.dir}/{key}; return 200 hello; }} }}
""")
        self.proc = subprocess.Popen([shutil.which("nginx", path="/usr/sbin:/usr/bin"), "-c", conf, "-p", self.dir],
                                     stdin=subprocess.DEVNULL)

    def __enter__(self):
        wait_for("nginx", lambda: b"BEGIN" in self.s_client().encode() or None)
        return self

    def __exit__(self, *_):
        self.proc.terminate()
        self.proc.wait(10)

    def s_client(self, *args):
        r = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{self.port}", "-servername",
                            "www.example.com", *args], input="", capture_output=True, text=True, timeout=20)
        return r.stdout + r.stderr


def root_of(ca, family):
    return ca.ca()[family + "-root-1"]


def check_code(nginx, root, *args):
    out = nginx.s_client("-CAfile", root, "-verify_return_error", "-verify_hostname", "www.example.com", *args)
    line = next(ln for ln in out.splitlines() if "erify return code:" in ln or "verify error:num=" in ln)
    return int("".join(c for c in line.split("num=" if "num=" in line else "code:")[1].split(":")[0].split("(")[0]
                       if c.isdigit()))


def ocsp(ca, family, certificate_pem, folder):
    issuer = ca.ca()[family + "-1"]
    leaf = os.path.join(str(folder), "leaf.pem")
    with open(leaf, "w") as f:
        f.write(certificate_pem)
    bundle = os.path.join(str(folder), "bundle.pem")
    with open(bundle, "w") as f:
        for p in (issuer, root_of(ca, family)):
            f.write(open(p).read())
    r = subprocess.run(["openssl", "ocsp", "-issuer", issuer, "-cert", leaf, "-url",
                        f"{ca.status_url}/ocsp/{family}-1", "-CAfile", bundle, "-timeout", "10"],
                       capture_output=True, text=True, timeout=20)
    assert "Response verify OK" in r.stderr, r.stdout + r.stderr
    return r.stdout


@pytest.mark.parametrize("alg,family", RSA_AND_EC)
def test_from_an_order_to_a_served_certificate_and_back_to_revoked(ca, customer, dns, tmp_path, alg, family):
    cert = customer.certificate(dns, key_alg=alg)
    content = cert["content"]
    assert content["key_alg"] == alg and "www.example.com" in str(content["names"])
    package = customer.ok("GET", f"/certificates/{cert['id']}/package?format=nginx")
    root = root_of(ca, family)
    with Nginx(tmp_path, package) as nginx:
        assert check_code(nginx, root) == 0
        assert check_code(nginx, root, "-crl_check", "-crl_download") == 0
        pem = customer.ok("GET", f"/certificates/{cert['id']}/pem").decode()
        assert ": good" in ocsp(ca, family, pem, tmp_path)
        customer.ok("POST", f"/certificates/{cert['id']}:revoke", {"reason": "superseded"})
        done = time.monotonic()
        while check_code(nginx, root, "-crl_check", "-crl_download") != 23:
            assert time.monotonic() < done + 1, "the CRL does not tell within one second"
        said = ocsp(ca, family, pem, tmp_path)
        assert ": revoked" in said and "Reason: superseded" in said and "Revocation Time:" in said
    shown = customer.ok("GET", f"/certificates/{cert['id']}")
    assert shown["status"] == "revoked" and shown["content_closed"] and shown["content"] is None
    assert customer.rest("GET", f"/certificates/{cert['id']}/package?format=nginx").code == "CONTENT_CLOSED"
    assert customer.rest("DELETE", f"/certificates/{cert['id']}").status == 204
    assert customer.rest("GET", f"/certificates/{cert['id']}").status == 404


def test_a_crl_of_another_shard_is_refused(ca, customer, dns, tmp_path):
    cert = customer.certificate(dns)
    folder = str(tmp_path)
    pem = os.path.join(folder, "leaf.pem")
    with open(pem, "w") as f:
        f.write(customer.ok("GET", f"/certificates/{cert['id']}/pem").decode())
    crl = os.path.join(folder, "other.pem")
    der = ca.plain("GET", "/crl/rsa-1/0.crl").body
    other = subprocess.run(["openssl", "crl", "-inform", "DER"], input=der, capture_output=True, check=True).stdout
    own = subprocess.run(["openssl", "crl", "-inform", "DER"], input=ca.plain("GET", "/crl/ecdsa-1/0.crl").body,
                         capture_output=True, check=True).stdout

    def verify(crls):
        with open(crl, "wb") as f:
            f.write(crls)
        r = subprocess.run(["openssl", "verify", "-CAfile", root_of(ca, "ecdsa"), "-untrusted", pem, "-crl_check",
                            "-CRLfile", crl, pem], capture_output=True, text=True)
        return r.stdout + r.stderr
    assert "OK" in verify(own)
    assert "error" in verify(other)


def test_money_quota_and_counters_follow_the_way(ca, dns):
    c = Customer(ca, money=1_000_000)
    before = c.ok("GET", f"/accounts/{c.account}")["balance"]
    bill = c.buy("digicert-dv-single")
    assert c.ok("GET", f"/accounts/{c.account}")["balance"] < before
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
    assert bill


def test_without_the_record_nothing_is_issued_and_the_user_is_told(ca, dns):
    c = Customer(ca)
    c.buy("digicert-dv-single")
    app = c.apply("digicert-dv-single", "missing.example.com")
    seen = c.verify(app)
    assert c.ok("GET", f"/applications/{app['id']}")["state"] == "validating"
    name = seen["names"][0]
    assert not name["proven"] and name["code"] == "DNS_NO_RECORD" and name["hint"]
    where = app["authorizations"][0]["publish"]["where"]
    dns.add(where, "TXT", "something else")
    assert c.verify(app)["names"][0]["code"] == "DNS_WRONG_VALUE"


CAA = [
    ("ours", ['0 issue "127.0.0.1"'], None),
    ("another's", ['0 issue "other.example"'], "CAA_FORBIDS"),
    ("nobody", ['0 issue ";"'], "CAA_FORBIDS"),
    ("critical", ['128 tbs "unknown"'], "CAA_FORBIDS"),
    ("iodef only", ['0 iodef "mailto:x@example.com"'], None),
]


@pytest.mark.parametrize("what,records,code", CAA, ids=[c[0] for c in CAA])
def test_caa_decides_at_issue_time(ca, customer, dns, what, records, code):
    name = f"caa{CAA.index((what, records, code))}.example.com"
    dns.add(name, "CAA", *records)
    customer.buy("digicert-dv-single")
    app = customer.apply("digicert-dv-single", name)
    customer.publish_dns(app, dns)
    customer.verify(app)
    if not code:
        customer.issued(app)
        return
    now = customer.ok("GET", f"/applications/{app['id']}")
    assert now["state"] == "failed" and code in str(now) and now["certificates"] == []


def test_the_kth_forbidden_name_stops_the_whole_application(ca, customer, dns):
    dns.add("kth.example.com", "CAA", '0 issue ";"')
    customer.buy("digicert-dv-multi", n_common=3)
    app = customer.apply("digicert-dv-multi", "a1.example.com", "a2.example.com", "kth.example.com")
    customer.publish_dns(app, dns)
    customer.verify(app)
    now = customer.ok("GET", f"/applications/{app['id']}")
    assert now["state"] == "failed" and now["certificates"] == []
