"""What can be chosen in the forms of the rules, as far as the reader's posts reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from django.utils import timezone

from gis_grids.levels import Level
from gis_grids.models import Post
from gis_grids.people import name_of
from gis_grids.permissions import OFFICE
from gis_grids.selectors import current_versions, descendant_ids
from incidents.models import Matter
from incidents.selectors.matters import current_matters, latest_matters

if TYPE_CHECKING:
    from collections.abc import Collection

    from gis_grids.permissions import Scope

Options: TypeAlias = list[tuple[str, str]]


def matter_options(here: str = "") -> Options:
    """Return the matters that can be reported, and the one that is chosen already, whatever it is."""
    options = [(matter.code, str(matter)) for matter in current_matters()]
    return (
        options if not here or here in dict(options) else [*options, (here, matter_names().get(here, here))]
    )


def matter_names() -> dict[str, str]:
    """Return the names of all matters by code, those of withdrawn ones as well."""
    return {matter.code: str(matter) for matter in latest_matters()}


def private_matters() -> Options:
    """Return the matters whose cases need a grant: by any version, as cases keep theirs."""
    codes = Matter.objects.filter(is_private=True).values_list("code", flat=True).distinct()
    names = matter_names()
    return [(code, names[code]) for code in sorted(codes)]


def unit_options(roots: Collection[int], deepest: Level = Level.AREA, here: int | None = None) -> Options:
    """Return the units of the subtrees down to a level, indented, by id; the chosen one is among them."""
    found = current_versions().filter(unit__in=descendant_ids(roots), depth__lte=deepest.depth)
    rows = list(found.order_by("unit__code").values_list("unit_id", "name", "depth"))
    top = min((depth for *_, depth in rows), default=0)
    options = [(str(unit), "　" * (depth - top) + name) for unit, name, depth in rows]
    if here is not None and str(here) not in dict(options):
        options.append((str(here), unit_names([here]).get(here, str(here))))
    return options


def unit_names(units: Collection[int]) -> dict[int, str]:
    """Return the names of the units as they are now."""
    return dict(current_versions().filter(unit__in=units).values_list("unit_id", "name"))


def granting_roots(scope: Scope) -> frozenset[int]:
    """Return the units below which he decides who sees private matters: see `may_grant`."""
    high = current_versions().filter(unit__in=scope.roots(OFFICE), depth__lte=Level.DISTRICT.depth)
    return frozenset(high.values_list("unit_id", flat=True))


def people_options(roots: Collection[int], *, but: int | None) -> Options:
    """Return who holds posts in the subtrees, each once with the first of his posts, by name."""
    posts = Post.objects.filter(
        unit__in=descendant_ids(roots), holder__is_active=True, term__contains=timezone.now()
    )
    found = list(
        posts.exclude(holder=but).select_related("holder").order_by("holder", "pk").distinct("holder")
    )
    units = unit_names({post.unit_id for post in found})
    people = []
    for post in found:
        if post.holder:
            where = f"{post.get_kind_display()} {units.get(post.unit_id, '')}"
            people.append((str(post.holder_id), f"{name_of(post.holder)} · {where}"))
    return sorted(people, key=lambda one: one[1])
