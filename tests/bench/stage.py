"""A stage for measurements of the running product: a database of its own, a town, the real server."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit

import dj_database_url
import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
START_S = 60


def connection_arguments(url: str) -> dict[str, object]:
    """Return what psycopg needs to reach the database of a DATABASE_URL."""
    parsed = dj_database_url.parse(url)
    wanted = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return {name: parsed[key] for name, key in wanted.items() if parsed.get(key)}


def with_name(url: str, name: str) -> str:
    """Return the DATABASE_URL of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def own_database(purpose: str) -> Iterator[str]:
    """Yield the DATABASE_URL of a new database on the server of DATABASE_URL; it is dropped afterwards."""
    given = os.environ.get("DATABASE_URL")
    if not given:
        sys.exit("Set DATABASE_URL: the server on which a database for the measurement is made.")
    name = f"{urlsplit(given).path.strip('/')}_{purpose}"
    _run(given, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
    try:
        yield with_name(given, name)
    finally:
        _run(given, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _run(url: str, *statements: str) -> None:
    with psycopg.connect(**connection_arguments(url) | {"dbname": "postgres"}, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@contextmanager
def server(url: str) -> Iterator[str]:
    """Yield the address of the real server on a database, started as bin/demo does."""
    port = _free_port()
    options = "--host 127.0.0.1 --ws-max-size 262144 --timeout-graceful-shutdown 10 --lifespan on"
    options += " --ws-per-message-deflate false --log-level warning"
    command = [sys.executable, "-m", "uvicorn", "mapui.project.asgi:application", "--port", str(port)]
    environment = os.environ | {"DATABASE_URL": url}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen([*command, *options.split()], cwd=ROOT, env=environment, stderr=log)
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz", process)
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)
            log.seek(0)
            sys.stderr.write(log.read().decode()[-4000:])


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                break
        except (URLError, OSError):
            time.sleep(0.05)
    if process.poll() is not None or time.monotonic() >= end:
        sys.exit(f"The server did not come up: {url}")


def _free_port() -> int:
    """Return a free port below those that the system itself hands out; by chance, as others may look too."""
    while True:
        port = random.randrange(18000, 32000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
