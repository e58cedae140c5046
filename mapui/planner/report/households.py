"""What a plan means for households, buildings, groups and cases, as rows of the report's tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from gis_grids.drafts import SCOPE
from gis_grids.sentences import listed
from mapui.planning.changes import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapui.planner.report.reading import Report

Counts = dict[str, int]
#: What a cell of the matrix counts, in its order.
COUNTED: Final = ("households", "residents", "party_households", "hub_households")


@dataclass(frozen=True, slots=True)
class Cell:
    """Who goes from one zone to another, or stays where he is."""

    counts: Counts | None
    stays: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """From → to on a level: a row for each zone that is left, a column for each that is entered."""

    columns: list[str] = field(default_factory=list)
    rows: list[tuple[str, list[Cell]]] = field(default_factory=list)
    pairs: list[tuple[str, str, Counts]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Keeping:
    """How many households keep their zone on a level."""

    households: int
    keeping: int
    share: float

    @property
    def moving(self) -> int:
        """How many don't."""
        return self.households - self.keeping


@dataclass(frozen=True, slots=True)
class Board:
    """A building whose notice board changes."""

    name: str
    source: str
    target: str
    households: int


@dataclass(frozen=True, slots=True)
class Group:
    """A group that loses or gains its hub households, or its stewards."""

    name: str
    hubs: Change
    stewards: Change


@dataclass(frozen=True, slots=True)
class Split:
    """A building or a compound that several zones of the plan share."""

    name: str
    zones: str
    households: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """An open case that would have another owner."""

    number: str
    matter: str
    source: str
    target: str
    owner: str
    future: str
    may_stay: bool


class Names:
    """What the zones of a report are called."""

    def __init__(self, report: Report) -> None:
        self._names: dict[str, str] = report.data.get("households", {}).get("names", {})

    def __getitem__(self, key: str) -> str:
        """Return a zone's name by its key."""
        return self._names.get(key, key) if key != SCOPE else _("beyond the scope")

    def all(self, keys: list[str]) -> str:
        """Return the names of several zones."""
        return listed(self[key] for key in keys)


def matrix(report: Report) -> Matrix:
    """Return from → to on the report's level, without the zones that nobody leaves or enters."""
    pairs = {(row["from"], row["to"]): row for row in _level(report).get("matrix", [])}
    names = Names(report)
    sources = list(dict.fromkeys(source for source, _target in pairs))
    targets = list(dict.fromkeys(target for _source, target in pairs))
    rows = [
        (names[source], [Cell(_counts(pairs.get((source, target))), source == target) for target in targets])
        for source in sources
    ]
    flat = [
        (names[source], names[target], _counts(row) or {})
        for (source, target), row in pairs.items()
        if source != target
    ]
    return Matrix([names[target] for target in targets], rows, flat)


def keeping(report: Report) -> Keeping | None:
    """Return how many households keep their zone on the report's level."""
    level = _level(report)
    return Keeping(level["households"], level["keeping"], level["share"]) if level else None


def boards(report: Report) -> list[Board]:
    """Return the buildings whose notice board changes, with their zones of the report's level."""
    names = Names(report)
    before, after = (
        draft.on_level(report.level) for draft in (report.compared.before, report.compared.after)
    )
    return [
        Board(
            row["name"],
            names[before.get(row["from"], row["from"])],
            names[after.get(row["to"], row["to"])],
            row["households"],
        )
        for row in _households(report).get("buildings", [])
    ]


def groups(report: Report) -> list[Group]:
    """Return the groups that lose or gain hub households or stewards."""
    names = Names(report)
    return [
        Group(names[row["key"]], Change(*row["hubs"]), Change(*row["stewards"]))
        for row in _households(report).get("groups", [])
    ]


def splits(report: Report) -> Iterator[Split]:
    """Yield the buildings and then the compounds that several zones share."""
    names = Names(report)
    for part in ("split_buildings", "split_compounds"):
        for row in _households(report).get(part, []):
            yield Split(row["name"], names.all(row["zones"]), row.get("households"))


def cases(report: Report) -> list[Case]:
    """Return the open cases that would have another owner."""
    names = Names(report)
    return [
        Case(
            number=row["number"],
            matter=row["matter"] or _("private"),
            source=names[row["from"]],
            target=names[row["to"]],
            owner=row["assignee"] or listed(row["people_before"]),
            future=listed(row["people_after"]),
            may_stay=row["may_stay"],
        )
        for row in report.data.get("cases", {}).get("moving", [])
    ]


def open_cases(report: Report) -> int | None:
    """Return how many open cases there are in the scope."""
    number: int | None = report.data.get("cases", {}).get("open")
    return number


def _households(report: Report) -> dict[str, Any]:
    part: dict[str, Any] = report.data.get("households", {})
    return part


def _level(report: Report) -> dict[str, Any]:
    levels = _households(report).get("levels", [])
    return next((level for level in levels if level["level"] == report.level), {})


def _counts(row: dict[str, Any] | None) -> Counts | None:
    return None if row is None else {name: row[name] for name in COUNTED}
