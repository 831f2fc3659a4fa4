# SPDX-License-Identifier: Apache-2.0
"""Ports for the servers of tests: kept while the test's process lives, also while the server on them is restarted."""
import contextlib
import fcntl
import os
import random
import socket
import tempfile

LOW = 10000
TRIES = 2000

_lock = os.open(os.path.join(tempfile.gettempdir(), f"signet-test-ports-{os.getuid()}"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
_dice = random.SystemRandom()


def _high():
    """Below what the kernel gives to connections: none of them takes the port while its server is away."""
    with open("/proc/sys/net/ipv4/ip_local_port_range") as f:
        low = int(f.read().split()[0])
    return low if low > LOW + 1000 else 65536


def _reserved(port):
    """No other test's process has the port: a lock on the byte of its number in a file for all."""
    with contextlib.suppress(OSError):
        fcntl.lockf(_lock, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
        return True
    return False


def _unused(host, port):
    with socket.socket() as t, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as u, contextlib.suppress(OSError):
        t.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        t.bind((host, port))
        u.bind((host, port))
        return True
    return False


_given = set()


def free_port(host="127.0.0.1"):
    """A port that is free for TCP and UDP alike, given once."""
    high = _high()
    for _ in range(TRIES):
        port = _dice.randrange(LOW, high)
        if port not in _given and _reserved(port) and _unused(host, port):
            _given.add(port)
            return port
    raise RuntimeError(f"no port of {host} is free for UDP and TCP")
