# SPDX-License-Identifier: Apache-2.0
"""TLS servers on loopback addresses, whose certificate can be changed while they run.

    with TlsServer("127.0.50.1", port) as s:      # port 0: any
        s.show(certificate(["www.example.com"]))
"""
import datetime
import os
import socket
import ssl
import tempfile
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate(names, days=90, cn=None):
    """A self-signed certificate that ends in so many days of the machine's clock, with its key: PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, cn or names[0])])
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=days))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), critical=False)
            .sign(key, hashes.SHA256()))
    return made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


class TlsServer:
    def __init__(self, address="127.0.0.1", port=0, pem=None):
        self.address, self.port, self.asked = address, port, []
        self._context, self._stop, self._listener = None, False, None
        if pem:
            self.show(pem)

    def show(self, pem):
        """From the next connection on."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        fd, path = tempfile.mkstemp()
        try:
            with open(fd, "wb") as f:
                f.write(pem)
            context.load_cert_chain(path)
        finally:
            os.unlink(path)
        context.sni_callback = lambda sock, name, ctx: self.asked.append(name)
        self._context = context

    def __enter__(self):
        return self.start()

    def start(self):
        self._stop = False
        self._listener = socket.create_server((self.address, self.port), backlog=64)
        self._listener.settimeout(0.1)
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def _serve(self):
        while not self._stop:
            try:
                conn, _ = self._listener.accept()
            except OSError:
                continue
            threading.Thread(target=self._talk, args=(conn, self._context), daemon=True).start()

    def _talk(self, conn, context):
        conn.settimeout(5)
        try:
            if context:
                with context.wrap_socket(conn, server_side=True) as tls:
                    tls.recv(1)
            else:
                conn.sendall(b"SSH-2.0-nothing\r\n")
        except (OSError, ValueError):
            pass
        finally:
            conn.close()

    def stop(self):
        self._stop = True
        self._thread.join()
        self._listener.close()

    def __exit__(self, *exc):
        self.stop()

    @property
    def target(self):
        return f"{self.address}:{self.port}"
