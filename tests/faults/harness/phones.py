"""Phones: an outbox that a report leaves with its acknowledgement, and not before."""

from __future__ import annotations

import asyncio
import json
import random
from datetime import UTC, datetime
from itertools import cycle
from typing import TYPE_CHECKING
from uuid import uuid4

from websockets.exceptions import ConnectionClosed

from tests.faults.harness.clients import CUTS, Backoff, leave, open_socket
from tests.faults.harness.ledger import NOT_NOW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from websockets.asyncio.client import ClientConnection

    from tests.faults.harness.ledger import Ledger
    from tests.faults.harness.servers import Server

#: After so long without an answer a phone sends the report again; the second time over a new line.
RETRY_S = 10.0
#: After "not now" it waits so long.
NOT_NOW_S = 0.2
#: With this code the server closes a socket while it can't look anything up.
TRY_LATER = 1013
TOKEN = "0123456789abcdef" * 2


class Phone:
    """A reporter's phone. It goes on to the next address when one doesn't answer."""

    def __init__(self, ledger: Ledger, person: dict, spots: Sequence, addresses: Sequence[str]) -> None:
        self.ledger, self.person, self.spots = ledger, person, spots
        self._addresses = cycle(addresses)
        self.outbox: dict[str, dict] = {}
        self.socket: ClientConnection | None = None
        #: How often the line was cut.
        self.cuts = 0
        self._silences = 0

    # --- the outbox ----------------------------------------------------------------------------

    def write(self, **changes) -> dict:
        """Write a report; it waits in the outbox, under an id that it keeps."""
        lon, lat = random.choice(self.spots)
        now = datetime.now(UTC).isoformat()
        report = {"id": str(uuid4()), "matter": "rubbish", "text": f"路灯不亮 {len(self.ledger.reports)}"}
        report |= {"lon": lon, "lat": lat, "accuracy_m": 8.5, "position_source": "device", "observed_at": now}
        report |= changes
        self.outbox[report["id"]] = report
        self.ledger.write(report, self.person["id"])
        return report

    def hear(self, answer: dict) -> bool:
        """Take an answer in; returns whether it settled its report."""
        if answer["kind"] == "ack":
            self.ledger.acked(answer)
        else:
            self.ledger.error(answer)
            if answer["code"] in NOT_NOW:
                return False
        self.outbox.pop(answer["id"], None)
        return True

    # --- by the socket -------------------------------------------------------------------------

    async def flush(self) -> None:
        """Send what waits, the oldest first, one after the other, until nothing waits."""
        backoff = Backoff()
        while self.outbox:
            try:
                await self._connect()
                while self.outbox:
                    await self._send_one(next(iter(self.outbox.values())))
                    backoff = Backoff()
            except CUTS as error:
                if isinstance(error, ConnectionClosed) and error.rcvd and error.rcvd.code == TRY_LATER:
                    self.ledger.told["try later"] += 1
                self.cut()
                await backoff.wait()

    async def report_until(self, end: asyncio.Event, pause: float = 0.02) -> None:
        """Report one thing after the other, until the end; all of it is acknowledged then."""
        while not end.is_set():
            self.write()
            await self.flush()
            await asyncio.sleep(pause)

    async def _connect(self) -> None:
        if self.socket is None:
            address = next(self._addresses)
            self.socket = await open_socket(address, "phone", self.person["cookie"])
            await self.socket.send('{"kind":"hello"}')

    async def _send_one(self, report: dict) -> None:
        sent = {"kind": "report", "sent_at": datetime.now(UTC).isoformat()} | report
        await self.socket.send(json.dumps(sent))
        try:
            async with asyncio.timeout(RETRY_S):
                answer = await self._answer_about(report["id"])
        except TimeoutError:
            self._silences += 1
            if self._silences % 2 == 0:
                raise
            return
        if not self.hear(answer):
            await asyncio.sleep(NOT_NOW_S)

    async def _answer_about(self, report_id: str) -> dict:
        async for text in self.socket:
            answer = json.loads(text)
            if answer["kind"] in {"ack", "error"} and answer["id"] == report_id:
                return answer
        raise ConnectionError("the server closed the socket")

    def cut(self) -> None:
        """Drop the line."""
        if self.socket is not None:
            self.cuts += 1
            leave(self.socket)
            self.socket = None

    # --- by HTTP -------------------------------------------------------------------------------

    async def put(self, server: Server, report: dict) -> tuple[int, dict[str, str]]:
        """Send one report by HTTP instead; returns status and headers."""
        sent = {"sent_at": datetime.now(UTC).isoformat()} | report
        headers = {"Cookie": f"{self.person['cookie']}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
        headers |= {"Content-Type": "application/json"}
        status, told, answer = await asyncio.to_thread(
            server.ask, "PUT", f"/api/reports/{report['id']}", json.dumps(sent).encode(), headers
        )
        self.hear({"kind": "ack" if status in {200, 201} else "error", "id": report["id"]} | answer)
        return status, told
