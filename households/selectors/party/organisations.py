"""One party organisation whole: its ground, leaders, members, and what was done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gis_grids.permissions import scope_of
from gis_grids.selectors import chains
from households.selectors.party.access import access_organisation
from households.selectors.party.tree import party_tree

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.permissions import Scope
    from gis_grids.selectors import ChainLink
    from households.models import PartyChange, PartyOrganisation, PartyRole
    from households.selectors.party.tree import OrganisationRow

MOST_CHANGES: Final = 50


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """An organisation with its row of the tree (None: it has ended) and those below it."""

    organisation: PartyOrganisation
    row: OrganisationRow | None
    below: list[OrganisationRow]
    grounds: list[tuple[ChainLink, ...]]
    roles: list[PartyRole]
    changes: list[PartyChange]


def organisation_page(user: AbstractBaseUser, organisation_id: int) -> OrganisationPage:
    """Return everything about an organisation. Raises `NotFound` ("party.no_organisation")."""
    organisation = access_organisation(user, organisation_id)
    rows = party_tree(scope_of(user))
    at = next((n for n, row in enumerate(rows) if row.id == organisation.pk), None)
    below: list[OrganisationRow] = []
    if at is not None:
        for row in rows[at + 1 :]:
            if row.depth <= rows[at].depth:
                break
            below.append(row)
    units = organisation.grounds.filter(days__upper_inf=True).values_list("unit", flat=True)
    return OrganisationPage(
        organisation=organisation,
        row=None if at is None else rows[at],
        below=below,
        grounds=sorted(chains(units).values(), key=lambda chain: chain[-1].code),
        roles=list(organisation.roles.select_related("member__resident").order_by("-term__upper_inf", "pk")),
        changes=list(organisation.changes.select_related("actor", "member__resident")[:MOST_CHANGES]),
    )


def open_organisations(scope: Scope, *, with_joint: bool = True) -> list[tuple[int, str]]:
    """Return the organisations that go on with their names, indented as in the tree: to choose from."""
    rows = [row for row in party_tree(scope) if with_joint or not row.kind.is_joint]
    return [(row.id, "　" * row.depth + row.name) for row in rows]


def parents_for(scope: Scope, organisation: PartyOrganisation | None = None) -> list[tuple[int, str]]:
    """Return the organisations under which others can stand; the one it stands under is always among them."""
    found = [
        (row.id, "　" * row.depth + row.name)
        for row in party_tree(scope)
        if not row.kind.is_joint and (organisation is None or row.id != organisation.pk)
    ]
    parent = organisation and organisation.parent
    if parent and parent.pk not in dict(found):
        found.insert(0, (parent.pk, parent.name))
    return found
