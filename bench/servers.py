#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Live servers inspected per second: one nginx with a certificate for each of so many addresses of loopback; the peer is
`openssl s_client`, one server after another. servers.py [SERVERS]"""
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TOP, "tests/lib"))
os.environ["SIGNET_BUILD"] = "build-bench"
from pki import Cert  # noqa: E402
from signet import free_port, wait_for  # noqa: E402

USUAL = 1000
BY_PEER = 200


def put(path, text):
    with open(path, "w", encoding="ascii") as f:
        f.write(text)
    return path


def configuration(d, servers):
    temp = "".join(f"{t}_temp_path {d}/{t}; " for t in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    sites = "".join(f"server {{ listen {a} ssl; server_name {n}; ssl_certificate {d}/{n}.pem; ssl_certificate_key {d}/{n}.key; "
                    f"return 200 hello; }}\n" for a, n in servers)
    return (f"daemon off; worker_processes 1; worker_rlimit_nofile 8192; pid {d}/pid; error_log {d}/error.log;\n"
            f"events {{ worker_connections 4096; }}\nhttp {{ access_log off; ssl_protocols TLSv1.2 TLSv1.3; {temp}\n{sites} }}\n")


def accepts(address):
    host, port = address.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), 1).close()
        return True
    except OSError:
        return False


def peer(root, servers):
    start = time.monotonic()
    for address, name in servers:
        subprocess.run(["openssl", "s_client", "-connect", address, "-servername", name, "-CAfile", root, "-verify_return_error",
                        "-verify_hostname", name], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return len(servers) / (time.monotonic() - start)


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else USUAL
    port = free_port()
    servers = [(f"127.{1 + i // 62500}.{i // 250 % 250}.{i % 250 + 1}:{port}", f"www{i}.example.com") for i in range(n)]
    root = Cert("Root", ca=True, days=4000, start=-10)
    ca = Cert("Issuer", root, ca=True, days=2000, start=-10)
    with tempfile.TemporaryDirectory(prefix="signet-bench-", dir="/tmp") as d:
        for _, name in servers:
            leaf = Cert(name, ca)
            put(f"{d}/{name}.pem", leaf.pem + ca.pem)
            put(f"{d}/{name}.key", leaf.key_pem())
        targets = put(f"{d}/targets", "".join(f"{a} {name}\n" for a, name in servers))
        root_pem = put(f"{d}/root.pem", root.pem)
        conf = put(f"{d}/nginx.conf", configuration(d, servers))
        nginx = subprocess.Popen([shutil.which("nginx", path="/usr/sbin:/usr/bin"), "-c", conf, "-p", d, "-e", f"{d}/error.log"],
                                 stdin=subprocess.DEVNULL)
        try:
            wait_for("nginx", lambda: accepts(servers[-1][0]), timeout=60)
            peer(root_pem, servers[:10])  # its program comes into memory
            by_peer = peer(root_pem, servers[:BY_PEER])
            return subprocess.run([f"{TOP}/build-bench/bench/bench", "inspect", targets, root_pem, str(by_peer)], check=False).returncode
        finally:
            nginx.terminate()
            nginx.wait(10)


if __name__ == "__main__":
    sys.exit(main())
