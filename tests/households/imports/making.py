"""Small tables, a compound of two buildings, and an office that imports."""

from __future__ import annotations

import csv
import io

import shapely
from openpyxl import Workbook

from gis_grids.levels import Level, PostKind
from households.models import ImportRun
from households.services import NewBuilding, NewDwelling, NewEntrance, load_buildings
from households.services.imports import begin_import, confirm_import
from households.services.imports.working import work_on
from tests.factories import UserFactory, make_town, post, shape_of


class World:
    """A town; in its first resident group two buildings of 阳光花园, whose office is ``clerk``."""

    def __init__(self):
        town = make_town()
        self.unit = town.units[Level.COMMUNITY][0]
        self.leaf = town.leaf
        self.elsewhere = town.units[Level.COMMUNITY][1]
        self.clerk = UserFactory()
        post(self.clerk, self.unit, PostKind.OFFICE_CLERK)
        west, south, east, _north = shape_of(self.leaf).bounds
        width = (east - west) / 10
        for number in (1, 2):
            left = west + 3 * number * width
            self.building(
                f"S{number}",
                f"阳光花园{number}号楼",
                shapely.box(left, south + width, left + width, south + 2 * width),
            )
        self.place = (west + 3.5 * width, south + 1.5 * width)

    @staticmethod
    def building(code, name, footprint):
        rooms = [(e, f, f"{f}0{n}") for e in (1, 2) for f in (1, 2) for n in (1, 2)]
        dwellings = tuple(NewDwelling(entrance=e, floor=f, room=room) for e, f, room in rooms)
        entrances = (NewEntrance(number=1), NewEntrance(number=2))
        new = NewBuilding(code=code, name=name, footprint=footprint, entrances=entrances, dwellings=dwellings)
        load_buildings(buildings=[new])

    def begin(self, data, *, kind="households", name="list.xlsx", unit=None):
        """Have a file read and checked."""
        unit_id = (unit or self.unit).pk
        run = begin_import(
            actor=self.clerk, kind=kind, unit_id=unit_id, name=name, size=len(data), chunks=[data]
        )
        return self.work(run)

    def imported(self, data, *, others="leave", with_changes=True, **options):
        """Have a file imported."""
        run = self.begin(data, **options)
        assert run.state == "checked", (run.state, run.error)
        confirm_import(actor=self.clerk, run_id=run.pk, with_changes=with_changes, others=others)
        return self.work(run)

    @staticmethod
    def work(run):
        """Do what the import's job does."""
        work_on(run_id=run.pk)
        return ImportRun.objects.get(pk=run.pk)


def workbook(*rows, change=None):
    """Return the bytes of a workbook with these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def csv_file(*rows, encoding="utf-8"):
    """Return the bytes of a CSV file with these rows."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def codes(run, number=None):
    """Return the codes of what was said, of one row or of all."""
    rows = run.rows.all() if number is None else run.rows.filter(number=number)
    return [finding["code"] for row in rows for finding in row.findings]
