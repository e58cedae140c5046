"""Each defect of a plan's tiling gives exactly its code, wherever it came from (planner.md 3.1, 4.4)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from shapely import Polygon

from gis_grids.drafts.zones import Edit
from gis_grids.selectors.plans.problems import tiling_problems
from gis_grids.sentences import SENTENCES
from tests.gis_grids.drafts.drafting import draft_of
from tests.gis_grids.geometry.tilings import degrees, metres

MIDDLE, NEXT = "l9", "l10"


def with_shapes(draft, **shapes):
    before = {key: draft.zones[key] for key in shapes}
    after = {key: replace(before[key], shape=shape) for key, shape in shapes.items() if shape is not None}
    return draft.with_zones(Edit(before, after))


def grown(shape, by):
    """The shape, wider by so many metres on all sides."""
    return degrees(metres(shape).buffer(by, join_style="mitre"))


def pulled_back(draft, by):
    """The middle leaf without a strip of so many metres along its border with the next one."""
    strip = metres(draft.zones[NEXT].shape).buffer(by, join_style="mitre")
    rest = shapely.difference(metres(draft.zones[MIDDLE].shape), strip)
    return degrees(max(shapely.get_parts(rest), key=shapely.area))


def crossed(shape):
    points = shapely.get_coordinates(shape).copy()
    points[[3, 6]] = points[[6, 3]]
    return Polygon(points)


def without_a_vertex(draft):
    """The middle leaf without a vertex that the next one has, in the middle of a straight border."""
    a, b = draft.zones[MIDDLE].shape, draft.zones[NEXT].shape
    border = shapely.line_merge(shapely.intersection(a, b))
    start, end = shapely.get_coordinates(border)[:2]
    middle = shapely.Point(np.round((start + end) / 2, 9))
    return shapely.snap(b, middle, 2e-9)


DEFECTS = {
    "sliver": lambda draft: with_shapes(draft, l9=pulled_back(draft, 0.3)),
    "wide gap": lambda draft: with_shapes(draft, l9=pulled_back(draft, 3)),
    "hole": lambda draft: with_shapes(
        draft,
        l9=shapely.difference(
            draft.zones[MIDDLE].shape,
            degrees(metres(draft.zones[MIDDLE].shape).representative_point().buffer(6, quad_segs=1)),
        ),
    ),
    "zone missing": lambda draft: with_shapes(draft, l9=None),
    "overlap": lambda draft: with_shapes(draft, l9=grown(draft.zones[MIDDLE].shape, 2)),
    "outside": lambda draft: with_shapes(draft, l0=grown(draft.zones["l0"].shape, 5)),
    "self-crossing": lambda draft: with_shapes(draft, l9=crossed(draft.zones[MIDDLE].shape)),
    "vertex missing": lambda draft: with_shapes(draft, l10=without_a_vertex(draft)),
}
CODES = {
    "sliver": {"E01"},
    "wide gap": {"E01"},
    "hole": {"E01"},
    "zone missing": {"E01"},
    "overlap": {"E02"},
    "outside": {"E02", "E03"},
    "self-crossing": {"E05"},
    "vertex missing": {"E06"},
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_gives_its_code_with_a_place_and_a_sentence(defect):
    problems = list(tiling_problems(DEFECTS[defect](draft_of())))
    assert {problem.code for problem in problems} == CODES[defect]
    for problem in problems:
        assert problem.where is not None
        is_seen = problem.code in {"E01", "E02", "E03"}
        assert is_seen == (problem.ground is not None and shapely.geometry.shape(problem.ground).area > 0)
        assert "%(" not in str(SENTENCES[problem.sentence]) % problem.details


@pytest.mark.parametrize("defect", DEFECTS)
def test_what_lies_above_a_defect_can_be_shown(defect):
    draft = DEFECTS[defect](draft_of())
    above = [key for key, zone in draft.zones.items() if zone.shape is None]
    assert above
    for key in above:
        shape = draft.shape_of(key)
        assert shapely.is_valid(shape)
        assert shape.geom_type in {"Polygon", "MultiPolygon"}


def test_a_sound_draft_has_none():
    assert list(tiling_problems(draft_of())) == []


def test_gaps_are_told_together_with_the_largest():
    draft = with_shapes(draft_of(), l9=None, l14=None)
    [problem] = tiling_problems(draft)
    assert problem.details["n"] == 2
    assert problem.details["area"] > problem.details["largest"] > 1000
