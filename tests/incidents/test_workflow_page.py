"""The page about the workflow says what the table says."""

from __future__ import annotations

from pathlib import Path

from incidents.workflow import TABLE, Actor, Clock, Need, State, Transition

PAGE = Path(__file__).parents[2] / "docs" / "workflow.md"
HEAD = "| Action | From | To | Who | Needs | Stops |"


def words(members, kind) -> str:
    return ", ".join(member.value for member in kind if member in members) or "–"


def line(row: Transition) -> str:
    cells = (
        row.action.value,
        "any" if row.sources == frozenset(State) else words(row.sources, State),
        row.target.value,
        words(row.actors, Actor),
        words(row.needs, Need),
        words(row.clocks, Clock).replace("_at", ""),
    )
    return f"| {' | '.join(cells)} |"


def test_the_page_has_the_rows_of_the_table_in_their_order():
    _before, _head, after = PAGE.read_text("utf-8").partition(f"{HEAD}\n|---|---|---|---|---|---|\n")
    assert after.splitlines() == [line(row) for row in TABLE]
