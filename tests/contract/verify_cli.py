# SPDX-License-Identifier: Apache-2.0
"""`signet verify` on files: what it answers, how it says so, and with which exit code."""
import base64
import json
import lzma
import os
import subprocess

import pytest

SIGNET = os.environ["SIGNET"]
VECTORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../vectors/path")
NIST = "2.16.840.1.101.3.2.1.48."
PEER = {"DNS": "--name", "IP": "--ip", "RFC822": "--email"}


def suite(name):
    with lzma.open(f"{VECTORS}/{name}.jsonl.xz", "rt", encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def case(name, ending):
    return next(c for c in suite(name) if c["id"].endswith(ending))


def excused():
    with open(f"{VECTORS}/disagreements.tsv", encoding="utf-8") as f:
        return dict(line.split("\t")[:2] for line in f)


def verify(*args, code):
    p = subprocess.run([SIGNET, "verify", *args], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                       env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
    assert p.returncode == code, (args, p)
    return p


def answer(*args, code):
    return json.loads(verify("--json", *args, code=code).stdout)


def files(c, folder):
    """The case as files and the options that name them."""
    args = []
    for option, key in (("leaf", "leaf"), ("intermediates", "intermediates"), ("roots", "roots"), ("crls", "crls")):
        text = c[key] if key == "leaf" else "".join(c[key])
        if text:
            path = folder / f"{option}.pem"
            path.write_text(text)
            args += [f"--{option}", str(path)]
    return args


def question(c):
    opts, args = c.get("opts") or {}, ["--purpose", c["purpose"]]
    if c["time"]:
        args += ["--time", c["time"]]
    if c["name_kind"]:
        args += [PEER[c["name_kind"]], c["name"]]
    if opts.get("crl_check") == "all":
        args += ["--check-all-crls"]
    if opts.get("explicit_policy") == "true":
        args += ["--explicit-policy"]
    for p in filter(None, (opts.get("initial_policy_set") or "").split(",")):
        args += ["--policy", "2.5.29.32.0" if p == "anyPolicy" else NIST + p.rsplit("-", 1)[1]]
    return args


@pytest.mark.parametrize("name", ["limbo", "x509test", "bettertls", "pkits"])
def test_files_are_judged_as_the_suites_say(name, tmp_path):
    known = excused()
    for c in suite(name)[::9]:
        if "max-chain-depth" in (c.get("opts") or {}).get("features", []):
            continue
        expected = known.get(c["id"], c["expect"])
        r = answer(*files(c, tmp_path), *question(c), code=0 if expected == "ok" else 1)
        assert r["ok"] == (expected == "ok") and bool(r["faults"]) != r["ok"], c["id"]
        for f in tmp_path.iterdir():
            f.unlink()


def test_all_faults_are_told_with_place_and_cure(tmp_path):
    c = case("limbo", "expired-leaf")
    r = answer(*files(c, tmp_path), "--time", "2200-01-01T00:00:00Z", "--name", "wrong.example", code=1)
    codes = {(f["code"], f["certificate"]) for f in r["faults"]}
    assert {("expired", 0), ("name_mismatch", 0)} <= codes
    assert all(f["message"] and f["hint"] and "field" in f for f in r["faults"])
    text = verify(*files(c, tmp_path), "--time", "2200-01-01T00:00:00Z", "--name", "wrong.example", code=1).stdout
    assert text.startswith("not ok\n") and "expired (certificate 0 of the chain" in text and "hint" in text


def test_der_and_bundles_are_read_and_what_is_unreadable_is_named(tmp_path):
    c = case("pkits", "4.1.1-ValidSignaturesTest1")
    der, bundle, roots = tmp_path / "leaf.der", tmp_path / "pool.pem", tmp_path / "roots.pem"
    der.write_bytes(base64.b64decode("".join(c["leaf"].splitlines()[1:-1])))
    bundle.write_text("# a comment\r\n" + "".join(c["intermediates"]).replace("\n", "\r\n") +
                      "-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n")
    roots.write_text("".join(c["roots"]))
    args = ["--leaf", str(der), "--intermediates", str(bundle), "--roots", str(roots), "--time", c["time"], "--purpose", "any"]
    r = answer(*args, code=0)
    assert len(r["chain"]) == 3 and len(r["left_out"]) == 1 and str(bundle) in r["left_out"][0]
    assert str(bundle) in verify(*args, code=0).stderr
    # leaf and chain in one file
    both = tmp_path / "both.pem"
    both.write_text(c["leaf"] + "".join(c["intermediates"]))
    assert answer("--leaf", str(both), "--roots", str(roots), "--time", c["time"], "--purpose", "any", code=0)["ok"]


def test_a_leaf_that_cannot_be_read_and_a_name_that_is_none_are_a_no(tmp_path):
    c = case("x509test", "xf-gentime-nonzulu")
    r = answer(*files(c, tmp_path), "--purpose", "any", code=1)
    assert r["faults"][0]["code"] == "unreadable" and "validity" in r["faults"][0]["message"]
    c = case("limbo", "exact-dns-san")
    assert answer(*files(c, tmp_path), "--name", "EXAMPLE.com.", code=0)["ok"]
    r = answer(*files(c, tmp_path), "--name", "exa_mple.com", code=1)
    assert [f["code"] for f in r["faults"]] == ["name_mismatch"]


def test_a_tolerated_fault_is_told_and_the_chain_is_taken(tmp_path):
    c = case("openssl", "ee-cert.7-accept_server_purpose")  # its root has an extKeyUsage
    args = [*files(c, tmp_path), *question(c)]
    assert {f["code"] for f in answer(*args, code=1)["faults"]} == {"web_root"}
    r = answer(*args, "--tolerate", "web_root", code=0)
    assert r["ok"] and {(f["code"], f["tolerated"]) for f in r["faults"]} == {("web_root", True)}
    assert "web_root, tolerated" in verify(*args, "--tolerate", "web_root", code=0).stdout


def test_lists_are_asked_for_when_they_are_given(tmp_path):
    c = case("pkits", "4.1.1-ValidSignaturesTest1")
    args = [*files(c, tmp_path), "--time", c["time"], "--purpose", "any"]
    assert answer(*args, "--check-all-crls", code=0)["ok"]
    late = [a if a != c["time"] else "2029-01-01T00:00:00Z" for a in args]
    (tmp_path / "crls.pem").write_text(c["crls"][0])
    codes = {f["code"] for f in answer(*late, "--check-all-crls", code=1)["faults"]}
    assert codes == {"status_unknown"}


@pytest.mark.parametrize("args,word", [
    ([], "--leaf FILE and --roots FILE are needed"),
    (["--leaf", "nothing-here", "--roots", "nothing-here"], "nothing-here"),
    (["--leaf", "{}", "--roots", "{}", "--time", "yesterday"], "RFC 3339"),
    (["--leaf", "{}", "--roots", "{}", "--purpose", "mail"], "server, client, any"),
    (["--leaf", "{}", "--roots", "{}", "--policy", "1.2.3x"], "OID"),
    (["--leaf", "{}", "--roots", "{}", "--policy", "3.2.3"], "OID"),
    (["--leaf", "{}", "--roots", "{}", "--name", "a.example", "--ip", "10.0.0.1"], "exclude each other"),
    (["--leaf", "{}", "--roots", "{}", "--max-depth", "-1"], "whole number"),
    (["--leaf", "{}", "--roots", "{}", "--tolerate", "signature"], "a chain with it is none"),
    (["--leaf", "{}", "--roots", "{}", "--tolerate", "everything"], "no fault's code"),
])
def test_misuse_is_told_with_exit_code_two(args, word, tmp_path):
    pem = tmp_path / "a.pem"
    pem.write_text(case("limbo", "exact-dns-san")["leaf"])
    p = verify(*(a.format(pem) if a == "{}" else a for a in args), code=2)
    assert word in p.stderr and p.stdout == ""


@pytest.mark.parametrize("kind,command,option", [("crl", "crl-check", "crl"), ("ocsp", "ocsp-check", "response")])
def test_a_status_is_told_in_one_word_and_by_the_exit_code(kind, command, option, tmp_path):
    known = {}
    folder = os.path.join(VECTORS, "../status")
    with open(f"{folder}/disagreements.tsv", encoding="utf-8") as f:
        known = dict(line.split("\t")[:2] for line in f)
    with lzma.open(f"{folder}/{kind}-boringssl.jsonl.xz", "rt", encoding="utf-8") as f:
        cases = [json.loads(line) for line in f]
    seen = set()
    for c in cases:
        paths = {}
        for name, text in (("leaf", c["leaf"]), ("issuer", [c["issuer"], c.get("issuer2") or []]), (option, c[option])):
            paths[name] = tmp_path / name
            flat = [text] if isinstance(text, str) else [t for part in text for t in ([part] if isinstance(part, str) else part)]
            paths[name].write_text("".join(flat))
        args = [a for name, path in paths.items() for a in (f"--{name}", str(path))]
        p = subprocess.run([SIGNET, command, *args, "--time", c["time"]], capture_output=True, text=True, timeout=60)
        expected = known.get(c["id"], c["expect"])
        assert p.stdout.splitlines()[0] == expected and p.returncode == (0 if expected == "good" else 1), (c["id"], p)
        seen.add(expected)
    assert seen == {"good", "revoked", "unknown"}
    p = subprocess.run([SIGNET, command, *args, "--time", "2030-01-01T00:00:00Z", "--json"], capture_output=True, text=True)
    assert p.returncode == 1 and json.loads(p.stdout)["status"] == "unknown" and json.loads(p.stdout)["why"]
    assert subprocess.run([SIGNET, command, *args[:2]], capture_output=True).returncode == 2


@pytest.mark.parametrize("half", ["sign", "enc"])
def test_sm2_chains_verify_with_the_default_signer_id(half, tmp_path):
    sm2 = os.path.join(VECTORS, "../sm2")
    leaf, roots = f"{sm2}/tongsuo-sm2_server_{half}.crt", f"{sm2}/tongsuo-sm2_chain-ca.crt"
    args = ["--roots", roots, "--purpose", "any", "--time", "2023-06-01T00:00:00Z"]
    assert answer("--leaf", leaf, *args, code=0)["ok"]
    with open(leaf, encoding="ascii") as f:
        der = bytearray(base64.b64decode("".join(line for line in f.read().split("-----")[2].split())))
    der[-1] ^= 1
    other = tmp_path / "changed.der"
    other.write_bytes(der)
    assert [f["code"] for f in answer("--leaf", str(other), *args, code=1)["faults"]] == ["signature"]
