# SPDX-License-Identifier: Apache-2.0
"""Webhooks: each receiver gets its form with its signature, in order, again after a fault; addresses and secrets stay hidden."""
import secrets
import shutil
import time

import invariants
import pytest
import receiver
from conftest import database_url, serve
from customer import Customer
from dnsserver import DnsServer
from receiver import Receiver
from signet import wait_for


@pytest.fixture(scope="module")
def files():
    top = receiver.folder()
    yield receiver.write_pair(top)
    shutil.rmtree(top)


@pytest.fixture(scope="module")
def dns(database):
    with DnsServer({"example.com": "signed"}) as server:
        yield server


@pytest.fixture(scope="module")
def ca(database, dns, files, request):
    yield from serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor,
                     args=["--webhook-allow", "127.0.0.0/8", "--webhook-ca", files[0]])


@pytest.fixture
def hook(files):
    with Receiver(files[1:]) as r:
        yield r


def add(c, r, type_, target, **kw):
    return c.ok("POST", "/webhooks", {"type": type_, "name": "ops", "url": r.url(target), **kw})


def tell(c, n=1):
    """Makes that many notices: applications that wait for a proof; their ids."""
    out = []
    for _ in range(n):
        c.buy("private-multi", n_common=1)
        out.append(c.apply("private-multi", f"{secrets.token_hex(4)}.example.com")["id"])
    return out


OK = {"generic": b"", "dingtalk": b'{"errcode":0,"errmsg":"ok"}', "wecom": b'{"errcode":0,"errmsg":"ok"}',
      "lark": b'{"code":0,"msg":"success","data":{}}', "slack": b"ok"}


def chat_text(type_, m):
    body = m.json
    if type_ == "slack":
        assert set(body) == {"text"}
        return body["text"]
    if type_ == "lark":
        assert body["msg_type"] == "text"
        return body["content"]["text"]
    assert body["msgtype"] == "text" and set(body) == {"msgtype", "text"}
    return body["text"]["content"]


@pytest.mark.parametrize("type_", list(OK))
def test_each_receiver_gets_its_form_and_its_signature(ca, hook, type_):
    c = Customer(ca)
    hook.answers = [(200, OK[type_])]
    secret = None if type_ in ("wecom", "slack") else "SEC" + secrets.token_hex(20)
    target = f"/robot/send?access_token={secrets.token_hex(20)}"
    made = add(c, hook, type_, target, **({"secret": secret} if secret else {}))
    assert (made["host"], made["signed"], made.get("secret")) == (f"https://127.0.0.1:{hook.port}", bool(secret), None)
    app = tell(c)[0]
    m = hook.wait()
    notice = c.ok("GET", "/notices")["items"][0]
    assert m.headers["content-type"] == "application/json" and m.path == "/robot/send"
    assert m.target.startswith(target)
    if type_ == "generic":
        assert receiver.generic_ok(m, secret) and not receiver.generic_ok(m, secret + "x")
        assert abs(int(m.headers["signet-timestamp"]) - time.time()) < 3600 * 24 * 400
        said = m.json
        assert (said["kind"], said["object"], said["object_id"], said["notice"]) == (
            "application_proof", "applications", app, notice["id"])
        assert (said["title"], said["due"], said["account"]) == (notice["title"], notice["due"], c.account)
    else:
        text = chat_text(type_, m)
        assert text.startswith(notice["title"] + "\n") and str(app) in text
    if type_ == "dingtalk":
        assert receiver.dingtalk_ok(m, secret) and set(m.query) == {"access_token", "timestamp", "sign"}
    if type_ == "lark":
        assert receiver.lark_ok(m, secret)
    sent = wait_for("the delivery", lambda: [d for d in c.ok("GET", f"/webhooks/{made['id']}/deliveries")["items"] if d["done"]])
    assert [(d["state"], d["attempts"], d["status"], d["notice"]) for d in sent] == [("delivered", 1, 200, notice["id"])]


@pytest.mark.parametrize("type_", ["dingtalk", "lark"])
def test_receivers_without_a_secret_get_no_signature(ca, hook, type_):
    c = Customer(ca)
    hook.answers = [(200, OK[type_])]
    made = add(c, hook, type_, "/x")
    assert not made["signed"]
    tell(c)
    m = hook.wait()
    assert m.target == "/x" and "sign" not in m.json


def test_a_message_comes_again_after_a_fault_with_its_number_and_before_the_next(ca, hook):
    c = Customer(ca)
    hook.answers = [(500, b"oops"), (302, b"", {"Location": hook.url("/elsewhere")}), (200, b"")]
    made = add(c, hook, "generic", "/in")
    assert len(made["secret"]) >= 40
    apps = tell(c)
    wait_for("the first fault", lambda: c.ok("GET", f"/webhooks/{made['id']}")["last_error"])
    apps += tell(c, 2)
    hook.wait(5)
    time.sleep(0.3)
    got = [(m.json["id"], m.json["object_id"]) for m in hook.messages]
    assert [o for _, o in got] == [apps[0], apps[0], apps[0], apps[1], apps[2]]
    assert len({i for i, _ in got}) == 3 and all(m.path == "/in" for m in hook.messages)
    assert all(receiver.generic_ok(m, made["secret"]) for m in hook.messages)
    log = wait_for("all deliveries", lambda: [d for d in c.ok("GET", f"/webhooks/{made['id']}/deliveries")["items"]
                                              if d["state"] == "delivered"][2:] and
                   c.ok("GET", f"/webhooks/{made['id']}/deliveries")["items"])
    assert [d["attempts"] for d in log] == [1, 1, 3]
    now = c.ok("GET", f"/webhooks/{made['id']}")
    assert (now["waiting"], now["last_error"]) == (0, None)


@pytest.mark.parametrize("type_,answer,message", [
    ("generic", (404, b""), "the server answered 404"),
    ("slack", (302, b"", {"Location": "https://example.com/"}), "redirects are not followed"),
    ("dingtalk", (200, b'{"errcode":310000,"errmsg":"sign not match"}'), "errcode 310000: sign not match"),
    ("wecom", (200, b'{"errcode":93000,"errmsg":"invalid webhook url"}'), "errcode 93000"),
    ("lark", (200, b'{"code":19021,"msg":"sign match fail"}'), "code 19021: sign match fail"),
    ("lark", (200, b"<html>"), 'has no "code"'),
    ("wecom", (200, b"[" * 10000), 'has no "errcode"'),
    ("slack", (200, b"x" * 1_000_000), None),
])
def test_a_test_message_tells_what_the_receiver_says(ca, hook, type_, answer, message):
    c = Customer(ca)
    hook.answers = [answer]
    made = add(c, hook, type_, "/in")
    key = secrets.token_hex(8)
    headers = {"Idempotency-Key": key}
    r = c.ok("POST", f"/webhooks/{made['id']}:test", headers=headers)
    assert (r["state"], r["status"], r["notice"]) == ("given_up" if message else "delivered", answer[0], None)
    assert message in r["message"] and r["code"] == "WEBHOOK_FAILED" if message else r["message"] is None
    assert c.ok("POST", f"/webhooks/{made['id']}:test", headers=headers) == r
    assert len(hook.messages) == 1


def test_kinds_that_are_off_and_webhooks_that_rest_get_nothing(ca, hook):
    c = Customer(ca)
    made = add(c, hook, "slack", "/in", off=["application_proof"], language="zh")
    tell(c)
    c.ok("PATCH", f"/webhooks/{made['id']}", {"on": ["application_proof"]})
    tell(c)
    assert "等待域名验证" in hook.wait().json["text"]
    c.ok("PATCH", f"/webhooks/{made['id']}", {"active": False})
    tell(c)
    c.ok("PATCH", f"/webhooks/{made['id']}", {"active": True, "language": "en"})
    tell(c)
    assert "Proof needed" in hook.wait(2).json["text"] and len(hook.messages) == 2
    c.ok("DELETE", f"/webhooks/{made['id']}")
    tell(c)
    assert c.rest("GET", f"/webhooks/{made['id']}/deliveries").code == "NOT_FOUND"
    time.sleep(1)
    assert len(hook.messages) == 2


def test_names_are_resolved_and_their_certificates_verified(ca, hook, dns, files):
    c = Customer(ca)
    with dns.changes():
        dns.add("hook.example.com", "A", "127.0.0.1")
        dns.add("other.example.com", "A", "127.0.0.1")
    good = c.ok("POST", "/webhooks", {"type": "slack", "name": "a", "url": hook.url("/in", "hook.example.com")})
    assert c.ok("POST", f"/webhooks/{good['id']}:test", {})["state"] == "delivered"
    assert hook.wait().headers["host"] == f"hook.example.com:{hook.port}"
    bad = c.ok("POST", "/webhooks", {"type": "slack", "name": "a", "url": hook.url("/in", "other.example.com")})
    r = c.ok("POST", f"/webhooks/{bad['id']}:test", {})
    assert r["code"] == "WEBHOOK_FAILED" and len(hook.messages) == 1
    none = c.ok("POST", "/webhooks", {"type": "slack", "name": "a", "url": hook.url("/in", "nowhere.example.com")})
    assert c.ok("POST", f"/webhooks/{none['id']}:test", {})["code"] == "WEBHOOK_FAILED"


def test_allowed_networks_take_plain_http(ca):
    c = Customer(ca)
    with Receiver() as plain:
        made = add(c, plain, "slack", "/in")
        assert made["host"] == f"http://127.0.0.1:{plain.port}"
        assert c.ok("POST", f"/webhooks/{made['id']}:test", {})["state"] == "delivered"
    public = c.ok("POST", "/webhooks", {"type": "slack", "name": "a", "url": "http://192.0.2.1/x"})
    assert c.ok("POST", f"/webhooks/{public['id']}:test", {})["code"] == "ADDRESS_REFUSED"


def test_private_addresses_and_strange_roots_are_refused_unless_the_operator_says_so(service, hook):
    c = Customer(service)
    for host in ("127.0.0.1", "[::1]", "10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.1]"):
        made = c.ok("POST", "/webhooks", {"type": "generic", "name": "a", "url": f"https://{host}:{hook.port}/in"})
        r = c.ok("POST", f"/webhooks/{made['id']}:test", {})
        assert (r["state"], r["code"]) == ("given_up", "ADDRESS_REFUSED"), r
        c.ok("DELETE", f"/webhooks/{made['id']}")
    assert not hook.messages
    for url in ("http://example.com/x", "https://u:p@example.com/", "ftp://example.com/", "https://exa mple.com/",
                "https://example.com/#x", "https://example.com:0/"):
        r = c.rest("POST", "/webhooks", {"type": "generic", "name": "a", "url": url})
        assert (r.status, r.code, r.json["field"]) == (400, "WEBHOOK_URL", "url"), url
    for type_ in ("wecom", "slack"):
        r = c.rest("POST", "/webhooks", {"type": type_, "name": "a", "url": "https://example.com/x", "secret": "x" * 10})
        assert (r.status, r.code, r.json["field"]) == (400, "WEBHOOK_SECRET", "secret")
    r = c.rest("POST", "/webhooks", {"type": "slack", "name": "a", "url": "https://example.com/x", "off": ["weather"]})
    assert (r.code, r.json["field"]) == ("FIELD_FORM", "off")
    for _ in range(20):
        c.ok("POST", "/webhooks", {"type": "slack", "name": "a", "url": "https://example.com/x"})
    assert c.rest("POST", "/webhooks", {"type": "slack", "name": "a", "url": "https://example.com/x"}).code == "TOO_LARGE"


@pytest.mark.database("sqlite")
def test_a_root_that_is_not_the_systems_is_not_trusted(make_signet, hook):
    s = make_signet(args=["--webhook-allow", "127.0.0.0/8"]).start()
    made = s.ok("POST", "/api/v1/webhooks", {"type": "slack", "name": "a", "url": hook.url("/in")})
    r = s.ok("POST", f"/api/v1/webhooks/{made['id']}:test", {})
    assert r["code"] == "WEBHOOK_FAILED" and not hook.messages


def test_address_and_secret_are_shown_nowhere(ca, hook):
    c = Customer(ca)
    word, path = "SEC" + secrets.token_hex(20), secrets.token_hex(20)
    hook.answers = [(500, b"")]
    made = add(c, hook, "dingtalk", f"/robot/{path}", secret=word)
    tell(c)
    wait_for("a fault", lambda: c.ok("GET", f"/webhooks/{made['id']}")["last_error"])
    c.ok("POST", f"/webhooks/{made['id']}:test", {})
    with Receiver() as gone:
        port = gone.port
    lost = c.ok("POST", "/webhooks", {"type": "dingtalk", "name": "b", "url": f"https://127.0.0.1:{port}/robot/{path}",
                                      "secret": word})
    c.ok("POST", f"/webhooks/{lost['id']}:test", {})
    shown = repr([c.ok("GET", p) for p in ("/webhooks", f"/webhooks/{made['id']}/deliveries", f"/webhooks/{lost['id']}/deliveries",
                                           "/audit?limit=200", "/jobs")])
    rows = repr([invariants.query(ca, f"SELECT * FROM {t}") for t in ("webhook", "webhook_delivery", "audit", "job", "idempotency")])
    for text in (shown, rows, ca.log()):
        assert word not in text and path not in text and word.encode().hex() not in text


def test_what_no_receiver_takes_is_given_up(ca, hook):
    c = Customer(ca)
    hook.answers = [(503, b"")]
    made = add(c, hook, "slack", "/in")
    tell(c)
    hook.wait()
    ca.advance(days=3, seconds=60)
    wait_for("the end", lambda: c.ok("GET", f"/webhooks/{made['id']}/deliveries")["items"][0]["state"] == "given_up", 90)
    hook.answers = [(200, b"")]
    n = len(hook.messages)
    tell(c)
    hook.wait(n + 1)


def test_a_message_is_sent_again_when_the_core_dies_after_sending(ca, hook):
    c = Customer(ca)
    made = add(c, hook, "generic", "/in")
    ca.inject("webhook.sent", "kill")
    tell(c)
    wait_for("the point to be passed", lambda: not ca.armed("webhook.sent"))
    ca.wait_ready()
    hook.wait(2, timeout=120)
    assert len({m.json["id"] for m in hook.messages}) == 1
    wait_for("the delivery", lambda: c.ok("GET", f"/webhooks/{made['id']}/deliveries")["items"][0]["state"] == "delivered")


def test_the_command_line_keeps_addresses_in_files(ca, hook, tmp_path):
    c = Customer(ca)
    file = tmp_path / "address"
    file.write_text(hook.url("/in") + "\nSECRETSECRET\n")
    hook.answers = [(200, OK["lark"])]
    made = ca.cli_json("webhooks", "create", "lark", "ops", file, "--off", "bill_unpaid", key=c.key)
    assert made["off"] == ["bill_unpaid"] and made["signed"]
    assert "delivered" in ca.cli("webhooks", "test", made["id"], key=c.key)
    assert receiver.lark_ok(hook.wait(), "SECRETSECRET")
    hook.answers = [(500, b"")]
    assert "given_up" in ca.cli("webhooks", "test", made["id"], key=c.key, code=1)
    assert "given_up" in ca.cli("webhooks", "deliveries", made["id"], key=c.key)
    assert "no" in ca.cli("webhooks", "change", made["id"], "--active", "no", key=c.key)
    assert str(hook.port) in ca.cli("webhooks", "list", key=c.key)
    ca.cli("webhooks", "remove", made["id"], key=c.key)
    ca.cli("webhooks", "show", made["id"], key=c.key, code=3)
