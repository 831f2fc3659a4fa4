# SPDX-License-Identifier: Apache-2.0
"""A raw HTTP client and the server under test (tests/tools/http_echo.c)."""
import json
import re
import socket
import ssl
import subprocess
import time


class Answer:
    def __init__(self, raw):
        head, _, self.rest = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split(" ")[1])
        self.headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines[1:])}
        self.body = self.rest[: int(self.headers.get("content-length", 0))]

    def json(self):
        return json.loads(self.body)


class Peer:
    """One connection; tls=True goes through TLS."""

    def __init__(self, port, tls=False):
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=10)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            self.sock = context.wrap_socket(self.sock, server_hostname="signet.example")
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def send(self, data):
        self.sock.sendall(data)

    def receive(self):
        """More bytes, or b"" when the server has closed."""
        try:
            return self.sock.recv(65536)
        except (ConnectionResetError, ssl.SSLError, BrokenPipeError):
            return b""

    def answer(self, head_only=False):
        while b"\r\n\r\n" not in self.buffer:
            more = self.receive()
            if not more:
                return None
            self.buffer += more
        head = self.buffer.index(b"\r\n\r\n") + 4
        if self.buffer.startswith(b"HTTP/1.1 1"):
            self.buffer = self.buffer[head:]
            return self.answer(head_only)
        length = re.search(rb"(?i)\r\ncontent-length: (\d+)", self.buffer[:head])
        total = head + (int(length.group(1)) if length and not head_only else 0)
        while len(self.buffer) < total:
            more = self.receive()
            if not more:
                break
            self.buffer += more
        raw, self.buffer = self.buffer[:total], self.buffer[total:]
        return Answer(raw)

    def closed(self, within=2.0):
        """Whether the server closes, with nothing more sent."""
        self.sock.settimeout(within)
        try:
            return not self.buffer and self.receive() == b""
        except TimeoutError:
            return False


def cert(folder, name):
    crt, key = f"{folder}/{name}.crt", f"{folder}/{name}.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                    key, "-out", crt, "-subj", f"/CN={name}.example"], check=True, stderr=subprocess.DEVNULL)
    return [crt, key]


class Echo:
    def __init__(self, program, *options):
        self.process = subprocess.Popen([program, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.plain = int(self.process.stdout.readline().split()[1])
        self.tls = int(self.process.stdout.readline().split()[1])

    def end(self):
        """Drains the server; returns the seconds that it took."""
        start = time.monotonic()
        self.process.stdin.close()
        said = self.process.stdout.read()
        took = time.monotonic() - start
        assert self.process.wait(20) == 0, self.process.returncode
        assert said == "stopped\n", said
        self.process.stdout.close()
        return took
