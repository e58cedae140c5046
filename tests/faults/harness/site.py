"""A whole site for one test: a database of its own, servers, phones and walls, and the last judgement."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from tests.faults.harness.clients import leave
from tests.faults.harness.ledger import Ledger, shown
from tests.faults.harness.phones import Phone
from tests.faults.harness.processes import ROOT, Process, until
from tests.faults.harness.servers import Server
from tests.faults.harness.walls import Wall, fresh_snapshot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine
    from pathlib import Path

    import psycopg

    from tests.faults.harness.cluster import Cluster

#: The walls of every test: all, one half, the other half, and a part of the first.
SCOPES = ("city", "west", "east", "corner")


class Site:
    """What a test has in its hands. ``world`` is what `errands.make_world` made."""

    def __init__(self, cluster: Cluster, database: str, world: dict, folder: Path) -> None:
        self.cluster, self.database, self.world, self.folder = cluster, database, world, folder
        self.ledger = Ledger()
        self.servers: list[Server] = []
        self.walls: list[Wall] = []
        self.phones: list[Phone] = []
        self._tasks: set[asyncio.Task] = set()
        self._others: list[Process] = []
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "mapui.project.settings",
            "DATABASE_URL": cluster.url(database),
            "LINGE_MODE": "test",
            "LINGE_LANGUAGE": "en",
            "LINGE_MEDIA_ROOT": str(folder / "media"),
            "REDIS_URL": "",
            # While a server starts slowly, phones that report on and on would come to their limits.
            "LINGE_REPORTS_PER_USER": "1000000/second",
            "LINGE_REPORTS_PER_ADDRESS": "1000000/second",
        }

    # --- its parts -----------------------------------------------------------------------------

    def server(self, **environment: str) -> Server:
        """Add a server, not started yet."""
        log = self.folder / f"server{len(self.servers)}.log"
        server = Server(log, self.environment | environment)
        self.servers.append(server)
        return server

    async def started(self, **environment: str) -> Server:
        server = self.server(**environment)
        await server.start()
        return server

    def worker(self) -> Process:
        """Start a job worker, as the product does."""
        worker = Process(self.folder / "worker.log")
        worker.launch([str(ROOT / "bin/work")], cwd=ROOT, env=self.environment)
        self._others.append(worker)
        return worker

    @property
    def addresses(self) -> list[str]:
        return [server.address for server in self.servers]

    def phone(self, who: str = "", *addresses: str) -> Phone:
        """Add a phone of a worker, the next one unless it is named."""
        person = self.world["people"][who or f"worker{len(self.phones)}"]
        phone = Phone(self.ledger, person, self.world["spots"], addresses or self.addresses)
        self.phones.append(phone)
        return phone

    async def wall(self, who: str, *addresses: str, **options) -> Wall:
        """Switch a wall on; returns when it shows something."""
        wall = Wall(
            self.ledger, self.world["people"][who], addresses or self.addresses, f"wall of {who}", **options
        )
        self.walls.append(wall)
        self.start(wall.run())
        await wall.until(lambda: wall.snapshots, "a first snapshot")
        return wall

    async def all_walls(self, *addresses: str) -> list[Wall]:
        return await asyncio.gather(*(self.wall(who, *addresses) for who in SCOPES))

    def start(self, work: Coroutine) -> asyncio.Task:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        return task

    @asynccontextmanager
    async def load(self, phones: int) -> AsyncIterator[None]:
        """Have phones report all the time; at the end wait until all they wrote is settled."""
        end = asyncio.Event()
        first = len(self.phones)
        work = [self.start(self.phone().report_until(end)) for _ in range(phones)]
        self.reporting = self.phones[first:]
        try:
            yield
        finally:
            end.set()
        async with asyncio.timeout(60):
            await asyncio.gather(*work)

    async def more_acks(self, count: int, phones: list[Phone] | None = None) -> None:
        """Wait until so many reports more are acknowledged; of each of the phones, if they are named."""
        ids = [phone.person["id"] for phone in phones] if phones else [None]
        before = {one: self._acked_of(one) for one in ids}
        await until(
            lambda: all(self._acked_of(one) >= before[one] + count for one in ids), f"{count} acks more"
        )

    def _acked_of(self, person: int | None) -> int:
        acked = self.ledger.acks
        return len(acked) if person is None else sum(self.ledger.reporters[each] == person for each in acked)

    def sql(self) -> psycopg.Connection:
        return self.cluster.connect(self.database)

    def is_stored(self, report: str) -> bool:
        with self.sql() as database:
            found = database.execute("SELECT 1 FROM incidents_incident WHERE report_id = %s", [report])
            return found.fetchone() is not None

    # --- the end -------------------------------------------------------------------------------

    async def judge(self) -> None:
        """Wait until every wall is up to date, as it must be soon; then ask the ledger."""
        assert self.ledger.acks, "nothing was reported: the test proves nothing"
        still_waiting = [report for phone in self.phones for report in phone.outbox]
        assert not still_waiting, f"neither stored nor refused: {still_waiting}"
        address = next(server.address for server in self.servers if server.is_alive)
        faults = []
        with self.sql() as database:
            for wall in self.walls:
                fresh = await fresh_snapshot(address, wall.person)
                with suppress(pytest.fail.Exception):  # the ledger says it better
                    await wall.until(lambda: shown(wall.cards) == shown(fresh), "as a fresh one", within=15)  # noqa: B023
                faults += self.ledger.faults_of_wall(wall, fresh, database)
            faults += self.ledger.faults(database)
        assert not faults, "\n".join(faults[:20])

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for phone in self.phones:
            if phone.socket:
                leave(phone.socket)
        for process in (*self.servers, *self._others):
            process.kill()
