"""One cluster and one made world for all; for each test a copy of its database and a site on it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from itertools import count
from pathlib import Path

import pytest

from tests.faults.harness.cluster import Cluster, find_postgres
from tests.faults.harness.processes import ROOT
from tests.faults.harness.redis import Redis
from tests.faults.harness.site import Site

_numbers = count(1)


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.faults)


@pytest.fixture(scope="session")
def cluster():
    """A private cluster. In /tmp: the path of a socket must be short, and every user can walk there."""
    programs = find_postgres()
    if programs is None:
        pytest.skip("no PostgreSQL with PostGIS on this machine: apt-get install postgresql-15-postgis-3")
    folder = Path(tempfile.mkdtemp(prefix="linge-faults-", dir="/tmp"))
    folder.chmod(0o755)
    made = Cluster(folder, programs)
    try:
        made.make()
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def world(cluster):
    """What is in the database "world", which every test copies."""
    cluster.create("world")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "mapui.project.settings",
        "DATABASE_URL": cluster.url("world"),
        "LINGE_MODE": "test",
    }
    command = [sys.executable, "-m", "tests.faults.harness.errands", "world"]
    made = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)


@pytest.fixture
async def site(cluster, world, tmp_path):
    """A site without servers yet."""
    if not cluster.is_alive:
        cluster.start()
    database = f"site{next(_numbers)}"
    cluster.create(database, "world")
    here = Site(cluster, database, world, tmp_path)
    yield here
    await here.close()
    if not cluster.is_alive:
        cluster.start()
    cluster.drop(database)


@pytest.fixture
def redis(tmp_path):
    """A Redis that is not started yet."""
    if shutil.which("redis-server") is None:
        pytest.skip("no Redis on this machine: apt-get install redis-server")
    here = Redis(tmp_path)
    yield here
    here.kill()
