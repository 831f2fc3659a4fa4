# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL cluster of the test's own, for pytest: `with pg.Server() as s: ... s.url`.

It ends with the test's process, whatever happens to that.
"""
import os
import shutil
import signal
import subprocess
import tempfile

from ports import free_port

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pg.sh")


class Server:
    def __init__(self, durable=False):
        self.durable, self.url, self.proc = durable, None, None
        self.dir = tempfile.mkdtemp(prefix="signet-pg-", dir="/tmp")  # short: the socket's path is bounded
        self.port = free_port()

    def start(self):
        """Makes the cluster if need be, starts it and returns its url."""
        argv = ["/bin/sh", SCRIPT, self.dir, str(self.port)] + (["durable"] if self.durable else [])
        self.proc = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.proc.stdout.readline().strip()
        if not self.url:
            raise RuntimeError(f"PostgreSQL did not start; see {self.dir}")
        return self.url

    def _end(self):
        self.proc.stdin.close()
        self.proc.wait(60)
        self.proc.stdout.close()
        self.proc = None

    def pid(self):
        with open(os.path.join(self.dir, "data/postmaster.pid")) as f:
            return int(f.readline())

    def crash(self):
        """Ends it at once without a checkpoint; start() brings it back on the same port."""
        os.kill(self.pid(), signal.SIGQUIT)
        self._end()

    def stop(self):
        """Ends it and removes its directory."""
        if self.proc:
            self._end()
        shutil.rmtree(self.dir, ignore_errors=True)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
