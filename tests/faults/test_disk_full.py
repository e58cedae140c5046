"""The disk for files fills up while one is written: no report suffers, and the file comes through later."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from uuid import uuid4

import pytest

from tests.faults.harness.phones import TOKEN
from tests.incidents.pictures import MP4, packets_of, padded

PIECE = 256 * 1024


@dataclass
class Video:
    """A file that a phone sends, in pieces."""

    content: bytes
    id: str = field(default_factory=lambda: str(uuid4()))

    def declared(self):
        sha256 = hashlib.sha256(self.content).hexdigest()
        said = {"id": self.id, "name": "现场.mp4", "media_type": "video/mp4"}
        return said | {"size": len(self.content), "sha256": sha256}

    def send(self, server, person, offset=0):
        """Send the rest of it; returns status and answer of the last piece that was answered."""
        headers = {"Cookie": f"{person['cookie']}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
        headers["Content-Type"] = "application/octet-stream"
        status, answer = 200, {"received": offset}
        while status == 200 and answer["received"] < len(self.content):
            start = answer["received"]
            path = f"/api/attachments/{self.id}?offset={start}"
            status, _headers, answer = server.ask("PUT", path, self.content[start : start + PIECE], headers)
        return status, answer

    def state(self, server, person):
        return server.ask("GET", f"/api/attachments/{self.id}", headers={"Cookie": person["cookie"]})[2]


def video(size):
    return Video(padded(MP4, size))


@pytest.fixture
def small_disk(tmp_path):
    """A disk of two megabytes in the place of the files; returns a function that makes it larger."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small disk")
    folder = tmp_path / "media"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    yield lambda: subprocess.run(["mount", "-o", "remount,size=16m", folder], check=True)
    subprocess.run(["umount", "--lazy", folder], check=True)


async def test_the_disk_is_full_while_a_file_is_written(small_disk, site):
    server = await site.started()
    await site.all_walls()
    phone = site.phone()
    fits, too_much = video(PIECE * 4), video(PIECE * 9 + 1234)
    report = phone.write(attachments=[fits.declared(), too_much.declared()])
    await phone.flush()
    assert fits.send(server, phone.person)[0] == 200
    status, answer = too_much.send(server, phone.person)
    assert (status, answer["code"]) == (507, "attachment.disk_full")
    received = too_much.state(server, phone.person)["received"]
    assert 0 < received < len(too_much.content)
    check_files(site, {fits.id: fits, too_much.id: too_much}, complete={fits.id}, phone=phone)
    # Without room for files, all else goes on.
    phone.write()
    await phone.flush()
    assert len(site.ledger.acks) == 2
    server.kill()
    await server.start()
    assert too_much.send(server, phone.person, received)[0] == 507
    small_disk()
    assert too_much.send(server, phone.person, received)[0] == 200
    check_files(site, {fits.id: fits, too_much.id: too_much}, complete={fits.id, too_much.id}, phone=phone)
    phone.outbox[report["id"]] = report
    await phone.flush()  # the report once more: the same answer
    await site.judge()


def check_files(site, files, complete, phone):
    """What is called complete is there, all that is seen and heard; what isn't is shown to nobody."""
    [server] = site.servers
    with site.sql() as database:
        rows = database.execute(
            "SELECT id, completed_at IS NOT NULL, received FROM incidents_attachment"
        ).fetchall()
    assert {str(file) for file, is_complete, _received in rows if is_complete} == complete
    assert {str(file) for file, *_rest in rows} == files.keys()
    for name, file in files.items():
        status, body = server.fetch(f"/media/{name}", {"Cookie": phone.person["cookie"]})
        assert status == (200 if name in complete else 404)
        if name in complete:
            assert packets_of(body) == packets_of(file.content)
