# SPDX-License-Identifier: Apache-2.0
"""A full disk, a vanished database, a wrong one, a wrong clock: a clear error, nothing half done, and the service goes on
by itself when the cause is gone."""
import ctypes
import os
import shutil
import ssl
import subprocess
import time

import invariants
import pg
import pytest
from cryptography import x509
from orders import Stream, certificate, finished, order, state
from signet import Signet, wait_for

CLONE_NEWNS = 0x20000


# -- a full disk


@pytest.fixture(scope="module")
def own_mounts():
    """From here on what the tests mount is seen by them and what they start alone, and ends with them."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0:
        pytest.skip("mounting a small disk needs root")
    # in a chroot / is no mount of its own; what is mounted below it is gone with the last process of these namespaces
    subprocess.run(["mount", "--make-rprivate", "/"], check=False, stderr=subprocess.DEVNULL)


class SmallDisk:
    def __init__(self, path, megabytes):
        self.path, self.filler = path, os.path.join(path, "filler")
        os.makedirs(path)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "signet-test", path], check=True)

    def fill(self):
        with open(self.filler, "ab", buffering=0) as f:
            for size in (1 << 20, 1 << 12):
                try:
                    while f.write(bytes(size)) == size:
                        pass
                except OSError:
                    pass

    def free(self):
        os.unlink(self.filler)

    def close(self):
        subprocess.run(["umount", "-l", self.path], check=True)


@pytest.fixture
def small_disk(own_mounts):
    made = []

    def make(path, megabytes):
        made.append(SmallDisk(path, megabytes))
        return made[-1]
    yield make
    for d in made:
        d.close()


def until_refused(s, act, known):
    """Repeats the act until it is answered with an error; that answer, for which nothing but `known` will do."""
    def refused():
        r = act()
        assert r.status < 400 or r.code in known, r
        return r if r.status >= 400 else None
    r = wait_for("an answer " + " or ".join(known), refused, 40, every=0)
    assert r.json["hint"] and r.json["detail"], r
    return r


def buy(s):
    return s.rest("POST", "/api/v1/purchases", {"product": "internal", "n_common": 1})


@pytest.mark.database("sqlite")
def test_a_full_disk_under_the_database_is_told_and_survived(database, make_signet, small_disk):
    s = make_signet(fresh=True)
    os.mkdir(s.data)
    disk = small_disk(os.path.join(s.data, "db"), 48)
    s.start()
    core = s.pid("core")
    assert finished(s, order(s)) == "issued"
    with Stream(s, clients=4, seconds=1.5) as stream:
        time.sleep(0.5)
        disk.fill()
    assert os.path.getsize(disk.filler) > 8 << 20, "there is nothing to free"
    def buy_on_a_full_disk():
        disk.fill()  # again: the database gives back what its log took
        return buy(s)
    r = until_refused(s, buy_on_a_full_disk, ["DB_FULL"])
    assert r.status == 507 and "full" in r.json["detail"]
    for _ in range(5):  # who is refused has bought nothing
        before = s.ok("GET", "/api/v1/overview")["quota"]
        done = buy(s).status < 400
        assert s.ok("GET", "/api/v1/overview")["quota"] == before + done
    assert s.rest("GET", "/healthz", key=None).status == 200
    disk.free()
    wait_for("writes to be taken again", lambda: buy(s).status < 400, 10)
    for application in [*stream.applications, order(s)]:
        assert finished(s, application, 30) == "issued"
    assert s.pid("core") == core
    invariants.check(s)


@pytest.mark.database("sqlite")
def test_a_small_disk_with_little_data_goes_on_working(database, make_signet, small_disk):
    """What is written again and again must not pile up in the log of the database until the disk is full."""
    s = make_signet(fresh=True)
    os.mkdir(s.data)
    disk = small_disk(os.path.join(s.data, "db"), 24)
    s.start()
    wal = os.path.join(disk.path, "signet.db-wal")
    written = last = 0
    for _ in range(600):
        r = buy(s)
        assert r.status < 400, f"{r} after {written >> 20} MB, with {os.statvfs(disk.path)}"
        size = os.path.getsize(wal)
        written, last = written + max(size - last, 0), size
    assert os.path.getsize(wal) < 12 << 20
    invariants.check(s)


@pytest.mark.database("sqlite")
def test_a_full_disk_under_the_signer_is_told_and_survived(database, make_signet, small_disk):
    s = make_signet(fresh=True)
    os.mkdir(s.data)
    disk = small_disk(os.path.join(s.data, "signer"), 1)
    s.start()
    core, signer = s.pid("core"), s.pid("signer")
    assert finished(s, order(s)) == "issued"
    disk.fill()
    waiting = []

    def full():  # what is left of the log's last page takes some more records
        application = order(s)
        waiting.append(application)
        r = s.rest("POST", f"/api/v1/applications/{application}:verify", {})
        assert r.status == 200 or r.code in ("DISK_FULL", "STATE_REFUSED"), r  # refused: it was issued before we pressed
        time.sleep(0.1)
        return r if r.code == "DISK_FULL" and state(s, application) != "issued" else None
    r = wait_for("the signer's disk to be full", full, 20)
    assert r.status == 507 and r.json["hint"] and "log" in r.json["detail"], r
    assert state(s, waiting[-1]) in ("validating", "issuing")
    disk.free()
    for application in [*waiting, order(s)]:
        assert finished(s, application, 30) == "issued"
    assert (s.pid("core"), s.pid("signer")) == (core, signer)
    invariants.check(s)


# -- a database that is away, or another's


@pytest.fixture
def crashing():
    with pg.Server() as server:
        yield server


@pytest.mark.database("postgresql")
def test_a_vanished_postgresql_is_told_and_survived(database, crashing):
    with Signet(db=crashing.url) as s:
        core = s.pid("core")
        assert finished(s, order(s)) == "issued"
        with Stream(s, clients=8, seconds=4) as stream:
            time.sleep(1)
            crashing.crash()
            r = until_refused(s, lambda: s.rest("GET", "/api/v1/certificates"), ["DB_DOWN", "DB_UNCERTAIN"])
            assert (r.status, r.code) == (503, "DB_DOWN") and r.headers["retry-after"]
            r = buy(s)
            assert (r.status, r.code) == (503, "DB_DOWN") and "database" in r.json["hint"]
            crashing.start()
        for application in [*stream.applications, order(s)]:
            assert finished(s, application, 90) == "issued"
        assert s.pid("core") == core, "it must go on without a restart"
        invariants.check(s)


@pytest.mark.database("postgresql")
def test_a_start_without_postgresql_ends_with_a_clear_message_and_works_once_it_is_there(database, crashing):
    crashing.crash()
    s = Signet(db=crashing.url)
    try:
        s.start(wait=False)
        assert s.proc.wait(20) == 6
        s.proc = None
        assert "signetd: PostgreSQL cannot be reached" in s.log() and "hint: " in s.log()
        crashing.start()
        s.start()
        assert finished(s, order(s)) == "issued"
    finally:
        s.close()


def test_a_database_whose_keys_the_data_directory_lacks_is_refused(database, make_signet):
    s = make_signet()
    s.start()
    s.stop()
    other = Signet(db=s.db)
    try:
        os.mkdir(other.data)
        if database == "sqlite":
            shutil.copytree(os.path.join(s.data, "db"), os.path.join(other.data, "db"))
        other.start(wait=False)
        assert other.proc.wait(20) == 7
        other.proc = None
        assert "whose key is not in the data directory" in other.log() and "--data" in other.log()
        assert not other.ca() and not os.path.exists(os.path.join(other.data, "admin.json"))
    finally:
        other.close()
    s.start()  # and its own directory still fits
    invariants.check(s)


# -- the clock


def signatures(s):
    """Lines of the signer's log that stand for a signature."""
    with open(os.path.join(s.data, "signer", "log")) as f:
        return [line for line in f if line.split()[1] in ("ca", "cert", "crl", "ocsp", "checkpoint")]


def test_a_clock_behind_the_latest_time_seen_signs_nothing_until_it_is_right(database, make_signet):
    s = make_signet()
    s.clock(600_000)
    s.start()
    assert finished(s, order(s)) == "issued"
    s.plain("GET", "/crl/ecdsa-1/0.crl")
    for restarted in (False, True):
        s.clock(480_000)
        if restarted:
            s.kill("core")
            s.wait_ready()
        before = signatures(s)
        application = order(s)

        def answered():  # with success as long as the job looks for the proofs itself
            r = s.rest("POST", f"/api/v1/applications/{application}:verify", {})
            return r if r.status >= 400 else None
        r = wait_for("a refusal", answered, 5)
        assert (r.status, r.code) == (503, "CLOCK_BEHIND"), r
        assert "behind" in r.json["detail"] and "clock" in r.json["hint"]
        assert state(s, application) in ("validating", "issuing") and signatures(s) == before
        s.clock(601_000)
        assert finished(s, application, 30) == "issued"
    invariants.check(s)


def period(cert):
    """(from, to); newer libraries warn of the names of older ones, which have no others."""
    if hasattr(cert, "not_valid_after_utc"):
        return cert.not_valid_before_utc, cert.not_valid_after_utc
    return cert.not_valid_before, cert.not_valid_after


def served(s):
    """The certificate that the HTTPS listener shows."""
    return x509.load_pem_x509_certificate(ssl.get_server_certificate(("127.0.0.1", s.https_port)).encode())


def test_the_own_certificate_is_renewed_past_two_thirds_of_its_life_and_old_ones_expire(database, make_signet):
    s = make_signet()
    s.start()
    first = served(s)
    life = period(first)[1] - period(first)[0]
    application = order(s)
    assert finished(s, application) == "issued"
    cert = certificate(s, application)
    s.advance(seconds=life.total_seconds() * 2 // 3 + 3600)
    wait_for("another certificate to be served", lambda: served(s).serial_number != first.serial_number, 25)
    second = served(s)
    assert period(second)[0] > period(first)[0] and second.subject == first.subject
    assert s.cli_json("certificates", "show", cert)["id"] == cert  # to a client of the same time it is good
    assert s.ok("GET", f"/api/v1/certificates/{cert}")["status"] != "expired"
    s.advance(seconds=life.total_seconds() // 3 + 86400)
    assert s.ok("GET", f"/api/v1/certificates/{cert}")["status"] == "expired"
    assert cert in [c["id"] for c in s.ok("GET", "/api/v1/certificates?status=expired")["items"]]
    invariants.check(s)
