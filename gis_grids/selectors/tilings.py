"""Do units tile their parent? The gates (E01 to E06) run on what is stored or about to be.

Every group of siblings is judged by itself: the children of one parent against the parent's boundary, and
the units without parent, level by level, against each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal, cast

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.geometry.gates import check_tiling
from gis_grids.levels import Level
from gis_grids.models.shapes import from_stored
from gis_grids.selectors.maps import current_versions
from gis_grids.sentences import SENTENCES, filled

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise
    from shapely import MultiPolygon

    from gis_grids.geometry.gates import Finding
    from gis_grids.models import UnitVersion

Measure = Literal["m²", "m", ""]

_MEASURES: Final[Mapping[str, Measure]] = {"E05": "", "E06": "m"}
_EXCLAVES = _(
    "“%(a)s” consists of %(n)s separate parts, the smallest of %(area)s m² (at %(lon)s, %(lat)s). They are "
    "taken as exclaves."
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with units, for a list that a person works off; ``str`` gives the sentence.

    `units` are codes, `features` the numbers of the features in the file, counted from 1. `place` is
    lon/lat; `size` is in `measure`. What is no error does not stop an import.
    """

    code: str
    message: str | _StrPromise
    details: Mapping[str, object]
    units: tuple[str, ...] = ()
    features: tuple[int, ...] = ()
    place: tuple[float, float] | None = None
    size: float = 0.0
    measure: Measure = ""
    is_error: bool = True

    def __str__(self) -> str:
        return filled(self.message, self.details)


@dataclass(frozen=True, slots=True)
class Member:
    """A unit among its siblings, as the gates see it. `feature` is its number in the file it comes from."""

    code: str
    name: str
    level: Level
    shape: MultiPolygon
    feature: int | None = None

    @property
    def label(self) -> str:
        """What the unit is called in sentences: names alone are not unique."""
        return f"{self.name} {self.code}"

    @classmethod
    def of(cls, version: UnitVersion) -> Member:
        """Return a stored version as a member."""
        shape = cast("MultiPolygon", from_stored(version.boundary))
        return cls(version.unit.code, version.name, Level(version.unit.level), shape)


@dataclass(frozen=True, slots=True)
class StoredTiling:
    """What `stored_tiling` looked at and found."""

    units: int
    groups: int
    problems: list[Problem] = field(default_factory=list)


def judge(
    members: Sequence[Member],
    parent: Member | None = None,
    *,
    allow_parts: bool = False,
    about: Collection[str] | None = None,
) -> list[Problem]:
    """Return the problems of siblings as a tiling of `parent` (None: of the ground they cover together).

    `about` narrows the answer to problems that touch one of these codes. Units of several parts are an
    error only for grids: legal divisions do have exclaves (`Level.is_administrative`), and `allow_parts`
    permits them for all; they are told all the same.
    """
    findings = check_tiling(
        [member.shape for member in members],
        parent.shape if parent else None,
        names=[member.label for member in members],
        parent_name=parent.label if parent else "",
    )
    problems = [_problem(finding, members, allow_parts=allow_parts) for finding in findings]
    return [p for p in problems if about is None or not p.units or not set(p.units).isdisjoint(about)]


def stored_tiling(
    *,
    level: Level | None = None,
    parent_code: str | None = None,
    when: datetime | None = None,
    allow_parts: bool = False,
) -> StoredTiling:
    """Judge the units in force at `when` (default: now), of one level or under one parent if given."""
    versions = current_versions(level, when or timezone.now())
    if parent_code is not None:
        versions = versions.filter(parent__code=parent_code)
    groups = list(_siblings(versions))
    parents = _parents({members[0].parent_id for members in groups} - {None}, when)
    problems = [
        problem
        for versions_of in groups
        for problem in judge(
            [Member.of(version) for version in versions_of],
            parents.get(versions_of[0].parent_id),
            allow_parts=allow_parts,
        )
    ]
    return StoredTiling(sum(len(group) for group in groups), len(groups), problems)


def _siblings(versions: QuerySet[UnitVersion]) -> Iterator[list[UnitVersion]]:
    """Yield the children of each parent; of those without parent, each level."""

    def family(version: UnitVersion) -> tuple[int, int]:
        return (version.parent_id or 0, 0 if version.parent_id else version.depth)

    for _family, members in groupby(sorted(versions, key=family), key=family):
        yield list(members)


def _parents(unit_ids: Collection[int | None], when: datetime | None) -> dict[int | None, Member]:
    versions = current_versions(when=when).filter(unit__in=unit_ids)
    return {version.unit_id: Member.of(version) for version in versions}


def _problem(finding: Finding, members: Sequence[Member], *, allow_parts: bool) -> Problem:
    concerned = [members[i] for i in finding.units]
    may_have_parts = finding.code == "E04" and (allow_parts or concerned[0].level.is_administrative)
    return Problem(
        code=finding.code,
        message=_EXCLAVES if may_have_parts else SENTENCES[finding.code],
        details=finding.details,
        units=tuple(member.code for member in concerned),
        features=tuple(member.feature for member in concerned if member.feature is not None),
        place=(finding.where.x, finding.where.y),
        size=finding.size,
        measure=_MEASURES.get(finding.code, "m²"),
        is_error=finding.is_error and not may_have_parts,
    )
