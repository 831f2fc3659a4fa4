# SPDX-License-Identifier: Apache-2.0
"""Debian's Apache and Tomcat with downloaded packages, as a user would put them in."""
import os
import re
import shutil
import subprocess

from ports import free_port
from signet import wait_for

TOMCAT = "/usr/share/tomcat10"


class Server:
    """A TLS server on loopback that a program of its own serves."""

    def __init__(self, folder, argv, ports, env=None, ready=None):
        self.dir, self.ports = str(folder), ports
        self.ready = ready or (lambda port: "BEGIN CERTIFICATE" in self.s_client(port))
        self.out = open(os.path.join(self.dir, "out"), "wb")
        self.proc = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=self.out, stderr=self.out, cwd=self.dir,
                                     env={**os.environ, **(env or {})})

    def __enter__(self):
        try:
            for port in self.ports:
                wait_for(f"{self.proc.args[0]}: {self.log()}", lambda: self.ready(port), 60, 0.2)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.proc.terminate()
        self.proc.wait(30)
        self.out.close()

    def log(self):
        with open(os.path.join(self.dir, "out"), errors="replace") as f:
            return f.read()[-2000:]

    def s_client(self, port, *args, name="www.example.com"):
        assert self.proc.poll() is None, self.log()
        r = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", name, *args], input="",
                           capture_output=True, text=True, timeout=30)
        return r.stdout + r.stderr

    def judged(self, port, root, name="www.example.com"):
        """The certificates that it sends, if openssl takes the chain and the name."""
        out = self.s_client(port, "-CAfile", str(root), "-verify_return_error", "-verify_hostname", name, "-showcerts", name=name)
        assert "Verification: OK" in out, out
        return re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", out, re.S)


def apache(folder, certificate, chain, key):
    port, d = free_port(), str(folder)
    modules = "\n".join(f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so" for m in ("mpm_event", "authz_core", "ssl"))
    with open(os.path.join(d, "apache.conf"), "w") as f:
        f.write(f"""{modules}
ServerName localhost
ServerRoot {d}
DefaultRuntimeDir {d}
PidFile {d}/pid
ErrorLog {d}/error.log
Listen 127.0.0.1:{port}
<VirtualHost 127.0.0.1:{port}>
  ServerName www.example.com
  DocumentRoot {d}
  SSLEngine on
  SSLCertificateFile {certificate}
  SSLCertificateChainFile {chain}
  SSLCertificateKeyFile {key}
</VirtualHost>
""")
    program = shutil.which("apache2", path="/usr/sbin:/usr/bin")
    return Server(d, [program, "-X", "-f", os.path.join(d, "apache.conf")], [port])


def tomcat(folder, *keystores, protocols="all", java=(), ready=None):
    """keystores: (type, file, password), each on a port of its own. protocols: what it speaks; java: options of its own."""
    d, ports = str(folder), [free_port() for _ in keystores]
    connectors = "".join(f"""
    <Connector port="{port}" address="127.0.0.1" protocol="org.apache.coyote.http11.Http11NioProtocol" SSLEnabled="true"
      scheme="https" secure="true" maxThreads="4" minSpareThreads="1">
      <SSLHostConfig protocols="{protocols}"><Certificate certificateKeystoreFile="{file}" certificateKeystorePassword="{password}"
        certificateKeystoreType="{kind}"/></SSLHostConfig></Connector>""" for port, (kind, file, password) in zip(ports, keystores))
    for sub in ("conf", "temp", "webapps"):
        os.makedirs(os.path.join(d, sub))
    with open(os.path.join(d, "conf/server.xml"), "w") as f:
        f.write(f"""<Server port="-1"><Service name="s">{connectors}
    <Engine name="e" defaultHost="h"><Host name="h" appBase="webapps"/></Engine></Service></Server>""")
    return Server(d, ["java", "-Xmx96m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", *java, f"-Dcatalina.home={TOMCAT}", f"-Dcatalina.base={d}",
                      f"-Djava.io.tmpdir={d}/temp", "-cp", f"{TOMCAT}/bin/bootstrap.jar:{TOMCAT}/bin/tomcat-juli.jar",
                      "org.apache.catalina.startup.Bootstrap", "start"], ports, ready=ready)
