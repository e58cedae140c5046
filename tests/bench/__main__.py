"""``python -m tests.bench NAME [--quick] [--json]``: measure, and print a table or JSON."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from tests.bench.table import as_json, show

#: A measurement is a module with ``TITLE`` and ``measure(*, quick) -> list[Figure]``.
_NAMES = ("comeback", "feed", "phone", "planner", "soak", "tiles", "wall")
MODULES = {name: f"tests.bench.{name}" for name in _NAMES} | {"import": "tests.bench.importing"}


def main() -> int:
    """Measure what was named; returns the exit code."""
    names = ", ".join(sorted(MODULES))
    parser = argparse.ArgumentParser(prog="bin/bench", description=f"Measurements: {names}")
    parser.add_argument("name")
    parser.add_argument("--quick", action="store_true", help="a shorter run, with less certain figures")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    wish = parser.parse_args()
    if wish.name not in MODULES:
        print(f"There is no measurement “{wish.name}”. There are: {names}", file=sys.stderr)
        return 2
    bench = import_module(MODULES[wish.name])
    figures = bench.measure(quick=wish.quick)
    if wish.json:
        print(as_json(figures))
    else:
        show(bench.TITLE, figures)
    return 0


sys.exit(main())
