"""The menu of the office: which group and page one is on, and whom a page is shown to."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import pytest
from django.urls import get_resolver, reverse

from gis_grids.levels import PostKind
from gis_grids.permissions import Scope
from mapui.office import menu
from mapui.office.urls import urlpatterns

CLERK = Scope(1, frozenset({(PostKind.OFFICE_CLERK, 1)}))


def shown(name, scope=CLERK):
    request = SimpleNamespace(reach=scope, resolver_match=SimpleNamespace(url_name=name))
    return menu.office_menu(request)["office_menu"]


@pytest.mark.parametrize("name", [pattern.name for pattern in urlpatterns])
def test_every_page_of_the_office_is_in_one_group(name):
    assert name.startswith("office")
    found = shown(name)
    assert [entry.is_here for entry in found.groups].count(True) == 1
    assert [entry.is_here for entry in found.pages].count(True) == (1 if found.pages else 0)


@pytest.mark.parametrize(
    ("behind", "page"),
    [
        ("office_roster_edit", "office_duty"),
        ("office_rules_route", "office_rules"),
        ("office_case", "office_cases"),
    ],
)
def test_pages_behind_a_page_belong_to_it(behind, page):
    found = shown(behind)
    here = next(entry for entry in (found.pages or found.groups) if entry.is_here)
    assert here.address == reverse(page)


def test_every_page_of_the_menu_is_there():
    names = get_resolver().reverse_dict
    assert [page.name for group in menu.MENU for page in group.pages if page.name not in names] == []


def test_a_page_is_shown_to_its_posts_alone(monkeypatch):
    rules = menu.MENU[-1]
    hidden = menu.Group(
        rules.label, tuple(dataclasses.replace(page, kinds={PostKind.PLANNER}) for page in rules.pages)
    )
    monkeypatch.setattr(menu, "MENU", (*menu.MENU[:-1], hidden))
    assert len(shown("office").groups) == len(menu.MENU) - 1
    planner = Scope(1, frozenset({(PostKind.PLANNER, 1)}))
    assert len(shown("office", planner).groups) == len(menu.MENU)
