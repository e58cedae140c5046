"""The planner's map with a real mouse: borders dragged, zones cut and joined, refusals, two planners."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from shapely import Point

from gis_grids.models import PlanOperation
from tests.browser.planner.conftest import (
    ACROSS_THE_NORTH,
    BEND,
    HALF,
    MIDDLE,
    SOUTH,
    WEST,
    at,
    click,
    drag,
    drawn,
    edit_the_border,
    is_tiling,
    vertices,
    zones,
)

pytestmark = pytest.mark.browser


class TestEdges:
    def test_a_vertex_moves_in_both_zones(self, page, world):
        edit_the_border(page)
        drag(page, BEND, (116.3025, 39.9012))
        drawn(page, "good")
        [moved] = vertices(world, "West") & vertices(world, "East") - {(MIDDLE, SOUTH), (MIDDLE, HALF)}
        assert Point(moved).distance(Point(116.3025, 39.9012)) < 5e-5
        assert BEND not in vertices(world, "East")
        assert is_tiling(world)
        expect(page.locator(".zone-card")).to_have_count(2)
        # The same border is in hand again, with its new point.
        expect(page.locator(".handle-vertex")).to_have_count(1)

    def test_a_node_moves_in_all_three(self, page, world):
        edit_the_border(page)
        drag(page, (MIDDLE, HALF), (116.3024, 39.9023))
        drawn(page, "good")
        shared = vertices(world, "West") & vertices(world, "East") & vertices(world, "North")
        [node] = shared
        assert node != (MIDDLE, HALF)
        assert is_tiling(world)
        expect(page.locator(".zone-card")).to_have_count(3)

    def test_a_vertex_is_inserted_and_removed(self, page, world):
        edit_the_border(page)
        middle = ((BEND[0] + MIDDLE) / 2, (BEND[1] + SOUTH) / 2)
        drag(page, middle, (116.3016, middle[1]))
        expect(page.locator(".handle-vertex")).to_have_count(2)
        assert len(vertices(world, "West") & vertices(world, "East")) == 4
        assert is_tiling(world)
        page.mouse.click(*at(page, BEND), button="right")
        expect(page.locator(".handle-vertex")).to_have_count(1)
        assert BEND not in vertices(world, "West")
        assert is_tiling(world)

    def test_what_a_dragged_point_snaps_to_is_ringed_and_it_lies_exactly_on_it(self, open_plan, world):
        corner = (116.302200005, 39.901200006)

        def with_a_building(page):
            ring = [corner, (corner[0] + 2e-4, corner[1]), (corner[0] + 2e-4, corner[1] + 2e-4), corner]
            building = {"id": 1, "name": "House", "households": 0, "rings": [ring]}
            guides = {"roads": [], "buildings": [building]}
            page.route("**/guides?*", lambda route: route.fulfill(json=guides))

        page = open_plan(before=with_a_building)
        edit_the_border(page)
        x, y = at(page, corner)
        page.mouse.move(*at(page, BEND))
        page.mouse.down()
        page.mouse.move(x + 60, y - 60, steps=4)
        ring = page.locator(".leaflet-sketch-pane path[stroke-width='2'][fill=none]:not([stroke-dasharray])")
        expect(ring).to_have_count(0)
        page.mouse.move(x + 4, y - 3, steps=4)
        expect(ring).to_be_visible()
        page.mouse.up()
        drawn(page, "good")
        expect(ring).to_have_count(0)
        assert corner in vertices(world, "West") & vertices(world, "East")
        assert is_tiling(world)

    def test_arrow_keys_move_a_point_and_enter_sends_it(self, page, world):
        edit_the_border(page)
        page.locator(".handle-vertex").focus()
        for key in ("Shift+ArrowRight", "ArrowUp", "ArrowUp"):
            page.keyboard.press(key)
        assert not PlanOperation.objects.exists()
        page.keyboard.press("Enter")
        drawn(page, "good")
        [moved] = vertices(world, "West") & vertices(world, "East") - {(MIDDLE, SOUTH), (MIDDLE, HALF)}
        assert moved[0] > BEND[0]
        assert moved[1] > BEND[1]
        assert is_tiling(world)

    def test_the_outer_border_stays_and_says_why(self, page, world):
        page.keyboard.press("4")
        click(page, (WEST, 39.901))
        expect(page.locator(".refusal").last).to_contain_text("one level up")
        expect(page.locator(".handle")).to_have_count(0)
        edit_the_border(page)
        expect(page.locator(".handle-fixed")).to_have_count(1)
        drag(page, (MIDDLE, SOUTH), (MIDDLE, 39.9004))
        expect(page.locator(".refusal").last).to_contain_text("one level up")
        assert not PlanOperation.objects.exists()

    def test_what_is_refused_stays_in_sight_until_it_is_dismissed(self, page, world):
        edit_the_border(page)
        drag(page, BEND, (116.3033, 39.9031))
        refusal = page.locator(".refusal")
        expect(refusal).to_be_visible()
        lines = page.locator(".leaflet-plan-marks-pane path")
        expect(lines).to_have_count(1)
        assert not PlanOperation.objects.exists()
        # The border is where it was, and can be taken in hand there.
        expect(page.locator(".handle-vertex")).to_have_count(1)
        refusal.locator(".leaflet-popup-close-button").click()
        expect(lines).to_have_count(0)
        drag(page, BEND, (116.3025, 39.9012))
        drawn(page, "good")


class TestZones:
    def split_the_north(self, page):
        page.keyboard.press("2")
        for place in ACROSS_THE_NORTH:
            click(page, place)
        page.keyboard.press("Enter")
        self.has_zones(page, "3 → 4")

    def has_zones(self, page, text):
        expect(page.locator(".totals-list dd").first).to_have_text(text)

    def test_split_merge_undo_redo(self, page, world):
        before = zones(world)
        self.split_the_north(page)
        assert is_tiling(world)
        [new] = [zone for zone in zones(world).values() if zone.unit_id is None]
        page.keyboard.press("3")
        click(page, (116.301, 39.901))
        click(page, new.shape.representative_point().coords[0])
        expect(page.locator("#hint")).to_contain_text("West stays; 1 zone joins it.")
        page.keyboard.press("Enter")
        self.has_zones(page, "3")
        assert is_tiling(world)
        page.keyboard.press("Control+z")
        self.has_zones(page, "3 → 4")
        page.keyboard.press("Control+z")
        self.has_zones(page, "3")
        assert zones(world) == before
        page.keyboard.press("Control+y")
        self.has_zones(page, "3 → 4")
        page.locator("#tab-history").click()
        expect(page.locator(".history-row")).to_have_count(5)

    def test_the_last_point_is_taken_back_and_escape_forgets_the_line(self, page):
        page.keyboard.press("2")
        for place in ((116.301, 39.901), (116.301, 39.9015), (116.3011, 39.9016)):
            click(page, place)
        line = page.locator(".leaflet-sketch-pane path").nth(1)
        assert line.get_attribute("d").count("L") == 2
        page.keyboard.press("Backspace")
        assert line.get_attribute("d").count("L") == 1
        page.keyboard.press("Escape")
        assert "L" not in line.get_attribute("d")
        assert not PlanOperation.objects.exists()

    def test_escape_puts_a_refusal_away_and_leaves_the_tool_in_hand(self, page):
        page.keyboard.press("2")
        for place in ((116.301, 39.901), (116.301, 39.9015)):
            click(page, place)
        page.keyboard.press("Enter")
        expect(page.locator(".refusal")).to_contain_text("doesn't cut")
        page.keyboard.press("Escape")
        expect(page.locator(".refusal")).to_have_count(0)
        tool = page.locator('.tool[data-tool="split"]')
        expect(tool).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("Escape")
        expect(tool).to_have_attribute("aria-pressed", "false")

    def test_a_drawn_piece_changes_hands(self, page, world):
        click(page, (116.301, 39.901))
        zoom = page.evaluate("theMap.getZoom()")
        page.keyboard.press("6")
        assert page.evaluate("theMap.getZoom()") == zoom  # to Leaflet, a 6 is the minus of a French keyboard
        click(page, (116.301, 39.901))
        page.get_by_role("button", name="Draw a piece").click()
        for place in ((116.3015, 39.9005), (116.3026, 39.9005), (116.3026, 39.9015), (116.3015, 39.9015)):
            click(page, place)
        page.keyboard.press("Enter")
        drawn(page, "good")
        assert zones(world)["West"].shape.contains(Point(116.3025, 39.901))
        assert is_tiling(world)

    def test_a_border_is_drawn_anew_between_two_zones(self, page, world):
        page.keyboard.press("5")
        click(page, (116.301, 39.901))
        click(page, (116.303, 39.901))
        for place in ((MIDDLE, SOUTH), (116.3027, 39.901), (MIDDLE, HALF)):
            click(page, place)
        page.keyboard.press("Enter")
        drawn(page, "good")
        assert zones(world)["West"].shape.contains(Point(116.3025, 39.901))
        assert is_tiling(world)

    def test_a_zone_is_renamed_and_locked(self, page, world):
        page.keyboard.press("7")
        click(page, (116.301, 39.901))
        name = page.get_by_label("Name", exact=True)
        name.fill("The west")
        name.press("Enter")
        expect(page.locator("#panel-zone h2")).to_have_text("The west")
        page.keyboard.press("8")
        click(page, (116.301, 39.901))
        drawn(page, "good")
        expect(page.locator("#panel-zone")).to_contain_text("locked")
        page.keyboard.press("4")
        click(page, (116.301950003, 39.9005))
        expect(page.locator(".refusal")).to_contain_text("locked")

    def test_a_finger_splits_a_zone(self, open_plan, world):
        page = open_plan(has_touch=True)
        page.locator('.tool[data-tool="split"]').tap()
        for place in ACROSS_THE_NORTH:
            page.touchscreen.tap(*at(page, place))
        page.locator("#hint").get_by_role("button", name="Split", exact=True).tap()
        self.has_zones(page, "3 → 4")
        assert is_tiling(world)

    def test_a_finger_takes_a_point_out(self, open_plan, world):
        page = open_plan(has_touch=True)
        page.locator('.tool[data-tool="edit"]').tap()
        page.touchscreen.tap(*at(page, (116.301950003, 39.9005)))
        expect(page.locator(".handle-vertex")).to_have_count(1)
        page.touchscreen.tap(*at(page, BEND))
        page.get_by_role("button", name="Remove the point").tap()
        drawn(page, "good")
        assert BEND not in vertices(world, "West")
        assert is_tiling(world)
        expect(page.get_by_role("button", name="Remove the point")).to_have_count(0)


class TestTogether:
    def test_each_sees_what_the_other_draws_and_who_it_was(self, open_plan, world):
        mine, theirs = open_plan("first"), open_plan("second")
        edit_the_border(theirs)
        drag(theirs, BEND, (116.3025, 39.9012))
        drawn(theirs, "good")
        note = mine.locator("#notes .note[data-tone=info]")
        expect(note).to_contain_text("second")
        expect(mine.locator(".zone-card")).to_have_count(2)
        assert mine.locator("#undo").is_disabled()

    def test_what_i_drew_in_another_tab_is_taken_back_here(self, open_plan, world):
        mine, other = open_plan(), open_plan()
        edit_the_border(other)
        drag(other, BEND, (116.3025, 39.9012))
        drawn(other, "good")
        expect(mine.locator("#undo")).to_be_enabled()
        mine.keyboard.press("Control+z")
        drawn(mine, "good")
        expect(other.locator("#redo")).to_be_enabled()
        assert BEND in vertices(world, "West")

    def test_who_is_here_is_seen_until_he_leaves(self, open_plan):
        mine, theirs = open_plan("first"), open_plan("second")
        expect(mine.locator("#here li")).to_have_text(["second"])
        expect(theirs.locator("#here li")).to_have_text(["first"])
        theirs.close()
        expect(mine.locator("#here li")).to_have_count(0)

    def test_who_draws_on_what_was_changed_meanwhile_is_told_what_happened(self, open_plan, world):
        mine, theirs = open_plan("first"), open_plan("second")
        edit_the_border(mine)
        mine.route("**/operations?*", lambda route: route.abort())
        edit_the_border(theirs)
        drag(theirs, BEND, (116.3025, 39.9012))
        drawn(theirs, "good")
        drag(mine, BEND, (116.3015, 39.9008))
        expect(mine.locator(".refusal")).to_contain_text("second")
        assert PlanOperation.objects.count() == 1
        mine.unroute("**/operations?*")
        expect(mine.locator(".zone-card")).to_have_count(2)

    def test_what_the_network_lost_is_sent_again_and_done_once(self, page, world):
        lost = []

        def lose(route):
            lost.append(route.request.post_data_json["id"])
            if len(lost) == 1:
                route.fetch()  # it arrives, and its answer is lost
            route.abort()

        page.route("**/operations", lose)
        edit_the_border(page)
        drag(page, BEND, (116.3025, 39.9012))
        expect(page.locator("#link")).to_have_attribute("data-status", "waiting")
        page.wait_for_event("requestfailed")  # it is sent again, and lost again
        page.unroute("**/operations")
        drawn(page, "good")
        assert len(lost) > 1
        assert len(set(lost)) == 1
        assert PlanOperation.objects.get().operation_id.hex == lost[0].replace("-", "")
