"""What the processes of the harness have in common: a port, a start that is awaited, an end by a signal."""

from __future__ import annotations

import asyncio
import random
import signal
import socket
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
#: Longer than anything here should ever take; nobody waits for it unless something is wrong.
PATIENCE_S = 60
#: How often a condition is looked at that nobody announces.
LOOK_S = 0.02
#: Below the range from which the kernel gives ports to whoever connects.
PORTS = range(20_000, 32_000)


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise OSError("no free port")


async def until(holds, what: str, *, within: float = PATIENCE_S):
    """Wait until the condition holds and return what it gave; fail with words if it never does."""
    ends = asyncio.get_running_loop().time() + within
    while not (found := holds()):
        assert asyncio.get_running_loop().time() < ends, f"after {within} s still not so: {what}"
        await asyncio.sleep(LOOK_S)
    return found


class Process:
    """A program that is started, killed and started again."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.process: subprocess.Popen | None = None

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def launch(self, command: list[str], **options) -> None:
        assert not self.is_alive, "it runs already"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options
            )

    def signal(self, number: signal.Signals) -> None:
        if self.is_alive:
            self.process.send_signal(number)

    def kill(self) -> None:
        """End it as a power cut would, and wait until it is gone."""
        self.end(signal.SIGKILL)

    def end(self, number: signal.Signals) -> None:
        self.signal(number)
        if self.process is not None:
            self.process.wait(PATIENCE_S)

    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]
