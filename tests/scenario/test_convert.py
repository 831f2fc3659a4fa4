# SPDX-License-Identifier: Apache-2.0
"""`signet convert`: what it makes is read by the programs that it is made for. No service runs."""
import json
import os
import subprocess

import pytest

import signet

SECRET = "changeit"


def run(*argv, **more):
    return subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def openssl(cwd, *argv):
    p = run("openssl", *argv, cwd=cwd)
    assert p.returncode == 0, p.stderr
    return p.stdout


def convert(cwd, *argv):
    return run(signet.program("signet"), "convert", *argv, cwd=cwd)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A certificate, its key, its issuer and the root, by another program."""
    d = tmp_path_factory.mktemp("made")
    with open(d / "ca.ext", "w") as f:
        f.write("basicConstraints=critical,CA:TRUE\n")
    openssl(d, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=Root")
    openssl(d, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.csr", "-subj", "/CN=Issuer")
    openssl(d, "x509", "-req", "-in", "ca.csr", "-CA", "root.pem", "-CAkey", "root.key", "-out", "ca.pem", "-extfile", "ca.ext")
    openssl(d, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "www.key", "-out", "www.csr",
            "-subj", "/CN=www.example.com")
    openssl(d, "x509", "-req", "-in", "www.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-out", "www.pem")
    with open(d / "mixed.pem", "w") as f:  # in no order, the root twice
        for name in ("root.pem", "www.key", "ca.pem", "root.pem", "www.pem"):
            f.write("some text\n" + open(d / name).read())
    return d


def modulus(cwd, *argv):
    return openssl(cwd, "pkey", "-pubout", *argv)


def test_pem_files_are_put_in_order_for_nginx_and_apache(made):
    p = convert(made, "--to", "nginx", "--out", "nginx", "mixed.pem")
    assert p.returncode == 0, p.stderr
    pem = open(made / "nginx/www.example.com.pem").read()
    order = [open(made / n).read() for n in ("www.pem", "ca.pem", "root.pem")]
    assert pem == "".join(order)
    assert os.stat(made / "nginx/www.example.com.key").st_mode & 0o777 == 0o600
    assert modulus(made, "-in", "nginx/www.example.com.key") == modulus(made, "-in", "www.key")
    p = convert(made, "--to", "apache", "--out", "apache", "--json", "mixed.pem")
    assert p.returncode == 0, p.stderr
    assert [os.path.basename(f) for f in json.loads(p.stdout)["files"]] == \
        ["www.example.com_public.crt", "www.example.com_chain.crt", "www.example.com.key"]
    assert open(made / "apache/www.example.com_public.crt").read() == order[0]


def test_a_pfx_and_a_java_keystore_open_with_their_password_elsewhere(made):
    assert convert(made, "--to", "pfx", "--out", "pfx", "mixed.pem").returncode == 0
    text = openssl(made, "pkcs12", "-in", "pfx/www.example.com.pfx", "-passin", "file:pfx/www.example.com_password.txt", "-nodes")
    assert text.count("BEGIN CERTIFICATE") == 3 and text.count("BEGIN PRIVATE KEY") == 1
    assert convert(made, "--to", "jks", "--out", "jks", "--new-password", SECRET, "mixed.pem").returncode == 0
    assert os.listdir(made / "jks") == ["www.example.com.jks"]
    p = run("keytool", "-list", "-rfc", "-keystore", "jks/www.example.com.jks", "-storepass", SECRET, cwd=made)
    assert p.returncode == 0, p.stdout
    assert "PrivateKeyEntry" in p.stdout and p.stdout.count("BEGIN CERTIFICATE") == 3


def test_what_java_and_openssl_write_comes_back_as_it_was(made):
    openssl(made, "pkcs12", "-export", "-legacy", "-in", "www.pem", "-inkey", "www.key", "-certfile", "ca.pem", "-out", "old.p12",
            "-passout", f"pass:{SECRET}")
    p = run("keytool", "-importkeystore", "-srckeystore", "old.p12", "-srcstorepass", SECRET, "-destkeystore", "java.jks",
            "-deststoretype", "JKS", "-deststorepass", SECRET, cwd=made)
    assert p.returncode == 0, p.stdout + p.stderr
    p = run("keytool", "-importkeystore", "-srckeystore", "old.p12", "-srcstorepass", SECRET, "-destkeystore", "java.jceks",
            "-deststoretype", "JCEKS", "-deststorepass", SECRET, cwd=made)
    assert p.returncode == 0, p.stdout + p.stderr
    openssl(made, "crl2pkcs7", "-nocrl", "-certfile", "www.pem", "-certfile", "ca.pem", "-outform", "DER", "-out", "both.p7b")
    openssl(made, "pkcs8", "-topk8", "-in", "www.key", "-passout", f"pass:{SECRET}", "-out", "locked.key")
    for n, files in enumerate((["old.p12"], ["java.jks"], ["java.jceks"], ["both.p7b", "locked.key"])):
        p = convert(made, "--to", "pem", "--out", f"back{n}", "--password", SECRET, *files)
        assert p.returncode == 0, (files, p.stderr)
        assert open(made / f"back{n}/www.example.com.pem").read() == open(made / "www.pem").read() + open(made / "ca.pem").read()
        assert modulus(made, "-in", f"back{n}/www.example.com.key") == modulus(made, "-in", "www.key")


def test_der_and_pkcs7_are_read_by_others(made):
    assert convert(made, "--to", "der", "--out", "der", "mixed.pem").returncode == 0
    assert openssl(made, "x509", "-inform", "DER", "-in", "der/www.example.com_chain1.cer").strip() == open(made / "ca.pem").read().strip()
    assert convert(made, "--to", "p7", "--out", "p7", "www.pem", "ca.pem").returncode == 0
    p = run("certtool", "--p7-info", "--inder", "--infile", "p7/www.example.com.p7b", cwd=made)
    assert p.returncode == 0 and "Number of certificates: 2" in p.stdout


@pytest.mark.parametrize("argv, code, says", [
    (["--to", "zip", "www.pem"], 2, "--to is one of"),
    (["--to", "pfx", "www.pem"], 1, "KEY_NONE"),
    (["--to", "pem", "www.pem", "root.key"], 1, "KEY_MISMATCH"),
    (["--to", "pem", "mixed.pem", "root.key"], 1, "CERT_SEVERAL"),
    (["--to", "pem", "www.csr"], 1, "there is no certificate"),
    (["--to", "pem", "ca.ext"], 1, "FIELD_FORM"),
    (["--to", "jks", "--new-password", "short", "mixed.pem"], 1, "6 to"),
    (["--to", "pem", "missing.pem"], 2, "missing.pem"),
])
def test_what_cannot_be_converted_is_said(made, argv, code, says):
    p = convert(made, "--out", "never", *argv)
    assert p.returncode == code and says in p.stderr, p.stderr


def test_a_protected_file_says_so_and_a_wrong_passphrase_too(made):
    openssl(made, "pkcs8", "-topk8", "-in", "www.key", "-passout", f"pass:{SECRET}", "-out", "shut.key")
    p = convert(made, "--to", "pem", "--out", "never", "www.pem", "shut.key")
    assert p.returncode == 1 and "KEY_LOCKED" in p.stderr
    p = convert(made, "--to", "pem", "--out", "never", "--password", "wrong", "www.pem", "shut.key")
    assert p.returncode == 1 and "PASSPHRASE_WRONG" in p.stderr
    for typed, code in (("", 2), (SECRET, 0)):
        p = run(signet.program("signet"), "convert", "--to", "pem", "--out", "asked", "--password", "-", "www.pem", "shut.key",
                cwd=made, input=typed)
        assert p.returncode == code, p.stderr


def test_files_that_are_there_are_not_written_over_unasked(made):
    assert convert(made, "--to", "der", "--out", "twice", "www.pem").returncode == 0
    p = convert(made, "--to", "der", "--out", "twice", "www.pem")
    assert p.returncode == 1 and "--force" in p.stderr
    assert convert(made, "--to", "der", "--out", "twice", "--force", "www.pem").returncode == 0
