"""Volunteers, teams and what they did are entered by the office of their unit."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.geometry.points import check_point
from gis_grids.models.shapes import to_stored
from gis_grids.permissions import scope_of
from gis_grids.selectors import ancestors, extent
from gis_grids.services.corrections import correct, forget_corrections
from gis_grids.services.texts import clean_text
from households.models import ServiceRecord, TeamMember, Volunteer, VolunteerTeam
from households.permissions import named_roots
from households.selectors.volunteers import residents_of
from households.services.constraints import broken
from households.services.days import end_today, from_today

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from django.contrib.gis.geos import Point
    from django.db.models import QuerySet

    LonLat = tuple[float, float]

#: What was done longer ago than this is no record any more, but a story.
_OLDEST: Final = dt.timedelta(days=366)
_MOST_HOURS: Final = Decimal(24)


@transaction.atomic
def save_team(
    *, actor: AbstractBaseUser, unit_id: int, name: str, purpose: str = "", team_id: int | None = None
) -> VolunteerTeam:
    """Found a team in a unit from today on, or correct one.

    Raises `NotFound` ("team.unknown"), `Refused` ("volunteer.not_yours"), `Conflict` ("team.there_already"),
    `BadInput` ("team.no_name").
    """
    _check_unit(actor, unit_id)
    values = {
        "unit_id": unit_id,
        "name": clean_text(name, limit=100),
        "purpose": clean_text(purpose, limit=200),
    }
    if not values["name"]:
        raise BadInput("team.no_name", _("Give the name."))
    try:
        with transaction.atomic():
            if team_id is None:
                return VolunteerTeam.objects.create(days=from_today(), **values)
            team = team_to_change(actor, team_id)
            correct(actor=actor, row=team, values=values)
            return team
    except IntegrityError as error:
        raise Conflict(
            "team.there_already", _("There is a team of this name in this unit already.")
        ) from error


@transaction.atomic
def end_team(*, actor: AbstractBaseUser, team_id: int) -> None:
    """Dissolve a team today; who was in it, and what it did, stays on record. Raises as `save_team`."""
    team = team_to_change(actor, team_id)
    for member in team.members.filter(days__upper_inf=True):
        end_today(member)
    end_today(team)


@transaction.atomic
def save_volunteer(  # noqa: PLR0913 - what a volunteer consists of
    *,
    actor: AbstractBaseUser,
    unit_id: int,
    name: str,
    phone: str = "",
    skills: str = "",
    resident_id: int | None = None,
    team_ids: frozenset[int] = frozenset(),
    volunteer_id: int | None = None,
) -> Volunteer:
    """Register a volunteer in a unit from today on, or correct one; the teams are those that he is in now.

    ``resident_id`` says who he is in the register, if he is in it: who is erased there is erased here.
    Raises `NotFound` ("volunteer.unknown", "volunteer.no_resident", "team.unknown"), `Refused`
    ("volunteer.not_yours"), `Conflict` ("volunteer.resident_once"), `BadInput` ("volunteer.no_name").
    """
    _check_unit(actor, unit_id)
    values: dict[str, Any] = {
        "unit_id": unit_id,
        "name": clean_text(name, limit=50),
        "phone": clean_text(phone, limit=40),
        "skills": clean_text(skills, limit=200),
        "resident_id": resident_id,
    }
    if not values["name"]:
        raise BadInput("volunteer.no_name", _("Give the name."))
    volunteer = volunteer_to_change(actor, volunteer_id) if volunteer_id is not None else None
    if resident_id is not None and (volunteer is None or volunteer.resident_id != resident_id):
        _check_resident(actor, resident_id)
    try:
        with transaction.atomic():
            if volunteer is None:
                volunteer = Volunteer.objects.create(days=from_today(), **values)
            else:
                correct(actor=actor, row=volunteer, values=values)
    except IntegrityError as error:
        if broken(error) != "volunteer_resident_once":
            raise
        raise Conflict(
            "volunteer.resident_once", _("This resident is registered as a volunteer already.")
        ) from None
    _set_teams(actor, volunteer, team_ids)
    return volunteer


@transaction.atomic
def end_volunteer(*, actor: AbstractBaseUser, volunteer_id: int) -> None:
    """End a volunteer's registration today; what he did stays on record. Raises as `save_volunteer`."""
    volunteer = volunteer_to_change(actor, volunteer_id)
    for member in volunteer.teams.filter(days__upper_inf=True):
        end_today(member)
    end_today(volunteer)


def forget_volunteers(rows: QuerySet[Volunteer]) -> int:
    """Make volunteers a number, end what they are in, and return how many; in the caller's transaction.

    What was done, on which day and for how long, stays.
    """
    found = list(rows)
    for one in found:
        one.name, one.phone, one.skills = f"#{one.resident_id or one.pk}", "", ""
        one.save(update_fields=["name", "phone", "skills"])
        for membership in one.teams.filter(days__upper_inf=True):
            end_today(membership)
        if one.days.upper is None:
            end_today(one)
    forget_corrections(Volunteer, [one.pk for one in found])
    return len(found)


@transaction.atomic
def record_service(  # noqa: PLR0913 - what a record consists of
    *,
    actor: AbstractBaseUser,
    volunteer_ids: frozenset[int],
    done_on: dt.date,
    hours: Decimal,
    what: str,
    team_id: int | None = None,
    place: LonLat | None = None,
) -> list[ServiceRecord]:
    """Note what volunteers did together on a day, each for so many hours, where (lon/lat, degrees) if known.

    Raises `NotFound` ("volunteer.unknown", "team.unknown"), `BadInput` ("record.nobody", "record.day",
    "record.hours", "record.what") and `InvalidPoint`.
    """
    what = clean_text(what, limit=200)
    _check_record(volunteer_ids, done_on, hours, what)
    team = team_to_change(actor, team_id) if team_id is not None else None
    people = [volunteer_to_change(actor, volunteer_id) for volunteer_id in sorted(volunteer_ids)]
    where = cast("Point", to_stored(check_point(*place, extent=extent()))) if place else None
    return ServiceRecord.objects.bulk_create(
        ServiceRecord(
            volunteer=person,
            team=team,
            done_on=done_on,
            hours=hours,
            what=what,
            place=where,
            noted_by_id=actor.pk,
        )
        for person in people
    )


@transaction.atomic
def withdraw_record(*, actor: AbstractBaseUser, record_id: int) -> None:
    """Let a record that was made in error count no more. Raises `NotFound` ("record.unknown")."""
    roots = named_roots(scope_of(actor))
    record = (
        ServiceRecord.objects.select_for_update(of=("self",))
        .select_related("volunteer")
        .filter(pk=record_id, withdrawn_at=None)
        .first()
    )
    if record is None or not _is_under(roots, record.volunteer.unit_id):
        raise NotFound("record.unknown", _("There is no such record of your volunteers."))
    record.withdrawn_at = timezone.now()
    record.save(update_fields=["withdrawn_at"])


def team_to_change(actor: AbstractBaseUser, team_id: int) -> VolunteerTeam:
    """Return a team of the actor's office, locked. Raises `NotFound` ("team.unknown")."""
    team = VolunteerTeam.objects.select_for_update().filter(pk=team_id, days__upper_inf=True).first()
    if team is None or not _is_under(named_roots(scope_of(actor)), team.unit_id):
        raise NotFound("team.unknown", _("There is no such team of your office."))
    return team


def volunteer_to_change(actor: AbstractBaseUser, volunteer_id: int) -> Volunteer:
    """Return a volunteer of the actor's office, locked. Raises `NotFound` ("volunteer.unknown")."""
    found = Volunteer.objects.select_for_update().filter(pk=volunteer_id, days__upper_inf=True).first()
    if found is None or not _is_under(named_roots(scope_of(actor)), found.unit_id):
        raise NotFound("volunteer.unknown", _("There is no such volunteer of your office."))
    return found


def _check_unit(actor: AbstractBaseUser, unit_id: int) -> None:
    if not _is_under(named_roots(scope_of(actor)), unit_id):
        raise Refused("volunteer.not_yours", _("This unit is kept by another office."))


def _check_resident(actor: AbstractBaseUser, resident_id: int) -> None:
    if not residents_of(scope_of(actor)).filter(pk=resident_id).exists():
        raise NotFound("volunteer.no_resident", _("There is no such resident in your area."))


def _is_under(roots: frozenset[int], unit_id: int) -> bool:
    return not roots.isdisjoint(ancestors([unit_id]).get(unit_id, ()))


def _set_teams(actor: AbstractBaseUser, volunteer: Volunteer, team_ids: frozenset[int]) -> None:
    current = {member.team_id: member for member in volunteer.teams.filter(days__upper_inf=True)}
    for team_id, member in current.items():
        if team_id not in team_ids:
            end_today(member)
    for team_id in team_ids - set(current):
        team_to_change(actor, team_id)
        _join(volunteer, team_id)


def _join(volunteer: Volunteer, team_id: int) -> None:
    """Let a volunteer into a team; who left it today has never left."""
    today = timezone.localdate()
    left = volunteer.teams.filter(team=team_id, days__contains=today).first()
    if left is None:
        TeamMember.objects.create(volunteer=volunteer, team_id=team_id, days=from_today())
    else:
        left.days = type(left.days)(left.days.lower, None)
        left.save(update_fields=["days"])


def _check_record(volunteer_ids: frozenset[int], done_on: dt.date, hours: Decimal, what: str) -> None:
    today = timezone.localdate()
    if not volunteer_ids:
        raise BadInput("record.nobody", _("Choose who did it."))
    if not today - _OLDEST <= done_on <= today:
        raise BadInput("record.day", _("The day must be one of the last twelve months, today at the latest."))
    if not 0 < hours <= _MOST_HOURS:
        raise BadInput("record.hours", _("The hours must be more than 0, and at most 24."))
    if not what:
        raise BadInput("record.what", _("Say what was done."))
