"""The house keeps its shape: four packages, short files, files without paths of a machine."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.commands.makemigrations import Command as MakeMigrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

ROOT = Path(__file__).resolve().parents[1]
FLOORS = {"gis_grids", "households", "incidents", "mapui"}
BESIDE = {"fixtures", "tests"}


def tracked(*patterns: str) -> list[Path]:
    """Return the files of the project: those that git tracks or would track."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return [ROOT / name for name in listed if name and (ROOT / name).exists()]


def test_top_level_packages_are_the_four_floors():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages - BESIDE == FLOORS


def test_top_level_holds_only_what_was_agreed():
    tops = {path.relative_to(ROOT).parts[0] for path in tracked()}
    allowed = {
        "manage.py",
        "pyproject.toml",
        "docker",
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "docs",
        "bin",
        "uv.lock",
    }
    assert {top for top in tops if not top.startswith(".")} <= FLOORS | BESIDE | allowed


@pytest.mark.parametrize("pattern", ["*.py", "*.js", "*.css", "*.html", "bin/*"])
def test_files_are_short_enough_to_read(pattern: str):
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked(pattern)
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def test_no_third_party_code_is_committed():
    names = {part for path in tracked() for part in path.relative_to(ROOT).parts}
    assert not names & {"node_modules", "dist", "vendor", "vendors"}


def test_django_finds_nothing_to_warn_of():
    call_command("check", fail_level="WARNING")


@pytest.mark.django_db
def test_the_migrations_say_all_that_the_models_say():
    call_command("makemigrations", check_changes=True, dry_run=True, interactive=False)


def test_squashed_migrations_lead_where_those_lead_that_they_replace():
    loader = MigrationLoader(None, replace_migrations=False)
    for key, migration in loader.replacements.items():
        loader.graph.remove_replacement_node(key, migration.replaces)
    with translation.override(None):  # texts are compared as they stand in the source
        detector = MakeMigrations.autodetector(loader.project_state(), ProjectState.from_apps(apps))
        assert not detector.changes(loader.graph)
