"""What a measurement yields, as a table for people and as JSON for programs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, beside the limit that was measured in the same run under the same conditions."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    limit_name: str = ""

    @property
    def ratio(self) -> float | None:
        """The figure as a share of its limit."""
        return self.value / self.limit if self.limit else None


def as_json(figures: list[Figure]) -> str:
    """Return the figures as a JSON list."""
    return json.dumps([asdict(figure) | {"ratio": figure.ratio} for figure in figures], indent=2)


def show(title: str, figures: list[Figure]) -> None:
    """Print the figures as a table."""
    table = Table(title=title, title_justify="left")
    for heading in ("figure", "value", "unit", "limit", "ratio"):
        table.add_column(heading, justify="left" if heading in {"figure", "unit"} else "right")
    table.add_column("the limit is")
    for figure in figures:
        limit = "" if figure.limit is None else f"{figure.limit:,.1f}"
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        table.add_row(figure.name, f"{figure.value:,.1f}", figure.unit, limit, ratio, figure.limit_name)
    Console(width=150).print(table)
