#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""policy/high-risk.txt, policy/blocked-keys.txt -> safety_table.c: sorted tables for a binary search."""
import re
import sys


def lines(path):
    for n, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.strip()
        if line and not line.startswith("#"):
            yield f"{path}:{n}", line


def labels(path):
    out = set()
    for where, line in lines(path):
        if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", line):
            sys.exit(f'{where}: "{line}" is no label in lower case')
        if line in out:
            sys.exit(f'{where}: "{line}" stands twice')
        out.add(line)
    return sorted(out)


def keys(path):
    out = {}
    for where, line in lines(path):
        m = re.fullmatch(r"([0-9a-f]{32}) \| (\S[^|\"\\]*)", line)
        if not m:
            sys.exit(f"{where}: a row is 32 hex digits | source")
        if m.group(1) in out:
            sys.exit(f"{where}: the key stands twice")
        out[m.group(1)] = m.group(2)
    return sorted(out.items())


def main():
    risk, blocked = labels(sys.argv[1]), keys(sys.argv[2])
    out = ["/* Generated from policy/high-risk.txt and policy/blocked-keys.txt. */", '#include "ca/safety_priv.h"', "",
           "const char *const high_risk_table[] = {"]
    out += [f'\t"{w}",' for w in risk] + ["\tNULL,", "};", f"const size_t high_risk_count = {len(risk)};", "",
                                          "const struct blocked_row blocked_table[] = {"]
    for key, source in blocked:
        octets = ", ".join(f"0x{key[i:i + 2]}" for i in range(0, 32, 2))
        out.append(f'\t{{{{{octets}}},\n\t\t"{source}"}},')
    out += ["\t{{0}, NULL},", "};", f"const size_t blocked_count = {len(blocked)};", ""]
    with open(sys.argv[3], "w", encoding="utf-8") as f:
        f.write("\n".join(out))


main()
