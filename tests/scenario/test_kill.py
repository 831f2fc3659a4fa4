# SPDX-License-Identifier: Apache-2.0
"""Killed at every injection point of an issuance, a revocation and a first start, or at any moment, the service loses
nothing and lies about nothing: tests/lib/invariants.py says what that means."""
import random
import threading
import time

import invariants
import pytest
from orders import GONE, Stream, attempt, certificate, finished, order, revoke
from signet import wait_for

ISSUE = ["issue.reserve", "issue.reserved", "issue.signed", "issue.saved", "db.commit", "db.committed",
         "signer.before_log", "signer.logged", "signer.signed", "signer.key_made"]
REVOKE = ["revoke.begin", "revoke.committed", "db.commit", "db.committed", "signer.before_log", "signer.logged"]
BIRTH = ["birth.key", "birth.reserved", "birth.saved", "signer.key_made", "signer.key_stored", "signer.before_log",
         "signer.logged", "signer.signed", "db.commit", "db.committed", "issue.reserve", "issue.reserved", "issue.signed",
         "issue.saved", "handover.before", "handover.between", "file.sync", "file.written", "ipc.send"]
WHO = ["one", "both", "all"]  # the process that passes the point; with the other role; with the supervisor


def kill_at(s, point, who, act):
    """Does the act with the point armed; restarts what has died."""
    roles = [s.pid("core"), s.pid("signer")]
    s.inject(point, "kill")
    attempt(act)
    wait_for(f"{point} to be passed", lambda: not s.armed(point), 20)
    if who == "both":
        s.kill_these(roles)
    if who == "all":
        s.kill_all()
        s.start()
    else:
        s.wait_ready()


@pytest.mark.apart
@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("point", ISSUE)
def test_an_issuance_killed_at_any_point(kill_service, point, who):
    s = kill_service
    application = order(s, submit=False)
    kill_at(s, point, who, lambda: s.rest("POST", f"/api/v1/applications/{application}:submit", {}))
    assert finished(s, application) == "issued"
    invariants.check(s)


@pytest.mark.apart
@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("point", REVOKE)
def test_a_revocation_killed_at_any_point(kill_service, point, who):
    s = kill_service
    application = order(s)
    assert finished(s, application) == "issued"
    cert = certificate(s, application)
    kill_at(s, point, who, lambda: s.rest("POST", f"/api/v1/certificates/{cert}:revoke", {"reason": "superseded"}))
    revoke(s, cert)
    serial = s.ok("GET", f"/api/v1/certificates/{cert}")["serial"]
    wait_for("the CRL", lambda: int(serial, 16) in invariants.crl_serials(s, "ecdsa-1"), 5)
    invariants.check(s)


def issue(s):
    application = order(s, submit=False)
    return (lambda: s.rest("POST", f"/api/v1/applications/{application}:submit", {}),
            lambda: finished(s, application) == "issued")


def issue_pair(s):
    application = order(s, submit=False, key_alg="SM2")
    return (lambda: s.rest("POST", f"/api/v1/applications/{application}:submit", {}),
            lambda: finished(s, application) == "issued")


def request(s):
    return lambda: s.rest("POST", "/api/v1/csrs", {"names": ["localhost"], "key_alg": "EC_P256"}), lambda: True


@pytest.mark.apart
@pytest.mark.parametrize("act", [issue, issue_pair, request])
def test_killed_between_any_two_of_its_transactions_an_act_leaves_nothing_that_belongs_to_nothing(kill_service, act):
    s = kill_service
    for n in range(1, 10):
        do, ends = act(s)
        time.sleep(0.2)  # what the service had still to write
        s.inject("service.wrote", f"kill@{n}")
        answer = attempt(do)
        if answer:  # it needs no more transactions; what comes after its answer passes the point, too
            time.sleep(0.3)
        was_killed = not s.armed("service.wrote")
        s.disarm()
        s.wait_ready()
        assert ends()
        invariants.check(s)
        if not was_killed:
            break
    assert n > 1


@pytest.mark.postgresql_sample("db.commit", "db.committed", more=4)  # elsewhere the databases run the same code
@pytest.mark.parametrize("point", BIRTH)
def test_a_first_start_killed_at_any_point_is_finished_by_the_next(make_signet, point):
    s = make_signet(fresh=True)
    s.inject(point, "kill")
    s.start(wait=False)
    wait_for(f"{point} to be passed", lambda: not s.armed(point), 60)
    try:
        s.wait_ready(20)
    except AssertionError:
        s.kill_all()
        s.start()
    assert s.rest("GET", "/api/v1/me").status == 200
    assert len(s.ca()) >= 6
    invariants.check(s)


@pytest.mark.apart
def test_an_application_verified_by_64_clients_at_once_gets_one_serial(kill_service):
    s = kill_service
    s.inject("issue.reserve", "sleep:300")
    application = order(s)
    start = threading.Barrier(64)
    seen = []

    def press():
        start.wait()
        try:
            seen.append(s.rest("POST", f"/api/v1/applications/{application}:verify", {}).status)
        except GONE as e:
            seen.append(e)
    threads = [threading.Thread(target=press) for _ in range(64)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert finished(s, application) == "issued"
    # refused is who came when all was done; turned away is whom the lane had no room for
    assert len(seen) == 64 and set(seen) <= {200, 409, 503}, seen
    rows = invariants.query(s, f"SELECT state FROM certificate WHERE application = {application}")
    assert rows == [(invariants.ISSUED,)]
    invariants.check(s)


@pytest.mark.apart
def test_a_stream_of_orders_survives_kills_at_any_moment(kill_service):
    s = kill_service
    dice = random.Random(7310313713041)
    with Stream(s, clients=12, seconds=90) as stream:
        enough = time.monotonic() + 9
        while time.monotonic() < stream.end and (
                time.monotonic() < enough or len(stream.applications) <= 20 or not stream.revoked):
            time.sleep(dice.uniform(0.5, 1.2))
            for role in dice.choice([["core"], ["signer"], ["core", "signer"]]):
                s.kill(role)
        stream.stop()
    s.wait_ready()
    for application in stream.applications:
        assert finished(s, application, 30) == "issued"
    for cert in stream.revoked:  # who was told that it is revoked can rely on it
        assert s.ok("GET", f"/api/v1/certificates/{cert}")["status"] == "revoked"
    assert len(stream.applications) > 20 and stream.revoked
    invariants.check(s)


@pytest.fixture(scope="module")
def kill_service(database, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request))
