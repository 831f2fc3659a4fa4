# SPDX-License-Identifier: Apache-2.0
"""Chains with DSA keys (RFC 3279 2.3.2): believed for no server, and in the old form for the time when it was used. No service runs."""
import base64
import datetime
import json
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec
from pki import name
from test_foreign_keys import children, tlv

import signet

DSA_SHA1, DSA_SHA256 = bytes.fromhex("300906072a8648ce380403"), bytes.fromhex("300b0609608648016503040302")
OLD = datetime.datetime(2010, 1, 1)


def whole(parts):
    return b"".join(tlv(t, b) for t, b in parts)


class Made:
    """A certificate of any age; by a DSA key with SHA-1 or SHA-256; bare: its own DSA key without parameters."""

    def __init__(self, cn, key, issuer=None, *, ca=True, bare=False, sha1=False, by=None):
        self.cn, self.key = cn, key
        parent = issuer or self
        sign = by or parent.key
        b = x509.CertificateBuilder().subject_name(name(cn)).issuer_name(name(parent.cn)).public_key(key.public_key()).serial_number(7)
        b = b.not_valid_before(OLD).not_valid_after(datetime.datetime(2049, 1, 1))
        b = b.add_extension(x509.BasicConstraints(ca, None), critical=True)
        b = b.add_extension(x509.KeyUsage(not ca, False, False, False, False, ca, ca, False, False), critical=True)
        b = b.add_extension(x509.SubjectKeyIdentifier(cn.encode()), critical=False)
        b = b.add_extension(x509.AuthorityKeyIdentifier(parent.cn.encode(), None, None), critical=False)
        self.der = b.sign(sign, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
        if isinstance(sign, dsa.DSAPrivateKey):
            self.resign(sign, bare, DSA_SHA1 if sha1 else DSA_SHA256, hashes.SHA1() if sha1 else hashes.SHA256())
        elif bare:
            self.resign(sign, bare, whole(children(children(self.der)[0][1])[1:2]), ec.ECDSA(hashes.SHA256()))

    def resign(self, by, bare, alg, how):
        parts = children(children(children(self.der)[0][1])[0][1])
        parts[2] = children(alg)[0]
        if bare:
            spki = children(parts[6][1])
            spki[0] = (0x30, whole(children(spki[0][1])[:1]))
            parts[6] = (0x30, whole(spki))
        tbs = tlv(0x30, whole(parts))
        self.der = tlv(0x30, tbs + alg + tlv(3, b"\0" + by.sign(tbs, how)))

    @property
    def pem(self):
        return f"-----BEGIN CERTIFICATE-----\n{base64.encodebytes(self.der).decode()}-----END CERTIFICATE-----\n"


class Pki:
    def __init__(self):
        self.params, self.others, self.short = (dsa.generate_parameters(n) for n in (2048, 2048, 1024))
        self.ec = ec.generate_private_key(ec.SECP256R1())
        self.root = Made("Root", self.ec)
        self.ca = Made("DSA CA", self.params.generate_private_key(), self.root)
        self.heir = Made("Heir", self.params.generate_private_key(), self.ca, bare=True)


@pytest.fixture(scope="module")
def p():
    return Pki()


@pytest.fixture()
def faults(tmp_path, p):
    """faults(leaf, intermediates, option...): the codes of its faults."""
    def ask(leaf, pool, *argv, purpose="any"):
        for file, certs in (("leaf", [leaf]), ("pool", pool), ("root", [p.root])):
            (tmp_path / file).write_text("".join(c.pem for c in certs))
        r = subprocess.run([signet.program("signet"), "verify", "--leaf", "leaf", "--intermediates", "pool", "--roots", "root", "--purpose", purpose,
                            "--json", *argv], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
        answer = json.loads(r.stdout)
        assert r.returncode == (0 if answer["ok"] else 1)
        return {f["code"] for f in answer["faults"]}
    return ask


def test_dsa_verifies_for_no_server(p, faults):
    leaf = Made("leaf", p.ec, p.ca, ca=False)
    assert faults(leaf, [p.ca]) == set()
    assert {"key", "signature_algorithm"} <= faults(leaf, [p.ca], purpose="server")
    assert faults(Made("leaf", p.ec, p.ca, ca=False, by=p.params.generate_private_key()), [p.ca]) == {"signature"}


def test_parameters_are_those_of_the_key_above(p, faults):
    assert faults(Made("leaf", p.ec, p.heir, ca=False), [p.heir, p.ca]) == set()
    second = Made("Second heir", p.params.generate_private_key(), p.heir, bare=True)
    assert faults(Made("leaf", p.ec, second, ca=False), [second, p.ca, p.heir]) == set()
    assert faults(Made("leaf", p.ec, p.heir, ca=False, by=p.params.generate_private_key()), [p.heir, p.ca]) == {"signature"}
    # below a key of another kind there are none
    orphan = Made("Orphan", p.params.generate_private_key(), p.root, bare=True)
    assert faults(Made("leaf", p.ec, orphan, ca=False), [orphan, p.ca]) == {"signature"}


def test_parameters_from_beside_the_chain_are_not_taken(p, faults):
    """Whoever chooses the generator can sign as anybody: with g = y^k, k's inverse is the private value."""
    n = p.ca.key.private_numbers().public_numbers.parameter_numbers
    y = p.heir.key.private_numbers().public_numbers.y
    x = pow(5, -1, n.q)
    numbers = dsa.DSAPublicNumbers(y, dsa.DSAParameterNumbers(n.p, n.q, pow(y, 5, n.p)))
    thief = dsa.DSAPrivateNumbers(x, numbers).private_key()
    fake = Made("DSA CA", dsa.DSAParameterNumbers(n.p, n.q, pow(y, 5, n.p)).parameters().generate_private_key())
    leaf = Made("leaf", p.ec, p.heir, ca=False, by=thief)
    assert faults(leaf, [p.heir, fake, p.ca]) == {"signature"}


def test_short_keys_and_sha1_are_of_a_time_that_has_passed(p, faults):
    ca = Made("Old CA", p.short.generate_private_key(), p.root)
    heir = Made("Old heir", p.short.generate_private_key(), ca, bare=True, sha1=True)
    for leaf, pool in ((Made("leaf", p.ec, ca, ca=False, sha1=True), [ca]), (Made("leaf", p.ec, heir, ca=False, sha1=True), [heir, ca])):
        assert faults(leaf, pool, "--time", "2011-04-15T00:00:00Z") == set()
        assert {"key_weak", "signature_algorithm"} <= faults(leaf, pool)
    assert faults(Made("leaf", p.ec, p.ca, ca=False, sha1=True), [p.ca]) == {"signature_algorithm"}
