"""A stand-in checkout: the real bin/ and a site of one page, to be started, stopped and killed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REPO = Path(__file__).resolve().parents[2]

MANAGE = """
import os, sys
with open(os.path.join(os.path.dirname(__file__), "commands.txt"), "a") as commands:
    commands.write(sys.argv[1] + "\\n")
if sys.argv[1] == "collectstatic":
    os.makedirs(os.environ["LINGE_STATIC_ROOT"], exist_ok=True)
if sys.argv[1] == "run_jobs":
    import signal
    signal.pause()
"""
ASGI = """
import os

async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    told = {"/process": str(os.getpid()), "/redis": os.environ.get("REDIS_URL", "")}
    await send({"type": "http.response.body", "body": told.get(scope["path"], "well").encode()})
"""
NPM = """#!/bin/sh
echo "$@" >> ../../commands.txt
mkdir -p node_modules dist
"""


def write_program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def make_checkout(folder: Path) -> Path:
    """The files that the scripts read, and programs that answer at once in the place of the slow ones."""
    shutil.copytree(REPO / "bin", folder / "bin")
    for name in (
        "uv.lock",
        "pyproject.toml",
        "mapui/frontend/package.json",
        "mapui/frontend/package-lock.json",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}")
    for floor in ("gis_grids", "households", "incidents", "mapui/project"):
        (folder / floor).mkdir()
    (folder / "mapui/project/settings.py").touch()
    (folder / "mapui/project/asgi.py").write_text(ASGI)
    (folder / "manage.py").write_text(MANAGE)
    programs = folder / ".venv/bin"
    write_program(programs / "python", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    write_program(programs / "uvicorn", f'#!/bin/sh\nexec "{sys.executable}" -m uvicorn "$@"\n')
    write_program(programs / "npm", NPM)
    write_program(folder / "tools/uv", "#!/bin/sh\necho uv 0.9.0\n")
    return folder


def surroundings(folder: Path, **extra: str) -> dict[str, str]:
    kept = {key: os.environ[key] for key in ("HOME", "LANG", "TMPDIR") if key in os.environ}
    return kept | {"PATH": f"{folder}/tools:/usr/sbin:/usr/bin:/sbin:/bin"} | extra


def run_lines(lines: str, root: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    """Runs lines of bash with the scripts' parts loaded."""
    text = f'set -euo pipefail\nROOT="{root}"\nsource "$ROOT/bin/lib/base.sh"\nmake_var\n{lines}'
    return subprocess.run(
        ["/bin/bash", "-c", text],
        env=surroundings(root, **extra),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user can walk to (pytest's tmp_path is its owner's alone), with a short path."""
    made = Path(tempfile.mkdtemp(prefix="linge-test-", dir="/tmp"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def checkout(folder: Path) -> Path:
    return make_checkout(folder / "checkout")


@pytest.fixture(scope="session")
def cluster_template() -> Iterator[Path]:
    """A cluster that was made and never started: copying it is quicker than making one for each test."""
    made = Path(tempfile.mkdtemp(prefix="linge-test-", dir="/tmp"))
    made.chmod(0o755)
    root = make_checkout(made / "checkout")
    run_lines("use_cluster postgres linge; init_cluster", root).check_returncode()
    yield root / "var/postgres"
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def prepared(checkout: Path, cluster_template: Path) -> Path:
    """The stand-in checkout with its cluster already made."""
    (checkout / "var").mkdir()
    subprocess.run(["cp", "-a", str(cluster_template), str(checkout / "var/postgres")], check=True)
    return checkout


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def shell(checkout: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`run_lines` in the stand-in checkout, or in another one."""

    def run(lines: str, *, root: Path = checkout, **extra: str) -> subprocess.CompletedProcess[str]:
        return run_lines(lines, root, **extra)

    return run
