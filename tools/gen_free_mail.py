#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""policy/free-mail.txt -> free_mail_table.c: the domains, sorted for a binary search."""
import re
import sys


def main():
    path, out = sys.argv[1:]
    names = []
    for n, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if not re.fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z]", line):
            sys.exit(f'{path}:{n}: "{line}" is no domain in lower case')
        if line in names:
            sys.exit(f'{path}:{n}: "{line}" stands twice')
        names.append(line)
    text = ["/* Generated from policy/free-mail.txt. */", '#include "model/free_mail_priv.h"', "",
            "const char *const free_mail_table[] = {"]
    text += [f'\t"{n}",' for n in sorted(names)]
    text += ["};", f"const size_t free_mail_count = {len(names)};", ""]
    with open(out, "w", encoding="utf-8") as f:
        f.write("\n".join(text))


main()
