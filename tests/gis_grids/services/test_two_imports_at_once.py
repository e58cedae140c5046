"""Two imports that each tile, and not together: one of them is refused."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction
from shapely import box

from gis_grids.levels import Level
from gis_grids.models import Unit
from gis_grids.services import NewUnit, UnitsRefused, load_units
from tests.factories import TOWN_BOX

WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def street(code):
    return [NewUnit(code, code, Level.STREET, box(*TOWN_BOX))]


@pytest.mark.django_db(transaction=True)
def test_the_second_waits_for_the_first_and_sees_it():
    refused = []

    def second():
        try:
            load_units(units=street("second"))
        except UnitsRefused as error:
            refused.extend(problem.code for problem in error.problems)
        finally:
            connection.close()

    rival = threading.Thread(target=second)
    with transaction.atomic():
        load_units(units=street("first"))
        rival.start()
        with connection.cursor() as cursor:
            while rival.is_alive():
                cursor.execute(WAITING)
                if cursor.fetchone()[0]:
                    break
        assert rival.is_alive()
    rival.join(timeout=30)
    assert refused == ["E02"]
    assert list(Unit.objects.values_list("code", flat=True)) == ["first"]
