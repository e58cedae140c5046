"""Every address of the site, for anonymous and for each role: what each is answered.

The table is exhaustive: an address that isn't in it fails the test, so nobody adds a page without
saying who may see it. Scope (whose units and cases) is tested with each page and socket.
"""

from __future__ import annotations

import re
from http import HTTPStatus

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from gis_grids.levels import Level, PostKind
from tests.factories import UserFactory, make_town, post
from tests.mapui.rights_table import EVERYBODY, FORBIDDEN, LOG_IN, NOBODY, TABLE

#: The administration, which Django guards and its own tests cover; ninja's root, which answers nothing.
ELSEWHERE = re.compile(r"^admin/|^api/$")

pytestmark = pytest.mark.django_db


def addresses(resolver: URLResolver, prefix: str = "") -> set[str]:
    """Return the pattern of every address below the resolver."""
    found: set[str] = set()
    for pattern in resolver.url_patterns:
        here = prefix + str(pattern.pattern)
        found |= {here} if isinstance(pattern, URLPattern) else addresses(pattern, here)
    return {address for address in found if not ELSEWHERE.match(address)}


def test_every_address_is_in_the_table():
    assert addresses(get_resolver()) == set(TABLE)


@pytest.mark.parametrize(("address", "status"), [(row[0], row[1]) for row in TABLE.values()])
def test_anonymous(client, address, status):
    response = client.get(address)
    assert response.status_code == status
    if status == LOG_IN and "logout" not in address and "language" not in address:
        assert response.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_each_role(client, role):
    user = UserFactory()
    if role != NOBODY:
        post(user, make_town().units[Level.DISTRICT][0], PostKind(role))
    client.force_login(user)
    answers = {pattern: client.get(row[0]).status_code for pattern, row in TABLE.items()}
    refused = {pattern for pattern, status in answers.items() if status == FORBIDDEN}
    assert refused == {pattern for pattern, row in TABLE.items() if role not in row[2]}
    assert max(answers.values()) < HTTPStatus.INTERNAL_SERVER_ERROR
