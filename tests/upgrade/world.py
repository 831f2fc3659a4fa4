# SPDX-License-Identifier: Apache-2.0
"""A small world, written by the service of SIGNET_BUILD: what a fixture of tests/upgrade holds.

    world.py sqlite|POSTGRESQL-URL FOLDER

Run by tools/upgrade-fixture, with the tests/lib of the commit whose service runs in PYTHONPATH. Leaves FOLDER/data, as a
killed service leaves it, and FOLDER/world.json, which says what must be found there by every later version.
"""
import ctypes
import json
import os
import shutil
import socket
import sys

from customer import Customer
from dnsserver import DnsServer
from orders import certificate, finished, order
from signet import Signet, pem_blocks, wait_for

ZONE, SINGLE, PAIR = "example.com", "digicert-dv-single", "cfca-dv-single"
CLONE_NEWUTS = 0x4000000


def host_named(name):
    """The service names its own host in its certificate: that of who makes the fixture does not belong into it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUTS) != 0:
        sys.exit("a host name of its own needs root")
    socket.sethostname(name)


def detail(c, cert):
    """What is remembered of a certificate."""
    shown = c.ok("GET", f"/certificates/{cert}")
    out = {k: shown[k] for k in ("id", "name", "status", "serial")}
    if not shown["content_closed"]:
        out["names"] = [n["name"] for n in shown["content"]["names"]]
        out["pem"] = c.ok("GET", f"/certificates/{cert}/pem").decode()
    return out


def apply(c, name, **kw):
    """A submitted application that waits for its proof."""
    c.buy(SINGLE)
    return c.apply(SINGLE, name, **kw)


def never_proven(s, c):
    """An application whose time runs out."""
    app = apply(c, "late." + ZONE)
    s.advance(days=31)
    wait_for("the application to fail", lambda: c.ok("GET", f"/applications/{app['id']}")["state"] == "failed", 60)
    return app["id"]


def certificates(c, dns):
    """A certificate in each of its states: {state: detail}."""
    def made(name, **kw):
        return c.certificate(dns, name=name + "." + ZONE, **kw)["id"]
    issued, revoked, deleted = made("www"), made("old", key_alg="RSA_2048"), made("gone")
    revoked_pem = c.ok("GET", f"/certificates/{revoked}/pem").decode()
    for cert in (revoked, deleted):
        c.ok("POST", f"/certificates/{cert}:revoke", {"reason": "superseded"})
    c.ok("DELETE", f"/certificates/{deleted}")
    pair = c.certificate(dns, product=PAIR, name="sm2." + ZONE, key_alg="SM2")["id"]
    return {"issued": detail(c, issued), "revoked": dict(detail(c, revoked), pem=revoked_pem), "pair": detail(c, pair)}


def applications(s, c):
    """An application in each state that needs no certificate: {state: id}."""
    c.buy(SINGLE)
    draft = c.apply(SINGLE, "draft." + ZONE, submit=False)
    cancelled = apply(c, "cancelled." + ZONE)
    c.ok("POST", f"/applications/{cancelled['id']}:cancel", {})
    validating = apply(c, "soon." + ZONE)
    return {"draft": draft["id"], "cancelled": cancelled["id"], "validating": validating["id"]}


def interrupted(s):
    """An application of the operator whose certificate is reserved and not signed yet when everything is killed."""
    app = order(s, submit=False)
    s.inject("issue.reserved", "sleep:600000")
    s.ok("POST", f"/api/v1/applications/{app}:submit", {})
    wait_for("the certificate to be reserved", lambda: not s.armed("issue.reserved"))
    s.kill_all()
    return app


def build(s, dns):
    c = Customer(s, name="acme", money=100_000_000)
    c.ok("POST", "/users", {"name": "bob", "email": "bob@example.com", "role": "operator"})
    failed = never_proven(s, c)
    world = {"zone": ZONE, "account": c.account, "name": c.name, "password": c.password, "key": c.key,
             "certificates": certificates(c, dns), "applications": dict(applications(s, c), failed=failed)}
    c.buy(SINGLE, quantity=3)
    c.ok("POST", "/purchases", {"product": SINGLE, "pay": False})
    own = order(s)
    assert finished(s, own) == "issued"
    s.ok("POST", f"/api/v1/certificates/{certificate(s, own)}:revoke", {"reason": "keyCompromise"})
    world["balance"] = c.ok("GET", f"/accounts/{c.account}")["balance"]
    world["overview"] = c.ok("GET", "/overview")
    s.restart()  # the database is whole, its log is short
    world["interrupted"] = interrupted(s)
    world["at_ms"] = s.now_ms()
    return world


def main(db, folder):
    host_named("signet.example")
    with DnsServer({ZONE: "signed"}) as dns:
        s = Signet(db=db, resolver=dns.address, trust_anchor=dns.trust_anchor)
        try:
            s.start()
            world = build(s, dns)
            shutil.copytree(s.data, os.path.join(folder, "data"))
        finally:
            s.close()
    assert pem_blocks(world["certificates"]["issued"]["pem"])
    with open(os.path.join(folder, "world.json"), "w") as f:
        json.dump(world, f, indent=1)


main(*sys.argv[1:])
