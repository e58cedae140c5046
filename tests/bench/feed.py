"""The feed under load: from the phones' reports to the walls, through the real server and out of its sockets.

Each figure stands beside what the machine can do in the same run: plain psycopg with the statements that
a report needs; a bare server that sends the same frames; the clients against a server that does nothing.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psycopg

from tests.bench.scene import prepare
from tests.bench.stage import Helper, bare_server, connection_arguments, helper, own_database, servers
from tests.bench.table import LEAST, MOST, RATIO, Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE = "The feed under load (reporters × walls, server processes)"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured."""

    reporters: tuple[int, ...] = (1, 50, 500)
    walls: tuple[int, ...] = (1, 50, 200)
    processes: tuple[int, ...] = (1, 2)
    seconds: float = 4
    #: reports/s, reporters, walls, at most so many ms at p95
    offered: tuple[tuple[int, int, int, int], ...] = ((20, 50, 50, 100), (100, 500, 200, 250))
    offered_s: float = 15
    soak: tuple[int, float] = (50, 30)


QUICK = Plan((1, 10), (1, 5), (2,), 0.5, ((20, 10, 5, 100),), 1, (50, 1))
#: So many characters a bare server sends to have its CPU measured.
FAN_SIZE = 300_000_000
#: More connections than this the database would not gain by, nor let in.
MOST_CONNECTIONS = 50


@dataclass(slots=True)
class Round:
    """What one round of reports came to."""

    accepted: int
    asked: int
    seconds: float
    ack_ms: np.ndarray
    wall_ms: np.ndarray
    deliveries: int
    frames: int
    lost: int
    doubled: int
    cpu_s: float
    texts: list[str]


@dataclass(frozen=True, slots=True)
class Plain:
    """Plain psycopg, which stores reports without the product."""

    process: Helper
    database: dict[str, object]
    row: dict[str, object]

    def stored(self, reporters: int, seconds: float, *, own: bool) -> float:
        """Return how many reports it stores in a second: by the product's statements, or the fewest."""
        connections = min(reporters, MOST_CONNECTIONS)
        found = self.process.ask(
            "store", database=self.database, row=self.row, connections=connections, seconds=seconds, own=own
        )
        return found["count"] / found["seconds"]


@dataclass(slots=True)
class Limits:
    """What the machine can do without the product, by the number of reporters."""

    plain: Plain
    stored_at_least: dict[int, float] = field(default_factory=dict)
    answered: dict[int, float] = field(default_factory=dict)


def measure(*, quick: bool) -> list[Figure]:
    """Measure everything; takes some minutes, or with ``quick`` some seconds."""
    plan = QUICK if quick else Plan()
    with own_database("feed") as url:
        os.environ["DATABASE_URL"] = url
        scene = prepare(max(plan.reporters))
        with helper("tests.bench.plain") as process:
            plain = Plain(process, connection_arguments(url), scene.row)
            limits = Limits(plain)
            for reporters in plan.reporters:
                limits.stored_at_least[reporters] = plain.stored(reporters, plan.seconds, own=False)
            with bare_server() as server, helper("tests.bench.phones") as phones:
                for reporters in plan.reporters:
                    limits.answered[reporters] = answered_barely(server, phones, scene, reporters)
            figures = []
            for count in plan.processes:
                with Field(url, scene, count) as place:
                    figures += list(all_rounds(place, plan, limits))
    return figures


class Field:
    """The servers, the phones and the walls."""

    def __init__(self, url, scene, count):
        self.url, self.scene, self.count = url, scene, count
        self.open_phones = 0
        self.stack = ExitStack()

    def __enter__(self):
        self.servers = self.stack.enter_context(servers(self.url, self.count))
        self.addresses = [server.address for server in self.servers]
        self.phones = self.stack.enter_context(helper("tests.bench.phones"))
        self.walls = self.stack.enter_context(helper("tests.bench.walls"))
        self.database = self.stack.enter_context(
            psycopg.connect(**connection_arguments(self.url), autocommit=True)
        )
        return self

    def __exit__(self, *error):
        self.stack.close()

    def let_in(self, reporters, walls):
        new = self.scene.phones[self.open_phones : reporters]
        self.phones.ask("open", addresses=self.addresses, cookies=new, spots=self.scene.spots)
        self.open_phones = max(self.open_phones, reporters)
        self.walls.ask("open", addresses=self.addresses, cookies=[self.scene.wall] * walls)

    def position(self):
        query = "SELECT coalesce(max(position), 0) FROM incidents_feedcounter"
        return self.database.execute(query).fetchone()[0]

    def round(self, seconds, rate=None):
        """Have the phones report, and return what became of it everywhere."""
        before, used = self.position(), self.cpu_s()
        told = self.phones.ask("report", seconds=seconds, rate=rate)
        after = self.position()
        if told["refused"]:
            print(told["refused"], file=sys.stderr)
        seen = self.walls.ask("seen", position=after, texts=True)
        expected = np.arange(before + 1, after + 1)
        return judged(told, seen, expected, self.stored(told), self.cpu_s() - used)

    def cpu_s(self):
        return sum(server.cpu_s() for server in self.servers)

    def stored(self, told):
        """Return how many of the acknowledged reports are in the database."""
        query = "SELECT count(*) FROM incidents_incident WHERE id = ANY(%s)"
        return self.database.execute(query, [[incident for incident, *_ in told["acked"]]]).fetchone()[0]


def judged(told, seen, expected, stored, cpu_s):
    """Compare what was acknowledged with what is stored and with what each wall has seen."""
    left = {incident: at for incident, at, _took in told["acked"]}
    frames = [np.array(frame, dtype=np.int64).reshape(-1, 2) for frame in seen["frames"]]
    lost, doubled, deliveries, waits = len(told["acked"]) - stored, 0, 0, []
    for arrivals in seen["arrivals"]:
        events = np.concatenate([np.empty((0, 2), np.int64), *(frames[n] for _at, n in arrivals)])
        numbers = events[:, 0]
        lost += len(np.setdiff1d(expected, numbers))
        doubled += len(numbers) - len(np.unique(numbers))
        deliveries += len(numbers)
        came = np.concatenate([np.empty(0), *(np.full(len(frames[n]), at) for at, n in arrivals)])
        went = np.array([left.get(incident, np.nan) for incident in events[:, 1]])
        waits.append(1000 * (came - went))
    wall_ms = np.concatenate(waits)
    return Round(
        accepted=len(told["acked"]),
        asked=told["asked"],
        seconds=told["seconds"],
        ack_ms=np.array([1000 * took for _incident, _at, took in told["acked"]]),
        wall_ms=wall_ms[~np.isnan(wall_ms)],
        deliveries=deliveries,
        frames=sum(len(arrivals) for arrivals in seen["arrivals"]),
        lost=lost,
        doubled=doubled,
        cpu_s=cpu_s,
        texts=seen["texts"],
    )


class Tally:
    """Plays rounds, and counts what was lost and doubled in all of them."""

    def __init__(self, place):
        self._place = place
        self.lost = self.doubled = 0

    def __call__(self, seconds, rate=None):
        found = self._place.round(seconds, rate)
        self.lost += found.lost
        self.doubled += found.doubled
        return found


def all_rounds(place: Field, plan: Plan, limits: Limits) -> Iterator[Figure]:
    """Yield the figures of one set of servers."""
    played = Tally(place)
    processes = "1 process" if place.count == 1 else f"{place.count} processes"
    for reporters in plan.reporters:
        for walls in plan.walls:
            what = f"{reporters} × {walls}, {processes}"
            print(f"measuring {what}", file=sys.stderr, flush=True)
            place.let_in(reporters, walls)
            played(plan.seconds / 4)  # connections and caches are warm from here on
            before = limits.plain.stored(reporters, plan.seconds / 2, own=True)
            found = played(plan.seconds)
            after = limits.plain.stored(reporters, plan.seconds / 2, own=True)
            yield from closed(what, found, reporters, limits, stored=(before + after) / 2)
            if walls > 1 and (reporters, place.count) == (plan.reporters[1], plan.processes[0]):
                yield fan_out(found.texts, walls, f"{walls} walls")
            for rate, phones, screens, most in plan.offered:
                if (phones, screens) == (reporters, walls):
                    yield from offered(f"at {rate}/s, {what}", played(plan.offered_s, rate), most)
            if (reporters, walls) == (plan.reporters[1], plan.walls[1]):
                rate, seconds = plan.soak
                yield soak(f"{rate}/s for {seconds:g} s, {what}", played(seconds, rate))
            place.walls.ask("leave")
    yield Figure(f"events lost, {processes}", played.lost, "lost", goal=0, goal_of=MOST)
    yield Figure(f"events doubled, {processes}", played.doubled, "doubled", goal=0, goal_of=MOST)


def closed(what, found, reporters, limits, *, stored):
    """Yield what came of each phone reporting again as soon as it is answered.

    ``stored`` is what plain psycopg stored by the same statements just before and just after: a machine
    that others use is not as fast from one minute to the next.
    """
    rate = found.accepted / found.seconds
    connections = min(reporters, MOST_CONNECTIONS)
    plain = f"plain psycopg, {connections} connections"
    same, fewest = f"{plain}, the same statements", f"{plain}, the fewest statements"
    yield Figure(f"acknowledged, {what}", rate, "1/s", stored, same, 0.5, RATIO)
    yield Figure("  of what can be stored at most", rate, "1/s", limits.stored_at_least[reporters], fewest)
    yield Figure("  of what the clients can take", rate, "1/s", limits.answered[reporters], "a bare server")
    yield Figure("  events delivered", found.deliveries / found.seconds, "1/s")
    yield Figure("  report→wall p50", percentile(found.wall_ms, 50), "ms")
    yield Figure("  report→wall p95", percentile(found.wall_ms, 95), "ms")


def offered(what, found, most):
    """Yield how long it took at a steady rate."""
    yield Figure(f"report→wall p50 {what}", percentile(found.wall_ms, 50), "ms")
    yield Figure(f"report→wall p95 {what}", percentile(found.wall_ms, 95), "ms", goal=most, goal_of=MOST)
    yield Figure(f"report→acknowledgement p50 {what}", percentile(found.ack_ms, 50), "ms")
    yield Figure(f"report→acknowledgement p95 {what}", percentile(found.ack_ms, 95), "ms")


def soak(what, found):
    """Return how much of ODK Central's published soak was accepted."""
    accepted = 100 * found.accepted / found.asked
    return Figure(f"soak: {what}", accepted, "% accepted", goal=100, goal_of=LEAST)


def fan_out(texts, walls, what):
    """Return how many of these frames the hub's senders send out in a second of CPU, and a bare server."""
    size = np.mean([len(text) for text in texts])
    repeated = texts * max(1, int(FAN_SIZE / size / walls / len(texts)))
    return Figure(
        f"frames per second of CPU, {what}",
        fanned(repeated, walls, "fan-by-listeners"),
        "1/s",
        fanned(repeated, walls, "fan"),
        f"a bare server, {size:,.0f} characters each",
        0.5,
        RATIO,
    )


def fanned(texts, walls, way):
    """Return how many frames a bare server sends to walls in a second of its CPU."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "frames.json").write_text(json.dumps(texts))
        with bare_server(Path(folder) / "frames.json") as server, helper("tests.bench.walls") as screens:
            screens.ask("open", addresses=[server.address], cookies=[""] * walls)
            used = server.cpu_s()
            with urllib.request.urlopen(f"http://{server.address}/{way}", timeout=120):
                pass
            screens.ask("seen", position=0, count=len(texts))
            return len(texts) * walls / max(0.01, server.cpu_s() - used)


def answered_barely(server, phones, scene, reporters):
    """Return the answers per second that the phones get of a bare server: what the clients can take."""
    have = phones.ask("open", addresses=[server.address], cookies=[], spots=scene.spots)
    phones.ask("open", addresses=[server.address], cookies=[""] * (reporters - have), spots=scene.spots)
    found = phones.ask("report", seconds=1, rate=None)
    return found["asked"] / found["seconds"]


def percentile(values, share):
    """Return a percentile, or not a number of nothing."""
    return float(np.percentile(values, share)) if len(values) else float("nan")
