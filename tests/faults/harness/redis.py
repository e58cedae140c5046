"""A private Redis that keeps nothing."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from tests.faults.harness.processes import Process, free_port, until

if TYPE_CHECKING:
    from pathlib import Path


class Redis(Process):
    """Redis on a port of its own; killed and started again it is empty."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "redis.log")
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    async def start(self) -> None:
        keeps_nothing = ["--save", "", "--appendonly", "no"]
        self.launch(
            ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), *keeps_nothing], cwd=self.folder
        )
        await until(self._answers, "Redis answers")

    def _answers(self) -> bool:
        assert self.is_alive, self.last_words()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
