"""What is recorded at the door: a visit, and where the household really is.

Both may arrive days later, several times, and in another order: the phone's id makes each of them once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound
from gis_grids.geometry.points import check_point
from gis_grids.models.shapes import to_stored
from gis_grids.selectors import extent, unit_at
from gis_grids.services.texts import clean_text
from households.models import Household, PlaceChange, PlaceSource, Visit
from households.selectors.access import access_household
from households.services.places import home_households, leave_units

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.contrib.auth.models import AbstractBaseUser
    from django.contrib.gis.geos import Point

    LonLat = tuple[float, float]

_LONGEST_NOTE: Final = 500

_PLACE: Final = ("place", "place_source", "place_accuracy_m", "placed_on")

RecordT = TypeVar("RecordT", Visit, PlaceChange)

#: What makes two of one id the same; ``at`` is compared as it was stored.
_SAME_VISIT: Final = (
    "household_id",
    "visitor_id",
    "at",
    "result",
    "note",
    "place",
    "accuracy_m",
)
_SAME_PLACE: Final = ("household_id", "changed_by_id", "at", "source", "place", "accuracy_m")


@transaction.atomic
def record_visit(  # noqa: PLR0913 - what a visit consists of
    *,
    visit_id: UUID,
    household_id: int,
    visitor: AbstractBaseUser,
    at: datetime,
    result: Visit.Result,
    note: str = "",
    place: LonLat | None = None,
    accuracy_m: float | None = None,
) -> Visit:
    """Store a visit and return it; the same again returns what was stored.

    ``place`` (lon/lat, degrees) is given only by who wants it kept. A phone whose clock runs ahead has been
    there now. Raises `NotFound` ("household.not_found"), `Conflict` ("visit.other_content"), `InvalidPoint`
    and `BadInput` ("text.too_long", "text.unreadable").
    """
    now = timezone.now()
    visit = Visit(
        id=visit_id,
        household_id=household_id,
        visitor_id=visitor.pk,
        at=min(at, now),
        received_at=now,
        result=result,
        note=clean_text(note, limit=_LONGEST_NOTE),
        place=_stored(place) if place else None,
        accuracy_m=accuracy_m if place else None,
    )
    stored = _stored_before(visit, at, _SAME_VISIT)
    if stored is None:
        access_household(visitor, household_id, also_at=visit.at)
        stored = _store(visit, at, _SAME_VISIT)
    return stored


@transaction.atomic
def link_follow_up(*, visit_id: UUID, report_id: UUID, actor: AbstractBaseUser) -> Visit:
    """Note which report came out of a visit; the same again changes nothing.

    Raises `NotFound` ("visit.not_found": none of the actor's own) and `Conflict` ("visit.other_follow_up").
    """
    visit = Visit.objects.select_for_update().filter(pk=visit_id, visitor=actor.pk).first()
    if visit is None:
        raise NotFound("visit.not_found", _("There is no such visit of yours."))
    taken = Visit.objects.filter(follow_up=report_id).exclude(pk=visit_id).exists()
    if taken or visit.follow_up not in {None, report_id}:
        raise Conflict(
            "visit.other_follow_up", _("The visit or the report is linked to another one already.")
        )
    visit.follow_up = report_id
    visit.save(update_fields=["follow_up"])
    return visit


@transaction.atomic
def set_place(  # noqa: PLR0913 - what a place consists of
    *,
    change_id: UUID,
    household_id: int,
    actor: AbstractBaseUser,
    place: LonLat,
    accuracy_m: float | None,
    at: datetime,
    source: PlaceSource = PlaceSource.PHONE,
) -> PlaceChange:
    """Give a household its place (lon/lat, degrees), keep the former one, and find its unit anew.

    The same again returns what was stored. A place that was set elsewhere later than ``at`` stays. Raises
    `NotFound` ("household.not_found"), `Conflict` ("place.other_content"), `InvalidPoint`, and `BadInput`
    ("place.outside": no unit lies there).
    """
    now = timezone.now()
    change = PlaceChange(
        id=change_id,
        household_id=household_id,
        changed_by_id=actor.pk,
        at=min(at, now),
        received_at=now,
        source=source,
        place=_stored(place),
        accuracy_m=accuracy_m,
    )
    stored = _stored_before(change, at, _SAME_PLACE)
    if stored is not None:
        return stored
    access_household(actor, household_id, also_at=change.at)
    _check_inside(place)
    household = Household.objects.select_for_update().get(pk=household_id)
    later = household.place_changes.filter(at__gt=change.at, undone_at=None).exclude(pk=change_id)
    change.was_used = not later.exists()
    change.place_before, change.source_before = household.place, household.place_source
    change.accuracy_before_m, change.placed_on_before = household.place_accuracy_m, household.placed_on
    stored = _store(change, at, _SAME_PLACE)
    if stored.received_at == now and stored.was_used:
        _move(household, stored)
    return stored


@transaction.atomic
def undo_place(*, change_id: UUID, actor: AbstractBaseUser) -> PlaceChange:
    """Take back the last place that a household was given: it has again what it had before.

    The same again changes nothing. Raises `NotFound` ("place.not_found": none of the actor's own) and
    `Conflict` ("place.not_last": it has been given another place since).
    """
    change = PlaceChange.objects.select_for_update().filter(pk=change_id, changed_by=actor.pk).first()
    if change is None:
        raise NotFound("place.not_found", _("You have set no such place."))
    if change.undone_at is not None:
        return change
    household = Household.objects.select_for_update().get(pk=change.household_id)
    later = household.place_changes.filter(was_used=True, at__gt=change.at).exclude(pk=change_id)
    if not change.was_used or later.exists():
        raise Conflict(
            "place.not_last", _("The household has been given another place since; that one stays.")
        )
    now = timezone.now()
    change.was_used, change.undone_at, change.undone_by_id = False, now, actor.pk
    change.save(update_fields=["was_used", "undone_at", "undone_by"])
    household.place, household.place_source = change.place_before, change.source_before
    household.place_accuracy_m, household.placed_on = change.accuracy_before_m, change.placed_on_before
    household.save(update_fields=_PLACE)
    home_households(household_ids=[household.pk])
    before = change.received_at - timedelta(microseconds=1)
    if not household.memberships.filter(valid__contains=before).exists():
        leave_units([household.pk], now)  # who has no place stays where he is, but he was nowhere
    return change


def _move(household: Household, change: PlaceChange) -> None:
    household.place, household.place_source = change.place, change.source
    household.place_accuracy_m = change.accuracy_m
    household.placed_on = timezone.localdate(change.at)
    household.save(update_fields=_PLACE)
    home_households(household_ids=[household.pk])


def _stored(place: LonLat) -> Point:
    return cast("Point", to_stored(check_point(*place, extent=extent())))


def _check_inside(place: LonLat) -> None:
    """Keep a household from falling out of every unit by a slip of the finger."""
    outside_m = unit_at(*place).outside_m
    if outside_m is not None:
        raise BadInput(
            "place.outside",
            _("This place lies outside every grid, by %(metres)s m. Put the pin where the household is."),
            {"metres": round(outside_m)},
        )


def _store(record: RecordT, at: datetime, same: tuple[str, ...]) -> RecordT:
    """Insert what is not there; who comes second of two at once gets the first one's."""
    type(record).objects.bulk_create([record], ignore_conflicts=True)
    stored = _stored_before(record, at, same)
    assert stored is not None  # noqa: S101 - the id is the only thing that could stand in the way
    return stored


def _stored_before(record: RecordT, at: datetime, same: tuple[str, ...]) -> RecordT | None:
    stored = type(record).objects.filter(pk=record.pk).first()
    if stored is None:
        return None
    # A time ahead of the clock was brought down to the moment when it first came.
    record.at = min(at, stored.received_at)
    if any(getattr(record, name) != getattr(stored, name) for name in same):
        raise _other_content(record)
    return stored


def _other_content(record: Visit | PlaceChange) -> Conflict:
    if isinstance(record, Visit):
        return Conflict(
            "visit.other_content",
            _("A visit with this id was stored already, with other content. Record it anew."),
        )
    return Conflict(
        "place.other_content", _("A place with this id was stored already, with other content. Set it anew.")
    )
