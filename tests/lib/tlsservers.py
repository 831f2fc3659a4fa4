# SPDX-License-Identifier: Apache-2.0
"""Real TLS servers of Debian's packages on loopback, one class each, all of them context managers with a port:

    with OpenSsl(folder, leaf, [ca], "-tls1_2") as s: ... s.port
"""
import getpass
import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess

import pg
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from ports import free_port
from signet import wait_for

SBIN = "/usr/sbin:/usr/bin:/sbin:/bin"


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


class Files:
    """Certificate (with the chain as it is to be sent) and key in files."""

    def __init__(self, folder, leaf, chain=()):
        self.dir = str(folder)
        os.makedirs(self.dir, exist_ok=True)
        self.chain = self.put("chain.pem", "".join(c.pem for c in [leaf, *chain]))
        self.above = self.put("above.pem", "".join(c.pem for c in chain))
        self.key = self.put("key.pem", leaf.key_pem())

    def put(self, name, data):
        path = os.path.join(self.dir, name)
        with open(path, "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())
        return path


class Program(Files):
    """A server that is a program of ours until the end."""

    def __init__(self, folder, leaf, chain=()):
        super().__init__(folder, leaf, chain)
        self.port = free_port()

    def argv(self):
        raise NotImplementedError

    def __enter__(self):
        with open(os.path.join(self.dir, "log"), "wb") as log:
            # its input stays open: openssl s_server ends with it
            self.proc = subprocess.Popen(self.argv(), stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=self.dir)
        wait_for(f"{type(self).__name__} in {self.dir}", lambda: accepts(self.port))
        return self

    def __exit__(self, *_):
        self.proc.send_signal(signal.SIGTERM)
        self.proc.stdin.close()
        self.proc.wait(10)


class OpenSsl(Program):
    def __init__(self, folder, leaf, chain=(), *options):
        super().__init__(folder, leaf, chain)
        self.options = options

    def argv(self):
        above = ["-cert_chain", self.above] if os.path.getsize(self.above) else []
        return ["openssl", "s_server", "-accept", f"127.0.0.1:{self.port}", "-cert", self.chain, "-key", self.key, *above, "-quiet",
                *self.options]


class GnuTls(Program):
    def __init__(self, folder, leaf, chain, priority):
        super().__init__(folder, leaf, chain)
        self.priority = priority

    def argv(self):
        return ["gnutls-serv", "--port", str(self.port), "--x509certfile", self.chain, "--x509keyfile", self.key, "--priority",
                self.priority, "--echo"]


class Nginx(Program):
    """sites: further (leaf, chain) by name; more: lines of the first server."""

    def __init__(self, folder, leaf, chain=(), name="www.example.com", sites=(), more=""):
        super().__init__(folder, leaf, chain)
        self.servers = [(name, self, more)] + [(n, Files(os.path.join(self.dir, n), x, c), "") for n, x, c in sites]

    def argv(self):
        d = self.dir
        servers = "".join(f"server {{ listen 127.0.0.1:{self.port} ssl http2; server_name {n}; ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate {f.chain};\n"
                          f"ssl_certificate_key {f.key}; {more} return 200 hello; }}\n" for n, f, more in self.servers)
        temp = "".join(f"{t}_temp_path {d}/{t}; " for t in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        conf = self.put("nginx.conf", f"daemon off; master_process off; pid {d}/pid; error_log {d}/error.log;\n"
                        f"events {{ }}\nhttp {{ access_log off; {temp}\n{servers} }}\n")
        return [shutil.which("nginx", path=SBIN), "-c", conf, "-p", d, "-e", f"{d}/error.log"]


class Dovecot(Program):
    """IMAP at port, POP3 at pop3."""

    def argv(self):
        self.pop3 = free_port()
        # the programs' own users where we may become them
        root = os.getuid() == 0
        me = "dovecot" if root else getpass.getuser()
        login = "dovenull" if root else me
        group = grp.getgrgid(pwd.getpwnam(me).pw_gid).gr_name
        dovecot = shutil.which("dovecot", path=SBIN)
        conf = self.put("dovecot.conf", f"""{self.head(dovecot)}
base_dir = {self.dir}/run
state_dir = {self.dir}/run
log_path = {self.dir}/dovecot.log
listen = 127.0.0.1
ssl = required
default_internal_user = {me}
default_internal_group = {group}
default_login_user = {login}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {self.pop3}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
service stats {{
  chroot =
}}
""")
        for path, _, _ in os.walk(self.dir):
            os.chmod(path, 0o755)
        return [dovecot, "-F", "-c", conf]

    def head(self, dovecot):
        """What Dovecot 2.3 (Debian 12) and 2.4 call differently. Nobody logs in; without users it would not start."""
        version = subprocess.run([dovecot, "--version"], check=True, capture_output=True, text=True).stdout
        if version.startswith("2.3."):
            return (f"protocols = imap pop3\nssl_cert = <{self.chain}\nssl_key = <{self.key}\n"
                    f"passdb {{\n  driver = static\n  args = nopassword=y\n}}\n"
                    f"userdb {{\n  driver = static\n  args = uid={os.getuid()} gid={os.getgid()} home={self.dir}\n}}")
        return (f"dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\nprotocols = imap pop3\n"
                f"ssl_server_cert_file = {self.chain}\nssl_server_key_file = {self.key}\n"
                f"passdb static {{\n  password = none\n}}\nuserdb static {{\n}}")


class Slapd(Program):
    def __init__(self, folder, leaf, chain=(), tls=True):
        super().__init__(folder, leaf, chain)
        self.tls = tls

    def argv(self):
        tls = f"TLSCertificateFile {self.chain}\nTLSCertificateKeyFile {self.key}\nTLSCACertificateFile {self.chain}\n" if self.tls else ""
        conf = self.put("slapd.conf", f"pidfile {self.dir}/pid\n{tls}")
        return [shutil.which("slapd", path=SBIN), "-f", conf, "-h", f"ldap://127.0.0.1:{self.port}/", "-d", "0"]


class Smtp(Files):
    def __init__(self, folder, leaf, chain=(), tls=True):
        import ssl
        super().__init__(folder, leaf, chain)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None
        if tls:
            context.load_cert_chain(self.chain, self.key)
        self.port = free_port()
        self.controller = Controller(Sink(), hostname="127.0.0.1", port=self.port, tls_context=context)

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_):
        self.controller.stop()


class Postgres(Files):
    def __init__(self, folder, leaf, chain=(), tls=True):
        super().__init__(folder, leaf, chain)
        self.tls, self.server = tls, pg.Server()
        self.port = self.server.port

    def __enter__(self):
        self.server.start()
        data = os.path.join(self.server.dir, "data")
        owner = os.stat(data)
        for name in ("chain.pem", "key.pem") if self.tls else ():
            path = shutil.copy(os.path.join(self.dir, name), data)
            os.chmod(path, 0o600)
            if os.getuid() == 0:
                os.chown(path, owner.st_uid, owner.st_gid)
        if self.tls:
            with open(os.path.join(data, "postgresql.auto.conf"), "a") as f:
                f.write("ssl = on\nssl_cert_file = 'chain.pem'\nssl_key_file = 'key.pem'\n")
            os.kill(self.server.pid(), signal.SIGHUP)
            wait_for("SSL of PostgreSQL", self.speaks_tls)
        return self

    def speaks_tls(self):
        with socket.create_connection(("127.0.0.1", self.port), 5) as s:
            s.sendall(bytes.fromhex("0000000804d2162f"))
            return s.recv(1) == b"S"

    def __exit__(self, *_):
        self.server.stop()
