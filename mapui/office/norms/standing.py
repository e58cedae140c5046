"""How units stand to one norm: on a map in the colours of a traffic light, and as a list."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_grids.levels import Level
from gis_grids.norms import Light, NormKind
from gis_grids.selectors import current_versions
from gis_grids.selectors.hierarchy import listed
from households.permissions import register_roots
from households.selectors.judging import JUDGED_TO, judged
from mapui.faces import OFFICE, face_required
from mapui.office.cases.choices import unit_options
from mapui.office.lightmap import Lit, light_map
from mapui.office.norms.words import HOW, LIGHT_LABELS, bounds_text, lacks_text, value_text
from mapui.office.reading import unit_in_scope

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import HttpRequest, HttpResponse

    from gis_grids.permissions import Scope
    from households.selectors.judging import Judgement


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit and how it stands to the norm, in words."""

    unit_id: int
    code: str
    name: str
    light: Light
    value: str
    bounds: str
    lacks: str

    @property
    def lit(self) -> Lit:
        """What the map says of it."""
        return Lit(self.light, self.value, reverse("office_card", args=[self.code]))

    @property
    def light_label(self) -> str:
        """What the light says."""
        return str(LIGHT_LABELS[self.light])


@require_safe
@never_cache
@face_required(OFFICE)
def standing(request: HttpRequest) -> HttpResponse:
    """Show how the parts of a unit, or of the reader's own, stand to a norm."""
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    kind = _kind(request.GET.get("norm", ""))
    code = request.GET.get("unit", "")
    parts = _parts(scope, code, kind)
    rows = _standings(parts, kind)
    counts = Counter(row.light for row in rows)
    context = {
        "kind": kind,
        "map": light_map({row.unit_id: row.lit for row in rows}),
        "how": HOW[kind],
        "kinds": [(each.value, each.label) for each in JUDGED_TO if each is not NormKind.PREMISES_NEW],
        "unit": code,
        "units": unit_options(scope, code),
        "rows": rows,
        "counts": [(light.value, LIGHT_LABELS[light], counts[light]) for light in Light if counts[light]],
    }
    return render(request, "office/norms/standing.html", context)


def _kind(value: str) -> NormKind:
    known = value in {kind.value for kind in JUDGED_TO}
    return NormKind(value) if known else NormKind.HOUSEHOLDS_PER_WORKER


def _parts(scope: Scope, code: str, kind: NormKind) -> list[int]:
    """Return the units to be shown: those below the one asked for, as long as the norm is judged there."""
    roots: Collection[int] = register_roots(scope)
    if code:
        version, _chain = unit_in_scope(scope, code)
        roots = [version.unit_id]
    for _step in Level:
        children = list(current_versions().filter(parent__in=roots).values_list("unit_id", "depth"))
        deeper = [unit for unit, depth in children if depth <= JUDGED_TO[kind].depth]
        if len(deeper) != 1:
            return deeper or sorted(roots)
        roots = deeper
    return sorted(roots)


def _standings(unit_ids: Collection[int], kind: NormKind) -> list[Standing]:
    _figures, judgements = judged(unit_ids)
    rows = current_versions().filter(unit__in=listed(unit_ids)).values_list("unit_id", "unit__code", "name")
    found = []
    for unit, code, name in rows.order_by("unit__code"):
        judgement = next((each for each in judgements.get(unit, []) if _is(each, kind)), None)
        if judgement is not None:
            found.append(_standing(unit, code, name, judgement))
    return found


def _is(judgement: Judgement, kind: NormKind) -> bool:
    """Tell whether a judgement is of the norm; the premises of a new community are of its premises."""
    same = {NormKind.PREMISES_NEW: NormKind.PREMISES}
    return same.get(judgement.kind, judgement.kind) is same.get(kind, kind)


def _standing(unit: int, code: str, name: str, judgement: Judgement) -> Standing:
    return Standing(
        unit_id=unit,
        code=code,
        name=name,
        light=judgement.light,
        value=value_text(judgement.kind, judgement.value),
        bounds=bounds_text(judgement.kind, judgement.norm.least, judgement.norm.most),
        lacks=lacks_text(judgement),
    )
