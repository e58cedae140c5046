"""Processes of our own beside the test: `manage.py` on the test's database, or on another one beside it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import quote

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, str(ROOT / "manage.py")]


def parameters(name: str = "") -> dict[str, str]:
    """Return psycopg's parameters for the test's database, or for that one."""
    config = settings.DATABASES["default"]
    found = {
        "dbname": name or config["NAME"],
        "host": config["HOST"],
        "user": config["USER"],
        "password": config["PASSWORD"],
        "port": config["PORT"],
    }
    return {key: str(value) for key, value in found.items() if value}


def environment(name: str = "") -> dict[str, str]:
    """Return the environment of a process for the test's database, or for that one."""
    to = parameters(name)
    password = f":{quote(to['password'])}" if "password" in to else ""
    port = f":{to['port']}" if "port" in to else ""
    place = f"{to['user']}{password}@{quote(to['host'], safe='')}{port}"
    return os.environ | {"DATABASE_URL": f"postgis://{place}/{to['dbname']}"}
