# SPDX-License-Identifier: Apache-2.0
"""A first start costs seconds (RSA roots of 4096 bits): each database sees one per test session, and a test whose matter is
not the first start gets a copy of what it left, with addresses of its own.

The folder is shared by all processes of the session; who comes first makes what is missing.
"""
import contextlib
import fcntl
import json
import os
import re
import shutil
import sqlite3
import subprocess

from signet import Signet

TEMPLATE = "signet_born"


def psql(url, *commands):
    args = [word for c in commands for word in ("-c", c)]
    subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", *args, url], check=True)


def beside(url, name):
    """The url of another database of the same server."""
    return url.rsplit("/", 1)[0] + "/" + name


def empty(s):
    """Gives a service that shall see a first start its database."""
    if s.db != "sqlite":
        psql(beside(s.db, "postgres"), "CREATE DATABASE " + s.db.rsplit("/", 1)[1])


def first_start(db, path):
    """Leaves the data directory of a first start in path, and its database under the name TEMPLATE."""
    with contextlib.closing(Signet(db=db if db == "sqlite" else beside(db, TEMPLATE))) as s:
        empty(s)
        s.start()
        s.stop()
        shutil.copytree(s.data, path + ".new")
        os.rename(path + ".new", path)


def born(folder, db):
    """The data directory to copy."""
    path = os.path.join(folder, "sqlite" if db == "sqlite" else "postgresql")
    with open(path + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(path):
            first_start(db, path)
    return path


def copy(s, folder):
    """Gives a service that is not started yet database and data directory of one that was."""
    shutil.copytree(born(folder, s.db), s.data)
    own = f"UPDATE issuer SET status_url = '{s.status_url}'"
    if s.db == "sqlite":
        with contextlib.closing(sqlite3.connect(os.path.join(s.data, "db/signet.db"))) as c:
            c.execute(own)
            c.commit()
    else:
        name = s.db.rsplit("/", 1)[1]
        psql(beside(s.db, "postgres"), f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}", f"\\connect {name}", own)
    path = os.path.join(s.data, "admin.json")
    with open(path) as f:
        admin = json.load(f)
    admin["url"] = re.sub(r":\d+", f":{s.https_port}", admin["url"])
    with open(path, "w") as f:
        json.dump(admin, f)
