# SPDX-License-Identifier: Apache-2.0
"""Mails that the service sends, and the one-time links in them: a real mail server, real pages."""
import http.client
import os
import shutil
import subprocess
import tempfile

import invariants
import pytest
from conftest import database_url, serve
from customer import Customer
from mailbox import Mailbox, page
from signet import wait_for


@pytest.fixture(scope="module")
def box():
    with Mailbox() as b:
        yield b


@pytest.fixture(scope="module")
def mailing(database, request, box):
    """A service that sends mails to the box."""
    yield from serve(database_url(database, request), args=box.args)


def owner_of(c):
    return c.ok("GET", "/users")["items"][0]


def ask(c, address=None):
    """Has the owner's address confirmed; the owner."""
    user = owner_of(c)
    if address:
        c.ok("PATCH", f"/users/{user['id']}", {"email": address})
    c.ok("POST", f"/users/{user['id']}:confirm_email", {})
    return user["id"]


def test_an_address_is_confirmed_by_its_link_once(mailing, box):
    c = Customer(mailing)
    to = f"{c.name}@example.com"
    user = ask(c, to)
    mail = box.wait(to)
    assert mail.link.startswith(f"https://127.0.0.1:{mailing.https_port}/link/")
    assert mail.sender == "ca@signet.example" and mail.message["Auto-Submitted"] == "auto-generated"
    assert c.name in mail.text and to in mail.text
    for _ in range(2):  # mail scanners look, too
        status, headers, text = page(mailing, mail.link)
        assert status == 200 and "<button>" in text and to in text and "<script" not in text
        assert headers["referrer-policy"] == "no-referrer" and headers["cache-control"] == "no-store"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert owner_of(c)["email_confirmed"] is None
    status, _, text = page(mailing, mail.link, "POST")
    assert status == 200 and "confirmed" in text
    assert owner_of(c)["email_confirmed"]
    for method in ("GET", "POST"):
        status, _, text = page(mailing, mail.link, method)
        assert status == 409 and "LINK_USED" in text
    assert c.rest("POST", f"/users/{user}:confirm_email", {}).code == "STATE_REFUSED"
    acts = [row["act"] for row in c.ok("GET", "/audit")["items"]]
    assert acts.count("link.use") == 1 and "user.email_confirmed" in acts
    sent = c.ok("GET", "/mails")["items"]
    assert [(m["to"], m["state"], m["attempts"]) for m in sent] == [(to, "sent", 1)]
    assert mailing.ok("GET", f"/api/v1/mails?account={c.account}")["items"] == sent
    assert c.rest("GET", "/mails?account=1").code == "FORBIDDEN"


def test_the_token_is_nowhere_but_in_the_mail(mailing, box):
    c = Customer(mailing)
    to = f"{c.name}@example.com"
    ask(c, to)
    mail = box.wait(to)
    page(mailing, mail.link)
    page(mailing, mail.link[:-1] + ("A" if mail.link[-1] != "A" else "B"))
    conn = http.client.HTTPConnection("127.0.0.1", mailing.http_port, timeout=10)
    conn.request("GET", mail.link[mail.link.index("/link/"):])
    r = conn.getresponse()
    text = r.read().decode()
    assert r.status == 403 and "TLS_REQUIRED" in text and mail.token not in text
    conn.close()
    page(mailing, mail.link, "POST")
    assert mail.token not in mailing.log() and mail.token[:20] not in mailing.log()
    for table in ("link", "mail", "audit", "job", "throttle", "idempotency"):
        assert mail.token not in repr(invariants.query(mailing, f"SELECT * FROM {table}"))


def test_a_page_speaks_the_readers_language(mailing, box):
    c = Customer(mailing)
    to = f"{c.name}@example.com"
    ask(c, to)
    mail = box.wait(to)
    _, headers, text = page(mailing, mail.link, language="zh-CN,zh;q=0.9,en;q=0.5")
    assert '<html lang="zh">' in text and "确认邮箱地址" in text
    status, _, text = page(mailing, "/link/" + "A" * 43, language="zh")
    assert status == 404 and "此链接无效" in text and "LINK_UNKNOWN" in text


def test_an_account_of_china_gets_its_mails_in_chinese(mailing, box):
    made = mailing.ok("POST", "/api/v1/accounts", {"site": "cn", "name": "huaxia", "owner_name": "华夏", "user_name": "owner",
                                                   "user_email": "li@huaxia.example.com"})
    sign_in = {"site": "cn", "account": "huaxia", "user": "owner", "password": made["password"]}
    r = mailing.rest("POST", "/api/v1/sessions", sign_in, key=None)
    session = r.headers["set-cookie"].split(";")[0]
    me = mailing.ok("GET", "/api/v1/me", key=None, session=session)
    mailing.ok("POST", f"/api/v1/users/{me['user']}:confirm_email", {}, key=None, session=session)
    mail = box.wait("li@huaxia.example.com")
    assert mail.subject == "请确认您的邮箱地址" and "huaxia" in mail.text


def test_a_further_mail_replaces_the_link_and_comes_not_too_soon(mailing, box):
    c = Customer(mailing)
    to = f"{c.name}@example.com"
    user = ask(c, to)
    first = box.wait(to)
    r = c.rest("POST", f"/users/{user}:confirm_email", {})
    assert (r.status, r.code) == (429, "MAIL_TOO_SOON") and 0 < int(r.headers["retry-after"]) <= 300
    mailing.advance(seconds=301)
    c.ok("POST", f"/users/{user}:confirm_email", {})
    second = box.wait(to, n=2)
    assert first.token != second.token
    assert "LINK_DEAD" in page(mailing, first.link, "POST")[2]
    assert page(mailing, second.link, "POST")[0] == 200


def test_a_link_ends_with_its_time_and_with_its_object(mailing, box):
    c = Customer(mailing)
    to = f"{c.name}@example.com"
    user = ask(c, to)
    mail = box.wait(to)
    c.ok("PATCH", f"/users/{user}", {"email": f"new-{to}"})
    status, _, text = page(mailing, mail.link, "POST")
    assert status == 410 and "LINK_DEAD" in text
    c.ok("POST", f"/users/{user}:confirm_email", {})
    mail = box.wait(f"new-{to}")
    mailing.advance(days=7, seconds=1)
    status, _, text = page(mailing, mail.link, "POST")
    assert status == 410 and "LINK_EXPIRED" in text
    assert owner_of(c)["email_confirmed"] is None


def test_wrong_links_are_throttled_and_methods_refused(signet):
    status, _, text = page(signet, "/link/", "PUT")
    assert status == 405 and "METHOD_NOT_ALLOWED" in text
    seen = [page(signet, "/link/" + x)[2] for x in ["", "x", "../../etc/passwd", "%3Cscript%3E", "A" * 5000]]
    assert all("LINK_UNKNOWN" in text and "<script" not in text.lower() for text in seen)
    for _ in range(30):
        status, headers, text = page(signet, "/link/" + "B" * 43, "POST")
        if status == 429:
            break
    assert status == 429 and "LINK_THROTTLED" in text and int(headers["retry-after"]) > 0


def test_without_a_mail_server_the_doors_that_need_one_say_so(service):
    c = Customer(service)
    r = c.rest("POST", f"/users/{owner_of(c)['id']}:confirm_email", {})
    assert (r.status, r.code) == (409, "MAIL_NONE") and "mail-server" in r.json["hint"]


def test_an_address_that_is_none_is_refused(mailing):
    c = Customer(mailing)
    user = owner_of(c)["id"]
    for bad in ["no address", "li@localhost", "li@example.com\r\nBcc: x@example.com", "李@example.com"]:
        if c.rest("PATCH", f"/users/{user}", {"email": bad}).status == 200:
            assert c.rest("POST", f"/users/{user}:confirm_email", {}).code == "MAIL_ADDRESS"


def test_only_who_manages_users_has_others_addresses_confirmed(mailing):
    c = Customer(mailing)
    made = c.ok("POST", "/users", {"name": "bob", "email": "b@example.com", "role": "operator"})
    session = c.sign_in("bob", made["password"])
    r = mailing.rest("POST", f"/api/v1/users/{owner_of(c)['id']}:confirm_email", {}, key=None, session=session)
    assert r.code == "FORBIDDEN"


def test_a_refused_mail_is_given_up_and_one_that_may_come_later_waits(mailing, box):
    c = Customer(mailing)
    to = f"{c.name}@example.com"
    box.refuse = {to: "550 5.1.1 no such user"}
    user = ask(c, to)
    mail = wait_for("the mail to be given up", lambda: [m for m in c.ok("GET", "/mails")["items"] if m["state"] == "given_up"])
    assert mail[0]["code"] == "MAIL_REFUSED" and "no such user" in mail[0]["message"]
    box.refuse = {"*": "451 4.3.0 later"}
    c.ok("PATCH", f"/users/{user}", {"email": "x" + to})
    c.ok("POST", f"/users/{user}:confirm_email", {})
    wait_for("the first attempt", lambda: c.ok("GET", "/mails")["items"][0]["code"] == "MAIL_SERVER")
    assert c.ok("GET", "/mails")["items"][0]["state"] == "waiting"
    assert [j for j in c.ok("GET", "/jobs")["items"] if j["kind"] == "mail" and j["state"] == "waiting"]
    box.refuse = {}
    assert box.wait("x" + to).link
    wait_for("the outbox", lambda: c.ok("GET", "/mails")["items"][0]["state"] == "sent")


def test_a_mail_that_nobody_takes_is_given_up_after_its_time(mailing, box):
    c = Customer(mailing)
    box.refuse = {"*": "451 4.3.0 later"}
    ask(c, f"{c.name}@example.com")
    wait_for("the first attempt", lambda: c.ok("GET", "/mails")["items"][0]["code"] == "MAIL_SERVER")
    mailing.advance(days=5, seconds=1)
    wait_for("the end", lambda: c.ok("GET", "/mails")["items"][0]["state"] == "given_up")
    box.refuse = {}


@pytest.mark.parametrize("point", ["mail.sent", "db.commit", "db.committed"])
def test_a_mail_is_sent_once_or_twice_and_never_not_at_all(mailing, box, point):
    c = Customer(mailing)
    to = f"{c.name}@example.com"
    user = owner_of(c)["id"]
    c.ok("PATCH", f"/users/{user}", {"email": to})
    mailing.inject(point, "kill")
    try:
        mailing.rest("POST", f"/api/v1/users/{user}:confirm_email", {}, key=c.key)
    except (OSError, http.client.HTTPException):
        pass
    wait_for(f"{point} to be passed", lambda: not mailing.armed(point))
    mailing.wait_ready()
    asked = c.rest("POST", f"/users/{user}:confirm_email", {})  # the first one may be lost before its commit
    assert asked.status in (200, 429)
    wait_for("the outbox", lambda: {m["state"] for m in c.ok("GET", "/mails")["items"]} == {"sent"}, 90)
    mails = box.all(to)
    assert 1 <= len(mails) <= 2
    assert len({m.message["Message-ID"] for m in mails}) == 1
    assert page(mailing, mails[-1].link, "POST")[0] == 200


# -- the line to the mail server

@pytest.fixture(scope="module")
def pair():
    """A certificate for 127.0.0.1 and its key: files that the core's user can read."""
    top = tempfile.mkdtemp(prefix="signet-mail-", dir="/tmp")
    os.chmod(top, 0o755)
    cert, key = f"{top}/cert.pem", f"{top}/key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                    "-subj", "/CN=mail.test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
                   check=True, capture_output=True)
    yield cert, key
    shutil.rmtree(top)


ELSEWHERE = "127.1"  # the same address, which no rule for this machine's own knows


def first_mail(s):
    """What became of the administrator's first mail."""
    me = s.ok("GET", "/api/v1/me")["user"]
    s.ok("PATCH", f"/api/v1/users/{me}", {"email": "admin@example.com"})
    s.ok("POST", f"/api/v1/users/{me}:confirm_email", {})
    return wait_for("the first attempt", lambda: [m for m in s.ok("GET", "/api/v1/mails")["items"] if m["attempts"] and (
        m["code"] or m["sent"])])[0]


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "smtps"])
def test_a_mail_server_elsewhere_is_verified_and_signed_in_to(make_signet, pair, tmp_path, implicit):
    config = tmp_path / "signetd.conf"
    config.write_text("mail-user = signet\nmail-password = correct horse\n")
    with Mailbox(tls=pair, implicit=implicit, user="signet", password="correct horse", host=ELSEWHERE) as box:
        s = make_signet(args=[*box.args, "--mail-ca", pair[0], "--config", str(config)]).start()
        assert first_mail(s)["state"] == "sent"
        mail = box.wait("admin@example.com")
        assert mail.tls and mail.user == "signet"
        assert "correct horse" not in s.log()


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("fault", ["no_tls", "untrusted", "password"])
def test_a_mail_server_elsewhere_gets_nothing_over_a_line_that_is_not_safe(make_signet, pair, tmp_path, fault):
    config = tmp_path / "signetd.conf"
    config.write_text("mail-user = signet\nmail-password = wrong horse\n")
    with Mailbox(tls=None if fault == "no_tls" else pair, user="signet", password="correct horse", host=ELSEWHERE) as box:
        ca = [] if fault == "untrusted" else ["--mail-ca", pair[0]]
        s = make_signet(args=[*box.args, *ca, "--config", str(config)]).start()
        mail = first_mail(s)
        assert (mail["state"], mail["code"]) == ("waiting", "MAIL_SERVER") and not box.mails
        assert "horse" not in s.log()


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("args,message", [
    (["--mail-server", "http://x"], "no address like smtp://"),
    (["--mail-server", "smtp://127.0.0.1"], "--mail-from is missing"),
    (["--mail-server", "smtp://127.0.0.1", "--mail-from", "nobody"], "has not one @"),
    (["--mail-server", "smtp://127.0.0.1", "--mail-from", "a@example.com", "--mail-user", "x"], "need each other"),
    (["--mail-password", "secret"], "seen by every process"),
    (["--public-url", "http://x.example"], "no address like https://"),
])
def test_a_wrong_setting_is_refused_at_the_start(make_signet, args, message):
    s = make_signet(args=args).start(wait=False)
    assert s.proc.wait(30) == 2
    assert message in s.log()
    s.proc = None
