"""The pages and files of quarterly reports."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta

import pypdfium2
import pytest
from django.utils import timezone, translation
from docx import Document

from gis_grids.levels import Level, PostKind
from gis_grids.permissions import scope_of
from gis_grids.selectors import chains
from incidents.models import Incident, IncidentCycle, Matter, QuarterlyReport
from incidents.selectors.quarterly import Quarter
from mapui.office.reports.content import content_of
from mapui.office.reports.frozen import frozen, thawed
from tests.factories import UserFactory, post
from tests.incidents.homes import household
from tests.incidents.world import make_world
from tests.mapui.office.case_pages import text

PAGE = "/office/reports/"
#: What a browser would load from elsewhere; Leaflet names its own address in a text.
LOADED = r"""<(?:script|link|img|iframe)[^>]*(?:src|href)=["\x27]https?:"""
OVER = Quarter.of(timezone.localdate()).before


def received(world, unit, count, quarter=OVER, **changes):
    """Report so many that were received in the middle of the quarter."""
    at = timezone.make_aware(datetime.combine(quarter.first + timedelta(days=40), datetime.min.time()))
    for _ in range(count):
        case = world.case(**changes)
        Incident.objects.filter(pk=case.pk).update(unit=unit, received_at=at)
        IncidentCycle.objects.filter(incident=case).update(opened_at=at)


@pytest.fixture
def world(db):
    world = make_world()
    first, second = world.town.units[Level.COMMUNITY][:2]
    for unit in world.town.units[Level.RESIDENT_GROUP][:2]:
        household(unit)
    received(world, first, 1, quarter=OVER.before.before)  # so old is the feed
    received(world, first, 2, quarter=OVER.before)
    received(world, first, 14)
    received(world, second, 3, matter="noise")
    return world


@pytest.fixture
def street(world):
    return world.town.units[Level.STREET][0]


@pytest.fixture
def clerk(world, client):
    """The clerk of the street, logged in."""
    client.cookies.load({"django_language": "en"})
    client.force_login(world.office)
    return client


@pytest.fixture
def begun(clerk, street):
    """The address of a report that was begun with one click."""
    with translation.override("en"):
        answer = clerk.post(PAGE, {"unit": street.code, "quarter": f"{OVER.year}-{OVER.number}"})
    assert answer.status_code == 302
    return answer.url


def test_the_list_shows_who_has_written_and_who_has_not(world, clerk, begun, street):
    said = text(clerk.get(f"{PAGE}?quarter={OVER.year}-{OVER.number}"))
    assert "Draft, written" in said
    assert said.count("Make the report") == 2  # of the street's two communities
    assert text(clerk.get(f"{PAGE}?quarter=2026-9")) == said  # no such quarter: the last one that is over


def test_one_click_gives_figures_maps_and_words(world, clerk, begun, street):
    answer = clerk.get(begun)
    said = text(answer)
    assert f"17 cases were received in Unit {street.code}" in said
    assert "750 % more than in the quarter before" in said
    shown = answer.context["shown"]
    assert [line.figures.cases for line in shown.content.units] == [14, 3]
    assert shown.content.total.households == 2
    assert f"{begun}maps/" in answer.content.decode()
    rises = {rise.name: (rise.count, rise.before) for rise in shown.content.rises}
    first = world.town.units[Level.COMMUNITY][0]
    assert rises == {f"Unit {first.code}": (14, 2), Matter.objects.get(code="rubbish").name_en: (14, 2)}


def test_the_maps_are_alone_in_their_frame(clerk, begun):
    answer = clerk.get(f"{begun}maps/")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox allow-scripts; default-src 'none'")
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    page = answer.content.decode()
    assert len(re.findall(r"L\.map\(", page)) == 2
    assert not re.search(LOADED, page)


def test_the_texts_are_kept_as_a_draft_and_lost_by_nobody(world, clerk, begun):
    assert clerk.post(begun, {"version": 1, "overview": "第一稿", "deed": "save"}).status_code == 302
    late = clerk.post(begun, {"version": 1, "overview": "第二稿", "deed": "save"})
    assert late.status_code == 409
    page = late.content.decode()
    assert "Somebody has changed this report" in page
    assert "第二稿" in page
    assert "第一稿" in page
    assert QuarterlyReport.objects.get().overview == "第一稿"


def test_what_is_filed_keeps_its_figures(world, clerk, begun):
    assert clerk.post(begun, {"version": 1, "overview": "定稿", "deed": "file"}).status_code == 302
    received(world, world.town.units[Level.COMMUNITY][0], 4)
    answer = clerk.get(begun)
    assert "Filed" in text(answer)
    assert answer.context["content"].total.figures.cases == 17
    assert "<textarea" not in answer.content.decode()
    clerk.post(begun, {"version": 3, "deed": "take_back"})
    assert clerk.get(begun).context["content"].total.figures.cases == 21


def test_frozen_figures_are_thawed_as_they_were(world, street):
    chain = chains([street.pk])[street.pk]
    content = content_of(world.office, scope_of(world.office), chain[-1], OVER)
    kept = frozen(content)
    assert frozen(thawed(kept)) == kept
    assert thawed(kept).total.figures == content.total.figures
    assert [line.short for line in thawed(kept).weeks] == [line.short for line in content.weeks] != []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Early signs and tendencies", f"Quarter {OVER.number} of {OVER.year}"]),
        ("zh-hans", ["苗头性、倾向性问题", f"{OVER.year}年第{OVER.number}季度"]),
    ],
)
def test_the_files_say_what_the_page_says(world, clerk, begun, language, words):
    QuarterlyReport.objects.update(difficulties="楼道堆物反复")
    clerk.cookies.load({"django_language": language})
    paper = pypdfium2.PdfDocument(clerk.get(f"{begun}report.pdf").content)
    printed = "".join(page.get_textpage().get_text_range() for page in paper)
    word = Document(io.BytesIO(clerk.get(f"{begun}report.docx").content))
    written = "\n".join(paragraph.text for paragraph in word.paragraphs)
    alone = clerk.get(f"{begun}report.html").content.decode()
    for said in (*words, "楼道堆物反复"):
        assert said in printed
        assert said in written
        assert said in alone
    assert len(word.inline_shapes) == 6  # four charts and two maps
    assert [cell.text for cell in word.tables[1].columns[0].cells][1:] == [
        f"Unit {unit.code}" for unit in world.town.units[Level.COMMUNITY][:2]
    ]
    assert not re.search(LOADED, alone)
    assert clerk.get(f"{begun}report.exe").status_code == 404


def test_only_who_has_the_unit_reads_it_and_only_who_may_writes_it(world, clerk, begun):
    clerk.force_login(world.stranger)
    for address in (begun, f"{begun}maps/", f"{begun}report.pdf"):
        assert clerk.get(address).status_code == 404
    assert clerk.post(begun, {"version": 1, "overview": "x"}).status_code == 404
    planner = UserFactory()
    post(planner, world.town.units[Level.DISTRICT][0], PostKind.PLANNER)
    clerk.force_login(planner)
    assert "<textarea" not in clerk.get(begun).content.decode()
    assert clerk.post(begun, {"version": 1, "overview": "x"}).status_code == 403
    assert QuarterlyReport.objects.get().version == 1


def test_nobody_is_named_but_who_wrote(world, clerk, begun):
    page = clerk.get(begun).content.decode()
    assert "王office" in page
    for person in (world.worker, world.colleague, world.lead):
        assert f"王{person.first_name}" not in page
