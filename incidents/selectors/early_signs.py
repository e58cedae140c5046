"""Early signs (苗头性问题): where more is reported than is usual at this hour of the week.

The last hours are compared with the same hours of the same weekday in the weeks before, by the test of
`rarity`: a window is one of ``weeks + 1`` of the same length.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from math import cos, floor, hypot, radians
from typing import TYPE_CHECKING, Final

from django.db.models import Count, F, FloatField, Func, Min, Q
from django.utils import timezone

from gis_grids.levels import Level
from gis_grids.selectors import chains, descendant_ids
from incidents.models import Incident
from incidents.selectors.figures import NOT_COUNTED
from incidents.selectors.performance import roots_of
from incidents.selectors.rarity import chance, unusual

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

    from gis_grids.levels import PostKind
    from gis_grids.selectors import ChainLink

#: How many weeks are looked back, and how many there must be at least: a new installation knows no usual.
WEEKS: Final = 8
FEWEST_WEEKS: Final = 3
#: Fewer cases than this are no sign of anything, however rare they are.
FEWEST_CASES: Final = 3
LONGEST_HOURS: Final = 72
#: The finest lattice of cells, in degrees (about 50 m), and how many of them a map is given at most.
FINEST: Final = 0.0005
MOST_CELLS: Final = 4000
_METRES_PER_DEGREE: Final = 111_320


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time: after ``since``, up to and with ``until``."""

    since: dt.datetime
    until: dt.datetime

    def holds(self, name: str) -> Q:
        """Return the condition that the column lies in it."""
        return Q(**{f"{name}__gt": self.since, f"{name}__lte": self.until})


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlySign:
    """More cases than usual in a unit: of one matter, or of all together (``matter`` empty).

    ``usual`` is the mean of the weeks before, ``chance`` how probable so many would be. The place is the
    middle of the cases (lon/lat, EPSG:4326, to about 50 m) and ``radius_m`` reaches all of them.
    """

    unit: ChainLink
    matter: str
    count: int
    usual: float
    chance: float
    lon: float
    lat: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class HeatCell:
    """The middle of a cell (lon/lat), its cases of the last hours, and the mean of the weeks before."""

    lon: float
    lat: float
    count: int
    usual: float


@dataclass(frozen=True, slots=True)
class EarlySigns:
    """What stands out in a window, compared with so many weeks; ``step`` is the size of a cell in degrees."""

    window: Window
    weeks: int
    signs: list[EarlySign]
    cells: list[HeatCell]
    step: float


@dataclass(frozen=True, slots=True)
class _Row:
    """Cases of one unit, matter and cell: in the last window, and in those of the weeks before."""

    unit_id: int
    matter: str
    cell: tuple[int, int]
    count: int
    before: int


def early_signs(
    user: AbstractBaseUser,
    *,
    hours: int,
    unit_id: int | None = None,
    kinds: Collection[PostKind] | None = None,
    now: dt.datetime | None = None,
) -> EarlySigns:
    """Return what stands out in the last ``hours`` (at most `LONGEST_HOURS`). Six queries at most.

    In the subtree of a unit in the user's scope, or of his posts (of these kinds, if given): the units
    themselves and those below them from the community down. Cases count by their reception; private
    matters don't count, nor void cases and duplicates. With fewer than `FEWEST_WEEKS` weeks of history there
    are no signs.

    Raises `NotFound` (``unit.unknown``) for a unit that isn't in the user's scope.
    """
    roots = roots_of(user, unit_id, kinds)
    at = now or timezone.now()
    windows = _windows(at, hours)
    rows = _rows(roots, windows)
    weeks = len(windows) - 1
    cells, step = heat_cells(((row.cell, row.count, row.before) for row in rows), weeks)
    signs = _signs(rows, roots, weeks) if weeks >= FEWEST_WEEKS else []
    return EarlySigns(windows[0], weeks, signs, cells, step)


def _windows(now: dt.datetime, hours: int) -> list[Window]:
    """Return the last window, and those of the weeks before that lie in the time of which there are cases."""
    first = Incident.objects.aggregate(first=Min("received_at"))["first"] or now
    zone, length = timezone.get_default_timezone(), dt.timedelta(hours=hours)
    # By the clock on the wall: the same hour of the week, whatever summer time does.
    ends = [now.astimezone(zone) - dt.timedelta(weeks=week) for week in range(WEEKS + 1)]
    windows = [Window(end.astimezone(dt.UTC) - length, end.astimezone(dt.UTC)) for end in ends]
    return [window for n, window in enumerate(windows) if n == 0 or window.since >= first]


def _rows(roots: Collection[int], windows: Sequence[Window]) -> list[_Row]:
    last, *earlier = (window.holds("received_at") for window in windows)
    before = Q(pk__in=[])
    for window in earlier:
        before |= window
    found = _counted(roots).filter(last | before)
    cells = found.annotate(
        column=_floored("ST_X"),
        row=_floored("ST_Y"),
        code=F("matter__code"),
    )
    counts = cells.values_list("unit", "code", "column", "row").annotate(
        count=Count("pk", filter=last), before=Count("pk", filter=before)
    )
    return [
        _Row(unit, code, (int(column), int(row)), count, past)
        for unit, code, column, row, count, past in counts.order_by()
    ]


def _floored(axis: str) -> Func:
    ordinate = Func(F("place"), function=axis, output_field=FloatField())
    return Func(ordinate / FINEST, function="FLOOR", output_field=FloatField())


def _counted(roots: Collection[int]) -> QuerySet[Incident]:
    ours = Incident.objects.filter(unit__in=descendant_ids(roots), matter__is_private=False)
    return ours.exclude(state__in=NOT_COUNTED)


# --- cells ---


def heat_cells(
    counted: Iterable[tuple[tuple[int, int], int, int]], weeks: int
) -> tuple[list[HeatCell], float]:
    """Return the cells of a lattice that isn't finer than `MOST_CELLS` allow, and its step in degrees.

    ``counted`` are cells of the finest lattice, with their counts now and in the weeks before.
    """
    now: Counter[tuple[int, int]] = Counter()
    past: Counter[tuple[int, int]] = Counter()
    for cell, count, before in counted:
        now[cell] += count
        past[cell] += before
    step = FINEST
    while len(now) > MOST_CELLS:
        now, past, step = _coarser(now), _coarser(past), 2 * step
    cells = [
        HeatCell(*_middle(cell, step), now[cell], past[cell] / weeks if weeks else 0.0)
        for cell in sorted(now)
    ]
    return cells, step


def _coarser(cells: Counter[tuple[int, int]]) -> Counter[tuple[int, int]]:
    merged: Counter[tuple[int, int]] = Counter()
    for (column, row), count in cells.items():
        merged[floor(column / 2), floor(row / 2)] += count
    return merged


def _middle(cell: tuple[int, int], step: float) -> tuple[float, float]:
    column, row = cell
    return round((column + 0.5) * step, 9), round((row + 0.5) * step, 9)


# --- signs ---


def _signs(rows: Sequence[_Row], roots: Collection[int], weeks: int) -> list[EarlySign]:
    now: Counter[tuple[int, str]] = Counter()
    past: Counter[tuple[int, str]] = Counter()
    cells: defaultdict[tuple[int, str], list[_Row]] = defaultdict(list)
    above = chains({row.unit_id for row in rows})
    links = {link.unit_id: link for chain in above.values() for link in chain}
    for row in rows:
        for unit_id in _looked_at(above[row.unit_id], roots):
            for key in ((unit_id, row.matter), (unit_id, "")):
                now[key] += row.count
                past[key] += row.before
                cells[key].append(row)
    chances = {key: chance(now[key], past[key], 1 / (weeks + 1)) for key in now if now[key]}
    found = [key for key in unusual(chances) if now[key] >= FEWEST_CASES]
    return [
        _sign(links[unit_id], matter, cells[unit_id, matter], chances[unit_id, matter], weeks)
        for unit_id, matter in _apart(found, chances, chains({unit_id for unit_id, _matter in found}))
    ]


def _looked_at(chain: Sequence[ChainLink], roots: Collection[int]) -> list[int]:
    """Return the root that the chain leads through, and what lies below it from the community down."""
    first = next((n for n, link in enumerate(chain) if link.unit_id in roots), len(chain))
    return [
        link.unit_id
        for n, link in enumerate(chain[first:])
        if n == 0 or Level(link.level).depth >= Level.COMMUNITY.depth
    ]


def _apart(
    found: Iterable[tuple[int, str]],
    chances: Mapping[tuple[int, str], float],
    above: Mapping[int, Sequence[ChainLink]],
) -> list[tuple[int, str]]:
    """Return one sign where several speak of the same cases: the least probable; of equals the smallest."""
    ids = {unit_id: {link.unit_id for link in chain} for unit_id, chain in above.items()}
    kept: list[tuple[int, str]] = []
    for unit_id, matter in sorted(found, key=lambda key: (chances[key], -len(ids[key[0]]), key[1] == "")):
        is_told = any(
            (matter in {other_matter, ""} or not other_matter)
            and (unit_id in ids[other] or other in ids[unit_id])
            for other, other_matter in kept
        )
        if not is_told:
            kept.append((unit_id, matter))
    return kept


def _sign(unit: ChainLink, matter: str, rows: Sequence[_Row], how_probable: float, weeks: int) -> EarlySign:
    now = [row for row in rows if row.count]
    count = sum(row.count for row in now)
    places = [_middle(row.cell, FINEST) for row in now]
    lon = sum(x * row.count for (x, _y), row in zip(places, now, strict=True)) / count
    lat = sum(y * row.count for (_x, y), row in zip(places, now, strict=True)) / count
    shrink = cos(radians(lat))
    reach = max(hypot((x - lon) * shrink, y - lat) for x, y in places) + FINEST / 2
    return EarlySign(
        unit=unit,
        matter=matter,
        count=count,
        usual=sum(row.before for row in rows) / weeks,
        chance=how_probable,
        lon=round(lon, 9),
        lat=round(lat, 9),
        radius_m=round(reach * _METRES_PER_DEGREE, 1),
    )
