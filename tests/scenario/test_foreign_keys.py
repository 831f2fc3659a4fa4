# SPDX-License-Identifier: Apache-2.0
"""Keys of kinds that are never certified here: read, matched, shown, converted, and believed in others' chains. No service runs."""
import json
import subprocess

import pytest
from pki import Cert

import signet

WWW = "www.example.com"
# kind, how OpenSSL makes it, what it is called, what a check says of its certificate
KINDS = [
    ("ed25519", ["-algorithm", "ed25519"], "Ed25519", "edwards_key"),
    ("ed448", ["-algorithm", "ed448"], "Ed448", "edwards_key"),
    ("p521", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"], "EC on P-521", None),
    ("rsa-odd", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2056"], "RSA of 2056 bits", None),
    ("rsa-weak", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"], "RSA of 1024 bits", "weak_key"),
    ("rsa-tiny", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:512"], "RSA of 512 bits", "weak_key"),
    ("pss", ["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"], "RSA-PSS of 2048 bits", "weak_key"),
    ("pss-sha256", ["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_pss_keygen_md:sha256", "-pkeyopt",
                    "rsa_pss_keygen_mgf1_md:sha256", "-pkeyopt", "rsa_pss_keygen_saltlen:32"], "RSA-PSS of 2048 bits", "weak_key"),
    ("secp256k1", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"], "EC on secp256k1", "weak_key"),
    ("brainpool", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP384r1"], "EC on brainpoolP384r1", "weak_key"),
]
by_kind = pytest.mark.parametrize("kind", [k[0] for k in KINDS])


def openssl(cwd, *argv, **kw):
    return subprocess.run(["openssl", *argv], cwd=cwd, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **kw).stdout


def run(cwd, *argv, code=0):
    p = subprocess.run([signet.program("signet"), *argv], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert p.returncode == code, p.stdout + p.stderr
    return p.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """For each kind KIND.key and KIND.pem, under ca.pem."""
    d = tmp_path_factory.mktemp("keys")
    ca = Cert("Root", ca=True)
    (d / "ca.pem").write_text(ca.pem)
    (d / "ca.key").write_text(ca.key_pem())
    (d / "ext").write_text("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n"
                           f"subjectAltName=DNS:{WWW}\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
    for kind, how, _, _ in KINDS:
        openssl(d, "genpkey", *how, "-out", f"{kind}.key")
        csr = openssl(d, "req", "-new", "-key", f"{kind}.key", "-subj", f"/CN={WWW}", *(["-sha256"] if kind == "rsa-tiny" else []))
        openssl(d, "x509", "-req", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "77", "-days", "60", "-sha256", "-extfile", "ext",
                "-out", f"{kind}.pem", input=csr)
    return d


@by_kind
def test_a_key_is_named_and_fits_its_certificate(made, kind):
    name, finding = next(k[2:] for k in KINDS if k[0] == kind)
    assert f" {name}\n" in run(made, "parse", "--kind", "key", f"{kind}.key")
    answer = json.loads(run(made, "inspect", f"{kind}.pem", "--key", f"{kind}.key", "--roots", "ca.pem", "--purpose", "store", "--json"))
    assert answer["key_found"] and {f["code"]: f["severity"] for f in answer["findings"]} == ({finding: "warning"} if finding else {}), answer


@by_kind
def test_another_key_of_the_kind_does_not_fit(made, tmp_path, kind):
    openssl(made, "genpkey", *next(k[1] for k in KINDS if k[0] == kind), "-out", tmp_path / "other.key")
    answer = json.loads(run(made, "inspect", f"{kind}.pem", "--key", str(tmp_path / "other.key"), "--roots", "ca.pem", "--json", code=1))
    assert "key_mismatch" in {f["code"] for f in answer["findings"]}


@by_kind
def test_a_key_is_converted_and_read_back_by_others(made, tmp_path, kind):
    public = openssl(made, "pkey", "-in", f"{kind}.key", "-pubout")
    for to, name in (("pem", f"{kind}.key"), ("nginx", f"{kind}.key"), ("der", f"{kind}.key.der")):
        run(made, "convert", "--to", to, "--out", str(tmp_path / to), f"{kind}.pem", f"{kind}.key")
        found = [p for p in (tmp_path / to).iterdir() if p.suffix == ".key" or p.name.endswith(".key.der")]
        assert len(found) == 1 and openssl(made, "pkey", "-in", found[0], "-pubout", "-inform", "DER" if to == "der" else "PEM") == public, name
    run(made, "convert", "--to", "pfx", "--new-password", "secret99", "--out", str(tmp_path / "pfx"), f"{kind}.pem", f"{kind}.key")
    pfx = next((tmp_path / "pfx").glob("*.pfx"))
    pem = openssl(made, "pkcs12", "-in", pfx, "-nodes", "-passin", "pass:secret99")
    assert openssl(made, "rsa" if "pss" in kind else "pkey", *(["-noout", "-modulus"] if "pss" in kind else ["-pubout"]), input=pem) == (
        openssl(made, "rsa", "-in", f"{kind}.key", "-noout", "-modulus") if "pss" in kind else public)
    # and by ourselves, from both keystores
    run(made, "convert", "--to", "jks", "--new-password", "secret99", "--out", str(tmp_path / "jks"), f"{kind}.pem", f"{kind}.key")
    for store in (pfx, next((tmp_path / "jks").glob("*.jks"))):
        answer = json.loads(run(made, "inspect", str(store), "--password", "secret99", "--roots", "ca.pem", "--purpose", "store", "--json"))
        assert answer["key_found"], answer


@by_kind
def test_parts_that_do_not_fit_are_a_damaged_key(made, tmp_path, kind):
    der = openssl(made, "pkcs8", "-topk8", "-nocrypt", "-in", f"{kind}.key", "-outform", "DER")
    for cut in (der[:-1], der + b"\0", der[:40] + bytes([der[40] ^ 1]) + der[41:] if not kind.startswith("ed") else der[:-2]):
        (tmp_path / "bad.der").write_bytes(cut)
        run(made, "parse", "--kind", "key", str(tmp_path / "bad.der"), code=1)


@by_kind
def test_such_a_key_is_never_certified(made, tmp_path, kind):
    if kind in ("rsa-odd",):
        return
    (tmp_path / "a.csr").write_bytes(openssl(made, "req", "-new", "-key", f"{kind}.key", "-subj", f"/CN={WWW}"))
    assert "refused" in run(made, "parse", "--kind", "csr", str(tmp_path / "a.csr"))


@pytest.mark.parametrize("kind", ["ed25519", "ed448", "p521", "pss", "pss-sha256"])
def test_chains_signed_by_such_a_key_verify(made, tmp_path, kind):
    (tmp_path / "ca").write_text("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n")
    csr = openssl(made, "req", "-new", "-key", f"{kind}.key", "-subj", "/CN=Own root")
    openssl(tmp_path, "x509", "-req", "-signkey", made / f"{kind}.key", "-days", "30", "-extfile", "ca", "-out", "root.pem", input=csr)
    csr = openssl(made, "req", "-new", "-key", "ca.key", "-subj", f"/CN={WWW}")
    openssl(tmp_path, "x509", "-req", "-CA", "root.pem", "-CAkey", made / f"{kind}.key", "-set_serial", "78", "-days", "9", "-extfile",
            made / "ext", "-out", "leaf.pem", input=csr)
    run(tmp_path, "verify", "--leaf", "leaf.pem", "--roots", "root.pem", "--purpose", "any")
    answer = json.loads(run(tmp_path, "verify", "--leaf", str(made / "ed25519.pem"), "--roots", "root.pem", "--purpose", "any", "--json", code=1))
    assert not answer["ok"]
    # one bit of the signature
    der = bytearray(openssl(tmp_path, "x509", "-in", "leaf.pem", "-outform", "DER"))
    der[-20] ^= 1
    (tmp_path / "forged.der").write_bytes(der)
    answer = json.loads(run(tmp_path, "verify", "--leaf", "forged.der", "--roots", "root.pem", "--purpose", "any", "--json", code=1))
    assert [f["code"] for f in answer["faults"]] == ["signature"]
    # what a browser would not read is no server's chain
    server = json.loads(run(tmp_path, "verify", "--leaf", "leaf.pem", "--roots", "root.pem", "--json", code=1 if "pss" in kind else 0))
    assert [f["code"] for f in server["faults"]] == (["web_key"] if "pss" in kind else [])


def tlv(tag, body):
    n = len(body)
    more = (n.bit_length() + 7) // 8
    return bytes([tag]) + (bytes([n]) if n < 128 else bytes([0x80 | more]) + n.to_bytes(more, "big")) + body


def children(body):
    at, out = 0, []
    while at < len(body):
        n, head = body[at + 1], 2
        if n & 0x80:
            head += n & 0x7f
            n = int.from_bytes(body[at + 2:at + head], "big")
        out.append((body[at], body[at + head:at + head + n]))
        at += head + n
    return out


def with_pss_key(der, params):
    """The certificate with its RSA key named as one for PSS alone; its signature is spoilt, which is nothing to an anchor."""
    def whole(parts):
        return b"".join(tlv(t, b) for t, b in parts)
    tbs, alg, sig = children(children(der)[0][1])
    parts = children(tbs[1])
    spki = next(i for i, (tag, body) in enumerate(parts) if bytes.fromhex("2a864886f70d010101") in body)
    bits = children(parts[spki][1])[1]
    parts[spki] = (0x30, tlv(0x30, bytes.fromhex("06092a864886f70d01010a") + params) + tlv(*bits))
    return tlv(0x30, whole([(0x30, whole(parts)), alg, sig]))


SHA256 = bytes.fromhex("300b0609608648016503040201")


def pss_params(salt):
    mask = tlv(0x30, bytes.fromhex("06092a864886f70d010108") + SHA256)
    return tlv(0x30, tlv(0xa0, SHA256) + tlv(0xa1, mask) + tlv(0xa2, tlv(2, bytes([salt]))))


def test_a_key_for_pss_verifies_only_what_it_allows(made, tmp_path):
    (tmp_path / "ca").write_text("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n")
    openssl(tmp_path, "genrsa", "-out", "k.key", "2048")
    csr = openssl(tmp_path, "req", "-new", "-key", "k.key", "-subj", "/CN=Own root")
    openssl(tmp_path, "x509", "-req", "-signkey", "k.key", "-days", "30", "-extfile", "ca", "-out", "plain.pem", input=csr)
    plain = openssl(tmp_path, "x509", "-in", "plain.pem", "-outform", "DER")
    for name, params in (("plain", None), ("free", b""), ("salt32", pss_params(32)), ("salt48", pss_params(48))):
        (tmp_path / name).write_bytes(plain if params is None else with_pss_key(plain, params))
    csr = openssl(made, "req", "-new", "-key", "ca.key", "-subj", f"/CN={WWW}")
    signed = {"pkcs1": ["-sha256"], "sha256-32": ["-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"],
              "sha256-20": ["-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:20"],
              "sha512-64": ["-sha512", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:64"]}
    allowed = {"plain": set(signed), "free": {"sha256-32", "sha256-20", "sha512-64"}, "salt32": {"sha256-32"}, "salt48": set()}
    for how, options in signed.items():
        openssl(tmp_path, "x509", "-req", "-CA", "plain.pem", "-CAkey", "k.key", "-set_serial", "78", "-days", "9", "-extfile", made / "ext",
                *options, "-out", how, input=csr)
        for root, good in allowed.items():
            answer = json.loads(run(tmp_path, "verify", "--leaf", how, "--roots", root, "--purpose", "any", "--json", code=0 if how in good else 1))
            assert [f["code"] for f in answer["faults"]] == ([] if how in good else ["signature"]), (how, root)


def test_a_key_that_spells_its_curve_out_is_told_how_to_name_it(made, tmp_path):
    old, new = tmp_path / "old.key", tmp_path / "new.key"
    openssl(made, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit", "-out", old)
    told = run(made, "inspect", "ca.pem", "--key", str(old), code=1)
    assert "openssl pkey -in OLD -ec_param_enc named_curve -out NEW" in told
    openssl(made, "pkey", "-in", old, "-ec_param_enc", "named_curve", "-out", new)
    assert "named_curve" not in run(made, "inspect", "ca.pem", "--key", str(new), code=1)
