"""How large units should be is set by districts, as the other norms are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, NotFound
from gis_grids.models import Unit, UnitNorm
from gis_grids.services.corrections import correct, delete_kept
from gis_grids.services.norms import LONGEST_BASIS, check_may_set_norms
from gis_grids.services.texts import clean_text

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.levels import Level

MOST_HOUSEHOLDS: Final = 1_000_000
_FIELDS: Final = ("households", "tolerance", "basis", "is_compound")


@transaction.atomic
def set_unit_norm(  # noqa: PLR0913 - what a norm consists of
    *,
    actor: AbstractBaseUser,
    level: Level,
    scope_id: int,
    households: int,
    tolerance: float,
    basis: str,
    is_compound: bool = False,
) -> UnitNorm:
    """Set how many households units of a level should have in a unit and below it; the nearest above holds.

    ``tolerance`` is a share, from 0 to less than 1. What was set there before is kept as a correction.
    Raises `Refused` ("norm.not_yours") unless the actor has an office post of the district or above it,
    `BadInput` ("norm.no_households", "norm.tolerance", "norm.no_basis").
    """
    check_may_set_norms(actor, scope_id)
    basis = clean_text(basis, limit=LONGEST_BASIS)
    if not 0 < households <= MOST_HOUSEHOLDS:
        raise BadInput("norm.no_households", _("Say how many households, at least one."))
    if not 0 <= tolerance < 1:
        raise BadInput("norm.tolerance", _("The tolerance is a share from 0 to less than 100 %."))
    if not basis:
        raise BadInput("norm.no_basis", _("Name the document that says so."))
    list(Unit.objects.select_for_update().filter(pk=scope_id))  # one at a time in a district
    values = {"households": households, "tolerance": tolerance, "basis": basis, "is_compound": is_compound}
    norm = UnitNorm.objects.filter(level=level, scope=scope_id).first()
    if norm is None:
        return UnitNorm.objects.create(level=level, scope_id=scope_id, **values)
    correct(actor=actor, row=norm, values=values)
    return norm


@transaction.atomic
def drop_unit_norm(*, actor: AbstractBaseUser, norm_id: int) -> None:
    """Take a district's own size away: what holds above it, or everywhere, holds there again.

    Raises `NotFound` ("norm.unknown"), `Refused` ("norm.not_yours").
    """
    norm = UnitNorm.objects.select_for_update().filter(pk=norm_id, scope__isnull=False).first()
    if norm is None or norm.scope_id is None:
        raise NotFound("norm.unknown", _("There is no such norm of a district."))
    check_may_set_norms(actor, norm.scope_id)
    delete_kept(actor=actor, row=norm, fields=_FIELDS)
