"""After a restart of the server all walls of a city come back at once; each needs everything that is open.

Beside it stands what a bare server takes for sending as much to as many, and one wall that comes alone.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.bench.scene import prepare
from tests.bench.stage import bare_server, helper, own_database, servers
from tests.bench.table import MOST, Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE = "All walls of a city come back at once (open cases × walls)"

#: Open cases and walls: of a city, and of a quick run.
CITY, QUICK = (20_000, 200), (1_200, 10)
#: So many reports are written in one transaction.
BATCH = 500
#: A screen may be without its picture for so long after a restart.
MOST_S = 10
#: What all walls together may have the server hold, at most, beyond what it holds anyhow.
MOST_MB = 250


def measure(*, quick: bool) -> list[Figure]:
    """Measure once with everything cold, as after a restart."""
    cases, walls = QUICK if quick else CITY
    with own_database("comeback") as url:
        os.environ["DATABASE_URL"] = url
        scene = prepare(1)
        fill(scene, cases)
        past = list(past_and_present(f"{cases:,} open"))
        with helper("tests.bench.walls") as screens:
            with servers(url, 1) as [server]:
                [[alone, size]] = back(screens, server, scene, 1)["found"]
            with servers(url, 1) as [server]:
                before, used = held_mb(server), server.cpu_s()
                all_back = back(screens, server, scene, walls)
                grown, cpu = held_mb(server) - before, server.cpu_s() - used
        what = f"{cases:,} × {walls}"
        return [*figures(what, all_back, alone, size, bare_s(size, walls), grown, cpu), *past]


def figures(what, all_back, alone, size, bare, grown, cpu) -> Iterator[Figure]:  # noqa: PLR0917
    """Yield what came of it."""
    waited = [seconds for seconds, _size in all_back["found"]]
    half = float(np.percentile(waited, 50))
    yield Figure(f"picture there, p50, {what}", half, "s", alone, "one wall alone")
    yield Figure("  the last wall", max(waited), "s", bare, "a bare server, as much to as many", MOST_S, MOST)
    yield Figure("  from the first connection to the last picture", all_back["span"], "s")
    yield Figure("  sent to each wall", size / 1e6, "MB")
    yield Figure("  the server holds more, at its peak", grown, "MB", goal=MOST_MB, goal_of=MOST)
    yield Figure("  CPU of the server", cpu, "s")


def past_and_present(what) -> Iterator[Figure]:
    """Yield how long the past takes beside the present: both from the database, without being sent."""
    from django.utils import timezone  # noqa: PLC0415 - needs Django set up

    from gis_grids.models import Unit  # noqa: PLC0415
    from incidents.selectors import wall_snapshot  # noqa: PLC0415
    from incidents.selectors.past import cases_at  # noqa: PLC0415
    from mapui.wall.history import CARDS  # noqa: PLC0415

    roots, at = [Unit.objects.get(level="city").pk], timezone.now()
    start = time.perf_counter()
    wall_snapshot(roots)
    present = time.perf_counter() - start
    after, start = 0, time.perf_counter()
    while after is not None:
        after = cases_at(roots, (), at, after=after, limit=CARDS).after
    took = time.perf_counter() - start
    yield Figure(f"a moment read back, {what}", took, "s", present, "a snapshot of the present")


def back(screens, server, scene, count):
    """Have so many walls come at once."""
    return screens.ask("come_back", address=server.address, cookies=[scene.wall] * count)


def bare_s(size, walls):
    """Return the seconds in which a bare server sends as many characters to as many walls."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "frames.json").write_text(json.dumps(["x" * size]))
        with bare_server(Path(folder) / "frames.json") as server, helper("tests.bench.walls") as screens:
            screens.ask("open", addresses=[server.address], cookies=[""] * walls)
            start = time.perf_counter()
            with urllib.request.urlopen(f"http://{server.address}/fan", timeout=120):
                pass
            return time.perf_counter() - start


def held_mb(server):
    """Return the most that a process has held so far."""
    lines = Path(f"/proc/{server.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def fill(scene, count):
    """Have so many open cases."""
    from incidents.services import report_incidents  # noqa: PLC0415 - needs Django set up
    from tests.bench.scene import reports_of  # noqa: PLC0415

    for start in range(0, count, BATCH):
        report_incidents(reports=reports_of(scene, min(BATCH, count - start)))
