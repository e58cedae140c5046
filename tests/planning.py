"""A small world to plan in: a street of two communities, each of four areas, and its planner and clerk."""

from __future__ import annotations

from itertools import product
from uuid import uuid4

from shapely import box

from gis_grids.drafts.requests import ASKED
from gis_grids.levels import Level, PostKind
from gis_grids.selectors.plans import problems_of
from gis_grids.services import plans as services
from tests.factories import UserFactory, make_unit, post

WEST, SOUTH, STEP = 116.30, 39.90, 0.002


def unit(code, level, parent, shape, name=""):
    return make_unit(shape, level=level, parent=parent, code=code, name=name or f"Unit {code}")


def make_world():
    """A street of two communities, west and east, each of 2 x 2 areas; a planner and two clerks of it."""
    ground = box(WEST, SOUTH, WEST + 4 * STEP, SOUTH + 2 * STEP)
    street = unit("110105001", Level.STREET, None, ground, "The street")
    made = {"street": street}
    for side, n in (("west", 0), ("east", 1)):
        x = WEST + 2 * n * STEP
        parts = box(x, SOUTH, x + 2 * STEP, SOUTH + 2 * STEP)
        made[side] = unit(f"11010500100{n + 1}", Level.COMMUNITY, street, parts, side)
        for column, row in product(range(2), range(2)):
            place = box(
                x + column * STEP, SOUTH + row * STEP, x + (column + 1) * STEP, SOUTH + (row + 1) * STEP
            )
            code = f"{made[side].code}00{1 + column + 2 * row}"
            made[f"{side}{column}{row}"] = unit(code, Level.AREA, made[side], place)
    for name, kind in (("planner", PostKind.PLANNER), ("clerk", PostKind.OFFICE_CLERK)):
        made[name] = UserFactory(username=name)
        post(made[name], street, kind)
    return made


def key(unit):
    return f"u{unit.pk}"


def draw(plan, actor, *, base_rev=None, operation_id=None, **asked):
    plan.refresh_from_db()
    return services.draw(
        plan_id=plan.pk,
        operation_id=operation_id or uuid4(),
        base_rev=plan.rev if base_rev is None else base_rev,
        request=ASKED.validate_python(asked),
        actor=actor,
    )


def north_south(x):
    return [(x, SOUTH - 0.001), (x, SOUTH + 3 * STEP)]


def split(plan, world, **options):
    return draw(
        plan,
        world["planner"],
        kind="split",
        zone=key(world["west00"]),
        line=north_south(WEST + STEP / 3),
        **options,
    )


def approve(plan, world):
    for problem in problems_of(plan):
        if problem.severity == "W":
            services.give_reason(
                plan_id=plan.pk, marks=[problem.mark], text="so be it", actor=world["planner"]
            )
    services.take_step(plan_id=plan.pk, step="submit", actor=world["planner"])
    services.take_step(plan_id=plan.pk, step="approve", actor=world["clerk"])


def published(plan, world, **options):
    approve(plan, world)
    return services.publish(plan_id=plan.pk, actor=world["planner"], **options)
