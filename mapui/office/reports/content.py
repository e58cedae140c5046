"""What a quarterly report shows beside its texts: figures of the unit, its parts, matters and weeks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Min, Q
from django.utils import timezone

from gis_grids.levels import Level
from gis_grids.models import Post
from gis_grids.selectors import current_versions, descendant_ids
from households.selectors import households_below
from incidents.models import Incident
from incidents.selectors.performance import By, performance
from incidents.selectors.rarity import chance, unusual
from mapui.office.statistics.asked import Asked
from mapui.office.statistics.lines import table, total_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.permissions import Scope
    from gis_grids.selectors import ChainLink
    from incidents.selectors.performance import Performance
    from incidents.selectors.quarterly import Quarter
    from mapui.office.statistics.lines import Line

#: Fewer cases than this are no tendency, however rare they were before.
FEWEST_CASES = 5


@dataclass(frozen=True, slots=True)
class Ground:
    """What the unit is: units below it by level, households, posts, and vacant ones."""

    units: dict[str, int]
    households: int
    posts: int
    vacant: int

    @property
    def levels(self) -> list[tuple[str, int]]:
        """The names of the levels, with how many units each has."""
        return [(str(Level(level).label), count) for level, count in self.units.items()]


@dataclass(frozen=True, slots=True)
class Rise:
    """A matter or a part of the unit with more cases than a quarter before than chance would explain."""

    name: str
    count: int
    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The figures of a report. ``before`` and ``year_before`` are the whole unit's in those quarters."""

    ground: Ground
    total: Line
    before: Performance
    year_before: Performance
    units: list[Line]
    matters: list[Line]
    classes: list[Line]
    weeks: list[Line]
    rises: list[Rise]


def content_of(user: AbstractBaseUser, scope: Scope, unit: ChainLink, quarter: Quarter) -> Content:
    """Return the figures of a unit in the user's scope, as they are now."""
    asked = {by: _asked(by, unit, quarter) for by in (By.UNIT, By.MATTER, By.CLASS, By.WEEK)}
    lines = {by: table(user, scope, each, unit.unit_id) for by, each in asked.items()}
    earlier = [
        total_of(user, asked[By.UNIT], _asked(By.UNIT, unit, each).span, unit.unit_id)
        for each in (quarter.before, quarter.year_before)
    ]
    return Content(
        ground=_ground(unit),
        total=lines[By.UNIT][1],
        before=earlier[0],
        year_before=earlier[1],
        units=lines[By.UNIT][0],
        matters=lines[By.MATTER][0],
        classes=lines[By.CLASS][0],
        weeks=lines[By.WEEK][0],
        rises=_rises(user, unit, quarter, [*lines[By.MATTER][0], *lines[By.UNIT][0]]),
    )


def _asked(by: By, unit: ChainLink, quarter: Quarter) -> Asked:
    today = timezone.localdate()
    last = min(quarter.last, today) if quarter.first <= today else quarter.last
    return Asked(by=by, first=quarter.first, last=last, unit=unit.code)


def _ground(unit: ChainLink) -> Ground:
    below = descendant_ids([unit.unit_id])
    levels = current_versions().filter(unit__in=below).exclude(unit=unit.unit_id).order_by("depth")
    posts = Post.objects.filter(unit__in=below, term__contains=timezone.now(), is_deputy=False)
    counts = posts.aggregate(posts=Count("pk"), vacant=Count("pk", filter=Q(holder=None)))
    return Ground(
        units=dict(levels.values_list("unit__level").annotate(Count("pk"))),
        households=households_below([unit.unit_id])[unit.unit_id],
        **counts,
    )


def _rises(user: AbstractBaseUser, unit: ChainLink, quarter: Quarter, now: Sequence[Line]) -> list[Rise]:
    """Return what has risen against the quarter before, by the test of `rarity`, given the days of both.

    Nothing where that quarter was before the first case: what is new to the system isn't new to the place.
    """
    earlier = quarter.before
    begun = Incident.objects.aggregate(first=Min("received_at"))["first"]
    if begun is None or begun > _asked(By.UNIT, unit, earlier).span[0]:
        return []
    before: dict[object, int] = {}
    for by in (By.MATTER, By.UNIT):
        since, until = _asked(by, unit, earlier).span
        groups = performance(user, since=since, until=until, by=by, unit_id=unit.unit_id).groups
        before |= {group.key: group.cases for group in groups}
    days = _asked(By.UNIT, unit, quarter).days
    share = days / (days + _asked(By.UNIT, unit, earlier).days)
    chances = {
        n: chance(line.figures.cases, before.get(line.figures.key, 0), share)
        for n, line in enumerate(now)
        if line.figures.cases
    }
    return [
        Rise(now[n].name, now[n].figures.cases, before.get(now[n].figures.key, 0))
        for n in unusual(chances)
        if now[n].figures.cases >= FEWEST_CASES
    ]
