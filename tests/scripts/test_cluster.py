"""The private PostGIS cluster: made, started, killed, recovered, kept from strangers."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from .conftest import make_checkout

START = "use_cluster postgres linge; start_cluster; "
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="needs root: it acts for two users")

pytestmark = pytest.mark.skipif(
    not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")), reason="no PostgreSQL server is installed"
)


def gone(pid: int) -> bool:
    return (
        not Path(f"/proc/{pid}/cwd").exists() or "Z" in Path(f"/proc/{pid}/status").read_text().split("\n")[2]
    )


def test_start_sql_and_stop(shell, checkout):
    names = (
        "data_checksums",
        "fsync",
        "listen_addresses",
        "server_encoding",
        "synchronous_commit",
        "TimeZone",
    )
    shows = "; ".join(f"SHOW {name}" for name in names)
    done = shell(
        START + f'echo "$(cluster_url)"; cluster_pid; echo; cluster_sql linge -Atc "{shows}"; halt_cluster'
    )
    assert done.returncode == 0, done.stderr
    url, pid, *settings = done.stdout.splitlines()[-8:]
    assert url == "postgis://linge@" + str(checkout / "var/postgres/run").replace("/", "%2F") + "/linge"
    assert settings == ["on", "on", "", "UTF8", "on", "UTC"]
    assert gone(int(pid))


def test_only_what_nobody_misses_is_not_kept_through_a_power_cut(shell, prepared):
    done = shell("CLUSTER_DURABLE=off; " + START + 'cluster_sql linge -Atc "SHOW fsync"; halt_cluster')
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "off"), done.stderr
    again = shell(START + 'cluster_sql linge -Atc "SHOW fsync"; halt_cluster')
    assert again.stdout.splitlines()[-1] == "on", again.stderr


def test_killed_server_is_recovered_with_its_commits(shell, prepared):
    written = shell(START + 'cluster_sql linge -qc "CREATE TABLE t AS SELECT 7 AS n"; cluster_pid')
    assert written.returncode == 0, written.stderr
    os.kill(int(written.stdout.splitlines()[-1]), signal.SIGKILL)
    read = shell(START + 'cluster_sql linge -Atc "SELECT n FROM t"; halt_cluster')
    assert (read.returncode, read.stdout.splitlines()[-1]) == (0, "7"), read.stderr


def test_server_of_a_killed_script_is_replaced(shell, prepared):
    first = shell(START + "cluster_pid")
    second = shell(START + "cluster_pid; halt_cluster")
    assert second.returncode == 0, second.stderr
    assert gone(int(first.stdout.splitlines()[-1]))
    assert second.stdout.splitlines()[-1] != first.stdout.splitlines()[-1]


def test_pid_file_that_names_another_program(shell, prepared):
    assert shell(START + "halt_cluster").returncode == 0
    other = subprocess.Popen(["sleep", "60"])
    try:
        pid_file = prepared / "var/postgres/data/postmaster.pid"
        pid_file.write_text(
            f"{other.pid}\n{pid_file.parent}\n0\n5432\n{prepared}/var/postgres/run\n\n0 0\nready\n"
        )
        done = shell(START + "cluster_pid; halt_cluster")
        assert done.returncode == 0, done.stderr
        assert int(done.stdout.splitlines()[-1]) != other.pid
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_half_made_cluster_is_made_anew(shell, checkout):
    (checkout / "var/postgres/data.new/base").mkdir(parents=True)
    done = shell(START + "halt_cluster")
    assert done.returncode == 0, done.stderr
    assert not (checkout / "var/postgres/data.new").exists()


def test_another_major_version_is_told_and_kept(shell, checkout):
    data = checkout / "var/postgres/data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    done = shell("use_cluster postgres linge")
    assert done.returncode == 1
    assert "of PostgreSQL 9, which is not installed" in done.stderr
    assert (data / "PG_VERSION").read_text() == "9\n"


def test_path_with_blanks_quotes_and_chinese(folder, shell):
    root = make_checkout(folder / "it's 邻 格")
    done = shell(
        START + """echo "$(cluster_url)"; cluster_sql linge -Atc 'SELECT 8'; halt_cluster""", root=root
    )
    assert done.returncode == 0, done.stderr
    url, answer = done.stdout.splitlines()[-2:]
    assert answer == "8"
    assert "%2Fit%27s%20%E9%82%BB%20%E6%A0%BC%2Fvar%2Fpostgres%2Frun/linge" in url


@pytest.mark.parametrize("name", ["far" * 30, "near, by"], ids=["long", "comma"])
def test_path_that_cannot_name_a_socket(folder, shell, name):
    root = make_checkout(folder / name)
    done = shell(START + 'cluster_sql linge -qc "SELECT 1"; echo "$CLUSTER_SOCKETS"; halt_cluster', root=root)
    assert done.returncode == 0, done.stderr
    sockets = Path(done.stdout.splitlines()[-1])
    try:
        assert sockets.parent == Path("/tmp")
        assert sockets.name.startswith("linge-")
        assert sockets.stat().st_mode & 0o777 == 0o700
    finally:
        sockets.rmdir()


@ROOT_ONLY
def test_socket_folder_of_a_stranger_is_refused(folder, shell):
    root = make_checkout(folder / ("far" * 30))
    name = shell('path_hash "$VAR/postgres"', root=root).stdout.strip()
    sockets = Path("/tmp") / f"linge-{name}"
    sockets.mkdir()
    try:
        shutil.chown(sockets, "daemon")
        done = shell("use_cluster postgres linge", root=root)
        assert done.returncode == 1
        assert f"{sockets} exists and is not a folder of postgres" in done.stderr
    finally:
        sockets.rmdir()


@ROOT_ONLY
def test_root_gives_the_cluster_to_an_unprivileged_user(shell, checkout):
    done = shell(START + 'ps -o user= -p "$(cluster_pid)"; halt_cluster')
    assert done.stdout.splitlines()[-1].strip() == "postgres", done.stderr
    for name in ("", "data", "run"):
        place = checkout / "var/postgres" / name
        assert (place.owner(), place.stat().st_mode & 0o777) == ("postgres", 0o700)


@ROOT_ONLY
def test_checkout_that_only_root_can_reach(folder, shell):
    root = make_checkout(folder / "private/checkout")
    (folder / "private").chmod(0o700)
    elsewhere = folder / "lib"
    done = shell(
        START + "cluster_sql linge -Atc 'SELECT 9'; halt_cluster", root=root, FALLBACK_HOME=str(elsewhere)
    )
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "9"), done.stderr
    assert f"the database lives in {elsewhere}" in done.stdout
    assert len(list(elsewhere.glob("*/data/PG_VERSION"))) == 1
    assert not (root / "var/postgres").exists()


@ROOT_ONLY
def test_other_users_do_not_get_in(shell, prepared):
    assert shell(START).returncode == 0
    sockets = prepared / "var/postgres/run"
    try:
        for place in (sockets.parent, sockets):
            place.chmod(0o755)  # even with the folders open the log-in stands
        (sockets / ".s.PGSQL.5432").chmod(0o777)
        stranger = subprocess.run(
            [
                "setpriv",
                "--reuid=daemon",
                "--regid=daemon",
                "--clear-groups",
                "psql",
                "-X",
                "-h",
                str(sockets),
                "-U",
                "linge",
                "-d",
                "linge",
                "-c",
                "SELECT 1",
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
        )
        assert stranger.returncode != 0
        assert "Peer authentication failed" in stranger.stderr
    finally:
        assert shell("use_cluster postgres linge; halt_cluster").returncode == 0
