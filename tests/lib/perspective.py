# SPDX-License-Identifier: Apache-2.0
"""Perspectives elsewhere in the network: network namespaces in which the same addresses lead to other servers.

    with Elsewhere() as place, place.dns(zones, port) as far, Perspective("fra", "eu", place, far) as p:
        Signet(args=p.parameter())

A namespace needs root and the kernel's leave: Elsewhere() raises Unpermitted where there is none.
"""
import http.client
import os
import shutil
import subprocess
import tempfile

from dnsserver import DnsServer
from ports import free_port
from signet import program, wait_for


class Unpermitted(Exception):
    pass


def ip(*words):
    p = subprocess.run(["ip", *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if p.returncode:
        raise Unpermitted(f"ip {' '.join(words)}: {p.stdout.strip()}")


class Elsewhere:
    """A network namespace with a wire to this one."""
    made = 0

    def __init__(self):
        Elsewhere.made += 1
        number = (os.getpid() * 8 + Elsewhere.made) % 16000
        self.name = f"signet-{os.getpid()}-{Elsewhere.made}"
        self.wire = f"sg{os.getpid()}x{Elsewhere.made}"[-15:]
        net = f"10.{200 + number // 8000}.{number // 64 % 125}.{number % 64 * 4}"
        self.here, self.there = (net.rsplit(".", 1)[0] + f".{int(net.rsplit('.', 1)[1]) + i}" for i in (1, 2))

    def __enter__(self):
        try:
            ip("netns", "add", self.name)
            ip("link", "add", self.wire, "type", "veth", "peer", "name", "far", "netns", self.name)
            ip("addr", "add", self.here + "/30", "dev", self.wire)
            ip("link", "set", self.wire, "up")
            for words in (["addr", "add", self.there + "/30", "dev", "far"], ["link", "set", "far", "up"],
                          ["link", "set", "lo", "up"]):
                ip("-n", self.name, *words)
        except Unpermitted:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for words in (["link", "del", self.wire], ["netns", "del", self.name]):
            subprocess.run(["ip", *words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def command(self, *words):
        return ["ip", "netns", "exec", self.name, *words]

    def dns(self, zones, port):
        """The server that 127.0.0.1:port leads to from there."""
        return FarServer(self, zones, port)


class FarServer(DnsServer):
    def __init__(self, place, zones, port):
        super().__init__(zones)
        self.place, self.host, self.port = place, place.there, port
        self.address = f"127.0.0.1:{port}"

    def _configure(self):
        super()._configure()
        path = os.path.join(self.dir, "named.conf")
        with open(path, encoding="ascii") as f:
            text = f.read()
        with open(path, "w", encoding="ascii") as f:
            f.write(text.replace(f"{{ {self.host}; }}", f"{{ {self.host}; 127.0.0.1; }}", 1))

    def _command(self):
        return self.place.command(*super()._command())


class Perspective:
    """signetd --role perspective, here or elsewhere, with the resolver of its place."""

    def __init__(self, name, region, place, dns, args=()):
        self.name, self.region, self.place = name, region, place
        self.top = tempfile.mkdtemp(prefix="signet-far-", dir="/tmp")
        os.chmod(self.top, 0o755)
        self.host = place.there if place else "127.0.0.1"
        self.port = free_port()
        self.key = os.path.join(self.top, "data", "perspective.key")
        self.args = ["--role", "perspective", "--data", os.path.join(self.top, "data"), "--listen-http",
                     f"{self.host}:{self.port}", "--resolver", dns.address, "--trust-anchor", dns.trust_anchor, *args]
        self.proc = None

    def parameter(self, key=None):
        return ["--perspective", f"{self.name},{self.region},{self.host}:{self.port},{key or self.key}"]

    def log(self):
        with open(os.path.join(self.top, "log"), errors="replace") as f:
            return f.read()

    def start(self):
        command = [program("signetd"), *self.args]
        with open(os.path.join(self.top, "log"), "ab") as log:
            self.proc = subprocess.Popen(self.place.command(*command) if self.place else command,
                                         stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.top)
        wait_for("the perspective", self._ready)
        return self

    def _ready(self):
        assert self.proc.poll() is None, f"the perspective ended with {self.proc.returncode}:\n{self.log()}"
        conn = http.client.HTTPConnection(self.host, self.port, timeout=2)
        try:
            conn.request("GET", "/healthz")
            return conn.getresponse().status == 200
        except OSError:
            return False
        finally:
            conn.close()

    def post(self, body):
        """What a stranger without the key is told."""
        conn = http.client.HTTPConnection(self.host, self.port, timeout=5)
        try:
            conn.request("POST", "/perspective/v1", body=body)
            answer = conn.getresponse()
            return answer.status, answer.read()
        finally:
            conn.close()

    def stop(self):
        """SIGTERM; the exit code."""
        if self.proc:
            self.proc.terminate()
            try:
                return self.proc.wait(20)
            finally:
                self.proc.kill()
                self.proc = None
        return None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.top, ignore_errors=True)
