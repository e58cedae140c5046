"""The register as a list: looked for by unit, address, name, telephone, need, party mark and place.

Paged by the key of the last row, so that the thousandth page costs what the first one does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan
from django.utils import timezone

from gis_grids.models import Unit
from gis_grids.permissions import scope_of
from gis_grids.personal import shown
from gis_grids.sealing import phone_digest
from gis_grids.selectors import ancestors, chains, descendant_ids
from households.models import Household, HouseholdUnit, Need, Residence
from households.permissions import named_roots, register_roots
from households.selectors.access import kept
from households.selectors.coverage import visible

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

PAGE_SIZE: Final = 50
#: A need that ends within so many days is asked about again.
SOON: Final = timedelta(days=30)
#: So many needs are listed that end soon.
MOST_NEEDS: Final = 500


@dataclass(frozen=True, slots=True)
class HouseholdFilter:
    """What the list is asked for; what is empty doesn't narrow it.

    ``name`` is the beginning of a resident's or householder's name, ``phone`` a whole number, ``need`` a
    kind, ``party`` "member" or "hub": these look only among the households that the reader sees by name, as
    a search that hits tells what it looked for. ``placed`` is "yes", "no", or "nowhere": in no unit.
    """

    unit_id: int | None = None
    address: str = ""
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    need: str = ""
    party: str = ""
    placed: str = ""
    has_ended: bool = False

    @property
    def tells_of_persons(self) -> bool:
        """Whether a hit would tell something personal of the household."""
        return bool(self.name or self.phone or self.need or self.party)


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household in the list, as its reader may see it, in words; what is hidden is None.

    ``door`` is entrance and room ("1-101") where the address doesn't tell it: it tells neighbours apart.
    """

    id: int
    householder: str
    address: str
    building: str
    door: str
    unit: str
    size: int
    tenure: str
    is_placed: bool
    needs: tuple[str, ...] | None
    is_party: bool | None
    is_hub: bool | None
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class HouseholdPage:
    """A page of the list; ``after`` is the household that the next one begins behind, None at the end."""

    rows: list[HouseholdRow]
    after: int | None


def household_page(
    user: AbstractBaseUser,
    wanted: HouseholdFilter,
    *,
    after: int | None = None,
    size: int = PAGE_SIZE,
) -> HouseholdPage:
    """Return the households that the user may read and that are as wanted, by address, behind one of them.

    Names are masked, and needs and party marks hidden, but under a post that keeps the register.
    """
    scope, now = scope_of(user), timezone.now()
    in_clear, roots = named_roots(scope), register_roots(scope)
    found = _narrowed(_within(in_clear if wanted.tells_of_persons else roots, wanted, now), wanted, now)
    key = Household.objects.filter(pk=after).values_list("address", "pk").first() if after else None
    if key:
        found = found.filter(TupleGreaterThan(Tuple("address", "pk"), key))
    ids = list(found.order_by("address", "pk").values_list("pk", flat=True)[: size + 1])
    last = ids[size - 1] if len(ids) > size else None
    return HouseholdPage(_rows(ids[:size], in_clear, now), last)


def _within(roots: frozenset[int], wanted: HouseholdFilter, at: datetime) -> QuerySet[Household]:
    """Return what the list is made of.

    Who looks through it sees those of his units, which is quick; who looks for somebody also finds whom no
    unit has.
    """
    if wanted.has_ended:
        return kept(roots, at).exclude(ended_on=None)
    if wanted.placed == "nowhere":
        return visible(roots, at).exclude(pk__in=_members(at).values("household"))
    if wanted.unit_id is not None:
        above = ancestors([wanted.unit_id], at).get(wanted.unit_id, ())
        return _members_below(set() if roots.isdisjoint(above) else {wanted.unit_id}, at)
    if wanted.address or wanted.name or wanted.phone:
        return visible(roots, at)
    return _members_below(roots, at)


def _members(at: datetime) -> QuerySet[HouseholdUnit]:
    return HouseholdUnit.objects.filter(valid__contains=at)


def _members_below(roots: Collection[int], at: datetime) -> QuerySet[Household]:
    # The units as values, not as a subquery: of them the planner knows how many households there are, and
    # whether to walk along the addresses or to sort those of a few units.
    below = Unit.objects.filter(pk__in=descendant_ids(roots, at)).values_list("pk", flat=True)
    members = _members(at).filter(unit__in=list(below))
    return Household.objects.current().filter(pk__in=members.values("household"))


def _narrowed(found: QuerySet[Household], wanted: HouseholdFilter, at: datetime) -> QuerySet[Household]:
    today = timezone.localdate(at)
    for word in wanted.address.split():
        found = found.filter(address__icontains=word)
    if wanted.name:
        living = Residence.objects.filter(days__contains=today, resident__name__startswith=wanted.name)
        found = found.filter(Q(householder__startswith=wanted.name) | Q(pk__in=living.values("household")))
    if wanted.phone:
        digest = phone_digest(wanted.phone)
        living = Residence.objects.filter(days__contains=today, resident__phone_digest=digest)
        found = found.filter(Q(phone_digest=digest) | Q(pk__in=living.values("household")))
    if wanted.need:
        needing = Need.objects.filter(kind=wanted.need, days__contains=today)
        found = found.filter(pk__in=needing.values("household"))
    if wanted.party:
        mark = "is_party_hub_household" if wanted.party == "hub" else "is_party_member_household"
        found = found.filter(**{mark: True})
    if wanted.placed in {"yes", "no"}:
        found = found.filter(place__isnull=wanted.placed == "no")
    return found


def _rows(ids: list[int], in_clear: frozenset[int], at: datetime) -> list[HouseholdRow]:
    page = Household.objects.select_related("dwelling__building", "dwelling__entrance").in_bulk(ids)
    last = HouseholdUnit.objects.filter(household=OuterRef("pk")).order_by("-valid").values("unit")[:1]
    current = _members(at).filter(household=OuterRef("pk")).values("unit")[:1]
    units = {
        pk: now or latest
        for pk, now, latest in Household.objects.filter(pk__in=ids)
        .annotate(unit=Subquery(current), last_unit=Subquery(last))
        .values_list("pk", "unit", "last_unit")
    }
    chain_of = chains(unit for unit in units.values() if unit)
    named = set(kept(in_clear, at).filter(pk__in=ids).values_list("pk", flat=True)) if in_clear else set()
    needs: dict[int, list[str]] = {}
    noted = Need.objects.filter(household__in=named, days__contains=timezone.localdate(at))
    for need in noted.order_by("kind"):
        needs.setdefault(need.household_id, []).append(need.get_kind_display())
    return [
        HouseholdRow(
            id=row.pk,
            householder=shown("households.Household.householder", row.householder, in_clear=row.pk in named),
            address=row.address,
            building=str(row.dwelling.building) if row.dwelling else "",
            door=_door(row),
            unit=chain_of[units[row.pk]][-1].name if units[row.pk] else "",
            size=row.size,
            tenure=row.get_tenure_display(),
            is_placed=row.place is not None,
            needs=tuple(needs.get(row.pk, ())) if row.pk in named else None,
            is_party=row.is_party_member_household if row.pk in named else None,
            is_hub=row.is_party_hub_household if row.pk in named else None,
            ended_on=row.ended_on,
        )
        for row in map(page.__getitem__, ids)
    ]


def _door(household: Household) -> str:
    home = household.dwelling
    if home is None or home.room in household.address:
        return ""
    return f"{home.entrance.number}-{home.room}" if home.entrance else home.room


@dataclass(frozen=True, slots=True)
class EndingNeed:
    """A need that ends soon, or has just ended; ``last`` is its last day."""

    id: int
    household_id: int
    kind: str
    people: int
    purpose: str
    last: date
    householder: str
    address: str
    is_over: bool


def ending_needs(user: AbstractBaseUser, today: date | None = None) -> list[EndingNeed]:
    """Return the needs, in households that the user keeps the record of, that end within `SOON`.

    Also those that ended within as long before, unless the same is noted on. The first to end come first.
    """
    day = today or timezone.localdate()
    roots = named_roots(scope_of(user))
    if not roots:
        return []
    noted_on = Need.objects.filter(
        household=OuterRef("household"), kind=OuterRef("kind"), days__endswith__gt=OuterRef("days__endswith")
    )
    needs = Need.objects.filter(
        household__in=visible(roots, timezone.now()).values("pk"),
        days__endswith__range=(day - SOON, day + SOON),
    ).exclude(Exists(noted_on))
    one_day = timedelta(days=1)
    return [
        EndingNeed(
            id=need.pk,
            household_id=need.household_id,
            kind=need.get_kind_display(),
            people=need.people,
            purpose=need.purpose,
            last=need.days.upper - one_day,
            householder=need.household.householder,
            address=need.household.address,
            is_over=need.days.upper <= day,
        )
        for need in needs.select_related("household").order_by("days__endswith", "pk")[:MOST_NEEDS]
    ]
