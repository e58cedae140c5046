"""The dated rows of who lives where: begun, ended, and followed by another one in another role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict
from households.models import Residence
from households.services.constraints import broken
from households.services.ledger import past

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from django.db.models import QuerySet

#: What a constraint of `Residence` says when it refuses a row.
_REFUSALS: Final = {
    "residence_one_household_a_day": (
        "residence.overlaps",
        _("This person lives in another household on some of these days. Move the person out there first."),
    ),
    "residence_one_head_a_day": (
        "residence.has_head",
        _("The household has a head on some of these days. Change the head instead."),
    ),
    "residence_one_representative_a_day": (
        "residence.has_representative",
        _("The household has a representative on some of these days. Change the representative instead."),
    ),
}


def check_born(born_on: date | None, first: date | None) -> None:
    """Raise `BadInput` ("residence.before_birth") where somebody would live before he was born."""
    if born_on and first and first < born_on:
        raise BadInput(
            "residence.before_birth",
            _("This person was born on %(born_on)s and can't live here before. Correct one of the two days."),
            {"born_on": born_on},
        )


def living(household_id: int, day: date | None = None) -> QuerySet[Residence]:
    """Return who lives in a household on a day (default: today)."""
    return Residence.objects.filter(household=household_id, days__contains=day or timezone.localdate())


def first_of(residence: Residence) -> Residence:
    """Return the row that somebody's unbroken stay in the household began with, in whatever role."""
    earlier = Residence.objects.filter(
        resident=residence.resident_id, household=residence.household_id, days__fully_lt=residence.days
    )
    for row in earlier.order_by("-days"):
        if row.days.upper == residence.days.lower:
            residence = row
    return residence


def store(residence: Residence) -> Residence:
    """Write a row, and return it.

    Raises `Conflict` ("residence.overlaps", "residence.has_head", "residence.has_representative").
    """
    try:
        with transaction.atomic():
            residence.save()
    except IntegrityError as error:
        if broken(error) not in _REFUSALS:
            raise
        raise Conflict(*_REFUSALS[broken(error)]) from None
    return residence


def close(residence: Residence, day: date, left_for: Residence.LeftFor | None, moved_to: str = "") -> None:
    """End a row: ``day`` is the first one without the resident.

    Raises `BadInput` ("residence.too_short", "day.*").
    """
    residence.days = DateRange(residence.days.lower, _after_it_began(residence, past(day)))
    residence.left_for, residence.moved_to = left_for or "", moved_to
    store(residence)


def restate(new: Mapping[Residence, Mapping[str, Any]], day: date | None) -> list[Residence]:
    """Give open rows other values from a day on (None: from their beginning), and return the rows then open.

    In the order of ``new``. Raises `BadInput` ("residence.too_short", "day.*") and what `store` raises.
    """
    now_open: dict[Residence, Residence] = {}
    for residence in new:
        if day is None or residence.days.lower == past(day):
            now_open[residence] = residence
        else:
            close(residence, day, left_for=None)
            now_open[residence] = _successor(residence, day)
    # Who gives a role up is written before who takes it: the database looks at each row by itself.
    for residence in sorted(new, key=lambda one: _takes_a_role(new[one])):
        for name, value in new[residence].items():
            setattr(now_open[residence], name, value)
        store(now_open[residence])
    return [now_open[residence] for residence in new]


def end_all(
    residences: Iterable[Residence], day: date, left_for: Residence.LeftFor, moved_to: str = ""
) -> None:
    """End many rows on one day; one that began no earlier has never been."""
    for residence in residences:
        if residence.days.lower is not None and residence.days.lower >= day:
            residence.delete()
        else:
            close(residence, day, left_for, moved_to)


def _successor(residence: Residence, day: date) -> Residence:
    return Residence(
        resident_id=residence.resident_id,
        household_id=residence.household_id,
        days=DateRange(day, None),
        relation=residence.relation,
        registration=residence.registration,
        is_representative=residence.is_representative,
    )


def _takes_a_role(values: Mapping[str, Any]) -> bool:
    return values.get("relation") == Residence.Relation.HEAD or bool(values.get("is_representative"))


def _after_it_began(residence: Residence, day: date) -> date:
    if residence.days.lower is not None and day <= residence.days.lower:
        raise BadInput(
            "residence.too_short",
            _("This person lives here only since %(since)s. Choose a later day, or correct that one."),
            {"since": residence.days.lower},
        )
    return day
