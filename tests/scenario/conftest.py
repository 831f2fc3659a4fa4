# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the scenarios: a running service on each database. See tests/README.md."""
import contextlib
import itertools
import os
import subprocess
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
import pg  # noqa: E402
from signet import Signet  # noqa: E402

# There is nothing to start before the daemon's programs stand in the build.
with open(os.path.join(os.path.dirname(__file__), "../../src/daemon/meson.build")) as _f:
    if "executable(" not in _f.read():
        collect_ignore_glob = ["test_*.py"]

DATABASES = ["sqlite", "postgresql"]
running = []  # what a failed test shows the log of
numbers = itertools.count(1)


def pytest_addoption(parser):
    parser.addoption("--signet-db", default=",".join(DATABASES), help="databases to run the scenarios on")


def pytest_configure(config):
    config.addinivalue_line("markers", "database(name): the scenario makes sense on this database alone")


def pytest_generate_tests(metafunc):
    if "database" in metafunc.fixturenames:
        wanted = metafunc.config.getoption("--signet-db").split(",")
        only = metafunc.definition.get_closest_marker("database")
        metafunc.parametrize("database", [d for d in DATABASES if d in wanted and (not only or d in only.args)],
                             indirect=True, scope="module")


@pytest.fixture(scope="module")
def database(request):
    """Each database in turn. A fixture, so that all tests of a file share what is made once per file and database."""
    return request.param


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.failed:
        for s in running:
            report.sections.append((f"log of signetd, {s.db}", s.log()[-8000:]))


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server of this test session."""
    with pg.Server() as server:
        yield server


def new_database(server):
    name = f"signet{next(numbers)}"
    subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-c", f"CREATE DATABASE {name}", server.url], check=True)
    return server.url.rsplit("/", 1)[0] + "/" + name


def database_url(database, request):
    return "sqlite" if database == "sqlite" else new_database(request.getfixturevalue("postgres"))


@contextlib.contextmanager
def prepared(url, **kw):
    """A service that is not started yet."""
    s = Signet(db=url, **kw)
    running.append(s)
    try:
        yield s
    finally:
        running.remove(s)
        s.close()


def serve(url, **kw):
    with prepared(url, **kw) as s:
        yield s.start()


@pytest.fixture
def signet(database, request):
    """A fresh service of this test alone, on each database: it may be killed."""
    yield from serve(database_url(database, request))


@pytest.fixture(scope="module")
def service(database, request):
    """A service that the tests of one file share, on each database: for tests that leave it as it was."""
    yield from serve(database_url(database, request))


@pytest.fixture
def make_signet(database, request):
    """make_signet(args=[...], resolver=...): a service with options of one's own; not started yet."""
    with contextlib.ExitStack() as stack:
        yield lambda **kw: stack.enter_context(prepared(database_url(database, request), **kw))
