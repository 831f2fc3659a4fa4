#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Random policies, mappings and constraints along a chain, under the house's judge and under RFC 5280 6.1 taken word by word.

usage: path_policies.py PATH_JUDGE [SEED [HOW_MANY]]

The judge keeps the policies as a graph (RFC 9618); here they are the tree of RFC 5280, node by node.
"""
import datetime
import json
import random
import subprocess
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW, DAY = datetime.datetime(2026, 1, 1), datetime.timedelta(days=1)
KEYS = [ec.generate_private_key(ec.SECP256R1()) for _ in range(5)]
WWW, ANY = "www.example.com", "2.5.29.32.0"
OIDS = [f"1.3.6.1.4.1.99999.{i}" for i in (1, 2, 3)]


class Link:
    """One certificate below the anchor, drawn at random."""

    def __init__(self, r, ca, self_issued):
        self.ca, self.self_issued, self.policies, self.mappings = ca, ca and self_issued, None, []
        if r.random() < 0.9:
            self.policies = r.sample(OIDS, r.randint(1, 3)) + ([ANY] if r.random() < 0.35 else [])
            r.shuffle(self.policies)
            if ca and r.random() < 0.4:
                # RFC 5280 4.2.1.5: what is mapped stands in the certificate, or anyPolicy does not; the judge is strict there
                named = [p for p in self.policies if p != ANY]
                self.mappings = sorted({(r.choice(named), r.choice(OIDS)) for _ in range(r.randint(1, 2))})
        self.require, self.inhibit = (r.choice([None, 0, 1, 2]), r.choice([0, 1, 2])) if ca and r.random() < 0.3 else (None, None)
        self.inhibit_any = r.choice([0, 1]) if ca and r.random() < 0.2 else None


def oid_der(text):
    out = bytearray([int(text.split(".")[0]) * 40 + int(text.split(".")[1])])
    for arc in map(int, text.split(".")[2:]):
        digits = [arc & 127]
        while arc := arc >> 7:
            digits.insert(0, 128 | arc & 127)
        out += bytes(digits)
    return b"\x06" + bytes([len(out)]) + bytes(out)


def sequence(*parts):
    body = b"".join(parts)
    assert len(body) < 128
    return b"\x30" + bytes([len(body)]) + body


def pem(link, subject, issuer, key, by):
    b = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    b = b.serial_number(x509.random_serial_number()).not_valid_before(NOW - DAY).not_valid_after(NOW + 90 * DAY)
    ca = link is None or link.ca
    b = b.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    b = b.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), False)
    b = b.add_extension(x509.BasicConstraints(ca, None), True)
    b = b.add_extension(x509.KeyUsage(not ca, False, False, False, False, ca, ca, False, False), True)
    if not ca:
        b = b.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        b = b.add_extension(x509.SubjectAlternativeName([x509.DNSName(WWW)]), True)
    if link and link.policies is not None:
        b = b.add_extension(x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(p), None) for p in link.policies]), False)
    if link and link.mappings:
        der = sequence(*(sequence(oid_der(a), oid_der(o)) for a, o in link.mappings))
        b = b.add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.33"), der), True)
    if link and link.inhibit is not None:
        b = b.add_extension(x509.PolicyConstraints(link.require, link.inhibit), True)
    if link and link.inhibit_any is not None:
        b = b.add_extension(x509.InhibitAnyPolicy(link.inhibit_any), True)
    return b.sign(by, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


class Policy:
    def __init__(self, valid, expected, parent):
        self.valid, self.expected, self.parent = valid, expected, parent


def prune(tree):
    for d in range(len(tree) - 2, -1, -1):
        tree[d] = [n for n in tree[d] if any(c.parent is n for c in tree[d + 1])]
    return tree if tree[0] else None


def grow(tree, link, inhibit_any):
    """6.1.3 (d)"""
    new = []
    for p in link.policies:
        if p == ANY:
            continue
        fits = [n for n in tree[-1] if p in n.expected] or [n for n in tree[-1] if n.valid == ANY]
        new += [Policy(p, {p}, n) for n in fits]
    if ANY in link.policies and (inhibit_any > 0 or link.self_issued):
        for n in tree[-1]:
            new += [Policy(e, {e}, n) for e in sorted(n.expected) if not any(c.parent is n and c.valid == e for c in new)]
    return prune(tree + [new])


def map_policies(tree, link, mapping):
    """6.1.4 (b)"""
    for issuer in {a for a, _ in link.mappings}:
        subjects = {o for a, o in link.mappings if a == issuer}
        mapped = [n for n in tree[-1] if n.valid == issuer]
        if mapping > 0:
            for n in mapped:
                n.expected = set(subjects)
            if not mapped:
                tree[-1] += [Policy(issuer, set(subjects), n.parent) for n in tree[-1] if n.valid == ANY]
        else:
            tree[-1] = [n for n in tree[-1] if n.valid != issuer]
            tree = prune(tree)
            if not tree:
                return None
    return tree


def wanted(tree, user):
    """6.1.5 (g) (iii)"""
    top = [n for level in tree[1:] for n in level if n.parent.valid == ANY]
    gone = {id(n) for n in top if n.valid != ANY and n.valid not in user}
    for d in range(1, len(tree)):
        gone |= {id(n) for n in tree[d] if id(n.parent) in gone}
        tree[d] = [n for n in tree[d] if id(n) not in gone]
    last = [n for n in tree[-1] if n.valid == ANY]
    if last:
        tree[-1] += [Policy(p, {p}, last[0].parent) for p in user if p not in {n.valid for n in top}]
        tree[-1] = [n for n in tree[-1] if n.valid != ANY]
    return bool(tree[-1])


def holds(chain, user, explicit, no_mapping, no_any):
    never = len(chain) + 1
    explicit, mapping, any_ok = 0 if explicit else never, 0 if no_mapping else never, 0 if no_any else never
    tree = [[Policy(ANY, {ANY}, None)]]
    for link in chain:
        tree = grow(tree, link, any_ok) if tree and link.policies is not None else None
        if not tree and not explicit:
            return False
        if not link.ca:
            break
        if tree:
            tree = map_policies(tree, link, mapping)
        if not link.self_issued:
            explicit, mapping, any_ok = max(explicit - 1, 0), max(mapping - 1, 0), max(any_ok - 1, 0)
        explicit = min(explicit, never if link.require is None else link.require)
        mapping = min(mapping, never if link.inhibit is None else link.inhibit)
        any_ok = min(any_ok, never if link.inhibit_any is None else link.inhibit_any)
    return max(explicit - 1, 0) > 0 or bool(tree and (not user or wanted(tree, user)))


def case(r, i):
    n = r.randint(1, 3)
    chain = [Link(r, k < n, k > 0 and r.random() < 0.2) for k in range(n + 1)]
    user = r.sample(OIDS, r.randint(1, 2)) if r.random() < 0.6 else []
    flags = {"explicit_policy": r.random() < 0.5, "inhibit_mapping": r.random() < 0.1, "inhibit_any": r.random() < 0.1}
    subject = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Root")])]
    certs = [pem(None, subject[0], subject[0], KEYS[0], KEYS[0])]
    for k, link in enumerate(chain):
        own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"CA {k}")] if link.ca else [])
        subject.append(subject[-1] if link.self_issued else own)
        certs.append(pem(link, subject[-1], subject[-2], KEYS[k + 1], KEYS[k]))
    line = {"id": str(i), "leaf": certs[-1], "intermediates": certs[1:-1], "roots": certs[:1], "crls": [], "time": NOW.isoformat() + "Z",
            "purpose": "server", "name": WWW, "name_kind": "DNS", "opts": {**flags, "initial_policy_set": ",".join(user)}}
    return json.dumps(line) + "\n", "ok" if holds(chain, user, *flags.values()) else "fail"


def main():
    seed, many = (int(a) for a in (sys.argv[2:] + ["1", "300"][len(sys.argv) - 2:]))
    r = random.Random(seed)
    cases = [case(r, i) for i in range(many)]
    p = subprocess.run([sys.argv[1]], input="".join(line for line, _ in cases), stdout=subprocess.PIPE, text=True, check=True)
    got = dict(line.split("\t")[:2] for line in p.stdout.splitlines())
    wrong = [f"{i}: {got.get(str(i))} instead of {t} (seed {seed})" for i, (_, t) in enumerate(cases) if got.get(str(i)) != t]
    oks = sum(t == "ok" for _, t in cases)
    if not many / 5 < oks < many * 9 / 10:
        wrong.append(f"{oks} of {many} hold: the chains say too little")
    print("\n".join(wrong) or f"{many} agree, {oks} of them hold")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
