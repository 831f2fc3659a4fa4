#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""tools/gen_profiles.py refuses what is unknown, missing, doubled or out of order, naming file and line."""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
FILES = ["schedule.def", "profiles.def", "hierarchies.def", "bounds.def"]
GOOD = {name: open(os.path.join(ROOT, "policy", name), encoding="utf-8").read() for name in FILES}


def generate(texts):
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in FILES]
        for path, name in zip(paths, FILES):
            with open(path, "w", encoding="utf-8") as f:
                f.write(texts[name])
        out = os.path.join(folder, "out.c")
        run = subprocess.run(["/usr/bin/python3", os.path.join(ROOT, "tools/gen_profiles.py"), *paths, out],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return run.returncode, run.stdout, os.path.exists(out)


# file, what is replaced (its first place), by what, a word of the refusal
ROWS = [
    ("schedule.def", "2026-03-15 | 200 ", "2026-03-15 | 2oo ", "no number"),
    ("schedule.def", "2026-03-15 | 200 ", "2026-02-30 | 200 ", "no date"),
    ("schedule.def", "2026-03-15 | 200 | d ", "2026-03-15 | 200 | weeks ", "none of"),
    ("schedule.def", "2026-03-15 | 200 | d ", "2026-03-15 | 200 | h ", "changes its unit"),
    ("schedule.def", "2026-03-15 | 200 ", "2028-03-15 | 200 ", "not in order of time"),
    ("schedule.def", "leaf-validity-max        | 2026-03-15", "leaf-validity-max        | -         ", "and it alone"),
    ("schedule.def", "backdate                 | -         ", "backdate                 | 2026-01-01", "and it alone"),
    ("schedule.def", "\nbackdate ", "\nleaf-validity-max ", "do not stand together"),
    ("schedule.def", "| BR 6.3.2\n", "|\n", "five cells"),
    ("bounds.def", "leaf-validity-max        | down", "leaf-validity-most       | down", "none of"),
    ("bounds.def", "| down | 1   | 398\n", "| away | 1   | 398\n", "none of"),
    ("bounds.def", "| down | 1   | 398\n", "| down | 1   | 397\n", "not within them"),
    ("bounds.def", "\nleaf-validity            |", "\nleaf-validity-max        |", "stands twice"),
    ("bounds.def", "| free | 1   | 30\n", "| free | 1\n", "four cells"),
    ("profiles.def", "use             tls", "use             mail", "none of"),
    ("profiles.def", "rules           public", "rule            public", "not known"),
    ("profiles.def", "ocsp            yes\n", "", "ocsp missing"),
    ("profiles.def", "cdp             yes\n", "cdp             yes\ncdp             no\n", "stands twice"),
    ("profiles.def", "ski             yes", "ski             maybe", "none of"),
    ("profiles.def", "eku             1.3.6.1.5.5.7.3.1", "eku             1.40.6", "no OID"),
    ("profiles.def", "policies        2.5.29.32.0", "policies        2.25.329800735698586629295641978511506172918", "no OID"),
    ("profiles.def", "key-usage-ec    digitalSignature\n", "key-usage-ec    digitalSigning\n", "none of"),
    ("profiles.def", "validity-max    leaf-validity-max", "validity-max    leaf-validity-most", "none of"),
    ("profiles.def", "profile sm2-enc 1", "profile sm2-enc 2", "next version"),
    ("profiles.def", "profile sm2-enc 1", "profile sm2-sign 1", "next version"),
    ("profiles.def", "names           public", "names           none", "CAs have none"),
    ("profiles.def", "path-len        0", "path-len        many", "no number"),
    ("hierarchies.def", "parent          rsa-root-1", "parent          rsa-root-2", "none of"),
    ("hierarchies.def", "key             RSA_4096", "key             RSA_1024", "none of"),
    ("hierarchies.def", "profile         root", "profile         public-tls-dv", "a root has a root's profile"),
    ("hierarchies.def", "issuer rsa-1\n", "issuer rsa-root-1\n", "stands twice"),
    ("hierarchies.def", "issuer rsa-1\n", "issuer RSA_1\n", "no issuer name"),
    ("hierarchies.def", "shards          1", "shards          0", "no number"),
    ("hierarchies.def", "c               CN", "c               cn", "two capitals"),
    ("hierarchies.def", "limit-validity  5479\n", "", "limit-validity missing"),
    ("hierarchies.def", "limit-key-usage digitalSignature", "limit-key-usage everything", "none of"),
]


def main():
    faults = []
    code, out, made = generate(GOOD)
    if code or not made:
        faults.append(f"the files of policy/ are refused: {out}")
    for name, old, new, word in ROWS:
        if old not in GOOD[name]:
            faults.append(f"{name}: {old!r} is not there any more")
            continue
        code, out, made = generate(dict(GOOD, **{name: GOOD[name].replace(old, new, 1)}))
        if code == 0 or made:
            faults.append(f"{name}: {new!r} was not refused")
        elif word not in out or name not in out:
            faults.append(f"{name}: {new!r}: {out}")
    print("\n".join(faults) or f"{len(ROWS)} refusals")
    sys.exit(1 if faults else 0)


main()
