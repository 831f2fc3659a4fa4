# SPDX-License-Identifier: Apache-2.0
"""Those who rely on a certificate: nginx serves it, openssl judges it, zlint reads it."""
import io
import json
import os
import re
import shutil
import subprocess
import zipfile

import pytest
from ports import free_port
from signet import wait_for


def unzip(package, folder):
    """Extracts a downloaded package; {file name: path}."""
    with zipfile.ZipFile(io.BytesIO(package)) as z:
        z.extractall(folder)
        return {name: os.path.join(folder, name) for name in z.namelist()}


class Nginx:
    """Debian's nginx with a downloaded package, as a user would put it in."""

    def __init__(self, folder, package, name="www.example.com", key=None):
        self.port, self.dir, self.name = free_port(), str(folder), name
        files = unzip(package, self.dir)
        self.pem = next(p for n, p in files.items() if n.endswith(".pem"))
        if key:
            own = os.path.join(self.dir, "own.key")
            with open(own, "wb") as f:
                f.write(key)
        key = own if key else next(p for n, p in files.items() if n.endswith(".key"))
        conf = os.path.join(self.dir, "nginx.conf")
        with open(conf, "w") as f:
            f.write(f"""daemon off; master_process off; pid {self.dir}/pid; error_log {self.dir}/error.log;
events {{ }}
http {{ access_log off; client_body_temp_path {self.dir}/t1; proxy_temp_path {self.dir}/t2;
fastcgi_temp_path {self.dir}/t3; uwsgi_temp_path {self.dir}/t4; scgi_temp_path {self.dir}/t5;
server {{ listen 127.0.0.1:{self.port} ssl; ssl_certificate {self.pem}; ssl_certificate_key {key}; return 200 hello; }} }}
""")
        self.proc = subprocess.Popen([shutil.which("nginx", path="/usr/sbin:/usr/bin"), "-c", conf, "-p", self.dir,
                                      "-e", f"{self.dir}/error.log"], stdin=subprocess.DEVNULL)

    def __enter__(self):
        wait_for("nginx", lambda: "BEGIN CERTIFICATE" in self.s_client())
        return self

    def __exit__(self, *_):
        self.proc.terminate()
        self.proc.wait(10)

    def s_client(self, *args):
        r = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{self.port}", "-servername", self.name, *args],
                           input="", capture_output=True, text=True, timeout=30)
        return r.stdout + r.stderr

    def judged(self, root, *args):
        """What `openssl s_client -verify_return_error` says of it: 0, or the number of the first error."""
        out = self.s_client("-CAfile", root, "-verify_return_error", "-verify_hostname", self.name, *args)
        error = re.search(r"verify error:num=(\d+)", out)
        if error:
            return int(error[1])
        assert "Verification: OK" in out, out
        return 0


def pem_file(folder, name, *texts):
    path = os.path.join(str(folder), name)
    with open(path, "w") as f:
        f.write("".join(texts))
    return path


def crl_pem(der):
    return subprocess.run(["openssl", "crl", "-inform", "DER"], input=der, capture_output=True, check=True).stdout.decode()


def verify_with_crl(folder, root, chain, crl):
    """`openssl verify -crl_check` of a leaf with its chain (PEM) against this list (DER): 0 or the error's number."""
    pem = pem_file(folder, "leaf.pem", chain)
    r = subprocess.run(["openssl", "verify", "-CAfile", root, "-untrusted", pem, "-crl_check", "-CRLfile",
                        pem_file(folder, "crl.pem", crl_pem(crl)), pem], capture_output=True, text=True)
    error = re.search(r"error (\d+) at", r.stdout + r.stderr)
    assert error or r.returncode == 0, r.stdout + r.stderr
    return int(error[1]) if error else 0


def ocsp(s, family, chain, folder):
    """What `openssl ocsp` prints; the answer's signature must verify up to the root."""
    issuer, root = s.ca()[family + "-1"], s.ca()[family + "-root-1"]
    with open(issuer) as a, open(root) as b:
        bundle = pem_file(folder, "bundle.pem", a.read(), b.read())
    r = subprocess.run(["openssl", "ocsp", "-issuer", issuer, "-cert", pem_file(folder, "asked.pem", chain), "-url",
                        f"{s.status_url}/ocsp/{family}-1", "-CAfile", bundle, "-timeout", "10"],
                       capture_output=True, text=True, timeout=30)
    assert "Response verify OK" in r.stderr, r.stdout + r.stderr
    return r.stdout


# The pair contradicts itself: one rule wants the extension in leaves (RFC 5280, a SHOULD), the other does not (BR 7.1.2.7.6).
SKI = {"w_ext_subject_key_identifier_missing_sub_cert", "w_ext_subject_key_identifier_not_recommended_subscriber"}


NO_ZLINT = "no zlint: Debian 12 has none, and SIGNET_ZLINT names none"


def zlint_program():
    return os.environ.get("SIGNET_ZLINT") or shutil.which("zlint")


def zlint(pem):
    """The names of the RFC 5280, Baseline and EV Requirements lints that are not content, but for the contradictory pair.
    Skips where there is none."""
    program = zlint_program()
    if not program:
        pytest.skip(NO_ZLINT)
    r = subprocess.run([program, "-includeSources", "RFC5280,CABF_BR,CABF_EV"], input=pem, capture_output=True, text=True, timeout=60)
    assert r.returncode == 0, r.stderr
    found = {k for k, v in json.loads(r.stdout).items() if v["result"] in ("warn", "error", "fatal")}
    assert len(found & SKI) <= 1
    return found - SKI
