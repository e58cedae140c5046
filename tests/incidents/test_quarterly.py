"""Quarterly reports: quarters, who may write what, that nothing is overwritten, what is filed."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from gis_grids.errors import BadInput, Conflict, NotFound, Refused, Stale
from gis_grids.levels import Level, PostKind
from incidents.models import QuarterlyReport
from incidents.selectors.quarterly import Quarter, last_quarters, read_report, reports_on
from incidents.services.quarterly import begin_report, file_report, save_report, take_back_report
from tests.factories import UserFactory, post

OVER = Quarter.of(timezone.localdate()).before


@pytest.fixture
def community(world):
    return world.town.units[Level.COMMUNITY][0]


@pytest.fixture
def report(world, community):
    return begin_report(
        actor=world.lead, unit_id=community.pk, quarter=OVER, texts={"overview": "平稳", "unknown": "x"}
    )


def test_quarters():
    assert Quarter.of(date(2026, 3, 31)) == Quarter(2026, 1)
    assert Quarter.of(date(2026, 12, 1)) == Quarter(2026, 4)
    spans = [(Quarter(2024, n).first, Quarter(2024, n).last) for n in (1, 2, 3, 4)]
    assert [str(day) for span in spans for day in span] == [
        "2024-01-01", "2024-03-31", "2024-04-01", "2024-06-30",
        "2024-07-01", "2024-09-30", "2024-10-01", "2024-12-31",
    ]  # fmt: skip
    assert Quarter(2026, 1).before == Quarter(2025, 4)
    assert Quarter(2026, 2).year_before == Quarter(2025, 2)
    assert last_quarters(3, date(2026, 2, 1)) == [Quarter(2026, 1), Quarter(2025, 4), Quarter(2025, 3)]


def test_a_report_is_begun_once(world, community, report):
    again = begin_report(actor=world.operator, unit_id=community.pk, quarter=OVER, texts={"overview": "anew"})
    assert (again.pk, again.overview) == (report.pk, "平稳")
    report.pk, report._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        report.save()


def test_of_a_quarter_to_come_there_is_none(world, community):
    later = Quarter(timezone.localdate().year + 1, 1)
    with pytest.raises(BadInput) as refused:
        begin_report(actor=world.lead, unit_id=community.pk, quarter=later, texts={})
    assert refused.value.code == "quarterly.not_begun"


def test_a_draft_is_saved_by_who_has_read_it(world, report):
    saved = save_report(
        actor=world.operator, report_id=report.pk, expected_version=1, texts={"difficulties": " 缺人 "}
    )
    assert (saved.overview, saved.difficulties, saved.version) == ("平稳", "缺人", 2)
    assert saved.written_by == world.operator
    with pytest.raises(Stale):
        save_report(actor=world.lead, report_id=report.pk, expected_version=1, texts={"overview": "lost?"})
    with pytest.raises(BadInput):
        save_report(actor=world.lead, report_id=report.pk, expected_version=2, texts={"overview": "x" * 4001})
    report.refresh_from_db()
    assert (report.overview, report.version) == ("平稳", 2)


def test_what_is_filed_stays_until_it_is_taken_back(world, report):
    filed = file_report(actor=world.office, report_id=report.pk, expected_version=1, figures={"a": 1})
    assert (filed.figures, filed.filed_by) == ({"a": 1}, world.office)
    for deed, more in ((save_report, {"texts": {"overview": "x"}}), (file_report, {"figures": {}})):
        with pytest.raises(Conflict) as refused:
            deed(actor=world.lead, report_id=report.pk, expected_version=2, **more)
        assert refused.value.code == "quarterly.filed"
    draft = take_back_report(actor=world.lead, report_id=report.pk, expected_version=2)
    assert (draft.filed_at, draft.figures, draft.overview) == (None, None, "平稳")
    with pytest.raises(Conflict) as refused:
        take_back_report(actor=world.lead, report_id=report.pk, expected_version=3)
    assert refused.value.code == "quarterly.draft"
    with pytest.raises(IntegrityError), transaction.atomic():
        QuarterlyReport.objects.filter(pk=report.pk).update(filed_at=timezone.now())


def test_a_quarter_that_runs_is_not_filed(world, community):
    running = begin_report(
        actor=world.lead, unit_id=community.pk, quarter=Quarter.of(timezone.localdate()), texts={}
    )
    with pytest.raises(BadInput) as refused:
        file_report(actor=world.lead, report_id=running.pk, expected_version=1, figures={})
    assert refused.value.code == "quarterly.running"


@pytest.mark.parametrize("kind", list(PostKind))
def test_who_may_write(world, community, report, kind):
    person = UserFactory()
    post(person, world.town.units[Level.DISTRICT][0], kind)
    writers = {
        PostKind.GRID_LEADER, PostKind.AREA_HEAD, PostKind.OFFICE_CLERK, PostKind.COMMAND_OPERATOR
    }  # fmt: skip
    deeds = (
        lambda: begin_report(actor=person, unit_id=community.pk, quarter=OVER.before, texts={}),
        lambda: save_report(actor=person, report_id=report.pk, expected_version=1, texts={}),
        lambda: file_report(actor=person, report_id=report.pk, expected_version=2, figures={}),
        lambda: take_back_report(actor=person, report_id=report.pk, expected_version=3),
    )
    for deed in deeds:
        if kind in writers:
            deed()
        else:
            with pytest.raises(NotFound if kind is PostKind.AUDITOR else Refused):
                deed()
    if kind is PostKind.AUDITOR:
        with pytest.raises(NotFound):
            read_report(person, report.pk)
    else:
        assert read_report(person, report.pk).may_write == (kind in writers)


def test_elsewhere_there_is_none(world, community, report):
    for person in (world.stranger, UserFactory()):
        with pytest.raises(NotFound):
            read_report(person, report.pk)
        with pytest.raises(NotFound):
            begin_report(actor=person, unit_id=community.pk, quarter=OVER, texts={})
        with pytest.raises(NotFound):
            save_report(actor=person, report_id=report.pk, expected_version=1, texts={})
        assert not reports_on(person, OVER)
    assert list(reports_on(world.operator, OVER)) == [report]
