"""One household of the register, whole: who lives and lived there, needs, visits, places and changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from gis_grids.errors import NotFound
from gis_grids.people import name_of
from gis_grids.personal import shown
from gis_grids.selectors import chains
from gis_grids.sentences import listed
from households.models import (
    Household,
    HouseholdChange,
    HouseholdUnit,
    Need,
    PlaceChange,
    Residence,
    Resident,
)
from households.selectors.access import access_register
from households.selectors.visits import visit_rows, visits_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.selectors import ChainLink
    from households.selectors.visits import VisitRow

#: So many changes are shown.
MOST_CHANGES: Final = 50
_RESIDENT: Final = "households.Resident"
_RESIDENCE: Final = "households.Residence"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentRow:
    """A resident in one role in the household, as the reader may see him; None is hidden.

    ``since`` is his first day in that role, ``until`` the first one without him in it. ``here_since`` and
    ``moved_from`` are of the stay, in whatever roles.
    """

    residence_id: int
    resident_id: int
    name: str = field(repr=False)
    gender: str | None
    born_on: date | None
    phone: str = field(repr=False)
    identity_last_four: str | None
    relation: str | None
    registration: str | None
    is_representative: bool | None
    is_head: bool | None
    here_since: date | None
    since: date | None
    until: date | None
    left_for: str | None
    moved_from: str
    moved_to: str
    note: str | None


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A need of the household; ``last`` is its last day, None while it has none."""

    id: int
    kind: str
    people: int
    purpose: str
    first: date | None
    last: date | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class MembershipRow:
    """A unit that the household belonged to, with its chain from the top of the tree."""

    chain: tuple[ChainLink, ...]
    source: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """Who changed what of the household; ``resident`` as the reader may see the name, fields in words."""

    what: str
    day: date
    fields: str
    resident: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place that the household was given: from where it was known, by whom."""

    source: str
    accuracy_m: float | None
    was_used: bool
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeHousehold:
    """A household as the reader may see it. ``visits`` and ``needs`` are None for who may not know them.

    ``unnamed`` is how many of its residents are counted and not known by name; ``others`` are the households
    that live in the same dwelling, ``split`` those that were split from it, ``merged`` those merged into it.
    """

    household: Household
    is_named: bool
    householder: str = field(repr=False)
    phone: str = field(repr=False)
    is_party: bool | None
    is_hub: bool | None
    residents: list[ResidentRow]
    former: list[ResidentRow]
    unnamed: int
    needs: list[NeedRow] | None
    visits: list[VisitRow] | None
    memberships: list[MembershipRow]
    places: list[PlaceRow]
    changes: list[ChangeRow]
    others: list[Household]
    split: list[Household]
    merged: list[Household]

    @property
    def has_head(self) -> bool:
        """Whether somebody is its head today."""
        return any(row.is_head for row in self.residents)

    @property
    def has_numbers(self) -> bool:
        """Whether there is a telephone number that may be asked for."""
        return bool(self.phone) or any(row.phone for row in self.residents)

    @property
    def lacks_head(self) -> bool:
        """Whether somebody should be made its head."""
        return bool(self.residents) and not self.has_head and self.household.ended_on is None


def whole_household(user: AbstractBaseUser, household_id: int) -> WholeHousehold:
    """Return one household of the register.

    Raises `NotFound` ("household.not_found") as `access_register` does.
    """
    reached = access_register(user, household_id)
    household, in_clear = reached.household, reached.is_named
    found = Residence.objects.filter(household=household).select_related("resident").order_by("days", "pk")
    shown_rows = [
        (_resident(row, first, in_clear=in_clear), _is_open(row)) for row, first in _with_first(found)
    ]
    residents = sorted((row for row, is_open in shown_rows if is_open), key=lambda row: not row.is_head)
    others = Household.objects.current().filter(dwelling=household.dwelling_id).exclude(pk=household.pk)
    return WholeHousehold(
        household=household,
        is_named=in_clear,
        householder=shown("households.Household.householder", household.householder, in_clear=in_clear),
        phone=shown("households.Household.phone", household.phone, in_clear=False),
        is_party=household.is_party_member_household if in_clear else None,
        is_hub=household.is_party_hub_household if in_clear else None,
        residents=residents,
        former=[row for row, is_open in reversed(shown_rows) if not is_open],
        unnamed=max(household.size - len(residents), 0) if household.ended_on is None else 0,
        needs=_needs(household_id) if in_clear else None,
        visits=visit_rows(household_id) if in_clear else _visits(user, household_id),
        memberships=_memberships(household_id),
        places=_places(household_id),
        changes=_changes(household_id, in_clear=in_clear),
        others=list(others) if household.dwelling_id else [],
        split=list(Household.objects.filter(split_from=household).order_by("pk")),
        merged=list(Household.objects.filter(merged_into=household).order_by("pk")),
    )


def _is_open(row: Residence) -> bool:
    return row.days.upper is None or row.days.upper > timezone.localdate()


def _with_first(rows: Iterable[Residence]) -> Iterator[tuple[Residence, Residence]]:
    """Yield each row, in their order, with the one that the same unbroken stay began with."""
    last: dict[int, tuple[Residence, Residence]] = {}
    for row in rows:
        before, first = last.get(row.resident_id, (row, row))
        if before is row or before.days.upper != row.days.lower:
            first = row
        last[row.resident_id] = (row, first)
        yield row, first


def _resident(row: Residence, first: Residence, *, in_clear: bool) -> ResidentRow:
    person = row.resident

    def told(field_name: str, value: Any) -> Any:  # noqa: ANN401 - of any field
        return shown(field_name, value, in_clear=in_clear)

    return ResidentRow(
        residence_id=row.pk,
        resident_id=person.pk,
        name=told(f"{_RESIDENT}.name", person.name),
        gender=told(f"{_RESIDENT}.gender", person.get_gender_display()),
        born_on=told(f"{_RESIDENT}.born_on", person.born_on),
        phone=shown(f"{_RESIDENT}.phone", person.phone, in_clear=False),
        identity_last_four=told(f"{_RESIDENT}.identity_last_four", person.identity_last_four),
        relation=told(f"{_RESIDENCE}.relation", row.get_relation_display()),
        registration=told(f"{_RESIDENCE}.registration", row.get_registration_display()),
        is_representative=told(f"{_RESIDENCE}.is_representative", row.is_representative),
        is_head=told(f"{_RESIDENCE}.relation", row.relation == Residence.Relation.HEAD),
        here_since=first.days.lower,
        since=row.days.lower,
        until=row.days.upper,
        left_for=told(f"{_RESIDENCE}.left_for", row.get_left_for_display()),
        moved_from=first.moved_from if in_clear else "",
        moved_to=row.moved_to if in_clear else "",
        note=told(f"{_RESIDENT}.note", person.note),
    )


def _visits(user: AbstractBaseUser, household_id: int) -> list[VisitRow] | None:
    try:
        return visits_of(user, household_id)
    except NotFound:
        return None


def _needs(household_id: int) -> list[NeedRow]:
    today, one_day = timezone.localdate(), timedelta(days=1)
    return [
        NeedRow(
            id=need.pk,
            kind=need.get_kind_display(),
            people=need.people,
            purpose=need.purpose,
            first=need.days.lower,
            last=need.days.upper and need.days.upper - one_day,
            is_over=need.days.upper is not None and need.days.upper <= today,
        )
        for need in Need.objects.filter(household=household_id).order_by("-days")
    ]


def _memberships(household_id: int) -> list[MembershipRow]:
    rows = list(HouseholdUnit.objects.filter(household=household_id).order_by("-valid"))
    chain_of = chains(row.unit_id for row in rows)
    return [
        MembershipRow(chain_of[row.unit_id], row.get_source_display(), row.valid.lower, row.valid.upper)
        for row in rows
    ]


def _places(household_id: int) -> list[PlaceRow]:
    rows = PlaceChange.objects.filter(household=household_id).select_related("changed_by")
    return [
        PlaceRow(row.get_source_display(), row.accuracy_m, row.was_used, name_of(row.changed_by), row.at)
        for row in rows[:MOST_CHANGES]
    ]


def _changes(household_id: int, *, in_clear: bool) -> list[ChangeRow]:
    rows = HouseholdChange.objects.filter(household=household_id).select_related("actor", "resident")
    return [
        ChangeRow(
            what=row.get_what_display(),
            day=row.day,
            fields=listed(_called(name) for name in row.fields.split(",") if name),
            resident=shown(f"{_RESIDENT}.name", row.resident.name, in_clear=in_clear) if row.resident else "",
            actor=name_of(row.actor),
            at=row.at,
        )
        for row in rows[:MOST_CHANGES]
    ]


def _called(name: str) -> str:
    """Return what a field is called that a change names, be it the household's or a person's."""
    if name == "erased":
        return _("erased")
    name = {"identity": "identity_number", "dwelling_id": "dwelling"}.get(name, name)
    for model in (Household, Resident, Residence):
        for each in model._meta.fields:  # noqa: SLF001 - public, whatever its name
            if each.name == name:
                return str(each.verbose_name)
    return name
