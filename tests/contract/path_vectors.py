#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Public suites of chains (tests/vectors/path) under the house's own judge.

usage: path_vectors.py PATH_JUDGE

Every answer that differs from the suite's stands in disagreements.tsv with its reason, and no other does. In the four
suites that follow RFC 5280 and the web's rules nothing is accepted that they refuse.
"""
import collections
import json
import lzma
import os
import subprocess
import sys

VECTORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../vectors/path")
# OpenSSL's and BoringSSL's own tests hold some of their own rules (trust, levels, variants of purposes).
SUITES = {"limbo": "strict", "x509test": "strict", "bettertls": "strict", "pkits": "strict", "openssl": "own",
          "boringssl-pki": "own"}
LEAST = 0.99


def cases(suite):
    with lzma.open(f"{VECTORS}/{suite}.jsonl.xz", "rt", encoding="utf-8") as f:
        return f.read().splitlines(keepends=True)


def table():
    with open(f"{VECTORS}/disagreements.tsv", encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f][1:]
    for row in rows:
        assert len(row) == 3 and row[1] in ("ok", "fail") and row[2], f"no reason: {row}"
    return {case: answer for case, answer, _ in rows}


def answers(judge, lines):
    p = subprocess.run([judge], input="".join(lines), stdout=subprocess.PIPE, text=True, errors="replace", check=True)
    return dict(line.split("\t")[:2] for line in p.stdout.splitlines())


def main():
    faults, excused, seen = [], table(), set()
    agree = collections.Counter()
    for suite, kind in SUITES.items():
        lines = cases(suite)
        got = answers(sys.argv[1], lines)
        for case in map(json.loads, lines):
            answer, expected = got.get(case["id"]), case["expect"]
            agree[kind, answer == expected] += 1
            if answer == expected:
                continue
            seen.add(case["id"])
            if kind == "strict" and answer == "ok":
                faults.append(f"{case['id']}: accepted, and must not be")
            if excused.get(case["id"]) != answer:
                faults.append(f"{case['id']}: {answer}, expected {expected}, and disagreements.tsv gives no reason")
    faults += [f"{case}: agrees now; take it out of disagreements.tsv" for case in sorted(set(excused) - seen)]
    share = agree["strict", True] / (agree["strict", True] + agree["strict", False])
    if share < LEAST:
        faults.append(f"{share:.2%} of limbo, x509test, BetterTLS and PKITS agree; at least {LEAST:.0%} must")
    print("\n".join(faults) or f"{share:.2%} agree, {len(seen)} disagreements with a reason")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
