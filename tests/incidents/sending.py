"""Short ways to send files of cases."""

from __future__ import annotations

from incidents.selectors.attachments import Size, attachment_shown
from incidents.services.attachments import MAX_PIECE, receive
from incidents.storage import media_store
from tests.incidents.pictures import declared


def send(world, file, content, *, by=None, start=0, step=MAX_PIECE):
    """Send all bytes, in pieces; return the last answer."""
    for offset in range(start, len(content), step):
        state = receive(
            attachment_id=file.id,
            offset=offset,
            piece=content[offset : offset + step],
            actor=by or world.worker,
        )
    return state


def put(world, file, offset, piece, by=None):
    return receive(attachment_id=file.id, offset=offset, piece=piece, actor=by or world.worker)


def shown(world, file, size=Size.FULL, by=None):
    """Return the bytes that are shown of a file."""
    stored = attachment_shown(by or world.worker, file.id, size).stored
    return b"".join(media_store().read(stored, 0, media_store().size(stored)))


def with_file(world, content, media_type="image/jpeg", **changes):
    file = declared(content, media_type, **changes)
    return world.case(attachments=(file,)), file
