"""Early signs (苗头性问题): where more is reported than is usual at this hour of the week.

The last hours are compared with the same hours of the same weekday in the weeks before, by the test of
`rarity`: a window is one of ``weeks + 1`` of the same length.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from math import cos, floor, hypot, radians
from statistics import median
from typing import TYPE_CHECKING, Final

from django.db.models import Count, F, FloatField, Func, Min, Q
from django.utils import timezone

from gis_grids.levels import Level
from gis_grids.selectors import chains, descendant_ids
from incidents.models import Incident
from incidents.selectors.figures import NOT_COUNTED
from incidents.selectors.rarity import FALSE_SHARE, chance, unusual

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from gis_grids.selectors import ChainLink

    #: A unit, and a matter or "" for all.
    _Key = tuple[int, str]

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


def early_signs(roots: Collection[int], *, hours: int, now: dt.datetime | None = None) -> EarlySigns:
    """Return what stands out in the last ``hours`` (at most `LONGEST_HOURS`). Six queries at most.

    In the subtrees of the ``roots``, which are the reader's: the units themselves, and those below them from
    the community down. Cases count by their reception; private matters don't count, nor void cases and
    duplicates. With fewer than `FEWEST_WEEKS` weeks of history there are no signs.
    """
    windows = _windows(now or timezone.now(), hours)
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


class _Tally:
    """Cases now and before of every unit looked at, for each matter and for all ("")."""

    def __init__(self, rows: Sequence[_Row], roots: Collection[int], weeks: int) -> None:
        self.now: Counter[_Key] = Counter()
        self.past: Counter[_Key] = Counter()
        self.rows: defaultdict[_Key, list[_Row]] = defaultdict(list)
        self.above = chains({row.unit_id for row in rows})
        self.usual_share = 1 / (weeks + 1)
        #: The root of each unit, and which of the root's parts it is or lies in.
        self._place: dict[int, tuple[int, int | None]] = {}
        for row in rows:
            looked_at = _looked_at(self.above[row.unit_id], roots)
            part = looked_at[1] if len(looked_at) > 1 else None
            for n, unit_id in enumerate(looked_at):
                self._place[unit_id] = (looked_at[0], part if n else None)
                for key in ((unit_id, row.matter), (unit_id, "")):
                    self.now[key] += row.count
                    self.past[key] += row.before
                    self.rows[key].append(row)

    def is_whole(self, unit_id: int) -> bool:
        """Tell whether the unit is one of the roots, of which all others are parts."""
        return self._place[unit_id][1] is None

    def shares(self) -> dict[int, float]:
        """Return which share of a unit's cases falls into the last window if nothing is unusual there.

        On a day on which more is reported everywhere a part is compared with how it is elsewhere: with the
        median of the other parts, each as if one case more had come in each window.
        """
        parts: defaultdict[int, dict[int, float]] = defaultdict(dict)
        for unit_id, (root, part) in self._place.items():
            if unit_id == part:
                now, past = self.now[part, ""], self.past[part, ""]
                parts[root][part] = (now + 1) / (now + past + 1 / self.usual_share)
        elsewhere = {
            part: median([share for other, share in among.items() if other != part] or [self.usual_share])
            for among in parts.values()
            for part in among
        }
        return {
            unit_id: max(self.usual_share, elsewhere[part] if part else self.usual_share)
            for unit_id, (_root, part) in self._place.items()
        }

    def without(self, key: _Key, parts: Iterable[_Key]) -> float:
        """Return how probable the cases of a root would be without those of its parts."""
        unit_id, matter = key
        left = [(self.now[key], self.past[key])]
        for part, of_part in parts:
            if self._place[part][0] == unit_id and (matter in {"", of_part} or not of_part):
                counted = (part, matter or of_part)
                left.append((-self.now[counted], -self.past[counted]))
        return chance(sum(now for now, _past in left), sum(past for _now, past in left), self.usual_share)


def _signs(rows: Sequence[_Row], roots: Collection[int], weeks: int) -> list[EarlySign]:
    """Return what stands out: parts, and the whole where it does so without those."""
    tally = _Tally(rows, roots, weeks)
    shares = tally.shares()
    chances = {
        key: chance(count, tally.past[key], shares[key[0]]) for key, count in tally.now.items() if count
    }
    found = [key for key in unusual(chances) if tally.now[key] >= FEWEST_CASES]
    links = {link.unit_id: link for chain in tally.above.values() for link in chain}
    above = chains({unit_id for unit_id, _matter in found})
    parts = _apart([key for key in found if not tally.is_whole(key[0])], chances, above)
    wholes = _apart([key for key in found if tally.is_whole(key[0])], chances, above)
    kept = [*(key for key in wholes if tally.without(key, parts) <= FALSE_SHARE), *parts]
    return [_sign(links[key[0]], key[1], tally.rows[key], chances[key], weeks) for key in kept]


def _looked_at(chain: Sequence[ChainLink], roots: Collection[int]) -> list[int]:
    """Return the root that the chain leads through, and what lies below it from the community down."""
    first = next((n for n, link in enumerate(chain) if link.unit_id in roots), len(chain))
    return [
        link.unit_id
        for n, link in enumerate(chain[first:])
        if n == 0 or Level(link.level).depth >= Level.COMMUNITY.depth
    ]


def _apart(
    found: Iterable[_Key], chances: Mapping[_Key, float], above: Mapping[int, Sequence[ChainLink]]
) -> list[_Key]:
    """Return one sign where several speak of the same cases: the least probable; of equals the smallest."""
    ids = {unit_id: {link.unit_id for link in chain} for unit_id, chain in above.items()}
    kept: list[_Key] = []
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
