"""Message templates as they are offered for a case."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from incidents.models import MessageTemplate
from incidents.workflow import State

if TYPE_CHECKING:
    from django.db.models import QuerySet

_PLACES = re.compile(r"\{(number|matter|unit)\}")


def templates_for(matter_code: str) -> dict[State, list[MessageTemplate]]:
    """Return the templates for a matter by the state that a case is in or comes to. One query.

    The matter's own come before those for all matters. A state without templates is not in the answer.
    """
    found: dict[State, list[MessageTemplate]] = {}
    offered = MessageTemplate.objects.filter(matter_code__in={"", matter_code})
    for template in offered.order_by("-matter_code", "order", "pk"):
        found.setdefault(State(template.state), []).append(template)
    return found


def all_templates() -> QuerySet[MessageTemplate]:
    """Return all templates as the office lists them: those for all matters first, then by matter."""
    return MessageTemplate.objects.order_by("matter_code", "state", "order", "pk")


def fill(text: str, *, number: str, matter: str, unit: str) -> str:
    """Return the text with ``{number}``, ``{matter}`` and ``{unit}`` filled in; other braces stay.

    What is filled in is not looked at again, so a name with braces in it does no harm.
    """
    values = {"number": number, "matter": matter, "unit": unit}
    return _PLACES.sub(lambda match: values[match[1]], text)
