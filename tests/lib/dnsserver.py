# SPDX-License-Identifier: Apache-2.0
"""Authoritative DNS servers on loopback with a signed tree from a root of their own, for `signetd --resolver`.

    with DnsServer({"acme.com": "signed", "plain.test": "unsigned"}) as d:
        d.replace("_dnsauth.acme.com", "TXT", "value")
        Signet(resolver=d.address, trust_anchor=d.trust_anchor)

The zones above those named (the root, `com`, `test`) are made and signed too, so that everything is proven from the
trust anchor down, and that other names do not exist. Kinds of zones:
    signed     validates
    unsigned   an insecure delegation
    bogus      signed, but the parent's DS names another key
    expired    signed, but the signatures are of the past
    servfail   delegated, but every answer is SERVFAIL
    dynamic    unsigned, and holders of the server's TSIG key (d.key) may change its TXT records; add() and the like then
               send updates, too
A change takes effect before the call returns; `with d.changes():` makes several at once. KnotServer is the same with
another program inside. SilentServer takes questions and never answers.
"""
import base64
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import dns.exception
import dns.message
import dns.query
import dns.rcode
import dns.tsigkeyring
import dns.update
from ports import free_port

SLOW = float(os.environ.get("SIGNET_TEST_SLOW", "1"))
KINDS = ("signed", "unsigned", "bogus", "expired", "servfail", "dynamic")
TTL = 3600


def run(*cmd, cwd):
    p = subprocess.run(cmd, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert p.returncode == 0, f"{cmd[0]} ended with {p.returncode}:\n{p.stdout}"
    return p.stdout


class Key:
    """A TSIG key."""

    def __init__(self, name, alg="hmac-sha256", secret=None):
        self.name, self.alg = name, alg
        self.secret = secret or base64.b64encode(os.urandom(32)).decode()


def quoted(text):
    """A TXT value in master file form, in strings of at most 255 bytes."""
    raw = text.encode() if isinstance(text, str) else text
    pieces = [raw[i:i + 255] for i in range(0, len(raw), 255)] or [b""]
    return " ".join('"' + "".join(chr(c) if 32 <= c < 127 and c not in b'"\\' else f"\\{c:03d}" for c in p) + '"'
                    for p in pieces)


def absolute(name):
    return name.rstrip(".") + "."


def parent(name):
    """Of an absolute name; the root has none."""
    return None if name == "." else (name.split(".", 1)[1] or ".")


class Zone:
    def __init__(self, name, kind, folder):
        assert kind in KINDS, kind
        self.name, self.kind, self.folder = name, kind, folder
        self.records = []  # (owner, type, rdata)
        self.serial = 0
        self.key = self.other_key = None

    @property
    def file(self):
        return os.path.join(self.folder, (self.name.rstrip(".") or "root") + ".zone")

    @property
    def signed(self):
        return self.kind in ("signed", "bogus", "expired")

    def keygen(self):
        return run("dnssec-keygen", "-q", "-a", "ECDSAP256SHA256", "-f", "KSK", self.name, cwd=self.folder).strip()

    def make_keys(self):
        if self.signed:
            self.key = self.keygen()
        if self.kind == "bogus":
            self.other_key = self.keygen()

    def dnskey(self, key=None):
        with open(os.path.join(self.folder, (key or self.key) + ".key"), encoding="ascii") as f:
            return [line.strip() for line in f if not line.startswith(";")][0]

    def ds(self):
        """The records for the parent; none for an insecure delegation."""
        if not self.signed:
            return []
        out = run("dnssec-dsfromkey", "-2", self.other_key or self.key, cwd=self.folder)
        return [line.split(" DS ", 1)[1] for line in out.splitlines() if " DS " in line]

    def write(self, children):
        """Writes the zone file anew, with the delegations to these zones, and signs it."""
        self.serial += 1
        lines = [f"$ORIGIN {self.name}", f"$TTL {TTL}",
                 f"@ SOA ns.dns-server.invalid. root.dns-server.invalid. {self.serial} 3600 600 86400 {TTL}",
                 "@ NS ns.dns-server.invalid."]
        if self.name == ".":
            lines.append("ns.dns-server.invalid. A 127.0.0.1")
        for child in children:
            lines.append(f"{child.name} NS ns.dns-server.invalid.")
            lines += [f"{child.name} DS {ds}" for ds in child.ds()]
        lines += [f"{owner} {TTL} {kind} {rdata}" for owner, kind, rdata in self.records]
        if self.signed:
            lines.append(self.dnskey())
        plain = self.file + ".plain"
        with open(plain, "w", encoding="utf-8") as f:
            f.write("\n".join(lines) + "\n")
        if self.signed:
            times = ["-s", "20200101000000", "-e", "20200201000000"] if self.kind == "expired" else []
            run("dnssec-signzone", "-q", "-z", "-P", "-O", "full", "-o", self.name, *times, "-f", self.file + ".new", plain,
                self.key, cwd=self.folder)
        else:
            shutil.copy(plain, self.file + ".new")
        # servers compare times of change: each is later than the one before, also within one second
        stamp = time.time() + 2 * self.serial
        os.utime(self.file + ".new", (stamp, stamp))
        os.rename(self.file + ".new", self.file)


class Update:
    """A change that the test itself makes in a dynamic zone."""

    def __init__(self, server, zone):
        self.server = server
        ring = dns.tsigkeyring.from_text({server.key.name: server.key.secret})
        self.message = dns.update.UpdateMessage(zone.name, keyring=ring, keyalgorithm=server.key.alg)

    def add(self, *args):
        self.message.add(*args)
        return self

    def delete(self, *args):
        self.message.delete(*args)
        return self

    def send(self):
        got = dns.query.tcp(self.message, self.server.host, port=self.server.port, timeout=5)
        assert got.rcode() == dns.rcode.NOERROR, got


class DnsServer:
    """bind9"""
    program = "named"

    def __init__(self, zones, host="127.0.0.1", alg="hmac-sha256"):
        self.host = host
        self.key = Key("signet.key", alg)
        self.weak_key = Key("weak.key", alg)  # known to the server, and allowed nothing
        self.dir = tempfile.mkdtemp(prefix="signet-dns-", dir="/tmp")
        os.chmod(self.dir, 0o755)
        self.port = free_port(host)
        self.address = f"{host}:{self.port}"
        self.trust_anchor = os.path.join(self.dir, "trust-anchor")
        self.log_path = os.path.join(self.dir, "log")
        self.proc = None
        self._batch = None
        self.zones = {}
        for name, kind in zones.items():
            self._zone(absolute(name), kind)

    def _zone(self, name, kind):
        if name not in self.zones:
            self.zones[name] = Zone(name, kind, self.dir)
            if name != ".":
                self._zone(parent(name), "signed")
        elif kind != "signed":
            self.zones[name].kind = kind

    def _parent_zone(self, zone):
        up = parent(zone.name)
        while up is not None and up not in self.zones:
            up = parent(up)
        return self.zones.get(up)

    def _children(self, zone):
        return [z for z in self.zones.values() if z is not zone and self._parent_zone(z) is zone]

    # -- records

    def zone_of(self, name):
        up = absolute(name)
        while up not in self.zones:
            up = parent(up)
        return self.zones[up]

    def add(self, name, kind, *values):
        """TXT values are plain text; others stand as in a zone file, for example add("a.test", "CAA", '0 issue ";"')."""
        zone = self.zone_of(name)
        for v in values:
            zone.records.append((absolute(name), kind, quoted(v) if kind == "TXT" else v))
            if zone.kind == "dynamic" and self.proc:
                self._update(zone).add(absolute(name), TTL, kind, zone.records[-1][2]).send()
        self._changed(zone)

    def remove(self, name, kind=None):
        zone = self.zone_of(name)
        zone.records = [r for r in zone.records if r[0] != absolute(name) or kind not in (None, r[1])]
        if zone.kind == "dynamic" and self.proc:
            self._update(zone).delete(absolute(name), kind or "TXT").send()
        self._changed(zone)

    def replace(self, name, kind, *values):
        with self.changes():
            self.remove(name, kind)
            self.add(name, kind, *values)

    @contextlib.contextmanager
    def changes(self):
        if self._batch is not None:
            yield
            return
        self._batch = []
        try:
            yield
        finally:
            batch, self._batch = self._batch, None
        if self.proc:
            batch = [z for z in batch if z.kind != "dynamic"]
            for zone in batch:
                zone.write(self._children(zone))
            self.proc.send_signal(signal.SIGHUP)
            for zone in batch:
                self._wait_serial(zone)

    def _changed(self, zone):
        with self.changes():
            if zone not in self._batch:
                self._batch.append(zone)

    def _update(self, zone):
        return Update(self, zone)

    def shown(self, name):
        """The texts at a name, as the server itself shows them."""
        got = self.ask(name, "TXT")
        return sorted(b"".join(r.strings).decode() for rrset in got.answer for r in rrset if hasattr(r, "strings"))

    # -- life

    def start(self):
        for zone in self.zones.values():
            zone.make_keys()
        for zone in self.zones.values():
            if zone.kind != "servfail":
                zone.write(self._children(zone))
        with open(self.trust_anchor, "w", encoding="ascii") as f:
            f.write(self.zones["."].dnskey() + "\n")
        self._configure()
        with open(self.log_path, "wb") as log:
            self.proc = subprocess.Popen(self._command(), cwd=self.dir, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        for zone in self.zones.values():
            self._wait_serial(zone)
        return self

    def stop(self):
        if self.proc:
            self.proc.terminate()
            try:
                self.proc.wait(10 * SLOW)
            except subprocess.TimeoutExpired:
                self.proc.kill()
                self.proc.wait()
            self.proc = None
        shutil.rmtree(self.dir, ignore_errors=True)

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as f:
            return f.read()

    def ask(self, name, kind):
        """The server's own answer, not validated."""
        q = dns.message.make_query(absolute(name), kind, use_edns=0, payload=4096, want_dnssec=True)
        return dns.query.udp(q, self.host, port=self.port, timeout=1)

    def _wait_serial(self, zone):
        if zone.kind == "servfail":
            return
        end = time.monotonic() + 20 * SLOW
        while True:
            assert self.proc.poll() is None, f"{self.program} ended with {self.proc.returncode}:\n{self.log()[-3000:]}"
            with contextlib.suppress(OSError, dns.exception.DNSException):
                got = self.ask(zone.name, "SOA")
                if got.rcode() == dns.rcode.NOERROR and got.answer and got.answer[0][0].serial >= zone.serial:
                    return
            assert time.monotonic() < end, f"{self.program} does not serve {zone.name}:\n{self.log()[-3000:]}"
            time.sleep(0.02)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_):
        self.stop()

    # -- what differs between programs

    def _configure(self):
        with open(os.path.join(self.dir, "named.conf"), "w", encoding="ascii") as f:
            f.write(f'''options {{ directory "{self.dir}"; listen-on port {self.port} {{ {self.host}; }};
 listen-on-v6 {{ none; }}; pid-file none; session-keyfile none; recursion no; dnssec-validation no; notify no;
 allow-transfer {{ none; }}; check-names primary ignore; check-integrity no; }};
controls {{ }};
''')
            for key in (self.key, self.weak_key):
                f.write(f'key "{key.name}" {{ algorithm {key.alg}; secret "{key.secret}"; }};\n')
            for zone in self.zones.values():  # the file of a servfail zone is missing
                policy = ""
                if zone.kind == "dynamic":
                    policy = f'update-policy {{ grant {self.key.name} subdomain {zone.name} TXT; }};'
                f.write(f'zone "{zone.name}" {{ type primary; file "{zone.file}"; {policy} }};\n')

    def _command(self):
        named = shutil.which("named", path=os.environ.get("PATH", "") + ":/usr/sbin") or "named"
        if os.path.exists("/sys/kernel/security/apparmor/profiles"):
            # the distribution's profile goes by the path and lets named read only below /etc/bind and /var
            named = shutil.copy(named, os.path.join(self.dir, "server"))
        return [named, "-g", "-n", "1", "-c", os.path.join(self.dir, "named.conf")]


class KnotServer(DnsServer):
    """knot"""
    program = "knotd"

    def _configure(self):
        with open(os.path.join(self.dir, "knot.conf"), "w", encoding="ascii") as f:
            f.write(f'''server:
  rundir: "{self.dir}"
  listen: {self.host}@{self.port}
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
database:
  storage: "{self.dir}"
log:
  - target: stderr
    any: warning
template:
  - id: default
    storage: "{self.dir}"
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
    semantic-checks: soft
key:
''')
            for key in (self.key, self.weak_key):
                f.write(f'  - id: {key.name}\n    algorithm: {key.alg}\n    secret: {key.secret}\n')
            f.write(f"acl:\n  - id: update\n    key: {self.key.name}\n    action: update\n    update-type: TXT\nzone:\n")
            for zone in self.zones.values():
                f.write(f'  - domain: "{zone.name}"\n    file: "{zone.file}"\n')
                if zone.kind == "dynamic":
                    f.write("    acl: update\n")

    def _command(self):
        knotd = shutil.which("knotd", path=os.environ.get("PATH", "") + ":/usr/sbin") or "knotd"
        return [knotd, "-c", os.path.join(self.dir, "knot.conf")]


class SilentServer:
    """Takes every question, UDP and TCP, and answers none."""

    def __init__(self):
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"

    def __enter__(self):
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.tcp = socket.socket()
        self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for s in (self.udp, self.tcp):
            s.bind(("127.0.0.1", self.port))
        self.tcp.listen(16)
        return self

    def __exit__(self, *_):
        self.udp.close()
        self.tcp.close()
