"""The only way to a case for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound
from gis_grids.permissions import scope_of
from gis_grids.selectors import ChainLink, chains
from incidents.models import Incident
from incidents.permissions import LinkHolder, actors_of, opens, part_in
from incidents.workflow import Actor

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser


@dataclass(frozen=True, slots=True)
class Access:
    """A case that somebody may see, the chain of its unit from the top down, and what he is for it."""

    incident: Incident
    chain: tuple[ChainLink, ...]
    actors: frozenset[Actor]


def access_incident(
    user: AbstractBaseUser | AnonymousUser | LinkHolder | None,
    incident_id: int,
) -> Access:
    """Return the case if the user may know of it; ``user`` None is the system, which may know of all.

    He knows of it by his part in it, or by a post over its unit. A case of a private matter needs a grant
    beside the post; without it who has a part in the case has no other say in it. Who holds a signed link to
    it is its reporter.

    Raises `NotFound` ("incident.not_found") alike when there is no such case and when it is none of the
    user's.
    """
    incident = Incident.objects.select_related("matter").filter(pk=incident_id).first()
    if incident is None:
        raise _not_found()
    chain = chains([incident.unit_id])[incident.unit_id]
    if user is None:
        return Access(incident, chain, frozenset({Actor.SYSTEM}))
    if isinstance(user, LinkHolder):
        if user.incident_id != incident.pk:
            raise _not_found()
        return Access(incident, chain, frozenset({Actor.REPORTER}))
    if not user.is_active:
        raise _not_found()
    scope = scope_of(user)
    part = part_in(scope, incident)
    if opens(scope, incident, chain):
        return Access(incident, chain, actors_of(scope, incident, chain) | part)
    if part:
        return Access(incident, chain, part)
    raise _not_found()


def _not_found() -> NotFound:
    return NotFound("incident.not_found", _("There is no such case in your area."))
