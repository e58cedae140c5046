"""What a measurement yields, as a table for people and as JSON for programs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table

RATIO, MOST, LEAST = "ratio ≥", "≤", "≥"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, beside the limit that was measured in the same run under the same conditions.

    A goal is set for the ratio (at least), or for the value itself (at most, at least).
    """

    name: str
    value: float
    unit: str
    limit: float | None = None
    limit_name: str = ""
    goal: float | None = None
    goal_of: str = ""

    @property
    def ratio(self) -> float | None:
        """The figure as a share of its limit."""
        return self.value / self.limit if self.limit else None

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        if self.goal is None:
            return None
        if self.goal_of == RATIO:
            return self.ratio is not None and self.ratio >= self.goal
        return self.value <= self.goal if self.goal_of == MOST else self.value >= self.goal


def as_json(figures: list[Figure]) -> str:
    """Return the figures as a JSON list."""
    return json.dumps(
        [asdict(figure) | {"ratio": figure.ratio, "reached": figure.reached} for figure in figures], indent=2
    )


def show(title: str, figures: list[Figure]) -> None:
    """Print the figures as a table."""
    table = Table(title=title, title_justify="left")
    for heading in ("figure", "value", "unit", "limit", "ratio", "goal", ""):
        table.add_column(heading, justify="left" if heading in {"figure", "unit"} else "right")
    table.add_column("the limit is")
    for figure in figures:
        limit = "" if figure.limit is None else f"{figure.limit:,.1f}"
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        goal = "" if figure.goal is None else f"{figure.goal_of} {figure.goal:,g}"
        mark = {None: "", True: "✓", False: "✗"}[figure.reached]
        value = f"{figure.value:,.1f}"
        table.add_row(figure.name, value, figure.unit, limit, ratio, goal, mark, figure.limit_name)
    Console(width=160).print(table)
