"""The tree of party organisations as the office reads it: members counted, and what seed 000 warns of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q

from gis_grids.norms import NormKind
from gis_grids.selectors import current_versions
from gis_grids.selectors.norms import norms_for
from households.models import (
    PartyAffiliation,
    PartyGround,
    PartyMember,
    PartyOrganisation,
    PartyOrganisationKind,
    PartyRole,
)
from households.permissions import named_roots
from households.selectors.party.access import organisations_below
from households.selectors.party.norms import Bounds, bounds_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gis_grids.permissions import Scope

_Kind = PartyOrganisationKind
#: Whose head is one of the community's committee (S0 1: 书记一般应由社区党委班子成员兼任).
_LED_FROM_ABOVE: Final = frozenset({_Kind.GENERAL_BRANCH, _Kind.BRANCH})
_LEADING: Final = frozenset({_Kind.COMMITTEE, _Kind.GENERAL_BRANCH})
_HEADED: Final = frozenset({_Kind.COMMITTEE, _Kind.GENERAL_BRANCH, _Kind.BRANCH})


class Warn(StrEnum):
    """What is to be looked at in an organisation."""

    FEW_ACTIVE = "few_active"
    NO_SECRETARY = "no_secretary"
    SECRETARY_FROM_OUTSIDE = "secretary_from_outside"
    NO_GROUND = "no_ground"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many members there are, and how many of them are active, mobile, probationary."""

    members: int = 0
    active: int = 0
    mobile: int = 0
    probationary: int = 0

    def plus(self, other: Counts) -> Counts:
        """Return the sum."""
        return Counts(
            self.members + other.members,
            self.active + other.active,
            self.mobile + other.mobile,
            self.probationary + other.probationary,
        )


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation in the tree; ``counts`` include those below it."""

    id: int
    kind: PartyOrganisationKind
    name: str
    depth: int
    grounds: tuple[str, ...]
    secretary: str
    counts: Counts
    warnings: tuple[Warn, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the rows are made of."""

    counts: Mapping[int, Counts]
    grounds: Mapping[int, list[str]]
    secretaries: Mapping[int, tuple[int, str]]
    bodies: Mapping[int, set[int]]
    fewest: Mapping[int, Bounds]


def party_tree(scope: Scope) -> list[OrganisationRow]:
    """Return the organisations that go on, depth first, with warnings; names are for the office."""
    rows = list(organisations_below(named_roots(scope)).filter(days__upper_inf=True))
    shown = {row.pk: row for row in rows}
    children: dict[int | None, list[PartyOrganisation]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (list(_Kind).index(_Kind(row.kind)), row.name, row.pk)):
        children[row.parent_id if row.parent_id in shown else None].append(row)
    facts = _facts(rows)
    return [each for top in children[None] for each in _branch(top, 0, children, facts)]


def _branch(
    top: PartyOrganisation,
    depth: int,
    children: Mapping[int | None, Sequence[PartyOrganisation]],
    facts: _Facts,
) -> list[OrganisationRow]:
    below = [row for child in children.get(top.pk, ()) for row in _branch(child, depth + 1, children, facts)]
    counts = facts.counts.get(top.pk, Counts())
    for row in below:
        if row.depth == depth + 1:
            counts = counts.plus(row.counts)
    own = OrganisationRow(
        id=top.pk,
        kind=_Kind(top.kind),
        name=top.name,
        depth=depth,
        grounds=tuple(facts.grounds.get(top.pk, ())),
        secretary=facts.secretaries.get(top.pk, (0, ""))[1],
        counts=counts,
        warnings=tuple(_warnings(top, counts, facts)),
    )
    return [own, *below]


def _warnings(row: PartyOrganisation, counts: Counts, facts: _Facts) -> Iterable[Warn]:
    kind = _Kind(row.kind)
    if kind == _Kind.BRANCH and not facts.fewest.get(row.pk, Bounds()).fits(counts.active):
        yield Warn.FEW_ACTIVE
    secretary, _name = facts.secretaries.get(row.pk, (0, ""))
    if kind in _HEADED and not secretary:
        yield Warn.NO_SECRETARY
    body = facts.bodies.get(row.pk)
    if kind in _LED_FROM_ABOVE and secretary and body and secretary not in body:
        yield Warn.SECRETARY_FROM_OUTSIDE
    if not facts.grounds.get(row.pk):
        yield Warn.NO_GROUND


def _facts(rows: Sequence[PartyOrganisation]) -> _Facts:
    ids = [row.pk for row in rows]
    grounds, units = _grounds(ids)
    secretaries, bodies = _leading(_above(rows))
    return _Facts(_counts(ids), grounds, secretaries, bodies, _fewest(units))


def _counts(ids: Sequence[int]) -> dict[int, Counts]:
    attendance, stage = PartyMember.Attendance, PartyMember.Stage
    open_ones = PartyAffiliation.objects.filter(organisation__in=ids, days__upper_inf=True)
    counted = (
        open_ones.exclude(member__stage=stage.PROPOSED)
        .values_list("organisation")
        .annotate(
            members=Count("pk"),
            active=Count("pk", filter=Q(member__attendance=attendance.ACTIVE)),
            mobile=Count("pk", filter=Q(member__attendance=attendance.MOBILE)),
            probationary=Count("pk", filter=Q(member__stage=stage.PROBATIONARY)),
        )
    )
    return {organisation: Counts(*numbers) for organisation, *numbers in counted.order_by()}


def _grounds(ids: Sequence[int]) -> tuple[dict[int, list[str]], dict[int, list[int]]]:
    """Return the names and the ids of the units in force that each organisation is for."""
    rows = PartyGround.objects.filter(organisation__in=ids, days__upper_inf=True)
    pairs = list(rows.order_by("unit__code").values_list("organisation", "unit"))
    in_force = current_versions().filter(unit__in={unit for _organisation, unit in pairs})
    names = dict(in_force.values_list("unit", "name"))
    found: dict[int, list[str]] = defaultdict(list)
    units: dict[int, list[int]] = defaultdict(list)
    for organisation, unit in pairs:
        if unit in names:
            found[organisation].append(names[unit])
            units[organisation].append(unit)
    return found, units


def _above(rows: Sequence[PartyOrganisation]) -> dict[int, list[int]]:
    """Return what stands above each organisation; it may be kept by a larger unit's office."""
    parents = {row.pk: row.parent_id for row in rows}
    while missing := {parent for parent in parents.values() if parent is not None} - parents.keys():
        parents |= dict(PartyOrganisation.objects.filter(pk__in=missing).values_list("pk", "parent"))
    found: dict[int, list[int]] = {}
    for row in rows:
        above, up = [], row.parent_id
        while up is not None:
            above.append(up)
            up = parents[up]
        found[row.pk] = above
    return found


def _leading(above: Mapping[int, Sequence[int]]) -> tuple[dict[int, tuple[int, str]], dict[int, set[int]]]:
    """Return the secretary of each organisation, and who leads committees and general branches above it."""
    ids = {organisation for own, up in above.items() for organisation in (own, *up)}
    roles = PartyRole.objects.filter(organisation__in=ids, term__upper_inf=True)
    secretaries: dict[int, tuple[int, str]] = {}
    leaders: dict[int, set[int]] = defaultdict(set)
    fields = ("organisation", "organisation__kind", "kind", "member", "member__resident__name")
    for organisation, organisation_kind, kind, member, name in roles.values_list(*fields):
        if organisation_kind in _LEADING:
            leaders[organisation].add(member)
        if kind in {PartyRole.Kind.SECRETARY, PartyRole.Kind.GROUP_LEADER}:
            secretaries.setdefault(organisation, (member, name))
    return secretaries, {own: {one for each in up for one in leaders[each]} for own, up in above.items()}


def _fewest(units: Mapping[int, Sequence[int]]) -> dict[int, Bounds]:
    """Return how many active members the norm wants of a branch, by the first of its units."""
    norms = norms_for([of_one[0] for of_one in units.values() if of_one])
    return {
        organisation: bounds_of(norms.get(of_one[0]), NormKind.ACTIVE_MEMBERS)
        for organisation, of_one in units.items()
        if of_one
    }
