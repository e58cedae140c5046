"""Party organisations: founded, corrected, bound to other grids, ended."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict
from gis_grids.permissions import scope_of
from gis_grids.selectors import current_versions, descendant_ids
from gis_grids.services.corrections import correct
from gis_grids.services.texts import clean_text
from households.models import (
    JointMember,
    PartyAffiliation,
    PartyChange,
    PartyGround,
    PartyOrganisation,
    PartyOrganisationKind,
    PartyRole,
)
from households.permissions import named_roots
from households.selectors.party.access import access_organisation
from households.services.party.days import begin, check_day, end_open, note, since

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.hooks import BoundaryChange

MAX_NAME: Final = 100
_Deed = PartyChange.Deed


@transaction.atomic
def found_organisation(  # noqa: PLR0913 - what an organisation consists of
    *,
    actor: AbstractBaseUser,
    kind: PartyOrganisationKind,
    name: str,
    unit_ids: Collection[int],
    on: dt.date,
    parent_id: int | None = None,
) -> PartyOrganisation:
    """Store a new organisation that is for these units from a day on.

    Raises `BadInput` ("party.no_name", "party.no_unit", "party.future", "text.…"), `Conflict`
    ("party.name_taken", "party.parent": it can't stand there) and `NotFound` ("party.no_organisation").
    """
    check_day(on)
    parent = access_organisation(actor, parent_id) if parent_id else None
    organisation = PartyOrganisation(kind=kind, name=_checked(name), parent=parent, days=since(on))
    units = _checked_units(actor, unit_ids)
    with _stored():
        organisation.save(force_insert=True)
    PartyGround.objects.bulk_create(
        PartyGround(organisation=organisation, unit_id=unit, days=since(on)) for unit in units
    )
    note(actor, _Deed.FOUNDED, on, organisation=organisation)
    return organisation


@transaction.atomic
def correct_organisation(  # noqa: PLR0913 - what an organisation consists of
    *,
    actor: AbstractBaseUser,
    organisation_id: int,
    name: str,
    unit_ids: Collection[int],
    on: dt.date,
    parent_id: int | None = None,
) -> PartyOrganisation:
    """Give an organisation another name, parent or ground; the ground changes on that day.

    Raises what `found_organisation` raises.
    """
    check_day(on)
    organisation = _locked(actor, organisation_id)
    parent = organisation.parent
    if parent_id != organisation.parent_id:
        parent = access_organisation(actor, parent_id) if parent_id else None
    units = _checked_units(actor, unit_ids, organisation)
    with _stored():
        correct(actor=actor, row=organisation, values={"name": _checked(name), "parent": parent})
    grounds = PartyGround.objects.filter(organisation=organisation)
    end_open(grounds.exclude(unit__in=units), on)
    there = set(grounds.filter(days__upper_inf=True).values_list("unit", flat=True))
    new = [PartyGround(organisation=organisation, unit_id=unit, days=since(on)) for unit in units - there]
    begin(new, Conflict("party.ground_before", _("It was for this grid on a later day already.")))
    note(actor, _Deed.CORRECTED, on, organisation=organisation)
    return organisation


@transaction.atomic
def end_organisation(*, actor: AbstractBaseUser, organisation_id: int, on: dt.date) -> PartyOrganisation:
    """End an organisation that has nobody any more; its roles end with it, and it stays as history.

    Raises `Conflict` ("party.has_members": members or organisations below it), `BadInput`
    ("party.ends_before_it_begins", "party.future") and `NotFound` ("party.no_organisation").
    """
    check_day(on)
    organisation = _locked(actor, organisation_id)
    below = organisation.children.filter(days__upper_inf=True).exists()
    if below or PartyAffiliation.objects.filter(organisation=organisation, days__upper_inf=True).exists():
        raise Conflict(
            "party.has_members",
            _("There are still members or organisations in it. Transfer them first."),
        )
    if organisation.days.lower and on <= organisation.days.lower:
        raise BadInput(
            "party.ends_before_it_begins", _("It can't end before it has begun. Give a later day.")
        )
    organisation.days = DateRange(organisation.days.lower, on)
    organisation.save(update_fields=["days"])
    end_open(PartyRole.objects.filter(organisation=organisation), on, "term")
    end_open(JointMember.objects.filter(organisation=organisation), on)
    end_open(JointMember.objects.filter(committee=organisation), on)
    note(actor, _Deed.ENDED, on, organisation=organisation)
    return organisation


def follow_codes(change: BoundaryChange) -> None:
    """Bind what was for a unit that got another code to that one (a hook of the ground floor)."""
    day = change.when.date()
    rows = PartyGround.objects.filter(unit__in=change.renumbered, days__upper_inf=True)
    for ground in list(rows):
        unit = change.renumbered[ground.unit_id]
        end_open(PartyGround.objects.filter(pk=ground.pk), day)
        there = PartyGround.objects.filter(
            organisation=ground.organisation_id, unit=unit, days__upper_inf=True
        )
        if not there.exists():
            PartyGround.objects.create(organisation_id=ground.organisation_id, unit_id=unit, days=since(day))


def _locked(actor: AbstractBaseUser, organisation_id: int) -> PartyOrganisation:
    organisation = access_organisation(actor, organisation_id)
    organisation = PartyOrganisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.days.upper is not None:
        raise Conflict("party.organisation_ended", _("This organisation has ended."))
    return organisation


def _checked(name: str) -> str:
    name = clean_text(name, limit=MAX_NAME)
    if not name:
        raise BadInput("party.no_name", _("Give the organisation a name."))
    return name


def _checked_units(
    actor: AbstractBaseUser, unit_ids: Collection[int], organisation: PartyOrganisation | None = None
) -> set[int]:
    """Return the units if all are the actor's; what the organisation has already may be another's."""
    ours = current_versions().filter(unit__in=descendant_ids(named_roots(scope_of(actor))))
    mine = set(ours.filter(unit__in=unit_ids).values_list("unit", flat=True))
    kept: set[int] = set()
    if organisation is not None:
        open_grounds = organisation.grounds.filter(days__upper_inf=True)
        others = set(open_grounds.values_list("unit", flat=True)) - set(ours.values_list("unit", flat=True))
        kept = others & set(current_versions().filter(unit__in=others).values_list("unit", flat=True))
    if not mine or mine != set(unit_ids) - kept:
        raise BadInput("party.no_unit", _("Choose at least one grid of your area that it is for."))
    return mine | kept


@contextmanager
def _stored() -> Iterator[None]:
    """Say what is wrong where the database refuses a name or a place in the tree."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "name_once" in str(error):
            message = _("There is an organisation of this name already. Give it another one.")
            raise Conflict("party.name_taken", message) from error
        message = _("This organisation can't stand there: it belongs under a larger one, not a joint one.")
        raise Conflict("party.parent", message) from error
