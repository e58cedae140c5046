"""Between the wire and the services: what sockets and HTTP do alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput
from incidents.services import Declared, DevicePoint, NewReport, Part, Told, act
from incidents.workflow import Action
from mapui.wire import Ack, Done, UnitRef

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.selectors import ChainLink
    from incidents.services import Reported
    from mapui.wire import AttachmentContent, CommandContent, ReportContent


def new_report(content: ReportContent, *, report_id: UUID, reporter: int) -> NewReport:
    """Return a report as the service takes it."""
    return NewReport(
        report_id=report_id,
        reporter=reporter,
        matter=content.matter,
        text=content.text,
        lon=content.lon,
        lat=content.lat,
        accuracy_m=content.accuracy_m,
        position_source=content.position_source,
        device=DevicePoint(**content.device.model_dump()) if content.device else None,
        observed_at=content.observed_at,
        sent_at=content.sent_at,
        priority=content.priority,
        household=content.household,
        attachments=declared(content.attachments),
    )


def declared(files: Sequence[AttachmentContent]) -> tuple[Declared, ...]:
    """Return files that will be sent as the services take them."""
    return tuple(Declared(**file.model_dump()) for file in files)


def ack_of(report_id: UUID, reported: Reported) -> Ack:
    """Return the acknowledgement of a report that is in the database."""
    return Ack(
        id=report_id,
        incident=reported.incident_id,
        number=reported.number,
        received_at=reported.received_at,
        chain=unit_refs(reported.chain),
        outside_m=reported.outside_m,
        is_repeat=reported.is_repeat,
    )


def unit_refs(chain: Sequence[ChainLink]) -> list[UnitRef]:
    """Return the units of a chain, from the city down."""
    return [UnitRef(id=link.unit_id, code=link.code, level=link.level, name=link.name) for link in chain]


def told_by(command: CommandContent) -> Told:
    """Return what a command tells its action."""
    return Told(
        note=command.note,
        assignee_id=command.assignee,
        date=command.date,
        master_id=command.master,
        item=command.item or "",
        matter=command.matter or "",
        priority=command.priority or "",
        unit_id=command.unit,
        parts=[Part(text=part.text, matter=part.matter, assignee_id=part.assignee) for part in command.parts],
        step=command.step,
        score=command.score,
    )


def carry_out(
    command: CommandContent, *, incident_id: int, command_id: UUID, actor: AbstractBaseUser
) -> Done:
    """Do an action with a case. Raises what the service raises, and `BadInput` for an unknown action."""
    try:
        action = Action(command.action)
    except ValueError:
        raise BadInput(
            "action.unknown", _("No action is called “%(action)s”."), {"action": command.action}
        ) from None
    acted = act(
        incident_id=incident_id,
        action=action,
        actor=actor,
        expected_version=command.expected_version,
        command_id=command_id,
        **told_by(command),
    )
    return Done(id=command_id, incident=acted.incident_id, version=acted.version, state=acted.state)
