"""What belongs to a case, as its page shows it: people, steps, escalations, household, texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from gis_grids.errors import NotFound
from gis_grids.levels import Level
from gis_grids.people import mask_name, mask_phone, name_of
from gis_grids.personal import shown
from gis_grids.selectors import chains
from incidents.models import ResidentContact
from incidents.selectors.routing import Outcome, propose
from incidents.selectors.templates import fill, templates_for
from incidents.workflow import Clock, State

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.selectors import ChainLink
    from incidents.models import ErrandStep, Escalation, Incident, Matter
    from incidents.selectors.cards import CardRow

#: The people of a case by their ids, named as the reader may read them.
People = dict[int, "Person"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a part in the case; the name is masked for who may not read it."""

    user_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """A step of an errand; ``done_at`` None: still to do."""

    number: int
    title: str
    due_on: date | None
    done_at: datetime | None
    done_by: Person | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationRow:
    """A step that was taken because a clock ran on: ``step`` in per cent of the time, and who was told."""

    cycle: int
    clock: Clock
    step: int
    level: Level
    unit_name: str
    told: list[Person]
    due_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdRow:
    """The household that an errand is for; name and number are masked for everybody here."""

    id: int
    householder: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text to begin a message with, its places filled in, for who comes to the state or is in it."""

    state: State
    text: str


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """Who is to get the case by the routes, None if nobody on the way could, and why, in words."""

    user_id: int | None
    reasons: list[str]


def people_of(user_ids: Iterable[int | None], reader: AbstractBaseUser, *, in_clear: bool) -> People:
    """Return the people by their ids; masked unless ``in_clear``, but for the reader himself. One query."""
    users = get_user_model().objects.filter(pk__in={user_id for user_id in user_ids if user_id})
    return {
        user.pk: Person(user.pk, name if in_clear or user.pk == reader.pk else mask_name(name))
        for user, name in ((each, name_of(each)) for each in users)
    }


def step_rows(steps: Iterable[ErrandStep], people: People) -> list[StepRow]:
    """Return the steps of an errand with who did them."""
    return [
        StepRow(
            number=step.number,
            title=step.title,
            due_on=step.due_on,
            done_at=step.done_at,
            done_by=people.get(step.done_by_id or 0),
        )
        for step in steps
    ]


def escalation_rows(escalations: Iterable[Escalation], people: People) -> list[EscalationRow]:
    """Return what was escalated, with the units' names of today; no query if nothing was, else one."""
    rows = list(escalations)
    names = {unit: chain[-1].name for unit, chain in chains({row.unit_id for row in rows}).items()}
    return [
        EscalationRow(
            cycle=row.cycle,
            clock=Clock(row.clock),
            step=row.step,
            level=Level(row.level),
            unit_name=names[row.unit_id],
            told=[people[user_id] for user_id in row.told if user_id in people],
            due_at=row.due_at,
            at=row.at,
        )
        for row in rows
    ]


def household_row(incident: Incident) -> HouseholdRow | None:
    """Return whom the errand is for. One query if it is for somebody."""
    home = incident.household
    if home is None:
        return None
    return HouseholdRow(
        id=home.pk,
        householder=shown("households.Household.householder", home.householder, in_clear=False),
        phone=shown("households.Household.phone", home.phone, in_clear=False),
        address=home.address,
    )


def masked_contact(incident: Incident) -> str:
    """Return the number that a resident without account gave, masked: 138****1234; empty if he gave none.

    Hidden whole where the key to it is gone. A query if such a one reported it.
    """
    if incident.reporter_id is not None:
        return ""
    try:
        contact = ResidentContact.objects.filter(incident=incident.pk).first()
    except NotFound:
        return mask_phone("?")
    return mask_phone(contact.phone) if contact else ""


def text_rows(matter: Matter, card: CardRow) -> list[TextRow]:
    """Return the message templates for the case, with its own words filled in. One query."""
    return [
        TextRow(state, fill(template.text, number=card.number, matter=str(matter.name), unit=card.unit_name))
        for state, templates in templates_for(matter.code).items()
        for template in templates
    ]


def proposal_row(chain: tuple[ChainLink, ...], matter: Matter) -> ProposalRow:
    """Return who is to get the case by the routes; posts that a unit doesn't have are left out.

    Two queries.
    """
    proposal = propose(chain, matter)
    steps = [step for step in proposal.steps if step.outcome is not Outcome.NO_SUCH_POST]
    return ProposalRow(proposal.user_id, [str(step) for step in steps])
