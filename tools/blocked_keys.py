#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Private keys that anybody can read -> rows of policy/blocked-keys.txt.

    tools/blocked_keys.py NAME=FOLDER... > policy/blocked-keys.txt

Finds every private key in PEM under the folders, also inside sources and JSON, and writes the first 16 octets of the SHA-256 of
its SubjectPublicKeyInfo with the NAME, for the keys that could be certified at all. The example keys of standards are
always among them."""
import hashlib
import os
import re
import sys
import warnings

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

FILE_MAX = 8 << 20
# Go's sources write TESTING for PRIVATE.
BLOCK = re.compile(rb"-----BEGIN ((?:RSA |EC |ENCRYPTED )?(?:PRIVATE|TESTING) KEY)-----(.*?)-----END \1-----", re.S)
PASSWORDS = [None, b"password", b"test", b"123456", b"foobar", b"changeit", b"PolarSSLTest", b"asdf"]
# Example keys of standards, as points or moduli: (curve, private number) or SubjectPublicKeyInfo in hex.
EXAMPLES = {
    "RFC 6979 A.2.5": (ec.SECP256R1(), 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721),
    "RFC 6979 A.2.6": (ec.SECP384R1(), int("6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D8"
                                           "96D5724E4C70A825F872C9EA60D2EDF5", 16)),
    "GB/T 32918.5 A.2": "3059301306072a8648ce3d020106082a811ccf5501822d03420004"
                        "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
                        "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13",
    "RFC 7515 A.3": "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
                    "7fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445"
                    "c7f144cd1bbd9b7e872cdfedb9eeb9f4b3695d6ea90b24ad8a4623288588e5ad",
    "RFC 7517 A.1": "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
                    "30a0424cd21c2944838a2d75c92b37e76ea20d9f00893a3b4eee8a3c0aafec3e"
                    "e04b65e92456d9888b52b379bdfbd51ee869ef1f0fc65b6659695b6cce081723",
}
HEAD = """# Public keys that are never certified (SPEC 3.5): their private keys stand in published test suites and standards.
# One row each: the first 16 octets of the SHA-256 of the DER SubjectPublicKeyInfo, in hex | where the key is published.
# Sorted, each once. Made by tools/blocked_keys.py; what an operator blocks besides stands in the file of --blocked-keys.
"""


def clean(body):
    """Quotes and escapes of the source around the block fall away; headers stay."""
    text = body.replace(b"\\r", b"").replace(b"\\n", b"\n").replace(b"\r", b"")
    return b"\n".join(line.strip().strip(b'"\'+,`\\ \t#*/').strip() for line in text.split(b"\n"))


def load(block):
    for password in PASSWORDS:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return load_pem_private_key(block, password)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            continue
    return None


def wanted(key):
    if isinstance(key, rsa.RSAPrivateKey):
        return 2048 <= key.key_size <= 4096
    return isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in ("secp256r1", "secp384r1")


def keys_of(path):
    if os.path.islink(path) or not os.path.isfile(path) or os.path.getsize(path) > FILE_MAX:
        return
    with open(path, "rb") as f:
        data = f.read()
    for kind, body in BLOCK.findall(data):
        kind = kind.replace(b"TESTING", b"PRIVATE")
        key = load(b"-----BEGIN " + kind + b"-----\n" + clean(body).strip() + b"\n-----END " + kind + b"-----\n")
        if key is not None and wanted(key):
            yield key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def example(value):
    if isinstance(value, str):
        return bytes.fromhex(value)
    return ec.derive_private_key(value[1], value[0]).public_key().public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def main():
    rows = {hashlib.sha256(example(v)).hexdigest()[:32]: name for name, v in EXAMPLES.items()}
    for arg in sys.argv[1:]:
        name, _, folder = arg.partition("=")
        for top, _, files in sorted(os.walk(folder)):
            for f in sorted(files):
                for spki in keys_of(os.path.join(top, f)):
                    rows.setdefault(hashlib.sha256(spki).hexdigest()[:32], name)
    sys.stdout.write(HEAD + "".join(f"{k} | {v}\n" for k, v in sorted(rows.items())))


main()
