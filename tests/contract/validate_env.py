# SPDX-License-Identifier: Apache-2.0
"""What the contract tests of validate share: the tool that runs one check, and its answer."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from dnsserver import DnsServer, KnotServer, SilentServer  # noqa: E402,F401

TOOL = os.environ["VALIDATE_TOOL"]
VALUE = "Zm9vYmFyYmF6cXV4LWZvb2JhcmJhenF1eC1mb29iYXI"
IDENTITY = "ca.test"


class Answer:
    def __init__(self, text):
        self.text = text
        self.lines = [line.split(" ", 1) for line in text.splitlines() if " " in line]

    def all(self, word):
        return [rest for first, rest in self.lines if first == word]

    def one(self, word):
        return (self.all(word) or [None])[0]

    @property
    def result(self):
        return self.one("result")

    @property
    def ms(self):
        return int(self.one("ms"))

    def __repr__(self):
        return f"<\n{self.text}>"


def tool(server, *args, timeout_ms=5000, anchor=None, options=()):
    cmd = [TOOL, "--timeout", str(timeout_ms), "--identity", IDENTITY, *options]
    if server:
        cmd += ["--resolver", server.address]
    anchor = anchor or getattr(server, "trust_anchor", None)
    if anchor:
        cmd += ["--trust-anchor", anchor]
    p = subprocess.run([*cmd, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                       errors="replace", timeout=120)
    assert p.returncode in (0, 1), f"{args}: ended with {p.returncode}\n{p.stdout}{p.stderr}"
    # the resolver library must not write where the service logs
    assert p.stderr == "", p.stderr
    return Answer(p.stdout)
