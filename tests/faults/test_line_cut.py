"""The line is cut at every step of the protocol, in both directions; or nothing arrives any more."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from tests.faults.harness.clients import CUTS
from tests.faults.harness.processes import until
from tests.faults.harness.proxy import Line, Proxy

#: At so many bytes the line is cut, spread evenly over the end of the handshake and all that follows.
TRIES = 120


@dataclass
class Steps:
    """How many bytes went up and down when a step of one conversation was over."""

    handshake: tuple[int, int]
    hello: tuple[int, int]
    report: tuple[int, int]


async def converse(site, proxy, who):
    """Report once through the proxy, over a new line; returns where the steps ended."""
    phone = site.phone(who, proxy.address)
    report = phone.write()
    steps = []
    try:
        await phone._connect()
        steps.append((proxy.up, proxy.down))
        while b'"snapshot"' not in (await phone.socket.recv(decode=False))[:40]:
            pass
        steps.append((proxy.up, proxy.down))
        await phone._send_one(report)
        steps.append((proxy.up, proxy.down))
    finally:
        phone.cut()
        site.unsettled.append(phone)
    return Steps(*steps)


@pytest.mark.parametrize("way", ["up", "down"])
async def test_the_line_is_cut_at_any_byte(way, site):
    server = await site.started()
    await site.all_walls()
    site.unsettled = []
    async with Proxy(server.port) as proxy:
        steps = await converse(site, proxy, "worker31")
        place = ("up", "down").index(way)
        first, last = max(0, steps.handshake[place] - 60), steps.report[place]
        at_rest = server.open_sockets()
        lost = 0
        for number in range(TRIES):
            offset = first + (last - first) * number // TRIES
            proxy.line = Line(**{f"cut_{way}": offset}, is_reset=number % 2 == 0)
            try:
                await converse(site, proxy, f"worker{number % 30}")
            except CUTS:
                lost += 1
        assert lost > TRIES / 2, "the line was hardly cut: the test proves nothing"
        for number, phone in enumerate(site.unsettled):
            phone._addresses = iter([server.address] * 5)
            for report in list(phone.outbox.values()):
                if number % 2:
                    await phone.put(server, report)
                else:
                    await phone.flush()
                    phone.cut()
        await until(lambda: server.open_sockets() <= at_rest, "the server has let go of every socket")
    await site.judge()


async def test_a_phone_in_a_black_hole_sends_again_and_by_another_way(site):
    server = await site.started()
    await site.all_walls()
    async with Proxy(server.port) as proxy:
        phone = site.phone("", proxy.address)
        await phone._connect()
        proxy.line.is_black_hole = True
        report = phone.write()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):  # what a person waits before he walks on
                await phone._send_one(report)
        assert report["id"] in phone.outbox
        assert not site.is_stored(report["id"])
        status, _headers = await phone.put(server, report)
        assert status == 201
    await site.judge()
