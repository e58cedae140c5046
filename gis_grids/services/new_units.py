"""Units to come, and what can be wrong with each before anyone looks at how they tile."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from shapely import MultiPolygon, Polygon

from gis_grids.geometry.codes import in_code_order, next_codes
from gis_grids.geometry.lattice import to_storage
from gis_grids.models import Unit, UnitVersion
from gis_grids.models.shapes import as_multipolygon
from gis_grids.selectors.tilings import Problem
from gis_grids.vectorfiles.texts import unseen_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from shapely.geometry.base import BaseGeometry

    from gis_grids.levels import Level

_CODE = re.compile(r"[0-9A-Za-z_-]{1,32}")
_ROUNDED = re.compile(r"[0-9](\.[0-9]+)?e\+[0-9]+", re.IGNORECASE)
_LONGEST_NAME = 100
_DIGITS = 3
_DIGITS_OF_ROOTS = 4

MESSAGES = {
    "unit.code_given": _("“%(name)s” came without a code and got %(code)s."),
    "unit.bad_code": _(
        "“%(code)s” can't be a code: use at most 32 digits, plain letters, hyphens and underscores."
    ),
    "unit.code_rounded": _(
        "“%(code)s” is a number that has lost its last digits. Make the code field a text field, and fill in "
        "the codes again."
    ),
    "unit.unseen": _(
        "The name of the unit %(code)s holds a character that can't be seen or stored (%(character)s). Type "
        "the name again."
    ),
    "unit.no_name": _("The unit %(code)s has no name. Fill in the name field."),
    "unit.long_name": _("The name of the unit %(code)s is longer than 100 characters. Shorten it."),
    "unit.code_twice": _("The code %(code)s occurs %(n)s times. Give every unit a code of its own."),
    "unit.code_taken": _(
        "The code %(code)s belongs to a unit of the database, and a code is never given twice. Leave the "
        "unit out of the file, or give it a new code."
    ),
    "unit.no_parent": _("There is no unit %(parent)s for %(code)s to lie in. Import the upper level first."),
    "unit.parent_not_yet": _(
        "The parent %(parent)s of %(code)s is not in force at that time, or will change later. Give "
        "another date."
    ),
    "unit.parent_level": _("%(code)s can't lie in %(parent)s: the parent's level must be above its own."),
    "unit.no_polygon": _("The unit %(code)s has no polygon. Draw it, or leave it out of the file."),
}


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be made.

    `code` may be empty: then one is given (`with_codes`). `shape` is a lon/lat polygon (WGS 84), or None
    for a unit that is the union of its children in the same load. `feature` is its number in the file that
    it comes from.
    """

    code: str
    name: str
    level: Level
    shape: BaseGeometry | None = None
    parent_code: str | None = None
    feature: int | None = None


def stored_shape(unit: NewUnit) -> MultiPolygon | None:
    """Return the unit's shape as it would be stored; None when it has none."""
    ground = _ground(unit)
    return None if ground is None else as_multipolygon(to_storage(ground))


def with_codes(units: Sequence[NewUnit]) -> tuple[list[NewUnit], list[Problem]]:
    """Return the units with a code for each that came without, and a remark on each of those.

    They are numbered under their parent, west to east and north to south (field.md 2a), after the highest
    number ever used there. Units without parent get the name of their level before the number, which
    nobody will take for an official code.
    """
    coded, remarks = list(units), []
    for prefix, positions in _without_code(units).items():
        used = {unit.code for unit in units}
        used |= set(Unit.objects.filter(code__startswith=prefix).values_list("code", flat=True))
        shapes = [ground for n in positions if (ground := _ground(units[n]))]
        ordered = [positions[i] for i in in_code_order(shapes)]
        digits = _DIGITS_OF_ROOTS if units[positions[0]].parent_code is None else _DIGITS
        for n, code in zip(ordered, next_codes(prefix, len(ordered), used=used, digits=digits), strict=True):
            coded[n] = replace(units[n], code=code)
            remarks.append(replace(problem("unit.code_given", coded[n]), is_error=False))
    return coded, remarks


def _without_code(units: Sequence[NewUnit]) -> dict[str, list[int]]:
    """Return the positions of the units without code but with a shape, by what the code will begin with."""
    found: dict[str, list[int]] = defaultdict(list)
    for n, unit in enumerate(units):
        if not unit.code and _ground(unit) is not None:
            found[unit.parent_code or f"{unit.level}-"].append(n)
    return found


def _ground(unit: NewUnit) -> Polygon | MultiPolygon | None:
    """Return the unit's shape if it is ground: polygons, and not empty."""
    shape = unit.shape
    return shape if isinstance(shape, (Polygon, MultiPolygon)) and not shape.is_empty else None


def faults(units: Sequence[NewUnit], at: datetime) -> list[Problem]:
    """Return what is wrong with the units one by one: codes, names, parents, polygons."""
    return [*_own_faults(units), *_double_codes(units), *_parent_faults(units, at)]


def problem(code: str, /, *units: NewUnit, **details: object) -> Problem:
    """Return the problem `code` of `MESSAGES` about these units."""
    features = tuple(unit.feature for unit in units if unit.feature is not None)
    about = {"code": units[0].code, "name": units[0].name} if units else {}
    codes = tuple(dict.fromkeys(unit.code for unit in units))
    return Problem(code, MESSAGES[code], {**about, **details}, units=codes, features=features)


def _own_faults(units: Iterable[NewUnit]) -> Iterator[Problem]:
    by_parent = {unit.parent_code for unit in units}
    for unit in units:
        if _ROUNDED.fullmatch(unit.code):
            yield problem("unit.code_rounded", unit)
        elif not _CODE.fullmatch(unit.code):
            yield problem("unit.bad_code", unit, code=unit.code[:40])
        yield from _name_faults(unit)
        if _ground(unit) is None and unit.code not in by_parent:
            yield problem("unit.no_polygon", unit)


def _name_faults(unit: NewUnit) -> Iterator[Problem]:
    if not unit.name:
        yield problem("unit.no_name", unit)
    elif len(unit.name) > _LONGEST_NAME:
        yield problem("unit.long_name", unit)
    elif character := unseen_in(unit.name):
        yield problem("unit.unseen", unit, character=character)


def _double_codes(units: Sequence[NewUnit]) -> Iterator[Problem]:
    by_code: dict[str, list[NewUnit]] = defaultdict(list)
    for unit in units:
        if unit.code:
            by_code[unit.code].append(unit)
    for same in by_code.values():
        if len(same) > 1:
            yield problem("unit.code_twice", *same, n=len(same))
    for code in Unit.objects.filter(code__in=by_code).values_list("code", flat=True):
        yield problem("unit.code_taken", *by_code[code])


def _parent_faults(units: Sequence[NewUnit], at: datetime) -> Iterator[Problem]:
    levels = {unit.code: unit.level for unit in units}
    wanted = {unit.parent_code for unit in units if unit.parent_code} - set(levels)
    stored = UnitVersion.objects.filter(unit__code__in=wanted)
    known = dict(stored.values_list("unit__code", "unit__level"))
    open_then = set(
        stored.filter(valid__contains=at, valid__upper_inf=True).values_list("unit__code", flat=True)
    )
    for unit in units:
        parent = unit.parent_code
        if parent is None:
            continue
        level = levels.get(parent) or known.get(parent)
        if level is None:
            yield problem("unit.no_parent", unit, parent=parent)
        elif type(unit.level)(level).depth >= unit.level.depth:
            yield problem("unit.parent_level", unit, parent=parent)
        elif parent not in levels and parent not in open_then:
            yield problem("unit.parent_not_yet", unit, parent=parent)
