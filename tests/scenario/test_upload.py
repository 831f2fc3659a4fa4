# SPDX-License-Identifier: Apache-2.0
"""Certificates of other issuers (SPEC 3.8): handed in, checked, stored, shown; and their keys, which never leave again."""
import base64
import json
import os
import secrets
import subprocess
import tempfile

import pytest
import signet
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12
from customer import Customer
from pki import Cert, rsa_key


@pytest.fixture(scope="module")
def ca(database, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request))


@pytest.fixture(scope="module")
def account(ca):
    return Customer(ca)


@pytest.fixture(scope="module")
def issuer():
    root = Cert("Some Root", ca=True, days=3650)
    return Cert("Some Issuer", root, ca=True, days=1000)


def fresh():
    return f"u{secrets.token_hex(4)}.example.com"


def upload(account, *, ok=True, **fields):
    r = account.rest("POST", "/certificates", fields)
    if ok:
        assert r.status == 201, r
    return r.json


def found(answer):
    return {f["code"]: f for f in answer["findings"]}


def test_a_certificate_with_key_and_chain_is_stored_shown_and_deleted(account, issuer):
    host = fresh()
    c = Cert(host, issuer, names=(host, "*." + host, "192.0.2.7"))
    before = account.ok("GET", "/overview")
    up = upload(account, name="www-2026.a_b", certificate=c.pem, key=c.key_pem(), chain=issuer.pem)
    content = up["content"]
    assert (up["name"], up["status"], up["state"], content["source"]) == ("www-2026.a_b", "issued", "uploaded", "uploaded")
    assert content["has_key"] and content["application"] is None and content["key_alg"] == "EC_P256"
    assert {n["name"] for n in content["names"]} == {host, "*." + host, "192.0.2.7"}
    assert [x["subject"] for x in content["chain"]] == ["CN=Some Issuer"] and content["chain"][0]["name"] is None
    assert found(up)["untrusted"]["severity"] == "warning" and "errors" not in up
    shown = account.ok("GET", f"/certificates/{up['id']}")
    assert shown["content"] == content and "findings" not in shown
    for query in ("source=uploaded", f"name={host}", f"name=.{host}", "name=192.0.2.7", "status=issued", "status=issued&source=uploaded", ""):
        assert up["id"] in [x["id"] for x in account.ok("GET", f"/certificates?limit=200&{query}")["items"]], query
    for query in (f"name={host}&status=issued", f"name=.{host}&source=uploaded&status=issued"):
        assert [x["id"] for x in account.ok("GET", f"/certificates?{query}")["items"]] == [up["id"]], query
    for query in (f"name={host}&status=expired", f"name=.{host}&source=official", f"name={host}&status=revoking", f"name=.{host}&status=revoked"):
        assert account.ok("GET", f"/certificates?{query}")["items"] == [], query
    for query in ("source=official", "source=shared", "source=test", "status=expired", "status=revoked"):
        assert up["id"] not in [x["id"] for x in account.ok("GET", f"/certificates?limit=200&{query}")["items"]], query
    after = account.ok("GET", "/overview")
    assert (after["issued"], after["total"]) == (before["issued"] + 1, before["total"] + 1)
    r = account.rest("POST", f"/certificates/{up['id']}:revoke", {"reason": "superseded"})
    assert r.code == "STATE_REFUSED" and "only its issuer" in r.json["detail"]
    account.ok("DELETE", f"/certificates/{up['id']}")
    assert account.rest("GET", f"/certificates/{up['id']}").status == 404
    assert account.ok("GET", "/overview") == before
    again = upload(account, name="www-2026.a_b", certificate=c.pem, key=c.key_pem())  # the name is free again
    # its issuer went with the last certificate that it stood above
    assert "chain_incomplete" in found(again) and "chain_completed" not in found(again)
    account.ok("DELETE", f"/certificates/{again['id']}")


def java_keystore(c, issuer):
    with tempfile.TemporaryDirectory() as d:
        with open(f"{d}/a.p12", "wb") as f:
            f.write(pkcs12.serialize_key_and_certificates(b"x", c.key, c.x, [issuer.x], serialization.BestAvailableEncryption(b"password")))
        subprocess.run(["keytool", "-importkeystore", "-noprompt", "-srckeystore", f"{d}/a.p12", "-srcstoretype", "PKCS12", "-srcstorepass",
                        "password", "-destkeystore", f"{d}/a.jks", "-deststoretype", "JKS", "-deststorepass", "password", "-destkeypass",
                        "password"], check=True, capture_output=True)
        with open(f"{d}/a.jks", "rb") as f:
            return f.read()


def files_of(form, c, issuer):
    """The same in another form: fields of the upload."""
    def b64(data):
        return base64.b64encode(data).decode()
    if form == "Java keystore":
        return {"certificate": b64(java_keystore(c, issuer)), "passphrase": "password"}
    whole = [issuer.x, issuer.issuer.x]
    key, pem = c.key, c.pem
    kind = serialization.PrivateFormat
    plain = serialization.NoEncryption()
    der = c.x.public_bytes(serialization.Encoding.DER)
    return {
        "one file": {"certificate": issuer.pem + c.pem + c.key_pem() + issuer.issuer.pem},
        "CRLF, text around": {"certificate": ("Bag attributes\n" + pem + "that was it\n").replace("\n", "\r\n"), "key": c.key_pem()},
        "CR alone": {"certificate": pem.replace("\n", "\r"), "key": c.key_pem()},
        "literal line ends": {"certificate": pem.replace("\n", "\\n"), "key": c.key_pem()},
        "byte order mark": {"certificate": "\ufeff" + pem, "key": c.key_pem()},
        "UTF-16": {"certificate": b64(pem.encode("utf-16")), "key": c.key_pem()},
        "DER": {"certificate": b64(der), "key": b64(key.private_bytes(serialization.Encoding.DER, kind.PKCS8, plain))},
        "SEC1": {"certificate": pem, "key": key.private_bytes(serialization.Encoding.PEM, kind.TraditionalOpenSSL, plain).decode()},
        "encrypted key": {"certificate": pem, "key": c.key_pem("pass"), "passphrase": "pass"},
        "PKCS#12": {"certificate": b64(pkcs12.serialize_key_and_certificates(
            b"x", key, c.x, whole, serialization.BestAvailableEncryption(b"pass"))), "passphrase": "pass"},
        "PKCS#7": {"certificate": b64(pkcs7.serialize_certificates([issuer.x, c.x], serialization.Encoding.DER)),
                   "key": c.key_pem()},
        "swapped by content": {"certificate": c.key_pem(), "key": pem},
    }[form]


FORMS = ["one file", "CRLF, text around", "CR alone", "literal line ends", "byte order mark", "UTF-16", "DER", "SEC1",
         "encrypted key", "PKCS#12", "PKCS#7", "Java keystore", "swapped by content"]


@pytest.mark.parametrize("form", FORMS)
def test_files_of_any_form_are_taken(account, issuer, form):
    c = Cert(fresh(), issuer)
    up = upload(account, **files_of(form, c, issuer))
    want = c.x.fingerprint(c.x.signature_hash_algorithm).hex()
    assert up["content"]["sha256"].lower() == want and up["content"]["has_key"]
    assert up["name"] == c.x.subject.rfc4514_string()[3:]


KEPT = [(ed25519.Ed25519PrivateKey.generate, "edwards_key"), (ed448.Ed448PrivateKey.generate, "edwards_key"),
        (lambda: ec.generate_private_key(ec.SECP521R1()), None), (lambda: ec.generate_private_key(ec.SECP256K1()), "weak_key"),
        (lambda: rsa_key(1024), "weak_key")]


@pytest.mark.parametrize("make, warning", KEPT, ids=["Ed25519", "Ed448", "P-521", "secp256k1", "RSA of 1024 bits"])
def test_keys_that_are_never_certified_here_are_stored_with_a_warning(account, issuer, make, warning):
    c = Cert(fresh(), issuer, key=make())
    up = upload(account, certificate=c.pem, key=c.key_pem(), chain=issuer.pem)
    assert up["content"]["has_key"] and up["content"]["key_alg"] == "OTHER"
    told = {code: f["severity"] for code, f in found(up).items() if code in ("edwards_key", "weak_key", "key_damaged", "key_mismatch")}
    assert told == ({warning: "warning"} if warning else {})


def test_an_error_stores_nothing_and_all_findings_are_told(account, issuer):
    c, other = Cert(fresh(), issuer, key=rsa_key(1024)), Cert(fresh(), issuer)
    n = account.ok("GET", "/overview")
    r = account.rest("POST", "/certificates", {"certificate": c.pem + "-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----\n",
                                               "key": other.key_pem()})
    assert (r.status, r.code) == (400, "CHECK_FAILED"), r
    f = found(r.json)
    assert f["key_mismatch"]["message"] == "Certificate and key do not match" and f["key_mismatch"]["message_zh"] == "证书与私钥不匹配"
    assert f["file"]["field"] == "certificate" and f["file"]["line"] > 1 and f["weak_key"]["severity"] == "warning"
    assert "swap" in f["key_mismatch"]["cure"].lower()
    r = account.rest("POST", "/certificates", {"certificate": c.pem + other.pem, "key": c.key_pem()})
    assert found(r.json)["two_leaves"]["message"] == "Certificate file can only contain one certificate"
    r = account.rest("POST", "/certificates", {"certificate": issuer.pem, "chain": c.pem, "key": c.key_pem()})
    assert "leaf_in_chain" in found(r.json)
    for fields, code in (({"certificate": c.pem}, "key_missing"), ({"certificate": c.csr_pem(), "key": c.key_pem()}, "wrong_place"),
                         ({"certificate": c.pem, "key": c.key_pem("x")}, "key_locked"),
                         ({"certificate": c.pem, "key": c.key_pem("x"), "passphrase": "y"}, "passphrase_wrong"),
                         ({"certificate": c.key_pem()}, "certificate_missing")):
        r = account.rest("POST", "/certificates", fields)
        assert r.code == "CHECK_FAILED" and code in found(r.json), (r, code)
    assert account.ok("GET", "/overview") == n


def test_names_are_of_their_form_and_unlike_all_others(account, issuer):
    c = Cert(fresh(), issuer)
    files = {"certificate": c.pem, "key": c.key_pem()}
    for bad in ("a b", "a/b", "ü", "x" * 64, "a\tb"):
        r = account.rest("POST", "/certificates", {"name": bad, **files})
        assert r.code in ("UPLOAD_NAME", "FIELD_UTF8") and r.json["field"] == "name", (bad, r)
    first = upload(account, name="x" * 63, **files)
    r = account.rest("POST", "/certificates", {"name": "x" * 63, **files})
    assert (r.status, r.code) == (409, "UPLOAD_NAME_TAKEN") and str(first["id"]) in r.json["detail"]
    # without a name: its own, and again another one
    a, b = upload(account, **files), upload(account, **files)
    assert (b["name"], upload(account, **files)["name"]) == (a["name"] + "-2", a["name"] + "-3")
    assert f"certificate {first['id']}" in found(a)["stored_already"]["found"]
    stranger = Customer(account.s)
    assert "stored_already" not in found(upload(stranger, name="x" * 63, **files))


def test_the_chain_is_completed_from_what_the_account_holds(ca, account):
    root = Cert("Other Root", ca=True)
    mid = Cert("Other Middle", root, ca=True)
    low = Cert("Other Low", mid, ca=True)
    first = Cert(fresh(), low)
    upload(account, certificate=first.pem, key=first.key_pem(), chain=low.pem + mid.pem)
    second = Cert(fresh(), low)
    up = upload(account, certificate=second.pem, key=second.key_pem())
    assert [x["subject"] for x in up["content"]["chain"]] == ["CN=Other Low", "CN=Other Middle"]
    assert found(up)["chain_completed"]["severity"] == "note" and "chain_incomplete" not in found(up)
    stranger = Customer(ca)  # what another account stored completes nothing here
    third = Cert(fresh(), low)
    up = upload(stranger, certificate=third.pem, key=third.key_pem())
    assert up["content"]["chain"] == [] and "chain_incomplete" in found(up)


def test_a_check_believes_the_roots_that_it_is_given(account, issuer):
    c = Cert(fresh(), issuer)
    files = {"certificate": c.pem, "chain": issuer.pem, "purpose": "deploy", "target": c.x.subject.rfc4514_string()[3:]}
    assert "untrusted" in found(account.ok("POST", "/certificates:check", files))
    r = account.ok("POST", "/certificates:check", {**files, "roots": issuer.issuer.pem})
    assert r["ok"] and r["trusted"] and "untrusted" not in found(r)
    for bad in ("nonsense", c.key_pem()):
        r = account.rest("POST", "/certificates:check", {**files, "roots": bad})
        assert (r.code, r.json["field"]) == ("FIELD_FORM", "roots"), r


def test_the_key_is_found_among_the_stored_requests(account, issuer):
    host = fresh()
    csr = account.ok("POST", "/csrs", {"names": [host], "key_alg": "RSA_2048"})
    made = x509.load_pem_x509_csr(csr["pem"].encode())

    class Public:
        def public_key(self):
            return made.public_key()
    c = Cert(host, issuer, key=Public())
    check = account.ok("POST", "/certificates:check", {"certificate": c.pem})
    assert check["csr"] == csr["id"] and check["has_key"] and "key_missing" not in found(check)
    for fields in ({}, {"csr": csr["id"]}):
        up = upload(account, certificate=c.pem, chain=issuer.pem, **fields)
        assert up["content"]["has_key"]
    other = account.ok("POST", "/csrs", {"names": [fresh()], "key_alg": "EC_P256"})
    r = account.rest("POST", "/certificates", {"certificate": c.pem, "csr": other["id"]})
    assert "key_mismatch" in found(r.json)
    brought = account.ok("POST", "/csrs:upload", {"csr": Cert(fresh(), issuer).csr_pem()})
    r = account.rest("POST", "/certificates", {"certificate": c.pem, "csr": brought["id"]})
    assert "key_missing" in found(r.json)
    assert account.rest("POST", "/certificates", {"certificate": c.pem, "csr": 999999}).code == "NOT_FOUND"
    stranger = Customer(account.s)
    assert stranger.rest("POST", "/certificates", {"certificate": c.pem, "csr": csr["id"]}).code == "NOT_FOUND"
    # the request goes, the certificate keeps its key
    account.ok("DELETE", f"/csrs/{csr['id']}")
    assert account.ok("GET", f"/certificates/{up['id']}")["content"]["has_key"]
    account.ok("DELETE", f"/certificates/{up['id']}")


def test_sm2_pairs_are_taken_whole(account, issuer):
    def vector(name):
        with open(f"{signet.TOP}/tests/vectors/sm2/{name}", "rb") as f:
            data = f.read()
        return data.decode() if b"-----" in data else base64.b64encode(data).decode()
    pair = {"certificate": vector("tjfoc-sm2_sign_cert.cer"), "key": vector("tjfoc-sm2_sign_key.pem"),
            "encryption_certificate": vector("tjfoc-sm2_enc_cert.cer"), "encryption_key": vector("tjfoc-sm2_enc_key.pem")}
    name = "sm2-" + secrets.token_hex(4)
    up = upload(account, name=name, **pair)
    assert up["content"]["role"] == "sign" and up["content"]["key_alg"] == "SM2" and up["content"]["has_key"]
    half = account.ok("GET", f"/certificates/{up['content']['pair']}")
    assert half["content"]["role"] == "encrypt" and half["content"]["pair"] == up["id"] and half["content"]["has_key"]
    r = account.rest("POST", "/certificates", {"name": "sm2.x", **pair})
    assert r.code == "UPLOAD_NAME"
    csr = account.ok("POST", "/csrs", {"names": [fresh()], "key_alg": "SM2"})
    r = account.rest("POST", "/certificates", {**{k: v for k, v in pair.items() if not k.endswith("key")}, "csr": csr["id"]})
    assert "sm2_request" in found(r.json)
    n = account.ok("GET", "/overview")["total"]
    account.ok("DELETE", f"/certificates/{up['id']}")
    assert account.rest("GET", f"/certificates/{half['id']}").status == 404
    assert account.ok("GET", "/overview")["total"] == n - 1


def test_no_route_and_no_package_gives_the_key_of_an_uploaded_certificate(ca, account, issuer):
    c = Cert(fresh(), issuer)
    up = upload(account, certificate=c.pem, key=c.key_pem(), chain=issuer.pem)
    id_, secret = up["id"], c.key.private_numbers().private_value.to_bytes(32, "big")
    forms = [secret, base64.b64encode(secret)[:40], secret.hex().encode(), secret.hex().upper().encode()]
    pem_lines = [line.encode() for line in c.key_pem().splitlines()[1:-1]]
    for fmt in ("nginx", "apache", "tomcat", "iis", "jks", "other", "root", "tlcp"):
        r = account.rest("GET", f"/certificates/{id_}/package?format={fmt}")
        assert (r.status, r.code) == (403, "UPLOAD_SEALED") and r.json["hint"], (fmt, r)
    assert account.rest("GET", f"/certificates/{id_}/pem").code == "UPLOAD_SEALED"
    paths = ca.ok("GET", "/api/v1/openapi.json")["paths"]
    asked = [(p, m) for p in paths for m in paths[p] if m == "get" or ":check" in p or ":convert" in p]
    assert len(asked) > 50
    for path, method in asked:
        for key in (account.key, ca.admin_key):
            r = ca.rest(method.upper(), path.replace("{id}", str(id_)), {} if method == "post" else None, key=key)
            assert not any(f in r.body for f in forms + pem_lines), (path, r)
    for where, _, names in os.walk(ca.data):
        for n in names:
            path = os.path.join(where, n)
            if os.path.isfile(path):
                with open(path, "rb") as f:
                    data = f.read()
                assert not any(x in data for x in forms + pem_lines), path


def test_the_commands_check_and_store(ca, account, issuer, tmp_path):
    host = fresh()
    c = Cert(host, issuer)
    (tmp_path / "c.pem").write_text(c.pem)
    (tmp_path / "k.pem").write_text(c.key_pem())
    (tmp_path / "ch.pem").write_text(issuer.pem)
    (tmp_path / "w.p12").write_bytes(pkcs12.serialize_key_and_certificates(
        b"x", c.key, c.x, [issuer.x], serialization.BestAvailableEncryption(b"pass")))
    out = ca.cli("certificates", "check", tmp_path / "c.pem", "--key", tmp_path / "k.pem", "--purpose", "deploy", "--target",
                 "other.example.com", key=account.key, code=1)
    assert "name_mismatch" in out and "do: " in out
    name = "cli-" + secrets.token_hex(4)
    out = ca.cli("certificates", "upload", tmp_path / "c.pem", "--key", tmp_path / "k.pem", "--chain", tmp_path / "ch.pem",
                 "--name", name, key=account.key)
    assert name in out and "untrusted" in out
    out = ca.cli("certificates", "upload", tmp_path / "w.p12", "--password", "pass", "--json", key=account.key)
    assert json.loads(out)["content"]["has_key"]
    out = ca.cli("certificates", "upload", tmp_path / "c.pem", key=account.key, code=2)
    assert "key_missing" in out
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.7\n\xe2\xe3")
    (tmp_path / "c.html").write_text("<!doctype html><title>Sign in</title>")
    for file, says in (("c.pdf", "a PDF document"), ("c.html", "a web page")):
        assert says in ca.cli("certificates", "upload", tmp_path / file, "--key", tmp_path / "k.pem", key=account.key, code=2)
    assert name not in ca.cli("certificates", "list", "--source", "official", key=account.key)
    assert host in ca.cli("certificates", "list", "--source", "uploaded", key=account.key)
