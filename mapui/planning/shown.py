"""A plan and its zones as the planner's map takes them: JSON, lon/lat as they are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import shapely
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.drafts import Draft
from gis_grids.drafts.comparison import differing, unlike
from gis_grids.drafts.images import zone_of
from gis_grids.errors import describe
from gis_grids.models import PlanOperation, PlanProposal, UnitVersion
from gis_grids.models.shapes import from_stored
from gis_grids.people import name_of
from gis_grids.selectors.plans import base_draft, draft_of, figures_of, may, norms_of, problems_of
from gis_grids.selectors.plans.problems import are_problems_known, stale_base
from gis_grids.sentences import SENTENCES, listed, quoted
from gis_grids.services.plans.drawing import undoable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from gis_grids.drafts import Zone
    from gis_grids.drafts.comparison import Figures, Problem
    from gis_grids.drafts.zones import Shape
    from gis_grids.levels import Level
    from gis_grids.models import Plan
    from gis_grids.permissions import Scope
    from gis_grids.services.plans import Imported
    from gis_grids.vectorfiles import FeatureFile

Json = dict[str, Any]

PROBLEMS_UNKNOWN = _("This plan was published before problems were kept: which it had is not known.")

#: What an operation did, in the history and to who hears of it.
DEEDS = {
    "split": _("split %(zones)s"),
    "merge": _("merged %(zones)s"),
    "transfer": _("gave ground to %(zones)s"),
    "reshape": _("drew the border of %(zones)s anew"),
    "move_edge": _("moved the border of %(zones)s"),
    "move_node": _("moved a corner of %(zones)s"),
    "assign": _("put %(zones)s under another parent"),
    "subdivide": _("began a level below %(zones)s"),
    "rename": _("renamed %(zones)s"),
    "renumber": _("gave %(zones)s another code"),
    "purpose": _("said what %(zones)s is for"),
    "staff": _("set the posts of %(zones)s"),
    "lock": _("locked %(zones)s"),
    "unlock": _("unlocked %(zones)s"),
    "align": _("aligned borders"),
    "repartition": _("took a proposal for %(zones)s"),
    "import": _("took a plan from a file"),
    "copy": _("began with a copy"),
    "restore": _("put back what was before"),
    "sync": _("brought the plan up to the latest boundaries"),
    "undo": pgettext_lazy("operation", "took back: %(zones)s"),
    "redo": pgettext_lazy("operation", "did again: %(zones)s"),
}


def plan_shown(plan: Plan, reader: Scope) -> Json:
    """Return a plan without its zones, with what the reader may do with it."""
    draft = draft_of(plan)
    scope = UnitVersion.objects.select_related("unit").get(unit=plan.scope_id, valid__contains=plan.base_at)
    can = may(reader, plan)
    steps = {name.rstrip("_"): getattr(can, name) for name in can.__slots__}
    undo = undoable(plan, reader.user_id or 0) if can.draw else None
    redo = undoable(plan, reader.user_id or 0, redo=True) if can.draw else None
    return {
        "id": plan.pk,
        "title": plan.title,
        "purpose": plan.purpose,
        "status": plan.status,
        "status_name": plan.get_status_display(),
        "rev": plan.rev,
        "scope": {
            "id": scope.unit_id,
            "code": scope.unit.code,
            "name": scope.name,
            "level": scope.unit.level,
        },
        "level": plan.level,
        "levels": [{"code": level.value, "name": str(level.label)} for level in draft.levels],
        "base_at": plan.base_at,
        "effective_at": plan.effective_at,
        "announced_until": plan.announced_until,
        "extent": list(draft.ground.bounds),
        "norms": {
            level.value: {"households": norm.households, "tolerance": norm.tolerance, "basis": norm.basis}
            for level, norm in norms_of(plan.scope_id).items()
        },
        "may": steps,
        "author": name_of(plan.author),
        "undo": undo.seq if undo else None,
        "redo": redo.seq if redo else None,
        "is_stale": any(True for _problem in stale_base(plan)),
    }


def zones_shown(plan: Plan, level: Level) -> Json:
    """Return the zones of a level as features, with the units around the scope for orientation."""
    draft = draft_of(plan)
    keys = zones_on(draft, level)
    return {
        "rev": plan.rev,
        "level": level.value,
        "features": _features(plan, draft, keys),
        "neighbours": _neighbours(plan, level),
        "locked_border": True,
    }


def zones_on(draft: Draft, level: Level) -> list[str]:
    """Return the zones to show on a level: its own, and leaves above it that go no deeper."""
    return [
        key
        for key, zone in draft.zones.items()
        if zone.level == level or (zone.shape is not None and zone.level.depth < level.depth)
    ]


def figures_shown(plan: Plan, level: Level) -> Json:
    """Return the figures of the zones of a level, and of today's, with the level's norm."""
    norms = norms_of(plan.scope_id)
    draft, base = draft_of(plan), base_draft(plan.scope_id, plan.base_at)
    norm = norms.get(level)
    at = max(timezone.now(), plan.base_at)
    return {
        "rev": plan.rev,
        "norm": norm and {"households": norm.households, "tolerance": norm.tolerance, "basis": norm.basis},
        "zones": rounded(figures_of(draft, zones_on(draft, level), at, norms)),
        "before": rounded(figures_of(base, zones_on(base, level), at, norms)),
    }


def result_shown(operation: PlanOperation, plan: Plan, level: Level) -> Json:
    """Return what an operation has done to the zones of a level, as they are now."""
    draft = draft_of(plan)
    # Who lost what lay in him has changed too, though nothing of his own has.
    former = {image["parent"] for image in operation.before}
    touched = _touched(draft, operation.zones, former, level)
    before = {image["key"]: image["level"] for image in operation.before}
    ended = [key for key, own in before.items() if own == level.value and key not in draft.zones]
    at = max(timezone.now(), plan.base_at)
    undo, redo = (undoable(plan, operation.author_id, redo=again) for again in (False, True))
    return {
        **deed_shown(operation),
        "rev": plan.rev,
        "level": level.value,
        "features": _features(plan, draft, touched),
        "ended": ended,
        "figures": rounded(figures_of(draft, touched, at, norms_of(plan.scope_id))),
        "undo": undo.seq if undo else None,
        "redo": redo.seq if redo else None,
    }


def deed_shown(operation: PlanOperation) -> Json:
    """Return who did what, and when."""
    about = listed(quoted(name) for name in operation.about)
    return {
        "seq": operation.seq,
        "kind": operation.kind,
        "by": name_of(operation.author),
        "at": operation.at,
        "message": str(DEEDS[_deed(operation)]) % {"zones": about},
    }


def _deed(operation: PlanOperation) -> str:
    is_unlocked = operation.kind == "lock" and not operation.payload["locked"]
    return "unlock" if is_unlocked else operation.kind


def proposal_shown(proposal: PlanProposal, plan: Plan) -> Json:
    """Return how far a proposal is, and its candidates with their zones as features."""
    return {
        "id": proposal.pk,
        "state": proposal.state,
        "progress": proposal.progress,
        "error": proposal.error,
        "candidates": [_candidate(candidate, proposal, plan) for candidate in proposal.candidates],
    }


def _candidate(candidate: Json, proposal: PlanProposal, plan: Plan) -> Json:
    zones = {image["key"]: zone_of(image) for image in candidate["zones"]}
    draft = Draft(zones, draft_of(plan).ground)
    shown = [zone for zone in zones.values() if zone.level == proposal.parameters["level"]]
    at = max(timezone.now(), plan.base_at)
    return {
        "name": candidate["name"],
        "metrics": candidate["metrics"],
        "features": [_feature(draft, zone, is_changed=True) for zone in shown],
        "figures": rounded(figures_of(draft, [zone.key for zone in shown], at, norms_of(plan.scope_id))),
    }


def import_shown(imported: Imported, file: FeatureFile, plan: Plan, level: Level) -> Json:
    """Return what a file needs: findings, changes with their m², a preview; and the result if taken."""
    draft = Draft(imported.zones, draft_of(plan).ground)
    return {
        "taken": imported.operation is not None,
        "is_drawn": imported.is_drawn,
        "result": imported.operation and result_shown(imported.operation, plan, level),
        "moved_m2": round(imported.repair.area, 2),
        "notes": [describe(note) for note in (*file.notes, *imported.notes)],
        "findings": [
            {"code": one.code, "message": describe(one), "where": [one.where.x, one.where.y]}
            for one in imported.repair.findings
        ],
        "changes": [
            {
                "code": one.code,
                "message": describe(one),
                "area_m2": round(one.area, 2),
                "zones": list(one.zones),
                "where": [one.where.x, one.where.y],
            }
            for one in imported.repair.changes
        ],
        "features": [_feature(draft, zone, is_changed=True) for zone in imported.zones.values()],
    }


def problem_shown(problem: Problem, draft: Draft, reasons: dict[str, str]) -> Json:
    """Return a problem with its sentence in the reader's language."""
    levels = [draft.zones[key].level.value for key in problem.zones if key in draft.zones]
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "message": str(SENTENCES[problem.sentence]) % problem.details,
        "zones": list(problem.zones),
        "level": levels[0] if levels else "",
        "where": problem.where and list(problem.where),
        "ground": problem.ground,
        "households": len(problem.household_ids),
        "mark": problem.mark,
        "reason": reasons.get(problem.mark, ""),
        "inherited": problem.is_inherited,
    }


def problems_shown(plan: Plan) -> Json:
    """Return everything wrong with a plan, or why that can't be told."""
    draft = draft_of(plan)
    return {
        "rev": plan.rev,
        "problems": [problem_shown(problem, draft, plan.reasons) for problem in problems_of(plan)],
        "unknown": "" if are_problems_known(plan) else str(PROBLEMS_UNKNOWN),
    }


def rounded(figures: Figures) -> dict[str, dict[str, float | int | None]]:
    """Return figures as they are sent; whoever shows them rounds further."""
    return {
        key: {
            "deviation": None,
            **{name: value if isinstance(value, int) else round(value, 4) for name, value in own.items()},
        }
        for key, own in figures.items()
    }


def coordinates(shape: Shape) -> Json:
    """Return a shape as GeoJSON geometry, every coordinate as it is stored."""
    return dict(shapely.geometry.mapping(shape))


def _features(plan: Plan, draft: Draft, keys: Iterable[str]) -> list[Json]:
    changed = _changed(plan, draft)
    return [_feature(draft, draft.zones[key], is_changed=key in changed) for key in keys]


def _feature(draft: Draft, zone: Zone, *, is_changed: bool) -> Json:
    return {
        "type": "Feature",
        "id": zone.key,
        "geometry": coordinates(draft.shape_of(zone.key)),
        "properties": {
            "name": zone.name,
            "code": zone.code,
            "level": zone.level.value,
            "parent": zone.parent,
            "is_locked": _is_locked(draft, zone),
            "is_new": zone.unit_id is None,
            "is_leaf": zone.shape is not None,
            "is_changed": is_changed,
            "purpose": zone.purpose,
        },
    }


def _is_locked(draft: Draft, zone: Zone) -> bool:
    above = draft.zones.get(zone.parent)
    return zone.is_locked or (above is not None and _is_locked(draft, above))


def _changed(plan: Plan, draft: Draft) -> set[str]:
    """Return the zones that aren't as they are in force, and those above them."""
    base = base_draft(plan.scope_id, plan.base_at)
    drawn = [key for key in unlike(base, draft) if key in draft.zones]
    return {zone.key for key in differing(base, draft, drawn) for zone in draft.chain(key)}


def _touched(draft: Draft, keys: Collection[str], former: Collection[str], level: Level) -> list[str]:
    """Return the zones shown on a level that an operation on these zones may have changed.

    ``former`` are the parents that the zones had before it.
    """
    shown = set(zones_on(draft, level))
    near = [zone for key in keys if key in draft.zones for zone in (*draft.chain(key), *draft.below(key))]
    near += [zone for key in former if key in draft.zones for zone in draft.chain(key)]
    return list(dict.fromkeys(zone.key for zone in near if zone.key in shown))


def _neighbours(plan: Plan, level: Level) -> list[Json]:
    """Return the units of a level around the scope."""
    scope = UnitVersion.objects.get(unit=plan.scope_id, valid__contains=plan.base_at)
    inside = {zone.unit_id for zone in base_draft(plan.scope_id, plan.base_at).zones.values()}
    near = UnitVersion.objects.filter(
        boundary__intersects=scope.boundary, valid__contains=plan.base_at, depth=level.depth
    ).exclude(unit__in={plan.scope_id, *(unit for unit in inside if unit)})
    return [
        {
            "type": "Feature",
            "id": f"v{version.pk}",
            "geometry": coordinates(cast("Shape", from_stored(version.boundary))),
            "properties": {"name": version.name},
        }
        for version in near
    ]
