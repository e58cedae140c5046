"""How cases end, are rated, and come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotYet, Refused
from gis_grids.services.texts import clean_text
from incidents import workflow
from incidents.models import Attachment, Rating
from incidents.services.deadlines import open_cycle
from incidents.workflow import ENDED, Action, State

if TYPE_CHECKING:
    from incidents.models import Incident
    from incidents.services.deed import Deed

#: How long the comment of a rating can be, in characters.
MAX_COMMENT = 500


def check_relatives(deed: Deed) -> None:
    """Refuse what parent and parts don't allow: a case is done with only after all its parts.

    Raises `Conflict` (``parts.open``, ``parent.done``).
    """
    incident, state = deed.incident, State(deed.incident.state)
    if _is_done(deed.target) and not _is_done(state) and deed.target is not State.DUPLICATE:
        _check_parts(incident)
    if state in ENDED and deed.target not in ENDED and incident.parent and _is_done(incident.parent.state):
        raise Conflict(
            "parent.done",
            _("The case is a part of %(number)s, which is done with. Reopen that one first."),
            {"number": incident.parent.number},
        )


def _is_done(state: str) -> bool:
    return state in ENDED or state == State.RESOLVED


def _check_parts(incident: Incident) -> None:
    still_open = [part.number for part in incident.children.exclude(state__in=ENDED).order_by("pk")]
    if still_open:
        raise Conflict(
            "parts.open",
            _("Parts of the case are still open: %(numbers)s. End them first."),
            {"numbers": ", ".join(still_open)},
        )


def cancel(deed: Deed) -> None:
    """Check that nobody else has reported it: what others wait for is not one reporter's to take back."""
    if deed.incident.co_reporters.exists():
        raise Conflict(
            "cancel.others",
            _("Others have reported this as well. Tell the centre that it isn't needed any more."),
        )


def resolve(deed: Deed) -> None:
    """Check that what the matter asks for was done: every step of an errand, a photo of the result.

    Who handles a case on the spot has done all steps.
    """
    incident = deed.incident
    if deed.action is Action.SELF_HANDLE:
        incident.steps.filter(done_at=None).update(done_at=deed.at, done_by=deed.actor)
    to_do = list(incident.steps.filter(done_at=None).order_by("number")) if incident.matter.is_errand else []
    if to_do:
        raise Conflict(
            "steps.open",
            _("Steps of the errand are still open: %(steps)s. Complete them first."),
            {"steps": ", ".join(str(step) for step in to_do)},
        )
    if incident.matter.needs_photo:
        _check_photo(incident)


def _check_photo(incident: Incident) -> None:
    photos = incident.attachments.filter(purpose=Attachment.Purpose.RESULT)
    if photos.filter(completed_at__isnull=False).exists():
        return
    if photos.exists():
        raise NotYet(
            "photo.on_its_way", _("The photo of the result is still on its way. Wait until it is sent.")
        )
    raise BadInput(
        "photo.needed",
        _("For this matter a photo must show what was done. Add one, and wait until it is sent."),
    )


def rate(deed: Deed) -> None:
    """Store how the reporter found the handling: once for each cycle, soon after the resolution."""
    incident, resolved_at, score = deed.incident, deed.cycle.resolved_at, deed.given.score or 0
    if score not in workflow.SCORES:
        raise BadInput(
            "rating.score",
            _("Choose a score from %(worst)s to %(best)s."),
            {"worst": workflow.SCORES[0], "best": workflow.SCORES[-1]},
        )
    if resolved_at is None or deed.at - resolved_at > workflow.RATING_WINDOW:
        raise Refused(
            "rating.too_late",
            _("A case can be rated within %(days)s days of its resolution."),
            {"days": workflow.RATING_WINDOW.days},
        )
    if incident.ratings.filter(cycle=incident.cycle).exists():
        raise Conflict("rating.once", _("This case was rated already. Thank you."))
    Rating.objects.create(
        incident=incident,
        cycle=incident.cycle,
        score=score,
        comment=clean_text(deed.given.note, limit=MAX_COMMENT),
        at=deed.at,
    )


def request_reopen(deed: Deed) -> None:
    """A reporter's wish; who leads reopens. Within the same window."""
    _check_window(deed)


def reopen(deed: Deed) -> None:
    """Start all clocks anew, in a cycle of its own, for which nobody above has had to answer yet."""
    _check_window(deed)
    deed.incident.cycle += 1
    deed.incident.escalated_to = ""
    deed.cycle = open_cycle(deed.incident, deed.chain, deed.at)


def _check_window(deed: Deed) -> None:
    if not workflow.may_reopen(deed.cycle.closed_at, deed.at):
        raise Refused(
            "reopen.too_late",
            _("The case ended more than %(days)s days ago. Report it as a new one."),
            {"days": workflow.REOPEN_WINDOW.days},
        )
