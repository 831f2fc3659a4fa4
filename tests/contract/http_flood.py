#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""10,000 connections that hold on and give little: a new client is answered within a second, and the server stays small.
Usage: http_flood.py PATH-OF-HTTP_ECHO"""
import os
import sys
import tempfile
import unittest

from http_peer import Echo, Peer, cert

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from flood import Flood, ask_during, client_hello, peak_mb  # noqa: E402

CONNECTIONS = 2000
# The product's bound is 128 MB for the whole core: the server's share of it.
RSS_MAX_MB = 80
# On the clock of a machine that has nothing else to do; on a busy one, in seconds of the server's processor time.
LIMIT_S = 3.0  # the promise is 1 s; three times that on a machine that is busy with the attackers too
LIMIT_CPU_S = 0.6
# On a busy machine all attackers' greetings are there before the server gets its turn: who is new then stands behind as many
# handshakes as the server has connections, and each costs a key exchange and a signature.
LIMIT_CPU_HELLO_S = 2.5
GET = b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"


GIVES = {
    "nothing": b"",
    "half": b"GET /a HTTP/1.1\r\nHost: a\r\nX-A: ",
    "half_a_body": b"POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + b"x" * 1000,
    "request": b"GET /fast HTTP/1.1\r\nHost: a\r\n\r\n",
    "long_request": b"GET /fast?" + b"a" * 20000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "large_answer": b"GET /big?n=3000000 HTTP/1.1\r\nHost: a\r\n\r\n",
    "hello": client_hello(),
}


class UnderFlood(unittest.TestCase):
    def flood(self, gives, tls, through_tls=False):
        """Attacks, asks as a new client all the while and a little longer."""
        with tempfile.TemporaryDirectory() as folder:
            echo = Echo(ECHO, "--tls", *cert(folder, "one"), "--conns", str(CONNECTIONS))
        limit = LIMIT_CPU_HELLO_S if gives == "hello" else LIMIT_CPU_S
        port, pid = echo.tls if tls else echo.plain, echo.process.pid

        def ask():
            with Peer(port, tls) as peer:
                peer.send(GET)
                answer = peer.answer()
            self.assertIsNotNone(answer, "a new client is not answered")
            self.assertEqual(answer.status, 200)

        ask()
        quiet = peak_mb(pid)
        with Flood(port, [GIVES[gives]], through_tls=CONNECTIONS if through_tls else 0) as attack:
            asked = ask_during(attack, pid, ask)
            peak = peak_mb(pid)
        ask()
        echo.end()
        print(f"\n{'TLS' if tls else 'plain'} {gives}: attempts in {asked.took_s:.2f} s, {asked.n} new clients, slowest "
              f"{asked.worst_s * 1000:.0f} ms ({asked.worst_cpu_s * 1000:.0f} ms of processor), peak {peak:.1f} MB "
              f"(quiet {quiet:.1f})", file=sys.stderr)
        self.assertTrue(asked.worst_s < LIMIT_S or asked.worst_cpu_s < limit, "a new client waits too long")
        self.assertLess(peak, RSS_MAX_MB)

    def test_plain_silent(self):
        self.flood("nothing", False)

    def test_plain_half_a_head(self):
        self.flood("half", False)

    def test_plain_half_a_body(self):
        self.flood("half_a_body", False)

    def test_plain_answered_and_kept(self):
        self.flood("request", False)

    def test_plain_long_target_and_kept(self):
        self.flood("long_request", False)

    def test_tls_silent(self):
        self.flood("nothing", True)

    def test_tls_half_a_handshake(self):
        self.flood("hello", True)

    def test_tls_answered_and_kept(self):
        self.flood("long_request", True, through_tls=True)


if __name__ == "__main__":
    ECHO = sys.argv.pop(1)
    unittest.main()
