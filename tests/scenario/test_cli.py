# SPDX-License-Identifier: Apache-2.0
"""The command line end to end: signing in, from an order to a certificate and back, output, exit codes, help."""
import json
import os
import re
import shlex
import stat
import subprocess

import pytest
from dnsserver import DnsServer
from signet import program


@pytest.fixture(scope="module")
def dns():
    with DnsServer({"example.com": "signed"}) as server:
        yield server


@pytest.fixture(scope="module")
def ca(database, dns, request):
    from conftest import database_url, serve
    yield from serve(database_url(database, request), resolver=dns.address, trust_anchor=dns.trust_anchor)


class Shell:
    """A person at a machine: a home of their own, no variables set."""

    def __init__(self, s, home, **env):
        self.s, self.home = s, str(home)
        self.env = {"HOME": self.home, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **env}

    def run(self, *args, stdin="", code=0):
        r = subprocess.run([program("signet"), *map(str, args)], env=self.env, text=True, capture_output=True, input=stdin,
                           timeout=120, cwd=self.home)
        assert code is None or r.returncode == code, f"signet {args}: {r.returncode}\n{r.stdout}{r.stderr}"
        return r

    def json(self, *args, **kw):
        return json.loads(self.run(*args, "--json", **kw).stdout)


@pytest.fixture(scope="module")
def staff(ca, tmp_path_factory):
    shell = Shell(ca, tmp_path_factory.mktemp("staff"))
    shell.run("login", "--admin-file", os.path.join(ca.data, "admin.json"))
    return shell


@pytest.fixture(scope="module")
def alice(ca, staff, tmp_path_factory):
    """The owner of an account with money, signed in with her password."""
    made = staff.json("accounts", "create", "acme", "--owner", "Acme Ltd", "--user", "alice", "--email", "alice@example.com")
    staff.run("accounts", "top-up", made["account"]["id"], "100000.00", "--note", "test")
    shell = Shell(ca, tmp_path_factory.mktemp("alice"))
    shell.run("login", "--url", f"https://localhost:{ca.https_port}", "--ca", ca.roots(), "--account", "acme", "--user", "alice",
              stdin=made["password"] + "\n")
    return shell


CONTACT = ["--contact-name", "Alice Doe", "--contact-email", "alice@example.com", "--contact-phone", "+86 10 5555"]


def test_login_keeps_a_key_in_a_file_closed_to_others_and_no_password(ca, staff, alice):
    for shell in (staff, alice):
        path = os.path.join(shell.home, ".config/signet/config")
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
        assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700
        with open(path) as f:
            text = f.read()
        assert ca.admin["password"] not in text and "localhost" in text or "127.0.0.1" in text
    assert alice.json("me")["account"]["name"] == "acme"
    assert staff.json("me")["role"] == "administrator"
    assert "* main" in alice.run("servers").stdout


def test_from_an_order_to_a_certificate_and_back_to_nothing(ca, alice, dns, tmp_path):
    out = alice.run("purchase", "digicert-dv-single").stdout
    assert "paid" in out and "unassigned" in out
    out = alice.run("apply", "www.example.com", "--product", "digicert-dv-single", *CONTACT).stdout
    where, value = re.search(r"^\s+(_dnsauth\S+)\. 300 IN TXT \"(\S+)\"$", out, re.M).groups()
    assert out.count(value) == 2 and "Then:  signet applications verify" in out
    app = re.search(r"signet applications verify (\d+)", out)[1]
    r = alice.run("applications", "verify", app, code=1)
    assert "not proven" in r.stdout and "DNS" in r.stdout.upper()
    dns.add(where, "TXT", value)
    assert "proven" in alice.run("applications", "verify", app).stdout
    assert "issued" in alice.run("applications", "wait", app, "--timeout", 30).stdout
    cert = alice.json("applications", "show", app)["certificates"][0]["id"]
    shown = alice.run("certificates", "show", cert).stdout
    assert "www.example.com, example.com" in shown and "EC_P256" in shown
    folder = str(tmp_path / "tls")
    files = alice.json("certificates", "download", cert, "--format", "nginx", "--extract", "--out", folder)
    modes = {os.path.splitext(f)[1]: stat.S_IMODE(os.stat(f).st_mode) for f in files}
    assert modes == {".pem": 0o644, ".key": 0o600}
    zipped = alice.json("certificates", "download", cert, "--out", folder)
    assert stat.S_IMODE(os.stat(zipped[0]).st_mode) == 0o600
    assert alice.run("certificates", "pem", cert).stdout.startswith("-----BEGIN CERTIFICATE-----")
    assert "good" in alice.run("ocsp", cert).stdout
    assert alice.json("crl", cert)["status"] == "not listed"
    assert alice.run("certificates", "delete", cert, code=5).stderr.count("DELETE_VALID") == 1
    assert "revoked" in alice.run("certificates", "revoke", cert, "--reason", "superseded").stdout
    said = alice.json("ocsp", cert, code=1)
    assert (said["status"], said["reason"]) == ("revoked", "superseded") and said["revoked"]
    assert alice.json("crl", cert, code=1)["status"] == "listed"
    assert alice.run("certificates", "download", cert, code=4)
    alice.run("certificates", "delete", cert)
    alice.run("certificates", "show", cert, code=3)


def test_one_line_gets_a_certificate_for_the_services_own_name(staff, tmp_path):
    cert = staff.run("apply", "localhost", "--product", "internal", "--method", "internal", "--buy", "--wait", "--print",
                     "certificate").stdout.strip()
    assert cert.isdigit() and staff.json("certificates", "show", cert)["status"] == "issued"


def test_a_csr_keeps_its_key_at_home(ca, alice, dns, tmp_path):
    key, csr = str(tmp_path / "k.pem"), str(tmp_path / "r.csr")
    subprocess.run(["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", csr, "-subj",
                    "/CN=csr.example.com"], check=True, capture_output=True)
    app = alice.json("apply", "csr.example.com", "--product", "digicert-dv-single", "--buy", "--csr", csr, *CONTACT)
    publish = app["authorizations"][0]["publish"]
    if publish:  # not when she has proven the domain before
        dns.add(publish["where"], "TXT", publish["value"])
        alice.run("applications", "verify", app["id"])
    alice.run("applications", "wait", app["id"], "--timeout", 30)
    cert = alice.json("applications", "show", app["id"])["certificates"][0]["id"]
    assert alice.json("certificates", "show", cert)["content"]["has_key"] is False
    files = alice.json("certificates", "download", cert, "--extract", "--out", str(tmp_path / "out"))
    assert not [f for f in files if f.endswith(".key")]
    alice.run("apply", "x.example.com", "--product", "digicert-dv-single", "--csr", csr, "--key", "SM2", code=2)


def test_the_applicant_sees_conversions_and_companions(alice):
    alice.run("purchase", "digicert-dv-wildcard")
    out = alice.run("apply", "*.例子.example.com", "--product", "digicert-dv-wildcard", "--draft", *CONTACT).stdout
    assert "*.xn--fsqu00a.example.com" in out and "(*.例子.example.com)" in out and "Then:  signet applications submit" in out


def test_a_draft_that_a_purchase_made_is_edited_and_submitted(alice):
    bill = alice.json("purchase", "digicert-dv-single", "edit.example.net")
    order = bill["subscriptions"][0]["id"]
    app = str(alice.json("orders", "show", order)["application"])
    shown = alice.run("orders", "show", order).stdout
    assert re.search(rf"^next step +Submit it: signet applications submit {app}$", shown, re.M), shown
    assert "CONTACT_MISSING" in alice.run("applications", "submit", app, code=2).stderr
    out = alice.run("applications", "change", app, *CONTACT).stdout
    assert re.search(r"^contact +Alice Doe  alice@example.com  ", out, re.M), out
    assert f"Edit:  signet applications change {app} ..." in out
    # what is not named stays; names take the place of all
    alice.run("applications", "change", app, "--contact-email", "bob@example.com", "--key", "RSA_2048")
    got = alice.json("applications", "change", app, "other.example.net", "--method", "file")
    assert (got["contact"]["name"], got["contact"]["email"]) == ("Alice Doe", "bob@example.com")
    assert (got["key_alg"], got["method"], [n["name"] for n in got["names"]]) == ("RSA_2048", "file", ["other.example.net"])
    assert "say what changes" in alice.run("applications", "change", app, code=2).stderr
    assert "validating" in alice.run("applications", "submit", app).stdout
    assert "STATE_REFUSED" in alice.run("applications", "change", app, "--method", "dns", code=5).stderr
    alice.run("applications", "cancel", app)
    assert "draft" in alice.run("applications", "change", app, "--method", "dns").stdout


def test_faults_are_told_with_field_and_cure_and_by_exit_code(ca, alice):
    r = alice.run("apply", "a..b", "*.*.c.com", "--product", "digicert-dv-multi", code=2)
    assert "names[0]" in r.stderr and "names[1]" in r.stderr and "hint:" in r.stderr and r.stdout == ""
    r = alice.run("companies", "create", "--name", "x", "--type", "nix", code=2)
    assert "(FIELD_FORM)\n    hint: " in r.stderr and "(FIELD_MISSING)\n    hint: " in r.stderr and "causes" not in r.stderr
    r = alice.run("certificates", "list", "--status", "nix", code=2)
    assert '"nix" is not one of issued, about_to_expire, ' in r.stderr and " or ended (FIELD_FORM)" in r.stderr, r.stderr
    r = alice.run("purchase", "digicert-dv-single", "--months", 13, code=2)
    assert "is sold for 6, 12, 24 months, not for 13" in r.stderr, r.stderr
    assert "takes 1 name, not 2" in alice.run("purchase", "digicert-dv-single", "--names", 2, code=2).stderr
    r = alice.run("csrs", "pem", 1, "--ca", "/nonexistent/ca.pem", code=3)
    assert "Check the path" in r.stderr and "right account" not in r.stderr, r.stderr
    assert "Options come behind it" in alice.run("--json", "me", code=2).stderr
    assert alice.run("accounts", "show", 9007199254740991, code=3).stderr.startswith("signet: there is no account 9007199254740991 (")
    assert alice.run("bills", "show", 9007199254740991, code=3).stderr.startswith("signet: ")
    problem = json.loads(alice.run("bills", "show", 9007199254740991, "--json", code=3).stderr)
    assert problem["code"] == "NOT_FOUND"
    assert "FORBIDDEN" in alice.run("accounts", "list", code=4).stderr
    assert "usage: signet bills show ID" in alice.run("bills", "show", code=2).stderr
    assert "no id" in alice.run("bills", "show", "x", code=2).stderr
    assert "no option" in alice.run("bills", "--colour", code=2).stderr
    assert "no command" in alice.run("fly", code=2).stderr
    assert "QUOTA_NONE" in alice.run("apply", "a.example.com", "--product", "cfca-dv-single", *CONTACT, code=5).stderr


def test_a_server_that_cannot_be_trusted_or_reached_gets_no_key(ca, alice, tmp_path):
    stranger = Shell(ca, tmp_path, SIGNET_URL=f"https://localhost:{ca.https_port}", SIGNET_KEY=ca.admin_key)
    r = stranger.run("me", code=6)
    assert "certificate" in r.stderr and "--ca" in r.stderr
    stranger.env["SIGNET_URL"] = f"http://127.0.0.1:{ca.http_port}"
    assert "in the clear" in stranger.run("me", code=2).stderr
    stranger.env["SIGNET_URL"] = "https://localhost:1"
    assert "NET" in stranger.run("me", code=6).stderr
    del stranger.env["SIGNET_URL"]
    key = stranger.env.pop("SIGNET_KEY")
    where = ["--url", f"https://localhost:{ca.https_port}", "--ca", ca.roots()]
    assert "signet login makes a key" in stranger.run("me", *where, code=4).stderr
    stranger.env["SIGNET_KEY"] = key
    assert "no service is named" in stranger.run("me", code=2).stderr
    # a wrong password, and one without a user
    r = stranger.run("login", "--url", f"https://localhost:{ca.https_port}", "--ca", ca.roots(), "--account", "acme", "--user",
                     "alice", stdin="wrong\n", code=4)
    assert "SIGN_IN_FAILED" in r.stderr
    assert not os.path.exists(os.path.join(stranger.home, ".config/signet/config"))


def commands(shell):
    out = shell.run("--help").stdout
    found = []
    for line in out.splitlines():
        m = re.match(r"  ([a-z].*?)(?:  +\S|$)", line)  # a long one has a line of its own
        if m and not line.startswith("  --") and not line.startswith("  signet"):
            found.append([w for w in m[1].split() if re.fullmatch(r"[a-z][a-z-]*", w)])
    return found


def test_every_command_explains_itself_with_an_example(alice):
    all_ = commands(alice)
    assert len(all_) > 50
    for words in all_:
        out = alice.run(*words, "--help").stdout
        assert "Examples:" in out and "signet " + " ".join(words) in out, words
    for noun in {w[0] for w in all_ if len(w) > 1}:
        assert f"signet {noun}:" in alice.run(noun, "--help").stdout


def test_help_about_a_command_is_its_help(alice):
    assert alice.run("help", "csrs", "create").stdout == alice.run("csrs", "create", "--help").stdout
    assert alice.run("help", "apply").stdout == alice.run("apply", "--help").stdout
    assert alice.run("help", "csrs").stdout == alice.run("csrs", "--help").stdout
    assert 'no command "nothing"' in alice.run("help", "nothing", code=2).stderr
    assert 'no command "csrs nothing"' in alice.run("help", "csrs", "nothing", code=2).stderr


def shown(alice, words):
    """A command's arguments by its help, and which of its options take a value."""
    out = alice.run(*words, "--help").stdout
    usage = out.splitlines()[0].removeprefix("signet " + " ".join(words)).removesuffix(" [options]").split()
    options = dict(re.findall(r"^  --([a-z-]+)( \S+)?", out, re.MULTILINE))
    assert "Exit codes: 0 done" in out
    return [w for w in usage if w[0] != "["], {o for o, value in options.items() if value}


def examples(alice, words):
    """The calls of signet in the examples of a command's help, as lists of words."""
    text = alice.run(*words, "--help").stdout.split("Examples:\n")[1].replace("\\\n", " ")
    for line in text.splitlines():
        call, lexer = [], shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        for word in lexer:
            if set(word) <= set("|;&<>()"):
                call = yield from done(call)
            else:
                call.append(word)
        yield from done(call)


def done(call):
    if "signet" in call:
        yield call[call.index("signet") + 1:]
    return []


def test_every_example_is_a_command_with_options_and_arguments_that_it_takes(alice):
    for words in commands(alice):
        own = 0
        for call in examples(alice, words):
            r = alice.run(*call, "--help", code=None)
            name = next((n for n in (2, 1) if r.stdout.startswith("signet " + " ".join(call[:n]) + " ")), 0)
            assert r.returncode == 0 and name, f"signet {' '.join(call)}: {r.stdout[:100]}{r.stderr}"
            own += call[:name] == words
            needed, takes = shown(alice, call[:name])
            given, rest = 0, iter(call[name:])
            for word in rest:
                if not word.startswith("--"):
                    given += 1
                elif word[2:] in takes:
                    assert next(rest, None) is not None, call
            assert given >= len(needed), f"{needed} are wanted: signet {' '.join(call)}"
        assert own, f"no example of {words} shows it"


def test_every_list_prints_a_table_and_json(staff):
    for words in commands(staff):
        if words[-1] == "list":
            staff.run(*words)
            listed = staff.json(*words)
            assert isinstance(listed if words[0] == "servers" else listed["items"], list), words


def test_what_the_service_says_cannot_steer_the_terminal(alice):
    r = alice.run("users", "create", "bob", "--email", "b\x1b[31m@example.com", "--role", "viewer", code=2)
    assert "\x1b" not in r.stderr + r.stdout


def test_logout_forgets_the_server(ca, staff, tmp_path):
    shell = Shell(ca, tmp_path)
    shell.run("login", "second", "--admin-file", os.path.join(ca.data, "admin.json"))
    shell.run("me")
    shell.run("logout", "second")
    shell.run("me", code=2)
