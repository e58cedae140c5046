"""A wall that stops reading: it costs nobody anything, and in the end it shows what all show."""

from __future__ import annotations

import asyncio
import json
import socket

from tests.faults.harness.clients import open_socket
from tests.faults.harness.processes import until
from tests.faults.harness.walls import Wall

#: Together more than the buffers between server and wall take, so that the server's sending stands still.
BEFORE, MEANWHILE = 150, 300
#: What a busy process may gain by itself.
MOST_KB = 60_000


class Sleeper(Wall):
    """A wall with next to no room for what it has not read; it reads when it is told to."""

    async def fall_asleep(self, address):
        host, port = address.split(":")
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.connect((host, int(port)))
        raw.setblocking(False)
        self.socket = await open_socket(
            address, "wall", self.person["cookie"], sock=raw, max_queue=1, ping_interval=None
        )
        await self._hello()

    async def wake_up(self):
        async for text in self.socket:
            await self.hear(json.loads(text))


async def test_a_wall_that_does_not_read_holds_up_nobody_and_ends_equal(site):
    server = site.server()
    await server.start_narrow()
    walls = await site.all_walls()
    await write_and_send(site, BEFORE)
    person = site.world["people"]["city"]
    sleepers = [Sleeper(site.ledger, person, [], f"sleeper {n}") for n in range(3)]
    for sleeper in sleepers:
        await sleeper.fall_asleep(server.address)
    before = server.memory_kb()
    await write_and_send(site, MEANWHILE)
    head = len(site.ledger.acks)
    await walls[0].until(lambda: walls[0].position == head, "the others see everything meanwhile")
    assert server.memory_kb() - before < MOST_KB
    assert all(sleeper.position is None for sleeper in sleepers)
    for sleeper in sleepers:
        site.start(sleeper.wake_up())
    site.walls += sleepers
    await asyncio.gather(*(
        sleeper.until(lambda: sleeper.position == head, "up to date") for sleeper in sleepers  # noqa: B023
    ))  # fmt: skip
    # What it slept through came in one frame, but for what lay in the buffers: nothing was piled up for it.
    assert all(sleeper.largest > MEANWHILE / 2 for sleeper in sleepers), [s.largest for s in sleepers]
    assert all(sleeper.snapshots == 1 for sleeper in sleepers)
    await site.judge()


async def test_a_thousand_lines_that_come_and_go_leave_nothing_behind(site):
    server = await site.started()
    phone = site.phone()
    phone.write()
    await phone.flush()
    phone.cut()
    sockets = server.open_sockets()
    person = site.world["people"]["corner"]

    async def come_and_go(times):
        for _ in range(times):
            async with open_socket(server.address, "wall", person["cookie"]) as line:
                await line.send('{"kind":"hello"}')
                await line.recv()
                line.transport.abort()

    await asyncio.gather(*(come_and_go(10) for _ in range(10)))
    memory = server.memory_kb()
    await asyncio.gather(*(come_and_go(25) for _ in range(10)))
    await until(lambda: server.open_sockets() <= sockets, "the server has let go of every socket")
    assert server.memory_kb() - memory < MOST_KB
    await site.judge()


async def write_and_send(site, count, phones=8):
    """Have so many reports in the database, of several phones."""
    senders = [site.phone(f"worker{number}") for number in range(phones)]
    for number in range(count):
        senders[number % phones].write()
    await asyncio.gather(*(sender.flush() for sender in senders))
    for sender in senders:
        sender.cut()
