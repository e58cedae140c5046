"""The ladder of escalation (incidents.md 1.4): whose turn it is, from the case's unit upward. No database.

居民小组 → 楼栋组 → 片区 → 社区 → 街道 → 区.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis_grids.levels import Level
from incidents.models import Escalation, Mode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis_grids.selectors import ChainLink

Step = Escalation.Step


@dataclass(frozen=True, slots=True)
class Answerable:
    """The unit whose people have to answer now, and the ids of the users who are told."""

    unit_id: int
    level: Level
    told: tuple[int, ...]


def ladder_of(chain: Sequence[ChainLink]) -> list[ChainLink]:
    """Return the rungs above and with the last unit of the chain, from it upward; the district is the top."""
    return [link for link in reversed(chain) if link.level.depth >= Level.DISTRICT.depth] or [chain[0]]


def who_answers(
    step: Step,
    chain: Sequence[ChainLink],
    people: Mapping[int, Sequence[int]],
    *,
    reached: Level | None,
    mode: Mode,
) -> Answerable:
    """Return who has to answer for a case whose clock has come to the step.

    ``people`` are those who answer for each unit, ``reached`` the level that this clock came to by the step
    before. 80 % is for the unit itself, 100 % goes one level up, 200 % one more, 300 % to the street at
    least. A unit without people is passed over, upward; if nobody is left, the unit stands with nobody
    told. In an emergency the ladder begins at the community, and the street is told with it.
    """
    ladder = ladder_of(chain)
    rung = min(_begins(step, ladder, reached, mode), len(ladder) - 1)
    manned = next((link for link in ladder[rung:] if people.get(link.unit_id)), ladder[rung])
    told = set(people.get(manned.unit_id, ()))
    if mode is Mode.EMERGENCY and step >= Step.LATE:
        told.update(*(people.get(link.unit_id, ()) for link in ladder if link.level is Level.STREET))
    return Answerable(manned.unit_id, manned.level, tuple(sorted(told)))


def _begins(step: Step, ladder: Sequence[ChainLink], reached: Level | None, mode: Mode) -> int:
    """Return the rung at which somebody is looked for."""
    first = _rung(ladder, Level.COMMUNITY) if mode is Mode.EMERGENCY else 0
    late = first if mode is Mode.EMERGENCY else 1
    before = _rung(ladder, reached) if reached else late
    return {
        Step.WARNING: first,
        Step.LATE: late,
        Step.VERY_LATE: before + 1,
        Step.STREET: max(before, _rung(ladder, Level.STREET)),
    }[step]


def _rung(ladder: Sequence[ChainLink], level: Level) -> int:
    """Return the first rung that is not below the level; the top one, if all are."""
    return next((n for n, link in enumerate(ladder) if link.level.depth <= level.depth), len(ladder) - 1)
