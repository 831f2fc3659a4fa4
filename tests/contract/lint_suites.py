# SPDX-License-Identifier: Apache-2.0
"""`signet lint` over the test suites of zlint and pkilint: what they name is found by the same name, what they call
fine is not. tests/vectors/lint/disagreements.tsv lists each case where that is not so, with its reason."""
import collections
import json
import lzma
import os
import subprocess
from pathlib import Path

import pytest

SIGNET = os.environ["SIGNET"]
VECTORS = Path(os.environ["SIGNET_VECTORS"]) / "lint"
BAD = ("error", "warn", "notice")
CHUNK = 300


def load(suite):
    with lzma.open(VECTORS / f"{suite}.jsonl.xz", "rt") as f:
        return {c["id"].split("/", 1)[1]: c for c in map(json.loads, f)}


def lint(*args, ok=(0, 1)):
    r = subprocess.run([SIGNET, "lint", *args], capture_output=True, text=True, timeout=60)
    assert r.returncode in ok, r.stderr
    return r


def judge(cases, folder):
    """The findings of each case."""
    found, names, files = collections.defaultdict(list), list(cases), []
    for i, name in enumerate(names):
        files.append(folder / str(i))
        files[-1].write_text(cases[name]["pem"])
    for i in range(0, len(files), CHUNK):
        for f in json.loads(lint("--json", *files[i:i + CHUNK]).stdout)["findings"]:
            found[names[int(Path(f["file"]).name)]].append(f)
    return found


def aka(findings):
    return {name for f in findings for name in f["also_known_as"]}


@pytest.fixture(scope="module")
def zlint(tmp_path_factory):
    cases = load("zlint")
    return cases, judge(cases, tmp_path_factory.mktemp("zlint"))


@pytest.fixture(scope="module")
def pkilint(tmp_path_factory):
    cases = load("pkilint")
    return cases, judge(cases, tmp_path_factory.mktemp("pkilint"))


def named(cases):
    return [(name, a) for name, c in cases.items() for a in c["asserts"]]


def errors(case):
    return {f["code"] for f in case["findings"] if f["severity"] in ("ERROR", "FATAL")}


def zlint_disagreements(cases, found):
    for name, a in named(cases):
        if (a["lint"] in aka(found[name])) != (a["status"] in BAD):
            yield "zlint", "missed" if a["status"] in BAD else "extra", a["lint"], name


def pkilint_disagreements(cases, found):
    for name, c in cases.items():
        ours = aka(found[name])
        every = {f["code"] for f in c["findings"]}
        for code in errors(c) - ours:
            yield "pkilint", "missed", code, name
        # those that we call errors, as pkilint does where it reports them
        for f in found[name]:
            for code in f["also_known_as"] if f["severity"] == "error" else ():
                if "." in code and code not in every:
                    yield "pkilint", "extra", code, name


def listed(suite):
    """(suite, kind, name, case) of the list. A line holds all cases of a name that have one reason."""
    lines = (VECTORS / "disagreements.tsv").read_text().splitlines()
    assert lines[0].split("\t") == ["suite", "kind", "name", "cases", "reason"]
    rows = [line.split("\t") for line in lines[1:]]
    for row in rows:
        assert len(row) == 5 and len(row[4]) > 20, row
    return [(r[0], r[1], r[2], case) for r in rows if r[0] == suite for case in r[3].split(" ")]


def agree(suite, ours):
    theirs, ours = listed(suite), sorted(set(ours))
    assert len(theirs) == len(set(theirs))
    assert ours == sorted(theirs)


def test_at_least_nine_of_ten_faults_that_zlint_names_are_found(zlint):
    cases, found = zlint
    bad = [(name, a["lint"]) for name, a in named(cases) if a["status"] in BAD]
    hit = [b for b in bad if b[1] in aka(found[b[0]])]
    assert len(bad) > 300 and len(hit) >= 0.9 * len(bad), f"{len(hit)} of {len(bad)}"


def test_no_lint_of_zlint_is_found_where_it_passes_or_does_not_apply(zlint):
    cases, found = zlint
    assert [(n, a["lint"]) for n, a in named(cases) if a["status"] not in BAD and a["lint"] in aka(found[n])] == []


def test_at_least_four_of_five_errors_that_pkilint_names_are_found(pkilint):
    cases, found = pkilint
    bad = [(name, code) for name, c in cases.items() for code in errors(c)]
    hit = [b for b in bad if b[1] in aka(found[b[0]])]
    assert len(bad) > 250 and len(hit) >= 0.8 * len(bad), f"{len(hit)} of {len(bad)}"


def test_each_disagreement_with_zlint_is_listed_with_its_reason(zlint):
    agree("zlint", zlint_disagreements(*zlint))


def test_each_disagreement_with_pkilint_is_listed_with_its_reason(pkilint):
    agree("pkilint", pkilint_disagreements(*pkilint))


def test_a_certificate_in_which_zlint_finds_nothing_has_no_error_that_zlint_could_have_found(zlint):
    """Errors of rules that zlint knows, by the names of zlint 3.6.2; younger lints are judged by what they assert."""
    cases, found = zlint
    known = {x for c in cases.values() for x in c["zlint3.6.2_fail"]}
    for name, c in cases.items():
        if c["kind"] == "cert" and not c["zlint3.6.2_fail"]:
            asserted = {a["lint"] for a in c["asserts"] if a["status"] in BAD}
            ours = {x for f in found[name] if f["severity"] == "error" for x in f["also_known_as"]}
            assert not (ours & known) - asserted, name


# -- the command

@pytest.fixture
def leaf(zlint, tmp_path):
    f = tmp_path / "leaf.pem"
    f.write_text(zlint[0]["ocsp_cert_cdp_forbidden_ko1.pem"]["pem"])
    return f


def test_findings_say_rule_source_place_severity_cure_and_other_names(leaf):
    r = lint("--json", leaf, ok=(1,))
    answer = json.loads(r.stdout)
    assert answer["ok"] is False and answer["judged"] == 1
    f = next(f for f in answer["findings"] if f["rule"] == "ocsp-cdp")
    assert f["severity"] == "error" and f["source"] == "BR 7.1.2.8" and f["file"] == str(leaf) and f["nth"] == 1
    assert f["place"] == "cRLDistributionPoints" and f["text"] and f["cure"]
    assert "e_ocsp_cert_cdp_forbidden" in f["also_known_as"]


def test_text_says_the_same(leaf):
    r = lint(leaf, ok=(1,))
    assert f"{leaf}: error: cRLDistributionPoints [BR 7.1.2.8] ocsp-cdp: " in r.stdout
    assert "also known as e_ocsp_cert_cdp_forbidden" in r.stdout
    assert "1 judged: " in r.stderr


def test_a_file_of_several_certificates_and_lists_is_judged_whole(zlint, tmp_path):
    f = tmp_path / "bundle.pem"
    f.write_text("\n".join(zlint[0][n]["pem"] for n in ("ocsp_cert_cdp_forbidden_ko1.pem", "crl_number_negative.pem")))
    answer = json.loads(lint("--json", f, ok=(1,)).stdout)
    assert answer["judged"] == 2
    assert {(x["nth"], x["rule"]) for x in answer["findings"]} >= {(1, "ocsp-cdp"), (2, "crl-number-range")}


def test_der_is_judged_as_pem_is(zlint, tmp_path):
    for name, rule in (("ocsp_cert_cdp_forbidden_ko1.pem", "ocsp-cdp"), ("crl_number_negative.pem", "crl-number-range")):
        pem = tmp_path / name
        pem.write_text(zlint[0][name]["pem"])
        der = tmp_path / (name + ".der")
        kind = "crl" if name.startswith("crl") else "x509"
        subprocess.run(["openssl", kind, "-in", pem, "-outform", "DER", "-out", der], check=True)
        assert rule in {f["rule"] for f in json.loads(lint("--json", der, ok=(1,)).stdout)["findings"]}


def test_a_damaged_certificate_says_where_it_ends_to_be_one(zlint, tmp_path):
    pem = tmp_path / "leaf.pem"
    pem.write_text(zlint[0]["ocsp_cert_cdp_forbidden_ko1.pem"]["pem"])
    der = subprocess.run(["openssl", "x509", "-in", pem, "-outform", "DER"], check=True, capture_output=True).stdout
    f = tmp_path / "cut.der"
    f.write_bytes(der[:100])
    answer = json.loads(lint("--json", f, ok=(1,)).stdout)
    assert [x["rule"] for x in answer["findings"]] == ["certificate-malformed"]
    assert answer["findings"][0]["place"] == "certificate, at byte 4"  # whose length says more than there is


def test_a_file_without_a_certificate_and_no_file_are_refused(tmp_path):
    f = tmp_path / "empty.pem"
    f.write_text("nothing\n")
    assert "holds no certificate" in lint(f, ok=(1,)).stderr
    assert "missing.pem" in lint(tmp_path / "missing.pem", ok=(2,)).stderr
    assert "no file was named" in lint(ok=(2,)).stderr


def test_the_rules_are_listed(zlint):
    rules = json.loads(lint("--rules", "--json").stdout)
    assert len(rules) >= 150 and len({r["rule"] for r in rules}) == len(rules)
    assert lint("--rules").stdout.count("\n") == len(rules)
    assert any(r["from"] == "2020-09-01" for r in rules)
