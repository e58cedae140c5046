"""The site as a process of its own: started as the product starts it, ended by signals."""

from __future__ import annotations

import http.client
import json
import socket
import sys
from contextlib import suppress
from pathlib import Path

from tests.faults.harness.processes import ROOT, Process, free_port, until

FAULTY = "tests.faults.harness.faulty_asgi:application"


class Server(Process):
    """One server process. It keeps its port when it comes back."""

    def __init__(self, log: Path, environment: dict[str, str]) -> None:
        super().__init__(log)
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.environment = environment

    async def start(self, *, dies_at: str = "", nth: int = 1) -> None:
        """Start it; with ``dies_at`` it kills itself there, the n-th time that it comes by."""
        place = {"HOST": "127.0.0.1", "PORT": str(self.port), "PROCESSES": "1"}
        if dies_at:
            command = [sys.executable, "-m", "uvicorn", FAULTY, "--lifespan", "on", "--port", str(self.port)]
        else:
            command = [str(ROOT / "bin/serve")]
        faults = {"FAULT_AT": dies_at, "FAULT_NTH": str(nth)} if dies_at else {}
        self.launch(command, cwd=ROOT, env=self.environment | place | faults)
        await until(self._answers, "the server answers")

    async def start_narrow(self) -> None:
        """Start it with next to no room in the kernel for what a client has not read yet."""
        with socket.create_server(("127.0.0.1", self.port)) as listening:
            # The sockets of its clients inherit it.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
            number = listening.fileno()
            command = [str(ROOT / "bin/serve"), "--fd", str(number)]
            self.launch(command, cwd=ROOT, env=self.environment, pass_fds=[number])
        await until(self._answers, "the server answers")

    def _answers(self) -> bool:
        assert self.is_alive, self.last_words()
        try:
            self.ask("GET", "/healthz")
        except OSError:
            return False
        return True

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], dict]:
        """Return status, headers and JSON of an answer. Raises OSError if there is none."""
        answer, content = self._ask(method, path, body, headers)
        return answer.status, dict(answer.headers), json.loads(content) if content else {}

    def fetch(self, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
        """Return status and content of a file."""
        answer, content = self._ask("GET", path, None, headers)
        return answer.status, content

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str] | None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer, answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError(repr(error)) from error
        finally:
            connection.close()

    def health(self) -> str:
        """Return what the site says of itself."""
        return self.ask("GET", "/healthz")[2]["status"]

    def memory_kb(self) -> int:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    def open_sockets(self) -> int:
        """Return how many sockets the process holds on its port: listening, and to clients.

        Those to the database don't count: its pool grows and shrinks as it likes.
        """
        held = set()
        for descriptor in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                held.add(str(descriptor.readlink()))
        lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        port = f":{self.port:04X}"
        return sum(line[1].endswith(port) and f"socket:[{line[9]}]" in held for line in lines)
