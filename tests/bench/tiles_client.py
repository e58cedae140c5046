"""Asking for many tiles over HTTP/1.1, by some clients at a time, with little work of its own."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from http import HTTPStatus

import numpy as np

CLIENTS = 8
_FINE = {HTTPStatus.OK, HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}


@dataclass
class Answers:
    """What came of a drive: times in ms, sizes of the tiles that had something in them, ETags by path."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    etags: dict[str, str] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Tiles a second."""
        return len(self.times) / self.seconds

    @property
    def median(self) -> float:
        """Half of the tiles took no longer, ms."""
        return float(np.median(self.times))

    @property
    def p95(self) -> float:
        """Of a hundred tiles 95 took no longer, ms."""
        return float(np.percentile(self.times, 95))

    @property
    def mean_kb(self) -> float:
        """The mean size of what was sent, compressed if the server does so."""
        return float(np.mean(self.sizes)) / 1000 if self.sizes else 0.0


def drive(
    address: str, paths: list[str], *, cookie: str = "", etags: dict[str, str] | None = None
) -> Answers:
    """Ask for the paths, each client for the next one as soon as it has its answer."""
    return asyncio.run(_drive(address, paths, cookie, etags or {}))


async def _drive(address: str, paths: list[str], cookie: str, etags: dict[str, str]) -> Answers:
    waiting, answers = deque(paths), Answers()
    start = time.perf_counter()
    await asyncio.gather(*(_client(address, waiting, cookie, etags, answers) for _ in range(CLIENTS)))
    answers.seconds = time.perf_counter() - start
    return answers


async def _client(
    address: str, waiting: deque[str], cookie: str, etags: dict[str, str], answers: Answers
) -> None:
    host, port = address.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    while waiting:
        path = waiting.popleft()
        lines = [f"GET {path} HTTP/1.1", f"Host: {address}", "Accept-Encoding: gzip, br", f"Cookie: {cookie}"]
        if path in etags:
            lines.append(f"If-None-Match: {etags[path]}")
        begun = time.perf_counter()
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        status, headers, body = await _answer(reader)
        answers.times.append((time.perf_counter() - begun) * 1000)
        if status not in _FINE:
            sys.exit(f"{status} for {path}: {body[:300]!r}")
        if body:
            answers.sizes.append(len(body))
        answers.etags[path] = headers.get("etag", "")
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.split(": ", 1) for line in head[1:] if ": " in line)
    headers = {name.lower(): value for name, value in pairs}
    length = int(headers.get("content-length", 0))
    return int(head[0].split(" ")[1]), headers, await reader.readexactly(length)
