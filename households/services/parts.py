"""To which unit the households of a part of a building belong, and single ones by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound
from gis_grids.permissions import scope_of
from gis_grids.selectors import leaf_versions
from households.models import BuildingPart, Entrance, HouseholdChange, HouseholdUnit
from households.permissions import named_roots
from households.selectors.access import household_not_found
from households.selectors.coverage import visible
from households.selectors.parts import access_building, households_in_part, leaves_under
from households.services.ledger import note
from households.services.places import home_households, record_by_hand

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.hooks import BoundaryChange


@transaction.atomic
def set_part(  # noqa: PLR0913 - what a part consists of
    *,
    building_id: int,
    unit_id: int,
    actor: AbstractBaseUser,
    entrance_id: int | None = None,
    lowest: int | None = None,
    highest: int | None = None,
) -> BuildingPart:
    """Give a part of a building to a unit from now on, and its households with it; return the part.

    Floors are included, ``None`` is all of them; without an entrance it is all entrances. Raises `NotFound`
    ("building.not_found", "part.no_unit"), `BadInput` ("part.no_entrance", "part.floors") and `Conflict`
    ("part.taken": it overlaps with a part that has a unit).
    """
    building = access_building(actor, building_id)
    _check_leaf(actor, unit_id)
    if entrance_id is not None and not Entrance.objects.filter(pk=entrance_id, building=building).exists():
        raise BadInput("part.no_entrance", _("This building has no such entrance."))
    if lowest is not None and highest is not None and lowest > highest:
        raise BadInput("part.floors", _("The lowest floor comes first, the highest second."))
    try:
        with transaction.atomic():
            part = BuildingPart.objects.create(
                building=building,
                entrance_id=entrance_id,
                lowest=lowest,
                highest=highest,
                unit_id=unit_id,
                valid=DateTimeTZRange(timezone.now(), None),
                set_by_id=actor.pk,
            )
    except IntegrityError as error:
        message = _("A part of these entrances and floors has a unit already. End that first.")
        raise Conflict("part.taken", message) from error
    home_households(household_ids=list(households_in_part(part).values_list("pk", flat=True)))
    return part


@transaction.atomic
def end_part(*, part_id: int, actor: AbstractBaseUser) -> BuildingPart:
    """End a part from now on: its households go by their place again. Raises `NotFound` ("part.unknown")."""
    part = BuildingPart.objects.select_for_update().filter(pk=part_id, valid__upper_inf=True).first()
    if part is None:
        raise NotFound("part.unknown", _("There is no such part of a building, or it has ended."))
    access_building(actor, part.building_id)
    _end(part, timezone.now())
    by_part = {"memberships__source": HouseholdUnit.Source.ENTRANCE, "memberships__valid__upper_inf": True}
    households = households_in_part(part).filter(**by_part)
    home_households(household_ids=list(households.values_list("pk", flat=True)), is_released=True)
    return part


@transaction.atomic
def set_by_hand(*, household_ids: Collection[int], unit_id: int, actor: AbstractBaseUser) -> int:
    """Let single households belong to a unit from now on, wherever they are; return how many did not yet.

    Raises `NotFound` ("household.not_found", "part.no_unit").
    """
    _check_leaf(actor, unit_id)
    _check_households(actor, household_ids)
    _note(actor, household_ids)
    return record_by_hand(household_ids=household_ids, unit_id=unit_id)


@transaction.atomic
def release(*, household_ids: Collection[int], actor: AbstractBaseUser) -> None:
    """Let households that were set by hand go by their place, or their part of a building, again.

    Raises `NotFound` ("household.not_found").
    """
    _check_households(actor, household_ids)
    _note(actor, household_ids)
    home_households(household_ids=household_ids, is_released=True)


@transaction.atomic
def follow_boundaries(change: BoundaryChange) -> None:
    """Let parts follow their units when boundaries change, and end with them (a hook of the ground floor).

    It comes before households are homed: these then find the parts as they are.
    """
    opened = BuildingPart.objects.filter(valid__upper_inf=True).select_for_update()
    for part in opened.filter(unit__in=change.renumbered):
        _end(part, change.when)
        part.pk, part.unit_id = None, change.renumbered[part.unit_id]
        part.valid = DateTimeTZRange(change.when, None)
        part.save(force_insert=True)
    for part in opened.exclude(unit__in=leaf_versions(change.when).values("unit")):
        _end(part, change.when)


def _check_leaf(actor: AbstractBaseUser, unit_id: int) -> None:
    if not leaves_under(actor).filter(unit=unit_id).exists():
        raise NotFound("part.no_unit", _("There is no such smallest unit in your area."))


def _check_households(actor: AbstractBaseUser, household_ids: Collection[int]) -> None:
    ours = visible(named_roots(scope_of(actor)), timezone.now()).filter(pk__in=household_ids)
    if ours.count() != len(set(household_ids)):
        raise household_not_found()


def _note(actor: AbstractBaseUser, household_ids: Collection[int]) -> None:
    for household_id in set(household_ids):
        note(HouseholdChange.What.UNIT, household_id=household_id, actor=actor)


def _end(part: BuildingPart, at: datetime) -> None:
    if part.valid.lower >= at:
        BuildingPart.objects.filter(pk=part.pk).delete()
        return
    BuildingPart.objects.filter(pk=part.pk).update(valid=DateTimeTZRange(part.valid.lower, at))
