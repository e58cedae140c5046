"""Statistics: whose they are, what leads where, what is left out for the public, what they look like."""

from __future__ import annotations

import io
import itertools
import random
import re
from datetime import date, timedelta

import pypdfium2
import pytest
from django.db.models import F
from django.http import QueryDict
from django.utils import timezone, translation
from openpyxl import load_workbook

from gis_grids.levels import Level, PostKind
from gis_grids.small_counts import hidden
from incidents.models import Incident, Matter
from incidents.selectors.performance import By, InTime, Times
from incidents.workflow import State
from mapui.office.statistics.asked import periods, read
from mapui.office.statistics.charts import bars, columns, tick_step
from mapui.office.statistics.lines import Line
from mapui.office.statistics.masking import emptied, masked
from mapui.office.statistics.regions import classes, regions_of
from mapui.pages import printing
from tests.factories import UserFactory, post
from tests.incidents.homes import household
from tests.incidents.world import make_world
from tests.mapui.office.case_pages import text

PAGE = "/office/statistics/"


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies.load({"django_language": "en"})
    with translation.override("en"):
        yield


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def visit(client):
    """Return a function that opens an address as a person."""

    def open_as(person, query="", page=PAGE):
        client.force_login(person)
        return client.get(f"{page}?{query}")

    return open_as


def cases(world, unit, count, **changes):
    """Report so many in a unit."""
    for _ in range(count):
        case = world.case(**changes)
        Incident.objects.filter(pk=case.pk).update(unit=unit)


class TestThePage:
    def test_it_shows_the_parts_of_the_viewer_s_area_also_those_without_cases(self, world, visit):
        world.bring(State.RESOLVED)
        world.case(matter="noise")
        first, second = world.town.units[Level.STREET][:2]
        said = text(visit(world.operator))
        assert re.search(rf"Unit {first.code} 2 ", said)
        assert re.search(rf"Unit {second.code} 0 ", said)
        assert re.search(r"Total 2 ", said)
        assert "No case was received in these days." in text(visit(world.stranger))

    def test_by_matter_by_period_and_for_one_matter_alone(self, world, visit):
        world.bring(State.RESOLVED)
        world.case(matter="noise")
        noise = Matter.objects.get(code="noise", is_current=True)
        assert f"{noise.name} 1 " in text(visit(world.operator, "by=matter"))
        for by in ("class", "day", "week", "month"):
            assert re.search(r"Total 2 ", text(visit(world.operator, f"by={by}"))), by
        said = text(visit(world.operator, "by=month&matter=noise"))
        assert re.search(r"Total 1 ", said)
        assert noise.name in said

    def test_a_line_leads_to_its_parts_and_a_number_to_its_cases(self, world, visit):
        cases(world, world.town.leaf, 2)
        level = [Level.STREET, Level.COMMUNITY, Level.AREA, Level.BUILDING_GROUP, Level.RESIDENT_GROUP]
        query = ""
        for each in level:
            unit = world.town.units[each][0]
            answer = visit(world.operator, query)
            [line] = [line for line in answer.context["found"].lines if line.figures.cases]
            assert line.unit_id == unit.pk
            listed = visit(world.operator, page=line.cases)
            assert listed.status_code == 200
            assert listed.context["page"].total == 2
            query = line.onward
        assert query == ""  # nothing lies below the smallest

    def test_households_are_counted_and_cases_taken_per_thousand(self, world, visit):
        for _ in range(4):
            household(world.town.leaf)
        cases(world, world.town.leaf, 2)
        [line] = [line for line in visit(world.operator).context["found"].lines if line.figures.cases]
        assert (line.households, line.per_1000) == (4, 500)

    def test_of_two_posts_one_below_the_other_each_household_counts_once(self, world, visit):
        both = UserFactory()
        street, community = world.town.units[Level.STREET][0], world.town.units[Level.COMMUNITY][0]
        for unit in (street, community):
            post(both, unit, PostKind.GRID_LEADER)
        for unit in (world.town.leaf, world.town.leaf, world.town.units[Level.COMMUNITY][1]):
            household(unit)
        found = visit(both).context["found"]
        assert {line.unit_id: line.households for line in found.lines} == {street.pk: 1, community.pk: 2}
        assert found.total.households == 3

    def test_what_is_before_has_as_many_days(self, world, visit):
        before = timezone.now() - timedelta(days=8)
        world.case(observed_at=before, sent_at=before, received_at=before)
        today = timezone.localdate()
        answer = visit(world.operator, f"from={today - timedelta(days=6)}&to={today}")
        assert answer.context["found"].total.figures.cases == 0
        assert answer.context["found"].before.cases == 1

    def test_a_unit_elsewhere_is_not_there(self, world, visit):
        world.case()
        other = world.town.units[Level.STREET][0]
        answer = visit(world.stranger, f"unit={other.code}")
        assert "There is no such unit in your area." in text(answer)
        assert answer.context["found"].total.figures.cases == 0

    @pytest.mark.parametrize(
        "query",
        [
            "by=person", "from=x", "to=2026-02-30", "from=2026-02-01&to=2026-01-01", "from=0001-01-01",
            "to=0001-01-02", "unit=99", "matter=nothing", "show=person", "unit=%00",
        ],
    )  # fmt: skip
    def test_what_can_not_be_had_is_explained(self, world, visit, query):
        answer = visit(world.lead, query)
        assert answer.status_code == 200
        assert answer.content.decode().count('class="problem"') == (0 if query == "unit=%00" else 1)

    def test_no_figure_is_anybody_s_own(self, world, visit):
        world.bring(State.RESOLVED)
        for by in ("unit", "matter", "class", "day", "week", "month"):
            assert "王colleague" not in visit(world.operator, f"by={by}").content.decode()

    def test_it_takes_as_many_statements_for_many_units(self, world, client, django_assert_max_num_queries):
        cases(world, world.town.leaf, 3)
        client.force_login(world.operator)
        client.get(PAGE)
        with django_assert_max_num_queries(30):
            client.get(PAGE)


class TestFiles:
    def test_workbook_and_csv_hold_the_table(self, world, visit):
        world.case()
        lines = visit(world.operator, "file=csv").content.decode("utf-8-sig").splitlines()
        assert lines[-1].startswith('"Total",1,')
        sheet = load_workbook(io.BytesIO(visit(world.operator, "file=xlsx").content)).active
        assert sheet.cell(sheet.max_row, 2).value == 1

    def test_a_share_is_cut_in_a_file_as_on_the_page(self, world, visit):
        for late in (timedelta(0), timedelta(0), timedelta(hours=1)):
            world.case().cycles.update(first_feedback_at=F("feedback_due_at") + late)
        assert "66.6 %" in text(visit(world.operator))
        values = visit(world.operator, "file=csv").content.decode("utf-8-sig").splitlines()[-1].split(",")
        assert "66.6" in values

    def test_no_cell_is_a_formula(self, world, visit):
        unit = world.town.units[Level.STREET][0]
        unit.versions.update(name="=1+1")
        world.case()
        assert "'=1+1" in visit(world.operator, "file=csv").content.decode("utf-8-sig")
        sheet = load_workbook(io.BytesIO(visit(world.operator, "file=xlsx").content)).active
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}

    @pytest.mark.parametrize(("language", "words"), [("en", "Resolved in time"), ("zh-hans", "按期办结")])
    def test_paper_says_what_the_page_says(self, world, client, visit, language, words):
        world.case(matter="noise")
        client.cookies.load({"django_language": language})
        paper = pypdfium2.PdfDocument(visit(world.operator, "by=matter&file=pdf").content)
        said = paper[0].get_textpage().get_text_range()
        with translation.override(language):
            assert Matter.objects.get(code="noise", is_current=True).name in said
        assert words in said

    def test_without_pango_the_page_says_what_to_do(self, world, visit, monkeypatch):
        def away():
            raise printing.PrinterAway("printing.away", "This server can't make PDF files yet.")

        monkeypatch.setattr(printing, "_weasyprint", away)
        answer = visit(world.operator, "file=pdf")
        assert answer.status_code == 302
        assert "can't make PDF files yet" in text(visit(world.operator))


class TestForThePublic:
    def test_small_counts_and_what_would_tell_them_are_left_out(self):
        assert hidden([3, 20, 40]) == {0, 1}
        assert hidden([1, 1, 40]) == {0, 1, 2}  # two of them come to 2, which the total would tell
        assert hidden([3, 4, 40]) == {0, 1}
        assert hidden([0, 0, 9]) == frozenset()
        assert hidden([0, 2, 0, 9]) == {1, 3}
        assert hidden([2]) == {0}
        assert hidden([]) == frozenset()

    def test_nothing_left_out_can_be_computed(self):
        rng = random.Random(5)
        for _ in range(500):
            counts = [rng.choice([0, 1, 3, 5, 12, 90]) for _ in range(rng.randint(1, 9))]
            left_out = hidden(counts)
            assert all(counts[n] == 0 or counts[n] >= 5 or n in left_out for n in range(len(counts)))
            many = [n for n in range(len(counts)) if counts[n] >= 5 and n not in left_out]
            # What the total minus the rest tells is at least five in two groups, unless there is no more.
            assert not left_out or not many or (len(left_out) > 1 and sum(counts[n] for n in left_out) >= 5)

    def test_figures_of_few_cases_are_left_out(self):
        few = emptied()
        few = type(few)(
            **{name: getattr(few, name) for name in few.__slots__}
            | {"feedback": Times(4, 1.0, 2.0), "handling": Times(5, 1.0, 2.0)}
            | {"feedback_in_time": InTime(4, 4), "resolution_in_time": InTime(5, 6)}
            | {"ratings": 4, "satisfaction": 1.0, "finished": 4, "reopened": 1}
        )
        shown = masked(few)
        assert (shown.feedback, shown.handling) == (Times(0, None, None), Times(5, 1.0, 2.0))
        assert (shown.feedback_in_time.rate, shown.resolution_in_time.rate) == (None, 5 / 6)
        assert (shown.satisfaction, shown.reopen_rate) == (None, None)

    def test_page_and_files_leave_them_out(self, world, visit):
        first, second = world.town.units[Level.STREET][:2]
        cases(world, first, 3)
        cases(world, second, 9)
        said = text(visit(world.operator, "public=1"))
        assert said.count("fewer than five") >= 2
        assert "Total 12 " in said
        earlier = timezone.now() - timedelta(days=40)
        world.case(observed_at=earlier, sent_at=earlier, received_at=earlier)
        tiles = [visit(world.operator, query).context["tiles"][0] for query in ("", "public=1")]
        assert [(tile.now, tile.before) for tile in tiles] == [(12, 1), (12, None)]
        assert "/office/cases/?" not in visit(world.operator, "public=1").content.decode().split("<main")[1]
        rows = visit(world.operator, "public=1&file=csv").content.decode("utf-8-sig").splitlines()
        assert [row.split(",")[1] for row in rows[1:]] == ['"fewer than five"', '"fewer than five"', "12"]


def line(name, count, **changes):
    figures = emptied()
    made = {slot: getattr(figures, slot) for slot in figures.__slots__} | {"cases": count} | changes
    return Line(name=name, figures=type(figures)(**made))


class TestDrawings:
    def test_bars_are_as_long_as_their_counts(self):
        chart = bars([line("a", 10, resolution_in_time=InTime(4, 6)), line("b", 5)])
        a, b = chart.marks
        assert [block.width for block in a.blocks] == pytest.approx([188, 94, 188], abs=0.2)
        assert sum(block.width for block in b.blocks) == pytest.approx(235, abs=0.2)
        assert len({block.colour for block in a.blocks}) == 3

    def test_columns_stand_on_the_ground_and_keep_within_the_chart(self):
        rng = random.Random(2)
        for days in (1, 7, 31, 366, 1098):
            chart = columns([line(f"2026-01-{n:02}", rng.randint(0, 70)) for n in range(days)])
            assert len(chart.marks) == days
            bottoms = {round(max(b.y + b.height for b in m.blocks)) for m in chart.marks if m.blocks}
            assert len(bottoms) == 1
            boxes = [block for mark in chart.marks for block in mark.blocks]
            assert min(block.x for block in boxes) >= chart.left
            assert max(block.x + block.width for block in boxes) <= chart.width
            assert min(block.y for block in boxes) >= 0
            named = sorted(word.x for word in chart.words if word.anchor == "middle")
            assert all(right - left > 50 for left, right in itertools.pairwise(named))

    def test_ticks_are_round(self):
        assert [tick_step(n) for n in (0, 1, 4, 5, 9, 40, 41, 1234)] == [1, 1, 1, 2, 5, 10, 20, 500]

    def test_classes_hold_about_as_many_values_each(self):
        assert classes([]) == []
        assert classes([2.0, 2.0]) == [2.0]
        assert classes([1, 2, 3]) == [1, 2, 3]
        assert len(classes(list(range(100)))) == 5
        assert classes([float(n) for n in range(10)]) == [1, 3, 5, 7, 9]

    def test_units_are_coloured_by_their_class_and_the_unit_s_own_line_does_not_cover_them(self, world):
        street = world.town.units[Level.STREET][0]
        children = world.town.units[Level.COMMUNITY][:2]
        lines = [
            Line(name="itself", figures=line("", 1).figures, unit_id=street.pk),
            *(
                Line(name="x", figures=line("", count).figures, unit_id=unit.pk, households=100)
                for unit, count in zip(children, (1, 30), strict=True)
            ),
        ]
        found = regions_of(lines, read(QueryDict("")).measure)
        assert [(region.value, region.colour) for region in found.regions] == [(10, 0), (300, 1)]
        assert found.regions[0].fill != found.regions[1].fill
        assert [key.text for key in found.keys] == ["10.0", "300.0"]
        assert regions_of([], read(QueryDict("")).measure) is None


class TestPeriods:
    def test_the_usual_ones_are_whole(self):
        asked = read(QueryDict("from=2026-01-01&to=2026-01-31"))
        found = {period.name: period for period in periods(asked, date(2026, 2, 14))}
        assert found["Last month"].is_chosen
        assert "from=2025-10-01&to=2025-12-31" in found["Last quarter"].query
        assert "from=2026-01-01&to=2026-02-14" in found["This quarter"].query

    def test_a_period_leads_to_smaller_ones(self):
        asked = read(QueryDict("by=month&from=2026-01-15&to=2026-03-03"))
        week = asked.for_period(date(2026, 1, 1))
        assert (week.by, week.first, week.last) == (By.WEEK, date(2026, 1, 15), date(2026, 1, 31))
        day = week.for_period(date(2026, 1, 12))
        assert (day.by, day.first, day.last) == (By.DAY, date(2026, 1, 15), date(2026, 1, 18))
        assert day.for_period(date(2026, 1, 15)) is None
