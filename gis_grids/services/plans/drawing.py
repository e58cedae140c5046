"""Drawing in a plan: one operation, one transaction, kept with what was before it and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.drafts.images import edit_of, images_of, staff_to_json
from gis_grids.errors import BadInput, Conflict, Stale, cannot_draw
from gis_grids.geometry.redraw import CannotDrawError
from gis_grids.models import PlanOperation, PlanZone, Unit
from gis_grids.models.shapes import as_multipolygon, to_boundary
from gis_grids.people import name_of
from gis_grids.selectors.plans.drafts import draft_of
from gis_grids.services.plans.guards import check_step, code_taken, locked_plan

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from uuid import UUID

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

    from gis_grids.drafts import Draft, Edit, Zone
    from gis_grids.drafts.requests import Request
    from gis_grids.models import Plan

UNDO, REDO, SYNC = "undo", "redo", "sync"
#: So many names say what an operation is about.
_NAMED = 5


@transaction.atomic
def draw(
    *, plan_id: int, operation_id: UUID, base_rev: int, request: Request, actor: AbstractBaseUser
) -> PlanOperation:
    """Do an operation to a plan and keep it. The same id again gives the first answer.

    ``base_rev`` is the revision that the actor saw: if one of the zones he speaks of was drawn on since, it
    is refused (`Stale`, "plan.E11"), never merged. Raises `Refused`, `Conflict` and `BadInput` ("plan." and
    the code of `CannotDrawError`); then the plan is as it was.
    """
    plan = locked_plan(plan_id, actor)
    payload = request.model_dump(mode="json", exclude={"images"})  # those are in ``after``
    if repeated := _repeated(plan, operation_id, payload):
        return repeated
    check_step(plan, "draw", actor)
    if base_rev > plan.rev:
        raise BadInput("plan.rev", _("The plan has no such revision. Reload the page."))
    draft = draft_of(plan)
    later = _operations_after(plan, base_rev)
    _check_untouched(request.named, later, draft)
    try:
        edit = request.apply(draft, _new_keys(plan))
    except CannotDrawError as error:
        if later and error.code == "nothing" and not request.named:
            # The vertex that he saw is gone: it was moved or taken away since.
            raise _stale(later[0], later[0].zones, draft) from error
        raise cannot_draw(error, draft.zones) from error
    if not request.named:
        _check_untouched(edit.keys, later, draft)
    _check_codes(draft, edit)
    about = [draft.zones[key].name for key in sorted(request.about or edit.before) if key in draft.zones]
    fields = {
        "operation_id": operation_id,
        "kind": request.kind,
        "payload": payload,
        "about": about[:_NAMED] or [draft.scope_name],
    }
    return _keep(plan, edit, actor, **fields)


@transaction.atomic
def undo(
    *,
    plan_id: int,
    operation_id: UUID,
    actor: AbstractBaseUser,
    seq: int | None = None,
    redo: bool = False,
) -> PlanOperation:
    """Take back the operation ``seq`` (default: the actor's last), or with ``redo`` take back an undo.

    It is possible as long as the zones are as the operation left them; else `Stale` ("plan.E11").
    `Conflict` ("plan.nothing_to_undo") if there is none.
    """
    plan = locked_plan(plan_id, actor)
    kind = REDO if redo else UNDO
    if repeated := _repeated(plan, operation_id, {"seq": seq}):
        return repeated
    check_step(plan, "draw", actor)
    target = (
        undoable(plan, actor.pk, redo=redo)
        if seq is None
        else _standing(plan, redo=redo).filter(seq=seq).first()
    )
    if target is None:
        message = _("There is nothing to take back.") if not redo else _("There is nothing to do again.")
        raise Conflict("plan.nothing_to_undo", message)
    edit = ~edit_of(target.before, target.after)
    _check_fits(plan, edit, target)
    fields = {"operation_id": operation_id, "kind": kind, "payload": {"seq": seq}, "about": target.about}
    return _keep(plan, edit, actor, undoes=target, **fields)


def undoable(plan: Plan, actor_id: int, *, redo: bool = False) -> PlanOperation | None:
    """Return the operation that the person's next undo (or redo) takes back."""
    mine = PlanOperation.objects.filter(plan=plan, author=actor_id)
    standing = _standing(plan, redo=redo).filter(author=actor_id)
    if redo:  # whatever was drawn after an undo ends its redo
        drawn = mine.exclude(kind__in=[UNDO, REDO]).order_by("-seq").values_list("seq", flat=True).first()
        standing = standing.filter(seq__gt=drawn or 0)
    return standing.order_by("-seq").defer("before", "after", "payload").first()


def _standing(plan: Plan, *, redo: bool) -> QuerySet[PlanOperation]:
    operations = PlanOperation.objects.filter(plan=plan, undone_by=None)
    return operations.filter(kind=UNDO) if redo else operations.exclude(kind__in=[UNDO, SYNC])


def _repeated(plan: Plan, operation_id: UUID, payload: dict[str, Any]) -> PlanOperation | None:
    known = PlanOperation.objects.filter(plan=plan, operation_id=operation_id).first()
    if known is not None and known.payload != payload:
        message = _("Another operation has this id already. Reload the page.")
        raise Conflict("plan.id_taken", message)
    return known


def _operations_after(plan: Plan, rev: int) -> list[PlanOperation]:
    later = PlanOperation.objects.filter(plan=plan, seq__gt=rev).select_related("author")
    return list(later.order_by("-seq").defer("before", "after", "payload"))


def _check_untouched(keys: Collection[str], later: Collection[PlanOperation], draft: Draft) -> None:
    """Raise if an operation that the actor had not seen touched one of his zones."""
    for operation in later:
        hit = sorted(set(keys) & set(operation.zones))
        if hit:
            raise _stale(operation, hit, draft)


def _check_codes(draft: Draft, edit: Edit) -> None:
    """Raise if a zone is to get a code that another zone or unit has, or has had."""
    for key, zone in edit.after.items():
        known = edit.before.get(key)
        if not zone.code or (known and known.code == zone.code):
            continue
        others = {other.code for other in draft.zones.values() if other.key != key}
        given = Unit.objects.filter(code=zone.code).values_list("pk", flat=True)
        if zone.code in others or any(unit != zone.unit_id for unit in given):
            raise code_taken(zone.code)


def _stale(operation: PlanOperation, zones: Collection[str], draft: Draft) -> Stale:
    at = timezone.localtime(operation.at)
    message = _("“%(a)s” was changed by %(by)s at %(at)s; your operation was not done. Look, and draw again.")
    still = [draft.zones[key].name for key in zones if key in draft.zones]
    details = {
        "a": (still or operation.about)[0],
        "by": name_of(operation.author),
        "at": f"{at:%H:%M}",
        "zones": list(zones),
        "rev": operation.seq,
    }
    return Stale("plan.E11", message, details)


def _check_fits(plan: Plan, edit: Edit, target: PlanOperation) -> None:
    """Raise unless the zones are as the operation left them."""
    draft = draft_of(plan)
    zones = draft.zones
    unlike = [key for key in edit.before if not _same(zones.get(key), edit.before[key])]
    unlike += [key for key in edit.after.keys() - edit.before.keys() if key in zones]
    if unlike:
        later = _operations_after(plan, target.seq)
        touching = next((one for one in later if set(unlike) & set(one.zones)), target)
        raise _stale(touching, unlike, draft)


def _same(one: Zone | None, other: Zone) -> bool:
    return one is not None and images_of({"": one}) == images_of({"": other})


def _new_keys(plan: Plan) -> Iterator[str]:
    n = 0
    while True:
        yield f"n{plan.rev + 1}-{n}"
        n += 1


def _keep(plan: Plan, edit: Edit, actor: AbstractBaseUser, **fields: Any) -> PlanOperation:  # noqa: ANN401
    """Write an edit down: the zones, and the operation with its ``fields``."""
    plan.rev += 1
    plan.save(update_fields=["rev"])
    write_zones(plan, edit)
    return PlanOperation.objects.create(
        plan=plan,
        seq=plan.rev,
        zones=sorted(edit.keys),
        before=images_of(edit.before),
        after=images_of(edit.after),
        author_id=actor.pk,
        **fields,
    )


def write_zones(plan: Plan, edit: Edit) -> None:
    """Write the rows of the zones that an edit touches."""
    PlanZone.objects.filter(plan=plan, key__in=edit.keys).delete()
    ended = [zone for key, zone in edit.before.items() if key not in edit.after and zone.unit_id is not None]
    rows = [_row(plan, zone, ended=False) for zone in edit.after.values()]
    PlanZone.objects.bulk_create([*rows, *(_row(plan, zone, ended=True) for zone in ended)], batch_size=500)


def _row(plan: Plan, zone: Zone, *, ended: bool) -> PlanZone:
    return PlanZone(
        plan=plan,
        key=zone.key,
        ended=ended,
        unit_id=zone.unit_id,
        level=zone.level,
        parent=zone.parent,
        name=zone.name,
        code=zone.code,
        purpose=zone.purpose,
        is_locked=zone.is_locked,
        staff=staff_to_json(zone.staff),
        boundary=None if zone.shape is None or ended else to_boundary(as_multipolygon(zone.shape)),
    )
