# SPDX-License-Identifier: Apache-2.0
"""A mail server (aiosmtpd) that keeps what it is given, so that tests read the mails of the service.

    with Mailbox() as box, Signet(args=box.args) as s:
        mail = box.wait("li@example.com", "confirm")
        mail.subject, mail.text, mail.link
        page(s, mail.link, "POST")
"""
import email
import email.policy
import http.client
import re
import ssl
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from ports import free_port
from signet import wait_for


def page(s, address, method="GET", language="en"):
    """The page behind a link, as a browser without a session gets it: status, headers, text."""
    conn = http.client.HTTPSConnection("localhost", s.https_port, timeout=30, context=s.tls())
    try:
        conn.request(method, address[address.index("/link/"):], headers={"Accept-Language": language})
        r = conn.getresponse()
        return r.status, {k.lower(): v for k, v in r.getheaders()}, r.read().decode()
    finally:
        conn.close()


class Mail:
    def __init__(self, sender, to, raw, tls, user):
        self.sender, self.to, self.raw, self.tls, self.user = sender, to, raw, tls, user
        self.message = email.message_from_bytes(raw, policy=email.policy.default)
        self.subject = self.message["Subject"]
        self.text = self.message.get_content()

    @property
    def link(self):
        """The address of the one-time link in the text."""
        found = re.findall(r"https://\S+/link/[\w-]{43}\b", self.text)
        assert len(found) == 1, self.text
        return found[0]

    @property
    def token(self):
        return self.link.rsplit("/", 1)[1]

    def __repr__(self):
        return f"<mail to {self.to}: {self.subject!r}>"


class Mailbox:
    """tls: a (certificate, key) pair of files, for STARTTLS; user, password: signing in is required."""

    def __init__(self, tls=None, implicit=False, user=None, password=None, host="127.0.0.1"):
        self.mails = []
        self.refuse = {}  # address -> "550 5.1.1 no such user", or "*"
        self.tries = 0  # addresses asked for, taken or not
        self.port = free_port()
        self.user, self.password = user, password
        self._changed = threading.Condition()
        self._context = None
        if tls:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(*tls)
        self.implicit = implicit
        self.url = f"{'smtps' if implicit else 'smtp'}://{host}:{self.port}"
        self.args = ["--mail-server", self.url, "--mail-from", "ca@signet.example"]
        self._server = None

    # -- what aiosmtpd calls

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        self.tries += 1
        no = self.refuse.get(address) or self.refuse.get("*")
        if no:
            return no
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        tls = session.ssl is not None or self.implicit
        for to in envelope.rcpt_tos:
            self.mails.append(Mail(envelope.mail_from, to, envelope.content, tls, session.auth_data))
        return "250 taken"

    def _authenticate(self, server, session, envelope, mechanism, data):
        ok = (data.login.decode(), data.password.decode()) == (self.user, self.password)
        return AuthResult(success=ok, handled=ok, auth_data=data.login.decode() if ok else None)

    # -- life

    def start(self):
        auth = {}
        if self.user:
            auth = {"authenticator": self._authenticate, "auth_required": True,
                    "auth_require_tls": bool(self._context and not self.implicit)}
        starttls = self._context if not self.implicit else None
        box = self

        class Listener(Controller):
            def factory(self):
                return SMTP(box, hostname="mail.test", tls_context=starttls, require_starttls=bool(starttls), **auth)

        self._server = Listener(self, hostname="127.0.0.1", port=self.port,
                                ssl_context=self._context if self.implicit else None)
        self._server.start()
        return self

    def stop(self):
        if self._server:
            self._server.stop()
            self._server = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    # -- reading

    def all(self, to=None, about=None):
        """Mails to the address whose subject or text holds the words, oldest first."""
        return [m for m in list(self.mails) if (not to or m.to == to)
                and (not about or about in m.subject or about in m.text)]

    def wait(self, to=None, about=None, n=1, timeout=20):
        """The n-th such mail."""
        return wait_for(f"mail {n} to {to} about {about}", lambda: self.all(to, about)[n - 1:n], timeout)[0]
