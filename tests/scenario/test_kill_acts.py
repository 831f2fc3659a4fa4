# SPDX-License-Identifier: Apache-2.0
"""Acts of an account, killed after each of their transactions in turn and repeated by the client with the same
Idempotency-Key: each is done once, and no row is left that belongs to nothing (tests/lib/rows.py)."""
import itertools
import secrets
import time

import invariants
import pytest
from companies import company, confirm
from conftest import database_url, serve
from customer import Customer
from dnsserver import DnsServer
from mailbox import Mailbox
from orders import attempt
from pki import Cert
from signet import wait_for
from staff import Reviewer
from tlsserver import TlsServer, certificate

SINGLE, OV = "digicert-dv-single", "globalsign-ov-single"
keys = itertools.count(1)


class World:
    """A service with all that the acts need around it."""

    def __init__(self, s, dns, box, server):
        self.s, self.dns, self.box, self.server = s, dns, box, server
        self.c = Customer(s)
        self.issuer = Cert("Some Issuer", Cert("Some Root", ca=True, days=3650), ca=True, days=1000)
        self._made = {}

    def once(self, name, make):
        """What is made at the first call."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    def count(self, table, where="true"):
        return int(invariants.query(self.s, f"SELECT count(*) FROM {table} WHERE {where}")[0][0])

    def post(self, path, body, c=None):
        """The same request each time it is called: until it is answered, and once more."""
        head = {"Idempotency-Key": f"act-{next(keys)}"}
        return lambda: (c or self.c).rest("POST", path, body, headers=head)


@pytest.fixture(scope="module")
def world(database, request):
    with DnsServer({"example.com": "signed"}) as dns, Mailbox() as box, TlsServer(
            "127.0.60.1", 0, certificate(["one.example.com"])) as server:
        for s in serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor,
                       args=[*box.args, "--scan-allow", "127.0.0.0/8"], env={"SIGNET_TEST_BACKOFF_MAX_MS": "100"}):
            yield World(s, dns, box, server)


# Each returns the act, which can be repeated, and what must be true in the end.

def account(w):
    name, before = "k" + secrets.token_hex(4), w.count("account")
    body = {"name": name, "owner_name": name, "owner_number": name, "user_name": "owner", "user_email": "o@example.com"}
    return w.post("/accounts", body, Staff(w.s)), lambda: w.count("account") == before + 1 and w.count(
        "users u JOIN account a ON a.id = u.account", f"a.name = '{name}'") == 1


def access_key(w):
    before = w.count("access_key")
    return w.post("/access-keys", {}), lambda: w.count("access_key") == before + 1


def purchase(w):
    before = w.count("bill")
    return w.post("/purchases", {"product": SINGLE, "quantity": 2}), lambda: w.count("bill") == before + 1


def purchase_with_names(w):
    before = w.count("application")
    body = {"product": SINGLE, "names": ["named.example.com"]}
    return w.post("/purchases", body), lambda: w.count("application") == before + 1


def application(w):
    name = f"a{secrets.token_hex(4)}.example.com"
    w.c.buy(SINGLE)
    before = w.count("application")
    body = {"product": SINGLE, "names": [name], "method": "dns", "submit": True, "key_alg": "EC_P256",
            "contact": {"name": "Li Wei", "email": "li@example.com", "phone": "+86 21 5555"}}
    return w.post("/applications", body), lambda: w.count("application") == before + 1 and w.count(
        "application a JOIN application_name n ON n.application = a.id", f"n.ascii = '{name}' AND a.state = 1") == 1


def refund(w):
    (sub,) = w.c.buy(SINGLE)["subscriptions"]
    had = w.c.ok("GET", "/me")["account"]["balance"]
    return w.post(f"/subscriptions/{sub['id']}:refund", {}), lambda: w.c.ok(
        "GET", "/me")["account"]["balance"] == had + sub["price"]


def merge(w):
    ids = [w.c.buy("cfca-ov-single-pro")["subscriptions"][0]["id"],
           w.c.buy("cfca-ov-wildcard-pro", n_wildcard=1)["subscriptions"][0]["id"]]
    body = {"subscriptions": ids, "names": ["www.example.com", "*.shop.example.com"]}
    return w.post("/merges", body), lambda: w.count("subscription", f"merged_into = {ids[0]}") == 1 and w.count(
        "application", f"subscription = {ids[0]}") == 1


def upload(w):
    c = Cert(f"u{secrets.token_hex(4)}.example.com", w.issuer)
    before = w.count("subscriber_key"), w.count("certificate")
    body = {"certificate": c.pem, "key": c.key_pem(), "chain": w.issuer.pem}
    return w.post("/certificates", body), lambda: (w.count("subscriber_key"), w.count("certificate")) == (
        before[0] + 1, before[1] + 1)


def deletion(w):
    """Of a certificate with its key and chain; a repetition finds nothing more."""
    c = Cert(f"d{secrets.token_hex(4)}.example.com", w.issuer)
    made = w.c.ok("POST", "/certificates", {"certificate": c.pem, "key": c.key_pem(), "chain": w.issuer.pem})
    return lambda: w.c.rest("DELETE", f"/certificates/{made['id']}"), lambda: w.c.rest(
        "GET", f"/certificates/{made['id']}").status == 404


def later_key(w):
    c = Cert(f"r{secrets.token_hex(4)}.example.com", w.issuer)
    made = w.c.ok("POST", "/csrs:upload", {"csr": c.csr_pem()})
    before = w.count("subscriber_key")
    return w.post(f"/csrs/{made['id']}:add_key", {"key": c.key_pem()}), lambda: w.count("subscriber_key") == before + 1


def sharing(w):
    """Shared, then withdrawn: each once."""
    giver, taker = w.once("owners", lambda: owners(w))
    cert = w.once("shared", lambda: giver.certificate(w.dns, name="shared.example.com"))
    before = w.count("share")
    give = w.post("/shares", {"certificate": cert["id"], "account": taker.account}, giver)

    def ends():
        (share,) = [x for x in giver.ok("GET", f"/certificates/{cert['id']}/shares")["items"] if x["state"] == "active"]
        giver.ok("POST", f"/shares/{share['id']}:withdraw", {})
        return w.count("share") == before + 1
    return give, ends


def withdrawal(w):
    giver, taker = w.once("owners", lambda: owners(w))
    cert = w.once("shared", lambda: giver.certificate(w.dns, name="shared.example.com"))
    share = giver.ok("POST", "/shares", {"certificate": cert["id"], "account": taker.account})
    return w.post(f"/shares/{share['id']}:withdraw", {}, giver), lambda: len(taker.told(
        "share_ended", received(w, share))) == 1


def revocation(w):
    """It waits for the link of a mail: one mail for each time that it is asked for."""
    c, cert = w.once("ov", lambda: ov(w))
    links = "mail m JOIN link l ON l.id = m.object_id", f"m.kind = 0 AND l.purpose = 2 AND l.object_id = {cert['id']}"
    before = w.count(*links)

    def ends():
        state = c.ok("GET", f"/certificates/{cert['id']}")["state"]
        if not before:  # those after it wait some minutes
            w.box.wait(c.to, cert["serial"])
        c.ok("POST", f"/certificates/{cert['id']}:withdraw_revocation", {})
        return state == "confirming" and w.count(*links) == before + 1
    return w.post(f"/certificates/{cert['id']}:revoke", {"reason": "superseded"}, c), ends


def scan(w):
    before = w.count("scan")

    def ends():
        done = wait_for("the scan", lambda: [x for x in w.c.ok("GET", "/scans")["items"][:1] if x["state"] == "finished"], 20)
        return w.count("scan") == before + 1 and (done[0]["done"], done[0]["found"]) == (3, 1)
    body = {"targets": [w.server.target, "127.0.60.1:1", "127.0.60.2:1"], "rate": 100}
    return w.post("/scans", body), ends


def monitor(w):
    for m in w.c.ok("GET", "/monitors")["items"]:
        w.c.ok("DELETE", f"/monitors/{m['id']}")

    def ends():
        wait_for("the look", lambda: w.c.ok("GET", "/monitors")["items"][0]["looked"], 20)
        return w.count("monitor") == 1 and w.count("monitor_event", "kind = 0") == 1
    return w.post("/monitors", {"target": w.server.target, "interval": 86400}), ends


class Staff:
    """The administrator, as a Customer is."""

    def __init__(self, s):
        self.s = s

    def rest(self, method, path, json=None, **kw):
        return self.s.rest(method, "/api/v1" + path, json, **kw)


def owners(w):
    number, out = secrets.token_hex(6), []
    for _ in range(2):
        c = Customer(w.s)
        c.ok("POST", f"/accounts/{c.account}:submit_owner", {"name": "Acme Ltd", "number": number})
        w.s.ok("POST", f"/api/v1/accounts/{c.account}:verify_owner", {"verified": True})
        out.append(c)
    return out


def received(w, share):
    return invariants.query(w.s, f"SELECT copy FROM share WHERE id = {share['id']}")[0][0]


def ov(w):
    c, reviewer = Customer(w.s), Reviewer(w.s)
    c.to = f"{c.name}@contact.example"
    company(c)
    c.buy(OV)
    app = c.apply(OV, "www.example.com", contact={"name": "Li Wei", "email": c.to, "phone": "+86 21 5555"})
    c.publish_dns(app, w.dns)
    c.verify(app)
    confirm(w.s, w.box, app)
    reviewer.ok("POST", f"/reviews/{reviewer.line_of(app)['id']}:approve", {})
    return c, c.ok("GET", f"/certificates/{c.issued(app)['certificates'][0]['id']}")


ACTS = [account, access_key, purchase, purchase_with_names, application, refund, merge, upload, deletion, later_key, sharing,
        withdrawal, revocation, scan, monitor]


@pytest.mark.parametrize("act", ACTS)
def test_killed_after_each_of_its_transactions_and_repeated_an_act_is_done_once(world, act):
    s = world.s
    for n in range(1, 7):
        do, ends = act(world)
        time.sleep(0.1)  # what the service had still to write
        signer = s.pid("signer")
        s.inject("service.wrote", f"kill@{n}")
        if attempt(do):
            time.sleep(0.2)  # what comes after its answer passes the point, too
        was_killed = not s.armed("service.wrote")
        s.disarm()
        if was_killed and n % 2 == 0:
            s.kill_these([signer])
        s.wait_ready()
        answer = wait_for("an answer", lambda: attempt(do), 20)
        assert answer.status < 300 or (act is deletion and answer.status == 404), answer
        assert ends()
        invariants.check_rows(s)
        if not was_killed:
            break
    assert n > 1
    s.ok("POST", "/api/v1/audit:verify", {})
