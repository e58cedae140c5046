"""A street of two communities with households, a planner, a clerk and an operator of it, and its plans."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace
from uuid import uuid4

from django.test import Client
from shapely import box

from gis_grids.drafts.requests import ASKED
from gis_grids.levels import Level, PostKind
from gis_grids.models import UnitNorm
from gis_grids.selectors.plans import problems_of
from gis_grids.services import plans as services
from households.services import home_households
from tests.factories import UserFactory, inside, make_unit, post
from tests.households.making import household

WEST, SOUTH, STEP = 116.30, 39.90, 0.002


class World(SimpleNamespace):
    """Units and people by name, and what is done with the plan."""

    def draw(self, plan, **asked):
        plan.refresh_from_db()
        return services.draw(
            plan_id=plan.pk,
            operation_id=uuid4(),
            base_rev=plan.rev,
            request=ASKED.validate_python(asked),
            actor=self.planner,
        )

    def open(self, title="A plan", scope=None):
        return services.open_plan(
            scope_id=(scope or self.west).pk, level=Level.AREA, title=title, actor=self.planner
        )

    def merged(self, title="A plan"):
        """Return a plan that merges the two southern areas of the west."""
        plan = self.open(title)
        self.draw(plan, kind="merge", keep=key(self.areas[0, 0]), others=[key(self.areas[1, 0])])
        plan.refresh_from_db()
        return plan

    def give_reasons(self, plan):
        plan.refresh_from_db()
        for problem in problems_of(plan):
            if problem.severity == "W":
                services.give_reason(
                    plan_id=plan.pk, marks=[problem.mark], text="so be it", actor=self.planner
                )

    def take(self, plan, *steps, **options):
        for step in steps:
            actor = self.planner if step in {"submit", "withdraw"} else self.clerk
            services.take_step(plan_id=plan.pk, step=step, actor=actor, **options)
        plan.refresh_from_db()

    def publish(self, plan, **options):
        self.give_reasons(plan)
        self.take(plan, "submit", "approve")
        services.publish(plan_id=plan.pk, actor=self.planner, **options)
        plan.refresh_from_db()


def key(unit):
    return f"u{unit.pk}"


def client_of(user, language="en"):
    client = Client()
    client.cookies.load({"django_language": language})
    if user is not None:
        client.force_login(user)
    return client


def make_world() -> World:
    ground = box(WEST, SOUTH, WEST + 4 * STEP, SOUTH + 2 * STEP)
    street = make_unit(ground, code="110105001", name="The street")
    made = World(street=street, areas={})
    UnitNorm.objects.get_or_create(
        level=Level.AREA, scope=None, defaults={"households": 300, "tolerance": 0.2, "basis": "a test"}
    )
    for side, n in (("west", 0), ("east", 1)):
        x = WEST + 2 * n * STEP
        unit = make_unit(
            box(x, SOUTH, x + 2 * STEP, SOUTH + 2 * STEP),
            level=Level.COMMUNITY,
            parent=street,
            code=f"11010500100{n + 1}",
            name=f"{side} community",
        )
        setattr(made, side, unit)
        for column, row in product(range(2), range(2)):
            place = box(
                x + column * STEP, SOUTH + row * STEP, x + (column + 1) * STEP, SOUTH + (row + 1) * STEP
            )
            code = f"{unit.code}00{1 + column + 2 * row}"
            area = make_unit(place, level=Level.AREA, parent=unit, code=code, name=f"{side} {column}{row}")
            made.areas[2 * n + column, row] = area
    for place, count in {(0, 0): 3, (1, 0): 7, (0, 1): 2, (1, 1): 2}.items():
        for _ in range(count):
            household(inside(made.areas[place]))
    home_households()
    posts = {
        "planner": PostKind.PLANNER,
        "clerk": PostKind.OFFICE_CLERK,
        "operator": PostKind.COMMAND_OPERATOR,
        "worker": PostKind.GRID_WORKER,
    }
    for name, kind in posts.items():
        person = UserFactory(username=name)
        post(person, made.areas[0, 0] if name == "worker" else street, kind)
        setattr(made, name, person)
    made.stranger = UserFactory(username="stranger")
    elsewhere = make_unit(box(WEST + 1, SOUTH, WEST + 1.01, SOUTH + 0.01), code="110105009")
    post(made.stranger, elsewhere, PostKind.PLANNER)
    return made
