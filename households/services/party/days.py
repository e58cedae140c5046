"""Dated rows of the party register: how they begin and end. A row without an end counts now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import DateRangeField
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict
from households.models import PartyChange

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import Model, QuerySet

    from households.models import PartyMember, PartyOrganisation


def check_day(on: dt.date) -> None:
    """Raise `BadInput` ("party.future") for a day to come: the register says what is, not what is planned."""
    if on > timezone.localdate():
        raise BadInput("party.future", _("This day is still to come. Write it down when it has come."))


def since(on: dt.date) -> DateRange:
    """Return the days from `on` on."""
    return DateRange(on, None)


def begin(rows: Iterable[Model], already: Conflict) -> None:
    """Store new dated rows; raise `already` where one of that kind is there on some of the days."""
    try:
        with transaction.atomic():
            for row in rows:
                row.save(force_insert=True)
    except IntegrityError as error:
        raise already from error


def end_open(rows: QuerySet[Any], on: dt.date, field: str = "days") -> None:
    """End those of the rows that are open with the day before `on`; what began only then has never been."""
    going = rows.filter(**{f"{field}__upper_inf": True})
    going.filter(**{f"{field}__startswith__gte": on}).delete()
    days = Func(Lower(F(field)), Value(on), function="daterange", output_field=DateRangeField())
    going.update(**{field: days})


def note(
    actor: AbstractBaseUser,
    deed: PartyChange.Deed,
    on: dt.date,
    *,
    organisation: PartyOrganisation | None = None,
    member: PartyMember | None = None,
) -> None:
    """Write down who did it."""
    PartyChange.objects.create(actor_id=actor.pk, deed=deed, on=on, organisation=organisation, member=member)
