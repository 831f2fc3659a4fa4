#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Figures of the whole service as it runs: memory when idle, issuing through HTTP, OCSP beside nginx. Prints rows as
the programs of this folder do. daemon.py [sqlite|postgresql]"""
import base64
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
os.environ["SIGNET_BUILD"] = "build-bench"
sys.path.insert(0, os.path.join(TOP, "tests/lib"))
import pg  # noqa: E402
from signet import Signet, free_port, pem_blocks, wait_for  # noqa: E402

BENCH = f"{TOP}/build-bench/bench/bench"
IDLE_S = 5
ISSUED = 2000
ANSWERS = 40000


def figure(name, value, unit, peer="", peer_value=0, promised=""):
    print("figure", name, f"{value:.6g}", unit, peer, f"{peer_value:.6g}", promised, sep="\t", flush=True)


def pss_mb(pid):
    with open(f"/proc/{pid}/smaps_rollup") as f:
        return sum(int(line.split()[1]) for line in f if line.startswith("Pss:")) / 1024


def cpu_s(pid):
    with open(f"/proc/{pid}/stat") as f:
        cells = f.read().rsplit(")", 1)[1].split()
    return (int(cells[11]) + int(cells[12])) / os.sysconf("SC_CLK_TCK")


def load(*args):
    """(good answers, seconds)"""
    out = subprocess.run([BENCH, "http", *map(str, args)], check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    return int(out[0]), float(out[1])


def memory(s):
    time.sleep(IDLE_S)
    pids = {role: s.pid(role) for role in ("supervisor", "core", "signer")}
    used = {role: pss_mb(pid) for role, pid in pids.items()}
    figure(f"idle memory (PSS) of all roles, {name_of(s)}", sum(used.values()), "MB", promised="< 40 / 25")
    for role, mb in used.items():
        figure(f"  {role}", mb, "MB")


def name_of(s):
    return "sqlite" if s.db == "sqlite" else "postgresql"


def buy(s, n):
    """The ids of n subscriptions of the operator's own product."""
    out = []
    while len(out) < n:
        want = min(1000, n - len(out))
        got = s.ok("POST", "/api/v1/purchases", {"product": "internal", "n_common": 1, "quantity": want})
        out += [x["id"] for x in got["subscriptions"]]
    return out


def issued(s):
    return s.ok("GET", "/api/v1/overview")["issued"]


def issue(s, n):
    """From the order with its signing request to the certificate: the proof is fetched from the service's own listener."""
    csrs = subprocess.run([BENCH, "requests", str(n), "localhost"], check=True, stdout=subprocess.PIPE, text=True).stdout
    path = os.path.join(s.top, "lines")
    with open(path, "w") as f:
        for subscription, csr in zip(buy(s, n), csrs.splitlines()):
            f.write('{"subscription":%d,"names":["localhost"],"method":"internal","key_source":"csr","submit":true,"csr":%s}\n'
                    % (subscription, csr))
    before, used = issued(s), cpu_s(s.pid("core")) + cpu_s(s.pid("signer"))
    good, took = load(64, n, f"https://localhost:{s.https_port}/api/v1/applications", s.roots(), s.admin_key, path)
    if good != n or issued(s) - before != n:
        raise SystemExit(f"{n} orders, {good} seen issued, {issued(s) - before} issued:\n{s.log()[-3000:]}")
    used = cpu_s(s.pid("core")) + cpu_s(s.pid("signer")) - used
    figure(f"issuing through HTTP, order, proof and certificate, {name_of(s)}", n / took, "certificates/s")
    figure("  processor time of one, core and signer", used / n * 1e6, "us")


def ocsp_question(s):
    """(the address of a GET that asks about a certificate of the service, the size of its answer)"""
    row = s.ok("GET", "/api/v1/certificates?limit=1")["items"][0]
    with tempfile.TemporaryDirectory() as d:
        chain = pem_blocks(s.ok("GET", f"/api/v1/certificates/{row['id']}/pem").decode())
        for name, der in zip(("leaf", "issuer"), chain):
            with open(f"{d}/{name}", "wb") as f:
                f.write(der)
        base = subprocess.run(["openssl", "x509", "-in", f"{d}/leaf", "-noout", "-ocsp_uri"], check=True,
                              stdout=subprocess.PIPE, text=True).stdout.strip()
        subprocess.run(["openssl", "ocsp", "-issuer", f"{d}/issuer", "-cert", f"{d}/leaf", "-no_nonce", "-reqout",
                        f"{d}/question"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(f"{d}/question", "rb") as f:
            path = urllib.parse.quote(base64.b64encode(f.read()), safe="")
    with urllib.request.urlopen(f"{base}/{path}") as r:
        return f"{base}/{path}", len(r.read())


NGINX = """daemon off; worker_processes 1; pid {d}/pid; error_log {d}/error; events {{ worker_connections 512; }}
http {{ access_log off; keepalive_requests 1000000; client_body_temp_path {d}/b; proxy_temp_path {d}/p;
fastcgi_temp_path {d}/f; uwsgi_temp_path {d}/u; scgi_temp_path {d}/s; open_file_cache max=10;
server {{ listen 127.0.0.1:{port}; root {d}; }} }}
"""


def nginx_rate(size):
    """Answers per second of the worker's processor time, for a static file of so many bytes."""
    d, port = tempfile.mkdtemp(prefix="signet-nginx-", dir="/tmp"), free_port()
    os.chmod(d, 0o755)
    with open(f"{d}/file", "wb") as f:
        f.write(os.urandom(size))
    with open(f"{d}/conf", "w") as f:
        f.write(NGINX.format(d=d, port=port))
    p = subprocess.Popen(["nginx", "-c", f"{d}/conf", "-e", f"{d}/error"], stdin=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL)
    try:
        wait_for("nginx", lambda: up(port))
        with open(f"/proc/{p.pid}/task/{p.pid}/children") as f:
            worker = int(f.read().split()[0])
        return rate(worker, f"http://127.0.0.1:{port}/file")
    finally:
        p.terminate()
        p.wait(10)
        shutil.rmtree(d, ignore_errors=True)


def up(port):
    with socket.socket() as c:
        return c.connect_ex(("127.0.0.1", port)) == 0


def rate(pid, url):
    load(8, 2000, url)
    before = cpu_s(pid)
    good, _ = load(8, ANSWERS, url)
    if good != ANSWERS:
        raise SystemExit(f"{url}: only {good} of {ANSWERS} were answered")
    return good / (cpu_s(pid) - before)


def ocsp(s):
    url, size = ocsp_question(s)
    own = rate(s.pid("core"), url)
    if not shutil.which("nginx", path="/usr/sbin:/usr/bin"):
        figure("OCSP answers for a processor's second", own, "answers/s")
        return
    figure("OCSP answers for a processor's second", own, "answers/s", "nginx, static file", nginx_rate(size))


def run(db):
    with Signet(db=db) as s:
        memory(s)
        issue(s, ISSUED)
        if s.db == "sqlite":
            ocsp(s)


def main():
    if sys.argv[1:] != ["postgresql"]:
        return run("sqlite")
    with pg.Server(durable=True) as server:
        run(server.url)


main()
