# SPDX-License-Identifier: Apache-2.0
"""`signet inspect FILE`: each row of the table of faults and purposes. No service runs."""
import json
import subprocess

import pki
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID
from pki import Cert

import signet

WWW = "www.example.com"
E, W, N, O = "error", "warning", "note", None


class Pki:
    def __init__(self):
        self.root = Cert("Root", ca=True, days=4000, start=-10)
        self.ca = Cert("Issuer", self.root, ca=True, days=2000, start=-10)
        self.old = Cert("Old issuer", self.root, ca=True, key=pki.rsa_key(), days=2000, start=-10)
        self.leaf = Cert(WWW, self.ca)
        self.other = Cert("other.example.com", self.ca)

    def under(self, **kw):
        """A leaf under an issuer with something wrong."""
        ca = Cert("Issuer", self.root, ca=True, days=2000, start=-10, **kw)
        return Cert(WWW, ca), ca


@pytest.fixture(scope="module")
def pki_():
    return Pki()


@pytest.fixture()
def inspect(tmp_path, pki_):
    """inspect({field: text}, option...): the answer in JSON. Fields: cert, key, chain."""
    def ask(files, *argv, roots=None, code=None, plain=False):
        for field, text in {**files, "roots": roots or pki_.root.pem}.items():
            mode = "wb" if isinstance(text, bytes) else "w"
            with open(tmp_path / field, mode) as f:
                f.write(text)
        options = [a for field in ("key", "chain") if field in files for a in ("--" + field, field)]
        p = subprocess.run([signet.program("signet"), "inspect", "cert", *options, "--roots", "roots", *argv,
                            *([] if plain else ["--json"])], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if code is not None:
            assert p.returncode == code, p.stdout + p.stderr
        return p.stdout if plain else json.loads(p.stdout)
    return ask


def good(p):
    return {"cert": p.leaf.pem, "key": p.leaf.key_pem(), "chain": p.ca.pem}


def weak(p):
    leaf = Cert(WWW, p.ca, key=pki.rsa_key(1024))
    return {"cert": leaf.pem, "key": leaf.key_pem(), "chain": p.ca.pem}


def of(leaf, *chain):
    return {"cert": leaf.pem, "key": leaf.key_pem(), **({"chain": "".join(c.pem for c in chain)} if chain else {})}


def forged(p):
    return of(Cert(WWW, p.ca, signer=p.other), p.ca)


def bad_issuer(p, **kw):
    return of(*p.under(**kw))


def path_length(p):
    above = Cert("Above", p.root, ca=True, path_length=0)
    below = Cert("Below", above, ca=True)
    return of(Cert(WWW, below), below, above)


# what, files, options, code, severity to store, deploy, mail
ROWS = [
    ("no file that is known", lambda p: {**good(p), "cert": "hello"}, [], "file", E, E, E),
    ("one of several blocks damaged", lambda p: {**good(p), "chain": p.ca.pem + "-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n"}, [],
     "file", E, E, E),
    ("a request for a certificate", lambda p: {**good(p), "cert": p.leaf.csr_pem()}, [], "wrong_place", E, E, E),
    ("a public key for a key", lambda p: {**good(p), "key": p.leaf.public_pem()}, [], "wrong_place", E, E, E),
    ("a key and no certificate", lambda p: {"cert": p.leaf.key_pem()}, [], "certificate_missing", E, E, E),
    ("a locked key", lambda p: {**good(p), "key": p.leaf.key_pem("secret")}, [], "key_locked", E, E, E),
    ("a wrong passphrase", lambda p: {**good(p), "key": p.leaf.key_pem("secret")}, ["--password", "no"], "passphrase_wrong", E, E, E),
    ("a damaged key", lambda p: {**good(p), "key": "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"}, [], "key_damaged",
     E, E, E),
    ("another's key", lambda p: {**good(p), "key": p.other.key_pem()}, [], "key_mismatch", E, E, E),
    ("two leaves", lambda p: {**good(p), "cert": p.leaf.pem + p.other.pem}, [], "two_leaves", E, E, E),
    ("leaf in the chain's field", lambda p: {"cert": p.ca.pem, "key": p.leaf.key_pem(), "chain": p.leaf.pem}, [], "leaf_in_chain", E, E, E),
    ("chain in both fields", lambda p: {**good(p), "cert": p.leaf.pem + p.ca.pem}, [], "several_with_chain", O, O, E),
    ("a forged signature", forged, [], "signature", E, E, E),
    ("an issuer that is no CA", lambda p: of(Cert(WWW, p.other), p.other, p.ca), [], "issuer_rules", W, E, E),
    ("an issuer that may not sign", lambda p: bad_issuer(p, sign_certs=False), [], "issuer_rules", W, E, E),
    ("names that the issuer may not certify", lambda p: bad_issuer(p, permitted=["example.net"]), [], "issuer_rules", W, E, E),
    ("a path that is too long", path_length, [], "issuer_rules", W, E, E),
    ("no server's certificate", lambda p: of(Cert(WWW, p.ca, eku=[ExtendedKeyUsageOID.CLIENT_AUTH]), p.ca), [], "issuer_rules", W, E, E),
    ("a CA's certificate", lambda p: of(p.ca), [], "issuer_rules", W, E, E),
    ("no chain", lambda p: of(p.leaf), [], "chain_incomplete", W, E, E),
    ("a chain that is known here", lambda p: {**of(p.leaf), "known": p.ca.pem}, ["--known", "known"], "chain_completed", N, N, N),
    ("the chain in no order", lambda p: {"cert": p.ca.pem + p.leaf.pem, "key": p.leaf.key_pem()}, [], "chain_reordered", N, N, N),
    ("certificates of no path", lambda p: {**good(p), "chain": p.ca.pem + Cert("Else", ca=True).pem}, [], "left_out", N, N, N),
    ("it ends soon", lambda p: of(Cert(WWW, p.ca, days=9), p.ca), [], "expires_soon", N, N, N),
    ("another name", good, ["--name", "mail.example.com"], "name_mismatch", O, E, E),
    ("another address", good, ["--name", "192.0.2.1"], "name_mismatch", O, E, E),
    ("SHA-1", lambda p: of(Cert(WWW, p.old, sha1=True), p.old), [], "weak_digest", W, E, E),
    ("RSA of 1024 bits", weak, [], "weak_key", W, E, E),
    ("a curve that is not taken", lambda p: of(Cert(WWW, p.ca, key=ec.generate_private_key(ec.SECP256K1())), p.ca),
     [], "weak_key", W, E, E),
    ("Ed25519", lambda p: of(Cert(WWW, p.ca, key=ed25519.Ed25519PrivateKey.generate()), p.ca), [], "edwards_key", W, W, W),
    ("an issuer with Ed25519", lambda p: of(*p.under(key=ed25519.Ed25519PrivateKey.generate())), [], "edwards_key", W, W, W),
    ("an issuer that ends soon", lambda p: of(Cert(WWW, c := Cert("Issuer", p.root, ca=True, days=9)), c), [], "expires_soon", N, N, N),
    ("Ed448", lambda p: of(Cert(WWW, p.ca, key=ed448.Ed448PrivateKey.generate()), p.ca), [], "edwards_key", W, W, W),
    ("expired", lambda p: of(Cert(WWW, p.ca, start=-9, days=5), p.ca), [], "expired", W, E, E),
    ("an issuer expired", lambda p: of(Cert(WWW, c := Cert("Issuer", p.root, ca=True, start=-9, days=5)), c), [], "expired", W, E, E),
    ("not yet valid", lambda p: of(Cert(WWW, p.ca, start=5), p.ca), [], "not_yet_valid", W, E, E),
    ("revoked", lambda p: {**good(p), "chain": p.ca.pem + p.ca.crl_pem(p.leaf)}, [], "revoked", W, E, E),
    ("a list that does not tell", lambda p: {**good(p), "chain": p.ca.pem + p.root.crl_pem()}, [], "status_unknown", W, W, W),
    ("an issuer in no trust store", lambda p: of(Cert(WWW, c := Cert("Own", ca=True)), c), [], "untrusted", W, W, W),
    ("a root that is missing", lambda p: of(Cert(WWW, c := Cert("Below", Cert("Own", ca=True), ca=True)), c), [], "untrusted", W, W, W),
]


@pytest.mark.parametrize("purpose, column", [("store", 0), ("deploy", 1), ("mail", 2)])
@pytest.mark.parametrize("what, files, options, code, severities", [(*r[:4], r[4:]) for r in ROWS], ids=[r[0] for r in ROWS])
def test_each_fault_weighs_as_its_purpose_says(pki_, inspect, what, files, options, code, severities, purpose, column):
    want = severities[column]
    answer = inspect(files(pki_), "--purpose", purpose, *options)
    found = [f for f in answer["findings"] if f["code"] == code]
    if want is None:
        assert not found, answer
        return
    assert found and found[0]["severity"] == want and found[0]["message"], answer
    assert found[0]["cure"] or want == N
    assert ("GlobalSign" in found[0]["found"]) == ((code, purpose) == ("untrusted", "mail"))
    assert answer["ok"] == (not any(f["severity"] == E for f in answer["findings"]))


def vector(name):
    with open(f"{signet.TOP}/tests/vectors/sm2/{name}", "rb") as f:
        return f.read()


SM2 = {"sign": "tjfoc-sm2_sign_cert.cer", "enc": "tjfoc-sm2_enc_cert.cer", "ca": "tjfoc-SM2_CA.cer", "sign_key": "tjfoc-sm2_sign_key.pem",
       "enc_key": "tjfoc-sm2_enc_key.pem", "other_sign": "tongsuo-sm2-server-sign.crt", "other_enc": "tongsuo-sm2-server-enc.crt"}
FIELDS = {"encryption-cert": "enc", "encryption-key": "enc_key", "chain": "ca", "key": "sign_key"}


@pytest.mark.parametrize("what, fields, code, severity", [
    ("the pair", {}, None, None),
    ("no encryption certificate", {"encryption-cert": None, "encryption-key": None}, "sm2_half_missing", E),
    ("no signing certificate", {"cert": "enc", "encryption-cert": None}, "sm2_half_missing", E),
    ("each in the other's field", {"cert": "enc", "encryption-cert": "sign"}, "sm2_usage", E),
    ("two for signing", {"encryption-cert": "other_sign"}, "sm2_usage", E),
    ("different subjects", {"cert": "other_sign", "encryption-cert": "other_enc"}, "sm2_subject", E),
    ("no key of the encryption half", {"encryption-key": "sign_key"}, "key_mismatch", E),
    ("keys in each other's field", {"encryption-key": "sign_key", "key": "enc_key"}, None, None),
])
@pytest.mark.parametrize("purpose", ["store", "deploy", "mail"])
def test_the_halves_of_an_sm2_pair_belong_together(inspect, what, fields, code, severity, purpose):
    files = {name: vector(SM2[of_]) for name, of_ in {"cert": "sign", **FIELDS, **fields}.items() if of_}
    options = [a for name in ("encryption-cert", "encryption-key") if name in files for a in ("--" + name, name)]
    answer = inspect(files, *options, "--purpose", purpose, roots=vector(SM2["ca"]))
    found = {f["code"]: f["severity"] for f in answer["findings"]}
    assert found.get(code) == severity and (code or answer["ok"]), answer


def test_one_file_is_sorted_by_usage(inspect):
    answer = inspect({"cert": vector(SM2["enc"]) + b"\n" + vector(SM2["sign"])}, roots=vector(SM2["ca"]))
    assert answer["ok"] and answer["trusted"] and not any(f["code"].startswith("sm2") for f in answer["findings"]), answer


def test_one_key_of_both_halves_is_a_warning(inspect, tmp_path):
    id_ = "distid:1234567812345678"

    def run(*argv):
        subprocess.run(["openssl", *argv], cwd=tmp_path, check=True, capture_output=True)

    for key in ("ca.key", "a.key"):
        run("genpkey", "-algorithm", "SM2", "-out", key)
    run("req", "-x509", "-sm3", "-sigopt", id_, "-key", "ca.key", "-out", "ca.pem", "-subj", "/CN=SM2 CA")
    run("req", "-new", "-sm3", "-sigopt", id_, "-key", "a.key", "-out", "a.csr", "-subj", "/CN=a.example")
    for half, usage in (("sign", "digitalSignature"), ("enc", "keyEncipherment")):
        (tmp_path / "ext").write_text(f"keyUsage=critical,{usage}\nsubjectAltName=DNS:a.example\n")
        run("x509", "-req", "-sm3", "-vfyopt", id_, "-sigopt", id_, "-in", "a.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out",
            half, "-extfile", "ext")
    made = {name: (tmp_path / name).read_text() for name in ("sign", "enc", "ca.pem", "a.key")}
    answer = inspect({"cert": made["sign"] + made["enc"] + made["a.key"]}, roots=made["ca.pem"])
    found = {f["code"]: f["severity"] for f in answer["findings"]}
    assert found.get("sm2_one_key") == W and answer["ok"], answer


def test_a_good_one_has_no_finding_and_a_chain_in_order(pki_, inspect):
    for files in (good(pki_), {"cert": pki_.leaf.pem + pki_.ca.pem, "key": pki_.leaf.key_pem()},
                  {"cert": pki_.leaf.pem + pki_.ca.pem + pki_.leaf.key_pem()}):
        answer = inspect(files, "--name", WWW, code=0)
        assert answer["ok"] and answer["trusted"] and answer["key_found"] and not answer["findings"], answer
        assert [c["subject"] for c in answer["chain"]][:2] == ["CN=" + WWW, "CN=Issuer"]


def test_people_see_every_name_and_address(pki_, inspect):
    leaf = Cert(WWW, pki_.ca, names=(WWW, "192.0.2.7", "2001:db8::7"))
    text = inspect({"cert": leaf.pem, "key": leaf.key_pem(), "chain": pki_.ca.pem}, plain=True, code=0)
    assert [line.split()[1] for line in text.splitlines() if line.startswith("   name ")][:3] == [WWW, "192.0.2.7", "2001:db8::7"]


def test_what_a_certificate_says_cannot_steer_the_terminal(pki_, inspect):
    leaf = Cert("red\u009b31m.example.com", pki_.ca, names=(WWW,))
    text = inspect({"cert": leaf.pem, "key": leaf.key_pem(), "chain": pki_.ca.pem}, plain=True)
    assert "CN=red??31m.example.com" in text and "\u009b" not in text, text


def test_all_faults_are_told_at_once_with_their_places(pki_, inspect):
    leaf = Cert("www.else.net", pki_.old, start=-9, days=5, sha1=True)
    answer = inspect({"cert": "remark\n" + leaf.pem, "key": pki_.other.key_pem(), "chain": pki_.ca.csr_pem() + pki_.old.pem}, "--name", WWW, code=1)
    found = {f["code"]: f for f in answer["findings"]}
    assert {"wrong_place", "key_mismatch", "expired", "name_mismatch", "weak_digest"} <= set(found), answer
    assert (found["expired"]["file"], found["expired"]["line"], found["expired"]["certificate"]) == ("cert", 2, 0)
    assert (found["wrong_place"]["file"], found["wrong_place"]["line"]) == ("chain", 1)


def test_the_models_two_messages_stand_in_its_own_words(pki_, inspect):
    mismatch = {**good(pki_), "key": pki_.other.key_pem()}
    two = {**good(pki_), "cert": pki_.leaf.pem + pki_.other.pem}
    for files, english, chinese in ((mismatch, "Certificate and key do not match", "证书与私钥不匹配"),
                                    (two, "Certificate file can only contain one certificate", "证书文件只能包含一张证书")):
        assert english in inspect(files, plain=True, code=1)
        assert chinese in inspect(files, "--chinese", plain=True, code=1)


def test_names_that_nobody_can_register_are_asked_of_the_public_suffix_list(pki_, inspect):
    leaf = Cert("localhost", pki_.ca, names=["localhost", "*.co.uk"])
    for name, findings in (("localhost", []), ("mine.co.uk", ["form"])):
        answer = inspect({"cert": leaf.pem, "chain": pki_.ca.pem}, "--name", name)
        assert [f["code"] for f in answer["findings"]] == findings, answer


def test_bad_options_are_usage(pki_, inspect, tmp_path):
    for argv in (["--purpose", "fun"], ["--time", "today"]):
        p = subprocess.run([signet.program("signet"), "inspect", "/dev/null", *argv], capture_output=True)
        assert p.returncode == 2, p
