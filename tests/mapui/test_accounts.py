"""Log-in, log-out and their refusals."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-password-of-tests"


@pytest.fixture(autouse=True)
def _fresh_rate_limits():
    cache.clear()


@pytest.fixture
def user(django_user_model):
    return django_user_model.objects.create_user("zhang", password=PASSWORD)


def log_in(client, password=PASSWORD, name="zhang", **query):
    return client.post(reverse("account_login", query=query), {"login": name, "password": password})


def test_right_password_lets_in(client, user):
    assert log_in(client).status_code == 302
    assert client.get(reverse("home")).status_code == 200


def test_wrong_password_and_unknown_user_are_told_the_same(client, user):
    wrong = log_in(client, "not-the-password").context["form"].errors
    unknown = log_in(client, name="nobody").context["form"].errors
    assert wrong == unknown != {}


def test_inactive_user_is_not_let_in(client, user):
    user.is_active = False
    user.save()
    log_in(client)
    assert "_auth_user_id" not in client.session


def test_after_five_failures_even_the_right_password_waits(client, user):
    for _ in range(5):
        log_in(client, "not-the-password")
    log_in(client)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_log_in_never_leads_to_another_site(client, user, target):
    response = log_in(client, next=target)
    assert response.headers["Location"].startswith("/")
    assert not response.headers["Location"].startswith("//")


def test_nobody_signs_himself_up(client):
    assert client.get("/accounts/signup/").status_code == 404


def test_log_out_asks_by_get_and_acts_by_post(client, user):
    client.force_login(user)
    client.get(reverse("account_logout"))
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session
