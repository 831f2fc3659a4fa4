# SPDX-License-Identifier: Apache-2.0
"""The SM2 pair: two certificates or none, judged by an implementation that shares no code with ours (npm sm-crypto)."""
import base64
import io
import os
import shutil
import subprocess
import time
import zipfile

import der
import pytest
from customer import Customer
from dnsserver import DnsServer
from relying import unzip
from signet import BUILD, TOP, pem_blocks, wait_for

PRODUCT = "cfca-dv-single"
NAME = "sm2.example.com"
NODE = shutil.which("node", path="/usr/bin:" + os.environ.get("PATH", ""))


@pytest.fixture(scope="module")
def dns(database):
    with DnsServer({"example.com": "signed"}) as server:
        yield server


@pytest.fixture(scope="module")
def ca(database, dns, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor)


@pytest.fixture(scope="module")
def customer(ca):
    return Customer(ca)


# -- the other implementation, and our own tool

def sm_crypto(*args):
    r = subprocess.run([NODE, os.path.join(TOP, "tests/interop/sm2_tool.js"), *args], capture_output=True, text=True)
    assert r.returncode in (0, 1) and not r.stderr, r.stderr
    return r.stdout.strip() if r.stdout else r.returncode == 0


def verifies(signed, spki):
    tbs, signature = der.signed(signed)
    return sm_crypto("verify", spki[-65:].hex(), tbs.hex(), signature.hex())


def read(path, mode="rb"):
    with open(path, mode) as f:
        return f.read()


def openssl(*args, stdin=None):
    return subprocess.run(["openssl", *args], input=stdin, check=True, capture_output=True).stdout


def certificate_of(ca, name):
    return pem_blocks(read(ca.ca()[name], "r"))[0]


def private_of(pem):
    """The number of a private key in PKCS#8 PEM, as 64 hex digits."""
    text = pem.decode() if isinstance(pem, bytes) else pem
    inner = der.content(der.parts(pem_blocks(text, "PRIVATE KEY")[0])[2])
    return der.content(der.parts(inner)[1]).hex()


# -- what is ordered

def pair_of(customer, app):
    """(signing, encryption): the certificates' details and DER."""
    rows = {c["role"]: c for c in customer.issued(app)["certificates"]}
    assert set(rows) == {"sign", "encrypt"}
    out = []
    for role in ("sign", "encrypt"):
        shown = customer.ok("GET", f"/certificates/{rows[role]['id']}")
        pem = customer.ok("GET", f"/certificates/{rows[role]['id']}/pem").decode()
        out.append((shown, pem_blocks(pem)[0]))
    return out


def ordered(customer, dns, **kw):
    customer.buy(PRODUCT)
    app = customer.apply(PRODUCT, NAME, **({"key_alg": "SM2"} | kw))
    customer.publish_dns(app, dns)
    return app


@pytest.fixture(scope="module")
def pair(customer, dns):
    app = ordered(customer, dns)
    customer.verify(app)
    return pair_of(customer, app)


@pytest.fixture(scope="module")
def applicant(tmp_path_factory):
    """An applicant's own key and signing request: (PKCS#8 PEM, request PEM)."""
    folder = str(tmp_path_factory.mktemp("applicant"))
    key, csr = folder + "/key.pem", folder + "/csr.pem"
    with open(key, "wb") as f:
        f.write(openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-pkeyopt",
                        "ec_param_enc:named_curve"))
    openssl("req", "-new", "-key", key, "-sm3", "-sigopt", "distid:1234567812345678", "-subj", f"/CN={NAME}", "-out", csr)
    return read(key), read(csr, "r")


@pytest.fixture(scope="module")
def own_pair(customer, dns, applicant):
    app = ordered(customer, dns, key_alg=None, key_source="csr", csr=applicant[1])
    customer.verify(app)
    return pair_of(customer, app)


# -- the rules

def test_a_pair_has_equal_names_subject_and_validity_and_parted_key_usages(pair):
    (sign, sign_der), (enc, enc_der) = pair
    assert sign["content"]["pair"] == enc["id"] and enc["content"]["pair"] == sign["id"]
    for field in ("names", "subject", "issuer", "not_before", "not_after"):
        assert sign["content"][field] == enc["content"][field], field
    assert sign["content"]["key_alg"] == enc["content"]["key_alg"] == "SM2"
    assert sign["serial"] != enc["serial"] and der.spki(sign_der) != der.spki(enc_der)
    text = [openssl("x509", "-inform", "DER", "-noout", "-ext", "keyUsage", stdin=d).decode() for d in (sign_der, enc_der)]
    assert "Digital Signature" in text[0] and "Encipherment" not in text[0] and "Agreement" not in text[0]
    assert "Key Encipherment" in text[1] and "Data Encipherment" in text[1] and "Signature" not in text[1]


def test_signatures_of_the_whole_chain_verify_elsewhere_with_the_default_signer_id(ca, pair):
    issuer, root = certificate_of(ca, "sm2-1"), certificate_of(ca, "sm2-root-1")
    for _, leaf in pair:
        assert verifies(leaf, der.spki(issuer))
        assert not verifies(leaf, der.spki(root))
    assert verifies(issuer, der.spki(root)) and verifies(root, der.spki(root))


def test_the_tlcp_package_of_keys_made_here_has_five_files_that_fit(customer, pair, tmp_path):
    for shown, _ in pair:  # either half leads to the package
        files = unzip(customer.ok("GET", f"/certificates/{shown['id']}/package?format=tlcp"), tmp_path)
        by_end = {n.rsplit("_", 1)[1]: read(p) for n, p in files.items()}
        assert sorted(by_end) == ["chain.crt", "encrypt.crt", "encrypt.key", "sign.crt", "sign.key"]
        for role, (_, leaf) in zip(("sign", "encrypt"), pair):
            assert pem_blocks(by_end[role + ".crt"].decode()) == [leaf]
            assert sm_crypto("point", private_of(by_end[role + ".key"])) == der.spki(leaf)[-65:].hex()
        chain = pem_blocks(by_end["chain.crt"].decode())
        assert len(chain) == 1 and verifies(pair[0][1], der.spki(chain[0]))


def test_a_pair_in_any_order_is_converted_into_the_five_files(ca, customer, pair, tmp_path):
    files = unzip(customer.ok("GET", f"/certificates/{pair[0][0]['id']}/package?format=tlcp"), tmp_path)
    by_end = {n.rsplit("_", 1)[1]: read(p, "r") for n, p in files.items()}

    def convert(**fields):
        return customer.rest("POST", "/conversions", {"to": "tlcp", "name": "c", **fields})

    def faults(r):
        return {(f["field"], f["code"]) for f in [r.json, *r.json["causes"]]}
    whole = by_end["encrypt.key"] + by_end["chain.crt"] + by_end["encrypt.crt"] + by_end["sign.crt"] + by_end["sign.key"]
    made = convert(certificate=whole)
    with zipfile.ZipFile(io.BytesIO(made.body)) as z:
        assert {n: z.read(n).decode() for n in z.namelist()} == {"c_" + end: text for end, text in by_end.items()}
    one = convert(certificate=by_end["sign.crt"], key=by_end["sign.key"])
    assert ("certificate", "FIELD_MISSING") in faults(one)
    r = convert(certificate=by_end["sign.crt"] + by_end["encrypt.crt"], chain=by_end["chain.crt"], key=by_end["sign.key"])
    assert ("key", "KEY_NONE") in faults(r)
    stranger = openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2").decode()
    assert ("key", "KEY_MISMATCH") in faults(convert(certificate=whole, key=stranger))
    path = tmp_path / "whole.pem"
    path.write_text(whole)
    ca.cli("convert", "--to", "tlcp", "--name", "d", "--out", tmp_path / "out", path)
    assert (tmp_path / "out/d_encrypt.key").read_text() == by_end["encrypt.key"]
    assert (tmp_path / "out/d_sign.key").stat().st_mode & 0o777 == 0o600


def test_a_package_for_one_key_is_not_made_of_a_single_certificate(customer, dns):
    cert = customer.certificate(dns, product="cfca-dv-single", name="one.example.com", key_alg="EC_P256")
    assert customer.rest("GET", f"/certificates/{cert['id']}/package?format=tlcp").code == "FORMAT_UNKNOWN"


def envelope_of(customer, shown, folder):
    files = unzip(customer.ok("GET", f"/certificates/{shown['id']}/package?format=tlcp"), folder)
    ends = sorted(n.rsplit("_", 1)[1] for n in files)
    assert ends == ["chain.crt", "encrypt.crt", "encrypt.envelope.pem", "sign.crt"]
    path = next(p for n, p in files.items() if n.endswith(".envelope.pem"))
    text = "".join(line for line in read(path, "r").splitlines() if not line.startswith("-----"))
    return base64.b64decode(text)


def test_with_the_applicants_request_the_envelope_opens_with_his_key_and_fits_the_encryption_certificate(
        customer, own_pair, applicant, tmp_path):
    (sign, sign_der), (enc, enc_der) = own_pair
    d = private_of(applicant[0])
    assert sm_crypto("point", d) == der.spki(sign_der)[-65:].hex()
    assert not sign["content"]["has_key"]
    envelope = envelope_of(customer, sign, tmp_path)
    # by the other implementation (GM/T 0009 SM2EnvelopedKey)
    _, cipher, point, hidden = der.parts(envelope)
    x, y, digest, text = (der.content(p) for p in der.parts(cipher))
    raw = (x[-32:].rjust(32, b"\0") + y[-32:].rjust(32, b"\0") + digest + text).hex()
    inner = sm_crypto("sm4", sm_crypto("decrypt", d, raw), der.content(hidden)[1:].hex())
    assert der.content(point)[1:] == der.spki(enc_der)[-65:]
    assert sm_crypto("point", inner[-64:]) == der.spki(enc_der)[-65:].hex()
    # by our own tool
    pkcs8 = openssl("pkcs8", "-topk8", "-nocrypt", "-outform", "DER", stdin=applicant[0])
    r = subprocess.run([f"{BUILD}/tests/tools/crypto_tool", "open", pkcs8.hex(), envelope.hex()], capture_output=True,
                       text=True)
    assert r.returncode == 0, r.stderr
    opened = dict(line.split(" ", 1) for line in r.stdout.splitlines())
    assert inner[-64:] in opened["pkcs8"]


def test_signet_opens_the_envelope_without_a_service(ca, customer, own_pair, applicant, tmp_path):
    (sign, _), (_, enc_der) = own_pair
    ca.cli("certificates", "download", sign["id"], "--format", "tlcp", "--extract", "--out", tmp_path, key=customer.key)
    envelope = next(str(p) for p in tmp_path.glob("*.envelope.pem"))
    key, other, out = (str(tmp_path / n) for n in ("sign.key", "other.key", "encrypt.key"))
    with open(key, "wb") as f:
        f.write(applicant[0])
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", other)
    ca.cli("envelope", "open", envelope, "--key", key, "--out", out)
    assert os.stat(out).st_mode & 0o777 == 0o600
    assert sm_crypto("point", private_of(read(out))) == der.spki(enc_der)[-65:].hex()
    assert ca.cli("envelope", "open", envelope, "--key", key).encode() == read(out)
    assert ca.cli("envelope", "open", envelope, "--key", other, code=None) == ""
    ca.cli("envelope", "open", envelope, code=2)
    ca.cli("envelope", "open", key, "--key", key, code=2)


def test_an_interrupted_issue_gives_both_or_neither(ca, customer, dns):
    app = ordered(customer, dns)
    ca.inject("issue.signed", "fail")
    customer.verify(app)
    wait_for("the fault", lambda: not ca.armed("issue.signed"))
    seen = customer.ok("GET", f"/applications/{app['id']}")
    assert {c["state"] for c in seen["certificates"]} <= {"reserved"} or seen["state"] == "issued"
    pair = pair_of(customer, app)
    assert len(customer.ok("GET", f"/applications/{app['id']}")["certificates"]) == len(pair) == 2


def question(ca, leaf, folder):
    """An OCSP request for a leaf."""
    path = os.path.join(str(folder), "leaf.pem")
    with open(path, "wb") as f:
        f.write(openssl("x509", "-inform", "DER", stdin=leaf))
    openssl("ocsp", "-issuer", ca.ca()["sm2-1"], "-cert", path, "-no_nonce", "-reqout", path + ".req")
    return read(path + ".req")


def asked(ca, request):
    r = ca.plain("POST", "/ocsp/sm2-1", request, {"Content-Type": "application/ocsp-request"})
    assert r.status == 200
    return r.body


def word(ca, answer, folder):
    """The word of an OCSP answer, whose signature the other implementation has verified."""
    assert verifies(der.basic_response(answer), der.spki(certificate_of(ca, "sm2-1")))
    path = os.path.join(str(folder), "answer")
    with open(path, "wb") as f:
        f.write(answer)
    text = openssl("ocsp", "-respin", path, "-noverify", "-text").decode()
    return next(line.split(":")[1].strip() for line in text.splitlines() if "Cert Status" in line)


def crl(ca):
    return ca.plain("GET", "/crl/sm2-1/0.crl").body


@pytest.mark.parametrize("half", [0, 1], ids=["sign", "encrypt"])
def test_revoking_one_half_revokes_both_and_ocsp_and_crl_say_so_within_a_second(ca, customer, dns, tmp_path, half):
    app = ordered(customer, dns)
    customer.verify(app)
    pair = pair_of(customer, app)
    questions = [question(ca, leaf, tmp_path) for _, leaf in pair]
    serials = [bytes.fromhex(shown["serial"]) for shown, _ in pair]
    assert [word(ca, asked(ca, q), tmp_path) for q in questions] == ["good", "good"]
    assert not any(s in crl(ca) for s in serials)
    customer.ok("POST", f"/certificates/{pair[half][0]['id']}:revoke", {"reason": "keyCompromise"})
    # what is served counts; other programs look at it afterwards, and take their time
    wait_for("the CRL", lambda: all(s in crl(ca) for s in serials), 1)
    start = time.monotonic()
    answers = [asked(ca, q) for q in questions]
    assert time.monotonic() < start + 1
    assert [word(ca, a, tmp_path) for a in answers] == ["revoked", "revoked"]
    assert verifies(crl(ca), der.spki(certificate_of(ca, "sm2-1")))
    text = openssl("crl", "-inform", "DER", "-noout", "-text", stdin=crl(ca)).decode().upper()
    assert all(shown["serial"].upper() in text for shown, _ in pair)
    for shown, _ in pair:
        now = customer.ok("GET", f"/certificates/{shown['id']}")
        assert now["status"] == "revoked" and now["reason"] == "keyCompromise" and now["content"] is None


def test_an_sm2_request_whose_signature_has_another_id_is_refused(customer, applicant, tmp_path):
    key = str(tmp_path / "key.pem")
    with open(key, "wb") as f:
        f.write(applicant[0])
    csr = openssl("req", "-new", "-key", key, "-sm3", "-sigopt", "distid:", "-subj", f"/CN={NAME}").decode()
    customer.buy(PRODUCT)
    r = customer.rest("POST", "/applications", {
        "product": PRODUCT, "names": [NAME], "method": "dns", "key_source": "csr", "csr": csr,
        "contact": {"name": "Li", "email": "li@example.com", "phone": "+1 555 0100"}})
    assert r.code == "CSR_SIGNATURE", r


def test_a_product_without_sm2_refuses_it_and_says_what_it_has(customer):
    customer.buy("digicert-dv-single")
    r = customer.rest("POST", "/applications", {
        "product": "digicert-dv-single", "names": [NAME], "method": "dns", "key_alg": "SM2",
        "contact": {"name": "Li", "email": "li@example.com", "phone": "+1 555 0100"}})
    assert r.code == "KEY_ALGORITHM" and "EC_P256" in str(r.json)
