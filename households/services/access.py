"""Personal data in clear: only for a reason, and never without a record of who read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput
from gis_grids.permissions import scope_of
from households.models import AccessRecord
from households.selectors.areas import listed_in
from households.selectors.plan_impact import named_moves

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.contrib.auth.models import AbstractBaseUser
    from django.contrib.gis.geos import GEOSGeometry

    from households.selectors.areas import HouseholdInside
    from households.selectors.plan_impact import NamedMove

_LONGEST = 200


@transaction.atomic
def reveal_moves(
    *, plan_id: int, moves: Iterable[Mapping[str, Any]], reason: str, reader: AbstractBaseUser
) -> list[NamedMove]:
    """Return who moves by a plan's ``moves``, named where the reader has the right, and put that on record.

    Raises `BadInput` ("access.no_reason") without a reason of 1 to 200 characters.
    """
    reason = _checked(reason)
    found = named_moves(scope_of(reader), moves, in_clear=True)
    _record(reader, AccessRecord.What.PLAN_MOVES, plan_id, sum(move.is_named for move in found), reason)
    return found


@transaction.atomic
def reveal_in_area(
    *, emergency_id: int, area: GEOSGeometry, reason: str, reader: AbstractBaseUser
) -> list[HouseholdInside]:
    """Return who lives in an emergency's area, named where the reader has the right; that is put on record.

    Raises `BadInput` ("access.no_reason") without a reason of 1 to 200 characters.
    """
    reason = _checked(reason)
    found = listed_in(scope_of(reader), area, in_clear=True)
    _record(reader, AccessRecord.What.EMERGENCY, emergency_id, sum(row.is_named for row in found), reason)
    return found


def _checked(reason: str) -> str:
    reason = reason.strip()
    if not 0 < len(reason) <= _LONGEST:
        raise BadInput("access.no_reason", _("Say what you need the names for, in at most 200 characters."))
    return reason


def _record(
    reader: AbstractBaseUser, what: AccessRecord.What, about: int, households: int, reason: str
) -> None:
    AccessRecord.objects.create(
        reader_id=reader.pk, what=what, about=about, households=households, reason=reason
    )
