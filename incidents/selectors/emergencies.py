"""Emergencies as those see them whom they concern."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound
from gis_grids.levels import Level
from gis_grids.people import name_of
from gis_grids.permissions import CENTRE, OFFICE, scope_of
from gis_grids.selectors import ancestors, chains, current_versions, descendant_ids
from incidents.models import Emergency
from incidents.permissions import may_declare_emergency

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.levels import PostKind
    from gis_grids.selectors import ChainLink

#: So many of the past are shown.
PAST = 30


@dataclass(frozen=True, slots=True)
class EmergencyRow:
    """An emergency with the chain of its unit, who declared it, and whether the reader may end it.

    ``is_below``: a post of the reader's lies over it, so that its report is for him.
    """

    emergency: Emergency
    chain: tuple[ChainLink, ...]
    declared_by: str
    is_on: bool
    is_below: bool
    may_end: bool


def emergencies_of(user: AbstractBaseUser) -> list[EmergencyRow]:
    """Return the emergencies in the reader's subtrees and of the units above them, the latest first."""
    scope = scope_of(user)
    above = {link.unit_id for chain in chains(scope.roots()).values() for link in chain}
    concerned = Q(unit__in=descendant_ids(scope.roots())) | Q(unit__in=above)
    found = list(Emergency.objects.filter(concerned).select_related("declared_by").order_by("-term")[:PAST])
    units = chains({emergency.unit_id for emergency in found})
    now = timezone.now()
    return [
        EmergencyRow(
            emergency,
            units[emergency.unit_id],
            name_of(emergency.declared_by),
            is_on=now in emergency.term,
            is_below=not scope.roots().isdisjoint(link.unit_id for link in units[emergency.unit_id]),
            may_end=emergency.term.upper is None and may_declare_emergency(scope, units[emergency.unit_id]),
        )
        for emergency in found
        if emergency.unit_id in units
    ]


def access_emergency(user: AbstractBaseUser, emergency_id: int, kinds: Collection[PostKind]) -> Emergency:
    """Return the emergency if one of the user's posts of these kinds lies over its unit.

    Raises `NotFound` ("emergency.unknown") alike when there is none and when it is none of the user's.
    """
    emergency = Emergency.objects.filter(pk=emergency_id).select_related("declared_by", "ended_by").first()
    roots = scope_of(user).roots(kinds)
    if emergency is None or roots.isdisjoint(ancestors([emergency.unit_id])[emergency.unit_id]):
        raise NotFound("emergency.unknown", _("There is no such emergency."))
    return emergency


def commanded_units(user: AbstractBaseUser) -> list[tuple[int, str]]:
    """Return the units that he speaks for as centre or office, down to the area, indented by their level."""
    roots = scope_of(user).roots(CENTRE | OFFICE)
    found = list(
        current_versions()
        .filter(unit__in=descendant_ids(roots), depth__lte=Level.AREA.depth)
        .order_by("unit__code")
        .values_list("unit", "name", "depth")
    )
    top = min((depth for *_, depth in found), default=0)
    return [(unit_id, "　" * (depth - top) + name) for unit_id, name, depth in found]
