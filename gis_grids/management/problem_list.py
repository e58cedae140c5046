"""How commands print what is wrong with units."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gis_grids.selectors.tilings import Problem

_SHOWN_OF_A_KIND = 10


def error_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """Yield one line for each error: code, features, place, size, sentence. None is left out."""
    yield from (_line(problem) for problem in problems if problem.is_error)


def remark_lines(problems: Iterable[Problem], *, all_of_them: bool) -> Iterator[str]:
    """Yield lines for what is no error: of each kind the first ten and how many more, or all of them."""
    remarks = sorted((p for p in problems if not p.is_error), key=lambda problem: problem.code)
    for code, same in groupby(remarks, key=lambda problem: problem.code):
        kind = list(same)
        shown = len(kind) if all_of_them else _SHOWN_OF_A_KIND
        yield from (_line(problem) for problem in kind[:shown])
        if len(kind) > shown:
            more = _("  %(code)s: %(n)s more; --verbosity 2 shows them all.")
            yield more % {"code": code, "n": len(kind) - shown}


def as_json(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """Return the problems as data: places in lon/lat, sizes in m² or m."""
    return [
        {
            "code": problem.code,
            "error": problem.is_error,
            "units": list(problem.units),
            "features": list(problem.features),
            "place": problem.place,
            "size": problem.size,
            "measure": problem.measure,
            "sentence": str(problem),
        }
        for problem in problems
    ]


def _line(problem: Problem) -> str:
    features = ", ".join(map(str, problem.features))
    facts = [problem.code]
    if features:
        facts.append(_("feature %(numbers)s") % {"numbers": features})
    if problem.place:
        facts.append(f"{problem.place[0]:.6f}, {problem.place[1]:.6f}")
    if problem.measure:
        facts.append(f"{problem.size:,.3f} {problem.measure}")
    return f"  {' · '.join(facts)}\n      {problem}"
