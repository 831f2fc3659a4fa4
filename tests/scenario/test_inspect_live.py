# SPDX-License-Identifier: Apache-2.0
"""`signet inspect HOST:PORT`, on real servers and on some that mean no good. No service of ours runs."""
import contextlib
import json
import socket
import subprocess
import threading
import time

import pki
import pytest
import signet
from appservers import tomcat
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dh, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID
from pki import DAY, NOW, Cert
from ports import free_port
from tlsservers import Dovecot, GnuTls, Nginx, OpenSsl, Postgres, Slapd, Smtp
from webserver import RawServer, WebServer

WWW = "www.example.com"
OAKLEY_2 = int("ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b"
               "302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe6"
               "49286651ece65381ffffffffffffffff", 16)  # RFC 2409 6.2
MUST_STAPLE = x509.TLSFeature([x509.TLSFeatureType.status_request])


class Pki:
    def __init__(self):
        self.root = Cert("Root", ca=True, days=4000, start=-10)
        self.ca = Cert("Issuer", self.root, ca=True, days=2000, start=-10)
        self.leaf = Cert(WWW, self.ca)
        self.other = Cert("other.example.com", self.ca)

    def response(self, of, *, by=None, status=ocsp.OCSPCertStatus.GOOD, at=-0.5, days=7):
        revoked = status == ocsp.OCSPCertStatus.REVOKED
        b = ocsp.OCSPResponseBuilder().add_response(
            cert=of.x, issuer=self.ca.x, algorithm=hashes.SHA1(), cert_status=status, this_update=NOW + at * DAY,
            next_update=NOW + (at + days) * DAY, revocation_time=NOW - DAY if revoked else None, revocation_reason=None)
        by = by or self.ca
        return b.responder_id(ocsp.OCSPResponderEncoding.HASH, by.x).sign(by.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


@pytest.fixture(scope="module")
def p():
    return Pki()


@pytest.fixture()
def inspect(tmp_path, p):
    """inspect(port, option...): exit code and answer in JSON; for the root that the tests trust and no other."""
    (tmp_path / "root.pem").write_text(p.root.pem)

    def ask(port, *argv, host="127.0.0.1", name=WWW, plain=False):
        r = subprocess.run([signet.program("signet"), "inspect", f"{host}:{port}", "--roots", str(tmp_path / "root.pem"),
                            *(["--name", name] if name else []), *argv, *([] if plain else ["--json"])],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
        assert r.returncode in (0, 1), r.stderr
        return (r.returncode, r.stdout if plain else json.loads(r.stdout))
    return ask


def found(answer, *, without=("status_unknown", "no_forward_secrecy")):
    return {f["code"]: f["severity"] for f in answer["findings"] if f["code"] not in without}


def access(method, url):
    return x509.AuthorityInformationAccess([x509.AccessDescription(method, x509.UniformResourceIdentifier(url))])


def points(url):
    return x509.CRLDistributionPoints([x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None)])


# -- what a good server looks like


def test_a_good_server_is_seen_whole(p, inspect, tmp_path):
    with Nginx(tmp_path / "s", p.leaf, [p.ca]) as s:
        code, a = inspect(s.port)
        assert (code, a["ok"], a["trusted"], a["outcome"]) == (0, True, True, "seen"), a
        assert found(a) == {}
        h = a["handshake"]
        assert (h["protocol"], h["alpn"]) == ("TLS 1.3", "h2") and h["suite"].startswith("TLS_") and h["key_exchange"]
        assert h["versions"] == {"SSL 3.0": "not_taken", "TLS 1.0": "not_taken", "TLS 1.1": "not_taken", "TLS 1.2": "taken", "TLS 1.3": "taken"}
        assert [c["subject"] for c in a["sent"]] == ["CN=" + WWW, "CN=Issuer"]
        assert [c["subject"] for c in a["chain"]] == ["CN=" + WWW, "CN=Issuer", "CN=Root"]
        assert 57 <= a["days_left"] <= 59 and a["browsers"] == {"chrome": "ok", "firefox": "ok"}
        assert a["server"] == f"127.0.0.1:{s.port}" and a["starttls"] == "none"
        code, text = inspect(s.port, plain=True)
        assert code == 0 and "trusted: the chain ends" in text and "Chrome: ok; Firefox: ok" in text and "0 errors" in text, text
        code, text = inspect(s.port, "--chinese", plain=True, name="else.example.com")
        assert code == 1 and "证书与该域名不匹配" in text


def test_names_are_told_and_what_is_shown_without_one_is_said(p, inspect, tmp_path):
    with Nginx(tmp_path / "s", p.other, [p.ca], name="other.example.com", sites=[(WWW, p.leaf, [p.ca])]) as s:
        code, a = inspect(s.port)
        assert (code, found(a)) == (0, {"other_without_name": "note"})
        assert a["chain"][0]["subject"] == "CN=" + WWW
        code, a = inspect(s.port, name="other.example.com")
        assert (code, found(a)) == (0, {})


def test_addresses_are_judged_as_addresses_and_never_told(p, inspect, tmp_path):
    leaf = Cert(WWW, p.ca, names=["127.0.0.1"])
    with OpenSsl(tmp_path / "s", leaf, [p.ca]) as s:
        assert inspect(s.port, name=None)[0] == 0
        assert found(inspect(s.port)[1]) == {"name_mismatch": "error"}


def test_hosts_are_resolved_and_each_address_is_tried(p, inspect, tmp_path):
    leaf = Cert(WWW, p.ca, names=["localhost"])
    with OpenSsl(tmp_path / "s", leaf, [p.ca]) as s:
        code, a = inspect(s.port, host="localhost", name=None)  # ::1 is refused where it comes first
        assert (code, a["name"], a["server"]) == (0, "localhost", f"127.0.0.1:{s.port}")


# -- single faults

def sent(*chain, leaf=None, **kw):
    """A server that sends so: (leaf, chain, options)."""
    return lambda p: ((leaf or (lambda q: q.leaf))(p), [getattr(p, c) if isinstance(c, str) else c for c in chain], kw.get("options", []))


def leaf_of(**kw):
    return lambda p: Cert(WWW, p.ca, **kw)


# what, the server, options of inspect, findings (errors, warnings, notes), Chrome's word, Firefox's
AUTHORITY, DATE = "NET::ERR_CERT_AUTHORITY_INVALID", "NET::ERR_CERT_DATE_INVALID"
ROWS = [
    ("expired", sent("ca", leaf=leaf_of(start=-9, days=5)), {"expired": "error"}, DATE, "SEC_ERROR_EXPIRED_CERTIFICATE"),
    ("not yet valid", sent("ca", leaf=leaf_of(start=5)), {"not_yet_valid": "error"}, DATE, "MOZILLA_PKIX_ERROR_NOT_YET_VALID_CERTIFICATE"),
    ("ends soon", sent("ca", leaf=leaf_of(days=9)), {"expires_soon": "note"}, "ok", "ok"),
    ("another name", sent("ca", leaf=lambda p: p.other), {"name_mismatch": "error"}, "NET::ERR_CERT_COMMON_NAME_INVALID",
     "SSL_ERROR_BAD_CERT_DOMAIN"),
    ("no chain", sent(), {"chain_incomplete": "error"}, AUTHORITY, "SEC_ERROR_UNKNOWN_ISSUER"),
    ("self-signed", sent(leaf=lambda p: Cert(WWW)), {"untrusted": "error"}, AUTHORITY, "SEC_ERROR_UNKNOWN_ISSUER"),
    ("the root as well", sent("ca", "root"), {"root_sent": "note"}, "ok", "ok"),
    ("the issuer twice", sent("ca", "ca"), {"sent_twice": "note"}, "ok", "ok"),
    ("no chain but the root", sent("root"), {"chain_incomplete": "error", "left_out": "note", "root_sent": "note"}, AUTHORITY,
     "SEC_ERROR_UNKNOWN_ISSUER"),
    ("one that belongs elsewhere", sent("ca", "other"), {"left_out": "note"}, "ok", "ok"),
    ("TLS 1.2 alone", sent("ca", options=["-tls1_2"]), {"no_tls13": "note"}, "ok", "ok"),
    ("TLS 1.1 alone", sent("ca", options=["-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"]), {"only_old_protocols": "error"},
     "ERR_SSL_VERSION_OR_CIPHER_MISMATCH", "SSL_ERROR_UNSUPPORTED_VERSION"),
    ("old ones too", sent("ca", options=["-min_protocol", "TLSv1", "-cipher", "DEFAULT:@SECLEVEL=0"]), {"old_protocols": "warning"}, "ok", "ok"),
    ("without encryption", sent("ca", options=["-tls1_2", "-cipher", "ALL:eNULL:@SECLEVEL=0"]),
     {"weak_suites": "warning", "no_tls13": "note"}, "ok", "ok"),
    ("a short group", sent("ca", leaf=lambda p: Cert(WWW, p.ca, key=pki.rsa_key()),
                           options=["-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0", "-dhparam", "{dh}"]),
     {"weak_group": "warning", "no_tls13": "note"}, "ok", "ok"),
    ("must-staple without", sent("ca", leaf=leaf_of(extra=[MUST_STAPLE])), {"staple_missing": "error"}, "ok",
     "MOZILLA_PKIX_ERROR_REQUIRED_TLS_FEATURE_MISSING"),
    ("a short key", sent("ca", leaf=lambda p: Cert(WWW, p.ca, key=pki.rsa_key(1024)), options=["-min_protocol", "TLSv1.2", "-cipher", "DEFAULT:@SECLEVEL=0"]),
     {"weak_key": "error"}, "NET::ERR_CERT_WEAK_KEY", "MOZILLA_PKIX_ERROR_INADEQUATE_KEY_SIZE"),
]


@pytest.mark.parametrize("what, server, findings, chrome, firefox", ROWS, ids=[r[0] for r in ROWS])
def test_each_fault_of_a_server_is_found_alone_and_named_as_browsers_do(p, inspect, tmp_path, what, server, findings, chrome, firefox):
    leaf, chain, options = server(p)
    if "{dh}" in options:
        group = dh.DHParameterNumbers(OAKLEY_2, 2).parameters()
        (tmp_path / "dh").write_bytes(group.parameter_bytes(serialization.Encoding.PEM, serialization.ParameterFormat.PKCS3))
        options = [str(tmp_path / "dh") if o == "{dh}" else o for o in options]
    with OpenSsl(tmp_path / "s", leaf, chain, *options) as s:
        code, a = inspect(s.port)
    assert found(a) == findings, a["findings"]
    assert a["browsers"] == {"chrome": chrome, "firefox": firefox}
    assert code == ("error" in findings.values()) and a["ok"] == (code == 0)


def test_the_order_of_the_chain_is_asked_of_servers(p, inspect, tmp_path):
    below = Cert("Below", p.ca, ca=True)
    with OpenSsl(tmp_path / "s", Cert(WWW, below), [p.ca, below]) as s:
        code, a = inspect(s.port)
    assert (code, found(a)) == (0, {"sent_order": "warning"})


def test_broken_suites_are_told_from_those_that_nobody_offers(p, inspect, tmp_path):
    rsa = Cert(WWW, p.ca, key=pki.rsa_key())
    with GnuTls(tmp_path / "s", rsa, [p.ca], "NORMAL:+3DES-CBC:+ARCFOUR-128:+MD5:-VERS-TLS1.1:-VERS-TLS1.0") as s:
        _, a = inspect(s.port)
        weak = {w for w, t in a["handshake"]["weak_suites"].items() if t == "taken"}
        assert weak == {"rc4", "3des"} and found(a) == {"weak_suites": "warning"}
    with GnuTls(tmp_path / "o", rsa, [p.ca], "NORMAL:-CIPHER-ALL:+3DES-CBC:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+ECDHE-RSA") as s:
        code, a = inspect(s.port)
        assert (code, a["handshake"]["suite"]) == (1, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"), a
        assert found(a) == {"only_weak_suites": "error", "no_tls13": "note"}


def test_a_client_certificate_that_is_asked_for_is_told(p, inspect, tmp_path):
    with OpenSsl(tmp_path / "s", p.leaf, [p.ca], "-Verify", "1", "-CAfile", str(tmp_path / "root.pem")) as s:
        _, a = inspect(s.port)
        assert a["outcome"] == "seen" and a["handshake"]["asks_for_client_certificate"], a


def test_servers_that_end_the_handshake_for_want_of_a_client_certificate_are_seen_whole(p, inspect, tmp_path):
    demand = ["-Verify", "1", "-verify_return_error", "-CAfile", str(tmp_path / "root.pem")]
    for name, options, versions in (("both", [], {"TLS 1.2", "TLS 1.3"}), ("old", ["-tls1_2"], {"TLS 1.2"})):
        with OpenSsl(tmp_path / name, p.leaf, [p.ca], *demand, *options) as s:
            code, a = inspect(s.port)
        assert (code, a["outcome"], a["handshake"]["asks_for_client_certificate"]) == (0, "seen", True), a
        assert {v for v, t in a["handshake"]["versions"].items() if t == "taken"} == versions
        assert a["trusted"] and len(a["sent"]) == 2


def test_a_key_usage_that_the_key_exchange_contradicts_is_named_and_the_chain_shown(p, inspect, tmp_path):
    rsa = Cert(WWW, p.ca, key=pki.rsa_key())
    with OpenSsl(tmp_path / "s", rsa, [p.ca], "-tls1_2", "-cipher", "AES128-SHA") as s:
        code, a = inspect(s.port)
    assert (code, a["outcome"], len(a["sent"])) == (1, "broken", 2), a
    assert found(a)["handshake_failed"] == "error" and "keyEncipherment is missing" in a["why"]


# -- stapling

def staple(**kw):
    return lambda p, leaf: p.response(leaf, **kw)


STAPLES = [
    ("good", staple(), "good", {}, {}),
    ("revoked", staple(status=ocsp.OCSPCertStatus.REVOKED), "revoked", {"revoked": "error"}, {"revoked": "error"}),
    ("out of date", staple(at=-0.9, days=0.5), "old", {"staple_old": "warning"}, {"staple_old": "warning", "staple_missing": "error"}),
    ("of another certificate", lambda p, leaf: p.response(p.other), "bad", {"staple_bad": "warning"},
     {"staple_bad": "warning", "staple_missing": "error"}),
    ("signed by another", staple(by=Cert("Nobody", ca=True)), "bad", {"staple_bad": "warning"},
     {"staple_bad": "warning", "staple_missing": "error"}),
]


@pytest.mark.parametrize("must", [False, True], ids=["may", "must"])
@pytest.mark.parametrize("what, response, word, may_find, must_find", STAPLES, ids=[s[0] for s in STAPLES])
def test_stapled_responses_are_judged(p, inspect, tmp_path, what, response, word, may_find, must_find, must):
    leaf = Cert(WWW, p.ca, extra=[MUST_STAPLE] if must else [])
    (tmp_path / "staple.der").write_bytes(response(p, leaf))
    with OpenSsl(tmp_path / "s", leaf, [p.ca], "-status_file", str(tmp_path / "staple.der")) as s:
        code, a = inspect(s.port)
    assert (a["handshake"]["staple"], a["handshake"]["must_staple"]) == (word, must)
    assert found(a) == (must_find if must else may_find)
    assert code == ("error" in found(a).values())
    if word == "revoked":
        assert a["browsers"]["chrome"] == "NET::ERR_CERT_REVOKED"


# -- what the certificates name

@contextlib.contextmanager
def with_addresses(p, folder, kinds, routes):
    """A server whose certificate names addresses of a web server: (server, web server)."""
    with WebServer() as web:
        at = f"http://127.0.0.1:{web.port}"
        extra = {"crl": points(at + "/crl"), "ocsp": access(AuthorityInformationAccessOID.OCSP, at + "/ocsp"),
                 "issuer": access(AuthorityInformationAccessOID.CA_ISSUERS, at + "/issuer")}
        leaf = Cert(WWW, p.ca, extra=[extra[k] for k in kinds])
        web.routes.update({path: (200, {}, body(leaf)) for path, body in routes.items()})
        with OpenSsl(folder, leaf, [] if "issuer" in kinds else [p.ca]) as s:
            yield s, web


def der(pem):
    return x509.load_pem_x509_crl(pem.encode()).public_bytes(serialization.Encoding.DER)


STATUS = [
    ("a list says good", ["crl"], {"/crl": lambda p: lambda x: der(p.ca.crl_pem())}, "good"),
    ("a list says revoked", ["crl"], {"/crl": lambda p: lambda x: der(p.ca.crl_pem(x))}, "revoked"),
    ("a responder says good", ["ocsp"], {"/ocsp": lambda p: lambda x: p.response(x)}, "good"),
    ("a responder says revoked", ["ocsp"], {"/ocsp": lambda p: lambda x: p.response(x, status=ocsp.OCSPCertStatus.REVOKED)}, "revoked"),
    ("nobody has signed the list", ["crl"], {"/crl": lambda p: lambda x: der(Cert("Issuer", ca=True).crl_pem())}, "unknown"),
    ("the list is none", ["crl"], {"/crl": lambda p: lambda x: b"<html>"}, "unknown"),
    ("nobody answers", ["crl", "ocsp"], {}, "unknown"),
]


@pytest.mark.parametrize("what, kinds, routes, status", STATUS, ids=[s[0] for s in STATUS])
def test_revocation_is_asked_where_the_certificate_says(p, inspect, tmp_path, what, kinds, routes, status):
    with with_addresses(p, tmp_path / "s", kinds, {path: make(p) for path, make in routes.items()}) as (s, web):
        code, a = inspect(s.port)
        asked = [(r.method, r.path) for r in web.requests]
        assert sorted(asked) == [("GET", "/crl")] * ("crl" in kinds) + [("POST", "/ocsp")] * ("ocsp" in kinds)
        assert [k["fault"] for k in a["asked"]] == [None if routes else "the answer is HTTP 404"] * len(kinds)
        assert a["chain"][0]["status"] == status
        assert code == (status == "revoked") and (("revoked", "error") in found(a).items()) == (status == "revoked")
        assert (0 in {f["certificate"] for f in a["findings"] if f["code"] == "status_unknown"}) == (status == "unknown")
        web.requests.clear()
        code, a = inspect(s.port, "--no-revocation")
        assert code == 0 and not a["asked"] and not web.requests and not found(a, without=["no_forward_secrecy"])


def test_a_missing_issuer_is_fetched_and_the_server_told_of(p, inspect, tmp_path):
    routes = {"/issuer": lambda leaf: p.ca.x.public_bytes(serialization.Encoding.DER)}
    with with_addresses(p, tmp_path / "s", ["issuer"], routes) as (s, _):
        code, a = inspect(s.port)
        assert (code, a["trusted"], found(a)) == (1, True, {"sent_incomplete": "error"}), a
        assert a["browsers"] == {"chrome": "ok", "firefox": "SEC_ERROR_UNKNOWN_ISSUER"}
        code, a = inspect(s.port, "--no-revocation")
        assert (code, a["trusted"], found(a)) == (1, False, {"chain_incomplete": "error"})
    with with_addresses(p, tmp_path / "t", ["issuer"], {"/issuer": lambda leaf: b"no certificate"}) as (s, _):
        _, a = inspect(s.port)
        assert a["asked"][0]["fault"] == "there is no certificate in the answer" and found(a) == {"chain_incomplete": "error"}


def test_issuers_that_point_at_each_other_end(p, inspect, tmp_path):
    """Each fetched certificate names the next address, for ever."""
    with WebServer() as web:
        def issuer(n):
            return access(AuthorityInformationAccessOID.CA_ISSUERS, f"http://127.0.0.1:{web.port}/{n}")
        above = Cert("CA 20", ca=True)
        for n in range(19, -1, -1):
            web.routes[f"/{n}"] = (200, {}, above.x.public_bytes(serialization.Encoding.DER))
            above = Cert(f"CA {n}", above, ca=True, extra=[issuer(n)])
        with OpenSsl(tmp_path / "s", Cert(WWW, above, extra=[issuer("leaf")])) as s:
            web.routes["/leaf"] = (200, {}, above.x.public_bytes(serialization.Encoding.DER))
            code, a = inspect(s.port)
        assert code == 1 and len(web.requests) == 6, a


# -- STARTTLS

@pytest.mark.parametrize("kind, server", [("smtp", Smtp), ("imap", Dovecot), ("pop3", Dovecot), ("ldap", Slapd), ("postgresql", Postgres)])
def test_tls_begins_behind_each_protocol(p, inspect, tmp_path, kind, server):
    folder = tmp_path / "s"
    folder.mkdir()
    for path in (folder, tmp_path, *list(tmp_path.parents)[:2]):
        path.chmod(0o755)  # the servers' own users read there
    with server(folder, p.leaf, [p.ca]) as s:
        code, a = inspect(s.pop3 if kind == "pop3" else s.port, "--starttls", kind)
        assert (code, a["outcome"], a["starttls"], a["trusted"]) == (0, "seen", kind, True), a
        assert [c["subject"] for c in a["sent"]] == ["CN=" + WWW, "CN=Issuer"]


@pytest.mark.parametrize("kind, server, words", [("smtp", Smtp, "250 HELP"), ("ldap", Slapd, "result 2"), ("postgresql", Postgres, "N")])
def test_servers_that_refuse_are_quoted(p, inspect, tmp_path, kind, server, words):
    with server(tmp_path / "s", p.leaf, [p.ca], tls=False) as s:
        code, a = inspect(s.port, "--starttls", kind)
        assert (code, a["outcome"], a["step"]) == (1, "starttls", "starttls") and words in a["why"], a
        assert found(a) == {"no_tls": "error"}


def test_another_protocol_than_the_one_asked_for_is_quoted(p, inspect, tmp_path):
    with Smtp(tmp_path / "s", p.leaf) as s:
        _, a = inspect(s.port, "--starttls", "imap")
        assert a["outcome"] == "starttls" and "does not speak imap; it says \"220 " in a["why"]
        _, a = inspect(s.port, "--starttls", "none")
        assert a["outcome"] == "no_tls" and "does not speak TLS; it says \"220 " in a["why"]


# -- servers that mean no good

def test_what_is_no_tls_is_quoted(inspect):
    with RawServer(b"HTTP/1.1 400 Bad Request\r\n\r\n") as s:
        code, a = inspect(s.port)
    assert (code, a["outcome"], found(a)) == (1, "no_tls", {"no_tls": "error"}) and "HTTP/1.1 400" in a["why"]
    assert a["browsers"]["chrome"] == "ERR_SSL_PROTOCOL_ERROR" and a["sent"] == [] and "days_left" not in a


def test_addresses_of_ipv6_stand_in_brackets(inspect):
    with RawServer(b"HTTP/1.1 400 Bad Request\r\n\r\n", address="::1") as s:
        _, a = inspect(s.port, host="[::1]", name=None)
    assert (a["outcome"], a["server"], a["name"]) == ("no_tls", f"[::1]:{s.port}", "::1")


def test_chains_without_end_are_read_up_to_a_cap(p, inspect, tmp_path):
    with OpenSsl(tmp_path / "s", p.leaf, [p.ca] + [Cert(f"Else {i}", ca=True) for i in range(40)]) as s:
        code, a = inspect(s.port)
    assert code == 0 and len(a["sent"]) == 32 and found(a)["sent_too_much"] == "warning", a
    with OpenSsl(tmp_path / "t", p.leaf, [p.ca, Cert("Large", ca=True, extra=[x509.SubjectAlternativeName(
            [x509.DNSName(f"{i}.example.com") for i in range(20000)])])]) as s:
        code, a = inspect(s.port)
    assert (code, a["outcome"]) == (1, "broken"), a


def test_silence_costs_the_timeout(inspect):
    with RawServer(None, hang_up=False) as s:
        began = time.monotonic()
        code, a = inspect(s.port, "--timeout", "1")
        assert (code, a["outcome"], a["step"]) == (1, "timeout", "handshake") and time.monotonic() - began < 10


def test_nobody_there_is_said(inspect):
    port = free_port()
    code, a = inspect(port)
    assert (code, a["outcome"], found(a)) == (1, "refused", {"no_connection": "error"})
    code, text = inspect(port, plain=True)
    assert code == 1 and "Connection refused" in text and "no_connection" in text


class Endless:
    """Sends `record` again and again to whoever connects, as long as it takes it."""

    def __init__(self, record):
        self.record, self.sock = record, socket.create_server(("127.0.0.1", 0))
        self.port = self.sock.getsockname()[1]

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                c, _ = self.sock.accept()
                with c, contextlib.suppress(OSError):
                    while True:
                        c.sendall(self.record)

    def __enter__(self):
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()
        self.thread.join()


@pytest.mark.parametrize("kind, record", [("none", b"\x16\x03\x03\x40\x00\x02\xff\xff\xff" + bytes(16380)), ("none", b"\x15\x03\x03\x00\x02\x01\x70"),
                                          ("smtp", b"220-hello\r\n"), ("imap", b"* hello"), ("pop3", b"x" * 1000)],
                         ids=["a handshake of 16 MB", "warnings", "lines", "a line", "bytes"])
def test_endless_servers_are_cut(inspect, kind, record):
    with Endless(record) as s:
        began = time.monotonic()
        code, a = inspect(s.port, "--starttls", kind, "--timeout", "20")
        assert code == 1 and a["outcome"] in ("broken", "starttls", "closed") and time.monotonic() - began < 15, a


def test_a_server_of_tlcp_is_named_and_its_certificates_shown(inspect, tmp_path):
    """As Chinese servers answer: an alert to TLS, the plain hello and certificates to TLCP (GB/T 38636-2020)."""
    def sm2(name):
        key, out = tmp_path / "sm2.key", tmp_path / "sm2.der"
        subprocess.run(["openssl", "ecparam", "-name", "SM2", "-genkey", "-noout", "-out", key], check=True)
        subprocess.run(["openssl", "req", "-x509", "-new", "-key", key, "-sm3", "-outform", "DER", "-out", out, "-subj", "/CN=" + name], check=True)
        return out.read_bytes()

    def message(kind, body):
        return bytes([kind]) + len(body).to_bytes(3, "big") + body

    listed = b"".join(len(d).to_bytes(3, "big") + d for d in (sm2("sign.example"), sm2("encrypt.example")))
    hello = message(2, b"\x01\x01" + bytes(32) + b"\0" + b"\xe0\x53" + b"\0") + message(11, len(listed).to_bytes(3, "big") + listed)
    answers = {b"\x01\x01": b"\x16\x01\x01" + len(hello).to_bytes(2, "big") + hello}
    with socket.create_server(("127.0.0.1", 0)) as sock:
        def serve():
            with contextlib.suppress(OSError):
                while True:
                    c, _ = sock.accept()
                    with c:
                        c.sendall(answers.get(c.recv(4096)[1:3], b"\x15\x01\x01\x00\x02\x02\x46"))
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        code, a = inspect(sock.getsockname()[1])
        sock.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert (code, a["outcome"]) == (1, "tlcp") and "speaks TLCP (GB/T 38636)" in a["why"], a
    assert [c["subject"] for c in a["sent"]] == ["CN=sign.example", "CN=encrypt.example"]
    assert found(a)["no_tls"] == "error"


SSL3 = {"SSLv3": (1, "only_old_protocols", "error", ["SSL 3.0"]), "SSLv3+TLSv1.2": (0, "old_protocols", "warning", ["SSL 3.0", "TLS 1.2"])}


@pytest.mark.parametrize("protocols", SSL3)
def test_a_server_of_ssl3_is_named_and_its_certificates_shown(inspect, p, tmp_path, protocols):
    """Java speaks it still, where its own list of what is forbidden leaves it."""
    leaf = Cert(WWW, p.ca, key=rsa.generate_private_key(65537, 2048))
    (tmp_path / "leaf.p12").write_bytes(pkcs12.serialize_key_and_certificates(
        b"k", leaf.key, leaf.x, [p.ca.x], serialization.BestAvailableEncryption(b"secret")))
    (tmp_path / "security").write_text("jdk.tls.disabledAlgorithms=\njdk.certpath.disabledAlgorithms=\n")
    with tomcat(tmp_path / "tomcat", ("PKCS12", tmp_path / "leaf.p12", "secret"), protocols=protocols,
                java=[f"-Djava.security.properties={tmp_path}/security"], ready=answers_ssl3) as server:
        code, a = inspect(server.ports[0])
    want, finding, severity, versions = SSL3[protocols]
    assert (code, a["outcome"]) == (want, "seen"), a
    assert [v for v, tried in a["handshake"]["versions"].items() if tried == "taken"] == versions, a
    assert found(a)[finding] == severity and [c["subject"] for c in a["sent"]] == ["CN=" + WWW, "CN=Issuer"], a


def answers_ssl3(port):
    """The bytes of a hello that any server of SSL 3.0 knows: version, no session, two suites, no compression."""
    hello = b"\x03\x00" + bytes(32) + b"\0\0\x04\0\x39\0\x35\1\0"
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 2) as c:
        c.settimeout(5)
        c.sendall(b"\x16\x03\0" + (len(hello) + 4).to_bytes(2, "big") + b"\1" + len(hello).to_bytes(3, "big") + hello)
        return c.recv(3) == b"\x16\x03\0"
    return False


# -- usage

@pytest.mark.parametrize("argv, words", [
    (["127.0.0.1:443", "--starttls", "ftp"], "--starttls is smtp"), (["127.0.0.1:443", "--timeout", "0"], "--timeout is a number"),
    *((["--timeout", "1", bad], f'"{bad}" is not') for bad in ("127.0.0.1:0", "127.0.0.1:66000", "[::1:443", "no/host:443", ":443", "a:443:b")),
    (["a:443", "b:443", "--starttls", "smtp"], "for one HOST:PORT"), (["127.0.0.1:443", "--roots", "/nonexistent"], "/nonexistent")])
def test_what_is_no_server_is_not_asked(argv, words, tmp_path):
    r = subprocess.run([signet.program("signet"), "inspect", *argv], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert r.returncode == 2 and words in r.stderr, r.stderr


def test_a_file_of_that_name_goes_first(p, tmp_path):
    (tmp_path / "www.example.com:443").write_text(p.leaf.pem + p.ca.pem)
    (tmp_path / "roots").write_text(p.root.pem)
    r = subprocess.run([signet.program("signet"), "inspect", "www.example.com:443", "--roots", "roots", "--json"], cwd=tmp_path,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert r.returncode == 0 and "key_found" in json.loads(r.stdout), r.stderr
