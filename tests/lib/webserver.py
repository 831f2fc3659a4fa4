# SPDX-License-Identifier: Apache-2.0
"""Small web servers on loopback: what they answer is said by the test, what they were asked is kept.

    with WebServer(tls=True) as w:
        w.routes["/x"] = (200, {}, b"body")
        ... w.port ... w.requests[0].headers["Host"]

RawServer sends given bytes to whoever connects (none: it stays silent) and hangs up when told so.
"""
import datetime
import http.server
import os
import socket
import ssl
import tempfile
import threading
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def self_signed(folder, name="nobody.invalid"):
    """Paths of a fresh certificate for another name, long expired, and its key: nothing about it is right."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    then = datetime.datetime(2020, 1, 1)
    cert = (x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key()).serial_number(1)
            .not_valid_before(then).not_valid_after(then + datetime.timedelta(days=1)).sign(key, hashes.SHA256()))
    paths = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
    with open(paths[0], "wb") as f:
        f.write(cert.public_bytes(serialization.Encoding.PEM))
    with open(paths[1], "wb") as f:
        f.write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                  serialization.NoEncryption()))
    return paths


class Request:
    def __init__(self, handler):
        self.method, self.path = handler.command, handler.path
        self.headers = dict(handler.headers)
        self.body = handler.rfile.read(int(self.headers.get("Content-Length", 0))) if self.method == "POST" else b""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.owner.requests.append(Request(self))
        status, headers, body = self.server.owner.routes.get(self.path.split("?")[0], (404, {}, b"no such page"))
        self.send_response(status)
        if callable(body):  # body(write) sends what it likes, for as long as it likes
            for k, v in headers.items():
                self.send_header(k, v)
            self.end_headers()
            try:
                body(self.wfile.write)
            except OSError:
                pass
            self.close_connection = True
            return
        for k, v in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(k, v)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass

    def do_POST(self):
        self.do_GET()

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):  # a client that leaves in the handshake
        pass


class Server6(Server):
    address_family = socket.AF_INET6


class WebServer:
    def __init__(self, tls=False, address="127.0.0.1", port=0):
        self.tls, self.address, self.requests, self.routes, self.names = tls, address, [], {}, []
        self.http = (Server6 if ":" in address else Server)((address, port), Handler)
        self.http.owner = self
        self.port = self.http.server_address[1]
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            with tempfile.TemporaryDirectory() as folder:
                context.load_cert_chain(*self_signed(folder))
            context.sni_callback = lambda sock, name, ctx: self.names.append(name)
            # the handshake belongs to the connection's own thread: a client that stalls there must not stop others
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True, do_handshake_on_connect=False)

    def __enter__(self):
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


class RawServer:
    def __init__(self, answer=None, address="127.0.0.1", hang_up=True):
        self.answer, self.hang_up, self.connections = answer, hang_up, 0
        self.sock = socket.create_server((address, 0), family=socket.AF_INET6 if ":" in address else socket.AF_INET)
        self.port = self.sock.getsockname()[1]
        self.open = []

    def _serve(self):
        while True:
            try:
                c, _ = self.sock.accept()
            except OSError:
                return
            self.connections += 1
            try:
                if self.answer is not None:
                    c.settimeout(2)
                    c.recv(4096)
                    c.sendall(self.answer)
                    time.sleep(0.05)
            except OSError:
                pass
            if self.hang_up:
                c.close()
            else:
                self.open.append(c)

    def __enter__(self):
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()
        self.thread.join()
        for c in self.open:
            c.close()
