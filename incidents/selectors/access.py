"""The only way to a case for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound
from gis_grids.permissions import scope_of
from gis_grids.selectors import ChainLink, chains
from incidents.models import Incident
from incidents.permissions import actors_of, sees
from incidents.workflow import Actor

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from gis_grids.permissions import Scope


@dataclass(frozen=True, slots=True)
class Access:
    """A case that somebody may see, the chain of its unit from the top down, and what he is for it."""

    incident: Incident
    chain: tuple[ChainLink, ...]
    actors: frozenset[Actor]


def access_incident(
    user: AbstractBaseUser | AnonymousUser | None,
    incident_id: int,
) -> Access:
    """Return the case if the user may know of it; ``user`` None is the system, which may know of all.

    Raises `NotFound` ("incident.not_found") alike when there is no such case and when it is none of the
    user's.
    """
    incident = Incident.objects.select_related("matter").filter(pk=incident_id).first()
    if incident is None:
        raise _not_found()
    chain = chains([incident.unit_id])[incident.unit_id]
    if user is None:
        return Access(incident, chain, frozenset({Actor.SYSTEM}))
    scope: Scope = scope_of(user)
    if not user.is_active or not sees(scope, incident, chain):
        raise _not_found()
    return Access(incident, chain, actors_of(scope, incident, chain))


def _not_found() -> NotFound:
    return NotFound("incident.not_found", _("There is no such case in your area."))
