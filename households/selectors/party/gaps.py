"""What party work leaves out (S0 1): grids without organisation or hub, people in need without contact."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from gis_grids.levels import Level
from gis_grids.norms import NormKind
from gis_grids.selectors import chains, current_versions, descendant_ids
from gis_grids.selectors.norms import norms_for
from households.models import (
    ContactLink,
    Household,
    HouseholdUnit,
    Need,
    PartyGround,
    PartyHub,
    PartyOrganisationKind,
)
from households.selectors.party.keeping import asked_and_lacking
from households.selectors.party.norms import Bounds, bounds_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from django.db.models import QuerySet

    from gis_grids.selectors import ChainLink

#: The grid of about 300 households (S3) is the area; where a community has none, the community itself.
GRID: Final = Level.AREA


class Gap(StrEnum):
    """What may be missing."""

    ORGANISATION = "organisation"
    HUB = "hub"
    HUB_NORM = "hub_norm"
    CONTACT = "contact"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Lack:
    """So many of all lack it: of the grids, the households in need (`CONTACT`) or the members (`MEMBER`)."""

    lacking: int = 0
    all: int = 0

    def plus(self, other: Lack) -> Lack:
        """Return the sum."""
        return Lack(self.lacking + other.lacking, self.all + other.all)


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid with its chain, its organisations and hubs, the norm of hubs, and its households in need.

    ``asked`` are the active members who live in it, ``off_norm`` those of them who keep contact with too few
    or too many households (`households.selectors.party.keeping`).
    """

    chain: tuple[ChainLink, ...]
    organisations: int
    hubs: int
    norm: Bounds
    in_need: int
    without_contact: int
    asked: int
    off_norm: int

    @property
    def name(self) -> str:
        """What it is called."""
        return self.chain[-1].name

    @property
    def code(self) -> str:
        """Its code."""
        return self.chain[-1].code

    @property
    def hubs_fit(self) -> bool:
        """Whether it has as many hubs as it should."""
        return self.norm.fits(self.hubs)

    def lack(self, gap: Gap) -> Lack:
        """Return what of it is lacking."""
        if gap is Gap.CONTACT:
            return Lack(self.without_contact, self.in_need)
        if gap is Gap.MEMBER:
            return Lack(self.off_norm, self.asked)
        is_lacking = {
            Gap.ORGANISATION: self.organisations == 0,
            Gap.HUB: self.hubs == 0,
            Gap.HUB_NORM: not self.hubs_fit,
        }[gap]
        return Lack(int(is_lacking), 1)


def grids_below(roots: Collection[int]) -> list[Grid]:
    """Return the grids below units, by code, with what each has. Some ten queries, however many grids."""
    ours = current_versions().filter(unit__in=descendant_ids(roots), depth__lte=GRID.depth)
    versions = list(ours.order_by("unit__code").values_list("unit", "parent", "depth"))
    with_grids = {parent for _unit, parent, depth in versions if depth == GRID.depth}
    ids = [
        unit
        for unit, _parent, depth in versions
        if depth == GRID.depth or (depth == Level.COMMUNITY.depth and unit not in with_grids)
    ]
    above, norms = chains(ids), norms_for(ids)
    organisations = _in_grids(_grounds(), ids)
    hubs = _in_grids(_by_unit(PartyHub.objects.filter(days__upper_inf=True).values("household")), ids)
    in_need = _in_grids(_by_unit(households_in_need().values("pk")), ids)
    without = _in_grids(_by_unit(without_contact(households_in_need()).values("pk")), ids)
    asked, off_norm = (_in_grids(counts, ids) for counts in asked_and_lacking())
    return [
        Grid(
            chain=above[unit],
            organisations=organisations[unit],
            hubs=hubs[unit],
            norm=bounds_of(norms.get(unit), NormKind.HUBS_PER_GRID),
            in_need=in_need[unit],
            without_contact=without[unit],
            asked=asked[unit],
            off_norm=off_norm[unit],
        )
        for unit in ids
    ]


def lacking_in(grids: Iterable[Grid], gap: Gap) -> Lack:
    """Return what is lacking in all of the grids."""
    total = Lack()
    for grid in grids:
        total = total.plus(grid.lack(gap))
    return total


def lack_by_unit(grids: Iterable[Grid], gap: Gap) -> dict[int, Lack]:
    """Return what is lacking in each unit of the grids' chains, from the top down to the grids themselves."""
    found: dict[int, Lack] = {}
    for grid in grids:
        for link in grid.chain:
            found[link.unit_id] = found.get(link.unit_id, Lack()).plus(grid.lack(gap))
    return found


def households_in_need() -> QuerySet[Household]:
    """Return the households with a need today."""
    needs = Need.objects.filter(household=OuterRef("pk"), days__contains=timezone.localdate())
    return Household.objects.filter(Exists(needs), ended_on=None)


def without_contact(households: QuerySet[Household]) -> QuerySet[Household]:
    """Return those of the households that no member keeps contact with."""
    links = ContactLink.objects.filter(household=OuterRef("pk"), days__upper_inf=True)
    return households.filter(~Exists(links))


def _grounds() -> Counter[int]:
    """Count the organisations of each unit; a joint committee is no organisation of a grid (横向)."""
    rows = PartyGround.objects.filter(days__upper_inf=True, organisation__days__upper_inf=True)
    joint = [kind for kind in PartyOrganisationKind if kind.is_joint]
    counted = rows.exclude(organisation__kind__in=joint).values_list("unit").annotate(Count("pk"))
    return Counter(dict(counted.order_by()))


def _by_unit(households: QuerySet[Any, Any]) -> Counter[int]:
    """Count the households by the unit that they belong to now."""
    rows = HouseholdUnit.objects.filter(household__in=households, valid__contains=timezone.now())
    return Counter(dict(rows.values_list("unit").annotate(Count("pk")).order_by()))


def _in_grids(counts: Mapping[int, int], grid_ids: Collection[int]) -> Counter[int]:
    """Sum up what is counted by units in the grids that they are, or are below."""
    wanted, found = set(grid_ids), Counter[int]()
    for unit, chain in chains(counts).items():
        for link in chain:
            if link.unit_id in wanted:
                found[link.unit_id] += counts[unit]
    return found
