"""How units stand to the norms of service: the value, the bounds, the light, and what is lacking."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf
from typing import TYPE_CHECKING, Final

from gis_grids.levels import Level
from gis_grids.norms import Light, NormKind, light
from gis_grids.selectors.norms import norms_for
from households.selectors.unit_figures import figures_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from gis_grids.models import ServiceNorm
    from households.selectors.unit_figures import UnitFigures

#: The deepest level at which each norm is judged: a building group has no premises, and needs none.
JUDGED_TO: Final = {
    NormKind.HOUSEHOLDS_PER_WORKER: Level.AREA,
    NormKind.WORKERS_PER_10000: Level.COMMUNITY,
    NormKind.HOUSEHOLDS_PER_COMPOUND: Level.AREA,
    NormKind.BUILDINGS_PER_STEWARD: Level.BUILDING_GROUP,
    NormKind.PREMISES: Level.COMMUNITY,
    NormKind.PREMISES_NEW: Level.COMMUNITY,
    NormKind.ACTIVITY_SHARE: Level.COMMUNITY,
    NormKind.SERVICE_FUND: Level.COMMUNITY,
    NormKind.OFFICE_FUND: Level.COMMUNITY,
    NormKind.BENEFIT_SHARE: Level.COMMUNITY,
}
_PER_10000: Final = 10_000
_PER_1000: Final = 1_000


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a unit stands to a norm.

    ``value`` is None where it isn't known, or there is nothing to judge, and infinite where there is nobody
    to share the work. ``lacks`` is how much is missing to the norm: people, m² or yuan; None where
    nothing is, or where more of something would not help.
    """

    kind: NormKind
    value: float | None
    norm: ServiceNorm
    light: Light
    lacks: float | None


def judged(
    unit_ids: Collection[int], when: datetime | None = None
) -> tuple[dict[int, UnitFigures], dict[int, list[Judgement]]]:
    """Return the figures of each unit, and how it stands to each norm that is judged at its level."""
    figures, norms = figures_of(unit_ids, when), norms_for(unit_ids, when)
    return figures, {unit: _judge(own, norms.get(unit, {})) for unit, own in figures.items()}


def _judge(figures: UnitFigures, norms: dict[NormKind, ServiceNorm]) -> list[Judgement]:
    is_new = figures.is_new and figures.level is Level.COMMUNITY
    other = NormKind.PREMISES if is_new else NormKind.PREMISES_NEW
    kinds = [
        kind
        for kind, deepest in JUDGED_TO.items()
        if kind in norms and kind is not other and figures.level.depth <= deepest.depth
    ]
    return [_judgement(kind, figures, norms[kind]) for kind in kinds]


def _judgement(kind: NormKind, figures: UnitFigures, norm: ServiceNorm) -> Judgement:
    value = _VALUES[kind](figures)
    lacks = _LACKS[kind](figures, norm) if kind in _LACKS and value is not None else 0.0
    return Judgement(kind, value, norm, light(value, norm.least, norm.most), lacks if lacks > 0 else None)


def _ratio(part: float, whole: float, scale: float = 1.0) -> float | None:
    return part / whole * scale if whole else None


def _per_one(many: int, few: int) -> float | None:
    """Return how many there are to one; infinitely many where there is not one to share them."""
    if not many:
        return None
    return many / few if few else inf


def _service_fund(figures: UnitFigures) -> float | None:
    funds = figures.funds
    return _ratio(float(funds.service), funds.households) if funds else None


def _office_fund(figures: UnitFigures) -> float | None:
    funds = figures.funds
    return _ratio(float(funds.office), funds.households, _PER_1000) if funds else None


def _benefit_share(figures: UnitFigures) -> float | None:
    funds = figures.funds
    return _ratio(float(funds.benefit), float(funds.office)) if funds else None


def _premises(figures: UnitFigures) -> float | None:
    return None if figures.unmeasured else _ratio(figures.premises_m2, figures.communities)


def _activity_share(figures: UnitFigures) -> float | None:
    is_unknown = figures.unmeasured or figures.unshared
    return None if is_unknown else _ratio(figures.activity_m2, figures.premises_m2)


_VALUES: Final[dict[NormKind, Callable[[UnitFigures], float | None]]] = {
    NormKind.HOUSEHOLDS_PER_WORKER: lambda own: _per_one(own.households, len(own.workers)),
    NormKind.WORKERS_PER_10000: lambda own: _ratio(len(own.workers), own.residents, _PER_10000),
    NormKind.HOUSEHOLDS_PER_COMPOUND: lambda own: _ratio(own.in_compounds, own.compounds),
    NormKind.BUILDINGS_PER_STEWARD: lambda own: _per_one(own.buildings, len(own.stewards)),
    NormKind.PREMISES: _premises,
    NormKind.PREMISES_NEW: _premises,
    NormKind.ACTIVITY_SHARE: _activity_share,
    NormKind.SERVICE_FUND: _service_fund,
    NormKind.OFFICE_FUND: _office_fund,
    NormKind.BENEFIT_SHARE: _benefit_share,
}


def _workers_lacking(figures: UnitFigures, norm: ServiceNorm) -> float:
    return ceil(figures.households / norm.most) - len(figures.workers) if norm.most else 0


def _workers_lacking_for_residents(figures: UnitFigures, norm: ServiceNorm) -> float:
    return ceil(figures.residents * (norm.least or 0) / _PER_10000) - len(figures.workers)


def _stewards_lacking(figures: UnitFigures, norm: ServiceNorm) -> float:
    return ceil(figures.buildings / norm.most) - len(figures.stewards) if norm.most else 0


def _premises_lacking(figures: UnitFigures, norm: ServiceNorm) -> float:
    return (norm.least or 0) * figures.communities - figures.premises_m2


def _activity_lacking(figures: UnitFigures, norm: ServiceNorm) -> float:
    return (norm.least or 0) * figures.premises_m2 - figures.activity_m2


def _service_fund_lacking(figures: UnitFigures, norm: ServiceNorm) -> float:
    funds = figures.funds
    return (norm.least or 0) * funds.households - float(funds.service) if funds else 0


def _office_fund_lacking(figures: UnitFigures, norm: ServiceNorm) -> float:
    funds = figures.funds
    return (norm.least or 0) * funds.households / _PER_1000 - float(funds.office) if funds else 0


def _benefit_lacking(figures: UnitFigures, norm: ServiceNorm) -> float:
    funds = figures.funds
    return (norm.least or 0) * float(funds.office) - float(funds.benefit) if funds else 0


_LACKS: Final[dict[NormKind, Callable[[UnitFigures, ServiceNorm], float]]] = {
    NormKind.HOUSEHOLDS_PER_WORKER: _workers_lacking,
    NormKind.WORKERS_PER_10000: _workers_lacking_for_residents,
    NormKind.BUILDINGS_PER_STEWARD: _stewards_lacking,
    NormKind.PREMISES: _premises_lacking,
    NormKind.PREMISES_NEW: _premises_lacking,
    NormKind.ACTIVITY_SHARE: _activity_lacking,
    NormKind.SERVICE_FUND: _service_fund_lacking,
    NormKind.OFFICE_FUND: _office_fund_lacking,
    NormKind.BENEFIT_SHARE: _benefit_lacking,
}
