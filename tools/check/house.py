# SPDX-License-Identifier: Apache-2.0
"""What the checks share: the files of the tree, C text without comments and strings, one way to report."""
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
os.chdir(TOP)
faults = 0


def files(*ends):
    """Files that git tracks or would track, by their ends; deleted ones are left out."""
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], stdout=subprocess.PIPE, text=True, check=True)
    return [f for f in sorted(set(out.stdout.splitlines())) if f.endswith(ends) and os.path.isfile(f)]


def text(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def _blank(m):
    return re.sub(r"[^\n]", " ", m.group(0))


_LEX = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def code(path, strings=False):
    """C text with comments (and strings, unless kept) blanked; lines keep their numbers."""
    def sub(m):
        if m.group(0)[0] in "\"'":
            if strings or _is_include(m):
                return m.group(0)
        return _blank(m)

    def _is_include(m):
        start = m.string.rfind("\n", 0, m.start()) + 1
        return m.string[start:m.start()].lstrip().startswith("#")
    return _LEX.sub(sub, text(path))


def fault(path, line, what):
    global faults
    faults += 1
    print(f"{path}:{line}: {what}")


def done():
    sys.exit(1 if faults else 0)


def build_dir():
    """The folder whose compiler records are read: SIGNET_BUILD, else the first that stands."""
    for d in (os.environ.get("SIGNET_BUILD"), "build-testing", "build"):
        if d and os.path.exists(os.path.join(d, "build.ninja")):
            return d
    sys.exit("no build folder: run make build first")
