"""What the tests of the pages of cases share."""

from __future__ import annotations

import re
from html import unescape

LIST, LATE = "/office/cases/", "/office/late/"


def text(answer):
    """Return what a page says, without its tags."""
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def rows(answer):
    """Return the numbers of the cases in the list, in their order."""
    return re.findall(r'class="case-link" href="/office/cases/([\d-]+)/"', answer.content.decode())
