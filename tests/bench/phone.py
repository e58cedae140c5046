"""A phone in a real browser, on a network that fails at random points: what is lost, doubled and sent again.

The phone's queue is filled as the phone fills it; from then on its own code sends it. The network, the page
and the server go away at moments that the seed decides. The limit is the same queue on a network that works.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

from tests.bench.phone_run import FILES_EACH
from tests.bench.stage import ROOT, own_database
from tests.bench.table import LEAST, MOST, Figure
from tests.chromium import chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE: Final = "A phone's queue over a network that fails (bin/bench phone)"
_REPORTS, _QUICK_REPORTS = 1000, 8


def measure(*, quick: bool) -> list[Figure]:
    """Send a queue over a network that works, then another over one that fails; compare with the database."""
    if chromium() is None:
        sys.exit("The phone is measured in a browser: apt-get install chromium")
    count = _QUICK_REPORTS if quick else _REPORTS
    steady = _run("steady", max(count // 10, 3))
    shaken = _run("shaken", count)
    return [*_figures(shaken, steady)]


def _run(network_is: str, count: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.phone_run", network_is, str(count)]
    with own_database("phone") as url:
        surroundings = os.environ | {"DATABASE_URL": url}
        done = subprocess.run(
            command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, text=True, check=False
        )
    if done.returncode:
        sys.exit(done.returncode)
    return json.loads(done.stdout)


def _figures(shaken: dict[str, Any], steady: dict[str, Any]) -> Iterator[Figure]:
    reports, files = shaken["reports"], shaken["reports"] * FILES_EACH
    yield Figure("reports sent", reports, "")
    yield Figure("  with files", files, "")
    for name in ("reports", "files"):
        for fate in ("lost", "doubled"):
            yield Figure(f"  {name} {fate}", shaken[f"{name}_{fate}"], fate, goal=0, goal_of=MOST)
    yield Figure("  files whose bytes differ", shaken["files_altered"], "altered", goal=0, goal_of=MOST)
    yield Figure("  left on the phone", shaken["left"], "", goal=0, goal_of=MOST)
    yield Figure("connections broken", shaken["broken"], "", goal=reports / 20, goal_of=LEAST)
    yield Figure("pages killed", shaken["pages"] - 1, "")
    yield Figure("servers killed", shaken["servers"] - 1, "")
    resent = "on a network that works"
    yield Figure("bytes sent / bytes needed", shaken["up"] / shaken["needed"], "",
                 steady["up"] / steady["needed"], resent)  # fmt: skip
    yield Figure("reports with their files", reports / shaken["seconds"], "1/s",
                 steady["reports"] / steady["seconds"], resent)  # fmt: skip
