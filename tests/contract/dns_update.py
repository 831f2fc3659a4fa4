# SPDX-License-Identifier: Apache-2.0
"""Updates signed with TSIG and questions to one server by address, against bind9 and Knot, and against servers that lie."""
import contextlib
import os
import socket
import struct
import subprocess
import sys
import threading

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from dnsserver import DnsServer, Key, KnotServer, SilentServer  # noqa: E402

TOOL = os.environ["DNS_TOOL"]
NAME = "_dnsauth.acme.test"
VALUE = "Zm9vYmFyYmF6cXV4LWZvb2JhcmJhenF1eC1mb29iYXI"
TXT, NS, SOA = "16", "2", "6"


@pytest.fixture(scope="module", params=[(DnsServer, "hmac-sha256"), (KnotServer, "hmac-sha256"), (DnsServer, "hmac-sha512"),
                                        (KnotServer, "hmac-sha512")], ids=["bind9-256", "knot-256", "bind9-512", "knot-512"])
def server(request):
    program, alg = request.param
    with program({"acme.test": "dynamic", "other.test": "unsigned"}, alg=alg) as s:
        yield s


@pytest.fixture(autouse=True)
def clean(server):
    yield
    server.remove(NAME)


def tool(*args, code=None):
    p = subprocess.run([TOOL, *args], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert p.returncode in (0, 1) and p.stderr == "", (args, p)
    out = dict(line.split(" ", 1) for line in p.stdout.splitlines() if " " in line)
    if code is not None:
        assert out["result"] == code, out
    return out


def change(act, server, key, text=VALUE, name=NAME, zone="acme.test", address=None, code="0"):
    return tool(act, address or server.address, zone, key.name, key.alg, key.secret, name, text, code=code)


def test_a_record_is_added_and_removed_and_both_may_be_repeated(server):
    for _ in range(2):
        change("add", server, server.key)
        assert server.shown(NAME) == [VALUE]
    for _ in range(2):
        change("remove", server, server.key)
        assert server.shown(NAME) == []


def test_records_of_others_at_the_same_name_stay(server):
    server.add(NAME, "TXT", "theirs", "another")
    change("add", server, server.key)
    assert server.shown(NAME) == sorted(["theirs", "another", VALUE])
    change("remove", server, server.key)
    assert server.shown(NAME) == sorted(["theirs", "another"])


def test_what_it_shows_is_asked_from_the_server_itself(server):
    assert tool("ask", server.address, NAME, TXT, VALUE, code="0")["shows"] == "no"
    change("add", server, server.key)
    assert tool("ask", server.address, NAME.upper(), TXT, VALUE, code="0")["shows"] == "yes"
    assert tool("ask", server.address, "acme.test", NS, "-", code="0")["target"] == "ns.dns-server.invalid"
    assert tool("ask", server.address, "acme.test", SOA, "-", code="0")["target"] == "ns.dns-server.invalid"
    assert tool("ask", server.address, "nothing.acme.test", TXT, "-", code="0")["rcode"] == "NXDOMAIN"


def test_an_answer_that_does_not_fit_comes_by_tcp(server):
    texts = [f"{i:03d}" + "x" * 200 for i in range(40)]
    server.add(NAME, "TXT", *texts)
    got = tool("ask", server.address, NAME, TXT, texts[39], code="0")
    assert got["shows"] == "yes" and int(got["records"]) >= 40


def test_a_long_text_is_one_record(server):
    change("add", server, server.key, text="y" * 700)
    assert server.shown(NAME) == ["y" * 700]


def test_a_wrong_secret_and_an_unknown_key_are_told(server):
    wrong = Key(server.key.name, server.key.alg)
    said = change("add", server, wrong, code="DNS_KEY_REFUSED")["message"]
    assert "BADSIG" in said or "does not take the key" in said  # Knot 3.4 does not say why
    unknown = Key("nobody.key", server.key.alg)
    said = change("add", server, unknown, code="DNS_KEY_REFUSED")["message"]
    assert "BADKEY" in said or "does not take the key" in said
    other = "hmac-sha256" if server.key.alg == "hmac-sha512" else "hmac-sha512"
    change("add", server, Key(server.key.name, other, server.key.secret), code="DNS_KEY_REFUSED")
    assert server.shown(NAME) == []


def test_a_key_without_the_right_is_told(server):
    got = change("add", server, server.weak_key, code=None)
    # Knot does not tell a key without rights from one that it does not know
    assert got["result"] == ("DNS_UPDATE_REFUSED" if server.program == "named" else "DNS_KEY_REFUSED"), got
    assert got["hint"] and server.shown(NAME) == []


def test_a_zone_that_is_not_there_is_told(server):
    got = tool("add", server.address, "nowhere.example", server.key.name, server.key.alg, server.key.secret,
               "_dnsauth.nowhere.example", VALUE)
    assert got["result"] in ("DNS_ZONE", "DNS_UPDATE_REFUSED"), got
    assert tool("ask", server.address, "nowhere.example", SOA, "-")["result"] in ("DNS_ZONE", "0")
    outside = tool("add", server.address, "acme.test", server.key.name, server.key.alg, server.key.secret,
                   "_dnsauth.other.test", VALUE)
    assert outside["result"] == "DNS_ZONE" and "NOTZONE" in outside["message"], outside


def test_a_server_that_is_silent_costs_no_more_than_the_time_given(server):
    with SilentServer() as s:
        got = tool("ask", s.address, NAME, TXT, VALUE, code="DNS_TIMEOUT")
        assert int(got["ms"]) < 12000
        got = tool("stop", "ask", s.address, NAME, TXT, VALUE, code="DNS_TIMEOUT")
        assert int(got["ms"]) < 3000  # ended by dns_stop()


def test_nobody_listening_is_told_at_once(server):
    with SilentServer() as s:
        address = s.address
    assert int(tool("ask", address, NAME, TXT, VALUE, code="NET")["ms"]) < 3000


# -- a liar in between

class Liar:
    """Passes UDP messages on to the server and alters the answers."""

    def __init__(self, server, alter):
        self.server, self.alter = server, alter

    def __enter__(self):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.sock.getsockname()[1]}"
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        return self

    def run(self):
        with contextlib.suppress(OSError):
            while True:
                asked, peer = self.sock.recvfrom(65535)
                if not asked:
                    return
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as up:
                    up.settimeout(5)
                    up.sendto(asked, (self.server.host, self.server.port))
                    self.sock.sendto(self.alter(up.recv(65535)), peer)

    def __exit__(self, *_):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.sendto(b"", self.sock.getsockname())
        self.thread.join()
        self.sock.close()


def without_signature(answer):
    """The same, as if it had never been signed: the TSIG record is the last one."""
    at = answer.rindex(b"\x00\xfa\x00\xff\x00\x00\x00\x00")
    while not answer[:at].endswith(b"\x06signet\x03key\x00"):
        at -= 1
    at -= len(b"\x06signet\x03key\x00")
    count = struct.unpack(">H", answer[10:12])[0]
    return answer[:10] + struct.pack(">H", count - 1) + answer[12:at]


def flipped(bit):
    def alter(answer):
        i = (12 + bit) % len(answer) if bit >= 0 else len(answer) + bit
        return answer[:i] + bytes([answer[i] ^ 1]) + answer[i + 1:]
    return alter


@pytest.mark.parametrize("alter", [without_signature, lambda a: a[:3] + bytes([a[3] ^ 5]) + a[4:], flipped(-7), flipped(-20),
                                   flipped(1)], ids=["unsigned", "rcode", "mac", "mac2", "question"])
def test_an_answer_that_was_altered_is_not_believed(server, alter):
    with Liar(server, alter) as liar:
        got = change("add", server, server.key, address=liar.address, code=None)
        assert got["result"] in ("DNS_KEY_REFUSED", "DNS_SERVFAIL"), got
    with Liar(server, lambda a: a) as honest:
        change("add", server, server.key, address=honest.address)


def test_an_answer_of_another_time_is_not_believed(server):
    """A replayed answer is bound to another question's signature."""
    kept = []

    def replay(answer):
        kept.append(answer)
        return answer[:2] + kept[0][2:] if len(kept) > 1 else answer
    with Liar(server, replay) as liar:
        change("add", server, server.key, address=liar.address)
        change("remove", server, server.key, address=liar.address, code="DNS_KEY_REFUSED")


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, "-q"]))
