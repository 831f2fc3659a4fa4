# SPDX-License-Identifier: Apache-2.0
"""What the rows of the database must say of each other after every transaction, so after any crash: no counter is out of
step, nothing is left that nothing names, what waits has a job. One statement, which sees one moment of a service at work."""

# Numbers of states, as they are stored (model/state.h, model/words.h).
SHOWN = "deleted_ms = 0 AND state NOT IN (0, 6, 7)"  # certificates that an account sees; 0, 6: reserved, void
VALIDATE, ISSUE, MAIL, WEBHOOK, SCAN = 0, 1, 4, 7, 8  # enum work

COUNTED = {
    "application": ("account", "state", "application WHERE account > 0"),
    "subscription": ("account", "state", "subscription WHERE account > 0"),
    "certificate": ("account", "state",
                    f"certificate WHERE account > 0 AND role <> 2 AND source <> 3 AND {SHOWN}"),
    "copy": ("receiver", "copy_state", "share WHERE copy_state < 2"),
    "host": ("account", "0", "host WHERE account > 0"),
}
COUNTS = " UNION ALL ".join(
    ["SELECT account, name, sum(value) AS n FROM counter WHERE account > 0 GROUP BY account, name"]
    + [f"SELECT {account}, '{noun}.' || {state}, -count(*) FROM {rows} GROUP BY 1, 2"
       for noun, (account, state, rows) in COUNTED.items()])
DAYS = ("SELECT account, state, day, sum(value) AS n FROM expiry_day WHERE account > 0 GROUP BY account, state, day "
        "UNION ALL SELECT account, state, not_after_ms / 86400000, -count(*) FROM certificate "
        f"WHERE account > 0 AND role <> 2 AND source <> 3 AND state IN (1, 5) AND {SHOWN} GROUP BY 1, 2, 3")

# The status of an order, as store/sql/order.sql settles it.
ORDER = """CASE s.state WHEN 0 THEN 0 WHEN 1 THEN 1 WHEN 4 THEN 7 WHEN 5 THEN 8 WHEN 7 THEN 8 WHEN 6 THEN 9
    ELSE coalesce((SELECT CASE WHEN a.state IN (1, 2) THEN 3 WHEN a.state IN (3, 4) THEN 4 WHEN a.state = 6 THEN 5
        WHEN a.state = 5 OR s.state = 3 THEN 6 ELSE 2 END FROM application a WHERE a.id = s.application),
        CASE s.state WHEN 3 THEN 6 ELSE 2 END) END"""


def without(table, column, other, *, id_="id", where="true", also="true"):
    """Rows of the table that name a row of another one that is not there. 0 and NULL name none."""
    return (f"SELECT 1 FROM {table} t WHERE t.{column} > 0 AND {where} AND NOT EXISTS "
            f"(SELECT 1 FROM {other} o WHERE o.{id_} = t.{column} AND {also})")


def keyless(table, column="key_id", where="true"):
    return (f"SELECT 1 FROM {table} t WHERE t.{column} IS NOT NULL AND {where} AND NOT EXISTS "
            f"(SELECT 1 FROM subscriber_key k WHERE k.id = t.{column})")


def idle(table, where, work, object_="t.id"):
    """Rows that wait for a job, and none is queued or runs."""
    return (f"SELECT 1 FROM {table} t WHERE {where} AND NOT EXISTS (SELECT 1 FROM job j WHERE j.kind {work} "
            f"AND j.object = {object_} AND (j.state < 2 OR j.state = 3))")


FAULTS = {
    # counts
    "counters that differ from the rows": f"SELECT 1 FROM ({COUNTS}) x GROUP BY account, name HAVING sum(n) <> 0",
    "days of expiry that differ from the certificates":
        f"SELECT 1 FROM ({DAYS}) x GROUP BY account, state, day HAVING sum(n) <> 0",
    "orders whose status or newest application is not that of their rows":
        f"SELECT 1 FROM subscription s WHERE s.status <> {ORDER} OR s.application <> coalesce("
        "(SELECT max(a.id) FROM application a WHERE a.subscription = s.id AND a.state <> 9), 0)",
    # money
    "bills whose subscriptions are not as many as were paid":
        "SELECT 1 FROM bill b WHERE (SELECT count(*) FROM subscription s WHERE s.bill = b.id) <> "
        "CASE WHEN b.state IN (1, 4, 5) THEN b.quantity ELSE 0 END",
    "bills whose entries are not what was paid and given back":
        "SELECT 1 FROM bill b WHERE coalesce((SELECT sum(l.amount) FROM ledger_entry e JOIN ledger_line l ON l.entry = e.id "
        "AND l.book = 0 WHERE e.bill = b.id), 0) <> CASE WHEN b.state IN (1, 4, 5) THEN b.refunded - b.amount ELSE 0 END",
    "bills that gave back other sums than those of their refunded subscriptions":
        "SELECT 1 FROM bill b WHERE b.refunded <> coalesce((SELECT sum(s.price) FROM subscription s "
        "WHERE s.bill = b.id AND s.state = 6), 0)",
    "ledger entries that do not sum to zero": "SELECT 1 FROM ledger_line GROUP BY entry HAVING sum(amount) <> 0",
    "wallets that differ from their ledger":
        "SELECT 1 FROM account a WHERE a.balance <> coalesce((SELECT sum(l.amount) FROM ledger_line l "
        "WHERE l.account = a.id AND l.book = 0), 0)",
    "allowances that differ from what was taken of them":
        "SELECT 1 FROM allowance a WHERE a.used <> coalesce((SELECT sum(b.quantity - (SELECT count(*) FROM subscription s "
        "WHERE s.bill = b.id AND s.state = 6)) FROM bill b WHERE b.account = a.account AND b.product = a.product "
        "AND b.allowance_ms = a.period_start_ms AND b.state NOT IN (2, 3)), 0)",
    # keys
    "keys that nothing names":
        "SELECT 1 FROM subscriber_key k WHERE NOT EXISTS "
        "(SELECT 1 FROM certificate c WHERE c.key_id = k.id AND c.deleted_ms = 0) AND NOT EXISTS "
        "(SELECT 1 FROM csr r WHERE r.key_id = k.id) AND NOT EXISTS (SELECT 1 FROM application a WHERE k.id IN (a.key_id, a.enc_key_id))",
    "certificates without their key": keyless("certificate", where="t.deleted_ms = 0"),
    "signing requests without their key": keyless("csr"),
    "applications without their key": keyless("application", where="t.state NOT IN (5, 9)"),
    "applications without their second key": keyless("application", "enc_key_id", where="t.state NOT IN (5, 9)"),
    # certificates
    "certificates whose state and waiting revocation differ":
        "SELECT 1 FROM certificate c LEFT JOIN revocation r ON r.certificate = c.id "
        "WHERE c.source <> 3 AND (c.state = 2) <> (r.certificate IS NOT NULL)",
    "revocations that wait for a link that is not there":
        "SELECT 1 FROM revocation r WHERE NOT EXISTS "
        "(SELECT 1 FROM link l WHERE l.purpose = 2 AND l.object_id = r.certificate AND l.state = 0)",
    "names of certificates that are not there": without(
        "certificate_name", "certificate", "certificate", also=SHOWN),
    "chains of certificates that are not there": without("certificate_chain", "certificate", "certificate", also=SHOWN),
    "chains with a missing link": without("certificate_chain", "link", "chain_certificate"),
    "issuers that stand above nothing":
        "SELECT 1 FROM chain_certificate t WHERE NOT EXISTS (SELECT 1 FROM certificate_chain o WHERE o.link = t.id)",
    "halves of a pair without the other": without("certificate", "pair", f"(SELECT id FROM certificate WHERE {SHOWN})",
                                                  where="t.deleted_ms = 0 AND t.state NOT IN (0, 6, 7)"),
    "shares without their copy": without("share", "copy", "certificate", where="t.copy_state < 2",
                                         also="o.source = 3 AND o.deleted_ms = 0 AND (o.state = 8) = (t.copy_state = 1)"),
    "copies without their share":
        "SELECT 1 FROM certificate c WHERE c.source = 3 AND c.role <> 2 AND c.deleted_ms = 0 AND NOT EXISTS "
        "(SELECT 1 FROM share s WHERE s.copy = c.id AND s.copy_state < 2)",
    "shares whose copy tells another state":
        "SELECT 1 FROM share s JOIN certificate c ON c.id = s.copy JOIN certificate g ON g.id = s.certificate "
        "WHERE s.state = 0 AND c.state <> g.state",
    # applications and requests
    "applications without the proof that they count": without("authz", "proof", "validation_record", where="t.state = 1",
                                                              also="o.ok = 1"),
    "domains with a zone that is not there": without("domain", "zone", "zone"),
    "automatic certificates with an application that is not there": without("domain_auto", "application", "application"),
    "proofs by mail with a link that is not there": without("email_proof", "link", "link"),
    "uses of a key by an application that is not there": without("csr_use", "application", "application"),
    "words of signing requests that are not there": without("csr_word", "csr", "csr"),
    # servers
    "certificates of servers that no server shows":
        "SELECT 1 FROM host_cert t WHERE NOT EXISTS (SELECT 1 FROM host o WHERE o.cert = t.id)",
    "servers with a certificate that is not there": without("host", "cert", "host_cert"),
    "monitors of a server that is not there": without("monitor", "host", "host"),
    "events of a monitor that is not there": without("monitor_event", "monitor", "monitor"),
    "servers found by a scan that is not there": without("scan_host", "scan", "scan"),
    "scans that found a server that is not there": without("scan_host", "host", "host"),
    "faults of a scan that is not there": without("scan_fault", "scan", "scan"),
    "scans that stand elsewhere than what they found":
        "SELECT 1 FROM scan t WHERE t.found + t.failed > t.done OR t.done > t.total OR (t.state = 2 AND t.done < t.total)",
    # what waits for a job
    "applications that nobody verifies": idle("application", "t.state = 1", f"= {VALIDATE}"),
    "applications that nobody issues": idle("application", "t.state = 4", f"IN ({VALIDATE}, {ISSUE})"),
    "mails that nobody sends": idle("mail", "t.state = 0", f"= {MAIL}"),
    "messages that nobody delivers": idle("webhook_delivery", "t.state = 0", f"= {WEBHOOK}", "t.webhook"),
    "messages of a webhook that is not there": without(
        "webhook_delivery", "webhook", "webhook",  # its job finds that out
        where=f"NOT EXISTS (SELECT 1 FROM job j WHERE j.kind = {WEBHOOK} AND j.object = t.webhook AND j.state < 2)"),
    "scans that nobody runs":
        "SELECT 1 FROM scan t WHERE t.state < 2 AND NOT EXISTS (SELECT 1 FROM job j "
        f"WHERE j.kind = {SCAN} AND (j.state < 2 OR j.state = 3))",
    "mails with a link that is not there": without("mail", "object_id", "link", where="t.kind = 0"),
}
ALL = " UNION ALL ".join(f"SELECT '{what}' AS what, count(*) AS n FROM ({sql}) x{i}"
                         for i, (what, sql) in enumerate(FAULTS.items()))


def check(s, query):
    """Asserts all of it. query: that of invariants."""
    faults = query(s, f"SELECT what, n FROM ({ALL}) y WHERE n > 0")
    assert not faults, f"rows that do not agree: {faults}"
