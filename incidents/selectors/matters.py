"""The catalogue of matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incidents.models import Matter

if TYPE_CHECKING:
    from django.db.models import QuerySet


def current_matters() -> QuerySet[Matter]:
    """Return the matters that can be reported now, in the order of the catalogue."""
    return Matter.objects.filter(is_current=True).prefetch_related("limits")
