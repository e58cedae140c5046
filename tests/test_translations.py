"""Chinese is complete, for pages and for scripts; the source strings are English."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCALE = Path("mapui/locale/zh_Hans/LC_MESSAGES")
TRANSLATING = {"_", "gettext", "gettext_lazy", "ngettext"}
IGNORED = ("var", ".venv", "node_modules", "dist", "tests", ".git", ".*_cache")


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_every_string_has_its_chinese(domain: str, tmp_path: Path):
    if shutil.which("msgfmt") is None:
        pytest.fail("gettext is missing; bin/test installs it")
    statistics = subprocess.run(
        ["msgfmt", "--check", "--statistics", "-o", tmp_path / "out.mo", ROOT / LOCALE / f"{domain}.po"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    assert "untranslated" not in statistics, statistics
    assert "fuzzy" not in statistics, statistics


@pytest.mark.parametrize(("domain", "options"), [("django", ()), ("djangojs", ("-e", "js"))])
def test_no_string_is_missing_from_the_catalogue(domain: str, options: tuple[str, ...], tmp_path: Path):
    """Extract anew into a copy and compare: a string that was added and not translated shows here."""
    copy = tmp_path / "linge"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*IGNORED), symlinks=True)
    command = [
        sys.executable,
        "manage.py",
        "makemessages",
        "-l",
        "zh_Hans",
        "-d",
        domain,
        "--no-obsolete",
        *options,
    ]
    subprocess.run(command, cwd=copy, capture_output=True, text=True, check=True)
    before, after = (
        _msgids(base / "mapui/locale/zh_Hans/LC_MESSAGES" / f"{domain}.po") for base in (ROOT, copy)
    )
    assert sorted(after - before) == []


def test_no_string_is_hidden_in_an_f_string():
    """What is translated within an f-string is seen by no extractor."""
    hidden = {
        str(call.args[0].value)
        for folder in ("gis_grids", "households", "incidents", "mapui")
        for path in (ROOT / folder).rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in TRANSLATING
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    assert sorted(hidden - _msgids(ROOT / LOCALE / "django.po")) == []


def _msgids(po: Path) -> set[str]:
    entries = re.findall(r'^msgid ((?:".*"\n)+)', po.read_text(), re.MULTILINE)
    return {"".join(re.findall(r'"(.*)"', entry)) for entry in entries}
