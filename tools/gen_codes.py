#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""codes.txt -> enum (codes.h), table (codes_table.c), docs/errors.md."""
import sys


def rows(path):
    section, seen, out = "", set(), []
    for n, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.rstrip("\n")
        if line.startswith("# -- "):
            section = line[5:]
        if not line or line.startswith("#"):
            continue
        cells = [c.strip() for c in line.split(" | ")]
        if len(cells) != 5 or not cells[1].isdigit() or not cells[2].isdigit():
            sys.exit(f"{path}:{n}: a row has five cells: name | http | exit | meaning | hint")
        if cells[0] in seen:
            sys.exit(f"{path}:{n}: {cells[0]} stands twice")
        if not cells[4]:
            sys.exit(f"{path}:{n}: {cells[0]} has no hint; say what the user does")
        seen.add(cells[0])
        out.append((section, *cells))
    return out


def quote(s):
    return '"' + s.replace("\\", "\\\\").replace('"', '\\"') + '"'


def header(table):
    out = ["/* Generated from codes.txt. */", "#pragma once", "enum err_code {"]
    out += [f"\tE_{name} = -{n}," for n, (_, name, *_r) in enumerate(table, 1)]
    out += ["\tERR_CODE_LAST = %d" % len(table), "};", ""]
    return "\n".join(out)


def c_table(table):
    out = ["/* Generated from codes.txt. */", '#include "base/err.h"', "const struct err_info err_table[] = {"]
    out.append('\t{"OK", 200, 0, "done", ""},')
    for _, name, http, code, text, hint in table:
        out.append(f"\t{{{quote(name)}, {http}, {code}, {quote(text)}, {quote(hint)}}},")
    out += ["};", ""]
    return "\n".join(out)


def markdown(table):
    out = ["# Errors", "", "Generated from `src/base/codes.txt`. Every door of Signet answers with these codes;",
           "`exit` is the exit code of the command line `signet`.", ""]
    section = None
    for sec, name, http, code, text, hint in table:
        if sec != section:
            section = sec
            out += ["", f"## {sec.capitalize()}", "", "| code | HTTP | exit | meaning | what to do |",
                    "| --- | --- | --- | --- | --- |"]
        out.append(f"| `{name}` | {http} | {code} | {text} | {hint} |")
    return "\n".join(out) + "\n"


def main():
    what, src, dst = sys.argv[1:4]
    make = {"--header": header, "--table": c_table, "--docs": markdown}[what]
    with open(dst, "w", encoding="utf-8") as f:
        f.write(make(rows(src)))


main()
