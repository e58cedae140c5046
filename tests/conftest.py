"""What all tests share: no network beyond the loopback address, and the data outside the project."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path

import pytest
from django.db import connection
from django.db.models.signals import post_migrate

SHARED_DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
LONG = {"browser", "faults", "long"}


@pytest.hookimpl(trylast=True)  # after the folders have marked what is theirs
def pytest_collection_modifyitems(items):
    """Begin with the files that take long: what is left to share out at the end is short."""
    items.sort(key=lambda item: LONG.isdisjoint(mark.name for mark in item.iter_markers()))


@pytest.fixture(autouse=True, scope="session")
def _loopback_only():
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            host = address[0]
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                message = f"a test tried to reach {host}; tests stay on the loopback address"
                raise OSError(message)
        return connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Give the tests' threads time to get a connection: the five seconds are for people who wait."""
    connection.settings_dict["OPTIONS"]["pool"]["timeout"] = 60


@pytest.fixture(autouse=True, scope="session")
def _no_jobs_left_behind():
    """Empty the tables of jobs whenever Django empties its own, which spares the unmanaged."""
    tables = ("procrastinate_jobs", "procrastinate_workers", "procrastinate_periodic_defers")

    def empty(app_config, **_kwargs):
        if app_config.label == "procrastinate" and tables[0] in connection.introspection.table_names():
            with connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")

    post_migrate.connect(empty, weak=False, dispatch_uid="no-jobs-left-behind")
    yield
    post_migrate.disconnect(dispatch_uid="no-jobs-left-behind")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real data beside the project, or skip where it's absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"real data is not here: {SHARED_DATA}")
    return SHARED_DATA
