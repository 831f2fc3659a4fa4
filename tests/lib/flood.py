# SPDX-License-Identifier: Apache-2.0
"""10,000 connections that hold on and give little, from many loopback addresses, by a process of its own.

    with Flood(port, [b"", b"GET / HTTP/1.1\\r\\nX-A: "], drip=b"a") as flood:
        flood.all_sent()     # whether every attempt was made

Each connection gives one of the texts in turn and then is held until the server closes it; drip: every tenth one sends
that once a second. through_tls=N: N whole handshakes instead (they cost us as much as the server), each giving its text
through TLS. `worst()` and `peak_mb()` say how a server bears it.
"""
import errno
import glob
import http.client
import json
import resource
import select
import socket
import ssl
import subprocess
import sys
import time

ATTEMPTS = 10000


def client_hello():
    """The first flight of a TLS client."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.wrap_bio(incoming, outgoing, server_hostname="signet.example").do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


class Flood:
    def __init__(self, port, gives, drip=b"", through_tls=0):
        self.order = {"port": port, "gives": [g.hex() for g in gives], "drip": drip.hex(), "through_tls": through_tls}
        self.sent = False

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.process.stdin.write(json.dumps(self.order).encode() + b"\n")
        self.process.stdin.flush()
        self.ready = select.poll()
        self.ready.register(self.process.stdout)
        return self

    def all_sent(self):
        if not self.sent and self.ready.poll(0):
            line = self.process.stdout.readline()
            assert line == b"all sent\n", f"the attackers ended: {line}"
            self.sent = True
        return self.sent

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def peak_mb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return next(int(line.split()[1]) / 1024 for line in f if line.startswith("VmHWM"))


def cpu_s(pid):
    """Processor time of all threads: what a machine that is busy with others does not lengthen."""
    total = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        try:
            with open(path, encoding="ascii") as f:
                total += int(f.read().split()[0])
        except OSError:
            pass
    return total / 1e9


class Asked:
    """How new clients fared: their number, the slowest one's seconds, and the most processor time used meanwhile."""

    def __init__(self):
        self.n, self.worst_s, self.worst_cpu_s, self.took_s = 0, 0.0, 0.0, 0.0


def ask_as_clients_do(ask):
    """Who is closed before the answer began asks again on a new connection (RFC 9110 9.2.2): its time counts."""
    try:
        ask()
    except (http.client.RemoteDisconnected, ConnectionResetError):
        ask()


def ask_during(flood, pid, ask, timeout=60):
    """Calls ask() again and again until a second after the last attempt."""
    out, start, sent = Asked(), time.monotonic(), None
    while sent is None or time.monotonic() - sent < 1:
        began, cpu = time.monotonic(), cpu_s(pid)
        ask_as_clients_do(ask)
        out.n += 1
        out.worst_s = max(out.worst_s, time.monotonic() - began)
        out.worst_cpu_s = max(out.worst_cpu_s, cpu_s(pid) - cpu)
        if sent is None and flood.all_sent():
            sent = time.monotonic()
            out.took_s = sent - start
        assert time.monotonic() - start < timeout, "the attack does not end"
        time.sleep(0.01)
    return out


# -- the attackers' process

def attack(port, gives):
    """All attempts as fast as they go, each held until the server closes it."""
    held = {}
    poll = select.epoll()
    for i in range(ATTEMPTS):
        s = socket.socket()
        s.setblocking(False)
        s.bind((f"127.0.{i % 4}.{1 + i % 200}", 0))
        code = s.connect_ex(("127.0.0.1", port))
        if code not in (0, errno.EINPROGRESS):
            raise OSError(code)
        held[s.fileno()] = s, gives[i % len(gives)]
        poll.register(s, select.EPOLLOUT | select.EPOLLRDHUP)
        if i % 50 == 0 or i == ATTEMPTS - 1:
            for fd, event in poll.poll(0 if i < ATTEMPTS - 1 else 1):
                if event & (select.EPOLLHUP | select.EPOLLERR | select.EPOLLRDHUP):
                    poll.unregister(fd)
                    held.pop(fd)[0].close()
                elif event & select.EPOLLOUT:
                    poll.modify(fd, select.EPOLLRDHUP)
                    give(*held[fd])
    return [s for s, _ in held.values()]


def give(s, data):
    try:
        s.send(data)
    except OSError:
        pass


def attack_through_tls(port, gives, n):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    held = []
    for i in range(n):
        try:
            s = socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(f"127.0.1.{1 + i % 200}", 0))
            held.append(context.wrap_socket(s, server_hostname="signet.example"))
            held[-1].sendall(gives[i % len(gives)])
        except OSError:
            pass
    return held


def main():
    order = json.loads(sys.stdin.readline())
    gives, drip = [bytes.fromhex(g) for g in order["gives"]], bytes.fromhex(order["drip"])
    resource.setrlimit(resource.RLIMIT_NOFILE, (ATTEMPTS + 100,) * 2)
    if order["through_tls"]:
        held = attack_through_tls(order["port"], gives, order["through_tls"])
    else:
        held = attack(order["port"], gives)
    print("all sent", flush=True)
    while not select.select([sys.stdin], [], [], 1 if drip else None)[0]:
        for s in held[::10]:
            give(s, drip)


if __name__ == "__main__":
    main()
