"""The impact report: what differs, beside today or another plan, on a page, in a workbook and a dossier."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.db import DatabaseError, transaction
from openpyxl import load_workbook

from gis_grids.models import Publication
from gis_grids.selectors.plans import comparison, impact_report
from households.models import AccessRecord
from households.services import home_households
from tests.factories import inside
from tests.households.making import household
from tests.mapui.planner.making import client_of, key

pytestmark = pytest.mark.django_db


@pytest.fixture
def get(plan):
    """Return a function that asks for something below the report's address, as somebody."""

    def go(person, what="", plan=plan, language="en", **asked):
        return client_of(person, language).get(f"/planner/{plan.pk}/report/{what}", asked)

    return go


def rows_of(answer):
    return {row.name: row for row in answer.context["zones"]}


class TestWhoReads:
    @pytest.mark.parametrize("what", ["", "report.xlsx", "dossier.html"])
    @pytest.mark.parametrize(
        ("person", "status"),
        [("planner", 200), ("clerk", 200), ("operator", 200), ("worker", 403), ("stranger", 404)],
    )
    def test_by_role(self, world, get, what, person, status):
        assert get(getattr(world, person), what).status_code == status

    def test_nobody_without_logging_in(self, get):
        assert get(None).status_code == 302


class TestThePage:
    def test_each_zone_has_its_figures_before_and_after(self, world, get):
        answer = get(world.planner)
        rows = rows_of(answer)
        assert set(rows) == {"west 00", "west 10"}
        kept, gone = rows["west 00"], rows["west 10"]
        assert (kept.mark, gone.mark) == ("changes", "ends")
        assert (kept.figures["households"].before, kept.figures["households"].after) == (3, 10)
        assert (gone.figures["households"].before, gone.figures["households"].after) == (7, None)
        assert kept.is_off.share == pytest.approx(10 / 300 - 1)
        assert not kept.is_off.is_fine

    def test_the_worker_has_more_households(self, world, get):
        (row,) = get(world.planner).context["workers"]
        assert row.name == "worker"
        assert (row.households.before, row.households.after) == (3, 10)

    def test_it_has_two_pictures_of_the_same_section(self, world, get):
        before, after = get(world.planner).context["pictures"]
        assert (before.width, before.height) == (after.width, after.height)
        assert len(before.zones) == 4
        assert len(after.zones) == 3
        assert before.borders
        assert not after.borders

    def test_only_zones_whose_ground_changes_are_told(self, world, get):
        x, y = 116.301, 39.90
        other = world.open("A split")
        world.draw(
            other,
            kind="split",
            zone=key(world.areas[0, 0]),
            line=[(x, y - 0.001), (x, y + 0.0021)],
            name="Half",
        )
        assert set(rows_of(get(world.planner, plan=other))) == {"west 00", "Half"}

    def test_what_was_so_before_is_counted_and_not_listed(self, world, get):
        found = get(world.planner).context["found"]
        told = {problem["message"] for problem in found["problems"]}
        assert any("west 00" in message for message in told)
        assert not any("west 11" in message for message in told)
        assert found["inherited"] > 0

    def test_in_chinese(self, world, get):
        text = get(world.planner, language="zh-hans").content.decode()
        assert "影响报告" in text
        assert "党员中心户" in text


class TestHouseholds:
    def test_who_goes_where(self, world, get):
        context = get(world.planner).context
        assert context["keeping"].moving == 7
        ((source, target, counts),) = context["matrix"].pairs
        assert (source, target, counts["households"]) == ("west 10", "west 00", 7)

    @pytest.fixture
    def named(self, world):
        named = household(inside(world.areas[1, 0]), householder="王小明", phone="13812345678")
        home_households(household_ids=[named.pk])

    @pytest.mark.usefixtures("named")
    @pytest.mark.parametrize("person", ["clerk", "planner", "operator"])
    @pytest.mark.parametrize("what", ["households/", "households.csv"])
    def test_they_are_masked(self, world, get, person, what):
        text = get(getattr(world, person), what).content.decode("utf-8-sig")
        assert "王*" in text
        assert "138****5678" in text
        assert "王小明" not in text
        assert "13812345678" not in text
        assert not AccessRecord.objects.exists()

    @pytest.mark.usefixtures("named")
    @pytest.mark.parametrize("asked", [{}, {"csv": "1"}])
    def test_who_keeps_the_register_is_told_the_names_for_a_reason_on_record(self, world, plan, asked):
        content = {"reason": " the letters to them ", **asked}
        answer = client_of(world.clerk).post(f"/planner/{plan.pk}/report/households/", content)
        text = answer.content.decode("utf-8-sig")
        assert "王小明" in text
        assert "13812345678" in text
        [record] = AccessRecord.objects.all()
        assert (record.reader, record.what, record.about) == (world.clerk, "plan_moves", plan.pk)
        assert (record.households, record.reason) == (8, "the letters to them")

    @pytest.mark.usefixtures("named")
    @pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
    def test_without_a_reason_nobody_is_named(self, world, plan, reason):
        answer = client_of(world.clerk).post(
            f"/planner/{plan.pk}/report/households/", {"reason": reason, "csv": "1"}
        )
        assert answer.status_code == 422
        assert "at most 200 characters" in answer.content.decode()
        assert "王小明" not in answer.content.decode()
        assert not AccessRecord.objects.exists()

    @pytest.mark.usefixtures("named")
    def test_a_reason_is_no_right(self, world, plan):
        answer = client_of(world.planner).post(
            f"/planner/{plan.pk}/report/households/", {"reason": "curiosity"}
        )
        assert "王小明" not in answer.content.decode()
        assert AccessRecord.objects.get().households == 0

    def test_a_record_stays_as_it_is(self, world):
        record = AccessRecord.objects.create(
            reader=world.clerk, what="plan_moves", about=1, households=1, reason="why"
        )
        with pytest.raises(DatabaseError), transaction.atomic():
            AccessRecord.objects.filter(pk=record.pk).update(reason="another")
        with pytest.raises(DatabaseError), transaction.atomic():
            AccessRecord.objects.all().delete()

    @pytest.mark.parametrize("what", ["households/", "households.csv"])
    def test_nobody_else_reads_them(self, world, get, what):
        for person in (world.worker, world.stranger):
            client_of(person).post(f"/planner/{world.open().pk}/report/households/", {"reason": "why"})
        assert not AccessRecord.objects.exists()
        assert get(world.worker, what).status_code == 403
        assert get(world.stranger, what).status_code == 404

    def test_the_list_is_for_excel_and_holds_no_formula(self, world, get):
        evil = household(inside(world.areas[1, 0]), householder="=1+1")
        home_households(household_ids=[evil.pk])
        content = get(world.clerk, "households.csv").content
        assert content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert len(rows) == 1 + 8
        assert "'=*" in {row[1] for row in rows}


class TestComparing:
    def test_with_another_plan_of_the_scope(self, world, plan, get):
        other = world.open("The other way")
        answer = get(world.planner, **{"with": other.pk})
        assert answer.context["report"].titles == ("The other way", "A plan")
        assert set(rows_of(answer)) == {"west 00", "west 10"}
        same = world.merged("The same again")
        assert rows_of(get(world.planner, **{"with": same.pk})) == {}

    @pytest.mark.parametrize("asked", ["x", "-1", "99999999999999999999", "²"])
    def test_what_is_no_plan_is_not_found(self, world, get, asked):
        assert get(world.planner, **{"with": asked}).status_code == 404

    def test_a_plan_of_another_scope_is_not_found(self, world, get):
        other = world.open("East", world.east)
        assert get(world.planner, **{"with": other.pk}).status_code == 404

    def test_a_level_that_is_not_there_falls_back(self, world, get):
        assert get(world.planner, level="city").context["report"].level == "area"


def test_a_published_plan_shows_the_report_as_it_was(world, plan, get):
    expected = impact_report(comparison(plan))
    world.publish(plan)
    household(inside(world.areas[0, 0]))
    assert Publication.objects.get(plan=plan).report == expected
    answer = get(world.planner)
    assert answer.context["report"].is_frozen
    assert rows_of(answer)["west 00"].figures["households"].after == 10


def test_a_published_plan_says_that_its_problems_are_not_known(world, plan, get):
    world.publish(plan)
    unknown = "which it had is not known"
    assert unknown not in get(world.planner).content.decode()
    Publication.objects.update(problems=None)
    assert unknown in get(world.planner).content.decode()
    sheet = load_workbook(io.BytesIO(get(world.planner, "report.xlsx").content))["Problems"]
    assert unknown in sheet["B2"].value


class TestFiles:
    def test_the_workbook_has_a_sheet_for_each_part(self, world, get):
        answer = get(world.planner, "report.xlsx")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        book = load_workbook(io.BytesIO(answer.content))
        assert book.sheetnames[:2] == ["Plan", "Grids"]
        grids = [[cell.value for cell in row] for row in book["Grids"].iter_rows(min_row=2)]
        assert [row[1] for row in grids] == ["west 00", "west 10"]
        assert grids[0][4:6] == [3, 10]

    def test_no_cell_is_a_formula(self, world, get):
        evil = world.open("=HYPERLINK(1)")
        world.draw(evil, kind="rename", zone=key(world.areas[0, 0]), name="=1+1")
        book = load_workbook(io.BytesIO(get(world.planner, "report.xlsx", plan=evil).content))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert "=1+1" in {cell.value for cell in cells}
        assert "f" not in {cell.data_type for cell in cells}

    def test_the_dossier_loads_nothing(self, world, get):
        text = get(world.planner, "dossier.html").content.decode()
        assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//""", text.split("<body")[1])
        assert "<link" not in text
        assert "cdn" not in text
        assert "L.map(" in text

    def test_a_name_can_not_break_out_of_the_dossier(self, world, get):
        evil = world.open("</title><script>alert(1)</script>")
        name = "</script><script>alert(2)</script>"
        world.draw(evil, kind="rename", zone=key(world.areas[0, 0]), name=name)
        text = get(world.planner, "dossier.html", plan=evil).content.decode()
        assert "<script>alert" not in text
