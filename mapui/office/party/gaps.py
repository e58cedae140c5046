"""What party work leaves out, on a map and as a list: `households.selectors.party.gaps`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_grids.levels import Level
from gis_grids.norms import Light
from gis_grids.permissions import scope_of
from households.permissions import named_roots
from households.selectors.party.contacts import places_without_contact, without_contact_page
from households.selectors.party.gaps import GRID, Gap, Grid, Lack, grids_below, lack_by_unit, lacking_in
from households.selectors.party.members import MOST_FOUND, off_norm_members
from mapui.office.doors import register_page
from mapui.office.lightmap import Lit, light_map
from mapui.office.party.organisations import read_after
from mapui.office.party.words import GAPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

#: More grids than that are shown by their communities, each of which leads on to its own.
MOST_GRIDS: Final = 400


@register_page
@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """Show one kind of gap in the grids below the office's units, or below one of them."""
    gap = next((gap for gap in Gap if gap == request.GET.get("show")), Gap.ORGANISATION)
    roots = named_roots(scope_of(request.user))
    grids = grids_below(roots)
    code = request.GET.get("unit", "")
    here = None
    if code:
        here = _link(grids, code)
        grids = [grid for grid in grids if any(link.code == code for link in grid.chain)]
    lacks = lack_by_unit(grids, gap)
    level = GRID if len(grids) <= MOST_GRIDS else Level.COMMUNITY
    lit: dict[int, Lit] = {}
    for grid in grids:
        link = next((link for link in grid.chain if link.level == level), grid.chain[-1])
        text = _text(grid, gap) if link == grid.chain[-1] else _of(lacks[link.unit_id])
        lit[link.unit_id] = Lit(_light(lacks[link.unit_id]), text, _address(gap, link.code))
    scope, below = scope_of(request.user), {here.unit_id} if here else roots
    is_contact = gap is Gap.CONTACT
    context: dict[str, Any] = {
        "gap": gap.value,
        "title": GAPS[gap],
        "here": here,
        "code": code,
        "choices": [(each.value, text, lacking_in(grids, each)) for each, text in GAPS.items()],
        "map": light_map(lit, places_without_contact(scope, below) if is_contact else ()),
        "lacking": [grid for grid in grids if grid.lack(gap).lacking],
        "needy": without_contact_page(scope, below, read_after(request)) if is_contact else None,
        "members": off_norm_members(scope, below) if gap is Gap.MEMBER else None,
        "most": MOST_FOUND,
    }
    return render(request, "office/party/gaps.html", context)


def _link(grids: Sequence[Grid], code: str) -> Any:  # noqa: ANN401 - a `ChainLink`
    found = next((link for grid in grids for link in grid.chain if link.code == code), None)
    if found is None:
        raise Http404
    return found


def _text(grid: Grid, gap: Gap) -> str:
    """Return what a grid has of what may be missing."""
    if gap in {Gap.CONTACT, Gap.MEMBER}:
        return _of(grid.lack(gap))
    return str(grid.organisations if gap is Gap.ORGANISATION else grid.hubs)


def _of(lack: Lack) -> str:
    return _("%(n)s of %(all)s") % {"n": lack.lacking, "all": lack.all}


def _address(gap: Gap, code: str) -> str:
    return f"{reverse('office_party_gaps')}?{urlencode({'show': gap.value, 'unit': code})}"


def _light(lack: Lack) -> Light:
    """Return red where half of it is lacking, and green where nothing is."""
    if not lack.all:
        return Light.GREY
    if not lack.lacking:
        return Light.GREEN
    return Light.RED if lack.lacking * 2 >= lack.all else Light.YELLOW
