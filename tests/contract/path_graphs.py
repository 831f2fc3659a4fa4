#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Random hierarchies (cross-signed, with loops, several keys of one name, dead ends) under the house's own judge.

usage: path_graphs.py PATH_JUDGE [SEED [HOW_MANY]]

Each is small enough that every chain in it is tried here by the rules alone: the judge must find one exactly when there is one.
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
KEYS = [ec.generate_private_key(ec.SECP256R1()) for _ in range(6)]
LEAF_KEY = ec.generate_private_key(ec.SECP256R1())
WWW = "www.example.com"
# What may be wrong with a CA's certificate, or confines it.
FLAWS = ["expired", "forged", "no_ca", "no_cert_sign", "clients", "other_names", ("length", 0), ("length", 1), "own_names"]
FATAL = {"expired", "no_ca", "no_cert_sign", "clients", "other_names"}


class Node:
    """A certificate: whose (name, key; None: the leaf) and whose signature, with at most one flaw."""

    def __init__(self, who, by, flaw=None):
        self.who, self.by, self.flaw = who, by, flaw

    def pem(self):
        key = LEAF_KEY if self.who is None else KEYS[self.who[1]]
        ca = self.who is not None and self.flaw != "no_ca"
        end = NOW + (-1 if self.flaw == "expired" else 90) * DAY
        length = self.flaw[1] if isinstance(self.flaw, tuple) else None
        b = x509.CertificateBuilder().issuer_name(name(self.by)).subject_name(name(self.who)).public_key(key.public_key())
        b = b.serial_number(x509.random_serial_number()).not_valid_before(NOW - 9 * DAY).not_valid_after(end)
        b = b.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        b = b.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(KEYS[self.by[1]].public_key()), False)
        b = b.add_extension(x509.BasicConstraints(ca, length if ca else None), True)
        b = b.add_extension(x509.KeyUsage(not ca, False, False, False, False, ca and self.flaw != "no_cert_sign", ca, False, False), True)
        if self.who is None or self.flaw == "clients":
            purpose = ExtendedKeyUsageOID.CLIENT_AUTH if self.flaw == "clients" else ExtendedKeyUsageOID.SERVER_AUTH
            b = b.add_extension(x509.ExtendedKeyUsage([purpose]), False)
        if self.who is None:
            b = b.add_extension(x509.SubjectAlternativeName([x509.DNSName(WWW)]), True)
        if self.flaw in ("own_names", "other_names"):
            domain = "example.com" if self.flaw == "own_names" else "example.org"
            b = b.add_extension(x509.NameConstraints([x509.DNSName(domain)], None), True)
        signer = LEAF_KEY if self.flaw == "forged" else KEYS[self.by[1]]
        return b.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def name(who):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, who[0])] if who else [])


def holds(path):
    """Leaf first, anchor last; each link fits already. RFC 5280 6.1 of what can be wrong here."""
    for i, n in enumerate(path[1:], 1):
        between = sum(1 for k in path[1:i] if k.who[0] != k.by[0])  # 6.1.4 (l): self-issued ones do not count
        if n.flaw in FATAL or (n.flaw == "forged" and n is not path[-1]):
            return False
        if isinstance(n.flaw, tuple) and between > n.flaw[1]:
            return False
    return True


def reachable(path, nodes, anchors):
    if any(a.who == path[-1].by and holds(path + [a]) for a in anchors):
        return True
    return any(n.who == path[-1].by and n.who not in [k.who for k in path[1:]] and reachable(path + [n], nodes, anchors) for n in nodes)


def graph(r):
    people = [(n, k) for n in "ABCDE"[:r.randint(2, 5)] for k in r.sample(range(len(KEYS)), r.randint(1, 2))]
    flaw = lambda odds: r.choice(FLAWS) if r.random() < odds else None
    nodes = [Node(who, r.choice(people), flaw(0.5)) for who in people for _ in range(r.randint(1, 3))]
    anchors = [Node(who, who, "expired" if r.random() < 0.15 else None) for who in r.sample(people, r.randint(1, 2))]
    return Node(None, r.choice(people)), nodes, anchors


def main():
    seed, many = (int(a) for a in (sys.argv[2:] + ["1", "150"][len(sys.argv) - 2:]))
    r, lines, truth = random.Random(seed), [], {}
    for i in range(many):
        leaf, nodes, anchors = graph(r)
        truth[str(i)] = "ok" if reachable([leaf], nodes, anchors) else "fail"
        lines.append(json.dumps({"id": str(i), "leaf": leaf.pem(), "intermediates": [n.pem() for n in nodes],
                                 "roots": [a.pem() for a in anchors], "crls": [], "time": NOW.isoformat() + "Z", "purpose": "server",
                                 "name": WWW, "name_kind": "DNS", "opts": {}}) + "\n")
    p = subprocess.run([sys.argv[1]], input="".join(lines), stdout=subprocess.PIPE, text=True, check=True)
    got = dict(line.split("\t")[:2] for line in p.stdout.splitlines())
    wrong = [f"{i}: {got.get(i)} instead of {t} (seed {seed})" for i, t in truth.items() if got.get(i) != t]
    oks = sum(t == "ok" for t in truth.values())
    if not many / 5 < oks < many * 4 / 5:
        wrong.append(f"{oks} of {many} hold: the graphs say too little")
    print("\n".join(wrong) or f"{many} agree, {oks} of them hold")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
