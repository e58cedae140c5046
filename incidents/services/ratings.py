"""Ratings by a signed link (回访): who reported it, or the resident, says how it was handled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, Refused
from incidents.permissions import LinkHolder
from incidents.selectors.ratings import link_for, to_rate
from incidents.services.actions import act
from incidents.workflow import RATING_WINDOW, Action, State

if TYPE_CHECKING:
    from incidents.selectors.ratings import ToRate
    from incidents.services.actions import Acted

__all__ = ["link_for", "rate", "reopen_by_link"]


def rate(*, token: str, score: int, comment: str = "") -> Acted:
    """Rate the cycle that the link is for, once, from 1, the worst, to 5.

    Raises `NotFound` (``rating.no_link``), `Refused` (``rating.too_late``), `Conflict` (``rating.once``,
    ``rating.over``), `BadInput` (``rating.score``, ``text.*``).
    """
    case = to_rate(token)
    _check_not_over(case)
    return act(
        incident_id=case.incident_id,
        action=Action.RATE,
        actor=LinkHolder(case.incident_id),
        expected_version=case.version,
        score=score,
        note=comment,
    )


def reopen_by_link(*, token: str, reason: str) -> Acted:
    """Say that the matter is not solved: reopen the case, or once it's closed ask who leads to reopen it.

    Raises `NotFound` (``rating.no_link``), `Refused` (``rating.too_late``), `Conflict` (``rating.over``,
    ``rating.asked``), `Stale`, `BadInput` (``rating.reason``, ``text.*``).
    """
    case = to_rate(token)
    _check_not_over(case)
    if case.has_asked:
        raise Conflict("rating.asked", _("We have your message already and look into it."))
    if not case.may_object:
        raise Refused(
            "rating.too_late",
            _("A case can be rated within %(days)s days of its resolution."),
            {"days": RATING_WINDOW.days},
        )
    if not reason.strip():
        raise BadInput("rating.reason", _("Tell us in a few words what is not solved."))
    return act(
        incident_id=case.incident_id,
        action=Action.REOPEN if case.state is State.RESOLVED else Action.REQUEST_REOPEN,
        actor=LinkHolder(case.incident_id),
        expected_version=case.version,
        note=reason,
    )


def _check_not_over(case: ToRate) -> None:
    if case.is_over:
        raise Conflict("rating.over", _("The case is being worked on again. This link is used up."))
