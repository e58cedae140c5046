"""The way from one page of the office to another: a table of groups, and their pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.permissions import AUDITORS
from gis_grids.permissions import OFFICE as OFFICE_POSTS
from mapui.faces import OFFICE

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

    from gis_grids.levels import PostKind


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the menu: the name of its address, and how the names of the pages behind it begin.

    ``kinds`` are the posts that are shown the way to it; the page itself decides whom it lets in.
    """

    name: str
    label: _StrPromise
    families: tuple[str, ...]
    kinds: Collection[PostKind] = field(default=OFFICE.kinds)


@dataclass(frozen=True, slots=True)
class Group:
    """Pages of one kind of work."""

    label: _StrPromise
    pages: tuple[Page, ...]


MENU = (
    Group(
        _("Cases"),
        (
            Page("office_cases", _("Cases"), ("office_case", "office_errand")),
            Page("office_late", _("What is late"), ("office_late",)),
        ),
    ),
    Group(
        pgettext_lazy("office menu", "Figures"),
        (
            Page("office_statistics", _("Statistics"), ("office_statistics",)),
            Page("office_reports", _("Quarterly reports"), ("office_report",)),
        ),
    ),
    Group(
        pgettext_lazy("office menu", "Register"),
        (
            Page("office_households", _("Households"), ("office_household", "office_person_data")),
            Page("office_places", _("Places of households"), ("office_places",), kinds=OFFICE_POSTS),
            Page("office_buildings", _("Entrances and floors"), ("office_building",), kinds=OFFICE_POSTS),
            Page("office_coverage", _("Coverage"), ("office_coverage",)),
            Page(
                "office_party",
                pgettext_lazy("office menu", "Party"),
                ("office_party",),
                kinds=OFFICE_POSTS,
            ),
            Page("office", _("Units and posts"), ("office",)),
            Page("office_posts", _("Posts"), ("office_posts",)),
            Page("office_responsible", _("Who is responsible here"), ("office_responsible",)),
            Page("office_boards", _("Notice boards"), ("office_boards",)),
            Page("office_imports", _("Imports"), ("office_import",), kinds=OFFICE_POSTS),
            Page("office_exports", pgettext_lazy("office menu", "Exports"), ("office_exports",)),
        ),
    ),
    Group(
        pgettext_lazy("office menu", "Neighbourhood"),
        (
            Page("office_norms_standing", _("Norms"), ("office_norms", "office_card")),
            Page("office_organisations", _("Organisations"), ("office_organisation", "office_offer")),
            Page("office_facilities", _("Facilities"), ("office_facilit",)),
            Page("office_volunteers", _("Volunteers"), ("office_volunteer",)),
            Page("office_views", _("Residents' views"), ("office_view",)),
        ),
    ),
    Group(
        pgettext_lazy("office menu", "Service"),
        (
            Page("office_duty", _("Duty hours"), ("office_duty", "office_roster", "office_calendar")),
            Page("office_emergencies", _("Emergencies"), ("office_emergenc",)),
            Page("office_announcements", _("Announcements"), ("office_announcement",)),
            Page("office_queue", _("Phones"), ("office_queue",)),
        ),
    ),
    Group(
        _("Rules"),
        (Page("office_rules", _("Rules"), ("office_rules",)),),
    ),
    Group(
        pgettext_lazy("office menu", "Data protection"),
        (
            Page("office_access", _("Access records"), ("office_access",), kinds=AUDITORS),
            Page("office_retention", pgettext_lazy("office menu", "How long kept"), ("office_retention",)),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A way to go on, as it is shown."""

    label: _StrPromise
    address: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """What is shown above a page: the groups, and the pages of the one that it belongs to."""

    groups: tuple[Entry, ...]
    pages: tuple[Entry, ...]


def office_menu(request: HttpRequest) -> dict[str, Any]:
    """Give templates the ``office_menu`` (context processor); it is made only for who asks for it."""
    return {"office_menu": SimpleLazyObject(lambda: _menu(request))}


def _menu(request: HttpRequest) -> Menu:
    posts = {kind for kind, _unit in request.reach.posts}  # type: ignore[attr-defined]  # set by face_required
    here = _page_of(getattr(request.resolver_match, "url_name", None) or "")
    groups: list[Entry] = []
    pages: tuple[Entry, ...] = ()
    for group in MENU:
        shown = [page for page in group.pages if not posts.isdisjoint(page.kinds)]
        if not shown:
            continue
        groups.append(Entry(group.label, reverse(shown[0].name), is_here=here in group.pages))
        if here in group.pages and len(shown) > 1:
            pages = tuple(Entry(page.label, reverse(page.name), is_here=page is here) for page in shown)
    return Menu(tuple(groups), pages)


def _page_of(name: str) -> Page:
    """Return the page that an address belongs to: whose family names most of its beginning."""
    fits = (
        (len(family), page)
        for group in MENU
        for page in group.pages
        for family in page.families
        if name.startswith(family)
    )
    return max(fits, key=lambda fit: fit[0])[1]
