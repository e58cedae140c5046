"""What bin/bench prints, and what it says to a name that it doesn't know."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import pytest

from tests.bench.stage import ROOT
from tests.bench.table import MOST, RATIO, Figure, as_json


def test_json_is_a_list_of_figures_with_their_limits():
    figures = [
        Figure("speed", 5.0, "1/s", 20.0, "light", 0.5, RATIO),
        Figure("lost", 0, "", goal=0, goal_of=MOST),
        Figure("seen", 7, ""),
    ]
    speed, lost, seen = json.loads(as_json(figures))
    assert speed == {
        "name": "speed",
        "value": 5.0,
        "unit": "1/s",
        "limit": 20.0,
        "limit_name": "light",
        "goal": 0.5,
        "goal_of": RATIO,
        "ratio": 0.25,
        "reached": False,
    }
    assert (lost["ratio"], lost["reached"]) == (None, True)
    assert (seen["goal"], seen["reached"]) == (None, None)


def test_unknown_name_is_answered_with_those_there_are():
    command = [sys.executable, "-m", "tests.bench", "nothing", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "feed" in done.stderr


@pytest.mark.long
def test_quick_measurement_of_the_feed_loses_and_doubles_nothing():
    """The whole way: two processes, phones, walls, limits. How quick it was is not judged here."""
    command = [sys.executable, "-m", "tests.bench", "feed", "--quick", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    figures = json.loads(done.stdout)
    wrong = [
        one for one in figures if one["unit"] in {"lost", "doubled", "% accepted"} and not one["reached"]
    ]
    assert not wrong
    assert {one["limit_name"] != "" for one in figures} == {True, False}


@pytest.mark.long
def test_quick_measurement_of_the_planner_tells_all_its_parts():
    """The whole way, on a city of two communities. How quick it was is not judged here."""
    command = [sys.executable, "-m", "tests.bench", "planner", "--quick", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    figures = json.loads(done.stdout)
    assert all(math.isfinite(one["value"]) for one in figures)
    told = " ".join(one["name"] for one in figures)
    for part in (
        "given their leaf",
        "engine alone",
        "whole request",
        "checks",
        "report",
        "proposals",
        "published",
    ):
        assert part in told
    assert {one["limit_name"] != "" for one in figures} == {True, False}


def test_quick_queue_of_a_phone_loses_and_doubles_nothing():
    """Eight reports with their files over a network that fails; a thousand with bin/bench phone."""
    command = [sys.executable, "-m", "tests.bench", "phone", "--quick", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    figures = {one["name"].strip(): one for one in json.loads(done.stdout)}
    assert [name for name, one in figures.items() if one["reached"] is False] == []
    assert figures["reports sent"]["value"] == 8
