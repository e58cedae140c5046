"""What residents without account do by the link to the case that they reported: answer, and object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incidents.permissions import LinkHolder
from incidents.selectors.follow import case_of_link
from incidents.services.actions import act
from incidents.workflow import Action

if TYPE_CHECKING:
    from incidents.services.actions import Acted


def answer_by_link(*, token: str, text: str) -> Acted:
    """Answer what the centre asked. Raises `NotFound` (``follow.no_link``) and what `act` does."""
    return _act(token, Action.ANSWER, text)


def object_by_link(*, token: str, reason: str) -> Acted:
    """Ask for a refused case to be looked at again. Raises `NotFound` (``follow.no_link``), and as `act`."""
    return _act(token, Action.REQUEST_REOPEN, reason)


def _act(token: str, action: Action, text: str) -> Acted:
    case = case_of_link(token)
    return act(
        incident_id=case.pk,
        action=action,
        actor=LinkHolder(case.pk),
        expected_version=case.version,
        note=text,
    )
