# SPDX-License-Identifier: Apache-2.0
"""Stored signing requests: made here with their key, brought along without; certificates from both."""
import base64
import hashlib
import io
import ipaddress
import secrets
import subprocess
import zipfile

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from customer import Customer
from dnsserver import DnsServer
from pki import Cert
from test_safety import RFC_6979


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
    assert [(u["application"], u["state"]) for u in shown.json["applications"]] == [(app["id"], "issued")]
    assert [(u["id"], u["status"], u["source"]) for u in shown.json["certificates"]] == [
        (app["certificates"][0]["id"], "issued", "official")]
    assert shown.json["n_applications"] == shown.json["n_certificates"] == 1
    assert customer.ok("GET", f"/certificates/{app['certificates'][0]['id']}")["content"]["csr"] == made.json["id"]
    for r in (made, shown, customer.rest("GET", "/csrs"), customer.rest("GET", "/audit")):
        assert b"PRIVATE" not in r.body
    # the certificate keeps the key that its request leaves behind
    assert customer.rest("DELETE", f"/csrs/{made.json['id']}").status == 204
    assert customer.ok("GET", f"/certificates/{app['certificates'][0]['id']}")["content"]["csr"] is None
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


def secret_pem(key, password=None):
    how = serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how).decode()


def test_a_key_that_comes_later_is_in_the_packages_of_what_was_issued_before(customer, dns):
    name = fresh()
    key = ec.generate_private_key(ec.SECP256R1())
    stored = customer.ok("POST", "/csrs:upload", {"csr": request_of(key, name, name)})
    app = issue(customer, dns, name, csr_id=stored["id"])
    certificate = app["certificates"][0]["id"]
    assert "key" not in package(customer, certificate)
    pfx = pkcs12.serialize_key_and_certificates(b"x", key, None, None, serialization.BestAvailableEncryption(b"let me in"))
    r = customer.rest("POST", f"/csrs/{stored['id']}:add_key", {"key": base64.b64encode(pfx).decode(), "passphrase": "let me in"})
    assert r.status == 200 and r.json["key_held"] and not r.json["made_here"], r
    assert public(serialization.load_pem_private_key(package(customer, certificate)["key"], None).public_key()) == public(key.public_key())
    assert customer.ok("GET", f"/certificates/{certificate}")["content"]["has_key"]
    assert customer.rest("POST", f"/csrs/{stored['id']}:add_key", {"key": secret_pem(key)}).code == "STATE_REFUSED"
    assert customer.ok("GET", "/audit?limit=2")["items"][1]["act"] == "csr.add_key"
    inside = "".join(secret_pem(key).splitlines()[1:-1])[40:100]
    for r in (r, customer.rest("GET", f"/csrs/{stored['id']}"), customer.rest("GET", "/audit?limit=200")):
        assert inside not in r.body.decode() and "let me in" not in r.body.decode()
    assert inside not in customer.s.log()
    # what is issued from now on has it at once
    other = ec.generate_private_key(ec.SECP256R1())
    both = customer.ok("POST", "/csrs:upload", {"csr": secret_pem(other) + request_of(other, name, name)})
    app = issue(customer, dns, name, csr_id=both["id"])
    assert serialization.load_pem_private_key(package(customer, app["certificates"][0]["id"])["key"], None)


def test_a_key_that_does_not_fit_is_refused_and_says_why(ca, customer):
    key, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    pem = request_of(key, fresh())

    def refused(r, *want):
        assert r.status >= 400 and {(f["field"], f["code"]) for f in [r.json, *r.json["causes"]]} >= set(want), r
        return r.json["detail"]
    digest = hashlib.sha256(public(other.public_key())).hexdigest()
    assert digest in refused(customer.rest("POST", "/csrs:upload", {"csr": pem, "key": secret_pem(other)}), ("key", "KEY_MISMATCH"))
    refused(customer.rest("POST", "/csrs:upload", {"csr": secret_pem(other) + pem}), ("csr", "KEY_MISMATCH"))
    refused(customer.rest("POST", "/csrs:upload", {"csr": pem, "key": secret_pem(key, "x")}), ("key", "KEY_LOCKED"))
    refused(customer.rest("POST", "/csrs:upload", {"csr": "x", "key": "y"}), ("csr", "CSR_UNREADABLE"), ("key", "FIELD_FORM"))
    refused(customer.rest("POST", "/csrs:upload", {"csr": pem + request_of(other, fresh())}), ("csr", "CERT_SEVERAL"))
    stored = customer.ok("POST", "/csrs:upload", {"csr": pem})
    at = f"/csrs/{stored['id']}:add_key"
    detail = refused(customer.rest("POST", at, {"key": secret_pem(other)}), ("key", "KEY_MISMATCH"))
    assert digest in detail and stored["spki_sha256"] in detail
    refused(customer.rest("POST", at, {"key": secret_pem(key, "x"), "passphrase": "y"}), ("key", "PASSPHRASE_WRONG"))
    refused(customer.rest("POST", at, {"key": pem}), ("key", "FIELD_MISSING"))
    refused(Customer(ca).rest("POST", at, {"key": secret_pem(key)}), (None, "NOT_FOUND"))
    assert not customer.ok("GET", f"/csrs/{stored['id']}")["key_held"]


# made for src/crypto/key_test.c: p = k*M + 65537^a mod M, M the product of the first 126 primes
ROCA = int("879dc894d5d5b921593e51470e712f0b695bd3a5f686fbcf20ad5791624279bb305b2863020b3e37315e0966871b15fed98e1fada1924f"
           "0db3718bdb61f79777cddad2b5ed1378f143d9e31f0408e36a8b369f8aef562b4a1c7ceab980a4ed2a0aa67ca7c8269aaff7939fac7c0e"
           "c0c4ea06a3e6998156c262200134cf312665b8dbcc1d63675034fb96b3a20f4b8df9d1b511ab8f0b36e2ee05c4a3f4e4d0aab4cecf6af5"
           "732b57f566b1dda38bdfd8472ab63c746ab850072db2009787693f432791481d6848f8799581cf459f91131b533c781f9ced94e353652d"
           "5991c956eb313821179404dd930e62560fa6d85e86f62b6f4842a85d7b47c74d473a3b99", 16)


def tlv(tag, body):
    n = len(body)
    return bytes([tag]) + (bytes([n]) if n < 128 else bytes([0x82, n >> 8, n & 255])) + body


def unsigned(n, e=65537):
    """A request for an RSA key whose private half nobody here has: weak keys are refused before the signature counts."""
    key = rsa.RSAPublicNumbers(e, n).public_key()
    spki = public(key)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "weak.example.com")]).public_bytes()
    info = tlv(0x30, b"\x02\x01\x00" + name + spki + b"\xa0\x00")
    alg = bytes.fromhex("300d06092a864886f70d01010b0500")
    whole = base64.b64encode(tlv(0x30, info + alg + tlv(3, b"\0" + b"\1" * 256))).decode()
    return f"-----BEGIN CERTIFICATE REQUEST-----\n{whole}\n-----END CERTIFICATE REQUEST-----\n"


def made_by_openssl(*args):
    return subprocess.run(["openssl", "req", "-new", *args, "-nodes", "-keyout", "/dev/null", "-subj", "/CN=weak.example.com"],
                          capture_output=True, text=True, check=True).stdout


def close_primes():
    """Two primes of 1024 bits that are neighbours (CVE-2022-26320)."""
    p = rsa.generate_private_key(65537, 2048).private_numbers().p
    q = p + 2
    while pow(2, q - 1, q) != 1:
        q += 2
    return p * q


@pytest.mark.parametrize("what, says, csr", [
    ("1024 bits", "1024 bits", lambda: request_of(rsa.generate_private_key(65537, 1024), "weak.example.com")),
    ("ROCA", "CVE-2017-15361", lambda: unsigned(ROCA)),
    ("close primes", "Fermat", lambda: unsigned(close_primes())),
    ("a small factor", "a factor below 752", lambda: unsigned(2**2047 // 3 // 2 * 6 + 3)),
    ("P-521", "P-521", lambda: request_of(ec.generate_private_key(ec.SECP521R1()), "weak.example.com")),
    ("secp256k1", "secp256k1", lambda: made_by_openssl("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp256k1")),
    ("an explicit curve", "by parameters", lambda: made_by_openssl(
        "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit")),
    ("Ed25519", "Ed25519", lambda: made_by_openssl("-newkey", "ed25519")),
], ids=lambda v: v if isinstance(v, str) else "")
def test_weak_keys_are_refused_at_every_door_with_a_cure(customer, what, says, csr):
    pem = csr()
    customer.buy("digicert-dv-single")
    for r in (customer.rest("POST", "/csrs:upload", {"csr": pem}), customer.rest("POST", "/applications", {
            "product": "digicert-dv-single", "names": ["weak.example.com"], "method": "dns", "key_source": "csr", "csr": pem,
            "contact": {"name": "Li Wei", "email": "li@example.com", "phone": "+86 21 5555"}})):
        assert (r.status, r.code, r.json["field"]) == (422, "KEY_WEAK", "csr"), (what, r)
        assert says in r.json["detail"] and "P-256" in r.json["hint"], (what, r)


def test_a_blocked_key_is_refused_when_it_is_stored(customer):
    published = ec.derive_private_key(RFC_6979, ec.SECP256R1())
    r = customer.rest("POST", "/csrs:upload", {"csr": request_of(published, fresh()), "key": secret_pem(published)})
    assert (r.code, r.json["field"]) == ("KEY_BLOCKED", "csr") and "new key" in r.json["hint"], r


def test_a_key_that_is_used_again_is_warned_of_and_its_history_shown(customer, dns):
    name = fresh()
    stored = customer.ok("POST", "/csrs", {"names": [name]})
    first = issue(customer, dns, name, csr_id=stored["id"])
    assert not [n for n in first["notes"] if "used before" in n]
    again = customer.ok("POST", "/applications", {"subscription": first["subscription"], "names": [name], "method": "dns", "csr_id": stored[
        "id"], "contact": {"name": "Li Wei", "email": "li@example.com", "phone": "+86 21 5555"}, "submit": True})
    assert [n for n in again["notes"] if "used before, by 1 applications and 1 certificates" in n], again["notes"]
    customer.issued(again)
    shown = customer.ok("GET", f"/csrs/{stored['id']}")
    assert (shown["n_applications"], shown["n_certificates"]) == (2, 2)
    assert [u["application"] for u in shown["applications"]] == [again["id"], first["id"]]
    assert all(u["created"] and u["submitted"] and u["issued"] for u in shown["applications"])
    for part, key in (("applications", "application"), ("certificates", "id")):
        one = customer.ok("GET", f"/csrs/{stored['id']}/{part}?limit=1")
        two = customer.ok("GET", f"/csrs/{stored['id']}/{part}?limit=1&cursor={one['next_cursor']}")
        assert [i[key] for i in one["items"] + two["items"]] == [i[key] for i in shown[part]] and not two["next_cursor"]


def test_an_uploaded_certificate_is_matched_to_its_request(customer):
    ca = Cert("Some CA", ca=True)
    leaf = Cert(fresh(), ca)
    stored = customer.ok("POST", "/csrs:upload", {"csr": leaf.csr_pem(), "key": leaf.key_pem()})
    up = customer.ok("POST", "/certificates", {"name": "up" + secrets.token_hex(3), "certificate": leaf.pem, "chain": ca.pem,
                                                      "csr": stored["id"]})
    assert customer.ok("GET", f"/certificates/{up['id']}")["content"]["csr"] == stored["id"]
    shown = customer.ok("GET", f"/csrs/{stored['id']}")
    assert [(c["id"], c["source"]) for c in shown["certificates"]] == [(up["id"], "uploaded")] and shown["n_applications"] == 0
    assert stored["id"] not in [i["id"] for i in customer.ok("GET", "/csrs?unused=true&limit=200")["items"]]


def test_requests_are_found_by_what_they_ask_for(customer):
    mark = "s" + secrets.token_hex(4)
    made = customer.ok("POST", "/csrs", {"names": [f"www.{mark}.com", f"*.{mark}.org"], "name": f"{mark} shop", "key_alg": "EC_P384"})
    brought = customer.ok("POST", "/csrs:upload", {"csr": request_of(rsa.generate_private_key(65537, 2048), f"{mark}.net")})

    def ids(query):
        return [i["id"] for i in customer.ok("GET", f"/csrs?{query}")["items"]]
    assert ids(f"search={mark}") == [brought["id"], made["id"]]
    assert ids(f"search=WWW.{mark}") == ids(f"search={mark}.org") == ids(f"search={mark}%20sh") == [made["id"]]
    assert ids(f"search={mark}&key_alg=RSA_2048") == ids(f"search={mark}&key_held=false") == [brought["id"]]
    assert ids(f"search={mark}&key_held=true&unused=true") == [made["id"]]
    assert made["id"] in ids("key_alg=EC_P384&limit=200") and brought["id"] not in ids("key_alg=EC_P384&limit=200")
    assert brought["id"] in ids("unused=true&key_held=false&limit=200") and ids(f"search={mark}&limit=1&cursor={brought['id']}") == [
        made["id"]]
    customer.buy("digicert-dv-single")
    app = apply_with(customer, f"{mark}.net", brought["id"])
    assert app.status == 201 and ids(f"search={mark}&unused=true") == [made["id"]], app
    out = customer.s.cli("csrs", "list", "--search", mark, "--key-alg", "RSA_2048", "--key-held", "false", key=customer.key)
    assert f"{mark}.net" in out and f"www.{mark}.com" not in out
    assert f"www.{mark}.com" in customer.s.cli("csrs", "list", "--unused", "--search", mark, key=customer.key)


def test_the_detail_tells_everything_that_a_request_says(customer):
    name = fresh()
    b = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([
        x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
    b = b.add_extension(x509.SubjectAlternativeName([
        x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("2001:db8::1")), x509.RFC822Name("a@example.com")]), critical=True)
    b = b.add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    b = b.add_attribute(x509.oid.AttributeOID.CHALLENGE_PASSWORD, b"open sesame")
    csr = b.sign(ec.generate_private_key(ec.SECP384R1()), hashes.SHA384())
    stored = customer.rest("POST", "/csrs:upload", {"csr": base64.b64encode(csr.public_bytes(serialization.Encoding.DER)).decode()})
    facts = [(f["name"], f["value"]) for f in stored.json["facts"]]
    assert {("subject", f"CN={name},C=CN"), ("dns", name), ("ip", "2001:db8::1"), ("email", "a@example.com"), ("key", "EC_P384"),
            ("signature", "ECDSA with SHA-384"), ("extension", "subjectAltName (critical): 3 names"),
            ("extension", "extKeyUsage: serverAuth"), ("attribute", "challengePassword: (not shown)")} <= set(facts), facts
    assert b"sesame" not in stored.body
    r = customer.rest("GET", f"/csrs/{stored.json['id']}/pem")
    assert r.headers["content-type"] == "application/x-pem-file"
    assert x509.load_pem_x509_csr(r.body) == csr


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


def test_the_command_line_brings_keys_of_any_form(ca, customer, tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    csr, pfx, pem = tmp_path / "my.csr", tmp_path / "my.pfx", tmp_path / "my.key"
    csr.write_bytes(x509.load_pem_x509_csr(request_of(key, fresh()).encode()).public_bytes(serialization.Encoding.DER))
    pfx.write_bytes(pkcs12.serialize_key_and_certificates(b"x", key, None, None, serialization.BestAvailableEncryption(b"secret")))
    pem.write_text(secret_pem(key, "other"))
    stored = ca.cli_json("csrs", "upload", csr, key=customer.key)
    ca.cli("csrs", "add-key", stored["id"], pem, key=customer.key, code=2)
    shown = ca.cli_json("csrs", "add-key", stored["id"], pfx, "--password", "-", key=customer.key, stdin="secret\n")
    assert shown["key_held"]
    assert ca.cli("csrs", "pem", stored["id"], key=customer.key) == stored["pem"]
    out = ca.cli("csrs", "show", stored["id"], key=customer.key)
    assert "ECDSA with SHA-256" in out
    ca.cli("csrs", "delete", stored["id"], key=customer.key)
    assert ca.cli_json("csrs", "upload", csr, "--key", pem, "--password", "other", key=customer.key)["key_held"]
