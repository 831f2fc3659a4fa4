# SPDX-License-Identifier: Apache-2.0
"""Databases that older versions have written (tests/upgrade) are brought to the newest schema by a start, and go on: what
they hold is shown, told and continued."""
import glob
import json
import os
import re
import sqlite3
import subprocess
import sys
import tarfile

import invariants
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import ocsp
from customer import Customer
from dnsserver import DnsServer
from orders import finished, order
from relying import unzip
from signet import TOP, pem_blocks, wait_for

sys.path.insert(0, f"{TOP}/tools")
import gen_sql  # noqa: E402

STORED = sorted(int(os.path.basename(p)[:4]) for p in glob.glob(f"{TOP}/tests/upgrade/*-sqlite.tar.xz"))
NEWEST = len(glob.glob(f"{TOP}/src/store/migrations/*.sql"))
HOUR_MS = 3_600_000
STATUS = {"issued": ocsp.OCSPCertStatus.GOOD, "revoked": ocsp.OCSPCertStatus.REVOKED}


class Old(Customer):
    """The stored world's customer: the key is the old one."""

    def __init__(self, s, world):
        self.s, self.name, self.password, self.key = s, world["name"], world["password"], world["key"]
        self.account = world["account"]


def restored(s, db, schema):
    """Puts the stored database and data directory in the place of the service's; what must be found there."""
    with tarfile.open(f"{TOP}/tests/upgrade/{schema:04}-{db}.tar.xz") as t:
        t.extractall(s.top)
    if db == "postgresql":
        subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-f", os.path.join(s.top, "dump.sql"), s.db], check=True,
                       env=dict(os.environ, PGCLIENTENCODING="UTF8"), stdout=subprocess.DEVNULL)
    with open(os.path.join(s.top, "world.json")) as f:
        world = json.load(f)
    s.clock(world["at_ms"] + HOUR_MS - s.now_ms())  # its certificates shall be valid for ever
    return world


@pytest.fixture(scope="module")
def dns(database):
    with DnsServer({"example.com": "signed"}) as server:
        yield server


@pytest.fixture(scope="module", params=STORED)
def upgraded(database, dns, request):
    """(the service on the stored database, its customer, what was stored)"""
    from conftest import database_url, prepared
    with prepared(database_url(database, request), fresh=True, resolver=dns.address, trust_anchor=dns.trust_anchor) as s:
        world = restored(s, database, request.param)
        assert world["schema"] == request.param
        s.start()
        yield s, Old(s, world), world


def test_a_start_brings_the_schema_up_and_tells_it(upgraded):
    s, _, _ = upgraded
    assert invariants.query(s, "SELECT max(version), count(*) FROM schema_migration") == [(NEWEST, NEWEST)]


def test_what_is_stored_is_shown_as_it_was(upgraded):
    _, c, world = upgraded
    for old in world["certificates"].values():
        shown = c.ok("GET", f"/certificates/{old['id']}")
        assert {k: shown[k] for k in ("name", "status", "serial")} == {k: old[k] for k in ("name", "status", "serial")}
        if "names" in old:
            assert [n["name"] for n in shown["content"]["names"]] == old["names"]
            assert c.ok("GET", f"/certificates/{old['id']}/pem").decode() == old["pem"]
    for state, app in world["applications"].items():
        assert c.ok("GET", f"/applications/{app}")["state"] == state
    assert c.ok("GET", f"/accounts/{c.account}")["balance"] == world["balance"]
    now = c.ok("GET", "/overview")
    assert {k: now[k] for k in world["overview"]} == world["overview"]
    assert c.sign_in("owner", c.password)


def test_old_entries_of_the_ledger_are_shown_with_the_balance_after_each(upgraded):
    s, c, world = upgraded
    entries = c.ok("GET", "/ledger?limit=200")["items"][::-1]  # oldest first
    assert len(entries) > 2 and {e["kind"] for e in entries} >= {"top_up", "charge"}, entries
    had = 0
    for e in entries:
        had += e["amount"]
        assert e["balance"] == had, entries
    assert had == world["balance"]


def test_balances_of_old_entries_are_those_of_their_own_account():
    db = sqlite3.connect(":memory:")
    scripts = {int(os.path.basename(p)[:4]): p for p in glob.glob(f"{TOP}/src/store/migrations/*.sql")}

    def migrate(*versions):
        for v in versions:
            with open(scripts[v], encoding="utf-8") as f:
                db.executescript(re.sub(r"@(pk|id|int|text|blob)\b", lambda m: gen_sql.COLUMN["sqlite"]["@" + m[1]], f.read()))
    migrate(1, 2, 3, 4, 5)
    wallets = [(1, 10, 500), (2, 11, 70), (3, 10, -200), (4, 11, -70), (5, 10, -300), (6, 11, 40)]
    for entry, account, amount in wallets:
        db.execute("INSERT INTO ledger_entry (id, account, kind, bill, note, by_user, created_ms) VALUES (?, ?, 0, 0, '', 0, 0)",
                   (entry, account))
        for book, sign in ((0, 1), (1, -1)):
            db.execute("INSERT INTO ledger_line (entry, account, book, amount) VALUES (?, ?, ?, ?)",
                       (entry, account, book, sign * amount))
    db.execute("INSERT INTO ledger_entry (id, account, kind, bill, note, by_user, created_ms) VALUES (7, 12, 0, 0, '', 0, 0)")
    migrate(6)
    assert db.execute("SELECT id, balance FROM ledger_entry ORDER BY id").fetchall() == [
        (1, 500), (2, 70), (3, 300), (4, 0), (5, 0), (6, 40), (7, 0)]


def test_a_stored_key_still_opens_and_fits_its_certificate(upgraded, tmp_path):
    _, c, world = upgraded
    old = world["certificates"]["issued"]
    files = unzip(c.ok("GET", f"/certificates/{old['id']}/package?format=nginx"), str(tmp_path))
    with open(next(p for n, p in files.items() if n.endswith(".key")), "rb") as f:
        key = load_pem_private_key(f.read(), None)
    leaf = x509.load_der_x509_certificate(pem_blocks(old["pem"])[0])
    assert key.public_key().public_numbers() == leaf.public_key().public_numbers()


def verify(issuer, signed, data):
    """The signature of a CRL or an OCSP answer by its issuer."""
    key, digest = issuer.public_key(), signed.signature_hash_algorithm
    how = (ec.ECDSA(digest),) if isinstance(key, ec.EllipticCurvePublicKey) else (padding.PKCS1v15(), digest)
    key.verify(signed.signature, data, *how)


@pytest.mark.parametrize("state", ["issued", "revoked"])
def test_ocsp_and_crl_tell_of_stored_certificates(upgraded, state):
    s, _, world = upgraded
    leaf, issuer = (x509.load_der_x509_certificate(d) for d in pem_blocks(world["certificates"][state]["pem"])[:2])
    family = "ecdsa-1" if isinstance(issuer.public_key(), ec.EllipticCurvePublicKey) else "rsa-1"
    ask = ocsp.OCSPRequestBuilder().add_certificate(leaf, issuer, hashes.SHA1()).build()
    r = s.plain("POST", f"/ocsp/{family}", ask.public_bytes(Encoding.DER), {"Content-Type": "application/ocsp-request"})
    told = ocsp.load_der_ocsp_response(r.body)
    assert told.serial_number == leaf.serial_number and told.certificate_status == STATUS[state]
    verify(issuer, told, told.tbs_response_bytes)
    crl = x509.load_der_x509_crl(s.plain("GET", f"/crl/{family}/0.crl").body)
    verify(issuer, crl, crl.tbs_certlist_bytes)
    assert (leaf.serial_number in {r.serial_number for r in crl}) == (state == "revoked")


def test_what_a_crash_had_interrupted_is_finished(upgraded):
    s, _, world = upgraded
    assert finished(s, world["interrupted"]) == "issued"


def test_open_applications_go_on_and_new_ones_are_issued(upgraded, dns):
    s, c, world = upgraded
    waiting = c.ok("GET", f"/applications/{world['applications']['validating']}")
    c.publish_dns(waiting, dns)
    c.verify(waiting)
    draft = c.ok("POST", f"/applications/{world['applications']['draft']}:submit", {})
    c.publish_dns(draft, dns)
    c.verify(draft)
    certs = [c.issued(app)["certificates"][0]["id"] for app in (waiting, draft)]
    certs.append(c.certificate(dns, name="new.example.com", key_alg="RSA_2048")["id"])
    assert finished(s, order(s)) == "issued"
    assert all(c.ok("GET", f"/certificates/{cert}")["status"] == "issued" for cert in certs)


def test_a_stored_certificate_can_be_revoked_and_its_pair_with_it(upgraded):
    s, c, world = upgraded
    for which in ("issued", "pair"):
        cert = world["certificates"][which]
        c.ok("POST", f"/certificates/{cert['id']}:revoke", {"reason": "superseded"})
        assert c.ok("GET", f"/certificates/{cert['id']}")["status"] == "revoked"
    serial = int(world["certificates"]["issued"]["serial"], 16)
    wait_for("the CRL", lambda: serial in invariants.crl_serials(s, "ecdsa-1"), 5)


def test_the_audit_chain_goes_on_and_counters_equal_their_rows(upgraded):
    s, _, _ = upgraded
    invariants.check(s)
    s.restart()
    invariants.check(s)
