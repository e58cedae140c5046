"""Boundary plans on a city of about 200,000 households and 5,000 leaves, through the product's own services.

Each figure stands beside the same work by plain calls of shapely, pymetis and psycopg in the same run
(`tests.bench.planner_plain`), and beside the goal that planner.md 3 set: what a prototype reached on a quiet
machine. On a busy one only the ratios tell anything.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import django

from tests.bench.planner_frames import frames
from tests.bench.stage import own_database
from tests.bench.table import Figure
from tests.bench.timing import share_of_core

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE = "Boundary plans: a city of about 200,000 households and 5,000 leaves; the limits are plain libraries"


@dataclass(frozen=True, slots=True)
class Extent:
    """How large the city is, in communities, and how often things are done."""

    columns: int
    rows: int
    strokes: int
    city_strokes: int
    repeats: int
    proposals: int
    publications: int
    drag_s: float


_WHOLE = Extent(10, 7, strokes=120, city_strokes=24, repeats=5, proposals=12, publications=5, drag_s=6)
_QUICK = Extent(2, 1, strokes=12, city_strokes=6, repeats=1, proposals=1, publications=1, drag_s=0)


def measure(*, quick: bool) -> list[Figure]:
    """Return the figures; quick: of a city of two communities, without a browser, to see that all runs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mapui.project.settings")
    with own_database("planner") as url:
        os.environ["DATABASE_URL"] = url
        django.setup()
        from django.db import connections  # noqa: PLC0415 - needs Django set up

        extent = _QUICK if quick else _WHOLE
        try:
            figures = list(_figures(extent))
        finally:
            connections.close_all()
    if extent.drag_s:
        _say("frames")
        figures += frames(extent.drag_s)
    return figures


def _figures(extent: Extent) -> Iterator[Figure]:
    from django.core.management import call_command  # noqa: PLC0415 - needs Django set up

    from mapui.live.life import collect_garbage_seldom  # noqa: PLC0415
    from tests.bench import planner_city, planner_drawing, planner_proposals  # noqa: PLC0415
    from tests.bench.city import make_city  # noqa: PLC0415
    from tests.bench.city_store import settle  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    _say(f"a city of {extent.columns * extent.rows} communities")
    city = make_city(extent.columns, extent.rows)
    settled = settle(city)
    collect_garbage_seldom()  # as the server does; and the city kept for comparison isn't looked through
    parts = {
        "homes of all households": planner_city.homing,
        "operations": planner_drawing.drawing,
        "validation and impact": planner_city.judging,
        "proposals": planner_proposals.proposing,
        "publishing": planner_city.publishing,
    }
    yield Figure("share of a core that a busy loop gets", share_of_core(), "%")
    for name, part in parts.items():
        _say(name)
        yield from part(city, settled, extent)


def _say(what: str) -> None:
    print(f"measuring {what}", file=sys.stderr, flush=True)
