#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The rules of src/lint as a page: gen_lint_rules.py SIGNET OUT, where SIGNET is the program that was built.
With --check instead of OUT: says whether docs/lint-rules.md is in step."""
import json
import subprocess
import sys

PAGE = "docs/lint-rules.md"
HEAD = """# Rules of lint

Made by `tools/gen_lint_rules.py` from the rows in `src/lint`; `signet lint --rules` lists the same. A rule in force *from* or
*until* a day is judged by the certificate's notBefore (a list's thisUpdate). What pkilint, which knows no dates, has a name
for is told of earlier certificates as a notice, by that name alone.

"""
WORLD = """## Rules of the world

What `signet lint` tells of the certificates and revocation lists of anyone. *Also known as*: the names that zlint and pkilint
have for it.

| rule | source | severity | in force | what is wrong | what to do | also known as |
| --- | --- | --- | --- | --- | --- | --- |
"""
HOUSE = """
## Rules of this house

What a certificate must keep before it is signed here: stricter than any source where that costs nothing. A certificate that
breaks one with severity error is not signed.

| rule | source | severity | what is wrong |
| --- | --- | --- | --- |
"""


def cell(text):
    return text.replace("|", "\\|").replace("<", "&lt;")


def force(rule):
    if rule["from"] and rule["until"]:
        return f"{rule['from']} to {rule['until']}"
    if rule["until"]:
        return f"until {rule['until']}"
    return rule["from"] or "always"


def page(signet):
    rules = json.loads(subprocess.run([signet, "lint", "--rules", "--json"], check=True, capture_output=True).stdout)
    out = [HEAD, WORLD]
    for r in rules:
        if not r["house"]:
            aka = " ".join(f"`{n}`" for n in r["also_known_as"])
            row = [f"`{r['rule']}`", cell(r["source"]), r["severity"], force(r), cell(r["text"]), cell(r["cure"]), aka]
            out.append("| " + " | ".join(row) + " |\n")
    out.append(HOUSE)
    for r in rules:
        if r["house"]:
            out.append(f"| `{r['rule']}` | {cell(r['source'])} | {r['severity']} | {cell(r['text'])} |\n")
    return "".join(out)


def main():
    signet, out = sys.argv[1:]
    text = page(signet)
    if out != "--check":
        with open(out, "w", encoding="utf-8") as f:
            f.write(text)
    elif open(PAGE, encoding="utf-8").read() != text:
        sys.exit(f"{PAGE}: out of step: tools/gen_lint_rules.py build/src/cli/signet {PAGE}")


main()
