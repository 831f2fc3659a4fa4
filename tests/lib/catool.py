# SPDX-License-Identifier: Apache-2.0
"""Speaks with tests/tools/ca_tool: hierarchies with throw-away keys, certificates, CRLs and OCSP answers by src/ca."""
import datetime
import os
import subprocess

STATUS = "http://status.example.com"
NOW = datetime.datetime(2026, 11, 21, 8, 48, 14)
ISSUERS = ["rsa-root-1", "rsa-1", "ecdsa-root-1", "ecdsa-1", "sm2-root-1", "sm2-1"]


class Refused(Exception):
    """What ca_tool refused, in its words."""


def when(t):
    return t.strftime("%Y-%m-%dT%H:%M:%SZ")


def serial(t, tail=None):
    """A serial as src/ca lays it out, as hex."""
    seconds = int(t.replace(tzinfo=datetime.timezone.utc).timestamp())
    return (b"\x01" + seconds.to_bytes(4, "big") + (tail or os.urandom(12))).hex()


class CaTool:
    def __init__(self, program, status_url=STATUS):
        self.process = subprocess.Popen([program, status_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        bufsize=1 << 20)

    def ask(self, command, **values):
        """Lists become several lines of the same key. Returns {key: bytes}."""
        lines = [command]
        for key, value in values.items():
            for one in value if isinstance(value, list) else [value]:
                if one is not None:
                    lines.append(f"{key} {one}")
        self.process.stdin.write("\n".join(lines) + "\n\n")
        self.process.stdin.flush()
        answer = {}
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise RuntimeError(f"ca_tool ended at {lines[:20]}")
            if line == "\n":
                break
            key, _, value = line.rstrip("\n").partition(" ")
            answer[key] = value
        if "refused" in answer:
            raise Refused(answer["refused"])
        return {key: bytes.fromhex(value) for key, value in answer.items()}

    def birth(self, name, t=NOW):
        return self.ask("birth", name=name, now=when(t), serial=serial(t))

    def close(self):
        self.process.stdin.close()
        if self.process.wait(30) != 0:
            raise RuntimeError("ca_tool failed")
