"""One record of every kind that the administration shows, and the addresses of its pages."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import shapely
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone
from shapely import Point, box

from gis_grids.levels import Level
from gis_grids.models import Facility, MapFeature, UnitNorm
from gis_grids.models.shapes import to_stored
from households.models import Dwelling, Entrance, Need, Visit
from households.services import home_households
from households.services.fieldwork import record_visit, set_place
from incidents.selectors.quarterly import Quarter
from incidents.services.announcements import announce
from incidents.services.quarterly import begin_report
from tests.factories import TOWN_BOX, inside
from tests.households.making import building, household
from tests.incidents.world import make_world

#: Kept by a library and empty here: nobody gives an address for mail.
EMPTY = {"account.EmailAddress"}


def one_of_each():
    """Fill every table that the administration shows; return the world of people it is about."""
    world = make_world()
    west, south, east, north = TOWN_BOX
    Facility.objects.create(
        kind="park", name="Pocket park", geometry=to_stored(Point(inside(world.town.leaf)))
    )
    road = shapely.LineString([(west, south), (east, north)])
    UnitNorm.objects.get_or_create(
        level=Level.AREA, scope=None, defaults={"households": 300, "tolerance": 0.2, "basis": "a test"}
    )
    MapFeature.objects.create(kind="arterial", name="Ring road", geometry=to_stored(road))
    x, y = inside(world.town.leaf)
    house = building(box(x - 1e-4, y - 1e-4, x + 1e-4, y + 1e-4), code="B1", floors=6)
    entrance = Entrance.objects.create(building=house, number=1, point=household((x, y)).place)
    dwelling = Dwelling.objects.create(building=house, entrance=entrance, floor=1, room="101")
    home = household((x, y), dwelling=dwelling, householder="张三丰", phone="13812341234")
    home_households()
    done = {"household_id": home.pk, "at": timezone.now()}
    record_visit(visit_id=UUID(int=1), visitor=world.worker, result=Visit.Result.MET, **done)
    set_place(change_id=UUID(int=2), actor=world.worker, place=(x, y), accuracy_m=9.0, **done)
    days = DateRange(timezone.localdate(), None)
    Need.objects.create(household=home, kind=Need.Kind.ELDERLY, purpose="Meals at home", days=days)
    Group.objects.create(name="Readers")
    world.case()
    until = timezone.now() + timedelta(days=1)
    quarter = Quarter.of(timezone.localdate())
    begin_report(actor=world.operator, unit_id=world.town.leaf.pk, quarter=quarter, texts={})
    announce(actor=world.operator, unit_id=world.town.leaf.pk, text="Meeting at 8", until=until)
    return world


def page_of(model, name, *args):
    """Return the address of a page of the model."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def addresses():
    """Return every list, and the form of a new and of an existing record, of every registered model."""
    found = []
    for model in admin.site._registry:
        found += [page_of(model, "changelist"), page_of(model, "add")]
        record = model._default_manager.first()
        assert (record is None) == (model._meta.label in EMPTY), model
        if record:
            found += [page_of(model, "change", record.pk), page_of(model, "history", record.pk)]
    return found
