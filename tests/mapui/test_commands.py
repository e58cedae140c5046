"""The commands that an installation is run with tell what they do, in both languages."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class
from django.utils import translation

OURS = {app.name for app in apps.get_app_configs() if not app.module.__path__[0].count("site-packages")}
COMMANDS = sorted(name for name, app in get_commands().items() if app in OURS)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_a_help(name, language):
    with translation.override(language):
        command = load_command_class(get_commands()[name], name)
        text = command.create_parser("manage.py", name).format_help()
    assert f"manage.py {name}" in text
