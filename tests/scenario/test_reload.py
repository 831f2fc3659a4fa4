# SPDX-License-Identifier: Apache-2.0
"""SIGHUP takes a changed configuration into use as a whole or not at all."""
import os
import pathlib
import signal

import pytest
from conftest import database_url, prepared
from cryptography.hazmat.primitives.asymmetric import ec
from customer import Customer
from dnsserver import DnsServer
from mailbox import Mailbox
from ports import free_port
from signet import wait_for
from test_safety import PRODUCT, application, id_of


NOBODY = f"127.0.0.1:{free_port()}"


class Operator:
    """Keeps the service's configuration in a file."""

    def __init__(self, s):
        self.s = s
        self.path = pathlib.Path(s.top, "signetd.conf")
        self.blocked = pathlib.Path(s.top, "blocked")
        self.lines = {}
        s.args += ["--config", str(self.path)]

    def write(self, path, text):
        """As editors do: another file takes the name. Nobody but the operator's own user may read it."""
        new = path.with_suffix(".new")
        new.write_text(text)
        new.chmod(0o600)
        os.rename(new, path)

    def file(self, **lines):
        """Changes lines; None takes one out."""
        self.lines.update({name.replace("_", "-"): value for name, value in lines.items()})
        self.write(self.path, "# of the operator\n" + "".join(
            f"{name} = {value}\n" for name, value in self.lines.items() if value is not None))

    def block(self, *keys):
        self.write(self.blocked, "".join(id_of(k) + "\n" for k in keys))

    def hangup(self, event, n=1):
        """Sends SIGHUP; the event's last line, once there are n new ones."""
        before = len(self.s.events(event))
        self.s.proc.send_signal(signal.SIGHUP)
        wait_for(event, lambda: len(self.s.events(event)) >= before + n)
        return self.s.events(event)[-1]


@pytest.fixture(scope="module")
def running(database, request):
    with prepared(database_url(database, request)) as s:
        op = Operator(s)
        op.block()
        op.file(blocked_keys=op.blocked, resolver=NOBODY)
        s.start()
        yield op, Customer(s, money=1_000_000_000)


@pytest.fixture
def known(running):
    """A key that the service blocks, whatever a test does."""
    op, c = running
    key = ec.generate_private_key(ec.SECP256R1())
    op.block(key)
    op.hangup("config.taken")
    assert is_blocked(c, key)
    return key


def sends_mail(c):
    user = c.ok("GET", "/users")["items"][0]["id"]
    return c.rest("POST", f"/users/{user}:confirm_email", {}).code != "MAIL_NONE"


def is_blocked(c, key):
    c.buy(PRODUCT)
    return c.rest("POST", "/applications", application(key)).code == "KEY_BLOCKED"


def test_a_file_that_was_replaced_is_read_again_and_a_killed_core_comes_back_with_it(running):
    op, c = running
    key = ec.generate_private_key(ec.SECP256R1())
    assert not is_blocked(c, key)
    op.block(key)
    op.hangup("config.taken")
    assert is_blocked(c, key)
    op.file(four_eyes="yes")
    op.hangup("config.taken")
    op.s.kill("core")
    op.s.wait_ready()
    assert is_blocked(c, key)


def test_reading_again_closes_no_descriptor_of_the_core(running):
    op, _ = running
    op.hangup("config.taken")
    stdin = [f"/proc/{op.s.pid(role)}/fd/0" for role in ("supervisor", "core")]
    try:
        places = [os.readlink(path) for path in stdin]
    except PermissionError:
        pytest.skip("processes that cannot be dumped show their descriptors to root alone")
    assert places[0] == places[1]


def test_resolver_trust_anchor_and_mail_server_change_while_it_runs(running):
    op, c = running
    with DnsServer({"other.com": "signed"}) as other, DnsServer({"example.com": "signed"}) as dns, Mailbox() as box:
        op.file(resolver=other.address, trust_anchor=other.trust_anchor)
        op.hangup("config.taken")
        c.buy(PRODUCT)
        app = c.apply(PRODUCT, "www.example.com")
        c.publish_dns(app, dns)
        c.verify(app)
        assert c.ok("GET", f"/applications/{app['id']}")["state"] == "validating", "there is no such name"
        assert not sends_mail(c)
        said = dict(zip(box.args[::2], box.args[1::2]))
        op.file(resolver=dns.address, trust_anchor=dns.trust_anchor, **{k[2:]: v for k, v in said.items()})
        op.hangup("config.taken")
        c.verify(app)
        c.issued(app)
        assert sends_mail(c)
        assert box.wait("owner@example.com").link
        op.file(trust_anchor=None, resolver=NOBODY, **{k[2:]: None for k in said})
        op.hangup("config.taken")
        assert not sends_mail(c)


FAULTS = {
    "value": ({"validation_http_port": "70000", "blocked_keys": None}, "signetd.conf:"),
    "name": ({"no_such_thing": "1", "blocked_keys": None}, "signetd.conf:"),
    "file": ({"trust_anchor": "/nonexistent/anchor"}, "/nonexistent/anchor"),
    "anchor": ({"trust_anchor": "/dev/null", "blocked_keys": None}, "/dev/null"),
    "key": ({"perspective": "eu,europe,127.0.0.1:9,/nonexistent/key", "blocked_keys": None}, "/nonexistent/key"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_configuration_changes_nothing_and_the_log_says_what_where_and_the_cure(running, known, fault):
    op, c = running
    lines, words = FAULTS[fault]
    before = dict(op.lines)
    op.file(**lines)
    line = op.hangup("config.refused")
    assert words in line and "hint=" in line and 'hint=""' not in line, line
    assert is_blocked(c, known)
    op.lines = before
    op.file()
    op.hangup("config.taken")


def test_a_faulty_line_of_a_named_file_is_refused_by_its_number(running, known):
    op, c = running
    op.write(op.blocked, "0" * 32 + "\nnonsense\n")
    line = op.hangup("config.refused")
    assert "line 2" in line and str(op.blocked) in line, line
    assert is_blocked(c, known)
    op.block()


def test_what_needs_a_restart_is_named_and_the_rest_is_taken(running):
    op, c = running
    mail = {"mail_server": f"smtp://{NOBODY}", "mail_from": "ca@example.com"}
    op.file(db="postgresql:///elsewhere", insecure_no_sandbox="yes", log_level="warn", **mail)
    assert "parameter=insecure-no-sandbox" in op.hangup("config.needs_restart")  # the command line goes before db
    wait_for("the mail server", lambda: sends_mail(c))
    taken = len(op.s.events("config.taken"))
    op.file(**dict.fromkeys(mail))
    op.s.proc.send_signal(signal.SIGHUP)
    wait_for("the mail server to be gone", lambda: not sends_mail(c))
    assert len(op.s.events("config.taken")) == taken, "log-level = warn"
    op.file(insecure_no_sandbox=None, log_level=None, db=None)
    op.hangup("config.taken")
