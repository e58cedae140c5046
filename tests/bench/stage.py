"""A stage for measurements of the running product: a database of its own, a town, the real server."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
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


@dataclass(frozen=True, slots=True)
class Server:
    """A running server process."""

    address: str
    pid: int

    def cpu_s(self) -> float:
        """The seconds of CPU that the process has used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def servers(url: str, count: int, port: int | None = None) -> Iterator[list[Server]]:
    """Yield so many processes of the real server on a database, started as bin/demo does.

    More than one have a Redis of their own between them. The limits of reports are out of the way. ``port``
    is that of a single one, which comes back where it was.
    """
    limits = {f"LINGE_REPORTS_PER_{who}": "1000000/second" for who in ("USER", "ADDRESS")}
    with ExitStack() as stack:
        redis = {"REDIS_URL": stack.enter_context(_redis()) if count > 1 else ""}
        command = [ROOT / "bin" / "serve", "--log-level", "warning"]
        environment = os.environ | {"DATABASE_URL": url} | limits | redis
        yield [stack.enter_context(served(command, environment, port=port)) for _ in range(count)]


@contextmanager
def bare_server(frames: Path | None = None) -> Iterator[Server]:
    """Yield a server without a product in it (`tests.bench.bare`), with the same options."""
    command = [sys.executable, "-m", "uvicorn", "tests.bench.bare:application", "--lifespan", "on"]
    command += ["--ws-per-message-deflate", "false", "--log-level", "warning"]
    with served(command, os.environ | {"BENCH_FRAMES": str(frames or "")}, by_option=True) as server:
        yield server


@contextmanager
def served(
    command: list[object],
    environment: dict[str, str],
    *,
    by_option: bool = False,
    port: int | None = None,
) -> Iterator[Server]:
    """Yield a server that is ready, on this port or a free one; told by the environment, or an option."""
    port = port or _free_port()
    options = ["--port", str(port)] if by_option else []
    surroundings = environment | {"HOST": "127.0.0.1", "PORT": str(port), "PROCESSES": "1"}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [*command, *options], cwd=ROOT, env=surroundings, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz", process)
            yield Server(f"127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()
            process.wait(20)
            log.seek(0)
            sys.stderr.write(log.read().decode()[-4000:])


@contextmanager
def _redis() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "redis.sock"
        command = ["redis-server", "--port", "0", "--unixsocket", str(path), "--save", ""]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            while not path.exists() and process.poll() is None:
                time.sleep(0.02)
            yield f"unix://{path}"
        finally:
            process.terminate()
            process.wait(10)


class Helper:
    """A module of ours in a process of its own, which answers one task after the other."""

    def __init__(self, module: str) -> None:
        command = [sys.executable, "-m", module]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, do: str, **task: object) -> Any:
        """Have something done; returns what was found."""
        self.tell(do, **task)
        return self.answer()

    def tell(self, do: str, **task: object) -> None:
        """Have something done without waiting for it."""
        self._process.stdin.write(json.dumps({"do": do} | task) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        """Return what was found."""
        line = self._process.stdout.readline()
        if not line:
            sys.exit(f"{self._process.args} has ended")
        return json.loads(line)

    def end(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(10)


@contextmanager
def helper(module: str) -> Iterator[Helper]:
    """Yield a helper; it ends with the block."""
    one = Helper(module)
    try:
        yield one
    finally:
        one.end()


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
