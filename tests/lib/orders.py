# SPDX-License-Identifier: Apache-2.0
"""Orders for one of Signet's own names (product `internal`), and clients that outlive a service that dies under them."""
import http.client
import ssl
import threading
import time

from signet import wait_for

GONE = (OSError, ssl.SSLError, http.client.HTTPException)


def order(s, submit=True, key_alg="EC_P256"):
    """Buys and applies; the application's id."""
    bill = s.ok("POST", "/api/v1/purchases", {"product": "internal", "n_common": 1})
    return s.ok("POST", "/api/v1/applications", {
        "subscription": bill["subscriptions"][0]["id"], "names": ["localhost"], "method": "internal",
        "key_alg": key_alg, "submit": submit})["id"]


def attempt(fn):
    """The call's answer, or None when the service died under it or asks to come again."""
    try:
        r = fn()
    except GONE:
        return None
    return r if r.status < 500 and r.status != 429 else None


def state(s, application):
    r = attempt(lambda: s.rest("GET", f"/api/v1/applications/{application}"))
    return r.json["state"] if r and r.status == 200 else None


def finished(s, application, timeout=15):
    """The application's last state. A draft's submission that was lost is repeated; the rest goes on by itself."""
    def look():
        now = state(s, application)
        if now == "draft":
            attempt(lambda: s.rest("POST", f"/api/v1/applications/{application}:submit", {}))
        return now if now in ("issued", "failed") else None
    return wait_for("the application to end", look, timeout, every=0.05)


def certificate(s, application):
    return s.ok("GET", f"/api/v1/applications/{application}")["certificates"][0]["id"]


def revoke(s, certificate, timeout=15):
    """Revokes, again and again until the certificate is shown as revoked."""
    def look():
        r = attempt(lambda: s.rest("GET", f"/api/v1/certificates/{certificate}"))
        if r and r.json["status"] == "revoked":
            return True
        attempt(lambda: s.rest("POST", f"/api/v1/certificates/{certificate}:revoke", {"reason": "superseded"}))
    wait_for("the revocation", look, timeout, every=0.05)


class Stream:
    """Clients that order and revoke without a pause, and take every failure as a reason to ask again."""

    def __init__(self, s, clients, seconds):
        self.s, self.end = s, time.monotonic() + seconds
        self.applications, self.revoked, self.odd = [], [], []
        self.threads = [threading.Thread(target=self.run, args=(i,)) for i in range(clients)]

    def run(self, i):
        while time.monotonic() < self.end:
            try:
                self.one(i)
            except (*GONE, AssertionError, KeyError):
                time.sleep(0.05)  # the service is away, or asks to come again
            except Exception as e:
                self.odd.append(e)

    def one(self, i):
        application = order(self.s)
        self.applications.append(application)
        while time.monotonic() < self.end and state(self.s, application) != "issued":
            time.sleep(0.02)
        if i % 2 and state(self.s, application) == "issued":
            cert = certificate(self.s, application)
            self.s.ok("POST", f"/api/v1/certificates/{cert}:revoke", {"reason": "superseded"})
            self.revoked.append(cert)

    def stop(self):
        self.end = time.monotonic()

    def __enter__(self):
        for t in self.threads:
            t.start()
        return self

    def __exit__(self, *_):
        for t in self.threads:
            t.join()
        assert not self.odd, self.odd
