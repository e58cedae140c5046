"""The wall in a real browser: live, listed, opened, accepted, and honest about its link."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from playwright.sync_api import expect

from incidents.models import Incident
from incidents.workflow import Actor, State
from tests.incidents.world import make_world

pytestmark = pytest.mark.browser

STALE_MS = 25_000


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def case(world):
    return world.case(text="Boxes in front of the stairs")


@pytest.fixture
def wall(world, case, server, page, login):
    """The wall of the command centre, live, with one case on it."""
    login(page, world.operator)
    page.goto("/wall/")
    expect(page.locator("#link")).to_have_attribute("data-status", "live")
    return page


def row_of(page, case):
    return page.locator(f'#list [data-incident="{case.pk}"]')


def test_the_wall_uses_the_one_leaflet_and_breaks_no_policy(wall):
    assert wall.evaluate("L.version") == "1.9.4"
    expect(wall.locator("#map .leaflet-incidents-pane canvas")).to_have_count(1)


def test_what_is_open_is_listed_with_its_state_and_place(wall, world, case):
    row = row_of(wall, case)
    expect(row).to_contain_text("Rubbish and hygiene")
    expect(row).to_contain_text("Reported")
    expect(row).to_contain_text(case.unit.versions.get().name)
    expect(row.locator(".row-late")).to_have_attribute("data-late", "good")
    expect(wall.locator("#figure-open")).to_have_text("1")


def test_what_is_not_known_yet_is_not_called_none(world, case, server, page, login):
    login(page, world.operator)
    page.route_web_socket("**/ws/wall/", lambda _socket: None)  # nobody answers
    with page.expect_response("**/api/wall/panels*"):
        page.goto("/wall/")
    expect(page.locator("#on-duty")).not_to_have_text("–")
    expect(page.locator("#figure-open")).to_have_text("–")
    expect(page.locator("#figure-late")).to_have_text("–")


def test_a_new_report_appears_without_a_reload_and_is_named(wall, world, case):
    later = world.case(matter="noise")
    expect(row_of(wall, later)).to_contain_text("Noise")
    expect(wall.locator("#list li").first).to_have_attribute("data-incident", str(later.pk))
    expect(wall.locator("#ticker")).to_contain_text("Noise")
    expect(wall.locator("#figure-open")).to_have_text("2")


def test_what_is_new_pulses_in_its_place(wall, world, case):
    world.case(matter="noise")
    wall.locator(".pulse").wait_for(state="attached")
    centres = wall.locator(".pulse").evaluate(
        """(mark) => [100, 550, 1000].map((time) => {
            for (const animation of mark.getAnimations({ subtree: true })) {
                animation.pause();
                animation.currentTime = time;
            }
            const { left, right, top, bottom } = mark.getBoundingClientRect();
            return [Math.round((left + right) / 2), Math.round((top + bottom) / 2)];
        })"""
    )
    assert centres[0] == centres[1] == centres[2]


def test_nothing_pulses_for_who_wants_no_motion(world, case, server, new_page, login):
    page = new_page(reduced_motion="reduce")
    login(page, world.operator)
    page.goto("/wall/")
    expect(row_of(page, case)).to_be_visible()
    later = world.case(matter="noise")
    expect(page.locator("#ticker")).to_contain_text("Noise")
    expect(row_of(page, later)).to_be_visible()
    expect(page.locator(".pulse")).to_have_count(0)


def test_an_operator_opens_a_case_and_accepts_it(wall, case):
    row_of(wall, case).click()
    details = wall.locator("#details")
    expect(details).to_contain_text("Boxes in front of the stairs")
    expect(details.locator(".clock-card")).to_have_count(3)
    details.locator('[data-action="accept"]').click()
    expect(details.locator(".outcome[data-tone=good]")).to_contain_text("Accepted")
    expect(row_of(wall, case)).to_contain_text("Accepted")
    expect(details.locator(".history li").first).to_contain_text("Accept")
    case.refresh_from_db()
    assert case.state == State.ACCEPTED


def test_assigning_offers_people_with_their_load(wall, world, case):
    row_of(wall, case).click()
    wall.locator('#details [data-action="assign"]').click()
    choice = wall.locator("#details select[name=assignee]")
    expect(choice.locator(f'option[value="{world.colleague.pk}"]')).to_contain_text("0 open")
    choice.select_option(str(world.colleague.pk))
    wall.locator("#details .action-form .primary").click()
    expect(row_of(wall, case)).to_contain_text("Assigned")
    assert Incident.objects.get(pk=case.pk).assignee_id == world.colleague.pk


def test_an_operator_resolves_a_case_with_its_result_and_closes_it(wall, world):
    begun = world.bring(State.IN_PROGRESS)
    row_of(wall, begun).click()
    details = wall.locator("#details")
    details.locator('[data-action="resolve"]').click()
    details.locator("textarea[name=note]").fill("Boxes taken away")
    details.locator(".action-form .primary").click()
    expect(row_of(wall, begun)).to_contain_text("Resolved")
    expect(details.locator(".history")).to_contain_text("Boxes taken away")
    details.locator('[data-action="close"]').click()
    expect(row_of(wall, begun)).to_have_count(0)
    begun.refresh_from_db()
    assert begun.state == State.CLOSED
    assert begun.cycles.get().closed_at is not None


def test_what_was_typed_stays_when_the_case_has_changed_meanwhile(wall, world, case):
    row_of(wall, case).click()
    wall.locator('#details [data-action="give_feedback"]').click()
    note = wall.locator("#details textarea[name=note]")
    note.fill("On our way")
    wall.route("**/api/incidents/*", lambda route: route.abort())
    world.act(case.pk, "accept", Actor.GRID_LEAD)
    expect(row_of(wall, case)).to_contain_text("Accepted")
    wall.unroute("**/api/incidents/*")
    wall.locator("#details .action-form .primary").click()
    expect(wall.locator("#details .outcome[data-tone=bad]").last).not_to_be_empty()
    expect(note).to_have_value("On our way")
    expect(wall.locator("#details .details-state")).to_contain_text("Accepted")
    wall.locator("#details .action-form .primary").click()
    expect(wall.locator("#details .history")).to_contain_text("On our way")


def test_who_may_only_look_is_offered_nothing(world, case, server, page, login):
    login(page, world.office)
    page.goto("/wall/")
    row_of(page, case).click()
    expect(page.locator("#details")).to_contain_text("Boxes in front of the stairs")
    expect(page.locator('#details [data-action="accept"]')).to_have_count(0)


def test_escape_closes_the_card_and_gives_the_focus_back(wall, case):
    row_of(wall, case).get_by_role("button").press("Enter")
    expect(wall.locator("#details")).to_contain_text("Boxes in front of the stairs")
    wall.keyboard.press("Escape")
    expect(wall.locator("#details")).to_be_hidden()
    expect(row_of(wall, case).get_by_role("button")).to_be_focused()


def test_the_filter_hides_a_state_on_map_and_list(wall, case):
    wall.locator(".legend-entry", has_text="New").click()
    expect(row_of(wall, case)).to_have_count(0)
    expect(wall.locator("#list-empty")).to_be_visible()


def test_a_level_that_is_too_fine_for_the_zoom_says_so(wall):
    wall.set_viewport_size({"width": 1100, "height": 600})
    wall.reload()
    hint = wall.locator("#level-hint")
    wall.locator(".layers-button").click()
    wall.get_by_label("Resident group").check()
    farther = wall.locator(".leaflet-control-zoom-out")
    # While it zooms the map hears no click, and at its end the button takes none.
    while "leaflet-disabled" not in farther.get_attribute("class"):
        farther.dispatch_event("click")
        wall.wait_for_timeout(100)
    expect(hint).to_be_visible()
    wall.get_by_label("Street", exact=True).check()
    expect(hint).to_be_hidden()


def test_the_maps_are_drawn_from_our_own_tiles(world, case, server, page, login):
    answers = {}
    page.on(
        "response",
        lambda answer: answers.update({answer.url: answer.status} if "/tiles/" in answer.url else {}),
    )
    login(page, world.operator)
    with page.expect_response(
        lambda answer: "/tiles/units/" in answer.url and answer.status == HTTPStatus.OK
    ):
        page.goto("/wall/")
    expect(page.locator("#map .leaflet-tile-pane canvas.leaflet-tile-loaded").first).to_be_attached()
    assert set(answers.values()) <= {200, 204}


def test_two_walls_agree(wall, world, case, new_page, login):
    other = new_page()
    login(other, world.operator)
    other.goto("/wall/")
    expect(row_of(other, case)).to_contain_text("Reported")
    row_of(wall, case).click()
    wall.locator('#details [data-action="accept"]').click()
    for page in (wall, other):
        expect(row_of(page, case)).to_contain_text("Accepted")


def test_the_wall_says_when_it_is_cut_off_and_misses_nothing_after(wall, world, server, case):
    link = wall.locator("#link")
    server.kill()
    expect(link).to_have_attribute("data-status", "reconnecting")
    expect(link).to_contain_text("Reconnecting")
    expect(link).to_have_attribute("data-status", "stale", timeout=STALE_MS)
    expect(link).to_contain_text("Stale since")
    missed = world.case(matter="noise")
    server.start()
    expect(link).to_have_attribute("data-status", "live", timeout=STALE_MS)
    expect(row_of(wall, missed)).to_contain_text("Noise")
    expect(wall.locator("#ticker")).to_contain_text("Noise")


def test_a_command_given_while_cut_off_is_carried_out_once_the_link_is_back(wall, server, case):
    row_of(wall, case).click()
    accept = wall.locator('#details [data-action="accept"]')
    expect(accept).to_be_visible()
    server.kill()
    expect(wall.locator("#link")).to_have_attribute("data-status", "reconnecting")
    accept.click()
    expect(wall.locator("#details .actions-box .outcome")).to_contain_text("waiting for the answer")
    server.start()
    expect(row_of(wall, case)).to_contain_text("Accepted", timeout=STALE_MS)
    assert Incident.objects.get(pk=case.pk).version == 2


@pytest.mark.parametrize("width", [390, 768, 1440, 3840])
def test_nothing_is_wider_than_the_screen(wall, case, width):
    wall.set_viewport_size({"width": width, "height": max(844, width * 9 // 16)})
    row_of(wall, case).click()
    expect(wall.locator("#details")).to_contain_text("Boxes in front of the stairs")
    assert wall.evaluate("document.documentElement.scrollWidth") <= width
