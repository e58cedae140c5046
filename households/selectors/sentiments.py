"""Residents' views on the ground of somebody's units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis_grids.selectors.under import lies_under
from households.models import PublicSentiment
from households.permissions import named_roots, register_roots

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from gis_grids.permissions import Scope


def sentiments_of(scope: Scope) -> QuerySet[PublicSentiment]:
    """Return the views from where the person may read the register, the latest first."""
    return PublicSentiment.objects.filter(lies_under(register_roots(scope), "place")).select_related(
        "noted_by", "answered_by"
    )


def answerable(scope: Scope) -> QuerySet[PublicSentiment]:
    """Return the views that the person's office answers."""
    return PublicSentiment.objects.filter(lies_under(named_roots(scope), "place"))
