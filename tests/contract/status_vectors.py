#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The status of single certificates by lists and OCSP responses of public suites (tests/vectors/status).

usage: status_vectors.py STATUS_JUDGE

Every answer that differs stands in disagreements.tsv with its reason, and no other does; none of them calls good what is not.
"""
import json
import lzma
import os
import subprocess
import sys

VECTORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../vectors/status")


def main():
    with open(f"{VECTORS}/disagreements.tsv", encoding="utf-8") as f:
        excused = {case: answer for case, answer, reason in (line.rstrip("\n").split("\t") for line in f) if reason}
    excused.pop("case")
    faults, n = [], 0
    for suite in ("crl-boringssl", "ocsp-boringssl", "ocsp-openssl"):
        with lzma.open(f"{VECTORS}/{suite}.jsonl.xz", "rt", encoding="utf-8") as f:
            lines = f.read()
        p = subprocess.run([sys.argv[1]], input=lines, stdout=subprocess.PIPE, text=True, check=True)
        got = dict(line.split("\t")[:2] for line in p.stdout.splitlines())
        for case in map(json.loads, lines.splitlines()):
            answer, n = got.get(case["id"]), n + 1
            if answer == "good" and case["expect"] != "good":
                faults.append(f"{case['id']}: good, and is {case['expect']}")
            if answer != excused.pop(case["id"], case["expect"]):
                faults.append(f"{case['id']}: {answer}, expected {case['expect']}, and disagreements.tsv gives no reason")
    faults += [f"{case}: not asked; take it out of disagreements.tsv" for case in excused]
    print("\n".join(faults) or f"{n} agree or have a reason")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
