# SPDX-License-Identifier: Apache-2.0
"""Completion of `signet` by the shells themselves. No service is asked."""
import os
import subprocess

import pytest
from signet import program

# What a shell does when the tabulator key is pressed behind these words.
PRESSES = {
    "bash": """source <(signet completion bash)
[[ $(complete -p signet) == *_signet* ]] || exit 3
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _signet; printf '%s\\n' "${COMPREPLY[@]}" """,
    "zsh": """autoload -Uz compinit && compinit -u -D && source <(signet completion zsh)
[[ -n $_comps[signet] ]] || exit 3
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); emulate ksh -c _signet; printf '%s\\n' "${COMPREPLY[@]}" """,
}
SHELLS = {"bash": ["bash", "--norc", "-c"], "zsh": ["zsh", "-f", "-c"]}


@pytest.fixture(params=SHELLS)
def press(request, tmp_path):
    (tmp_path / "a file.pem").write_text("")
    (tmp_path / "other").write_text("")

    def run(*words):
        env = {"PATH": os.path.dirname(program("signet")) + ":/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
        r = subprocess.run([*SHELLS[request.param], PRESSES[request.param], request.param, "signet", *words], env=env,
                           cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert r.returncode == 0 and not r.stderr, r
        # zsh matches what it was offered by itself
        return sorted(word for word in r.stdout.split("\n") if word and word.startswith(words[-1]))
    return run


def test_nouns_verbs_and_options_are_completed(press):
    assert press("app") == ["applications", "apply"]
    assert press("applications", "m") == ["message", "messages", "method"]
    assert press("applications", "list", "--st") == press("applications", "--st") == ["--state"]
    assert "--json" in press("me", "--") and "--state" not in press("me", "--")
    assert press("nothing", "") == []


def test_a_value_is_completed_as_what_it_is(press):
    assert press("login", "--admin-file", "a") == press("attachments", "upload", "3", "a") == ["a file.pem"]
    assert press("applications", "list", "--limit", "") == []
    assert press("completion", "") == ["bash", "zsh"]


def test_every_command_of_the_help_is_offered(press):
    out = subprocess.run([program("signet"), "--help"], capture_output=True, text=True, check=True).stdout
    told = [line.split()[:2] for line in out.splitlines() if line.startswith("  ") and line[2].islower()]
    offered = {noun: press(noun, "") for noun in {t[0] for t in told} - {"signet"}}
    assert set(press("")) == set(offered) | {"--help", "--version"}
    for noun, word in told:
        if offered.get(noun) and word.islower() and "|" not in word:
            assert word in offered[noun], (noun, word)
