# SPDX-License-Identifier: Apache-2.0
"""Uploads at once, deletions between them, and processes that die meanwhile: whole or not at all, and no key is left behind."""
import collections
import http.client
import itertools
import random
import threading
import time

import invariants
import pytest
from customer import Customer
from pki import Cert


@pytest.fixture(scope="module")
def issuer():
    return Cert("Some Issuer", Cert("Some Root", ca=True, days=3650), ca=True, days=1000)


def at_once(jobs):
    """What each job returned, all begun together."""
    out, gate = [None] * len(jobs), threading.Barrier(len(jobs))

    def run(i):
        gate.wait()
        out[i] = jobs[i]()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(jobs))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return out


def fields(c, issuer, **more):
    return {"certificate": c.pem, "key": c.key_pem(), "chain": issuer.pem, **more}


def test_of_uploads_of_one_name_at_once_one_wins_and_no_key_of_the_others_stays(signet, issuer):
    account = Customer(signet, money=0)
    leaves = [Cert(f"n{i}.example.com", issuer) for i in range(24)]
    answers = at_once([lambda c=c: account.rest("POST", "/certificates", fields(c, issuer, name="same"), timeout=60) for c in leaves])
    assert collections.Counter((a.status, a.code if a.status > 201 else None) for a in answers) == \
        {(201, None): 1, (409, "UPLOAD_NAME_TAKEN"): 23}
    invariants.check_rows(signet)
    # of two deletions one says so, whoever uploads the same meanwhile
    won = next(a for a in answers if a.status == 201).json["id"]
    again = [lambda c=c: account.rest("POST", "/certificates", fields(c, issuer), timeout=60) for c in leaves[:6]]
    gone = at_once([lambda: account.rest("DELETE", f"/certificates/{won}", timeout=60)] * 2 + again)
    assert sorted(a.status for a in gone[:2])[0] == 204 and {a.status for a in gone[:2]} <= {204, 404, 409}
    assert [a.status for a in gone[2:]] == [201] * 6
    for a in gone[2:]:
        account.rest("DELETE", f"/certificates/{a.json['id']}")
    invariants.check_rows(signet)
    assert not invariants.query(signet, f"SELECT id FROM subscriber_key WHERE account = {account.account}")


def test_processes_that_die_during_uploads_leave_nothing_half_stored(signet, issuer):
    account = Customer(signet, money=0)
    rest, lock, stored, draw = itertools.count(), threading.Lock(), {}, random.Random(7)
    done = threading.Event()

    def one(i):
        c = Cert(f"k{i}.example.com", issuer)
        while True:
            try:
                a = account.rest("POST", "/certificates", fields(c, issuer, name=f"k{i}"), timeout=60,
                                 headers={"Idempotency-Key": f"upload-{i}"})
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                continue
            if a.status == 201:
                stored[i] = a.json["id"]
                return
            assert a.status >= 500 or a.status == 409 and a.code.startswith("IDEMPOTENCY"), a
            time.sleep(0.05)

    def work():
        while not done.is_set():
            with lock:
                i = next(rest)
            one(i)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for t in threads:
        t.start()
    for role in ("core", "signer", "core", "signer"):
        time.sleep(draw.uniform(0.2, 0.6))
        signet.kill(role)
        signet.wait_ready()
    done.set()
    for t in threads:
        t.join()
    assert len(stored) == len(set(stored.values())) > 4
    listed, cursor = {}, ""
    while cursor is not None:
        page = account.ok("GET", f"/certificates?limit=100{cursor}")
        listed.update({c["id"]: c["name"] for c in page["items"]})
        cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else None
    assert listed == {n: f"k{i}" for i, n in stored.items()}
    for i, n in list(stored.items())[:8]:
        content = account.ok("GET", f"/certificates/{n}")["content"]
        assert content["has_key"] and [x["name"] for x in content["names"]] == [f"k{i}.example.com"]
    invariants.check_rows(signet)
