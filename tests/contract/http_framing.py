#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the HTTP server takes and refuses, byte by byte over raw sockets. Usage: http_framing.py PATH-OF-HTTP_ECHO"""
import ctypes
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

from http_peer import Echo, Peer, cert

ECHO = sys.argv.pop(1)
SLOW_MS = 600
IDLE_MS = 900


def setUpModule():
    global folder, echo
    folder = tempfile.TemporaryDirectory()
    echo = Echo(ECHO, "--tls", *cert(folder.name, "one"), "--swap", *cert(folder.name, "two"), "--slow", str(SLOW_MS),
                "--idle", str(IDLE_MS))


def tearDownModule():
    echo.end()
    folder.cleanup()


HOST = b"Host: signet.example\r\n"
GET = b"GET /a HTTP/1.1\r\n" + HOST + b"\r\n"

# name: (request, status). Every one of these also closes the connection.
REFUSED = {
    "two_hosts": (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    "two_hosts_of_the_same_value": (b"GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", 400),
    "no_host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "host_with_a_blank": (b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
    "host_with_a_slash": (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
    "two_lengths": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
    "two_lengths_of_the_same_value": (
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400),
    "a_list_of_lengths": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 3, 3\r\n\r\nabc", 400),
    "length_with_plus": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: +5\r\n\r\nabcde", 400),
    "length_negative": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: -5\r\n\r\nabcde", 400),
    "length_hexadecimal": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 0x5\r\n\r\nabcde", 400),
    "length_empty": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length:\r\n\r\n", 400),
    "length_overflowing": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 18446744073709551621\r\n\r\nabcde", 413),
    "length_over_the_cap": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 1001\r\n\r\n", 413),
    "length_of_exabytes": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 9223372036854775807\r\n\r\n", 413),
    "chunked": (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 411),
    "chunked_in_another_case": (b"POST / HTTP/1.1\r\n" + HOST + b"transfer-encoding: Chunked\r\n\r\n0\r\n\r\n", 411),
    "chunked_and_length": (
        b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 400),
    "length_and_chunked": (
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 400),
    "two_codings": (
        b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "coding_identity": (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: identity\r\n\r\n", 400),
    "coding_gzip_chunked": (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
    "coding_hidden_by_a_vertical_tab": (
        b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", 400),
    "blank_before_the_colon": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A : b\r\n\r\n", 400),
    "blank_before_the_colon_of_length": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length : 3\r\n\r\nabc", 400),
    "tab_before_the_colon": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A\t: b\r\n\r\n", 400),
    "blank_in_a_name": (b"GET / HTTP/1.1\r\n" + HOST + b"X A: b\r\n\r\n", 400),
    "name_that_is_no_token": (b"GET / HTTP/1.1\r\n" + HOST + b"X(A): b\r\n\r\n", 400),
    "name_not_ascii": (b"GET / HTTP/1.1\r\n" + HOST + b"X-\xe4: b\r\n\r\n", 400),
    "name_empty": (b"GET / HTTP/1.1\r\n" + HOST + b": b\r\n\r\n", 400),
    "line_without_colon": (b"GET / HTTP/1.1\r\n" + HOST + b"hello\r\n\r\n", 400),
    "blank_before_the_first_header": (b"GET / HTTP/1.1\r\n " + HOST + b"\r\n", 400),
    "folded_line": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A: b\r\n c\r\n\r\n", 400),
    "folded_line_that_makes_a_known_name": (
        b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-E: x\r\n\tncoding\r\nContent-Length: 3\r\n\r\nabc", 400),
    "folded_last_line": (b"GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", 400),
    "bare_lf_everywhere": (b"GET / HTTP/1.1\nHost: a\n\n", 400),
    "bare_lf_behind_the_request_line": (b"GET / HTTP/1.1\nHost: a\r\n\r\n", 400),
    "bare_lf_behind_a_header": (b"GET / HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n", 400),
    "bare_lf_behind_the_last_header": (b"GET / HTTP/1.1\r\nHost: a\n\r\n", 400),
    "bare_lf_as_the_last_line": (b"GET / HTTP/1.1\r\nHost: a\r\n\n", 400),
    "bare_cr_in_a_value": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A: b\rc\r\n\r\n", 400),
    "nul_in_a_value": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A: b\0c\r\n\r\n", 400),
    "nul_at_the_end_of_a_value": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A: b\0\r\nX-C: d\r\n\r\n", 400),
    "nul_in_the_last_value": (b"GET / HTTP/1.1\r\nX-A: b\r\nHost: a\0b\r\n\r\n", 400),
    "nul_in_a_name": (b"GET / HTTP/1.1\r\n" + HOST + b"X\0A: b\r\n\r\n", 400),
    "nul_in_the_target": (b"GET /a\0b HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "nul_in_the_method": (b"GE\0T /a HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "control_in_a_value": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A: b\x01\r\n\r\n", 400),
    "escaped_nul_in_the_path": (b"GET /a%00b HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "escaped_nul_in_the_query": (b"GET /a?b=%00 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "blank_in_the_target": (b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "two_blanks_before_the_target": (b"GET  /a HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "tab_before_the_target": (b"GET\t/a HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "two_blanks_before_the_version": (b"GET /a  HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "blank_behind_the_version": (b"GET /a HTTP/1.1 \r\n" + HOST + b"\r\n", 400),
    "no_target": (b"GET HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "target_not_ascii": (b"GET /\xe4 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "target_with_fragment": (b"GET /a#b HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "target_relative": (b"GET a HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "target_of_connect": (b"CONNECT a:443 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "target_asterisk": (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "target_too_long": (b"GET /" + b"a" * 30000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    "headers_too_many": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A: b\r\n" * 100 + b"\r\n", 431),
    "headers_too_long": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A: " + b"b" * 40000 + b"\r\n\r\n", 431),
    "http_0_9": (b"GET /\r\n\r\n", 400),
    "http_0_9_named": (b"GET / HTTP/0.9\r\n\r\n", 505),
    "http_2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "version_of_two_digits": (b"GET / HTTP/1.10\r\n" + HOST + b"\r\n", 400),
    "version_in_lower_case": (b"GET / http/1.1\r\n" + HOST + b"\r\n", 400),
    "http_1_0_chunked": (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
    "garbage": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 \r\n\r\n", 400),
}

# The library's own answer, before the server is asked: no problem document.
OF_THE_LIBRARY = {
    "a_list_of_lengths", "length_with_plus", "length_negative", "length_hexadecimal", "length_empty", "length_overflowing",
    "line_without_colon", "http_0_9", "http_0_9_named", "http_2", "version_of_two_digits", "version_in_lower_case", "garbage",
    "blank_behind_the_version", "no_target", "headers_too_long", "nul_in_the_method", "tab_before_the_target", "name_empty",
    "blank_before_the_first_header", "nul_in_a_name",
}
MHD = ctypes.CDLL("libmicrohttpd.so.12")
MHD.MHD_get_version.restype = ctypes.c_char_p
CODES = {411: "LENGTH_REQUIRED", 414: "TARGET_TOO_LONG", 431: "HEADERS_TOO_LARGE"}
# From 1.0 on the library refuses all malformed heads itself, these even without an answer.
STRICT_LIBRARY = int(MHD.MHD_get_version().split(b".")[0]) >= 1
CLOSED_BY_STRICT = {"garbage", "nul_in_the_method", "nul_in_the_target", "tab_before_the_target"}


class Refused(unittest.TestCase):
    """Each is answered with its status, in one go or byte by byte, and the connection closes."""

    def refuse(self, name, data, status, send):
        with Peer(echo.plain) as peer:
            send(peer, data + GET)
            answer = peer.answer()
            if STRICT_LIBRARY and name in CLOSED_BY_STRICT and answer is None:
                return
            self.assertIsNotNone(answer, "closed without an answer")
            self.assertEqual(answer.status, status)
            self.assertNotIn("server", answer.headers)
            if name not in OF_THE_LIBRARY and not STRICT_LIBRARY:
                self.assertEqual(answer.headers["content-type"], "application/problem+json")
                problem = answer.json()
                self.assertEqual(problem["status"], status)
                self.assertEqual(problem["code"], CODES.get(status, problem["code"]))
                self.assertTrue(problem["code"] and problem["hint"] and problem["detail"])
            self.assertEqual(answer.headers.get("connection", "").lower(), "close")
            if name in OF_THE_LIBRARY:  # which may send its own head twice (0.9.75)
                while more := peer.receive():
                    peer.buffer += more
                self.assertNotIn(b'"path"', peer.buffer)
            else:
                self.assertTrue(peer.closed(), f"more is answered: {peer.buffer[:200]}")


def whole(peer, data):
    peer.send(data)


def in_two(peer, data):
    peer.send(data[: len(data) // 2])
    time.sleep(0.02)
    try:
        peer.send(data[len(data) // 2 :])
    except (ConnectionResetError, BrokenPipeError):
        pass  # it has refused by then


for _name, (_data, _status) in REFUSED.items():
    for _send in (whole, in_two):
        def _test(self, name=_name, data=_data, status=_status, send=_send):
            self.refuse(name, data, status, send)

        setattr(Refused, f"test_{_name}_{_send.__name__}", _test)


class Taken(unittest.TestCase):
    def get(self, data, port=None, tls=False):
        with Peer(port or echo.plain, tls) as peer:
            peer.send(data)
            return peer.answer()

    def test_a_plain_request_keeps_the_connection(self):
        with Peer(echo.plain) as peer:
            for _ in range(3):
                peer.send(GET)
                self.assertEqual(peer.answer().status, 200)
            self.assertFalse(peer.closed(0.2))

    def test_the_target_reaches_the_handler_as_sent(self):
        got = self.get(b"GET /a%2Fb/../c%41?x=%2b&y=1+2 HTTP/1.1\r\n" + HOST + b"\r\n").json()
        self.assertEqual(got["target"], "/a%2Fb/../c%41?x=%2b&y=1+2")
        self.assertEqual(got["path"], "/a%2Fb/../c%41")
        self.assertEqual(got["query"], "x=%2b&y=1+2")

    def test_the_absolute_form_is_cut_to_its_path(self):
        for target, path, query in [(b"http://a.example/x?y", "/x", "y"), (b"HTTPS://a.example:1", "/", ""),
                                    (b"http://a.example?q", "/", "q")]:
            got = self.get(b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"\r\n").json()
            self.assertEqual((got["path"], got["query"]), (path, query))

    def test_headers_keep_their_order_and_lose_only_outer_blanks(self):
        got = self.get(b"GET / HTTP/1.1\r\n" + HOST + b"X-A:b\r\nX-E:\r\nx-a: \t c  d\t \r\n\r\n").json()
        self.assertEqual(got["headers"][1:], [["X-A", "b"], ["X-E", ""], ["x-a", "c  d"]])

    def test_sixty_four_headers_are_taken(self):
        answer = self.get(b"GET / HTTP/1.1\r\n" + HOST + b"X-A: b\r\n" * 63 + b"\r\n")
        self.assertEqual(answer.status, 200)
        self.assertEqual(len(answer.json()["headers"]), 64)

    def test_length_with_leading_zeros(self):
        got = self.get(b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 0003\r\n\r\nabc").json()
        self.assertEqual(got["body"], "abc")

    def test_http_1_0_needs_no_host_and_closes(self):
        with Peer(echo.plain) as peer:
            peer.send(b"GET /a HTTP/1.0\r\n\r\n")
            self.assertEqual(peer.answer().status, 200)
            self.assertTrue(peer.closed())

    def test_connection_close_closes(self):
        with Peer(echo.plain) as peer:
            peer.send(b"GET /a HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
            self.assertEqual(peer.answer().status, 200)
            self.assertTrue(peer.closed())

    def test_pipelined_requests_are_answered_in_order(self):
        with Peer(echo.plain) as peer:
            peer.send(b"".join(b"POST /%d HTTP/1.1\r\n" % i + HOST + b"Content-Length: 2\r\n\r\n%02d" % i
                               for i in range(20)))
            for i in range(20):
                got = peer.answer().json()
                self.assertEqual((got["path"], got["body"]), (f"/{i}", f"{i:02}"))

    def test_a_request_in_single_bytes(self):
        with Peer(echo.plain) as peer:
            for i in range(len(GET)):
                peer.send(GET[i : i + 1])
            self.assertEqual(peer.answer().json()["path"], "/a")

    def test_a_half_closed_sender_is_answered_or_closed(self):
        with Peer(echo.plain) as peer:
            peer.send(GET)
            peer.sock.shutdown(socket.SHUT_WR)
            answer = peer.answer()
            self.assertTrue(answer is None or answer.status == 200)
            self.assertTrue(peer.closed())

    def test_head_has_the_length_and_no_body(self):
        with Peer(echo.plain) as peer:
            peer.send(b"HEAD /fast HTTP/1.1\r\n" + HOST + b"\r\n" + GET)
            answer = peer.answer(head_only=True)
            self.assertEqual((answer.status, answer.headers["content-length"]), (200, "1500"))
            self.assertEqual(peer.answer().json()["path"], "/a")

    def test_fixed_memory_is_sent_and_released(self):
        with Peer(echo.plain) as peer:
            peer.send(GET)
            before = peer.answer().json()["released"]
            for path in (b"/fast", b"/fast.close"):
                peer.send(b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"\r\n")
                self.assertEqual(peer.answer().body, b"f" * 1500)
            peer.send(GET)
            self.assertEqual(peer.answer().json()["released"], before + 2)

    def test_expect_continue_is_answered_before_the_body(self):
        with Peer(echo.plain) as peer:
            peer.send(b"POST / HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
            self.assertTrue(peer.receive().startswith(b"HTTP/1.1 100 "))
            peer.send(b"abc")
            self.assertEqual(peer.answer().json()["body"], "abc")

    def test_expect_continue_of_a_refused_body_gets_the_refusal(self):
        with Peer(echo.plain) as peer:
            peer.send(b"POST / HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\nContent-Length: 3000\r\n\r\n")
            self.assertTrue(peer.receive().startswith(b"HTTP/1.1 413 "))

    def test_a_body_up_to_its_cap(self):
        for tls in (False, True):
            with Peer(echo.tls if tls else echo.plain, tls) as peer:
                body = b"x" * 1024 * 1024
                peer.send(b"POST /upload HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % len(body) + body)
                self.assertEqual(len(peer.answer().json()["body"]), len(body))
                peer.send(b"POST /upload HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % (len(body) + 1))
                self.assertEqual(peer.answer().status, 413)

    def test_a_large_answer(self):
        for tls in (False, True):
            answer = self.get(b"GET /big?n=5000000 HTTP/1.1\r\n" + HOST + b"\r\n", echo.tls if tls else echo.plain, tls)
            self.assertEqual(len(answer.body), 5000000)

    def test_a_target_up_to_its_cap_on_tls(self):
        target = b"/a?" + b"b" * (96 * 1024 - 3)
        with Peer(echo.tls, True) as peer:
            for _ in range(2):
                peer.send(b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"X-A: b\r\n" * 20 + b"\r\n")
                self.assertEqual(peer.answer().json()["target"], target.decode())
            peer.send(b"GET " + target + b"b HTTP/1.1\r\n" + HOST + b"\r\n")
            self.assertEqual(peer.answer().status, 414)

    def test_thousands_of_query_parameters_do_not_break_the_server(self):
        with Peer(echo.tls, True) as peer:
            peer.send(b"GET /a?" + b"&" * 90000 + b" HTTP/1.1\r\n" + HOST + b"\r\n")
            answer = peer.answer()
            self.assertIn(answer.status if answer else 414, (200, 413, 414, 431, 500))
        self.assertEqual(self.get(GET).status, 200)

    def test_a_header_with_a_line_break_is_never_sent(self):
        answer = self.get(b"GET /split HTTP/1.1\r\n" + HOST + b"\r\n")
        self.assertEqual(answer.status, 500)
        self.assertNotIn("set-cookie", answer.headers)
        self.assertEqual(answer.json()["code"], "INTERNAL")

    def test_answers_have_length_and_date_but_no_server(self):
        answer = self.get(GET)
        self.assertIn("date", answer.headers)
        self.assertIn("content-length", answer.headers)
        self.assertNotIn("server", answer.headers)


class Slow(unittest.TestCase):
    """Closed without an answer, at the time and not before."""

    def drip(self, peer, data, limit):
        """Sends byte after byte; returns the seconds until the server closed."""
        start = time.monotonic()
        peer.sock.settimeout(0.02)
        for i in range(len(data)):
            try:
                peer.send(data[i : i + 1])
                if peer.sock.recv(1) == b"":
                    return time.monotonic() - start
                self.fail("a slow sender is answered")
            except TimeoutError:
                pass
            except (ConnectionResetError, BrokenPipeError, ssl.SSLError):
                return time.monotonic() - start
            if time.monotonic() - start > limit:
                break
        self.fail(f"still open after {time.monotonic() - start:.1f} s")

    def times(self, took, ms):
        self.assertGreater(took, ms / 1000 - 0.05)
        self.assertLess(took, ms / 1000 + 0.5)

    def test_slow_headers(self):
        for tls in (False, True):
            with Peer(echo.tls if tls else echo.plain, tls) as peer:
                self.times(self.drip(peer, b"GET /a HTTP/1.1\r\n" + HOST + b"X: " + b"y" * 10000, 3), SLOW_MS)

    def test_slow_request_line(self):
        with Peer(echo.plain) as peer:
            self.times(self.drip(peer, b"GET /" + b"a" * 10000, 3), SLOW_MS)

    def test_slow_body(self):
        with Peer(echo.plain) as peer:
            peer.send(b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 900\r\n\r\n")
            self.times(self.drip(peer, b"a" * 900, 3), SLOW_MS)

    def test_slow_second_request(self):
        with Peer(echo.plain) as peer:
            peer.send(GET)
            peer.answer()
            peer.send(b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 900\r\n\r\n")
            self.times(self.drip(peer, b"a" * 900, 3), SLOW_MS)

    def test_silence_from_the_start(self):
        for port in (echo.plain, echo.tls):
            with Peer(port) as peer:
                start = time.monotonic()
                self.assertTrue(peer.closed(3))
                self.times(time.monotonic() - start, SLOW_MS)

    def test_silence_between_requests(self):
        with Peer(echo.plain) as peer:
            peer.send(GET)
            peer.answer()
            start = time.monotonic()
            self.assertTrue(peer.closed(3))
            self.times(time.monotonic() - start, IDLE_MS)

    def test_a_slow_worker_is_no_slow_sender(self):
        with Peer(echo.plain) as peer:
            peer.send(b"GET /sleep?ms=1500 HTTP/1.1\r\n" + HOST + b"\r\n")
            self.assertEqual(peer.answer().status, 200)


class Tls(unittest.TestCase):
    def test_a_new_certificate_is_used_at_once_and_old_connections_go_on(self):
        def name():
            pem = ssl.get_server_certificate(("127.0.0.1", echo.tls))
            out = subprocess.run(["openssl", "x509", "-noout", "-subject"], input=pem, text=True, capture_output=True,
                                 check=True).stdout
            return out.strip()[-11:]

        self.assertEqual(name(), "one.example")
        with Peer(echo.tls, True) as peer:
            peer.send(b"POST /swap HTTP/1.1\r\n" + HOST + b"\r\n")
            self.assertEqual(peer.answer().status, 200)
            self.assertEqual(name(), "two.example")
            peer.send(GET)
            self.assertEqual(peer.answer().status, 200)

    def test_only_tls_1_2_and_1_3_with_forward_secrecy(self):
        def handshake(*options):
            return subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{echo.tls}", *options], input="",
                                  text=True, capture_output=True).returncode == 0

        self.assertTrue(handshake("-tls1_3"))
        self.assertTrue(handshake("-tls1_2"))
        self.assertFalse(handshake("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"))
        self.assertFalse(handshake("-tls1_2", "-cipher", "AES128-GCM-SHA256"))
        self.assertFalse(handshake("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"))

    def test_no_handshake_before_there_is_a_certificate(self):
        bare = Echo(ECHO)
        with self.assertRaises(ssl.SSLError):
            Peer(bare.tls, True)
        bare.end()


class Lanes(unittest.TestCase):
    def test_a_full_lane_answers_503_with_retry_after(self):
        narrow = Echo(ECHO, "--workers", "1")
        peers = [Peer(narrow.plain) for _ in range(80)]
        for peer in peers:
            peer.send(b"GET /sleep?ms=20 HTTP/1.1\r\n" + HOST + b"\r\n")
        answers = [peer.answer() for peer in peers]
        for peer in peers:
            peer.sock.close()
        self.assertEqual({a.status for a in answers}, {200, 503})
        busy = next(a for a in answers if a.status == 503)
        self.assertEqual((busy.json()["code"], busy.headers["retry-after"]), ("BUSY", "1"))
        narrow.end()

    def test_draining_finishes_what_is_under_way(self):
        server = Echo(ECHO)
        busy, idle = Peer(server.plain), Peer(server.plain)
        idle.send(GET)
        idle.answer()
        busy.send(b"GET /sleep?ms=500 HTTP/1.1\r\n" + HOST + b"\r\n")
        time.sleep(0.1)
        self.assertLess(server.end(), 0.9)
        answer = busy.answer()
        self.assertEqual((answer.status, answer.headers["connection"].lower()), (200, "close"))
        self.assertTrue(idle.closed())
        busy.sock.close()
        idle.sock.close()

    def test_draining_gives_up_at_its_time(self):
        server = Echo(ECHO, "--drain", "200")
        peers = [Peer(server.plain) for _ in range(4)]
        for peer in peers:
            peer.send(b"GET /sleep?ms=1000 HTTP/1.1\r\n" + HOST + b"\r\n")
        time.sleep(0.1)
        server.process.stdin.close()
        start = time.monotonic()
        self.assertEqual(server.process.stdout.readline(), "stopped\n")
        self.assertLess(time.monotonic() - start, 0.7)
        for peer in peers:
            self.assertIsNone(peer.answer())
            peer.sock.close()
        self.assertEqual(server.process.wait(5), 0)
        server.process.stdout.close()


if __name__ == "__main__":
    unittest.main()
