# SPDX-License-Identifier: Apache-2.0
"""Conversions over REST: what comes in any form goes out in another, and nothing of it stays."""
import base64
import http.client
import io
import json
import subprocess
import threading
import time
import zipfile

import pytest
from apiwalk import Api
from customer import Customer
from pki import Cert

SECRET = "changeit"


@pytest.fixture(scope="module")
def customer(service):
    return Customer(service)


@pytest.fixture(scope="module")
def pki():
    root = Cert("Root", ca=True)
    issuer = Cert("Issuer", root, ca=True)
    return root, issuer, Cert("www.example.com", issuer)


def convert(customer, **fields):
    return customer.rest("POST", "/conversions", fields)


def unzip(r, folder=None):
    assert r.status == 200 and r.headers["content-type"] == "application/zip", r
    with zipfile.ZipFile(io.BytesIO(r.body)) as z:
        if folder:
            z.extractall(folder)
        return {n: z.read(n).decode(errors="replace") for n in z.namelist()}


def run(*argv):
    p = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert p.returncode == 0, p.stdout
    return p.stdout.decode(errors="replace")


def b64(path):
    return base64.b64encode(path.read_bytes()).decode()


def faults(r):
    return {(f["field"], f["code"]) for f in [r.json, *r.json["causes"]]}


def test_pieces_in_any_order_become_what_apache_wants(customer, pki):
    root, issuer, leaf = pki
    r = convert(customer, to="apache", certificate=leaf.pem.replace("\n", "\r\n"), chain=root.pem + issuer.pem + root.pem,
                key=leaf.key_pem())
    files = unzip(r)
    assert r.headers["content-disposition"] == 'attachment; filename="www.example.com_apache.zip"'
    assert files == {"www.example.com_public.crt": leaf.pem, "www.example.com_chain.crt": issuer.pem + root.pem,
                     "www.example.com.key": leaf.key_pem()}
    one = unzip(convert(customer, to="nginx", certificate=issuer.pem + leaf.key_pem() + leaf.pem, name="my site"))
    assert one["my_site.pem"] == leaf.pem + issuer.pem and one["my_site.key"] == leaf.key_pem()
    assert unzip(convert(customer, to="root", certificate=leaf.pem, chain=root.pem + issuer.pem)) == {
        "www.example.com_root.pem": root.pem}


def test_a_pkcs12_of_old_ciphers_opens_inside_of_the_sandbox(customer, pki, tmp_path):
    root, issuer, leaf = pki
    for name, text in (("leaf", leaf.pem), ("key", leaf.key_pem()), ("chain", issuer.pem)):
        (tmp_path / name).write_text(text)
    # -legacy: RC2 of 40 bits over the certificates, triple DES over the key
    run("openssl", "pkcs12", "-export", "-legacy", "-in", tmp_path / "leaf", "-inkey", tmp_path / "key", "-certfile",
        tmp_path / "chain", "-out", tmp_path / "old.p12", "-passout", f"pass:{SECRET}")
    assert "RC2" in run("openssl", "pkcs12", "-legacy", "-info", "-noout", "-in", tmp_path / "old.p12", "-passin", f"pass:{SECRET}")
    files = unzip(convert(customer, to="pem", certificate=b64(tmp_path / "old.p12"), passphrase=SECRET))
    assert files == {"www.example.com.pem": leaf.pem + issuer.pem, "www.example.com.key": leaf.key_pem()}
    r = convert(customer, to="pem", certificate=b64(tmp_path / "old.p12"), passphrase="wrong")
    assert ("certificate", "PASSPHRASE_WRONG") in faults(r)
    assert ("certificate", "KEY_LOCKED") in faults(convert(customer, to="pem", certificate=b64(tmp_path / "old.p12")))


def test_what_it_makes_is_taken_by_others_and_by_itself(customer, pki, tmp_path):
    _, issuer, leaf = pki
    whole = leaf.pem + issuer.pem + leaf.key_pem()
    files = unzip(convert(customer, to="iis", certificate=whole, name="a"), tmp_path)
    assert set(files) == {"a.pfx", "a_password.txt", "a_steps.txt"} and "a.pfx" in files["a_steps.txt"]
    again = unzip(convert(customer, to="iis", certificate=whole, name="a"))
    assert again["a_password.txt"] != files["a_password.txt"]
    text = run("certtool", "--p12-info", "--inder", "--infile", tmp_path / "a.pfx", "--password", files["a_password.txt"].strip())
    assert text.count("BEGIN CERTIFICATE") == 2 and "PRIVATE KEY" in text
    unzip(convert(customer, to="jks", certificate=whole, name="b", new_password=SECRET), tmp_path)
    assert "PrivateKeyEntry" in run("keytool", "-list", "-keystore", tmp_path / "b.jks", "-storepass", SECRET)
    for file, password in (("a.pfx", files["a_password.txt"].strip()), ("b.jks", SECRET)):
        back = unzip(convert(customer, to="nginx", certificate=b64(tmp_path / file), passphrase=password, name="c"))
        assert back == {"c.pem": leaf.pem + issuer.pem, "c.key": leaf.key_pem()}
    unzip(convert(customer, to="p7", certificate=whole, name="d"), tmp_path)
    assert unzip(convert(customer, to="der", certificate=b64(tmp_path / "d.p7b"), key=leaf.key_pem(SECRET), passphrase=SECRET,
                         name="e"), tmp_path).keys() == {"e.cer", "e_chain1.cer", "e.key.der"}
    assert run("openssl", "x509", "-inform", "DER", "-in", tmp_path / "e.cer") == leaf.pem


def test_all_faults_are_told_at_once_each_with_its_field(customer, pki):
    root, issuer, leaf = pki
    r = convert(customer, to="pfx", certificate="nothing", chain="-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                key=leaf.key_pem(SECRET))
    assert {("certificate", "FIELD_FORM"), ("chain", "CERT_UNREADABLE"), ("key", "KEY_LOCKED")} <= faults(r), r
    assert ("key", "KEY_MISMATCH") in faults(convert(customer, to="pem", certificate=leaf.pem, key=root.key_pem()))
    assert ("certificate", "CERT_SEVERAL") in faults(convert(customer, to="pem", certificate=leaf.pem + Cert("b.example.com").pem))
    assert ("certificate", "FIELD_MISSING") in faults(convert(customer, to="pem", certificate=leaf.csr_pem()))
    assert ("chain", "FIELD_MISSING") in faults(convert(customer, to="root", certificate=leaf.pem + issuer.pem))
    assert convert(customer, to="jks", certificate=leaf.pem).code == "KEY_NONE"
    assert ("to", "FIELD_FORM") in faults(convert(customer, to="zip", certificate=leaf.pem))


@pytest.mark.database("sqlite")
def test_too_many_bytes_are_refused(customer, service):
    # The answer comes before the body, and the connection is closed with it.
    conn = http.client.HTTPSConnection("localhost", service.https_port, timeout=30, context=service.tls())
    conn.putrequest("POST", "/api/v1/conversions")
    for name, value in (("Authorization", "Bearer " + customer.key), ("Content-Type", "application/json"),
                        ("Content-Length", str(1024 * 1024 + 1))):
        conn.putheader(name, value)
    conn.endheaders()
    answer = conn.getresponse()
    assert (answer.status, json.loads(answer.read())["code"]) == (413, "TOO_LARGE")
    conn.close()
    # what fits, but is no certificate, is read and refused
    r = convert(customer, to="pem", certificate="x" * 300000)
    assert ("certificate", "FIELD_FORM") in faults(r), r


@pytest.mark.database("sqlite")
def test_who_opens_slow_files_holds_up_nobody_else(customer, pki, tmp_path):
    _, _, leaf = pki
    (tmp_path / "key").write_text(leaf.key_pem())
    run("openssl", "pkcs8", "-topk8", "-in", tmp_path / "key", "-iter", "1000000", "-passout", f"pass:{SECRET}", "-out",
        tmp_path / "slow")
    slow = (tmp_path / "slow").read_text()
    codes = []

    def one():
        r = convert(customer, to="pem", certificate=leaf.pem, key=slow * 2, passphrase=SECRET)
        codes.append(r.status)
        assert r.status != 503 or r.headers["retry-after"]
    threads = [threading.Thread(target=one) for _ in range(8)]
    for t in threads:
        t.start()
    worst = 0
    while any(t.is_alive() for t in threads):
        began = time.monotonic()
        customer.ok("GET", "/me")
        worst = max(worst, time.monotonic() - began)
        time.sleep(0.05)
    for t in threads:
        t.join()
    assert set(codes) == {200, 503}, codes  # some were made, some were told to come again
    assert worst < 2, worst


def test_nothing_of_it_is_kept(customer, service, pki):
    _, _, leaf = pki
    name = "onlyhere.example.com"
    mine = Cert(name)
    unzip(convert(customer, to="tomcat", certificate=mine.pem, key=mine.key_pem(SECRET), passphrase=SECRET))
    rows = customer.ok("GET", "/audit?limit=1")["items"]
    assert rows[0]["act"] == "files.convert" and rows[0]["detail"] == {"to": "tomcat"}, rows
    key = "".join(mine.key_pem().splitlines()[1:-1])
    for text in (service.log(), str(customer.ok("GET", "/audit?limit=200"))):
        assert name not in text and key[40:100] not in text and SECRET not in text and mine.pem.splitlines()[3] not in text
    assert not customer.ok("GET", "/certificates")["items"] and not customer.ok("GET", "/csrs")["items"]


def test_a_viewer_converts_nothing(customer, service):
    route = next(r for r in Api(service).routes if r.name == "conversion_make")
    assert route.right == "operate" and not route.takes_key
