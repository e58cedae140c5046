"""What the office rules, kept in memory for as long as nothing of it changes.

Every report asks for it, and it changes a few times a month. The database gives it a new version in the
transaction of each change (`RulebookVersion`), and that version is asked for every time: so nothing old is
ever used, by whichever process it was changed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis_grids.prepared import prepared_cursor
from incidents.models import Emergency, Matter, RoutingRule, TimeLimit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What the office rules. Its rows belong to all who read: never change one.

    ``matters`` are the current ones by code; ``limits`` are by matter, priority and mode, ``routes`` by unit
    (None for everywhere) and code ("" for every matter), ``emergencies`` by unit.
    """

    matters: Mapping[str, Matter]
    limits: Mapping[tuple[int, str, str], TimeLimit]
    routes: Mapping[tuple[int | None, str], RoutingRule]
    emergencies: Mapping[int, Sequence[Emergency]]


#: The latest that was read, with its version; replaced as one, so that threads may share it.
_kept: tuple[UUID | None, Rulebook] | None = None


def rulebook() -> Rulebook:
    """Return what the office rules, as of now. One small query, four more after a change."""
    global _kept  # noqa: PLW0603
    with prepared_cursor() as cursor:
        cursor.execute("SELECT version FROM incidents_rulebookversion")
        row = cursor.fetchone()
    version, kept = row and row[0], _kept
    if kept is None or version is None or kept[0] != version:
        _kept = kept = (version, _read())
    return kept[1]


def _read() -> Rulebook:
    emergencies: dict[int, list[Emergency]] = defaultdict(list)
    for emergency in Emergency.objects.all():
        emergencies[emergency.unit_id].append(emergency)
    return Rulebook(
        matters={matter.code: matter for matter in Matter.objects.filter(is_current=True)},
        limits={(limit.matter_id, limit.priority, limit.mode): limit for limit in TimeLimit.objects.all()},
        routes={(rule.unit_id, rule.matter_code): rule for rule in RoutingRule.objects.all()},
        emergencies=dict(emergencies),
    )
