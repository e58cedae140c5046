"""bin/demo from start to end: served, stopped, killed, started twice, without packages, on a taken port."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import surroundings, write_program

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="needs root: it acts for two users")
NEEDS_POSTGRES = pytest.mark.skipif(
    not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")), reason="no PostgreSQL server is installed"
)


def programs_in(folder: Path) -> dict[int, str]:
    """The command lines of what works there, by process."""
    found = {}
    for cwd in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if cwd.readlink().is_relative_to(folder):
                found[int(cwd.parent.name)] = (cwd.parent / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return found


def heed_signals() -> None:
    """Let Ctrl-C and a closed terminal count, even where the tests were started in the background (nohup)."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class Demo:
    """bin/demo in a process group of its own, with its output in a file."""

    def __init__(self, checkout: Path, port: int, *arguments: str) -> None:
        self.checkout, self.port = checkout, port
        self.output = checkout / f"output-{time.monotonic_ns()}.txt"
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [str(checkout / "bin/demo"), *arguments],
                env=surroundings(checkout, PORT=str(port)),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=heed_signals,  # noqa: PLW1509 - no thread of ours runs then
            )

    def wait_until_live(self) -> None:
        deadline = time.monotonic() + 60
        while "is live" not in self.output.read_text():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.05)

    def page(self, path: str = "/") -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            return answer.read().decode()

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=150)

    def left_behind(self) -> dict[int, str]:
        return programs_in(self.checkout)


@pytest.fixture
def demo(prepared: Path, free_port: int) -> Iterator[type[Demo]]:
    started: list[Demo] = []

    def start(*arguments: str) -> Demo:
        started.append(Demo(prepared, free_port, *arguments))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.end(signal.SIGTERM)


@NEEDS_POSTGRES
def test_serves_tells_where_and_stops_at_each_signal(demo):
    one = demo()
    one.wait_until_live()
    told = one.output.read_text()
    assert one.page() == "well"
    assert all(
        word in told
        for word in (f":{one.port}/wall/", "/phone/", "/office/", "linge-demo", "worker", "planner")
    )
    assert one.end(signal.SIGINT) == 0
    for number in (signal.SIGTERM, signal.SIGHUP):
        one = demo()
        one.wait_until_live()
        assert one.end(number) == 0, one.output.read_text()
        assert one.left_behind() == {}


@NEEDS_POSTGRES
def test_killed_demo_is_taken_over(demo):
    one = demo()
    one.wait_until_live()
    one.end(signal.SIGKILL)
    assert one.page() == "well"  # what it started lives on
    two = demo()
    two.wait_until_live()
    assert two.page() == "well"
    assert two.end(signal.SIGTERM) == 0
    assert two.left_behind() == {}


def _wait_for(condition) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _workers(one: Demo) -> list[int]:
    """The job workers themselves, without who looks after them."""
    return [pid for pid, line in programs_in(one.checkout).items() if line.endswith("manage.py run_jobs ")]


@NEEDS_POSTGRES
def test_killed_worker_is_started_again(demo):
    one = demo()
    one.wait_until_live()
    _wait_for(lambda: len(_workers(one)) == 1)
    [first] = _workers(one)
    os.kill(first, signal.SIGKILL)
    _wait_for(lambda: _workers(one) not in ([], [first]))
    assert one.end(signal.SIGTERM) == 0
    assert one.left_behind() == {}


@NEEDS_POSTGRES
@pytest.mark.skipif(not shutil.which("redis-server"), reason="no Redis server is installed")
def test_several_processes_share_a_port_and_a_redis(demo):
    one = demo("--processes", "2")
    one.wait_until_live()
    answered: set[str] = set()
    _wait_for(lambda: len(answered.add(one.page("/process")) or answered) == 2)
    redis = one.page("/redis")
    assert redis.startswith("unix:///")
    assert Path(redis.removeprefix("unix://")).is_socket()
    one.end(signal.SIGKILL)
    two = demo("--processes", "2")  # takes the place of all that the killed one left behind
    two.wait_until_live()
    assert two.page("/process") not in answered
    assert two.end(signal.SIGTERM) == 0
    assert two.left_behind() == {}


@pytest.mark.parametrize("number", ["0", "two", "33", ""])
def test_a_number_of_processes_that_is_none(checkout, number):
    done = subprocess.run(
        [checkout / "bin/demo", "--processes", number], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "must be a number from 1 to 32" in done.stderr


@NEEDS_POSTGRES
def test_prepare_serves_nothing_and_a_second_start_repeats_nothing(demo, checkout):
    one = demo("--prepare")
    assert one.process.wait(timeout=60) == 0, one.output.read_text()
    assert one.left_behind() == {}
    commands = (checkout / "commands.txt").read_text().split("\n")
    assert commands[:5] == [
        "ci --no-audit --no-fund --no-update-notifier",
        "run build",
        "collectstatic",
        "migrate",
        "load_demo",
    ]
    (checkout / "commands.txt").unlink()
    two = demo("--prepare")
    assert two.process.wait(timeout=60) == 0
    assert (checkout / "commands.txt").read_text().split() == ["migrate", "load_demo"]


@NEEDS_POSTGRES
def test_second_demo_in_one_checkout_is_refused(demo, checkout):
    one = demo()
    one.wait_until_live()
    two = demo()
    assert two.process.wait(timeout=10) == 1
    assert "runs already" in two.output.read_text()
    assert one.page() == "well"
    assert one.end(signal.SIGTERM) == 0


@NEEDS_POSTGRES
def test_failed_step_shows_its_log_and_stops_the_database(demo, checkout):
    (checkout / "manage.py").write_text("raise SystemExit('the tables are broken')")
    one = demo()
    assert one.process.wait(timeout=60) == 1
    told = one.output.read_text()
    assert "the tables are broken" in told
    assert re.search(r'"[^"]+" failed\. The whole log: .*/var/log/collectstatic\.log', told)
    assert one.left_behind() == {}


@NEEDS_POSTGRES
def test_server_that_ends_by_itself_is_told(demo, checkout):
    (checkout / "mapui/project/asgi.py").write_text("raise SystemExit('no settings')")
    one = demo()
    assert one.process.wait(timeout=60) == 1
    assert "The server did not come up" in one.output.read_text()
    assert one.left_behind() == {}


@NEEDS_POSTGRES
def test_interrupted_set_up_ends_its_step(demo, checkout):
    write_program(checkout / ".venv/bin/npm", "#!/bin/sh\ntouch ../../begun\nsleep 300\n")
    one = demo()
    deadline = time.monotonic() + 60
    while not (checkout / "begun").exists():
        assert time.monotonic() < deadline, one.output.read_text()
        time.sleep(0.02)
    assert one.end(signal.SIGTERM) == 143
    assert one.left_behind() == {}


@NEEDS_POSTGRES
def test_ctrl_c_and_a_terminal_that_closes(prepared, free_port):
    for leave in (lambda terminal: os.write(terminal, b"\x03"), os.close):
        terminal, inner = os.openpty()
        process = subprocess.Popen(
            ["setsid", "--ctty", "--wait", str(prepared / "bin/demo")],
            env=surroundings(prepared, PORT=str(free_port)),
            stdin=inner,
            stdout=inner,
            stderr=inner,
            preexec_fn=heed_signals,  # noqa: PLW1509 - no thread of ours runs then
        )
        os.close(inner)
        told = b""
        while b"is live" not in told:
            told += os.read(terminal, 4096)
        leave(terminal)
        assert process.wait(timeout=150) == 0
        assert programs_in(prepared) == {}
        assert not (prepared / "var/run/server.pid").exists()


def test_taken_port_is_told_before_anything_is_started(demo, checkout, free_port):
    with socket.create_server(("127.0.0.1", free_port)):
        one = demo()
        assert one.process.wait(timeout=10) == 1
    assert f"Port {free_port} of 127.0.0.1 is already in use" in one.output.read_text()
    assert not (checkout / "commands.txt").exists()
    assert not (checkout / "var/log/postgres.log").exists()


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "8000; id"])
def test_port_that_is_none(shell, port):
    done = shell("check_port", PORT=port)
    assert done.returncode == 1
    assert "must be a number from 1 to 65535" in done.stderr


def test_help_and_unknown_argument(checkout):
    script = checkout / "bin/demo"
    told = subprocess.run([script, "--help"], capture_output=True, text=True, check=True)
    assert "--prepare" in told.stdout
    assert "DATABASE_URL" in told.stdout
    wrong = subprocess.run([script, "--prepair"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 1
    assert "--prepair" in wrong.stderr
    assert not (checkout / "var").exists()


def ordinary_user(checkout: Path) -> dict[str, str | int]:
    """Arguments for subprocess: this user, or nobody in root's place."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    subprocess.run(["chown", "-R", "nobody:", str(checkout)], check=True)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def bare_path(checkout: Path, *left_out: str) -> str:
    """A PATH of the ordinary programs without the ones named."""
    programs = checkout / "bare"
    programs.mkdir()
    for place in ("/usr/bin", "/bin", "/usr/sbin", "/sbin"):
        for program in Path(place).iterdir():
            link = programs / program.name
            if program.name not in left_out and not link.is_symlink():
                link.symlink_to(program)
    return f"{checkout}/tools:{programs}"


def test_without_rights_the_exact_line_is_printed(checkout, free_port):
    path = bare_path(checkout, "msgfmt", "sudo")
    write_program(checkout / "tools/sudo", "#!/bin/sh\necho 'sudo: a password is required' >&2\nexit 1\n")
    done = subprocess.run(
        [str(checkout / "bin/demo"), "--prepare"],
        env=surroundings(checkout)
        | {"PATH": path, "DATABASE_URL": "postgis://elsewhere/linge", "PORT": str(free_port)},
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        **ordinary_user(checkout),
    )
    assert done.returncode == 1
    line = "sudo apt-get update && sudo apt-get install --yes --no-install-recommends gettext"
    assert line in [each.strip() for each in done.stderr.splitlines()]
    assert not (checkout / "commands.txt").exists()


def test_without_apt_the_packages_are_named(checkout):
    done = subprocess.run(
        [str(checkout / "bin/demo"), "--prepare"],
        env=surroundings(checkout)
        | {"PATH": bare_path(checkout, "msgfmt", "apt-get"), "DATABASE_URL": "postgis://elsewhere/linge"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "no apt-get" in done.stderr
    assert "gettext" in done.stderr


@ROOT_ONLY
@NEEDS_POSTGRES
def test_ordinary_user_has_a_cluster_of_his_own(checkout):
    # The tests' own Python may lie where only root walks.
    write_program(checkout / ".venv/bin/python", '#!/bin/sh\nexec /usr/bin/python3 "$@"\n')
    done = subprocess.run(
        [str(checkout / "bin/demo"), "--prepare"],
        env=surroundings(checkout, HOME=str(checkout)),
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        **ordinary_user(checkout),
    )
    assert done.returncode == 0, done.stderr
    assert (checkout / "var/postgres/data").owner() == "nobody"


def test_secret_key_is_made_once_and_kept_private(shell, checkout):
    key = checkout / "var/secret_key"
    assert shell("demo_environment").returncode == 0
    first = key.read_text()
    assert shell("demo_environment").returncode == 0
    assert key.read_text() == first
    assert len(first) >= 50
    assert key.stat().st_mode & 0o777 == 0o600


def test_host_names(shell):
    assert shell("host_names").stdout == "127.0.0.1,localhost,[::1]"
    assert shell("host_names", HOST="fe80::7").stdout.split(",")[-1] == "[fe80::7]"
    everywhere = shell("host_names", HOST="0.0.0.0").stdout.split(",")
    assert os.uname().nodename in everywhere
    assert "0.0.0.0" not in everywhere
