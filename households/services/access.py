"""Personal data in clear: only for a reason, and never without a record of who read it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, RateLimited
from gis_grids.permissions import scope_of
from households.models import AccessRecord
from households.selectors.areas import listed_in
from households.selectors.persons import all_about, resident_to_copy
from households.selectors.plan_impact import named_moves
from households.selectors.reveal import in_clear

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.contrib.auth.models import AbstractBaseUser
    from django.contrib.gis.geos import GEOSGeometry

    from households.selectors.areas import HouseholdInside
    from households.selectors.persons import Section
    from households.selectors.plan_impact import NamedMove
    from households.selectors.reveal import Revealed

MAX_REASON: Final = 200
_HOUR: Final = timedelta(hours=1)


@transaction.atomic
def record_access(  # noqa: PLR0913 - a record has this many parts
    *,
    reader: AbstractBaseUser,
    what: AccessRecord.What,
    named: int,
    reason: str,
    about: int | None = None,
    detail: str = "",
) -> AccessRecord:
    """Put on record that a person reads personal data of ``named`` households or people, before he does.

    Of the reader's records of an hour at most `REVEALS_PER_HOUR` of the settings. Raises `BadInput`
    ("access.no_reason") without a reason of 1 to 200 characters, `RateLimited` ("access.too_many").
    """
    reason = reason.strip()
    if not 0 < len(reason) <= MAX_REASON:
        raise BadInput("access.no_reason", _("Say what you need it for, in at most 200 characters."))
    _hold_back(reader)
    return AccessRecord.objects.create(
        reader_id=reader.pk, what=what, about=about, detail=detail, households=named, reason=reason
    )


def _hold_back(reader: AbstractBaseUser) -> None:
    """Let nobody read more in an hour than his work needs; his own requests wait for one another."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=reader.pk)
    since = timezone.now() - _HOUR
    latest = AccessRecord.objects.filter(reader=reader.pk, at__gt=since).order_by("-at")
    used = list(latest.values_list("at", flat=True)[: settings.REVEALS_PER_HOUR])
    if len(used) < settings.REVEALS_PER_HOUR:
        return
    wait = used[-1] + _HOUR - timezone.now()
    sentence = _("You have read %(most)s times within an hour; more is possible in %(minutes)s minutes.")
    seconds = max(1, round(wait.total_seconds()))
    details = {"most": len(used), "minutes": -(-seconds // 60), "retry_after_s": seconds}
    raise RateLimited("access.too_many", sentence, details)


@transaction.atomic
def reveal_household(*, household_id: int, reason: str, reader: AbstractBaseUser) -> Revealed:
    """Return the names and telephone numbers of a household to who works where it lives, and record that.

    Raises `NotFound` ("household.not_found") where he doesn't, and what `record_access` does.
    """
    found = in_clear(reader, household_id)
    record_access(
        reader=reader,
        what=AccessRecord.What.HOUSEHOLD,
        about=household_id,
        named=1,
        reason=reason,
    )
    return found


@transaction.atomic
def copy_of_resident(*, resident_id: int, reason: str, reader: AbstractBaseUser) -> list[Section]:
    """Return all that the register knows of a resident, to be given to himself; that is on record.

    Raises what `resident_to_copy` and `record_access` do.
    """
    resident = resident_to_copy(reader, resident_id)
    what = AccessRecord.What.COPY
    record_access(reader=reader, what=what, about=resident_id, named=1, reason=reason)
    return all_about(resident)


@transaction.atomic
def reveal_moves(
    *, plan_id: int, moves: Iterable[Mapping[str, Any]], reason: str, reader: AbstractBaseUser
) -> list[NamedMove]:
    """Return who moves by a plan's ``moves``, named where the reader has the right, and put that on record.

    Raises what `record_access` does.
    """
    found = named_moves(scope_of(reader), moves, in_clear=True)
    named = sum(move.is_named for move in found)
    what = AccessRecord.What.PLAN_MOVES
    record_access(reader=reader, what=what, about=plan_id, named=named, reason=reason)
    return found


@transaction.atomic
def reveal_in_area(
    *, emergency_id: int, area: GEOSGeometry, reason: str, reader: AbstractBaseUser
) -> list[HouseholdInside]:
    """Return who lives in an emergency's area, named where the reader has the right; that is put on record.

    Raises what `record_access` does.
    """
    found = listed_in(scope_of(reader), area, in_clear=True)
    named = sum(row.is_named for row in found)
    what = AccessRecord.What.EMERGENCY
    record_access(reader=reader, what=what, about=emergency_id, named=named, reason=reason)
    return found
