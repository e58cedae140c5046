"""Households for party contacts: those in need whom nobody keeps contact with, and those of an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from gis_grids.permissions import scope_of
from gis_grids.selectors import chains, descendant_ids
from households.models import ContactLink, ContactLog, Household, HouseholdUnit, Need, Residence
from households.permissions import named_roots
from households.selectors.party.access import access_link, belongs_below
from households.selectors.party.gaps import GRID, households_in_need, without_contact

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

    from gis_grids.permissions import Scope
    from gis_grids.selectors import ChainLink
    from households.models import PartyMember

PAGE_SIZE: Final = 25
MOST_OFFERED: Final = 50
#: More dots than that nobody tells apart on a map.
MOST_PLACES: Final = 1000


@dataclass(frozen=True, slots=True)
class NeedyHousehold:
    """A household, with what its people need (kinds) and the unit that it is in."""

    id: int
    householder: str
    address: str
    needs: tuple[str, ...]
    chain: tuple[ChainLink, ...]


@dataclass(frozen=True, slots=True)
class NeedyPage:
    """Households of a list; ``after`` is where the next page begins, None at the end."""

    rows: list[NeedyHousehold]
    after: int | None


@dataclass(frozen=True, slots=True)
class LinkPage:
    """A contact with its log."""

    link: ContactLink
    log: list[ContactLog]


def without_contact_page(scope: Scope, roots: Collection[int], after: int = 0) -> NeedyPage:
    """Return the households in need below units that no member keeps contact with, by their number."""
    rows = _without_contact(scope, roots).filter(pk__gt=after)
    found = list(rows.order_by("pk")[: PAGE_SIZE + 1])
    page = _rows(found[:PAGE_SIZE])
    return NeedyPage(page, page[-1].id if len(found) > PAGE_SIZE else None)


def places_without_contact(scope: Scope, roots: Collection[int]) -> list[tuple[float, float]]:
    """Return where these households are (lon/lat), for their office's map; at most `MOST_PLACES`."""
    placed = _without_contact(scope, roots).filter(place__isnull=False)
    rows = placed.order_by("pk").values_list("place", flat=True)[:MOST_PLACES]
    return [(place.x, place.y) for place in rows if place]


def offered_households(
    user: AbstractBaseUser, member: PartyMember, address: str = ""
) -> list[NeedyHousehold]:
    """Return whom a member could keep contact with: by a part of the address, else those in need near him.

    Near is the grid that he lives in. At most `MOST_OFFERED`, none that he has already.
    """
    ours = Household.objects.current().filter(belongs_below(named_roots(scope_of(user))))
    has = ContactLink.objects.filter(member=member, days__upper_inf=True)
    ours = ours.exclude(pk__in=has.values("household"))
    if address.strip():
        ours = ours.filter(address__contains=address.strip())
    else:
        needy = without_contact(households_in_need()).filter(pk__in=_in_grid_of(member).values("household"))
        ours = ours.filter(pk__in=needy.values("pk"))
    return _rows(list(ours.order_by("pk")[:MOST_OFFERED]))


def link_page(user: AbstractBaseUser, link_id: int) -> LinkPage:
    """Return a contact with its log. Raises `NotFound` ("party.no_contact")."""
    link = access_link(user, link_id)
    return LinkPage(link, list(link.log.select_related("written_by")))


def _without_contact(scope: Scope, roots: Collection[int]) -> QuerySet[Household]:
    needy = without_contact(households_in_need())
    return needy.filter(belongs_below(named_roots(scope)), belongs_below(roots))


def _in_grid_of(member: PartyMember) -> QuerySet[HouseholdUnit]:
    """Return the memberships of the households in the grid that a member lives in."""
    now, today = timezone.now(), timezone.localdate()
    home = Residence.objects.filter(resident=member.resident_id, days__contains=today)
    open_ones = HouseholdUnit.objects.filter(valid__contains=now)
    unit = open_ones.filter(household__in=home.values("household")).values_list("unit", flat=True).first()
    chain = chains([unit]).get(unit, ()) if unit else ()
    grid = next((link.unit_id for link in chain if link.level.depth >= GRID.depth), unit)
    return open_ones.filter(unit__in=descendant_ids([grid] if grid else []))


def _rows(households: Sequence[Household]) -> list[NeedyHousehold]:
    ids = [row.pk for row in households]
    needs: dict[int, list[str]] = {}
    current = Need.objects.filter(household__in=ids, days__contains=timezone.localdate())
    for need in current.order_by("kind"):
        needs.setdefault(need.household_id, []).append(str(need.get_kind_display()))
    rows = HouseholdUnit.objects.filter(household__in=ids, valid__contains=timezone.now())
    units = dict(rows.values_list("household", "unit"))
    above = chains(units.values())
    return [
        NeedyHousehold(
            row.pk,
            row.householder,
            row.address,
            tuple(needs.get(row.pk, ())),
            above.get(units.get(row.pk, 0), ()),
        )
        for row in households
    ]
