"""What bin/bench prints, and what it says to a name that it doesn't know."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.bench.stage import ROOT
from tests.bench.table import Figure, as_json


def test_json_is_a_list_of_figures_with_their_limits():
    figures = [Figure("speed", 5.0, "1/s", 20.0, "light"), Figure("lost", 0, "")]
    assert json.loads(as_json(figures)) == [
        {
            "name": "speed",
            "value": 5.0,
            "unit": "1/s",
            "limit": 20.0,
            "limit_name": "light",
            "ratio": 0.25,
        },
        {"name": "lost", "value": 0, "unit": "", "limit": None, "limit_name": "", "ratio": None},
    ]


def test_unknown_name_is_answered_with_those_there_are():
    command = [sys.executable, "-m", "tests.bench", "nothing", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "live" in done.stderr
