"""Two states of the same ground, what is held against them, and what is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from gis_grids.drafts.matching import cover_same
from gis_grids.levels import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from gis_grids.drafts.zones import Draft, Zone

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Norm:
    """How many households a zone of a level should have (S3: about 300 a grid; S1: about 500 a 小区).

    ``tolerance`` is a share of ``households``; ``code`` is W20 for grids, W21 for 小区. ``basis`` names the
    document that says so.
    """

    households: int
    tolerance: float
    basis: str
    code: str = "W20"

    @property
    def least(self) -> int:
        """The fewest households that are within the norm."""
        return round(self.households * (1 - self.tolerance))

    @property
    def most(self) -> int:
        """The most households that are within the norm."""
        return round(self.households * (1 + self.tolerance))


Norms = Mapping[Level, Norm]


@dataclass(frozen=True)
class Comparison:
    """The zones of a scope in two states: as they are (or in another plan), and as a plan wants them.

    ``at`` is the time whose register and posts count: the day of publishing, or now.
    """

    before: Draft
    after: Draft
    at: datetime
    norms: Norms = field(default_factory=dict)
    _taken: dict[Callable[..., Any], Any] = field(init=False, repr=False, compare=False, default_factory=dict)

    @cached_property
    def changed(self) -> tuple[str, ...]:
        """The zones that aren't the same before and after, from the top level down."""
        touched = {
            zone.key
            for key in unlike(self.before, self.after)
            for draft in (self.before, self.after)
            if key in draft.zones
            for zone in draft.chain(key)
        }
        every = {**self.before.zones, **self.after.zones}
        return tuple(differing(self.before, self.after, [key for key in every if key in touched]))

    def once(self, take: Callable[[Comparison], T]) -> T:
        """Return what ``take`` makes of this comparison, made once for all who ask for it.

        So each floor reads what it knows of the ground a single time, however many checks and parts of the
        report want it. It lasts as long as the comparison, which is never kept beyond a request.
        """
        if take not in self._taken:
            self._taken[take] = take(self)
        found: T = self._taken[take]
        return found


def unlike(before: Draft, after: Draft) -> list[str]:
    """Return the zones of whose own record anything isn't the same before and after, be it a vertex."""
    pairs = {key: (before.zones.get(key), after.zones.get(key)) for key in {**before.zones, **after.zones}}
    return [key for key, (was, now) in pairs.items() if was is not now and was != now]


def differing(before: Draft, after: Draft, keys: Collection[str]) -> list[str]:
    """Return those of the zones that aren't the same before and after: what is said of them, or their ground.

    A vertex that a neighbour has put on a border is no change.
    """
    as_said = [key for key in keys if _said(before.zones.get(key)) == _said(after.zones.get(key))]
    was, now = ([draft.shape_of(key) for key in as_said] for draft in (before, after))
    same = {key for key, is_same in zip(as_said, cover_same(was, now), strict=True) if is_same}
    return [key for key in keys if key not in same]


def _said(zone: Zone | None) -> tuple[object, ...] | None:
    return None if zone is None else (zone.name, zone.code, zone.parent, zone.staff, zone.purpose)


class Severity(StrEnum):
    """What a problem means for submitting: it blocks, it wants a written reason, it only informs."""

    ERROR = "E"
    WARNING = "W"
    INFO = "I"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a plan: a code of planner.md 4.4, the zones that it is about, and where.

    ``details`` fill the sentence that `gis_grids.sentences` keeps for "plan." and the code; they carry no
    personal data. ``where`` is lon/lat, to zoom to; ``ground`` (GeoJSON) what lies in no zone, or in two.
    ``household_ids`` list whom it is about, for readers with the right to see them. ``is_inherited``: it is
    about zones that the plan leaves as they are, and doesn't keep it from being submitted.
    """

    code: str
    zones: tuple[str, ...]
    details: Mapping[str, Any] = field(default_factory=dict)
    where: tuple[float, float] | None = None
    variant: str = ""
    household_ids: tuple[int, ...] = ()
    is_inherited: bool = False
    ground: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON, as a publication keeps it."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Problem:
        """Return the problem that `to_json` told."""
        tuples = {name: tuple(kept[name]) for name in ("zones", "household_ids")}
        return cls(**{**kept, **tuples, "where": kept["where"] and tuple(kept["where"])})

    @property
    def severity(self) -> Severity:
        """What it means for submitting."""
        return Severity.INFO if self.is_inherited else Severity(self.code[0])

    @property
    def sentence(self) -> str:
        """The key of its sentence in `gis_grids.sentences.SENTENCES`."""
        return f"plan.{self.code}{self.variant and '.' + self.variant}"

    @property
    def mark(self) -> str:
        """What a written reason is kept under: the same problem with the same zones."""
        return ":".join([self.code, self.variant, *sorted(self.zones)])


#: The figures of zones that each floor adds to, by the zone's key: numbers by name.
Figures = Mapping[str, Mapping[str, float]]
