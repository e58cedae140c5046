"""Somebody else's plan from a file, on the planner's screen: looked at, refused, taken with its repairs."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect
from shapely import affinity, box
from shapely.geometry import mapping

from tests.browser.planner.conftest import is_tiling, zones

pytestmark = pytest.mark.browser
#: How many zones of a proposal or a file lie over the map.
GHOSTS = """() => {
    let count = 0;
    window.theMap.eachLayer((layer) => { if (layer.feature && layer.options.pane === "ghosts") count += 1; });
    return count;
}"""


def of_file(shapes):
    """Return a file for the form: names and shapes as GeoJSON."""
    features = [
        {"type": "Feature", "properties": {"name": name, "code": code}, "geometry": mapping(shape)}
        for name, (code, shape) in shapes.items()
    ]
    return named(json.dumps({"type": "FeatureCollection", "features": features}))


def named(text):
    return {"name": "plan.geojson", "mimeType": "application/geo+json", "buffer": text.encode()}


def test_a_plan_from_a_file_is_shown_put_away_when_the_next_is_broken_and_taken_with_its_repairs(
    open_plan, world
):
    shapes = {name: (zone.code, zone.shape) for name, zone in zones(world).items() if zone.shape is not None}
    code, west = shapes.pop("West")
    shapes["A name that nobody uses"] = code, west.intersection(affinity.translate(box(*west.bounds), -2e-5))
    page = open_plan()
    page.get_by_role("tab", name="Proposal").click()
    page.locator(".import-box summary").click()
    files, look = page.locator("#import-files"), page.get_by_role("button", name="Look at the file")
    files.set_input_files(of_file(shapes))
    look.click()
    take = page.get_by_role("button", name="Take it with these repairs")
    expect(take).to_be_visible()
    expect(page.locator(".import-lines")).to_contain_text("“West” is “A name that nobody uses” there")
    assert page.evaluate(GHOSTS) == len(shapes)
    files.set_input_files(named('{"type": "FeatureCollection"'))
    look.click()
    expect(page.locator("#notes")).to_contain_text("is broken at line 1")
    expect(take).to_have_count(0)
    assert page.evaluate(GHOSTS) == 0
    files.set_input_files(of_file(shapes))
    page.get_by_label("Take the file's names too").check()
    look.click()
    take.click()
    expect(page.locator(".import-box")).to_contain_text("Taken.")
    assert is_tiling(world)
    assert not zones(world)["A name that nobody uses"].shape.equals(west)
