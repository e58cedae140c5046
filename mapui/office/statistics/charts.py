"""Charts as plain shapes, drawn by a template: they look alike on the page and on paper. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mapui.office.statistics.lines import Line

WIDTH: Final = 720
#: Told apart by everybody, also by who doesn't see red and green, and in grey: dark, middle, light.
IN_TIME, LATE, OPEN = "#1f5f94", "#e07b1a", "#c3ced8"
MOST_BARS: Final = 24
_NAMES: Final = 190
_ROW, _THICK = 24, 15
_TEXT: Final = 13
_HIGH, _LEFT, _BELOW, _ABOVE = 190, 44, 24, 14
_TICKS: Final = 4
_WIDE_FROM: Final = 0x2E80
"""From here on the characters are as wide as high: Chinese, Japanese, Korean."""


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of a colour (pixels of the chart)."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Word:
    """A text at a place, by its baseline; ``anchor`` start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Mark:
    """What belongs to one group: its blocks, and what is said when one points at it."""

    title: str
    blocks: list[Block]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of a size; ``rules`` are the heights of the lines across it, ``rest`` the groups left out."""

    height: int
    marks: list[Mark]
    words: list[Word]
    rules: list[float]
    rest: int = 0
    width: int = WIDTH
    left: int = _LEFT


def shares(line: Line) -> list[tuple[int, str]]:
    """Return how many of the cases were resolved in time, late, and of how many it isn't known yet."""
    resolved = line.figures.resolution_in_time
    parts = [
        (resolved.kept, IN_TIME),
        (resolved.known - resolved.kept, LATE),
        (line.figures.cases - resolved.known, OPEN),
    ]
    return [(count, colour) for count, colour in parts if count > 0]


def bars(lines: Sequence[Line]) -> Chart:
    """Return a bar for each group, one below the other, as long as it has cases."""
    shown = [line for line in lines if not line.is_hidden][:MOST_BARS]
    most = max((line.figures.cases for line in shown), default=0) or 1
    scale = (WIDTH - _NAMES - 60) / most
    marks, words = [], []
    for n, line in enumerate(shown):
        y, x = n * _ROW + 4, float(_NAMES)
        blocks = []
        for count, colour in shares(line):
            blocks.append(Block(round(x, 1), y, round(count * scale, 1), _THICK, colour))
            x += count * scale
        marks.append(Mark(_title(line), blocks))
        words += [
            Word(_NAMES - 8, y + 12, fitted(line.name, _NAMES - 12), "end"),
            Word(round(x + 6, 1), y + 12, str(line.figures.cases)),
        ]
    return Chart(max(_ROW, len(shown) * _ROW + 4), marks, words, [], rest=len(lines) - len(shown))


def columns(lines: Sequence[Line]) -> Chart:
    """Return a column for each period, side by side, as high as it has cases."""
    most = max((line.figures.cases for line in lines if not line.is_hidden), default=0)
    step = tick_step(most)
    top = step * max(1, ceil(most / step))
    scale, base = _HIGH / top, _ABOVE + _HIGH
    room = (WIDTH - _LEFT) / max(1, len(lines))
    # A column for each of a thousand days is a hair; a few months are no towers.
    thick = min(46.0, max(0.6, room * 0.74))
    marks = []
    for n, line in enumerate(lines):
        x, y = _LEFT + n * room + (room - thick) / 2, float(base)
        blocks = []
        for count, colour in [] if line.is_hidden else shares(line):
            y -= count * scale
            blocks.append(Block(round(x, 1), round(y, 1), round(thick, 1), round(count * scale, 1), colour))
        marks.append(Mark(_title(line), blocks))
    ticks = [n * step for n in range(round(top / step) + 1)]
    words = [Word(_LEFT - 6, round(base - tick * scale + 4, 1), str(tick), "end") for tick in ticks]
    words += _below(lines, room, base)
    return Chart(base + _BELOW, marks, words, [round(base - tick * scale, 1) for tick in ticks])


def _below(lines: Sequence[Line], room: float, base: float) -> Iterable[Word]:
    """Return the names of as many periods as have room below the columns."""
    names = [line.short or line.name for line in lines]
    every = max(1, ceil((max(map(width_of, names), default=0) + 12) / room))
    free_from = 0.0
    for n in range(0, len(names), every):
        half = width_of(names[n]) / 2
        x = min(max(_LEFT + (n + 0.5) * room, half), WIDTH - half)
        if x - half >= free_from:
            free_from = x + half + 6
            yield Word(round(x, 1), base + 17, names[n], "middle")


def tick_step(most: int) -> int:
    """Return a round step (1, 2, 5, 10, …) of which about `_TICKS` make up so many."""
    if most <= _TICKS:
        return 1
    rough = most / _TICKS
    ten = 10 ** floor(log10(rough))
    return max(1, int(next(factor * ten for factor in (1, 2, 5, 10) if factor * ten >= rough)))


def width_of(text: str) -> float:
    """Return how wide a text is, about, in pixels."""
    return sum(_TEXT if ord(letter) >= _WIDE_FROM else _TEXT * 0.62 for letter in text)


def fitted(text: str, room: float) -> str:
    """Return the text, cut off with an ellipsis where there is no room for it."""
    if width_of(text) <= room:
        return text
    while text and width_of(text) > room - _TEXT:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _title(line: Line) -> str:
    if line.is_hidden:
        return line.name
    resolved = line.figures.resolution_in_time
    return f"{line.name}: {line.figures.cases} ({resolved.kept} / {resolved.known})"
