"""For how long personal data is kept now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis_grids.levels import Level
from gis_grids.models import RetentionRule, Unit
from gis_grids.permissions import OFFICE
from gis_grids.personal import USUAL_DAYS, Keep

if TYPE_CHECKING:
    from gis_grids.permissions import Scope


@dataclass(frozen=True, slots=True)
class Kept:
    """A class of personal data and the days that it is kept; ``rule`` is the district's own, if any."""

    keep: Keep
    days: int
    rule: RetentionRule | None


def kept() -> list[Kept]:
    """Return every class that is kept for a time, in their order. One query."""
    latest = RetentionRule.objects.order_by("keep", "-since", "-pk").distinct("keep").select_related("set_by")
    rules = {rule.keep: rule for rule in latest}
    return [
        Kept(keep, rules[keep].days if keep in rules else usual, rules.get(keep))
        for keep, usual in USUAL_DAYS.items()
    ]


def days_kept(keep: Keep) -> int:
    """Return for how many days a class is kept. One query."""
    return next(row.days for row in kept() if row.keep is keep)


def may_set_rules(scope: Scope) -> bool:
    """Tell whether the person sets them: the offices of a district or a city do, for all below. One query."""
    levels = [level for level in Level if level.depth <= Level.DISTRICT.depth]
    return Unit.objects.filter(pk__in=scope.roots(OFFICE), level__in=levels).exists()
