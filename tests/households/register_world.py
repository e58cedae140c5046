"""Two grids side by side with their offices, a household in each, and short ways to say who is who."""

from __future__ import annotations

from datetime import date

from shapely import box

from gis_grids.levels import PostKind
from households.models import Dwelling, Household, Residence
from households.services import home_households
from households.services.residences import Role, move_in
from households.services.residents import Person
from tests.factories import UserFactory, inside, make_grid, post
from tests.households.making import building, household

Relation = Residence.Relation
SPRING, SUMMER, AUTUMN = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)
ZHANG = Person(name="张三", phone="10000000001", identity="11010519491231002X")
LI = Person(name="李四", gender="female", born_on=date(1980, 5, 6))
SMALL = Person(name="张小小", born_on=date(2012, 1, 1))


class Register:
    """West and east; ``home`` is in the west, with a dwelling, and nobody known by name."""

    def __init__(self):
        self.west, self.east = make_grid(1, 2)
        x, y = inside(self.west)
        self.house = building(box(x - 1e-4, y - 1e-4, x + 1e-4, y + 1e-4), code="B1", address="幸福里3号")
        self.dwelling = Dwelling.objects.create(building=self.house, floor=1, room="101")
        self.free = Dwelling.objects.create(building=self.house, floor=2, room="201")
        self.home = household((x, y), dwelling=self.dwelling, address="幸福里3号101室", size=2)
        self.neighbour = household(inside(self.east), address="和平里1号", size=1)
        home_households()
        self.clerk = self.person(PostKind.OFFICE_CLERK, self.west)

    def person(self, kind, unit):
        user = UserFactory()
        post(user, unit, kind)
        return user

    def clerk_of_both(self):
        post(self.clerk, self.east, PostKind.OFFICE_CLERK)
        return self.clerk

    def enter(self, person=ZHANG, relation=Relation.HEAD, since=SPRING, **values):
        """Have somebody live in the home, counted already unless it is said otherwise."""
        given = {"actor": self.clerk, "household_id": self.home.pk, "was_counted": True}
        role = Role(relation=relation, is_representative=values.pop("is_representative", False))
        return move_in(**given | {"person": person, "role": role, "since": since} | values)

    def row(self, one=None):
        """Return householder, telephone and size of a household."""
        row = Household.objects.get(pk=(one or self.home).pk)
        return row.householder, row.phone, row.size


def stays(resident_id):
    """Return the dated rows of a resident: household, first day, day after the last, relation."""
    rows = Residence.objects.filter(resident=resident_id).order_by("days")
    return [(row.household_id, row.days.lower, row.days.upper, row.relation) for row in rows]
