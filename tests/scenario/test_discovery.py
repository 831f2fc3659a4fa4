# SPDX-License-Identifier: Apache-2.0
"""Servers out there: scans find them, the inventory keeps them, monitors tell what changes; only where the operator allows."""
import contextlib
import secrets

import pytest
from conftest import database_url, serve
from customer import Customer
from dnsserver import DnsServer
from relying import unzip
from signet import wait_for
from tlsserver import TlsServer, certificate


@pytest.fixture(scope="module")
def dns(database):
    with DnsServer({"example.com": "signed"}) as server:
        yield server


@pytest.fixture(scope="module")
def ca(database, dns, request):
    yield from serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor,
                     args=["--scan-allow", "127.0.0.0/8"])


def net(bits=29):
    """A loopback network of the test's own: its first address without the last byte, and the network."""
    base = f"127.{secrets.randbelow(200) + 20}.{secrets.randbelow(250) + 1}."
    return base, f"{base}0/{bits}"


def finished(c, scan, timeout=60):
    return wait_for("the scan", lambda: (s := c.ok("GET", f"/scans/{scan['id']}"))["state"] == "finished" and s, timeout)


def hosts(c, query=""):
    return c.ok("GET", f"/hosts?limit=200{query}")["items"]


def test_a_network_is_scanned_port_by_port_into_the_inventory(ca):
    c = Customer(ca)
    base, cidr = net()
    with contextlib.ExitStack() as stack:
        a = stack.enter_context(TlsServer(base + "1", 0, certificate(["a.example.com", "b.example.com"])))
        stack.enter_context(TlsServer(base + "3", a.port, certificate(["late.example.com"], days=10)))
        other = stack.enter_context(TlsServer(base + "3", 0, certificate(["c.example.com"])))
        stack.enter_context(TlsServer(base + "5", a.port))  # no TLS there
        made = c.ok("POST", "/scans", {"targets": [cidr], "ports": [a.port, other.port], "rate": 100})
        assert (made["name"], made["total"], made["targets"]) == (cidr, 16, [cidr])
        done = finished(c, made)
    assert (done["done"], done["found"], done["failed"]) == (16, 3, 1)
    assert [(f["target"], f["code"]) for f in done["faults"]] == [(f"{base}5:{a.port}", "SERVER_NO_TLS")]
    found = {(h["name"], h["port"]): h for h in hosts(c)}
    assert set(found) == {(base + "1", a.port), (base + "3", a.port), (base + "3", other.port)}
    h = found[base + "1", a.port]
    assert h["names"] == ["a.example.com", "b.example.com"] and not h["trusted"] and h["status"] == "untrusted"
    assert h["address"] == f"{base}1:{a.port}" and h["protocol"] == "TLS 1.3" and h["first_seen"] == h["last_seen"]
    assert {h["id"] for h in hosts(c, f"&scan={made['id']}")} == {h["id"] for h in found.values()}
    assert Customer(ca).rest("GET", f"/hosts?scan={made['id']}").code == "NOT_FOUND"
    whole = c.ok("GET", f"/hosts/{h['id']}")
    assert whole["pem"].startswith("-----BEGIN CERTIFICATE-----")
    assert any(f["code"] in ("untrusted", "chain_incomplete") for f in whole["findings"])


def test_names_are_resolved_by_the_service_and_asked_for_by_name(ca, dns):
    c = Customer(ca)
    name = f"{secrets.token_hex(4)}.example.com"
    base, _ = net()
    with dns.changes():
        dns.add(name, "A", base + "1")
    with TlsServer(base + "1", 0, certificate([name])) as s:
        made = c.ok("POST", "/scans", {"name": "one", "targets": [f"{name}:{s.port}", f"none.{name}:{s.port}", "127.0.0.1:1"]})
        done = finished(c, made)
        assert s.asked == [name]
    assert (done["total"], done["found"], done["failed"]) == (3, 1, 2)
    assert {f["target"]: f["code"] for f in done["faults"]} == {
        f"none.{name}:{s.port}": "DNS_NO_RECORD", "127.0.0.1:1": "SERVER_SILENT"}
    (h,) = hosts(c)
    assert (h["name"], h["address"]) == (name, f"{base}1:{s.port}")
    assert [x["id"] for x in hosts(c, f"&name={name}")] == [x["id"] for x in hosts(c, "&name=.example.com")] == [h["id"]]
    assert hosts(c, "&name=.example.org") == hosts(c, "&name=example.com") == []


def test_the_inventory_says_what_clients_would_say(ca, dns):
    c = Customer(ca)
    name = f"{secrets.token_hex(4)}.example.com"
    base, _ = net()
    with dns.changes():
        for i in (1, 2):
            dns.add(f"n{i}.{name}", "A", f"{base}{i}")
    with TlsServer(base + "1", 0, certificate(["other.example.com"])) as a, \
            TlsServer(base + "2", a.port, certificate([f"n2.{name}"], days=-0.5)):
        finished(c, c.ok("POST", "/scans", {"targets": [f"n1.{name}", f"n2.{name}", f"127.0.0.1:{ca.https_port}"],
                                            "ports": [a.port]}))
    by = {h["name"]: h for h in hosts(c)}
    own = by["127.0.0.1"]
    assert own["trusted"] and own["status"] in ("good", "about_to_expire") and own["errors"] == 0, own
    assert by[f"n1.{name}"]["status"] == "untrusted" and by[f"n2.{name}"]["status"] == "expired"
    for status in ("unseen", "revoked", "expired", "untrusted", "wrong_name", "faulty", "about_to_expire", "good"):
        assert [h["name"] for h in hosts(c, f"&status={status}")] == [n for n, h in by.items() if h["status"] == status]
    pages, cursor = [], ""
    while cursor is not None:
        page = c.ok("GET", f"/hosts?limit=1{cursor}")
        pages += [h["name"] for h in page["items"]]
        cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else None
    assert pages == [h["name"] for h in hosts(c)] and len(pages) == 3


def test_a_server_with_the_accounts_own_certificate_is_known_as_that(ca):
    made = ca.ok("POST", "/api/v1/scans", {"targets": [f"127.0.0.1:{ca.https_port}"]})
    wait_for("the scan", lambda: ca.ok("GET", f"/api/v1/scans/{made['id']}")["state"] == "finished")
    (h,) = ca.ok("GET", f"/api/v1/hosts?scan={made['id']}")["items"]
    assert ca.ok("GET", f"/api/v1/certificates/{h['certificate']}")["serial"] == h["serial"]


def test_only_public_networks_and_those_that_the_operator_has_named_are_looked_at(ca, dns):
    c = Customer(ca)
    for target in ("10.0.0.0/24", "169.254.169.254", "[::1]:443", "192.168.1.1:8443", "100.64.0.0/16", "::ffff:10.0.0.1"):
        r = c.rest("POST", "/scans", {"targets": [target]})
        assert (r.status, r.code, r.json["field"]) == (422, "ADDRESS_REFUSED", "targets[0]"), r
        if "/" not in target:
            assert c.rest("POST", "/monitors", {"target": target}).code == "ADDRESS_REFUSED"
            assert c.rest("POST", "/inspections", {"target": target}).code == "ADDRESS_REFUSED"
    name = f"{secrets.token_hex(4)}.example.com"
    with dns.changes():
        dns.add(name, "A", "169.254.169.254")
    done = finished(c, c.ok("POST", "/scans", {"targets": [name]}))
    assert [f["code"] for f in done["faults"]] == ["ADDRESS_REFUSED"] and "169.254" not in done["faults"][0]["message"]
    r = c.rest("POST", "/inspections", {"target": name})
    assert r.code == "ADDRESS_REFUSED" and "169.254" not in str(r.json)


def test_all_faults_of_a_scan_are_told_at_once(ca):
    c = Customer(ca)
    r = c.rest("POST", "/scans", {"targets": ["10.0.0.0/8", "a b", "*.example.com", "www.example.com:0", "10.0.0.1/24"],
                                  "ports": [443, 65536]})
    assert (r.status, r.code) == (400, "SEVERAL_FAULTS")
    assert {(f["field"], f["code"]) for f in r.json["causes"]} >= {
        ("targets[0]", "SCAN_WIDE"), ("targets[2]", "SCAN_TARGET"), ("targets[3]", "SCAN_TARGET"),
        ("targets[4]", "SCAN_TARGET"), ("ports[1]", "FIELD_RANGE")}
    r = c.rest("POST", "/scans", {"targets": ["127.1.0.0/16"], "ports": [1, 2]})
    assert (r.status, r.code, r.json["field"]) == (422, "SCAN_WIDE", "targets")
    r = c.rest("POST", "/scans", {"targets": ["127.0.0.1"], "rate": 101})
    assert (r.status, r.code, r.json["field"]) == (400, "FIELD_RANGE", "rate")
    r = c.rest("GET", "/hosts?status=good&name=a")
    assert (r.status, r.code) == (400, "FIELD_FORM")


def test_a_scan_is_stopped_for_good_and_then_deleted(ca):
    c = Customer(ca)
    made = c.ok("POST", "/scans", {"targets": ["127.99.0.0/24"], "rate": 1})
    later = c.ok("POST", "/scans", {"targets": ["127.99.0.0/30"], "rate": 100})
    wait_for("it to begin", lambda: c.ok("GET", f"/scans/{made['id']}")["state"] == "running")
    assert c.ok("GET", f"/scans/{later['id']}")["state"] == "waiting"  # one after the other
    r = c.rest("DELETE", f"/scans/{made['id']}")
    assert (r.status, r.code) == (409, "STATE_REFUSED")
    assert c.ok("POST", f"/scans/{made['id']}:stop", {})["state"] == "stopped"
    r = c.rest("POST", f"/scans/{made['id']}:stop", {})
    assert (r.status, r.code) == (409, "STATE_REFUSED")
    assert finished(c, later)["done"] == 4
    assert c.ok("GET", f"/scans/{made['id']}")["done"] < 256
    assert c.rest("DELETE", f"/scans/{made['id']}").status == 204
    assert [s["id"] for s in c.ok("GET", "/scans")["items"]] == [later["id"]]


def looked(c, m, after=None):
    """The monitor once it was looked at, and again since `after`."""
    return wait_for("a look", lambda: (v := c.ok("GET", f"/monitors/{m['id']}"))["looked"] not in (None, after) and v)


def again(ca, c, m):
    """Moves time on to the next look; the monitor after it."""
    before = c.ok("GET", f"/monitors/{m['id']}")
    ca.advance(seconds=before["interval"] + 1)
    return looked(c, m, before["looked"])


@pytest.fixture
def clock(make_signet, dns):
    """A service of the test's own, whose clock may be moved."""
    s = make_signet(resolver=dns.address, trust_anchor=dns.trust_anchor, args=["--scan-allow", "127.0.0.0/8"]).start()
    return s


def test_watched_servers_tell_once_what_changes(clock):
    c = Customer(clock)
    with TlsServer("127.0.0.1", 0, certificate(["a.example.com"], days=365)) as s:
        m = c.ok("POST", "/monitors", {"target": s.target, "interval": 300})
        assert (m["status"], m["looked"], m["failures"], m["version"]) == ("unseen", None, 0, 1)
        v = looked(c, m)
        assert v["status"] == "untrusted" and [e["kind"] for e in v["history"]] == ["faulty", "first"]
        assert len(c.told("server_faulty", m["id"])) == 1
        v = again(clock, c, m)
        assert len(v["history"]) == 2 and not c.told("server_changed", m["id"])
        s.show(certificate(["b.example.com"], days=365, cn="the new one"))
        v = again(clock, c, m)
        assert [e["kind"] for e in v["history"]] == ["changed", "faulty", "first"]
        (text,) = c.told("server_changed", m["id"])
        assert "the new one" in text
        assert v["history"][0]["sha256"] != v["history"][2]["sha256"]
        s.stop()
        for failures in (1, 2, 3, 4):
            v = again(clock, c, m)
            assert (v["failures"], v["code"]) == (failures, "SERVER_SILENT")
            assert len(c.told("server_unreachable", m["id"])) == (failures >= 3)
        s.start()
        v = again(clock, c, m)
        assert v["failures"] == 0 and v["code"] is None and [e["kind"] for e in v["history"]][:2] == ["back", "unreachable"]
        assert len(c.told("server_back", m["id"])) == 1
        assert len(c.told("server_changed", m["id"])) == len(c.told("server_unreachable", m["id"])) == 1
        (h,) = hosts(c)
        assert h["names"] == ["b.example.com"] and h["monitor"] == m["id"]


def test_a_watched_server_whose_certificate_is_revoked_is_told(clock, dns, tmp_path):
    c = Customer(clock)
    name = f"{secrets.token_hex(4)}.example.com"
    with dns.changes():
        dns.add(name, "A", "127.0.0.1")
    cert = c.certificate(dns, name=name)
    files = unzip(c.ok("GET", f"/certificates/{cert['id']}/package?format=nginx"), str(tmp_path))
    pem = b"".join(open(f, "rb").read() for f in files.values() if f.endswith((".pem", ".crt", ".key")))
    with TlsServer("127.0.0.1", 0, pem) as s:
        m = c.ok("POST", "/monitors", {"target": f"{name}:{s.port}", "interval": 300})
        v = looked(c, m)
        assert v["status"] == "good", v
        (h,) = hosts(c)
        assert h["certificate"] == cert["id"] and h["trusted"] and h["errors"] == 0, c.ok("GET", f"/hosts/{h['id']}")
        clock.cli("hosts", "inspect", f"{name}:{s.port}", key=c.key)
        c.ok("POST", f"/certificates/{cert['id']}:revoke", {"reason": "superseded"})
        v = again(clock, c, m)
        assert v["status"] == "revoked" and v["history"][0]["kind"] == "faulty"
        assert len(c.told("server_faulty", m["id"])) == 1 and "revoked" in c.told("server_faulty", m["id"])[0]
        assert [x["id"] for x in hosts(c, "&status=revoked")] == [h["id"]]
        v = c.ok("POST", "/inspections", {"target": f"{name}:{s.port}"}, timeout=60)
        assert v["status"] == "revoked" and "revoked" in {f["code"] for f in v["findings"]}


def test_the_end_of_a_servers_certificate_is_told_in_time_and_once_each(clock):
    c = Customer(clock)
    with TlsServer("127.0.0.1", 0, certificate(["a.example.com"], days=40)) as s:
        m = c.ok("POST", "/monitors", {"target": s.target, "interval": 86400})
        looked(c, m)
        for days, told, status in ((5, 0, "untrusted"), (6, 1, "untrusted"), (5, 1, "untrusted"), (18, 2, "untrusted"),
                                   (8, 2, "expired"), (1, 2, "expired")):
            before = c.ok("GET", f"/monitors/{m['id']}")["looked"]
            clock.advance(days=days)
            assert looked(c, m, before)["status"] == status
            assert len(c.told("server_expires", m["id"])) == told
        assert sum("expired" in t for t in c.told("server_faulty", m["id"])) == 1
        assert len(c.told("server_faulty", m["id"])) == 2


def test_monitors_are_made_of_the_inventory_or_of_a_target_changed_and_deleted(ca):
    c = Customer(ca)
    with TlsServer("127.0.0.1", 0, certificate(["a.example.com"])) as s:
        finished(c, c.ok("POST", "/scans", {"targets": [s.target]}))
        (h,) = hosts(c)
        m = c.ok("POST", "/monitors", {"host": h["id"]})
        assert (m["name"], m["port"], m["interval"]) == ("127.0.0.1", s.port, 86400)
        assert hosts(c)[0]["monitor"] == m["id"]
        for body in ({"host": h["id"]}, {"target": s.target}):
            r = c.rest("POST", "/monitors", body)
            assert (r.status, r.code) == (409, "MONITOR_THERE") and str(m["id"]) in r.json["detail"]
        r = c.rest("DELETE", f"/hosts/{h['id']}")
        assert (r.status, r.code) == (409, "HOST_WATCHED")
        v = looked(c, m)
        r = c.rest("PATCH", f"/monitors/{m['id']}", {"interval": 600}, headers={"If-Match": '"7"'})
        assert (r.status, r.code) == (412, "PRECONDITION")
        v = c.ok("PATCH", f"/monitors/{m['id']}", {"interval": 600}, headers={"If-Match": '"1"'})
        assert (v["interval"], v["version"]) == (600, 2)
        for body in ({"interval": 299}, {"interval": 2592001}):
            r = c.rest("PATCH", f"/monitors/{m['id']}", body)
            assert (r.status, r.code, r.json["field"]) == (400, "FIELD_RANGE", "interval"), r
        assert c.rest("DELETE", f"/monitors/{m['id']}").status == 204
        assert c.rest("DELETE", f"/hosts/{h['id']}").status == 204
        assert hosts(c) == [] and c.ok("GET", "/monitors")["items"] == []
    for body, code in (({}, "FIELD_MISSING"), ({"host": 1, "target": "a"}, "FIELD_MISSING"), ({"host": 99}, "NOT_FOUND"),
                       ({"target": "127.0.0.0/24"}, "SCAN_TARGET"), ({"target": "a..b"}, "NAME_SYNTAX")):
        assert c.rest("POST", "/monitors", body).code == code, body


def test_a_server_is_inspected_at_once(ca, dns):
    c = Customer(ca)
    with TlsServer("127.0.0.1", 0, certificate(["a.example.com", "b.example.com"])) as s:
        v = c.ok("POST", "/inspections", {"target": s.target, "name": "c.example.com"}, timeout=60)
        assert "c.example.com" in s.asked
    assert (v["outcome"], v["status"], v["protocol"], v["port"]) == ("seen", "untrusted", "TLS 1.3", s.port)
    assert v["versions"] and v["chain"][0]["names"] == ["a.example.com", "b.example.com"]
    assert "name_mismatch" in {f["code"] for f in v["findings"]} and v["errors"] >= 1 and v["staple"] is None
    assert v["browsers"]["chrome"].startswith("ERR_CERT") or v["browsers"]["chrome"].startswith("NET::"), v["browsers"]
    v = c.ok("POST", "/inspections", {"target": s.target})
    assert (v["outcome"], v["step"], v["status"], v["chain"], v["protocol"]) == ("refused", "connect", "unseen", [], None)
    assert [f["code"] for f in v["findings"]] == ["no_connection"]
    assert hosts(c) == []
    assert [a["act"] for a in c.ok("GET", "/audit")["items"]].count("inspection.run") == 2
    r = c.rest("POST", "/inspections", {"target": "a b", "name": "*.example.com"})
    assert (r.status, {f["field"] for f in r.json["causes"]}) == (400, {"target", "name"})
    assert c.rest("POST", "/inspections", {"target": f"{secrets.token_hex(4)}.example.com"}).code == "DNS_NO_RECORD"


@pytest.mark.parametrize("point", ["scan.looked", "scan.stored"])
def test_a_scan_goes_on_after_a_crash_and_counts_each_place_once(make_signet, dns, point):
    s = make_signet(resolver=dns.address, trust_anchor=dns.trust_anchor, args=["--scan-allow", "127.0.0.0/8"]).start()
    c = Customer(s)
    base, cidr = net(26)
    with contextlib.ExitStack() as stack:
        first = stack.enter_context(TlsServer(base + "1", 0, certificate(["a.example.com"])))
        for i in range(2, 60, 3):
            stack.enter_context(TlsServer(f"{base}{i}", first.port, certificate([f"n{i}.example.com"])))
        s.inject(point, "kill")
        made = c.ok("POST", "/scans", {"targets": [cidr], "ports": [first.port, 1], "rate": 100})
        wait_for("the crash", lambda: not s.armed(point))
        s.wait_ready()
        done = finished(c, made)
    assert (done["done"], done["found"], done["failed"]) == (128, 21, 0)
    assert len(hosts(c)) == 21


def test_no_more_scans_wait_than_the_policy_allows(ca):
    c = Customer(ca)
    made = [c.ok("POST", "/scans", {"targets": ["127.97.0.0/24"], "rate": 1})["id"] for _ in range(10)]
    r = c.rest("POST", "/scans", {"targets": ["127.0.0.1"]})
    assert (r.status, r.code) == (409, "SCAN_FULL")
    for id_ in made:
        c.ok("POST", f"/scans/{id_}:stop", {})
    assert c.rest("POST", "/scans", {"targets": ["127.0.0.1"]}).status == 201


def test_the_command_line_scans_watches_and_inspects(ca):
    c = Customer(ca)
    with TlsServer("127.0.0.1", 0, certificate(["cli.example.com"])) as s:
        made = ca.cli_json("scans", "create", "127.0.0.1", "--ports", f"{s.port},1", "--name", "mine", key=c.key)
        finished(c, made)
        out = ca.cli("scans", "show", made["id"], key=c.key)
        assert "finished" in out and "SERVER_SILENT" in out
        assert "mine" in ca.cli("scans", "list", key=c.key)
        assert "cli.example.com" in ca.cli("hosts", "list", "--scan", made["id"], key=c.key)
        (h,) = hosts(c)
        assert "untrusted" in ca.cli("hosts", "show", h["id"], key=c.key)
        m = ca.cli_json("monitors", "add", h["id"], "--interval", 3600, key=c.key)
        looked(c, m)
        assert "first" in ca.cli("monitors", "show", m["id"], key=c.key)
        assert ca.cli_json("monitors", "set", m["id"], "--interval", 7200, key=c.key)["interval"] == 7200
        assert "127.0.0.1" in ca.cli("monitors", "list", key=c.key)
        assert "cli.example.com" in ca.cli("hosts", "inspect", s.target, key=c.key, code=1)
    ca.cli("hosts", "inspect", s.target, key=c.key, code=1)
    ca.cli("hosts", "delete", h["id"], key=c.key, code=5)
    ca.cli("monitors", "delete", m["id"], key=c.key)
    ca.cli("hosts", "delete", h["id"], key=c.key)
    ca.cli("scans", "stop", made["id"], key=c.key, code=5)
    ca.cli("scans", "delete", made["id"], key=c.key)
    assert ca.cli("scans", "create", "127.0.0.1", "--ports", "x", key=c.key, code=2) == ""
