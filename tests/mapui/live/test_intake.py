"""The intake: what waits together is committed together, and fails alone."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest
from channels.db import database_sync_to_async
from django.db import IntegrityError, OperationalError, connection

from gis_grids.errors import BadInput
from incidents import services
from incidents.models import Incident
from mapui.consumers.cases import new_report
from mapui.live.intake import MAX_BATCH, Intake
from tests.mapui.consumers.talk import PATIENCE_S, content_of

pytestmark = pytest.mark.django_db


def reports(world, count, **changes):
    made = []
    for _ in range(count):
        report = world.report(**changes)
        content = content_of(report)
        made.append(new_report(content, report_id=UUID(report["id"]), reporter=world.worker.pk))
    return made


@pytest.fixture
def batches(monkeypatch):
    """The sizes of the transactions."""
    sizes, write = [], services.report_incidents

    def counted(*, reports):
        sizes.append(len(reports))
        return write(reports=reports)

    monkeypatch.setattr("incidents.services.report_incidents", counted)
    return sizes


async def test_lone_report_is_written_at_once(world, batches):
    intake = Intake()
    for report in reports(world, 3):
        assert not (await intake.report(report)).is_repeat
    assert batches == [1, 1, 1]


async def test_reports_that_wait_share_a_commit(world, batches):
    intake = Intake()
    answers = await asyncio.gather(*(intake.report(report) for report in reports(world, 50)))
    assert len({answer.incident_id for answer in answers}) == 50
    assert sum(batches) == 50
    assert len(batches) <= 3


async def test_batch_is_bounded(world, batches):
    intake = Intake()
    await asyncio.gather(*(intake.report(report) for report in reports(world, MAX_BATCH + 20)))
    assert max(batches) <= MAX_BATCH


async def test_bad_report_fails_alone(world):
    intake, [good, also_good] = Intake(), reports(world, 2)
    [bad] = reports(world, 1, matter="dragons")
    first, second, third = await asyncio.gather(
        *(intake.report(report) for report in (good, bad, also_good)), return_exceptions=True
    )
    assert isinstance(second, BadInput)
    assert not first.is_repeat
    assert not third.is_repeat


async def test_report_that_upsets_the_database_fails_alone(world, monkeypatch):
    intake, several = Intake(), reports(world, 3)
    write = services.report_incidents

    def upset(*, reports):
        if any(report.report_id == several[1].report_id for report in reports):
            raise IntegrityError
        return write(reports=reports)

    monkeypatch.setattr("incidents.services.report_incidents", upset)
    answers = await asyncio.gather(*(intake.report(one) for one in several), return_exceptions=True)
    assert [type(answer).__name__ for answer in answers] == ["Reported", "IntegrityError", "Reported"]


async def test_database_away_is_told_to_each_at_once(world, monkeypatch):
    intake, tried = Intake(), []

    def away(*, reports):
        tried.append(len(reports))
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr("incidents.services.report_incidents", away)
        answers = await asyncio.gather(
            *(intake.report(one) for one in reports(world, 20)), return_exceptions=True
        )
    assert all(isinstance(answer, OperationalError) for answer in answers)
    assert len(tried) <= 2  # not one by one: each would wait for the dead database
    assert not (await intake.report(reports(world, 1)[0])).is_repeat


class DeadlockError(Exception):
    sqlstate = "40P01"


@pytest.mark.parametrize(("failures", "stored"), [(2, True), (3, False)])
async def test_deadlock_is_tried_again_a_few_times(world, monkeypatch, failures, stored):
    intake, [report], tried = Intake(), reports(world, 1), []
    write = services.report_incidents

    def victim(*, reports):
        tried.append(1)
        if len(tried) <= failures:
            raise OperationalError from DeadlockError()
        return write(reports=reports)

    monkeypatch.setattr("incidents.services.report_incidents", victim)
    [answer] = await asyncio.gather(intake.report(report), return_exceptions=True)
    assert len(tried) == 3
    assert isinstance(answer, OperationalError) is not stored
    assert await Incident.objects.filter(report_id=report.report_id).aexists() is stored


def connected():
    """Return the calling thread's connection, or None while it has none."""
    return connection.connection


async def test_connection_is_kept_from_report_to_report_and_given_back_when_none_comes(world, monkeypatch):
    intake, several = Intake(), reports(world, 2)
    held = []
    for report in several:
        await intake.report(report)
        held.append(await intake._writer.run(connected))
    assert held[0] is not None
    assert held[0] is held[1]
    monkeypatch.setattr("mapui.live.intake.KEEP_S", 0.01)
    await intake.report(reports(world, 1)[0])
    await asyncio.wait_for(intake._task, PATIENCE_S)
    assert await intake._writer.run(connected) is None
    assert not (await intake.report(reports(world, 1)[0])).is_repeat


async def test_connection_is_given_back_at_once_when_the_intake_finishes(world, monkeypatch):
    monkeypatch.setattr("mapui.live.intake.KEEP_S", 3600)
    intake = Intake()
    await intake.report(reports(world, 1)[0])
    await asyncio.wait_for(intake.finish(), PATIENCE_S)
    assert await intake._writer.run(connected) is None


def test_connection_is_given_back_when_the_loop_ends(world):
    [report] = reports(world, 1)

    async def leave_it():
        intake = Intake()
        await intake.report(report)
        return intake._writer

    writer = asyncio.run(leave_it())
    assert asyncio.run(writer.run(connected)) is None


async def test_connection_that_is_lost_while_it_is_kept_costs_no_report(world):
    intake, [first, second] = Intake(), reports(world, 2)
    await intake.report(first)
    kept = await intake._writer.run(connected)
    await database_sync_to_async(end_session)(kept.info.backend_pid)
    assert not (await intake.report(second)).is_repeat
    assert await Incident.objects.filter(report_id=second.report_id).acount() == 1
    assert await intake._writer.run(connected) is not kept


def end_session(pid):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert cursor.fetchone() == (True,)


@pytest.mark.parametrize("is_back", [True, False])
async def test_commit_whose_answer_was_lost_is_tried_again_if_the_database_is_there(
    world, monkeypatch, is_back
):
    intake, [first, report], tried = Intake(), reports(world, 2), []
    await intake.report(first)
    write = services.report_incidents

    def cut(*, reports):
        answers = write(reports=reports)
        tried.append(1)
        if len(tried) == 1:  # as Django leaves it when a commit fails
            connection.connection.close()
            connection.close()
            if is_back:
                connection.ensure_connection()
            raise OperationalError
        return answers

    monkeypatch.setattr("incidents.services.report_incidents", cut)
    [answer] = await asyncio.gather(intake.report(report), return_exceptions=True)
    assert len(tried) == 1 + is_back
    assert answer.is_repeat if is_back else isinstance(answer, OperationalError)
    assert await Incident.objects.filter(report_id=report.report_id).acount() == 1


async def test_who_stops_waiting_does_not_stop_the_write(world):
    intake, [report, other] = Intake(), reports(world, 2)
    waiting = asyncio.create_task(intake.report(report))
    await asyncio.sleep(0)
    waiting.cancel()
    await intake.report(other)
    assert await Incident.objects.filter(report_id=report.report_id).aexists()
