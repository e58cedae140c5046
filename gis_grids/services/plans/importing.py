"""Somebody else's plan, from a file: looked at first, taken when the planner agrees to its repair."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gis_grids.drafts.candidates import divided, ground_of
from gis_grids.drafts.images import images_of
from gis_grids.drafts.requests import Replace
from gis_grids.drafts.zones import Zone
from gis_grids.errors import BadFile, BadInput, NotFound
from gis_grids.geometry.redraw import CannotDrawError
from gis_grids.geometry.repair import SILENT_M2, ForeignZone, Repair, Scope, repair_plan
from gis_grids.selectors.plans.drafts import draft_of
from gis_grids.services.imports import require_fields
from gis_grids.services.plans.drawing import draw
from gis_grids.services.plans.guards import check_step, locked_plan
from gis_grids.vectorfiles.features import Note
from gis_grids.vectorfiles.texts import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
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

    ``zone`` is the key of the zone whose children (of ``level``) the file draws anew, "" for the scope. With
    ``takes_names`` the zones that go on get the file's names.
    """

    file: FeatureFile
    fields: UnitFields
    level: Level
    zone: str = ""
    takes_names: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file needs, and the operation that took it; None while the repair isn't agreed to.

    ``notes`` tell what the file means beyond its borders: zones that begin and end, names that stay. One that
    ``is_drawn`` already, once it is repaired, isn't taken.
    """

    repair: Repair
    zones: Mapping[str, Zone]
    operation: PlanOperation | None
    notes: Sequence[Note] = ()
    is_drawn: bool = False


@dataclass(frozen=True, slots=True)
class _Matched:
    """A zone of the file, and the zone of the plan that it is; ``name`` and ``code`` as the file has them."""

    zone: Zone
    shape: Shape
    is_known: bool
    name: str
    code: str

    @property
    def said(self) -> str:
        """By what the file knows it."""
        return self.code or self.name


@transaction.atomic
def import_plan(
    *,
    plan_id: int,
    operation_id: UUID,
    source: PlanFile,
    actor: AbstractBaseUser,
    accepted_m2: float | None = None,
) -> Imported:
    """Put the zones of a file in place of those of a plan, if they tile the same ground or can be made to.

    Zones are known by their code, else by their name; others are new. A repair that moves more than
    `SILENT_M2`, and more than the planner has agreed to, is only returned: nothing is written. Nor is a file
    by which zones end, while he hasn't said at all how many m² may move (None). Raises
    `BadFile` for a file that can't be repaired sensibly, `BadInput` ("plan.import_level") for a level that
    isn't the one right below, and what `draw` raises.
    """
    plan = locked_plan(plan_id, actor)
    check_step(plan, "draw", actor)
    draft = draft_of(plan)
    if source.zone and source.zone not in draft.zones:
        raise NotFound("plan.unknown", _("The grid is not there any more. Look at the map, and try again."))
    try:
        today = divided(draft, source.zone, source.level)
    except CannotDrawError as error:
        message = _(
            "A file draws the level right below the plan's scope, or right below the zone that is selected. "
            "Choose that level, or click the zone that the file divides."
        )
        raise BadInput("plan.import_level", message) from error
    matched = _matched(draft, today, source, f"i{plan.rev + 1}")
    foreign = [ForeignZone(one.zone.key, one.shape, one.name or one.zone.name) for one in matched]
    ground = Scope(
        ground=ground_of(draft, source.zone),
        today={zone.key: draft.shape_of(zone.key) for zone in today},
        neighbours={},
        name=draft.zones[source.zone].name if source.zone else draft.scope_name,
    )
    repair = repair_plan(foreign, ground, allow_parts=source.level.is_administrative)
    zones = {one.zone.key: one.zone for one in matched}
    drawn = {key: replace(zones[key], shape=shape) for key, shape in repair.zones.items()}
    notes = list(_notes(matched, today, takes_names=source.takes_names))
    if _is_drawn(draft, today, drawn):
        return Imported(repair, drawn, None, notes, is_drawn=True)
    is_unasked = accepted_m2 is None and any(note.code == "import.ending" for note in notes)
    if is_unasked or repair.area > max(SILENT_M2, accepted_m2 or 0):
        return Imported(repair, drawn, None, notes)
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
    return Imported(repair, drawn, operation, notes)


def _matched(draft: Draft, today: Sequence[Zone], source: PlanFile, prefix: str) -> list[_Matched]:
    """Return the zones of the file as zones of the draft. Raises `BadFile`."""
    fields = source.fields
    require_fields(source.file, fields.name, fields.code or None, fields.parent)
    for fault in source.file.faults:
        raise BadFile.of(fault.code, **fault.details)
    codes = {zone.code: zone for zone in today if zone.code}
    names = {zone.name: zone for zone in today if [other.name for other in today].count(zone.name) == 1}
    elsewhere = {zone.code: zone for zone in draft.zones.values() if zone.code}
    matched: list[_Matched] = []
    for n, feature in enumerate(source.file.features):
        code = as_text(feature.attributes.get(fields.code))
        name = as_text(feature.attributes.get(fields.name))
        zone = codes.get(code) or names.get(name)
        is_known = zone is not None
        if zone is None:
            _check_level(elsewhere.get(code), source.level)
            code = "" if code in elsewhere else code
            zone = Zone(f"{prefix}-{n}", source.level, source.zone, name or code or f"{n + 1}", code=code)
        elif source.takes_names and name:
            zone = replace(zone, name=name)
        matched.append(_Matched(zone, cast("Shape", feature.geometry), is_known, name, code))
    _check_once(matched)
    return matched


def _check_level(zone: Zone | None, level: Level) -> None:
    """Refuse a file of another level: all that is on this one would end, and begin anew as something else."""
    if zone is not None and zone.level != level:
        details = {"a": zone.name, "code": zone.code, "level": str(zone.level.label)}
        raise BadFile.of("import.other_level", **details)


def _check_once(matched: Sequence[_Matched]) -> None:
    """Refuse a file in which two zones are the same one of the plan, or have one code."""
    keys = Counter(one.zone.key for one in matched)
    codes = Counter(one.code for one in matched if one.code)
    twice = {one.said for one in matched if keys[one.zone.key] > 1 or codes[one.code] > 1}
    if twice:
        raise BadFile.of("repair.key_twice", key=min(twice), n=len(twice))


def _is_drawn(draft: Draft, today: Sequence[Zone], drawn: Mapping[str, Zone]) -> bool:
    """Tell whether a file, once repaired, draws what is drawn already: nobody need agree to anything."""
    return drawn.keys() == {zone.key for zone in today} and all(
        (drawn[zone.key].name, drawn[zone.key].shape) == (zone.name, draft.shape_of(zone.key))
        for zone in today
    )


def _notes(matched: Sequence[_Matched], today: Sequence[Zone], *, takes_names: bool) -> Iterator[Note]:
    """Tell what the file means beyond its borders."""
    known = {one.zone.key: one for one in matched if one.is_known}
    ending = tuple(zone.name for zone in today if zone.key not in known)
    if ending:
        yield Note("import.ending", {"n": len(ending), "units": ending})
    begun = tuple(one.zone.name for one in matched if not one.is_known)
    if begun and today:
        yield Note("import.beginning", {"n": len(begun), "units": begun})
    renamed = [one for one in known.values() if one.name not in {"", one.zone.name}]
    if renamed and not takes_names:
        details = {"n": len(renamed), "a": renamed[0].zone.name, "b": renamed[0].name}
        yield Note("import.names_kept", details)
    recoded = [one for one in known.values() if one.code not in {"", one.zone.code}]
    if recoded:
        details = {"n": len(recoded), "a": recoded[0].zone.name, "b": recoded[0].code}
        yield Note("import.codes_kept", details)
