"""Many cases at once: bulk triage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, LingeError
from incidents.services.action_input import Told
from incidents.services.actions import Acted, act

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.contrib.auth.models import AbstractBaseUser

    from incidents.workflow import Action

#: How many commands are taken at once.
MAX_COMMANDS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What is to be done with one case; the fields are the arguments of `act`."""

    incident_id: int
    action: Action
    expected_version: int
    command_id: UUID | None = None
    told: Told = field(default_factory=Told)


def act_on_many(*, commands: Sequence[Command], actor: AbstractBaseUser) -> list[Acted | LingeError]:
    """Carry out the commands one after the other, each in a transaction of its own.

    Returns for each, in the order given, what it led to or why it was not done: one fails alone. Raises
    `BadInput` (``bulk.too_many``) beyond `MAX_COMMANDS`; then nothing was done.
    """
    if len(commands) > MAX_COMMANDS:
        raise BadInput(
            "bulk.too_many",
            _("%(count)s cases are too many at once; choose at most %(most)s."),
            {"count": len(commands), "most": MAX_COMMANDS},
        )
    return [_carry_out(command, actor) for command in commands]


def _carry_out(command: Command, actor: AbstractBaseUser) -> Acted | LingeError:
    try:
        return act(
            incident_id=command.incident_id,
            action=command.action,
            actor=actor,
            expected_version=command.expected_version,
            command_id=command.command_id,
            **command.told,
        )
    except LingeError as error:
        return error
