"""The wall on a city: first picture, pan, zoom, frames with reports coming in, and memory.

The city is that of ``load_demo --scale city``: a million households, 104,000 units, half of them resident
groups, 20,000 open incidents; with ``--quick`` twelve communities. The limit of frames is an empty page in
the same browser in the same run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tests.bench.stage import ROOT, own_database
from tests.bench.table import MOST, Figure
from tests.bench.timing import share_of_core
from tests.chromium import chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE: Final = "The wall on a city, in headless Chromium without a graphics card"
FIRST_PICTURE_MS, POLYGONS_MS, PAN_MS = 300, 800, 35
FRAME_MS: Final = {"1920x1080": 25, "3840x2160": 40}
_EMPTY: Final = "an empty page"


def measure(*, quick: bool) -> list[Figure]:
    """Load the city into a database of its own and open it; a minute with ``quick``, else about fifteen."""
    if chromium() is None:
        sys.exit("The wall is measured in Chromium: apt-get install chromium")
    with own_database("wall") as url:
        command = [sys.executable, "-m", "tests.bench.wall_run", *(["--quick"] if quick else [])]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": url},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
    if done.returncode:
        sys.exit(f"tests.bench.wall_run has ended with {done.returncode}")
    found = json.loads(done.stdout)
    return [
        Figure("this machine: share of a core", share_of_core(), "%"),
        *_city(found["city"]),
        *(figure for size, screen in found["screens"].items() for figure in _screen(size, screen)),
    ]


def _city(city: dict[str, Any]) -> Iterator[Figure]:
    yield Figure("loading the city", city["load_s"], "s")
    for name in ("households", "units", "open incidents"):
        yield Figure(f"  {name}", city[name], "")


def _screen(size: str, found: dict[str, Any]) -> Iterator[Figure]:
    yield Figure(f"{size}: page opened until the wall is live", found["live_ms"], "ms")
    yield Figure(
        "  first picture of the whole city, households in cells, tiles there",
        found["city_ms"], "ms", goal=FIRST_PICTURE_MS, goal_of=MOST,
    )  # fmt: skip
    yield Figure(
        f"  {found['polygons']:,} polygons in view, tiles there",
        found["polygons_ms"], "ms", goal=POLYGONS_MS, goal_of=MOST,
    )  # fmt: skip
    yield from _frames("  pan with all of these", found["polygons_pan"], found["empty"])
    yield from _frames("  pan", found["pan"], found["empty"], worst=PAN_MS)
    yield Figure("    processor time of the page's thread, two drags", found["pan_cpu_ms"], "ms")
    yield from _frames("  zoom in and out", found["zoom"], found["empty"])
    yield from _frames(
        f"  {found['reports']:.1f} reports a second", found["live"], found["empty"], p95=FRAME_MS[size]
    )
    yield Figure("  memory of scripts, after all of it", found["heap_mb"], "MB")
    yield Figure("  elements of the page", found["nodes"], "")


def _frames(
    name: str, taken: list[float], empty: list[float], *, worst: float | None = None, p95: float | None = None
) -> Iterator[Figure]:
    frames, still = np.array(taken), np.array(empty)
    yield Figure(f"{name}: frame", float(np.median(frames)), "ms", float(np.median(still)), _EMPTY)
    at_95, limit = float(np.percentile(frames, 95)), float(np.percentile(still, 95))
    yield Figure("    95th percentile", at_95, "ms", limit, _EMPTY, p95, MOST if p95 else "")
    longest, limit = float(frames.max()), float(still.max())
    yield Figure("    worst", longest, "ms", limit, _EMPTY, worst, MOST if worst else "")
