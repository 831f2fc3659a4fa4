# SPDX-License-Identifier: Apache-2.0
"""Packages of an issued certificate, each opened by the program that it is made for."""
import io
import subprocess
import zipfile

import pytest
from appservers import apache, tomcat
from customer import Customer
from dnsserver import DnsServer
from relying import Nginx


@pytest.fixture(scope="module")
def dns(database):
    with DnsServer({"example.com": "signed"}) as server:
        yield server


@pytest.fixture(scope="module")
def customer(database, dns, request):
    from conftest import database_url, serve
    for ca in serve(database_url(database, request), fresh=False, resolver=dns.address, trust_anchor=dns.trust_anchor):
        yield Customer(ca)


@pytest.fixture(scope="module", params=["EC_P256", "RSA_2048"])
def cert(customer, dns, request):
    return customer.certificate(dns, key_alg=request.param)


@pytest.fixture()
def opened(customer, cert, tmp_path):
    """Unpacks a package; {suffix: path}."""
    def unpack(form):
        data = customer.ok("GET", f"/certificates/{cert['id']}/package?format={form}")
        out = {}
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            z.extractall(tmp_path / form)
            for name in z.namelist():
                base, dot, suffix = name.rpartition(f"_{cert['id']}")
                assert base and dot, name
                out[suffix] = tmp_path / form / name
        return out
    return unpack


def run(*argv):
    p = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert p.returncode == 0, p.stdout
    return p.stdout


def password_of(files):
    return files["_password.txt"].read_text().strip()


def leaf(path):
    return run("openssl", "x509", "-in", path, "-noout", "-serial", "-pubkey")


@pytest.mark.parametrize("form", ["tomcat", "iis"])
def test_the_pfx_opens_with_the_password_beside_it(opened, form):
    files = opened(form)
    assert set(files) - {"_steps.txt"} == {".pfx", "_password.txt"} and ("_steps.txt" in files) == (form == "iis")
    text = run("openssl", "pkcs12", "-in", files[".pfx"], "-passin", f"file:{files['_password.txt']}", "-nodes")
    assert text.count("BEGIN CERTIFICATE") == 2 and text.count("PRIVATE KEY") == 2  # no root; begin and end of one key
    text = run("certtool", "--p12-info", "--inder", "--infile", files[".pfx"], "--password", password_of(files))
    assert text.count("BEGIN CERTIFICATE") == 2 and "PRIVATE KEY" in text


def test_java_takes_the_keystore(opened, tmp_path):
    files = opened("jks")
    assert set(files) == {".jks", "_password.txt"}
    password = password_of(files)
    text = run("keytool", "-list", "-v", "-keystore", files[".jks"], "-storepass", password)
    assert "PrivateKeyEntry" in text and "Certificate chain length: 2" in text
    # it moves the key into a store of its own, so it can read it
    run("keytool", "-importkeystore", "-srckeystore", files[".jks"], "-srcstorepass", password, "-destkeystore",
        tmp_path / "moved.p12", "-deststoretype", "PKCS12", "-deststorepass", password)


def test_apache_has_certificate_chain_and_key_apart(opened):
    files = opened("apache")
    assert set(files) == {"_public.crt", "_chain.crt", ".key"}
    assert files["_public.crt"].read_text().count("BEGIN") == 1 and files["_chain.crt"].read_text().count("BEGIN") == 1
    assert run("openssl", "pkey", "-in", files[".key"], "-pubout") in leaf(files["_public.crt"])


def test_other_is_pem_and_root_is_the_root(opened):
    files, root = opened("other"), opened("root")
    assert set(files) == {".pem", ".key"} and set(root) == {"_root.pem"}
    assert "OK" in run("openssl", "verify", "-CAfile", root["_root.pem"], "-untrusted", files[".pem"], files[".pem"])
    text = run("certtool", "--verify", "--load-ca-certificate", root["_root.pem"], "--infile", files[".pem"],
               "--verify-hostname", "www.example.com")
    assert "Chain verification output: Verified. The certificate is trusted." in text


@pytest.mark.parametrize("form", ["jks", "tomcat"])
def test_a_password_is_made_anew_each_time(opened, form):
    assert password_of(opened(form)) != password_of(opened(form))


@pytest.mark.database("sqlite")
def test_nginx_serves_its_package(customer, cert, opened, tmp_path):
    package = customer.ok("GET", f"/certificates/{cert['id']}/package?format=nginx")
    with Nginx(tmp_path, package) as server:
        assert server.judged(opened("root")["_root.pem"]) == 0


@pytest.mark.database("sqlite")
def test_apache_serves_its_package(opened, tmp_path):
    files = opened("apache")
    with apache(tmp_path, files["_public.crt"], files["_chain.crt"], files[".key"]) as server:
        sent = server.judged(server.ports[0], opened("root")["_root.pem"])
    assert sent == [files["_public.crt"].read_text(), files["_chain.crt"].read_text()]


@pytest.mark.database("sqlite")
def test_tomcat_serves_its_package_and_a_java_keystore(opened, tmp_path):
    pfx, jks, other = opened("tomcat"), opened("jks"), opened("other")
    with tomcat(tmp_path, ("PKCS12", pfx[".pfx"], password_of(pfx)), ("JKS", jks[".jks"], password_of(jks))) as server:
        for port in server.ports:
            assert "".join(server.judged(port, opened("root")["_root.pem"])) == other[".pem"].read_text()
