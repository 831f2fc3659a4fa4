# SPDX-License-Identifier: Apache-2.0
"""What a first start tells its operator: the steps of the main job with their times, and lines to paste."""
import os
import re
import socket
import subprocess
import zipfile

import pytest
from signet import program

STEPS = ["root CA", "intermediate CA", "ordered", "validated", "reviewed", "issued", "served", "administrator"]


def pasted(log):
    """The lines under "Try this"."""
    text = log.split("Try this", 1)[1].split("\n\n")[1]
    return [line.strip() for line in text.splitlines()]


@pytest.fixture
def named(make_signet, request):
    """A service whose data directory has a name that a shell would take apart."""
    s = make_signet(fresh=True)
    plain, s.data = s.data, os.path.join(s.top, request.param)
    s.args = [s.data if a == plain else a for a in s.args]
    return s.start()


@pytest.mark.parametrize("named", ["data", "the operator's data"], indirect=True)
def test_the_lines_of_a_first_start_work_when_pasted(named, tmp_path):
    lines = pasted(named.log())
    assert len(lines) == 5
    env = {k: v for k, v in os.environ.items() if not k.startswith("SIGNET_")}
    env.update(HOME=str(tmp_path), PATH="/usr/bin:/bin:/usr/sbin:/sbin")
    r = subprocess.run(["bash", "-u"], input="\n".join(lines) + "\n", text=True, capture_output=True, cwd=tmp_path, env=env,
                       timeout=120)
    host = socket.gethostname().lower()
    assert r.stderr == "", r.stderr
    shown, ocsp = r.stdout.split("its content is closed\n")
    assert re.search(rf"^names +{re.escape(host)}$", shown, re.M), r.stdout
    assert re.search(r"^status +issued$", shown, re.M) and re.search(r"^status +revoked$", shown, re.M)
    assert re.search(r"^status +revoked$", ocsp, re.M) and re.search(r"^reason +superseded$", ocsp, re.M), r.stdout
    assert "(signature verified)" in ocsp
    archives = list(tmp_path.glob("*.zip"))
    assert len(archives) == 1 and str(archives[0].name) in r.stdout
    with zipfile.ZipFile(archives[0]) as z:
        assert sorted(n.rsplit(".", 1)[1] for n in z.namelist()) == ["key", "pem"]


def test_the_main_job_is_seen_on_first_start_with_the_time_of_each_step(newborn):
    log = newborn.log()
    told = re.findall(r"^  (\w[\w ]*?)  +(.+?) +(\d[\d.]*) (ms|s)$", log, re.M)
    assert [t[0] for t in told] == ["root CA", "intermediate CA"] * 3 + STEPS[2:]
    assert "localhost" in next(t[1] for t in told if t[0] == "served")
    assert f"https://127.0.0.1:{newborn.https_port}/console/" in log
    assert newborn.admin["password"] not in log


def test_a_later_start_makes_nothing_anew(signet):
    signet.stop()
    before = signet.log()
    signet.start()
    log = signet.log()[len(before):]
    assert "root CA" not in log and "issued  " not in log and "Try this" in log


def test_signet_stands_where_the_lines_say(newborn):
    path = re.search(r"PATH=(\S+?):", "\n".join(pasted(newborn.log())))[1]
    assert os.path.samefile(os.path.join(path, "signet"), program("signet"))
