# SPDX-License-Identifier: Apache-2.0
"""Proofs by a file (SPEC 3.4): ports, fall-back, redirects, bodies, addresses; real DNS and web servers."""
import os
import shutil
import socket
import subprocess
import time

import pytest
from validate_env import VALUE, DnsServer, SilentServer, tool
from webserver import RawServer, WebServer, self_signed

PATH = "/.well-known/pki-validation/fileauth.txt"
HOST = "www.acme.test"
LOOPBACK = ["--allow", "127.0.0.0/8", "--allow", "::1/128"]


@pytest.fixture(scope="module")
def dns():
    with DnsServer({"acme.test": "signed", "bogus.test": "bogus"}) as s:
        with s.changes():
            s.add(HOST, "A", "127.0.0.1")
            s.add("alias.acme.test", "CNAME", HOST + ".")
            s.add("two.acme.test", "A", "127.0.0.9", "127.0.0.1")
            s.add("mixed.acme.test", "A", "10.255.255.1", "127.0.0.1")
            s.add("both.acme.test", "A", "127.0.0.1")
            s.add("both.acme.test", "AAAA", "::1")
            s.add("private.acme.test", "A", "10.255.255.1")
            s.add("www.bogus.test", "A", "127.0.0.1")
        yield s


@pytest.fixture
def https():
    with WebServer(tls=True) as w:
        yield w


@pytest.fixture
def http():
    with WebServer() as w:
        yield w


def port_of(server):
    """A server, or nobody: then a port that refuses."""
    if server:
        return str(server.port)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return str(s.getsockname()[1])


def check(dns, https=None, http=None, name=HOST, allow=LOOPBACK, **kw):
    return tool(dns, "file", name, VALUE,
                options=[*allow, "--https-port", port_of(https), "--http-port", port_of(http)], **kw)


def put(server, body=VALUE.encode(), status=200, **headers):
    server.routes[PATH] = (status, headers, body)


def test_the_file_over_https_proves_the_name_whatever_the_certificate(dns, https, http):
    put(https)
    got = check(dns, https, http)
    assert got.result == "0" and got.one("proven") == HOST, got
    assert len(got.all("seen")) == 1 and VALUE in got.one("seen"), got
    assert not http.requests, "http is asked only when https cannot be reached"
    request = https.requests[0]
    assert request.method == "GET" and request.headers["Host"].split(":")[0] == HOST
    assert https.names == [HOST], "the name goes into the handshake"
    assert "Authorization" not in request.headers and "Cookie" not in request.headers


@pytest.mark.parametrize("body, result", [
    (VALUE, "0"), (VALUE + "\n", "0"), (VALUE + "\r\n", "0"),
    (VALUE + "\n\n", "FILE_BODY"), (VALUE + "\r\n\r\n", "FILE_BODY"), (VALUE + " ", "FILE_BODY"),
    ("\n" + VALUE, "FILE_BODY"), ("\ufeff" + VALUE, "FILE_BODY"), (VALUE + "x", "FILE_BODY"), (VALUE[:-1], "FILE_BODY"),
    (VALUE.lower(), "FILE_BODY"), ("", "FILE_BODY"), ("\n", "FILE_BODY"), ("<p>" + VALUE + "</p>", "FILE_BODY"),
    (VALUE + "\x00", "FILE_BODY"), (VALUE + "\n" + "x" * 10_000_000, "FILE_BODY"),
], ids=lambda v: v[-12:].encode("unicode_escape").decode())
def test_the_body_is_exact_but_for_one_newline(dns, https, http, body, result):
    put(https, body.encode())
    put(http)
    got = check(dns, https, http)
    assert got.result == result and not http.requests, got
    assert got.ms < 3000, got


@pytest.mark.parametrize("status", [201, 204, 206, 301, 302, 303, 307, 308, 400, 401, 403, 404, 410, 500, 503])
def test_any_other_https_answer_than_200_fails_though_http_is_right(dns, https, http, status):
    put(https, VALUE.encode() if status != 204 else b"", status)
    put(http)
    got = check(dns, https, http)
    assert got.result == "FILE_STATUS" and str(status) in got.one("message") and not http.requests, got


def test_no_redirect_is_followed_and_its_goal_is_shown(dns, https, http):
    goal = f"http://{HOST}:{http.port}{PATH}"
    put(https, b"", 302, Location=goal)
    put(http)
    got = check(dns, https, http)
    assert got.result == "FILE_STATUS" and "redirect" in got.one("message") and goal in got.one("seen"), got
    assert not http.requests
    put(http, b"", 301, Location=f"https://{HOST}{PATH}")
    assert check(dns, None, http).result == "FILE_STATUS"


def test_a_refused_https_connection_falls_back_to_http(dns, http):
    put(http)
    got = check(dns, None, http)
    assert got.result == "0" and len(got.all("seen")) == 2 and http.requests[0].headers["Host"].startswith(HOST), got


@pytest.mark.parametrize("answer", [b"", b"\x15\x03\x03\x00\x02\x02\x70", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"],
                         ids=["hangs up", "alert", "plain http"])
def test_a_failed_tls_handshake_falls_back_to_http(dns, http, answer):
    put(http)
    with RawServer(answer) as raw:
        got = check(dns, raw, http)
        assert raw.connections == 1 and got.result == "0", got


def test_a_silent_https_port_leaves_half_of_the_time_to_http(dns, http):
    put(http)
    with RawServer(hang_up=False) as raw:
        got = check(dns, raw, http, timeout_ms=2000)
        assert got.result == "0" and 500 < got.ms < 1900, got


def test_hardly_any_time_is_an_ordinary_failure(dns, https, http):
    put(https)
    put(http)
    for ms in (0, 1, 2, 5, 10, 20):
        assert check(dns, https, http, name="two.acme.test", timeout_ms=ms).result in (
            "0", "FILE_CONNECT", "DNS_TIMEOUT", "BUSY"), ms


def test_http_is_judged_like_https(dns, http):
    put(http, b"something else")
    assert check(dns, None, http).result == "FILE_BODY"
    put(http, b"", 404)
    assert check(dns, None, http).result == "FILE_STATUS"


def test_nobody_at_both_ports_is_told(dns):
    got = check(dns)
    assert got.result == "FILE_CONNECT" and len(got.all("seen")) == 2, got


def test_an_answer_without_end_is_cut_at_once(dns, https):
    def endless(write):
        end = time.monotonic() + 10
        while time.monotonic() < end:
            write(b"x" * 1000)
    put(https, endless)
    got = check(dns, https)
    assert got.result == "FILE_BODY" and got.ms < 2000, got


def test_an_answer_that_drips_ends_at_the_deadline(dns, https, http):
    def drip(write):
        for _ in range(100):
            write(b"x")
            time.sleep(0.1)
    put(https, drip)
    put(http, drip)
    got = check(dns, https, http, timeout_ms=1000)
    assert got.result == "FILE_CONNECT" and got.ms < 2500, got


def test_garbage_in_place_of_http_fails(dns):
    with RawServer(b"SSH-2.0-OpenSSH_9.2\r\n") as raw:
        assert check(dns, None, raw).result == "FILE_CONNECT"


def test_private_addresses_are_not_called(dns, https, http):
    put(https)
    put(http)
    got = check(dns, https, http, allow=[])
    assert got.result == "ADDRESS_REFUSED" and "127.0.0.1" in got.one("message"), got
    assert not https.requests and not http.requests and not https.names
    assert check(dns, https, http, name="private.acme.test").result == "ADDRESS_REFUSED"
    assert check(dns, https, http, allow=["--allow", "10.0.0.0/8"]).result == "ADDRESS_REFUSED"


def test_of_several_addresses_the_allowed_ones_are_called(dns, https):
    put(https)
    got = check(dns, https, name="mixed.acme.test")
    assert got.result == "0" and any("10.255.255.1" in s and "refused" in s for s in got.all("seen")), got


def test_the_next_address_is_tried_when_one_refuses(dns, https):
    put(https)
    got = check(dns, https, name="two.acme.test")
    assert got.result == "0", got


def test_ipv6_is_tried_before_ipv4_and_ipv4_after_it(dns):
    try:
        six = WebServer(tls=True, address="::1")
    except OSError:
        pytest.skip("no IPv6 on loopback")
    with six:
        put(six)
        assert check(dns, six, name="both.acme.test").result == "0"
    with WebServer(tls=True) as four:
        put(four)
        got = check(dns, four, name="both.acme.test")
        assert got.result == "0" and "::1" in got.one("seen"), got


def test_the_first_address_that_answers_has_the_last_word(dns):
    """127.0.0.1 says no: another address of the name is not asked for a better answer."""
    with WebServer(tls=True) as one, WebServer(tls=True, address="127.0.0.9", port=one.port) as other:
        put(one, b"", 404)
        put(other, b"", 404)
        got = check(dns, one, name="two.acme.test")
        assert got.result == "FILE_STATUS" and len(one.requests) + len(other.requests) == 1, got


def test_cnames_lead_to_the_host_and_the_name_stays(dns, https):
    put(https)
    got = check(dns, https, name="alias.acme.test")
    assert got.result == "0" and got.one("proven") == "alias.acme.test", got
    assert https.requests[0].headers["Host"].startswith("alias.acme.test")


def test_names_without_address_and_bogus_ones_are_told(dns):
    got = check(dns, name="nothing.acme.test")
    assert got.result == "DNS_NO_RECORD" and "A or AAAA" in got.one("hint"), got
    assert check(dns, name="www.bogus.test").result == "DNS_BOGUS"
    with SilentServer() as silent:
        got = check(silent, timeout_ms=1000)
        assert got.result == "DNS_TIMEOUT" and got.ms < 2000, got


def test_a_wildcard_is_refused(dns, https):
    put(https)
    got = check(dns, https, name="*.acme.test")
    assert got.result == "METHOD_UNFIT" and not https.requests, got


def test_an_address_is_its_own_host(dns, https):
    put(https)
    assert check(dns, https, name="127.0.0.1").result == "0"
    assert check(dns, https, name="127.0.0.1", allow=[]).result == "ADDRESS_REFUSED"


@pytest.mark.parametrize("tls", [False, True])
def test_the_own_listener_is_asked_by_name_at_its_own_port(tls):
    with WebServer(tls=tls) as w, SilentServer() as silent:
        put(w)
        got = tool(silent, "internal", "localhost", f"127.0.0.1:{w.port}", VALUE)
        assert got.result == "0" and got.one("proven") == "localhost", got
        assert w.requests[-1].headers["Host"].split(":")[0] == "localhost"
        put(w, b"other")
        assert tool(silent, "internal", "localhost", f"127.0.0.1:{w.port}", VALUE).result == "FILE_BODY"
    assert tool(silent, "internal", "localhost", f"127.0.0.1:{w.port}", VALUE).result == "FILE_CONNECT"


def test_nginx_serves_the_file_on_both_ports(dns, tmp_path):
    nginx = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
    os.makedirs(tmp_path / "html/.well-known/pki-validation")
    (tmp_path / ("html" + PATH)).write_text(VALUE + "\n")
    cert, key = self_signed(tmp_path)
    plain, tls = port_of(None), port_of(None)
    (tmp_path / "conf").write_text(f"""
pid {tmp_path}/pid; error_log {tmp_path}/error.log; daemon off; master_process off; worker_processes 1;
events {{ worker_connections 32; }}
http {{ access_log off; client_body_temp_path {tmp_path}/t1; proxy_temp_path {tmp_path}/t2; fastcgi_temp_path {tmp_path}/t3;
 uwsgi_temp_path {tmp_path}/t4; scgi_temp_path {tmp_path}/t5;
 server {{ listen 127.0.0.1:{plain}; listen 127.0.0.1:{tls} ssl; server_name {HOST}; root {tmp_path}/html;
  ssl_certificate {cert}; ssl_certificate_key {key}; }} }}
""")
    p = subprocess.Popen([nginx, "-p", str(tmp_path), "-e", str(tmp_path / "error.log"), "-c", str(tmp_path / "conf")])
    try:
        end = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", int(tls)), 1).close()
                break
            except OSError:
                assert time.monotonic() < end and p.poll() is None, "nginx does not start"
                time.sleep(0.05)
        over_tls = tool(dns, "file", HOST, VALUE, options=[*LOOPBACK, "--https-port", tls, "--http-port", plain])
        assert over_tls.result == "0" and over_tls.one("seen").startswith("GET https"), over_tls
        over_http = tool(dns, "file", HOST, VALUE, options=[*LOOPBACK, "--https-port", plain, "--http-port", plain])
        assert over_http.result == "0" and len(over_http.all("seen")) == 2, over_http
    finally:
        p.terminate()
        p.wait(10)
