"""What a plan changes, in plain words for anybody: no person, and no number small enough to mean one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gis_grids.selectors.plans import figures_of
from gis_grids.small_counts import LEAST, is_small

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapui.planner.sides import Sides


@dataclass(frozen=True, slots=True)
class Told:
    """A zone that changes, and what is said of it."""

    name: str
    words: str
    colour: int | None


def told(sides: Sides) -> Iterator[Told]:
    """Yield what is said of each zone of the level that differs: what goes on or begins, then what ends."""
    compared = sides.compared
    was = {zone.key: zone for zone in sides.before if zone.colour is not None}
    now = {zone.key: zone for zone in sides.after if zone.colour is not None}
    before = figures_of(compared.before, list(was), compared.at, {})
    after = figures_of(compared.after, list(now), compared.at, {})
    for key, zone in now.items():
        households = round(after[key].get("households", 0))
        if key in was:
            former = round(before[key].get("households", 0))
            renamed = was[key].name != zone.name
            words = _changed(former, households)
            if renamed:
                until_now = _("Until now “%(name)s”.") % {"name": was[key].name}
                words = f"{until_now} {words}"
        else:
            words = _("New. It will have %(households)s.") % {"households": number(households)}
        yield Told(zone.name, words, zone.colour)
    for key, zone in was.items():
        if key not in now:
            households = round(before[key].get("households", 0))
            words = _("Ends. Its %(households)s come to its neighbours.") % {"households": number(households)}
            yield Told(zone.name, words, zone.colour)


def _changed(former: int, households: int) -> str:
    if abs(households - former) < LEAST:
        return _("Its border changes; it keeps about as many households.")
    return _("It had %(before)s and will have %(after)s.") % {
        "before": number(former),
        "after": number(households),
    }


def number(households: int) -> str:
    """Return a number of households in words, unless it is so small that it would tell of persons."""
    if is_small(households):
        return _("fewer than %(n)s households") % {"n": LEAST}
    if not households:
        return _("no households")
    return ngettext("%(n)s household", "%(n)s households", households) % {"n": f"{households:,}"}
