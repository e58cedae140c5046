"""The planner's screen with a real mouse: borders dragged, zones cut and joined, refusals, two planners."""

from __future__ import annotations

import pytest
import shapely
from playwright.sync_api import expect
from shapely import Point, Polygon

from gis_grids.levels import Level, PostKind
from gis_grids.models import Plan, PlanOperation
from gis_grids.selectors.plans import draft_of
from gis_grids.services import plans as services
from tests.factories import UserFactory, make_unit, post

pytestmark = pytest.mark.browser

WEST, MIDDLE, EAST = 116.300000001, 116.302000002, 116.304000003
SOUTH, HALF, NORTH = 39.900000001, 39.902000003, 39.904000007
#: On the border between the two zones in the south; three borders meet at (MIDDLE, HALF).
BEND = (116.301900004, 39.901000002)
#: From outside to outside, where nothing lies over the map.
ACROSS_THE_NORTH = ((116.2996, 39.9027), (116.3021, 39.9028), (116.3044, 39.9027))
KEEP_THE_MAP = "addEventListener('map:init', (event) => { window.theMap = event.detail.map; });"
TO_PIXELS = """([lon, lat]) => {
    const { x, y } = window.theMap.latLngToContainerPoint([lat, lon]);
    const box = window.theMap.getContainer().getBoundingClientRect();
    return [box.left + x, box.top + y];
}"""
#: The server looks for news twice a second, the page asks at the latest after some seconds.
PATIENCE_MS = 15_000


@pytest.fixture
def world(transactional_db):
    """A community of three areas, two in the south and one across the north, and two planners."""
    outline = [
        (WEST, SOUTH),
        (MIDDLE, SOUTH),
        (EAST, SOUTH),
        (EAST, HALF),
        (EAST, NORTH),
        (WEST, NORTH),
        (WEST, HALF),
    ]
    community = make_unit(Polygon(outline), level=Level.COMMUNITY, code="110105001001", name="The community")
    shapes = {
        "West": [(WEST, SOUTH), (MIDDLE, SOUTH), BEND, (MIDDLE, HALF), (WEST, HALF)],
        "East": [(MIDDLE, SOUTH), (EAST, SOUTH), (EAST, HALF), (MIDDLE, HALF), BEND],
        "North": [(WEST, HALF), (MIDDLE, HALF), (EAST, HALF), (EAST, NORTH), (WEST, NORTH)],
    }
    made = {"community": community}
    for n, (name, ring) in enumerate(shapes.items(), start=1):
        code = f"110105001001{n:03}"
        made[name] = make_unit(Polygon(ring), level=Level.AREA, parent=community, code=code, name=name)
    for name in ("first", "second"):
        made[name] = UserFactory(username=name, first_name=name)
        post(made[name], community, PostKind.PLANNER)
    made["plan"] = services.open_plan(
        scope_id=community.pk, level=Level.AREA, title="A plan", actor=made["first"]
    )
    return made


@pytest.fixture
def open_plan(world, server, new_page, login):
    """Return a function that opens the plan's map as one of the planners."""

    def show(who="first", *, before=None, **options):
        page = new_page(**options)
        if before:
            before(page)
        page.add_init_script(KEEP_THE_MAP)
        login(page, world[who])
        page.goto(f"/planner/{world['plan'].pk}/")
        expect(page.locator("#link")).to_have_attribute("data-status", "live", timeout=PATIENCE_MS)
        expect(page.locator("#panel-figures .totals-list")).to_be_visible()
        return page

    return show


@pytest.fixture
def page(open_plan):
    return open_plan()


def at(page, place):
    return page.evaluate(TO_PIXELS, list(place))


def click(page, place):
    page.mouse.click(*at(page, place))


def drag(page, start, end):
    page.mouse.move(*at(page, start))
    page.mouse.down()
    page.mouse.move(*at(page, end), steps=8)
    page.mouse.up()


def zones(world):
    """The draft's zones now, by name."""
    return {zone.name: zone for zone in draft_of(Plan.objects.get(pk=world["plan"].pk)).zones.values()}


def vertices(world, name):
    return {tuple(xy) for xy in shapely.get_coordinates(zones(world)[name].shape)}


def is_tiling(world):
    shapes = [zone.shape for zone in zones(world).values()]
    return shapely.coverage_is_valid(shapes) and shapely.union_all(shapes).geom_type == "Polygon"


def drawn(page, kind):
    """Wait until an operation is in the notes."""
    expect(page.locator(f"#notes .note[data-tone={kind}]").last).to_be_visible(timeout=PATIENCE_MS)


def edit_the_border(page):
    page.keyboard.press("4")
    click(page, (116.301950003, 39.9005))
    expect(page.locator(".handle-vertex")).to_have_count(1)


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
        expect(page.locator(".handle-vertex")).to_have_count(2, timeout=PATIENCE_MS)
        assert len(vertices(world, "West") & vertices(world, "East")) == 4
        assert is_tiling(world)
        page.mouse.click(*at(page, BEND), button="right")
        expect(page.locator(".handle-vertex")).to_have_count(1, timeout=PATIENCE_MS)
        assert BEND not in vertices(world, "West")
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
        expect(page.locator(".refusal")).to_contain_text("one level up")
        expect(page.locator(".handle")).to_have_count(0)
        edit_the_border(page)
        expect(page.locator(".handle-fixed")).to_have_count(1)
        drag(page, (MIDDLE, SOUTH), (MIDDLE, 39.9004))
        expect(page.locator(".refusal")).to_contain_text("one level up")
        assert not PlanOperation.objects.exists()

    def test_what_is_refused_stays_in_sight_until_it_is_dismissed(self, page, world):
        edit_the_border(page)
        drag(page, BEND, (116.3033, 39.9031))
        refusal = page.locator(".refusal")
        expect(refusal).to_be_visible(timeout=PATIENCE_MS)
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
        expect(page.locator(".totals-list dd").first).to_have_text(text, timeout=PATIENCE_MS)

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

    def test_a_drawn_piece_changes_hands(self, page, world):
        page.keyboard.press("6")
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
        name = page.get_by_label("Name")
        name.fill("The west")
        name.press("Enter")
        expect(page.locator("#panel-zone h2")).to_have_text("The west", timeout=PATIENCE_MS)
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
        page.get_by_role("button", name="Split Enter").tap()
        self.has_zones(page, "3 → 4")
        assert is_tiling(world)


class TestTogether:
    def test_each_sees_what_the_other_draws_and_who_it_was(self, open_plan, world):
        mine, theirs = open_plan("first"), open_plan("second")
        edit_the_border(theirs)
        drag(theirs, BEND, (116.3025, 39.9012))
        drawn(theirs, "good")
        note = mine.locator("#notes .note[data-tone=info]")
        expect(note).to_contain_text("second", timeout=PATIENCE_MS)
        expect(mine.locator(".zone-card")).to_have_count(2)
        assert mine.locator("#undo").is_disabled()

    def test_who_draws_on_what_was_changed_meanwhile_is_told_what_happened(self, open_plan, world):
        mine, theirs = open_plan("first"), open_plan("second")
        edit_the_border(mine)
        mine.route("**/operations?*", lambda route: route.abort())
        edit_the_border(theirs)
        drag(theirs, BEND, (116.3025, 39.9012))
        drawn(theirs, "good")
        drag(mine, BEND, (116.3015, 39.9008))
        expect(mine.locator(".refusal")).to_contain_text("second", timeout=PATIENCE_MS)
        assert PlanOperation.objects.count() == 1
        mine.unroute("**/operations?*")
        expect(mine.locator(".zone-card")).to_have_count(2, timeout=PATIENCE_MS)

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
        expect(page.locator("#link")).to_have_attribute("data-status", "waiting", timeout=PATIENCE_MS)
        page.wait_for_timeout(1500)
        page.unroute("**/operations")
        drawn(page, "good")
        assert len(set(lost)) == 1
        assert PlanOperation.objects.get().operation_id.hex == lost[0].replace("-", "")


def test_a_draft_is_opened_from_the_list(world, server, new_page, login):
    page = new_page()
    login(page, world["first"])
    page.goto("/planner/")
    expect(page.locator(".plans-list tbody tr")).to_have_count(1)
    page.get_by_label("Title").fill("Another plan")
    page.get_by_role("button", name="Open the draft").click()
    expect(page.locator("#plan-title")).to_have_text("Another plan")
    expect(page.locator("#level")).to_have_value(Level.AREA)


def test_problems_are_walked_through_and_a_warning_gets_its_reason(open_plan, world):
    keys = {name: zone.key for name, zone in zones(world).items()}
    problems = [
        problem("E09", "E", keys["West"], [116.301, 39.901]),
        problem("W20", "W", keys["East"], [116.303, 39.901]),
    ]

    def with_problems(page):
        page.route("**/problems", lambda route: route.fulfill(json={"rev": 0, "problems": problems}))

    page = open_plan(before=with_problems)
    rows = page.locator(".problem")
    expect(page.locator("#problems-count")).to_have_text("1 error blocks · 1 warning")
    page.keyboard.press("n")
    expect(rows.first).to_have_attribute("data-selected", "")
    expect(page.locator(".place-ring")).to_be_visible()
    page.keyboard.press("n")
    expect(rows.nth(1)).to_have_attribute("data-selected", "")
    expect(rows.first).not_to_have_attribute("data-selected", "")
    expect(page.locator(".zone-card[data-selected]")).to_contain_text("East")
    reason = rows.nth(1).get_by_label("Reason for this warning")
    reason.fill("Closed compound")
    reason.press("Enter")
    expect(reason).to_have_attribute("data-kept", "")
    assert Plan.objects.get(pk=world["plan"].pk).reasons == {"W20 of East": "Closed compound"}


def problem(code, severity, zone, where):
    mark = f"{code} of {'East' if severity == 'W' else 'West'}"
    return {
        "code": code,
        "severity": severity,
        "message": mark,
        "zones": [zone],
        "where": where,
        "mark": mark,
        "reason": "",
    }


def test_on_a_phone_the_plan_is_read(open_plan, world):
    page = open_plan(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    expect(page.locator("#tools")).to_be_hidden()
    page.touchscreen.tap(*at(page, (116.301, 39.901)))
    expect(page.locator(".zone-card[data-selected]")).to_contain_text("West")
    page.locator("#tab-zone").tap()
    expect(page.get_by_label("Name")).to_be_disabled()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_who_may_not_draw_looks(world, open_plan):
    plan = world["plan"]
    Plan.objects.filter(pk=plan.pk).update(status=Plan.Status.SUBMITTED)
    page = open_plan()
    expect(page.locator('.tool[data-tool="split"]')).to_be_disabled()
    page.keyboard.press("2")
    expect(page.locator('.tool[data-tool="select"]')).to_have_attribute("aria-pressed", "true")
    click(page, (116.301, 39.901))
    expect(page.locator(".zone-card[data-selected]")).to_contain_text("West")
