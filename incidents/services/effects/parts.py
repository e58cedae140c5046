"""A case is split into parts, is followed by another, or goes on step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict
from gis_grids.selectors import locate
from incidents import workflow
from incidents.models import Matter
from incidents.permissions import can_be_assigned
from incidents.services.deadlines import next_check
from incidents.services.new_cases import new_case
from incidents.workflow import MAX_PARTS, Action, State

if TYPE_CHECKING:
    from incidents.services.action_input import Part
    from incidents.services.deed import Deed


def split(deed: Deed) -> None:
    """Make parts of the case, each a case of its own with deadlines from now; at most `MAX_PARTS` in all.

    A part can't be split. One that names an assignee is assigned at once, by who splits.
    """
    parent, parts = deed.incident, deed.given.parts
    if parent.parent:
        raise Conflict(
            "split.part",
            _("This case is a part itself. Split the case that it belongs to, %(number)s."),
            {"number": parent.parent.number},
        )
    so_far = parent.children.count()
    if so_far + len(parts) > MAX_PARTS:
        raise Conflict(
            "split.too_many",
            _("A case can have %(most)s parts; this one has %(so_far)s already."),
            {"most": MAX_PARTS, "so_far": so_far},
        )
    matters = _matters(deed)
    deed.details["children"] = [
        _make_part(deed, part, number, matters) for number, part in enumerate(parts, start=1)
    ]


def _matters(deed: Deed) -> dict[str, Matter]:
    codes = {code for part in deed.given.parts if (code := part.get("matter"))}
    matters = {each.code: each for each in Matter.objects.filter(code__in=codes, is_current=True)}
    unknown = codes - matters.keys()
    if unknown:
        raise BadInput(
            "matter.unknown",
            _("The catalogue has no matter “%(matter)s” now. Choose another."),
            {"matter": min(unknown)},
        )
    return matters


def _make_part(deed: Deed, part: Part, number: int, matters: dict[str, Matter]) -> int:
    if not part["text"]:
        raise BadInput("split.text", _("Say for each part what is to be done."))
    parent, code = deed.incident, part.get("matter")
    incident, cycle = new_case(
        deed,
        number=number,
        matter=matters[code] if code else parent.matter,
        text=part["text"],
        chain=deed.chain,
        parent=parent,
        unit_id=parent.unit_id,
        reported_version_id=parent.reported_version_id,
        outside_m=parent.outside_m,
        priority=parent.priority,
    )
    assignee_id = part.get("assignee_id")
    if assignee_id:
        check_assignee(deed, assignee_id)
        row = workflow.find(Action.ASSIGN, State.REPORTED, {deed.as_actor})
        for clock, at in workflow.stopped(row, cycle.clocks(), deed.at).items() if row else ():
            setattr(cycle, clock, at)
        incident.assignee_id, incident.state, incident.version = assignee_id, State.ASSIGNED, 2
        incident.save(update_fields=["assignee", "state", "version"])
        cycle.next_check_at = next_check(cycle)
        cycle.save()
        assigned = deed.event_of(incident, Action.ASSIGN, State.REPORTED, {"assignee": assignee_id})
        deed.consequences.append(assigned)
    if cycle.next_check_at:
        deed.checks.append((incident.pk, cycle.next_check_at))
    return incident.pk


def check_assignee(deed: Deed, user_id: int) -> None:
    """Raise `BadInput` when the user can't be given cases of the deed's place."""
    if not can_be_assigned(user_id, deed.chain):
        raise BadInput(
            "assignee.not_here",
            _("Only who holds a post in the case's grid or above it can be assigned. Choose another person."),
        )


def follow_up(deed: Deed) -> None:
    """Report anew what a case was about, at any time after its end: a case of its own, linked to it.

    It lies where the old one lay, in the unit that is there now, and is reported by the same person.
    """
    old = deed.incident
    matter = Matter.objects.filter(code=old.matter.code, is_current=True).first()
    if matter is None:
        raise Conflict(
            "matter.withdrawn",
            _("The matter “%(matter)s” is not in the catalogue any more. Report under another one."),
            {"matter": old.matter.code},
        )
    [located] = locate([(old.place.x, old.place.y)])
    incident, cycle = new_case(
        deed,
        number=1,
        matter=matter,
        text=deed.given.note,
        chain=located.chain,
        follows=old,
        unit_id=located.unit_id,
        reported_version_id=located.version_id,
        outside_m=located.outside_m,
    )
    if cycle.next_check_at:
        deed.checks.append((incident.pk, cycle.next_check_at))
    deed.details["follower"] = incident.pk


def complete_step(deed: Deed) -> None:
    """Tick off a step of an errand."""
    step = deed.incident.steps.filter(number=deed.given.step or 0).first()
    if step is None:
        raise BadInput("step.unknown", _("The case has no such step. Choose one of its steps."))
    if step.done_at:
        raise Conflict("step.done", _("That step is done already: %(step)s."), {"step": str(step)})
    step.done_at, step.done_by_id = deed.at, deed.actor_id
    step.save(update_fields=["done_at", "done_by"])
    deed.details["title"] = step.title
