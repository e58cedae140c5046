"""``python -m tests.faults.harness.planning``: a planner and a clerk who publish plans of the frontier.

A number is read for each plan; a line is printed after its commit.
"""

from __future__ import annotations

import sys
from uuid import uuid4

import django

django.setup()

from gis_grids.drafts.requests import ASKED  # noqa: E402
from gis_grids.levels import Level, PostKind  # noqa: E402
from gis_grids.models import Plan, Unit  # noqa: E402
from gis_grids.selectors.plans import draft_of, problems_of  # noqa: E402
from gis_grids.services import plans as services  # noqa: E402
from tests.factories import UserFactory, post  # noqa: E402
from tests.faults.harness.errands import FRONTIER  # noqa: E402


class Office:
    """Whoever makes plans, and whoever approves them."""

    def __init__(self) -> None:
        self.street = Unit.objects.get(code="98")
        self.planner, self.clerk = (UserFactory(username=name) for name in ("planner", "clerk"))
        post(self.planner, self.street, PostKind.PLANNER)
        post(self.clerk, self.street, PostKind.OFFICE_CLERK)

    def publish(self, number: int) -> None:
        """Cut the largest zone in two at another place each time, or merge the two smallest."""
        plan = services.open_plan(
            scope_id=self.street.pk, level=Level.COMMUNITY, title=f"Plan {number}", actor=self.planner
        )
        zones = draft_of(plan).leaves
        ordered = sorted(zones, key=lambda key: zones[key].shape.bounds[0])
        if number % 3 == 2 and len(ordered) > 2:
            self._draw(plan, kind="merge", keep=ordered[0], others=[ordered[1]])
        else:
            widest = max(ordered, key=lambda key: zones[key].shape.bounds[2] - zones[key].shape.bounds[0])
            west, _south, east, _north = zones[widest].shape.bounds
            x = west + (east - west) * (0.4 + 0.05 * (number % 5))
            self._draw(plan, kind="split", zone=widest, line=[(x, FRONTIER[1] - 1), (x, FRONTIER[3] + 1)])
        for key in draft_of(plan).leaves:
            self._draw(plan, kind="purpose", zone=key, purpose="green")
        for problem in problems_of(plan):
            services.give_reason(plan_id=plan.pk, marks=[problem.mark], text="a test", actor=self.planner)
        services.take_step(plan_id=plan.pk, step="submit", actor=self.planner)
        services.take_step(plan_id=plan.pk, step="approve", actor=self.clerk)
        services.publish(plan_id=plan.pk, actor=self.planner)

    def _draw(self, plan: Plan, **asked: object) -> None:
        plan.refresh_from_db()
        services.draw(
            plan_id=plan.pk,
            operation_id=uuid4(),
            base_rev=plan.rev,
            request=ASKED.validate_python(asked),
            actor=self.planner,
        )


if __name__ == "__main__":
    office = Office()
    print("ready", flush=True)
    for line in sys.stdin:
        office.publish(int(line))
        print("published", flush=True)
