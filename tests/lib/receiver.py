# SPDX-License-Identifier: Apache-2.0
"""Receivers of webhooks on loopback, over HTTPS with a certificate of a root of their own or over plain HTTP. What they are
sent is kept; what they answer is said by the test. The signatures are checked here from the receivers' own descriptions.

    with Receiver() as r:
        r.answers = [(500, b""), (200, b"ok")]      # one for each message; the last one stays
        message = r.wait(3)                         # the third one: path, query, headers, body, json
"""
import base64
import datetime
import hashlib
import hmac
import http.server
import ipaddress
import json
import os
import ssl
import tempfile
import threading
import urllib.parse

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from signet import wait_for
from webserver import Server


class Message:
    def __init__(self, handler, body):
        at = urllib.parse.urlsplit(handler.path)
        self.target, self.path = handler.path, at.path
        self.query = dict(urllib.parse.parse_qsl(at.query))
        self.headers = {k.lower(): v for k, v in handler.headers.items()}
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        owner = self.server.owner
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with owner.lock:
            owner.messages.append(Message(self, body))
            answer = owner.answers.pop(0) if len(owner.answers) > 1 else owner.answers[0]
        status, body, *headers = answer
        self.send_response(status)
        for k, v in dict(*headers).items():
            self.send_header(k, v)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass

    def log_message(self, *args):
        pass


def write_pair(folder, names=("hook.example.com",)):
    """A root, and a certificate for 127.0.0.1 and the names by it: paths of root, certificate, key."""
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)

    def make(name, issuer, key, by, ca, more=()):
        b = (x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
             .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=3650))
             .not_valid_after(now + datetime.timedelta(days=3650))
             .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True))
        for e in more:
            b = b.add_extension(e, critical=False)
        return b.sign(by, hashes.SHA256())
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hook root")])
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hook")])
    sans = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), *(x509.DNSName(n) for n in names)]
    pem = serialization.Encoding.PEM
    texts = {
        "root.pem": make(root_name, root_name, root_key, root_key, True).public_bytes(pem),
        "cert.pem": make(name, root_name, key, root_key, False, [x509.SubjectAlternativeName(sans)]).public_bytes(pem),
        "key.pem": key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    }
    for file, text in texts.items():
        with open(os.path.join(folder, file), "wb") as f:
            f.write(text)
    return [os.path.join(folder, f) for f in texts]


class Receiver:
    def __init__(self, pair=None):
        """pair: (certificate, key); without it plain HTTP."""
        self.messages, self.answers, self.lock = [], [(200, b"ok")], threading.Lock()
        self.http = Server(("127.0.0.1", 0), Handler)
        self.http.owner = self
        self.port = self.http.server_address[1]
        self.tls = pair is not None
        if pair:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*pair)
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True, do_handshake_on_connect=False)

    def url(self, target, host="127.0.0.1"):
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{target}"

    def wait(self, n=1, timeout=30):
        return wait_for(f"message {n} to the webhook", lambda: list(self.messages)[n - 1:n], timeout)[0]

    def __enter__(self):
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


def generic_ok(m, secret):
    want = hmac.new(secret.encode(), m.headers["signet-timestamp"].encode() + b"." + m.body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(want, m.headers["signet-signature"]) and m.headers["signet-delivery"] == str(m.json["id"])


def dingtalk_ok(m, secret):
    """https://open.dingtalk.com: sign = urlEncode(base64(HmacSHA256(secret, timestamp + "\\n" + secret))), in ms."""
    text = f"{m.query['timestamp']}\n{secret}"
    return m.query["sign"] == base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()).decode()


def lark_ok(m, secret):
    """https://open.feishu.cn: the key is timestamp + "\\n" + secret, the message is empty; in seconds."""
    key = f"{m.json['timestamp']}\n{secret}"
    return m.json["sign"] == base64.b64encode(hmac.new(key.encode(), b"", hashlib.sha256).digest()).decode()


def folder():
    """One that the core's user can read."""
    top = tempfile.mkdtemp(prefix="signet-hook-", dir="/tmp")
    os.chmod(top, 0o755)
    return top
