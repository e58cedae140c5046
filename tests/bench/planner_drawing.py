"""Operations: the engine alone, the service with its database, and a client's request with live figures."""

from __future__ import annotations

import gc
import json
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
from django.test import Client
from shapely import LineString

from gis_grids.drafts.requests import ASKED
from gis_grids.geometry.redraw import CannotDrawError
from gis_grids.levels import Level
from gis_grids.models import Plan
from gis_grids.selectors.plans import draft_of
from gis_grids.services.plans import draw, open_plan, undo
from mapui.planning.shown import result_shown
from tests.bench import planner_plain as plain
from tests.bench.strokes import KINDS, Hand
from tests.bench.table import Figure
from tests.bench.timing import Times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis_grids.drafts import Draft
    from tests.bench.city import City
    from tests.bench.city_store import Settled
    from tests.bench.planner import Extent

LEAF, AREA = Level.RESIDENT_GROUP, Level.AREA
_ENGINE_MS, _LIVE_MS = 5, 100
_PLAIN = "plain shapely: split, snap, judge all"


def drawing(_city: City, settled: Settled, extent: Extent) -> Iterator[Figure]:
    """Yield how long operations take on a community, on its areas, and on the whole city."""
    communities = settled.units[Level.COMMUNITY]
    for name, scope, level, strokes in (
        ("a community", communities[0], LEAF, extent.strokes),
        ("a community's areas", communities[1], AREA, extent.strokes),
        ("the whole city", settled.units[Level.DISTRICT][0], LEAF, extent.city_strokes),
    ):
        yield from _on_scope(name, settled, scope, level, strokes)


def _on_scope(name: str, settled: Settled, scope: int, level: Level, strokes: int) -> Iterator[Figure]:
    opened = Times()
    with opened.one():
        plan = open_plan(scope_id=scope, level=level, title=name, actor=settled.planner)
    pen = Pen(settled, plan, level)
    pen.strokes(strokes)
    is_community = scope in settled.units[Level.COMMUNITY]
    yield from opened.figures(f"a plan of {name} opened")
    engine_goal = _ENGINE_MS if is_community and level == LEAF else None
    yield from pen.engine.figures(f"operation on {name}, engine alone", pen.plain, _PLAIN, engine_goal)
    yield from pen.drawn.figures(f"operation on {name}, kept", pen.plain, _PLAIN)
    yield from pen.shown.figures("  its features and figures")
    live = _LIVE_MS if is_community else None
    yield from pen.asked.figures(f"operation on {name}, whole request with figures", goal=live)
    yield from pen.undone.figures("  undo")
    if is_community:
        yield Figure(f"random operations on {name} accepted", pen.accepted, "%")


class Pen:
    """Draws on one plan in all the ways that are measured, one stroke after the other."""

    def __init__(self, settled: Settled, plan: Plan, level: Level) -> None:
        self._plan, self._level, self._actor = plan, level, settled.planner
        self._client = Client()
        self._client.force_login(settled.planner)
        self._hand = Hand(level)
        self._keys = (f"x{n}" for n in count())
        self._refused = self._done = 0
        self.engine, self.plain = Times(computes=True), Times(computes=True)
        self.drawn, self.shown, self.asked, self.undone = Times(), Times(), Times(), Times()

    @property
    def accepted(self) -> float:
        """The operations that weren't refused, in per cent."""
        return 100 * self._done / max(1, self._done + self._refused)

    def strokes(self, count: int) -> None:
        """Draw so often; what the engine refuses isn't drawn."""
        gc.collect()
        for n in range(count):
            draft = self._draft()
            self._plainly(draft)
            asked = self._hand.stroke(KINDS[n // 2 % len(KINDS)], draft)
            try:
                with self.engine.one():
                    ASKED.validate_python(asked).apply(draft, self._keys)
            except CannotDrawError:
                self._refused += 1
                continue
            self._done += 1
            (self._by_request if n % 2 else self._by_service)(asked)

    def _draft(self) -> Draft:
        self._plan = Plan.objects.get(pk=self._plan.pk)
        return draft_of(self._plan)

    def _plainly(self, draft: Draft) -> None:
        """Split one of the leaves, without keeping it."""
        stroke = Hand(LEAF).stroke("split", draft)
        leaves = draft.leaves
        which, line = [*leaves].index(stroke["zone"]), ASKED.validate_python(stroke)
        shapes = np.array([zone.shape for zone in leaves.values()], dtype=object)
        with self.plain.one():
            plain.split(shapes, which, LineString(line.line))

    def _by_service(self, asked: dict[str, Any]) -> None:
        with self.drawn.one():
            operation = draw(
                plan_id=self._plan.pk,
                operation_id=uuid4(),
                base_rev=self._plan.rev,
                request=ASKED.validate_python(asked),
                actor=self._actor,
            )
        plan = Plan.objects.get(pk=self._plan.pk)
        with self.shown.one():
            result_shown(operation, plan, self._level)
        if operation.kind == "transfer":  # so that there are as many splits as merges
            with self.undone.one():
                undo(plan_id=plan.pk, operation_id=uuid4(), actor=self._actor)

    def _by_request(self, asked: dict[str, Any]) -> None:
        body = {"id": str(uuid4()), "base_rev": self._plan.rev, "level": self._level.value} | asked
        with self.asked.one():
            answer = self._client.post(
                f"/api/plans/{self._plan.pk}/operations", json.dumps(body), content_type="application/json"
            )
        if answer.status_code != 200:
            raise RuntimeError(answer.content.decode())
