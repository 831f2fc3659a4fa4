# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the scenarios: a running service on each database. See tests/README.md."""
import contextlib
import itertools
import os
import random
import shutil
import sys
import tempfile
import time

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
import born  # noqa: E402
import invariants  # noqa: E402
import pg  # noqa: E402
from signet import Signet  # noqa: E402

# There is nothing to start before the daemon's programs stand in the build.
with open(os.path.join(os.path.dirname(__file__), "../../src/daemon/meson.build")) as _f:
    if "executable(" not in _f.read():
        collect_ignore_glob = ["test_*.py"]

DATABASES = ["sqlite", "postgresql"]
LONGEST = ["test_kill", "test_validation", "test_faults"]  # of pytest-xdist's work, these come first
running = []  # what a failed test shows the log of
numbers = itertools.count(1)
shared, servers = {}, []


def pytest_addoption(parser):
    parser.addoption("--signet-db", default=",".join(DATABASES), help="databases to run the scenarios on")


def pytest_configure(config):
    os.environ.setdefault("SIGNET_TEST_SEED", str(int(time.time())))  # all processes of the session draw the same
    for line in ("xdist_group(name): tests that stay in one process",  # known without pytest-xdist too
                 "database(name): the scenario makes sense on this database alone",
                 "postgresql_sample(point..., more=N): PostgreSQL sees these points and N others by SIGNET_TEST_SEED",
                 "apart: the function's tests share nothing with those of others"):
        config.addinivalue_line("markers", line)


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


def sampled(items):
    """The items without those that the dice leave out of a function marked postgresql_sample."""
    out, left = [], {}
    for item in items:
        mark = item.get_closest_marker("postgresql_sample")
        if mark and item.callspec.params["database"] == "postgresql" and item.callspec.params["point"] not in mark.args:
            left.setdefault(item.originalname, []).append(item)
        else:
            out.append(item)
    dice = random.Random(os.environ["SIGNET_TEST_SEED"])
    kept = set(out)
    for rest in left.values():
        kept.update(dice.sample(rest, min(len(rest), rest[0].get_closest_marker("postgresql_sample").kwargs["more"])))
    return kept


def group_of(item):
    """Tests that share a service or a DNS server stay in one process; "" for a test that shares nothing."""
    fixtures = item._fixtureinfo.name2fixturedefs
    if not any(defs[-1].scope == "module" and name != "database" for name, defs in fixtures.items()):
        return ""
    parts = [item.module.__name__]
    if hasattr(item, "callspec"):
        parts.append(str(item.callspec.params.get("database", "")))  # no text where --signet-db leaves none
    return "-".join(parts + ([item.originalname] if item.get_closest_marker("apart") else []))


def pytest_itemcollected(item):
    if group_of(item):
        item.add_marker(pytest.mark.xdist_group(group_of(item)))


def pytest_collection_modifyitems(config, items):
    kept = sampled(items)
    config.hook.pytest_deselected(items=[i for i in items if i not in kept])
    items[:] = [i for i in items if i in kept]
    if config.pluginmanager.hasplugin("xdist"):
        items.sort(key=lambda i: LONGEST.index(i.module.__name__) if i.module.__name__ in LONGEST else len(LONGEST))


def pytest_sessionstart(session):
    """What all processes of a session share (pytest-xdist has several): a PostgreSQL server and a folder."""
    config = session.config
    if hasattr(config, "workerinput"):
        shared.update(config.workerinput["shared"])
        return
    shared["folder"] = tempfile.mkdtemp(prefix="signet-born-", dir="/tmp")
    shared["server"] = None
    if "postgresql" in config.getoption("--signet-db") and not config.option.collectonly:
        servers.append(pg.Server())
        shared["server"] = servers[0].start()


def pytest_configure_node(node):
    node.workerinput["shared"] = shared


def pytest_sessionfinish(session):
    if not hasattr(session.config, "workerinput"):
        for server in servers:
            server.stop()
        shutil.rmtree(shared["folder"], ignore_errors=True)


def database_url(database, request):
    """The url of a database that does not exist yet."""
    if database == "sqlite":
        return "sqlite"
    return born.beside(shared["server"], f"signet_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{next(numbers)}")


@contextlib.contextmanager
def prepared(url, fresh=False, **kw):
    """A service that is not started yet. fresh: it will see its first start, otherwise it is one of many later ones."""
    s = Signet(db=url, **kw)
    running.append(s)
    try:
        if fresh:
            born.empty(s)
        else:
            born.copy(s, shared["folder"])
        yield s
        if s.proc and (s.db != "sqlite" or invariants.sqlite_file(s)):  # whatever the tests did with it
            invariants.check_rows(s)
    finally:
        running.remove(s)
        s.close()


def serve(url, **kw):
    with prepared(url, **kw) as s:
        yield s.start()


@pytest.fixture(scope="module")
def newborn(database, request):
    """A service right after its first start, shared by the tests of one file that look at what that leaves."""
    yield from serve(database_url(database, request), fresh=True)


@pytest.fixture
def signet(database, request):
    """A service of this test alone, on each database: it may be killed."""
    yield from serve(database_url(database, request))


@pytest.fixture(scope="module")
def service(database, request):
    """A service that the tests of one file share, on each database: for tests that leave it as it was."""
    yield from serve(database_url(database, request))


@pytest.fixture
def make_signet(database, request):
    """make_signet(args=[...], resolver=...): a service with options of one's own; not started yet.
    fresh=True: it will see its first start."""
    with contextlib.ExitStack() as stack:
        yield lambda **kw: stack.enter_context(prepared(database_url(database, request), **kw))
