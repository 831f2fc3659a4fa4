#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The state tables of src/model/state.c -> docs/develop/states.md: a diagram and a table for each machine.

It reads the initialisers of that one file and ends with the line that it does not understand. --check writes nothing."""
import re
import sys

USAGE = "gen_states.py --docs|--check src/model/state.c docs/develop/states.md"
TOKEN = re.compile(r'\s+|/\*.*?\*/|(?P<str>"[^"\\]*")|(?P<word>\w+)|(?P<mark>[\[\]{}=,|()])', re.S)


def tokens(text, where):
    out, at = [], 0
    while at < len(text):
        m = TOKEN.match(text, at)
        if not m:
            sys.exit(f"{where}: not understood: {text[at:at + 60]!r}")
        at = m.end()
        if m.lastgroup:
            out.append(m.group(0))
    return out


def value(toks):
    """A brace initialiser as nested lists; anything else as the list of its words up to ',' or '}'."""
    if toks[0] != "{":
        words = []
        while toks[0] not in ",}":
            words.append(toks.pop(0))
        return " ".join(words)
    toks.pop(0)
    out = []
    while toks[0] != "}":
        key = None
        if toks[0] == "[":
            key, rest = toks[1], toks[4:]
            if toks[2] != "]" or toks[3] != "=":
                sys.exit(f"not understood: {' '.join(toks[:8])}")
            toks[:] = rest
        out.append((key, value(toks)) if key else value(toks))
        if toks[0] == ",":
            toks.pop(0)
    toks.pop(0)
    return out


def unquote(s):
    return "" if s == "NULL" else s.strip('"')


def people(words, short):
    bits = []
    for w in words.replace("(", " ").replace(")", " ").split():
        bits += short.get(w, [w]) if w != "|" else []
    names = {"SM_SYSTEM": "system", "SM_USER": "applicant", "SM_STAFF": "staff"}
    unknown = [b for b in bits if b not in names]
    if unknown:
        sys.exit(f"who is {unknown[0]}?")
    return [names[b] for b in names if b in bits]


def machines(path):
    text = open(path, encoding="utf-8").read()
    short = {m[1]: re.findall(r"SM_\w+", m[2]) for m in re.finditer(r"^#define (WHO_\w+)\s+(.*)$", text, re.M)}
    nouns = re.findall(r'^const struct sm sm_\w+ = MACHINE\("([^"]+)", (\w+)\);', text, re.M)
    every = re.search(r"sm_all\[\] = \{(.*?)\};", text, re.S)
    out = []
    for noun, table in nouns:
        m = re.search(r"^static const struct sm_state %s\[\] = (\{.*?^\});" % table, text, re.S | re.M)
        if not m:
            sys.exit(f"{path}: no table {table}")
        rows = value(tokens(m[1], f"{path}: {table}"))
        if len({name for _, (name, *_r) in rows}) != len(rows):
            sys.exit(f"{path}: {table}: two states have one name")
        names = {key: unquote(row[0]) for key, row in rows}
        states = []
        for _, (name, moves, timeout, timeout_to) in rows:
            moves = [(names[to], people(who, short), unquote(when)) for to, who, when in moves if who != "0"]
            states.append((unquote(name), moves, unquote(timeout), names.get(timeout_to, "")))
        out.append((noun, states))
    if every is None or len(out) != every[1].count("&"):
        sys.exit(f"{path}: sm_all and the tables differ in number")
    return out


def diagram(states):
    """Mermaid; the first state is where a row begins, a state without moves is an end."""
    reached = {to for name, moves, *_ in states for to, *_r in moves if to != name}
    out = ["```mermaid", "stateDiagram-v2"]
    out += [f"    [*] --> {name}" for i, (name, *_r) in enumerate(states) if i == 0 or name not in reached]
    for name, moves, *_ in states:
        out += [f"    {name} --> {to}: {when or 'move'}" for to, _, when in moves]
        if not moves:
            out.append(f"    {name} --> [*]")
    return out + ["```"]


def table(states):
    out = ["| state | may become | who | when | waits at most |", "| --- | --- | --- | --- | --- |"]
    for name, moves, timeout, to in states:
        wait = ""
        if timeout:
            wait = f"`{timeout}`, then {'a reminder' if to == name else to}"
        for i, (target, who, when) in enumerate(moves or [("", [], "")]):
            cells = [name if i == 0 else "", target or "(an end)", ", ".join(who), when, wait if i == 0 else ""]
            out.append("| " + " | ".join(cells) + " |")
    return out


def page(path):
    out = ["# States", "", f"Generated from `{path}` by `tools/gen_states.py`. What stands there is the only way: one function "
           "moves a row,", "the update carries the old state, and each move leaves an audit row.", "",
           "*Applicant* is whoever the row belongs to. What a row waits for at most is a row of `policy/schedule.def`."]
    for noun, states in machines(path):
        out += ["", f"## {noun.capitalize()}", "", *diagram(states), "", *table(states)]
    return "\n".join(out) + "\n"


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in ("--docs", "--check"):
        sys.exit(USAGE)
    made = page(sys.argv[2])
    if sys.argv[1] == "--docs":
        open(sys.argv[3], "w", encoding="utf-8").write(made)
    elif open(sys.argv[3], encoding="utf-8").read() != made:
        sys.exit(f"{sys.argv[3]}: out of step: tools/gen_states.py --docs {sys.argv[2]} {sys.argv[3]}")


main()
