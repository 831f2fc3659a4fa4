# SPDX-License-Identifier: Apache-2.0
"""`signet parse`: what stands in a file. No service runs."""
import json
import subprocess

import pytest

import signet


def parse(cwd, *argv):
    return subprocess.run([signet.program("signet"), "parse", *argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          stdin=subprocess.DEVNULL, cwd=cwd)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    d = tmp_path_factory.mktemp("made")
    for argv in ("req -x509 -newkey rsa:2048 -nodes -keyout a.key -out a.pem -subj /CN=a.example -addext subjectAltName=DNS:a.example,IP:192.0.2.1",
                 "req -new -key a.key -out a.csr -subj /CN=a.example", "x509 -in a.pem -outform DER -out a.der",
                 "pkcs12 -export -in a.pem -inkey a.key -out a.p12 -passout pass:secret -name Web", "genpkey -algorithm ED25519 -out ed.key",
                 "crl2pkcs7 -nocrl -certfile a.pem -out a.p7b"):
        subprocess.run(["openssl", *argv.split()], cwd=d, check=True, capture_output=True)
    return d


def facts(p, name):
    assert p.returncode == 0, p.stderr
    return [f["value"] for f in json.loads(p.stdout)["facts"] if f["name"] == name]


def test_a_certificate_says_its_names_and_times_in_pem_and_der(made):
    for file in ("a.pem", "a.der"):
        p = parse(made, "--kind", "cert", "--json", file)
        assert facts(p, "dns") == ["a.example"] and facts(p, "ip") == ["192.0.2.1"] and facts(p, "key") == ["RSA_2048"]
        assert facts(p, "authority") == ["yes"] and facts(p, "not_after")[0].endswith("Z")
    text = parse(made, "--kind", "cert", "a.pem").stdout
    assert "subject      CN=a.example\n" in text


def test_containers_need_their_passphrase(made):
    p = parse(made, "--kind", "p12", "--json", "--password", "secret", "a.p12")
    assert facts(p, "holds") == ["certificate", "private key"] and "Web" in facts(p, "name")
    assert parse(made, "--kind", "p12", "a.p12").returncode == 1
    p = parse(made, "--kind", "p12", "--password", "no", "a.p12")
    assert p.returncode == 1 and "PASSPHRASE_WRONG" in p.stderr
    assert facts(parse(made, "--kind", "p7", "--json", "a.p7b"), "subject") == ["CN=a.example"]


def test_a_key_is_named_but_never_shown(made):
    p = parse(made, "--kind", "key", "--json", "a.key")
    assert facts(p, "key") == ["RSA_2048"]
    cert = parse(made, "--kind", "cert", "--json", "a.pem")
    assert facts(p, "spki_sha256") == facts(cert, "spki_sha256")
    body = "".join((made / "a.key").read_text().split("\n")[1:3])
    assert body[:40] not in p.stdout
    assert facts(parse(made, "--kind", "key", "--json", "ed.key"), "key") == ["Ed25519"]


@pytest.mark.parametrize("kind, file, code, says", [
    ("cert", "a.csr", 1, "FIELD_FORM"),
    ("csr", "a.csr", 0, ""),
    ("crl", "a.der", 1, "CRL_UNREADABLE"),
    ("jks", "a.p12", 1, "STORE_UNREADABLE"),
    ("key", "a.der", 1, "KEY_UNREADABLE"),
    ("zip", "a.der", 2, "--kind is one of"),
    ("cert", "none.pem", 2, "none.pem"),
])
def test_yes_and_no_are_exit_codes(made, kind, file, code, says):
    p = parse(made, "--kind", kind, file)
    assert p.returncode == code and says in p.stderr, p.stderr
