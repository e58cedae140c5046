"""What the forms of a case's actions offer to choose from, beside the details that the interface gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from gis_grids.levels import Level
from gis_grids.selectors import current_versions
from incidents.models import NegativeItem
from incidents.workflow import Need

if TYPE_CHECKING:
    from incidents.selectors import Details
    from incidents.selectors.nearby import SimilarCase


def form_choices(shown: Details) -> dict[str, Any]:
    """Return the choices as the script takes them: see `Choices` in cases/fields.js."""
    needs = {need for offer in shown.actions for need in offer.needs}
    proposal = shown.proposal
    return {
        "units": _units(shown) if Need.UNIT in needs else [],
        "masters": [{"number": each.number, "label": _described(each)} for each in shown.similar],
        "items": _items() if Need.ITEM in needs else [],
        "templates": [{"state": each.state.value, "text": each.text} for each in shown.texts],
        "proposal": proposal and {"user_id": proposal.user_id, "reasons": proposal.reasons},
    }


def _described(case: SimilarCase) -> str:
    return _("%(metres)s m: %(text)s") % {
        "metres": round(case.metres),
        "text": Truncator(case.text).chars(30),
    }


def _units(shown: Details) -> list[dict[str, Any]]:
    """Return where the case can be moved: the units above it from the community on, and all beside these."""
    parents = [link.unit_id for link in shown.chain if link.level.depth >= Level.STREET.depth]
    found = current_versions().filter(parent__in=parents).order_by("unit__code")
    top = Level.COMMUNITY.depth
    return [
        {"id": unit_id, "name": "　" * (depth - top) + name}
        for unit_id, name, depth in found.values_list("unit", "name", "depth")
    ]


def _items() -> list[str]:
    return [str(item) for item in NegativeItem.objects.filter(withdrawn_at=None)]
