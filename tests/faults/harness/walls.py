"""Walls: they keep what they know as the page does (mapui/frontend/src/live/store.js), and come back."""

from __future__ import annotations

import asyncio
import json
from itertools import cycle
from types import SimpleNamespace
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.faults.harness.clients import CUTS, Backoff, open_socket
from tests.faults.harness.ledger import ENDED
from tests.faults.harness.processes import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from websockets.asyncio.client import ClientConnection

    from tests.faults.harness.ledger import Ledger


class Wall:
    """A screen: open cases by feed position. Codes of the units in its scope begin with ``scope``."""

    def __init__(self, ledger: Ledger, person: dict, addresses: Sequence[str], name: str, **options) -> None:
        self.ledger, self.person, self.name = ledger, person, name
        self.scope = person["scope"]
        self._addresses, self._options = cycle(addresses), options
        self.position: int | None = None
        self.cards: dict[int, dict] = {}
        self._parts: list[dict] = []
        self.units_seen: set[int] = set()
        #: The newest version seen of each case; how many events came in one frame; how many snapshots came.
        self.versions: dict[int, int] = {}
        self.largest = self.snapshots = 0
        self.socket: ClientConnection | None = None
        self._answers: dict[str, asyncio.Future[dict]] = {}
        self._changed = asyncio.Event()

    # --- the line ------------------------------------------------------------------------------

    async def run(self) -> None:
        """Watch, and come back whenever the line is cut."""
        backoff = Backoff()
        while True:
            try:
                async with open_socket(
                    next(self._addresses), "wall", self.person["cookie"], **self._options
                ) as socket:
                    self.socket = socket
                    await self._hello()
                    async for text in socket:
                        await self.hear(json.loads(text))
                        backoff = Backoff()
            except CUTS:
                pass
            self.socket = None
            self._changed.set()
            await backoff.wait()

    async def _hello(self) -> None:
        await self.socket.send(json.dumps({"kind": "hello", "position": self.position}))

    async def hear(self, message: dict) -> None:
        kind = message["kind"]
        if kind == "resume" or (kind in {"snapshot", "events", "tick"} and self._apply(message)):
            await self._hello()
        elif kind in {"done", "error"} and message.get("id") in self._answers:
            self._answers.pop(message["id"]).set_result(message)
        self._changed.set()

    async def until(self, holds: Callable[[], object], what: str, *, within: float = PATIENCE_S) -> None:
        """Wait until something heard makes the condition true."""
        try:
            async with asyncio.timeout(within):
                while not holds():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            pytest.fail(f"{self.name}: after {within} s still not so: {what}")

    async def command(self, **command) -> dict:
        """Ask for an action with a case; returns the answer."""
        command = {"kind": "command", "id": str(uuid4())} | command
        answer = self._answers[command["id"]] = asyncio.get_running_loop().create_future()
        await self.socket.send(json.dumps(command))
        return await asyncio.wait_for(answer, PATIENCE_S)

    # --- what it knows -------------------------------------------------------------------------

    def _apply(self, message: dict) -> bool:
        """Take a message in; returns whether something is missing before it."""
        kind = message["kind"]
        if kind == "snapshot":
            self._parts = [*self._parts, message] if message["part"] > 1 else [message]
            if message["part"] == message["parts"]:
                cards = [card for part in self._parts for card in part["cards"]]
                self._replace(message | {"cards": cards})
        elif self.position is None:
            return True
        elif kind == "events":
            return self._advance(message)
        else:
            self.position = max(self.position, message["position"])
        return False

    def _replace(self, snapshot: dict) -> None:
        self.snapshots += 1
        if self.position is not None and snapshot["position"] < self.position:
            self._note(f"a snapshot of {snapshot['position']} after position {self.position}")
        self.position = snapshot["position"]
        self.cards = {}
        for card in snapshot["cards"]:
            self._put(card)

    def _advance(self, batch: dict) -> bool:
        if batch["after"] > self.position:
            return True
        numbers = [event["seq"] for event in batch["events"]]
        self.largest = max(self.largest, len(numbers))
        if numbers != sorted(set(numbers)) or not all(
            batch["after"] < n <= batch["position"] for n in numbers
        ):
            self._note(f"events {numbers} in a frame after {batch['after']} up to {batch['position']}")
        if batch["position"] <= self.position:
            return False
        for card in batch["cards"]:
            self._put(card)
        for gone in batch.get("gone", ()):
            self.cards.pop(gone, None)
        self.position = batch["position"]
        return False

    def _put(self, card: dict) -> None:
        number = card["id"]
        self.units_seen.add(card["unit"])
        if card["version"] < self.versions.get(number, 0):
            self._note(f"case {number} went back to version {card['version']}")
        self.versions[number] = card["version"]
        if card["state"] in ENDED:
            self.cards.pop(number, None)
        else:
            self.cards[number] = card

    def _note(self, oddity: str) -> None:
        self.ledger.oddities.append(f"{self.name}: {oddity}")


async def fresh_snapshot(address: str, person: dict) -> dict[int, dict]:
    """Return what a wall shows that has just been switched on, once it has caught up."""
    wall, head = Wall(SimpleNamespace(oddities=[]), person, [address], "fresh"), None
    async with open_socket(address, "wall", person["cookie"]) as wall.socket:
        await wall._hello()
        async for text in wall.socket:
            message = json.loads(text)
            head = message.get("head", head)
            await wall.hear(message)
            if wall.position is not None and wall.position >= head:
                return wall.cards
    raise ConnectionError("the server closed the socket")
