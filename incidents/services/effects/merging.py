"""A true merge: what belongs to the duplicate goes to the master, and comes back when they are separated.

What a merge moved is written into its event, by ids. Cases that were merged into the duplicate before are
from then on duplicates of the master, so that no case ever is a duplicate of a duplicate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, Stale
from incidents.models import Attachment, CoReporter, Incident, IncidentEvent
from incidents.selectors.access import access_incident
from incidents.workflow import ENDED, Action, State

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from incidents.services.deed import Deed

#: What a merge moves: by the name in the event's details, the table and its column of the case.
_MOVED: dict[str, tuple[type[Model], str]] = {
    "attachments": (Attachment, "incident"),
    "children": (Incident, "parent"),
    "co_reporters": (CoReporter, "incident"),
    "duplicates": (Incident, "merged_into"),
}
Id = int | str
Moved = dict[str, list[Id]]


def merge(deed: Deed) -> None:
    """Move everything to the master, whose followers the case's reporter joins; tell the master."""
    incident = deed.incident
    master = access_incident(deed.actor, deed.given.master_id or 0).incident
    _check_master(incident, master)
    moved = {name: _ids(_rows(name, incident)) for name in _MOVED}
    _check_locked(deed, moved)
    _move(moved, incident, master)
    CoReporter.objects.create(incident=master, user_id=incident.reporter_id, origin=incident)
    deed.details["moved"] = moved
    _tell(deed, master, Action.ABSORB)


def unmerge(deed: Deed) -> None:
    """Bring back what the merge moved and what is with the master still; tell the master."""
    incident = deed.incident
    master = incident.merged_into
    if master is None or master.pk not in deed.locked:
        raise _changed()
    CoReporter.objects.filter(incident=master, origin=incident).delete()
    moved = _of_this_merge(incident, master)
    _check_locked(deed, moved)
    deed.details |= {"master": master.pk, "moved": moved}
    _move(moved, master, incident)
    _tell(deed, master, Action.RELEASE)


def _check_master(incident: Incident, master: Incident) -> None:
    if master.pk == incident.pk:
        raise BadInput("master.itself", _("A case can't be its own duplicate. Choose another."))
    if master.merged_into:
        raise Conflict(
            "master.duplicate",
            _("That case is a duplicate itself, of %(number)s. Choose that one."),
            {"number": master.merged_into.number},
        )
    if State(master.state) in ENDED:
        raise BadInput("master.ended", _("That case has ended. Choose one that is open."))
    if incident.matter.is_private != master.matter.is_private or (
        incident.matter.is_private and incident.matter.code != master.matter.code
    ):
        raise Conflict(
            "master.private",
            _(
                "A case of a private matter is merged only with one of the same matter: others would come to "
                "see it. Choose another, or change the matter first."
            ),
        )
    if incident.pk == master.parent_id or master.pk == incident.parent_id:
        raise Conflict("master.part", _("One of the two cases is a part of the other. Choose another."))
    if master.parent_id and incident.children.exists():
        raise Conflict(
            "master.depth", _("That case is a part itself and can't take over parts. Merge it into this one.")
        )


def _rows(name: str, incident: Incident) -> QuerySet[Any]:
    """Return what of that kind belongs to the case now."""
    model, column = _MOVED[name]
    return model._default_manager.filter(**{column: incident}).order_by("pk")  # noqa: SLF001 - Django's API


def _ids(rows: QuerySet[Any]) -> list[Id]:
    return [pk if isinstance(pk, int) else str(pk) for pk in rows.values_list("pk", flat=True)]


def _move(moved: Moved, source: Incident, target: Incident) -> None:
    for name, ids in moved.items():
        if ids:
            _rows(name, source).filter(pk__in=ids).update(**{_MOVED[name][1]: target})


def _check_locked(deed: Deed, moved: Moved) -> None:
    if not deed.locked.issuperset(moved["children"] + moved["duplicates"]):
        raise _changed()


def _changed() -> Stale:
    return Stale("incident.stale", _("The case has changed meanwhile. Look at it, then decide again."))


def _of_this_merge(incident: Incident, master: Incident) -> Moved:
    """Return what the case's merge moved, without what is elsewhere now or came back by a later merge.

    A later merge that moved the case itself took all of it along, and brought nothing of it back. Merges of
    before the second release moved nothing, and say nothing of it.
    """
    mine = incident.events.filter(action=Action.MERGE).latest("seq")
    merges = IncidentEvent.objects.filter(
        action=Action.MERGE, seq__gt=mine.seq, incident__merged_into=master, details__has_key="moved"
    ).values_list("incident", "details__moved")
    later = [(pk, moved) for pk, moved in merges if incident.pk not in moved["duplicates"]]
    of_mine = mine.details.get("moved", {})
    result: Moved = {}
    for name in _MOVED:
        came_back = {each for _pk, moved in later for each in moved[name]}
        if name == "duplicates":
            came_back |= {pk for pk, _moved in later}
        there = _ids(_rows(name, master).filter(pk__in=of_mine.get(name, ())))
        result[name] = [each for each in there if each not in came_back]
    return result


def _tell(deed: Deed, master: Incident, action: Action) -> None:
    master.version += 1
    master.save(update_fields=["version"])
    event = deed.event_of(master, action, State(master.state), {"duplicate": deed.incident.pk})
    deed.consequences.append(event)
