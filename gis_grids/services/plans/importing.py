"""Somebody else's plan, from a file: looked at first, taken when the planner agrees to its repair."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gis_grids.drafts.candidates import divided, ground_of
from gis_grids.drafts.images import images_of
from gis_grids.drafts.requests import Replace
from gis_grids.drafts.zones import Zone
from gis_grids.errors import BadFile, NotFound, cannot_draw
from gis_grids.geometry.redraw import CannotDrawError
from gis_grids.geometry.repair import SILENT_M2, ForeignZone, Repair, Scope, repair_plan
from gis_grids.selectors.plans.drafts import draft_of
from gis_grids.services.imports import require_fields
from gis_grids.services.plans.drawing import draw
from gis_grids.services.plans.guards import check_step, locked_plan
from gis_grids.vectorfiles.texts import as_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.drafts import Draft
    from gis_grids.drafts.zones import Shape
    from gis_grids.levels import Level
    from gis_grids.models import PlanOperation
    from gis_grids.services.imports import UnitFields
    from gis_grids.vectorfiles import FeatureFile


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A file that has been read, which of its fields say what, and which part of the plan it is for.

    ``zone`` is the key of the zone whose children (of ``level``) the file draws anew, "" for the scope.
    """

    file: FeatureFile
    fields: UnitFields
    level: Level
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file needs, and the operation that took it; None while the repair isn't agreed to."""

    repair: Repair
    zones: Mapping[str, Zone]
    operation: PlanOperation | None


@transaction.atomic
def import_plan(
    *,
    plan_id: int,
    operation_id: UUID,
    source: PlanFile,
    actor: AbstractBaseUser,
    accepted_m2: float = 0.0,
) -> Imported:
    """Put the zones of a file in place of those of a plan, if they tile the same ground or can be made to.

    Zones are known by their code, else by their name; others are new. A repair that moves more than
    `SILENT_M2`, and more than the planner has agreed to, is only returned: nothing is written. Raises
    `BadFile` for a file that can't be repaired sensibly, and what `draw` raises.
    """
    plan = locked_plan(plan_id, actor)
    check_step(plan, "draw", actor)
    draft = draft_of(plan)
    if source.zone and source.zone not in draft.zones:
        raise NotFound("plan.unknown", _("The grid is not there any more. Look at the map, and try again."))
    try:
        today = divided(draft, source.zone, source.level)
    except CannotDrawError as error:
        raise cannot_draw(error, draft.zones) from error
    foreign, zones = _matched(draft, today, source, f"i{plan.rev + 1}")
    ground = Scope(
        ground=ground_of(draft, source.zone),
        today={zone.key: draft.shape_of(zone.key) for zone in today},
        neighbours={},
        name=draft.zones[source.zone].name if source.zone else draft.scope_name,
    )
    repair = repair_plan(foreign, ground, allow_parts=source.level.is_administrative)
    drawn = {key: replace(zones[key], shape=shape) for key, shape in repair.zones.items()}
    if repair.area > max(SILENT_M2, accepted_m2):
        return Imported(repair, drawn, None)
    request = Replace(
        kind="import",
        zone=source.zone,
        images=images_of(drawn),
        parts=list(drawn) if any(zone.shape is None for zone in today) else [],
        source={"zones": len(drawn), "moved_m2": round(repair.area, 2)},
    )
    operation = draw(
        plan_id=plan_id, operation_id=operation_id, base_rev=plan.rev, request=request, actor=actor
    )
    return Imported(repair, drawn, operation)


def _matched(
    draft: Draft, today: Sequence[Zone], source: PlanFile, prefix: str
) -> tuple[list[ForeignZone], dict[str, Zone]]:
    """Return the zones of the file under the keys of the draft, and what is said of each."""
    require_fields(source.file, source.fields.name, source.fields.code, source.fields.parent)
    for fault in source.file.faults:
        raise BadFile.of(fault.code, **fault.details)
    codes = {zone.code: zone for zone in today if zone.code}
    names = {zone.name: zone for zone in today if [other.name for other in today].count(zone.name) == 1}
    taken = {zone.code for zone in draft.zones.values()}
    foreign: list[ForeignZone] = []
    zones: dict[str, Zone] = {}
    for n, feature in enumerate(source.file.features):
        code = as_text(feature.attributes.get(source.fields.code))
        name = as_text(feature.attributes.get(source.fields.name))
        known = codes.get(code) or names.get(name)
        if known is None:
            label = name or code or f"{n + 1}"
            known = Zone(
                f"{prefix}-{n}", source.level, source.zone, label, code="" if code in taken else code
            )
        foreign.append(ForeignZone(known.key, cast("Shape", feature.geometry), name or known.name))
        zones[known.key] = known
    return foreign, zones
