# SPDX-License-Identifier: Apache-2.0
"""The rules about rows (tests/lib/rows.py) find what they are there to find: each is broken by a row or two."""
import contextlib
import sqlite3

import invariants
import pytest
import rows

EMPTY = {"INTEGER": 0, "TEXT": "", "BLOB": b""}
CERT = ("certificate", {"id": 900, "account": 1, "source": 3, "state": 4, "deleted_ms": 1})
COPY = ("certificate", {"id": 900, "account": 1, "source": 3, "state": 1})
KEY = {"id": b"k" * 16}

# What breaks the rule: rows put in, with 0 and '' where nothing is said.
BROKEN = {
    "counters that differ from the rows": [("counter", {"account": 1, "name": "host.0", "value": 1})],
    "days of expiry that differ from the certificates": [("expiry_day", {"account": 1, "state": 1, "value": 1})],
    "orders whose status or newest application is not that of their rows": [("subscription", {"state": 4})],
    "bills whose subscriptions are not as many as were paid": [("bill", {"state": 1, "quantity": 1})],
    "bills whose entries are not what was paid and given back": [("bill", {"state": 1, "amount": 5})],
    "bills that gave back other sums than those of their refunded subscriptions": [("bill", {"state": 5, "refunded": 5})],
    "ledger entries that do not sum to zero": [("ledger_line", {"entry": 900, "amount": 1})],
    "wallets that differ from their ledger": [("account", {"name": "odd", "balance": 1})],
    "allowances that differ from what was taken of them": [("allowance", {"certificates": 2, "used": 1})],
    "keys that nothing names": [("subscriber_key", KEY)],
    "certificates without their key": [("certificate", {"key_id": b"k"})],
    "signing requests without their key": [("csr", {"key_id": b"k"})],
    "applications without their key": [("application", {"key_id": b"k"})],
    "applications without their second key": [("application", {"enc_key_id": b"k"})],
    "certificates whose state and waiting revocation differ": [("certificate", {"state": 2})],
    "revocations that wait for a link that is not there": [("revocation", {"certificate": 900})],
    "names of certificates that are not there": [CERT, ("certificate_name", {"certificate": 900})],
    "chains of certificates that are not there": [CERT, ("certificate_chain", {"certificate": 900})],
    "chains with a missing link": [("certificate_chain", {"certificate": 900, "link": 900})],
    "issuers that stand above nothing": [("chain_certificate", {})],
    "halves of a pair without the other": [("certificate", {"state": 1, "pair": 900})],
    "shares without their copy": [CERT, ("share", {"copy": 900})],
    "copies without their share": [COPY],
    "shares whose copy tells another state":
        [COPY, ("certificate", {"id": 901, "state": 4}), ("share", {"copy": 900, "certificate": 901})],
    "applications without the proof that they count": [("authz", {"state": 1, "proof": 900})],
    "domains with a zone that is not there": [("domain", {"zone": 900})],
    "automatic certificates with an application that is not there": [("domain_auto", {"application": 900})],
    "proofs by mail with a link that is not there": [("email_proof", {"link": 900})],
    "uses of a key by an application that is not there": [("csr_use", {"application": 900})],
    "words of signing requests that are not there": [("csr_word", {"csr": 900})],
    "certificates of servers that no server shows": [("host_cert", {})],
    "servers with a certificate that is not there": [("host", {"cert": 900})],
    "monitors of a server that is not there": [("monitor", {"host": 900})],
    "events of a monitor that is not there": [("monitor_event", {"monitor": 900})],
    "servers found by a scan that is not there": [("scan_host", {"scan": 900})],
    "scans that found a server that is not there": [("scan_host", {"host": 900})],
    "faults of a scan that is not there": [("scan_fault", {"scan": 900})],
    "scans that stand elsewhere than what they found": [("scan", {"state": 2, "total": 2, "done": 1})],
    "applications that nobody verifies": [("application", {"state": 1})],
    "applications that nobody issues": [("application", {"state": 4})],
    "mails that nobody sends": [("mail", {"kind": 1, "state": 0})],
    "messages that nobody delivers": [("webhook_delivery", {"state": 0})],
    "messages of a webhook that is not there": [("webhook_delivery", {"webhook": 900, "state": 1})],
    "scans that nobody runs": [("scan", {"state": 0})],
    "mails with a link that is not there": [("mail", {"object_id": 900, "state": 1})],
}


def insert(db, table, values):
    fill = {name: EMPTY[kind] for _, name, kind, needed, default, _ in db.execute(f"PRAGMA table_info({table})")
            if needed and default is None and (name, kind) != ("id", "INTEGER")}
    row = {**fill, **values}
    columns = ", ".join(f'"{name}"' for name in row)
    db.execute(f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(row))})", list(row.values()))


def faults(db):
    return [what for what, n in db.execute(f"SELECT what, n FROM ({rows.ALL}) WHERE n > 0")]


@pytest.mark.database("sqlite")
def test_each_rule_finds_what_breaks_it(make_signet):
    assert set(BROKEN) == set(rows.FAULTS)
    with contextlib.closing(sqlite3.connect(invariants.sqlite_file(make_signet()))) as db:
        assert not faults(db)
        for what, broken in BROKEN.items():
            for table, values in broken:
                insert(db, table, values)
            assert what in faults(db)
            db.rollback()
