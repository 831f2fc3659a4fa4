# SPDX-License-Identifier: Apache-2.0
"""What people name on the command lines of the offline commands: pipes, what is not there, what is no certificate. No service runs."""
import os
import subprocess

import pytest

import signet


def run(cwd, *argv, stdin=b""):
    return subprocess.run([signet.program("signet"), *argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE, input=stdin, cwd=cwd,
                          timeout=60)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    d = tmp_path_factory.mktemp("made")
    for argv in ("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout a.key -out a.pem -subj /CN=a.example",
                 "req -new -key a.key -out a.csr -subj /CN=a.example"):
        subprocess.run(["openssl", *argv.split()], cwd=d, check=True, capture_output=True)
    os.mkdir(d / "folder")
    with open(d / "big", "wb") as f:
        f.truncate(64 << 20)
    return d


# the options before the file's place
COMMANDS = {"parse": ["parse", "--kind", "cert"], "inspect": ["inspect", "--purpose", "store"], "lint": ["lint"],
            "convert": ["convert", "--to", "pem", "--force"], "verify": ["verify", "--roots", "a.pem", "--leaf"],
            "crl-check": ["crl-check", "--issuer", "a.pem", "--crl", "a.csr", "--leaf"],
            "ocsp-check": ["ocsp-check", "--issuer", "a.pem", "--response", "a.csr", "--leaf"]}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("file,says", [("not-here", b"No such file"), ("folder", b"it is a directory"), ("big", b"4194304")])
def test_a_file_that_cannot_be_read_is_a_fault_of_the_command_line(made, command, file, says):
    p = run(made, *COMMANDS[command], file)
    assert p.returncode == 2 and p.stdout == b"", p
    assert says in p.stderr and file.encode() in p.stderr and b"hint: " in p.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_a_pipe_does_as_well_as_a_file(made, command):
    pem = (made / "a.pem").read_bytes()
    by_name, piped = run(made, *COMMANDS[command], "a.pem"), run(made, *COMMANDS[command], "-", stdin=pem)
    if command in ("lint", "inspect"):  # say the file's name
        by_name.stdout = by_name.stdout.replace(b"a.pem", b"-")
    assert (piped.returncode, piped.stdout) == (by_name.returncode, by_name.stdout), piped.stderr
    shell = subprocess.run(["bash", "-c", '"$0" "$@" <(cat a.pem)', signet.program("signet"), *COMMANDS[command]], cwd=made,
                           capture_output=True)
    assert shell.returncode == by_name.returncode and (b"cannot be read" in shell.stderr) is False, shell.stderr


def test_a_folder_that_cannot_be_made_is_a_fault_of_the_command_line(made):
    for out in ("no/such", "a.pem"):
        p = run(made, "convert", "--to", "pem", "--out", out, "a.pem")
        assert p.returncode == 2 and out.encode() in p.stderr and b"Name a directory" in p.stderr


def test_of_two_certificates_of_one_key_the_servers_and_the_newer_is_taken(made, tmp_path):
    for n, days, ca in ((1, 30, "FALSE"), (2, 90, "FALSE"), (3, 900, "TRUE")):
        subprocess.run(["openssl", "req", "-x509", "-key", made / "a.key", "-out", f"{n}.pem", "-subj", f"/CN=n{n}.example", "-days", str(days),
                        "-addext", f"basicConstraints=critical,CA:{ca}"], cwd=tmp_path, check=True)
    p = run(tmp_path, "convert", "--to", "nginx", "3.pem", "1.pem", "2.pem", str(made / "a.key"))
    assert p.returncode == 0 and b"n2.example.key" in p.stdout, p


def test_apache_gets_no_chain_file_that_is_empty(made, tmp_path):
    p = run(tmp_path, "convert", "--to", "apache", str(made / "a.pem"), str(made / "a.key"))
    assert p.returncode == 0 and sorted(os.listdir(tmp_path)) == ["a.example.key", "a.example_public.crt"], p


@pytest.mark.parametrize("content,says", [
    (b"%PDF-1.7\n", "a PDF document"),
    (b"<!doctype html><title>404</title>", "a web page"),
    (b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me@here\n", "a public key of SSH"),
    (b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBF\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n", "PGP PUBLIC KEY BLOCK"),
    (b"", "it is empty"),
])
def test_what_is_no_certificate_is_called_by_its_name(made, tmp_path, content, says):
    (tmp_path / "www.cer").write_bytes(content)
    for argv in (["inspect", "www.cer"], ["convert", "--to", "pem", "www.cer"], ["parse", "--kind", "cert", "www.cer"]):
        p = run(tmp_path, *argv)
        assert p.returncode == 1 and says.encode() in p.stdout + p.stderr, p


def test_another_kind_is_called_by_its_label(made):
    for kind, file, label in (("cert", "a.csr", b"CERTIFICATE REQUEST"), ("csr", "a.pem", b"CERTIFICATE"), ("cert", "a.key", b"PRIVATE KEY")):
        p = run(made, "parse", "--kind", kind, file)
        assert p.returncode == 1 and b'but "' + label + b'"' in p.stderr


def test_pem_out_of_json_is_read_however_its_slashes_are_written(made, tmp_path):
    # an organisation of which each third byte is a "?" gives base64 a slash
    subprocess.run(["openssl", "req", "-x509", "-key", made / "a.key", "-out", "slash.pem", "-subj", "/O=" + "?" * 60], cwd=tmp_path, check=True)
    pem = (tmp_path / "slash.pem").read_text()
    assert "/" in pem
    for text in (pem.replace("\n", "\\n"), pem.replace("\n", "\\r\\n").replace("/", "\\/")):
        (tmp_path / "a.json").write_text('{"certificate": "%s"}' % text)
        assert run(tmp_path, "parse", "--kind", "cert", "a.json").returncode == 0
