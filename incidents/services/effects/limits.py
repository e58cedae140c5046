"""More time, another matter, another priority: what moves the deadlines of a running cycle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict
from incidents.models import Matter
from incidents.services import deadlines
from incidents.services.deed import day_of
from incidents.services.new_cases import begin_steps, check_household
from incidents.workflow import Priority

if TYPE_CHECKING:
    import datetime as dt

    from incidents.services.deed import Deed


def hold(deed: Deed) -> None:
    """A case on hold goes on by itself when its day has come: that must be a day to come."""
    if not deed.given.date or deed.given.date <= deed.today:
        raise BadInput("hold.date", _("Choose a date after today, within a year."))


def request_extension(deed: Deed) -> None:
    """Ask for more time; who leads decides."""
    deed.cycle.extension_asked = _later_day(deed)


def extend(deed: Deed) -> None:
    """Move the deadline of the resolution, whether or not it was asked for."""
    moved = deadlines.extend(deed.cycle, deed.chain, _later_day(deed))
    deed.cycle.extension_asked = None
    deed.details["deadlines"] = moved


def refuse_extension(deed: Deed) -> None:
    """Leave the deadline where it is."""
    if deed.cycle.extension_asked is None:
        raise Conflict("extension.not_asked", _("Nobody asks for an extension of this case now."))
    deed.details["asked"] = deed.cycle.extension_asked.isoformat()
    deed.cycle.extension_asked = None


def recategorise(deed: Deed) -> None:
    """Give the case another current matter; limits and steps are then those of the new one."""
    incident, former = deed.incident, deed.incident.matter
    matter = Matter.objects.filter(code=deed.given.matter, is_current=True).first()
    if matter is None:
        raise BadInput(
            "matter.unknown",
            _("The catalogue has no matter “%(matter)s” now. Choose another."),
            {"matter": deed.given.matter},
        )
    if matter == former:
        raise BadInput("matter.same", _("That is the case's matter already. Choose another."))
    check_household(incident, matter)
    incident.matter = matter
    deed.details["former_matter"] = former.code
    begin_steps([incident])
    _recompute(deed)


def prioritise(deed: Deed) -> None:
    """Give the case another priority; the limits are then those of the new one."""
    incident = deed.incident
    if deed.given.priority not in set(Priority):
        raise BadInput(
            "priority.unknown", _("Choose one of: %(choices)s."), {"choices": ", ".join(sorted(Priority))}
        )
    if deed.given.priority == incident.priority:
        raise BadInput("priority.same", _("The case has that priority already. Choose another."))
    deed.details["former_priority"] = incident.priority
    incident.priority = Priority(deed.given.priority)
    _recompute(deed)


def _recompute(deed: Deed) -> None:
    deed.details["deadlines"] = deadlines.recompute(deed.incident, deed.cycle, deed.chain, deed.at)


def _later_day(deed: Deed) -> dt.date:
    due = day_of(deed.cycle.resolve_due_at)
    if deed.given.date and deed.given.date > due:
        return deed.given.date
    raise BadInput(
        "extension.date",
        _("The case is to be resolved by %(due)s already. Choose a later day."),
        {"due": due.isoformat()},
    )
