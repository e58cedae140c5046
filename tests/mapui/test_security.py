"""The baseline: settings, headers, hosts, and what an error shows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.urls import include, path

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "LINGE_MODE": "production",
    "LINGE_SECRET_KEY": "not-a-secret-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "LINGE_HOSTS": "grid.example",
    "DATABASE_URL": os.environ["DATABASE_URL"],
}


def _boom(request):
    message = "secret detail"
    raise RuntimeError(message)


def _database_gone(request):
    message = "connection refused at 10.0.0.5"
    raise OperationalError(message)


urlpatterns = [
    path("boom/", _boom),
    path("api/boom/", _boom),
    path("gone/", _database_gone),
    path("fine/", lambda request: HttpResponse("fine")),
    path("", include("mapui.project.urls")),
]
handler404 = "mapui.pages.errors.page_not_found"
handler500 = "mapui.pages.errors.server_error"


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with nothing of our own environment but what is given."""
    surroundings = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **environment}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)


def test_production_settings_pass_the_deployment_check():
    result = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("missing", ["LINGE_SECRET_KEY", "LINGE_HOSTS", "DATABASE_URL"])
def test_a_missing_setting_stops_the_start_in_words(missing: str):
    result = manage("check", **{name: value for name, value in PRODUCTION.items() if name != missing})
    assert result.returncode != 0
    assert missing in result.stderr
    assert "Traceback" not in result.stderr


def test_any_host_is_refused():
    result = manage("check", **PRODUCTION | {"LINGE_HOSTS": "*"})
    assert result.returncode != 0
    assert "LINGE_HOSTS" in result.stderr


@pytest.fixture
def site(client, settings):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    return client


def test_an_error_shows_a_reference_and_nothing_else(site, caplog):
    response = site.get("/boom/")
    page = response.content.decode()
    assert response.status_code == 500
    assert "secret detail" not in page
    assert "Traceback" not in page
    reference = page.split("<code>")[1].split("</code>")[0]
    assert reference in caplog.text


def test_a_program_gets_its_error_as_json(site):
    response = site.get("/api/boom/")
    assert response.status_code == 500
    assert response.json()["code"] == "server_error"


def test_a_lost_database_is_a_503_that_says_try_again(site):
    response = site.get("/gone/")
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "10.0.0.5" not in response.content.decode()


def test_every_answer_has_a_policy_without_unsafe_inline(site):
    for address in ("/fine/", "/boom/", "/nowhere/", "/accounts/login/"):
        policy = site.get(address).headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


def test_the_nonce_differs_each_time(site):
    policies = {site.get("/fine/").headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


def test_a_foreign_host_header_is_refused(site):
    assert site.get("/fine/", headers={"host": "evil.example"}).status_code == 400


def test_language_switch_stays_on_this_site(site, db):
    response = site.post("/language/", {"language": "en", "next": "https://evil.example/"})
    assert response.headers["Location"] == "/"
