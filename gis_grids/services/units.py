"""Units come to be: loaded whole, judged by the gates, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids import hooks
from gis_grids.errors import BadInput
from gis_grids.models import Unit, UnitVersion
from gis_grids.models.shapes import to_boundary
from gis_grids.services.forest import Forest
from gis_grids.services.map_versions import bump_map_version
from gis_grids.services.new_units import faults, with_codes
from gis_grids.services.outlines import draw_outlines
from gis_grids.services.turns import change_boundaries, one_change_at_a_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from gis_grids.selectors.tilings import Member, Problem
    from gis_grids.services.forest import Node
    from gis_grids.services.new_units import NewUnit

_BATCH = 500


class UnitsRefused(BadInput):
    """Units that can't be taken as they are; `problems` lists everything that is wrong and was noted."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        errors = sum(problem.is_error for problem in self.problems)
        message = _("Nothing was imported: %(n)s problems. Correct them and import again.")
        super().__init__("units.refused", message, {"n": errors})


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How units are loaded.

    They are in force from `valid_from` (default: now) on. A stored parent whose outline comes from another
    source than the children refuses them (E01, E03); with `reshape_parents` the children count instead:
    the parent takes their outline, and must fit its own siblings, and so on up. `allow_parts` permits
    grids of several parts (E04). A `dry_run` does everything and takes it back.
    """

    valid_from: datetime | None = None
    reshape_parents: bool = False
    allow_parts: bool = False
    dry_run: bool = False


DEFAULTS: Final = LoadOptions()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load has done (or, in a dry run, would do)."""

    units: tuple[Member, ...]
    unit_ids: Mapping[str, int]
    """By code."""
    valid_from: datetime
    reshaped: tuple[str, ...]
    """Codes of the stored units whose border was redrawn as the union of their children."""
    remarks: tuple[Problem, ...]
    """What was noted and did not stop the load."""


@transaction.atomic
def load_units(
    *, units: Iterable[NewUnit], options: LoadOptions = DEFAULTS, known_problems: Sequence[Problem] = ()
) -> Loaded:
    """Make the units, of one level or of many, all or none.

    Parents are named by code and are stored already or come along. Children must tile their parent (E01
    to E04, tolerances in `gis_grids.geometry.gates`); then every unit above becomes the union of its
    children, in this same transaction: a stored one gets a new version. A parent that comes along
    without a shape simply is that union. Siblings without parent must tile what they cover together.

    `known_problems` are those of the source, to stand first in the list. Raises `UnitsRefused` with the
    whole list, or `Conflict` ("unit.changes_later"); then nothing is written.
    """
    one_change_at_a_time()
    at = options.valid_from or timezone.now()
    given, remarks = with_codes(list(units))
    forest = Forest(given, at)
    problems = [*known_problems, *faults(given, at), *remarks]
    problems += forest.settle(allow_parts=options.allow_parts, reshape_parents=options.reshape_parents)
    if any(problem.is_error for problem in problems):
        raise UnitsRefused(problems)
    change_boundaries()
    at = options.valid_from or timezone.now()  # what was reported while it was judged came before
    ids = _write_new(forest.new, at)
    reshaped = forest.reshaped()
    _write_reshaped(reshaped, at)
    changed = {*ids.values(), *(node.version.unit_id for node in reshaped if node.version)}
    for hook in hooks.on_boundaries_changed:
        hook(hooks.BoundaryChange(frozenset(changed), at))
    draw_outlines(unit_ids=changed, when=at)
    bump_map_version(layer="units")
    transaction.set_rollback(options.dry_run)
    return Loaded(
        units=tuple(node.as_member() for node in forest.new),
        unit_ids=ids,
        valid_from=at,
        reshaped=tuple(node.code for node in reshaped),
        remarks=tuple(problems),
    )


def _write_new(nodes: Sequence[Node], at: datetime) -> dict[str, int]:
    units = Unit.objects.bulk_create([Unit(code=node.code, level=node.level) for node in nodes])
    ids = {unit.code: unit.pk for unit in units}
    above = {node.parent_code for node in nodes if node.parent_code} - set(ids)
    parents = ids | dict(Unit.objects.filter(code__in=above).values_list("code", "pk"))
    versions = [
        UnitVersion(
            unit_id=ids[node.code],
            parent_id=parents[node.parent_code] if node.parent_code else None,
            name=node.name,
            boundary=to_boundary(node.as_member().shape),
            depth=node.level.depth,
            valid=DateTimeTZRange(at, None),
        )
        for node in nodes
    ]
    UnitVersion.objects.bulk_create(versions, batch_size=_BATCH)
    return ids


def _write_reshaped(nodes: Sequence[Node], at: datetime) -> None:
    """End the version in force and begin the next; a version that begins just now is corrected instead."""
    for node in nodes:
        old, boundary = node.version, to_boundary(node.as_member().shape)
        if old is None:
            continue
        same = UnitVersion.objects.filter(pk=old.pk)
        if old.valid.lower == at:
            same.update(boundary=boundary)
            continue
        same.update(valid=DateTimeTZRange(old.valid.lower, at))
        UnitVersion.objects.create(
            unit_id=old.unit_id,
            parent_id=old.parent_id,
            name=old.name,
            boundary=boundary,
            depth=old.depth,
            valid=DateTimeTZRange(at, None),
        )
