"""What the forms of a case's actions offer to choose from, beside the details that the interface gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gis_grids.levels import Level
from gis_grids.selectors import current_versions
from incidents.models import MessageTemplate, NegativeItem
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
        "proposal": None,
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


def _templates(shown: Details) -> list[dict[str, str]]:
    """Return the texts for the matter and for all matters, with the case's own words filled in."""
    words = {"number": shown.card.number, "matter": shown.matter.name, "unit": shown.card.unit_name}
    found = MessageTemplate.objects.filter(matter_code__in=["", shown.matter.code])
    return [{"state": each.state, "text": _filled(each.text, words)} for each in found]


def _filled(text: str, words: dict[str, str]) -> str:
    for name, value in words.items():
        text = text.replace(f"{{{name}}}", value)
    return text
