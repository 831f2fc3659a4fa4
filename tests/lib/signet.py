# SPDX-License-Identifier: Apache-2.0
"""Starts the service of a build folder on a fresh data directory and talks to it as its users do.

    with Signet(db="sqlite") as s:
        s.ok("GET", "/api/v1/products")
        s.inject("issue.signed", "kill"); s.advance(days=31); s.kill("core"); s.restart()

Needs the testing build (SIGNET_BUILD, default build-testing) for inject() and the clock. Everything listens on loopback.
"""
import base64
import glob
import http.client
import json
import os
import shutil
import signal
import ssl
import subprocess
import tempfile
import time

from ports import free_port

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(TOP, os.environ.get("SIGNET_BUILD", "build-testing"))
NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME
# Sanitizers, valgrind and loaded machines: all waiting times are multiplied by this.
SLOW = float(os.environ.get("SIGNET_TEST_SLOW", "1"))


def program(name):
    """build-testing/signetd, or where Meson puts it when no Makefile has linked it to the top."""
    for path in (f"{BUILD}/{name}", f"{BUILD}/src/daemon/{name}", f"{BUILD}/src/cli/{name}"):
        if os.path.isfile(path):
            return path
    raise FileNotFoundError(f"{name} is not in {BUILD}: make build-testing")


def wait_for(what, fn, timeout=15, every=0.02):
    """fn()'s first true value; AssertionError with `what` when the time is over."""
    end = time.monotonic() + timeout * SLOW
    while True:
        got = fn()
        if got:
            return got
        assert time.monotonic() < end, f"waited {timeout * SLOW:g} s for {what}"
        time.sleep(every)


class Reply:
    """An answer: status, headers (lower case), body as bytes; json is None when it is none."""

    def __init__(self, status, headers, body):
        self.status, self.body = status, body
        self.headers = {k.lower(): v for k, v in headers}
        kind = self.headers.get("content-type", "").split(";")[0]
        self.json = json.loads(body) if body and kind.endswith(("/json", "+json")) else None

    @property
    def code(self):
        """The error code of a problem, else None."""
        return self.json.get("code") if isinstance(self.json, dict) and self.status >= 400 else None

    def __repr__(self):
        return f"<{self.status} {self.body[:600]!r}>"


class Signet:
    def __init__(self, db="sqlite", args=(), env=None, resolver=None, trust_anchor=None, status_url=None):
        # Readable on the way down: roles run as users of their own, and their parent folders must let them through.
        self.top = tempfile.mkdtemp(prefix="signet-test-", dir="/tmp")
        os.chmod(self.top, 0o755)
        self.data = os.path.join(self.top, "data")
        self.log_path = os.path.join(self.top, "log")
        self.inject_dir = os.path.join(self.top, "inject")
        self.clock_path = os.path.join(self.inject_dir, "clock")  # the sandbox lets roles into this folder
        os.mkdir(self.inject_dir)
        os.chmod(self.inject_dir, 0o777)
        with open(self.clock_path, "wb") as f:
            f.write(b"\0" * 4096)
        os.chmod(self.clock_path, 0o666)
        self.shift_ms = 0
        self.db = db
        self.https_port, self.http_port = free_port(), free_port()
        self.status_url = status_url or f"http://127.0.0.1:{self.http_port}"
        self.args = ["--data", self.data, "--db", db, "--listen-https", f"127.0.0.1:{self.https_port}",
                     "--listen-http", f"127.0.0.1:{self.http_port}", "--status-url", self.status_url]
        if resolver:
            self.args += ["--resolver", resolver]
        if trust_anchor:
            self.args += ["--trust-anchor", trust_anchor]
        self.args += list(args)
        self.env = {**os.environ, "SIGNET_TEST_INJECT_DIR": self.inject_dir, "SIGNET_TEST_CLOCK": self.clock_path,
                    "SIGNET_TEST_BACKOFF_MAX_MS": "400", **(env or {})}
        self.proc = None
        self._admin = None

    # -- life

    def start(self, wait=True, timeout=60):
        assert not self.proc, "runs already"
        with open(self.log_path, "ab") as log:
            self.proc = subprocess.Popen([program("signetd"), *self.args], stdin=subprocess.DEVNULL, stdout=log,
                                         stderr=log, env=self.env, cwd=self.top)
        if wait:
            self.wait_ready(timeout)
        return self

    def wait_ready(self, timeout=60):
        def ready():
            code = self.proc.poll()
            assert code is None, f"signetd ended with {code} instead of becoming ready:\n{self.log()[-4000:]}"
            try:
                return self.rest("GET", "/healthz", key=None, timeout=5).status == 200
            except (OSError, ssl.SSLError, http.client.HTTPException):
                return False
        wait_for("/healthz", ready, timeout, every=0.05)

    def stop(self, timeout=30):
        """SIGTERM, as an operator would; the exit code. What does not end in time is killed, and that is a failure."""
        if not self.proc:
            return None
        family = self._family()
        if self.proc.poll() is None:
            self.proc.send_signal(signal.SIGTERM)
        try:
            code = self.proc.wait(timeout * SLOW)
        except subprocess.TimeoutExpired:
            self.kill_all()
            raise AssertionError(f"signetd did not stop within {timeout} s:\n{self.log()[-4000:]}") from None
        self.proc = None
        wait_for("the roles to end with their supervisor", lambda: not any(_alive(p) for p in family), 10)
        return code

    def kill_all(self):
        """SIGKILL to the supervisor and all roles: a power failure, but for what the kernel holds."""
        family = self._family()
        for pid in family:
            _kill(pid, signal.SIGKILL)
        if self.proc:
            self.proc.wait(30)
            self.proc = None
        wait_for("the killed roles to be gone", lambda: not any(_alive(p) for p in family), 10)

    def restart(self, **kw):
        self.stop()
        return self.start(**kw)

    def close(self):
        try:
            if self.proc and self.proc.poll() is None:
                self.stop()
        finally:
            if self.proc:
                self.kill_all()
            shutil.rmtree(self.top, ignore_errors=True)

    def __enter__(self):
        if not self.proc:
            self.start()
        return self

    def __exit__(self, *_):
        self.close()

    # -- processes

    def _family(self):
        """The supervisor's pid and those of all processes below it."""
        out = [self.proc.pid] if self.proc else []
        for pid in out:
            out += _children(pid)
        return out

    def pid(self, role):
        """The pid of "supervisor", "core" or "signer"; None while there is none."""
        if role == "supervisor":
            return self.proc.pid
        for pid in self._family()[1:]:
            if _role(pid) == role:
                return pid
        return None

    def kill(self, role, sig=signal.SIGKILL):
        pid = wait_for(f"the {role}", lambda: self.pid(role))
        _kill(pid, sig)
        return pid

    def kill_these(self, pids):
        """SIGKILL to processes that may be dead already; their successors are not waited for."""
        for pid in pids:
            _kill(pid, signal.SIGKILL)
        wait_for("the killed roles to be gone", lambda: not any(_alive(p) for p in pids), 10)

    # -- faults and time (testing build)

    def inject(self, point, action):
        """At the next passing of the point: "kill", "fail" or "sleep:MS"."""
        path = os.path.join(self.inject_dir, point)
        with open(path + ".new", "w") as f:
            f.write(action)
        os.chmod(path + ".new", 0o666)
        os.rename(path + ".new", path)

    def armed(self, point):
        """Whether the injection still waits for its passing."""
        return os.path.exists(os.path.join(self.inject_dir, point))

    def disarm(self):
        for path in glob.glob(os.path.join(self.inject_dir, "*")):
            if path != self.clock_path:
                os.unlink(path)

    def passed(self):
        """The names of all points passed so far, in order, all processes together."""
        try:
            with open(os.path.join(self.inject_dir, "passed")) as f:
                return f.read().split()
        except FileNotFoundError:
            return []

    def clock(self, shift_ms):
        """The wall clock of all roles runs this much ahead (less than 0: behind) of the machine's."""
        self.shift_ms = int(shift_ms)
        fd = os.open(self.clock_path, os.O_WRONLY)
        try:
            os.pwrite(fd, str(self.shift_ms).encode().ljust(32, b" "), 0)  # never shorter: the file is mapped
        finally:
            os.close(fd)

    def advance(self, days=0, seconds=0):
        self.clock(self.shift_ms + int(days * 86400 + seconds) * 1000)

    def now_ms(self):
        return int(time.time() * 1000) + self.shift_ms

    # -- what it says

    def log(self):
        try:
            with open(self.log_path, errors="replace") as f:
                return f.read()
        except FileNotFoundError:
            return ""

    def events(self, name):
        """The log lines of an event."""
        return [line for line in self.log().splitlines() if f" {name} " in line + " "]

    @property
    def admin(self):
        """admin.json: url, account, user, password, AccessKeyId, AccessKeySecret."""
        if not self._admin:
            with open(os.path.join(self.data, "admin.json")) as f:
                self._admin = json.load(f)
        return self._admin

    @property
    def admin_key(self):
        return f'{self.admin["AccessKeyId"]}.{self.admin["AccessKeySecret"]}'

    def ca(self):
        """{issuer's name: path of its PEM}."""
        return {os.path.basename(p)[:-4]: p for p in glob.glob(os.path.join(self.data, "ca", "*.pem"))}

    def roots(self):
        """A file with all of them, for clients that take one."""
        path = os.path.join(self.top, "ca.pem")
        with open(path, "w") as out:
            for name in sorted(self.ca().values()):
                with open(name) as f:
                    out.write(f.read())
        return path

    def tls(self):
        """Trusts what DIR/ca holds and nothing else; names are checked."""
        ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if self.shift_ms:
            ctx.verify_flags |= NO_CHECK_TIME  # the library knows the machine's clock alone
        for path in self.ca().values():
            try:
                ctx.load_verify_locations(path)
            except ssl.SSLError:
                pass  # a library that knows no SM2
        return ctx

    # -- REST

    def rest(self, method, path, json=None, key="", session=None, headers=None, body=None, timeout=30):
        """One request. key: "ID.SECRET", "" for the administrator's, None for none; session: the cookie's value."""
        head = {"Accept": "application/json, */*;q=0.5"}
        if key == "" and not session:
            key = self.admin_key
        if key:
            head["Authorization"] = "Bearer " + key
        if session:
            head["Cookie"] = session
            head["Origin"] = f"https://localhost:{self.https_port}"
        if json is not None:
            body = _dumps(json)
            head["Content-Type"] = "application/json"
        head.update(headers or {})
        conn = http.client.HTTPSConnection("localhost", self.https_port, timeout=timeout * SLOW, context=self.tls())
        try:
            conn.request(method, path, body=body, headers=head)
            r = conn.getresponse()
            return Reply(r.status, r.getheaders(), r.read())
        finally:
            conn.close()

    def ok(self, method, path, json=None, **kw):
        """The same for a request that must succeed: its JSON (or bytes)."""
        r = self.rest(method, path, json, **kw)
        assert r.status < 400, f"{method} {path}: {r}"
        return r.json if r.json is not None else r.body

    def plain(self, method, path, body=None, headers=None, timeout=30):
        """One request to the plain HTTP listener (CRL, OCSP, AIA)."""
        conn = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=timeout * SLOW)
        try:
            conn.request(method, path, body=body, headers=headers or {})
            r = conn.getresponse()
            return Reply(r.status, r.getheaders(), r.read())
        finally:
            conn.close()

    # -- the command line

    def cli_env(self, key=""):
        """What `signet` reads instead of a profile."""
        return dict(os.environ, HOME=self.top, SIGNET_URL=f"https://localhost:{self.https_port}", SIGNET_CA=self.roots(),
                    SIGNET_KEY=self.admin_key if key == "" else key, LC_ALL="C.UTF-8", SIGNET_TEST_CLOCK=self.clock_path)

    def cli(self, *args, key="", stdin=None, code=0):
        """Runs `signet ARGS`; its standard output. code: the exit code that is right; None: any."""
        r = subprocess.run([program("signet"), *map(str, args)], input=stdin, text=True, capture_output=True,
                           env=self.cli_env(key), timeout=120 * SLOW, cwd=self.top)
        assert code is None or r.returncode == code, f"signet {args}: exit {r.returncode}\n{r.stdout}\n{r.stderr}"
        return r.stdout

    def cli_json(self, *args, **kw):
        return json.loads(self.cli(*args, "--json", **kw))


def _dumps(value):
    return value if isinstance(value, (bytes, str)) else json.dumps(value)


def _children(pid):
    out = []
    for path in glob.glob(f"/proc/{pid}/task/*/children"):
        try:
            with open(path) as f:
                out += map(int, f.read().split())
        except OSError:
            pass
    return out


def _role(pid):
    """A role is known by its program: the signer is one of its own; what else signetd starts is the core."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as f:
            words = f.read().split(b"\0")
        with open(f"/proc/{pid}/comm") as f:
            comm = f.read().strip()
    except OSError:
        return None
    return "signer" if b"signet-signer" in os.path.basename(words[0]) or "signer" in comm else "core"


def _alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as f:
            return f.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _kill(pid, sig):
    try:
        os.kill(pid, sig)
    except ProcessLookupError:
        pass


def pem_blocks(text, kind="CERTIFICATE"):
    """The DER of each block of this kind."""
    out = []
    for part in text.split(f"-----BEGIN {kind}-----")[1:]:
        out.append(base64.b64decode("".join(part.split(f"-----END {kind}-----")[0].split())))
    return out
