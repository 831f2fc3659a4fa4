# SPDX-License-Identifier: Apache-2.0
"""What must hold after any crash, checked against the signer's own log: the database, the lists and the log agree."""
import contextlib
import glob
import hashlib
import os
import re
import sqlite3
import subprocess
from collections import defaultdict

import rows
from cryptography import x509

RESERVED, ISSUED, CONFIRMING, REVOKED, VOID, DELETED = 0, 1, 2, 4, 6, 7


def sqlite_file(s):
    """Its path; None where it is not, or not any more (a disk of its own)."""
    return next(iter(glob.glob(os.path.join(s.data, "db", "*.db"))), None)


def query(s, sql):
    """Rows of the service's database, read beside it."""
    if s.db == "sqlite":
        with contextlib.closing(sqlite3.connect(f"file:{sqlite_file(s)}?mode=ro", uri=True, timeout=20)) as c:
            return c.execute(sql).fetchall()
    sql = re.sub(r"\bhex\(([a-z.]+)\)", r"encode(\1, 'hex')", sql)
    out = subprocess.run(["psql", "-qXAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", sql, s.db], check=True,
                         capture_output=True, text=True).stdout
    return [tuple(int(c) if c.lstrip("-").isdigit() and len(c) < 19 else c for c in line.split("\t"))
            for line in out.splitlines() if line]


def signer_log(s):
    """(act, issuer, serial, hash of the to-be-signed) of each signed certificate."""
    out = []
    for path in sorted(glob.glob(os.path.join(s.data, "signer", "log*"))):
        with open(path) as f:
            for line in f:
                words = line.split()
                if len(words) >= 5 and words[1] in ("cert", "ca"):
                    out.append(tuple(words[1:5]))
    return out


def crl_serials(s, issuer):
    crl = x509.load_der_x509_crl(s.plain("GET", f"/crl/{issuer}/0.crl").body)
    return {r.serial_number for r in crl}


def check_rows(s):
    """Asserts what holds at any moment, whatever the service has still to do (rows.py)."""
    rows.check(s, query)


def check(s):
    """Asserts all invariants on a service that runs and has nothing left to do."""
    check_rows(s)
    found = query(s, "SELECT i.name, hex(c.serial), c.state, c.revocation_number FROM certificate c "
                    "JOIN issuer i ON i.id = c.issuer")
    certs = {(name, str(serial).lower()): (state, number) for name, serial, state, number in found}
    certified = {(name, str(serial).lower()): bytes.fromhex(der) for name, serial, der in query(
        s, "SELECT i.name, hex(c.serial), hex(c.der) FROM certificate c JOIN issuer i ON i.id = c.issuer "
           "WHERE c.der IS NOT NULL")}
    issuers = {str(r[0]).lower() for r in query(s, "SELECT hex(serial) FROM issuer WHERE state = 1")}
    hashes = defaultdict(set)
    lists = {}
    for act, issuer, serial, digest in signer_log(s):
        hashes[issuer, serial].add(digest)
        if act == "ca":
            assert serial in issuers, f"the signed CA certificate {serial} has no row"
            continue
        assert (issuer, serial) in certs, f"{issuer} signed {serial}, which has no row"
        state, number = certs[issuer, serial]
        assert state in (ISSUED, CONFIRMING, REVOKED, VOID, DELETED), f"{serial} is left in state {state}"
        if state in (REVOKED, VOID):
            if issuer not in lists:
                lists[issuer] = crl_serials(s, issuer)
            assert int(serial, 16) in lists[issuer], f"{serial} is revoked or void and not on the CRL"
    for key, seen in hashes.items():
        assert len(seen) == 1, f"two to-be-signeds for {key}"
    for key, der in certified.items():
        tbs = x509.load_der_x509_certificate(der).tbs_certificate_bytes
        assert hashes[key] == {hashlib.sha256(tbs).hexdigest()}, f"{key} is not what the signer's log says"
    left = query(s, f"SELECT id FROM certificate WHERE state = {RESERVED}")
    assert not left, f"certificates that are left reserved: {left}"
    twice = query(s, f"SELECT application, role, count(*) FROM certificate WHERE state <> {VOID} AND application > 0 "
                     "GROUP BY application, role HAVING count(*) > 1")
    assert not twice, f"applications with two certificates: {twice}"
    torn = query(s, "SELECT a.id FROM application a WHERE a.state = 5 AND NOT EXISTS "
                    "(SELECT 1 FROM certificate c WHERE c.application = a.id AND c.state IN (1, 2, 4, 7))")
    assert not torn, f"issued applications without a certificate: {torn}"
    s.ok("POST", "/api/v1/audit:verify", {})
    return len(hashes)
