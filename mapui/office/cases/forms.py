"""What the forms of a case's actions offer to choose from, beside the details that the interface gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gis_grids.levels import Level
from gis_grids.selectors import current_versions
from incidents.models import NegativeItem
from incidents.selectors.routing import Outcome, propose
from incidents.selectors.templates import fill, templates_for
from incidents.workflow import Need

if TYPE_CHECKING:
    from incidents.selectors import Details


def form_choices(shown: Details) -> dict[str, Any]:
    """Return the choices as the script takes them: see `Choices` in cases/fields.js."""
    needs = {need for offer in shown.actions for need in offer.needs}
    return {
        "units": _units(shown) if Need.UNIT in needs else [],
        "masters": [],
        "items": _items() if Need.ITEM in needs else [],
        "templates": _templates(shown) if shown.actions else [],
        "proposal": _proposal(shown) if Need.ASSIGNEE in needs else None,
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


def _proposal(shown: Details) -> dict[str, Any]:
    """Return who is to get the case by the routes, and why; posts that a unit doesn't have are left out."""
    proposal = propose(shown.chain, shown.matter)
    steps = [step for step in proposal.steps if step.outcome is not Outcome.NO_SUCH_POST]
    return {"user_id": proposal.user_id, "reasons": [str(step) for step in steps]}


def _items() -> list[str]:
    return [str(item) for item in NegativeItem.objects.filter(withdrawn_at=None)]


def _templates(shown: Details) -> list[dict[str, str]]:
    """Return the texts for the matter and for all matters, with the case's own words filled in."""
    words = {"number": shown.card.number, "matter": shown.matter.name, "unit": shown.card.unit_name}
    return [
        {"state": state.value, "text": fill(template.text, **words)}
        for state, templates in templates_for(shown.matter.code).items()
        for template in templates
    ]
