"""A case moves to another unit: a wrong place corrected, or a boundary redrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Refused
from gis_grids.models import UnitVersion
from gis_grids.permissions import scope_of
from gis_grids.selectors import chains, locate
from incidents.permissions import actors_of, can_be_assigned
from incidents.workflow import WORKED_ON, State

if TYPE_CHECKING:
    from incidents.services.deed import Deed


def move(deed: Deed) -> None:
    """Make another unit responsible; the boundary of the time of the report stays with the case.

    A person moves it no farther than the posts reach by which he acts. Who has the case keeps it if his
    post is in the new chain. Otherwise it is taken from him: what he works on, or would go back to, is to
    be assigned anew by whoever leads there (ACCEPTED). What is with others (EXTERNAL) or done (RESOLVED)
    stays with him until it comes back, so that it never is nobody's. The system moves a case within its unit
    where a redraw has ended the post of who has it.
    """
    incident, unit_id = deed.incident, deed.given.unit_id or 0
    if deed.actor and unit_id == incident.unit_id:
        raise BadInput("unit.same", _("The case is in that grid already. Choose another."))
    if not UnitVersion.objects.filter(unit=unit_id, valid__contains=deed.at).exists():
        raise BadInput("unit.not_in_force", _("There is no such grid now. Choose another."))
    chain = chains([unit_id])[unit_id]
    if deed.actor and deed.row.actors.isdisjoint(actors_of(scope_of(deed.actor), incident, chain)):
        raise Refused("unit.not_yours", _("You can move a case only within your own area."))
    if deed.actor is None:
        [here] = locate([(incident.place.x, incident.place.y)])
        incident.outside_m = here.outside_m  # the boundaries are others than when it was reported
    deed.details["from_unit"] = incident.unit_id
    incident.unit_id, deed.chain = unit_id, chain
    if incident.assignee_id and not can_be_assigned(incident.assignee_id, chain):
        _take_from_assignee(deed)


def _take_from_assignee(deed: Deed) -> None:
    incident, state = deed.incident, State(deed.incident.state)
    if state in WORKED_ON:
        deed.target = State.ACCEPTED
    elif incident.state_before:
        incident.assignee_id, incident.state_before = None, State.ACCEPTED
        incident.scheduled_for = None
