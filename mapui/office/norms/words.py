"""Values of norms as they are read and written: numbers, shares in per cent, bounds."""

from __future__ import annotations

from math import isinf
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from gis_grids.norms import Light, NormKind
from mapui.pages.spans import number, per_cent

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from gis_grids.drafts.comparison import Norm
    from households.selectors.judging import Judgement

#: Shares: kept from 0 to 1, written in per cent.
SHARES: Final = frozenset({NormKind.ACTIVITY_SHARE, NormKind.BENEFIT_SHARE})
PER_CENT: Final = 100.0

LIGHT_LABELS: Final[dict[Light, _StrPromise]] = {
    Light.GREEN: pgettext_lazy("light", "kept"),
    Light.YELLOW: pgettext_lazy("light", "nearly kept"),
    Light.RED: pgettext_lazy("light", "not kept"),
    Light.GREY: pgettext_lazy("light", "not known"),
}

#: How each norm was made out, for who asks where a figure comes from.
HOW: Final[dict[NormKind, _StrPromise]] = {
    NormKind.HOUSEHOLDS_PER_WORKER: gettext_lazy(
        "Households, by area heads, grid leaders and grid workers; who holds several posts counts once."
    ),
    NormKind.WORKERS_PER_10000: gettext_lazy("The same people, by the residents of the households."),
    NormKind.HOUSEHOLDS_PER_COMPOUND: gettext_lazy(
        "Households in buildings inside residential compounds, by the compounds."
    ),
    NormKind.BUILDINGS_PER_STEWARD: gettext_lazy("Residential buildings, by building stewards in office."),
    NormKind.PREMISES: gettext_lazy(
        "Floor space of service stations and activity rooms; above a community, the mean of its communities."
    ),
    NormKind.PREMISES_NEW: gettext_lazy("As before, where the premises were built in 2009 or later."),
    NormKind.ACTIVITY_SHARE: gettext_lazy("What of the premises is open to residents."),
    NormKind.SERVICE_FUND: gettext_lazy("Service fund of the last year noted, by the households."),
    NormKind.OFFICE_FUND: gettext_lazy("Office fund of the last year noted, by 1,000 households."),
    NormKind.BENEFIT_SHARE: gettext_lazy("Public-benefit fund of the last year noted, by the office fund."),
}


def value_text(kind: NormKind, value: float | None) -> str:
    """Return a value as it is read."""
    if value is None:
        return "–"
    if isinf(value):
        return _("nobody there")
    if kind in SHARES:
        return per_cent(value)
    return number(value, 0 if value >= PER_CENT or value == round(value) else 1)


def bounds_text(kind: NormKind, least: float | None, most: float | None) -> str:
    """Return the bounds of a norm: ≥ 18, ≤ 300, 2–3."""
    if least is None:
        return f"≤ {value_text(kind, most)}"
    if most is None:
        return f"≥ {value_text(kind, least)}"
    return f"{value_text(kind, least)}–{value_text(kind, most)}"


def size_text(norm: Norm) -> str:
    """Return from how many to how many households a unit should have."""
    return f"{number(norm.least)}–{number(norm.most)}"


def lacks_text(judgement: Judgement) -> str:
    """Return what is missing to a norm, in words; nothing where nothing is."""
    if judgement.lacks is None:
        return ""
    if judgement.kind in {NormKind.PREMISES, NormKind.PREMISES_NEW, NormKind.ACTIVITY_SHARE}:
        return _("%(n)s m² are missing") % {"n": number(judgement.lacks)}
    if judgement.kind in {NormKind.SERVICE_FUND, NormKind.OFFICE_FUND, NormKind.BENEFIT_SHARE}:
        return _("%(n)s yuan are missing") % {"n": number(judgement.lacks)}
    people = round(judgement.lacks)
    return ngettext("%(n)s person is missing", "%(n)s people are missing", people) % {"n": number(people)}
