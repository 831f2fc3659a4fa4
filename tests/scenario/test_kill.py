# SPDX-License-Identifier: Apache-2.0
"""Killed at every injection point of an issuance, a revocation and a first start, the service loses nothing and lies
about nothing: tests/lib/invariants.py says what that means."""
import http.client
import ssl

import invariants
import pytest
from signet import wait_for

ISSUE = ["issue.reserve", "issue.reserved", "issue.signed", "issue.saved", "db.commit", "db.committed",
         "signer.before_log", "signer.logged", "signer.signed", "signer.key_made"]
REVOKE = ["revoke.begin", "revoke.committed", "db.commit", "db.committed", "signer.logged"]
BIRTH = ["birth.key", "birth.reserved", "birth.saved", "signer.key_made", "signer.key_stored", "signer.logged",
         "signer.signed", "db.commit", "db.committed", "issue.reserved", "issue.signed", "issue.saved", "file.sync",
         "file.written"]
GONE = (OSError, ssl.SSLError, http.client.HTTPException)


def order(s, submit=True):
    """An order for one of Signet's own names; its application's id."""
    bill = s.ok("POST", "/api/v1/purchases", {"product": "internal", "n_common": 1})
    return s.ok("POST", "/api/v1/applications", {
        "subscription": bill["subscriptions"][0]["id"], "names": ["localhost"], "method": "internal",
        "key_alg": "EC_P256", "submit": submit})["id"]


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


def finished(s, application):
    def look():
        now = state(s, application)
        if now in ("draft", "validating"):
            act = "submit" if now == "draft" else "verify"
            attempt(lambda: s.rest("POST", f"/api/v1/applications/{application}:{act}", {}))
        return now if now in ("issued", "failed") else None
    return wait_for("the application to end", look, 40, every=0.2)


def kill_at(s, point, both, act):
    """Does the act with the point armed; restarts what has died."""
    s.inject(point, "kill")
    attempt(act)
    wait_for(f"{point} to be passed", lambda: not s.armed(point), 20)
    if both:
        s.kill_all()
        s.start()
    else:
        s.wait_ready()


@pytest.mark.parametrize("both", [False, True], ids=["one", "all"])
@pytest.mark.parametrize("point", ISSUE)
def test_an_issuance_killed_at_any_point(kill_service, point, both):
    s = kill_service
    application = order(s, submit=False)
    kill_at(s, point, both, lambda: s.rest("POST", f"/api/v1/applications/{application}:submit", {}))
    assert finished(s, application) == "issued"
    invariants.check(s)


@pytest.mark.parametrize("both", [False, True], ids=["one", "all"])
@pytest.mark.parametrize("point", REVOKE)
def test_a_revocation_killed_at_any_point(kill_service, point, both):
    s = kill_service
    application = order(s)
    assert finished(s, application) == "issued"
    cert = s.ok("GET", f"/api/v1/applications/{application}")["certificates"][0]["id"]
    kill_at(s, point, both, lambda: s.rest("POST", f"/api/v1/certificates/{cert}:revoke", {"reason": "superseded"}))

    def revoked():
        r = attempt(lambda: s.rest("GET", f"/api/v1/certificates/{cert}"))
        if r and r.json["status"] != "revoked":
            attempt(lambda: s.rest("POST", f"/api/v1/certificates/{cert}:revoke", {"reason": "superseded"}))
        return r and r.json["status"] == "revoked"
    wait_for("the revocation", revoked, 20)
    serial = s.ok("GET", f"/api/v1/certificates/{cert}")["serial"]
    wait_for("the CRL", lambda: int(serial, 16) in invariants.crl_serials(s, "ecdsa-1"), 5)
    invariants.check(s)


@pytest.mark.parametrize("point", BIRTH)
def test_a_first_start_killed_at_any_point_is_finished_by_the_next(make_signet, point):
    s = make_signet()
    s.inject(point, "kill")
    s.start(wait=False)
    wait_for(f"{point} to be passed", lambda: not s.armed(point), 60)
    try:
        s.wait_ready(20)
    except AssertionError:
        s.kill_all()
        s.start()
    s._admin = None
    assert s.rest("GET", "/api/v1/me").status == 200
    assert len(s.ca()) >= 6
    application = order(s)
    assert finished(s, application) == "issued"
    invariants.check(s)


@pytest.fixture(scope="module")
def kill_service(database, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request))
