"""The wall's socket: snapshot, then every event once and in order, whatever happens between; actions."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from django.db import OperationalError
from django.utils import timezone

from gis_grids.levels import PostKind
from incidents.models import IncidentEvent, Matter, MatterGrant
from incidents.selectors import feed_position, wall_snapshot
from incidents.services import report_incidents
from mapui.consumers.cases import new_report
from mapui.live import frames
from tests.factories import post
from tests.mapui.consumers.talk import PATIENCE_S, content_of, in_database, phone, together, wall

pytestmark = pytest.mark.django_db


def command(incident, action="accept", version=1, **told):
    return {
        "kind": "command",
        "id": str(uuid4()),
        "incident": incident,
        "action": action,
        "expected_version": version,
    } | told


def write(world, count, unit=None, user=None):
    """Report straight through the service, as another process would; returns the outcomes."""
    reports = []
    for _ in range(count):
        report = world.report(unit=unit or world.leaves[0])
        content = content_of(report)
        reports.append(new_report(content, report_id=UUID(report["id"]), reporter=(user or world.worker).pk))
    return report_incidents(reports=reports)


class Store:
    """What a wall knows, by the protocol; it notices every gap and every repetition."""

    def __init__(self, snapshot):
        self.position = snapshot["position"]
        self.cards = {card["id"]: card for card in snapshot["cards"]}
        self.seen = []
        self.frames = 0

    def apply(self, message):
        self.frames += 1
        assert message["after"] == self.position, "something is missing, or comes twice"
        numbers = [event["seq"] for event in message["events"]]
        assert numbers == sorted(set(numbers))
        assert all(self.position < number <= message["position"] for number in numbers)
        self.seen += numbers
        self.position = message["position"]
        for card in message["cards"]:
            assert card["version"] >= self.cards.get(card["id"], card)["version"]
            self.cards[card["id"]] = card

    def tick(self, message):
        assert message["position"] >= self.position
        self.position = message["position"]

    async def follow(self, talk, until):
        """Take what comes until the position is reached."""
        async with asyncio.timeout(PATIENCE_S):
            while self.position < until:
                message = await talk.hear("events", "tick")
                self.apply(message) if message["kind"] == "events" else self.tick(message)


async def test_report_lands_on_the_wall(world):
    screen, talk = await wall(world.centre), await phone(world.worker)
    store = Store(await screen.begin())
    await talk.say(**world.report())
    ack = await talk.hear("ack")
    message = await screen.hear("events")
    store.apply(message)
    [event] = message["events"]
    assert (event["action"], event["to_state"], event["incident"]) == ("report", "reported", ack["incident"])
    card = store.cards[ack["incident"]]
    assert (card["number"], card["unit"]) == (ack["number"], ack["chain"][-1]["id"])
    await together(screen, talk)


async def test_snapshot_holds_what_is_open_and_the_figures(world):
    [reported] = await in_database(write, world, 1)
    screen = await wall(world.centre)
    snapshot = await screen.begin()
    assert reported.incident_id in {card["id"] for card in snapshot["cards"]}
    assert snapshot["figures"]["open"] == len(snapshot["cards"])
    assert snapshot["position"] == await in_database(feed_position)
    await together(screen)


async def test_replay_from_the_last_position(world):
    screen = await wall(world.centre)
    store = Store(await screen.begin())
    await together(screen)
    missed = await in_database(write, world, 3)
    again = await wall(world.centre)
    welcome = await again.begin(store.position)
    assert (welcome["mode"], welcome["position"]) == ("replay", store.position)
    await store.follow(again, missed[-1].position)
    assert store.seen == [one.position for one in missed]
    await together(again)


async def test_replay_with_nothing_missed_is_followed_by_a_tick(world):
    screen = await wall(world.centre)
    position = await in_database(feed_position)
    assert (await screen.begin(position))["mode"] == "replay"
    assert (await screen.hear("tick"))["position"] == position
    await together(screen)


@pytest.mark.parametrize("ahead", [1, 10**6, 2**62])
async def test_position_of_another_feed_gets_a_snapshot(world, ahead):
    screen = await wall(world.centre)
    position = await in_database(feed_position)
    assert (await screen.begin(position + ahead))["position"] == position
    await together(screen)


async def test_too_long_a_gap_gets_a_snapshot(world, hub):
    hub.max_lag = 2
    position = await in_database(feed_position)
    await in_database(write, world, 3)
    screen = await wall(world.centre)
    assert (await screen.begin(position))["kind"] == "snapshot"
    assert (await screen.begin(position + 1))["kind"] == "welcome"
    await together(screen)


async def test_two_walls_agree_with_each_other_and_with_the_database(world):
    first, talks = await wall(world.centre), [await phone(user) for user in (world.worker, world.far_worker)]
    one = Store(await first.begin())
    for n in range(10):
        await talks[n % 2].say(**world.report(unit=world.leaves[0 if n % 2 == 0 else -1]))
    second = await wall(world.centre)  # comes in the middle of it
    two = Store(await second.begin())
    for n in range(10):
        await talks[n % 2].say(**world.report(unit=world.leaves[0 if n % 2 == 0 else -1]))
    acks = [await talk.hear("ack") for talk in talks for _ in range(10)]
    await second.say(**command(acks[0]["incident"]))
    done = await second.hear("done", "events")
    while done["kind"] != "done":
        two.apply(done)
        done = await second.hear("done", "events")
    end = await in_database(feed_position)
    await one.follow(first, end)
    await two.follow(second, end)
    fresh = await in_database(wall_snapshot, {world.city.pk})
    expected = {row.id: frames.card_of(row).model_dump(mode="json") for row in fresh.cards}
    for store in (one, two):
        assert store.position == fresh.position
        assert store.cards == expected
    assert len(one.seen) == 21
    await together(first, second, *talks)


async def test_each_hears_what_lies_below_his_posts_only(world):
    city, west = await wall(world.centre), await wall(world.west_lead)
    await city.begin()
    seen = Store(await west.begin())
    east, here = [await in_database(write, world, 1, leaf) for leaf in (world.leaves[-1], world.leaves[0])]
    heard = await city.hear("events")
    while heard["position"] < here[0].position:
        heard = await city.hear("events")
    await seen.follow(west, here[0].position)
    assert seen.seen == [here[0].position]
    assert east[0].incident_id not in seen.cards
    await together(city, west)


async def test_figures_follow(world):
    screen = await wall(world.centre)
    before = (await screen.begin())["figures"]
    await in_database(write, world, 2)
    figures = before
    async with asyncio.timeout(PATIENCE_S):
        while figures in (None, before):
            figures = (await screen.hear("tick", "events"))["figures"]
    assert (figures["today"], figures["open"]) == (before["today"] + 2, before["open"] + 2)
    await together(screen)


async def test_ping_is_answered_with_the_position(world):
    screen = await wall(world.centre)
    snapshot = await screen.begin()
    await screen.say(kind="ping")
    assert (await screen.hear("tick"))["position"] == snapshot["position"]
    await together(screen)


# --- actions --------------------------------------------------------------------------------------


async def test_command_is_answered_after_the_commit_and_seen_by_all(world):
    [reported] = await in_database(write, world, 1)
    screen, other = await wall(world.centre), await wall(world.west_lead)
    await screen.begin()
    await other.begin()
    await screen.say(**command(reported.incident_id))
    done = await screen.hear("done", "events")
    while done["kind"] != "done":
        done = await screen.hear("done", "events")
    assert (done["state"], done["version"]) == ("accepted", 2)
    seen = await other.hear("events")
    assert [event["to_state"] for event in seen["events"]] == ["accepted"]
    assert seen["cards"][0]["state"] == "accepted"
    await together(screen, other)


async def test_same_command_again_is_carried_out_once(world):
    [reported] = await in_database(write, world, 1)
    screen, accept = await wall(world.centre), command(reported.incident_id)
    for _ in range(2):
        await screen.say(**accept)
    first, again = await screen.hear("done"), await screen.hear("done")
    assert first == again
    assert await IncidentEvent.objects.filter(command_id=accept["id"]).acount() == 1
    await together(screen)


async def test_what_can_not_be_done_is_refused_in_words(world):
    [reported] = await in_database(write, world, 1)
    case = reported.incident_id
    screen = await wall(world.centre, language="en")
    refusals = [
        (command(case, "accept", version=7), "incident.stale"),
        (command(case, "reopen"), "action.not_possible"),
        (command(case, "explode"), "action.unknown"),
        (command(10**9), "incident.not_found"),
        (command(case, "merge"), "action.needs"),
        (command(case, note="x" * 2001), "text.too_long"),
        (command(case, version=0), "message.bad_field"),
        (command(2**64), "message.bad_field"),
        (command(case, date="2026-02-31"), "action.date"),
        (command(case) | {"force": True}, "message.unknown_field"),
    ]
    for wish, code in refusals:
        await screen.say(**wish)
        error = await screen.hear()
        assert (error["kind"], error["code"], error["id"]) == ("error", code, wish["id"]), wish
        assert "%(" not in error["message"]
    await screen.say(**command(case))
    assert (await screen.hear("done"))["state"] == "accepted"
    await together(screen)


async def test_case_outside_of_his_units_does_not_exist_for_him(world):
    [reported] = await in_database(write, world, 1, world.leaves[-1], world.far_worker)
    screen = await wall(world.west_lead)
    await screen.say(**command(reported.incident_id))
    assert (await screen.hear())["code"] == "incident.not_found"
    await together(screen)


async def test_who_may_see_but_not_act_is_refused(world):
    [reported] = await in_database(write, world, 1)
    planner = await in_database(world.somebody, world.city, PostKind.PLANNER)
    screen = await wall(planner)
    await screen.say(**command(reported.incident_id))
    assert (await screen.hear())["code"] == "action.not_yours"
    await together(screen)


async def test_command_while_the_database_is_away_is_not_done(world, monkeypatch):
    def away(**_command):
        raise OperationalError

    screen = await wall(world.centre)
    monkeypatch.setattr("mapui.consumers.cases.act", away)
    wish = command(1)
    await screen.say(**wish)
    error = await screen.hear()
    assert (error["code"], error["id"]) == ("unavailable", wish["id"])
    await together(screen)


async def test_new_post_makes_the_wall_begin_anew(world, monkeypatch):
    monkeypatch.setattr("mapui.consumers.base.RECHECK_S", (0.05, 0.1))
    east = await in_database(write, world, 1, world.leaves[-1], world.far_worker)
    user = await in_database(world.somebody, world.streets[0], PostKind.GRID_LEADER)
    screen = await wall(user)
    before = await screen.begin()
    assert east[0].incident_id not in {card["id"] for card in before["cards"]}
    await in_database(post, user, world.streets[1], PostKind.GRID_LEADER)
    await screen.hear("resume")
    after = await screen.begin(before["position"])  # its position is fine, but what it shows is not
    assert after["kind"] == "snapshot"
    assert east[0].incident_id in {card["id"] for card in after["cards"]}
    await together(screen)


def grant(user, unit, world):
    now = timezone.now()
    return MatterGrant.objects.create(
        matter_code="noise",
        unit=unit,
        holder=user,
        granted_by=world.centre,
        term=(now - timedelta(hours=1), now + timedelta(hours=1)),
    )


@pytest_asyncio.fixture
async def noise_is_private(world):
    noise = Matter.objects.filter(code="noise")
    await in_database(noise.update, is_private=True)
    yield
    await in_database(noise.update, is_private=False)


async def test_private_matter_reaches_only_who_has_a_grant(world, noise_is_private):
    trusted = await in_database(world.somebody, world.city, PostKind.COMMAND_OPERATOR)
    await in_database(grant, trusted, world.streets[0], world)
    let_in, other, reporter = [
        await begun for begun in (wall(trusted), wall(world.centre), phone(world.worker))
    ]
    stores = [Store(await screen.begin()) for screen in (let_in, other)]
    await reporter.begin()
    await reporter.say(**world.report(matter="noise"))
    heard = {(message := await reporter.hear("ack", "events"))["kind"]: message for _ in range(2)}
    incident = heard["ack"]["incident"]
    assert [card["id"] for card in heard["events"]["cards"]] == [incident]
    end = await in_database(feed_position)
    for store, screen in zip(stores, (let_in, other), strict=True):
        await store.follow(screen, end)
    assert incident in stores[0].cards
    assert incident not in stores[1].cards
    assert stores[1].seen == []  # not even that something happened
    await together(let_in, other, reporter)


async def test_grant_that_ends_takes_its_cases_off_the_wall(world, noise_is_private, monkeypatch):
    monkeypatch.setattr("mapui.consumers.base.RECHECK_S", (0.05, 0.1))
    user = await in_database(world.somebody, world.city, PostKind.COMMAND_OPERATOR)
    given = await in_database(grant, user, world.city, world)
    reporter = await phone(world.worker)
    await reporter.say(**world.report(matter="noise"))
    incident = (await reporter.hear("ack"))["incident"]
    screen = await wall(user)
    before = await screen.begin()
    assert incident in {card["id"] for card in before["cards"]}
    await given.adelete()
    await screen.hear("resume")
    after = await screen.begin(before["position"])
    assert after["kind"] == "snapshot"
    assert incident not in {card["id"] for card in after["cards"]}
    await together(screen, reporter)


async def test_walls_of_one_audience_share_one_snapshot(world, monkeypatch):
    taken = []

    def counted(*audience):
        taken.append(audience)
        return wall_snapshot(*audience)

    monkeypatch.setattr("mapui.live.hub.selectors.wall_snapshot", counted)
    screens = [await wall(world.centre) for _ in range(5)]
    for screen in screens:
        await screen.say(kind="hello")
    positions = {(await screen.hear("welcome"))["position"] for screen in screens}
    assert len(positions) == 1
    assert len(taken) < 5
    await together(*screens)
