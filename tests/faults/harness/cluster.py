"""A private PostgreSQL cluster: one folder, one unix socket, and every commit on the disk."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from tests.faults.harness.processes import PATIENCE_S, ROOT, Process

SETTINGS = {"listen_addresses": "", "fsync": "on", "synchronous_commit": "on", "jit": "off"}
SETTINGS |= {"max_connections": "100", "shared_buffers": "64MB", "timezone": "UTC"}


def find_postgres() -> Path | None:
    """Return the programs' folder, found as bin/demo finds it."""
    lines = f'set +u; source "{ROOT}/bin/lib/cluster.sh"; find_postgres'
    found = subprocess.run(["/bin/bash", "-c", lines], capture_output=True, text=True, check=False)
    return Path(found.stdout) if found.stdout else None


class Cluster(Process):
    """The cluster. Root never runs PostgreSQL: then it belongs to the user postgres."""

    def __init__(self, folder: Path, programs: Path) -> None:
        super().__init__(folder / "postgres.log")
        self.folder, self.programs = folder, programs
        self.data = folder / "data"
        self._as = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        if self._as:
            shutil.chown(folder, "postgres")

    def make(self) -> None:
        command = [self.programs / "initdb", "-D", self.data, "-U", "postgres", "-A", "trust"]
        command += ["-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, **self._as)

    def start(self) -> None:
        """Start it and wait until it lets somebody in: after a crash it first puts itself in order."""
        settings = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        command = [self.programs / "postgres", "-D", self.data, "-k", self.folder, *settings]
        self.launch(command, cwd=self.folder, **self._as)
        ends = time.monotonic() + PATIENCE_S
        while True:
            try:
                self.connect("postgres").close()
            except psycopg.OperationalError:
                assert self.is_alive, self.last_words()
                assert time.monotonic() < ends, self.last_words()
                time.sleep(0.02)
            else:
                return

    def stop_at_once(self) -> None:
        """Stop it as ``pg_ctl stop -m immediate`` does: all sessions are cut, nothing is tidied up."""
        self.end(signal.SIGQUIT)

    def stop(self) -> None:
        self.end(signal.SIGINT)

    def kill(self) -> None:
        """Kill it with all its processes, as a power cut would."""
        if not self.is_alive:
            return
        main = self.process.pid
        others = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        super().kill()
        for other in others:
            with suppress(ProcessLookupError):
                os.kill(int(other), signal.SIGKILL)

    def connect(self, database: str) -> psycopg.Connection:
        """Return a session that commits each statement."""
        return psycopg.connect(host=str(self.folder), user="postgres", dbname=database, autocommit=True)

    def url(self, database: str) -> str:
        return f"postgis://postgres@{quote(str(self.folder), safe='')}/{database}"

    def create(self, database: str, template: str = "template0") -> None:
        order = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        with self.connect("postgres") as session:
            session.execute(order.format(sql.Identifier(database), sql.Identifier(template)))

    def drop(self, database: str) -> None:
        with self.connect("postgres") as session:
            session.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))

    def cut_all_sessions(self, database: str) -> int:
        """End every session of the database but one's own; return how many there were."""
        order = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        with self.connect("postgres") as session:
            return len(session.execute(order, [database]).fetchall())
