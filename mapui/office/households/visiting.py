"""A visit that the office records, and the case that it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import transaction

from households.models import Visit
from households.services.fieldwork import record_visit
from incidents.selectors import current_matters
from incidents.services.visits import report_from_visit
from mapui.office.households.forms import VisitForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.auth.models import User
    from django.http import QueryDict


def visit_form(data: QueryDict | None) -> VisitForm:
    """Return the form, with ids of its own: sent twice, it is one visit and one case."""
    matters = [(matter.code, matter.name) for matter in current_matters()]
    return VisitForm(data, matters=matters, ids={"visit_id": uuid4(), "report_id": uuid4()})


@transaction.atomic
def visited(user: User, household_id: int, told: Mapping[str, Any]) -> None:
    """Record the visit, and the case if there is one: both or none.

    Raises what `record_visit` and `report_from_visit` raise.
    """
    record_visit(
        visit_id=told["visit_id"],
        household_id=household_id,
        visitor=user,
        at=told["at"],
        result=Visit.Result(told["result"]),
        note=told["note"],
        place=told["place"],
    )
    if told["matter"]:
        report_from_visit(
            actor=user,
            visit_id=told["visit_id"],
            report_id=told["report_id"],
            matter=told["matter"],
            text=told["text"],
        )
