"""bin/kiosk: a browser that ends or hangs is started again, and goes with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

KIOSK = Path(__file__).resolve().parents[2] / "bin" / "kiosk"
PATIENCE_S = 30
ENDS = '#!/bin/sh\necho "$@" >> started\n'
HANGS = "#!/bin/sh\ntrap '' TERM\necho \"$@\" >> started\necho $$ > pid\nwhile :; do sleep 0.2; done\n"


@contextmanager
def kiosk(folder: Path, browser: str):
    program = folder / "browser"
    program.write_text(browser)
    program.chmod(0o755)
    settings = {"CHROMIUM": str(program), "KIOSK_PROFILE": str(folder / "profile"), "KIOSK_PATIENCE": "1"}
    process = subprocess.Popen(
        [KIOSK, "http://wall.example/wall/#x"], cwd=folder, env=os.environ | settings, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def starts(folder: Path) -> list[str]:
    return (folder / "started").read_text().splitlines() if (folder / "started").exists() else []


def wait_for(number: int, folder: Path) -> list[str]:
    end = time.monotonic() + PATIENCE_S
    while len(starts(folder)) < number and time.monotonic() < end:
        time.sleep(0.1)
    return starts(folder)


@pytest.mark.parametrize("browser", [ENDS, HANGS], ids=["ends", "hangs"])
def test_the_browser_is_started_again(tmp_path, browser):
    with kiosk(tmp_path, browser) as process:
        commands = wait_for(2, tmp_path)
        assert len(commands) >= 2
        assert all(command.endswith(" http://wall.example/wall/#kiosk") for command in commands)
        assert "--autoplay-policy=no-user-gesture-required" in commands[0]
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0
    if browser is HANGS:
        pid = int((tmp_path / "pid").read_text())
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_nobody_is_disturbed_while_logging_in(tmp_path):
    asked = []

    class Browser(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            page = {"title": "Log in", "url": "http://wall.example/accounts/login/?next=/wall/"}
            self.send_response(HTTPStatus.OK)
            self.end_headers()
            self.wfile.write(json.dumps([page], indent=3).encode())

        def log_message(self, *_what):
            """Not on the tests' output."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Browser) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        says = f"mkdir -p profile\necho {server.server_port} > profile/DevToolsActivePort\n"
        with kiosk(tmp_path, HANGS.replace("echo $$", f"{says}echo $$")) as process:
            end = time.monotonic() + PATIENCE_S
            while len(asked) < 3 and time.monotonic() < end:  # longer than its patience
                time.sleep(0.1)
            assert asked == ["/json/list"] * 3
            assert len(starts(tmp_path)) == 1
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_S) == 0
        server.shutdown()


def test_without_an_address_it_says_what_it_wants():
    done = subprocess.run([KIOSK], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "bin/kiosk ADDRESS" in done.stderr
