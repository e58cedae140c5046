"""Households out of a table: new ones, changes, what stays out, and all of it undone."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from gis_grids.errors import Conflict, NotFound
from households.models import (
    Dwelling,
    Household,
    HouseholdChange,
    HouseholdUnit,
    ImportChange,
    ImportPart,
    ImportRun,
    Need,
    Residence,
    Resident,
)
from households.services.imports import cancel_import, confirm_import, leave_out, undo_import
from households.services.imports.tidying import FORGETTING, cancel_forsaken
from tests.factories import UserFactory, post
from tests.households.imports.making import codes, csv_file, workbook

pytestmark = pytest.mark.django_db

HEAD = ["地址", "户主", "电话", "人口"]
ZHANG = ["阳光花园1号楼1单元101", "张三", "13800000001", 3]
LI = ["阳光花园2号楼2-202", "李四", None, "2人"]


def household(name):
    return Household.objects.get(householder=name)


def test_households_come_in_with_dwelling_place_unit_and_head(world):
    run = world.imported(workbook(HEAD, ZHANG, LI))
    assert (run.state, run.counts) == ("done", {"new": 2})
    one, other = household("张三"), household("李四")
    assert (one.phone, one.size, one.dwelling.room, one.place_source) == ("13800000001", 3, "101", "building")
    assert (other.dwelling.entrance.number, other.dwelling.room, other.size) == (2, "202", 2)
    assert set(HouseholdUnit.objects.values_list("unit", flat=True)) == {world.leaf.pk}
    head = Resident.objects.get(name="张三")
    assert (head.phone, head.residences.get().relation, head.residences.get().household) == (
        "13800000001",
        "head",
        one,
    )
    assert HouseholdChange.objects.get(household=one).actor == world.clerk
    assert not ImportPart.objects.exists()


def test_the_same_file_again_changes_nothing(world):
    world.imported(workbook(HEAD, ZHANG, LI))
    assert world.begin(workbook(HEAD, ZHANG, LI)).counts == {"same": 2}


def test_what_differs_is_proposed_and_taken_over_or_not(world):
    world.imported(workbook(HEAD, ZHANG))
    changed = csv_file(HEAD, [*ZHANG[:2], "13900000002", 4], encoding="gbk")
    run = world.begin(changed, name="list.csv")
    assert run.counts == {"changed": 1}
    [row] = run.rows.all()
    assert json.loads(row.proposal) == {"phone": ["13800000001", "13900000002"], "size": ["3", "4"]}
    assert world.imported(changed, with_changes=False).counts == {}
    assert household("张三").size == 3
    world.imported(changed)
    one = household("张三")
    assert (one.size, one.phone, Resident.objects.get().phone) == (4, "13900000002", "13900000002")


def test_an_empty_cell_says_nothing(world):
    world.imported(workbook(HEAD, ZHANG))
    assert world.begin(workbook(HEAD, [ZHANG[0], "张三", None, None])).counts == {"same": 1}


def test_somebody_else_s_dwelling_is_asked_about(world):
    world.imported(workbook(HEAD, ZHANG))
    other = workbook(HEAD, [ZHANG[0], "王五", None, 1])
    run = world.begin(other)
    assert (run.counts, codes(run)) == ({"other": 1}, ["household.other"])
    assert world.imported(other).counts == {}
    assert world.imported(other, others="add").counts == {"new": 1}
    assert Household.objects.filter(dwelling=household("张三").dwelling).count() == 2


def test_a_household_is_known_by_its_number(world):
    world.imported(workbook(HEAD, ZHANG))
    one = household("张三")
    # As an export has it: where it is, is not looked up.
    head = ["住户编号", "网格", "地址", "楼栋", "人口", "入住日期"]
    run = world.imported(workbook(head, [one.pk, "一组", "别处", "B-1", 5, "2019年3月5日"]))
    one.refresh_from_db()
    assert (run.counts, one.size, one.since) == ({"changed": 1}, 5, date(2019, 3, 5))
    wrong = world.begin(workbook(["户编号", "户主"], [one.pk, "王五"], [one.pk + 1, "张三"]))
    assert codes(wrong) == ["household.other_head", "household.no_such_id"]


def test_rows_of_one_file_about_the_same(world):
    again, other = [*ZHANG[:3], 9], [ZHANG[0], "王五", None, 1]
    run = world.begin(workbook(HEAD, ZHANG, ZHANG, again, other))
    assert [codes(run, number) for number in (2, 3, 4, 5)] == [
        [],
        ["row.repeated"],
        ["row.contradicts"],
        ["household.shared"],
    ]
    assert run.counts == {"new": 2, "left": 1, "bad": 1}


def test_addresses_that_are_not_found_come_with_the_nearest(world):
    rows = [["阳光花园12号楼1单元101"], ["不知道"], [None], ["阳光花园1号楼1单元301"], ["阳光花园1号楼"]]
    run = world.begin(
        workbook(["地址", "户主"], *([*row, f"张{n}"] for n, row in zip("甲乙丙丁戊", rows, strict=True)))
    )
    unknown = run.rows.get(number=2).findings[0]
    assert unknown["code"] == "address.unknown"
    assert "阳光花园" in unknown["details"]["candidates"]
    assert codes(run, 4) == ["address.missing"]
    assert codes(run, 5) == ["dwelling.new"]
    assert codes(run, 6) == ["address.no_room"]
    assert run.counts == {"bad": 3, "new": 2}


def test_an_address_in_several_columns_and_a_new_dwelling(world):
    table = workbook(["小区", "楼栋", "单元", "室", "户主"], ["阳光花园", 2, 3, 1503, "张三"])
    run = world.imported(table)
    one = household("张三")
    assert (run.counts, one.dwelling.entrance.number, one.dwelling.floor) == ({"new": 1}, 3, 15)
    undo_import(actor=world.clerk, run_id=run.pk)
    assert world.work(run).state == "undone"
    assert not Dwelling.objects.filter(room="1503").exists()
    assert one.dwelling.building.entrances.count() == 2


def test_a_grid_stands_in_where_nothing_else_tells_the_place(world):
    run = world.imported(workbook(["户主", "网格"], ["张三", world.leaf.code], ["李四", "没有"]))
    assert run.counts == {"new": 1}
    assert HouseholdUnit.objects.get().source == "manual"
    assert codes(run, 3) == ["unit.unknown"]


def test_what_lies_in_another_office_s_unit_is_not_found(world):
    run = world.begin(workbook(HEAD, ZHANG), unit=world.unit)
    assert run.state == "checked"
    with pytest.raises(NotFound):
        world.begin(workbook(HEAD, ZHANG), unit=world.elsewhere)
    post(world.clerk, world.elsewhere, "office_clerk")
    assert codes(world.begin(workbook(HEAD, ZHANG), unit=world.elsewhere)) == ["address.nothing_near"]


def test_single_rows_can_be_left_out(world):
    run = world.begin(workbook(HEAD, ZHANG, [*LI[:3], 2], ["阳光花园1号楼1单元102", "+王五", None, 1]))
    assert (
        leave_out(actor=world.clerk, run_id=run.pk, numbers=[2], is_left_out=True) == 0
    )  # nothing to be said of it
    changed = world.imported(workbook(HEAD, ZHANG))
    assert changed.counts == {"new": 1}
    run = world.begin(workbook(HEAD, [*ZHANG[:3], 7]))
    assert leave_out(actor=world.clerk, run_id=run.pk, numbers=[2], is_left_out=True) == 1
    confirm_import(actor=world.clerk, run_id=run.pk, with_changes=True, others="leave")
    assert world.work(run).counts == {}


def test_a_whole_import_is_undone_with_all_that_it_changed(world):
    world.imported(workbook(HEAD, ZHANG))
    run = world.imported(workbook(HEAD, [*ZHANG[:2], "13900000002", 4], LI))
    assert run.counts == {"new": 1, "changed": 1}
    undo_import(actor=world.clerk, run_id=run.pk)
    run = world.work(run)
    assert (run.state, run.undone_by) == ("undone", world.clerk)
    one = Household.objects.get()
    assert (one.householder, one.phone, one.size) == ("张三", "13800000001", 3)
    assert (Resident.objects.get().phone, Residence.objects.count()) == ("13800000001", 1)
    assert HouseholdChange.objects.count() == 1


def test_what_others_rely_on_is_not_undone(world):
    run = world.imported(workbook(HEAD, ZHANG))
    need = Need.objects.create(
        household=household("张三"), kind="elderly", purpose="走访", days=(date(2026, 1, 1), None)
    )
    undo_import(actor=world.clerk, run_id=run.pk)
    run = world.work(run)
    assert (run.state, run.error["code"]) == ("done", "import.depended_on")
    assert "needs: 1" in run.error["details"]["what"]
    need.delete()
    Household.objects.update(size=8)
    undo_import(actor=world.clerk, run_id=run.pk)
    assert "1" in world.work(run).error["details"]["what"]
    Household.objects.update(size=3)
    undo_import(actor=world.clerk, run_id=run.pk)
    assert world.work(run).state == "undone"
    assert not Household.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_cancelled_import_writes_nothing_whatever_its_job_does(world, monkeypatch):
    run = world.begin(workbook(HEAD, ZHANG))
    confirm_import(actor=world.clerk, run_id=run.pk, with_changes=True, others="leave")
    take = "households.services.imports.kinds.household_taker.HouseholdTaker.finish"
    monkeypatch.setattr(take, lambda _self: in_a_thread(cancel_import, actor=world.clerk, run_id=run.pk))
    assert world.work(run).state == "cancelled"
    assert not Household.objects.exists()
    assert not ImportPart.objects.exists()


def test_a_worker_that_dies_leaves_nothing_and_another_goes_on(world, monkeypatch):
    run = world.begin(workbook(HEAD, ZHANG))
    confirm_import(actor=world.clerk, run_id=run.pk, with_changes=True, others="leave")
    with monkeypatch.context() as patch:
        patch.setattr("households.services.imports.working.contents.forget", _die)
        with pytest.raises(KeyboardInterrupt):
            world.work(run)
    assert (ImportRun.objects.get().state, Household.objects.count()) == ("importing", 0)
    assert world.work(run).state == "done"
    assert world.work(run).state == "done"  # done twice, done once
    assert Household.objects.count() == 1


def in_a_thread(work, **arguments):
    """Do something on a connection of its own, as another server would."""

    def do():
        work(**arguments)
        connection.close()

    thread = threading.Thread(target=do)
    thread.start()
    thread.join()


def _die(_run):
    raise KeyboardInterrupt


def test_what_changed_since_the_check_stops_the_import(world):
    run = world.begin(workbook(HEAD, ZHANG))
    world.imported(workbook(HEAD, ZHANG))
    confirm_import(actor=world.clerk, run_id=run.pk, with_changes=True, others="leave")
    run = world.work(run)
    assert (run.state, run.error["code"], Household.objects.count()) == (
        "failed",
        "import.changed_meanwhile",
        1,
    )


def test_others_know_nothing_of_an_import(world):
    run = world.begin(workbook(HEAD, ZHANG))
    stranger = UserFactory()
    post(stranger, world.elsewhere, "office_clerk")
    leader = UserFactory()
    post(leader, world.unit, "grid_leader")
    for person in (stranger, leader):
        with pytest.raises(NotFound):
            cancel_import(actor=person, run_id=run.pk)
    cancel_import(actor=world.clerk, run_id=run.pk)
    with pytest.raises(Conflict):
        cancel_import(actor=world.clerk, run_id=run.pk)


def test_what_is_stored_of_an_import_is_sealed(world):
    run = world.begin(workbook(HEAD, ZHANG, ["没有的地址", "李四", "13900000009", 1]))
    raw = []
    for model, column in (("importpart", "content"), ("importrow", "cells"), ("importrun", "sample")):
        raw += _raw(model, column)
    assert raw
    assert not any("张三".encode() in each or b"1390000" in each for each in raw)
    assert "李四" not in json.dumps(run.rows.get(number=3).findings, ensure_ascii=False)


def _raw(model, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM households_{model}")
        return [bytes(row[0]) for row in cursor.fetchall()]


def test_what_imports_said_of_people_is_forgotten(world):
    run = world.imported(workbook(HEAD, ZHANG, ["没有的地址", "李四", None, 1]))
    until = timezone.now() + timedelta(days=1)
    assert FORGETTING.forget(until, True) == 1
    assert ImportChange.objects.exists()
    assert FORGETTING.forget(until, False) == 1
    assert not ImportChange.objects.exists()
    assert not run.rows.exists()
    ImportRun.objects.update(finished_at=timezone.now() - timedelta(days=31))
    with pytest.raises(Conflict):
        undo_import(actor=world.clerk, run_id=run.pk)
    waiting = world.begin(workbook(HEAD, LI))
    assert cancel_forsaken() == 0
    ImportRun.objects.filter(pk=waiting.pk).update(created_at=timezone.now() - timedelta(days=8))
    assert cancel_forsaken() == 1
    assert not ImportPart.objects.exists()
