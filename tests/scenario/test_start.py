# SPDX-License-Identifier: Apache-2.0
"""The service starts on an empty directory, answers, is confined to loopback and its data, and stops when told to."""
import os
import re
import shutil
import signal
import stat
import subprocess

import pytest
from customer import Customer
from signet import program, wait_for


def test_first_start_writes_admin_json_for_its_owner_alone(newborn):
    assert stat.S_IMODE(os.stat(os.path.join(newborn.data, "admin.json")).st_mode) == 0o600
    assert {"url", "account", "user", "password", "AccessKeyId", "AccessKeySecret"} <= set(newborn.admin)
    assert len(newborn.admin["password"]) >= 16


def test_its_own_certificate_is_from_its_own_authority_and_names_localhost(newborn):
    # rest() trusts DIR/ca alone and checks the name
    assert newborn.rest("GET", "/healthz", key=None).status == 200


def test_ca_holds_roots_and_intermediates_of_all_three_families(newborn):
    assert len(newborn.ca()) >= 6


def test_nobody_is_let_in_without_a_key(newborn):
    r = newborn.rest("GET", "/api/v1/certificates", key=None)
    assert (r.status, r.code) == (401, "UNAUTHENTICATED")
    assert r.json["hint"]
    wrong = newborn.admin["AccessKeyId"] + "." + "A" * 43
    assert newborn.rest("GET", "/api/v1/certificates", key=wrong).status == 401


def test_secrets_stand_in_no_log(newborn):
    newborn.rest("GET", "/api/v1/certificates")
    log = newborn.log()
    assert newborn.admin["password"] not in log and newborn.admin["AccessKeySecret"] not in log


def test_sigterm_stops_cleanly_and_a_second_start_keeps_the_administrator(signet):
    before = dict(signet.admin)
    assert signet.stop() == 0
    signet.start()
    signet._admin = None
    assert signet.admin == before
    assert signet.rest("GET", "/api/v1/certificates").status == 200


def test_a_second_process_on_the_same_directory_is_refused(signet):
    r = subprocess.run([program("signetd"), *signet.args], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                       env=signet.env, timeout=60)
    assert r.returncode != 0 and "is in use" in r.stdout + r.stderr, r.stdout + r.stderr


def test_a_database_whose_keys_are_elsewhere_is_refused(signet):
    signet.stop()
    kept, away = os.path.join(signet.data, "signer"), os.path.join(signet.top, "away")
    os.rename(kept, away)
    signet.start(wait=False)
    assert signet.proc.wait(60) == 7  # DB_FOREIGN
    signet.proc = None
    assert "whose key is not in the data directory" in signet.log() and "right --data directory" in signet.log()
    shutil.rmtree(kept)
    os.rename(away, kept)
    signet.start()


def ended(signet, *args):
    """The exit code of a start that is refused, and what it said."""
    before = len(signet.log())
    kept, signet.args = signet.args, [*signet.args, *args]
    signet.start(wait=False)
    code, signet.proc, signet.args = signet.proc.wait(60), None, kept
    return code, signet.log()[before:]


def test_an_empty_database_beside_the_directory_of_an_earlier_first_start_is_refused(signet):
    signet.stop()
    if signet.db == "sqlite":
        away = os.path.join(signet.top, "away")
        os.rename(os.path.join(signet.data, "db"), away)
        code, said = ended(signet)
        shutil.rmtree(os.path.join(signet.data, "db"))
        os.rename(away, os.path.join(signet.data, "db"))
    else:  # --db was forgotten: a SQLite database of its own would be made in the directory
        code, said = ended(signet, "--db", "sqlite")
    assert code == 7 and "this data directory has seen a first start" in said and "restore its database" in said, said
    signet.start()


@pytest.mark.database("postgresql")
def test_a_password_for_the_database_may_stand_in_the_file_of_config(signet):
    signet.stop()
    path = os.path.join(signet.top, "conf")
    with open(path, "w") as f:
        f.write("db = " + re.sub(r"//([^@/]+)@", r"//\1:secret@", signet.db) + "\n")
    at = signet.args.index("--db")
    signet.args = [*signet.args[:at], *signet.args[at + 2:], "--config", path]
    signet.start()
    assert signet.rest("GET", "/api/v1/certificates").status == 200 and "secret" not in signet.log()


@pytest.mark.database("postgresql")
def test_what_is_wrong_with_the_database_is_said_at_the_start(signet):
    signet.stop()
    code, said = ended(signet, "--db", "postgresql://nobody@127.0.0.1:1/x")
    assert code == 6 and "Connection refused" in said and "correct --db" in said, said
    if os.geteuid() == 0:  # the core's own user has no name that the server could be told
        code, said = ended(signet, "--db", re.sub(r"//[^@/]+@", "//", signet.db))
        assert code == 2 and "postgresql://USER@HOST/NAME" in said, said


def test_who_waits_for_an_application_outlives_a_core_that_is_killed(signet):
    c = Customer(signet)
    c.buy("digicert-dv-single")
    with subprocess.Popen([program("signet"), "apply", "www.example.com", "--product", "digicert-dv-single", "--contact-name", "Li",
                           "--contact-email", "li@example.com", "--contact-phone", "+86 21 5555", "--wait", "--timeout", "60"],
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=signet.cli_env(c.key)) as p:
        while "waiting for the proof" not in p.stderr.readline():
            assert p.poll() is None
        signet.kill("core")
        signet.wait_ready()
        c.ok("POST", f"/applications/{c.ok('GET', '/applications')['items'][0]['id']}:cancel", {})
        out, err = p.communicate(timeout=60)
    assert p.returncode == 1 and "cancelled" in out and "NET" not in err, (out, err)


def test_a_killed_role_is_started_again(signet):
    for role in ("core", "signer"):
        old = signet.kill(role, signal.SIGKILL)
        wait_for(f"another {role}", lambda: signet.pid(role) not in (None, old))
        signet.wait_ready()
        assert signet.rest("GET", "/api/v1/certificates").status == 200
