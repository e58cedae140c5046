"""The process that unpacks what strangers send: little memory, little time, no secrets."""

from __future__ import annotations

import subprocess
import sys

import pytest

from incidents.copies import Unfit, apart, make_copies


def copy(tmp_path, content):
    source = tmp_path / "source"
    source.write_bytes(content)
    make_copies(source, "image/jpeg", tmp_path / "shown", tmp_path / "thumb")


@pytest.fixture
def child(tmp_path, monkeypatch):
    """Another child: returns a function that sets what it does."""

    def does(code):
        python = tmp_path / "python"
        python.write_text(f"#!/bin/sh\n{code}\n")
        python.chmod(0o755)
        monkeypatch.setattr(apart.sys, "executable", str(python))

    return does


def test_it_has_little_memory():
    code = "from incidents.copies.child import limit; limit(); bytearray(2 * 1024**3)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=apart._ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr.strip().endswith("MemoryError")


def test_what_the_system_ends_was_too_costly(tmp_path, child):
    child("kill -KILL $$")
    with pytest.raises(Unfit, match="too_costly"):
        copy(tmp_path, b"x")


def test_what_takes_too_long_was_too_costly(tmp_path, child, monkeypatch):
    monkeypatch.setattr(apart, "WALL_S", 0.2)
    child("exec sleep 60")
    with pytest.raises(Unfit, match="too_costly"):
        copy(tmp_path, b"x")


def test_a_process_that_fails_otherwise_is_our_fault(tmp_path, child):
    child("echo broken-in-another-way; echo why >&2; exit 1")
    with pytest.raises(RuntimeError, match="why"):
        copy(tmp_path, b"x")


def test_it_knows_no_secrets(tmp_path, child, monkeypatch):
    monkeypatch.setenv("LINGE_SECRET_KEY", "secret")
    child(f'[ -z "$LINGE_SECRET_KEY" ] && touch {tmp_path}/unknown')
    copy(tmp_path, b"x")
    assert (tmp_path / "unknown").exists()
