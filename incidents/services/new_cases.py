"""Cases that begin by an action on another one: parts of it, and what follows it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import uuid4, uuid5

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput
from incidents.models import ErrandStep, Incident
from incidents.services.deadlines import open_cycle
from incidents.workflow import Action, State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from gis_grids.selectors import ChainLink
    from incidents.models import IncidentCycle, Matter
    from incidents.services.deed import Deed

#: What a new case takes over from the one that it comes from.
_TAKEN = (
    "place",
    "accuracy_m",
    "position_source",
    "device_place",
    "device_accuracy_m",
    "device_datum",
    "reporter",
    "household",
)


def new_case(
    deed: Deed,
    *,
    number: int,
    matter: Matter,
    text: str,
    chain: Sequence[ChainLink],
    **fields: object,
) -> tuple[Incident, IncidentCycle]:
    """Store and return a case and its first cycle, both as of the action, with the event of its report.

    Place, reporter and household are those of the deed's case. ``number`` counts the cases that the same
    action makes: with the command's id it makes the report's, so that a command sent again makes no second
    case. No device observed what comes about here: it is observed when it is received.
    """
    source = deed.incident
    check_household(source, matter)
    said = f"{source.pk}\n{matter.code}\n{text}"
    incident = Incident.objects.create(
        report_id=_report_id(deed.command_id, number),
        digest=hashlib.sha256(said.encode()).digest(),
        matter=matter,
        text=text,
        state=State.REPORTED,
        state_since=deed.at,
        observed_at=deed.at,
        received_at=deed.at,
        **{name: getattr(source, name) for name in _TAKEN},
        **fields,
    )
    cycle = open_cycle(incident, chain, deed.at)
    begin_steps([incident])
    deed.consequences.append(deed.event_of(incident, Action.REPORT, "", {"source": source.pk}))
    return incident, cycle


def check_household(incident: Incident, matter: Matter) -> None:
    """Raise `BadInput` when the matter is an errand and the case is for no household."""
    if matter.is_errand and incident.household_id is None:
        raise BadInput(
            "errand.household",
            _("An errand is for a household, and this case names none. Report the errand by itself."),
        )


def begin_steps(incidents: Sequence[Incident]) -> None:
    """Give the steps of its matter to each of the cases that has an errand for a matter, and no steps yet."""
    errands = [each for each in incidents if each.matter.is_errand]
    begun = set(ErrandStep.objects.filter(incident__in=errands).values_list("incident_id", flat=True))
    ErrandStep.objects.bulk_create(
        ErrandStep(incident=incident, number=number, title=title)
        for incident in errands
        if incident.pk not in begun
        for number, title in enumerate(incident.matter.errand_steps, start=1)
    )


def _report_id(command_id: UUID | None, number: int) -> UUID:
    return uuid5(command_id or uuid4(), str(number))
