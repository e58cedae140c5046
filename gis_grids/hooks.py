"""How the ground floor lets higher floors take part, without knowing them.

A hook runs inside the transaction of the service that calls it: if it raises, nothing is written.
Higher floors register in their ``AppConfig.ready``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from gis_grids.drafts.comparison import Comparison, Figures, Problem
    from gis_grids.drafts.zones import Draft
    from gis_grids.personal import Keep

    ZoneFigures = Callable[[Draft, Collection[str], datetime, Comparison | None], Figures]
    PlanCheck = Callable[[Comparison], Iterable[Problem]]
    PlanImpact = Callable[[Comparison], dict[str, Any]]
    BoundariesChanged = Callable[["BoundaryChange"], None]
    HandedOver = Callable[["HandOver"], int]


@dataclass(frozen=True, slots=True)
class BoundaryChange:
    """The units whose boundary was made, changed or ended, and from when on.

    ``renumbered`` says for units that ended because they got another code which unit each is now: what
    was recorded by hand for the one goes to the other. Without ``moves_open_cases`` open cases stay with
    the unit that has them, as long as it is in force.
    """

    unit_ids: frozenset[int]
    when: datetime
    renumbered: Mapping[int, int] = field(default_factory=dict)
    moves_open_cases: bool = True


@dataclass(frozen=True, slots=True)
class HandOver:
    """A post in a unit that goes from one person to another ``at`` a moment, which may lie ahead.

    ``post_id`` is the term that ends, ``successor_id`` the one that begins.
    """

    post_id: int
    successor_id: int
    unit_id: int
    from_holder: int
    to_holder: int
    at: datetime
    with_tasks: bool


@dataclass(frozen=True, slots=True)
class Forgetting:
    """A part of what is kept for a time: ``forget`` takes away what is older than a moment, and counts it.

    Told that it is only a try-out it counts and takes nothing away.
    """

    keep: Keep
    what: _StrPromise
    forget: Callable[[datetime, bool], int]


#: Called when boundaries have changed.
on_boundaries_changed: list[BoundariesChanged] = []

#: Called when a post is handed over: each floor passes on what goes with it, and says how many open tasks.
on_handed_over: list[HandedOver] = []

#: Called for zones of a draft, by their keys, at a time: each floor tells the numbers that it knows of them.
#: If the draft is a side of a comparison, that is given too: what was read for it (`once`) isn't read again.
zone_figures: list[ZoneFigures] = []

#: Called for a plan that is checked: each floor tells what it finds wrong.
plan_checks: list[PlanCheck] = []

#: By the name of their section: each floor's part of the report on what a plan changes (plain JSON).
plan_impacts: dict[str, PlanImpact] = {}

#: What each floor forgets of itself, every night (`gis_grids.services.retention`).
forgettings: list[Forgetting] = []
