"""Kinds whose every row is one row of one table: what becomes of it, and how it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from households.services.imports.rows import Outcome, Plan
from households.services.imports.writing import change_rows, changes_of, enter_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import Model

    from households.services.imports.ledger import Ledger
    from households.services.imports.rows import ReadRow


def plan_of(row: ReadRow, found: Model | None, facts: Mapping[str, Any]) -> Plan:
    """Return that a row is new, or what its facts (by ``attname``) change in the one that was found."""
    if found is None:
        return Plan(row, Outcome.NEW, payload=(None, facts))
    changes = changes_of(found, facts)
    return Plan(row, Outcome.CHANGED if changes else Outcome.SAME, found.pk, changes, (found, facts))


def write_plans(ledger: Ledger, model: type[Model], plans: Sequence[Plan], **usual: object) -> None:
    """Enter what is new, as usual where its facts say nothing, and correct what is there."""
    new = [plan.payload[1] for plan in plans if plan.outcome is Outcome.NEW]
    enter_rows(ledger, model, [{**usual, **facts} for facts in new])
    changed = [plan for plan in plans if plan.changes]
    change_rows(
        ledger,
        [(plan.payload[0], {name: plan.payload[1][name] for name in plan.changes}) for plan in changed],
    )
