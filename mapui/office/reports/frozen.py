"""The figures of a report as they are kept when it is filed: JSON, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from incidents.selectors.performance import InTime, Performance, Times
from mapui.office.reports.content import Content, Ground, Rise
from mapui.office.statistics.lines import Line

_TIMES = ("collection", "collection_offline", "feedback", "handling", "resolution")
_IN_TIME = ("feedback_in_time", "handling_in_time", "resolution_in_time")
_LINES = ("units", "matters", "classes", "weeks")


def frozen(content: Content) -> dict[str, Any]:
    """Return the figures as JSON; names are in the language of who files it, as on his page."""
    return {
        "ground": asdict(content.ground),
        "total": _line(content.total),
        "before": _figures(content.before),
        "year_before": _figures(content.year_before),
        **{name: [_line(line) for line in getattr(content, name)] for name in _LINES},
        "rises": [asdict(rise) for rise in content.rises],
    }


def thawed(kept: dict[str, Any]) -> Content:
    """Return the figures that were kept."""
    return Content(
        ground=Ground(**kept["ground"]),
        total=_thawed_line(kept["total"]),
        before=_thawed_figures(kept["before"]),
        year_before=_thawed_figures(kept["year_before"]),
        **{name: [_thawed_line(line) for line in kept[name]] for name in _LINES},
        rises=[Rise(**rise) for rise in kept["rises"]],
    )


def _line(line: Line) -> dict[str, Any]:
    """Return a line without its addresses: what they lead to changes, the filed report doesn't."""
    return {
        "name": line.name,
        "short": line.short,
        "unit_id": line.unit_id,
        "households": line.households,
        "figures": _figures(line.figures),
    }


def _figures(figures: Performance) -> dict[str, Any]:
    # The first day of a period isn't read again: the line has its name.
    kept = asdict(figures)
    return kept | {"key": kept["key"] if isinstance(kept["key"], (int, str)) else None}


def _thawed_line(kept: dict[str, Any]) -> Line:
    return Line(**(kept | {"figures": _thawed_figures(kept["figures"])}))


def _thawed_figures(kept: dict[str, Any]) -> Performance:
    times = {name: Times(**kept[name]) for name in _TIMES}
    in_time = {name: InTime(**kept[name]) for name in _IN_TIME}
    return Performance(**(kept | times | in_time))
