#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Applications submitted and validated per second, against a bind9 of its own. Prints rows as the programs of this folder
do. validate.py sqlite|postgresql [APPLICATIONS]"""
import os
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TOP, "tests/lib"))
from dnsserver import DnsServer  # noqa: E402

USUAL = 2000


def main():
    engine, n = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else str(USUAL)
    with DnsServer({"signet-bench.com": "unsigned"}) as dns:
        records = os.path.join(dns.dir, "records")
        p = subprocess.Popen([f"{TOP}/build-bench/bench/bench", "validate", engine, n, dns.address, dns.trust_anchor, records],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for line in p.stdout:
            if line != "published\n":
                print(line, end="", flush=True)
                continue
            with open(records, encoding="ascii") as f, dns.changes():
                for name, value in (row.split() for row in f):
                    dns.add(name, "TXT", value)
            p.stdin.write("go\n")
            p.stdin.flush()
        return p.wait()


sys.exit(main())
